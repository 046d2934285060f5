"""What is said of the measures of robustness."""

from bench.measures.measure import Measure

_NOISE = "Gaussian noise with standard deviation {} was added to each pixel and the sum clipped to [0, 1]"
_HIDDEN = "a black square, its side half of the shorter side of the image, lies at a random place within it"
CORRUPTIONS = {
    "noise_10": ("noise 0.1", _NOISE.format("0.1"), "Hendrycks & Dietterich 2019"),
    "noise_30": ("noise 0.3", _NOISE.format("0.3"), "Hendrycks & Dietterich 2019"),
    "occluded": ("occluded", _HIDDEN, "DeVries & Taylor 2017"),
}
"""Of each: label, how, and the paper that corrupts like this, if at other levels."""

MEASURES = (
    *(
        Measure(
            name=f"test_mse_{name}",
            label=f"MSE, {label}",
            better="lower",
            scale="log",
            text=f"MSE between a clean test image and the reconstruction of a corrupted one: {how}. The "
            "corruptions are the same for every trial.",
            paper=paper,
            digits=5,
            tables=("beyond",),
        )
        for name, (label, how, paper) in CORRUPTIONS.items()
    ),
    *(
        Measure(
            name=f"latent_accuracy_{name}",
            label=f"Acc., {label}",
            better="higher",
            text="Linear accuracy on the codes of corrupted test images, by the classifier that was fitted "
            f"on the codes of clean training images: {how}.",
            paper=paper,
            shown="share",
            tables=("beyond",),
        )
        for name, (label, how, paper) in CORRUPTIONS.items()
    ),
    Measure(
        name="ood_auroc_error",
        label="OOD by error",
        better="higher",
        text="Area under the ROC curve for telling test images of another data set from those of this one by "
        "the MSE of their reconstructions: the probability that one from outside has the larger. 0.5 is a "
        "guess.",
        paper="Hendrycks & Gimpel 2017",
        tables=("beyond",),
    ),
    Measure(
        name="ood_auroc_elbo",
        label="OOD by ELBO",
        better="higher",
        text="The same by the negative ELBO of one sampled code. Below 0.5 the model finds the images of the "
        "other data set more likely than those of its own, as happens with simpler images.",
        paper="Nalisnick et al. 2019",
        tables=("beyond",),
    ),
)
