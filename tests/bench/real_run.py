"""A real run folder of three units, unpacked from a published run: what the tests of readers damage."""

import json
import pathlib

from bench.keeping.result import Outcome
from bench.keeping.store import RunFolder
from bench.report.evidence.naming import settings_of
from tests.conftest import REPOSITORY

PUBLISHED = REPOSITORY / "reports" / "base-three-backends"


def unpack(path: pathlib.Path) -> RunFolder:
    """Two trials of one network and a baseline, with record, tables, timing and the network of features."""
    source, folder = RunFolder(PUBLISHED), RunFolder(path)
    record, units = source.read_run(), source.units()
    first = next(unit for unit in units if settings_of(unit)["model"] == "vae")
    alike = [unit for unit in units if settings_of(unit) == settings_of(first)]
    chosen = [*alike[:2], units[-1]]
    folder.create()
    folder.write_run({**record, "units": [unit.settings() for unit in chosen], "left_out": []})
    for unit in chosen:
        found = source.result(unit)
        assert found is not None
        folder.write(Outcome(result=found, history=source.history(unit), images=source.images(unit)))
    from bench.keeping import networks

    folder.write_timing(networks.key(first), source.timings()[networks.key(first)])
    for about in record["datasets"].values():
        folder.write_features(about["sha256"], source.features(about["sha256"]))
    lines = (PUBLISHED / "results.csv").read_text(encoding="utf-8").splitlines()
    keys = {unit.key for unit in chosen}
    rows = [line for line in lines if line.split(",")[0] in keys]
    folder.write_text("results.csv", "\n".join([lines[0], *rows]) + "\n")
    return folder


def replace_in(path: pathlib.Path, place: tuple[str | int, ...], value: object) -> None:
    """Put another value into a JSON file."""
    content = json.loads(path.read_text(encoding="utf-8"))
    inner = content
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    path.write_text(json.dumps(content), encoding="utf-8")
