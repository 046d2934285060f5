"""Which classes are hard: the error of each, configuration by configuration."""

import dataclasses
import math
from collections.abc import Sequence

import numpy as np

from bench.report import words
from bench.report.blocks import finding
from bench.report.blocks.table import NAME, Column, Table, made, number_cell, row
from bench.report.evidence import Configuration, Evidence
from bench.report.sections import galleries, pictured

MOST_CLASSES = 20
SHADES = 6


@dataclasses.dataclass(frozen=True, kw_only=True)
class ByClass:
    """Errors `(configurations, classes)` of the first seed of each; not-a-number where not known."""

    ones: tuple[Configuration, ...]
    names: tuple[str, ...]
    errors: np.ndarray


def by_class(evidence: Evidence, dataset: str) -> ByClass | None:
    """Of those whose pictures are shown, lowest error first, and their classes hardest first."""
    shown = [*galleries.representatives(evidence), *evidence.externals, *galleries.baselines(evidence)]
    ones = [one for one in shown if one.settings["dataset"] == dataset]
    arrays = [(one, pictured.images(evidence, one)) for one in ones]
    known = [(one, each["class_mse"], each["class_labels"]) for one, each in arrays if "class_mse" in each]
    if not known or len(known[0][2]) > MOST_CLASSES:
        return None
    labels = known[0][2]
    known = [each for each in known if np.array_equal(each[2], labels)]
    known.sort(key=lambda each: mean if math.isfinite(mean := float(np.mean(each[1]))) else math.inf)
    errors = np.stack([np.where(np.isfinite(each), each, np.nan) for _, each, _ in known])
    hardest = np.argsort(-_typical(errors, [one for one, *_ in known]), kind="stable")
    names = [words.class_name(evidence.run, dataset, int(label)) for label in labels]
    return ByClass(
        ones=tuple(one for one, *_ in known),
        names=tuple(names[i] for i in hardest),
        errors=errors[:, hardest],
    )


def _typical(errors: np.ndarray, ones: Sequence[Configuration]) -> np.ndarray:
    """Of each class the median over networks, or over baselines where there are no networks."""
    of_networks = [not one.is_baseline for one in ones]
    known = errors[of_networks] if any(of_networks) else errors
    return np.median(np.nan_to_num(known, nan=np.inf), axis=0)


def told(found: ByClass) -> str:
    """The hardest and the easiest class, where they are those of every network shown; else empty."""
    known = found.errors[[not one.is_baseline for one in found.ones]]
    if not len(known) or len(found.names) < 2 or not np.isfinite(known).all():
        return ""
    count = f"all {len(known)} networks" if len(known) > 1 else "the one network"
    ends = [
        f"{kind} class is {found.names[place]}"
        for kind, place, of in (("hardest", 0, known.max(axis=1)), ("easiest", -1, known.min(axis=1)))
        if (known[:, place] == of).all()
    ]
    return f"For {count} shown the {' and the '.join(ends)}." if ends else ""


@made
def table(evidence: Evidence, dataset: str, found: ByClass) -> Table:
    """A row a configuration, a column a class, shaded by error."""
    ordered = np.sort(found.errors[np.isfinite(found.errors)])
    return Table(
        id=f"table-classes{evidence.suffix(dataset)}",
        caption=f"Test MSE of each class{finding.on(evidence, dataset)}: lowest error first, hardest class "
        "first",
        columns=(NAME, *(Column(label=name) for name in found.names)),
        rows=tuple(
            row(
                one,
                *(
                    dataclasses.replace(
                        number_cell("test_mse", float(mse) if math.isfinite(mse) else None),
                        shade=_shade(float(mse), ordered),
                    )
                    for mse in errors
                ),
            )
            for one, errors in zip(found.ones, found.errors, strict=True)
        ),
        note="The stronger the shade, the higher the error among all of the table."
        + (" Of the first seed." if evidence.has_intervals else ""),
    )


def _shade(value: float, ordered: np.ndarray) -> int:
    """1 to 6 by the place among all, so that one large number does not make the others alike."""
    if not math.isfinite(value):
        return 0
    return 1 + min(SHADES - 1, SHADES * int(np.searchsorted(ordered, value)) // len(ordered))
