"""A trained model as plain networks of Keras's own layers."""

import numpy as np
import pytest

from bench import models
from bench.models import portable
from bench.models.autoencoder import Autoencoder
from bench.models.coder import Absent
from bench.models.distributions import Mixture, StandardNormal

SHAPE = (6, 5, 2)
OPTIONS = {"sae": {"sparsity": "topk", "active": 2}}  # what `encode` does beyond the encoder
DRAWN = ("vae", "vamp", "mog_prior")


def made(name: str, architecture: str = "dense") -> Autoencoder:
    small = {"widths": "8"} if architecture == "dense" else {}
    options = OPTIONS.get(name, {}) | ({"components": 5} if name in DRAWN[1:] else {})
    model = models.create(
        name,
        image_shape=SHAPE,
        architecture=architecture,
        architecture_options=small,
        latent_dim=3,
        **options,
    )
    generator = np.random.default_rng(0)
    for variable in model.trainable_variables:  # so that a mixture has components, and pixels are not all 1/2
        variable.assign(variable + generator.normal(0, 0.5, variable.shape))
    return model


@pytest.mark.parametrize("name", models.MODELS)
def test_every_model_comes_apart_into_networks_that_give_what_it_gives(name):
    model = made(name)
    found = portable.of(model)  # which refuses what differs from `encode` and `decode`
    images = np.random.default_rng(1).random((5, *SHAPE), np.float32)
    codes = model.encode(images)
    np.testing.assert_allclose(found.encoder.predict_on_batch(images), codes, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(found.decoder.predict_on_batch(codes), model.decode(codes), atol=1e-5)
    assert (found.prior == "") == isinstance(model.prior(), Absent)


@pytest.mark.parametrize("name", ["ae", "sigma_vae", "predicted_sigma_vae"])
def test_a_network_that_gives_means_leaves_as_what_it_decodes(name):
    model = made(name, "linear")
    found = portable.of(model)
    codes = 5 * np.random.default_rng(1).normal(size=(9, 3)).astype("float32")
    images = model.decode(codes)
    assert images.min() == 0 and images.max() == 1  # clipped, as far as these codes are
    np.testing.assert_allclose(found.decoder.predict_on_batch(codes), images, atol=1e-5)


@pytest.mark.parametrize("name", DRAWN)
def test_a_sampler_decodes_the_draws_of_the_prior(name):
    model = made(name)
    prior, sampler = model.prior(), portable.of(model).sampler
    given = portable.probes(portable.shapes(sampler), 200)
    codes = given["noise"]
    if isinstance(prior, StandardNormal):
        assert set(given) == {"noise"}
    else:
        assert isinstance(prior, Mixture)
        weights = np.exp(prior.log_weights) if prior.log_weights is not None else np.full(5, 0.2)
        component = np.searchsorted(np.cumsum(weights), given["choice"], side="right")
        assert set(component) == set(range(5))
        codes = prior.mean[component] + np.exp(prior.log_variance[component] / 2) * given["noise"]
    np.testing.assert_allclose(portable.run(sampler, given), model.decode(codes), atol=1e-5)


def test_a_model_that_computes_more_than_it_says_is_refused():
    class Shifted(Autoencoder):
        def encode(self, images, batch_size=1000):
            return super().encode(images, batch_size) + 1

    with pytest.raises(ValueError, match="its encode gives something else; override code_layers"):
        portable.of(Shifted(image_shape=SHAPE, architecture_options={"widths": "8"}, latent_dim=3))


def test_a_model_without_a_decoder_is_refused_with_its_reason():
    class Blind(Autoencoder):
        def decode(self, codes, batch_size=1000):
            return Absent("it was never asked to")

    with pytest.raises(ValueError, match=r"has no decoder \(it was never asked to\)"):
        portable.of(Blind(image_shape=SHAPE, architecture_options={"widths": "8"}, latent_dim=3))


def test_a_deviation_counts_large_values_by_their_size():
    assert portable.deviation(np.array([0.5, 110.0]), np.array([0.25, 100.0])) == 0.25
    assert portable.deviation(np.array([0.0, 110.0]), np.array([0.0, 100.0])) == pytest.approx(0.1)
    assert np.isnan(portable.deviation(np.array([np.nan]), np.array([0.0])))
