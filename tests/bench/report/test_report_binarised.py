"""Binarised images in a report: a data set of their own, held against nothing grey."""

import dataclasses

import pytest

from bench.ask.trial import Baseline
from bench.report import words
from bench.report.blocks import finding
from bench.report.evidence import comparisons, gather
from bench.report.page import context

from .conftest import MakeRun, ok, tables, timed, trial

DRAWN = (("binarize", "dynamic"),)
NAME = "AE dense, latent\N{NO-BREAK SPACE}8"
GREY_PCA = Baseline(dataset="digits", model="pca", latent_dim=8)
DRAWN_PCA = dataclasses.replace(GREY_PCA, options=DRAWN)
FACTS = {
    "images": {"train": 1077, "validation": 360, "test": 360},
    "classes": list("0123456789"),
    "image_shape": [28, 28, 1],
    "sha256": "ab" * 32,
}


@pytest.fixture
def mixed(make_run: MakeRun):
    """Grey and binarised images in one run; the binarised ones have the larger errors."""
    return make_run(
        [
            ok(trial(), test_mse=0.02),
            ok(trial(options=DRAWN), test_mse=0.05, validation_loss=60.0),
            ok(GREY_PCA, test_mse=0.03),
            ok(DRAWN_PCA, test_mse=0.06),
        ],
        datasets={"digits": FACTS},
    )


def test_each_kind_of_images_has_a_table_with_its_own_baselines(mixed):
    found = context.build(mixed)
    assert [table.caption for table in tables(found, "leaderboard")] == [
        "All configurations and baselines on digits, lowest test MSE first",
        "All configurations and baselines on digits (binarised), lowest test MSE first",
    ]
    assert [len(table.rows) for table in tables(found, "leaderboard")] == [2, 2]
    names = [row.cells[0].text for row in tables(found, "leaderboard")[1].rows]
    assert all("digits (binarised)" in name for name in names)


def test_a_pick_is_held_against_the_components_of_its_own_images(mixed):
    texts = [one.text for one in context.build(mixed).findings if one.lead.startswith("PCA is beaten")]
    assert len(texts) == 2
    assert "0.02000 against 0.03000" in texts[0]
    assert "0.05000 against 0.06000" in texts[1]


def test_each_kind_of_images_has_a_pick_and_no_sweep_leads_from_one_to_the_other(mixed):
    evidence = gather(mixed)
    assert [len(finding.picks(evidence, name)) for name in evidence.datasets] == [1, 1]
    assert comparisons.sweeps(evidence) == []


def test_facts_of_the_data_stand_under_both_names(mixed):
    assert [label for label, _ in context.build(mixed).glance if label.startswith("Images")] == [
        "Images: digits",
        "Images: digits (binarised)",
    ]


def test_where_all_images_are_binarised_the_title_says_so_and_names_do_not(make_run):
    unit = trial(options=DRAWN)
    folder = make_run([ok(unit), ok(DRAWN_PCA)], datasets={"digits": FACTS})
    timed(folder, unit)
    found = context.build(folder)
    assert found.title == "Autoencoders on digits (binarised)"
    assert tables(found, "leaderboard")[0].rows[0].cells[0].text == NAME
    assert tables(found, "cost")[0].rows[0].cells[0].text == NAME
    assert [label for label, _ in found.glance if label.startswith("Images")] == [
        "Images: digits (binarised)"
    ]


def test_a_network_is_one_whatever_images_it_sees(mixed):
    timed(mixed, trial())
    rows = tables(context.build(mixed), "cost")[0].rows
    assert [row.cells[0].text for row in rows] == [NAME]


def test_names_of_binarised_images_keep_what_they_are():
    assert words.dataset("fashion_mnist (binarised)") == "Fashion-MNIST (binarised)"
    assert words.dataset("./some/mine.npz (binarised)") == "mine (binarised)"
    assert words.dataset("./some/mine.npz") == "mine"


def test_the_page_explains_the_binarisation(mixed, written):
    assert "Salakhutdinov &amp; Murray 2008" in written(mixed)
