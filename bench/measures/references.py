"""The papers that definitions and the protocol name, in full."""

REFERENCES = {
    "Alain & Bengio 2017": (
        "Alain, G., and Bengio, Y. Understanding intermediate layers using linear classifier probes. "
        "ICLR workshop, 2017."
    ),
    "Bińkowski et al. 2018": (
        "Bińkowski, M., Sutherland, D. J., Arbel, M., and Gretton, A. Demystifying MMD GANs. ICLR, 2018."
    ),
    "Burda et al. 2016": (
        "Burda, Y., Grosse, R., and Salakhutdinov, R. Importance weighted autoencoders. ICLR, 2016."
    ),
    "Cover & Hart 1967": (
        "Cover, T., and Hart, P. Nearest neighbor pattern classification. IEEE Transactions on "
        "Information Theory 13(1), 1967."
    ),
    "DeVries & Taylor 2017": (
        "DeVries, T., and Taylor, G. W. Improved regularization of convolutional neural networks with "
        "cutout. arXiv:1708.04552, 2017."
    ),
    "Ghosh et al. 2020": (
        "Ghosh, P., Sajjadi, M. S. M., Vergari, A., Black, M., and Schölkopf, B. From variational to "
        "deterministic autoencoders. ICLR, 2020."
    ),
    "Gidaris et al. 2018": (
        "Gidaris, S., Singh, P., and Komodakis, N. Unsupervised representation learning by predicting "
        "image rotations. ICLR, 2018."
    ),
    "Hendrycks & Dietterich 2019": (
        "Hendrycks, D., and Dietterich, T. Benchmarking neural network robustness to common "
        "corruptions and perturbations. ICLR, 2019."
    ),
    "Hendrycks & Gimpel 2017": (
        "Hendrycks, D., and Gimpel, K. A baseline for detecting misclassified and out-of-distribution "
        "examples in neural networks. ICLR, 2017."
    ),
    "Hesterberg 2015": (
        "Hesterberg, T. C. What teachers should know about the bootstrap: resampling in the "
        "undergraduate statistics curriculum. The American Statistician 69(4), 2015."
    ),
    "Heusel et al. 2017": (
        "Heusel, M., Ramsauer, H., Unterthiner, T., Nessler, B., and Hochreiter, S. GANs trained by a "
        "two time-scale update rule converge to a local Nash equilibrium. NeurIPS, 2017."
    ),
    "Hoffman & Johnson 2016": (
        "Hoffman, M. D., and Johnson, M. J. ELBO surgery: yet another way to carve up the variational "
        "evidence lower bound. NIPS workshop on advances in approximate Bayesian inference, 2016."
    ),
    "Holm 1979": (
        "Holm, S. A simple sequentially rejective multiple test procedure. Scandinavian Journal of "
        "Statistics 6(2), 1979."
    ),
    "Hubert & Arabie 1985": (
        "Hubert, L., and Arabie, P. Comparing partitions. Journal of Classification 2, 1985."
    ),
    "Kingma & Welling 2014": ("Kingma, D. P., and Welling, M. Auto-encoding variational Bayes. ICLR, 2014."),
    "Kingma et al. 2014": (
        "Kingma, D. P., Rezende, D. J., Mohamed, S., and Welling, M. Semi-supervised learning with "
        "deep generative models. NeurIPS, 2014."
    ),
    "Kynkäänniemi et al. 2019": (
        "Kynkäänniemi, T., Karras, T., Laine, S., Lehtinen, J., and Aila, T. Improved precision and "
        "recall metric for assessing generative models. NeurIPS, 2019."
    ),
    "Lucas et al. 2019": (
        "Lucas, J., Tucker, G., Grosse, R., and Norouzi, M. Don't blame the ELBO! A linear VAE perspective "
        "on posterior collapse. NeurIPS, 2019."
    ),
    "Naeem et al. 2020": (
        "Naeem, M. F., Oh, S. J., Uh, Y., Choi, Y., and Yoo, J. Reliable fidelity and diversity "
        "metrics for generative models. ICML, 2020."
    ),
    "Nalisnick et al. 2019": (
        "Nalisnick, E., Matsukawa, A., Teh, Y. W., Gorur, D., and Lakshminarayanan, B. Do deep "
        "generative models know what they don't know? ICLR, 2019."
    ),
    "Roy & Vetterli 2007": (
        "Roy, O., and Vetterli, M. The effective rank: a measure of effective dimensionality. EUSIPCO, 2007."
    ),
    "Rybkin et al. 2021": (
        "Rybkin, O., Daniilidis, K., and Levine, S. Simple and effective VAE training with calibrated "
        "decoders. ICML, 2021."
    ),
    "Salakhutdinov & Murray 2008": (
        "Salakhutdinov, R., and Murray, I. On the quantitative analysis of deep belief networks. ICML, 2008."
    ),
    "Shi et al. 2016": (
        "Shi, W., Caballero, J., Huszár, F., Totz, J., Aitken, A. P., Bishop, R., Rueckert, D., and "
        "Wang, Z. Real-time single image and video super-resolution using an efficient sub-pixel "
        "convolutional neural network. CVPR, 2016."
    ),
    "Silverman 1986": (
        "Silverman, B. W. Density estimation for statistics and data analysis. Chapman and Hall, 1986."
    ),
    "Smyth 2004": (
        "Smyth, G. K. Linear models and empirical Bayes methods for assessing differential expression in "
        "microarray experiments. Statistical Applications in Genetics and Molecular Biology 3(1), 2004."
    ),
    "Tipping & Bishop 1999": (
        "Tipping, M. E., and Bishop, C. M. Probabilistic principal component analysis. Journal of the "
        "Royal Statistical Society B 61(3), 1999."
    ),
    "Tolstikhin et al. 2018": (
        "Tolstikhin, I., Bousquet, O., Gelly, S., and Schölkopf, B. Wasserstein auto-encoders. ICLR, 2018."
    ),
    "Vinh et al. 2010": (
        "Vinh, N. X., Epps, J., and Bailey, J. Information theoretic measures for clusterings "
        "comparison: variants, properties, normalization and correction for chance. JMLR 11, 2010."
    ),
    "Wang et al. 2004": (
        "Wang, Z., Bovik, A. C., Sheikh, H. R., and Simoncelli, E. P. Image quality assessment: from "
        "error visibility to structural similarity. IEEE Transactions on Image Processing 13(4), "
        "2004."
    ),
}
"""As the texts name it -> authors, title, where and when."""
