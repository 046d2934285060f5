"""Numbers by class and quantiles, against pandas and a sorted list."""

import types

import hypothesis
import hypothesis.extra.numpy
import hypothesis.strategies
import numpy as np
import pandas as pd
import pytest

from bench.metrics import breakdown, reconstruction

VALUES = hypothesis.extra.numpy.arrays(np.float64, 24, elements=hypothesis.strategies.floats(0, 1))
LABELS = hypothesis.extra.numpy.arrays(np.int64, 24, elements=hypothesis.strategies.integers(0, 4))


@pytest.mark.parametrize("measure", [reconstruction.mse, reconstruction.ssim])
def test_class_means_are_those_of_pandas(samples: types.SimpleNamespace, measure) -> None:
    values = measure(samples.images, samples.reconstructions)
    expected = pd.Series(values).groupby(samples.test_labels).mean()
    classes, means = breakdown.class_means(values, samples.test_labels)
    assert classes.tolist() == expected.index.tolist() == list(range(10))
    np.testing.assert_allclose(means, expected, rtol=1e-13)


@hypothesis.given(VALUES, LABELS, hypothesis.strategies.permutations(range(24)))
def test_class_means_weighted_by_their_images_are_the_mean_in_any_order(
    values: np.ndarray, labels: np.ndarray, order: list[int]
) -> None:
    classes, means = breakdown.class_means(values, labels)
    sizes = [(labels == label).sum() for label in classes]
    assert np.average(means, weights=sizes) == pytest.approx(values.mean(), abs=1e-12)
    np.testing.assert_allclose(breakdown.class_means(values[order], labels[order])[1], means, atol=1e-12)


def test_a_nan_is_kept_in_its_class() -> None:
    classes, means = breakdown.class_means(np.array([1.0, np.nan, 2.0, 4.0]), np.array([3, 7, 5, 5]))
    assert classes.tolist() == [3, 5, 7]
    np.testing.assert_array_equal(means, [1.0, 3.0, np.nan])


def test_numbers_and_labels_of_other_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(3,\) and \(2,\)"):
        breakdown.class_means(np.zeros(3), np.zeros(2, dtype=int))


def test_quantiles_lie_between_neighbours_in_the_sorted_list(samples: types.SimpleNamespace) -> None:
    values = reconstruction.mse(samples.images, samples.reconstructions)
    positions = np.array(breakdown.QUANTILES) * (len(values) - 1)
    expected = np.interp(positions, np.arange(len(values)), np.sort(values))
    np.testing.assert_allclose(breakdown.quantiles(values), expected, rtol=1e-13)
    np.testing.assert_array_equal(breakdown.quantiles(values[::-1]), breakdown.quantiles(values))


def test_of_no_numbers_or_a_nan_there_are_no_quantiles() -> None:
    assert np.isnan(breakdown.quantiles(np.array([]))).all()
    assert np.isnan(breakdown.quantiles(np.array([1.0, np.nan, 2.0]))).all()
    assert breakdown.quantiles(np.array([0.25])).tolist() == [0.25] * 3
