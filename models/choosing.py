"""Which trained model of a run folder is meant by a few words: `best vae dense`.

Only JSON is read, and nothing of `bench` is asked, so that models can be taken away with their runs.
"""

import json
import pathlib
import re
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NamedTuple

from .catalogue import ARCHITECTURES, MODELS

BEST = "best"
MOST_NAMED = 6
_KEY = re.compile("[0-9a-f]{12}")
_MOST_BYTES = 2**26
# What changes no objective: losses compare where all but these are equal.
_BESIDE = {"backend", "architecture", "latent_dim", "activation", "optimizer", "learning_rate", "batch_size"}
_BESIDE |= {
    "epochs",
    "seed",
    "precision",
    "schedule",
    "patience",
    "keep",
    "snapshots",
    "optimizer_options",
    "output_bias",
    "train_images",
    "bound_samples",
    "bound_images",
}
_CALLED = {
    "latent": "latent_dim",
    "lr": "learning_rate",
    "batch": "batch_size",
    "\N{GREEK SMALL LETTER BETA}": "beta",
}


class Trained(NamedTuple):
    """A trial that ended well."""

    key: str
    settings: Mapping[str, Any]  # options among them
    measures: Mapping[str, Any]
    path: pathlib.Path

    @property
    def objective(self) -> Hashable:
        """What is minimised, and of which images: validation losses compare where this is equal."""
        card = ARCHITECTURES.get(self.settings["architecture"])
        beside = _BESIDE | set(card.named_options if card else ())
        return tuple(
            sorted((name, str(value)) for name, value in self.settings.items() if name not in beside)
        )

    def number(self, name: str) -> float | None:
        """One of its measures, if it has a number."""
        value = self.measures.get(name)
        return value if isinstance(value, int | float) and abs(value) < 1e300 else None


def find(folder: pathlib.Path, words: str) -> pathlib.Path:
    """The model file that is meant.

    Parameters
    ----------
    folder
        A run folder.
    words
        The key of a trial; or `best` and what is to hold of it: values (`vae`, `dense`, `gelu`), or settings
        (`latent 8`, `beta=4`, `seed=1`). The best of one objective has the lowest validation loss; of the
        best of several objectives, whose losses do not compare, it has the lowest squared error on
        validation images. Test images choose nothing.

    Raises
    ------
    ValueError
        In one line, if nothing matches or the model that is meant was not saved, with what there is.
    """
    return choose(folder, words)[0]


def choose(folder: pathlib.Path, words: str) -> tuple[pathlib.Path, str]:
    """The same, and by what it was chosen among several; empty where there was one."""
    trials = _trials(folder)
    if not trials:
        for word in words.casefold().split():
            _refuse_external(folder, words, word)
        raise ValueError(_none(folder))
    wanted = [one for one in trials if one.key == words.strip()] or _matching(folder, trials, words)
    chosen, by = _best(folder, wanted, words)
    if not chosen.path.is_file():
        raise ValueError(
            f"{folder}: {words!r} is trial {chosen.key} ({_name(chosen, trials)}), "
            f"whose model was not saved; {_saved(trials)}; "
            "or run the same command again with --save-models all --fresh"
        )
    return chosen.path, by


def _matching(folder: pathlib.Path, trials: Sequence[Trained], words: str) -> list[Trained]:
    wanted = _parsed(folder, trials, words)
    found = [one for one in trials if all(_has(one, name, value) for name, value in wanted)]
    if not found:
        raise ValueError(f"{folder}: no trial is {words!r}, though some have each of these; {_saved(trials)}")
    return found


def _parsed(folder: pathlib.Path, trials: Sequence[Trained], words: str) -> list[tuple[str, str]]:
    """Settings with their values; where a value stands alone, the name is empty."""
    names = {name for one in trials for name in one.settings}
    found = []
    left = [word for word in re.split(r"[\s,]+", words.replace("=", " ").casefold()) if word]
    while left:
        word = left.pop(0)
        if word == "by":
            raise ValueError(
                f"{folder}: models are chosen by numbers of validation images alone, received {words!r}; "
                "leave out by and what follows"
            )
        name = _CALLED.get(word, word)
        pair = (name, left.pop(0) if left else "") if name in names else ("", word)
        if word == BEST:
            continue
        if not any(_has(one, *pair) for one in trials):
            _refuse_external(folder, words, word)
            raise ValueError(f"{folder}: no trial has {' '.join(filter(None, pair))!r}; {_saved(trials)}")
        found.append(pair)
    return found


def _refuse_external(folder: pathlib.Path, words: str, word: str) -> None:
    """Say so where it is an external coder that is meant: `coders` in `run.json` are."""
    coders = _json(folder / "run.json").get("coders")
    named = [name for name in coders if word in name.casefold().split()] if isinstance(coders, dict) else []
    if named:
        name = next((one for one in named if one.casefold() in words.casefold()), named[0])
        raise ValueError(
            f"{folder}: {name!r} is an external coder, whose model is not kept here: it is where its file, "
            "which run.json names, loads it from"
        )


def _has(trial: Trained, name: str, word: str) -> bool:
    if name:
        return name in trial.settings and _is(trial.settings[name], word)
    texts = [value for value in trial.settings.values() if isinstance(value, str)]
    card = MODELS.get(trial.settings["model"])
    return any(_is(value, word) for value in [*texts, *([card.label] if card else [])])


def _is(value: Any, word: str) -> bool:
    if isinstance(value, str):
        return value.casefold() == word
    try:
        return float(value) == float(word)
    except (TypeError, ValueError):
        return False


def _best(folder: pathlib.Path, trials: Sequence[Trained], words: str) -> tuple[Trained, str]:
    """That with the lowest validation loss; of several objectives, whose best has the lowest error."""
    if len(trials) == 1:
        return trials[0], ""
    if len(sets := {str(one.settings["dataset"]) for one in trials}) > 1:
        raise ValueError(
            f"{folder}: {words!r} is on several data sets, whose numbers do not compare; "
            f"add one of {', '.join(sorted(sets))}"
        )
    groups: dict[Hashable, list[Trained]] = {}
    for one in trials:
        groups.setdefault(one.objective, []).append(one)
    winners = [_lowest(group, "validation_loss") for group in groups.values()]
    found = winners[0] if len(winners) == 1 else _lowest([one for one in winners if one], "validation_mse")
    if found is None:
        raise ValueError(
            f"{folder}: which is {words!r} cannot be told, as numbers on validation images are missing; "
            f"{_saved(trials)}"
        )
    return found, "lowest validation loss" if len(winners) == 1 else "lowest MSE on validation images"


def _lowest(trials: Sequence[Trained], measure: str) -> Trained | None:
    found = [(value, one) for one in trials if (value := one.number(measure)) is not None]
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _trials(folder: pathlib.Path) -> list[Trained]:
    """Those of the run that ended well; what is damaged, or no trial of this run, is passed over."""
    record = _json(folder / "run.json")
    units = record.get("units") if isinstance(record.get("units"), list) else []
    found = []
    for path in sorted(folder.glob("trials/*/result.json")):
        result = _json(path)
        settings, measures = result.get("settings"), result.get("measures")
        if not (isinstance(settings, dict) and isinstance(measures, dict) and "architecture" in settings):
            continue
        if result.get("status") != "ok" or not _KEY.fullmatch(path.parent.name):
            continue
        if units and settings not in units:
            continue
        options = settings.get("options")
        flat = {name: value for name, value in settings.items() if name != "options"}
        flat |= options if isinstance(options, dict) else {}
        if {"model", "dataset"} <= flat.keys():
            found.append(Trained(path.parent.name, flat, measures, path.parent / "model.keras"))
    return found


def _json(path: pathlib.Path) -> dict[str, Any]:
    try:
        if not path.is_file() or path.stat().st_size > _MOST_BYTES:  # a pipe would be waited for
            return {}
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _none(folder: pathlib.Path) -> str:
    if (folder / "trials.zip").exists():
        return (
            f"{folder} is a published run, which has no models: run the command in its run.json, "
            "and load from the folder of that run"
        )
    return (
        f"expected a run folder with finished trials, received {str(folder)!r}; "
        "correct the path, or give that of a .keras file alone"
    )


def _saved(trials: Sequence[Trained]) -> str:
    kept = [one for one in trials if one.path.is_file()]
    names = [f"{_name(one, trials)} ({one.key})" for one in kept[:MOST_NAMED]]
    more = f" and {len(kept) - MOST_NAMED} more" if len(kept) > MOST_NAMED else ""
    return f"saved are {'; '.join(names)}{more}" if kept else "no model was saved"


def _name(trial: Trained, trials: Sequence[Trained]) -> str:
    """In words that `find` takes: what tells it from other trials of the run."""
    settings = trial.settings
    shown = {"model", "architecture", "latent_dim"}
    more = [
        f"{name}={value}"
        for name, value in settings.items()
        if name not in shown and any(one.settings.get(name, value) != value for one in trials)
    ]
    text = " ".join(
        [str(settings["model"]), str(settings["architecture"]), f"latent {settings.get('latent_dim')}", *more]
    )
    return "".join(letter if letter.isprintable() else "?" for letter in text)
