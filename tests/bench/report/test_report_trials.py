"""The section that every trial has: settings, numbers, curve, pictures, and the way to its log."""

import csv
import html
import json
import pathlib
import re
from collections.abc import Callable

import html5lib
import numpy as np
import pytest

from bench.keeping.result import Outcome, Result
from bench.keeping.store import RunFolder
from bench.report import words
from bench.report.blocks import curves
from bench.report.evidence import gather
from bench.report.sections import trials
from bench.report.sections.galleries import galleries

from .conftest import MakeRun, ok, trial

Written = Callable[[RunFolder], str]


def sections(page: str) -> dict[str, str]:
    """Key of each trial to the source of its section."""
    return dict(re.findall(r'<article class="trial" id="trial-(\w+)"(.*?)</article>', page, re.DOTALL))


def test_every_trial_of_a_real_run_has_a_section_with_all_of_its_numbers(finished_run: pathlib.Path) -> None:
    found = sections((finished_run / "index.html").read_text())
    rows = list(csv.DictReader((finished_run / "results.csv").read_text().splitlines()))
    assert set(found) == {row["trial"] for row in rows}
    for row in rows:
        text = found[row["trial"]]
        if row["test_mse"]:
            assert f"MSE\t{words.number('test_mse', float(row['test_mse']))}\n" in text
        if row["model"] in ("ae", "vae"):
            assert f"\nSeed\t{row['seed']}\n" in text
            assert f"\nParameters\t{int(row['parameters']):,}\n" in text
            assert (
                'class="curve"' in text and text.count("<img") == 3
            )  # reconstructions, two kinds of samples
        measured = json.loads((finished_run / "trials" / row["trial"] / "result.json").read_text())[
            "measures"
        ]
        shown = text.partition('class="numbers"')[2].partition("</pre>")[0]
        assert shown.count("\t") == sum(value is not None for value in measured.values())


def test_names_in_tables_lead_to_the_first_trial(finished_run: pathlib.Path) -> None:
    page = (finished_run / "index.html").read_text()
    board = page.partition('<table id="table-leaderboard"')[2].partition("</table>")[0]
    links = re.findall(r'href="#trial-(\w+)"', board)
    assert len(links) == board.count("<tr") - 1 and set(links) <= set(sections(page))
    assert "](#" not in (finished_run / "README.md").read_text()


def test_markdown_has_the_same_row_a_trial(finished_run: pathlib.Path) -> None:
    text = (finished_run / "README.md").read_text()
    part = text.partition("<summary>Every trial and baseline that has finished</summary>")[2]
    rows = [line for line in part.partition("</details>")[0].splitlines() if line.startswith("| ")]
    assert len(rows) - 1 == len((finished_run / "results.csv").read_text().splitlines())


def test_reasons_for_empty_measures_are_said_once_each(make_run: MakeRun, written: Written) -> None:
    why = "no <posterior>"
    result = Result(
        unit=trial(),
        status="ok",
        measures={"test_mse": 0.02, "test_kl": None, "test_elbo": None},
        reasons={"test_kl": why, "test_elbo": why},
    )
    (text,) = sections(written(make_run([result]))).values()
    assert f"No number ({html.escape(why)}): KL, ELBO." in text
    assert "KL\t" not in text


def test_test_images_are_those_of_the_data_set_though_two_are_called_the_same(
    make_run: MakeRun, written: Written
) -> None:
    results = [ok(trial(dataset=f"{folder}/own.npz")) for folder in ("one", "two")]
    folder = make_run(results)
    for value, result in enumerate(results):
        images = np.full((3, 8, 8, 1), 100 * value, np.uint8)
        arrays = {"originals": images, "reconstructions": images, "labels": np.arange(3)}
        folder.write(Outcome(result=result, images=arrays))
    page = written(folder)
    html5lib.HTMLParser(strict=True).parse(page)
    shown = [re.findall(r'<use href="#(.*?)"', text) for text in sections(page).values()]
    assert shown == [["same-originals-1"], ["same-originals-2"]]
    assert all(f'<image id="{name}"' in page for (name,) in shown)


def test_a_failure_says_its_error_and_where_its_log_is(make_run: MakeRun, written: Written) -> None:
    failed = Result(unit=trial(), status="diverged", error="<nan>", traceback="line 2")
    page = written(make_run([failed, ok(trial(seed=1))]))
    html5lib.HTMLParser(strict=True).parse(page)
    text = sections(page)[failed.unit.key]
    assert "<code>&lt;nan&gt;</code>" in text and 'href="#failures"' in text
    assert page.count("line 2") == 1


def test_the_curve_goes_from_the_first_epoch_to_the_last_and_rings_the_best() -> None:
    history = [
        {"epoch": float(epoch), "loss": loss, "val_loss": loss + 1}
        for epoch, loss in enumerate((40.0, 9.0, 5.0, 6.0), start=1)
    ]
    drawn = curves.curve(history)
    assert drawn is not None
    places = [tuple(map(float, point.split(","))) for point in drawn.validation.split()]
    assert [x for x, _ in places] == pytest.approx([5, 5 + 230 / 3, 5 + 460 / 3, 235], abs=0.06)
    assert drawn.best == places[2] and max(y for _, y in places) == places[2][1]
    lowest = [tuple(map(float, point.split(","))) for point in drawn.training.split()][2]
    assert lowest[1] == curves.HEIGHT - curves.MARGIN
    assert "from 41 in epoch 1 to 7 in epoch 4, lowest in epoch 3" in drawn.alt
    assert drawn.numbers.splitlines()[2].split() == ["2", "9", "10"]


def test_epochs_that_are_not_finite_are_left_out_of_the_line_and_stay_in_the_numbers() -> None:
    history = [
        {"epoch": 1.0, "loss": 3.0, "val_loss": 2.0},
        {"epoch": 2.0, "loss": 9.0, "val_loss": float("nan")},
    ]
    drawn = curves.curve(history)
    assert drawn is not None and len(drawn.validation.split()) == 1 and "nan" in drawn.numbers
    assert curves.curve(history[1:]) is None and curves.curve([]) is None


@pytest.mark.parametrize("most", [16, 4])
def test_pictures_of_too_many_trials_are_left_out_by_a_stated_rule(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    evidence = gather(run)
    monkeypatch.setattr(trials, "MOST_PICTURED", most)
    found = trials.trials(evidence, galleries(evidence))
    assert found is not None
    total = len(evidence.results)
    assert bool(found.thinning) == (total > most)
    assert any(one.pictures for one in found.sections) == (total <= most)


def test_numbers_that_a_thousand_trials_have_stay_small(make_run: MakeRun, written: Written) -> None:
    """Forty of them, with an epoch and no pictures: 3 KB each at most, the tables' rows included."""

    def size(count: int) -> int:
        folder = make_run([])
        units = [trial(seed=seed) for seed in range(count)]
        folder.write_run({**folder.read_run(), "units": [unit.settings() for unit in units]})
        for unit in units:
            folder.write(Outcome(result=ok(unit), history=[{"epoch": 1.0, "loss": 2.0, "val_loss": 1.0}]))
        return len(written(folder))

    assert (size(42) - size(2)) / 40 < 3000
