"""Whether the codes fall into clusters by themselves, and whether those are the classes.

scikit-learn is imported where it is used, as in `bench.metrics.latent`.
"""

import warnings
from dataclasses import dataclass

import numpy as np

from bench.metrics import subsets
from bench.metrics.standardising import Standardising, can_classify

MOST_TRAIN_CODES = 10_000
RESTARTS = 5
"""k-means ends in a local optimum; the best of several starts is kept."""
SEED = 20_170_312


@dataclass(frozen=True, kw_only=True)
class ClusterAgreement:
    """How far clusters and classes agree; both measures are 1 where they are the same up to names.

    Attributes
    ----------
    nmi
        Normalised mutual information, by the arithmetic mean of both entropies, in [0, 1].
    ari
        Adjusted Rand index, in [-0.5, 1]; 0 on average by chance.
    """

    nmi: float
    ari: float


def cluster_agreement(
    train_codes: np.ndarray, train_labels: np.ndarray, test_codes: np.ndarray, test_labels: np.ndarray
) -> ClusterAgreement:
    """Hold clusters of test codes against their classes.

    k-means with as many clusters as there are training classes, the best of 5 starts from k-means++, on the
    training codes, or on 10,000 of them chosen at random once and for all; standardised by all. Each test
    code belongs to the nearest centre. The labels of training codes give the number of clusters alone.

    Parameters
    ----------
    train_codes, test_codes
        Shapes `(n, k)` and `(m, k)`, any float.
    train_labels, test_labels
        Shapes `(n,)` and `(m,)`, integers.

    Returns
    -------
    Both NaN if a code is not finite, if training or test labels are all of one class, if there are over
    10,000 classes, or if there is no test code or no dimension. Both 0 for codes that are all the same:
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
        return ClusterAgreement(nmi=float("nan"), ari=float("nan"))
    standardise = Standardising.of(train_codes)
    test_codes = standardise(test_codes)  # may overflow where training codes hardly vary
    if not can_classify(train_codes, train_labels, test_codes):
        return ClusterAgreement(nmi=float("nan"), ari=float("nan"))
    rows = subsets.chosen(len(train_codes), MOST_TRAIN_CODES, SEED)
    found = _clusters(standardise(train_codes[rows]), test_codes, classes)
    return ClusterAgreement(
        nmi=float(normalized_mutual_info_score(test_labels, found)),
        ari=float(adjusted_rand_score(test_labels, found)),
    )


def _clusters(train_codes: np.ndarray, test_codes: np.ndarray, count: int) -> np.ndarray:
    """The cluster of each test code, `(m,)`."""
    import sklearn.exceptions
    import threadpoolctl
    from sklearn.cluster import KMeans

    means = KMeans(count, n_init=RESTARTS, random_state=SEED)
    # Threads would add in the order in which they end, and in the end move codes to other clusters.
    with threadpoolctl.threadpool_limits(1), warnings.catch_warnings():
        # Fewer different codes than clusters: some stay empty, which is what is to be measured.
        warnings.simplefilter("ignore", sklearn.exceptions.ConvergenceWarning)
        return means.fit(train_codes).predict(test_codes)
