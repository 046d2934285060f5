"""The view that every configuration has: its seeds, places, curves, pictures, and what repeats it."""

import csv
import html
import json
import pathlib
import re
import shlex

import html5lib
import numpy as np
import pytest

from bench.ask import grid
from bench.keeping.result import Outcome, Result
from bench.keeping.store import RunFolder
from bench.report import words
from bench.report.blocks.seed_curves import HEIGHT, LEFT, RIGHT, TOP, WIDTH, seed_curves
from bench.report.evidence import gather
from bench.report.page import reads
from bench.report.sections import configurations

from .conftest import MakeRun, Written, ok, parse, trial


def views(page: str) -> dict[str, str]:
    """Key of the first trial of each configuration to the source of its view."""
    return dict(re.findall(r'<article id="configuration-(\w+)"(.*?)</article>', page, re.DOTALL))


def shown(text: str) -> dict[str, list[str]]:
    """The label of each measure of a view to its cells."""
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', text)
    return {label: re.findall(r"<td>(.*?)</td>", cells) for label, cells in rows}


def test_every_number_of_every_trial_stands_in_a_view(finished_run: pathlib.Path) -> None:
    found = views((finished_run / "index.html").read_text())
    rows = list(csv.DictReader((finished_run / "results.csv").read_text().splitlines()))
    place = {key: (text, i) for text in found.values() for i, key in enumerate(_columns(text))}
    assert set(place) == {row["trial"] for row in rows}
    for row in rows:
        text, column = place[row["trial"]]
        cells = shown(text)
        is_network = row["model"] in ("ae", "vae")
        if row["test_mse"]:
            told = cells["MSE ↓"][column + is_network]
            assert told == words.number("test_mse", float(row["test_mse"]))
        if is_network:
            assert 'class="curve"' in text and text.count("<polyline") == 4  # two losses of two seeds
            assert len(_columns(text)) == 2 and text.count('class="strip"') >= 4
        measured = json.loads((finished_run / "trials" / row["trial"] / "result.json").read_text())
        numbers = [value for value in measured["measures"].values() if value is not None]
        written = [each[column + is_network] for each in cells.values()]
        assert sum(each != words.NONE for each in written) == len(numbers)


def _columns(text: str) -> list[str]:
    return re.findall(r'id="trial-(\w+)"', text)


def test_names_in_tables_lead_to_the_views(finished_run: pathlib.Path) -> None:
    page = (finished_run / "index.html").read_text()
    for table in ("leaderboard", "configurations"):
        rows = page.partition(f'<table id="table-{table}"')[2].partition("</table>")[0]
        links = re.findall(r'href="#configuration-(\w+)"', rows)
        assert len(links) == rows.count("<tr") - 1 and set(links) <= set(views(page))
    assert "](#" not in (finished_run / "README.md").read_text()


def test_every_link_of_a_view_leads_somewhere(finished_run: pathlib.Path) -> None:
    page = (finished_run / "index.html").read_text()
    ids = set(re.findall(r' id="([^"]+)"', page))
    links = re.findall(r'href="#([^"?]+)', "".join(views(page).values()))
    assert len(links) > 20 and set(links) <= ids


def test_configurations_follow_each_other_by_error(make_run: MakeRun, written: Written) -> None:
    errors = {2: 0.03, 4: 0.01, 8: 0.02}
    folder = make_run([ok(trial(latent_dim=size), test_mse=error) for size, error in errors.items()])
    page = written(folder)
    found = [text for _, text in sorted(views(page).items(), key=lambda each: page.index(each[0] + '" aria'))]
    assert re.findall(r"(\d of 3) by MSE", page) == ["1 of 3", "2 of 3", "3 of 3"]
    assert "AE dense, latent\N{NO-BREAK SPACE}8 →</a>" in found[0] and "← " not in found[0]
    assert "← AE dense, latent\N{NO-BREAK SPACE}4</a>" in found[1]
    assert [shown(text)["MSE ↓"][-1] for text in found] == ["1 of 3", "2 of 3", "3 of 3"]


def test_a_place_is_by_the_better_way_and_shared_by_equals(make_run: MakeRun, written: Written) -> None:
    values = {2: (0.9, 5.0), 4: (0.7, 5.0), 8: (0.9, 5.0)}
    results = [
        ok(trial(latent_dim=size), test_ssim=ssim, epoch_seconds=time)
        for size, (ssim, time) in values.items()
    ]
    found = views(written(make_run(results)))
    places = [shown(found[result.unit.key])["SSIM ↑"][-1] for result in results]
    assert places == ["1 of 3", "3 of 3", "1 of 3"]
    assert {shown(text)["Validation loss ↓"][-1] for text in found.values()} == {""}  # of one objective alone


def test_the_command_of_a_view_runs_that_configuration_alone(finished_run: pathlib.Path) -> None:
    evidence = gather(RunFolder(finished_run))
    page = (finished_run / "index.html").read_text()
    for one in evidence.configurations:
        command = html.unescape(re.findall(r"<code>(.*?)</code>", views(page)[one.unit.key], re.DOTALL)[-1])
        asked = shlex.split(command.splitlines()[-1])
        only = [asked[i + 1] for i, word in enumerate(asked) if word == "--only"]
        kept = grid.narrow(evidence.planned, grid.parse_choices(only))
        assert {unit.key for unit in kept} == {result.unit.key for result in one.results}


def test_the_line_that_loads_a_model_stands_where_it_is_kept(finished_run: pathlib.Path) -> None:
    page = (finished_run / "index.html").read_text()
    kept = {path.parent.name for path in finished_run.glob("trials/*/model.keras")}
    told = re.findall(r"models\.load\(&#34;trials/(\w+)/model\.keras&#34;\)", "".join(views(page).values()))
    assert kept and set(told) == kept


def test_markdown_has_the_same_row_a_configuration_and_says_where_views_are(
    finished_run: pathlib.Path,
) -> None:
    text = (finished_run / "README.md").read_text()
    part = text.partition("## Every configuration")[2].partition("\n## ")[0]
    rows = [line for line in part.splitlines() if line.startswith("| ")]
    assert len(rows) - 2 == len(gather(RunFolder(finished_run)).everything)  # below its head
    assert "[index.html](index.html) has a view of each" in part


def test_reasons_for_empty_measures_are_said_once_each(make_run: MakeRun, written: Written) -> None:
    why = "no <posterior>"
    result = Result(
        unit=trial(),
        status="ok",
        measures={"test_mse": 0.02, "test_kl": None, "test_elbo": None},
        reasons={"test_kl": why, "test_elbo": why},
    )
    (text,) = views(written(make_run([result]))).values()
    assert f"No number ({html.escape(why)}): KL, ELBO." in text
    assert not any(label.startswith("KL") for label in shown(text))


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
    parse(page)
    again = [re.findall(r'<use href="#(picture-originals-.*?)"', text) for text in views(page).values()]
    assert again == [["picture-originals-1"], ["picture-originals-2"]]
    assert all(page.count(f'<image id="{name}"') == 1 for (name,) in again)


def test_a_picture_is_in_the_page_once(finished_run: pathlib.Path) -> None:
    """But for the test images at its top, which are no part of a section."""
    page = (finished_run / "index.html").read_text()
    page = page[page.index("<main>") :]
    embedded = re.findall(r'data-kind="([\w-]+)" (?:src|role).*?"(data:image/png;base64,[^"]+)"', page)
    of_trials = [data for kind, data in embedded if kind in ("reconstructions", "samples", "mixture-samples")]
    assert len(of_trials) > 20 and len(set(of_trials)) == len(of_trials)
    assert page.count("<use ") > 20


def test_a_trial_that_failed_keeps_its_line_and_its_reason(make_run: MakeRun, written: Written) -> None:
    failed = Result(unit=trial(), status="diverged", error="<nan>", traceback="line 2")
    page = written(make_run([failed, ok(trial(seed=1))]))
    html5lib.HTMLParser(strict=True).parse(page)
    section = page[page.index('<section id="trials"') :]
    assert "<dt>AE dense, latent\N{NO-BREAK SPACE}8, seed 0</dt><dd>diverged: &lt;nan&gt;</dd>" in section
    (text,) = views(page).values()
    assert "seed 0: diverged</span> <code>&lt;nan&gt;</code>" in text
    assert page.count("line 2") == 1


def history(*losses: float, gap: float = 1.0) -> list[dict[str, float]]:
    return [
        {"epoch": float(epoch), "loss": loss + gap, "val_loss": loss}
        for epoch, loss in enumerate(losses, start=1)
    ]


def test_curves_of_seeds_lie_on_the_same_axes_with_numbers_at_both() -> None:
    drawn = seed_curves({"seed 0": history(40.0, 9.0, 5.0, 6.0), "seed 1": history(20.0, 5.0, 4.0, 4.0)})
    assert drawn is not None
    assert [text for _, text in drawn.across] == ["epoch 1", "4"]
    assert [text for _, text in drawn.up] == ["4", "12.8", "41"]
    first, second = ([tuple(map(float, at.split(","))) for at in line.points.split()] for line in drawn.lines)
    assert (
        [x for x, _ in first]
        == [x for x, _ in second]
        == pytest.approx([LEFT, 140.7, 235.3, WIDTH - RIGHT], abs=0.1)
    )
    assert second[3][1] == drawn.up[0][0] == HEIGHT - 24 and first[0][1] > TOP
    assert "seed 0: 40 to 6; seed 1: 20 to 4" in drawn.alt and "logarithmic" in drawn.caption
    assert [line.split() for line in drawn.numbers.splitlines()[1:3]] == [["1", "40", "20"], ["2", "9", "5"]]


def test_epochs_that_are_not_finite_are_left_out_of_the_line_and_stay_in_the_numbers() -> None:
    rows = history(2.0, float("nan"))
    drawn = seed_curves({"seed 0": rows})
    assert drawn is not None and len(drawn.lines[0].points.split()) == 1 and "nan" in drawn.numbers
    assert seed_curves({"seed 0": rows[1:]}) is None and seed_curves({"seed 0": []}) is None


@pytest.mark.parametrize("most", [200, 4])
def test_pictures_of_too_many_trials_are_left_out_by_a_stated_rule(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(configurations, "MOST_PICTURED", most)
    told, *_, found = configurations.section(gather(run)) or ()
    titles = [[row.title for row in view.pictures.rows] for view in found.views if view.pictures]
    seeds = [title for each in titles for title in each if title.startswith("Seed")]
    assert len(seeds) == (16 if most == 200 else 8)  # of all seeds, or of the first, which galleries have
    assert ("only those of the galleries" in told.text) == (most == 4)
    assert bool(reads.of_each(run)) == (most == 200)


def test_numbers_that_a_thousand_trials_have_stay_small(make_run: MakeRun, written: Written) -> None:
    """Configurations of one seed, with an epoch and no pictures: 4 KB each at most, with their row."""

    def size(count: int) -> int:
        folder = make_run([])
        units = [trial(learning_rate=1e-3 * (1 + i)) for i in range(count)]
        folder.write_run({**folder.read_run(), "units": [unit.settings() for unit in units]})
        for unit in units:
            folder.write(Outcome(result=ok(unit), history=[{"epoch": 1.0, "loss": 2.0, "val_loss": 1.0}]))
        page = written(folder)
        return len(page[page.index('<section id="trials"') :].partition("</section>")[0])

    assert (size(42) - size(22)) / 20 < 4000
