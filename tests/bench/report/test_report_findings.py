from scipy import stats

from bench.ask.trial import Baseline
from bench.keeping.result import Result
from bench.keeping.store import RunFolder
from bench.report import evidence
from bench.report.evidence import Evidence, comparisons
from bench.report.findings import about_models, about_pca, about_settings
from bench.report.sections import findings

from .conftest import NBSP, MakeRun, ok, trial

PCA = Baseline(dataset="digits", model="pca", latent_dim=8)
BETA_0 = (("beta", 0.0), ("kl_warmup", 0))
BETA_4 = (("beta", 4.0), ("kl_warmup", 0))


def read(folder: RunFolder) -> Evidence:
    return evidence.gather(folder)


def test_best_is_chosen_by_validation_loss_and_told_by_test_error(make_run: MakeRun) -> None:
    lucky = ok(trial(latent_dim=4), validation_loss=30.0, test_mse=0.010)
    chosen = ok(trial(latent_dim=8), validation_loss=20.0, test_mse=0.011)
    found = about_models.chosen_on_validation(read(make_run([lucky, chosen], [])), "digits")
    assert found is not None
    assert found.lead == "Chosen on validation: AE dense, latent\N{NO-BREAK SPACE}8."
    assert "0.01100" in found.text


def test_lower_test_error_than_that_of_the_chosen_is_named(make_run: MakeRun) -> None:
    lucky = ok(trial(latent_dim=4), validation_loss=30.0, test_mse=0.010)
    chosen = ok(trial(latent_dim=8), validation_loss=20.0, test_mse=0.011)
    found = about_models.chosen_on_validation(read(make_run([lucky, chosen], [])), "digits")
    assert found is not None
    assert "another, AE dense, latent\N{NO-BREAK SPACE}4, with 0.01000" in found.text


def test_validation_losses_of_different_training_losses_are_not_compared(make_run: MakeRun) -> None:
    results = [
        ok(trial(loss="mse"), validation_loss=20.0),
        ok(trial(loss="bce"), validation_loss=200.0),
        ok(trial(model="vae"), validation_loss=30.0),
        ok(trial(model="vae", options=BETA_4), validation_loss=40.0),
    ]
    found = read(make_run(results, []))
    assert comparisons.picks(found.configurations) == list(found.configurations)


def test_every_pick_is_asked_who_may_be_as_good_not_only_those_that_are_named(make_run: MakeRun) -> None:
    """Of the fifth objective two configurations are level, of the others one each."""
    losses = ("mse", "bce", "mae")
    several = [ok(trial(loss=loss, seed=seed)) for loss in losses for seed in range(3)]
    several += [ok(trial(model="vae", seed=seed)) for seed in range(3)]
    level = [
        ok(trial(model="vae", options=BETA_4, latent_dim=size, seed=seed), validation_loss=40.0 + seed)
        for size in (4, 8)
        for seed in range(3)
    ]
    found = about_models.chosen_on_validation(read(make_run([*several, *level])), "digits")
    assert found is not None and "and 1 more" in found.lead
    assert f"As good may be, by validation loss, for VAE dense, latent{NBSP}4 1 of 1 rival." in found.text


def test_one_seed_has_no_interval_and_says_so(make_run: MakeRun) -> None:
    found = read(make_run([ok(trial()), ok(trial(latent_dim=2))], []))
    assert "no interval" in findings.certainty(found).lead
    assert "±" not in " ".join(f.lead + f.text for f in findings.all_findings(found))


def test_third_seed_makes_intervals_about_a_quarter_as_wide(make_run: MakeRun) -> None:
    found = read(make_run([ok(trial(seed=0)), ok(trial(seed=1))], []))
    assert "about a quarter as wide" in findings.certainty(found).text
    widths = [stats.t.ppf(0.975, seeds - 1) / seeds**0.5 for seeds in (2, 3)]
    assert 0.25 < widths[1] / widths[0] < 0.3


def test_difference_that_seeds_explain_is_no_finding(make_run: MakeRun) -> None:
    results = [
        ok(trial(architecture=architecture, seed=seed), test_mse=mse)
        for architecture, mses in (("dense", (0.010, 0.030)), ("conv", (0.012, 0.031)))
        for seed, mse in enumerate(mses)
    ]
    found = read(make_run(results, []))
    told = about_models.against_each_other(found, "digits", "architecture", "dense", "conv", "leaderboard")
    assert told is not None and "cannot be told apart" in told.lead


def test_difference_beyond_seeds_names_its_interval(make_run: MakeRun) -> None:
    results = [
        ok(trial(architecture=architecture, seed=seed), test_mse=mse + seed * 1e-5)
        for architecture, mse in (("dense", 0.010), ("conv", 0.030))
        for seed in range(3)
    ]
    found = read(make_run(results, []))
    told = about_models.against_each_other(found, "digits", "architecture", "dense", "conv", "leaderboard")
    assert told is not None and told.lead == "Dense against conv: dense reconstructs closer in the only pair."
    each = "After Holm over the pairs the difference is told in 1 of those that dense leads."
    assert each in told.text and f"{each} Over" not in told.text


def test_only_pairs_told_apart_decide_who_reconstructs_closer(make_run: MakeRun) -> None:
    """Dense leads on average in two pairs of three, conv beyond chance in one."""
    pairs = [
        (2, (0.010, 0.030), (0.012, 0.031)),
        (4, (0.010, 0.030), (0.012, 0.031)),
        (8, (0.030, 0.03001), (0.010, 0.01001)),
    ]
    results = [
        ok(trial(architecture=architecture, latent_dim=size, seed=seed), test_mse=mse)
        for size, *sides in pairs
        for architecture, mses in zip(("dense", "conv"), sides, strict=True)
        for seed, mse in enumerate(mses)
    ]
    told = about_models.against_each_other(
        read(make_run(results, [])), "digits", "architecture", "dense", "conv", "leaderboard"
    )
    assert told is not None
    assert told.lead == "Dense against conv: conv reconstructs closer in 1 of 3 pairs."
    assert "dense has the lower test MSE in 2 of 3 pairs, conv in 1." in told.text
    assert "in 0 of those that dense leads and in 1 of those that conv leads; in the other 2" in told.text


def test_pairs_told_apart_both_ways_have_no_winner(make_run: MakeRun) -> None:
    results = [
        ok(trial(architecture=architecture, latent_dim=size, seed=seed), test_mse=mse + seed * 1e-5)
        for architecture, size, mse in (
            *(("dense", 2, 0.01), ("conv", 2, 0.03)),
            *(("dense", 4, 0.03), ("conv", 4, 0.01)),
        )
        for seed in range(3)
    ]
    told = about_models.against_each_other(
        read(make_run(results, [])), "digits", "architecture", "dense", "conv", "leaderboard"
    )
    assert told is not None and told.lead == "Dense against conv: no clear winner."


def test_models_are_compared_at_equal_settings_only(make_run: MakeRun) -> None:
    found = read(make_run([ok(trial(latent_dim=2)), ok(trial(model="vae", latent_dim=8))], []))
    told = about_models.against_each_other(found, "digits", "model", "ae", "vae", "versus")
    assert told is not None and "no matched pair" in told.lead


def test_vae_is_compared_with_the_weight_of_its_paper(make_run: MakeRun) -> None:
    results = [ok(trial()), ok(trial(model="vae")), ok(trial(model="vae", options=BETA_4))]
    found = comparisons.pairs(read(make_run(results, [])), "model", "ae", "vae")
    assert [pair.second.settings["beta"] for pair in found] == [1.0]


def test_lead_over_pca_that_seeds_explain_is_not_counted(make_run: MakeRun) -> None:
    results = [ok(trial(seed=seed), test_mse=mse) for seed, mse in enumerate((0.005, 0.013))]
    found = about_pca.against_pca(read(make_run([*results, ok(PCA, test_mse=0.01)], [])), "digits")
    assert found is not None and found.lead == "Whether PCA is beaten cannot be told."
    assert "which may be chance" in found.text


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
    told = about_settings.along_axis(sweep)
    assert told is not None and told.lead == "BCE has the highest SSIM."


def test_training_that_ended_at_its_best_is_noted(make_run: MakeRun) -> None:
    results = [ok(trial(), best_epoch=10), ok(trial(latent_dim=2), best_epoch=9)]
    late = about_settings.unfinished_learning(read(make_run(results, [])))
    assert [one.settings["latent_dim"] for one in late] == [8]


def test_failed_trials_take_no_part(make_run: MakeRun) -> None:
    failed = Result(unit=trial(seed=1), status="failed", error="broken", measures={"test_mse": 1.0})
    found = read(make_run([ok(trial()), failed], []))
    (one,) = found.configurations
    assert (len(one.results), one.planned, one.mean("test_mse")) == (1, 2, 0.02)


def test_largest_difference_is_that_of_the_error_and_not_of_ratios(make_run: MakeRun) -> None:
    results = [
        ok(trial(architecture=architecture, latent_dim=size, seed=seed), test_mse=mse + 1e-6 * seed)
        for size, pair in ((2, (0.030, 0.028)), (8, (0.010, 0.009)))
        for architecture, mse in zip(("dense", "conv"), pair, strict=True)
        for seed in range(2)
    ]
    found = about_models.against_each_other(
        read(make_run(results)), "digits", "architecture", "dense", "conv", "architectures"
    )
    assert found is not None
    assert f"The largest difference: AE dense, latent{NBSP}2 has 0.0300" in found.text


def test_a_finding_that_cannot_be_told_costs_itself_alone(make_run: MakeRun) -> None:
    """A record without the sizes of its data set: only what needs them is missing."""
    about = {"images": {"test": 0}, "image_shape": [28, 28, 1], "sha256": "0" * 64}
    found = read(make_run([ok(trial()), ok(trial(latent_dim=2))], datasets={"digits": about}))
    told = findings.all_findings(found)
    (lost,) = (one for one in told if one.lost)
    assert lost.text == "This finding could not be made: ZeroDivisionError: division by zero."
    assert any(one.lead.startswith("Chosen on validation") for one in told)
