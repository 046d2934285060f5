"""Cards of models that draw all codes together to the prior, or take their dependence apart."""

from collections.abc import Mapping
from typing import Any

from ..cards import ModelCard, Option
from .shared import idle

_SLICES = Option("slices", 50, minimum=1, maximum=10_000, text="directions in a step", cost="step")


def _slices_weigh(settings: Mapping[str, Any]) -> str:
    return idle(_SLICES, settings, "with slice_weight=0") if settings["slice_weight"] == 0 else ""


def _enough_discrepancy(settings: Mapping[str, Any]) -> str:
    alpha, least = settings["alpha"], 1 - settings["alpha"]
    if settings["info_lambda"] >= least - 1e-9:
        return ""
    received = f"{settings['info_lambda']} with alpha={alpha}"
    return f"expected info_lambda >= 1 - alpha = {least:g}, received {received}"


CARDS = (
    ModelCard(
        name="wae_mmd",
        title="Wasserstein autoencoder with a maximum mean discrepancy",
        label="WAE-MMD",
        paper="Tolstikhin et al. 2018",
        code="families.wae_mmd:WassersteinMMD",
        has_posterior=False,
        formula="d(x, g(z)) + mmd_weight MMD^2(z, z~)",
        differs="The seven scales of the kernel are those of the paper's code; its text names one. Encoders "
        "have neither noise nor a pretraining.",
        against="ae",
        options=(
            Option(
                "mmd_weight",
                100.0,
                minimum=0,
                text="of the discrepancy from N(0, I)",
                source="200 (MNIST) and 500 (CelebA) in our units; pythae 10",
            ),
        ),
    ),
    ModelCard(
        name="swae",
        title="sliced-Wasserstein autoencoder",
        label="SWAE",
        paper="Kolouri et al. 2019",
        code="families.swae:SlicedWasserstein",
        has_posterior=False,
        formula="d(x, g(z)) + slice_weight mean_s W^2(z t_s, N(0, 1))",
        differs="Projections are held against quantiles of the normal distribution, not against drawn codes.",
        against="ae",
        options=(
            Option("slice_weight", 10.0, minimum=0, text="of the sliced distance from N(0, I)"),
            _SLICES,
        ),
        check=_slices_weigh,
    ),
    ModelCard(
        name="cwae",
        title="Cramer-Wold autoencoder",
        label="CWAE",
        paper="Knop et al. 2020",
        code="families.cwae:CramerWold",
        has_posterior=False,
        formula="d(x, g(z)) + cw_weight log CW(z)",
        differs="Below 20 dimensions, where the paper's code refuses its closed form, the distance is a mean "
        "over 20 directions of the exact one in one dimension.",
        against="ae",
        options=(
            Option(
                "cw_weight",
                1.0,
                minimum=0,
                text="of the logarithm of the distance from N(0, I)",
                source="1 (MNIST)",
            ),
        ),
    ),
    ModelCard(
        name="info_vae",
        title="VAE with less KL and a maximum mean discrepancy",
        label="InfoVAE",
        paper="Zhao et al. 2019",
        code="families.info_vae:InfoVAE",
        formula="E_q[d(x, g(z))] + (1 - alpha) KL + (alpha + info_lambda - 1) MMD^2(z, z~)",
        differs="The kernel is that of wae_mmd.",
        against="vae",
        options=(
            Option(
                "alpha", 0.5, minimum=0, maximum=1, text="what is taken from the KL", source="0; MMD-VAE 1"
            ),
            Option(
                "info_lambda",
                100.0,
                minimum=0,
                text="of the discrepancy",
                source="pythae 1000, beside half the squared error",
            ),
        ),
        check=_enough_discrepancy,
    ),
    ModelCard(
        name="beta_tc_vae",
        title="VAE with a weighted total correlation",
        label="β-TC-VAE",
        paper="Chen et al. 2018",
        code="families.beta_tc_vae:BetaTCVAE",
        formula="E_q[d(x, g(z))] + I + tc_weight TC + D",
        differs="q(z) is the mixture of the batch, without the number of training images, which moves I and "
        "TC by constants and no gradient. The published stratified weights fill two columns in the place of "
        "the diagonal; they are not used.",
        against="vae",
        options=(
            Option("tc_weight", 4.0, minimum=0, text="of the total correlation", source="6 (dSprites, bce)"),
        ),
    ),
    ModelCard(
        name="dip_vae",
        title="VAE whose codes are to be uncorrelated",
        label="DIP-VAE",
        paper="Kumar et al. 2018",
        code="families.dip_vae:DIPVAE",
        formula="E_q[d(x, g(z))] + KL + w sum_(i != j) V_ij^2 + r w sum_i (V_ii - 1)^2",
        differs="The weight of the diagonal is 10 times (I) or once (II) that of the rest, as in the "
        "disentanglement library.",
        against="vae",
        options=(
            Option(
                "dip_kind", "ii", known=("i", "ii"), text="covariance of posterior means (i) or of codes (ii)"
            ),
            Option("dip_weight", 5.0, minimum=0, text="of the covariance", source="1 to 50 (bce)"),
        ),
    ),
)
