from bench.report import comparisons, evidence, findings, findings_models, findings_settings
from bench.report.evidence import Evidence
from bench.result import Result
from bench.store import RunFolder
from bench.trial import Baseline

from .conftest import MakeRun, ok, trial

BETA_4 = (("beta", 4.0), ("kl_warmup", 0))


def read(folder: RunFolder) -> Evidence:
    return evidence.gather(folder)


def test_best_is_chosen_by_validation_loss_and_told_by_test_error(make_run: MakeRun) -> None:
    lucky = ok(trial(latent_dim=4), validation_loss=30.0, test_mse=0.010)
    chosen = ok(trial(latent_dim=8), validation_loss=20.0, test_mse=0.011)
    found = findings_models.closest_reconstruction(read(make_run([lucky, chosen], [])), "digits")
    assert found is not None
    assert "latent\N{NO-BREAK SPACE}8" in found.lead
    assert "0.01100" in found.text


def test_validation_losses_of_different_training_losses_are_not_compared(make_run: MakeRun) -> None:
    results = [
        ok(trial(loss="mse"), validation_loss=20.0),
        ok(trial(loss="bce"), validation_loss=200.0),
        ok(trial(model="vae"), validation_loss=30.0),
        ok(trial(model="vae", options=BETA_4), validation_loss=40.0),
    ]
    found = read(make_run(results, []))
    assert comparisons.picks(found.configurations) == list(found.configurations)


def test_one_seed_has_no_interval_and_says_so(make_run: MakeRun) -> None:
    found = read(make_run([ok(trial()), ok(trial(latent_dim=2))], []))
    assert "no interval" in findings.certainty(found).lead
    assert "±" not in " ".join(f.lead + f.text for f in findings.all_findings(found))


def test_difference_that_seeds_explain_is_no_finding(make_run: MakeRun) -> None:
    results = [
        ok(trial(architecture=architecture, seed=seed), test_mse=mse)
        for architecture, mses in (("dense", (0.010, 0.030)), ("conv", (0.012, 0.031)))
        for seed, mse in enumerate(mses)
    ]
    found = read(make_run(results, []))
    told = findings_models.against_each_other(found, "architecture", "dense", "conv", "leaderboard")
    assert told is not None and "cannot be told apart" in told.lead


def test_difference_beyond_seeds_names_its_interval(make_run: MakeRun) -> None:
    results = [
        ok(trial(architecture=architecture, seed=seed), test_mse=mse + seed * 1e-5)
        for architecture, mse in (("dense", 0.010), ("conv", 0.030))
        for seed in range(3)
    ]
    found = read(make_run(results, []))
    told = findings_models.against_each_other(found, "architecture", "dense", "conv", "leaderboard")
    assert told is not None and told.lead == "Dense against conv: dense reconstructs closer."
    assert "In 1 of them the 95 % interval of the difference leaves out 0" in told.text


def test_models_are_compared_at_equal_settings_only(make_run: MakeRun) -> None:
    found = read(make_run([ok(trial(latent_dim=2)), ok(trial(model="vae", latent_dim=8))], []))
    told = findings_models.against_each_other(found, "model", "ae", "vae", "ae-vae")
    assert told is not None and "no matched pair" in told.lead


def test_vae_is_compared_with_the_weight_of_its_paper(make_run: MakeRun) -> None:
    results = [ok(trial()), ok(trial(model="vae")), ok(trial(model="vae", options=BETA_4))]
    found = comparisons.pairs(read(make_run(results, [])), "model", "ae", "vae")
    assert [pair.second.settings["beta"] for pair in found] == [1.0]


def test_vae_that_loses_to_pca_is_explained(make_run: MakeRun) -> None:
    pca = Baseline(dataset="digits", model="pca", latent_dim=8)
    vae = ok(trial(model="vae"), test_mse=0.03, test_kl=5.5, active_units=6)
    found = read(make_run([vae, ok(pca, test_mse=0.01)], []))
    told = findings_models.variational_price(found, "digits")
    assert told is not None and "5.50" in told.text and "6 of its 8 dimensions" in told.text
    lost = findings_models.against_pca(found, "digits")
    assert lost is not None and lost.lead == "PCA is not beaten."


def test_vae_that_beats_pca_needs_no_excuse(make_run: MakeRun) -> None:
    pca = Baseline(dataset="digits", model="pca", latent_dim=8)
    vae = ok(trial(model="vae"), test_mse=0.005, test_kl=5.5, active_units=6)
    assert (
        findings_models.variational_price(read(make_run([vae, ok(pca, test_mse=0.01)], [])), "digits") is None
    )


def test_sweep_varies_one_setting_and_nothing_else(make_run: MakeRun) -> None:
    results = [
        ok(trial(latent_dim=8)),
        ok(trial(latent_dim=2)),
        ok(trial(learning_rate=0.01)),
        ok(trial(learning_rate=0.01, activation="tanh")),
    ]
    sweeps = {sweep.axis: sweep for sweep in comparisons.sweeps(read(make_run(results, [])))}
    assert set(sweeps) == {"latent_dim", "learning_rate", "activation"}
    assert sweeps["latent_dim"].values == (2, 8)
    assert [len(line.points) for line in sweeps["activation"].lines] == [2]


def test_effect_of_a_loss_is_told_by_ssim(make_run: MakeRun) -> None:
    results = [ok(trial(loss="mse"), test_ssim=0.7), ok(trial(loss="bce"), test_ssim=0.8)]
    (sweep,) = comparisons.sweeps(read(make_run(results, [])))
    told = findings_settings.along_axis(sweep)
    assert told is not None and told.lead == "Loss: bce has the highest SSIM."


def test_training_that_ended_at_its_best_is_noted(make_run: MakeRun) -> None:
    results = [ok(trial(), best_epoch=10), ok(trial(latent_dim=2), best_epoch=9)]
    late = findings_settings.unfinished_learning(read(make_run(results, [])))
    assert [one.settings["latent_dim"] for one in late] == [8]


def test_failed_trials_take_no_part(make_run: MakeRun) -> None:
    failed = Result(unit=trial(seed=1), status="failed", error="broken", measures={"test_mse": 1.0})
    found = read(make_run([ok(trial()), failed], []))
    (one,) = found.configurations
    assert (len(one.results), one.planned, one.mean("test_mse")) == (1, 2, 0.02)
