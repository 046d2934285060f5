"""How many steps trials were trained, and how many epochs would be enough."""

import math
from collections.abc import Iterable

from bench.ask.trial import Trial
from bench.ask.views import TRAIN_IMAGES
from bench.keeping.result import Result
from bench.report.evidence import Evidence, naming

FEWEST = 500
"""Steps of training below which a trial is said to have had too few."""


def of(evidence: Evidence, result: Result) -> int | None:
    """At most; None for a baseline, or where it is not known how many images there were."""
    each = of_an_epoch(evidence, result)
    return each * result.unit.epochs if each and isinstance(result.unit, Trial) else None


def of_an_epoch(evidence: Evidence, result: Result) -> int | None:
    """Batches of the images that a trial was trained on."""
    unit = result.unit
    if not isinstance(unit, Trial):
        return None
    about = evidence.run.get("datasets", {}).get(naming.settings_of(unit)["dataset"], {}).get("images", {})
    images = int(unit.views.get(TRAIN_IMAGES, 0)) or about.get("train", 0)
    if unit.train_on == "all":
        images += about.get("validation", 0)
    return math.ceil(images / unit.batch_size) if images else None


def are_few(evidence: Evidence, result: Result) -> bool:
    """Whether they are known to be fewer than 500."""
    steps = of(evidence, result)
    return steps is not None and steps < FEWEST


def enough(evidence: Evidence, results: Iterable[Result]) -> int:
    """So many epochs that each of these trials has 500 steps, and twice as many as it had."""
    return max(
        max(math.ceil(FEWEST / (of_an_epoch(evidence, one) or FEWEST)), 2 * one.unit.epochs)
        for one in results
        if isinstance(one.unit, Trial)
    )
