"""How near reconstructions come to their images."""

from bench.measures.measure import Better, Measure

BY_IMAGE: tuple[tuple[str, str, str, Better, str], ...] = (
    ("mse", "MSE", "", "lower", ""),
    ("psnr", "PSNR", "dB", "higher", ""),
    ("ssim", "SSIM", "", "higher", "Wang et al. 2004"),
    ("bce", "BCE", "nats per image", "lower", ""),
    ("bce_excess", "Excess", "nats per image", "lower", ""),
)
"""What there is of each image: name, label, unit, which is better, and the paper."""

MEASURES = (
    Measure(
        name="test_mse",
        label="MSE",
        better="lower",
        scale="log",
        text="Squared difference between a test image and its reconstruction, mean over pixels, channels and "
        "images; pixels lie in [0, 1]. A variational model reconstructs from the posterior mean.",
        digits=5,
        validation="validation_mse",
        purpose="Reconstruct images",
        tables=("leaderboard", "pairs", "standings", "compare", "backends"),
    ),
    Measure(
        name="test_mse_unclipped",
        label="MSE, unclipped",
        better="lower",
        scale="log",
        text="MSE of the reconstructions of PCA and of other linear baselines before they are clipped to "
        "[0, 1]; all their other errors are of clipped ones. Of PCA it is the error of the best linear code.",
        digits=5,
    ),
    Measure(
        name="test_psnr",
        label="PSNR",
        unit="dB",
        better="higher",
        text="Peak signal-to-noise ratio, -10 log10(MSE) of each test image with a data range of 1, then the "
        "mean over images. A logarithmic scale: 10 dB more is a tenth of the squared error. An image that is "
        "reconstructed exactly has an infinite PSNR, and the mean is then empty.",
        digits=2,
        tables=("leaderboard",),
    ),
    Measure(
        name="test_ssim",
        label="SSIM",
        better="higher",
        text="Structural similarity of each test image and its reconstruction, at most 1: luminance, "
        "contrast and structure compared under a Gaussian window (11x11, sigma 1.5, K1 0.01, K2 0.03, data "
        "range 1, population covariance). Mean over the window positions inside the image, over channels and "
        "images; empty for images smaller than the window.",
        paper="Wang et al. 2004",
        tables=("leaderboard", "pairs", "standings", "compare", "backends"),
    ),
    Measure(
        name="test_bce",
        label="BCE",
        unit="nats per image",
        better="lower",
        text="Binary cross-entropy between the grey test pixels and their reconstructions (clipped to "
        "[1e-7, 1 - 1e-7]), summed over pixels and channels, mean over images. Grey images cannot reach 0.",
        digits=1,
        tables=("leaderboard",),
    ),
    Measure(
        name="test_bce_excess",
        label="BCE excess",
        unit="nats per image",
        better="lower",
        scale="log",
        text="BCE less the entropy of the test pixels themselves, which no reconstruction can undercut: 0 is "
        "a perfect reconstruction. Summed over pixels and channels, mean over images.",
        digits=1,
        tables=("leaderboard",),
    ),
    Measure(
        name="test_mse_sampled",
        label="MSE, sampled",
        better="lower",
        scale="log",
        text="MSE of reconstructions from one code sampled from the posterior, instead of its mean.",
        digits=5,
    ),
    Measure(
        name="test_psnr_sampled",
        label="PSNR, sampled",
        unit="dB",
        better="higher",
        text="PSNR of reconstructions from one code sampled from the posterior, instead of its mean.",
        digits=2,
    ),
    Measure(
        name="test_ssim_sampled",
        label="SSIM, sampled",
        better="higher",
        text="SSIM of reconstructions from one code sampled from the posterior, instead of its mean.",
        paper="Wang et al. 2004",
    ),
    Measure(
        name="test_bce_sampled",
        label="BCE, sampled",
        unit="nats per image",
        better="lower",
        text="BCE of reconstructions from one code sampled from the posterior, instead of its mean.",
        digits=1,
    ),
    Measure(
        name="test_bce_excess_sampled",
        label="Excess, sampled",
        unit="nats per image",
        better="lower",
        scale="log",
        text="BCE excess of reconstructions from one code sampled from the posterior, instead of its mean.",
        digits=1,
    ),
    Measure(
        name="mse_quantiles",
        label="MSE quantiles",
        better="lower",
        text="How MSE is spread over test images: its 5 %, 50 % and 95 % quantiles, interpolated linearly. "
        "An array of three in images.npz; mse_quantiles_sampled is the same for sampled codes.",
        is_array=True,
    ),
    *(
        Measure(
            name=f"class_{name}",
            label=f"{label} by class",
            unit=unit,
            better=better,
            text=f"Mean {label} over the test images of each class. An array in images.npz, in the order of "
            f"class_labels there; class_{name}_sampled is the same for sampled codes.",
            paper=paper,
            is_array=True,
        )
        for name, label, unit, better, paper in BY_IMAGE
    ),
    *(
        Measure(
            name=f"image_{name}",
            label=f"{label} by image",
            unit=unit,
            better=better,
            text=f"{label} of each test image, float32, in their order. An array in images.npz of the run "
            "folder; a published run has that of MSE alone, in half precision, of the first seed of the "
            "pairs that its report holds against each other.",
            paper=paper,
            is_array=True,
        )
        for name, label, unit, better, paper in BY_IMAGE
    ),
)
