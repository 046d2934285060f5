"""What docs/peers.md says of pythae and `autoencoders`, seen in the installed packages."""

import importlib
import sys

import numpy as np
import pytest

from bench import datasets
from tests.conftest import REPOSITORY

torch = pytest.importorskip("torch", reason="no torch: these models are of PyTorch")


@pytest.fixture(autouse=True)
def beside(monkeypatch):
    monkeypatch.setattr(sys, "path", [*sys.path, str(REPOSITORY / "examples")])
    torch.manual_seed(0)


@pytest.fixture
def pythae():
    pytest.importorskip("pythae.models", reason="no pythae: tox -e peers")
    return importlib.import_module("peers_pythae")


@pytest.fixture
def autoencoders():
    pytest.importorskip("autoencoders", reason="no package autoencoders: tox -e peers")
    return importlib.import_module("peers_autoencoders")


def images(count: int = 64):
    digits = datasets.load_once("digits")
    return torch.from_numpy(np.asarray(digits.train.images[:count])).flatten(1)


def test_the_default_weight_of_the_kl_in_autoencoders_is_784_in_our_convention_and_3136_of_its_beta_vae(
    autoencoders,
):
    for name, ours in (("vae", 784), ("beta_vae", 4 * 784)):
        model = autoencoders.build("own", name)
        assert 784 * model.config.kl_weight == ours and model.config.free_bits == 0.02


def test_the_default_warmup_of_a_beta_tc_vae_of_autoencoders_changes_nothing(autoencoders):
    model = autoencoders.build("own", "beta_tc_vae")
    assert model.config.kl_warmup_epochs == 20
    losses = []
    for epoch in (1, 20):
        torch.manual_seed(1)
        losses.append(model(images(), current_epoch=epoch).loss.item())
    assert losses[0] == losses[1]


def test_a_vae_of_autoencoders_has_two_layers_that_it_does_not_use(autoencoders):
    model = autoencoders.build("matched", "vae")
    model(images(), current_epoch=1).loss.backward()
    idle = {name: each.numel() for name, each in model.named_parameters() if each.grad is None}
    assert {name.split(".")[0] for name in idle} == {
        "encoder_to_core_projection",
        "core_to_decoder_projection",
    }
    assert sum(idle.values()) == 8464


def test_a_vq_vae_of_autoencoders_takes_no_codes_of_one_vector(autoencoders):
    model, config = autoencoders.MODELS["vq_vae"]
    with pytest.raises(ValueError, match="rank >= 2"):
        model(
            config=config(latent_dim=16),
            sample_spec=autoencoders.TensorSpec(shape=(784,)),
            encoder="mlp",
            encoder_config={"hidden_dims": [32]},
        )


def test_autoencoders_chooses_its_epoch_by_codes_that_are_not_drawn(autoencoders):
    model = autoencoders.build("matched", "vae").eval()
    losses = {model(images()).loss.item() for _ in range(2)}
    assert len(losses) == 1 and model.config.use_mean_in_eval


def test_a_rae_of_pythae_goes_back_through_its_loss_twice_a_step(pythae, tmp_path, monkeypatch):
    counted, own = [], torch.Tensor.backward
    monkeypatch.setattr(
        torch.Tensor, "backward", lambda self, **how: (counted.append(1), own(self, **how))[1]
    )
    for name, each_step in (("vae", 1), ("rae_l2", 2)):
        counted.clear()
        asked = {"per_device_train_batch_size": 32, "num_epochs": 1}
        pythae.fit(pythae.build("own", name), asked, images(), images(32), tmp_path, 0)
        assert len(counted) == 2 * each_step  # two batches


def test_the_quantiser_of_this_pythae_takes_means_over_a_batch_where_its_later_code_takes_sums(pythae):
    model = pythae.build("own", "vq_vae")
    codes = torch.randn(8, 1, 16, 1)
    assert model.quantizer(codes).loss.item() == pytest.approx(
        model.quantizer(torch.cat([codes, codes])).loss.item(), rel=1e-5
    )
