"""Which configuration to take for what, and which others may be as good."""

import dataclasses
from collections.abc import Sequence

from bench import measures, statistics
from bench.report import words
from bench.report.blocks import finding
from bench.report.blocks.section import Blocks, some
from bench.report.blocks.table import Cell, Column, Row, Table, made
from bench.report.evidence import Configuration, Evidence, collapse, differences

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


@dataclasses.dataclass(frozen=True, kw_only=True)
class Choice:
    """The best of a data set on validation images, and those that may be as good, in that order.

    `measure` is that of test images. `left_out` have it, but of some seed not its counterpart. `baseline` is
    the best of those without a trained network that come out before `best`; None where none does.
    """

    measure: str
    best: Configuration
    others: tuple[Configuration, ...]
    left_out: tuple[Configuration, ...]
    is_sure: bool
    baseline: Configuration | None = None

    @property
    def taken(self) -> Configuration:
        """What is to be taken: a network, or what needs none and is better."""
        return self.baseline or self.best


def tables(evidence: Evidence) -> Blocks:
    """A table for each data set on which there is something to choose."""
    return some(table(evidence, dataset) for dataset in evidence.datasets) or ()


def choices(evidence: Evidence, dataset: str) -> list[Choice]:
    """One for each purpose for which two configurations or more were measured on validation images.

    What has collapsed is none of them.
    """
    about = collapse.without(evidence).about(dataset)
    found = (_choice(about, one.name) for one in measures.every() if one.purpose)
    return [choice for choice in found if choice is not None]


def _choice(evidence: Evidence, name: str) -> Choice | None:
    configurations = evidence.configurations
    decisive = measures.named(name).validation
    reported = [one for one in configurations if one.values(name)]
    measured = [one for one in reported if len(one.values(decisive)) == len(one.values(name))]
    sign = 1 if measures.named(name).better == "lower" else -1
    values = differences.scaled(name, [one.by_seed(decisive) for one in measured])
    places = statistics.standings([{seed: sign * v for seed, v in one.items()} for one in values])
    ranked = [(place, one) for place, one in zip(places, measured, strict=True) if place is not None]
    if len(ranked) < 2:
        return None
    ranked.sort(key=lambda pair: sign * (pair[1].mean(decisive) or 0.0))
    (first, best), *rest = ranked
    return Choice(
        measure=name,
        best=best,
        others=tuple(one for place, one in rest if place.group in (1, None)),  # one seed tells nothing
        left_out=tuple(one for one in reported if one not in measured),
        is_sure=first.group is not None,
        baseline=_baseline(evidence.baselines, best, name),
    )


def _baseline(baselines: Sequence[Configuration], best: Configuration, name: str) -> Configuration | None:
    """The best of the baselines that come out before the best network: on validation images, if measured.

    The mean image is no answer, and raw pixels are none but where codes are to tell classes.
    """
    sign = 1 if measures.named(name).better == "lower" else -1
    found = []
    for one in baselines:
        is_answer = one.settings["model"] not in ("mean", "pixels") or (
            one.settings["model"] == "pixels" and name.startswith("latent_")
        )
        decisive = measures.named(name).validation
        both = [(one.mean(each), best.mean(each)) for each in (decisive, name)]
        known = [(sign * a, sign * b) for a, b in both if a is not None and b is not None]
        if is_answer and known and one.values(name) and known[0][0] < known[0][1]:
            found.append((known[0][0], one))
    return min(found, key=lambda pair: pair[0])[1] if found else None


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
