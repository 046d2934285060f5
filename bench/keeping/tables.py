"""`results.csv`, `summary.csv` and `timings.csv`: formats that other people's scripts read."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from bench import foreign, measures, statistics
from bench.ask.trial import Trial, canonical_json
from bench.keeping import networks
from bench.keeping.result import WHOLE, Result
from bench.measures import generation

SETTINGS = tuple(
    "dataset backend model architecture latent_dim activation loss optimizer learning_rate batch_size "
    "epochs seed options".split()
)
QUALITY = tuple(
    "test_mse test_psnr test_ssim test_bce test_kl test_elbo active_units latent_accuracy "
    "latent_knn_accuracy".split()
)
GENERATION = tuple(
    one.name for one in measures.of_task("generation") if one.name not in generation.LATER
)  # old runs keep their bytes
COST = ("fit_seconds", "epoch_seconds", "peak_memory_mb")

COLUMNS = ("trial", "status", *SETTINGS, "best_epoch", "parameters", *QUALITY, *GENERATION, *COST, "error")

TIMINGS = (
    *networks.FIELDS,
    *(
        column
        for name in measures.TIMES
        for column in ((name,) if name == "compile_seconds" else (name, f"{name}_q1", f"{name}_q3"))
    ),
)

CONFIGURATION = tuple(name for name in SETTINGS if name != "seed")
INTEGERS = ("latent_dim", "batch_size", "epochs", "seed", *WHOLE)


def row(result: Result) -> dict[str, Any]:
    """Settings and measures of a result under one roof; `options` is canonical JSON."""
    settings = result.unit.settings()
    if "options" in settings:
        settings["options"] = canonical_json(settings["options"])
    return {
        "trial": result.unit.key,
        "status": result.status,
        **settings,
        **result.measures,
        "error": result.error or None,
    }


def frame(results: Sequence[Result]) -> pd.DataFrame:
    """One row a result with all its measures, the contract's columns first."""
    table = pd.DataFrame([row(result) for result in results])
    extra = [name for name in table.columns if name not in COLUMNS]
    table = table.reindex(columns=[*COLUMNS, *extra])
    return table.astype({name: "Int64" for name in INTEGERS})


_FORMULA = re.compile(
    r"'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]"
)  # the last four are full-width forms of the first


def inert(value: Any) -> Any:
    """A value as it may stand in a CSV file: a spreadsheet takes `=cmd|...` for a formula, and runs it.

    A text that begins like one gets an apostrophe before it, which spreadsheets take for "this is text";
    `meant` takes it away again. Control characters and bytes that are not UTF-8 are written out. A number is
    none of these and stays as it is, -1.5 too.
    """
    if not isinstance(value, str):
        return value
    return foreign.visible(f"'{value}" if _FORMULA.match(value) else value)


def meant(cell: str) -> str:
    """The text that `inert` has made this cell of."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def _csv(table: pd.DataFrame, **options: Any) -> str:
    """Its texts inert; its columns keep their names and their order, which are a contract."""
    texts = {
        name: column.map(inert)
        for name, column in table.items()
        if not pd.api.types.is_numeric_dtype(column.dtype)
    }
    return table.assign(**texts).rename(columns=inert).to_csv(index=False, lineterminator="\n", **options)


def results_csv(results: Sequence[Result]) -> str:
    """`results.csv`: the contract's columns in the contract's order, empty where they do not apply."""
    return _csv(frame(results)[list(COLUMNS)])


def summary(results: Sequence[Result]) -> pd.DataFrame:
    """One row a configuration or baseline: `n` seeds, and mean, low and high of each measure.

    Only trials that ended well count; `low` and `high` are empty where one seed gives no interval.
    """
    table = frame([result for result in results if result.status == "ok"])
    known = {"trial", "status", "seed", "error", *CONFIGURATION}
    measures = [name for name in table.columns if name not in known and table[name].notna().any()]
    rows = []
    for settings, group in table.groupby(list(CONFIGURATION), dropna=False, sort=False):
        entry: dict[str, Any] = {**dict(zip(CONFIGURATION, settings, strict=True)), "n": len(group)}
        values = group[measures].to_numpy(dtype=float, na_value=np.nan)  # (seeds, measures)
        for name, column in zip(measures, values.T, strict=True):
            interval = statistics.mean_interval(column[~np.isnan(column)].tolist())
            entry |= {
                f"{name}_mean": interval.mean,
                f"{name}_low": interval.low,
                f"{name}_high": interval.high,
            }
        rows.append(entry)
    columns = [f"{name}_{part}" for name in measures for part in ("mean", "low", "high")]
    return pd.DataFrame(rows, columns=[*CONFIGURATION, "n", *columns])


def summary_csv(results: Sequence[Result]) -> str:
    """`summary.csv`, its numbers to twelve digits: as many as every machine gives alike."""
    return _csv(summary(results), float_format="%.12g")


def snapshots_csv(results: Sequence[Result]) -> str:
    """`snapshots.csv`: a row a trial and epoch of a snapshot, and one for its end.

    Empty where no trial has any.
    """
    rows = []
    for result in results:
        ends = {str(result.unit.epochs): result.measures} if isinstance(result.unit, Trial) else {}
        for epoch, found in {**result.snapshots, **ends}.items() if result.snapshots else ():
            settings = {name: value for name, value in row(result).items() if name in SETTINGS}
            rows.append({"trial": result.unit.key, **settings, "epoch": int(epoch), **found})
    return _csv(pd.DataFrame(rows).dropna(axis="columns", how="all")) if rows else ""


def timings_csv(times: Iterable[Mapping[str, Any]]) -> str:
    """`timings.csv`: one row a network, its settings, then its times in seconds.

    Where some network has options that change its cost, they are the last column, as canonical JSON.

    Each time is a median, followed by its quartiles `_q1` and `_q3`, but for `compile_seconds`, which is
    measured once. They were measured with nothing else running.
    """
    rows = [{**row, "options": canonical_json(row.get("options", {}))} for row in times]
    with_options = any(row["options"] != "{}" for row in rows)
    return _csv(pd.DataFrame(rows, columns=[*TIMINGS, *(["options"] if with_options else [])]))
