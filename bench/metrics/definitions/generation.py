"""Generated images against real ones."""

from bench.metrics.definitions.definition import Definition

SOURCES = {
    "prior": "of codes drawn from the prior (N(0, I) where a report names no other)",
    "mixture": "of codes drawn from a mixture of 10 Gaussians with full covariances, fitted after training "
    "to the first 10,000 training codes (Ghosh et al. 2020)",
    "reconstructed": "of the codes of the test images themselves",
}

_FLOOR = (
    " In the row of the raw pixels training images stand in for samples: the floor, below which no model "
    "need come."
)
_NAMES = {"prior": "prior", "mixture": "mixture", "reconstructed": "rec."}


def _of(source: str, text: str) -> tuple[Definition, ...]:
    images = "Reconstructions" if source == "reconstructed" else f"Images {text}"
    short = _NAMES[source]
    return (
        Definition(
            name=f"frechet_{source}",
            label=f"FD, {short}",
            better="lower",
            text=f"{images}, as many as test images but at most 10,000, against these: squared Frechet "
            "distance of Gaussians fitted to their features, the last hidden layer of a classifier trained "
            "once for the data set and run. Fewer images give larger distances. Compare it within a run."
            + (_FLOOR if source == "mixture" else ""),
            paper="Heusel et al. 2017",
        ),
        Definition(
            name=f"kernel_{source}",
            label=f"KD, {short}",
            better="lower",
            text=f"{images} against test images: squared maximum mean discrepancy of the same features with "
            "the kernel (x y / d + 1)^3 of d features, unbiased, so that it may fall below 0.",
            paper="Bińkowski et al. 2018",
        ),
        Definition(
            name=f"precision_{source}",
            label=f"Precision, {short}",
            better="higher",
            text=f"{images}: share that lies, in the same features, in the ball of at least one test image, "
            "which reaches to its fifth neighbour among test images.",
            paper="Kynkäänniemi et al. 2019",
        ),
        Definition(
            name=f"recall_{source}",
            label=f"Recall, {short}",
            better="higher",
            text=f"{images}: share of test images that lie in the ball of at least one of these, which "
            "reaches to its fifth neighbour among them.",
            paper="Kynkäänniemi et al. 2019",
        ),
        Definition(
            name=f"density_{source}",
            label=f"Density, {short}",
            better="higher",
            text=f"{images}: in how many balls of test images one of these lies, mean over these, divided "
            "by 5; about 1 for real images.",
            paper="Naeem et al. 2020",
        ),
        Definition(
            name=f"coverage_{source}",
            label=f"Coverage, {short}",
            better="higher",
            text=f"{images}: share of test images whose ball holds at least one of these.",
            paper="Naeem et al. 2020",
        ),
    )


def _nearest(source: str) -> Definition:
    return Definition(
        name=f"nearest_{source}",
        label=f"Nearest, {_NAMES[source]}",
        better="",
        text="Median Euclidean distance, in pixels, from each of the first 500 samples to the nearest "
        "training image, over that from the first 500 test images. Far below 1: training images learnt by "
        "heart, or samples so smooth that they lie near many.",
    )


DEFINITIONS = tuple(
    definition
    for source, text in SOURCES.items()
    for definition in (*_of(source, text), *(() if source == "reconstructed" else (_nearest(source),)))
)
