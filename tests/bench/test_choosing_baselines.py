"""Which baselines stand beside trials: of a grid, of the command line, and of the cards of models."""

import dataclasses
import pathlib

import pytest

from bench import cli, errors
from bench.ask import baseline_cards, baselines, estimate, grid, known
from bench.ask.trial import Baseline, Trial, from_settings
from bench.models import MODELS, ModelCard, catalogue

GRID = """
{}
[[block]]
model = ["ae", "vae"]
architecture = ["dense", "conv"]
widths = ["512-256", "64"]
latent_dim = [2, 8]
"""


def of_grid(folder: pathlib.Path, line: str, block: str = "") -> grid.Grid:
    path = folder / "mine.toml"
    text = GRID.format(line).replace('architecture = ["dense", "conv"]', 'architecture = "dense"')
    path.write_text(text + block)
    return grid.load(str(path))


def names(found: list[Baseline]) -> list[str]:
    return [str(one) for one in found]


def test_a_grid_names_those_that_it_wants_in_the_order_of_their_cards(tmp_path) -> None:
    chosen = of_grid(tmp_path, 'baselines = ["nmf", "mean"]')
    assert names(baselines.beside(chosen.trials("torch"), chosen.baselines)) == [
        "mean",
        "nmf, latent 2",
        "nmf, latent 8",
    ]
    assert of_grid(tmp_path, 'baselines = ["all"]').baselines == tuple(baseline_cards.BASELINES)
    assert of_grid(tmp_path, "baselines = []").baselines == ()
    assert of_grid(tmp_path, "").baselines == ("mean", "pca", "pixels", "linear_vae")


@pytest.mark.parametrize(
    ("line", "said"), [('baselines = ["pac"]', "unknown baseline 'pac'"), ('baselines = "pca"', "a list")]
)
def test_a_grid_with_another_name_is_refused_in_one_line(tmp_path, line: str, said: str) -> None:
    with pytest.raises(errors.GridError, match=said) as refused:
        of_grid(tmp_path, line)
    assert "\n" not in str(refused.value) and "mine.toml" in str(refused.value)


def test_the_command_line_comes_before_the_grid(capsys) -> None:
    assert cli.main(["run", "--dry-run", "--baselines", "mean,ica"]) == 0
    told = capsys.readouterr().out
    assert "ica, latent 8" in told and "pca" not in told and "9 trials and 3 baselines" in told


def test_an_untrained_encoder_stands_beside_each_architecture_with_its_options(tmp_path) -> None:
    found = baselines.beside(of_grid(tmp_path, "").trials("torch"), ["untrained"])
    assert names(found) == [
        f"untrained, latent {size}, architecture dense{widths}"
        for size in (2, 8)
        for widths in ("", ", widths 64")
    ]


def test_every_baseline_is_read_back_as_it_was_written(tmp_path) -> None:
    trials = of_grid(tmp_path, "", "binarize = ['none', 'dynamic']").trials("torch")
    found = baselines.beside(trials, tuple(baseline_cards.BASELINES))
    assert {one.model for one in found} == set(baseline_cards.BASELINES)
    assert [from_settings(one.settings()) for one in found] == found
    assert len({one.key for one in found}) == len(found)
    assert all(estimate.seconds(one) > 0 for one in found)


def test_the_keys_of_older_baselines_stay_as_they_were() -> None:
    settings = {"dataset": "digits", "model": "pca", "latent_dim": 8}
    assert Baseline(dataset="digits", model="pca", latent_dim=8).settings() == settings
    with_beta = Baseline(dataset="digits", model="linear_vae", latent_dim=8, options=(("beta", 1.0),))
    assert with_beta.settings() == {**settings, "model": "linear_vae", "options": {"beta": 1.0}}


@pytest.mark.parametrize(
    "settings",
    [
        {"model": "linear_vae", "latent_dim": None, "options": {"beta": 1.0}},
        {"model": "linear_vae", "latent_dim": 8, "options": {"beta": -1.0}},
        {"model": "linear_vae", "latent_dim": 8, "options": {"variance": "half"}},
        {"model": "pca", "latent_dim": 8, "options": {"beta": 1.0}},
        {"model": "untrained", "latent_dim": 8, "options": {"architecture": "none"}},
    ],
)
def test_settings_that_are_none_are_refused(settings) -> None:
    with pytest.raises(ValueError):
        from_settings({"dataset": "digits", **settings})


def trial(model: str, loss: str = "mse", **options: float) -> Trial:
    common = {"architecture": "dense", "activation": "relu", "optimizer": "adam", "learning_rate": 1e-3}
    size = {"latent_dim": 8, "batch_size": 128, "epochs": 1, "seed": 0}
    return Trial(
        dataset="digits",
        backend="torch",
        model=model,
        loss=loss,
        options=tuple(options.items()),
        **common,
        **size,
    )


def test_the_card_of_a_model_says_which_linear_optimum_is_its(monkeypatch) -> None:
    card = MODELS["vae"]
    for name, linear in (("learned", "fitted"), ("silent", "")):
        other = dataclasses.replace(card, name=name, linear=linear)
        monkeypatch.setitem(MODELS, name, other)
    optimum = baselines.linear_optimum
    assert names(
        [one for one in (optimum(trial("vae", beta=4.0)), optimum(trial("learned", beta=1.0))) if one]
    ) == [
        "linear_vae, latent 8, beta 4",
        "linear_vae, latent 8, beta 1, variance fitted",
    ]
    assert optimum(trial("silent", beta=1.0)) is optimum(trial("ae")) is None
    assert optimum(trial("vae", beta=0.0)) is optimum(trial("vae", loss="bce", beta=1.0)) is None


def test_a_run_keeps_what_a_card_says_of_it() -> None:
    told = known.to_json(["vae", "ae"], ["dense"])
    read = known.from_json(told)
    assert (read.models["vae"].linear, read.models["ae"].linear) == ("fixed", "")
    old = {
        kind: [{k: v for k, v in card.items() if k != "linear"} for card in cards]
        for kind, cards in told.items()
    }
    assert isinstance(card := known.from_json(old).models["vae"], ModelCard) and card.linear == ""


@pytest.mark.parametrize("name", baseline_cards.BASELINES)
def test_each_card_names_a_function_that_is_there(name: str) -> None:
    assert callable(catalogue.find(baseline_cards.BASELINES[name].code))
