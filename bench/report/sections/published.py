"""Published and obtained: numbers of papers that the run was to reproduce, and whether it did."""

from collections.abc import Sequence

from bench.ask.published import Published
from bench.report import words
from bench.report.blocks.section import Block, Blocks, Figure, folded, text
from bench.report.blocks.table import Cell, Column, Row, Table, made
from bench.report.evidence import Evidence, reproduced
from bench.report.evidence.reproduced import Reproduced
from bench.report.sections import chart_published

UNCONFIRMED = " (not confirmed)"
REMEMBERED = "not read in the paper or in a source that quotes it"
_READING = (
    "A number is inside where the mean of our seeds lies no further from it than the tolerance, to either "
    "side. Where a row states none, the tolerance is 2 sqrt(b² + s²/n) with the published bar b and the "
    "deviation s of our n seeds (of one seed, b). What a number is a number of is defined under the table."
)


def section(evidence: Evidence) -> Blocks | None:
    """None where the grid of the run names no published number."""
    rows = reproduced.rows(evidence)
    if not rows:
        return None
    chart = chart_published.draw(rows)
    figures: list[Block] = [Figure(charts=(chart,), caption=chart_published.CAPTION)] if chart else []
    return (
        text(headline(rows), *_notes(rows)),
        *figures,
        folded(_numbers(rows)),
        folded(_sources(rows)),
    )


def headline(rows: Sequence[Reproduced]) -> str:
    """`17 of 20 published numbers are inside their tolerance.`; and how many could not be held against it."""
    inside = sum(one.is_inside is True for one in rows)
    absent = sum(one.is_inside is None for one in rows)
    numbers = words.count(len(rows), "published number")
    verb = "is inside its" if inside == 1 or len(rows) == 1 else "are inside their"
    told = f"{inside} of {numbers} {verb} tolerance."
    outside = len(rows) - inside - absent
    rest = [f"{n} {word}" for n, word in ((outside, "outside"), (absent, "without a number of ours")) if n]
    return f"{told} {words.capital(words.listing(rest))}." if absent else told


def _notes(rows: Sequence[Reproduced]) -> list[str]:
    """What a reader of the headline has to know beside it."""
    few = [one for one in rows if one.values and len(one.values) < one.planned]
    doubtful = [one for one in rows if not one.row.is_known]
    notes = []
    if few:
        lack = "lacks" if len(few) == 1 else "lack"
        notes.append(f"{words.count(len(few), 'number')} of ours {lack} seeds.")
    if doubtful:
        noun = "value or bar was" if len(doubtful) == 1 else "values or bars were"
        them = "it" if len(doubtful) == 1 else "them"
        notes.append(f"{len(doubtful)} published {noun} {REMEMBERED}; the tables mark {them}.")
    return notes


@made
def _numbers(rows: Sequence[Reproduced]) -> Table:
    labels = [
        ("Number", "", False),
        ("Quantity", "", False),
        ("Published", "With the bar that the paper prints", True),
        ("Tolerance", "How far ours may lie off, to either side", True),
        ("Ours", "Mean over seeds with its 95 % interval", True),
        ("Seeds", "That have the number, of those that the row asks for", True),
        ("Verdict", "", False),
        ("What differs", "From the protocol of the paper", False),
    ]
    return Table(
        id="table-published",
        caption="Published and obtained",
        columns=tuple(Column(label=label, hint=hint, is_number=right) for label, hint, right in labels),
        rows=tuple(Row(cells=_cells(one)) for one in rows),
        reading=_READING,
        note=_definitions(rows),
    )


def _cells(one: Reproduced) -> tuple[Cell, ...]:
    ours, tolerance = one.ours, one.tolerance
    return (
        Cell(text=one.name),
        Cell(text=one.quantity.label if one.quantity else one.row.quantity),
        Cell(text=_published(one), order=one.row.value),
        Cell(
            text=words.NONE if tolerance is None else f"±{words.NBSP}{_figure(one, tolerance)}",
            order=tolerance,
        ),
        Cell(text=_with(one, ours.mean, ours.half_width), order=ours.mean),
        Cell(text=f"{len(one.values)} of {one.planned}", order=len(one.values)),
        Cell(text=verdict(one)),
        Cell(text=one.row.differs or words.NONE),
    )


def verdict(one: Reproduced) -> str:
    """`inside`, `outside, 0.31 above`, or why there is nothing to say."""
    if one.is_inside is None:
        return one.lacking or "no tolerance is stated"
    where = "inside" if one.is_inside else f"outside, {_distance(one)}"
    return f"{where}; {one.failed} of {one.planned} did not end well" if one.failed else where


def _distance(one: Reproduced) -> str:
    off = one.off or 0.0
    return f"{_figure(one, abs(off))} {'above' if off > 0 else 'below'}"


def _published(one: Reproduced) -> str:
    return _with(one, one.row.value, one.row.bar) + ("" if one.row.is_known else UNCONFIRMED)


def _with(one: Reproduced, value: float | None, half: float | None) -> str:
    if value is None:
        return words.NONE
    return _figure(one, value) + ("" if half is None else words.PLUS_MINUS + _figure(one, half))


def _figure(one: Reproduced, value: float) -> str:
    return words.signed(value, one.quantity.digits if one.quantity else 2)


def _definitions(rows: Sequence[Reproduced]) -> str:
    known = dict.fromkeys(one.quantity for one in rows if one.quantity)
    return " ".join(f"{quantity.label}: {quantity.text}" for quantity in known)


@made
def _sources(rows: Sequence[Reproduced]) -> Table:
    labels = ("Number", "Why this tolerance", "Bar", "Source", "Confirmed", "Two cores", "GPU")
    once = {one.row.title: one.row for one in rows}
    return Table(
        id="table-published-sources",
        caption="Sources, tolerances and what a row costs",
        columns=tuple(Column(label=label, is_number=label in ("Two cores", "GPU")) for label in labels),
        rows=tuple(
            Row(
                cells=(
                    Cell(text=row.title),
                    Cell(text=row.why),
                    Cell(text=row.bar_of or "none"),
                    Cell(text=row.source),
                    Cell(text=confirmed(row)),
                    Cell(text=words.duration(60 * row.cpu_minutes), order=row.cpu_minutes),
                    Cell(text=words.duration(60 * row.gpu_minutes), order=row.gpu_minutes),
                )
            )
            for row in once.values()
        ),
        note="Costs are estimates, of all seeds of a configuration together; rows of the same configuration "
        "share them.",
    )


def confirmed(row: Published) -> str:
    """Whether value and bar were read where they stand, in words."""
    if not row.confirmed:
        return REMEMBERED
    return "yes" if row.is_known else f"the value; the bar was {REMEMBERED}"
