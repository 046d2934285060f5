"""What changed since the last run of the same grid, for the report of a run: found beside it, by itself."""

import contextlib
import dataclasses
import itertools
import json
from collections.abc import Mapping
from typing import Any

from bench import errors
from bench.compare import change, formats, reading, verdicts
from bench.keeping.store import RunFolder
from bench.report.blocks.section import Blocks, Fold, Heading, text

MOST_BESIDE = 1000  # files and folders: where more lie is no place of runs
MOST_BYTES = 2_000_000  # of a table that is compared: some thousand trials
MOST_ROWS = 30
_SHOWN = (change.WORSE, change.BETTER)


def blocks(folder: RunFolder) -> Blocks:
    """A heading, a sentence and a fold; nothing where there is no such run, or it cannot be read.

    That of a published run is left as it is: what lies beside it is the reader's.
    """
    if folder.is_packed:
        return ()
    try:
        before = _last(folder)
        return () if before is None else _told(before, folder)
    except (errors.BenchError, OSError, ValueError, KeyError, TypeError):
        return ()  # a report is worth having without


def _last(folder: RunFolder) -> RunFolder | None:
    """The run beside this one that ended last before it began, of the same grid, data and protocol."""
    here, run = folder.path.resolve(), folder.read_run()
    found = {}
    beside = [*itertools.islice(here.parent.iterdir(), MOST_BESIDE + 1)]
    for other in map(RunFolder, beside if len(beside) <= MOST_BESIDE else ()):
        if other.path == here or not (other.path / "run.json").is_file():
            continue
        with contextlib.suppress(errors.BenchError, ValueError, KeyError, TypeError):
            record = other.read_run()
            ended = record.get("finished")
            is_small = all((one.path / "results.csv").stat().st_size < MOST_BYTES for one in (other, folder))
            if ended and ended <= run["started"] and _what(record) == _what(run) and is_small:
                found[ended] = other
    return found[max(found)] if found else None


def _what(run: Mapping[str, Any]) -> str:
    """The grid, the images and how they were measured."""
    data = {name: about["sha256"] for name, about in run["datasets"].items()}
    return json.dumps([run["grid"]["name"], run["protocol"], data], sort_keys=True)


def _told(before: RunFolder, after: RunFolder) -> Blocks:
    # By their names: where folders lie is the reader's business.
    sides = [dataclasses.replace(reading.read(one), name=one.path.resolve().name) for one in (before, after)]
    found = verdicts.compare(*sides)
    changed = tuple(one for one in found.changes if one.verdict in _SHOWN)
    shown = dataclasses.replace(found, changes=changed[:MOST_ROWS])
    table = dataclasses.replace(formats.sheet(shown), id="table-last-run")
    day = str(before.read_run()["finished"])[:10]
    more = f" {len(changed) - MOST_ROWS} more are left out." if len(changed) > MOST_ROWS else ""
    command = f"All of it: python -m bench compare {before.path.name} {after.path.name}."
    return (
        Heading(text="Against your last run of this grid", id="last-run"),
        text(f"That was {before.path.name}, of {day}.", formats.summary(found, 0.0)),
        Fold(
            title="What changed",
            blocks=(*([table] if table.rows else []), text(*formats.apart(found), more.strip(), command)),
        ),
    )
