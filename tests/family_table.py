"""Prints the tables of `docs/families-measured.md`, from a run of the grid `families-once` that is published.

    python -m tests.family_table

A cell is the mean over seeds and the half width of its 95 % interval; empty where a measure is undefined.
"""

import json
import math
import pathlib
from collections.abc import Iterator

import pandas as pd

KEYS = ("loss", "beta", "sigma", "variance")
TELLING = {("vae", "beta"), ("sigma_vae", "sigma"), ("linear_vae", "beta"), ("linear_vae", "variance")}
RUN = pathlib.Path(__file__).parents[1] / "reports" / "families"
COLUMNS = {
    "MSE": ("test_mse", 4),
    "KL, nats": ("test_kl", 1),
    "ELBO": ("test_elbo", 1),
    "IW bound": ("test_iw_bound", 1),
    "FD, reconstructions": ("frechet_reconstructed", 2),
    "FD, mixture": ("frechet_mixture", 2),
    "FD, prior": ("frechet_prior", 2),
    "5-NN": ("latent_knn_accuracy", 3),
    "linear": ("latent_accuracy", 3),
}


def summary(run: pathlib.Path = RUN) -> pd.DataFrame:
    """A row a configuration, in the order of the MSE; models before baselines of the same MSE."""
    return pd.read_csv(run / "summary.csv").sort_values("test_mse_mean", kind="stable")


def name(row: pd.Series) -> str:
    """A model and what of its settings tells it from others here: `vae, beta 0.1`."""
    options = settings(row)
    told = [f"{key} {options[key]}" for key in KEYS if _tells(row["model"], key, options)]
    return ", ".join((f"`{row['model']}`", *told))


def settings(row: pd.Series) -> dict:
    """What is known of a configuration beside its model: its options, and its loss."""
    known = {key: row[key] for key in KEYS if key in row and isinstance(row[key], str)}
    return {**(json.loads(row["options"]) if isinstance(row["options"], str) else {}), **known}


def _tells(model: str, key: str, options: dict) -> bool:
    if key == "loss":
        return options.get("loss") == "bce" and model == "vae"
    return key in options and (model, key) in TELLING


def cell(row: pd.Series, column: str, digits: int) -> str:
    """`0.0123 ±0.0004`, or the value alone where there is one."""
    mean, low, high = (row[f"{column}_{end}"] for end in ("mean", "low", "high"))
    if math.isnan(mean):
        return ""
    half = (high - low) / 2
    return f"{mean:.{digits}f}" + ("" if not half > 0 else f" ±{half:.{digits}f}")


def table(found: pd.DataFrame) -> Iterator[str]:
    """Lines of Markdown."""
    yield "| model | " + " | ".join(COLUMNS) + " |"
    yield "|---|" + "---:|" * len(COLUMNS)
    for _, row in found.iterrows():
        cells = (cell(row, column, digits) for column, digits in COLUMNS.values())
        yield f"| {name(row)} | " + " | ".join(cells) + " |"


if __name__ == "__main__":
    print("\n".join(table(summary())))
