"""Classes read from codes of which few are labelled: a logistic regression, its strength chosen among them.

How strongly a regression should be penalised hangs on the number of dimensions and of labels, so one strength
for all would favour some codes. It is chosen by cross-validation within the labelled codes; what is not
labelled, and the test codes, choose nothing.

scikit-learn is imported where it is used, as in `bench.metrics.latent`.
"""

import math
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.machine import threads
from bench.metrics.standardising import Scaling, Standardising, can_classify

LOW = 10
"""Labelled codes of each class in the low-label accuracy."""

DRAWS = 5
SEED = 20_140_620
"""The same images are labelled for every model; their choice alone moves an accuracy by some hundredths."""

STRENGTHS = (0.01, 0.1, 1.0, 10.0)
"""C, the weight of the summed loss against half the squared weights, among which is chosen."""
ONE_LABEL = 1.0
"""C where a class has one label, and none could be held out."""
FOLDS = 3
ITERATIONS, TOLERANCE = 100, 1e-3
"""Bounds on L-BFGS: on Fashion-MNIST closer ones move an accuracy by .3 percentage points at most."""


@dataclass(frozen=True, kw_only=True, eq=False)
class FewLabelProbe:
    """A logistic regression for each draw of labelled codes.

    Attributes
    ----------
    standardise, classifiers
        What is done to codes, and scikit-learn's regressions after that; None and none where there are none.
    strengths
        C of each draw.
    """

    standardise: Standardising | None = None
    classifiers: tuple[Any, ...] = ()
    strengths: tuple[float, ...] = ()

    def score(self, codes: np.ndarray, labels: np.ndarray) -> float:
        """Share of codes `(m, k)` with labels `(m,)` that are classified correctly, in [0, 1].

        Mean over the draws. NaN where nothing could be fitted, where there is no code, and where one is not
        finite. Higher is better.
        """
        if self.standardise is None or codes.size == 0:
            return math.nan
        scaled = self.standardise(codes)
        if not np.isfinite(scaled).all():
            return math.nan
        return float(np.mean([(each.predict(scaled) == labels).mean() for each in self.classifiers]))


def probe(
    train_codes: np.ndarray,
    train_labels: np.ndarray,
    count: int,
    scaling: Scaling = Standardising.whole,
    *,
    chooses: bool = True,
) -> FewLabelProbe:
    """Fit multinomial logistic regressions where `count` training codes of each class are labelled.

    One for each of 5 draws of the labelled codes, which depend on the labels alone: every model gets the
    same, and those of a smaller number are among those of a larger. C is that of .01, .1, 1 and 10 with the
    lowest log loss in stratified cross-validation of the labelled codes, in 3 folds, or in as many as a class
    has labels; with one label a class it is 1. The scale of codes is that of all training codes, as it takes
    no labels.

    Parameters
    ----------
    train_codes
        Shape `(n, k)`, any float.
    train_labels
        Shape `(n,)`, integers.
    count
        Labelled codes of each class, at least 1.
    scaling
        `Standardising.whole` for codes as they are; `Standardising.of` for standardised ones.
    chooses
        Whether C is chosen; else it is 1.

    Returns
    -------
    Without a regression if a code is not finite, if a class has fewer codes than `count`, if the labels are
    all of one class, or if there is no dimension.

    References
    ----------
    Kingma, Rezende, Mohamed and Welling, "Semi-supervised learning with deep generative models", NIPS 2014
    (their M1: a classifier of codes, few of them labelled).
    """
    if not can_classify(train_codes, train_labels, train_codes):
        return FewLabelProbe()
    if np.unique(train_labels, return_counts=True)[1].min() < count:
        return FewLabelProbe()
    standardise = scaling(train_codes)
    fitted = [
        _fitted(standardise(train_codes[rows]), train_labels[rows], count if chooses else 1)
        for rows in labelled(train_labels, count)
    ]
    return FewLabelProbe(
        standardise=standardise,
        classifiers=tuple(each for each, _ in fitted),
        strengths=tuple(strength for _, strength in fitted),
    )


def labelled(labels: np.ndarray, count: int) -> list[np.ndarray]:
    """Rows that are labelled, `count` of each class, for each draw: the first of a fixed random order."""
    members = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    generators = [np.random.default_rng([SEED, draw]) for draw in range(DRAWS)]
    return [np.concatenate([each.permutation(rows)[:count] for rows in members]) for each in generators]


def _fitted(codes: np.ndarray, labels: np.ndarray, count: int) -> tuple[Any, float]:
    """scikit-learn's classifier, fitted, and its C, which one label a class leaves at 1.

    Weights under this penalty lie in the span of the labelled codes. Where those are fewer than dimensions
    they are told in axes of that span, which changes no distance between them and no classifier.
    """
    if len(codes) >= codes.shape[1]:
        return _fitted_within(codes, labels, count)
    axes = np.linalg.svd(codes, full_matrices=False)[2]  # (labelled, k), orthonormal
    classifier, strength = _fitted_within(codes @ axes.T, labels, count)
    classifier.coef_ = classifier.coef_ @ axes
    classifier.n_features_in_ = codes.shape[1]
    return classifier, strength


def _fitted_within(codes: np.ndarray, labels: np.ndarray, count: int) -> tuple[Any, float]:
    import sklearn.exceptions
    from sklearn.linear_model import LogisticRegression, LogisticRegressionCV
    from sklearn.model_selection import StratifiedKFold

    bounds: dict[str, Any] = {"max_iter": ITERATIONS, "tol": TOLERANCE}
    with threads.as_worth(codes), warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", sklearn.exceptions.ConvergenceWarning
        )  # a bound is part of the measure
        warnings.simplefilter("ignore", FutureWarning)  # of attributes that are not read here
        if count == 1:
            return LogisticRegression(C=ONE_LABEL, **bounds).fit(codes, labels), ONE_LABEL
        folds = StratifiedKFold(min(FOLDS, count), shuffle=True, random_state=SEED)
        chooser = LogisticRegressionCV(Cs=STRENGTHS, cv=folds, scoring=_log_likelihood, **bounds)
        return chooser.fit(codes, labels), float(np.ravel(chooser.C_)[0])


def _log_likelihood(classifier: Any, codes: np.ndarray, labels: np.ndarray) -> float:
    """Mean over labels: scikit-learn's `neg_log_loss`, which takes longer than such a regression."""
    found = classifier.predict_log_proba(codes)
    return float(found[np.arange(len(labels)), np.searchsorted(classifier.classes_, labels)].mean())
