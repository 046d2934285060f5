"""Clusters of codes against scikit-learn's own, and against classes that are known."""

import types

import numpy as np
import pytest
import sklearn.cluster
import sklearn.metrics
import sklearn.preprocessing

from bench.metrics import clusters, subsets

Codes = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _codes(samples: types.SimpleNamespace) -> Codes:
    return samples.train_codes, samples.train_labels, samples.test_codes, samples.test_labels


def _expected(codes: Codes, rows: np.ndarray) -> tuple[float, float]:
    train_codes, _, test_codes, test_labels = codes
    scaler = sklearn.preprocessing.StandardScaler().fit(train_codes)
    train, test = (scaler.transform(each).astype(np.float32) for each in (train_codes[rows], test_codes))
    means = sklearn.cluster.KMeans(10, n_init=clusters.RESTARTS, random_state=clusters.SEED).fit(train)
    found = means.predict(test)
    return (
        sklearn.metrics.normalized_mutual_info_score(test_labels, found),
        sklearn.metrics.adjusted_rand_score(test_labels, found),
    )


@pytest.mark.parametrize("most", [10_000, 600])
def test_agreement_is_that_of_scikit_learn(
    samples: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(clusters, "MOST_TRAIN_CODES", most)
    nmi, ari = _expected(_codes(samples), subsets.chosen(len(samples.train_codes), most, clusters.SEED))
    found = clusters.cluster_agreement(*_codes(samples))
    assert (found.nmi, found.ari) == (pytest.approx(nmi, abs=0.01), pytest.approx(ari, abs=0.01))
    assert found.nmi > 0.3
    assert found.ari > 0.2


def test_classes_far_apart_are_found_whatever_their_names_and_the_scale_of_the_codes() -> None:
    generator = np.random.default_rng(0)
    names = np.array([7, 3, 11])
    kinds, test_kinds = generator.integers(0, 3, 90), generator.integers(0, 3, 40)
    centres = np.array([[0, 0], [30, 0], [0, 3000]])
    train, test = (centres[each] + generator.standard_normal((len(each), 2)) for each in (kinds, test_kinds))
    found = clusters.cluster_agreement(train, names[kinds], test, names[test_kinds])
    assert (found.nmi, found.ari) == (pytest.approx(1), 1)


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
