"""`run.json`, read: the record of a run, and the trials and baselines that it names."""

import dataclasses
import json
import os
import pathlib
from collections.abc import Mapping
from typing import Any, get_args

from bench import errors, foreign
from bench.ask import axes, known, published
from bench.ask.known import Known
from bench.ask.trial import PROTOCOL_VERSION, READ_PROTOCOLS, Trial, Unit, from_settings
from bench.keeping import shape
from bench.measures import measure

NAME = "run.json"
PACKED = "trials.zip"
MOST_BYTES = 2**26
_LONGEST_PATH = 4096

_MACHINE = shape.record(
    {},
    {
        "thread_bounds": shape.by_name(shape.maybe(shape.text)),
        "other_versions": shape.each(shape.text),
        "memory_gb": shape.maybe(shape.number),
    },
)
_GIT = shape.record({"commit": shape.like("[0-9a-f]{7,64}", "a commit"), "dirty": shape.flag})
_WHERE = {
    "git": shape.maybe(_GIT),
    "versions": shape.by_name(shape.text),
    "machine": _MACHINE,
    "machines": shape.by_name(_MACHINE),
}
_SESSION = shape.record(
    {"command": shape.text, "started": shape.maybe(shape.time), "finished": shape.maybe(shape.time)},
    {**_WHERE, "save_models": shape.like("best|all|none", "best, all or none"), "trials_run": shape.count},
)
_DATASET = shape.record(
    {"sha256": shape.SHA256, "image_shape": shape.each(shape.count), "images": shape.by_name(shape.count)},
    {
        "classes": shape.each(shape.text),
        "novel": shape.count,
        "understood": shape.text,
        "checked": shape.text,
    },
)
_GRID = shape.record({}, {"name": shape.text, "description": shape.text, "changed": shape.flag})
_NAME = shape.like(known.NAME, "a name of letters, digits and _")
_WORDS = shape.line(known.LONGEST)
_VALUE = shape.either(shape.number, _WORDS)
_RESERVED = {field.name for field in dataclasses.fields(Trial)} | axes.SHARED_OPTIONS.keys()


def _option_name(value: Any) -> None:
    _NAME(value)
    if value in _RESERVED:
        raise shape.WrongShapeError(f"expected an option of a model, received the setting {value!r}")


_OPTION = shape.record(
    {"name": _option_name, "default": _VALUE},
    {
        **dict.fromkeys(("minimum", "maximum"), shape.maybe(shape.number)),
        "known": shape.each(_WORDS),
        **dict.fromkeys(("text", "source"), _WORDS),
        "cost": shape.like("step", "step, or nothing"),
        "told": shape.like("changed", "changed, or nothing"),
    },
)
_CARD = shape.record(
    {"name": _NAME, "title": _WORDS, "options": shape.each(_OPTION)},
    {
        "paper": _WORDS,
        "label": _WORDS,
        "plugin": shape.SHA256,
        "defaults": shape.by_name(_VALUE),
        "changes": shape.like("all|train", "all or train"),
        "against": shape.like(f"({known.NAME})?", "the name of a model, or nothing"),
        "linear": shape.like("(fixed|fitted)?", "fixed, fitted, or nothing"),
    },
)


def _digits(value: Any) -> None:
    shape.count(value)
    if value > measure.MOST_DIGITS:
        raise shape.WrongShapeError(f"expected 0 to {measure.MOST_DIGITS} digits, received {value}")


_TABLE = shape.like("[a-z]{1,20}", "a table")
_MEASURE = shape.record(
    {
        "name": shape.like(measure.NAME, "the name of a measure"),
        "label": _WORDS,
        "better": shape.like("|".join(get_args(measure.Better)), "lower, higher, or nothing"),
        "text": _WORDS,
    },
    {
        **dict.fromkeys(("unit", "paper", "of_validation", "purpose"), _WORDS),
        "digits": _digits,
        "shown": shape.like("|".join(get_args(measure.Shown)), "how it is shown"),
        "scale": shape.like("|".join(get_args(measure.Scale)), "log, or nothing"),
        "validation": shape.like(f"({measure.NAME})?", "the name of a measure, or nothing"),
        "tables": shape.each(_TABLE),
        "is_array": shape.flag,
    },
)
_TASK = shape.record({"measures": shape.each(_MEASURE)}, {})


def _task(value: Any) -> None:
    _CARD(value)
    _TASK(value)


_CARDS = shape.record(
    {},
    {**dict.fromkeys(("models", "architectures", "views"), shape.each(_CARD)), "tasks": shape.each(_task)},
)
_ROW = shape.line(published.LONGEST)
_PUBLISHED = shape.record(
    {
        **dict.fromkeys(("title", "why", "source"), _ROW),
        "where": shape.by_name(_VALUE),
        "quantity": _NAME,
        "value": shape.number,
        "confirmed": shape.flag,
        **dict.fromkeys(("cpu_minutes", "gpu_minutes"), shape.positive),
    },
    {
        **dict.fromkeys(("bar", "tolerance"), shape.maybe(shape.positive)),
        **dict.fromkeys(("bar_of", "differs"), _ROW),
        "bar_confirmed": shape.flag,
        "keys": shape.by_name(shape.each(shape.KEY)),
        "beside": shape.either(shape.like("", "a key, or nothing"), shape.KEY),
    },
)
_CODER = shape.record(
    {"file": shape.line(_LONGEST_PATH), "sha256": shape.SHA256, "coder": _WORDS},
    dict.fromkeys(("library", "title"), _WORDS),
)
_OF_ANY_PROTOCOL = shape.record(
    {"protocol": shape.whole, "datasets": shape.by_name(shape.record({"sha256": shape.SHA256}))}
)
RUN = shape.record(
    {
        "protocol": shape.whole,
        "grid": _GRID,
        "command": shape.text,
        "units": shape.each(shape.record({"dataset": shape.text, "model": shape.text})),
        "datasets": shape.by_name(_DATASET),
        "sessions": shape.each(_SESSION),
    },
    {
        **_WHERE,
        "backend": shape.like("[a-z]+(,[a-z]+)*", "backends"),
        "left_out": shape.each(shape.text),
        "started": shape.maybe(shape.time),
        "finished": shape.maybe(shape.time),
        "features": shape.by_name(shape.number),
        "classifiers": shape.by_name(shape.text),
        "second_features": shape.by_name(shape.number),
        "second_classifiers": shape.by_name(shape.text),
        "plugins": shape.by_name(shape.SHA256),
        "cards": _CARDS,
        "published": shape.each(_PUBLISHED),
        "coders": shape.by_name(_CODER),
    },
)
"""What the program writes, and what it reads without asking again."""


def read(folder: pathlib.Path) -> dict[str, Any]:
    """The record of a run.

    Raises
    ------
    RunFolderError
        If this is no run folder, its record is damaged, or its version of the protocol cannot be read.
    """
    run = read_any(folder)
    if run["protocol"] not in READ_PROTOCOLS:
        raise errors.RunFolderError(
            f"{folder} has protocol version {run['protocol']}, this program has {PROTOCOL_VERSION}; "
            "use the program's version that made it; a run of this version needs another folder (--output)"
        )
    return run


def read_any(folder: pathlib.Path) -> dict[str, Any]:
    """The record of a run, whatever version of the protocol it has.

    Raises
    ------
    RunFolderError
        If this is no run folder, or its record is damaged.
    """
    try:
        content = foreign.read_bytes(folder / NAME, most=MOST_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        raise _missing(folder) from None
    except OSError as error:
        raise _damaged(folder, error.strerror or str(error)) from None
    with foreign.guarded(lambda problem: _damaged(folder, problem)):
        run = json.loads(content.decode("utf-8"))
        _OF_ANY_PROTOCOL(run)
        if run["protocol"] in READ_PROTOCOLS:
            RUN(run)
    return dict(run)


def _missing(folder: pathlib.Path) -> errors.RunFolderError:
    if any(folder.glob("trials/*/result.json")):
        return errors.DamagedRecordError(
            f"{folder} has finished trials, and its {NAME} is gone; give the command of the run again, "
            f"with --output {folder}: it writes the file anew, and finished trials are kept"
        )
    return errors.RunFolderError(
        f"{folder} is not a run folder: expected a {NAME} in it; "
        "`python -m bench list runs` shows those in reports/"
    )


def _damaged(folder: pathlib.Path, problem: str) -> errors.DamagedRecordError:
    remedy = (
        "get the published run again"
        if os.path.exists(folder / PACKED)  # pathlib would raise for a name too long
        else "run the same command again: it writes the file anew, and finished trials are kept"
    )
    return errors.DamagedRecordError(
        f"{folder / NAME} cannot be read ({problem}); expected what `bench run` writes there; {remedy}"
    )


def units(folder: pathlib.Path) -> list[Unit]:
    """The trials and baselines of a run, in the order of its tables.

    Raises
    ------
    RunFolderError
        As `read`, or if a setting is none that this program knows.
    """
    run = read(folder)

    def unknown(problem: str) -> errors.RunFolderError:
        return errors.RunFolderError(
            f"{folder} has a trial with settings that this program does not know "
            f"({problem}); use the program's version that made it"
        )

    with foreign.guarded(unknown):
        cards = cards_of(run)
        made = (from_settings(settings, cards, run["protocol"]) for settings in run["units"])
        return [unit for unit in made if unit.key]


def cards_of(run: Mapping[str, Any]) -> Known:
    """What a record, of whatever version of the protocol, says of models and architectures.

    Raises
    ------
    WrongShapeError
        If it says it in another form.
    """
    _CARDS(content := run.get("cards", {}))
    return known.from_json(content)
