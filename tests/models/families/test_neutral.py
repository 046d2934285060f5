"""Each family is its parent where its own idea is turned off, to rounding, on the active backend."""

import keras
import numpy as np
import pytest
from keras import ops

from bench import models
from bench.models.batch import Batch

from .conftest import IMAGES, NOISE, SIZE, made, said, sampled_vae

PLAIN = [
    ("dae", {"corruption": "gaussian", "corruption_level": 0.0}),
    ("dae", {"corruption": "mask", "corruption_level": 0.0}),
    ("sae", {"sparsity": "topk", "active": SIZE}),
    ("sae", {"sparsity": "l1", "sparsity_weight": 0.0}),
    ("sae", {"sparsity": "kl", "sparsity_weight": 0.0}),
    ("irmae", {"linear_layers": 0}),
    ("rae", {"code_weight": 0.0, "decoder_weight": 0.0}),
    ("wae_mmd", {"mmd_weight": 0.0}),
    ("swae", {"slice_weight": 0.0}),
    ("cwae", {"cw_weight": 0.0}),
    ("cwae", {"cw_weight": 0.0, "latent_dim": 20}),
    ("cv_vae", {"beta": 0.0, "deviation": 1e-6}),
]
VARIATIONAL = [
    ("capacity_vae", {"gamma": 2.0, "capacity": 0.0}, {"beta": 2.0}),
    ("free_bits", {"floor": 0.0}, {}),
    ("cyclical_vae", {"beta": 3.0, "kl_period": 0}, {"beta": 3.0}),
    ("info_vae", {"alpha": 0.0, "info_lambda": 1.0}, {}),
    ("dip_vae", {"dip_kind": "i", "dip_weight": 0.0}, {}),
    ("dip_vae", {"dip_kind": "ii", "dip_weight": 0.0}, {}),
]
SAMPLED = [
    ("iwae", {"importance_samples": 1}, NOISE[:, None]),
    ("miwae", {"importance_samples": 1, "bounds": 1}, NOISE[:, None]),
    ("ciwae", {"importance_samples": 1}, NOISE[:, None]),
    ("beta_tc_vae", {"tc_weight": 1.0}, NOISE),
]


PLAIN_BOUND, SAMPLED_BOUND = 2e-6, 1e-5  # relative, of the loss of a batch


def from_plain(name, options, training=True):
    """How far the loss of a model lies from that of a plain autoencoder: relative."""
    expected = said(made("ae", latent_dim=options.get("latent_dim", SIZE)))[0]
    return abs(said(made(name, **options), training=training)[0] / expected - 1)


def from_vae(name, options, parent, training=True):
    """How far its loss lies from that of a VAE under the same noise: relative."""
    noise = (NOISE, NOISE) if name == "info_vae" else (NOISE,)
    expected = said(made("vae", **parent), (NOISE,))[0]
    return abs(said(made(name, **options), noise, training)[0] / expected - 1)


def from_sampled_vae(name, options, noise):
    """How far its loss, and each reconstruction, lie from those of a VAE whose KL is sampled: relative."""
    reconstruction, kl = sampled_vae()
    loss, terms, _ = said(made(name, **options), (noise,))
    apart = np.abs(terms["reconstruction"] / reconstruction - 1).max()
    return max(float(apart), abs(loss / (reconstruction + kl).mean() - 1))


def mixture_from_vae():
    """How far the loss under a prior of one standard component lies from that of a VAE: relative."""
    model = made("mog_prior", components=1, beta=2.0)
    model.prior_mean.assign(np.zeros((1, SIZE)))
    reconstruction, kl = sampled_vae()
    loss, terms, _ = said(model, (NOISE,))
    np.testing.assert_allclose(terms["kl"], kl, rtol=1e-4, atol=1e-4)
    return abs(loss / (reconstruction + 2 * kl).mean() - 1)


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize(("name", "options"), PLAIN)
def test_without_its_own_idea_it_is_a_plain_autoencoder(name, options, training):
    assert from_plain(name, options, training) < PLAIN_BOUND


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize(("name", "options", "parent"), VARIATIONAL)
def test_without_its_own_idea_it_is_a_vae(name, options, parent, training):
    assert from_vae(name, options, parent, training) < PLAIN_BOUND


@pytest.mark.parametrize(("name", "options", "noise"), SAMPLED)
def test_without_its_own_idea_it_is_a_vae_whose_kl_is_sampled(name, options, noise):
    assert from_sampled_vae(name, options, noise) < SAMPLED_BOUND


def test_a_prior_of_one_standard_component_is_that_of_a_vae():
    assert mixture_from_vae() < SAMPLED_BOUND


def test_one_bound_is_that_of_an_iwae_and_a_share_of_nothing_too():
    noise = np.random.default_rng(2).standard_normal((24, 6, SIZE)).astype("float32")
    expected = said(made("iwae", importance_samples=6), (noise,))[0]
    for name, options in (("miwae", {"bounds": 1}), ("ciwae", {"elbo_share": 0.0})):
        assert said(made(name, importance_samples=6, **options), (noise,))[0] == pytest.approx(
            expected, rel=1e-6
        )


def test_several_codes_of_bounds_of_one_are_a_vae_of_several_codes():
    noise = np.random.default_rng(2).standard_normal((24, 6, SIZE)).astype("float32")
    parts = [sampled_vae(noise[:, row]) for row in range(6)]
    expected = np.mean([reconstruction + kl for reconstruction, kl in parts])
    for name, options in (
        ("miwae", {"importance_samples": 1, "bounds": 6}),
        ("ciwae", {"importance_samples": 6, "elbo_share": 1.0}),
    ):
        assert said(made(name, **options), (noise,))[0] == pytest.approx(expected, rel=1e-5)


def predicted_from_vae(predicted):
    """How far reconstruction terms of predicted variance 1/2 lie from those of a VAE: relative."""
    vae = made("vae")
    _, terms, outputs = said(vae, (NOISE,))
    model = made("predicted_sigma_vae", predicted=predicted)
    raw = np.full_like(outputs["logits"], np.log(np.expm1(6 - np.log(2) / 2)) - 6)
    both = {name: ops.convert_to_tensor(value) for name, value in outputs.items()}
    both["logits"] = ops.convert_to_tensor(np.concatenate([outputs["logits"], raw], axis=-1))

    found = model.terms(Batch(images=ops.convert_to_tensor(IMAGES)), both)
    expected = terms["reconstruction"] + 15 * np.log(np.pi)
    return float(np.abs(ops.convert_to_numpy(found["reconstruction"]) / expected - 1).max())


@pytest.mark.parametrize("predicted", ["per_image", "per_pixel"])
def test_a_predicted_variance_of_one_half_makes_a_vae_but_for_a_constant(predicted):
    assert predicted_from_vae(predicted) < SAMPLED_BOUND


WEIGHED = [
    ("dae", {"corruption_level": 0.3}, {"reconstruction": 1}),
    ("sae", {"sparsity": "l1", "sparsity_weight": 0.3}, {"reconstruction": 1, "sparsity": 0.3}),
    ("sae", {"sparsity": "kl", "sparsity_weight": 0.3}, {"reconstruction": 1, "sparsity": 0.3}),
    ("wae_mmd", {"mmd_weight": 7.0}, {"reconstruction": 1, "mmd": 7}),
    ("swae", {"slice_weight": 7.0}, {"reconstruction": 1, "slices": 7}),
    ("cwae", {"cw_weight": 7.0}, {"reconstruction": 1, "log_cw": 7}),
    ("cwae", {"cw_weight": 7.0, "latent_dim": 20}, {"reconstruction": 1, "log_cw": 7}),
    ("info_vae", {"alpha": 0.3, "info_lambda": 5.0}, {"reconstruction": 1, "kl": 0.7, "mmd": 4.3}),
    (
        "beta_tc_vae",
        {"tc_weight": 3.0},
        {"reconstruction": 1, "information": 1, "correlation": 3, "marginals": 1},
    ),
    ("cv_vae", {"beta": 0.2}, {"reconstruction": 1, "kl": 0.2}),
    ("cb_vae", {"beta": 2.0}, {"reconstruction": 1, "kl": 2}),
    ("vamp", {"components": 5, "beta": 2.0}, {"reconstruction": 1, "kl": 2}),
    ("predicted_sigma_vae", {"predicted": "per_pixel"}, {"reconstruction": 1, "kl": 1}),
    ("iwae", {"importance_samples": 3}, {"bound": 1}),
]


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize(("name", "options", "weights"), WEIGHED)
def test_the_loss_is_the_sum_of_its_terms_with_their_weights(name, options, weights, training):
    loss, terms, _ = said(made(name, **options), training=training)
    assert loss == pytest.approx(
        sum(weight * terms[term].mean() for term, weight in weights.items()), rel=2e-5
    )


def test_a_share_of_the_elbo_weighs_it_against_the_bound():
    noise = np.random.default_rng(2).standard_normal((24, 4, SIZE)).astype("float32")
    bound, elbo, mixed = (
        said(made("ciwae", importance_samples=4, elbo_share=share), (noise,))[0] for share in (0.0, 1.0, 0.25)
    )
    assert mixed == pytest.approx(0.25 * elbo + 0.75 * bound, rel=1e-5)
    assert bound < elbo


@pytest.mark.parametrize("name", models.MODELS)
def test_its_own_arithmetic_is_as_precise_as_its_weights_where_layers_are_not(name):
    before = keras.config.dtype_policy()
    try:
        keras.config.set_dtype_policy("mixed_bfloat16")
        model = made(name)
    finally:
        keras.config.set_dtype_policy(before)
    outputs = model(ops.convert_to_tensor(IMAGES), training=True)
    terms = model.terms(Batch(images=ops.convert_to_tensor(IMAGES)), outputs)
    assert {keras.backend.standardize_dtype(each.dtype) for each in terms.values()} == {"float32"}
    assert {layer.compute_dtype for layer in model.encoder.layers} == {"bfloat16"}
