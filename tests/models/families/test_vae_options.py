"""The head of a VAE, its estimate of the KL term and its codes of each image."""

import numpy as np
import pytest
import scipy.special
from keras import ops

from bench import models
from bench.ask import blocks
from bench.models.distributions import kl_to_prior
from tests.conftest import BACKEND

from .conftest import IMAGES, NOISE, SIZE, arrays, made, said, sampled_vae

DRAWS = 4000


def test_options_at_their_default_change_neither_the_loss_nor_the_file_of_a_vae():
    plain, told = made("vae"), made("vae", scale_head="exp", kl_estimate="closed", samples=1)
    assert said(plain, (NOISE,))[0] == said(told, (NOISE,))[0]
    assert plain.get_config() | {"name": ""} == told.get_config() | {"name": ""}
    assert not {"scale_head", "kl_estimate", "samples"} & plain.get_config().keys()


def test_options_at_their_default_stand_in_no_table_and_others_do():
    def options(**chosen):
        block = {"model": ["vae"], "dataset": ["digits"], **{name: [each] for name, each in chosen.items()}}
        (trial,) = blocks.expand(blocks.checked(block), BACKEND)
        return trial.settings()["options"]

    assert options() == {"precision": "float32", "binarize": "none", "beta": 1.0, "kl_warmup": 0}
    others = {"samples": 5, "scale_head": "softplus", "kl_estimate": "sampled"}
    assert options(**others).items() >= others.items()


@pytest.mark.parametrize("name", ["vae", "iwae", "vamp"])
def test_a_softplus_is_the_deviation_wherever_the_posterior_is_asked_for(name, tmp_path):
    model = made(name, scale_head="softplus")
    kernel = model.encoder.trainable_variables[-2]
    kernel.assign(20 * ops.convert_to_numpy(kernel))  # deviations from nearly 0 to far above 1
    raw = ops.convert_to_numpy(model.encoder(IMAGES)).astype(float)[:, SIZE:]
    expected = np.logaddexp(0.0, raw)
    assert expected.min() < 0.1 and expected.max() > 3

    found = model.posterior(IMAGES)
    np.testing.assert_allclose(np.exp(found.log_variance / 2), expected, rtol=1e-4)
    trained = arrays(dict(zip("ml", model.gaussian(ops.convert_to_tensor(IMAGES)), strict=True)))
    np.testing.assert_allclose(found.log_variance, trained["l"], rtol=1e-6, atol=1e-6)

    model.save(tmp_path / "model.keras")
    again = models.load(tmp_path / "model.keras").posterior(IMAGES)
    np.testing.assert_array_equal(again.log_variance, found.log_variance)


def test_the_kl_of_a_softplus_is_that_of_its_posterior():
    model = made("vae", scale_head="softplus")
    posterior = model.posterior(IMAGES)
    expected = kl_to_prior(posterior.mean, posterior.log_variance).sum(axis=1)
    np.testing.assert_allclose(said(model, (NOISE,))[1]["kl"], expected, rtol=1e-4)


def test_a_softplus_of_a_large_negative_number_is_finite_and_has_a_gradient_before():
    model = made("vae", scale_head="softplus")
    bias = model.encoder.trainable_variables[-1]
    for value, expected in ((-60.0, -120.0), (-500.0, -160.0), (60.0, 2 * np.log(60.0))):
        bias.assign(np.repeat([0.0, value], SIZE).astype("float32"))
        model.encoder.trainable_variables[-2].assign(np.zeros((256, 2 * SIZE), "float32"))
        np.testing.assert_allclose(model.posterior(IMAGES[:1]).log_variance, expected, rtol=1e-4)


def test_a_sampled_kl_is_the_log_ratio_of_the_codes_in_training_and_in_validation():
    reconstruction, kl = sampled_vae()
    for training in (False, True):
        loss, terms, _ = said(made("vae", kl_estimate="sampled", beta=2.0), (NOISE,), training)
        np.testing.assert_allclose(terms["kl"], kl, rtol=1e-4, atol=1e-5)
        assert loss == pytest.approx((reconstruction + 2 * kl).mean(), rel=1e-5)


@pytest.mark.parametrize("scale_head", ["exp", "softplus"])
def test_the_mean_of_many_sampled_kls_is_the_closed_form(scale_head):
    image = np.repeat(IMAGES[:1], DRAWS, axis=0)
    noise = np.random.default_rng(3).standard_normal((DRAWS, SIZE)).astype("float32")
    (closed,) = said(made("vae", scale_head=scale_head), (NOISE[:1],), images=IMAGES[:1])[1]["kl"]
    drawn = said(made("vae", scale_head=scale_head, kl_estimate="sampled"), (noise,), images=image)[1]["kl"]
    assert drawn.std() > 0.1
    assert abs(drawn.mean() - closed) < 4 * drawn.std() / np.sqrt(DRAWS)


@pytest.mark.parametrize("kl_estimate", ["closed", "sampled"])
def test_several_codes_are_the_mean_of_vaes_of_one(kl_estimate):
    noise = np.random.default_rng(2).standard_normal((len(IMAGES), 5, SIZE)).astype("float32")
    one = made("vae", kl_estimate=kl_estimate, kl_warmup=10)
    parts = [said(one, (noise[:, code],)) for code in range(5)]
    loss, terms, _ = said(made("vae", kl_estimate=kl_estimate, samples=5), (noise.reshape(-1, SIZE),))
    assert loss == pytest.approx(np.mean([part[0] for part in parts]), rel=1e-5)
    for name in ("reconstruction", "kl"):
        expected = np.mean([part[1][name] for part in parts], axis=0)
        np.testing.assert_allclose(terms[name], expected, rtol=1e-4)
    assert terms["kl"].shape == (len(IMAGES),)


def test_several_codes_of_a_vae_are_those_of_miwae_with_bounds_of_one():
    noise = np.random.default_rng(2).standard_normal((len(IMAGES), 6, SIZE)).astype("float32")
    expected = said(made("miwae", importance_samples=1, bounds=6), (noise,))[0]
    found = said(made("vae", kl_estimate="sampled", samples=6), (noise.reshape(-1, SIZE),))[0]
    assert found == pytest.approx(expected, rel=1e-5)


def test_several_codes_are_drawn_for_each_image():
    model = made("vae", samples=5)
    (drawn,) = model.draw(7)
    found = arrays({"noise": drawn})["noise"]
    assert found.shape == (35, SIZE)
    assert len(np.unique(found.round(6))) == found.size
    assert scipy.special.ndtr(found).std() == pytest.approx(np.sqrt(1 / 12), abs=0.06)


def test_a_model_with_terms_of_its_own_takes_one_code():
    with pytest.raises(ValueError, match="expected samples=1 of SigmaVAE, received 5"):
        made("sigma_vae", samples=5)


def test_logits_of_a_continuous_bernoulli_stay_below_their_bound():
    """Without one the density of a pixel of exactly 0, which is the size of its logit, has no end."""
    bounded, bare = made("cb_vae", loss="bce", logit_bound=16.0), made("cb_vae", loss="bce", logit_bound=0)
    assert len(bounded.trainable_variables) == len(bare.trainable_variables)
    codes = 1000 * np.random.default_rng(1).standard_normal((8, bare.code_size)).astype("float32")
    logits, own = bounded._logits(codes), bare._logits(codes)
    assert np.abs(logits).max() <= 16 < np.abs(own).max()
    np.testing.assert_allclose(logits, 16 * np.tanh(own / 16), rtol=1e-5, atol=1e-5)
