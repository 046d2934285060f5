"""What changed -> text for a terminal, Markdown, JSON or a page."""

import dataclasses
import json
import os
from collections.abc import Callable

from bench import foreign, measures
from bench.compare import change as verdicts
from bench.compare.change import Change, Comparison
from bench.report import words
from bench.report.blocks.table import Cell, Column, Row, Table
from bench.report.findings.verdicts import CANNOT_TELL, DEPENDS, NO_DIFFERENCE

MOST_NAMED = 6
MARKS = {
    verdicts.WORSE: "▼",
    verdicts.BETTER: "▲",
    DEPENDS: "\N{UP DOWN ARROW}",
    NO_DIFFERENCE: "~",
    verdicts.CONSISTENT: "\N{ALMOST EQUAL TO}",
    CANNOT_TELL: "?",
    verdicts.SAME: "=",
    verdicts.NOT_COMPARABLE: "\N{CIRCLED DIVISION SLASH}",
}
_SAID = {
    NO_DIFFERENCE: "that chance may explain",
    verdicts.CONSISTENT: "consistent with the first",
    CANNOT_TELL: "that cannot be tested",
    verdicts.SAME: "the same",
}
RULE = (
    "Better and worse are said where p < 0.05 after Holm over all numbers of single configurations: an "
    "interval that leaves out 0 is not enough, since of many one will. Where both runs have the same seeds, "
    "these are blocks; errors and distances are compared by their logarithms; and eight configurations or "
    "more share what they know of their variances (Smyth 2004), fewer have Welch's test. Over all together, "
    "each by the seeds that both runs have, signs of their differences are flipped, with Holm over these "
    "rows. A run with one seed is held against the spread of the other's seeds; with one on both sides "
    "nothing can be told. Consistent is what is not told apart and lies, as a mean over the seeds of the "
    "second run, in the 95 % prediction interval that the seeds of the first give for it (two or more). All "
    "together depend on a setting where differences vary, to both sides, by more than seeds explain. "
    "Baselines have no seed: below a thousandth of the number they count as the same."
)


def summary(found: Comparison, threshold: float) -> str:
    """Counts of verdicts, and whether something got worse, in two sentences."""
    counted = [f"{count} {_SAID.get(verdict, verdict)}" for verdict, count in found.counts().items()]
    shared = len({change.configuration for change in found.changes})
    text = f"{words.count(shared, 'configuration')} in both runs"
    if counted:
        text += f": of {words.count(len(found.changes), 'number')}, {words.listing(counted)}"
    text += ". "
    bound = f" by more than {words.percentage(threshold)}" if threshold else ""
    worse = len(found.regressions(threshold))
    if found.failures:
        text += f"Of {words.count(len(found.failures), 'configuration')} fewer trials ended well. "
    if not worse:
        return text + f"{'No number' if found.failures else 'Nothing'} is shown to have got worse{bound}."
    return text + f"{worse} got worse{bound}{_overall(found, threshold)}."


def _overall(found: Comparison, threshold: float) -> str:
    shifted = [one for one in found.regressions(threshold) if one in found.overall]
    if not shifted:
        return ""
    return f", {words.listing(words.head(one.measure) for one in shifted)} over all configurations together"


def apart(found: Comparison) -> list[str]:
    """Sentences on what is in one run only, and on what does not compare."""
    lines = [*found.failures, *found.notes]
    for names, which in ((found.only_before, "first"), (found.only_after, "second")):
        if names:
            more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
            lines.append(f"In the {which} run only: {'; '.join(names[:MOST_NAMED])}{more}.")
    return lines


def sheet(found: Comparison) -> Table:
    """All configurations together, then every change, what got worse first."""
    order = {verdict: i for i, verdict in enumerate(verdicts.VERDICTS)}
    changes = [*found.overall, *sorted(found.changes, key=lambda one: order[one.verdict])]
    return Table(
        id="table-changes",
        caption=f"From {found.before} to {found.after}",
        columns=(
            Column(label="Configuration", is_number=False),
            Column(label="Measure", is_number=False),
            Column(label="Before", hint="Mean over seeds."),
            Column(label="After", hint="Mean over seeds."),
            Column(label="Difference", hint="With its 95 % interval, where one can be given."),
            Column(label="Verdict", is_number=False),
        ),
        rows=tuple(_row(change, is_overall=change in found.overall) for change in changes),
        note=RULE,
    )


def _row(change: Change, *, is_overall: bool) -> Row:
    name = change.measure
    # That of resampled pairs lies unevenly, and so does that of logarithms.
    shown = words.between if is_overall or measures.named(name).scale else words.interval
    return Row(
        cells=(
            Cell(text=change.configuration),
            Cell(text=words.head(name)),
            Cell(text=words.number(name, change.before), order=change.before),
            Cell(text=words.number(name, change.after), order=change.after),
            Cell(text=shown(name, change.difference), order=change.difference.mean),
            Cell(text=f"{MARKS[change.verdict]}{words.NBSP}{change.told}"),
        )
    )


def text(found: Comparison, threshold: float) -> str:
    """For a terminal."""
    import rich.console
    import rich.markup
    import rich.table

    shown = sheet(found)
    console = rich.console.Console(highlight=False, width=None if os.isatty(1) else 120)
    table = rich.table.Table(box=None, header_style="bold", pad_edge=False, title=None)
    for column in shown.columns:
        table.add_column(
            column.label,
            justify="right" if column.is_number else "left",
            no_wrap=column.is_number,
            overflow="fold",
        )
    for row in shown.rows:
        table.add_row(*(rich.markup.escape(foreign.visible(cell.text)) for cell in row.cells))
    with console.capture() as captured:
        console.print(foreign.visible(shown.caption), style="bold", markup=False, soft_wrap=True)
        console.print(table)
        for line in (*apart(found), shown.note):
            console.print(f"\n{foreign.visible(line)}", markup=False)
        style = "red" if found.is_worse(threshold) else None
        console.print(f"\n{summary(found, threshold)}", style=style, markup=False)
    return captured.get().rstrip("\n")


def as_json(found: Comparison, threshold: float) -> str:
    """For programs: every change with its numbers at full precision."""
    record = dataclasses.asdict(found)
    record |= {"counts": found.counts(), "threshold": threshold, "worse": len(found.regressions(threshold))}
    return json.dumps(record, indent=2)


def markdown(found: Comparison, threshold: float) -> str:
    """For an issue or a pull request."""
    return _rendered("compare.md.j2", found, threshold)


def html(found: Comparison, threshold: float) -> str:
    """A page of one file, which fetches nothing."""
    return _rendered("compare.html.j2", found, threshold)


def _rendered(template: str, found: Comparison, threshold: float) -> str:
    from bench.report.page import render

    return (
        render.Renderer()
        .page(
            template, table=sheet(found), summary=summary(found, threshold), apart=apart(found), found=found
        )
        .rstrip("\n")
    )


FORMATS: dict[str, Callable[[Comparison, float], str]] = {
    "text": text,
    "markdown": markdown,
    "json": as_json,
    "html": html,
}
