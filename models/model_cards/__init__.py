"""The cards of the models of this package: one a file in `families`."""

from collections.abc import Mapping
from typing import Any

from .cards import ModelCard, Option

BETA = Option("beta", 1.0, minimum=0, text="weight of the KL term (Higgins et al. 2017)")
KL_WARMUP = Option(
    "kl_warmup", 0, minimum=0, text="training steps over which beta rises from 0 (Sønderby et al. 2016)"
)

SIGMA = "how the variance of a pixel is found: that of each batch in closed form, or a weight that is trained"


def _squared_error_only(settings: Mapping[str, Any]) -> str:
    if settings["loss"] == "mse":
        return ""
    return f"sigma_vae has a Gaussian likelihood: expected loss=mse, received {settings['loss']}"


CARDS = (
    ModelCard(name="ae", title="plain autoencoder", label="AE", code="autoencoder:Autoencoder"),
    ModelCard(
        name="vae",
        title="variational autoencoder with a Gaussian posterior",
        label="VAE",
        paper="Kingma & Welling 2014",
        code="families.vae:VariationalAutoencoder",
        against="ae",
        linear="fixed",
        options=(BETA, KL_WARMUP),
    ),
    ModelCard(
        name="sigma_vae",
        title="VAE whose likelihood has the variance of its own errors",
        label="σ-VAE",
        paper="Rybkin et al. 2021",
        code="families.sigma_vae:SigmaVAE",
        against="vae",
        linear="fitted",
        options=(Option("sigma", "optimal", known=("optimal", "shared"), text=SIGMA), KL_WARMUP),
        check=_squared_error_only,
    ),
)
