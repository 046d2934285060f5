"""Findings about settings: which matters, what each does, and whether training was long enough."""

import collections
import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bench import statistics
from bench.ask import schedules
from bench.report import words
from bench.report.blocks import finding, spark
from bench.report.blocks.chart import Chart
from bench.report.blocks.finding import Finding
from bench.report.evidence import Configuration, Evidence, comparisons, differences
from bench.report.evidence.comparisons import Line, Sweep
from bench.report.findings import in_short_sweeps, influence

MOST_LINES = 3  # in one sentence


@finding.told
def largest_effect(evidence: Evidence, dataset: str) -> Finding | None:
    """Which of several settings moves the test MSE farthest, as far as the values of the grid reach.

    The loss is never the answer, since another loss is another aim, as is another weight of its terms. With
    two seeds or more the answer needs a main effect that is told apart from none, after Holm over those of
    all settings.
    """
    part = evidence.about(dataset)
    found = influence.ranges(part, "test_mse")
    aims = {"loss", *evidence.own_options("model")}
    ranked = [axis for axis in found if axis not in aims]
    if len(ranked) < 2:
        return None
    listed = "; ".join(f"{words.axis(axis)} {found[axis]}" for axis in found)
    after, where = comparisons.after(part.configurations), finding.on(evidence, dataset)
    text = (
        f"Mean change of the test MSE{after} with all else equal, in % of that with the most common value of "
        f"the setting, from the lowest to the highest: {listed}. How wide a range is hangs on which values "
        "the grid tries: with other ends of it the order may be another."
    )
    beside = ", another aim apart" if aims & {*list(found)[: list(found).index(ranked[0])]} else ""
    first = "; ".join(f"{words.axis(axis)} {found[axis]}" for axis in ranked[:2])
    lead = f"What moves the MSE{after} farthest{where}{beside}: {first}."
    if not part.has_intervals:
        text += " With one seed, chance is part of them."
    elif not _is_first_sure(part, ranked):
        lead = f"Which setting moves the MSE{after} farthest{where} cannot be told."
        text += f" Chance alone could make the main effects of the first, {words.axis(ranked[0])}."
    is_told = part.has_intervals and _is_first_sure(part, ranked)
    short = _far(found, ranked, f"{beside}{where}", is_told=is_told or not part.has_intervals)
    chart = _reaches([found[axis] for axis in ranked[:3]], evidence.suffix(dataset))
    return Finding(lead=lead, text=text, see="effects").in_short(*short, chart)


def _far(
    found: Mapping[str, influence.Range], ranked: Sequence[str], where: str, *, is_told: bool
) -> tuple[str, str]:
    """Which setting moves the error farthest, and from where to where the first two do."""
    first, second = (words.axis(axis) for axis in ranked[:2])
    head = f"The error changes most with {first}{where}."
    if not is_told:
        head = f"Which setting moves the error farthest cannot be told{where}."
    return finding.headline(head), finding.body(
        f"Against the usual value of {first} the error changes by {found[ranked[0]].reach()}.",
        f"Next is {second}: {found[ranked[1]].reach(with_values=False)}.",
    )


def _reaches(found: Sequence[influence.Range], suffix: str) -> Chart:
    marks = []
    for one in found:
        changes = [0.0, *(change.difference.mean or 0.0 for _, change in one.ends)]
        middle = changes[1] if abs(min(changes)) < abs(max(changes)) else min(changes)
        marks.append((max(changes) if middle == changes[1] else middle, min(changes), max(changes)))
    alt = "; ".join(f"{words.axis(one.axis)} {one.reach()}" for one in found)
    return spark.changes(f"spark-far{suffix}", f"{alt}.", marks, [words.axis(one.axis) for one in found])


def _is_first_sure(evidence: Evidence, axes: Sequence[str]) -> bool:
    """Whether some effect of the first axis is told apart from none, among those of all."""
    lines = influence.settings(evidence)
    effects = [influence.main_effects(lines[axis], axis, evidence.base, ("test_mse",)) for axis in axes]
    adjusted = statistics.holm([one.comparison.p for found in effects for one in found])
    return any(map(statistics.is_told, adjusted[: len(effects[0])]))


@finding.told
def along_axis(sweep: Sweep, where: str = "", id: str = "") -> Finding | None:
    """What a change of one setting does, line by line; for a loss, by SSIM and not by squared error."""
    metric = sweep.metrics[0]
    lines = [line for line in sweep.lines if all(point.values(metric) for point in line.points)]
    if not lines:
        return None
    after = comparisons.after((point for line in lines for point in line.points), sweep.axis)
    text = f"{words.head(metric)}{after} with all else equal. "
    text += "; ".join(_along_line(sweep, line, metric) for line in lines[:MOST_LINES]) + "."
    if len(lines) > MOST_LINES:
        text += f" {words.count(len(lines) - MOST_LINES, 'more line')} below."
    text += f" {words.capital(words.axis(sweep.axis))}: {_direction(sweep, lines, metric)}."
    leads = [
        _by_mean(sweep, line, metric) if known is None else known
        for line, known in _known(sweep, lines, metric)
    ]
    head, body, chart = in_short_sweeps.sweep(sweep, lines, metric, leads, where, f"{sweep.axis}{id}")
    found = Finding(lead=head, text=text + _accuracies(sweep), see="effects")
    return found.in_short(head, body, chart)


def _known(
    sweep: Sweep, lines: Sequence[Line], metric: str
) -> Iterable[tuple[Line, set[tuple[Any, Any]] | None]]:
    return zip(lines, _leads(sweep, lines, metric), strict=True)


def _by_mean(sweep: Sweep, line: Line, metric: str) -> set[tuple[Any, Any]]:
    """All values of a line in the order of their numbers, where no seed can tell more."""
    return {_ordered(sweep, pair, metric) for pair in itertools.combinations(line.points, 2)}


def _along_line(sweep: Sweep, line: Line, metric: str) -> str:
    """A line by its ends and its best point; values that have no order, one by one."""
    shown = line.points
    if sweep.is_numeric:
        shown = tuple(p for p in shown if p in (shown[0], _best(line.points, metric), shown[-1]))
    values = (f"{finding.measure(p, metric)} at {words.value_text(p.settings[sweep.axis])}" for p in shown)
    return f"{line.label}: {words.listing(values)}"


def _accuracies(sweep: Sweep) -> str:
    name = sweep.metrics[1]
    found = [(value, point) for line in sweep.lines for point in line.points if (value := point.mean(name))]
    if not found:
        return ""
    low, high = min(found, key=lambda item: item[0]), max(found, key=lambda item: item[0])
    return (
        f" 5-NN accuracy lies between {words.number(name, low[0], unit=True)} ({low[1].name}) and "
        f"{words.number(name, high[0], unit=True)} ({high[1].name})."
    )


def _best(points: Sequence[Configuration], metric: str) -> Configuration:
    choose = max if metric == "test_ssim" else min
    return choose(points, key=lambda point: point.mean(metric) or 0.0)


def _direction(sweep: Sweep, lines: Sequence[Line], metric: str) -> str:
    """Which value does best, if it is the same one on every line, and whether chance could do that."""
    label = "highest SSIM" if metric == "test_ssim" else "lowest MSE"
    best = {_best(line.points, metric).settings[sweep.axis] for line in lines}
    leads = _leads(sweep, lines, metric)
    if len(best) > 1:
        told = {pair for found in leads for pair in found or ()}
        if any((worse, better) in told for better, worse in told):
            return f"which value has the {label} depends on the other settings"
        if all(found is None for found in leads):
            return f"which value has the {label} differs from line to line"
        return f"the {label} is at {_where(sweep, lines, metric)}, and no line contradicts another"
    first = best.pop()
    text = f"{words.value_text(first)} has the {label}"
    if len(lines) > 1:
        text += " on both lines" if len(lines) == 2 else f" on all {len(lines)} lines"
    sure = [
        None if found is None else sum(better == first for better, _ in found) == len(line.points) - 1
        for line, found in zip(lines, leads, strict=True)
    ]
    if all(one is None for one in sure) or all(sure):
        return text
    return f"{text}, beyond chance on {sum(map(bool, sure)) or 'none'}"


def _where(sweep: Sweep, lines: Sequence[Line], metric: str) -> str:
    """On how many lines which value does best: `adam on 2 of 3 lines and adamw on 1`."""
    counts = collections.Counter(_best(line.points, metric).settings[sweep.axis] for line in lines)
    first, *rest = counts.most_common()
    told = [f"{words.value_text(first[0])} on {first[1]} of {len(lines)} lines"]
    return words.listing([*told, *(f"{words.value_text(value)} on {count}" for value, count in rest)])


def _leads(sweep: Sweep, lines: Sequence[Line], metric: str) -> list[set[tuple[Any, Any]] | None]:
    """Of each line the values that are told better than another, with that other; None without a test.

    Over seeds, after Holm over all pairs of all lines.
    """
    pairs = [[*itertools.combinations(line.points, 2)] for line in lines]
    values = [(a.by_seed(metric), b.by_seed(metric)) for of_line in pairs for a, b in of_line]
    every = [one.p for one in differences.of_pairs(metric, values)]
    left, adjusted = iter(every), iter(statistics.holm(every))
    tested = [[next(left) for _ in of_line] for of_line in pairs]
    found: list[set[tuple[Any, Any]] | None] = []
    for of_line, ps in zip(pairs, tested, strict=True):
        told = [pair for pair in of_line if statistics.is_told(next(adjusted))]
        found.append(None if all(p is None for p in ps) else {_ordered(sweep, pair, metric) for pair in told})
    return found


def _ordered(sweep: Sweep, pair: tuple[Configuration, Configuration], metric: str) -> tuple[Any, Any]:
    """The better value, then the worse."""
    better = _best(pair, metric)
    worse = pair[0] if better is pair[1] else pair[1]
    return better.settings[sweep.axis], worse.settings[sweep.axis]


@finding.told
def not_levelled_off(evidence: Evidence) -> Finding | None:
    """Trials whose best epoch is their last: longer training would change the picture."""
    late = unfinished_learning(evidence)
    if not late:
        return None
    total = len(evidence.configurations)
    text = (
        f"In {len(late)} of {words.count(total, 'configuration')} the last epoch was the best of some seed. "
        "Longer training may change their order (--epochs)."
    )
    chart = spark.share(
        "spark-late", f"{len(late)} of {total} configurations had not levelled off.", len(late), total
    )
    return Finding(lead="Training had not levelled off.", text=text, see="training").in_short(
        "Training had not levelled off: more epochs may change the order.",
        finding.body(
            f"In {len(late)} of {words.count(total, 'configuration')} the last epoch was the best of a seed."
        ),
        chart,
    )


def unfinished_learning(evidence: Evidence) -> list[Configuration]:
    """Configurations with a seed whose best epoch is the last, patience or not.

    But for those whose learning rate fell to 0: their last epoch is the best whether more would help or not.
    """
    return [
        one
        for one in evidence.configurations
        if one.settings["schedule"] != schedules.COSINE
        and any(result.measures.get("best_epoch") == one.settings["epochs"] for result in one.results)
    ]
