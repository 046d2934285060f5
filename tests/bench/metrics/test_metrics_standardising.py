"""Standardised codes against scikit-learn's, and the fixed choice of images."""

import types

import numpy as np
import pytest
import sklearn.preprocessing

from bench.metrics import standardising, subsets


@pytest.mark.parametrize("block", [1, 100, 2**21])
def test_codes_are_standardised_as_by_scikit_learn(
    samples: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(standardising, "BLOCK_VALUES", block)
    scaler = sklearn.preprocessing.StandardScaler().fit(samples.train_codes)
    found = standardising.standardised(samples.train_codes, samples.test_codes)
    for each, codes in zip(found, (samples.train_codes, samples.test_codes), strict=True):
        assert each.dtype == np.float32
        np.testing.assert_allclose(each, scaler.transform(codes), rtol=2e-6, atol=2e-6)


def test_constant_columns_are_centred_and_not_scaled() -> None:
    train, test = np.full((9, 2), 0.1), np.array([[0.1, 0.35]])
    found, other = standardising.standardised(train, test)
    np.testing.assert_allclose(found, 0, atol=1e-7)
    np.testing.assert_allclose(other, [[0, 0.25]], atol=1e-7)


def test_as_a_whole_codes_keep_their_shape_and_get_a_mean_variance_of_one(
    samples: types.SimpleNamespace,
) -> None:
    scaled = standardising.Standardising.whole(samples.train_codes)(samples.train_codes)
    assert scaled.dtype == np.float32
    assert scaled.var(axis=0, dtype=np.float64).mean() == pytest.approx(1, rel=1e-6)
    ratio = scaled.std(axis=0, dtype=np.float64) / samples.train_codes.std(axis=0)
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-5)
    same = np.full((9, 2), 0.1)
    np.testing.assert_allclose(standardising.Standardising.whole(same)(same + 1), 1, atol=1e-6)


def test_the_choice_is_all_where_there_are_few_and_else_the_same_each_time() -> None:
    assert subsets.chosen(5, 5, seed=1).tolist() == [0, 1, 2, 3, 4]
    first, again, other = (subsets.chosen(1000, 100, seed=seed) for seed in (1, 1, 2))
    assert len(np.unique(first)) == 100
    assert (np.diff(first) > 0).all()
    assert first.max() < 1000
    assert first.tolist() == again.tolist()
    assert first.tolist() != other.tolist()
