"""Generation, against SciPy, torchmetrics and the definitions."""

import dataclasses

import numpy as np
import scipy.linalg
import scipy.spatial.distance
import scipy.special
import scipy.stats
import sklearn.mixture

from bench.metrics import densities, generation
from tests.deviations.material import FEW, Check, Material, relative


def _features(m: Material) -> tuple[generation.Features, generation.Features]:
    real, other = m.features
    return generation.Features(values=real), generation.Features(values=other)


def frechet(m: Material) -> float:
    covariances = [np.cov(each, rowvar=False) for each in m.features]
    root = scipy.linalg.sqrtm(covariances[0] @ covariances[1]).real
    expected = ((m.features[0].mean(0) - m.features[1].mean(0)) ** 2).sum()
    expected += np.trace(covariances[0] + covariances[1] - 2 * root)
    return relative(generation.frechet_distance(*_features(m)), expected)


def _of_torchmetrics(m: Material, name: str) -> float:
    import torch
    from torchmetrics.image import fid, kid

    real, other = (torch.from_numpy(np.asarray(each[:FEW], float)) for each in m.features)

    class Features(torch.nn.Module):
        num_features = real.shape[1]

        def forward(self, images: "torch.Tensor") -> "torch.Tensor":
            return images

    if name == "frechet":
        metric = fid.FrechetInceptionDistance(feature=Features()).set_dtype(torch.float64)
    else:
        metric = kid.KernelInceptionDistance(feature=Features(), subsets=1, subset_size=FEW)
    metric.update(real, real=True)
    metric.update(other, real=False)
    found = metric.compute()
    return float(found if name == "frechet" else found[0])


def _few(m: Material) -> tuple[generation.Features, generation.Features]:
    real, other = (np.asarray(each[:FEW], float) for each in m.features)
    return generation.Features(values=real), generation.Features(values=other)


def frechet_torchmetrics(m: Material) -> float:
    return relative(generation.frechet_distance(*_few(m)), _of_torchmetrics(m, "frechet"))


def kernel_torchmetrics(m: Material) -> float:
    return relative(generation.kernel_distance(*_few(m)), _of_torchmetrics(m, "kernel"))


def neighbourhoods(m: Material) -> float:
    real, other = m.features
    between = scipy.spatial.distance.cdist(real, other)
    real_radii, radii = (
        np.sort(scipy.spatial.distance.cdist(each, each), axis=1)[:, generation.NEIGHBOURS]
        for each in (real, other)
    )
    held = between <= real_radii[:, np.newaxis]
    expected = {
        "precision": held.any(axis=0).mean(),
        "recall": (between <= radii).any(axis=1).mean(),
        "density": held.sum() / (generation.NEIGHBOURS * len(other)),
        "coverage": held.any(axis=1).mean(),
    }
    found = dataclasses.asdict(generation.neighbourhoods(*_features(m)))
    return max(abs(found[name] - value) * len(real) for name, value in expected.items())


def nearest(m: Material) -> float:
    known, images = m.reconstructed, m.images[:FEW]
    between = scipy.spatial.distance.cdist(
        *(each.reshape(len(each), -1).astype(float) for each in (images, known))
    )
    return relative(generation.distance_to_nearest(known, images), between.min(axis=1))


def kernels(m: Material) -> float:
    codes = densities.Scaled.of(m.train_codes)
    found = densities.log_densities(codes.values, codes(m.codes[:20]), densities.WIDTHS)
    apart = codes(m.codes[:20])[:, np.newaxis] - codes.values
    inside = [scipy.stats.norm.logpdf(apart, scale=width).sum(axis=2) for width in densities.WIDTHS]
    expected = scipy.special.logsumexp(inside, axis=2) - np.log(len(codes.values))
    return relative(found, expected)


def gaussian(m: Material) -> float:
    """Means and covariances of draws, in their standard errors under the Gaussian of scikit-learn."""
    one = sklearn.mixture.GaussianMixture(1, reg_covar=0).fit(m.train_codes)
    drawn = densities.gaussian_samples(m.train_codes, 200_000, seed=0).astype(float)
    covariance, variances = one.covariances_[0], np.diag(one.covariances_[0])
    errors = np.sqrt((np.outer(variances, variances) + covariance**2) / len(drawn))
    means = np.abs(drawn.mean(axis=0) - one.means_[0]) / np.sqrt(variances / len(drawn))
    return float(max(means.max(), (np.abs(np.cov(drawn.T) - covariance) / errors).max()))


CHECKS = (
    Check(
        measure="Frechet distance",
        against="SciPy's matrix root",
        bound=1e-6,
        unit="relative",
        on="2,000 images a side",
        deviation=frechet,
    ),
    Check(
        measure="Frechet distance",
        against="torchmetrics",
        bound=1e-6,
        unit="relative",
        on="300 images a side",
        deviation=frechet_torchmetrics,
    ),
    Check(
        measure="Kernel distance",
        against="torchmetrics",
        bound=1e-6,
        unit="relative",
        on="300 images a side",
        deviation=kernel_torchmetrics,
    ),
    Check(
        measure="Precision, recall, density, coverage",
        against="their definitions on all pairs",
        bound=1,
        unit="images",
        on="2,000 images a side",
        deviation=neighbourhoods,
    ),
    Check(
        measure="Distance to the nearest image",
        against="SciPy",
        bound=1e-5,
        unit="relative",
        on="2,000 and 300 images",
        deviation=nearest,
    ),
    Check(
        measure="Gaussian fitted to codes",
        against="scikit-learn's mixture of one, 200,000 draws",
        bound=5,
        unit="standard errors",
        on="10,000 codes",
        deviation=gaussian,
    ),
    Check(
        measure="Kernel density of codes",
        against="SciPy's densities, 13 widths",
        bound=1e-5,
        unit="relative",
        on="10,000 and 20 codes",
        deviation=kernels,
    ),
)
