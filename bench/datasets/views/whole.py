"""Training on all images but those for test, as many published tables are made.

With `train_on = "all"` a model is trained on the validation images, too. It is measured as any other: what
is fitted to codes is fitted to those of the training images, the same for every trial.
"""

import dataclasses
import functools

import numpy as np

from bench.datasets import levels
from bench.datasets.dataset import Dataset, Split


def applied(dataset: Dataset, train_on: str) -> Dataset:
    """The images that a trial with this value of `train_on` is trained on.

    Parameters
    ----------
    train_on
        `"train"` for the data set itself; `"all"` for one whose training images are those of training and,
        behind them, those of validation.
    """
    return _joined(dataset) if train_on == "all" else dataset


@functools.lru_cache(maxsize=1)  # where images are floats, a second copy of all
def _joined(dataset: Dataset) -> Dataset:
    parts = dataset.train, dataset.validation
    images = levels.joined(*(part.images for part in parts))
    known = [part.labels for part in parts if part.labels is not None]
    labels = np.concatenate(known) if known else None
    return dataclasses.replace(dataset, train=Split(images=images, labels=labels))
