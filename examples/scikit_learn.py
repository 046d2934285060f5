"""Decompositions of scikit-learn with 16 components, fitted to the training images on the worker."""

import numpy as np
from sklearn import decomposition

from bench import Given


def fitted(method, dataset):
    def flat(images):
        return images.reshape(len(images), -1)

    def decode(codes):
        images = codes @ method.components_ + getattr(method, "mean_", 0)
        return np.clip(images, 0, 1).reshape(-1, *dataset.image_shape)

    method.fit(flat(np.asarray(dataset.train.images)))
    return Given(encode=lambda images: method.transform(flat(images)), decode=decode, log_likelihood="mse")


def pca(dataset, seed):
    return fitted(decomposition.PCA(16, random_state=seed), dataset)


def nmf(dataset, seed):
    return fitted(decomposition.NMF(16, random_state=seed), dataset)


def factor_analysis(dataset, seed):
    return fitted(decomposition.FactorAnalysis(16, random_state=seed), dataset)
