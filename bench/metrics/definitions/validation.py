"""What decides which configuration to take: measures of the test images, taken of validation images."""

from bench.metrics.definitions import generation, latent, reconstruction
from bench.metrics.definitions.definition import Definition

MOST_SEARCHED = 5000
"""Validation images whose neighbours are looked for: the search is the dearest of these measures."""

COUNTERPARTS = {
    "test_mse": "validation_mse",
    "latent_accuracy": "validation_accuracy",
    "latent_knn_accuracy": "validation_knn_accuracy",
    "latent_low_label_accuracy": "validation_low_label_accuracy",
    "frechet_prior": "validation_frechet_prior",
    "frechet_mixture": "validation_frechet_mixture",
}
"""What is reported -> what decides."""

_OF_TEST = {
    each.name: each for each in (*reconstruction.DEFINITIONS, *latent.DEFINITIONS, *generation.DEFINITIONS)
}


def _counterpart(of: Definition, name: str) -> Definition:
    images = "validation images"
    if "knn" in name:
        images = f"the first {MOST_SEARCHED:,} validation images"
    elif "frechet" in name:
        images = "the first validation images, as many as there are test images,"
    return Definition(
        name=name,
        label=f"Val. {of.label}",
        unit=of.unit,
        better=of.better,
        text=f"{of.label} as it is defined for test images, of {images} in their place. It decides which "
        "configuration to take; what is reported of that one is its number on test images.",
        paper=of.paper,
    )


DEFINITIONS = tuple(_counterpart(_OF_TEST[of], name) for of, name in COUNTERPARTS.items())
