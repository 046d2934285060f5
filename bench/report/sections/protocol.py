"""How everything in a report was measured, in words."""

PROTOCOL = (
    (
        "Split",
        "No model is trained, stopped or kept by the test set; where a report ranks by it, it says so. "
        "Validation is the last 10,000 training images of Fashion-MNIST, MNIST and CIFAR-10. Of digits, "
        "which are enlarged from 8x8 to 28x28 pixels and have no test set, a stratified fifth of all images "
        "is set aside for test and another for validation, the same in every run; of data of your own, a "
        "stratified fifth of the training images is for validation, unless there are validation images; "
        "where there is no test part, a stratified fifth of all images is for test, and as many for "
        "validation, drawn with the seed 0; images without labels are one group. Where that was asked "
        "for, images are resized by Pillow's "
        "bicubic filter, which averages over what it leaves out. The epoch with the lowest validation "
        "loss is the one that is kept and measured; where a trial has keep = last, the last one is. With "
        "train_on = all it is trained on the validation images, too: it has no number of them, and is not "
        "chosen by any.",
    ),
    (
        "Networks",
        "Dense: hidden layers of 512 and 256 units, mirrored in the decoder. Conv: 3x3 convolutions of 16 "
        "and 32 filters, each halving height and width, and a layer of 128 units; the decoder mirrors them "
        "with sub-pixel convolutions (Shi et al. 2016). Outputs are logits. The encoder of a VAE gives two "
        "numbers for each latent dimension.",
    ),
    (
        "Losses",
        "Sums over pixels and channels, means over images, so that β means the same for all models of one "
        "loss and image size: mse is the sum of squared errors (a Gaussian likelihood with variance 1/2), "
        "bce the cross-entropy with grey targets, mae the sum of absolute errors (Laplace). KL is in nats "
        "per image. Validation losses and ELBO are compared within one training loss only.",
    ),
    (
        "Binarisation",
        "Where a trial has binarize = dynamic, the training images are drawn anew in every epoch, each pixel "
        "1 with the probability of its grey value (Salakhutdinov & Murray 2008; Burda et al. 2016); "
        "validation and test images are drawn once, the same for every trial, and generated ones likewise "
        "before they are held against them. Of dynamic-777 and dynamic-42 validation and test images are "
        "draws that were published. All its numbers are about such images, and stand apart from those of "
        "grey ones, with baselines of their own.",
    ),
    (
        "Posterior mean",
        "A VAE is measured with the mean of its posterior; numbers for a code sampled from it are named so.",
    ),
    (
        "SSIM",
        "Wang et al. 2004: Gaussian window 11x11, sigma 1.5, K1 0.01, K2 0.03, data range 1, population "
        "covariance, mean over the valid region. Other windows and paddings give other numbers.",
    ),
    (
        "Cross-entropy",
        "Grey pixels have an entropy that no reconstruction can undercut; the excess over it is reported.",
    ),
    (
        "Classifiers",
        "Multinomial logistic regression and 5 nearest neighbours on standardised codes, fitted on the "
        "training images, scored on the test images; 5 nearest neighbours on codes as they are, too. With "
        "few labels a class, codes are as they are, up to one unit for all dimensions; the strength of the "
        "penalty is chosen by cross-validation within the labelled images (with one label a class it is 1); "
        "the numbers are means over 5 fixed draws of the labelled images. Test images of classes that "
        "training images lack are left out, as no classifier could tell them.",
    ),
    (
        "Clusters",
        "k-means on codes as they are, with as many clusters as classes: means over 5 seeds. Numbers of "
        "standardised codes, in which dimensions that a VAE leaves idle weigh as much as others, stand "
        "beside. Protocol 3 had those alone, of one seed.",
    ),
    (
        "Variance",
        "The loss mse fixes the variance of a pixel at 1/2, which no image has, and the ELBO with it. So the "
        "ELBO of such a model is given at the variance that fits validation images, too, without training it "
        "again (Rybkin et al. 2021).",
    ),
    (
        "Generation",
        "Images are compared in the features of a small convolutional classifier, trained once for the data "
        "set and run, and by Frechet distance in those of a second one, too, which is dense and has another "
        "seed. Where training images have no two classes, both learn to tell by which quarter of a circle an "
        "image was turned, or how it was mirrored where it is no square (Gidaris et al. 2018). How many "
        "times nearer one model is than another hangs on the space: a ratio is given in both, or in none. "
        "The floor is what training images get in the place of samples. Precision, recall, density and "
        "coverage are shown with their distance from it, and none is best by a measure by which some lie "
        "beyond. The distance of samples is taken apart: that of reconstructions, and what drawing codes "
        "adds, from a mixture and from the prior, both less that of reconstructions, seed by seed.",
    ),
    (
        "Baselines",
        "The mean training image; PCA, the best linear code, with as many components as the models have "
        "latent dimensions; raw pixels as the code; and for each latent size and β of variational models "
        "with the loss mse the linear VAE, which is the optimum of the same objective with a linear encoder "
        "and decoder: probabilistic PCA with the variance β/2 (Tipping & Bishop 1999; Lucas et al. 2019), "
        "or with β times the fitted variance where the model fits one. Models whose codes are free are held "
        "against PCA, those that pay for their codes against the linear VAE. On demand there are random "
        "projections, untrained encoders, factor analysis, NMF and ICA. They are measured by what measures "
        "models, as far as they have codes, reconstructions and samples. Reconstructions of linear ones are "
        "clipped to [0, 1]; their MSE is given unclipped, too. Where likelihoods are measured, PCA has that "
        "of probabilistic PCA, exactly: at the variance 1/2 of the loss mse, and at the one that fits the "
        "training images best.",
    ),
    (
        "Timing",
        "Trials may run side by side; their own seconds say what they took then, and stand beside the number "
        "of trials that ran at the same time. After them the networks are timed with nothing else running: "
        "training step, encoding and decoding, warm, compile time apart, arrays in and arrays out; in ten "
        "rounds over all in turns: medians, and quartiles between rounds. Older runs timed one network "
        "after the other, and two of them differed by factors of 0.70 to 1.40. Seconds depend on the machine "
        "and on the hour, so no verdict is built on them.",
    ),
    (
        "Intervals",
        "Mean over seeds ± half the width of the 95 % interval by Student's t. Errors, distances and times, "
        "whose seeds scatter in proportion, are compared by their logarithms, and their differences said in "
        "percent; all else as it is. Where both sides have the same seeds these are blocks. The variances of "
        "eight comparisons or more of one table learn from one another (moderated, Smyth 2004); fewer have "
        "Welch's test. One seed gives no interval. Each holds for one comparison at a time: of twenty of "
        "equals, one will look different. They speak of other seeds. What other images would say is told by "
        "resampling test images in pairs, and by McNemar's test.",
    ),
    (
        "Pairs",
        "Two configurations that differ in one thing make a pair; its value is the mean of the differences "
        "of seeds that both have. Over pairs: the mean; its 95 % interval by the bootstrap (9,999 resamples "
        "of pairs, percentiles widened for few pairs after Hesterberg 2015, none below six pairs); and a "
        "sign-flip permutation test (all signs up to 16 pairs, else 9,999 at random), whose p with n pairs "
        "is 2^(1-n) at least. It asks whether a difference holds from setting to setting. Where that is not "
        "told, Welch's test of several means, with moderated variances, asks whether pairs differ among "
        "themselves by more than seeds explain: then it depends, on a setting if shuffled pairs seldom "
        "follow one as closely; else no difference is shown. The interval takes "
        "pairs for a sample of the settings around those of the grid; far from them it says nothing.",
    ),
    (
        "Several tests",
        "P-values of one table are corrected after Holm 1979, so that the chance of any false verdict in it "
        "is 5 % at most; a verdict needs a corrected p below 0.05. Pairs that one side wins are counted "
        "after Holm over the pairs. In a leaderboard all are compared with all, corrected over all pairs: "
        "comparing with the best alone would promise too much, since the same numbers say which is best.",
    ),
    (
        "Effects",
        "The main effect of a value is its mean difference from the most common value with all else equal, "
        "with its interval over seeds for these settings. How far a setting moves a measure is told "
        "by the lowest and the highest of them, in % of the measure with the most common value. That hangs "
        "on the values that the grid tries; other ends of it may give another order.",
    ),
    (
        "Choice",
        "Configurations are chosen on validation images, by the loss or by the measure that a purpose asks "
        "for, and reported by their test numbers. Ranks, pairs and effects describe test numbers. Which "
        "pairs are pictured is all that these choose; no model is trained, stopped, kept or taken by them.",
    ),
)
