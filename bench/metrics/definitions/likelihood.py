"""What the importance-weighted bound means, in words."""

from bench.metrics.definitions.definition import Definition

DEFINITIONS = (
    Definition(
        name="test_iw_bound",
        label="IW bound, K=100",
        unit="nats per image",
        better="higher",
        text="Importance-weighted bound on the log-likelihood with K = 100 codes sampled from the posterior "
        "of each image: log of the mean of p(x|z) p(z) / q(z|x), likelihoods as in the ELBO; mean over the "
        "first 1,000 test images (over all, where there are fewer). For the same images it is on average as "
        "tight as the ELBO or tighter; the ELBO that is reported is the mean over all test images. In the "
        "nats of the literature only for bce on binarised images; compare within one loss.",
        paper="Burda et al. 2016",
    ),
)
