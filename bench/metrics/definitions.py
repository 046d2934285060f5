"""What each measure means, in words: the table that the report prints.

Those of trials are in `result.json` and, as mean, low and high over seeds, in `summary.csv`; `results.csv`
has those that its contract names (`bench.tables.COLUMNS`). Those of networks, `TIMES`, are in `timings.csv`,
each but the time to compile with its quartiles, `_q1` and `_q3`.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Definition:
    """One measure.

    Attributes
    ----------
    name
        As in `result.json` or `timings.csv`; in `summary.csv` followed by `_mean`, `_low` and `_high`.
    label
        Short enough for the head of a table.
    unit
        Empty where the number is a pure one.
    better
        Which way is an improvement; empty where neither is.
    text
        One to three sentences that define it.
    paper
        Where it comes from; empty where it is nobody's idea in particular.
    """

    name: str
    label: str
    unit: str = ""
    better: Literal["lower", "higher", ""]
    text: str
    paper: str = ""


DEFINITIONS = (
    Definition(
        name="test_mse",
        label="MSE",
        better="lower",
        text="Squared difference between a test image and its reconstruction, mean over pixels, channels and "
        "images; pixels lie in [0, 1]. A variational model reconstructs from the posterior mean.",
    ),
    Definition(
        name="test_psnr",
        label="PSNR",
        unit="dB",
        better="higher",
        text="Peak signal-to-noise ratio, -10 log10(MSE) of each test image with a data range of 1, then the "
        "mean over images. A logarithmic scale: 10 dB more is a tenth of the squared error. An image that is "
        "reconstructed exactly has an infinite PSNR, and the mean is then empty.",
    ),
    Definition(
        name="test_ssim",
        label="SSIM",
        better="higher",
        text="Structural similarity of each test image and its reconstruction, at most 1: brightness, "
        "contrast and pattern compared under a Gaussian window (11x11, sigma 1.5, K1 0.01, K2 0.03, data "
        "range 1, population covariance). Mean over the window positions inside the image, over channels and "
        "images; empty for images smaller than the window.",
        paper="Wang et al. 2004",
    ),
    Definition(
        name="test_bce",
        label="BCE",
        unit="nats per image",
        better="lower",
        text="Binary cross-entropy between the grey test pixels and their reconstructions (clipped to "
        "[1e-7, 1 - 1e-7]), summed over pixels and channels, mean over images. Grey images cannot reach 0.",
    ),
    Definition(
        name="test_bce_excess",
        label="BCE excess",
        unit="nats per image",
        better="lower",
        text="BCE less the entropy of the test pixels themselves, which no reconstruction can undercut: 0 is "
        "a perfect reconstruction. Summed over pixels and channels, mean over images.",
    ),
    Definition(
        name="test_kl",
        label="KL",
        unit="nats per image",
        better="",
        text="Divergence of the posterior q(z|x) from the standard normal prior, summed over latent "
        "dimensions, mean over test images: how much the code says about its image. Lower is cheaper, not "
        "better; 0 means that the code is ignored.",
        paper="Kingma & Welling 2014",
    ),
    Definition(
        name="test_elbo",
        label="ELBO",
        unit="nats per image",
        better="higher",
        text="Evidence lower bound: log-likelihood of the image given one code sampled from the posterior, "
        "normalising constants included, less the KL (with weight 1 whatever beta); mean over test images. "
        "The loss sets the likelihood (mse: Gaussian, variance 1/2; mae: Laplace, scale 1; bce: Bernoulli, "
        "not normalised for grey pixels), so compare within one loss.",
        paper="Kingma & Welling 2014",
    ),
    Definition(
        name="active_units",
        label="Active units",
        unit="dimensions",
        better="",
        text="Latent dimensions that the encoder uses: those whose posterior mean has a variance above 0.01 "
        "over the test images.",
        paper="Burda et al. 2016",
    ),
    Definition(
        name="latent_accuracy",
        label="Linear accuracy",
        better="higher",
        text="Share of test images whose class a multinomial logistic regression tells from the code alone. "
        "It is fitted on the codes of the training images, standardised by their mean and deviation.",
        paper="Alain & Bengio 2017",
    ),
    Definition(
        name="latent_knn_accuracy",
        label="5-NN accuracy",
        better="higher",
        text="Share of test images whose class is the most frequent one among the 5 nearest training images, "
        "by Euclidean distance between codes standardised with the training mean and deviation.",
        paper="Cover & Hart 1967",
    ),
    Definition(
        name="test_mse_sampled",
        label="MSE, sampled",
        better="lower",
        text="MSE of reconstructions from one code sampled from the posterior, instead of its mean.",
    ),
    Definition(
        name="test_psnr_sampled",
        label="PSNR, sampled",
        unit="dB",
        better="higher",
        text="PSNR of reconstructions from one code sampled from the posterior, instead of its mean.",
    ),
    Definition(
        name="test_ssim_sampled",
        label="SSIM, sampled",
        better="higher",
        text="SSIM of reconstructions from one code sampled from the posterior, instead of its mean.",
        paper="Wang et al. 2004",
    ),
    Definition(
        name="test_bce_sampled",
        label="BCE, sampled",
        unit="nats per image",
        better="lower",
        text="BCE of reconstructions from one code sampled from the posterior, instead of its mean.",
    ),
    Definition(
        name="test_bce_excess_sampled",
        label="Excess, sampled",
        unit="nats per image",
        better="lower",
        text="BCE excess of reconstructions from one code sampled from the posterior, instead of its mean.",
    ),
    Definition(
        name="validation_loss",
        label="Validation loss",
        better="lower",
        text="The training loss on the validation images in the best epoch: a sum over pixels and channels, "
        "for a VAE with beta times KL, mean over images. Compare it within one training objective.",
    ),
    Definition(
        name="latent_accuracy_iterations",
        label="Probe iterations",
        better="",
        text="Iterations of L-BFGS after which the logistic regression behind the linear accuracy stopped.",
    ),
    Definition(
        name="latent_accuracy_converged",
        label="Probe converged",
        better="",
        text="1 if that logistic regression converged, 0 if it reached its bound of iterations before.",
    ),
    Definition(
        name="parameters",
        label="Parameters",
        better="",
        text="Trainable numbers in encoder and decoder together.",
    ),
    Definition(
        name="fit_seconds",
        label="Training",
        unit="s",
        better="lower",
        text="Wall time of all epochs together, validation and the time to compile included, with whatever "
        "ran beside it.",
    ),
    Definition(
        name="epoch_seconds",
        label="Epoch",
        unit="s",
        better="lower",
        text="Median wall time of an epoch, validation included; the first, which compiles, is left out "
        "where there are several.",
    ),
    Definition(
        name="trials_beside",
        label="Ran beside",
        better="",
        text="Most other trials that ran at the same time on the same machine or cluster. They share its "
        "cores, caches and memory, so a trial's own seconds are longer than they would be alone. Empty where "
        "trials ran in the program's own process, one after the other.",
    ),
    Definition(
        name="peak_memory_mb",
        label="Peak memory",
        unit="MiB",
        better="lower",
        text="Most main memory that the process of the trial held at any one time, in units of 1,048,576 "
        "bytes; the memory of an accelerator is not counted.",
    ),
    Definition(
        name="measure_seconds",
        label="Measuring",
        unit="s",
        better="",
        text="Wall time of all measurements of the trained model, classifiers and pictures included.",
    ),
    Definition(
        name="best_epoch",
        label="Best epoch",
        better="",
        text="Epoch with the lowest validation loss: the one whose weights are kept and measured.",
    ),
    Definition(
        name="step_seconds",
        label="Training step",
        unit="s",
        better="lower",
        text="One step of the optimiser on one batch, median and quartiles of several measurements with "
        "nothing else running, warm, compile time apart. In timings.csv in seconds.",
    ),
    Definition(
        name="encode_1_seconds",
        label="Encode 1",
        unit="s",
        better="lower",
        text="One image to its code, array in and array out; measured as a training step is.",
    ),
    Definition(
        name="decode_1_seconds",
        label="Decode 1",
        unit="s",
        better="lower",
        text="One code to its image, array in and array out; measured as a training step is.",
    ),
    Definition(
        name="encode_128_seconds",
        label="Encode 128",
        unit="s",
        better="lower",
        text="A batch of 128 images (or of all, where there are fewer) to their codes; measured as a "
        "training step is.",
    ),
    Definition(
        name="decode_128_seconds",
        label="Decode 128",
        unit="s",
        better="lower",
        text="A batch of 128 codes to their images; measured as a training step is.",
    ),
    Definition(
        name="compile_seconds",
        label="Compiling",
        unit="s",
        better="lower",
        text="What the first call of the training loop took longer than a later one: tracing and compiling, "
        "where the backend does that.",
    ),
)
"""Every measure, in the order in which the report prints them."""

TIMES = (
    *("step_seconds", "encode_1_seconds", "decode_1_seconds", "encode_128_seconds", "decode_128_seconds"),
    "compile_seconds",
)
"""Those of a network, timed with the machine to itself."""

BY_NAME = {definition.name: definition for definition in DEFINITIONS}
"""The same, by name."""
