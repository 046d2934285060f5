"""How the codes lie, and what can be read from them."""

from bench.measures.measure import Measure

MOST_SEARCHED = 5000
"""Validation images whose neighbours are looked for: the search is the dearest of these measures."""

FEW_LABELS = {
    1: "latent_few_label_accuracy_1",
    4: "latent_few_label_accuracy_4",
    10: "latent_low_label_accuracy",
    40: "latent_few_label_accuracy_40",
    100: "latent_few_label_accuracy_100",
}
"""Labelled training images of each class -> the accuracy with so many; with all it is `latent_accuracy`."""

UP_TO_3 = "Runs of protocol 3 have that of standardised codes here"
"""Said of measures that kept their name, and are of codes as they are since protocol 4."""

_CHOSEN = (
    "Codes keep their shape and are scaled by one number, the root of the mean variance of their dimensions, "
    "so that a dimension which a VAE leaves idle stays small."
)

_OF_CLUSTERS = (("latent_nmi", "NMI", "Vinh et al. 2010"), ("latent_ari", "ARI", "Hubert & Arabie 1985"))

MEASURES = (
    Measure(
        name="effective_rank",
        label="Effective rank",
        unit="dimensions",
        better="",
        text="How many dimensions the codes of the test images spread over: exp of the entropy of the "
        "eigenvalues of their covariance, as shares of its trace. From 1, all on a line, to the number of "
        "dimensions, with the same variance in every direction.",
        paper="Roy & Vetterli 2007",
        digits=1,
        tables=("latent",),
    ),
    Measure(
        name="latent_accuracy",
        label="Linear accuracy",
        better="higher",
        text="Share of test images whose class a multinomial logistic regression tells from the code alone. "
        "It is fitted on the codes of the training images, standardised by their mean and deviation, with "
        "half the sum of squared weights as penalty (C = 1: with 50,000 images of Fashion-MNIST, C = 100 "
        "moves it by .1 percentage points, and codes as they are by .3).",
        paper="Alain & Bengio 2017",
        shown="share",
        validation="validation_accuracy",
        purpose="Codes for a linear classifier",
        tables=("leaderboard", "pairs", "standings", "compare", "backends", "few_labels"),
    ),
    Measure(
        name="image_latent_accuracy",
        label="Linear, by image",
        better="higher",
        text="Whether that classifier tells the class of each test image, in their order: eight images a "
        "byte, the first in its highest bit (numpy.packbits). An array in images.npz; a published run has "
        "that of the first seed of the pairs that its report holds against each other.",
        is_array=True,
    ),
    Measure(
        name="latent_accuracy_iterations",
        label="Probe iterations",
        better="",
        text="Iterations of L-BFGS after which the logistic regression behind the linear accuracy stopped.",
        shown="count",
    ),
    Measure(
        name="latent_accuracy_converged",
        label="Probe converged",
        better="",
        text="1 if that logistic regression converged, 0 if it reached its bound of iterations before.",
        shown="count",
    ),
    Measure(
        name="latent_knn_accuracy",
        label="5-NN accuracy",
        better="higher",
        text="Share of test images whose class is the most frequent one among the 5 nearest training images, "
        "by Euclidean distance between codes standardised with the training mean and deviation. That gives a "
        "dimension which a VAE leaves idle as much weight as one that it uses: see the same of codes as they "
        "are.",
        paper="Cover & Hart 1967",
        shown="share",
        validation="validation_knn_accuracy",
        of_validation=f"the first {MOST_SEARCHED:,} validation images",
        purpose="Codes whose neighbours are alike",
        tables=("leaderboard", "pairs", "standings", "compare", "backends", "scaling"),
    ),
    Measure(
        name="latent_knn_accuracy_raw",
        label="5-NN, raw",
        better="higher",
        text="5-NN accuracy by the distance between codes as they are, not standardised.",
        paper="Cover & Hart 1967",
        shown="share",
        tables=("scaling",),
    ),
    Measure(
        name=FEW_LABELS[10],
        label="Low-label acc.",
        better="higher",
        text="Share of test images whose class a multinomial logistic regression tells from the code, where "
        f"10 training images of each class are labelled and no others. {_CHOSEN} The weight C of the penalty "
        "is that of .01, .1, 1 and 10 with the lowest log loss in stratified cross-validation, 3 folds, "
        "within the labelled images; L-BFGS takes 100 iterations at most. Mean over 5 fixed random draws of "
        "the labelled images, the same for every model; single draws of Fashion-MNIST have a standard "
        f"deviation of 2 to 3 percentage points. {UP_TO_3}, with C = 1.",
        paper="Kingma et al. 2014",
        shown="share",
        validation="validation_low_label_accuracy",
        purpose="Codes for ten labels a class",
        tables=("latent", "scaling", "few_labels"),
    ),
    Measure(
        name="latent_low_label_accuracy_standardised",
        label="Low-label, std.",
        better="higher",
        text="Low-label accuracy of codes standardised by mean and deviation of the training codes, each "
        "dimension by its own: idle ones are blown up. With C = 1.",
        paper="Kingma et al. 2014",
        shown="share",
        tables=("scaling",),
    ),
    Measure(
        name="latent_nmi",
        label="NMI",
        better="higher",
        text="Normalised mutual information (over the arithmetic mean of both entropies) between the "
        "classes of the test images and the clusters their codes fall into: 0 to 1. Clusters, as many as "
        "classes, are those of k-means, the best of 5 starts, on the training codes as they are, or on "
        "10,000 of them where there are more. Mean over 5 seeds, which choose codes and starts. "
        f"{UP_TO_3}, of one seed.",
        paper="Vinh et al. 2010",
        tables=("latent", "scaling"),
    ),
    Measure(
        name="latent_ari",
        label="ARI",
        better="higher",
        text="Adjusted Rand index between the same classes and clusters: the share of pairs of images on "
        "which they agree, scaled so that chance gives 0 and equality 1; it can fall below 0. Mean over the "
        f"same seeds. {UP_TO_3}, of one seed.",
        paper="Hubert & Arabie 1985",
        tables=("latent", "scaling"),
    ),
    *(
        Measure(
            name=f"{name}_deviation",
            label=f"{label}, deviation",
            better="",
            text=f"Standard deviation of {label} over the 5 seeds of k-means: of one seed, where the number "
            "is the mean of 5.",
            paper=paper,
        )
        for name, label, paper in _OF_CLUSTERS
    ),
    *(
        Measure(
            name=f"{name}_standardised",
            label=f"{label}, std.",
            better="higher",
            text=f"{label} of codes standardised by mean and deviation of the training codes, each dimension "
            "by its own: idle ones are blown up. Of one seed.",
            paper=paper,
            tables=("scaling",),
        )
        for name, label, paper in _OF_CLUSTERS
    ),
    Measure(
        name="linear_kl",
        label="KL of linear VAEs",
        unit="nats per image",
        better="",
        text="KL of linear VAEs with the same components at 30 variances, from the largest eigenvalue down: "
        "the rates of the curve that is drawn beside KL and MSE of models. An array in images.npz.",
        paper="Lucas et al. 2019",
        is_array=True,
    ),
    Measure(
        name="linear_mse",
        label="MSE of linear VAEs",
        better="",
        text="Test MSE of the same, before images are clipped to [0, 1]. An array in images.npz.",
        paper="Lucas et al. 2019",
        is_array=True,
    ),
)

OF_FEW_LABELS = (
    *(
        Measure(
            name=name,
            label=f"{count} label{'s' * (count > 1)} a class",
            better="higher",
            text=f"Low-label accuracy with {count} labelled image{'s' * (count > 1)} of each class, not 10: "
            + ("none can be held out, so C = 1." if count == 1 else "the images of fewer are among them."),
            paper="Kingma et al. 2014",
            shown="share",
            tables=("few_labels",),
        )
        for count, name in FEW_LABELS.items()
        if count != 10
    ),
)
