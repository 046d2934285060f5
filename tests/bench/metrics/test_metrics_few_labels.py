"""Accuracy with few labels against scikit-learn called directly, and whose labels choose what."""

import types

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.preprocessing import StandardScaler

from bench.metrics import few_labels, latent
from bench.metrics.standardising import Scaling, Standardising

Codes = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
BOUNDS = {"max_iter": few_labels.ITERATIONS, "tol": few_labels.TOLERANCE}


@pytest.fixture(autouse=True)
def fewer_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two for five: they cost the most."""
    monkeypatch.setattr(few_labels, "DRAWS", 2)


def _codes(samples: types.SimpleNamespace) -> Codes:
    return samples.train_codes, samples.train_labels, samples.test_codes, samples.test_labels


def _expected(codes: Codes, rows: np.ndarray, scaler: StandardScaler, count: int) -> tuple[float, float]:
    """Of one draw: accuracy, and the strength that a search over the whole grid chooses."""
    train_codes, train_labels, test_codes, test_labels = codes
    classifier = LogisticRegression(C=few_labels.ONE_LABEL, **BOUNDS)
    if count > 1:
        folds = StratifiedKFold(min(few_labels.FOLDS, count), shuffle=True, random_state=few_labels.SEED)
        grid = {"C": few_labels.STRENGTHS}
        classifier = GridSearchCV(LogisticRegression(**BOUNDS), grid, scoring="neg_log_loss", cv=folds)
    classifier.fit(scaler.transform(train_codes[rows]), train_labels[rows])
    strength = classifier.best_params_["C"] if count > 1 else few_labels.ONE_LABEL
    predicted = classifier.predict(scaler.transform(test_codes))
    return float((predicted == test_labels).mean()), strength


@pytest.mark.parametrize(
    ("count", "scaling"), [(1, Standardising.whole), (4, Standardising.of), (10, Standardising.whole)]
)
def test_it_is_that_of_scikit_learn_with_a_search_for_the_strength(
    samples: types.SimpleNamespace, count: int, scaling: Scaling
) -> None:
    codes = _codes(samples)
    scaler = StandardScaler().fit(codes[0])
    if scaling == Standardising.whole:
        scaler.scale_ = np.full(codes[0].shape[1], np.sqrt(scaler.var_.mean()))
    probe = few_labels.probe(*codes[:2], count, scaling)
    drawn = few_labels.labelled(codes[1], count)
    accuracies, strengths = zip(*(_expected(codes, rows, scaler, count) for rows in drawn), strict=True)
    assert probe.strengths == strengths
    assert probe.score(*codes[2:]) == pytest.approx(np.mean(accuracies), abs=0.01)
    assert probe.score(*codes[2:]) > 0.3


def test_each_class_has_as_many_labels_and_fewer_are_among_more(samples: types.SimpleNamespace) -> None:
    drawn = {count: few_labels.labelled(samples.train_labels, count) for count in (1, 4, 40)}
    for count, draws in drawn.items():
        assert len(draws) == few_labels.DRAWS
        for rows in draws:
            assert np.unique(samples.train_labels[rows], return_counts=True)[1].tolist() == [count] * 10
            assert len(np.unique(rows)) == len(rows)
    for one, four, forty in zip(*drawn.values(), strict=True):
        assert set(one) < set(four) < set(forty)
    assert len({tuple(rows) for rows in drawn[4]}) == few_labels.DRAWS


def test_more_labels_tell_more_and_all_of_them_most(samples: types.SimpleNamespace) -> None:
    codes = _codes(samples)
    curve = [few_labels.probe(*codes[:2], count).score(*codes[2:]) for count in (1, 4, 40)]
    assert curve == sorted(curve)
    assert curve[0] > 0.25
    assert curve[-1] < latent.logistic_probe(*codes).accuracy + 0.02


def test_labels_that_were_not_drawn_change_nothing(samples: types.SimpleNamespace) -> None:
    train_codes, train_labels, test_codes, _ = _codes(samples)
    drawn = np.unique(np.concatenate(few_labels.labelled(train_labels, 4)))
    first = few_labels.probe(train_codes, train_labels, 4)
    moved = train_codes.copy()
    rest = np.setdiff1d(np.arange(len(moved)), drawn)
    for label in np.unique(train_labels):  # the same codes under one mean and scale, in another order
        rows = rest[train_labels[rest] == label]
        moved[rows] = moved[rows[::-1]]
    again = few_labels.probe(moved, train_labels, 4)
    for ours, theirs in zip(first.classifiers, again.classifiers, strict=True):
        assert (ours.predict(test_codes) == theirs.predict(test_codes)).mean() > 0.99
    assert first.strengths == again.strengths


def test_the_unit_of_the_codes_changes_nothing(samples: types.SimpleNamespace) -> None:
    train, labels, test, test_labels = _codes(samples)
    found = few_labels.probe(train, labels, 4).score(test, test_labels)
    other = few_labels.probe(1e4 * train + 7, labels, 4).score(1e4 * test + 7, test_labels)
    assert other == pytest.approx(found, abs=2 / len(test_labels))


def test_idle_dimensions_cost_little_as_they_are(samples: types.SimpleNamespace) -> None:
    train, labels, test, test_labels = _codes(samples)
    generator = np.random.default_rng(0)
    idle = [np.column_stack([each, 1e-3 * generator.normal(size=(len(each), 24))]) for each in (train, test)]
    narrow = few_labels.probe(train, labels, 10).score(test, test_labels)
    wide = few_labels.probe(idle[0], labels, 10).score(idle[1], test_labels)
    blown_up = few_labels.probe(idle[0], labels, 10, Standardising.of).score(idle[1], test_labels)
    assert wide == pytest.approx(narrow, abs=0.03)
    assert blown_up < wide - 0.05


def test_a_class_of_fewer_codes_than_labels_has_no_accuracy(samples: types.SimpleNamespace) -> None:
    train_codes, train_labels, test_codes, test_labels = _codes(samples)
    for kept, is_measured in ((10, True), (9, False)):
        rows = np.setdiff1d(np.arange(len(train_labels)), np.flatnonzero(train_labels == 3)[kept:])
        found = few_labels.probe(train_codes[rows], train_labels[rows], 10).score(test_codes, test_labels)
        assert np.isfinite(found) == is_measured


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_codes_that_are_not_finite_have_no_accuracy(samples: types.SimpleNamespace, bad: float) -> None:
    train_codes, train_labels, test_codes, test_labels = _codes(samples)
    broken = [each.astype(np.float64) for each in (train_codes, test_codes)]
    for each in broken:
        each[3, 1] = bad
    assert np.isnan(few_labels.probe(broken[0], train_labels, 1).score(test_codes, test_labels))
    assert np.isnan(few_labels.probe(train_codes, train_labels, 1).score(broken[1], test_labels))
