"""`run.json`, read: the record of a run, and the trials and baselines that it names."""

import json
import pathlib
from typing import Any

from bench import errors
from bench.trial import PROTOCOL_VERSION, Unit, from_settings

_PARTS = {"protocol", "grid", "command", "units", "datasets", "sessions"}  # else it is damaged


def read(folder: pathlib.Path) -> dict[str, Any]:
    """The record of a run.

    Raises
    ------
    RunFolderError
        If this is no run folder, its record is damaged, or it has another version of the protocol.
    """
    run = read_any(folder)
    if run["protocol"] != PROTOCOL_VERSION:
        raise errors.RunFolderError(
            f"{folder} has protocol version {run['protocol']}, this program has {PROTOCOL_VERSION}; "
            "use the program's version that made it, or run again with --fresh"
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
        run: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        if missing := _PARTS - set(run):
            raise KeyError(f"no {', '.join(sorted(missing))}")
    except FileNotFoundError:
        raise errors.RunFolderError(
            f"{folder} is not a run folder: expected a run.json in it; "
            "`python -m bench list runs` shows those in reports/"
        ) from None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise errors.DamagedRecordError(
            f"{folder / 'run.json'} cannot be read ({error}); expected what `bench run` writes there; "
            "run the same command again: it writes the file anew, and finished trials are kept"
        ) from None
    return run


def units(folder: pathlib.Path) -> list[Unit]:
    """The trials and baselines of a run, in the order of its tables.

    Raises
    ------
    RunFolderError
        As `read`, or if a setting is none that this program knows.
    """
    named = read(folder)["units"]
    try:
        return [unit for settings in named if (unit := from_settings(settings)).key]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise errors.RunFolderError(
            f"{folder} has a trial with settings that this program does not know "
            f"({errors.one_line(error)}); use the program's version that made it"
        ) from None
