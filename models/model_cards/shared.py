"""Options and contradictions that several models share."""

from collections.abc import Callable, Mapping
from typing import Any

from ..cards import Check, Option

BETA = Option(
    "beta",
    1.0,
    minimum=0,
    text="weight of the KL term (Higgins et al. 2017)",
    source="1; pythae's 1 is 2 here, with the loss mse",
)
KL_WARMUP = Option(
    "kl_warmup", 0, minimum=0, text="training steps over which beta rises from 0 (Sønderby et al. 2016)"
)
SCALE_HEAD = Option(
    "scale_head",
    "exp",
    known=("exp", "softplus"),
    text="what the encoder gives beside the mean: exp, a log-variance; softplus, what a deviation is made of",
    source="softplus in Davidson et al. 2018",
    told="changed",
)
KL_ESTIMATE = Option(
    "kl_estimate",
    "closed",
    known=("closed", "sampled"),
    text="the KL term in closed form, or log q(z|x) - log p(z) of the codes that are drawn",
    source="sampled in Burda et al. 2016, Norouzi et al. 2020",
    told="changed",
)
SAMPLES = Option(
    "samples",
    1,
    minimum=1,
    maximum=1000,
    text="codes of each image in a step, over which the loss is a mean",
    source="1, 5 and 50 in Burda et al. 2016",
    cost="step",
    told="changed",
)


def components(source: str) -> Option:
    """Of a prior."""
    return Option(
        "components", 100, minimum=1, maximum=2000, text="of the mixture", source=source, cost="step"
    )


def only(loss: str, why: str) -> Check:
    """Refuses every other loss: `why` says what the model has."""

    def check(settings: Mapping[str, Any]) -> str:
        if settings["loss"] == loss:
            return ""
        return f"{why}: expected loss={loss}, received {settings['loss']}"

    return check


def idle(option: Option, settings: Mapping[str, Any], where: str) -> str:
    """Says that an option does nothing there, if another value than its default was given; else empty.

    Whoever sweeps it would train the same model again and again, and take the seeds for its effect.
    """
    received = settings[option.name]
    if received == option.default:
        return ""
    return f"{option.name} does nothing {where}: expected it left out, received {received}"


def warmed(settings: Mapping[str, Any]) -> str:
    """Refuses steps over which a weight of 0 rises to 0."""
    return idle(KL_WARMUP, settings, "with beta=0") if settings["beta"] == 0 else ""


def by_codes(count: Callable[[Mapping[str, Any]], float]) -> Callable[[Mapping[str, Any]], float]:
    """What a step costs that encodes once and decodes several codes of each image."""
    return lambda options: (1 + count(options)) / 2
