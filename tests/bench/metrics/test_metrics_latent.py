"""Latent metrics against Monte Carlo, closed forms, and scikit-learn's own pipelines."""

import types
from collections.abc import Callable

import hypothesis
import hypothesis.extra.numpy
import hypothesis.strategies
import numpy as np
import pytest
import scipy.stats
import sklearn.base
import sklearn.linear_model
import sklearn.neighbors
import sklearn.pipeline
import sklearn.preprocessing

from bench.metrics import clusters, few_labels, latent
from bench.metrics.standardising import Standardising
from bench.models import distributions

FINITE = hypothesis.strategies.floats(-50, 50, width=32)
Codes = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
Accuracy = Callable[..., float]
CLASSIFIERS: list[Accuracy] = [
    lambda *codes: latent.logistic_probe(*codes).accuracy,
    latent.knn_accuracy,
    lambda *codes: few_labels.probe(*codes[:2], 1, Standardising.of).score(*codes[2:]),
]


def _codes(samples: types.SimpleNamespace) -> Codes:
    return samples.train_codes, samples.train_labels, samples.test_codes, samples.test_labels


def _pipeline_accuracy(classifier: sklearn.base.ClassifierMixin, codes: Codes) -> float:
    train_codes, train_labels, test_codes, test_labels = codes
    pipeline = sklearn.pipeline.make_pipeline(sklearn.preprocessing.StandardScaler(), classifier)
    return pipeline.fit(train_codes.astype(np.float64), train_labels).score(test_codes, test_labels)


@pytest.mark.parametrize(("mean", "log_variance"), [(0.0, 0.0), (1.5, -1.0), (-0.3, 0.7), (0.0, -3.0)])
def test_kl_agrees_with_monte_carlo(mean: float, log_variance: float) -> None:
    posterior = scipy.stats.norm(mean, np.exp(log_variance / 2))
    draws = posterior.rvs(400_000, random_state=0)
    ratios = posterior.logpdf(draws) - scipy.stats.norm.logpdf(draws)
    expected, error = ratios.mean(), ratios.std() / np.sqrt(len(ratios))
    actual = distributions.kl_to_prior(np.array([[mean]]), np.array([[log_variance]]))[0, 0]
    assert abs(actual - expected) <= 4 * error + 1e-12


@hypothesis.given(hypothesis.extra.numpy.arrays(np.float32, (2, 5, 3), elements=FINITE))
def test_kl_is_never_negative(parameters: np.ndarray) -> None:
    kl = distributions.kl_to_prior(*parameters)
    assert kl.shape == (5, 3)
    assert kl.dtype == np.float64
    assert (kl >= 0).all()


def test_kl_is_zero_for_the_prior_and_quadratic_near_it() -> None:
    assert distributions.kl_to_prior(np.zeros((2, 3)), np.zeros((2, 3))).tolist() == [[0] * 3] * 2
    nearly = distributions.kl_to_prior(np.zeros((1, 1)), np.full((1, 1), 1e-6))
    np.testing.assert_allclose(nearly, 1e-12 / 4, rtol=1e-6)


def test_kl_keeps_nan_and_turns_overflow_into_infinity() -> None:
    kl = distributions.kl_to_prior(np.array([[np.nan, 0.0]]), np.array([[0.0, 1e4]]))
    assert np.isnan(kl[0, 0])
    assert np.isposinf(kl[0, 1])


def test_active_units_are_those_whose_mean_varies_more_than_the_threshold() -> None:
    signs = np.tile([1.0, -1.0], 50)[:, None]  # population variance 1
    means = 3.0 + signs * np.sqrt([0.0, 0.0099, 0.0101, 4.0])
    assert latent.active_units(means) == 2
    assert latent.active_units(means.astype(np.float32)) == 2
    assert latent.active_units(means, threshold=1.0) == 1


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_dimension_with_a_value_that_is_not_finite_is_not_active(bad: float) -> None:
    means = np.random.default_rng(0).normal(size=(20, 3))
    means[4, 1] = bad
    assert latent.active_units(means) == 2


def test_test_codes_that_overflow_when_standardised_give_no_number(samples: types.SimpleNamespace) -> None:
    train, train_labels, test, test_labels = _codes(samples)
    train = np.column_stack([train, np.zeros(len(train))])
    train[0, -1] = 1e-42  # the one image in which this dimension moves at all
    arrays = (train, train_labels, np.column_stack([test, np.ones(len(test))]), test_labels)
    assert np.isnan(latent.logistic_probe(*arrays).accuracy)
    assert np.isnan(latent.knn_accuracy(*arrays))
    assert np.isnan(CLASSIFIERS[-1](*arrays))
    assert np.isnan(clusters.cluster_agreement(*arrays, scaling=Standardising.of).nmi)


def test_logistic_probe_agrees_with_scikit_learn(samples: types.SimpleNamespace) -> None:
    classifier = sklearn.linear_model.LogisticRegression(max_iter=1000)
    expected = _pipeline_accuracy(classifier, _codes(samples))
    probe = latent.logistic_probe(*_codes(samples))
    assert probe.converged
    assert 0 < probe.iterations < latent.LOGISTIC_ITERATIONS
    # float32 here, float64 there: an image on a boundary may change sides.
    assert probe.accuracy == pytest.approx(expected, abs=2 / len(samples.test_labels))
    assert probe.accuracy > 0.6


def test_logistic_probe_says_when_it_stops_at_its_bound(
    samples: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(latent, "LOGISTIC_ITERATIONS", 3)
    probe = latent.logistic_probe(*_codes(samples))
    assert (probe.iterations, probe.converged) == (3, False)
    assert probe.accuracy > 0.3


@pytest.mark.parametrize("neighbours", [1, 5])
def test_knn_agrees_with_scikit_learn(samples: types.SimpleNamespace, neighbours: int) -> None:
    classifier = sklearn.neighbors.KNeighborsClassifier(neighbours, algorithm="kd_tree")
    expected = _pipeline_accuracy(classifier, _codes(samples))
    assert latent.knn_accuracy(*_codes(samples), neighbours) == pytest.approx(expected, abs=1e-12)


def test_knn_agrees_with_sorting_all_distances(samples: types.SimpleNamespace) -> None:
    train_codes, train_labels, test_codes, test_labels = _codes(samples)
    mean, deviation = train_codes.mean(axis=0), train_codes.std(axis=0)
    train, test = (train_codes - mean) / deviation, (test_codes - mean) / deviation
    hits = 0
    for code, label in zip(test, test_labels, strict=True):
        nearest = np.argsort(((train - code) ** 2).sum(axis=1))[:5]
        hits += int(np.bincount(train_labels[nearest]).argmax() == label)  # argmax: ties to the smaller label
    assert latent.knn_accuracy(*_codes(samples)) == pytest.approx(hits / len(test), abs=1e-12)


def test_knn_of_codes_as_they_are_is_that_of_scikit_learn_without_a_scaler(
    samples: types.SimpleNamespace,
) -> None:
    train_codes, train_labels, test_codes, test_labels = _codes(samples)
    stretched = np.logspace(-2, 2, train_codes.shape[1])  # so that it matters
    classifier = sklearn.neighbors.KNeighborsClassifier(5).fit(train_codes * stretched, train_labels)
    codes = (train_codes * stretched, train_labels, test_codes * stretched, test_labels)
    found = latent.knn_accuracy(*codes, scaling=Standardising.whole)
    expected = classifier.score(test_codes * stretched, test_labels)
    assert found == pytest.approx(expected, abs=1 / len(test_labels))
    assert found != pytest.approx(latent.knn_accuracy(*codes), abs=0.02)


def test_a_tied_vote_goes_to_the_smaller_label() -> None:
    train, labels = np.array([[-1.0], [1.1], [50.0], [60.0]]), np.array([1, 0, 0, 0])
    assert latent.knn_accuracy(train, labels, np.array([[0.0]]), np.array([0]), neighbours=2) == 1


@pytest.mark.parametrize("accuracy", CLASSIFIERS)
def test_scale_and_shift_of_the_codes_change_no_accuracy(
    samples: types.SimpleNamespace, accuracy: Accuracy
) -> None:
    train_codes, train_labels, test_codes, test_labels = _codes(samples)
    scale, shift = np.logspace(-3, 3, train_codes.shape[1]), np.linspace(-5, 5, train_codes.shape[1])
    moved = accuracy(train_codes * scale + shift, train_labels, test_codes * scale + shift, test_labels)
    assert moved == pytest.approx(accuracy(*_codes(samples)), abs=2 / len(test_labels))


@pytest.mark.parametrize("accuracy", CLASSIFIERS)
def test_columns_that_are_constant_in_training_change_nothing(
    samples: types.SimpleNamespace, accuracy: Accuracy
) -> None:
    train_codes, train_labels, test_codes, test_labels = _codes(samples)
    train_wider = np.column_stack([train_codes, np.full(len(train_codes), 0.1)])
    # The column moves a little in the test part, as the border pixels of images do.
    test_wider = np.column_stack([test_codes, np.linspace(0.1, 0.101, len(test_codes))])
    with_constant = accuracy(train_wider, train_labels, test_wider, test_labels)
    assert with_constant == pytest.approx(accuracy(*_codes(samples)), abs=1 / len(test_labels))


@pytest.mark.parametrize("accuracy", CLASSIFIERS)
def test_codes_that_are_all_the_same_are_no_better_than_a_guess(
    samples: types.SimpleNamespace, accuracy: Accuracy
) -> None:
    _, train_labels, _, test_labels = _codes(samples)
    guess = accuracy(
        np.full((len(train_labels), 4), 0.1), train_labels, np.full((len(test_labels), 4), 0.1), test_labels
    )
    assert 0 <= guess < 0.25


@pytest.mark.parametrize("accuracy", CLASSIFIERS)
@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("part", [0, 2])
def test_codes_that_are_not_finite_have_no_accuracy(
    samples: types.SimpleNamespace, accuracy: Accuracy, bad: float, part: int
) -> None:
    codes = [array.copy() for array in _codes(samples)]
    codes[part][3, 1] = bad
    assert np.isnan(accuracy(*codes))


@pytest.mark.parametrize("accuracy", CLASSIFIERS)
def test_a_single_class_has_no_accuracy(samples: types.SimpleNamespace, accuracy: Accuracy) -> None:
    train_codes, train_labels, test_codes, test_labels = _codes(samples)
    assert np.isnan(accuracy(train_codes, np.zeros_like(train_labels), test_codes, test_labels))


@pytest.mark.parametrize("accuracy", CLASSIFIERS)
def test_without_codes_or_dimensions_there_is_no_accuracy(
    samples: types.SimpleNamespace, accuracy: Accuracy
) -> None:
    train_codes, train_labels, test_codes, test_labels = _codes(samples)
    assert np.isnan(accuracy(train_codes[:0], train_labels[:0], test_codes, test_labels))
    assert np.isnan(accuracy(train_codes, train_labels, test_codes[:0], test_labels[:0]))
    assert np.isnan(accuracy(train_codes[:, :0], train_labels, test_codes[:, :0], test_labels))


def test_fewer_training_codes_than_neighbours_have_no_accuracy() -> None:
    codes, labels = np.random.default_rng(0).normal(size=(4, 2)), np.array([0, 1, 0, 1])
    assert np.isnan(latent.knn_accuracy(codes, labels, codes, labels, neighbours=5))
    assert latent.knn_accuracy(codes, labels, codes, labels, neighbours=1) == 1


def test_a_fitted_probe_scores_other_codes_as_scikit_learn_would(samples: types.SimpleNamespace) -> None:
    train_codes, train_labels, test_codes, test_labels = _codes(samples)
    probe = latent.logistic_probe(*_codes(samples))
    assert probe.score(test_codes, test_labels) == probe.accuracy
    moved = test_codes + np.random.default_rng(0).normal(0, 1, test_codes.shape) * train_codes.std(axis=0)
    pipeline = sklearn.pipeline.make_pipeline(
        sklearn.preprocessing.StandardScaler(), sklearn.linear_model.LogisticRegression(max_iter=1000)
    )
    expected = pipeline.fit(train_codes.astype(np.float64), train_labels).score(moved, test_labels)
    assert probe.score(moved, test_labels) == pytest.approx(expected, abs=2 / len(test_labels))
    assert probe.score(moved, test_labels) < probe.accuracy


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e300])
def test_a_probe_has_no_score_for_codes_that_are_not_finite_or_none(
    samples: types.SimpleNamespace, bad: float
) -> None:
    probe = latent.logistic_probe(*_codes(samples))
    codes = samples.test_codes.astype(np.float64)
    codes[3, 1] = bad
    assert np.isnan(probe.score(codes, samples.test_labels))
    assert np.isnan(probe.score(codes[:0], samples.test_labels[:0]))


def test_a_probe_that_could_not_be_fitted_has_no_score(samples: types.SimpleNamespace) -> None:
    train_codes, train_labels, test_codes, test_labels = _codes(samples)
    probe = latent.logistic_probe(train_codes, np.zeros_like(train_labels), test_codes, test_labels)
    assert np.isnan(probe.score(test_codes, test_labels))
