"""Which codes classifiers are fitted to and scored on: of images whose classes training images have."""

import numpy as np

from bench.datasets import Dataset, Split
from bench.models.coder import Absent

UNLABELLED = "images without labels"
ONE_CLASS = "training images of one class alone"
NO_KNOWN = "no test image of a class that training images have"

Codes = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""Codes `(n, k)` and labels `(n,)` of training images, then `(m, k)` and `(m,)` of test images."""


def trained(dataset: Dataset) -> int:
    """How many classes training images have; 0 without labels."""
    return len(dataset.class_names) - dataset.novel


def lacking(dataset: Dataset) -> str:
    """Why no class can be told of these images; empty where that can be tried."""
    if dataset.train.labels is None:
        return dataset.why_unlabelled
    if len(np.unique(dataset.train.labels)) < 2:
        return ONE_CLASS
    if dataset.test.labels is None or not (dataset.test.labels < trained(dataset)).any():
        return NO_KNOWN
    return ""


def labelled(dataset: Dataset, train_codes: np.ndarray, test_codes: np.ndarray) -> Codes | Absent:
    """Codes of all training and test images, those of known classes, with their labels."""
    if reason := lacking(dataset):
        return Absent(reason)
    return (*known(dataset, dataset.train, train_codes), *known(dataset, dataset.test, test_codes))


def known(dataset: Dataset, part: Split, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of the codes `(n, k)` of a part those of classes that training images have, with their labels.

    Raises
    ------
    ValueError
        For images without labels.
    """
    if part.labels is None:
        raise ValueError(f"expected labels, received {UNLABELLED}")
    if not dataset.novel:
        return codes, part.labels
    chosen = part.labels < trained(dataset)
    return codes[chosen], part.labels[chosen]
