"""How much of an ELBO is a constant of the loss, and what it may be held against."""

import math
from collections.abc import Sequence

from bench import statistics
from bench.models.likelihoods import CONSTANTS
from bench.report import words
from bench.report.evidence import Configuration, Evidence
from bench.statistics import Interval

EXACT = (
    "The log-likelihoods of PCA and of the mean image are exact, and no bounds. At variance 1/2 they are on "
    "the scale of models that were trained with mse, whose own log-likelihood is at least their ELBO or IW "
    "bound."
)
"""Of the baselines whose likelihood has a closed form."""
ALONE = "At the fitted variance they compare among each other alone."
FITTED = (
    "At the fitted variance they are on the scale of the fitted ELBOs, which are bounds. PCA has its "
    "variance from training images, a model from validation images."
)

_LIKELIHOODS = {"mse": "a Gaussian of variance 1/2", "mae": "a Laplace distribution of scale 1"}


def own(one: Configuration) -> str:
    """The likelihood of its first seed, where it is not the one that its loss stands for; else empty."""
    return one.results[0].texts.get("likelihood", "") if one.results else ""


def kind(one: Configuration) -> str:
    """The same without what training chose of it: `a Gaussian whose variance is learned`."""
    return own(one).partition(",")[0]


def constant(evidence: Evidence, one: Configuration) -> float | None:
    """The nats of an image that the loss of a configuration adds to every log-likelihood, if it adds any.

    For squared error `-n / 2 * log(pi)` with n pixels and channels: -448.7 for 28x28 grey ones. A model with
    a likelihood of its own has none.
    """
    if own(one):
        return None
    shape = evidence.run.get("datasets", {}).get(one.settings["dataset"], {}).get("image_shape")
    of_a_pixel = CONSTANTS.get(one.loss)
    return math.prod(shape) * of_a_pixel if shape and of_a_pixel else None


def rest(evidence: Evidence, one: Configuration) -> Interval | None:
    """The ELBO of a configuration without that constant, with its interval over seeds."""
    fixed = constant(evidence, one)
    if fixed is None or not one.values("test_elbo"):
        return None
    return statistics.mean_interval([value - fixed for value in one.values("test_elbo")])


def exact(rows: Sequence[Configuration]) -> str:
    """What the likelihoods of baselines may be held against; empty where no row has one."""
    if not any(one.values("test_log_likelihood") for one in rows):
        return ""
    fitted = any(one.values("test_elbo_fitted") for one in rows)
    return f"{EXACT} {FITTED if fitted else ALONE}"


def of_elbo(evidence: Evidence, one: Configuration) -> str:
    """Of one configuration: what is left of its ELBO without the constant."""
    elbo, fixed = one.mean("test_elbo"), constant(evidence, one)
    if elbo is None or fixed is None:
        return ""
    whole, apart, left = (words.number("test_elbo", value) for value in (elbo, fixed, elbo - fixed))
    return (
        f"Of the ELBO of {one.name}, {whole} nats, {apart} are a constant of its loss, and {left} are left "
        "to the model."
    )


def fixed_at(ones: Sequence[Configuration]) -> str:
    """Where on the trade-off between nats and detail those lie that pay for their code; empty for none.

    `β 1 and a variance of 1/2`: other weights and variances, which the loss fixes, are other points of it.
    """
    paying = [one for one in ones if "beta" in one.settings and not own(one)]
    if not paying:
        return ""
    betas = sorted({float(one.settings["beta"]) for one in paying})
    weights = f"β{words.NBSP}{words.listing([words.value_text(beta) for beta in betas])}"
    losses = {one.settings["loss"] for one in paying}
    variance = "a variance of 1/2" if losses == {"mse"} else "what the loss fixes of the likelihood"
    return f"{weights} and {variance}"


def trade(ones: Sequence[Configuration]) -> str:
    """The same in a sentence; empty for none."""
    found = fixed_at(ones)
    return (
        f"This is said of {found}: another weight, or a variance that the data choose, is another point of "
        "the trade-off between nats and detail."
        if found
        else ""
    )


def note(evidence: Evidence) -> str:
    """What is a constant of each loss in the ELBOs of a run, and whose likelihood is its own; else empty."""
    found: dict[tuple[str, str], None] = {}
    for one in evidence.configurations:
        value = constant(evidence, one)
        if value is not None and (one.values("test_elbo") or one.values("test_iw_bound")):
            found[(one.settings["loss"], words.number("test_elbo", value))] = None
    told = [
        f"with {words.setting('loss', loss)} {nats}{words.NBSP}nats ({_LIKELIHOODS[loss]})"
        for loss, nats in found
    ]
    fixed = ""
    if told:
        fixed = (
            "Of every ELBO a part is a constant of the loss and says nothing of the model: "
            f"{words.listing(told)}. It hangs on a variance that the loss fixes: with the one that fits the "
            "images, every ELBO is another."
        )
    return " ".join(filter(None, (fixed, _others(evidence))))


def _others(evidence: Evidence) -> str:
    models = dict.fromkeys(one.settings["model"] for one in evidence.configurations if own(one))
    if not models:
        return ""
    named = words.capital(words.listing([words.model(each) for each in models]))
    return (
        f"{named} {'has a likelihood of its' if len(models) == 1 else 'have likelihoods of their'} own, "
        "whose ELBO is a density of grey values: it may be above 0, and is no number beside those of a loss."
    )
