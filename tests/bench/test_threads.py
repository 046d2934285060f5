"""No more threads than the work is worth."""

import numpy as np
import pytest
import sklearn.decomposition
import sklearn.linear_model
import sklearn.mixture
import threadpoolctl

from bench.machine import threads
from bench.metrics import generation, latent, mixture, spectrum
from bench.tasks import baselines
from bench.tasks.baselines import components

CALLS = {
    "logistic regression": (sklearn.linear_model.LogisticRegression, "fit"),
    "mixture": (sklearn.mixture.GaussianMixture, "fit"),
    "principal components": (sklearn.decomposition.PCA, "fit"),
    "frechet distance": (np.linalg, "eigvalsh"),
    "effective rank": (np.linalg, "eigvalsh"),
}


def compute(name: str, digits) -> np.ndarray:
    train, test = (baselines.flat(split.images) for split in (digits.train, digits.test))
    if name == "logistic regression":
        return latent.logistic_probe(train, digits.train.labels, test, digits.test.labels).classifier.coef_
    if name == "mixture":
        return mixture.mixture_samples(train[:, 300:308], 20, seed=1)
    if name == "principal components":
        components._components.cache_clear()
        return baselines.principal_components(digits, 2).components_
    if name == "frechet distance":
        halves = (generation.Features(values=half[:, 300:364]) for half in (test[:180], test[180:]))
        return np.array(generation.frechet_distance(*halves))
    return np.array(spectrum.effective_rank(test))


@pytest.mark.parametrize("name", CALLS)
def test_small_work_gets_one_thread_and_the_same_number_whatever_is_allowed(name, digits, monkeypatch):
    owner, attribute = CALLS[name]
    original, seen = getattr(owner, attribute), []

    def watched(*arguments, **options):
        seen.extend(pool["num_threads"] for pool in threadpoolctl.threadpool_info())
        return original(*arguments, **options)

    monkeypatch.setattr(owner, attribute, watched)
    found = []
    for allowed in (1, 2):
        with threadpoolctl.threadpool_limits(allowed):
            found.append(compute(name, digits))
    assert set(seen) == {1}
    np.testing.assert_array_equal(*found)


def test_large_work_keeps_the_threads_it_has():
    def most(values: int) -> int:
        with threads.as_worth(np.empty(values, np.int8)):
            return max(pool["num_threads"] for pool in threadpoolctl.threadpool_info())

    with threadpoolctl.threadpool_limits(2):
        assert most(threads.FEW_VALUES) == 2
        assert most(threads.FEW_VALUES - 1) == 1
        assert max(pool["num_threads"] for pool in threadpoolctl.threadpool_info()) == 2
