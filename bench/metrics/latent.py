"""What the latent codes hold: their cost against the prior, and the classes that can be read from them.

Codes are arrays of shape `(n, k)`, one row an image. The logistic regression sees codes standardised by mean
and deviation of the training codes. That blows up a dimension which a variational model has switched off to
unit deviation like any other; where many codes are labelled, a regression can ignore it. Nearest neighbours
cannot: they are asked about either, standardised codes and codes as they are.

scikit-learn is imported where a classifier is fitted: it takes over a second, and whoever wants a definition
or an SSIM alone should not wait for it.
"""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.stats

from bench.machine import threads
from bench.metrics.neighbours import nearest
from bench.metrics.standardising import Scaling, Standardising, can_classify, standardised

ACTIVE_VARIANCE = 0.01
NEIGHBOURS = 5

LOGISTIC_ITERATIONS = 1500
"""Bound on L-BFGS. Codes of up to 64 dimensions converge within about 100 iterations, strongly correlated
ones within about 330, the 784 raw pixels of Fashion-MNIST within about 1000."""

LOGISTIC_TOLERANCE = 1e-4
"""L-BFGS stops where no component of the mean loss's gradient is larger."""

LOGISTIC_C = 1.0
"""Weight of the summed loss against half the squared weights: next to no shrinkage for 50,000 codes.

On those of Fashion-MNIST (16 dimensions; VAE, AE and PCA) the test accuracy at C = 100 differs from that at
C = 1 by .1 percentage points at most, at C = .1 by .4, at C = .01 by 1.6."""


@dataclass(frozen=True, kw_only=True, eq=False)
class LogisticProbe:
    """A logistic regression on codes.

    Attributes
    ----------
    accuracy
        Share of test codes classified correctly, in [0, 1]; NaN where no classifier could be fitted.
    iterations
        L-BFGS iterations taken; 0 where no classifier could be fitted.
    converged
        Whether the tolerance was reached within the bound on iterations.
    standardise, classifier
        What it does to codes, and scikit-learn's regression after that; None where there is none.
    """

    accuracy: float
    iterations: int
    converged: bool
    standardise: Standardising | None = None
    classifier: Any = None

    def told(self, codes: np.ndarray, labels: np.ndarray) -> np.ndarray | None:
        """Whether it tells the class of each code, bools (m,) of mean `score`; None where that is NaN."""
        if np.isnan(self.score(codes, labels)):
            return None
        return np.asarray(self.classifier.predict(self.standardise(codes)) == labels)  # type: ignore[misc]

    def score(self, codes: np.ndarray, labels: np.ndarray) -> float:
        """Share of other codes, `(m, k)` with labels `(m,)`, that it classifies correctly, in [0, 1].

        NaN where no classifier could be fitted, where there is no code, and where one is not finite.
        """
        if self.standardise is None or codes.size == 0:
            return float("nan")
        standardised = self.standardise(codes)
        if not np.isfinite(standardised).all():
            return float("nan")
        return float(self.classifier.score(standardised, labels))


UNFITTED = LogisticProbe(accuracy=float("nan"), iterations=0, converged=False)
"""Where no classifier could be fitted."""


def active_units(mean: np.ndarray, threshold: float = ACTIVE_VARIANCE) -> int:
    """Count the latent dimensions whose posterior mean varies over images.

    A dimension is active if the variance over images (population) of its posterior mean is above
    `threshold`. One that holds a value that is not finite has no variance and does not count as active.

    Parameters
    ----------
    mean
        Shape `(n, k)`, any float: posterior means, or the codes of a model without a posterior.
    threshold
        In squared units of the code; 0.01 in the paper.

    Returns
    -------
    From 0 to `k`.

    References
    ----------
    Burda, Grosse and Salakhutdinov, "Importance weighted autoencoders", ICLR 2016.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        variance = mean.var(axis=0, dtype=np.float64)
    return int(np.count_nonzero(np.isfinite(variance) & (variance > threshold)))


def logistic_probe(
    train_codes: np.ndarray, train_labels: np.ndarray, test_codes: np.ndarray, test_labels: np.ndarray
) -> LogisticProbe:
    """Fit a multinomial logistic regression on standardised training codes and score it on test codes.

    scikit-learn's L-BFGS in float32 (half the time of float64, the same accuracy to about .0005), within
    `LOGISTIC_ITERATIONS`. Accuracy is NaN if a code is not finite, if the training labels are all of one
    class, or if there is no test code or no dimension.

    Parameters
    ----------
    train_codes, test_codes
        Shapes `(n, k)` and `(m, k)`, any float.
    train_labels, test_labels
        Shapes `(n,)` and `(m,)`, integers.

    References
    ----------
    Alain and Bengio, "Understanding intermediate layers using linear classifier probes", ICLR workshop 2017.
    """
    if train_codes.size == 0:
        return UNFITTED
    standardise = Standardising.of(train_codes)
    train_codes, test_codes = standardise(train_codes), standardise(test_codes)
    if not can_classify(train_codes, train_labels, test_codes):
        return UNFITTED
    classifier, converged = _logistic_regression(train_codes, train_labels)
    return LogisticProbe(
        accuracy=float(classifier.score(test_codes, test_labels)),
        iterations=int(classifier.n_iter_.max()),
        converged=converged,
        standardise=standardise,
        classifier=classifier,
    )


def knn_accuracy(
    train_codes: np.ndarray,
    train_labels: np.ndarray,
    test_codes: np.ndarray,
    test_labels: np.ndarray,
    neighbours: int = NEIGHBOURS,
    scaling: Scaling = Standardising.of,
) -> float:
    """Score a nearest-neighbours classifier of codes: a majority vote, by Euclidean distance.

    A tie between classes goes to the smaller label, as in scikit-learn. The search is exact. NaN if a code
    is not finite, if there are fewer training codes than neighbours, if the training labels are all of one
    class, or if there is no test code or no dimension.

    Parameters
    ----------
    train_codes, test_codes
        Shapes `(n, k)` and `(m, k)`, any float.
    train_labels, test_labels
        Shapes `(n,)` and `(m,)`, integers.
    neighbours
        How many training codes vote.
    scaling
        `Standardising.of` for standardised codes; `Standardising.whole` for codes as they are.

    Returns
    -------
    Share of test codes classified correctly, in [0, 1]. Higher is better.

    References
    ----------
    Cover and Hart, "Nearest neighbor pattern classification", IEEE Transactions on Information Theory 13(1),
    1967.
    """
    train_codes, test_codes = standardised(train_codes, test_codes, scaling)
    if len(train_codes) < neighbours or not can_classify(train_codes, train_labels, test_codes):
        return float("nan")
    voters, _ = nearest(train_codes, test_codes, neighbours)
    voted = scipy.stats.mode(train_labels[voters], axis=1).mode  # of a tie the smallest
    return float((voted == test_labels).mean())


def _logistic_regression(codes: np.ndarray, labels: np.ndarray) -> tuple[Any, bool]:
    """scikit-learn's classifier, fitted, and whether it converged."""
    import sklearn.exceptions
    import sklearn.linear_model

    classifier = sklearn.linear_model.LogisticRegression(
        C=LOGISTIC_C, tol=LOGISTIC_TOLERANCE, max_iter=LOGISTIC_ITERATIONS
    )
    with threads.as_worth(codes), warnings.catch_warnings(record=True) as caught:
        # Not converging within the bound is a result here, not an accident: it goes into the record.
        warnings.simplefilter("always", sklearn.exceptions.ConvergenceWarning)
        classifier.fit(codes, labels)
    return classifier, not any(issubclass(w.category, sklearn.exceptions.ConvergenceWarning) for w in caught)
