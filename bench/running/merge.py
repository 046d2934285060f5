"""`bench merge`: runs of several machines become one, reported, gone on with and published as any."""

import dataclasses
import math
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bench import errors
from bench.ask.trial import Baseline, External, Trial, Unit
from bench.keeping import known_runs, pictures
from bench.keeping.result import Outcome, Result
from bench.keeping.store import RunFolder
from bench.measures import training

Say = Callable[[str], None]
_BY_DATASET = ("features", "classifiers", "second_features", "second_classifiers")
_CARDS = ("models", "architectures", "tasks", "views")
_COST = frozenset(one.name for one in training.MEASURES if one.name not in ("validation_loss", "best_epoch"))
"""Measures that another machine, or another hour, gives otherwise."""
ROUNDING = 1e-6
"""Share by which a number of the same trial may differ from one processor to another."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Part:
    """A run that is joined with others: its folder, its record, and its trials and baselines."""

    folder: RunFolder
    record: Mapping[str, Any]
    units: Sequence[Unit]


def run(names: Sequence[str], output: str, say: Say) -> RunFolder:
    """Join runs in a new folder; the runs stay as they are.

    A trial that several have is kept once if they agree, to a millionth, in all but what it cost; of one
    that failed in one run and ended well in another, the latter.

    Parameters
    ----------
    names
        Two run folders or more, or their names in `reports/`.
    output
        A folder that is no run yet.
    say
        Is told what to know of the whole.

    Raises
    ------
    BenchError
        In one line, if runs are of several protocols or other data, if images were compared by several
        classifiers, or if a trial has other numbers in another run. Nothing is written then.
    """
    if len(names) < 2:
        raise errors.UsageError(f"merge takes two runs or more, received {len(names)}")
    parts = [_part(name) for name in names]
    first, *others = parts
    for other in others:
        _check(first, other)
    chosen = _chosen(parts)
    target = RunFolder(output)
    if target.is_run():
        raise errors.RunFolderError(
            f"{target.path} is a run already; expected a new folder; choose another with --output"
        )
    _tell(parts, say)
    command = f"python -m bench merge {shlex.join(names)} --output {shlex.quote(output)}"
    with target.locked():
        target.create()
        for part, result in chosen.values():
            _copy(part, result, target)
        _copy_beside(parts, target)
        target.write_run(_record(parts, command))
    return target


def _part(name: str) -> Part:
    folder = known_runs.find(name)
    return Part(folder=folder, record=folder.read_run(), units=folder.units())


def _check(first: Part, other: Part) -> None:
    """Refuse runs whose numbers do not compare."""
    both = f"{first.folder.path} and {other.folder.path}"
    if first.record["protocol"] != other.record["protocol"]:
        raise errors.RunFolderError(
            f"{both} have protocols {first.record['protocol']} and {other.record['protocol']}, whose numbers "
            "do not compare; run one of them again with the program of the other"
        )
    theirs = other.record["datasets"]
    for name, about in first.record["datasets"].items():
        if name in theirs and theirs[name]["sha256"] != about["sha256"]:
            raise errors.RunFolderError(
                f"{both} have other images under the name {name!r} (SHA-256 {about['sha256'][:12]} and "
                f"{theirs[name]['sha256'][:12]}); merge runs of the same files"
            )
    for kind in ("classifiers", "second_classifiers"):
        known, found = first.record.get(kind, {}), other.record.get(kind, {})
        for name in sorted(known.keys() & found.keys()):
            if known[name] != found[name]:
                raise errors.RunFolderError(
                    f"{both} compare images of {name!r} in the features of two classifiers, so that Frechet "
                    f"distances differ; run the second again with --features {first.folder.path} --fresh"
                )
    _check_coders(first, other, both)
    for kind in _CARDS:
        known, found = (_plugged(part.record, kind) for part in (first, other))
        for name in sorted(known.keys() & found.keys()):
            if known[name] != found[name]:
                raise errors.RunFolderError(
                    f"{both} have {name!r} from two versions of a plug-in; run one again with the other's"
                )


def _check_coders(first: Part, other: Part, both: str) -> None:
    """Coders of one name are seeds of one, so they come from one file."""
    known, found = (
        {unit.rival: (unit.file, unit.source) for unit in part.units if isinstance(unit, External)}
        for part in (first, other)
    )
    for rival in known.keys() & found.keys():
        if known[rival] != found[rival]:
            raise errors.RunFolderError(
                f"{both} have {rival[1]!r} from two files, which would be seeds of one; measure one of them "
                "again under another --name"
            )


def _plugged(record: Mapping[str, Any], kind: str) -> dict[str, str]:
    """Cards by name to the hash of the file that they come from; empty of those of this package."""
    return {card["name"]: card.get("plugin", "") for card in record.get("cards", {}).get(kind, [])}


def _chosen(parts: Iterable[Part]) -> dict[str, tuple[Part, Result]]:
    """By key: the result that is kept, and the run that has it."""
    found: dict[str, tuple[Part, Result]] = {}
    for part in parts:
        for result in part.folder.results(part.units):
            key = result.unit.key
            found[key] = _better(found[key], (part, result)) if key in found else (part, result)
    return found


def _better(before: tuple[Part, Result], now: tuple[Part, Result]) -> tuple[Part, Result]:
    (_, first), (_, second) = before, now
    if first.status != "ok" or second.status != "ok":
        return now if first.status != "ok" and second.status == "ok" else before
    differs = _difference(first, second)
    if differs:
        raise errors.RunFolderError(
            f"trial {first.unit.key} ({first.unit}) has two results: {differs} in {before[0].folder.path} "
            f"and {now[0].folder.path}; leave one of the runs out, or remove the trial's folder from one"
        )
    return now if set(second.groups) > set(first.groups) else before


def _difference(first: Result, second: Result) -> str:
    """The first measure in which two results of a trial differ, with both values; empty if there is none."""
    if first.data_sha256 != second.data_sha256:
        return f"data of SHA-256 {first.data_sha256[:12]} and {second.data_sha256[:12]}"
    names = first.measures.keys() | second.measures.keys()
    if first.groups != second.groups:  # what only one was measured in is no difference
        names = first.measures.keys() & second.measures.keys()
    for name in sorted(names - _COST):
        if not _is_same(first.measures.get(name), second.measures.get(name)):
            return f"{name} {first.measures.get(name)} and {second.measures.get(name)}"
    if not (set(first.groups) <= set(second.groups) or set(second.groups) <= set(first.groups)):
        return f"measures {', '.join(first.groups)} and {', '.join(second.groups)}"
    return ""


def _is_same(first: float | None, second: float | None) -> bool:
    """Whether both are one number, but for how processors round."""
    if first is None or second is None:
        return first is second
    return first == second or math.isclose(first, second, rel_tol=ROUNDING)


def _copy(part: Part, result: Result, target: RunFolder) -> None:
    if part.folder.has_model(result.unit):
        target.write_model(result.unit, part.folder.model(result.unit))
    history, images = part.folder.history(result.unit), part.folder.images(result.unit)
    target.write(Outcome(result=result, history=history, images=images))


def _copy_beside(parts: Iterable[Part], target: RunFolder) -> None:
    """Times of networks, classifiers of images and pictures of data sets: of each the first that has it."""
    timed: set[str] = set()
    for part in parts:
        for key, times in part.folder.timings().items():
            if key not in timed:
                target.write_timing(key, times)
                timed.add(key)
        for about in part.record["datasets"].values():
            content = part.folder.features(about["sha256"])
            if content and not target.features(about["sha256"]):
                target.write_features(about["sha256"], content)
        for name in pictures.ours(part.folder.path):
            if not (target.path / name).exists():
                target.write_bytes(name, (part.folder.path / name).read_bytes())


def _record(parts: Sequence[Part], command: str) -> dict[str, Any]:
    first, records = parts[0].record, [part.record for part in parts]
    ended = [record["finished"] for record in records if record.get("finished")]
    started = [record["started"] for record in records if record.get("started")]
    joined = {
        name: _joined(records, name)
        for name in ("datasets", "machines", "plugins", "coders", "not_timed", *_BY_DATASET)
    }
    return {
        **first,
        "grid": _grid(records),
        "command": command,
        "backend": ",".join(dict.fromkeys(name for record in records for name in _backends(record))),
        "units": [unit.settings() for unit in _units(parts)],
        "cards": _cards(records),
        **({"published": rows} if (rows := _published(records)) else {}),
        "left_out": [],
        "started": min(started, default=None),
        "finished": max(ended) if len(ended) == len(records) else None,
        "sessions": sorted(
            (session for record in records for session in record["sessions"]),
            key=lambda session: session.get("started") or "",
        ),
        **{name: content for name, content in joined.items() if content or name == "datasets"},
    }


def _grid(records: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    grids = [record["grid"] for record in records]
    if all(grid == grids[0] for grid in grids):
        return dict(grids[0])
    names = dict.fromkeys(str(grid.get("name", "")) for grid in grids)
    return {"name": " and ".join(names), "description": grids[0].get("description", ""), "changed": True}


def _published(records: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The numbers that any of the runs was to reproduce, each once, with its trials on each backend."""
    found: dict[str, dict[str, Any]] = {}
    for record in records:
        for row in record.get("published", []):
            known = found.setdefault(row["title"], dict(row))
            known["keys"] = {**row.get("keys", {}), **known.get("keys", {})}
    return list(found.values())


def _backends(record: Mapping[str, Any]) -> list[str]:
    return [name for name in record.get("backend", "").split(",") if name]


def _units(parts: Iterable[Part]) -> list[Unit]:
    """Each once, in the order of the runs: trials, baselines, coders that were made elsewhere."""
    found = list({unit.key: unit for part in parts for unit in part.units}.values())
    return [unit for kind in (Trial, Baseline, External) for unit in found if isinstance(unit, kind)]


def _cards(records: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    found: dict[str, dict[str, Any]] = {}
    for record in records:
        for kind, cards in record.get("cards", {}).items():
            for card in cards:
                found.setdefault(kind, {}).setdefault(card["name"], card)
    return {kind: list(cards.values()) for kind, cards in found.items()}


def _joined(records: Iterable[Mapping[str, Any]], name: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for record in records:
        for key, value in record.get(name, {}).items():
            found.setdefault(key, value)
    return found


def _tell(parts: Sequence[Part], say: Say) -> None:
    """What does not keep runs from being joined, and should be known."""
    first, *others = parts
    for other in others:
        known, found = ((part.record.get("versions") or {}) for part in (first, other))
        differing = [name for name in known if found.get(name, known[name]) != known[name]]
        if differing:
            told = ", ".join(f"{name} {known[name]} and {found[name]}" for name in differing)
            say(f"{first.folder.path} and {other.folder.path} were made with other versions: {told}")
        processors = {(part.record.get("machine") or {}).get("processor") for part in (first, other)}
        if len(processors) > 1:
            say(
                f"{first.folder.path} and {other.folder.path} ran on other processors: seconds of their "
                "trials do not compare"
            )
