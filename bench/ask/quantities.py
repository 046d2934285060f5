"""What a published number is a number of, and how our measures give the same: a fixed list.

A paper's number is held against one that is computed from measures of this program alone, so that every row
of "Published and obtained" can be taken again from `result.json`.
"""

import dataclasses
from collections.abc import Callable, Mapping

Measures = Mapping[str, float | None]

WHOLE_RANGE = 2  # from -1 to 1: twice that of pixels in [0, 1]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Seen:
    """What a quantity is computed from.

    Attributes
    ----------
    measures
        Those of one trial or baseline, by name.
    values
        Pixels times channels of an image.
    beside
        Those of the baseline that the quantity is held against; empty where it needs none.
    """

    measures: Measures
    values: int
    beside: Measures = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Quantity:
    """One of `QUANTITIES`.

    Attributes
    ----------
    name
        As in a grid file and in `run.json`.
    label
        As in a table.
    text
        Its definition, in a sentence.
    digits
        After the point, as it is printed.
    of
        Computes it; None where a measure that it needs is empty.
    groups
        The groups of measures that it needs.
    beside
        The baseline that has to be in the run with the same images and codes of the same size.
    absent
        Why no measure of this program gives it; empty for all others.
    """

    name: str
    label: str
    text: str
    digits: int
    of: Callable[[Seen], float | None]
    groups: tuple[str, ...] = ("basic",)
    beside: str = ""
    absent: str = ""


def _sum(*terms: float | None) -> float | None:
    """None as soon as one of them is."""
    known = [term for term in terms if term is not None]
    return sum(known) if len(known) == len(terms) else None


def _times(factor: float, value: float | None) -> float | None:
    return None if value is None else factor * value


def _measure(name: str, factor: float = 1.0) -> Callable[[Seen], float | None]:
    return lambda seen: _times(factor, seen.measures.get(name))


def _reconstruction(seen: Seen) -> float | None:
    """The ELBO is the log-likelihood of an image given a sampled code, less the KL."""
    return _times(-1, _sum(seen.measures.get("test_elbo"), seen.measures.get("test_kl")))


def _of_an_image(seen: Seen) -> float | None:
    return _times(seen.values, seen.measures.get("test_mse_unclipped"))


def _below_exact(seen: Seen) -> float | None:
    return _sum(seen.beside.get("test_log_likelihood_fitted"), _times(-1, seen.measures.get("test_elbo")))


QUANTITIES: dict[str, Quantity] = {
    one.name: one
    for one in (
        Quantity(
            name="negative_log_likelihood",
            label="\N{MINUS SIGN}IW bound",
            text="Minus the importance-weighted bound, in nats, with as many codes K and test images as the "
            "trial's bound_samples and bound_images say.",
            digits=2,
            of=_measure("test_iw_bound", -1),
            groups=("likelihood",),
        ),
        Quantity(
            name="negative_elbo",
            label="\N{MINUS SIGN}ELBO",
            text="Minus the ELBO of the test images, in nats, with the KL at its full weight.",
            digits=2,
            of=_measure("test_elbo", -1),
        ),
        Quantity(
            name="reconstruction_term",
            label="Reconstruction",
            text="Minus the log-likelihood of a test image given one code sampled from its posterior, in "
            "nats: minus the sum of ELBO and KL.",
            digits=2,
            of=_reconstruction,
        ),
        Quantity(
            name="kl",
            label="KL",
            text="Divergence of the posterior from the prior, in nats, mean over test images.",
            digits=2,
            of=_measure("test_kl"),
        ),
        Quantity(
            name="active_units",
            label="Active units",
            text="Latent dimensions whose posterior mean varies by more than 0.01 over the test images.",
            digits=1,
            of=_measure("active_units"),
        ),
        Quantity(
            name="below_exact_likelihood",
            label="Exact less ELBO",
            text="By how many nats the ELBO lies below the log-likelihood that probabilistic PCA with as "
            "many components, fitted to the training images, gives the test images in closed form.",
            digits=2,
            of=_below_exact,
            groups=("basic", "likelihood"),
            beside="pca",
        ),
        Quantity(
            name="squared_error_of_an_image",
            label="Squared error",
            text="Squared error of reconstructions that are not clipped, summed over the pixels of an image, "
            "which lie in [0, 1]; mean over test images.",
            digits=3,
            of=_of_an_image,
        ),
        Quantity(
            name="squared_error_on_minus_one_to_one",
            label="MSE on [-1, 1]",
            text="Squared error of reconstructions that are not clipped, mean over pixels and test images, "
            "with pixels from -1 to 1: four times that of pixels from 0 to 1.",
            digits=4,
            of=_measure("test_mse_unclipped", WHOLE_RANGE**2),
        ),
        Quantity(
            name="nearest_neighbour_accuracy",
            label="5-NN accuracy",
            text="Share of test images whose class 5 nearest neighbours in standardised codes tell.",
            digits=4,
            of=_measure("latent_knn_accuracy"),
        ),
        Quantity(
            name="linear_accuracy",
            label="Linear accuracy",
            text="Share of test images whose class a logistic regression of standardised codes tells.",
            digits=4,
            of=_measure("latent_accuracy"),
        ),
        Quantity(
            name="nmi",
            label="NMI",
            text="Normalised mutual information of classes and k-means clusters of the codes.",
            digits=4,
            of=_measure("latent_nmi"),
        ),
        Quantity(
            name="ari",
            label="ARI",
            text="Adjusted Rand index of classes and k-means clusters of the codes.",
            digits=4,
            of=_measure("latent_ari"),
        ),
        Quantity(
            name="inception_frechet_mixture",
            label="FID, mixture",
            text="Frechet distance in features of Inception between test images and images of codes from a "
            "mixture of 10 Gaussians.",
            digits=2,
            of=lambda seen: None,
            groups=("generation",),
            absent="it needs features of Inception, which this program does not have",
        ),
    )
}
