"""Distances between sets of features against closed forms, definitions in loops, and other libraries."""

import dataclasses

import hypothesis.extra.numpy
import numpy as np
import pytest
import scipy.linalg
import scipy.spatial.distance
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.metrics import generation
from bench.metrics.generation import Features


def frechet_distance(real, generated):
    return generation.frechet_distance(Features(values=real), Features(values=generated))


def kernel_distance(real, generated):
    return generation.kernel_distance(Features(values=real), Features(values=generated))


def neighbourhoods(real, generated, k=5):
    return generation.neighbourhoods(
        Features(values=real, neighbours=k), Features(values=generated, neighbours=k)
    )


@pytest.fixture(scope="module")
def features(digits) -> tuple[np.ndarray, np.ndarray]:
    """Real images as features, a projection of their pixels: those of 0 to 4, and those of 5 to 9."""
    projection = np.random.default_rng(0).standard_normal((28 * 28, 12)) / 28
    codes = digits.train.images.reshape(len(digits.train.images), -1) @ projection
    return codes[digits.train.labels < 5][:300], codes[digits.train.labels >= 5][:200]


def test_frechet_distance_is_that_of_the_matrix_root(features):
    first, second = features
    covariances = [np.cov(each, rowvar=False) for each in features]
    root = scipy.linalg.sqrtm(covariances[0] @ covariances[1]).real
    expected = ((first.mean(0) - second.mean(0)) ** 2).sum() + np.trace(sum(covariances) - 2 * root)
    assert frechet_distance(first, second) == pytest.approx(expected, rel=1e-6)


def test_frechet_distance_of_scaled_and_shifted_features_is_known(features):
    first = features[0]
    variances = first.var(axis=0, ddof=1).sum()
    assert frechet_distance(first, first) == pytest.approx(0, abs=1e-6)
    assert frechet_distance(first, first + 1.0) == pytest.approx(first.shape[1], rel=1e-6)
    moved = 3 * (first - first.mean(0)) + first.mean(0)
    assert frechet_distance(first, moved) == pytest.approx(4 * variances, rel=1e-6)


def test_kernel_distance_is_the_mean_over_pairs(features):
    x, y = features[0][:40], features[1][:30]

    def kernel(a, b):
        return (float(a @ b) / len(a) + 1) ** 3

    def mean(a, b, *, same):
        pairs = [(i, j) for i in range(len(a)) for j in range(len(b)) if not (same and i == j)]
        return np.mean([kernel(a[i], b[j]) for i, j in pairs])

    expected = mean(x, x, same=True) + mean(y, y, same=True) - 2 * mean(x, y, same=False)
    assert kernel_distance(x, y) == pytest.approx(expected, rel=1e-9)


def test_kernel_distance_of_one_distribution_is_nought_on_average(features):
    shuffled = [np.random.default_rng(seed).permutation(features[0]) for seed in range(30)]
    halves = [kernel_distance(each[:150], each[150:]) for each in shuffled]
    apart = kernel_distance(*features)
    assert abs(np.mean(halves)) < 3 * np.std(halves) / np.sqrt(len(halves)) + 1e-12
    assert apart > 5 * np.std(halves)


@pytest.mark.parametrize("k", [3, 5])
def test_neighbourhoods_are_those_of_their_definitions(features, k):
    real, fake = features
    between = scipy.spatial.distance.cdist(real, fake)
    real_radii = np.sort(scipy.spatial.distance.cdist(real, real), axis=1)[:, k]
    fake_radii = np.sort(scipy.spatial.distance.cdist(fake, fake), axis=1)[:, k]
    held = between <= real_radii[:, np.newaxis]  # (real, fake)
    found = neighbourhoods(real, fake, k)
    assert found.precision == pytest.approx(held.any(axis=0).mean())
    assert found.recall == pytest.approx((between <= fake_radii).any(axis=1).mean())
    assert found.density == pytest.approx(held.sum() / (k * len(fake)))
    assert found.coverage == pytest.approx((between.min(axis=1) <= real_radii).mean())
    assert 0 < found.precision < 1
    assert 0 < found.coverage < 1


@pytest.fixture(scope="module")
def as_torchmetrics(features):
    """The distances as torchmetrics computes them in the same features, 200 images a side."""
    pytest.importorskip("torchmetrics", reason="torchmetrics brings torch, and is where torch is")
    import torch
    from torchmetrics.image import fid, kid

    class Features(torch.nn.Module):
        num_features = features[0].shape[1]

        def forward(self, images):
            return images

    real, fake = (torch.from_numpy(each[:200]) for each in features)
    found = []
    for metric in (
        fid.FrechetInceptionDistance(feature=Features()).set_dtype(torch.float64),
        kid.KernelInceptionDistance(feature=Features(), subsets=1, subset_size=200),
    ):
        metric.update(real, real=True)
        metric.update(fake, real=False)
        found.append(metric.compute())
    return float(found[0]), float(found[1][0])


@pytest.mark.filterwarnings("ignore:Metric `Kernel Inception Distance` will save:UserWarning")
def test_distances_are_those_of_torchmetrics(features, as_torchmetrics):
    real, fake = (each[:200] for each in features)
    assert frechet_distance(real, fake) == pytest.approx(as_torchmetrics[0], rel=1e-6)
    assert kernel_distance(real, fake) == pytest.approx(as_torchmetrics[1], rel=1e-6)


def test_features_of_other_shapes_and_too_few_images_are_refused(features):
    for measure in (frechet_distance, kernel_distance, neighbourhoods):
        with pytest.raises(ValueError, match=r"\(300, 12\) and \(200, 11\)"):
            measure(features[0], features[1][:, :11])
    with pytest.raises(ValueError, match="at least 6 images of each kind, received 300 and 5"):
        neighbourhoods(features[0], features[1][:5])
    with pytest.raises(ValueError, match="2 images or more, received"):
        frechet_distance(features[0], features[1][:1])
    with pytest.raises(ValueError, match="finite"):
        frechet_distance(features[0], features[1] * np.nan)


def test_each_set_lies_in_its_own_balls(features):
    found = neighbourhoods(features[0], features[0].copy(), 5)
    assert (found.precision, found.recall, found.coverage) == (1, 1, 1)
    # Each image lies in its own ball, and in those of the images that have it among their five nearest.
    assert found.density == pytest.approx(6 / 5)


def test_images_that_repeat_lie_in_balls_without_extent(features):
    """Ten of each of 20: their fifth neighbour is the same image, at no distance."""
    real = np.concatenate([features[0], np.repeat(features[1][:20], 10, axis=0)])
    for fake in (real[len(features[0]) :], real.copy(), np.repeat(features[1][:1], 50, axis=0)):
        exact = {}
        between = scipy.spatial.distance.cdist(real, fake)
        between[between < 1e-6] = 0  # the same image, but for rounding
        radii = [np.sort(scipy.spatial.distance.cdist(each, each), axis=1)[:, 5] for each in (real, fake)]
        radii = [np.where(each < 1e-6, 0, each) for each in radii]
        held = between <= radii[0][:, np.newaxis]
        exact["precision"], exact["coverage"] = held.any(axis=0).mean(), held.any(axis=1).mean()
        exact["recall"] = (between <= radii[1]).any(axis=1).mean()
        exact["density"] = held.sum() / (5 * len(fake))
        assert dataclasses.asdict(neighbourhoods(real, fake, 5)) == pytest.approx(exact, abs=1e-9)


@settings(deadline=None, max_examples=40)
@given(
    hypothesis.extra.numpy.arrays(np.float32, (24, 3), elements=st.integers(-3, 3).map(float)),
    hypothesis.extra.numpy.arrays(np.float32, (17, 3), elements=st.integers(-3, 3).map(float)),
    st.randoms(use_true_random=False),
)
def test_properties_of_measures_between_two_sets(x, y, random):
    """Of integers, which repeat: bounds, symmetry, order, and what changes places with the sets."""
    assert frechet_distance(x, y) == pytest.approx(frechet_distance(y, x), abs=1e-6)
    assert kernel_distance(x, y) == pytest.approx(kernel_distance(y, x), abs=1e-9)
    assert frechet_distance(x, x.copy()) == pytest.approx(0, abs=1e-6)
    assert frechet_distance(x, y) >= 0
    found, turned = neighbourhoods(x, y, 5), neighbourhoods(y, x, 5)
    assert (found.precision, found.recall) == (turned.recall, turned.precision)
    assert all(0 <= value <= 1 for value in (found.precision, found.recall, found.coverage))
    assert 0 <= found.density <= len(x) / 5
    order = list(range(len(y)))
    random.shuffle(order)
    assert neighbourhoods(x, y[order], 5) == found


@pytest.mark.parametrize("rows", [1, 7, 10_000])
def test_the_size_of_blocks_does_not_matter(features, monkeypatch, rows):
    expected = neighbourhoods(*features, 5), kernel_distance(*features)
    monkeypatch.setattr(generation, "_ROWS", rows)
    monkeypatch.setattr(generation, "_BLOCK", rows)
    assert neighbourhoods(*features, 5) == expected[0]
    assert kernel_distance(*features) == pytest.approx(expected[1], rel=1e-9)


def test_neighbourhoods_of_points_on_a_line():
    real = np.arange(6.0)[:, np.newaxis]  # with k = 1 each ball reaches to 1 on either side
    fake = np.array([[0.5], [4.0], [30.0], [31.0]])  # radii 3.5, 3.5, 1, 1
    found = neighbourhoods(real, fake, 1)
    assert found.precision == 0.5
    assert found.recall == 1.0
    assert found.density == (2 + 3) / 4
    assert found.coverage == 5 / 6  # 2 is 1.5 from 0.5, and 2 from 4
    with pytest.raises(ValueError, match="at least 3 images of each kind"):
        neighbourhoods(real, fake[:2], 2)


def test_the_order_of_images_does_not_matter(features):
    real, fake = features
    mixed = np.random.default_rng(0).permutation(fake)
    for measure in (frechet_distance, kernel_distance):
        assert measure(real, mixed) == pytest.approx(measure(real, fake), rel=1e-9)
    assert neighbourhoods(real, mixed) == neighbourhoods(real, fake)


def test_the_nearest_image_is_found_among_all(features):
    known, images = np.concatenate([features[0]] * 80), features[1]
    expected = scipy.spatial.distance.cdist(images, known).min(axis=1)
    np.testing.assert_allclose(generation.distance_to_nearest(known, images), expected, rtol=1e-4)
    assert (generation.distance_to_nearest(known, known[:7]) == 0).all()
    indices, distances = generation.nearest_known(known, images)
    np.testing.assert_allclose(np.linalg.norm(known[indices] - images, axis=1), expected, rtol=1e-4)
    np.testing.assert_array_equal(distances, generation.distance_to_nearest(known, images))
