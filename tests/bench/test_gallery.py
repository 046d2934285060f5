"""Which images are shown."""

import numpy as np

from bench.datasets import Split
from bench.keeping import gallery


def labelled(*labels: int) -> Split:
    return Split(images=np.zeros((len(labels), 1, 1, 1), np.float32), labels=np.array(labels))


def test_few_classes_take_turns():
    split = labelled(*[0] * 20, *[1] * 20, 2)
    shown = gallery.chosen(split)
    assert split.labels[shown].tolist() == [0, 1, 2, 0, 1, 0, 1, 0, 1, 0]
    assert shown[:5].tolist() == [0, 20, 40, 1, 21]


def test_many_classes_show_the_first_of_each():
    split = labelled(*reversed(range(12)), *range(12))
    assert split.labels[gallery.chosen(split)].tolist() == list(range(10))
