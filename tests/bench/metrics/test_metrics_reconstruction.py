"""Reconstruction metrics against scikit-image, scipy and scikit-learn, and by their properties."""

import types
from collections.abc import Callable

import hypothesis
import hypothesis.extra.numpy
import hypothesis.strategies
import numpy as np
import pytest
import scipy.special
import skimage.metrics
import sklearn.metrics

from bench.metrics import reconstruction
from bench.models import likelihoods

Measure = Callable[[np.ndarray, np.ndarray], np.ndarray]
PAIRED: list[Measure] = [
    reconstruction.mse,
    reconstruction.psnr,
    reconstruction.ssim,
    reconstruction.cross_entropy,
    reconstruction.squared_error,
    reconstruction.absolute_error,
]
SHAPES = hypothesis.strategies.tuples(
    hypothesis.strategies.integers(1, 4),
    hypothesis.strategies.integers(11, 14),
    hypothesis.strategies.integers(11, 14),
    hypothesis.strategies.sampled_from([1, 3]),
)


def _stacks(shape: tuple[int, ...]) -> hypothesis.strategies.SearchStrategy[np.ndarray]:
    return hypothesis.extra.numpy.arrays(
        np.float32, shape, elements=hypothesis.strategies.floats(0, 1, width=32)
    )


PAIRS = SHAPES.flatmap(lambda shape: hypothesis.strategies.tuples(_stacks(shape), _stacks(shape)))


def _random_pair(shape: tuple[int, ...] = (6, 13, 12, 3)) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    return generator.random(shape, np.float32), generator.random(shape, np.float32)


def test_ssim_agrees_with_scikit_image(samples: types.SimpleNamespace) -> None:
    expected = [
        skimage.metrics.structural_similarity(
            image.astype(np.float64),
            other.astype(np.float64),
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
            data_range=1,
            channel_axis=-1,
        )
        for image, other in zip(samples.images, samples.reconstructions, strict=True)
    ]
    np.testing.assert_allclose(
        reconstruction.ssim(samples.images, samples.reconstructions), expected, atol=1e-12
    )


def test_ssim_agrees_with_an_explicit_sum_over_windows() -> None:
    images, others = _random_pair((3, 13, 12, 2))
    offsets = np.arange(-5, 6)
    weights = np.exp(-(offsets[:, None] ** 2 + offsets**2) / (2 * 1.5**2))
    weights /= weights.sum()

    def one_window(x: np.ndarray, y: np.ndarray) -> float:
        mean_x, mean_y = (weights * x).sum(), (weights * y).sum()
        variance_x, variance_y = (weights * (x - mean_x) ** 2).sum(), (weights * (y - mean_y) ** 2).sum()
        covariance = (weights * (x - mean_x) * (y - mean_y)).sum()
        top = (2 * mean_x * mean_y + 0.01**2) * (2 * covariance + 0.03**2)
        return top / ((mean_x**2 + mean_y**2 + 0.01**2) * (variance_x + variance_y + 0.03**2))

    expected = [
        np.mean(
            [
                one_window(
                    x[i : i + 11, j : j + 11, c].astype(float), y[i : i + 11, j : j + 11, c].astype(float)
                )
                for i in range(3)
                for j in range(2)
                for c in range(2)
            ]
        )
        for x, y in zip(images, others, strict=True)
    ]
    np.testing.assert_allclose(reconstruction.ssim(images, others), expected, atol=1e-12)


def test_psnr_agrees_with_scikit_image(samples: types.SimpleNamespace) -> None:
    expected = [
        skimage.metrics.peak_signal_noise_ratio(
            image.astype(np.float64), other.astype(np.float64), data_range=1
        )
        for image, other in zip(samples.images, samples.reconstructions, strict=True)
    ]
    np.testing.assert_allclose(
        reconstruction.psnr(samples.images, samples.reconstructions), expected, rtol=1e-12
    )


def test_mse_agrees_with_scikit_learn(samples: types.SimpleNamespace) -> None:
    flat = samples.images.reshape(len(samples.images), -1).T.astype(np.float64)
    expected = sklearn.metrics.mean_squared_error(
        flat,
        samples.reconstructions.reshape(flat.shape[1], -1).T.astype(np.float64),
        multioutput="raw_values",
    )
    np.testing.assert_allclose(
        reconstruction.mse(samples.images, samples.reconstructions), expected, rtol=1e-12
    )


def test_summed_errors_agree_with_norms(samples: types.SimpleNamespace) -> None:
    differences = (samples.images.astype(np.float64) - samples.reconstructions).reshape(
        len(samples.images), -1
    )
    for measure, order in [(reconstruction.squared_error, 2), (reconstruction.absolute_error, 1)]:
        expected = np.linalg.norm(differences, ord=order, axis=1) ** order
        np.testing.assert_allclose(measure(samples.images, samples.reconstructions), expected, rtol=1e-12)


def test_cross_entropy_agrees_with_scipy(samples: types.SimpleNamespace) -> None:
    targets = samples.images.astype(np.float64)
    predictions = samples.reconstructions.astype(np.float64).clip(1e-7, 1 - 1e-7)
    expected = -scipy.special.xlogy(targets, predictions) - scipy.special.xlog1py(1 - targets, -predictions)
    np.testing.assert_allclose(
        reconstruction.cross_entropy(samples.images, samples.reconstructions),
        expected.sum(axis=(1, 2, 3)),
        rtol=1e-12,
    )


def test_cross_entropy_of_black_and_white_images_agrees_with_log_loss(samples: types.SimpleNamespace) -> None:
    images = (samples.images > 0.5).astype(np.float32)
    for image, other in zip(images[:20], samples.reconstructions[:20], strict=True):
        predictions = other.ravel().astype(np.float64).clip(1e-7, 1 - 1e-7)
        expected = sklearn.metrics.log_loss(image.ravel(), predictions, normalize=False, labels=[0, 1])
        actual = reconstruction.cross_entropy(image[None], other[None])[0]
        np.testing.assert_allclose(actual, expected, rtol=1e-12)


def test_entropy_agrees_with_scipy(samples: types.SimpleNamespace) -> None:
    pixels = samples.images.astype(np.float64)
    expected = scipy.special.xlogy(pixels, pixels) + scipy.special.xlogy(1 - pixels, 1 - pixels)
    np.testing.assert_allclose(
        reconstruction.entropy(samples.images), -expected.sum(axis=(1, 2, 3)), rtol=1e-12
    )


def test_entropy_is_what_a_perfect_reconstruction_costs(samples: types.SimpleNamespace) -> None:
    perfect = reconstruction.cross_entropy(samples.images, samples.images)
    np.testing.assert_allclose(perfect, reconstruction.entropy(samples.images), atol=1e-3)


def test_entropy_of_black_and_white_images_is_zero() -> None:
    images = np.zeros((2, 4, 4, 1))
    images[:, :2] = 1
    assert reconstruction.entropy(images).tolist() == [0, 0]


def test_cross_entropy_of_a_certain_mistake_is_finite() -> None:
    expected = -np.log(1e-7) * 9
    actual = reconstruction.cross_entropy(np.ones((1, 3, 3, 1)), np.zeros((1, 3, 3, 1)))
    np.testing.assert_allclose(actual, expected)


def test_psnr_of_identical_images_is_infinite() -> None:
    images, _ = _random_pair()
    assert np.isposinf(reconstruction.psnr(images, images)).all()


def test_ssim_of_images_smaller_than_the_window_is_nan() -> None:
    images = np.ones((3, 28, 10, 1))
    assert np.isnan(reconstruction.ssim(images, images)).all()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("measure", PAIRED)
def test_a_pixel_that_is_not_finite_makes_nan_of_its_image_alone(measure: Measure, bad: float) -> None:
    images, others = _random_pair()
    clean = measure(images, others)
    others[1, 0, 0, 0] = bad  # a corner, which a single window of SSIM covers
    images[4, 5, 5, 0] = bad
    spoilt = measure(images, others)
    assert np.flatnonzero(np.isnan(spoilt)).tolist() == [1, 4]
    np.testing.assert_array_equal(np.delete(spoilt, [1, 4]), np.delete(clean, [1, 4]))


@pytest.mark.parametrize("measure", PAIRED)
def test_shapes_that_differ_are_refused(measure: Measure) -> None:
    with pytest.raises(ValueError, match=r"one shape .* got \(6, 13, 12, 3\) and \(6, 13, 12, 1\)"):
        measure(np.zeros((6, 13, 12, 3)), np.zeros((6, 13, 12, 1)))


@pytest.mark.parametrize("measure", PAIRED)
def test_no_images_give_no_numbers(measure: Measure) -> None:
    assert measure(np.zeros((0, 28, 28, 1)), np.zeros((0, 28, 28, 1))).shape == (0,)


@pytest.mark.parametrize("measure", PAIRED)
def test_results_are_float64_and_inputs_are_left_alone(measure: Measure) -> None:
    images, others = _random_pair()
    before = images.copy(), others.copy()
    assert measure(images, others).dtype == np.float64
    np.testing.assert_array_equal(images, before[0])
    np.testing.assert_array_equal(others, before[1])


@pytest.mark.parametrize("measure", PAIRED)
@pytest.mark.parametrize("block_values", [1, 3 * 784, 10**9])
def test_block_size_changes_no_result(
    samples: types.SimpleNamespace, measure: Measure, block_values: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = measure(samples.images, samples.reconstructions)
    monkeypatch.setattr(likelihoods, "BLOCK_VALUES", block_values)
    np.testing.assert_allclose(
        measure(samples.images, samples.reconstructions), expected, rtol=1e-13, atol=1e-15
    )


@pytest.mark.parametrize("measure", PAIRED)
def test_order_of_images_changes_no_result(samples: types.SimpleNamespace, measure: Measure) -> None:
    order = np.random.default_rng(0).permutation(len(samples.images))
    expected = measure(samples.images, samples.reconstructions)[order]
    actual = measure(samples.images[order], samples.reconstructions[order])
    np.testing.assert_allclose(actual, expected, rtol=1e-13, atol=1e-15)


@hypothesis.given(PAIRS)
@hypothesis.settings(max_examples=50, deadline=None)
def test_ssim_is_symmetric_and_within_its_range(pair: tuple[np.ndarray, np.ndarray]) -> None:
    forth, back = reconstruction.ssim(*pair), reconstruction.ssim(*reversed(pair))
    np.testing.assert_allclose(forth, back, atol=1e-12)
    assert (np.abs(forth) <= 1 + 1e-12).all()


@hypothesis.given(SHAPES.flatmap(_stacks))
@hypothesis.settings(max_examples=50, deadline=None)
def test_ssim_of_an_image_with_itself_is_one(images: np.ndarray) -> None:
    np.testing.assert_allclose(reconstruction.ssim(images, images), 1, atol=1e-12)


@hypothesis.given(PAIRS)
@hypothesis.settings(max_examples=50, deadline=None)
def test_errors_are_never_negative_and_cross_entropy_never_below_its_floor(
    pair: tuple[np.ndarray, np.ndarray],
) -> None:
    assert (reconstruction.mse(*pair) >= 0).all()
    assert (reconstruction.squared_error(*pair) >= 0).all()
    assert (reconstruction.absolute_error(*pair) >= 0).all()
    floor = reconstruction.entropy(pair[0])
    assert (reconstruction.cross_entropy(*pair) >= floor - 1e-9).all()
