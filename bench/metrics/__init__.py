"""What a reconstruction and a latent code are worth: arrays in, numbers out.

`reconstruction` compares images, `likelihood` turns the same sums into log-likelihoods and bounds on them,
`latent` measures the codes, `robustness` corrupts images and ranks scores, and `definitions` says in plain
words what each measure means. No Keras model comes in here, so every number can be recomputed from stored
arrays.

Two rules hold for all of them. Sums and means are float64, whatever comes in. What cannot be measured
is NaN and stops nothing: an image with a NaN gets a NaN, and so does a classifier that is given one.
"""

from bench.metrics.definitions import BY_NAME, DEFINITIONS, Definition
from bench.metrics.latent import LogisticProbe, active_units, kl_to_prior, knn_accuracy, logistic_probe
from bench.metrics.likelihood import elbo, importance_weighted_bound, log_likelihood
from bench.metrics.reconstruction import (
    absolute_error,
    cross_entropy,
    entropy,
    mse,
    psnr,
    squared_error,
    ssim,
)
from bench.metrics.robustness import auroc, noisy, occluded

__all__ = [
    "BY_NAME",
    "DEFINITIONS",
    "Definition",
    "LogisticProbe",
    "absolute_error",
    "active_units",
    "auroc",
    "cross_entropy",
    "elbo",
    "entropy",
    "importance_weighted_bound",
    "kl_to_prior",
    "knn_accuracy",
    "log_likelihood",
    "logistic_probe",
    "mse",
    "noisy",
    "occluded",
    "psnr",
    "squared_error",
    "ssim",
]
