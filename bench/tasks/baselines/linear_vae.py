"""The linear optimum of what a VAE minimises: probabilistic PCA, at the variance that its beta stands for."""

import dataclasses
import math

import numpy as np

from bench.ask.trial import Baseline
from bench.datasets import Dataset
from bench.metrics import probabilistic_pca
from bench.models.coder import Absent
from bench.tasks.baselines import components
from bench.tasks.baselines.coders import PrincipalComponents
from bench.tasks.baselines.linear_gaussian import LinearGaussian
from bench.tasks.fitted import VARIANCE

POINTS = 30  # of the curve
LOWEST = 0.01  # of the least eigenvalue: the variance at which the curve ends


def linear_vae(baseline: Baseline, dataset: Dataset) -> "LinearVAE | Absent":
    """The linear VAE of least loss on the training images, by its eigenvalues.

    Its loss is `E |x - mean - z W|^2 / (2 s^2) + D/2 log s^2 + beta KL`, with `s^2 = 1/2` or fitted. Whatever
    `s^2`, the best `W` and the best encoder are those of probabilistic PCA with the variance `beta s^2`: a
    component with eigenvalue `l` above it is on, its posterior has the variance `beta s^2 / l`, and it costs
    `log(l / (beta s^2)) / 2` nats a training image. All others are off.

    References
    ----------
    Tipping and Bishop, "Probabilistic principal component analysis", JRSS B 61(3), 1999; Lucas, Tucker,
    Grosse and Norouzi, "Don't blame the ELBO! A linear VAE perspective on posterior collapse", NeurIPS 2019.
    """
    count, options = baseline.latent_dim or 0, dict(baseline.options)
    if (absent := components.too_many(dataset, count)) is not None:
        return absent
    pca = PrincipalComponents(dataset=dataset, code_size=count)
    beta, noise = float(options["beta"]), VARIANCE
    if options.get("variance") == "fitted":
        total = components.total_variance(dataset, pca.mean.reshape(dataset.image_shape))
        noise = probabilistic_pca.fitted_variance(pca.variances, total, pca.mean.size, beta)
        if math.isnan(noise):
            return Absent("the components leave no variance to fit")
    return of_components(pca, beta, noise)


def of_components(pca: PrincipalComponents, beta: float, noise: float) -> "LinearVAE":
    """The linear VAE with these components, at a weight of KL and a variance of a pixel, both above 0."""
    threshold = beta * noise
    is_on = pca.variances > threshold
    variances = np.where(is_on, pca.variances, threshold)  # those that are off have a scale of 0
    scale = np.sqrt(variances - threshold)
    return LinearVAE(
        pca=pca,
        dataset=pca.dataset,
        mean=pca.mean,
        weights=scale[:, np.newaxis] * pca.axes,
        noise=np.full(pca.mean.size, noise),
        gain=pca.axes.T * (scale / variances),
        log_variance=np.log(threshold / variances),
        likelihood="" if noise == VARIANCE else f"a Gaussian of variance {noise:.3g}",
    )


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class LinearVAE(LinearGaussian):
    """One point of a curve that all linear VAEs with its components lie on, whatever their weight of KL."""

    pca: PrincipalComponents

    def curve(self, images: np.ndarray) -> dict[str, np.ndarray]:
        """KL and MSE, not clipped, of images `(n, h, w, c)` at 30 variances: `(30,)` each, float64.

        In the axes of the components the error of a component that is on is `v / l` of its coordinate, with
        the variance `v` and the eigenvalue `l`; that of one that is off is all of it.
        """
        values = self.pca.variances
        squares = np.square(self.pca.encode(images).astype(np.float64)).mean(axis=0)  # (k,)
        whole = components.total_variance_of(images, self.mean.reshape(images.shape[1:]))
        rates, errors = np.empty(POINTS), np.empty(POINTS)
        least = max(values[-1], values[0] * probabilistic_pca.LEAST_LEFT)
        for point, variance in enumerate(np.geomspace(values[0], LOWEST * least, POINTS)):
            left = variance / np.maximum(values, variance)  # (k,), 1 where a component is off
            gains = squares / np.maximum(values, variance)
            rates[point] = 0.5 * ((1 - left) * gains + left - 1 - np.log(left)).sum()
            errors[point] = (whole - (squares * (1 - np.square(left))).sum()) / self.mean.size
        return {"linear_kl": rates, "linear_mse": errors}
