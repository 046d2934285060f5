"""Fewer training images: what does a model need, and from how many on does a conclusion hold?"""

import dataclasses

import numpy as np

from bench.datasets.dataset import Dataset

ORDER_SEED = 20_171_228


def fewer(dataset: Dataset, count: int) -> Dataset:
    """The same data set with `count` training images; validation and test images stay as they are.

    They are the first of one random order, so that fewer are part of more, in the order of the data set.

    Raises
    ------
    ValueError
        If there are not as many.
    """
    train = dataset.train
    if count > len(train.images):
        raise ValueError(f"expected {len(train.images)} images at most, received {count}")
    chosen = np.sort(np.random.default_rng(ORDER_SEED).permutation(len(train.images))[:count])
    return dataclasses.replace(dataset, train=train.rows(chosen))
