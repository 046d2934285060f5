"""What a reconstruction and a latent code are worth: arrays in, numbers out.

`reconstruction` compares images, and `breakdown` tells the same numbers by class; `likelihood` turns their
sums into log-likelihoods and bounds on them. `latent` and `few_labels` measure the codes, `aggregate` all of
them together against the prior, `spectrum` how they spread and `clusters` how they group. `generation`
compares features of images, `mixture` and `robustness` make what is measured. `bench.measures` says in plain
words what each measure means. No Keras model comes in here, so every number can be recomputed from stored
arrays.

Two rules hold for all of them. Sums and means are float64, whatever comes in. What cannot be measured
is NaN and stops nothing: an image with a NaN gets a NaN, and so does a classifier that is given one.
"""

from bench.metrics.aggregate import RateSplit, mmd, mmd_to_prior, split_rate
from bench.metrics.breakdown import class_means, quantiles
from bench.metrics.clusters import ClusterAgreement, cluster_agreement
from bench.metrics.few_labels import FewLabelProbe
from bench.metrics.latent import LogisticProbe, active_units, knn_accuracy, logistic_probe
from bench.metrics.likelihood import (
    elbo,
    gaussian_log_likelihood,
    gaussian_variance,
    importance_weighted_bound,
    log_likelihood,
)
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
from bench.metrics.spectrum import effective_rank

__all__ = [
    "ClusterAgreement",
    "FewLabelProbe",
    "LogisticProbe",
    "RateSplit",
    "absolute_error",
    "active_units",
    "auroc",
    "class_means",
    "cluster_agreement",
    "cross_entropy",
    "effective_rank",
    "elbo",
    "entropy",
    "gaussian_log_likelihood",
    "gaussian_variance",
    "importance_weighted_bound",
    "knn_accuracy",
    "log_likelihood",
    "logistic_probe",
    "mmd",
    "mmd_to_prior",
    "mse",
    "noisy",
    "occluded",
    "psnr",
    "quantiles",
    "split_rate",
    "squared_error",
    "ssim",
]
