"""The tables of `docs/families-measured.md` are those of the published run, and its numbers, too."""

import pathlib

import pytest

from tests import family_table

PAGE = (pathlib.Path(__file__).parents[1] / "docs" / "families-measured.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def found():
    return family_table.summary()


def test_the_table_is_that_of_the_published_run(found):
    assert "\n".join(family_table.table(found)) in PAGE


def test_what_is_said_to_lose_to_pca_and_to_have_the_best_prior_does(found):
    of = found.set_index("model")
    is_model = found["architecture"].notna()
    worse = found[is_model & (found["test_mse_mean"] > of.loc["pca", "test_mse_mean"])]["model"]
    assert set(worse) == {"dip_vae", "beta_tc_vae", "capacity_vae", "info_vae"}
    assert "**Four models have no lower MSE than PCA" in PAGE
    best = found[is_model].sort_values("frechet_prior_mean")["model"].head(2)
    assert set(best) == {"vamp", "mog_prior"}
    assert "**The prior is best where it is learned**" in PAGE


def test_the_weight_of_the_likelihood_moves_the_vae_by_what_is_said(found):
    vae = {
        float(family_table.settings(row)["beta"]): row
        for _, row in found[(found["model"] == "vae") & (found["loss"] == "mse")].iterrows()
    }
    assert sorted(vae) == [0.01, 0.1, 0.25, 1.0]
    low, high = vae[0.01], vae[1.0]
    assert f"MSE falls by {100 * (1 - low['test_mse_mean'] / high['test_mse_mean']):.0f} %" in PAGE
    assert f"from {high['test_kl_mean']:.0f} to {low['test_kl_mean']:.0f} nats" in PAGE
    assert f"a VAE uses {high['active_units_mean']:.1f} of 16 dimensions" in PAGE
    errors = [vae[beta]["test_mse_mean"] for beta in sorted(vae)]
    assert errors == sorted(errors)
    assert min(vae, key=lambda beta: vae[beta]["frechet_prior_mean"]) == 1.0
