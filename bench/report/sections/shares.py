"""Which setting has which share of what varies, where the grid is one of all combinations."""

import math

from bench import statistics
from bench.report import words
from bench.report.blocks import finding
from bench.report.blocks.table import Cell, Column, Row, Table, made
from bench.report.evidence import Configuration, Evidence, comparisons, differences

MEASURES = ("test_mse", "latent_knn_accuracy", "frechet_prior")
NOTE = (
    "Functional analysis of variance of the means of all combinations (Hutter et al. 2014), errors and "
    "distances by their logarithms, seeds as blocks, less what few seeds scatter by; in brackets p of the F "
    "test against seeds, after Holm over the column. A setting alone, or what two do together beyond what "
    "each does alone; the rest is of three or more. These are shares of what varies in this grid: with "
    "other values they are others."
)


@made
def table(evidence: Evidence, dataset: str) -> Table | None:
    """A row for each setting and each two; None where the grid has not all combinations."""
    ones = evidence.about(dataset).configurations
    settings = [_common(evidence, one) for one in ones]
    if not statistics.is_factorial(settings):
        return None
    found = {}
    for name in MEASURES:
        values = [one.by_seed(name) for one in ones]
        if values[0] and all(each.keys() == values[0].keys() for each in values):
            parts = statistics.anova(settings, differences.scaled(name, values))
            if all(math.isfinite(part.share) for part in parts):  # where nothing varies there are no shares
                found[name] = {part.names: part for part in parts}
    if not found:
        return None
    first = next(iter(found.values()))
    return Table(
        id=f"table-shares{evidence.suffix(dataset)}",
        caption=f"Share of each setting in what varies{finding.on(evidence, dataset)}"
        f"{comparisons.after(ones)}",
        columns=(
            Column(label="Settings", is_number=False),
            *(Column(label=f"{words.head(name).removesuffix(', %')}: share, %") for name in found),
        ),
        rows=tuple(
            Row(
                cells=(
                    Cell(text=words.capital(words.listing(map(words.axis, names)))),
                    *(_cell(parts[names]) for parts in found.values()),
                )
            )
            for names in first
        ),
        note=NOTE,
    )


def _cell(part: statistics.Part) -> Cell:
    share = words.signed(100 * part.share)
    p = "" if part.p is None else f"{words.NBSP}({words.p_value(part.p)})"
    return Cell(text=f"{share}{p}", order=part.share)


def _common(evidence: Evidence, one: Configuration) -> dict[str, object]:
    """Its settings, without those that only some models or architectures have."""
    own = evidence.own_options("model") | evidence.own_options("architecture")
    return {name: value for name, value in one.settings.items() if name not in own}
