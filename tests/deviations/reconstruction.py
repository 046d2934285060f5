"""Reconstruction, against scikit-image and SciPy."""

import numpy as np
import scipy.special
import scipy.stats
import skimage.metrics

from bench.metrics import reconstruction
from tests.deviations.material import FEW, Check, Material, absolute, relative


def mse(m: Material) -> float:
    pairs = zip(m.images, m.reconstructed, strict=True)
    expected = [skimage.metrics.mean_squared_error(*(each.astype(float) for each in pair)) for pair in pairs]
    return relative(reconstruction.mse(m.images, m.reconstructed), np.array(expected))


def psnr(m: Material) -> float:
    pairs = zip(m.images, m.reconstructed, strict=True)
    expected = [
        skimage.metrics.peak_signal_noise_ratio(*(each.astype(float) for each in pair), data_range=1)
        for pair in pairs
    ]
    return relative(reconstruction.psnr(m.images, m.reconstructed), np.array(expected))


def ssim(m: Material) -> float:
    expected = []
    for pair in zip(m.images[:FEW], m.reconstructed[:FEW], strict=True):
        _, full = skimage.metrics.structural_similarity(
            *(each[..., 0].astype(float) for each in pair),
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
            data_range=1,
            full=True,
        )
        expected.append(full[5:-5, 5:-5].mean())
    return absolute(reconstruction.ssim(m.images[:FEW], m.reconstructed[:FEW]), np.array(expected))


def bce(m: Material) -> float:
    x, y = (each.astype(float).reshape(len(each), -1) for each in (m.images, m.reconstructed))
    y = y.clip(1e-7, 1 - 1e-7)
    expected = (scipy.special.rel_entr(x, y) + scipy.special.rel_entr(1 - x, 1 - y)).sum(axis=1)
    expected += scipy.stats.bernoulli(x).entropy().sum(axis=1)
    return relative(reconstruction.cross_entropy(m.images, m.reconstructed), expected)


def entropy(m: Material) -> float:
    expected = scipy.stats.bernoulli(m.images.astype(float)).entropy().sum(axis=(1, 2, 3))
    return relative(reconstruction.entropy(m.images), expected)


CHECKS = (
    Check(
        measure="MSE", against="scikit-image", bound=1e-6, unit="relative", on="2,000 images", deviation=mse
    ),
    Check(
        measure="PSNR", against="scikit-image", bound=1e-6, unit="relative", on="2,000 images", deviation=psnr
    ),
    Check(
        measure="SSIM",
        against="scikit-image, window by window",
        bound=1e-8,
        unit="",
        on="300 images",
        deviation=ssim,
    ),
    Check(
        measure="BCE",
        against="SciPy, entropy and divergence",
        bound=1e-6,
        unit="relative",
        on="2,000 images",
        deviation=bce,
    ),
    Check(
        measure="Entropy of the images",
        against="SciPy",
        bound=1e-9,
        unit="relative",
        on="2,000 images",
        deviation=entropy,
    ),
)
