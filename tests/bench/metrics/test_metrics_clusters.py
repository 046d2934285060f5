"""Clusters of codes against scikit-learn's own, and against classes that are known."""

import types

import numpy as np
import pytest
import sklearn.cluster
import sklearn.metrics

from bench.metrics import clusters, subsets
from bench.metrics.standardising import Scaling, Standardising

Codes = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _codes(samples: types.SimpleNamespace) -> Codes:
    return samples.train_codes, samples.train_labels, samples.test_codes, samples.test_labels


def _expected(codes: Codes, most: int, deviations: np.ndarray) -> np.ndarray:
    """NMI and ARI of each seed, `(seeds, 2)`, of codes that are divided by deviations, by scikit-learn."""
    train_codes, _, test_codes, test_labels = codes
    train, test = (
        ((each - train_codes.mean(axis=0)) / deviations).astype(np.float32)
        for each in (train_codes, test_codes)
    )
    scores = []
    for seed in clusters.SEEDS:
        rows = subsets.chosen(len(train), most, seed)
        means = sklearn.cluster.KMeans(10, n_init=clusters.RESTARTS, random_state=seed).fit(train[rows])
        found = means.predict(test)
        scores.append(
            (
                sklearn.metrics.normalized_mutual_info_score(test_labels, found),
                sklearn.metrics.adjusted_rand_score(test_labels, found),
            )
        )
    return np.array(scores)


@pytest.mark.parametrize("most", [10_000, 600])
@pytest.mark.parametrize("scaling", [Standardising.whole, Standardising.of])
def test_agreement_is_that_of_scikit_learn(
    samples: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch, most: int, scaling: Scaling
) -> None:
    monkeypatch.setattr(clusters, "MOST_TRAIN_CODES", most)
    variances = samples.train_codes.var(axis=0)
    deviations = np.sqrt(variances if scaling == Standardising.of else variances.mean())
    expected = _expected(_codes(samples), most, deviations)
    found = clusters.cluster_agreement(*_codes(samples), scaling=scaling)
    np.testing.assert_allclose([found.nmi, found.ari], expected.mean(axis=0), atol=0.01)
    np.testing.assert_allclose(
        [found.nmi_deviation, found.ari_deviation], expected.std(axis=0, ddof=1), atol=0.01
    )
    assert found.nmi > 0.3
    assert found.ari > 0.2


def test_idle_dimensions_cost_nothing_as_they_are_and_much_once_they_are_blown_up(
    samples: types.SimpleNamespace,
) -> None:
    train, labels, test, test_labels = _codes(samples)
    generator = np.random.default_rng(0)
    idle = [np.column_stack([each, 1e-3 * generator.normal(size=(len(each), 100))]) for each in (train, test)]
    lost = []
    for scaling in (Standardising.whole, Standardising.of):
        narrow = clusters.cluster_agreement(*_codes(samples), scaling=scaling)
        wide = clusters.cluster_agreement(idle[0], labels, idle[1], test_labels, scaling=scaling)
        lost.append(narrow.nmi - wide.nmi)
    assert abs(lost[0]) < 0.02
    assert lost[1] > 0.1


def test_classes_far_apart_are_found_whatever_their_names_and_the_unit_of_the_codes() -> None:
    generator = np.random.default_rng(0)
    names = np.array([7, 3, 11])
    kinds, test_kinds = generator.integers(0, 3, 90), generator.integers(0, 3, 40)
    centres = np.array([[0, 0], [30, 0], [0, 30]])
    train, test = (centres[each] + generator.standard_normal((len(each), 2)) for each in (kinds, test_kinds))
    for unit in (1e-6, 1, 1e6):
        found = clusters.cluster_agreement(unit * train, names[kinds], unit * test, names[test_kinds])
        assert (found.nmi, found.ari) == (pytest.approx(1), pytest.approx(1))
        assert (found.nmi_deviation, found.ari_deviation) == (pytest.approx(0), pytest.approx(0))


def test_codes_without_classes_in_them_agree_by_chance_alone(samples: types.SimpleNamespace) -> None:
    train_codes, train_labels, test_codes, test_labels = _codes(samples)
    shuffled = np.random.default_rng(0).permutation(test_labels)
    found = clusters.cluster_agreement(train_codes, train_labels, test_codes, shuffled)
    assert abs(found.ari) < 0.03
    assert 0 <= found.nmi < 0.15


def test_codes_that_are_all_the_same_make_one_cluster(samples: types.SimpleNamespace) -> None:
    _, train_labels, _, test_labels = _codes(samples)
    same = np.full((len(train_labels), 4), 0.1), np.full((len(test_labels), 4), 0.1)
    found = clusters.cluster_agreement(same[0], train_labels, same[1], test_labels)
    assert (found.nmi, found.ari) == (0, 0)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("part", [0, 2])
def test_codes_that_are_not_finite_have_no_agreement(
    samples: types.SimpleNamespace, bad: float, part: int
) -> None:
    codes = [array.copy() for array in _codes(samples)]
    codes[part][3, 1] = bad
    found = clusters.cluster_agreement(*codes)
    assert np.isnan([found.nmi, found.ari]).all()


def test_without_classes_or_codes_there_is_no_agreement(samples: types.SimpleNamespace) -> None:
    train, labels, test, test_labels = _codes(samples)
    one = np.zeros_like
    for codes in (
        (train, one(labels), test, test_labels),
        (train, labels, test, one(test_labels)),
        (train, labels, test[:0], test_labels[:0]),
        (train[:, :0], labels, test[:, :0], test_labels),
        (train[:0], labels[:0], test, test_labels),
    ):
        found = clusters.cluster_agreement(*codes)
        assert np.isnan([found.nmi, found.ari]).all()


def test_more_classes_than_codes_to_cluster_have_no_agreement(
    samples: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "MOST_TRAIN_CODES", 9)
    assert np.isnan(clusters.cluster_agreement(*_codes(samples)).nmi)
