import dataclasses
import itertools
import json
import pathlib

import pytest

from bench import errors, statistics
from bench.ask import axes, baselines, grid
from bench.ask.trial import Trial


def write(folder: pathlib.Path, text: str) -> str:
    path = folder / "mine.toml"
    path.write_text(text)
    return str(path)


def trials(name: str, backend: str = "torch") -> list[Trial]:
    return grid.load(name).trials(backend)


def test_quick_has_every_model_and_architecture_with_two_latent_sizes_and_another_beta():
    found = trials("quick")
    assert {(t.model, t.architecture, t.latent_dim) for t in found} == {
        (model, architecture, latent)
        for model in ("ae", "vae")
        for architecture in ("dense", "conv")
        for latent in (2, 8)
    }
    assert {dict(t.options).get("beta") for t in found} == {None, 1.0, 0.25}
    assert {t.dataset for t in found} == {"digits"}


def test_full_is_a_base_and_one_factor_sweeps_around_it():
    found = trials("full")
    assert len(found) == 192
    assert {t.seed for t in found} == {0, 1, 2, 3, 4}
    base = next(t for t in found if t.model == "vae" and t.architecture == "conv" and t.latent_dim == 16)
    settings = {**base.settings(), **base.settings()["options"]}
    expected = dict(latent_dim=16, activation="relu", optimizer="adam", learning_rate=1e-3, loss="mse")
    assert settings == {**settings, **expected, "batch_size": 128, "epochs": 10, "dataset": "fashion_mnist"}
    for trial in found:
        own = {**trial.settings(), **trial.settings()["options"]}
        differing = [name for name in (*expected, "beta") if own.get(name, 1.0) != settings[name]]
        assert len(differing) <= 1
    seen = {name: {getattr(t, name) for t in found} for name in expected}
    assert seen == {
        "latent_dim": {2, 4, 8, 16, 32, 64},
        "activation": {"relu", "gelu", "tanh"},
        "optimizer": {"adam", "rmsprop", "adamw"},
        "learning_rate": {3e-4, 1e-3, 3e-3},
        "loss": {"mse", "bce", "mae"},
    }
    assert {dict(t.options)["beta"] for t in found if t.model == "vae"} == {0.01, 0.05, 0.25, 1.0, 4.0}


def test_stability_is_one_training_each_and_the_same_of_fewer_images():
    found = trials("stability")
    assert len(found) == 156
    assert {t.snapshots for t in found} == {(5, 10, 20, 40)} and {t.epochs for t in found} == {80}
    assert {t.views.get("train_images", 0) for t in found} == {0, 10_000, 2_000, 500}
    assert {t.dataset for t in found} == {"fashion_mnist", "mnist"}
    assert {t.seed for t in found if t.architecture == "conv"} == {0, 1, 2}


def test_tuned_differs_in_the_learning_rate_alone_for_each_network():
    found = trials("tuned")
    assert len(found) == 72
    networks = {(t.model, t.architecture) for t in found}
    assert len(networks) == 6
    for network in networks:
        same = [t for t in found if (t.model, t.architecture) == network]
        assert {t.learning_rate for t in same} == {3e-4, 1e-3, 3e-3, 1e-2}
        assert len({dataclasses.replace(t, learning_rate=1e-3, seed=0) for t in same}) == 1


def test_factorial_is_all_combinations_and_small_enough_for_half_an_hour():
    found = trials("factorial")
    assert len(found) == len(set(found)) == 72
    settings = [{**t.settings(), "options": None, "seed": None} for t in found if t.seed == 0]
    assert statistics.is_factorial(settings)


def test_base_is_what_full_varies():
    base, full = trials("base"), trials("full")
    assert len(base) == 12 and set(base) <= set(full)
    assert {(t.model, t.architecture, t.seed) for t in base} == set(
        itertools.product(("ae", "vae"), ("dense", "conv"), (0, 1, 2))
    )


def test_defaults_hold_options_that_every_model_has(tmp_path):
    text = '[defaults]\nbinarize = "dynamic"\nprecision = "bfloat16"\n[[block]]\nmodel = ["ae", "vae"]\n'
    found = trials(write(tmp_path, text))
    assert {(t.model, t.binarize, t.precision) for t in found} == {
        ("ae", "dynamic", "bfloat16"),
        ("vae", "dynamic", "bfloat16"),
    }


def test_a_block_is_a_product_and_repeats_count_once(tmp_path):
    name = write(
        tmp_path,
        'defaults = {epochs = 3}\n[[block]]\nmodel = ["ae", "vae"]\nlatent_dim = [2, 4]\n'
        '[[block]]\nmodel = "vae"\nbeta = [1, 2]\nlatent_dim = 2\n',
    )
    found = trials(name)
    assert [(t.model, t.latent_dim, dict(t.options).get("beta")) for t in found] == [
        ("ae", 2, None),
        ("ae", 4, None),
        ("vae", 2, 1.0),
        ("vae", 4, 1.0),
        ("vae", 2, 2.0),
    ]
    assert {t.epochs for t in found} == {3}
    assert {t.dataset for t in found} == {"digits"}


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        (
            '[[block]]\nmodel = "ae"\n[[block]]\nmodel = "ae"\nactivation = "rleu"',
            ["block 2", "'rleu'", "relu"],
        ),
        ('[[block]]\nmodel = "ae"\nbeta = 2', ["block 1", "'ae' does not take 'beta'", "takes precision"]),
        ('[[block]]\nmodel = ["vae", "ae"]\nbeta = 2', ["'ae' does not take 'beta'"]),
        ('[[block]]\nmodel = "gan"', ["unknown model 'gan'", "ae, vae"]),
        ('[[block]]\nmodel = "ae"\nwidth = 3', ["unknown axis 'width'", "latent_dim"]),
        (
            '[[block]]\nmodel = "ae"\nbinarize = "static"',
            ["unknown binarize 'static'", "dynamic, dynamic-42, dynamic-777, none"],
        ),
        ('[[block]]\nmodel = "ae"\nlatent_dim = 0', ["latent_dim takes a whole number, 1 or more", "not 0"]),
        ('[[block]]\nmodel = "ae"\nlatent_dim = 2.5', ["latent_dim", "2.5"]),
        ('[[block]]\nmodel = "ae"\nlatent_dim = "two"', ["latent_dim", "'two'"]),
        ('[[block]]\nmodel = "ae"\nlatent_dim = true', ["latent_dim", "True"]),
        ('[[block]]\nmodel = "ae"\nlearning_rate = 0', ["learning_rate takes a number above 0", "not 0"]),
        ('[[block]]\nmodel = "ae"\nlearning_rate = nan', ["learning_rate", "nan"]),
        ('[[block]]\nmodel = "ae"\nlatent_dim = inf', ["latent_dim", "inf"]),
        ('[[block]]\nmodel = "ae"\nlatent_dim = []', ["latent_dim is an empty list"]),
        ('[[block]]\nmodel = "ae"\noptimizer = {name = "adam"}', ["unknown optimizer", "adam"]),
        ('[[block]]\nmodel = "ae"\nepochs = [[1]]', ["epochs takes", "[1]"]),
        ('[[block]]\nmodel = "ae"\ndataset = "nothing"', ["'nothing'", "digits"]),
        ('[[block]]\nmodel = "ae"\ndataset = 3', ["dataset takes a name or a path", "3"]),
        ('[[block]]\nmodel = "ae"\nbackend = "jax"', ["unknown axis 'backend'"]),
        ("[[block]]\nlatent_dim = 2", ["a block needs a model", "ae, vae"]),
        ("[defaults]\nepochs = 3", ["at least one [[block]]"]),
        ("block = 3", ["at least one [[block]]"]),
        ('[defaults]\nbeta = 3\n[[block]]\nmodel = "vae"', ["[defaults]", "'beta'"]),
        ('default = {}\n[[block]]\nmodel = "vae"', ["unknown key 'default'", "defaults"]),
        ("this is = = no toml", ["cannot be read as TOML"]),
    ],
)
def test_a_wrong_grid_gets_one_line_that_names_file_block_value_and_known_values(text, phrases, tmp_path):
    with pytest.raises(errors.GridError) as caught:
        grid.load(write(tmp_path, text))
    message = str(caught.value)
    assert message.startswith("grid mine.toml")
    assert "\n" not in message
    for phrase in phrases:
        assert phrase in message


def test_an_unknown_grid_gets_the_names_of_the_known_ones():
    with pytest.raises(
        errors.GridError,
        match=r"base, factorial, families-once, families, full, quick, stability, tour, tuned, one of "
        r".* existing .*'qick'",
    ):
        grid.load("qick")


def test_set_replaces_an_axis_in_every_block_whose_model_has_it():
    changed = grid.replace(grid.load("quick"), {"latent_dim": [5], "beta": [3.0]}).trials("torch")
    assert {t.latent_dim for t in changed} == {5}
    assert {dict(t.options)["beta"] for t in changed if t.model == "vae"} == {3.0}
    assert len(changed) == 4


def test_set_of_the_model_keeps_what_both_models_have():
    changed = grid.replace(grid.load("quick"), {"model": ["ae"]}).trials("torch")
    dense = (("precision", "float32"), ("widths", "512-256"))
    assert {(t.model, t.options) for t in changed} == {
        ("ae", (("binarize", "none"), ("initial_weights", "glorot"), *dense)),
        ("ae", (("binarize", "none"), ("filters", "16-32"), ("precision", "float32"))),
    }
    assert {t.latent_dim for t in changed} == {2, 8}
    assert len(changed) == 4


def test_values_of_an_axis_that_is_named_twice_are_joined():
    assert grid.parse_choices(["latent_dim=2", "latent_dim=8"]) == {"latent_dim": [2, 8]}


def test_the_same_folder_spelled_differently_is_the_same_data_set(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pics").mkdir()
    (tmp_path / "digits").mkdir()
    spelled = [axes.COMMON["dataset"].check(name) for name in ("pics", "pics/", "./pics", "x/../pics")[:3]]
    assert spelled == ["pics"] * 3
    assert axes.COMMON["dataset"].check("./digits") == "./digits"


def test_set_of_an_axis_that_no_model_has_is_an_error(tmp_path):
    only_ae = grid.load(write(tmp_path, '[[block]]\nmodel = "ae"'))
    with pytest.raises(errors.GridError, match="no model or architecture of grid mine takes it"):
        grid.replace(only_ae, {"beta": [2.0]})


def test_only_keeps_what_has_one_of_the_values_on_every_named_axis():
    kept = grid.narrow(trials("quick"), {"latent_dim": [2], "architecture": ["conv"]})
    assert [(t.model, t.latent_dim, t.architecture) for t in kept] == [("ae", 2, "conv"), ("vae", 2, "conv")]
    assert all(t.model == "vae" for t in grid.narrow(trials("quick"), {"beta": [0.25, 1.0]}))


@pytest.mark.parametrize(
    ("wanted", "phrase"),
    [
        ({"latent_dim": [3]}, "latent_dim=3: the grid has no such trial; it has 2, 8"),
        ({"beta": [9.0]}, "it has 0.25, 1.0"),
        ({"beta": [0.25], "architecture": ["conv"]}, "no trial of the grid has all of these at once"),
    ],
)
def test_only_with_a_value_that_no_trial_has_lists_what_there_is(wanted, phrase):
    with pytest.raises(errors.GridError, match=phrase):
        grid.narrow(trials("quick"), wanted)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("latent=2", "unknown axis 'latent'.*latent_dim"),
        ("latent_dim", "expected latent_dim=VALUE"),
        ("latent_dim=", "expected latent_dim=VALUE"),
        ("latent_dim=2,x", "latent_dim takes a whole number.*'x'"),
        ("latent_dim=2,", "latent_dim takes a whole number"),
        ("epochs=1.5e0", "'1.5e0'|1.5"),
        ("epochs=\u0663", "epochs takes a whole number"),
        ("learning_rate=inf", "learning_rate"),
    ],
)
def test_a_wrong_choice_on_the_command_line_gets_one_line(text, phrase):
    with pytest.raises(errors.GridError, match=phrase):
        grid.parse_choice(text)


def test_choices_are_parsed_in_the_type_of_their_axis():
    assert grid.parse_choice("latent_dim=2, 4") == ("latent_dim", [2, 4])
    assert grid.parse_choice("learning_rate=1e-3,3e-4") == ("learning_rate", [1e-3, 3e-4])
    assert grid.parse_choice("beta=4") == ("beta", [4.0])
    assert grid.parse_choice("epochs = 1e1") == ("epochs", [10])


def test_the_home_folder_does_not_get_into_a_trial(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    assert axes.COMMON["dataset"].check(str(tmp_path / "data")) == "~/data"


def test_binarised_images_get_baselines_of_their_own_with_their_latent_sizes():
    changed = grid.replace(grid.load("quick"), {"binarize": ["none", "dynamic"]}).trials("torch")
    chosen = [t for t in changed if t.binarize == "none" or t.latent_dim == 2]
    assert [str(baseline) for baseline in baselines.beside(chosen)] == [
        *("mean", "pca, latent 2", "pca, latent 8", "pixels"),
        *(f"linear_vae, latent {size}, beta {beta}" for size, beta in ((2, "1"), (8, "1"), (8, "0.25"))),
        *("mean, binarize dynamic", "pca, latent 2, binarize dynamic", "pixels, binarize dynamic"),
        "linear_vae, latent 2, beta 1, binarize dynamic",
    ]


def test_each_data_set_gets_its_baselines_with_the_latent_sizes_of_the_grid():
    assert [str(baseline) for baseline in baselines.beside(trials("quick"))] == [
        "mean",
        "pca, latent 2",
        "pca, latent 8",
        "pixels",
        "linear_vae, latent 2, beta 1",
        "linear_vae, latent 8, beta 1",
        "linear_vae, latent 8, beta 0.25",
    ]


@pytest.mark.parametrize(
    ("name", "backends", "folder"),
    [
        ("quick", ["torch"], "quick-digits"),
        ("full", ["jax"], "full-fashion-mnist-jax"),
        ("quick", ["torch", "jax"], "quick-digits-torch-jax"),
    ],
)
def test_the_default_folder_is_named_after_grid_data_set_and_other_backends(name, backends, folder):
    loaded = grid.load(name)
    assert grid.default_folder_name(loaded, loaded.trials(backends[0]), backends) == folder


def test_options_of_an_architecture_are_axes_of_its_trials_alone(tmp_path):
    path = write(tmp_path, '[[block]]\nmodel = "ae"\narchitecture = "dense"\nwidths = ["64", "32-16"]')
    found = grid.load(path).trials("torch")
    usual = {"initial_weights": "glorot"}
    assert [trial.architecture_options for trial in found] == [
        {"widths": "64", **usual},
        {"widths": "32-16", **usual},
    ]
    both = write(tmp_path, '[[block]]\nmodel = "ae"\narchitecture = ["dense", "conv"]\nwidths = "64"')
    with pytest.raises(errors.GridError, match="architecture 'conv' does not take 'widths'; it takes"):
        grid.load(both)


def test_set_of_an_option_changes_the_networks_that_have_it_and_repeats_no_other(tmp_path):
    loaded = grid.load(write(tmp_path, '[[block]]\nmodel = "ae"\narchitecture = ["dense", "conv"]'))
    found = grid.replace(loaded, dict([grid.parse_choice("widths=64,32")])).trials("torch")
    assert [(trial.architecture, *trial.architecture_options.values()) for trial in found] == [
        ("dense", "glorot", "64"),
        ("dense", "glorot", "32"),
        ("conv", "16-32"),
    ]


@pytest.mark.parametrize("value", ["", "0", "64-", "-64", "1e2", "6,4", "512_256", 2.5, True, "9" * 9])
def test_sizes_are_whole_numbers_above_0_joined_by_a_dash(tmp_path, value):
    with pytest.raises(errors.GridError, match="widths takes sizes such as 512-256, not"):
        grid.load(write(tmp_path, f'[[block]]\nmodel = "ae"\nwidths = {json.dumps(value)}'))


def test_an_architecture_without_an_activation_says_so_and_has_none_by_default(tmp_path):
    (found,) = grid.load(write(tmp_path, '[[block]]\nmodel = "vae"\narchitecture = "gated"')).trials("torch")
    assert found.activation == "linear"
    path = write(tmp_path, '[[block]]\nmodel = "vae"\narchitecture = "gated"\nactivation = "tanh"')
    with pytest.raises(errors.GridError, match="expected activation=linear, received tanh"):
        grid.load(path).trials("torch")
