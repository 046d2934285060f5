"""Which configuration to take for what, and which others may be as good."""

from collections.abc import Sequence

from bench import measures
from bench.report import words
from bench.report.blocks import finding
from bench.report.blocks.section import Blocks, some
from bench.report.blocks.table import Cell, Column, Row, Table, made
from bench.report.evidence import Evidence, collapse
from bench.report.findings.choices import Choice, choices

NOTE = (
    "The first is the best by its mean over seeds on validation images; the number is that of test images, "
    "which chose nothing. The others are those that are not told apart from something better over seeds, "
    "after Holm over all pairs of the measure, on validation images: any of them may be the best."
)
ONE_SEED = (
    "The first is the best on validation images, of one seed: which others may be as good cannot be told. "
    "The number is that of test images, which chose nothing."
)

BASELINES = (
    "What needs no training of a network competes, too: on validation images, where it was measured on them, "
    "else on test images. The others that may be as good are held against the best network."
)


def tables(evidence: Evidence) -> Blocks:
    """A table for each data set on which there is something to choose."""
    return some(table(evidence, dataset) for dataset in evidence.datasets) or ()


@made
def table(evidence: Evidence, dataset: str) -> Table | None:
    """Purposes, what to take for each, and what may be as good; None where there is nothing to choose.

    Of several backends the one in focus. None is taken for its speed: see `timings.NOT_REPEATABLE`.
    """
    found = choices(evidence.focus, dataset)
    if not found:
        return None
    rows = [_row(choice) for choice in found]
    where = finding.on(evidence, dataset)
    if len(evidence.backends) > 1:
        where += f", on {evidence.focus.backends[0]} alone"
    return Table(
        id=f"table-purposes{evidence.suffix(dataset)}",
        caption=f"What to take for which purpose{where}",
        columns=(
            Column(label="Purpose", is_number=False),
            Column(label="Take", is_number=False),
            Column(label="Measure", is_number=False),
            Column(label="Value"),
            Column(label="These may be as good", is_number=False),
        ),
        rows=tuple(rows),
        note=" ".join(
            filter(
                None,
                (
                    NOTE if any(choice.is_sure for choice in found) else ONE_SEED,
                    _left_out(found),
                    BASELINES if any(choice.baseline for choice in found) else "",
                    collapse.note(collapse.without(evidence.focus).about(dataset)),
                ),
            )
        ),
    )


def _row(choice: Choice) -> Row:
    name = choice.measure
    others = _some([one.name for one in choice.others]) if choice.others else "none"
    value = choice.taken.measure(name)
    taken = choice.best.name
    if choice.baseline:
        network = f"{taken}, {words.interval(name, choice.best.measure(name))}"
        taken = f"{choice.baseline.name}; best network: {network}"
    return Row(
        cells=(
            Cell(text=measures.named(name).purpose),
            Cell(text=taken),
            Cell(text=words.head(name)),
            Cell(text=words.interval(name, value), order=value.mean),
            Cell(text=others if choice.is_sure else "cannot tell"),
        )
    )


def _left_out(found: Sequence[Choice]) -> str:
    names = sorted({one.name for choice in found for one in choice.left_out})
    return f"Left out, since numbers on validation images are missing: {'; '.join(names)}." if names else ""


def _some(names: Sequence[str]) -> str:
    return "; ".join(names[: finding.MOST_NAMED]) + finding.and_more(names).removesuffix(".")
