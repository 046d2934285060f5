import dataclasses
import json

from bench.ask import grid
from bench.ask.trial import Baseline, Trial, canonical_json, from_settings
from bench.ask.trial_names import names

BASE = Trial(
    dataset="digits",
    backend="torch",
    model="vae",
    architecture="dense",
    latent_dim=16,
    activation="relu",
    loss="mse",
    optimizer="adam",
    learning_rate=1e-3,
    batch_size=128,
    epochs=10,
    seed=0,
    options=(
        ("beta", 1.0),
        ("binarize", "none"),
        ("initial_weights", "glorot"),
        ("kl_estimate", "closed"),
        ("kl_warmup", 0),
        ("precision", "float32"),
        ("samples", 1),
        ("scale_head", "exp"),
        ("widths", "512-256"),
    ),
)


def test_a_key_does_not_change_from_one_version_of_the_program_to_the_next_of_the_same_protocol():
    assert BASE.key == "e2caf3d85887"
    assert dataclasses.replace(BASE, protocol=3).key == "ecc0b6a3cb6b"


def test_every_setting_changes_the_key():
    changes = {
        "dataset": "mnist",
        "backend": "jax",
        "model": "ae",
        "architecture": "conv",
        "latent_dim": 2,
        "activation": "tanh",
        "loss": "bce",
        "optimizer": "sgd",
        "learning_rate": 0.1,
        "batch_size": 1,
        "epochs": 1,
        "seed": 1,
        "options": (("beta", 4.0), ("kl_warmup", 0)),
    }
    assert set(changes) == {field.name for field in dataclasses.fields(Trial) if field.compare}
    no_options = {"options": ()}  # another network has others
    keys = {
        dataclasses.replace(
            BASE, **{**(no_options if name in ("model", "architecture") else {}), name: value}
        ).key
        for name, value in changes.items()
    }
    assert len(keys | {BASE.key}) == len(changes) + 1


def test_an_option_at_its_default_does_not_change_the_key():
    assert dataclasses.replace(BASE, options=()).key == BASE.key


def test_another_precision_is_another_trial_and_is_told():
    rough = dataclasses.replace(BASE, options=(("precision", "bfloat16"),))
    assert rough.key != BASE.key
    assert (BASE.precision, rough.precision) == ("float32", "bfloat16")
    assert "precision bfloat16" in str(rough)
    assert "precision" not in str(BASE)


def test_binarised_images_make_another_trial_and_another_baseline_and_are_told():
    drawn = dataclasses.replace(BASE, options=(("binarize", "dynamic"),))
    assert drawn.key != BASE.key
    assert (BASE.binarize, drawn.binarize) == ("none", "dynamic")
    assert "binarize dynamic" in str(drawn)
    assert "binarize" not in str(BASE)
    assert drawn.model_options == {}
    pca = Baseline(dataset="digits", model="pca", latent_dim=2)
    drawn_pca = dataclasses.replace(pca, options=(("binarize", "dynamic"),))
    assert (pca.binarize, drawn_pca.binarize) == ("none", "dynamic")
    assert (str(pca), str(drawn_pca)) == ("pca, latent 2", "pca, latent 2, binarize dynamic")
    assert drawn_pca.key != pca.key == "e8467b7b1b1e"


def test_what_was_stored_before_an_option_existed_is_the_same_trial():
    assert from_settings({**BASE.settings(), "options": {"beta": 1.0, "kl_warmup": 0}}) == BASE


def test_trials_and_baselines_survive_the_way_through_json():
    pca = Baseline(dataset="digits", model="pca", latent_dim=2)
    for unit in (BASE, pca, dataclasses.replace(pca, options=(("binarize", "dynamic"),))):
        assert from_settings(json.loads(canonical_json(unit.settings()))) == unit


def test_names_hold_what_tells_trials_apart_and_no_more():
    trials = grid.load("quick").trials("torch")
    shown = names(trials)
    assert len(set(shown.values())) == len(trials)
    assert "learning rate" not in " ".join(shown.values())
    assert "beta 0.25" in shown[trials[-1].key]
