"""What the checks are made on, and what one says."""

import dataclasses
import math
from collections.abc import Callable

import numpy as np
import sklearn.decomposition

from bench import datasets

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
    on: str
    bound: float
    unit: str
    deviation: Callable[[Material], float]


def relative(found: np.ndarray | float, expected: np.ndarray | float) -> float:
    found, expected = np.asarray(found, float), np.asarray(expected, float)
    return float(np.max(np.abs(found - expected) / np.maximum(np.abs(expected), 1e-300)))


def absolute(found: np.ndarray | float, expected: np.ndarray | float) -> float:
    return float(np.max(np.abs(np.asarray(found, float) - np.asarray(expected, float))))
