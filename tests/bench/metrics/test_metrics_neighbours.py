"""Nearest neighbours, held against scikit-learn's."""

import types

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from bench.metrics import neighbours


@pytest.mark.parametrize("count", [1, 5, 40])
def test_agrees_with_scikit_learn(samples: types.SimpleNamespace, count: int) -> None:
    points, queries = samples.train_codes, samples.test_codes
    expected, where = NearestNeighbors(n_neighbors=count, algorithm="kd_tree").fit(points).kneighbors(queries)
    indices, distances = neighbours.nearest(points, queries, count)
    np.testing.assert_allclose(distances, expected, rtol=1e-5)
    assert (indices == where).mean() > 0.999


@pytest.mark.parametrize("points", [5, 63, 1024, 1025, 3000])
def test_any_number_of_points_is_searched_to_the_last(points: int) -> None:
    rng = np.random.default_rng(points)
    known, queries = rng.normal(size=(points, 3)), rng.normal(size=(130, 3))
    far = np.linalg.norm(queries[:, np.newaxis] - known, axis=2)
    indices, distances = neighbours.nearest(known, queries, 5)
    np.testing.assert_array_equal(indices, np.argsort(far, axis=1)[:, :5])
    np.testing.assert_allclose(distances, np.sort(far, axis=1)[:, :5], rtol=1e-5)


@pytest.mark.parametrize("values", [3, 300, 2998, 9000])
def test_points_searched_in_blocks_are_those_searched_at_once(
    monkeypatch: pytest.MonkeyPatch, values: int
) -> None:
    points = np.random.default_rng(0).normal(size=(1000, 3))
    expected = neighbours.nearest(points, points[:50], 7)
    monkeypatch.setattr(neighbours, "MOST_VALUES", values)
    for found, wanted in zip(neighbours.nearest(points, points[:50], 7), expected, strict=True):
        np.testing.assert_array_equal(found, wanted)


def test_as_many_neighbours_as_points() -> None:
    points = np.random.default_rng(0).normal(size=(3000, 2))
    indices, _ = neighbours.nearest(points, points[:3], 3000)
    assert (np.sort(indices, axis=1) == np.arange(3000)).all()


def test_points_far_from_the_origin_are_told_apart() -> None:
    points = np.random.default_rng(0).normal(size=(500, 4)) + 1e4
    expected, _ = NearestNeighbors(n_neighbors=5, algorithm="kd_tree").fit(points).kneighbors(points)
    _, distances = neighbours.nearest(points, points, 5)
    np.testing.assert_allclose(distances, expected, rtol=1e-5, atol=1e-9)


def test_a_point_is_its_own_nearest(samples: types.SimpleNamespace) -> None:
    indices, distances = neighbours.nearest(samples.test_codes, samples.test_codes, 1)
    assert (distances[indices[:, 0] == np.arange(len(indices))] == 0).all()
    assert (distances == 0).all()
