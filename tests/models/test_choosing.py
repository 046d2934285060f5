"""A model of a run folder, by a few words."""

import json
import pathlib

import pytest

from bench import models
from bench.ask import axes, grid
from bench.models import choosing
from tests.conftest import REPOSITORY

AE = {"model": "ae", "architecture": "dense", "latent_dim": 4, "dataset": "digits", "loss": "mse", "seed": 0}
VAE = {**AE, "model": "vae", "options": {"beta": 1.0}}
TRIALS = (  # settings, validation loss, validation MSE, test MSE, whether the model was saved
    (AE, 9.0, 0.09, 0.01, False),
    ({**AE, "seed": 1}, 8.0, 0.08, 0.09, True),
    ({**AE, "architecture": "conv"}, 8.5, 0.05, 0.09, True),
    (VAE, 12.0, 0.12, 0.12, True),
    ({**VAE, "options": {"beta": 4.0}}, 11.0, 0.2, 0.2, True),
    ({**VAE, "latent_dim": 2}, 14.0, 0.14, 0.14, False),
)


def key(place: int) -> str:
    return f"{place:012x}"


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> pathlib.Path:
    """A run folder, as far as it is looked at; each model says in its seed which trial it is of."""
    folder = tmp_path_factory.mktemp("runs") / "run"
    for place, (settings, loss, mse, test, is_saved) in enumerate(TRIALS):
        trial = folder / "trials" / key(place)
        trial.mkdir(parents=True)
        measures = {"validation_loss": loss, "validation_mse": mse, "test_mse": test}
        result = {"settings": settings, "status": "ok", "measures": measures}
        (trial / "result.json").write_text(json.dumps(result))
        if is_saved:
            made = models.create(settings["model"], image_shape=(8, 8, 1), latent_dim=4, seed=place)
            made.save(trial / "model.keras")
    record = {"units": [settings for settings, *_ in TRIALS], "coders": {"my-vae": {}, "my AE 2": {}}}
    (folder / "run.json").write_text(json.dumps(record))
    for name, content in (("0" * 11 + "a", "{"), ("odd", json.dumps({"settings": 3})), ("x", "[]")):
        (folder / "trials" / name).mkdir()
        (folder / "trials" / name / "result.json").write_text(content)
    return folder


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("", 1),  # of the objective of an AE the lowest loss, whose error is below that of every VAE
        ("best", 1),
        ("best ae dense", 1),
        ("best conv", 2),
        ("best vae", 3),  # losses of several beta do not compare: the lowest error of the best of each
        ("Best VAE, latent 4, \N{GREEK SMALL LETTER BETA} 4", 4),
        ("beta=4.0", 4),
        ("vae seed=0 latent 4 beta 1", 3),
        (key(4), 4),
        ("best digits", 1),
    ],
)
def test_words_choose_by_validation_images(run, words, place):
    assert models.load(run, words).seed == place


@pytest.mark.parametrize(
    ("words", "phrases"),
    [
        ("best vae latent 2", (f"is trial {key(5)} (vae dense latent 2", "not saved", "saved are ae dense")),
        (key(0), (f"is trial {key(0)}", "--save-models all")),
        ("best sigma_vae", ("no trial has 'sigma_vae'",)),
        ("latent 99", ("no trial has 'latent_dim 99'", "saved are")),
        ("conv latent 2", ("no trial is 'conv latent 2', though",)),
        ("best my-vae", ("'my-vae' is an external coder, whose model is not kept here",)),
        ("my AE 2", ("'my AE 2' is an external coder",)),
        ("best by test_mse", ("validation images alone", "leave out by")),
        ("fffffffffff0", ("no trial has 'fffffffffff0'",)),
    ],
)
def test_what_is_not_there_is_said_in_one_line_with_what_is(run, words, phrases):
    with pytest.raises(ValueError, match="run: ") as caught:
        models.load(run, words)
    assert "\n" not in str(caught.value)
    assert all(phrase in str(caught.value) for phrase in phrases), caught.value


def test_what_chose_among_several_is_told(run):
    folder = pathlib.Path(run)
    assert choosing.choose(folder, key(4))[1] == ""
    assert choosing.choose(folder, "best ae")[1] == "lowest validation loss"
    assert choosing.choose(folder, "best vae")[1] == "lowest MSE on validation images"


def test_a_folder_without_models_is_named(tmp_path):
    with pytest.raises(ValueError, match="is a published run, which has no models"):
        models.load(REPOSITORY / "reports" / "full-fashion-mnist", "best")
    with pytest.raises(ValueError, match="expected a run folder with finished trials"):
        models.load(tmp_path)


def test_several_data_sets_are_told_apart_by_words(tmp_path):
    for place, name in enumerate(("digits", "mnist")):
        trial = tmp_path / "trials" / key(place)
        trial.mkdir(parents=True)
        result = {"settings": {**AE, "dataset": name}, "status": "ok", "measures": {"validation_loss": 1}}
        (trial / "result.json").write_text(json.dumps(result))
    with pytest.raises(ValueError, match=r"several data sets.*add one of digits, mnist"):
        models.load(tmp_path, "best")
    with pytest.raises(ValueError, match=f"is trial {key(1)} .*no model was saved"):
        models.load(tmp_path, "best mnist")


def test_losses_are_compared_where_those_of_the_program_are():
    """`Trial.objective` says it for the runs; models, which are taken away alone, cannot ask it."""
    for name in ("full", "tuned", "stability"):
        theirs = {}
        for one in grid.load(name).trials("torch"):
            settings = one.settings()
            flat = {**{n: v for n, v in settings.items() if n != "options"}, **settings["options"]}
            ours = choosing.Trained("", flat, {}, pathlib.Path()).objective
            theirs.setdefault(one.objective, set()).add(ours)
        assert all(len(each) == 1 for each in theirs.values())
        assert len(set.union(*theirs.values())) == len(theirs)


def test_how_a_model_is_measured_and_kept_is_no_other_objective():
    changes = {"train_on"}  # other images are learnt from
    assert (axes.TRAINING | axes.MEASURING).keys() - choosing._BESIDE == changes
