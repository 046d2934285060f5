"""What stands before any answer: what failed, collapsed or learned too little, and what to do about it."""

import re

import pytest

from bench import cli
from bench.ask.trial import Baseline
from bench.keeping.result import Result
from bench.report import evidence
from bench.report.evidence import collapse
from bench.report.findings import alerts, influence
from bench.report.sections import purposes

from .conftest import MakeRun, Written, ok, trial

MEAN = Baseline(dataset="digits", model="mean")
PCA = Baseline(dataset="digits", model="pca", latent_dim=8)
PIXELS = Baseline(dataset="digits", model="pixels")
IMAGES = {
    "digits": {
        "images": {"train": 6400, "validation": 100, "test": 100},
        "image_shape": [28, 28, 1],
        "sha256": "0" * 64,
        "classes": [str(digit) for digit in range(10)],
    }
}
PLENTY = 50  # epochs of 50 steps


def told(folder) -> dict[str, alerts.Alert]:
    found = evidence.gather(folder)
    return {rule.__name__: one for rule in alerts._RULES if (one := rule(found))}


def sound(**settings: object) -> Result:
    return ok(trial(epochs=PLENTY, **settings))


def test_a_run_without_trouble_has_no_alert_and_no_box(make_run: MakeRun, written: Written) -> None:
    folder = make_run([sound(seed=seed) for seed in range(3)], datasets=IMAGES)
    assert told(folder) == {}
    page = written(folder)
    assert 'id="alerts"' not in page and 'id="failures"' not in page and "3 of 3 ended well" in page


def test_a_posterior_without_nats_or_without_active_units_has_collapsed(make_run: MakeRun) -> None:
    numbers = {0: (0.02, 3), 1: (5.0, 0), 2: (5.0, 3)}
    results = [
        ok(trial(model="vae", seed=seed, epochs=PLENTY), test_kl=nats, active_units=active)
        for seed, (nats, active) in numbers.items()
    ]
    folder = make_run([*results, ok(trial(epochs=PLENTY), active_units=0)], datasets=IMAGES)
    one = told(folder)["collapsed"]
    assert one.what == "2 of 3 trials with a posterior collapsed."
    assert [name[-6:] for name in one.names] == ["seed 0", "seed 1"]


def test_what_collapsed_is_in_no_mean_no_advice_and_is_counted(make_run: MakeRun, written: Written) -> None:
    results = [sound(seed=seed) for seed in range(2)]
    for seed, nats in ((0, 0.0), (1, 4.0)):
        vae = trial(model="vae", seed=seed, epochs=PLENTY)
        results.append(ok(vae, test_kl=nats, test_mse=0.001 if nats == 0 else 0.03))
    folder = make_run(results, datasets=IMAGES)
    left = collapse.without(evidence.gather(folder))
    assert [one.values("test_mse") for one in left.configurations] == [[0.02, 0.02], [0.03]]
    table = purposes.table(evidence.gather(folder), "digits")
    assert table is not None and table.rows[0].cells[1].text.startswith("AE")
    assert "1 collapsed trial is left out." in table.note
    assert "1 collapsed trial is left out." in written(folder).partition('id="versus"')[2]
    assert influence.ranges(left, "test_mse")["model"].ends[0][1].difference.mean > 0


def test_a_run_of_which_all_collapsed_is_a_report(make_run: MakeRun, written: Written) -> None:
    vaes = [ok(trial(model="vae", seed=seed, epochs=PLENTY), test_kl=0.0) for seed in range(2)]
    folder = make_run(vaes, datasets=IMAGES)
    assert "Every trial has collapsed." in written(folder)
    assert "2 of 2 trials with a posterior collapsed." in (folder.path / "README.md").read_text()
    assert "could not be made" not in (folder.path / "README.md").read_text()


def test_worse_than_one_constant_picture_names_the_steps_as_the_cause(make_run: MakeRun) -> None:
    results = [ok(trial(seed=seed, epochs=1), test_mse=mse) for seed, mse in enumerate((0.01, 0.07, 0.08))]
    one = told(make_run([*results, ok(MEAN, test_mse=0.05)], datasets=IMAGES))["worse_than_mean"]
    assert one.what == "2 of 3 trials are worse than the mean image."
    assert one.cause == "50 steps of training are too few." and one.command == "--epochs 10"


@pytest.mark.parametrize(("epochs", "is_few"), [(9, True), (10, False)])
def test_fewer_than_500_steps_are_too_few(make_run: MakeRun, epochs: int, is_few: bool) -> None:
    found = told(make_run([ok(trial(epochs=epochs))], datasets=IMAGES))
    assert ("too_few_steps" in found) == is_few


def test_only_free_codes_are_held_against_pca(make_run: MakeRun) -> None:
    vae = ok(trial(model="vae", epochs=PLENTY), test_mse=0.05, test_kl=4.0)
    results = [ok(trial(epochs=PLENTY), test_mse=0.03), vae, ok(PCA, test_mse=0.02)]
    one = told(make_run(results, datasets=IMAGES))["worse_than_pca"]
    assert one.what == "1 of 1 configuration reconstructs worse than PCA of their size."


@pytest.mark.parametrize(("nats", "is_told"), [(6.0, True), (2.0, False)])
def test_a_model_that_pays_is_held_against_the_linear_optimum_in_both(
    make_run: MakeRun, nats: float, is_told: bool
) -> None:
    linear = Baseline(dataset="digits", model="linear_vae", latent_dim=8, options=(("beta", 1.0),))
    vae = trial(model="vae", epochs=PLENTY)
    results = [ok(vae, test_mse=0.05, test_kl=nats), ok(linear, test_mse=0.02, test_kl=4.0)]
    assert ("worse_than_linear" in told(make_run(results, datasets=IMAGES))) == is_told


def test_codes_that_tell_less_than_pixels_are_told(make_run: MakeRun) -> None:
    results = [
        ok(trial(latent_dim=size, epochs=PLENTY), latent_knn_accuracy=accuracy)
        for size, accuracy in ((2, 0.5), (32, 0.97))
    ]
    pixels = ok(PIXELS, latent_knn_accuracy=0.95)
    one = told(make_run([*results, pixels], datasets=IMAGES))["worse_than_pixels"]
    assert one.command == "--set latent_dim=32" and len(one.names) == 1


def test_one_seed_far_outside_the_others_is_told_and_two_that_are_near_by_chance_are_not(
    make_run: MakeRun,
) -> None:
    errors = {2: (0.020, 0.021, 0.022), 4: (0.02, 0.02001, 0.021), 8: (0.02, 0.021, 0.06)}
    results = [
        ok(trial(latent_dim=size, seed=seed, epochs=PLENTY), test_mse=mse)
        for size, of_size in errors.items()
        for seed, mse in enumerate(of_size)
    ]
    one = told(make_run(results, datasets=IMAGES))["seeds_disagree"]
    assert [name.replace("\N{NO-BREAK SPACE}", " ") for name in one.names] == ["AE dense, latent 8"]


def test_failures_are_counted_and_their_reasons_are_folded(make_run: MakeRun, written: Written) -> None:
    failed = Result(unit=trial(seed=1, epochs=PLENTY), status="diverged", error="loss <nan>")
    page = written(make_run([sound(seed=0), failed], datasets=IMAGES))
    box = page.partition('<section id="alerts"')[2].partition("</section>")[0]
    assert "1 of 2 trials failed." in box and "loss &lt;nan&gt;" in box.partition("<details>")[2]


def test_every_command_is_one_that_the_program_takes(make_run: MakeRun) -> None:
    results = [
        ok(trial(model="vae", seed=seed, epochs=5), test_kl=0.0, test_mse=mse, latent_knn_accuracy=0.1)
        for seed, mse in enumerate((0.02, 0.021, 0.09))
    ]
    results += [
        ok(trial(seed=seed, epochs=PLENTY), test_mse=0.09 + 1e-4 * seed, best_epoch=PLENTY) for seed in (0, 1)
    ]
    beside = [ok(MEAN, test_mse=0.05), ok(PCA, test_mse=0.01), ok(PIXELS, latent_knn_accuracy=0.99)]
    failed = Result(unit=trial(seed=9), status="failed", error="no")
    found = told(make_run([*results, *beside, failed], datasets=IMAGES))
    assert len(found) >= 7
    for one in found.values():
        for command in filter(None, re.split(" or ", one.command)):
            parsed = cli._parsed(["run", *command.split()])
            assert parsed.command == "run", command
