"""Generated images against real ones."""

from bench.measures.measure import Measure

SOURCES = {
    "prior": "of codes drawn from the prior (N(0, I) where a report names no other)",
    "mixture": "of codes drawn from a mixture of 10 Gaussians with full covariances, fitted after training "
    "to the first 10,000 training codes (Ghosh et al. 2020)",
    "reconstructed": "of the codes of the test images themselves",
}

FITTED = {
    "gaussian": "the Gaussian with the mean and the covariance of",
    "kernel": "a kernel density estimate (a code moved by Gaussian noise whose deviation, in those of each "
    "dimension, is that of 13 from .01 to 1 under which codes of the first 500 validation images are "
    "likeliest) of",
}
"""Densities that only the distance and the nearest training image are measured of."""

_FLOOR = (
    " In the row of the raw pixels training images stand in for samples: the floor, below which no model "
    "need come."
)
_NAMES = {"prior": "prior", "mixture": "mixture", "reconstructed": "rec.", "gaussian": "Gaussian"}
_PURPOSES = {
    "prior": "Generate from the prior",
    "mixture": "Generate from a mixture fitted afterwards",
}
_SPREAD = ("neighbourhoods",)


def _of(source: str, text: str) -> tuple[Measure, ...]:
    images = "Reconstructions" if source == "reconstructed" else f"Images {text}"
    short = _NAMES[source]
    return (
        Measure(
            name=f"frechet_{source}",
            label=f"FD, {short}",
            better="lower",
            scale="log",
            text=f"{images}, as many as test images but at most 10,000, against these: squared Frechet "
            "distance of Gaussians fitted to their features, the last hidden layer of a classifier trained "
            "once for the data set and run (without two classes, of one of turned images). "
            "Fewer images give larger distances. Compare it within a run."
            + (_FLOOR if source == "mixture" else ""),
            paper="Heusel et al. 2017",
            digits=2,
            validation=f"validation_frechet_{source}" if source in _PURPOSES else "",
            of_validation="the first validation images, as many as there are test images,",
            purpose=_PURPOSES.get(source, ""),
            tables=("distances", *(("standings", "compare") if source in _PURPOSES else ())),
        ),
        Measure(
            name=f"kernel_{source}",
            label=f"KD, {short}",
            better="lower",
            text=f"{images} against test images: squared maximum mean discrepancy of the same features with "
            "the kernel (x y / d + 1)^3 of d features, unbiased, so that it may fall below 0.",
            paper="Bińkowski et al. 2018",
            digits=4,
            tables=("distances",),
        ),
        Measure(
            name=f"precision_{source}",
            label=f"Precision, {short}",
            better="higher",
            text=f"{images}: share that lies, in the same features, in the ball of at least one test image, "
            "which reaches to its fifth neighbour among test images.",
            paper="Kynkäänniemi et al. 2019",
            shown="share",
            tables=_SPREAD,
        ),
        Measure(
            name=f"recall_{source}",
            label=f"Recall, {short}",
            better="higher",
            text=f"{images}: share of test images that lie in the ball of at least one of these, which "
            "reaches to its fifth neighbour among them.",
            paper="Kynkäänniemi et al. 2019",
            shown="share",
            tables=_SPREAD,
        ),
        Measure(
            name=f"density_{source}",
            label=f"Density, {short}",
            better="higher",
            text=f"{images}: in how many balls of test images one of these lies, mean over these, divided "
            "by 5; about 1 for real images.",
            paper="Naeem et al. 2020",
            tables=_SPREAD,
        ),
        Measure(
            name=f"coverage_{source}",
            label=f"Coverage, {short}",
            better="higher",
            text=f"{images}: share of test images whose ball holds at least one of these.",
            paper="Naeem et al. 2020",
            shown="share",
            tables=_SPREAD,
        ),
    )


def _nearest(source: str) -> Measure:
    return Measure(
        name=f"nearest_{source}",
        label=f"Nearest, {_NAMES.get(source, source)}",
        better="",
        scale="log",
        text="Median Euclidean distance, in pixels, from each of the first 500 samples to the nearest "
        "training image, over that from the first 500 test images. Far below 1: training images learnt by "
        "heart, or samples so smooth that they lie near many.",
        digits=2,
        tables=("distances",),
    )


def _fitted(source: str, text: str) -> tuple[Measure, ...]:
    distance = Measure(
        name=f"frechet_{source}",
        label=f"FD, {_NAMES.get(source, source)}",
        better="lower",
        scale="log",
        text=f"Images of codes drawn from {text} the codes of the first 10,000 training images, one sampled "
        "code an image where there is a posterior, against test images as for the other Frechet distances. "
        "The mixture is fitted to the means of posteriors: compare it with this of models without one.",
        paper="Ghosh et al. 2020" if source == "gaussian" else "Silverman 1986",
        digits=2,
        tables=("distances",),
    )
    return distance, _nearest(source)


SECOND = tuple(f"frechet_{source}_second" for source in SOURCES)
"""Those in the features of the second network."""

LATER = (*SECOND, *(f"{kind}_{source}" for source in FITTED for kind in ("frechet", "nearest")))
"""Those that came after the columns of `results.csv` were fixed."""


def _second(source: str, text: str) -> Measure:
    images = "Reconstructions" if source == "reconstructed" else f"Images {text}"
    return Measure(
        name=f"frechet_{source}_second",
        label=f"FD 2nd, {_NAMES[source]}",
        better="lower",
        scale="log",
        text=f"{images}, against test images as for the Frechet distance, in the features of a second "
        "classifier of the same data, with other layers (dense and not convolutional) and another seed. What "
        "both say hangs on neither.",
        paper="Heusel et al. 2017",
        digits=2,
        tables=("standings",) if source in _PURPOSES else (),
    )


MEASURES = (
    *(
        measure
        for source, text in SOURCES.items()
        for measure in (*_of(source, text), *(() if source == "reconstructed" else (_nearest(source),)))
    ),
    *(_second(source, text) for source, text in SOURCES.items()),
    *(measure for source, text in FITTED.items() for measure in _fitted(source, text)),
)
