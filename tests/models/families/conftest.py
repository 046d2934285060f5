"""Small models, and what they say of given noise."""

import numpy as np
import scipy.special
import scipy.stats
from keras import ops

from bench import models
from bench.ask import blocks
from bench.models.batch import Batch
from bench.training import fit
from tests.conftest import BACKEND

IMAGES = np.random.default_rng(0).random((24, 6, 5, 1), dtype="float32")
SIZE = 3
NOISE = np.random.default_rng(1).standard_normal((24, SIZE)).astype("float32")


def made(name, **settings):
    """A model for images of 6x5, with the weights of one seed."""
    return models.create(name, **{"image_shape": (6, 5, 1), "latent_dim": SIZE, "seed": 4, **settings})


def arrays(tensors):
    return {name: ops.convert_to_numpy(values) for name, values in tensors.items()}


def said(model, draws=None, training=False, images=IMAGES):
    """The objective of a batch and its terms, as numbers; of the model's own noise, or of what is given."""
    batch = Batch(images=ops.convert_to_tensor(images))
    given = model.draw(len(images)) if draws is None else tuple(ops.convert_to_tensor(each) for each in draws)
    outputs = model.respond(batch, given, training)
    terms = model.terms(batch, outputs)
    return float(ops.convert_to_numpy(model.objective(terms, training))), arrays(terms), arrays(outputs)


def log_normal(codes, mean, log_variance):
    """SciPy's, summed over the last axis."""
    deviation = np.exp(log_variance.astype(float) / 2)
    return scipy.stats.norm.logpdf(codes.astype(float), mean.astype(float), deviation).sum(axis=-1)


def sampled_vae(noise=NOISE, **settings):
    """The terms of a VAE whose KL is taken from the codes that were drawn, `(n,)` each."""
    _, terms, outputs = said(made("vae", **settings), (noise,))
    codes = outputs["mean"] + np.exp(outputs["log_variance"] / 2) * noise
    own = log_normal(codes, outputs["mean"], outputs["log_variance"])
    return terms["reconstruction"], own - log_normal(codes, np.zeros_like(codes), np.zeros_like(codes))


def trained(name, dataset, **settings):
    """A model as a trial of a run trains it, on a data set that is given."""
    known = {"model": [name], "dataset": ["digits"], "batch_size": [64], "learning_rate": [3e-3], "seed": [1]}
    axes = known | {axis: [value] for axis, value in settings.items()}
    (trial,) = blocks.expand(blocks.checked(axes), BACKEND)
    return fit.fit(trial, dataset).model
