"""The picture of a data set as it was understood."""

import io

import numpy as np
import PIL.Image
import pytest

from bench.datasets import contact_sheet
from bench.datasets.dataset import Dataset, Split
from bench.keeping.store import RunFolder
from bench.machine import provenance
from bench.running.understood import Understood


def dataset(shape: tuple[int, int, int], classes: int = 2) -> Dataset:
    """Images that are as bright as their class."""
    labels = np.arange(60) % classes
    images = np.ones((60, *shape), np.float32) * (labels / (classes - 1)).reshape(-1, 1, 1, 1).astype(
        np.float32
    )
    part = Split(images=images, labels=labels)
    names = tuple(f"caf\xe9 {label}" for label in range(classes))
    return Dataset(name="toys", train=part, validation=part, test=part, class_names=names, sha256="0" * 64)


@pytest.mark.parametrize("shape", [(8, 8, 1), (8, 5, 2), (100, 60, 3), (8, 8, 4), (20, 60, 12)])
def test_each_class_has_a_row_of_its_images(shape) -> None:
    sheet = PIL.Image.open(io.BytesIO(contact_sheet.png(dataset(shape))))
    step = contact_sheet.SIDE + contact_sheet.GAP
    middle = contact_sheet.GAP + contact_sheet.SIDE // 2
    rows = [
        [
            sheet.getpixel(
                (contact_sheet.LABEL + column * step + contact_sheet.SIDE // 2, middle + row * step)
            )
            for column in range(8)
        ]
        for row in range(2)
    ]
    assert rows == [[(0, 0, 0)] * 8, [(255, 255, 255)] * 8]
    assert sheet.size == (contact_sheet.LABEL + 8 * step, contact_sheet.GAP + 2 * step)


def test_many_classes_make_no_endless_picture() -> None:
    sheet = PIL.Image.open(io.BytesIO(contact_sheet.png(dataset((8, 8, 1), classes=40))))
    assert sheet.height < 1200


def test_what_was_understood_is_told_once_a_data_set_and_no_name_leaves_the_folder(tmp_path) -> None:
    said: list[str] = []
    understood = Understood(RunFolder(tmp_path), said.append)
    names = ["a/../../toys\x1b.npz", "b/toys\udce9.npz", "c/toys\x1b.npz"]
    about = {name: provenance.data(name, dataset((8, 8, 1))) for name in names}
    facts = {"datasets": about, "contact_sheets": dict.fromkeys(names, b"png")}
    understood.tell(facts)
    understood.tell(facts)
    assert len(said) == 3
    assert all(
        line.isprintable() and "60 training, 60 validation and 60 test images" in line for line in said
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "data-toys--2.png",
        "data-toys--3.png",
        "data-toys-.png",
    ]


def test_the_registry_has_no_contact_sheet() -> None:
    assert provenance.loaded(["digits"])["contact_sheets"] == {}
    assert "understood" not in provenance.loaded(["digits"])["datasets"]["digits"]
