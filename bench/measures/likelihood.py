"""What is said of the likelihoods."""

from bench.measures.measure import Measure

EXACT = ("test_log_likelihood", "test_log_likelihood_fitted")
"""Those of coders whose likelihood has a closed form; no model has one."""

MEASURES = (
    Measure(
        name="test_iw_bound",
        label="IW bound",
        unit="nats per image",
        better="higher",
        text="Importance-weighted bound on the log-likelihood with K codes sampled from the posterior of "
        "each image: log of the mean of p(x|z) p(z) / q(z|x), likelihoods as in the ELBO; mean over test "
        "images. K = 100 codes of the first 1,000 test images (of all, where there are fewer), unless a "
        "trial has other bound_samples or bound_images; then it is computed in float32, from logits. For the "
        "same images it is on average as tight as the ELBO or tighter; the ELBO that is reported is the mean "
        "over all test images. In the nats of the literature only for bce on binarised images; compare "
        "within one loss.",
        paper="Burda et al. 2016",
        digits=1,
        tables=("likelihood",),
    ),
    Measure(
        name="test_iw_bound_error",
        label="SE of IW bound",
        unit="nats per image",
        better="",
        text="Standard error of the IW bound as a mean over images: the standard deviation of the bounds of "
        "images over the root of their number. It says how far another sample of test images may lie, not "
        "how far the bound lies below the likelihood; of two models it is mostly shared, as hard images are "
        "hard for both.",
        paper="Burda et al. 2016",
        digits=2,
        tables=("likelihood",),
    ),
    Measure(
        name="test_log_likelihood",
        label="Log-likelihood",
        unit="nats per image",
        better="higher",
        text="Exact log-likelihood of a linear baseline, no bound: of probabilistic PCA with as many "
        "components, of the mean image without one. A pixel given a code has the variance 1/2 that the loss "
        "mse stands for, and components of less variance than that are off; mean over all test images. The "
        "ELBO of a model that is trained with mse lies below a log-likelihood of this kind. No model has it: "
        "that of a network has no closed form.",
        paper="Tipping & Bishop 1999",
        digits=1,
        tables=("likelihood",),
    ),
    Measure(
        name="test_log_likelihood_fitted",
        label="Log-lik., fitted",
        unit="nats per image",
        better="higher",
        text="The same with the variance of a pixel under which the training images are most likely: the "
        "mean of the eigenvalues of all components that are left out. Of factor analysis with its own "
        "variance for each pixel, which include 1/12 of a squared grey level. It is a density of grey "
        "values, so it can be above 0; empty where the components leave no variance. The fitted ELBO of a "
        "model is on this scale, as a bound.",
        paper="Tipping & Bishop 1999",
        digits=1,
        tables=("likelihood",),
    ),
)
