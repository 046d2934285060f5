"""The curve over labels, and what is said of the codes that it is of."""

import pytest

from bench import measures
from bench.ask.trial import Baseline
from bench.keeping.result import Result
from bench.measures.latent import FEW_LABELS
from bench.report.evidence import gather
from bench.report.sections import chart_labels, measured

from .conftest import MakeRun, ok, trial

PIXELS = Baseline(dataset="digits", model="pixels")
PCA = {size: Baseline(dataset="digits", model="pca", latent_dim=size) for size in (2, 8)}


def curve(low: float, high: float, **others: float) -> dict[str, float]:
    """Accuracies from one label to all, evenly."""
    step = (high - low) / len(FEW_LABELS)
    found = {name: low + step * place for place, name in enumerate(FEW_LABELS.values())}
    return {**found, "latent_accuracy": high, **others}


def results(validation: tuple[float, float] = (0.6, 0.7)) -> list[Result]:
    small, large = (
        ok(trial(latent_dim=size), **curve(0.3, 0.8, validation_low_label_accuracy=value))
        for size, value in zip((2, 8), validation, strict=True)
    )
    baselines = [ok(each, **curve(0.4, 0.7)) for each in (*PCA.values(), PIXELS)]
    return [small, large, *baselines]


@pytest.mark.parametrize(("validation", "size"), [((0.6, 0.7), 8), ((0.7, 0.6), 2)])
def test_lines_are_chosen_on_validation_images_with_pca_of_their_size_and_pixels(
    make_run: MakeRun, validation: tuple[float, float], size: int
) -> None:
    lines = chart_labels.drawn(gather(make_run(results(validation))))
    drawn = [(one.settings["model"], one.settings.get("latent_dim")) for one in lines]
    assert drawn == [("ae", size), ("pca", size), ("pixels", None)]


def test_the_chart_tells_its_ends_and_the_table_has_all(make_run: MakeRun) -> None:
    (found,) = chart_labels.curves(gather(make_run(results())))
    assert not found.chart.lost
    assert "from 30.0 % to 80.0 %" in found.chart.alt.replace("\N{NO-BREAK SPACE}", " ")
    assert found.table is not None
    assert len(found.table.rows) == 5
    heads = [column.label for column in found.table.columns][1:]
    assert heads[:2] == ["1 label a class, %", "4 labels a class, %"]
    assert heads[-1] == "Linear accuracy, %"


def test_a_run_without_the_curve_shows_none_of_it(make_run: MakeRun) -> None:
    old = {"latent_low_label_accuracy": 0.6, "latent_accuracy": 0.8, "latent_knn_accuracy": 0.8}
    found = gather(make_run([ok(trial(), latent_nmi=0.4, **old), ok(PIXELS, **old)]))
    assert chart_labels.curves(found) == ()
    assert measured.tables(found, measured.SCALING) == ()
    (held,) = measured.tables(found, measured.HELD)
    assert held.note == ""


def test_the_spread_of_k_means_is_said_under_its_table(make_run: MakeRun) -> None:
    values = {"latent_nmi": 0.5, "latent_ari": 0.3}
    ones = [
        ok(trial(seed=seed), **values, latent_nmi_deviation=spread, latent_ari_deviation=2 * spread)
        for seed, spread in enumerate((0.001, 0.002, 0.04))
    ]
    (table,) = measured.tables(gather(make_run(ones)), measured.HELD)
    assert "means over 5 seeds of k-means" in table.note
    assert "NMI by 0.002 (0.040 at most) and ARI by 0.004 (0.080 at most)" in table.note


@pytest.mark.parametrize("sheet", [measured.SCALING, measured.LIKELIHOOD])
def test_a_table_with_an_order_of_its_own_has_all_that_belongs_there(sheet: measured.Sheet) -> None:
    name = sheet.id.removeprefix("table-")
    assert set(sheet.names()) == set(measures.of_table(name))


def test_a_run_of_protocol_3_says_what_its_numbers_are_of(make_run: MakeRun) -> None:
    found = gather(make_run([ok(trial(protocol=3), latent_nmi=0.4)], protocol=3))
    (table,) = measured.tables(found, measured.HELD)
    assert table.note == measured.STANDARDISED
