"""What the papers of variational models say that theirs do, and their formulas against SciPy."""

import numpy as np
import pytest
import scipy.integrate
import scipy.special
import scipy.stats
from keras import ops

from bench import models, tasks
from bench.metrics import aggregate
from bench.models.batch import Batch
from bench.models.families import cb_vae
from tests.conftest import BACKEND

from .conftest import IMAGES, NOISE, SIZE, log_normal, made, said, trained

INTEGRAL_BOUND, DENSITY_BOUND, PARTS_BOUND, MIXTURE_BOUND = 1e-6, 1e-4, 1e-3, 1e-3
on_one_backend = pytest.mark.skipif(BACKEND != "torch", reason="trained on one backend")


def test_schedules_are_their_formulas():
    cyclical = made("cyclical_vae", beta=3.0, kl_period=8)
    found = [float(ops.convert_to_numpy(cyclical._kl_weight(True))) for _ in range(20)]
    assert found == pytest.approx([3 * min(1, 2 * (step % 8 / 8)) for step in range(20)])
    capacity = made("capacity_vae", capacity=5.0, capacity_steps=4)
    found = [float(ops.convert_to_numpy(capacity._target(True))) for _ in range(6)]
    assert found == pytest.approx([0, 1.25, 2.5, 3.75, 5, 5])
    assert (cyclical._kl_weight(False), capacity._target(False)) == (3.0, 5.0)


@on_one_backend
def test_the_kl_comes_to_the_capacity(digits):
    model = trained(
        "capacity_vae", digits, epochs=20, latent_dim=4, capacity=5.0, gamma=100.0, capacity_steps=100
    )
    kl = model.posterior(digits.test.images).kl(model.prior()).sum(axis=1).mean()
    assert kl == pytest.approx(5, abs=1)


def test_no_dimension_gains_by_less_than_its_free_nats():
    model = made("free_bits", floor=1e6)
    loss, terms, _ = said(model, (NOISE,))
    assert loss == pytest.approx(terms["reconstruction"].mean() + SIZE * 1e6, rel=1e-6)
    kl = made("vae").posterior(IMAGES).kl(made("vae").prior())
    floor = float(np.median(kl.mean(axis=0)))
    expected = np.maximum(kl.mean(axis=0), floor).sum()
    found = said(made("free_bits", floor=floor), (NOISE,))[1]
    np.testing.assert_allclose(found["charged"], expected, rtol=1e-4)
    np.testing.assert_allclose(found["kl"], kl.sum(axis=1), rtol=1e-4, atol=1e-5)


@on_one_backend
def test_every_dimension_keeps_its_free_nats(digits):
    model = trained("free_bits", digits, epochs=20, latent_dim=8, floor=0.5)
    assert (model.posterior(digits.test.images).kl(model.prior()).mean(axis=0) > 0.4).all()
    plain = trained("vae", digits, epochs=20, latent_dim=8)
    assert (plain.posterior(digits.test.images).kl(plain.prior()).mean(axis=0) < 0.4).any()


LOGITS = [-30.0, -3.0, -0.011, -0.009, -1e-4, 0.0, 0.0015, 0.005, 0.4, 12.0]


def bernoulli_from_integral(logit):
    """How far the integral of the density lies from 1, and its mean from that of pixels."""
    (integral,) = cb_vae.log_integral(np.array([logit]), cb_vae._LEAST_EXACT, np)

    def density(x):
        return np.exp(x * logit - integral)

    whole = scipy.integrate.quad(density, 0, 1)[0]
    found = ops.convert_to_numpy(cb_vae.log_integral(ops.convert_to_tensor(np.array([logit], "float32"))))
    assert found[0] == pytest.approx(integral, rel=1e-6, abs=1e-6)
    mean = scipy.integrate.quad(lambda x: x * density(x), 0, 1)[0]
    return max(abs(whole - 1), abs(cb_vae.mean(np.array([logit]))[0] - mean))


@pytest.mark.parametrize("logit", LOGITS)
def test_the_continuous_bernoulli_is_a_density_with_its_mean(logit):
    assert bernoulli_from_integral(logit) < INTEGRAL_BOUND


def test_the_slope_of_the_continuous_bernoulli_is_its_mean():
    """The derivative of the logarithm of an integral of `exp(x l)`, as training takes it."""
    logits = np.array([*LOGITS, *np.geomspace(1e-7, 80, 200), *-np.geomspace(1e-7, 80, 200)], "float32")
    if BACKEND == "torch":
        import torch

        given = torch.tensor(logits, requires_grad=True)
        cb_vae.log_integral(given).sum().backward()
        found = given.grad.numpy()
    elif BACKEND == "jax":
        import jax

        found = np.asarray(jax.grad(lambda given: cb_vae.log_integral(given).sum())(logits))
    else:
        import tensorflow as tf

        given = tf.Variable(logits)
        with tf.GradientTape() as tape:
            total = tf.reduce_sum(cb_vae.log_integral(given))
        found = tape.gradient(total, given).numpy()
    np.testing.assert_allclose(found, cb_vae.mean(logits), atol=3e-4)


def test_the_loss_of_a_continuous_bernoulli_vae_is_its_measured_likelihood():
    model = made("cb_vae", loss="bce")
    _, terms, outputs = said(model, (NOISE,))
    found = model.log_likelihood(IMAGES, outputs["codes"])
    np.testing.assert_allclose(found, -terms["reconstruction"], rtol=1e-4, atol=1e-4)
    if BACKEND == "torch":
        import torch

        logits = torch.as_tensor(np.asarray(outputs["logits"]), dtype=torch.float64)
        theirs = torch.distributions.ContinuousBernoulli(logits=logits).log_prob(torch.as_tensor(IMAGES))
        np.testing.assert_allclose(found, theirs.sum(dim=(1, 2, 3)).numpy(), rtol=1e-4, atol=1e-3)


def predicted_from_scipy(predicted):
    """How far the likelihood and the loss of each image lie from SciPy's density: relative."""
    model = made("predicted_sigma_vae", predicted=predicted)
    _, terms, outputs = said(model, (NOISE,))
    means, deviation = model._decoded(outputs["codes"])
    density = scipy.stats.norm.logpdf(IMAGES, means, np.exp(deviation)).sum(axis=(1, 2, 3))
    spread = np.ptp(deviation, axis=(1, 2, 3))
    assert (spread < 1e-12).all() if predicted == "per_image" else (spread > 1e-4).all()
    measured, trained = model.log_likelihood(IMAGES, outputs["codes"]), -terms["reconstruction"]
    return max(float(np.abs(each / density - 1).max()) for each in (measured, trained))


@pytest.mark.parametrize("predicted", ["per_image", "per_pixel"])
def test_a_predicted_variance_is_that_of_scipys_density(predicted):
    assert predicted_from_scipy(predicted) < DENSITY_BOUND


def test_posteriors_of_constant_variance_have_it_and_pay_for_their_mean():
    model = made("cv_vae", deviation=0.7)
    posterior = model.posterior(IMAGES)
    np.testing.assert_array_equal(posterior.mean, made("ae").encode(IMAGES))
    kl = said(model, (NOISE,))[1]["kl"]
    constant = SIZE * (0.49 - 1 - np.log(0.49)) / 2
    np.testing.assert_allclose(kl, 0.5 * np.square(posterior.mean).sum(axis=1) + constant, rtol=1e-4)


def bounds_from_weights():
    """How far bounds of 1, 4 and 64 codes lie from those of SciPy's weights: relative."""
    noise = np.random.default_rng(2).standard_normal((24, 64, SIZE)).astype("float32")
    vae = made("vae")
    posterior = vae.posterior(IMAGES)
    codes = posterior.mean[:, None] + np.exp(posterior.log_variance[:, None] / 2) * noise
    error = np.square(IMAGES[:, None] - vae.decode(codes.reshape(-1, SIZE)).reshape(24, 64, 6, 5, 1)).sum(
        axis=(2, 3, 4)
    )
    own = log_normal(codes, posterior.mean[:, None], posterior.log_variance[:, None])
    weights = -error + log_normal(codes, np.zeros_like(codes), np.zeros_like(codes)) - own
    losses, apart = [], []
    for count in (1, 4, 64):
        parts = weights.reshape(24, -1, count)
        expected = np.log(count) - scipy.special.logsumexp(parts, axis=2).mean(axis=1)
        model = made("miwae", importance_samples=count, bounds=64 // count)
        loss, terms, _ = said(model, (noise,))
        apart.append(float(np.abs(terms["bound"] / expected - 1).max()))
        losses.append(loss)
    assert losses[0] > losses[1] > losses[2]
    return max(apart)


def test_a_bound_is_that_of_its_weights_and_no_looser_with_more_codes():
    assert bounds_from_weights() < DENSITY_BOUND


def parts_from_scipy():
    """How far the three parts of the KL of each image lie from SciPy's, in nats."""
    model = made("beta_tc_vae", latent_dim=11)
    noise = np.random.default_rng(3).standard_normal((24, 11)).astype("float32")
    _, terms, outputs = said(model, (noise,))
    codes, mean, variance = (outputs[name] for name in ("codes", "mean", "log_variance"))
    one = scipy.stats.norm.logpdf(codes[:, None], mean[None], np.exp(variance[None] / 2))  # (n, n, k)
    joint = scipy.special.logsumexp(one.sum(axis=2), axis=1) - np.log(24)
    product = (scipy.special.logsumexp(one, axis=1) - np.log(24)).sum(axis=1)
    own = log_normal(codes, mean, variance)
    prior = log_normal(codes, np.zeros_like(codes), np.zeros_like(codes))
    expected = {"information": own - joint, "correlation": joint - product, "marginals": product - prior}
    return max(float(np.abs(terms[name] - values).max()) for name, values in expected.items())


def test_the_three_parts_of_the_kl_are_scipys():
    assert parts_from_scipy() < PARTS_BOUND


def test_the_total_correlation_of_correlated_codes_is_that_of_their_gaussian():
    covariance = np.array([[1.0, 0.8], [0.8, 1.0]])
    generator = np.random.default_rng(0)
    narrow = 0.15
    mean = generator.multivariate_normal([0, 0], covariance - narrow * np.eye(2), 2000).astype("float32")
    outputs = {
        "mean": mean,
        "log_variance": np.full_like(mean, np.log(narrow)),
        "codes": (mean + np.sqrt(narrow) * generator.standard_normal(mean.shape)).astype("float32"),
        "logits": np.zeros((2000, 6, 5, 1), "float32"),
    }
    model = made("beta_tc_vae", latent_dim=2)
    batch = Batch(images=ops.zeros((2000, 6, 5, 1)))
    found = model.terms(batch, {name: ops.convert_to_tensor(value) for name, value in outputs.items()})
    expected = -0.5 * np.log(np.linalg.det(covariance))
    assert float(ops.convert_to_numpy(ops.mean(found["correlation"]))) == pytest.approx(expected, abs=0.05)


def covariance_from_numpy(kind):
    """How far the penalty lies from that of NumPy's covariance: relative."""
    model = made("dip_vae", dip_kind=kind, dip_weight=2.0)
    loss, terms, outputs = said(model, (NOISE,))
    expected = np.cov(outputs["mean"], rowvar=False, bias=True)
    if kind == "ii":
        expected = expected + np.diag(np.exp(outputs["log_variance"]).mean(axis=0))
    off = np.square(expected).sum() - np.square(np.diag(expected)).sum()
    penalty = off + (10 if kind == "i" else 1) * np.square(np.diag(expected) - 1).sum()
    assert loss == pytest.approx((terms["reconstruction"] + terms["kl"]).mean() + 2 * penalty, rel=1e-5)
    return float(np.abs(terms["covariance"] / penalty - 1).max())


@pytest.mark.parametrize("kind", ["i", "ii"])
def test_the_covariance_of_codes_is_numpys_and_costs_nothing_where_it_is_the_identity(kind):
    assert covariance_from_numpy(kind) < DENSITY_BOUND
    model = made("dip_vae", dip_kind=kind, dip_weight=2.0)
    outputs = said(model, (NOISE,))[2]
    centred = outputs["mean"] - outputs["mean"].mean(axis=0)
    white = np.sqrt(24) * np.linalg.svd(centred, full_matrices=False)[0]
    given = {
        "mean": ops.convert_to_tensor(white),
        "log_variance": ops.convert_to_tensor(np.full_like(white, -60)),
    }
    np.testing.assert_allclose(ops.convert_to_numpy(model.covariance(given)), np.eye(SIZE), atol=1e-5)


def mixture_from_scipy():
    """How far the KL and the measured prior of each code lie from SciPy's mixture, in nats."""
    model = made("mog_prior", components=4)
    generator = np.random.default_rng(0)
    mean, variance, logits = (generator.standard_normal(shape) for shape in ((4, SIZE), (4, SIZE), (4,)))
    for weight, value in zip(
        (model.prior_mean, model.prior_log_variance, model.prior_logits),
        (mean, variance, logits),
        strict=True,
    ):
        weight.assign(value.astype("float32"))
    _, terms, outputs = said(model, (NOISE,))
    inside = scipy.stats.norm.logpdf(outputs["codes"][:, None], mean, np.exp(variance / 2)).sum(axis=2)
    weights = scipy.special.softmax(logits)
    prior = scipy.special.logsumexp(inside, b=weights, axis=1)
    own = log_normal(outputs["codes"], outputs["mean"], outputs["log_variance"])
    drawn = model.prior().sample(200_000, np.random.default_rng(1)).astype(float)
    np.testing.assert_allclose(drawn.mean(axis=0), weights @ mean, atol=0.02)
    second = weights @ (np.exp(variance) + mean**2)
    np.testing.assert_allclose(np.square(drawn).mean(axis=0), second, rtol=0.03)
    measured = model.prior().log_density(outputs["codes"])
    return max(float(np.abs(terms["kl"] - (own - prior)).max()), float(np.abs(measured - prior).max()))


def test_a_mixture_as_prior_is_scipys_and_what_is_drawn_from_it_has_its_moments():
    assert mixture_from_scipy() < MIXTURE_BOUND


def test_under_the_posteriors_of_all_images_as_prior_the_kl_is_the_mutual_information():
    model = made("vamp", components=24)
    model.pseudo_inputs.assign(IMAGES)
    _, terms, outputs = said(model, (NOISE,))
    posterior = model.posterior(IMAGES)
    own, mixture = posterior.log_density(outputs["codes"]), posterior.log_mixture(outputs["codes"])
    found = aggregate.split_rate(own, mixture, np.zeros(24))
    assert terms["kl"].mean() == pytest.approx(found.mutual_information, rel=1e-4, abs=1e-5)
    assert terms["kl"].mean() <= np.log(24)
    model.pseudo_inputs.assign(IMAGES[::-1].copy())
    np.testing.assert_allclose(said(model, (NOISE,))[1]["kl"], terms["kl"], rtol=1e-4, atol=1e-5)


def test_kl_and_elbo_under_a_vamp_prior_are_those_of_scipy(digits):
    model = models.create("vamp", image_shape=(28, 28, 1), latent_dim=3, components=7, seed=1)
    found = tasks.measure(model, digits).measures
    images = digits.test.images
    posterior = model.posterior(images)
    codes = posterior.sample(np.random.default_rng(20_140_410))
    inner = model.posterior(np.clip(ops.convert_to_numpy(model.pseudo_inputs), 0, 1))

    def density(mean, log_variance):
        normal = scipy.stats.norm(mean.astype(float), np.exp(log_variance.astype(float) / 2))
        return lambda codes: normal.logpdf(codes.astype(float)).sum(-1)

    inside = density(inner.mean[:, None], inner.log_variance[:, None])(codes[None])
    prior = scipy.special.logsumexp(inside, axis=0) - np.log(7)
    kl = density(posterior.mean, posterior.log_variance)(codes) - prior
    assert found["test_kl"] == pytest.approx(kl.mean(), abs=1e-4)
    squares = np.square(images - model.decode(codes)).astype(float).sum(axis=(1, 2, 3))
    elbo = -squares - 392 * np.log(np.pi) - kl
    assert found["test_elbo"] == pytest.approx(elbo.mean(), abs=1e-3)
