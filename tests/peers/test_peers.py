"""What examples/peers.py trains: matched models minimise what ours do, and each can be measured."""

import importlib
import itertools

import numpy as np
import pytest

from bench import models
from bench.ask import grid

from .beside import beside, images, library  # noqa: F401

torch = pytest.importorskip("torch", reason="no torch: these models are of PyTorch")
LIBRARIES = ("pythae", "autoencoders")
NAMES = ("vae", "beta_vae", "wae_mmd", "beta_tc_vae", "rae_l2", "vq_vae")
OURS = {"vae": 2.0, "beta_vae": 4.0}  # and the weight of their KL, in our convention


@torch.no_grad()
def loss(where: str, model, seen) -> float:
    """Of a library, as in validation."""
    model.eval()
    torch.manual_seed(1)  # of the noise
    if where == "pythae":
        return float(model({"data": seen.reshape(-1, 1, 28, 28)}, dataset_size=len(seen)).loss)
    return float(model(seen, sample_posterior=True).loss)


@torch.no_grad()
@pytest.mark.parametrize("where", LIBRARIES)
@pytest.mark.parametrize("name", OURS)
def test_the_loss_of_a_matched_vae_is_a_multiple_of_the_squared_error_and_beta_times_the_kl(where, name):
    theirs = library(where)
    model, seen = theirs.build("matched", name), images()
    found = loss(where, model, seen)
    mean, log_variance = theirs.encoded(model, name, seen)
    torch.manual_seed(1)
    codes = mean + (0.5 * log_variance).exp() * torch.randn_like(mean)
    squares = (theirs.decoded(model, name, codes) - seen).square().sum(dim=1)
    kl = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(dim=1)
    ours = float((squares + OURS[name] * kl).mean())
    assert found * {"pythae": 2, "autoencoders": 784}[where] == pytest.approx(ours, rel=1e-5)


def test_both_libraries_have_one_total_correlation_but_for_a_constant_of_the_number_of_images():
    ours, seen = [], images()
    for where, factor in (("pythae", 2), ("autoencoders", 784)):
        theirs = library(where)
        model = theirs.build("matched", "beta_tc_vae")
        for weights in model.parameters():  # so that both give every image the same Gaussian and picture
            torch.nn.init.zeros_(weights)
        ours.append(factor * loss(where, model, seen))
    count, size, correlation = len(seen), 16, 4.0
    # pythae divides the mixture by the number of images, too: once in log q(z), and once a dimension.
    constant = np.log(count) - correlation * (1 - size) * np.log(count) - size * np.log(count)
    assert ours[0] - ours[1] == pytest.approx(constant, rel=1e-4)


@pytest.mark.parametrize("where", LIBRARIES)
def test_a_matched_network_has_as_many_weights_as_ours(where):
    theirs = library(where)
    for name, ours in (("vae", "vae"), ("wae_mmd", "wae_mmd"), ("beta_tc_vae", "beta_tc_vae")):
        model = models.create(ours, image_shape=(28, 28, 1), architecture="dense", latent_dim=16)
        weights = sum(int(np.prod(each.shape)) for each in model.trainable_variables)
        assert theirs.trained(theirs.build("matched", name)) == weights


@pytest.mark.parametrize(
    ("where", "settings", "name"), list(itertools.product(LIBRARIES, ("own", "matched"), NAMES))
)
def test_each_model_is_trained_by_its_own_trainer_and_gives_codes_and_images(where, settings, name, tmp_path):
    theirs = library(where)
    if name not in theirs.MODELS:
        assert (where, name) == ("autoencoders", "rae_l2"), "it has no RAE"
        return
    model, seen = theirs.build(settings, name), images()
    before = [each.clone() for each in model.parameters()]
    theirs.fit(model, {**theirs.TRAINING[settings], theirs.EPOCHS: 1}, seen, seen[:32], tmp_path, 0)
    model.eval()
    assert any(bool((one != other).any()) for one, other in zip(before, model.parameters(), strict=True))
    with torch.no_grad():
        found = theirs.encoded(model, name, seen)
        codes = found[0] if theirs.is_variational(name) else found
        pictures = theirs.decoded(model, name, codes)
    assert codes.shape == (64, 16) and pictures.shape == (64, 784)
    assert float(pictures.min()) >= 0 and float(pictures.max()) <= 1


def test_ours_are_those_of_the_grid_and_trained_as_what_is_published():
    ours = importlib.import_module("peers_ours")
    trials = grid.load(str(ours.GRID)).trials("torch")
    assert {ours.trial(name, seed) for name in ours.MODELS for seed in range(3)} == set(trials)
    assert set(grid.load(str(ours.GRID.with_name("peers.toml"))).trials("torch")) < set(trials)
