"""Which images are shown."""

import numpy as np

from bench.datasets import Dataset, Split
from bench.keeping import gallery


def labelled(*labels: int) -> Split:
    return Split(images=np.zeros((len(labels), 1, 1, 1), np.float32), labels=np.array(labels))


def own(split: Split) -> Dataset:
    return Dataset(name="own", train=split, validation=split, test=split, class_names=(), sha256="")


def test_few_classes_take_turns():
    split = labelled(*[0] * 20, *[1] * 20, 2)
    shown = gallery.chosen(split)
    assert split.labels[shown].tolist() == [0, 1, 2, 0, 1, 0, 1, 0, 1, 0]
    assert shown[:5].tolist() == [0, 20, 40, 1, 21]


def test_many_classes_show_the_first_of_each():
    split = labelled(*reversed(range(12)), *range(12))
    assert split.labels[gallery.chosen(split)].tolist() == list(range(10))


def test_the_worst_the_median_and_the_best_of_each_class_are_kept_with_what_came_back():
    labels = np.array([0, 1, 0, 1, 0, 0, 0])
    images = np.linspace(0.1, 0.7, 7, dtype=np.float32)[:, None, None, None]
    split = Split(images=images, labels=labels)
    error = np.array([3.0, 1.0, 5.0, np.nan, 1.0, 2.0, 4.0])
    found = gallery.errors(own(split), 1 - images, error)
    np.testing.assert_array_equal(found["error_mse"], np.float32([[5, 3, 1], [np.nan, 1, 1]]))
    originals, made = (found["error_images"][:, :, side, 0, 0, 0] for side in (0, 1))
    np.testing.assert_array_equal(originals, gallery.to_bytes(images[[[2, 0, 4], [3, 1, 1]], 0, 0, 0]))
    np.testing.assert_array_equal(made, gallery.to_bytes(1 - images[[[2, 0, 4], [3, 1, 1]], 0, 0, 0]))
    assert found["error_labels"].tolist() == [0, 1]


def test_of_more_classes_than_anybody_looks_at_none_is_kept():
    count = gallery.MOST_ERROR_CLASSES + 1
    split = labelled(*range(count))
    assert gallery.errors(own(split), split.images, np.zeros(count)) == {}
