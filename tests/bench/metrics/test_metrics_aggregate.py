"""The aggregate posterior against closed forms, SciPy's densities, and sums in loops."""

import types

import hypothesis
import hypothesis.extra.numpy
import hypothesis.strategies
import numpy as np
import pytest
import scipy.special
import scipy.stats

from bench.metrics import aggregate
from bench.models import distributions

MEANS = hypothesis.strategies.floats(-20, 20, width=32)
LOG_VARIANCES = hypothesis.strategies.floats(-8, 3, width=32)
ROWS, DIMENSIONS = 9, 3
Posteriors = tuple[np.ndarray, np.ndarray, np.ndarray]


@hypothesis.strategies.composite
def posteriors(draw: hypothesis.strategies.DrawFn) -> Posteriors:
    shape = (ROWS, DIMENSIONS)
    mean = draw(hypothesis.extra.numpy.arrays(np.float32, shape, elements=MEANS))
    log_variance = draw(hypothesis.extra.numpy.arrays(np.float32, shape, elements=LOG_VARIANCES))
    noise = np.random.default_rng(draw(hypothesis.strategies.integers(0, 99))).standard_normal(shape)
    return mean, log_variance, mean + np.exp(log_variance / 2) * noise


def split(mean: np.ndarray, log_variance: np.ndarray, codes: np.ndarray) -> aggregate.RateSplit:
    """Of Gaussian posteriors, and a code of each."""
    found = distributions.Gaussians(mean=mean, log_variance=log_variance)
    rate = distributions.kl_to_prior(mean, log_variance).sum(axis=1)
    return aggregate.split_rate(found.log_density(codes), found.log_mixture(codes), rate)


def _real(samples: types.SimpleNamespace) -> Posteriors:
    """Codes of real images as means, and deviations between a tenth and twice theirs."""
    mean, generator = samples.test_codes / samples.test_codes.std(axis=0), np.random.default_rng(0)
    deviation = generator.uniform(0.1, 2, mean.shape)
    return mean, 2 * np.log(deviation), mean + deviation * generator.standard_normal(mean.shape)


def test_the_split_is_that_of_scipys_densities(samples: types.SimpleNamespace) -> None:
    mean, log_variance, codes = _real(samples)
    deviation = np.exp(log_variance / 2)
    densities = np.array([scipy.stats.norm.logpdf(code, mean, deviation).sum(axis=1) for code in codes])
    mixture = scipy.special.logsumexp(densities, axis=1) - np.log(len(codes))
    expected = (np.diag(densities) - mixture).mean()
    found = split(mean, log_variance, codes)
    assert 1 < expected < np.log(len(codes)) - 0.1
    assert found.mutual_information == pytest.approx(expected, rel=1e-11)


def test_posteriors_far_apart_have_the_entropy_of_their_number_as_mutual_information() -> None:
    generator = np.random.default_rng(1)
    mean = np.tile(100.0 * np.eye(5), (40, 1))  # 200 images with 5 different posteriors
    codes = mean + generator.standard_normal(mean.shape)
    found = split(mean, np.zeros_like(mean), codes)
    assert found.mutual_information == pytest.approx(np.log(5), rel=1e-12)
    assert found.marginal_kl == pytest.approx(100**2 / 2 - np.log(5), rel=1e-12)


def test_the_split_of_a_linear_gaussian_model_is_known() -> None:
    slope, deviation, images, dimensions = 0.6, 0.7, 1000, 2
    found = []
    for seed in range(40):
        mean, noise = np.random.default_rng(seed).standard_normal((2, images, dimensions))
        mean *= slope
        found.append(split(mean, np.full_like(mean, 2 * np.log(deviation)), mean + deviation * noise))
    total = slope**2 + deviation**2
    information = dimensions / 2 * np.log(total / deviation**2)
    marginal = dimensions / 2 * (total - 1 - np.log(total))
    for values, expected in (
        ([one.mutual_information for one in found], information),
        ([one.marginal_kl for one in found], marginal),
    ):
        bias = np.exp(information) / images  # of a mixture of so many in the place of the true marginal
        assert abs(np.mean(values) - expected) < 4 * np.std(values) / np.sqrt(len(values)) + bias


def test_a_collapsed_posterior_has_neither_part() -> None:
    zeros, codes = np.zeros((50, 4)), np.random.default_rng(0).standard_normal((50, 4))
    found = split(zeros, zeros, codes)
    assert found.mutual_information == pytest.approx(0, abs=1e-12)
    assert found.marginal_kl == pytest.approx(0, abs=1e-12)


@hypothesis.given(posteriors(), hypothesis.strategies.permutations(range(ROWS)))
def test_both_parts_are_bounded_add_up_and_know_no_order(drawn: Posteriors, order: list[int]) -> None:
    mean, log_variance, codes = drawn
    found = split(mean, log_variance, codes)
    kl = distributions.kl_to_prior(mean, log_variance).sum(axis=1).mean()
    assert found.mutual_information <= np.log(ROWS) + 1e-12
    assert found.mutual_information + found.marginal_kl == pytest.approx(kl, rel=1e-12, abs=1e-12)
    other = split(mean[order], log_variance[order], codes[order])
    assert other.mutual_information == pytest.approx(found.mutual_information, rel=1e-9, abs=1e-9)


def test_of_one_image_all_is_marginal(samples: types.SimpleNamespace) -> None:
    mean, log_variance, codes = (array[:1] for array in _real(samples))
    found = split(mean, log_variance, codes)
    assert found.mutual_information == 0
    assert found.marginal_kl == pytest.approx(distributions.kl_to_prior(mean, log_variance).sum(), rel=1e-12)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("part", [0, 1, 2])
def test_what_is_not_finite_has_no_split(samples: types.SimpleNamespace, bad: float, part: int) -> None:
    arrays = _real(samples)
    arrays[part][3, 1] = bad
    found = split(*arrays)
    assert np.isnan([found.mutual_information, found.marginal_kl]).all()


def test_no_images_have_no_split_and_other_shapes_are_refused() -> None:
    none = np.empty(0)
    assert np.isnan(aggregate.split_rate(none, none, none).marginal_kl)
    with pytest.raises(ValueError, match=r"\(5,\), \(5,\) and \(6,\)"):
        aggregate.split_rate(np.zeros(5), np.zeros(5), np.zeros(6))


def _kernel_to_normal(squared_norm: float, dimensions: int, variance: float) -> float:
    """By SciPy's distribution of the squared distance to a normal variable."""
    distances = scipy.stats.ncx2(dimensions, squared_norm / variance, scale=variance)
    scale = 2 * dimensions
    return distances.expect(lambda d: scale / (scale + d), epsabs=1e-11, epsrel=1e-11, limit=200)


@pytest.mark.parametrize("dimensions", [1, 2, 12])
def test_mmd_is_the_sum_over_pairs_and_the_expectations_under_the_prior(
    samples: types.SimpleNamespace, dimensions: int
) -> None:
    codes = samples.test_codes[:25, :dimensions]
    scale = 2 * dimensions

    def kernel(a: np.ndarray, b: np.ndarray) -> float:
        return scale / (scale + float(((a - b) ** 2).sum()))

    pairs = [kernel(a, b) for i, a in enumerate(codes) for j, b in enumerate(codes) if i != j]
    across = [_kernel_to_normal(float((code**2).sum()), dimensions, 1) for code in codes]
    prior = scipy.stats.chi2(dimensions, scale=2).expect(lambda d: scale / (scale + d))
    expected = np.mean(pairs) - 2 * np.mean(across) + prior
    assert aggregate.mmd_to_prior(codes) == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("dimensions", [1, 2, 8, 32, 128, 512])
def test_mmd_of_two_equal_codes_holds_at_any_distance_and_dimension(dimensions: int) -> None:
    for distance in (0.0, 1.0, 5.0, 30.0):
        codes = np.zeros((2, dimensions))
        codes[:, 0] = distance
        draws = np.random.default_rng(0).standard_normal((200_000, 2))
        # Of the other dimensions only the squared norm counts.
        rest = np.random.default_rng(1).chisquare(dimensions - 1, (200_000, 2)) if dimensions > 1 else 0
        scale = 2 * dimensions
        across = scale / (scale + (draws - distance) ** 2 + rest)
        prior = scale / (scale + 2 * draws**2 + 2 * rest)
        expected = 1 - 2 * across.mean() + prior.mean()
        error = 2 * across.std() / 600 + prior.std() / 600
        assert aggregate.mmd_to_prior(codes) == pytest.approx(expected, abs=4 * error)


@pytest.mark.parametrize("dimensions", [1, 4, 32])
def test_mmd_is_nought_on_average_for_codes_from_the_prior(dimensions: int) -> None:
    draws = np.random.default_rng(0).standard_normal((300, 60, dimensions))
    found = np.array([aggregate.mmd_to_prior(codes) for codes in draws])
    assert abs(found.mean()) < 4 * found.std() / np.sqrt(len(found))
    assert (found < 0).mean() > 0.2
    assert aggregate.mmd_to_prior(draws[0] * 1.5 + 0.5) > found.max()
    assert aggregate.mmd_to_prior(draws[0] * 0.3) > found.max()


@hypothesis.given(posteriors(), hypothesis.strategies.permutations(range(ROWS)))
def test_mmd_is_bounded_and_knows_no_order_and_no_direction(drawn: Posteriors, order: list[int]) -> None:
    codes = drawn[2]
    rotation = np.linalg.qr(np.random.default_rng(2).standard_normal((DIMENSIONS, DIMENSIONS)))[0]
    found = aggregate.mmd_to_prior(codes)
    assert -2 < found < 2
    assert aggregate.mmd_to_prior(codes[order]) == pytest.approx(found, abs=1e-12)
    assert aggregate.mmd_to_prior(codes @ rotation) == pytest.approx(found, abs=1e-9)


def test_fewer_than_two_codes_or_one_that_is_not_finite_have_no_mmd() -> None:
    codes = np.random.default_rng(0).standard_normal((5, 2))
    assert np.isnan(aggregate.mmd_to_prior(codes[:1]))
    assert np.isnan(aggregate.mmd_to_prior(codes[:, :0]))
    codes[2, 1] = np.nan
    assert np.isnan(aggregate.mmd_to_prior(codes))


def test_the_discrepancy_from_draws_of_a_density_is_the_sum_in_loops_and_that_of_the_closed_form() -> None:
    generator = np.random.default_rng(0)
    codes, others = generator.standard_normal((8, 3)), 1 + generator.standard_normal((9, 3))

    def kernel(a: np.ndarray, b: np.ndarray) -> float:
        return 6 / (6 + np.sum((a - b) ** 2))

    expected = np.mean([kernel(codes[i], codes[j]) for i in range(8) for j in range(8) if i != j])
    expected += np.mean([kernel(others[i], others[j]) for i in range(9) for j in range(9) if i != j])
    expected -= 2 * np.mean([kernel(a, b) for a in codes for b in others])
    assert aggregate.mmd(codes, others) == pytest.approx(expected, rel=1e-12)
    many = generator.standard_normal((4000, 3))
    assert aggregate.mmd(codes, many) == pytest.approx(aggregate.mmd_to_prior(codes), abs=0.01)


def test_fewer_than_two_draws_have_no_discrepancy() -> None:
    assert np.isnan(aggregate.mmd(np.zeros((5, 2)), np.zeros((1, 2))))
    assert np.isnan(aggregate.mmd(np.full((5, 2), np.nan), np.zeros((5, 2))))
