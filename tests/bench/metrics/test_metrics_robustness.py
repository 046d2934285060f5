"""Corruptions against closed forms, and AUROC against ranks."""

import functools
import types

import numpy as np
import pytest
import scipy.integrate
import scipy.stats

from bench.metrics import robustness


def generator(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def clipped_moments(pixel: float, sigma: float) -> tuple[float, float]:
    """Mean and variance of a Gaussian round `pixel` that is clipped to [0, 1], by integration."""
    density = scipy.stats.norm(pixel, sigma)
    mean, square = (
        scipy.integrate.quad(lambda x, p=power: x**p * density.pdf(x), 0, 1)[0] + density.sf(1)
        for power in (1, 2)
    )
    return mean, square - mean**2


@pytest.mark.parametrize("sigma", robustness.SIGMAS)
@pytest.mark.parametrize("pixel", [0.0, 0.05, 0.5, 1.0])
def test_noise_has_the_moments_of_a_clipped_gaussian(pixel: float, sigma: float) -> None:
    images = np.full((1500, 20, 10, 1), pixel, np.float32)
    found = robustness.noisy(images, sigma, generator())
    mean, variance = clipped_moments(pixel, sigma)
    assert found.dtype == np.float32
    assert (found.min() >= 0, found.max() <= 1) == (True, True)
    assert found.mean(dtype=np.float64) == pytest.approx(mean, abs=4 * np.sqrt(variance / found.size))
    assert found.var(dtype=np.float64) == pytest.approx(variance, rel=0.02)


def test_noise_of_every_pixel_and_image_is_its_own() -> None:
    found = robustness.noisy(np.full((3000, 3, 4, 1), 0.5, np.float32), 0.1, generator()).reshape(3000, 12)
    correlations = np.corrcoef(found, rowvar=False)[np.triu_indices(12, 1)]
    assert np.abs(correlations).max() < 5 / np.sqrt(3000)
    assert len(np.unique(found, axis=0)) == 3000


def test_no_noise_changes_nothing(samples: types.SimpleNamespace) -> None:
    np.testing.assert_array_equal(robustness.noisy(samples.images, 0.0, generator()), samples.images)


@pytest.mark.parametrize(
    ("shape", "side"), [((28, 28, 1), 14), ((7, 12, 3), 3), ((2, 2, 1), 1), ((1, 1, 1), 1)]
)
def test_an_occluded_image_has_one_black_square_of_half_the_side(
    shape: tuple[int, int, int], side: int
) -> None:
    images = generator(1).uniform(0.1, 1, (200, *shape)).astype(np.float32)
    found = robustness.occluded(images, generator())
    for image, other in zip(images, found, strict=True):
        black = (other == 0).all(axis=-1)
        rows, columns = np.flatnonzero(black.any(axis=1)), np.flatnonzero(black.any(axis=0))
        assert (len(rows), len(columns), black.sum()) == (side, side, side**2)
        assert (np.ptp(rows), np.ptp(columns)) == (side - 1, side - 1)
        np.testing.assert_array_equal(other[~black], image[~black])
    assert found.dtype == np.float32


def test_every_position_of_the_square_is_equally_likely() -> None:
    images = np.ones((9000, 5, 4, 1), np.float32)  # side 2: 4 x 3 positions
    black = robustness.occluded(images, generator())[..., 0] == 0
    corners = black.any(axis=2).argmax(axis=1) * 3 + black.any(axis=1).argmax(axis=1)
    counts = np.bincount(corners, minlength=12)
    assert len(counts) == 12
    assert scipy.stats.chisquare(counts).pvalue > 0.001


def test_corruptions_are_those_of_their_seed_and_leave_the_images_alone(
    samples: types.SimpleNamespace,
) -> None:
    before = samples.images.copy()
    for corrupt in (functools.partial(robustness.noisy, sigma=0.3), robustness.occluded):
        first, again, other = (corrupt(samples.images, generator=generator(seed)) for seed in (0, 0, 1))
        np.testing.assert_array_equal(first, again)
        assert (first != other).any()
    np.testing.assert_array_equal(samples.images, before)


def test_block_size_changes_no_noise(samples: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    images = samples.images[:30, :5, :5]
    expected = robustness.noisy(images, 0.3, generator())
    monkeypatch.setattr(robustness, "_BLOCK", 7)
    np.testing.assert_array_equal(robustness.noisy(images, 0.3, generator()), expected)


@pytest.mark.parametrize("decimals", [6, 1, 0])
def test_auroc_is_that_of_ranks_and_of_pairs_with_ties_as_half(decimals: int) -> None:
    inside = generator(0).normal(0, 1, 300).round(decimals)
    outside = generator(1).normal(0.7, 1.5, 200).round(decimals)
    ranks = scipy.stats.rankdata(np.concatenate([inside, outside]))  # of ties the mean
    statistic = ranks[300:].sum() - 200 * 201 / 2
    found = robustness.auroc(inside, outside)
    assert found == pytest.approx(statistic / (300 * 200), abs=1e-12)
    pairs = np.sign(outside[:, np.newaxis] - inside)
    assert found == pytest.approx(0.5 + pairs.mean() / 2, abs=1e-12)
    assert 0.6 < found < 0.75


def test_auroc_is_one_where_all_from_outside_score_higher_and_half_where_all_are_equal() -> None:
    low, high = np.arange(5.0), np.arange(5.0, 8.0)
    assert robustness.auroc(low, high) == 1
    assert robustness.auroc(high, low) == 0
    assert robustness.auroc(np.ones(4), np.ones(9)) == 0.5


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_scores_that_are_not_finite_or_missing_have_no_auroc(bad: float) -> None:
    assert np.isnan(robustness.auroc(np.array([0.0, bad]), np.ones(2)))
    assert np.isnan(robustness.auroc(np.ones(2), np.array([bad])))
    assert np.isnan(robustness.auroc(np.ones(0), np.ones(2)))
    assert np.isnan(robustness.auroc(np.ones(2), np.ones(0)))
