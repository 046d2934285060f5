"""Models of the package `autoencoders` and its trainer, for examples/peers.py.

Its reconstruction loss is a mean over pixels and images, and its KL a sum over the code: `SSE / 784 + w KL`
has the minimum of our `SSE + 784 w KL`, so that a weight of ours is divided by 784 there. It has no RAE. Of
its WAE the weight is so converted, but its kernel is another (Gaussians of widths 0.1 to 2, equal pairs
counted in), and ours is none of its options.
"""

import contextlib
import math
import os
import pathlib

import autoencoders
import torch
from autoencoders.data.base import DatasetLoaders, DatasetSplits, TensorSpec, create_dataloaders
from autoencoders.modules import BaseAutoencoderModule
from autoencoders.modules.base import BaseAutoencoderModuleConfig
from peers_networks import PIXELS, SIZE, WIDTHS, as_keras, layers

TRAINING = {
    "own": {},  # batches of 256, 1e-3, 5 epochs
    "matched": {"batch_size": 128, "learning_rate": 1e-3, "epochs": 5},
}
EPOCHS = "epochs"
OWN_VARIANCE = PIXELS / 2  # of a pixel: what the mean squared error is the likelihood of
MODELS = {
    "vae": (autoencoders.VariationalAutoencoderModel, autoencoders.VariationalAutoencoderConfig),
    "beta_vae": (
        autoencoders.BetaVariationalAutoencoderModel,
        autoencoders.BetaVariationalAutoencoderConfig,
    ),
    "vq_vae": (autoencoders.VectorQuantizedAutoencoderModel, autoencoders.VectorQuantizedAutoencoderConfig),
    "wae_mmd": (autoencoders.WassersteinAutoencoderModel, autoencoders.WassersteinAutoencoderConfig),
    "beta_tc_vae": (
        autoencoders.BetaTCVariationalAutoencoderModel,
        autoencoders.BetaTCVariationalAutoencoderConfig,
    ),
}
# Ours: vae with beta = 2 and, of beta_vae, 4; wae_mmd and beta_tc_vae at their defaults. Without free bits,
# which ours has in a model of its own. The VQ-VAE is pythae's: 512 codes of one number.
MATCHED = {
    "vae": {"kl_weight": 2 / PIXELS, "free_bits": 0.0},
    "beta_vae": {"beta": 4 / PIXELS, "free_bits": 0.0},
    "vq_vae": {
        "latent_dim": 1,
        "codebook_size": 512,
        "commitment_weight": 0.25 / PIXELS,
        "codebook_weight": 1 / PIXELS,
    },
    "wae_mmd": {"mmd_weight": 100 / PIXELS},
    "beta_tc_vae": {
        "mutual_information_weight": 1 / PIXELS,
        "total_correlation_weight": 4 / PIXELS,
        "dimension_wise_kl_weight": 1 / PIXELS,
    },
}


class Encoder(BaseAutoencoderModule):
    """The hidden layers of our dense encoder; for a VQ-VAE all of it, its 16 numbers one vector each.

    The package's own MLP has no ReLU after its last layer, and its models add a linear layer to the code.
    """

    def __init__(self, name: str) -> None:
        super().__init__(BaseAutoencoderModuleConfig(), TensorSpec(shape=(PIXELS,)))
        self.is_code = name == "vq_vae"
        self.output_spec = TensorSpec(shape=(SIZE, 1) if self.is_code else WIDTHS[-1:])
        self.layers = layers(PIXELS, *WIDTHS, *((SIZE,) if self.is_code else ()))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Images `(n, 784)` to `(n, 256)`, or `(n, 16, 1)`."""
        found = self.layers(images)
        return found[..., None] if self.is_code else found.relu()


class Decoder(torch.nn.Module):
    """Our dense decoder, with a sigmoid behind it; of a WAE the package itself has made its first layer."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.is_begun = name == "wae_mmd"
        self.layers = layers(*(() if self.is_begun else (SIZE,)), *reversed(WIDTHS), PIXELS)

    def forward(self, codes: torch.Tensor) -> torch.Tensor:
        """Codes `(n, 16)`, `(n, 16, 1)` or `(n, 256)` to images `(n, 784)`."""
        codes = codes.flatten(1)
        return self.layers(codes.relu() if self.is_begun else codes).sigmoid()


def build(settings: str, name: str) -> torch.nn.Module:
    """An untrained model; torch's generator says with which weights."""
    model, config = MODELS[name]
    if settings == "own":
        own = () if name in ("wae_mmd", "vq_vae") else WIDTHS[-1:]  # those widen the code to 256 themselves
        return model(
            config=config(latent_dim=SIZE),
            sample_spec=TensorSpec(shape=shape(settings, name)),
            encoder="mlp",
            encoder_config={"hidden_dims": list(WIDTHS)},
            decoder="mlp",
            decoder_config={"hidden_dims": [*own, WIDTHS[0], PIXELS]},
        )
    made = as_keras(
        model(
            config=config(**{"latent_dim": SIZE, **MATCHED[name]}),
            sample_spec=TensorSpec(shape=shape(settings, name)),
            encoder=Encoder(name),
            decoder=Decoder(name),
        )
    )
    if is_variational(name):  # two layers of 16, drawn as the one of 32 that ours has
        limit = math.sqrt(6 / (WIDTHS[-1] + 2 * SIZE))
        for half in (made.mean_projection, made.logvar_projection):
            torch.nn.init.uniform_(half.weight, -limit, limit)
    return made


def shape(settings: str, name: str) -> tuple[int, ...]:
    """Of an image as the model takes it: its own VQ-VAE needs rows of vectors, and gets one."""
    return (1, PIXELS) if (settings, name) == ("own", "vq_vae") else (PIXELS,)


def fit(
    model: torch.nn.Module,
    asked: dict,
    train: torch.Tensor,
    held: torch.Tensor,
    folder: pathlib.Path,
    seed: int,
) -> None:
    """Train in place on images `(n, 784)`; the epoch with the lowest loss on held-out images is kept."""
    given = autoencoders.TrainingConfig(output_dir=str(folder), device="cpu", seed=seed, **asked)
    loaders: DatasetLoaders = create_dataloaders(
        DatasetSplits(*(images.reshape(-1, *model.sample_spec.shape) for images in (train, held, held))),
        batch_size=given.batch_size,
    )
    trainers = {True: autoencoders.VAETrainer, False: autoencoders.AETrainer}
    trainer = trainers[hasattr(model, "mean_projection")]
    if hasattr(model, "codebook"):
        trainer = autoencoders.VQTrainer
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        trainer(model=model, args=given).fit(loaders)
    model.load_state_dict(torch.load(folder / "best" / "pytorch_model.bin", weights_only=True))


def is_variational(name: str) -> bool:
    """Whether a model of this name has a Gaussian posterior."""
    return issubclass(MODELS[name][0], autoencoders.VariationalAutoencoderModel)


def encoded(model: torch.nn.Module, name: str, images: torch.Tensor) -> torch.Tensor | tuple:
    """Images `(n, 784)` to codes `(n, 16)`, or to means and log-variances."""
    found = model.encode(images.reshape(-1, *model.sample_spec.shape))
    return found if is_variational(name) else model.project_to_core(found).flatten(1)


def decoded(model: torch.nn.Module, name: str, codes: torch.Tensor) -> torch.Tensor:
    """Codes `(n, 16)` to images `(n, 784)`; any code of a VQ-VAE is brought to the nearest of its book."""
    if name == "vq_vae":
        codes, _ = model.quantize(codes.reshape(len(codes), -1, model.config.latent_dim))
    return (
        model.decode(model.prepare_decoder_inputs(codes)).flatten(1).clamp(0, 1)
    )  # some end without a sigmoid


def trained(model: torch.nn.Module) -> int:
    """The number of its weights, without two layers that a VAE of this package has and never uses."""
    unused = ("encoder_to_core_", "core_to_decoder_") if hasattr(model, "mean_projection") else ()
    return sum(each.numel() for name, each in model.named_parameters() if not name.startswith(unused))
