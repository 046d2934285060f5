"""A VAE whose likelihood has the variance of its own errors: neutral setting, closed forms, stationarity."""

import math

import keras
import numpy as np
import pytest
import scipy.stats
from keras import ops

from bench import errors, models, tasks
from bench.ask import blocks
from bench.models.batch import Batch

IMAGES = np.random.default_rng(0).random((40, 6, 5, 1), dtype="float32")
PIXELS = 30


def made(name: str = "sigma_vae", **settings):
    model = models.create(name, image_shape=(6, 5, 1), latent_dim=3, seed=4, **settings)
    model.compile(optimizer=keras.optimizers.SGD(1e-3))
    return model


def losses(model, training=False, images=IMAGES):
    """The objective and its terms, of fixed noise."""
    batch = Batch(images=ops.convert_to_tensor(images))
    noise = np.random.default_rng(1).standard_normal((len(images), 3)).astype("float32")
    outputs = model.respond(batch, (ops.convert_to_tensor(noise),), training)
    terms = model.terms(batch, outputs)
    return float(ops.convert_to_numpy(model.objective(terms, training))), {
        k: ops.convert_to_numpy(v) for k, v in terms.items()
    }


def set_variance(model, variance):
    deviation = math.log(variance) / 2
    model.log_sigma.assign(math.log(math.expm1(deviation + 6)) - 6)


def test_at_a_variance_of_one_half_it_is_a_vae_but_for_a_constant():
    model = made(sigma="shared")
    set_variance(model, 0.5)
    assert model.variance == pytest.approx(0.5, rel=1e-6)
    constant = PIXELS / 2 * math.log(math.pi)
    assert losses(model)[0] == pytest.approx(losses(made("vae"))[0] + constant, rel=1e-6)


def test_the_best_variance_of_a_batch_gives_the_closed_form_and_the_lowest_loss():
    loss, terms = losses(made(), training=True)
    vae = losses(made("vae"))[1]
    error = vae["reconstruction"].mean() / PIXELS
    assert loss == pytest.approx(
        PIXELS / 2 * math.log(2 * math.pi * math.e * error) + vae["kl"].mean(), rel=1e-5
    )
    np.testing.assert_allclose(terms["kl"], vae["kl"], rtol=1e-6)
    model = made(sigma="shared")
    for factor in (0.9, 1, 1.1):
        set_variance(model, factor * error)
        assert losses(model)[0] >= loss - 1e-4


def test_a_step_at_the_best_variance_is_a_step_at_that_variance():
    best, shared = made(), made(sigma="shared")
    starts = [ops.convert_to_numpy(each) for each in best.decoder.trainable_weights]
    noise = best.draw(40)[0]
    batch = Batch(images=ops.convert_to_tensor(IMAGES))
    outputs = best.respond(batch, (noise,), True)
    set_variance(shared, float(ops.convert_to_numpy(outputs["variance"])))
    fresh = made()  # its noise begins anew
    other = made(sigma="shared")
    other.log_sigma.assign(shared.log_sigma)
    other.log_sigma.trainable = False
    for model in (fresh, other):
        model.fit(IMAGES, batch_size=40, epochs=1, shuffle=False, verbose=0)
    moved = 0.0
    for before, one, two in zip(
        starts, fresh.decoder.trainable_weights, other.decoder.trainable_weights, strict=True
    ):
        changes = [ops.convert_to_numpy(each) - before for each in (one, two)]
        np.testing.assert_allclose(*changes, rtol=2e-3, atol=2e-6)
        moved = max(moved, np.abs(changes[0]).max())
    assert moved > 1e-4  # fifty times what may differ


def test_a_trained_variance_comes_to_rest_at_the_mean_squared_error():
    model = made(sigma="shared")
    model.encoder.trainable = model.decoder.trainable = False
    model.compile(optimizer=keras.optimizers.Adam(0.05))
    model.fit(IMAGES, batch_size=40, epochs=150, verbose=0)
    codes = model.posterior(IMAGES).sample(np.random.default_rng(0))
    assert model.variance == pytest.approx(np.square(IMAGES - model.decode(codes)).mean(), rel=0.03)


def test_the_average_of_the_best_variances_is_that_of_the_steps_and_is_saved(tmp_path):
    model = made()
    assert model.variance == pytest.approx(0.5)
    model.compile(optimizer=keras.optimizers.SGD(0.0))
    model.fit(IMAGES, batch_size=10, epochs=1, shuffle=False, verbose=0)
    codes = model.posterior(IMAGES).sample(np.random.default_rng(0))
    # Four batches of other noise: about the error of all.
    assert model.variance == pytest.approx(np.square(IMAGES - model.decode(codes)).mean(), rel=0.1)
    model.save(tmp_path / "model.keras")
    assert models.load(tmp_path / "model.keras").variance == pytest.approx(model.variance, rel=1e-6)


def test_its_likelihood_is_that_of_scipy_and_is_told(digits):
    model = models.create("sigma_vae", image_shape=(28, 28, 1), latent_dim=3, sigma="shared")
    set_variance(model, 0.02)
    images = digits.test.images[:20]
    codes = model.encode(images)
    density = scipy.stats.norm(model.decode(codes).astype(float), math.sqrt(0.02)).logpdf(
        images.astype(float)
    )
    np.testing.assert_allclose(model.log_likelihood(images, codes), density.sum(axis=(1, 2, 3)), rtol=1e-6)
    found = tasks.measure(model, digits)
    assert found.texts["likelihood"] == "a Gaussian whose variance is learned, 0.0200 here"
    codes = model.posterior(digits.test.images).sample(np.random.default_rng(20_140_410))
    elbo = model.log_likelihood(digits.test.images, codes).mean() - found.measures["test_kl"]
    assert found.measures["test_elbo"] == pytest.approx(elbo, abs=1e-3)


def test_another_loss_is_refused_in_one_line():
    with pytest.raises(
        errors.GridError, match="sigma_vae has a Gaussian likelihood: expected loss=mse, received bce"
    ):
        list(blocks.expand(blocks.checked({"model": ["sigma_vae"], "loss": ["bce"]}), "torch"))
