"""What holds from when: the same comparisons after fewer epochs, of fewer images, and of fewer seeds."""

import dataclasses
import itertools
from collections.abc import Sequence

from bench import measures, statistics
from bench.report import words
from bench.report.blocks import finding
from bench.report.blocks.finding import Finding
from bench.report.blocks.section import Blocks, folded, some
from bench.report.blocks.table import Cell, Column, Row, Table, made
from bench.report.evidence import Evidence, comparisons, conditions, differences, opponents
from bench.report.evidence.comparisons import Pair
from bench.report.evidence.conditions import Condition
from bench.statistics import Comparison

MEASURES = (
    *("test_mse", "latent_knn_accuracy", "latent_low_label_accuracy", "frechet_prior", "frechet_mixture"),
)
MANY = 20
"""Rows from which on a table is folded."""
NONE, BOTH = "–", "±"  # noqa: RUF001 # a dash, as for what is not there
NOTE = (
    "Each cell names the better side, by the mean difference over the pairs of settings that differ in this "
    f"alone, tested over seeds, after Holm over this table. {NONE}: no difference shown. {BOTH}: pairs of "
    "the cell are told apart to both sides. Columns of fewer epochs or images have all seeds, those of fewer "
    "seeds all epochs and images, and only pairs with so many. Cells along epochs and along seeds are of the "
    "same trainings, so they are no evidence beside each other."
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Claim:
    """Two values of an axis compared by a measure, under all conditions of the run."""

    axis: str
    sides: tuple[str, str]
    measure: str
    cells: dict[Condition, str]

    @property
    def name(self) -> str:
        """`VAE against AE: MSE`."""
        return f"{words.capital(self.sides[0])} against {self.sides[1]}: {words.head(self.measure)}"

    def along(self, kind: str) -> tuple[list[Condition], list[str]]:
        """The conditions of a kind that it was compared under, and what was found."""
        found = [(one, text) for one, text in self.cells.items() if one.kind == kind]
        return [one for one, _ in found], [text for _, text in found]

    @property
    def end(self) -> str:
        """What was found with most of everything."""
        return next(reversed(self.cells.values()))


def section(evidence: Evidence) -> Blocks | None:
    """A table for each data set of which there are several conditions."""
    found = (table(evidence, dataset) for dataset in evidence.datasets)
    return some(one and folded(one, MANY) for one in found)


@made
def table(evidence: Evidence, dataset: str) -> Table | None:
    """A row a comparison and measure, a column a condition; None where all was done in one way alone."""
    known = conditions.of(evidence.about(dataset).configurations)
    found = claims(evidence, dataset)
    if not found:
        return None
    columns = [one for kind in known.values() for one in kind]
    return Table(
        id=f"table-stability{evidence.suffix(dataset)}",
        caption=f"Which comparison comes out how{finding.on(evidence, dataset)}",
        columns=(
            Column(label="Comparison", is_number=False),
            *(Column(label=str(one), is_number=False) for one in columns),
        ),
        rows=tuple(
            Row(
                cells=(Cell(text=claim.name), *(Cell(text=claim.cells.get(one, "")) for one in columns)),
            )
            for claim in found
        ),
        note=NOTE,
    )


def claims(evidence: Evidence, dataset: str) -> list[Claim]:
    """Of each two models and each two architectures, in every measure; empty without snapshots and sizes."""
    evidence = evidence.about(dataset)
    known = conditions.of(evidence.configurations)
    if not known.keys() & {"epochs", "images"}:
        return []
    twos = {
        (axis, first, second): comparisons.pairs(evidence, axis, first, second)
        for axis in ("model", "architecture")
        for second, first in itertools.combinations(opponents.names(evidence, axis), 2)
    }
    columns = [one for kind in known.values() for one in kind]
    found = [claim for name in MEASURES for claim in _of_measure(name, twos, columns)]
    return _told(found)


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Open:
    """A claim whose p-values are not corrected yet."""

    claim: Claim
    compared: dict[Condition, Comparison]
    is_mixed: dict[Condition, bool]


def _of_measure(
    name: str, twos: dict[tuple[str, str, str], list[Pair]], columns: Sequence[Condition]
) -> list[_Open]:
    """All comparisons by one measure, whose variances learn from one another."""
    places = [(two, one) for two in twos for one in columns]
    groups = {place: place[1].sides(twos[place[0]], name) for place in places}
    groups = {place: sides for place, sides in groups.items() if sides}
    compared = dict(zip(groups, differences.of_groups(name, list(groups.values())), strict=True))
    found = []
    for two in twos:
        mine = {one: compared[two, one] for one in columns if (two, one) in compared}
        if not mine:
            continue
        axis, *sides = two
        first, second = (words.setting(axis, side) for side in sides)
        empty = Claim(axis=axis, sides=(first, second), measure=name, cells={})
        mixed = {one: _is_mixed(name, groups[two, one]) for one in mine}
        found.append(_Open(claim=empty, compared=mine, is_mixed=mixed))
    return found


def _is_mixed(name: str, sides: Sequence[statistics.Sides]) -> bool:
    """Whether some pairs are told to one side and some to the other."""
    told = differences.told(differences.of_pairs(name, sides))
    return {-1, 1} <= set(told)


def _told(found: Sequence[_Open]) -> list[Claim]:
    """The same with verdicts, after Holm over all of them."""
    places = [(each, one) for each in found for one in each.compared]
    adjusted = statistics.holm([each.compared[one].p for each, one in places])
    told = []
    left = iter(adjusted)
    for each in found:
        cells = {one: _cell(each, one, next(left)) for one in each.compared}
        told.append(dataclasses.replace(each.claim, cells=cells))
    return told


def _cell(found: _Open, one: Condition, p: float | None) -> str:
    mean = found.compared[one].difference.mean
    if found.is_mixed[one]:
        return BOTH
    if mean is None or not statistics.is_told(p):
        return NONE
    return found.claim.sides[not measures.named(found.claim.measure).improves(mean)]


@finding.told
def holds(evidence: Evidence, dataset: str) -> Finding | None:
    """How many comparisons come out early as they do at last, and which turn."""
    found = [claim for claim in claims(evidence, dataset) if claim.end not in (NONE, BOTH)]
    if not found:
        return None
    told = [text for kind in ("epochs", "images") if (text := _along(found, kind))]
    where = finding.on(evidence, dataset)
    return Finding(lead=f"What holds from when{where}.", text=" ".join(told), see="stability").in_short(
        *_in_short(found, where)
    )


def _in_short(found: Sequence[Claim], where: str) -> tuple[str, str]:
    """Whether the first check says what the last does."""
    kind = next(
        kind for kind in ("epochs", "images", "seeds") if any(len(c.along(kind)[0]) > 1 for c in found)
    )
    known = [claim.along(kind) for claim in found if len(claim.along(kind)[0]) > 1]
    early = sum(conditions.first_of_the_same(cells) == 0 for _, cells in known)
    fewest, most = known[0][0][0], known[0][0][-1]
    how = "All" if early == len(known) else "Some" if early else "No"
    return (
        finding.headline(
            f"{how} comparisons told at the end are told with {conditions.told(fewest)}{where}."
        ),
        finding.body(
            f"With {conditions.told(most)} a side is named in {words.count(len(known), 'comparison')}.",
            f"In {early} of them it is named from {conditions.told(fewest)} on.",
        ),
    )


def _along(found: Sequence[Claim], kind: str) -> str:
    """Of one kind of condition: how much of what is told at last is told from the first, and what turns."""
    known = [(claim, *claim.along(kind)) for claim in found]
    known = [each for each in known if len(each[1]) > 1]
    if not known:
        return ""
    starts = [conditions.first_of_the_same(cells) for _, _, cells in known]
    from_first = sum(start == 0 for start in starts)
    fewest, most = known[0][1][0], known[0][1][-1]
    turned = [
        claim.name for claim, _, cells in known if any(cell not in (cells[-1], NONE, BOTH) for cell in cells)
    ]
    text = (
        f"A side is named in {words.count(len(known), 'comparison')} with {conditions.told(most)}, and in "
        f"{from_first} of them from {conditions.told(fewest)} on"
    )
    if not turned:
        return f"{text}, and none names the other side with fewer."
    more = finding.and_more(turned)
    return f"{text}; the other side is named with fewer in: {'; '.join(turned[: finding.MOST_NAMED])}{more}"
