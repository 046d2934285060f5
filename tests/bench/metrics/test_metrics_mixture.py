"""Samples from a mixture fitted to codes."""

import types

import numpy as np
import pytest
import scipy.stats

from bench.metrics.mixture import mixture_samples


def test_samples_have_the_moments_of_the_codes(samples: types.SimpleNamespace) -> None:
    codes = samples.train_codes
    drawn = mixture_samples(codes, 20_000, seed=0)
    error = codes.std(axis=0) / np.sqrt(20_000)
    assert (np.abs(drawn.mean(axis=0) - codes.mean(axis=0)) < 5 * error).all()
    np.testing.assert_allclose(np.cov(drawn.T), np.cov(codes.T), atol=0.05 * codes.var(axis=0).max())


def test_clusters_are_found_and_kept_in_proportion() -> None:
    generator = np.random.default_rng(0)
    centres = np.array([[0.0, 0.0], [50.0, 0.0], [0.0, 0.07]])
    scales, shares = np.array([0.5, 3.0, 0.001]), [300, 600, 100]
    codes = np.concatenate(
        [c + s * generator.standard_normal((n, 2)) for c, s, n in zip(centres, scales, shares, strict=True)]
    )
    drawn = mixture_samples(generator.permutation(codes), 5000, seed=1)
    assert (drawn[:, 0] > 25).mean() == pytest.approx(0.6, abs=0.03)
    right = drawn[drawn[:, 0] > 25]
    assert scipy.stats.kstest((right[:, 1] - 0) / 3.0, "norm").statistic < 0.06


def test_the_scale_of_codes_changes_nothing(samples: types.SimpleNamespace) -> None:
    codes = samples.train_codes
    drawn, small = mixture_samples(codes, 50, seed=0), mixture_samples(1e-4 * codes, 50, seed=0)
    np.testing.assert_allclose(small, 1e-4 * drawn, rtol=1e-3, atol=1e-7 * np.abs(codes).max())


def test_draws_are_fixed_by_the_seed_and_come_in_no_order(samples: types.SimpleNamespace) -> None:
    drawn = mixture_samples(samples.train_codes, 500, seed=3)
    np.testing.assert_array_equal(drawn, mixture_samples(samples.train_codes, 500, seed=3))
    assert (drawn != mixture_samples(samples.train_codes, 500, seed=4)).any()
    halves = [drawn[:250].mean(axis=0), drawn[250:].mean(axis=0)]
    assert (np.abs(halves[0] - halves[1]) < 5 * drawn.std(axis=0) * np.sqrt(2 / 250)).all()


def test_constant_dimensions_stay_constant() -> None:
    codes = np.random.default_rng(0).standard_normal((200, 3))
    codes[:, 1] = 7.0
    drawn = mixture_samples(codes, 100, seed=0)
    np.testing.assert_allclose(drawn[:, 1], 7.0, atol=0.01)


@pytest.mark.parametrize(
    ("codes", "message"), [(np.ones((1, 2)), "2 codes"), (np.full((5, 2), np.nan), "finite")]
)
def test_codes_without_a_density_are_refused(codes: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        mixture_samples(codes, 3, seed=0)


def test_two_codes_are_enough() -> None:
    assert mixture_samples(np.array([[0.0], [1.0]]), 10, seed=0).shape == (10, 1)
