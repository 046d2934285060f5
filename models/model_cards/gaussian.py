"""Cards of VAEs with a Gaussian posterior, the prior N(0, I) and the ELBO, weighted one way or another."""

from collections.abc import Mapping
from typing import Any

from ..cards import ModelCard, Option
from .shared import BETA, KL_ESTIMATE, KL_WARMUP, SAMPLES, SCALE_HEAD, by_codes, idle, only, warmed

_SIGMA = (
    "how the variance of a pixel is found: that of each batch in closed form, or a weight that is trained"
)
_GAUSSIAN = "sigma_vae has a Gaussian likelihood"


_CAPACITY_STEPS = Option(
    "capacity_steps", 2000, minimum=0, text="steps over which it rises", source="100,000"
)


def _rising(settings: Mapping[str, Any]) -> str:
    return idle(_CAPACITY_STEPS, settings, "with capacity=0") if settings["capacity"] == 0 else ""


def _grey(settings: Mapping[str, Any]) -> str:
    if (received := settings.get("binarize", "none")) != "none":
        return f"cb_vae has no bound on black and white images: expected binarize=none, received {received}"
    return only("bce", "cb_vae has a continuous Bernoulli likelihood")(settings) or warmed(settings)


_LOGIT_BOUND = Option(
    "logit_bound",
    0.0,
    minimum=0,
    text="b, the size that logits stay below; 0 for none",
    source="15.9, from the rounding of probabilities in float32",
)

CARDS = (
    ModelCard(
        name="vae",
        title="variational autoencoder with a Gaussian posterior",
        label="VAE",
        paper="Kingma & Welling 2014",
        code="families.vae:VariationalAutoencoder",
        formula="E_q[d(x, g(z))] + beta KL",
        against="ae",
        linear="fixed",
        options=(BETA, KL_WARMUP, SCALE_HEAD, KL_ESTIMATE, SAMPLES),
        check=warmed,
        work=by_codes(lambda options: options["samples"]),
    ),
    ModelCard(
        name="sigma_vae",
        title="VAE whose likelihood has the variance of its own errors",
        label="σ-VAE",
        paper="Rybkin et al. 2021",
        code="families.sigma_vae:SigmaVAE",
        formula="E_q[-log N(x; g(z), s^2)] + KL",
        differs="A moving average of the best variances of batches is what is validated and measured with.",
        against="vae",
        linear="fitted",
        options=(Option("sigma", "optimal", known=("optimal", "shared"), text=_SIGMA), KL_WARMUP),
        check=only("mse", _GAUSSIAN),
    ),
    ModelCard(
        name="predicted_sigma_vae",
        title="VAE whose decoder gives a variance",
        label="σ(z)-VAE",
        paper="Rybkin et al. 2021",
        code="families.predicted_sigma_vae:PredictedSigmaVAE",
        formula="E_q[-log N(x; g(z), s(z)^2)] + KL",
        differs="log s is held above -6 by a softplus, as that of sigma_vae. It takes as many outputs of the "
        "decoder again, of which per_image takes the mean: a dense network has a third more weights, and a "
        "step costs a third more.",
        against="sigma_vae",
        options=(
            Option(
                "predicted",
                "per_image",
                known=("per_image", "per_pixel"),
                text="what has a variance of its own",
            ),
            KL_WARMUP,
        ),
        check=only("mse", "predicted_sigma_vae has a Gaussian likelihood"),
    ),
    ModelCard(
        name="cb_vae",
        title="VAE with a continuous Bernoulli likelihood",
        label="CB-VAE",
        paper="Loaiza-Ganem & Cunningham 2019",
        code="families.cb_vae:ContinuousBernoulliVAE",
        formula="E_q[bce(x, l) - sum log(l / tanh(l / 2))] + beta KL",
        differs="Images are decoded to the mean of each pixel, not to sigmoid(l). Logits are held below b by "
        "b tanh(l / b), where PyTorch's distribution holds probabilities: else the density of a pixel of "
        "exactly 0 has no end, and what is grey is lost beside it.",
        against="vae",
        options=(BETA, _LOGIT_BOUND, KL_WARMUP),
        defaults={"loss": "bce", "logit_bound": 16.0},
        check=_grey,
    ),
    ModelCard(
        name="capacity_vae",
        title="VAE whose KL is held at a growing capacity",
        label="Capacity VAE",
        paper="Burgess et al. 2018",
        code="families.capacity_vae:CapacityVAE",
        formula="E_q[d(x, g(z))] + gamma |KL - C_t|",
        differs="The mean KL of the batch stands in the bars, as in the paper; pythae's is that of an image.",
        against="vae",
        options=(
            Option("gamma", 100.0, minimum=0, text="weight of the distance", source="1000; pythae 10"),
            Option("capacity", 25.0, minimum=0, text="nats an image in the end", source="25"),
            _CAPACITY_STEPS,
        ),
        check=_rising,
    ),
    ModelCard(
        name="free_bits",
        title="VAE with free nats in each dimension",
        label="Free bits",
        paper="Kingma et al. 2016",
        code="families.free_bits:FreeBits",
        formula="E_q[d(x, g(z))] + sum_j max(floor, KL_j)",
        against="vae",
        options=(
            Option("floor", 0.25, minimum=0, text="nats of each dimension that are free", source="0.1 to 1"),
        ),
    ),
    ModelCard(
        name="cyclical_vae",
        title="VAE whose KL weight rises again and again",
        label="Cyclical VAE",
        paper="Fu et al. 2019",
        code="families.cyclical_vae:CyclicalVAE",
        formula="E_q[d(x, g(z))] + beta_t KL",
        differs="A period is given in steps, not as a share of the training, which may end early.",
        against="vae",
        options=(
            BETA,
            Option(
                "kl_period",
                1000,
                minimum=0,
                text="steps of a period; 0 for none",
                source="a quarter of the training",
            ),
        ),
    ),
    ModelCard(
        name="cv_vae",
        title="VAE whose posteriors have one constant variance",
        label="CV-VAE",
        paper="Ghosh et al. 2020",
        code="families.cv_vae:ConstantVarianceVAE",
        formula="E_q[d(x, g(z))] + beta |f(x)|^2 / 2, q = N(f(x), s^2)",
        against="vae",
        options=(
            Option("beta", 0.04, minimum=0, text="weight of the KL term", source="0.039 in our units"),
            Option("deviation", 0.7, minimum=1e-6, text="of every posterior", source="0.7"),
            KL_WARMUP,
        ),
        check=warmed,
    ),
)
