"""Every measure against an independent implementation or a closed form, on the embedded digits."""

import pathlib

import pytest

from tests.deviations import CHECKS, Check, Material

DOCUMENT = pathlib.Path(__file__).parents[1] / "docs" / "checks.md"


@pytest.fixture(scope="module")
def material() -> Material:
    return Material.of("digits")


@pytest.mark.filterwarnings("ignore:Metric `Kernel Inception Distance` will save:UserWarning")
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: f"{check.measure}, {check.against}")
def test_it_lies_as_near_as_the_document_says(check: Check, material: Material) -> None:
    if check.against == "torchmetrics":
        pytest.importorskip("torchmetrics", reason="torchmetrics brings torch, and is where torch is")
    assert check.deviation(material) <= check.bound


def test_the_document_lists_every_check() -> None:
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    listed = [tuple(cell.strip() for cell in line.split("|")[1:3]) for line in lines if line.startswith("| ")]
    assert listed[1:] == [(check.measure, check.against) for check in CHECKS]
