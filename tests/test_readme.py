"""What README says was found: each number is that of the published run."""

import itertools
import math
import pathlib
import re

import pandas as pd
import pytest

from bench import statistics

ROOT = pathlib.Path(__file__).parents[1]
FULL = ROOT / "reports" / "full-fashion-mnist"
BACKENDS = ROOT / "reports" / "base-three-backends"
BASE = {"latent_dim": 16, "activation": "relu", "loss": "mse", "optimizer": "adam", "learning_rate": 1e-3}


@pytest.fixture(scope="module")
def told() -> str:
    """The section of findings, each stretch of white space as one blank."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return " ".join(text.split("## What was found")[1].split("\n## ")[0].split())


def table(name: str) -> pd.DataFrame:
    found = pd.read_csv(FULL / name)
    beta = found["options"].str.extract(r'"beta":([\d.]+)', expand=False).astype(float)
    return pd.concat([found, beta.rename("beta")], axis=1)


@pytest.fixture(scope="module")
def summary() -> pd.DataFrame:
    return table("summary.csv")


@pytest.fixture(scope="module")
def results() -> pd.DataFrame:
    return table("results.csv")


def chosen(rows, model, architecture="conv", beta=1.0, **changed):
    """Those of the base configuration of a model and architecture, but for what is changed."""
    rows = rows[(rows["model"] == model) & (rows["architecture"] == architecture)]
    if model == "vae":
        rows = rows[rows["beta"] == beta]
    for name, value in {**BASE, **changed}.items():
        rows = rows[rows[name] == value]
    return rows


def mean(summary, measure, model, architecture="conv", beta=1.0, **changed):
    rows = chosen(summary, model, architecture, beta, **changed)
    assert (len(rows), rows["n"].item()) == (1, 3)
    return rows[f"{measure}_mean"].item()


def baseline(summary, measure, model, latent_dim=None):
    rows = summary[summary["model"] == model]
    if latent_dim is not None:
        rows = rows[rows["latent_dim"] == latent_dim]
    return rows[f"{measure}_mean"].item()


def change(summary, model, architecture="conv", **changed):
    """Of the MSE against the base, in whole percent with its sign."""
    after, before = (mean(summary, "test_mse", model, architecture, **each) for each in (changed, {}))
    return f"{100 * (after / before - 1):+.0f}".replace("-", "\N{MINUS SIGN}")


CHANGES = (  # every value of the grid but those of the latent size and beta
    *({"learning_rate": 0.003}, {"learning_rate": 0.0003}, {"activation": "gelu"}, {"activation": "tanh"}),
    *({"optimizer": "rmsprop"}, {"optimizer": "adamw"}, {"loss": "bce"}, {"loss": "mae"}),
)


def p_of_change(results, model, changed):
    """Of Welch's test over seeds, for the MSE."""
    after, before = (chosen(results, model, **each)["test_mse"].to_list() for each in (changed, {}))
    assert len(after) == len(before) == 3
    return statistics.mean_difference([(after, before)]).p


def pairs(summary):
    """Configurations that differ in the model alone: the AE's row beside that of the VAE with beta 1."""
    on = ["architecture", *BASE]
    ae, vae = summary[summary["model"] == "ae"], summary[(summary["model"] == "vae") & (summary["beta"] == 1)]
    return ae.merge(vae, on=on, suffixes=("_ae", "_vae"), validate="one_to_one")


def test_the_run_is_counted_as_it_was(told, results):
    trials = results[results["model"].isin(["ae", "vae"])]
    assert f"60 configurations with three seeds each, {len(trials)} trials" in told
    assert len(trials) == 60 * 3


def test_ae_and_vae_are_compared_as_the_pairs_say(told, summary):
    matched = pairs(summary)
    assert (matched["test_mse_mean_ae"] < matched["test_mse_mean_vae"]).all()
    assert f"in all {len(matched)} matched pairs" in told
    for architecture in ("conv", "dense"):
        ae, vae = (mean(summary, "test_mse", model, architecture) for model in ("ae", "vae"))
        assert f"{ae:.4f} against {vae:.4f} ({architecture})" in told
    assert f"PCA: {baseline(summary, 'test_mse', 'pca', 16):.4f}" in told
    for measure, name in (("latent_accuracy", "linear"), ("latent_knn_accuracy", "5-NN")):
        ae, vae = (100 * mean(summary, measure, model) for model in ("ae", "vae"))
        pca = 100 * baseline(summary, measure, "pca", 16)
        wins = (matched[f"{measure}_mean_ae"] > matched[f"{measure}_mean_vae"]).sum()
        of = f"{name} accuracy in {wins} of {len(matched)}"
        assert re.search(rf"{of}( pairs)? \({ae:.1f} % against {vae:.1f} %; PCA {pca:.1f} %\)", told)


def test_generation_is_told_for_both_ways_of_sampling(told, summary):
    matched = pairs(summary)
    assert (matched["frechet_prior_mean_vae"] < matched["frechet_prior_mean_ae"]).all()
    assert (matched["frechet_mixture_mean_ae"] < matched["frechet_mixture_mean_vae"]).all()
    for way, first, second in (("prior", "vae", "ae"), ("mixture", "ae", "vae")):
        values = [mean(summary, f"frechet_{way}", model) for model in (first, second)]
        assert f"{values[0]:.2f} against {values[1]:.2f}" in told
    share = {
        f"{name}_{side}": 100 * matched[f"{name}_mixture_mean_{side}"].mean()
        for name in ("recall", "precision")
        for side in ("ae", "vae")
    }
    assert f"(recall {share['recall_ae']:.0f} % against {share['recall_vae']:.0f} % over the pairs)" in told
    assert f"(precision {share['precision_vae']:.0f} % against {share['precision_ae']:.0f} %)" in told


def test_latent_sizes_are_told_from_end_to_end(told, summary, results):
    sizes = {"ae": (2, 16, 64), "vae": (2, 8, 16, 64)}
    for model, shown in sizes.items():
        values = [f"{mean(summary, 'test_mse', model, latent_dim=size):.4f}" for size in shown]
        assert ", ".join(values) in told
    kl = [mean(summary, "test_kl", "vae", latent_dim=size) for size in (16, 64)]
    assert f"{kl[0]:.1f} nats at 16 and {kl[1]:.1f} at 64" in told
    large = [chosen(results, "vae", latent_dim=size)["test_mse"].to_list() for size in sizes["vae"][1:]]
    assert "no two of the last three are told apart" in told
    dense = [mean(summary, "test_mse", "vae", "dense", latent_dim=size) for size in (16, 64)]
    assert f"dense {dense[0]:.4f} at 16 and {dense[1]:.4f} at 64" in told
    assert "At 32 and 64 PCA has the lower MSE, which is no line to beat" in told
    elbo, constant = mean(summary, "test_elbo", "vae", "dense"), -28 * 28 / 2 * math.log(math.pi)
    shown = (f"{value:.1f}".replace("-", "\N{MINUS SIGN}") for value in (elbo, constant))
    assert "as {} nats (dense, 16), {} are a constant".format(*shown) in told
    for size in (32, 64):
        assert baseline(summary, "test_mse", "pca", size) < mean(summary, "test_mse", "vae", latent_dim=size)
    read = [100 * mean(summary, "latent_accuracy", "vae", latent_dim=size) for size in (8, 64)]
    assert f"({read[0]:.1f} % at 8, {read[1]:.1f} % at 64)" in told
    assert not any(statistics.difference(*pair).excludes_zero for pair in itertools.combinations(large, 2))


def test_settings_are_told_with_their_change_of_the_error_and_whether_seeds_tell_it(told, summary, results):
    asked = [(changed, model) for changed in CHANGES for model in ("ae", "vae")]
    adjusted = statistics.holm([p_of_change(results, model, changed) for changed, model in asked])
    values = [f"{change(summary, model, **changed)} %" for changed, model in asked]
    shown = [value if p < 0.05 else f"({value})" for value, p in zip(values, adjusted, strict=True)]
    assert "after Holm over these 16" in told and len(asked) == 16
    assert set(results["epochs"].dropna()) == {10} and "After ten epochs the MSE of AE and VAE" in told
    by = [f"by {ae} and {vae}" for ae, vae in zip(shown[::2], shown[1::2], strict=True)]
    assert re.findall(r"by \(?[+\N{MINUS SIGN}]\d+ %\)? and \(?[+\N{MINUS SIGN}]\d+ %\)?", told) == by


def test_beta_is_told_with_what_it_costs(told, summary):
    for beta in (0.25, 4.0):
        mse, kl = (mean(summary, measure, "vae", beta=beta) for measure in ("test_mse", "test_kl"))
        assert f"{mse:.4f} at {kl:.1f} nats" in told


def test_backends_are_told_with_the_seconds_that_their_trials_took(told):
    trials = pd.read_csv(BACKENDS / "summary.csv").query("model == 'vae'")
    seconds = trials.pivot(index="architecture", columns="backend", values="fit_seconds_mean")
    ordered = seconds[seconds.loc["conv"].sort_values().index]
    assert list(ordered) == ["tensorflow", "jax", "torch"]
    conv = [f"{backend} {value:.0f} s" for backend, value in ordered.loc["conv"].items()]
    assert f"{conv[0]}, {conv[1]} and {conv[2]} on one core" in told
    dense = [f"{value:.0f} s" for value in ordered.loc["dense"]]
    times = [pd.read_csv(run / "timings.csv").query("backend == 'tensorflow'") for run in (FULL, BACKENDS)]
    both = times[0].merge(times[1], on=[*times[0].columns[:10]], suffixes=("", "_again"))
    ratios = sorted(both["step_seconds_again"] / both["step_seconds"])
    assert len(ratios) == 4
    assert f"differed by factors of {ratios[0]:.2f} to {ratios[-1]:.2f} between two runs" in told
    assert f"of the dense one {dense[0]}, {dense[1]} and {dense[2]}" in told


def test_backends_are_told_with_how_far_their_results_lie_apart(told):
    assert "In MSE no two backends are told apart** after Holm over the 12 pairs" in told
    results = pd.read_csv(BACKENDS / "results.csv").query("model in ('ae', 'vae')")
    compared = [
        statistics.mean_difference([(seeds.loc[first], seeds.loc[second])]).p
        for _, group in results.groupby(["model", "architecture"])
        for seeds in [group.groupby("backend")["test_mse"].apply(list)]
        for first, second in itertools.combinations(seeds.index, 2)
    ]
    assert len(compared) == 12
    assert min(statistics.holm(compared)) > 0.05
    report = (BACKENDS / "README.md").read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")
    backends = dict(re.findall(r"(AE|VAE) by ([\d.]+) % in the median and", report))
    seeds = re.search(r"differ in the median: AE by ([\d.]+) %; VAE by ([\d.]+) %", report)
    assert seeds is not None
    assert f"differs by {backends['AE']} % in the median from one backend to another" in told
    assert f"by {seeds[1]} % from one seed to another" in told
    assert f"by {backends['VAE']} % and {seeds[2]} %" in told
