"""How far each measure lies from an independent implementation or a closed form, on real images.

`python -m tests.deviations` measures it on Fashion-MNIST and prints `docs/checks.md`; `test_deviations.py`
measures it on the embedded digits and asserts the bounds. Each is the largest over images, where it has any.
"""

import dataclasses
import itertools
import math
from collections.abc import Callable

import numpy as np
import scipy.linalg
import scipy.spatial.distance
import scipy.special
import scipy.stats
import skimage.metrics
import sklearn.decomposition
import sklearn.linear_model
import sklearn.metrics
import sklearn.neighbors
import sklearn.pipeline
import sklearn.preprocessing

from bench import datasets, statistics
from bench.metrics import aggregate, generation, latent, likelihood, reconstruction, robustness, spectrum

FEW = 300  # images, where the other side loops in Python
COMPONENTS = 16


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Material:
    """Real images, reconstructions by PCA, and their codes as posterior means with made-up deviations."""

    images: np.ndarray
    reconstructed: np.ndarray
    labels: np.ndarray
    codes: np.ndarray
    train_codes: np.ndarray
    train_labels: np.ndarray
    log_variance: np.ndarray
    sampled: np.ndarray
    features: tuple[np.ndarray, np.ndarray]

    @classmethod
    def of(cls, name: str, most: int = 2000) -> "Material":
        data = datasets.load_once(name)
        train, test = (
            split.images[: 5 * most].reshape(-1, math.prod(data.image_shape))
            for split in (data.train, data.test)
        )
        pca = sklearn.decomposition.PCA(COMPONENTS, svd_solver="covariance_eigh").fit(train)
        test = test[:most]
        codes = pca.transform(test)
        back = pca.inverse_transform(codes).clip(0, 1).reshape(-1, *data.image_shape)
        generator = np.random.default_rng(0)
        mean = codes / codes.std(axis=0)
        deviation = generator.uniform(0.1, 2, mean.shape)
        projection = generator.standard_normal((test.shape[1], 24)) / math.sqrt(test.shape[1])
        return cls(
            images=data.test.images[:most],
            reconstructed=back.astype(np.float32),
            labels=data.test.labels[:most],
            codes=mean,
            train_codes=pca.transform(train) / codes.std(axis=0),
            train_labels=data.train.labels[: 5 * most],
            log_variance=2 * np.log(deviation),
            sampled=mean + deviation * generator.standard_normal(mean.shape),
            features=(test @ projection, back.reshape(len(test), -1) @ projection),
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Check:
    """One row: what is held against what, how far apart it may be, and how that is found."""

    measure: str
    against: str
    bound: float
    unit: str
    deviation: Callable[[Material], float]


def relative(found: np.ndarray | float, expected: np.ndarray | float) -> float:
    found, expected = np.asarray(found, float), np.asarray(expected, float)
    return float(np.max(np.abs(found - expected) / np.maximum(np.abs(expected), 1e-300)))


def absolute(found: np.ndarray | float, expected: np.ndarray | float) -> float:
    return float(np.max(np.abs(np.asarray(found, float) - np.asarray(expected, float))))


# --- reconstruction -------------------------------------------------------------------------------------


def mse(m: Material) -> float:
    pairs = zip(m.images, m.reconstructed, strict=True)
    expected = [skimage.metrics.mean_squared_error(*(each.astype(float) for each in pair)) for pair in pairs]
    return relative(reconstruction.mse(m.images, m.reconstructed), np.array(expected))


def psnr(m: Material) -> float:
    pairs = zip(m.images, m.reconstructed, strict=True)
    expected = [
        skimage.metrics.peak_signal_noise_ratio(*(each.astype(float) for each in pair), data_range=1)
        for pair in pairs
    ]
    return relative(reconstruction.psnr(m.images, m.reconstructed), np.array(expected))


def ssim(m: Material) -> float:
    expected = []
    for pair in zip(m.images[:FEW], m.reconstructed[:FEW], strict=True):
        _, full = skimage.metrics.structural_similarity(
            *(each[..., 0].astype(float) for each in pair),
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
            data_range=1,
            full=True,
        )
        expected.append(full[5:-5, 5:-5].mean())
    return absolute(reconstruction.ssim(m.images[:FEW], m.reconstructed[:FEW]), np.array(expected))


def bce(m: Material) -> float:
    x, y = (each.astype(float).reshape(len(each), -1) for each in (m.images, m.reconstructed))
    y = y.clip(1e-7, 1 - 1e-7)
    expected = (scipy.special.rel_entr(x, y) + scipy.special.rel_entr(1 - x, 1 - y)).sum(axis=1)
    expected += scipy.stats.bernoulli(x).entropy().sum(axis=1)
    return relative(reconstruction.cross_entropy(m.images, m.reconstructed), expected)


def entropy(m: Material) -> float:
    expected = scipy.stats.bernoulli(m.images.astype(float)).entropy().sum(axis=(1, 2, 3))
    return relative(reconstruction.entropy(m.images), expected)


# --- posterior and codes --------------------------------------------------------------------------------


def kl(m: Material) -> float:
    """Monte Carlo with the density ratio of SciPy, against its own standard error."""
    mean, deviation = m.codes[:20], np.exp(m.log_variance[:20] / 2)
    draws = np.random.default_rng(1).normal(mean, deviation, (100_000, *mean.shape))
    ratio = scipy.stats.norm.logpdf(draws, mean, deviation) - scipy.stats.norm.logpdf(draws)
    error = ratio.std(axis=0) / math.sqrt(len(draws))
    found = latent.kl_to_prior(m.codes[:20], m.log_variance[:20])
    return float(np.max(np.abs(found - ratio.mean(axis=0)) / error))


def information(m: Material) -> float:
    mean, log_variance, codes = (each[:FEW] for each in (m.codes, m.log_variance, m.sampled))
    deviation = np.exp(log_variance / 2)
    densities = np.array([scipy.stats.norm.logpdf(code, mean, deviation).sum(axis=1) for code in codes])
    mixture = scipy.special.logsumexp(densities, axis=1) - math.log(len(codes))
    found = aggregate.split_rate(mean, log_variance, codes)
    return relative(found.mutual_information, (np.diag(densities) - mixture).mean())


def mmd(m: Material) -> float:
    """The kernel with the prior has no closed form: averaged over draws, against its standard error."""
    codes, k = m.sampled[:FEW], COMPONENTS
    within = 2 * k / (2 * k + scipy.spatial.distance.squareform(scipy.spatial.distance.pdist(codes)) ** 2)
    same = (within.sum() - len(codes)) / (len(codes) * (len(codes) - 1))
    draws = np.random.default_rng(2).standard_normal((2, 200_000, k))
    prior = 2 * k / (2 * k + ((draws[0] - draws[1]) ** 2).sum(axis=1))
    parts = [2 * k / (2 * k + ((draws[0] - code) ** 2).sum(axis=1)) for code in codes[:30]]
    # Only the first codes, against the same drawn ones: of the others the formula is the same.
    of_few = aggregate.mmd_to_prior(codes[:30])
    few = within[:30, :30]
    expected = (few.sum() - 30) / (30 * 29) + prior.mean() - 2 * np.mean(parts)
    error = math.hypot(prior.std(), 2 * np.std(np.mean(parts, axis=0))) / math.sqrt(draws.shape[1])
    assert 0 < same < 1
    return abs(of_few - expected) / error


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


# --- generation -----------------------------------------------------------------------------------------


def _features(m: Material) -> tuple[generation.Features, generation.Features]:
    real, other = m.features
    return generation.Features(values=real), generation.Features(values=other)


def frechet(m: Material) -> float:
    covariances = [np.cov(each, rowvar=False) for each in m.features]
    root = scipy.linalg.sqrtm(covariances[0] @ covariances[1]).real
    expected = ((m.features[0].mean(0) - m.features[1].mean(0)) ** 2).sum()
    expected += np.trace(covariances[0] + covariances[1] - 2 * root)
    return relative(generation.frechet_distance(*_features(m)), expected)


def _of_torchmetrics(m: Material, name: str) -> float:
    import torch
    from torchmetrics.image import fid, kid

    real, other = (torch.from_numpy(np.asarray(each[:FEW], float)) for each in m.features)

    class Features(torch.nn.Module):
        num_features = real.shape[1]

        def forward(self, images: "torch.Tensor") -> "torch.Tensor":
            return images

    if name == "frechet":
        metric = fid.FrechetInceptionDistance(feature=Features()).set_dtype(torch.float64)
    else:
        metric = kid.KernelInceptionDistance(feature=Features(), subsets=1, subset_size=FEW)
    metric.update(real, real=True)
    metric.update(other, real=False)
    found = metric.compute()
    return float(found if name == "frechet" else found[0])


def _few(m: Material) -> tuple[generation.Features, generation.Features]:
    real, other = (np.asarray(each[:FEW], float) for each in m.features)
    return generation.Features(values=real), generation.Features(values=other)


def frechet_torchmetrics(m: Material) -> float:
    return relative(generation.frechet_distance(*_few(m)), _of_torchmetrics(m, "frechet"))


def kernel_torchmetrics(m: Material) -> float:
    return relative(generation.kernel_distance(*_few(m)), _of_torchmetrics(m, "kernel"))


def neighbourhoods(m: Material) -> float:
    real, other = m.features
    between = scipy.spatial.distance.cdist(real, other)
    real_radii, radii = (
        np.sort(scipy.spatial.distance.cdist(each, each), axis=1)[:, generation.NEIGHBOURS]
        for each in (real, other)
    )
    held = between <= real_radii[:, np.newaxis]
    expected = {
        "precision": held.any(axis=0).mean(),
        "recall": (between <= radii).any(axis=1).mean(),
        "density": held.sum() / (generation.NEIGHBOURS * len(other)),
        "coverage": held.any(axis=1).mean(),
    }
    found = dataclasses.asdict(generation.neighbourhoods(*_features(m)))
    return max(abs(found[name] - value) * len(real) for name, value in expected.items())


# --- likelihood and robustness --------------------------------------------------------------------------


def iw_bound(m: Material) -> float:
    """Probabilistic PCA with variance 1/2: the posterior is Gaussian and diagonal, the likelihood known."""
    flat = m.images.reshape(len(m.images), -1).astype(float)
    mean = flat.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov(flat, rowvar=False))
    loading = vectors[:, -COMPONENTS:] * np.sqrt(np.maximum(values[-COMPONENTS:], 0.6) - 0.5)  # (pixels, k)
    variance = 1 / (1 + 2 * (loading**2).sum(axis=0))
    centred = flat[:FEW] - mean
    posterior = variance * 2 * (centred @ loading), np.broadcast_to(np.log(variance), (FEW, COMPONENTS))
    inside = centred @ loading
    precision = np.linalg.inv(np.eye(COMPONENTS) + 2 * loading.T @ loading)
    distance = 2 * (centred**2).sum(axis=1) - 4 * np.einsum("ij,jk,ik->i", inside, precision, inside)
    pixels = flat.shape[1]
    log_determinant = np.linalg.slogdet(np.eye(COMPONENTS) + 2 * loading.T @ loading)[1] - pixels * math.log(
        2
    )
    expected = -0.5 * (distance + log_determinant + pixels * math.log(2 * math.pi))
    found = likelihood.importance_weighted_bound(
        "mse",
        m.images[:FEW],
        posterior,
        lambda codes: (codes.astype(float) @ loading.T + mean).reshape(-1, *m.images.shape[1:]),
        np.random.default_rng(0),
    )
    return absolute(found, expected)


def density(m: Material) -> float:
    x, y = m.images.astype(float), m.reconstructed.astype(float)
    expected = scipy.stats.norm.logpdf(x, y, math.sqrt(0.5)).sum(axis=(1, 2, 3))
    return relative(likelihood.log_likelihood("mse", x, y), expected)


def auroc(m: Material) -> float:
    scores = reconstruction.mse(m.images, m.reconstructed)
    inside, outside = scores[::2], 1.2 * scores[1::2]
    truth = np.r_[np.zeros(len(inside)), np.ones(len(outside))]
    expected = sklearn.metrics.roc_auc_score(truth, np.r_[inside, outside])
    return absolute(robustness.auroc(inside, outside), expected)


# --- statistics -----------------------------------------------------------------------------------------


def _samples(m: Material) -> tuple[list[float], list[float]]:
    values = reconstruction.mse(m.images, m.reconstructed)
    return values[:5].tolist(), values[5:12].tolist()


def welch(m: Material) -> float:
    first, second = _samples(m)
    expected = scipy.stats.ttest_ind(first, second, equal_var=False)
    found = statistics.mean_difference([(first, second)])
    interval = expected.confidence_interval()
    return max(
        relative(found.p or 0.0, expected.pvalue),
        relative(found.difference.low or 0.0, interval.low),
        relative(found.difference.high or 0.0, interval.high),
    )


def student(m: Material) -> float:
    values, _ = _samples(m)
    found = statistics.mean_interval(values)
    expected = scipy.stats.t.interval(0.95, len(values) - 1, np.mean(values), scipy.stats.sem(values))
    return relative([found.low or 0.0, found.high or 0.0], expected)


def sign_flips(m: Material) -> float:
    values = (np.array(_samples(m)[1]) - 0.01).tolist()
    expected = scipy.stats.permutation_test((values,), np.sum, permutation_type="samples", n_resamples=np.inf)
    return absolute(statistics.sign_flip_p(values) or 0.0, expected.pvalue)


def holm(m: Material) -> float:
    """The closed test of Bonferroni: a hypothesis is rejected where every set that holds it is."""
    p = (np.array(_samples(m)[1]) % 0.05).tolist()
    index = range(len(p))
    sets = [s for size in range(1, len(p) + 1) for s in itertools.combinations(index, size)]
    closed = [max(min(1.0, len(s) * min(p[j] for j in s)) for s in sets if i in s) for i in index]
    return absolute(np.array(statistics.holm(p), float), np.array(closed))


CHECKS = (
    Check(measure="MSE", against="scikit-image", bound=1e-6, unit="relative", deviation=mse),
    Check(measure="PSNR", against="scikit-image", bound=1e-6, unit="relative", deviation=psnr),
    Check(measure="SSIM", against="scikit-image, window by window", bound=1e-8, unit="", deviation=ssim),
    Check(measure="BCE", against="SciPy, entropy and divergence", bound=1e-6, unit="relative", deviation=bce),
    Check(measure="Entropy of the images", against="SciPy", bound=1e-9, unit="relative", deviation=entropy),
    Check(
        measure="KL",
        against="100,000 draws, SciPy's densities",
        bound=5,
        unit="standard errors",
        deviation=kl,
    ),
    Check(
        measure="Mutual information",
        against="SciPy's densities",
        bound=1e-9,
        unit="relative",
        deviation=information,
    ),
    Check(
        measure="MMD to prior", against="loops, 200,000 draws", bound=4, unit="standard errors", deviation=mmd
    ),
    Check(
        measure="Effective rank",
        against="singular values, SciPy",
        bound=1e-9,
        unit="relative",
        deviation=rank,
    ),
    Check(
        measure="Linear accuracy", against="scikit-learn in float64", bound=2, unit="images", deviation=linear
    ),
    Check(measure="5-NN accuracy", against="scikit-learn", bound=1, unit="images", deviation=neighbours),
    Check(
        measure="Frechet distance",
        against="SciPy's matrix root",
        bound=1e-6,
        unit="relative",
        deviation=frechet,
    ),
    Check(
        measure="Frechet distance",
        against="torchmetrics",
        bound=1e-6,
        unit="relative",
        deviation=frechet_torchmetrics,
    ),
    Check(
        measure="Kernel distance",
        against="torchmetrics",
        bound=1e-6,
        unit="relative",
        deviation=kernel_torchmetrics,
    ),
    Check(
        measure="Precision, recall, density, coverage",
        against="their definitions on all pairs",
        bound=1,
        unit="images",
        deviation=neighbourhoods,
    ),
    Check(measure="Log-likelihood", against="SciPy", bound=1e-9, unit="relative", deviation=density),
    Check(
        measure="IW bound",
        against="exact likelihood of probabilistic PCA",
        bound=1e-4,
        unit="nats",
        deviation=iw_bound,
    ),
    Check(measure="OOD AUROC", against="scikit-learn", bound=1e-9, unit="", deviation=auroc),
    Check(measure="Interval over seeds", against="SciPy", bound=1e-9, unit="relative", deviation=student),
    Check(measure="Welch's interval and test", against="SciPy", bound=1e-9, unit="relative", deviation=welch),
    Check(
        measure="Sign-flip test",
        against="SciPy's permutation test",
        bound=1e-9,
        unit="",
        deviation=sign_flips,
    ),
    Check(measure="Holm", against="the closed test of Bonferroni", bound=1e-9, unit="", deviation=holm),
)


def table(name: str) -> str:
    """The checks with what was found, as Markdown."""
    material = Material.of(name)
    lines = ["| measure | held against | largest deviation | asserted to be below |", "|---|---|---|---|"]
    for one in CHECKS:
        found = one.deviation(material)
        shown = f"{found:.2g} {one.unit}".strip() if found else "none"
        lines.append(f"| {one.measure} | {one.against} | {shown} | {f'{one.bound:g} {one.unit}'.strip()} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table("fashion_mnist"))
