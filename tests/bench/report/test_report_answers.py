"""The first screen: what to take, in pictures, with a number beside what it is to be held against."""

import pathlib
import re
from typing import Any

import pytest

from bench.ask.trial import Baseline
from bench.keeping.store import RunFolder
from bench.report import evidence
from bench.report.blocks.card import Cards
from bench.report.blocks.section import Figure
from bench.report.page import closing, context
from bench.report.sections import answers, purposes
from tests.conftest import REPOSITORY

from .conftest import NBSP, MakeRun, bench, ok, texts, trial

FULL = REPOSITORY / "reports" / "full-fashion-mnist"
PCA = Baseline(dataset="digits", model="pca", latent_dim=8)
NUMBER = re.compile(r"(?<![\w.,])\d[\d,.]*(?!-NN)")


def test_pca_that_is_better_is_taken_and_the_best_network_named(make_run: MakeRun) -> None:
    results = [ok(trial(latent_dim=size), test_mse=0.2 / size) for size in (2, 8)]
    found = evidence.gather(make_run([*results, ok(PCA, test_mse=0.01)]))
    (row, *_) = texts(purposes.table(found, "digits"))
    assert row[1] == "PCA, latent 8; best network: AE dense, latent 8, 0.02500" and row[3] == "0.01000"
    (cards,) = (block for block in answers.section(found) or () if isinstance(block, Cards))
    assert cards.cards[0].name == f"PCA, latent{NBSP}8" and "0.02500" in cards.cards[0].beside


def test_pca_that_is_worse_stands_beside_the_network(make_run: MakeRun) -> None:
    results = [ok(trial(latent_dim=size), test_mse=0.2 / size) for size in (2, 8)]
    found = evidence.gather(make_run([*results, ok(PCA, test_mse=0.03)]))
    (cards,) = (block for block in answers.section(found) or () if isinstance(block, Cards))
    assert (cards.cards[0].name, cards.cards[0].beside) == (f"AE dense, latent{NBSP}8", "PCA 0.03000")


@pytest.fixture(scope="session")
def told(finished_run: pathlib.Path) -> Any:
    return context.build(RunFolder(finished_run))


def test_cards_have_the_originals_above_their_reconstructions_and_the_overview_below(told: Any) -> None:
    cards, *more = told.blocks["answers"]
    overview = next(one for one in more if isinstance(one, Figure))
    reconstructions = cards.cards[0].pictures
    assert [picture.kind.rpartition("-")[2] for picture in reconstructions] == [
        "originals",
        "reconstructions",
    ]
    assert len(overview.charts) == 3
    assert all("AE dense" in chart.svg and not chart.lost for chart in overview.charts)


def check(found: Any) -> None:
    """The rule of REPORT.md for what a reader is told at once."""
    for one in found:
        assert not one.lost and one.headline
        assert len(one.headline.split()) <= 14, one.headline
        assert len(NUMBER.findall(one.headline)) <= 1, one.headline
        sentences = re.split(r"(?<=[.?])\s+(?=[A-Z\d])", one.body)
        assert len(sentences) <= 2 and one.body, one.body
        assert all(len(sentence.split()) <= 25 for sentence in sentences), one.body
        assert len(NUMBER.findall(one.body)) <= 6, one.body
        assert "lines differ" not in one.headline + one.lead
        assert one.text


def test_findings_are_short(told: Any) -> None:
    check(told.findings)
    (block,) = told.blocks["findings"]
    assert len(block.first) == 5 and block.first + block.more == told.findings


def test_findings_of_the_published_run_are_short() -> None:
    from bench.report.sections import findings

    found = findings.all_findings(evidence.gather(RunFolder(FULL)))
    check(found)
    assert found[0].headline == "For close reconstructions take the dense AE with latent size 64."
    assert found[1].headline.startswith("A larger code keeps helping the AE")


def test_a_terminal_is_told_the_first_findings_the_alerts_and_last_the_file(run: RunFolder) -> None:
    report = context.build(run)
    done = bench("report", str(run.path))
    *lines, path = done.stdout.splitlines()
    assert path == str(run.path / "index.html")
    assert lines == closing.lines(report)
    assert lines[0].startswith("1. ") and any(line.startswith("! ") and "--epochs" in line for line in lines)


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (360, 740)])
def test_the_first_picture_is_on_the_first_screen(
    browser: Any, address: str, width: int, height: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": height})
    opened = context.new_page()
    opened.goto(address)
    boxes = [one.bounding_box() for one in opened.locator("img.pixels, .chart svg").all()[:3]]
    context.close()
    assert min(box["y"] + box["height"] for box in boxes if box) <= height
