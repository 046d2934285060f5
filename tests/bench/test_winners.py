"""Which models are kept."""

from bench.ask import grid
from bench.ask.trial import Trial
from bench.keeping.result import Outcome, Result
from bench.keeping.store import RunFolder
from bench.keeping.winners import Winners


def end(winners: Winners, trial: Trial, loss: float) -> None:
    result = Result(unit=trial, status="ok", measures={"validation_loss": loss}, reasons={})
    winners.finished(Outcome(result=result, model=b"a model"))


def test_binarised_images_have_a_winner_of_their_own(tmp_path):
    folder = RunFolder(tmp_path / "run")
    folder.create()
    changes = {"binarize": ["none", "dynamic"], "latent_dim": [8, 2]}
    trials = grid.replace(grid.load("quick"), changes).trials("torch")
    trials = [trial for trial in trials if (trial.model, trial.architecture) == ("ae", "conv")]
    winners = Winners(folder, "best", [])
    for trial in trials:  # black and white images have the larger losses
        end(winners, trial, trial.latent_dim + (100.0 if trial.binarize == "dynamic" else 0.0))
    assert len(trials) == 4
    kept = {(t.binarize, t.latent_dim) for t in trials if folder.has_model(t)}
    assert kept == {("none", 2), ("dynamic", 2)}


def test_one_winner_for_each_objective_whatever_it_was_trained_with(tmp_path):
    folder = RunFolder(tmp_path / "run")
    folder.create()
    changes = {"precision": ["float32", "bfloat16"], "beta": [1.0, 4.0], "latent_dim": [8]}
    trials = grid.replace(grid.load("quick"), changes).trials("torch")
    trials = [trial for trial in trials if (trial.model, trial.architecture) == ("vae", "conv")]
    losses = {
        ("float32", 1.0): 40.0,
        ("bfloat16", 1.0): 39.0,
        ("float32", 4.0): 60.0,
        ("bfloat16", 4.0): 61.0,
    }
    winners = Winners(folder, "best", [])
    for trial in trials:
        end(winners, trial, losses[trial.precision, dict(trial.options)["beta"]])
    kept = {(t.precision, dict(t.options)["beta"]) for t in trials if folder.has_model(t)}
    assert len(trials) == 4
    assert kept == {("bfloat16", 1.0), ("float32", 4.0)}
