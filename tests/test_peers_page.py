"""What `docs/peers.md` says of two other libraries, from the numbers beside the page."""

import pathlib

import pandas as pd

DOCS = pathlib.Path(__file__).parents[1] / "docs"
TEXT = (DOCS / "peers.md").read_text(encoding="utf-8")
LIBRARIES = ("pythae", "autoencoders")
FAMILIES = {"VAE, β 2": "vae", "WAE-MMD": "wae_mmd", "β-TC-VAE": "beta_tc_vae", "RAE-L2": "rae_l2"}


def read(name: str) -> pd.DataFrame:
    found = pd.read_csv(DOCS / "peers" / name)
    return found[(found["settings"] == "matched") & (found["seed"] == 0)].set_index(["model", "library"])


def test_errors_and_divergences_are_those_of_the_table():
    found = read("quality.csv")
    for label, model in FAMILIES.items():
        cells = []
        for measure, digits in (("test_mse", 4), ("test_kl", 2)):
            for library in LIBRARIES:
                value = found[measure].get((model, library), float("nan"))
                cells.append("" if pd.isna(value) else f"{value:.{digits}f}")
        assert f"| {label} | {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |") in TEXT


def test_two_libraries_of_one_objective_come_as_near_as_is_said():
    found = read("quality.csv")
    for model in ("vae", "beta_tc_vae"):
        one, other = (found.loc[(model, library)] for library in LIBRARIES)
        assert abs(other["test_mse"] / one["test_mse"] - 1) < 0.01
        assert abs(other["test_kl"] / one["test_kl"] - 1) < 0.02


def test_seconds_are_so_many_times_ours():
    found = read("seconds.csv")["processor_seconds"]
    for label, model in FAMILIES.items():
        ours = found[model, "ours"]
        cells = [
            f"{found[model, library] / ours:.2f}" if (model, library) in found else ""
            for library in LIBRARIES
        ]
        assert f"| {label} | {ours:.0f} | {' | '.join(cells)} |".replace("|  |", "| |") in TEXT


def test_codes_of_both_waes_are_as_wide_as_is_said():
    found = read("quality.csv")["code_deviation"]
    told = {"autoencoders": "a\n  deviation of 3.03 instead", "pythae": "pythae's 1.00 ("}
    for library, text in told.items():
        assert text in TEXT and f"{found['wae_mmd', library]:.2f}" in text
