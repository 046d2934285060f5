"""Posteriors and codes, against SciPy and scikit-learn."""

import math

import numpy as np
import scipy.cluster.vq
import scipy.spatial.distance
import scipy.special
import scipy.stats
import sklearn.cluster
import sklearn.linear_model
import sklearn.model_selection
import sklearn.neighbors
import sklearn.pipeline
import sklearn.preprocessing

from bench.metrics import aggregate, clusters, few_labels, latent, spectrum, subsets
from bench.metrics.standardising import Standardising
from bench.models import distributions
from tests.deviations.material import COMPONENTS, FEW, Check, Material, relative


def kl(m: Material) -> float:
    """Monte Carlo with the density ratio of SciPy, against its own standard error."""
    mean, deviation = m.codes[:20], np.exp(m.log_variance[:20] / 2)
    draws = np.random.default_rng(1).normal(mean, deviation, (100_000, *mean.shape))
    ratio = scipy.stats.norm.logpdf(draws, mean, deviation) - scipy.stats.norm.logpdf(draws)
    error = ratio.std(axis=0) / math.sqrt(len(draws))
    found = distributions.kl_to_prior(m.codes[:20], m.log_variance[:20])
    return float(np.max(np.abs(found - ratio.mean(axis=0)) / error))


def information(m: Material) -> float:
    mean, log_variance, codes = (each[:FEW] for each in (m.codes, m.log_variance, m.sampled))
    deviation = np.exp(log_variance / 2)
    densities = np.array([scipy.stats.norm.logpdf(code, mean, deviation).sum(axis=1) for code in codes])
    mixture = scipy.special.logsumexp(densities, axis=1) - math.log(len(codes))
    theirs = distributions.Gaussians(mean=mean, log_variance=log_variance)
    found = aggregate.split_rate(theirs.log_density(codes), theirs.log_mixture(codes), np.zeros(len(codes)))
    return relative(found.mutual_information, (np.diag(densities) - mixture).mean())


def mmd(m: Material) -> float:
    """The kernel's mean under the prior, which ours has in closed form, is averaged over draws here."""
    codes, k = m.sampled[:30], COMPONENTS
    within = 2 * k / (2 * k + scipy.spatial.distance.pdist(codes, "sqeuclidean"))
    draws = np.random.default_rng(2).standard_normal((2, 200_000, k))
    prior = 2 * k / (2 * k + ((draws[0] - draws[1]) ** 2).sum(axis=1))
    between = np.mean([2 * k / (2 * k + ((draws[0] - code) ** 2).sum(axis=1)) for code in codes], axis=0)
    expected = within.mean() + prior.mean() - 2 * between.mean()
    error = math.hypot(prior.std(), 2 * between.std()) / math.sqrt(draws.shape[1])
    return abs(aggregate.mmd_to_prior(codes) - expected) / error


def rank(m: Material) -> float:
    codes = m.codes.astype(float)
    values = np.linalg.svd(codes - codes.mean(axis=0), compute_uv=False) ** 2
    return relative(spectrum.effective_rank(m.codes), math.exp(scipy.stats.entropy(values)))


def _arrays(m: Material) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    return m.train_codes, m.train_labels, m.codes, m.labels


def _of_scikit_learn(m: Material, classifier: object) -> float:
    made = sklearn.pipeline.make_pipeline(sklearn.preprocessing.StandardScaler(), classifier)
    return made.fit(m.train_codes, m.train_labels).score(m.codes, m.labels)


def linear(m: Material) -> float:
    expected = _of_scikit_learn(m, sklearn.linear_model.LogisticRegression(max_iter=1500))
    return abs(latent.logistic_probe(*_arrays(m)).accuracy - expected) * len(m.labels)


def neighbours(m: Material) -> float:
    expected = _of_scikit_learn(m, sklearn.neighbors.KNeighborsClassifier(5))
    return abs(latent.knn_accuracy(*_arrays(m)) - expected) * len(m.labels)


def neighbours_raw(m: Material) -> float:
    classifier = sklearn.neighbors.KNeighborsClassifier(5).fit(_stretched(m.train_codes), m.train_labels)
    expected = classifier.score(_stretched(m.codes), m.labels)
    arrays = (_stretched(m.train_codes), m.train_labels, _stretched(m.codes), m.labels)
    return abs(latent.knn_accuracy(*arrays, scaling=Standardising.whole) - expected) * len(m.labels)


def _stretched(codes: np.ndarray) -> np.ndarray:
    """Dimensions of different deviations: without them, codes as they are are standardised ones."""
    return codes * np.logspace(0, -2, codes.shape[1])


def low_label(m: Material) -> float:
    """In float64, the strength by a search over the grid, all of it anew."""
    codes, other = (each / math.sqrt(m.train_codes.var(axis=0).mean()) for each in (m.train_codes, m.codes))
    centre = codes.mean(axis=0)
    accuracies = []
    for rows in few_labels.labelled(m.train_labels, few_labels.LOW):
        chosen = sklearn.model_selection.GridSearchCV(
            sklearn.linear_model.LogisticRegression(max_iter=few_labels.ITERATIONS, tol=few_labels.TOLERANCE),
            {"C": few_labels.STRENGTHS},
            scoring="neg_log_loss",
            cv=sklearn.model_selection.StratifiedKFold(
                few_labels.FOLDS, shuffle=True, random_state=few_labels.SEED
            ),
        ).fit(codes[rows] - centre, m.train_labels[rows])
        accuracies.append((chosen.predict(other - centre) == m.labels).mean())
    found = few_labels.probe(m.train_codes, m.train_labels, few_labels.LOW).score(m.codes, m.labels)
    return abs(found - float(np.mean(accuracies))) * len(m.labels)


def agreement(m: Material) -> float:
    """Centres by scikit-learn; who is nearest, entropies and pairs by SciPy.

    Of codes that are scaled by ours: a last bit may send a start to another optimum.
    """
    train, codes = map(Standardising.whole(m.train_codes), (m.train_codes, m.codes))
    scores = []
    for seed in clusters.SEEDS:
        rows = subsets.chosen(len(m.train_codes), clusters.MOST_TRAIN_CODES, seed)
        means = sklearn.cluster.KMeans(10, n_init=clusters.RESTARTS, random_state=seed)
        found, _ = scipy.cluster.vq.vq(codes, means.fit(train[rows]).cluster_centers_)
        table = scipy.stats.contingency.crosstab(m.labels, found).count
        entropies = [scipy.stats.entropy(each) for each in (table.sum(0), table.sum(1), table.ravel())]
        nmi = 2 * (entropies[0] + entropies[1] - entropies[2]) / (entropies[0] + entropies[1])
        together, classes, groups, pairs = (
            scipy.special.comb(each, 2).sum() for each in (table, table.sum(1), table.sum(0), table.sum())
        )
        by_chance = classes * groups / pairs
        scores.append((nmi, (together - by_chance) / ((classes + groups) / 2 - by_chance)))
    mine = clusters.cluster_agreement(m.train_codes, m.train_labels, m.codes, m.labels)
    return float(np.abs(np.mean(scores, axis=0) - [mine.nmi, mine.ari]).max())


CHECKS = (
    Check(
        measure="KL",
        against="100,000 draws, SciPy's densities",
        bound=5,
        unit="standard errors",
        on="20 images",
        deviation=kl,
    ),
    Check(
        measure="Mutual information",
        against="SciPy's densities",
        bound=1e-9,
        unit="relative",
        on="300 codes",
        deviation=information,
    ),
    Check(
        measure="MMD to prior",
        against="loops, 200,000 draws",
        bound=4,
        unit="standard errors",
        on="30 codes",
        deviation=mmd,
    ),
    Check(
        measure="Effective rank",
        against="singular values, SciPy",
        bound=1e-9,
        unit="relative",
        on="2,000 codes",
        deviation=rank,
    ),
    Check(
        measure="Linear accuracy",
        against="scikit-learn, the same estimator in float64",
        bound=2,
        unit="images",
        on="10,000 and 2,000 codes",
        deviation=linear,
    ),
    Check(
        measure="5-NN accuracy",
        against="scikit-learn",
        bound=1,
        unit="images",
        on="10,000 and 2,000 codes",
        deviation=neighbours,
    ),
    Check(
        measure="5-NN accuracy of codes as they are",
        against="scikit-learn",
        bound=1,
        unit="images",
        on="10,000 and 2,000 codes",
        deviation=neighbours_raw,
    ),
    Check(
        measure="Low-label accuracy",
        against="scikit-learn in float64, C by a search over the grid",
        bound=8,
        unit="images",
        on="2,000 codes, 5 times 100 labels",
        deviation=low_label,
    ),
    Check(
        measure="NMI and ARI",
        against="SciPy, on scikit-learn's centres",
        bound=1e-9,
        unit="",
        on="10,000 and 2,000 codes, 5 seeds",
        deviation=agreement,
    ),
)
