"""At the same weights and noise a matched model of another library has a multiple of our gradient.

Only on torch, as theirs are; `examples/peers.py` says what is matched.
"""

import keras
import pytest

from bench import models
from bench.models.batch import Batch

from .beside import beside, images, library  # noqa: F401

torch = pytest.importorskip("torch", reason="no torch: these models are of PyTorch")
if keras.backend.backend() != "torch":
    pytest.skip("gradients of theirs and ours are compared on torch", allow_module_level=True)

OURS = {
    "vae": ("vae", {"beta": 2.0}),
    "beta_vae": ("vae", {"beta": 4.0}),
    "wae_mmd": ("wae_mmd", {}),
    "beta_tc_vae": ("beta_tc_vae", {}),
    "rae_l2": ("rae", {"decoder_weight": 0.0}),  # pythae leaves it to the optimiser, as a decay
}
SCALES = {
    ("pythae", "vae"): 2,
    ("pythae", "beta_vae"): 2,
    ("pythae", "wae_mmd"): 1,
    ("pythae", "beta_tc_vae"): 2,
    ("pythae", "rae_l2"): 1,
    ("autoencoders", "vae"): 784,
    ("autoencoders", "beta_vae"): 784,
    ("autoencoders", "beta_tc_vae"): 784,
}
"""Ours is so many times theirs. The WAE of `autoencoders` has another kernel, and stands below."""


def heads(model) -> list:
    """The last layers of an encoder, where means and log-variances come out of two."""
    return [model.mean_projection, model.logvar_projection] if hasattr(model, "mean_projection") else []


def linear(part) -> list:
    return [each for each in part.modules() if isinstance(each, torch.nn.Linear)]


def kernels(model, of) -> list:
    """Kernels and biases of an encoder and a decoder, or their gradients, in the shapes of Keras."""
    found = [[of(each.weight).T, of(each.bias)] for each in linear(model.encoder)]
    if pair := heads(model):
        found.append(
            [torch.cat([of(one.weight) for one in pair]).T, torch.cat([of(one.bias) for one in pair])]
        )
    found += [[of(each.weight).T, of(each.bias)] for each in linear(model.decoder)]
    return [each for layer in found for each in layer]


@pytest.mark.parametrize(("where", "name"), SCALES)
def test_the_gradient_of_a_matched_model_is_a_multiple_of_ours_at_the_same_weights_and_noise(where, name):
    theirs, seen = library(where), images()
    model = theirs.build("matched", name)
    known, options = OURS[name]
    ours = models.create(known, image_shape=(28, 28, 1), architecture="dense", latent_dim=16, **options)
    variables = [*ours.encoder.trainable_variables, *ours.decoder.trainable_variables]
    for variable, weights in zip(variables, kernels(model, lambda each: each.detach()), strict=True):
        variable.assign(weights)
    noise = torch.randn(len(seen), 16, generator=torch.Generator().manual_seed(1))

    batch = Batch(seen.reshape(-1, 28, 28, 1))
    draws = () if name == "rae_l2" else (noise,)
    ours.objective(ours.terms(batch, ours.respond(batch, draws, True)), True).backward()

    torch.manual_seed(1)  # both draw so many numbers once, and first
    if where == "pythae":
        model({"data": seen.reshape(-1, 1, 28, 28)}, dataset_size=len(seen)).loss.backward()
    else:
        model(seen, current_epoch=1).loss.backward()
    found = kernels(model, lambda each: each.grad)
    largest = max(float(each.value.grad.abs().max()) for each in variables)
    for variable, gradient in zip(variables, found, strict=True):
        scaled = SCALES[where, name] * gradient
        assert float((scaled - variable.value.grad).abs().max()) < 1e-5 * largest


def test_the_loss_of_pythae_has_no_decay_but_its_optimiser_has_ours_of_the_decoder(tmp_path):
    theirs = library("pythae")
    model = theirs.build("matched", "rae_l2")
    assert model.model_config.reg_weight / 2 == 1e-4  # our decoder_weight: the decay of w is of w^2 / 2


def test_the_kernel_of_a_wae_of_autoencoders_sees_little_of_codes_of_sixteen_numbers():
    """Of N(0, I) against codes three times as wide, and of what ours would say: as a share of its largest."""
    theirs = library("autoencoders")
    model = theirs.build("matched", "wae_mmd")
    from bench.models.parts import divergences

    torch.manual_seed(0)
    prior, other = torch.randn(128, 16), torch.randn(128, 16)
    blind = float(model.compute_mmd_loss(prior, other))
    wide = float(model.compute_mmd_loss(3 * prior, other))
    assert blind > 0.01  # pairs of a code with itself: nothing is nearer than the prior to itself
    assert wide / blind < 2
    assert float(divergences.mmd(3 * prior, other)) > 50 * abs(float(divergences.mmd(prior, other)))
