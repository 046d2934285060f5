"""The tables of qualities, costs, pairs and sweeps."""

import dataclasses
import math
import re
from collections.abc import Sequence

from bench import measures
from bench.report import words
from bench.report.blocks.table import (
    NAME,
    Cell,
    Column,
    Row,
    Table,
    filters,
    interval_cell,
    made,
    measure_column,
    number_cell,
    present,
    row,
)
from bench.report.evidence import Configuration, Evidence, differences, likelihoods
from bench.report.evidence.comparisons import Pair, Sweep
from bench.report.findings import ranks
from bench.report.sections import marks
from bench.statistics import Interval

_GENERATED = ("frechet_prior", "frechet_mixture")
_COSTS = ("parameters", "fit_seconds")  # of which none is best: seconds depend on what ran beside

_REST = "The ELBO without the constant of its loss, which is under the table: what is left to the model."
_UNCONVERGED = (
    f"{marks.DAGGER} The linear classifier had not converged when it reached its bound of iterations (of "
    "some seed, where there are several): more might change its accuracy."
)


@made
def leaderboard(evidence: Evidence, dataset: str) -> Table:
    """Every configuration and baseline of a data set, by test MSE."""
    rows = [one for one in evidence.everything if one.settings["dataset"] == dataset]
    rows.sort(key=lambda one: _last_if_none(one.mean("test_mse")))
    names = present(rows, (*measures.of_table("leaderboard"), *_GENERATED))
    cells = {name: marks.marked(rows, name) for name in names}
    costs = present(rows, _COSTS)
    cells |= {name: [_cost(one, name) for one in rows] for name in costs}
    names += costs
    places = ranks.places([one for one in rows if not one.is_baseline])
    unconverged = _UNCONVERGED if any(map(marks.is_unconverged, rows)) else ""
    return Table(
        id="table-leaderboard" + evidence.suffix(dataset),
        caption=f"All {_kinds(rows)} on {words.dataset(dataset)}, lowest test MSE first",
        columns=(
            NAME,
            *ranks.columns(places),
            *(measure_column(name) for name in names),
            Column(label="Seeds"),
        ),
        rows=tuple(
            row(one, *ranks.cells(places, one.name), *(cells[name][i] for name in names), _seeds(one))
            for i, one in enumerate(rows)
        ),
        note=" ".join(filter(None, (ranks.note(places), unconverged, _unclipped(rows)))),
    )


def _kinds(rows: Sequence[Configuration]) -> str:
    """What a table of all has: `configurations and baselines`, external coders where there are some."""
    known = ["configurations", "external coders", "baselines"]
    return words.listing(known if any(one.is_external for one in rows) else known[::2])


@made
def paired(id: str, caption: str, found: Sequence[Pair], first: str, second: str) -> Table:
    """Pairs side by side: each measure of both, and the difference of the MSE; small codes first."""
    found = sorted(found, key=lambda pair: _natural(common_name(pair)))
    names = [name for name in measures.of_table("pairs") if any(pair.first.values(name) for pair in found)]
    columns = [Column(label="Settings", is_number=False)]
    columns += [
        dataclasses.replace(measure_column(name), label=f"{words.head(name)}: {which}")
        for name in names
        for which in (first, second)
    ]
    sides = [(pair.first.by_seed("test_mse"), pair.second.by_seed("test_mse")) for pair in found]
    compared = differences.of_pairs("test_mse", sides)
    columns += [
        Column(
            label="MSE difference",
            hint=f"Of {first}, in percent of {second}, with the 95 % interval over seeds of this pair by "
            "itself.",
        ),
        Column(label="Told", hint="Which is lower, after Holm over the pairs.", is_number=False),
    ]
    rows = []
    for pair, apart, sign in zip(found, compared, differences.told(compared), strict=True):
        cells = [
            interval_cell(name, one.measure(name)) for name in names for one in (pair.first, pair.second)
        ]
        cells.append(Cell(text=words.difference("test_mse", apart), order=apart.difference.mean))
        cells.append(Cell(text=("", first, second)[-sign] if sign else words.NONE))
        both = dict(pair.first.settings.items() & pair.second.settings.items())
        ordered = {name: value for name, value in pair.first.settings.items() if name in both}
        rows.append(Row(cells=(Cell(text=common_name(pair)), *cells), settings=filters(ordered)))
    return Table(id=id, caption=caption, columns=tuple(columns), rows=tuple(rows))


@made
def sweep(found: Sweep, baselines: Sequence[Configuration], suffix: str = "") -> Table:
    """Every point of a sweep, and the baselines that are drawn beside them."""
    names = ("test_mse", "test_ssim", "test_kl", "latent_accuracy", "latent_knn_accuracy")
    points = [(line, point) for line in found.lines for point in line.points]
    kept = present([point for _, point in points], names)
    rows = tuple(
        Row(
            cells=(
                Cell(text=line.label),
                _value_cell(point, found.axis),
                *(interval_cell(name, point.measure(name)) for name in kept),
            ),
            settings=filters(point.settings),
        )
        for line, point in points
    )
    rows += tuple(
        Row(
            cells=(
                Cell(text=one.name + one.mark),
                _value_cell(one, found.axis),
                *(interval_cell(name, one.measure(name)) for name in kept),
            ),
            is_baseline=True,
        )
        for one in {one.name: one for one in baselines}.values()
    )
    columns = (
        Column(label="All else equal", is_number=False),
        Column(label=words.capital(words.axis(found.axis)), is_number=found.is_numeric),
        *(measure_column(name) for name in kept),
    )
    caption = f"The numbers behind the figures: {words.axis(found.axis)}"
    return Table(id=f"table-effect-{found.axis}{suffix}", caption=caption, columns=columns, rows=rows)


@made
def rate(evidence: Evidence) -> Table | None:
    """What the models with a posterior spend: KL, active units, ELBO, and sampled against mean codes."""
    if not any(one.values("test_kl") for one in evidence.configurations):
        return None
    rows = [one for one in evidence.everything if one.values("test_kl")]
    names = present(rows, ("test_kl", "active_units", "test_elbo"))
    others = present(rows, ("test_elbo_fitted", "fitted_variance", "test_mse", "test_mse_sampled"))
    rests = [likelihoods.rest(evidence, one) for one in rows]
    has_rest = any(rests)
    columns = (
        NAME,
        Column(label="Latent size"),
        Column(label="Loss", is_number=False),
        *(measure_column(name) for name in names),
        *([Column(label="ELBO less constant, nats per image", hint=_REST)] if has_rest else []),
        *(measure_column(name) for name in others),
    )
    return Table(
        id="table-rate",
        caption="What the codes of variational models say about their images (compare ELBO within one loss)",
        columns=columns,
        note=likelihoods.note(evidence),
        rows=tuple(
            row(
                one,
                Cell(text=str(one.settings["latent_dim"]), order=one.settings["latent_dim"]),
                Cell(text=str(one.settings.get("loss", words.NONE))),
                *(interval_cell(name, one.measure(name)) for name in names),
                *([_rest_cell(left)] if has_rest else []),
                *(interval_cell(name, one.measure(name)) for name in others),
            )
            for one, left in zip(rows, rests, strict=True)
        ),
    )


def _rest_cell(left: Interval | None) -> Cell:
    return Cell(text=words.interval("test_elbo", left), order=left.mean if left else None)


@made
def metric_definitions() -> Table:
    """Every measure in words."""
    heads = ("Measure", "In files", "Better", "After", "Definition")
    return Table(
        id="table-definitions",
        caption="Every measure of this report, of summary.csv, of timings.csv and of the trials' images.npz",
        columns=tuple(Column(label=label, is_number=False) for label in heads),
        rows=tuple(
            Row(
                id=f"def-{one.name}",
                cells=(
                    Cell(text=words.head(one.name)),
                    Cell(text=one.name),
                    Cell(text=one.better or words.NONE),
                    Cell(text=one.paper or words.NONE),
                    Cell(text=one.text),
                ),
            )
            for one in measures.every()
        ),
    )


@made
def settings() -> Table:
    """What settings are called in sentences, and in files and on the command line."""
    heads = ("Setting", "In files and in --set", "As in a name")
    return Table(
        id="table-settings",
        caption="The words of this report for settings, and the names of their columns",
        columns=tuple(Column(label=label, is_number=False) for label in heads),
        rows=tuple(
            Row(cells=tuple(Cell(text=each) for each in (words.capital(words.axis(name)), name, example)))
            for name, example in _examples()
        ),
    )


def references() -> tuple[str, ...]:
    """The papers that the report names, in full, by their authors."""
    return tuple(measures.REFERENCES.values())


def _cost(one: Configuration, name: str) -> Cell:
    """What is counted is the same for every seed."""
    return (
        number_cell(name, one.mean(name)) if name == "parameters" else interval_cell(name, one.measure(name))
    )


def _unclipped(rows: Sequence[Configuration]) -> str:
    """The MSE of PCA as a linear code has it, and who else is clipped; empty where that was not measured."""
    known = sorted(
        (one for one in rows if one.values("test_mse_unclipped")),
        key=lambda one: one.settings.get("latent_dim") or 0,
    )
    told = [
        f"{words.number('test_mse_unclipped', one.mean('test_mse_unclipped'))} ({one.name})"
        for one in known
        if one.settings["model"] == "pca"
    ]
    if not known:
        return ""
    names = dict.fromkeys(words.model(one.settings["model"]) for one in known)
    clipped = f"Reconstructions of {words.listing(names)} are clipped to [0, 1], which brings them nearer"
    pca = f" Unclipped, PCA has a test MSE of {words.listing(told)}." if told else ""
    more = " Of the others that error is in summary.csv." if len(names) > 1 and told else ""
    return f"{clipped}.{pca}{more}"


def _value_cell(point: Configuration, axis: str) -> Cell:
    value = point.settings.get(axis)
    if value is None:
        return Cell(text=words.NONE)
    return Cell(text=words.value_text(value), order=value if isinstance(value, int | float) else None)


def common_name(pair: Pair) -> str:
    """What both have in common: the name of the second less what only one of them has."""
    first, second = pair.first.name.split(", "), pair.second.name.split(", ")
    common = [part for part in first[1:] if part in second[1:]]
    families = [part for part in first[0].split() if part in second[0].split()]
    return ", ".join([" ".join(families), *common])


def _seeds(one: Configuration) -> Cell:
    n = len(one.results)
    if one.is_baseline:
        return Cell(text=words.NONE)
    return Cell(text=str(n) if n == one.planned else f"{n} of {one.planned}", order=n)


def _examples() -> list[tuple[str, str]]:
    """The settings that are called otherwise in files than in sentences, and one of each in a name."""
    values: dict[str, str | float] = {"latent_dim": 16, "learning_rate": 0.003, "batch_size": 64, "beta": 4.0}
    values |= {"dataset": "digits", "optimizer": "adam", "train_on": "all", "kl_warmup": 200}
    return [(name, words.setting(name, values[name])) for name in words.AXIS_NAMES if name in values]


def _natural(text: str) -> list[tuple[float, str]]:
    """What names are sorted by, so that 2 comes before 16."""
    pieces = re.findall(r"([0-9]+(?:\.[0-9]+)?)|([^0-9]+)", text)
    return [(float(number), "") if number else (math.inf, letters) for number, letters in pieces]


def _last_if_none(value: float | None) -> float:
    return float("inf") if value is None else value
