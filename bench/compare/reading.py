"""A run as `bench compare` sees it: from `run.json`, `results.csv` and the classifiers in `features/`."""

import csv
import dataclasses
import io
import json
from collections.abc import Mapping
from typing import Any

from bench import errors, foreign
from bench.ask import trial
from bench.ask.known import Known
from bench.ask.trial import Unit
from bench.keeping import tables
from bench.keeping.feature_network import FeatureNetwork
from bench.keeping.result import LARGEST
from bench.keeping.store import RunFolder
from bench.report.evidence.naming import settings_of

Settings = tuple[tuple[str, Any], ...]
"""Name and value of every setting of a configuration or baseline but the seed, options among them."""

NO_SEED = -1
MOST_BYTES = 2**28
_NUMBERS = {"latent_dim": int, "learning_rate": float, "batch_size": int, "epochs": int, "seed": int}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Side:
    """One of two runs.

    Attributes
    ----------
    name
        The path that was given.
    protocol
        Its version: numbers of two versions do not compare.
    data
        SHA-256 of each data set, by name.
    features
        By data set, the fingerprint of the classifier in whose features images were compared, if known.
    values
        For each configuration or baseline that ended well, each measure's values by seed, in the order of the
        table; a baseline has one, under `NO_SEED`.
    failed
        For each configuration or baseline that has some, the seeds that did not end well.
    """

    name: str
    protocol: int
    data: Mapping[str, str]
    features: Mapping[str, str]
    values: Mapping[Settings, Mapping[str, Mapping[int, float]]]
    failed: Mapping[Settings, frozenset[int]]

    def ended_well(self, settings: Settings) -> set[int]:
        """The seeds of a configuration that have numbers."""
        return {seed for by_seed in self.values.get(settings, {}).values() for seed in by_seed}

    @property
    def backends(self) -> set[str]:
        """Those it ran on."""
        return {dict(settings)["backend"] for settings in self.values if "backend" in dict(settings)}

    def without_backend(self) -> "Side":
        """The same, with configurations that do not say on which backend: there has to be one only."""
        values = {_without_backend(settings): found for settings, found in self.values.items()}
        failed = {_without_backend(settings): seeds for settings, seeds in self.failed.items()}
        return dataclasses.replace(self, values=values, failed=failed)


def _without_backend(settings: Settings) -> Settings:
    return tuple(pair for pair in settings if pair[0] != "backend")


def read(folder: RunFolder) -> Side:
    """Read a run.

    Raises
    ------
    RunFolderError
        If this is no run folder, its record is damaged, or it has no `results.csv` that can be read.
    """
    run, path = folder.read_record(), folder.path / "results.csv"
    remedy = f"write it with: python -m bench report {folder.path}"
    cards = folder.cards
    values: dict[Settings, dict[str, dict[int, float]]] = {}
    failed: dict[Settings, frozenset[int]] = {}

    def damaged(problem: str) -> errors.RunFolderError:
        return errors.RunFolderError(f"{path} cannot be read ({problem}); {remedy}")

    try:
        content = foreign.read_bytes(path, most=MOST_BYTES)
    except FileNotFoundError:
        raise errors.RunFolderError(f"{folder.path} has no results.csv to compare; {remedy}") from None
    except OSError as error:
        raise damaged(error.strerror or str(error)) from None
    with foreign.guarded(damaged):
        rows = csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""), strict=True)
        if missing := {"status", *tables.SETTINGS} - {*(rows.fieldnames or ())}:
            raise ValueError(f"no columns {', '.join(sorted(missing))}")
        for row in rows:
            settings, seed = tuple(settings_of(_unit(row, cards)).items()), int(row["seed"] or NO_SEED)
            if row["status"] == "ok":
                _add(values.setdefault(settings, {}), seed, row)
            else:
                failed[settings] = failed.get(settings, frozenset()) | {seed}
    # Named as in the table, which has written out what is no character.
    data = {foreign.visible(name): about["sha256"] for name, about in run["datasets"].items()}
    return Side(
        name=str(folder.path),
        protocol=run["protocol"],
        data=data,
        features={name: found for name, sha256 in data.items() if (found := _features(folder, sha256))},
        values=values,
        failed=failed,
    )


def _features(folder: RunFolder, sha256: str) -> str:
    content = folder.features(sha256)
    return FeatureNetwork.from_bytes(content).fingerprint if FeatureNetwork.is_whole(content) else ""


def _add(measures: dict[str, dict[int, float]], seed: int, row: Mapping[str, str]) -> None:
    for name in (*tables.QUALITY, *tables.GENERATION):
        if row.get(name) and abs(value := float(row[name])) <= LARGEST:
            measures.setdefault(name, {})[seed] = value


def _unit(row: Mapping[str, str], cards: Known) -> Unit:
    known = {name: tables.meant(row[name]) for name in tables.SETTINGS if row[name] and name != "options"}
    typed = {name: _NUMBERS.get(name, str)(value) for name, value in known.items()}
    return trial.from_settings({**typed, "options": json.loads(row["options"] or "{}")}, cards)
