"""What a setting does, in a headline that says what changes and for whom.

A line tells a value better than another where that is beyond chance over seeds, after Holm over all pairs of
all lines; with one seed by the number alone.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from bench.report import words
from bench.report.blocks import finding, spark
from bench.report.blocks.chart import Chart
from bench.report.evidence.comparisons import Line, Sweep
from bench.report.findings.in_short import Short

Leads = Sequence[set[tuple[Any, Any]]]  # of each line the better value, then the worse
_MORE = {
    "latent_dim": "A larger code",
    "epochs": "Longer training",
    "learning_rate": "A higher learning rate",
    "batch_size": "A larger batch",
    "beta": "A larger β",
    "kl_warmup": "A longer KL warm-up",
    "patience": "More patience",
    "train_images": "More training images",
}
_PLURAL = ("train_images",)


@dataclasses.dataclass(frozen=True)
class _Effect:
    """What more of a setting does on a line: it helps up to a value, or to the end, or hurts."""

    kind: str  # "helps", "stops", "hurts", "turns", "none"
    at: Any = None


def sweep(found: Sweep, lines: Sequence[Line], metric: str, leads: Leads, where: str, id: str) -> Short:
    """One setting along all of its lines."""
    told = _numeric(found, lines, leads) if found.is_numeric else _by_name(found, leads, metric)
    head = finding.headline(
        f"{told[:-1]}{where}.",
        told,
        f"{told.partition(';')[0].removesuffix('.')}.",
        _first(found, lines, leads) if found.is_numeric else told,
    )
    sentences = [_ends(found, line, metric) for line in _one_a_model(lines)]
    return head, finding.body(*sentences), _chart(found, lines, metric, id)


def _ends(found: Sweep, line: Line, metric: str) -> str:
    """From the first value to the last: `For AE dense the MSE goes from 0.026 at 2 to 0.0081 at 64.`"""
    known = [point for point in line.points if point.values(metric)]
    first, last = (
        f"{words.number(metric, one.mean(metric))} "
        f"{'at' if found.is_numeric else 'with'} {words.value_text(one.settings[found.axis])}"
        for one in (known[0], known[-1])
    )
    return f"For {line.points[0].family} the {words.head(metric)} goes from {first} to {last}."


def _one_a_model(lines: Sequence[Line]) -> list[Line]:
    firsts: dict[Any, Line] = {}
    for line in lines:
        firsts.setdefault(line.points[0].settings["model"], line)
    return list(firsts.values())


def _chart(found: Sweep, lines: Sequence[Line], metric: str, id: str) -> Chart:
    drawn = []
    for line in lines[:4]:
        points = [one for one in line.points if one.values(metric)]
        drawn.append([(_at(found, one.settings[found.axis]), one.mean(metric) or 0.0) for one in points])
    alt = "; ".join(f"{line.label}: {_ends(found, line, metric)}" for line in lines[:4])
    return spark.lines(f"spark-{id}", alt, drawn)


def _at(found: Sweep, value: Any) -> float:
    return float(value) if found.is_numeric else float(found.values.index(value))


# --- values in an order ---------------------------------------------------------------------------------


def _ranked(found: Sweep, lines: Sequence[Line], leads: Leads) -> list[tuple[_Effect, list[str]]]:
    """What more of a setting does, and to which models; what helps first."""
    by_model: dict[str, set[_Effect]] = {}
    for line, pairs in zip(lines, leads, strict=True):
        values = [point.settings[found.axis] for point in line.points]
        model = words.model(line.points[0].settings["model"])
        by_model.setdefault(model, set()).add(_effect(values, pairs))
    effects: dict[_Effect, list[str]] = {}
    for model, kinds in by_model.items():
        effects.setdefault(_common(kinds), []).append(model)
    order = (
        *("helps", "helps early", "helps some", "stops", "turns"),
        *("hurts", "hurts some", "some", "none"),
    )
    return sorted(effects.items(), key=lambda item: order.index(item[0].kind))


def _subject(found: Sweep) -> str:
    return _MORE.get(found.axis, f"A larger {words.axis(found.axis)}")


def _first(found: Sweep, lines: Sequence[Line], leads: Leads) -> str:
    """The first of what it does, where the names of models find no room."""
    (one, _), *others = _ranked(found, lines, leads)
    clause = _clause(one, "some models" if others else "every model", is_first=True)
    return f"{_subject(found)} {_without(clause)}."


def _numeric(found: Sweep, lines: Sequence[Line], leads: Leads) -> str:
    ranked, subject = _ranked(found, lines, leads), _subject(found)
    clauses = [_clause(one, _whom(models), is_first=not place) for place, (one, models) in enumerate(ranked)]
    text = f"{subject} {'; '.join(clauses)}."
    if finding.numbers(text) > 1:  # the values stand in the body
        text = f"{subject} {'; '.join(_without(one) for one in clauses)}."
    if found.axis in _PLURAL:
        for singular in ("keeps", "helps", "hurts", "changes"):
            text = text.replace(f"{subject} {singular}", f"{subject} {singular[:-1]}")
    return text


def _effect(values: Sequence[Any], pairs: set[tuple[Any, Any]]) -> _Effect:
    first, last = values[0], values[-1]
    helped = any(worse == first for _, worse in pairs)
    hurt = any(worse == last for _, worse in pairs)
    best = next((v for v in values if not any(worse == v for _, worse in pairs)), last)
    if helped and hurt:
        return _Effect("turns", best)
    if helped:
        return _Effect("helps") if best == last else _Effect("stops", best)
    return _Effect("hurts") if hurt else _Effect("none")


def _common(kinds: set[_Effect]) -> _Effect:
    """What holds on all lines of a model; of several ends the last."""
    if len(kinds) == 1:
        return next(iter(kinds))
    if {one.kind for one in kinds} == {"stops"}:
        return _Effect("stops", max(one.at for one in kinds))
    named = {one.kind for one in kinds}
    if named <= {"stops", "turns"}:
        return _Effect("turns")
    if named <= {"helps", "stops"}:
        return _Effect("helps early")
    if named <= {"helps", "stops", "turns", "none"}:
        return _Effect("helps some")
    return _Effect("hurts some" if named == {"hurts", "none"} else "some")


def _clause(one: _Effect, whom: str, *, is_first: bool) -> str:
    at = "" if one.at is None else f" at {words.value_text(one.at)}"
    first = {
        "helps": f"keeps helping {whom}",
        "helps early": f"helps {whom}, on some lines to the end",
        "stops": f"helps {whom} and stops helping{at}" if at else f"helps {whom}",
        "turns": f"helps {whom} only{at.replace(' at ', ' up to ')}" if at else f"helps {whom} only at first",
        "hurts": f"hurts {whom}",
        "helps some": f"helps {whom} on some lines",
        "hurts some": f"hurts {whom} on some lines",
        "some": f"helps or hurts {whom} depending on the other settings",
        "none": f"changes nothing that is told for {whom}",
    }
    later = {
        "helps": f"{whom} keeps gaining",
        "helps early": f"{whom} gains early",
        "stops": f"{whom} stops{at}",
        "turns": f"{whom} is best{at}" if at else f"{whom} stops early",
        "hurts": f"{whom} loses",
        "helps some": f"{whom} gains on some lines",
        "hurts some": f"{whom} loses on some lines",
        "some": f"{whom} differs by setting",
        "none": f"for {whom} nothing is told",
    }
    return (first if is_first else later)[one.kind]


def _without(clause: str) -> str:
    """The same without its value."""
    return (
        " ".join(word for word in clause.split(" ") if not any(sign.isdigit() for sign in word))
        .removesuffix(" at")
        .removesuffix(" up to")
    )


def _whom(models: Sequence[str]) -> str:
    return f"the {words.listing(models)}" if len(models) < 4 else f"{len(models)} models"


# --- values without an order ----------------------------------------------------------------------------


def _called(axis: str, value: Any) -> str:
    if axis == "train_images":
        return f"training on {words.value_text(value)} images"
    return str(value).upper() if axis == "loss" else words.value_text(value)


def _by_name(found: Sweep, leads: Leads, metric: str) -> str:
    values = [value for value in found.values]
    worse_on = {v: sum(any(w == v for _, w in pairs) for pairs in leads) for v in values}
    both = {pair for pairs in leads for pair in pairs}
    better = "highest SSIM" if metric == "test_ssim" else "lowest error"
    names: Mapping[Any, str] = {v: _called(found.axis, v) for v in values}
    if not both:
        return f"No difference between {_list(names, values)} is told."
    if any((b, a) in both for a, b in both):
        return f"Which {words.axis(found.axis)} has the {better} depends on the other settings."
    good = [v for v in values if not worse_on[v]]
    bad = [v for v in values if worse_on[v] == len(leads)]
    some = [v for v in values if v not in good and v not in bad]
    level = [v for v in good if not any(a == v for a, _ in both)] if len(good) > 1 else []
    if len(good) == 1 and not some:
        return words.capital(f"{names[good[0]]} has the {better}{_everywhere(leads)}.")
    rest = [*bad, *some]
    if good and bad and not some:
        return words.capital(f"{_list(names, good)} are not told apart; {_are(names, bad)} worse.")
    if good and len(level) < len(good):
        ahead = [v for v in good if v not in level]
        return words.capital(f"{_are(names, ahead)} never worse; {_are(names, rest)}, on some lines.")
    return words.capital(f"{_are(names, rest)} worse on some lines.")


def _are(names: Mapping[Any, str], values: Sequence[Any]) -> str:
    return f"{_list(names, values)} {'is' if len(values) == 1 else 'are'}"


def _everywhere(leads: Leads) -> str:
    return "" if len(leads) == 1 else " on both lines" if len(leads) == 2 else " on all lines"


def _list(names: Mapping[Any, str], values: Sequence[Any]) -> str:
    return words.listing([names[v] for v in values]) if values else ""
