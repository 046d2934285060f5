"""Whether the codes fall into clusters by themselves, and whether those are the classes.

scikit-learn is imported where it is used, as in `bench.metrics.latent`.
"""

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.metrics import subsets
from bench.metrics.standardising import Scaling, Standardising, can_classify

MOST_TRAIN_CODES = 10_000
RESTARTS = 5
"""k-means ends in a local optimum; the best of several starts is kept."""
SEEDS = tuple(range(20_170_312, 20_170_317))
"""Of the codes that are chosen and of the starts: another seed alone moves NMI by hundredths."""


@dataclass(frozen=True, kw_only=True)
class ClusterAgreement:
    """How far clusters and classes agree; both measures are 1 where they are the same up to names.

    Attributes
    ----------
    nmi
        Normalised mutual information, by the arithmetic mean of both entropies, in [0, 1]; mean over seeds.
    ari
        Adjusted Rand index, in [-0.5, 1]; 0 on average by chance; mean over seeds.
    nmi_deviation, ari_deviation
        Standard deviations over seeds, at least 0: of one seed, where the means are of 5.
    """

    nmi: float
    ari: float
    nmi_deviation: float
    ari_deviation: float


_NONE = ClusterAgreement(nmi=math.nan, ari=math.nan, nmi_deviation=math.nan, ari_deviation=math.nan)


def cluster_agreement(
    train_codes: np.ndarray,
    train_labels: np.ndarray,
    test_codes: np.ndarray,
    test_labels: np.ndarray,
    scaling: Scaling = Standardising.whole,
    seeds: Sequence[int] = SEEDS,
) -> ClusterAgreement:
    """Hold clusters of test codes against their classes.

    k-means with as many clusters as there are training classes, the best of 5 starts from k-means++, on the
    training codes, or on 10,000 of them where there are more; for each of 5 seeds, which choose codes and
    starts. Each test code belongs to the nearest centre. The labels of training codes give the number of
    clusters alone.

    Parameters
    ----------
    train_codes, test_codes
        Shapes `(n, k)` and `(m, k)`, any float.
    train_labels, test_labels
        Shapes `(n,)` and `(m,)`, integers.
    scaling
        `Standardising.whole` for codes as they are; `Standardising.of` for standardised ones.
    seeds
        Of k-means. Of one alone there is no deviation: it is 0.

    Returns
    -------
    All NaN if a code is not finite, if training or test labels are all of one class, if there are over
    10,000 classes, or if there is no test code or no dimension. All 0 for codes that are all the same:
    there is one cluster.

    References
    ----------
    Vinh, Epps and Bailey, "Information theoretic measures for clusterings comparison", JMLR 11, 2010; Hubert
    and Arabie, "Comparing partitions", Journal of Classification 2, 1985; Arthur and Vassilvitskii,
    "k-means++", SODA 2007.
    """
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    classes = len(np.unique(train_labels))
    one_class = len(np.unique(test_labels)) < 2
    if one_class or classes > MOST_TRAIN_CODES or train_codes.size == 0:
        return _NONE
    standardise = scaling(train_codes)
    test_codes = standardise(test_codes)  # may overflow where training codes hardly vary
    if not can_classify(train_codes, train_labels, test_codes):
        return _NONE
    scores = []
    for seed in seeds:
        rows = subsets.chosen(len(train_codes), MOST_TRAIN_CODES, seed)
        found = _clusters(standardise(train_codes[rows]), test_codes, classes, seed)
        scores.append(
            (normalized_mutual_info_score(test_labels, found), adjusted_rand_score(test_labels, found))
        )
    (nmi, ari), (nmi_deviation, ari_deviation) = np.mean(scores, axis=0), _deviations(scores)
    return ClusterAgreement(
        nmi=float(nmi),
        ari=float(ari),
        nmi_deviation=float(nmi_deviation),
        ari_deviation=float(ari_deviation),
    )


def _deviations(scores: Sequence[tuple[float, float]]) -> np.ndarray:
    return np.std(scores, axis=0, ddof=1) if len(scores) > 1 else np.zeros(2)


def _clusters(train_codes: np.ndarray, test_codes: np.ndarray, count: int, seed: int) -> np.ndarray:
    """The cluster of each test code, `(m,)`."""
    import sklearn.exceptions
    import threadpoolctl
    from sklearn.cluster import KMeans

    means = KMeans(count, n_init=RESTARTS, random_state=seed)
    # Threads would add in the order in which they end, and in the end move codes to other clusters.
    with threadpoolctl.threadpool_limits(1), warnings.catch_warnings():
        # Fewer different codes than clusters: some stay empty, which is what is to be measured.
        warnings.simplefilter("ignore", sklearn.exceptions.ConvergenceWarning)
        return means.fit(train_codes).predict(test_codes)
