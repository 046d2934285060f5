"""Models of pythae, trained by its own trainer on Fashion-MNIST: with its defaults, and matched to ours.

```sh
python examples/peers.py FOLDER                 # trains all that FOLDER lacks, with seeds 0, 1 and 2
PEERS=FOLDER python -m bench measure examples/peers_coders.py:matched_vae --seeds 0,1,2 --into RUN
```

`own`: the network, batches of 64, learning rate 1e-4 and 100 epochs that pythae has where nothing is said.
`matched`: the dense network of this program with its initialisation, batches of 128, 1e-3 and 10 epochs,
and weights in this program's convention (a sum of squared errors and `beta` times the KL divergence): where
pythae halves the squared error, a weight of ours is half of that there.
Codes have 16 numbers. The epoch with the lowest loss on the last 10,000 training images is kept, as here.
"""

import argparse
import itertools
import json
import pathlib
import time

import numpy as np
import torch
from pythae import models as pythae
from pythae.models.base.base_utils import ModelOutput
from pythae.models.nn import BaseDecoder, BaseEncoder
from pythae.pipelines import TrainingPipeline
from pythae.trainers import BaseTrainerConfig, CoupledOptimizerTrainerConfig

from bench import datasets

SIZE, WIDTHS, PIXELS = 16, (512, 256), 784
TRAINING = {
    "own": {},
    "matched": {"per_device_train_batch_size": 128, "learning_rate": 1e-3, "num_epochs": 10},
}
MODELS = {
    "vae": (pythae.VAE, pythae.VAEConfig, {}),
    "beta_vae": (pythae.BetaVAE, pythae.BetaVAEConfig, {"beta": 2.0}),
    "vq_vae": (pythae.VQVAE, pythae.VQVAEConfig, {}),
    "rae_l2": (pythae.RAE_L2, pythae.RAE_L2_Config, {}),
    "wae_mmd": (pythae.WAE_MMD, pythae.WAE_MMD_Config, {}),
    "beta_tc_vae": (pythae.BetaTCVAE, pythae.BetaTCVAEConfig, {}),
}
# Ours: vae with beta = 2 and, for beta_vae, 4; rae, wae_mmd and beta_tc_vae at their defaults. A decay of w
# in Adam is w/2 times the sum of squares, so that 2e-4 is our decoder_weight of 1e-4, biases included.
MATCHED = {
    "beta_vae": {"beta": 2.0},
    "rae_l2": {"embedding_weight": 0.01, "reg_weight": 2e-4},
    "wae_mmd": {"reg_weight": 100.0},
    "beta_tc_vae": {"alpha": 0.5, "beta": 2.0, "gamma": 0.5, "use_mss": False},
}


def layers(*sizes: int) -> torch.nn.Sequential:
    """Linear layers with ReLU between them, initialised as those of Keras."""
    made: list[torch.nn.Module] = []
    for given, taken in itertools.pairwise(sizes):
        linear = torch.nn.Linear(given, taken)
        torch.nn.init.xavier_uniform_(linear.weight)
        torch.nn.init.zeros_(linear.bias)
        made += [linear, torch.nn.ReLU()]
    return torch.nn.Sequential(*made[:-1])


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
    own = config(input_dim=(1, 28, 28), latent_dim=SIZE, **options)
    if settings == "own":
        return model(own)
    asked = config(input_dim=(1, 28, 28), latent_dim=SIZE, **{**options, **MATCHED.get(name, {})})
    return model(asked, encoder=Encoder(issubclass(config, pythae.VAEConfig)), decoder=Decoder())


def train(folder: pathlib.Path, settings: str, name: str, seed: int, **changed: int) -> None:
    """Train by pythae's trainer and keep the weights and the seconds that it took."""
    images = changed.pop("images", None)
    dataset = datasets.load_once("fashion_mnist")
    train, held = (
        torch.from_numpy(np.moveaxis(np.asarray(part.images[:images]), 3, 1).copy())
        for part in (dataset.train, dataset.validation)
    )
    torch.manual_seed(seed)
    model = build(settings, name)
    asked = {**TRAINING[settings], **changed, "output_dir": str(folder / "logs"), "seed": seed}
    start = time.perf_counter()
    fit(model, asked, train, held)
    seconds = time.perf_counter() - start
    target = folder / f"{settings}-{name}-{seed}"
    target.mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), target / "weights.pt")
    (target / "about.json").write_text(json.dumps({"fit_seconds": seconds, **TRAINING[settings], **changed}))


def fit(model: torch.nn.Module, asked: dict, train: torch.Tensor, held: torch.Tensor) -> None:
    """Train a model in place; of its epochs the one with the lowest loss on held-out images is kept."""
    config = BaseTrainerConfig
    if isinstance(model, pythae.RAE_L2):  # whose decoder has an optimiser of its own, for its decay
        config, rate = CoupledOptimizerTrainerConfig, asked.pop("learning_rate", None)
        both = ("encoder_learning_rate", "decoder_learning_rate")
        asked |= {} if rate is None else dict.fromkeys(both, rate)
    pipeline = TrainingPipeline(model, config(no_cuda=True, **asked))
    pipeline(train, held)
    saved = pathlib.Path(pipeline.trainer.training_dir) / "final_model" / "model.pt"
    model.load_state_dict(torch.load(saved, weights_only=True)["model_state_dict"])


def main() -> None:
    """Train what a folder lacks."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--models", default=",".join(MODELS))
    parser.add_argument("--settings", default=",".join(TRAINING))
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--epochs", type=int, help="instead of those of the settings")
    parser.add_argument("--images", type=int, help="this many alone, to try it")
    given = parser.parse_args()
    changed = {"num_epochs": given.epochs, "images": given.images}
    # Seed by seed over all models, in turns: a slow hour of the machine falls on all alike.
    for seed in map(int, given.seeds.split(",")):
        for settings in given.settings.split(","):
            for name in given.models.split(","):
                if not (given.folder / f"{settings}-{name}-{seed}" / "about.json").exists():
                    said = {key: value for key, value in changed.items() if value is not None}
                    train(given.folder, settings, name, seed, **said)


if __name__ == "__main__":
    main()
