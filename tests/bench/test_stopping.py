"""When training ends, which epoch is kept, and what it is trained on."""

import numpy as np
import pytest

from bench import errors, models
from bench import measures as cards
from bench.ask import axes, estimate, grid
from bench.ask.trial import Trial
from bench.ask.trial_names import names
from bench.datasets.views import whole
from bench.keeping import networks, winners
from bench.keeping.result import Outcome, Result
from bench.keeping.store import RunFolder
from bench.models.families.vae import VariationalAutoencoder
from bench.report import evidence
from bench.report.findings import about_settings
from bench.report.sections import purposes
from bench.running.execution import work
from bench.tasks.notes import SEEN
from bench.training import fit
from tests.bench.test_loops import trial
from tests.bench.test_training_contract import small
from tests.conftest import BACKEND

__all__ = ["small"]  # a fixture

FROZEN = {"optimizer": "sgd", "learning_rate": 1e-30}  # nothing gets better after the first epoch


def chosen(model: str = "ae", epochs: int = 8, **changes: object) -> Trial:
    options = {name: changes.pop(name) for name in tuple(changes) if name in axes.options_of(model, "dense")}
    return trial(
        model, architecture="dense", epochs=epochs, options=tuple(sorted(options.items())), **changes
    )


def weights(fitted: fit.Training) -> list[np.ndarray]:
    return fitted.model.get_weights()


def assert_same(first: fit.Training, second: fit.Training) -> None:
    for mine, other in zip(weights(first), weights(second), strict=True):
        np.testing.assert_array_equal(mine, other)


def test_training_ends_after_so_many_epochs_without_a_better_validation_value(small):
    fitted = fit.fit(chosen(patience=3, **FROZEN), small)
    assert fitted.best_epoch == 1
    assert [row["epoch"] for row in fitted.history] == [1, 2, 3, 4]


def test_epochs_are_the_most_however_much_patience_is_left(small):
    fitted = fit.fit(chosen(patience=3, epochs=2), small)
    assert len(fitted.history) == fitted.best_epoch == 2


def test_patience_is_counted_from_the_end_of_a_warm_up(small):
    steps = -(-len(small.train.images) // trial("vae").batch_size)
    unit = chosen("vae", patience=2, kl_warmup=2 * steps + 1, latent_dim=2, epochs=9, **FROZEN)
    history = fit.fit(unit, small).history
    values = [row["val_loss"] for row in history]
    best = 1 + int(np.argmin(values))  # codes are drawn anew in each epoch, so it need not be the first
    assert len(history) == max(best, 3) + 2


def test_a_vae_says_how_long_it_warms_up_and_an_autoencoder_does_not():
    shape = {"image_shape": (8, 8, 1), "latent_dim": 2}
    assert VariationalAutoencoder(**shape, kl_warmup=7).warmup_steps == 7
    assert models.create("ae", **shape).warmup_steps == 0


def test_patience_that_is_never_lost_changes_no_number(small):
    assert_same(fit.fit(chosen(patience=100), small), fit.fit(chosen(), small))


def test_the_last_epoch_is_kept_where_it_is_asked_for_and_the_best_one_told_all_the_same(small):
    changes = {"learning_rate": 0.03, "epochs": 6}
    best, last = (fit.fit(chosen(keep=keep, **changes), small) for keep in ("best", "last"))
    losses = [row["val_loss"] for row in last.history]
    assert last.best_epoch == best.best_epoch == 1 + int(np.argmin(losses))
    assert best.best_epoch < 6, "else this tells nothing"
    assert last.validation_loss == losses[-1] > best.validation_loss == min(losses)
    kept = last.model.evaluate(small.validation.images, batch_size=1000, verbose=0, return_dict=True)
    assert kept["loss"] == pytest.approx(losses[-1], rel=1e-4)


def test_an_output_bias_of_the_data_is_the_logit_of_the_mean_image_of_those_that_train(small):
    for settings, parts in (({}, [small.train]), ({"train_on": "all"}, [small.train, small.validation])):
        plain, told = (
            fit.fit(chosen(epochs=1, keep="last", output_bias=each, **settings, **FROZEN), small)
            for each in ("zero", "data")
        )
        *before, usual = weights(plain)
        *after, bias = weights(told)
        assert np.abs(usual).max() < 1e-20
        mean = np.concatenate([part.images for part in parts]).mean(axis=0).clip(0.001, 0.999).ravel()
        np.testing.assert_allclose(1 / (1 + np.exp(-bias)), mean, atol=1e-5)
        for ours, theirs in zip(after, before, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-20)
        assert told.history[0]["loss"] < 0.7 * plain.history[0]["loss"]


def test_all_images_are_those_of_training_and_validation_and_test_stays_out(small):
    seen = whole.applied(small, "all")
    assert whole.applied(small, "train") is small
    parts = (small.train, small.validation)
    np.testing.assert_array_equal(seen.train.images, np.concatenate([part.images for part in parts]))
    np.testing.assert_array_equal(seen.train.labels, np.concatenate([part.labels for part in parts]))
    assert seen.test is small.test
    assert seen.sha256 == small.sha256


def test_trained_on_all_a_model_is_what_training_on_the_joined_images_gives(small):
    fitted = fit.fit(chosen(train_on="all", keep="last", epochs=2), small)
    joined = fit.fit(chosen(keep="last", epochs=2), whole.applied(small, "all"))
    assert_same(fitted, joined)
    assert fitted.best_epoch is fitted.validation_loss is None
    assert list(fitted.history[0]) == ["epoch", "loss", "reconstruction", "seconds"]


def test_trained_on_all_no_number_is_one_of_validation_images_and_each_says_why():
    unit = chosen(train_on="all", keep="last", epochs=1, latent_dim=2)
    result = work.run(unit).result
    measures, reasons = result.measures, result.reasons
    empty = {"best_epoch", "validation_loss", "validation_mse", "validation_accuracy"}
    empty |= {"validation_knn_accuracy", "validation_low_label_accuracy"}
    assert {name for name in measures if name.startswith("validation") or name == "best_epoch"} == empty
    assert all(measures[name] is None and reasons[name] == SEEN for name in empty)
    assert measures["test_mse"] is not None


def test_no_validation_loss_wins_a_model_that_has_none(tmp_path):
    for policy, kept in (("best", False), ("all", True), ("none", False)):
        folder = RunFolder(tmp_path / policy)
        folder.create()
        chooser, unit = winners.Winners(folder, policy, []), chosen(train_on="all", keep="last")
        result = Result(unit=unit, status="ok", measures={"validation_loss": None}, reasons={})
        chooser.finished(Outcome(result=result, model=b"a model"))
        assert folder.has_model(unit) == kept
    assert work.Wanted(keep_below=float("inf")).keeps(None)
    assert not work.Wanted(keep_below=3.0).keeps(None)


@pytest.mark.parametrize(
    ("changes", "phrases"),
    [
        (["train_on=all"], ["expected keep = last, received keep = best", "add keep = last"]),
        (["train_on=all", "keep=last", "patience=2"], ["expected patience = 0, received patience = 2"]),
        (["optimizer_options=momentum=0.9"], ["'adam' does not take 'momentum'", "it takes beta_1"]),
        (["optimizer=sgd", "optimizer_options=beta_1=0.5"], ["'sgd' does not take 'beta_1'"]),
    ],
)
def test_settings_that_contradict_each_other_are_refused_in_one_line_with_a_remedy(changes, phrases):
    changed = grid.replace(grid.load("quick"), grid.parse_choices(changes))
    with pytest.raises(errors.GridError) as caught:
        changed.trials(BACKEND)
    assert str(caught.value).startswith("grid quick: ")
    assert "\n" not in str(caught.value)
    for phrase in phrases:
        assert phrase in str(caught.value)


def test_settings_of_training_are_in_a_grid_file_on_the_command_line_and_in_names(tmp_path):
    (tmp_path / "mine.toml").write_text(
        '[defaults]\npatience = 5\noptimizer_options = "epsilon=1e-4"\n[[block]]\nmodel = "ae"\n'
        'schedule = ["constant", "0.1@30 0.01@60"]\n'
    )
    plain, stepped = grid.load(str(tmp_path / "mine.toml")).trials("torch")
    assert (plain.patience, plain.optimizer_options, plain.schedule) == (5, "epsilon=0.0001", "constant")
    assert "schedule 0.1@30 0.01@60, patience 5, optimizer options epsilon=0.0001" in str(stepped)
    assert "schedule" not in str(plain)
    assert [name.count("schedule") for name in names([plain, stepped]).values()] == [1, 1]
    again = grid.replace(grid.load("quick"), grid.parse_choices(["schedule=constant, cosine", "keep=last"]))
    found = again.trials("torch")
    assert {(unit.schedule, unit.keep) for unit in found} == {("constant", "last"), ("cosine", "last")}
    assert {unit.schedule for unit in grid.narrow(found, {"schedule": ["constant"]})} == {"constant"}


def test_at_their_defaults_settings_of_training_are_in_no_result_and_no_key():
    quick = grid.load("quick")
    usual = quick.trials("torch")
    assert dict(usual[0].options).keys() == {"binarize", "precision", "widths", "initial_weights"}
    defaults = {name: [axis.default] for name, axis in axes.TRAINING.items()}
    assert grid.replace(quick, defaults).trials("torch") == usual


def test_what_makes_a_step_another_makes_a_network_of_its_own_and_nothing_else_does():
    usual = chosen()
    assert networks.key(chosen(patience=3, schedule="cosine")) == networks.key(usual)
    assert networks.key(chosen(optimizer_options="clipnorm=1")) != networks.key(usual)
    assert "optimizer_options" not in networks.settings(usual)


def test_the_estimate_of_all_images_is_larger_and_that_of_patience_is_for_all_epochs():
    usual = estimate.seconds(chosen(epochs=100))
    assert estimate.seconds(chosen(epochs=100, patience=2)) == usual
    assert estimate.seconds(chosen(epochs=100, train_on="all", keep="last")) > 1.2 * usual - 1


GRID = """
[defaults]
epochs = 3
latent_dim = 2
architecture = "dense"
[[block]]
model = "ae"
[[block]]
model = "ae"
batch_size = 64
schedule = "cosine"
[[block]]
model = "ae"
train_on = "all"
keep = "last"
[[block]]
model = "ae"
optimizer = "sgd"
learning_rate = 1e-30
patience = 1
"""


@pytest.fixture(scope="module")
def run(bench, tmp_path_factory):
    """A run with a trial of each kind."""
    folder = tmp_path_factory.mktemp("settings")
    (folder / "mine.toml").write_text(GRID)
    asked = ("--measures", "basic", "--workers", "0", "--save-models", "all", "--output", "run")
    process = bench("run", "--grid", "mine.toml", *asked, cwd=folder)
    assert process.returncode == 0, process.stderr
    return RunFolder(folder / "run")


def of_kind(found: evidence.Evidence) -> dict[str, evidence.Configuration]:
    def kind(one: evidence.Configuration) -> str:
        settings = one.settings
        if settings["schedule"] == "cosine":
            return "cosine"
        return "all" if settings["train_on"] == "all" else "patient" if settings["patience"] else "usual"

    return {kind(one): one for one in found.configurations}


def test_a_report_takes_no_trial_by_validation_images_that_it_was_trained_on(run):
    found = evidence.gather(run)
    ones = of_kind(found)
    assert (
        ones["all"].name.replace("\N{NO-BREAK SPACE}", " ") == "AE dense, latent 2, keep last, trained on all"
    )
    for choice in purposes.choices(found, "digits"):
        assert ones["all"] not in (choice.best, *choice.others)
        assert ones["all"] in choice.left_out
    assert ones["all"].objective != ones["usual"].objective
    page = (run.path / "index.html").read_text(encoding="utf-8")
    assert f"No number ({SEEN})" in page
    assert run.has_model(ones["all"].unit)


def test_a_report_does_not_say_of_trials_that_ended_by_themselves_that_they_had_not_levelled_off(run):
    found = evidence.gather(run)
    ones = of_kind(found)
    late = about_settings.unfinished_learning(found)
    assert not {one.name for one in late} & {ones[kind].name for kind in ("patient", "all", "cosine")}
    assert len(run.history(ones["patient"].unit)) == 2
    assert ones["cosine"].results[0].measures["best_epoch"] == 3


def test_the_tables_tell_what_is_not_usual_and_only_that(run):
    lines = (run.path / "results.csv").read_text(encoding="utf-8").splitlines()
    usual = next(line for line in lines if of_kind(evidence.gather(run))["usual"].unit.key in line)
    assert '"{""binarize"":""none"",""precision"":""float32""}"' in usual
    assert any('""keep"":""last""' in line and '""train_on"":""all""' in line for line in lines)


def test_every_measure_of_the_run_is_defined_and_every_empty_one_has_a_reason(run):
    for result in evidence.gather(run).results:
        assert {name for name, value in result.measures.items() if value is None} == set(result.reasons)
        assert set(result.measures) <= {one.name for one in cards.every()}
