"""What `docs/peers.md` says of two other libraries, from the published run and what is beside the page."""

import pathlib

import numpy as np
import pandas as pd
import pytest
from scipy import stats

ROOT = pathlib.Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "peers.md").read_text(encoding="utf-8")
LIBRARIES = ("pythae", "autoencoders")
FAMILIES = {"VAE, β 2": "vae", "RAE-L2": "rae_l2", "WAE-MMD": "wae_mmd", "β-TC-VAE": "beta_tc_vae"}
MEASURES = {
    "test_mse": 5,
    "test_kl": 2,
    "latent_knn_accuracy": 3,
    "frechet_prior": 2,
    "frechet_mixture": 2,
}
"""In the order of the columns, with their digits."""


@pytest.fixture(scope="module")
def results() -> pd.DataFrame:
    found = pd.read_csv(ROOT / "reports" / "peers" / "results.csv")
    return found.replace({"model": {"rae": "rae_l2"}})


def line(*cells: str) -> str:
    return "|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|"


def quality(rows: pd.DataFrame, label: str) -> str:
    """A mean over seeds and half the width of its 95 % interval, of each measure."""
    cells = []
    for name, digits in MEASURES.items():
        values = rows[name].dropna()
        told = f"{values.mean():.{digits}f}" if len(values) else ""
        if len(values) > 1:
            half = stats.t.ppf(0.975, len(values) - 1) * values.std() / np.sqrt(len(values))
            told += f" ± {half:.{digits}f}"
        cells.append(told)
    return line(label, str(len(rows)), *cells)


def qualities(results: pd.DataFrame) -> list[str]:
    found = []
    for label, name in FAMILIES.items():
        for whose, model in {"ours": name, **{one: f"{one}_matched_{name}" for one in LIBRARIES}}.items():
            rows = results[results["model"] == model]
            if len(rows):
                found.append(quality(rows, f"{label}, {whose}"))
    return found


def differences(results: pd.DataFrame) -> list[str]:
    """Theirs less ours in per cent of ours, with Welch's 95 % interval, where both have seeds."""
    found = []
    for label, name in FAMILIES.items():
        for library in LIBRARIES:
            cells = []
            for measure in ("test_mse", "test_kl"):
                ours, theirs = (
                    results.loc[results["model"] == model, measure].dropna()
                    for model in (name, f"{library}_matched_{name}")
                )
                if min(len(ours), len(theirs)) < 2:
                    cells.append("")
                    continue
                interval = stats.ttest_ind(theirs, ours, equal_var=False).confidence_interval()
                numbers = (theirs.mean() - ours.mean(), interval.low, interval.high)
                change, low, high = (100 * number / ours.mean() for number in numbers)
                cells.append(f"{change:+.1f} ({low:+.1f} to {high:+.1f})")
            if any(cells):
                found.append(line(f"{label}, {library}", *cells))
    return found


def seconds() -> list[str]:
    """Ratios of medians over the trainings of theirs and of ours with the same seeds."""
    table = pd.read_csv(ROOT / "docs" / "peers" / "seconds.csv")
    medians = table.groupby(["model", "library"])["processor_seconds"].median()
    counts = table.groupby(["model", "library"])["seed"].nunique()
    return [
        line(
            label,
            str(counts[name, "ours"]),
            f"{medians[name, 'ours']:.0f}",
            *(
                f"{medians[name, one] / medians[name, 'ours']:.2f}" if (name, one) in medians else ""
                for one in LIBRARIES
            ),
        )
        for label, name in FAMILIES.items()
    ]


@pytest.mark.parametrize("made", [qualities, differences], ids=lambda made: made.__name__)
def test_each_line_of_a_table_is_what_the_published_run_says(made, results):
    for told in made(results):
        assert told in TEXT, told


def test_seconds_are_ratios_of_medians():
    for told in seconds():
        assert told in TEXT, told


def test_each_row_of_the_run_is_on_the_page(results):
    models = {name for name in results["model"] if name not in ("mean", "pca")}
    assert len(qualities(results)) == len(models)


def test_what_was_seen_of_one_seed_alone_is_told():
    found = pd.read_csv(ROOT / "docs" / "peers" / "quality.csv").set_index(["model", "library", "seed"])
    rows = {library: found.loc["beta_tc_vae", library, 0] for library in LIBRARIES}
    told = (
        f"MSE {rows['pythae']['test_mse']:.4f} and {rows['autoencoders']['test_mse']:.4f}, "
        f"KL {rows['pythae']['test_kl']:.2f} and {rows['autoencoders']['test_kl']:.2f}"
    )
    assert told in TEXT
    for measure in ("test_mse", "test_kl"):
        assert abs(rows["autoencoders"][measure] / rows["pythae"][measure] - 1) < 0.01
    widths = [found.loc["wae_mmd", library, 0]["code_deviation"] for library in reversed(LIBRARIES)]
    assert "deviation of {:.2f} instead of the prior's 1, and pythae's {:.2f} (".format(*widths) in TEXT
