"""Models of pythae and its trainer, for examples/peers.py.

Where pythae halves the squared error, a weight of ours is half of that there: `½ SSE + b KL` has the minimum
of `SSE + 2 b KL`. Its autoencoders without a posterior do not halve it.
"""

import pathlib

import torch
from peers_networks import PIXELS, SIZE, WIDTHS, layers
from pythae import models as pythae
from pythae.models.base.base_utils import ModelOutput
from pythae.models.nn import BaseDecoder, BaseEncoder
from pythae.pipelines import TrainingPipeline
from pythae.trainers import BaseTrainerConfig, CoupledOptimizerTrainerConfig

TRAINING = {
    "own": {},  # batches of 64, 1e-4, 100 epochs
    "matched": {"per_device_train_batch_size": 128, "learning_rate": 1e-3, "num_epochs": 5},
}
EPOCHS = "num_epochs"
MODELS = {
    "vae": (pythae.VAE, pythae.VAEConfig, {}),
    "beta_vae": (pythae.BetaVAE, pythae.BetaVAEConfig, {"beta": 2.0}),
    "vq_vae": (pythae.VQVAE, pythae.VQVAEConfig, {}),
    "rae_l2": (pythae.RAE_L2, pythae.RAE_L2_Config, {}),
    "wae_mmd": (pythae.WAE_MMD, pythae.WAE_MMD_Config, {}),
    "beta_tc_vae": (pythae.BetaTCVAE, pythae.BetaTCVAEConfig, {}),
}
# Ours: vae with beta = 2 and, of beta_vae, 4; rae, wae_mmd and beta_tc_vae at their defaults. A decay of w
# in Adam is w/2 times the sum of squares, so that 2e-4 is our decoder_weight of 1e-4, biases included.
MATCHED = {
    "beta_vae": {"beta": 2.0},
    "rae_l2": {"embedding_weight": 0.01, "reg_weight": 2e-4},
    "wae_mmd": {"reg_weight": 100.0},
    "beta_tc_vae": {"alpha": 0.5, "beta": 2.0, "gamma": 0.5, "use_mss": False},
}
OWN_VARIANCE = 1.0  # of a pixel: what half the squared error is the likelihood of


class Encoder(BaseEncoder):
    """The dense encoder of this program: of a variational model with as many log-variances as means."""

    def __init__(self, is_variational: bool) -> None:
        super().__init__()
        self.is_variational = is_variational
        self.layers = layers(PIXELS, *WIDTHS, SIZE * (1 + is_variational))

    def forward(self, images: torch.Tensor) -> ModelOutput:
        """Images `(n, 1, 28, 28)` to codes `(n, 16)`, or to a Gaussian each."""
        codes = self.layers(images.flatten(1))
        if not self.is_variational:
            return ModelOutput(embedding=codes)
        return ModelOutput(embedding=codes[:, :SIZE], log_covariance=codes[:, SIZE:])


class Decoder(BaseDecoder):
    """The dense decoder of this program, with a sigmoid behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = layers(SIZE, *reversed(WIDTHS), PIXELS)

    def forward(self, codes: torch.Tensor) -> ModelOutput:
        """Codes `(n, 16)` to images `(n, 1, 28, 28)`."""
        return ModelOutput(reconstruction=self.layers(codes).sigmoid().reshape(-1, 1, 28, 28))


def build(settings: str, name: str) -> torch.nn.Module:
    """An untrained model; torch's generator says with which weights."""
    model, config, options = MODELS[name]
    if settings == "own":
        return model(config(input_dim=(1, 28, 28), latent_dim=SIZE, **options))
    asked = config(input_dim=(1, 28, 28), latent_dim=SIZE, **{**options, **MATCHED.get(name, {})})
    return model(asked, encoder=Encoder(is_variational(name)), decoder=Decoder())


def fit(
    model: torch.nn.Module,
    asked: dict,
    train: torch.Tensor,
    held: torch.Tensor,
    folder: pathlib.Path,
    seed: int,
) -> None:
    """Train in place on images `(n, 784)`; the epoch with the lowest loss on held-out images is kept."""
    config, asked = BaseTrainerConfig, dict(asked)
    if isinstance(model, pythae.RAE_L2):  # whose decoder has an optimiser of its own, for its decay
        config, rate = CoupledOptimizerTrainerConfig, asked.pop("learning_rate", None)
        both = ("encoder_learning_rate", "decoder_learning_rate")
        asked |= {} if rate is None else dict.fromkeys(both, rate)
    pipeline = TrainingPipeline(model, config(no_cuda=True, output_dir=str(folder), seed=seed, **asked))
    pipeline(*(images.reshape(-1, 1, 28, 28) for images in (train, held)))
    saved = pathlib.Path(pipeline.trainer.training_dir) / "final_model" / "model.pt"
    model.load_state_dict(torch.load(saved, weights_only=True)["model_state_dict"])


def is_variational(name: str) -> bool:
    """Whether a model of this name has a Gaussian posterior."""
    return issubclass(MODELS[name][1], pythae.VAEConfig)


def encoded(model: torch.nn.Module, name: str, images: torch.Tensor) -> torch.Tensor | tuple:
    """Images `(n, 784)` to codes `(n, 16)`, or to means and log-variances."""
    found = model.encoder(images.reshape(-1, 1, 28, 28))
    return (found.embedding, found.log_covariance) if is_variational(name) else found.embedding


def decoded(model: torch.nn.Module, name: str, codes: torch.Tensor) -> torch.Tensor:
    """Codes `(n, 16)` to images `(n, 784)`; any code of a VQ-VAE is brought to the nearest of its book."""
    if name == "vq_vae":  # as in its `forward`: a vector of 16 is 16 codes of one number each
        grid = codes[:, None, None, :].permute(0, 2, 3, 1)
        codes = model.quantizer(grid).quantized_vector.reshape(codes.shape)
    return model.decoder(codes).reconstruction.flatten(1)


def trained(model: torch.nn.Module) -> int:
    """The number of its weights."""
    return sum(weights.numel() for weights in model.parameters())
