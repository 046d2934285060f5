"""Samples from a Gaussian and from kernels fitted to codes."""

import types

import numpy as np
import pytest
import scipy.spatial.distance
import scipy.special
import scipy.stats
import sklearn.mixture
import sklearn.neighbors

from bench.metrics import densities


def _moons(count: int, seed: int) -> np.ndarray:
    """Two half circles with a little noise: of no Gaussian."""
    generator = np.random.default_rng(seed)
    angle, is_lower = np.pi * generator.random(count), np.arange(count) % 2
    points = np.stack([np.cos(angle) + is_lower, np.sin(angle) * (1 - 2 * is_lower) + 0.5 * is_lower], axis=1)
    return points + 0.05 * generator.standard_normal((count, 2))


def test_a_gaussian_is_a_mixture_of_one_component(samples: types.SimpleNamespace) -> None:
    """Of scikit-learn; of as many draws as the covariance can be read off to a percent."""
    codes = samples.train_codes.astype(np.float64)
    one = sklearn.mixture.GaussianMixture(1, reg_covar=0).fit(codes)
    drawn = densities.gaussian_samples(codes, 200_000, seed=0).astype(np.float64)
    error = codes.std(axis=0) / np.sqrt(len(drawn))
    assert (np.abs(drawn.mean(axis=0) - one.means_[0]) < 5 * error).all()
    scale = np.outer(codes.std(axis=0), codes.std(axis=0))
    assert (np.abs(np.cov(drawn.T, bias=True) - one.covariances_[0]) < 0.02 * scale).all()
    for column in drawn.T:
        assert scipy.stats.kstest((column - column.mean()) / column.std(), "norm").statistic < 0.005


def test_densities_of_kernels_are_scipys(samples: types.SimpleNamespace) -> None:
    """Not scikit-learn's: its tree gives -60,251 nats where the nearest kernel alone gives -31,456."""
    codes, others = samples.train_codes[:400], samples.test_codes[:150]
    scaled = densities.Scaled.of(codes)
    found = densities.log_densities(scaled.values, scaled(others), densities.WIDTHS)
    apart = scaled(others)[:, np.newaxis] - scaled.values
    for width, each in zip(densities.WIDTHS, found, strict=True):
        inside = scipy.stats.norm.logpdf(apart, scale=width).sum(axis=2)
        expected = scipy.special.logsumexp(inside, axis=1) - np.log(400)
        np.testing.assert_allclose(each, expected, rtol=1e-5, atol=1e-3)


def test_samples_of_kernels_have_the_density_under_which_unseen_codes_are_likeliest() -> None:
    codes, unseen = _moons(2000, 0), _moons(500, 1)
    scaled = densities.Scaled.of(codes)
    theirs = [
        sklearn.neighbors.KernelDensity(bandwidth=width).fit(scaled.values).score(scaled(unseen))
        for width in densities.WIDTHS
    ]
    width = densities.WIDTHS[int(np.argmax(theirs))]
    assert densities.WIDTHS[0] < width < densities.WIDTHS[-1]
    drawn = densities.kernel_samples(codes, unseen, 100_000, seed=0)
    expected = np.cov(codes.T, bias=True) + np.diag(width**2 * codes.var(axis=0))
    np.testing.assert_allclose(np.cov(drawn.T), expected, atol=0.02)


def test_kernels_follow_what_no_gaussian_does() -> None:
    codes, unseen, fresh = _moons(2000, 0), _moons(500, 1), _moons(2000, 2)
    far = {}
    for name, drawn in (
        ("gaussian", densities.gaussian_samples(codes, 2000, seed=0)),
        ("kernel", densities.kernel_samples(codes, unseen, 2000, seed=0)),
    ):
        far[name] = np.sort(scipy.spatial.distance.cdist(drawn, fresh).min(axis=1))[1800]
    assert far["kernel"] < 0.3 * far["gaussian"]


def test_the_scale_of_codes_changes_nothing(samples: types.SimpleNamespace) -> None:
    codes, unseen = samples.train_codes, samples.test_codes
    np.testing.assert_allclose(
        densities.kernel_samples(1e-4 * codes, 1e-4 * unseen, 50, seed=0),
        1e-4 * densities.kernel_samples(codes, unseen, 50, seed=0),
        rtol=1e-3,
        atol=1e-7 * np.abs(codes).max(),
    )
    one, small = (densities.gaussian_samples(scale * codes, 50, seed=0) / scale for scale in (1.0, 1e-4))
    np.testing.assert_allclose(one, small, rtol=1e-3, atol=1e-5 * np.abs(codes).max())


def test_draws_are_fixed_by_the_seed(samples: types.SimpleNamespace) -> None:
    codes, unseen = samples.train_codes, samples.test_codes
    for draw in (
        lambda seed: densities.gaussian_samples(codes, 20, seed),
        lambda seed: densities.kernel_samples(codes, unseen, 20, seed),
    ):
        np.testing.assert_array_equal(draw(3), draw(3))
        assert draw(3).dtype == np.float32 and (draw(3) != draw(4)).any()


def test_constant_dimensions_stay_constant() -> None:
    codes = np.random.default_rng(0).standard_normal((200, 3))
    codes[:, 1] = 7.0
    for drawn in (
        densities.gaussian_samples(codes, 100, seed=0),
        densities.kernel_samples(codes[:150], codes[150:], 100, seed=0),
        densities.kernel_samples(np.full((9, 3), 7.0), codes, 100, seed=0),
    ):
        np.testing.assert_allclose(drawn[:, 1], 7.0, atol=1e-6)


@pytest.mark.parametrize(
    ("codes", "message"), [(np.ones((1, 2)), "2 codes"), (np.full((5, 2), np.nan), "finite")]
)
def test_codes_without_a_density_are_refused(codes: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        densities.gaussian_samples(codes, 3, seed=0)
    with pytest.raises(ValueError, match=message):
        densities.kernel_samples(codes, np.zeros((4, 2)), 3, seed=0)


@pytest.mark.parametrize("unseen", [np.zeros((0, 2)), np.full((3, 2), np.inf)])
def test_no_width_is_chosen_by_nothing(unseen: np.ndarray) -> None:
    with pytest.raises(ValueError, match="unseen"):
        densities.kernel_samples(np.random.default_rng(0).random((9, 2)), unseen, 3, seed=0)
