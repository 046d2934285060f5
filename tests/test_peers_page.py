"""What `docs/peers.md` says of two other libraries, from the numbers beside the page."""

import pathlib

import numpy as np
import pandas as pd
from scipy import stats

DOCS = pathlib.Path(__file__).parents[1] / "docs"
TEXT = (DOCS / "peers.md").read_text(encoding="utf-8")
LIBRARIES = ("pythae", "autoencoders")
FAMILIES = {"VAE, β 2": "vae", "WAE-MMD": "wae_mmd", "β-TC-VAE": "beta_tc_vae", "RAE-L2": "rae_l2"}


def read(name: str) -> pd.DataFrame:
    found = pd.read_csv(DOCS / "peers" / name)
    return found[(found["settings"] == "matched") & (found["seed"] == 0)].set_index(["model", "library"])


def lines() -> dict[str, tuple[str, list[float], dict[str, float]]]:
    """The cells of a line by its label, ours over seeds, and theirs."""
    found = pd.read_csv(DOCS / "peers" / "quality.csv")
    made = {}
    for label, model in FAMILIES.items():
        for title, measure, digits in (("MSE", "test_mse", 4), ("KL", "test_kl", 2)):
            of_model = found[found["model"] == model].dropna(subset=measure)
            if not len(of_model):
                continue
            ours = of_model.loc[of_model["library"] == "ours", measure].tolist()
            theirs = of_model[of_model["library"] != "ours"].set_index("library")[measure].to_dict()
            told = [f"{theirs[name]:.{digits}f}" if name in theirs else "" for name in LIBRARIES]
            first = ""
            if ours:
                low, high = predicted(ours)
                first = f"{np.mean(ours):.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"
            made[f"{label}: {title}"] = (" | ".join([first, *told]), ours, theirs)
    return made


def predicted(values: list[float]) -> tuple[float, float]:
    """Where one more lies with 95 %, of normal values."""
    count = len(values)
    half = stats.t.ppf(0.975, count - 1) * np.std(values, ddof=1) * np.sqrt(1 + 1 / count)
    return np.mean(values) - half, np.mean(values) + half


def test_errors_and_divergences_are_those_of_the_table():
    for label, (cells, _, _) in lines().items():
        line = f"| {label} | {cells} |"
        while "|  |" in line:
            line = line.replace("|  |", "| |")
        assert line in TEXT, line


def test_each_of_theirs_lies_where_another_seed_of_ours_would():
    held = [(ours, value) for _, ours, theirs in lines().values() if ours for value in theirs.values()]
    assert len(held) == 5
    for ours, value in held:
        low, high = predicted(ours)
        assert low < value < high


def test_both_beta_tc_vaes_come_as_near_as_is_said():
    for measure in ("MSE", "KL"):
        one, other = lines()[f"β-TC-VAE: {measure}"][2].values()
        assert abs(other / one - 1) < 0.01


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
