"""Cards of VAEs with tighter bounds, and of those whose prior is trained with them."""

from collections.abc import Mapping
from typing import Any

from ..cards import ModelCard, Option
from .shared import BETA, KL_WARMUP, SCALE_HEAD, by_codes, components, idle, warmed

MOST_CODES = 1000  # of an image


def _few_codes(settings: Mapping[str, Any]) -> str:
    codes = settings["importance_samples"] * settings["bounds"]
    return "" if codes <= MOST_CODES else f"expected at most {MOST_CODES} codes of an image, received {codes}"


_ELBO_SHARE = Option(
    "elbo_share", 0.05, minimum=0, maximum=1, text="weight of the ELBO", source="0.05; pythae 0.5"
)


def _two_bounds(settings: Mapping[str, Any]) -> str:
    if settings["importance_samples"] > 1:
        return ""
    return idle(_ELBO_SHARE, settings, "with importance_samples=1, where the bound is the ELBO")


def _samples(default: int, text: str, source: str = "") -> Option:
    return Option(
        "importance_samples", default, minimum=1, maximum=1000, text=text, source=source, cost="step"
    )


CARDS = (
    ModelCard(
        name="iwae",
        title="importance-weighted autoencoder",
        label="IWAE",
        paper="Burda et al. 2016",
        code="families.iwae:ImportanceWeighted",
        formula="-log 1/K sum_s p(x|z_s) p(z_s) / q(z_s|x)",
        differs="The loss is the bound itself, which chooses the epoch; pythae's has the same gradient and "
        "another value.",
        against="vae",
        options=(_samples(5, "codes of each image", "5 and 50"), SCALE_HEAD),
        work=by_codes(lambda options: options["importance_samples"]),
    ),
    ModelCard(
        name="miwae",
        title="multiply importance-weighted autoencoder",
        label="MIWAE",
        paper="Rainforth et al. 2018",
        code="families.miwae:MultiplyImportanceWeighted",
        formula="-1/M sum_m log 1/K sum_s w_ms",
        against="vae",
        options=(
            _samples(4, "codes of each bound", "8"),
            Option(
                "bounds", 4, minimum=1, maximum=1000, text="bounds of each image", source="8", cost="step"
            ),
            SCALE_HEAD,
        ),
        check=_few_codes,
        work=by_codes(lambda options: options["importance_samples"] * options["bounds"]),
    ),
    ModelCard(
        name="ciwae",
        title="combination of ELBO and importance-weighted bound",
        label="CIWAE",
        paper="Rainforth et al. 2018",
        code="families.ciwae:CombinedImportanceWeighted",
        formula="b L_ELBO + (1 - b) L_IWAE",
        against="vae",
        options=(
            _samples(5, "codes of each image"),
            _ELBO_SHARE,
        ),
        check=_two_bounds,
        work=by_codes(lambda options: options["importance_samples"]),
    ),
    ModelCard(
        name="mog_prior",
        title="VAE whose prior is a mixture of Gaussians",
        label="MoG-prior VAE",
        paper="Tomczak & Welling 2018",
        code="families.mog_prior:MixturePriorVAE",
        formula="E_q[d(x, g(z)) + beta (log q(z|x) - log p(z))], p = sum_c pi_c N(m_c, exp(v_c))",
        against="vae",
        options=(components("500"), BETA, KL_WARMUP),
        check=warmed,
    ),
    ModelCard(
        name="vamp",
        title="VAE with a VampPrior",
        label="VampPrior VAE",
        paper="Tomczak & Welling 2018",
        code="families.vamp:VampPrior",
        formula="E_q[d(x, g(z)) + beta (log q(z|x) - log p(z))], p = 1/K sum_c q(z|u_c)",
        differs="Pseudo-inputs start at N(0.05, 0.01) and are clipped to [0, 1], as in the paper's code. Its "
        "gradients have a length of 1 (optimizer = adamnormgrad), and the weight of its KL rises over 100 "
        "epochs, once an epoch (kl_warmup: once a step); here neither by default.",
        against="vae",
        options=(components("500; pythae 50"), BETA, KL_WARMUP, SCALE_HEAD),
        check=warmed,
        work=lambda options: 1 + options["components"] / 256,
    ),
)
