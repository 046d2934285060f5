"""In which features images without labels are compared as they would be by classes: `docs/features.md`.

`python -m tests.substitutes digits` (or `fashion_mnist`) prints the table. Models of different quality are
ranked in each space; what is told is how far these ranks agree with those in the features of the classifier,
which needs classes.
"""

import dataclasses
import itertools
import sys
from collections.abc import Callable, Iterator

import keras
import numpy as np
import sklearn.decomposition
from scipy import stats

from bench import datasets
from bench.ask import axes
from bench.ask.trial import Baseline, Trial
from bench.metrics import generation
from bench.metrics.generation import Features
from bench.metrics.mixture import mixture_samples
from bench.models.coder import Absent, Coder
from bench.models.inference import in_batches
from bench.models.networks.classifier import classifier, dense_classifier
from bench.tasks import features
from bench.tasks.baselines import coders
from bench.training import fit

MOST_TRAIN, MOST_TEST = 6000, 2000
SEEDS = (features.SEED, 1, 2)
EPOCHS = {"digits": (1, 4, 16), "fashion_mnist": (1, 5)}
SIZES = (2, 8, 32)
OTHERS = ("kernel", "recall", "coverage", "density", "precision")
SOURCES = ("reconstructed", "mixture", "prior")

Space = Callable[[np.ndarray], np.ndarray]
Numbers = dict[str, dict[str, float]]  # of one coder, by source and measure


def main(name: str) -> None:
    """Print the table of a data set."""
    data = few(datasets.load(name))
    spaces = dict(spaces_of(data))
    real = {space: Features(values=found(data.test.images)) for space, found in spaces.items()}
    coded = {str(unit): numbers(coder, data, spaces, real) for unit, coder in coders_of(name, data)}
    print(f"{name}: {len(coded)} coders\n")
    print(f"| features | {' | '.join((*SOURCES, *OTHERS))} | 32 components |\n|{'---|' * 10}")
    for space in spaces:
        frechet = [agreement(coded, space, source, "frechet") for source in SOURCES]
        others = [np.mean([agreement(coded, space, source, one) for source in SOURCES]) for one in OTHERS]
        cells = [f"{value:.2f}" for value in (*frechet, *others)]
        print(f"| {space} | {' | '.join(cells)} | {beside_floor(data, real[space], spaces[space]):.2f} |")


def few(data: datasets.Dataset) -> datasets.Dataset:
    """The first images, so that it takes minutes."""
    return dataclasses.replace(
        data,
        train=data.train.rows(slice(MOST_TRAIN)),
        validation=data.validation.rows(slice(MOST_TEST)),
        test=data.test.rows(slice(MOST_TEST)),
    )


def spaces_of(data: datasets.Dataset) -> Iterator[tuple[str, Space]]:
    """Each space by name: that of the classifier first."""
    bare = dataclasses.replace(
        data,
        class_names=(),
        **{
            part: dataclasses.replace(getattr(data, part), labels=None)
            for part in ("train", "validation", "test")
        },
    )
    yield "classifier", trained(data, classifier, features.SEED)
    yield "classifier, another seed", trained(data, classifier, 1)
    yield "second classifier, dense", trained(data, dense_classifier, features.SECOND_SEED)
    for seed in SEEDS:
        yield f"turns, seed {seed}", trained(bare, classifier, seed)
    yield "turns, dense", trained(bare, dense_classifier, features.SECOND_SEED)
    for seed in SEEDS:
        yield f"random weights, seed {seed}", drawn(data, classifier, seed)
    yield "random weights, dense", drawn(data, dense_classifier, features.SECOND_SEED)
    for count in (16, 64):
        yield f"{count} principal components", components(data.train.images, count)


def trained(data: datasets.Dataset, build: features.Build, seed: int) -> Space:
    """Of a network that is trained as a run does."""
    network = build(data.image_shape, features.outputs(data), np.random.default_rng(seed))
    network.set_weights(features.trained(data, build, seed).weights)
    return of_network(network)


def drawn(data: datasets.Dataset, build: features.Build, seed: int) -> Space:
    """Of a network as its seed draws it."""
    network = build(data.image_shape, 1, np.random.default_rng(seed))
    network.set_weights(features.scaled(network, data.train.images))
    return of_network(network)


def of_network(network: keras.Model) -> Space:
    """Its features."""
    inner = keras.Model(network.input, network.output[0])
    return lambda images: in_batches(inner, images, 256)


def components(images: np.ndarray, count: int) -> Space:
    """Principal components of the images, scaled as the features of networks are."""
    flat = images.reshape(len(images), -1)
    pca = sklearn.decomposition.PCA(count, svd_solver="covariance_eigh").fit(flat)
    size = float(np.sqrt(np.mean(pca.transform(flat) ** 2)))
    return lambda found: pca.transform(found.reshape(len(found), -1)) / size


def coders_of(name: str, data: datasets.Dataset) -> Iterator[tuple[str, Coder]]:
    """Models of different families, sizes and lengths of training; PCA of their sizes beside them."""
    kinds = itertools.product(
        (("ae", 1.0), ("vae", 1.0), ("vae", 0.25)), ("dense", "conv"), SIZES, EPOCHS[name]
    )
    for (model, beta), architecture, size, epochs in kinds:
        if name != "digits" and architecture == "conv" and (epochs == 1 or size == 2 or beta < 1):
            continue  # which take long
        trial = Trial(
            dataset=name, backend=keras.backend.backend(), model=model, architecture=architecture,
            latent_dim=size, activation="relu", loss="bce", optimizer="adam", learning_rate=1e-3,
            batch_size=64 if name == "digits" else 128, epochs=epochs, seed=0,
            options=axes.as_options({} if beta == 1 else {"beta": beta}),
        )  # fmt: skip
        yield str(trial), fit.fit(trial, data).model
    for size in SIZES:
        found = coders.of(Baseline(dataset=name, model="pca", latent_dim=size), data)
        assert not isinstance(found, Absent)
        yield f"pca {size}", found


def numbers(
    coder: Coder, data: datasets.Dataset, spaces: dict[str, Space], real: dict[str, Features]
) -> Numbers:
    """Every measure of every source in every space: by `space/source`, then by measure."""
    found = {}
    for source, images in images_of(coder, data).items():
        for space, features_of in spaces.items():
            made = Features(values=features_of(np.ascontiguousarray(images, np.float32)))
            found[f"{space}/{source}"] = {
                "frechet": generation.frechet_distance(real[space], made),
                "kernel": generation.kernel_distance(real[space], made),
                **dataclasses.asdict(generation.neighbourhoods(real[space], made)),
            }
    return found


def images_of(coder: Coder, data: datasets.Dataset) -> dict[str, np.ndarray]:
    """What a coder makes, by source."""
    count, codes = len(data.test.images), coder.encode(data.train.images)
    made = {"reconstructed": coder.decode(coder.encode(data.test.images))}
    made["mixture"] = coder.decode(mixture_samples(codes, count, 0))
    prior = coder.prior()
    if (density := prior.instead if isinstance(prior, Absent) else prior) is not None:
        made["prior"] = coder.decode(density.sample(count, np.random.default_rng(0)))
    return made


def agreement(coded: dict[str, Numbers], space: str, source: str, measure: str) -> float:
    """Spearman's coefficient of ranks in a space and in that of the classifier."""
    pairs = [
        (one[f"classifier/{source}"][measure], one[f"{space}/{source}"][measure])
        for one in coded.values()
        if f"classifier/{source}" in one
    ]
    first, second = np.array(pairs).T
    return float(stats.spearmanr(first, second).statistic) if np.ptp(second) else 0.0


def beside_floor(data: datasets.Dataset, real: Features, features_of: Space) -> float:
    """The distance of images that 32 principal components keep, over that of as many training images."""
    found = coders.of(Baseline(dataset=data.name, model="pca", latent_dim=max(SIZES)), data)
    assert not isinstance(found, Absent)
    kept = found.decode(found.encode(data.test.images))
    floor = data.train.images[: len(kept)]
    made, known = (Features(values=features_of(np.ascontiguousarray(each))) for each in (kept, floor))
    return generation.frechet_distance(real, made) / generation.frechet_distance(real, known)


if __name__ == "__main__":
    main(sys.argv[1])
