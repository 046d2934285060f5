"""One matrix each way: means of pixels, and a linear VAE that is probabilistic PCA once it is trained."""

import numpy as np
import pytest
from keras import ops

from bench import errors, models
from bench.ask import blocks
from bench.datasets import Dataset
from bench.datasets.dataset import Split
from bench.metrics import likelihood, probabilistic_pca
from bench.models.batch import Batch
from bench.models.distributions import kl_to_prior
from bench.training import fit
from tests.conftest import BACKEND

SHAPE, SIZE, COUNT = (3, 4, 1), 2, 512


def trial(**settings):
    block = {"dataset": "digits", "architecture": "linear", "latent_dim": SIZE, **settings}
    (found,) = blocks.expand(blocks.checked({name: [value] for name, value in block.items()}), BACKEND)
    return found


@pytest.fixture(scope="module")
def gaussian():
    """Images that two factors and noise make; the theorem holds of any, so that the clip does no harm."""
    generator = np.random.default_rng(5)
    factors = generator.standard_normal((2 * COUNT, SIZE)) @ generator.standard_normal((SIZE, 12))
    images = 0.5 + 0.1 * factors + 0.05 * generator.standard_normal((2 * COUNT, 12))
    parts = np.split(images.astype("float32").reshape(-1, *SHAPE).clip(0, 1), 2)
    train, test = (Split(images=each) for each in parts)
    return Dataset(name="gaussian", class_names=(), sha256="0" * 64, train=train, validation=test, test=test)


def by_formula(images, size):
    """Mean, axes, eigenvalues and the likeliest variance: probabilistic PCA of images."""
    flat = images.reshape(len(images), -1).astype(float)
    values, axes = np.linalg.eigh(np.cov(flat.T, bias=True))
    values, axes = values[::-1], axes.T[::-1]
    return flat.mean(axis=0), axes[:size], values[:size], float(values[size:].mean())


def elbos(model, images, draws=200):
    """The ELBO of each image: the KL in closed form, the rest a mean over draws."""
    posterior, generator = model.posterior(images), np.random.default_rng(0)
    fits = [model.log_likelihood(images, posterior.sample(generator)) for _ in range(draws)]
    return np.mean(fits, axis=0) - kl_to_prior(posterior.mean, posterior.log_variance).sum(axis=1)


@pytest.mark.skipif(BACKEND != "torch", reason="a training of one backend is enough")
def test_elbo_and_importance_weighted_bound_of_a_trained_linear_vae_are_the_likelihood_of_ppca(gaussian):
    unit = trial(
        **{"model": "sigma_vae", "sigma": "shared", "keep": "last", "epochs": 300, "batch_size": 128},
        **{"learning_rate": 5e-2, "schedule": "0.1@220 0.01@270"},
    )
    model = fit.fit(unit, gaussian).model
    images = gaussian.train.images
    mean, axes, values, noise = by_formula(images, SIZE)
    exact = probabilistic_pca.log_evidence(images, mean, axes, values, noise).mean()

    assert model.variance == pytest.approx(noise, rel=0.02)
    elbo = elbos(model, images).mean()
    assert elbo == pytest.approx(exact, abs=0.1)
    bound = likelihood.importance_weighted_bound(
        model.log_likelihood, images, model.posterior(images), model.prior(), np.random.default_rng(1)
    ).mean()
    assert bound == pytest.approx(exact, abs=0.1)
    first = fit.build(unit, SHAPE)
    assert exact - elbos(first, images, 20).mean() > 5  # it had to be learnt


@pytest.mark.parametrize("loss", ["mse", "mae"])
def test_its_loss_and_its_likelihood_are_of_means_that_no_sigmoid_and_no_clip_has_changed(loss):
    model = models.create("ae", image_shape=SHAPE, architecture="linear", latent_dim=SIZE, loss=loss, seed=3)
    images = np.random.default_rng(0).random((8, *SHAPE), dtype="float32")
    (w, b), (v, c) = model.encoder.get_weights(), model.decoder.get_weights()
    v *= 5
    model.decoder.set_weights([v, c + 0.5])
    means = ((images.reshape(8, -1) @ w + b) @ v + c + 0.5).reshape(images.shape)
    assert means.min() < 0 and means.max() > 1
    apart = {"mse": np.square, "mae": np.abs}[loss](images - means).sum(axis=(1, 2, 3))

    batch = Batch(images=ops.convert_to_tensor(images))
    terms = model.terms(batch, model.respond(batch, (), False))
    np.testing.assert_allclose(ops.convert_to_numpy(terms["reconstruction"]), apart, rtol=1e-4)
    codes = model.encode(images)
    constant = {"mse": 6 * np.log(np.pi), "mae": 12 * np.log(2)}[loss]
    np.testing.assert_allclose(model.log_likelihood(images, codes), -apart - constant, rtol=1e-4)
    np.testing.assert_allclose(model.decode(codes), means.clip(0, 1), atol=1e-5)


def test_what_is_no_loss_of_means_is_refused():
    with pytest.raises(errors.GridError, match="expected loss=mse or mae, received bce"):
        trial(model="ae", loss="bce")
    with pytest.raises(errors.GridError, match="expected activation=linear, received relu"):
        trial(model="ae", activation="relu")
    with pytest.raises(ValueError, match="expected loss mse or mae, received 'bce'"):
        models.create("ae", image_shape=SHAPE, architecture="linear", loss="bce")
