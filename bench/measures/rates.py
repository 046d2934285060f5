"""What the codes cost, and the bounds on likelihoods that follow."""

from bench.measures.measure import Measure

MEASURES = (
    Measure(
        name="test_kl",
        label="KL",
        unit="nats per image",
        better="",
        scale="log",
        text="Divergence of the posterior q(z|x) from the prior (N(0, I) where a report names no other), "
        "summed over latent dimensions, mean over test images: how much the code says about its image. Lower "
        "is cheaper, not better; 0 means that the code is ignored.",
        paper="Kingma & Welling 2014",
        digits=2,
        tables=("leaderboard", "backends"),
    ),
    Measure(
        name="dimension_kl",
        label="KL by dimension",
        unit="nats per image",
        better="",
        text="The terms of KL: that of each latent dimension, mean over test images. An array in images.npz.",
        paper="Kingma & Welling 2014",
        is_array=True,
    ),
    Measure(
        name="mutual_information",
        label="Mutual info.",
        unit="nats per image",
        better="",
        text="The part of KL that tells images apart: I(x; z) between up to 2,000 test images, a fixed "
        "random choice, and one code sampled for each. It cannot exceed the logarithm of their number "
        "(7.60 for 2,000), and is a lower bound on what more images would give.",
        paper="Hoffman & Johnson 2016",
        digits=2,
        tables=("latent",),
    ),
    Measure(
        name="marginal_kl",
        label="Marginal KL",
        unit="nats per image",
        better="lower",
        text="The rest of KL over the same images: the divergence of all their posteriors together, the "
        "aggregate posterior, from the prior. An upper bound on what more images would give, and a loose "
        "one where the mutual information is near its own bound.",
        paper="Hoffman & Johnson 2016",
        digits=2,
        tables=("latent",),
    ),
    Measure(
        name="latent_mmd",
        label="MMD to prior",
        better="lower",
        text="Squared maximum mean discrepancy between codes sampled for up to 2,000 test images, a fixed "
        "random choice, and the prior (N(0, I) where a report names no other), with the inverse "
        "multiquadratics kernel C / (C + d^2) of a distance d, C twice the number of dimensions. Unbiased: "
        "0 on average for codes that follow the prior, so that it can fall below 0.",
        paper="Tolstikhin et al. 2018",
        tables=("latent",),
    ),
    Measure(
        name="test_elbo",
        label="ELBO",
        unit="nats per image",
        better="higher",
        text="Evidence lower bound: log-likelihood of the image given one code sampled from the posterior, "
        "normalising constants included, less the KL (with weight 1 whatever beta); mean over test images. "
        "The loss sets the likelihood (mse: Gaussian, variance 1/2, of which -log(pi)/2 nats a pixel and "
        "channel are a constant; mae: Laplace, scale 1, with -log(2); bce: Bernoulli, not normalised for "
        "grey pixels), so compare within one loss.",
        paper="Kingma & Welling 2014",
        digits=1,
        tables=("compare", "likelihood"),
    ),
    Measure(
        name="test_elbo_fitted",
        label="ELBO, fitted",
        unit="nats per image",
        better="higher",
        text="The ELBO of a model with a Gaussian likelihood (loss mse), with the variance of a pixel that "
        "fits the images in the place of 1/2: the mean squared error of validation images decoded from one "
        "sampled code each, under which these are likeliest. The model is not trained again. It is a density "
        "of grey values, so it can be above 0. A model with one variance of its own keeps it, and its ELBO. "
        "Where a model was trained on the validation images (train_on = all), the variance is a little too "
        "small, and the bound the lower for it: every variance gives a bound.",
        paper="Rybkin et al. 2021",
        digits=1,
        tables=("likelihood",),
    ),
    Measure(
        name="fitted_variance",
        label="Fitted variance",
        better="",
        text="The variance of a pixel given a code that the fitted ELBO is taken at.",
        paper="Rybkin et al. 2021",
        digits=4,
        tables=("likelihood",),
    ),
    Measure(
        name="active_units",
        label="Active units",
        unit="dimensions",
        better="",
        text="Latent dimensions that the encoder uses: those whose posterior mean has a variance above 0.01 "
        "over the test images.",
        paper="Burda et al. 2016",
        digits=1,
        shown="count",
        tables=("leaderboard",),
    ),
)
