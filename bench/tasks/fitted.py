"""The ELBO at the variance that fits the images, which the loss `mse` fixes at 1/2."""

import dataclasses
import math

import numpy as np

from bench.metrics import likelihood, reconstruction
from bench.models.coder import Absent
from bench.tasks.notes import NOT_FINITE
from bench.tasks.subject import Bound, Subject

VARIANCE = 0.5  # of a pixel given a code, which the loss `mse` stands for


@dataclasses.dataclass(frozen=True, kw_only=True)
class FittedBound:
    """Mean ELBO over test images, in nats, and the variance of a pixel given a code that it is taken at."""

    elbo: float
    variance: float


def fitted(subject: Subject, found: Bound, sampled: np.ndarray) -> FittedBound | Absent:
    """The ELBO with the variance that makes validation images likeliest; no test image chooses it.

    Of a Gaussian that is the mean squared error of validation images decoded from one sampled code each. Any
    variance gives a bound. A coder with a variance of its own keeps that, and its ELBO.

    Parameters
    ----------
    found
        Of the test images.
    sampled
        The test images, decoded from `found.codes`.
    """
    if isinstance(found.elbo, Absent):
        return found.elbo
    if not np.isfinite(found.elbo).all():
        return Absent(NOT_FINITE)
    size = math.prod(sampled.shape[1:])
    errors = reconstruction.squared_error(subject.dataset.test.images, sampled)
    own = likelihood.gaussian_variance(found.elbo + found.rate, errors, size)
    if math.isnan(own):
        return Absent("a likelihood that is no Gaussian with one variance for all pixels")
    if not math.isclose(own, VARIANCE, rel_tol=likelihood.SAME):
        return FittedBound(elbo=float(found.elbo.mean()), variance=own)
    posterior, images = subject.validation_posterior, subject.dataset.validation.images
    if isinstance(posterior, Absent):
        return posterior
    variance = float(reconstruction.mse(images, subject.decode(subject.sampled_validation_codes)).mean())
    if not variance > 0:
        return Absent("reconstructions without an error, or with one that is not finite")
    fit = likelihood.gaussian_log_likelihood(subject.dataset.test.images, sampled, variance)
    return FittedBound(elbo=float(likelihood.elbo(fit, found.rate).mean()), variance=variance)
