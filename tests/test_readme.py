"""What README says was found: each number is that of the published run."""

import pathlib
import re

import pandas as pd
import pytest

ROOT = pathlib.Path(__file__).parents[1]
FULL = ROOT / "reports" / "full-fashion-mnist"
BASE = {"latent_dim": 16, "activation": "relu", "loss": "mse", "optimizer": "adam", "learning_rate": 1e-3}
TRAINED = ["ae", "vae", "sigma_vae"]


@pytest.fixture(scope="module")
def section() -> str:
    """The section of findings."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return text.split("## What was found")[1].split("\n## ")[0]


@pytest.fixture(scope="module")
def told(section: str) -> list[str]:
    """The findings, each stretch of white space as one blank."""
    items = re.findall(r"^\d\. (.+?)(?=^\d\. |^$)", section, re.MULTILINE | re.DOTALL)
    return [" ".join(item.split()) for item in items]


@pytest.fixture(scope="module")
def summary() -> pd.DataFrame:
    found = pd.read_csv(FULL / "summary.csv")
    beta = found["options"].str.extract(r'"beta":([\d.]+)', expand=False).astype(float)
    return pd.concat([found, beta.rename("beta")], axis=1)


def chosen(summary, model, architecture="dense", beta=1.0, **changed):
    """The row of the base configuration of a model and architecture, but for what is changed."""
    rows = summary[(summary["model"] == model) & (summary["architecture"] == architecture)]
    if model == "vae":
        rows = rows[rows["beta"] == beta]
    for name, value in {**BASE, **changed}.items():
        rows = rows[rows[name] == value]
    assert len(rows) == 1
    return rows.iloc[0]


def mean(summary, measure, model, *place, **changed):
    return chosen(summary, model, *place, **changed)[f"{measure}_mean"]


def baseline(summary, measure, model, latent_dim):
    rows = summary[(summary["model"] == model) & (summary["latent_dim"] == latent_dim)]
    return rows[f"{measure}_mean"].item()


def test_there_are_five_sentences_of_25_words_at_most(told):
    assert len(told) == 5
    for sentence in told:
        assert len(sentence.split()) <= 25, sentence
        assert sentence.endswith(".") and not re.search(r"[.!?] ", sentence), sentence


def test_the_run_is_counted_as_it_was(section):
    results = pd.read_csv(FULL / "results.csv")
    trials = results[results["model"].isin(TRAINED)]
    told = " ".join(section.split())
    assert f"60 configurations and {len(trials)} trials by protocol 4" in told
    assert set(trials["epochs"]) == {10} and "after ten epochs" in told
    summary = pd.read_csv(FULL / "summary.csv")
    assert len(summary[summary["model"].isin(TRAINED)]) == 60


def test_seeds_are_told_as_they_were(summary, section):
    assert "means over five seeds, elsewhere than at 16 dimensions over three" in " ".join(section.split())
    assert {chosen(summary, model)["n"] for model in TRAINED} == {5}
    assert {chosen(summary, model, latent_dim=size)["n"] for model in TRAINED for size in (2, 8, 64)} == {3}


def test_a_learned_variance_is_told_with_the_errors_of_all_three(told, summary):
    ae, vae, sigma = (mean(summary, "test_mse", model) for model in TRAINED)
    assert f"MSE {ae:.4f} against {vae:.4f}" in told[0]
    assert f"σ-VAE, reaches {sigma:.4f}" in told[0]
    assert sigma < ae < vae
    conv = [mean(summary, "test_mse", model, "conv") for model in TRAINED]
    assert max(conv[0], conv[2]) < conv[1]


def test_beta_is_told_with_what_it_pays_and_gets(told, summary):
    for beta in (4, 1, 0.01):
        row = chosen(summary, "vae", beta=beta)
        assert f"{row['test_kl_mean']:.1f} nats and {row['test_mse_mean']:.4f} at {beta}" in told[1]


def test_latent_sizes_are_told_from_end_to_end(told, summary):
    ae = [f"{mean(summary, 'test_mse', 'ae', latent_dim=size):.4f}" for size in (2, 16, 64)]
    vae = [f"{mean(summary, 'test_mse', 'vae', latent_dim=size):.4f}" for size in (2, 16, 64)]
    assert f"{', '.join(ae)} at 2, 16, 64" in told[2]
    assert f"the VAE up to 16 alone ({', '.join(vae)})" in told[2]
    assert min(vae) == vae[1]


def test_generation_is_told_for_both_ways_of_sampling(told, summary):
    mixture = [mean(summary, "frechet_mixture", model) for model in ("ae", "sigma_vae", "vae")]
    assert f"{mixture[0]:.2f} and {mixture[1]:.2f}, VAE {mixture[2]:.2f}" in told[3]
    assert max(mixture[:2]) < mixture[2]
    prior = {model: mean(summary, "frechet_prior", model) for model in TRAINED}
    assert f"from the prior the VAE's: {prior['vae']:.2f}" in told[3]
    assert min(prior, key=prior.__getitem__) == "vae"


def test_codes_are_told_beside_pca(told, summary):
    ae, vae, sigma = (100 * mean(summary, "latent_knn_accuracy", model) for model in TRAINED)
    pca = 100 * baseline(summary, "latent_knn_accuracy", "pca", 16)
    assert f"{ae:.1f} % and {sigma:.1f} %" in told[4]
    assert f"better than PCA's, {pca:.1f} %, and a VAE's, {vae:.1f} %" in told[4]
    assert vae < pca < min(ae, sigma)
