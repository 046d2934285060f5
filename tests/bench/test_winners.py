"""Which models are kept."""

from bench import grid
from bench.result import Outcome, Result
from bench.store import RunFolder
from bench.trial import Trial
from bench.winners import Winners


def end(winners: Winners, trial: Trial, loss: float) -> None:
    result = Result(unit=trial, status="ok", measures={"validation_loss": loss}, reasons={})
    winners.finished(Outcome(result=result, model=b"a model"))


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
