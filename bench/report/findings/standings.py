"""Several models, or architectures, each against what it is held against: one table, and one finding.

The p-values are those of Holm over all tests of the table, so that what is said of one row holds beside
what is said of the others.
"""

from collections.abc import Sequence

from bench import measures, statistics
from bench.report import words
from bench.report.blocks import finding
from bench.report.blocks.finding import Finding
from bench.report.blocks.table import Cell, Column, Row, Table, made, measure_column
from bench.report.evidence import Evidence, differences, likelihoods
from bench.report.evidence.differences import Tally
from bench.report.evidence.opponents import Opponents
from bench.report.findings import in_short, verdicts
from bench.report.findings.verdicts import Verdict

BREAK = f";{words.NBSP}"
"""Between a difference, its verdict and its p-value in a cell: the page begins a line there."""


def table(id: str, caption: str, found: Sequence[Opponents], dataset: str) -> Table | None:
    """A row for each two, a column for each measure that some of them have; None without pairs."""
    return _table(id, caption, *judged(found, dataset))


def judged(found: Sequence[Opponents], dataset: str) -> tuple[list[Opponents], list[list[Verdict]]]:
    """Those that have pairs on a data set, and the verdicts on each, after Holm over all of them.

    Where so few pairs can give no verdict, it is over seeds at the settings that there are.
    """
    matched = [one for one in found if one.on(dataset)]
    groups, names = [one.on(dataset) for one in matched], measures.of_table("standings")
    told = verdicts.family(groups, names)
    if not any(one.is_testable for row in told for one in row):
        told = verdicts.over_seeds(groups, names)
    return matched, told


@made
def _table(
    id: str, caption: str, matched: Sequence[Opponents], told: Sequence[Sequence[Verdict]]
) -> Table | None:
    taken = {one.measure for row in told for one in row}
    names = [name for name in measures.of_table("standings") if name in taken]
    if not names:
        return None
    return Table(
        id=id,
        caption=caption,
        columns=(
            Column(label="Against", is_number=False),
            Column(label="Pairs"),
            *(measure_column(name) for name in names),
        ),
        rows=tuple(_row(one, row, names) for one, row in zip(matched, told, strict=True)),
        note=_doubt(told),
        reading=verdicts.OVER_SEEDS if is_over_seeds(told) else verdicts.READING,
    )


def _row(one: Opponents, told: Sequence[Verdict], names: Sequence[str]) -> Row:
    by_measure = {verdict.measure: verdict for verdict in told}
    pairs = max((verdict.pairs for verdict in told), default=0)
    return Row(
        cells=(
            Cell(text=words.capital(" against ".join(one.sides))),
            Cell(text=str(pairs), order=pairs),
            *(_cell(by_measure.get(name)) for name in names),
        )
    )


def is_over_seeds(told: Sequence[Sequence[Verdict]]) -> bool:
    """Whether verdicts are over seeds, and not over pairs of settings."""
    return any(one.is_over_seeds and one.p is not None for row in told for one in row)


def _cell(verdict: Verdict | None) -> Cell:
    if verdict is None:
        return Cell(text=words.NONE)
    difference = verdict.comparison.difference
    told = verdict.unclear if verdict.winner is None else ("better", "worse")[verdict.winner]
    if verdict.p is not None:
        p = words.p_value(verdict.p)
        told += f"{BREAK}p{words.NBSP}{p if p.startswith('<') else f'={words.NBSP}{p}'}"
    text = words.difference(verdict.measure, verdict.comparison)
    return Cell(text=f"{text}{BREAK}{told.replace(' ', words.NBSP)}", order=difference.mean)


def _doubt(told: Sequence[Sequence[Verdict]]) -> str:
    """Why there can be no verdict in some rows, or in any; empty where each could have one."""
    tested = [one for row in told for one in row if one.p is not None]
    if not tested:
        return verdicts.UNTESTED
    if is_over_seeds(told):
        return "Pairs are too few for a test over settings: each is over seeds, at these settings alone."
    best = statistics.holm([statistics.smallest_p(one.pairs) for one in tested])
    lost = [one for one, p in zip(tested, best, strict=True) if not statistics.is_told(p)]
    if not lost:
        return ""
    pairs = max(one.pairs for one in lost)
    which = f"With {words.count(pairs, 'pair')}" + (" or fewer" if pairs > 1 else "")
    return (
        f"{which} no p can fall below {statistics.smallest_p(pairs):.2g}, which is too large after Holm over "
        f"the {len(tested)} tests of this table: there, whether a difference holds from setting to setting "
        "cannot be told."
    )


@finding.told
def told(evidence: Evidence, dataset: str, found: Sequence[Opponents], see: str) -> Finding | None:
    """Who reconstructs closer than what it is held against, by test MSE."""
    matched, told = judged(found, dataset)
    on_mse = [
        (one, verdict)
        for one, row in zip(matched, told, strict=True)
        for verdict in row
        if verdict.measure == "test_mse"
    ]
    if not on_mse:
        return None
    is_models = found[0].axis == "model"
    than = "" if is_models else f"than {found[0].sides[1]}"
    parts = [_sentence(one, verdict, dataset) for one, verdict in on_mse]
    text = (
        f"Mean difference of the test MSE, in percent of the second, over pairs with every other setting "
        f"equal: "
        f"{'; '.join(parts[: finding.MOST_NAMED])}{finding.and_more(parts)} "
        f"{_doubt(told)}"
    ).strip()
    pairs = [pair for one, _ in on_mse for pair in one.on(dataset)] if is_models else []
    text = f"{text} {likelihoods.trade([one for pair in pairs for one in (pair.first, pair.second)])}".strip()
    where = finding.on(evidence, dataset)
    short = in_short.of_several(
        [(*one.sides, verdict) for one, verdict in on_mse],
        built_on="what it builds on" if is_models else found[0].sides[1],
        where=where,
        id=f"{see}{evidence.suffix(dataset)}",
    )
    return Finding(lead=f"{_lead(on_mse, than)}{where}.", text=text, see=see).in_short(*short)


def _lead(judged: Sequence[tuple[Opponents, Verdict]], than: str) -> str:
    """Who is better, who is worse, and of whom it cannot be told; `than` what, if all are held against it."""
    closer, farther = (
        [one.sides[0] for one, verdict in judged if verdict.winner == winner] for winner in (0, 1)
    )
    unclear: dict[str, list[str]] = {}
    for one, verdict in judged:
        if verdict.winner is None:
            unclear.setdefault(verdict.unclear, []).append(one.sides[0])
    parts = []
    if closer:
        parts.append(f"{_reconstruct(closer)} closer {than or _built_on(closer)}")
    if farther:
        parts.append(
            f"{_reconstruct(farther)} less close{'' if closer else f' {than or _built_on(farther)}'}"
        )
    for said, names in unclear.items():
        told = f"{_reconstruct(names)} closer {than or _built_on(names)}"
        parts.append(
            f"whether {told} cannot be told"
            if said == verdicts.CANNOT_TELL
            else f"that {told} is not shown"
            if said == verdicts.NO_DIFFERENCE
            else f"whether {told} {said}"
        )
    return words.capital("; ".join(parts))


def _sentence(one: Opponents, verdict: Verdict, dataset: str) -> str:
    first, second = one.sides
    tally = differences.tally("test_mse", differences.sides(one.on(dataset), "test_mse"))
    p = "" if verdict.p is None else f", p after Holm {words.p_value(verdict.p)}"
    return (
        f"{first} against {second} {words.difference('test_mse', verdict.comparison)}, lower in "
        f"{tally.lower} of "
        f"{words.count(tally.pairs, 'pair')}{_told(tally)}{p}{_turns(verdict)}"
    )


def _told(tally: Tally) -> str:
    """In how many of these it is told."""
    return f" ({tally.told_lower} told, after Holm over them)" if tally.has_intervals else ""


def _turns(verdict: Verdict) -> str:
    told = verdicts.by_cause(verdict)
    if told:
        return f", depending on {verdict.depends_on}: {told}"
    return f", depending on {verdict.depends_on}" if verdict.depends else ""


def _reconstruct(names: Sequence[str]) -> str:
    return f"{words.listing(names)} {'reconstructs' if len(names) == 1 else 'reconstruct'}"


def _built_on(names: Sequence[str]) -> str:
    return "than the model that it builds on" if len(names) == 1 else "than the models that they build on"
