"""Each reader of a run's files over a thousand damaged ones: a value of the right type, or one line."""

import io
import json
import math
import pathlib
import random
import zipfile
from collections.abc import Callable

import numpy as np
import pytest

from bench import errors
from bench.ask import grid, grid_file
from bench.compare import reading
from bench.keeping import networks, packing, trial_files
from bench.keeping.feature_network import FeatureNetwork
from bench.keeping.store import PACKED, RunFolder
from tests.bench.real_run import unpack

INPUTS = 1000
SHOWN = ("originals", "labels", "samples", "points", "point_labels")
SWAPPED = (None, True, -1, 0, 0.5, math.nan, math.inf, 10**400, "", "text", "../../x", "\ud800", "\0\x1b[31m")
SWAPPED = (*SWAPPED, [], {}, [[]], [None], {"": None}, "x" * 10_000, 2**62, "1e999", [[[[[[[[1]]]]]]]])


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> RunFolder:
    """A real one, whose files these tests replace and put back, with few pictures and a small network."""
    made = unpack(tmp_path_factory.mktemp("fuzzed") / "run")
    for unit in made.units():
        few = {name: array[:2] for name, array in made.images(unit).items() if name in SHOWN}
        made.write_bytes(f"trials/{unit.key}/images.npz", trial_files.arrays_to_npz(few))
    small = FeatureNetwork(weights=(np.ones((3, 2), np.float32), np.zeros(2, np.float32)), accuracy=0.5)
    for about in made.read_run()["datasets"].values():
        made.write_features(about["sha256"], small.to_bytes())
    return made


# --- damage ---------------------------------------------------------------------------------------------


def mutated(content: bytes, source: random.Random) -> bytes:
    """Bytes flipped, cut out, doubled, inserted, or cut off."""
    found = bytearray(content)
    for _ in range(source.choice((1, 1, 2, 8))):
        at, length = source.randrange(len(found) or 1), source.choice((1, 2, 16, 200))
        kind = source.randrange(5)
        if kind == 0 and found:
            found[min(at, len(found) - 1)] ^= 1 << source.randrange(8)
        elif kind == 1:
            del found[at : at + length]
        elif kind == 2:
            found[at:at] = found[at : at + length]
        elif kind == 3:
            found[at:at] = source.randbytes(length)
        else:
            del found[at:]
    return bytes(found)


def swapped(content: bytes, source: random.Random) -> bytes:
    """One value of a JSON file, wherever it is, replaced by one of another kind; or its name."""
    whole = json.loads(content)
    places = list(_places(whole))
    inner, name = source.choice(places)
    if source.random() < 0.1:
        value = inner[name]
        del inner[name]
        if isinstance(inner, dict) and source.random() < 0.5:
            inner[source.choice(("", "../x", "text"))] = value
    else:
        inner[name] = source.choice(SWAPPED)
    return json.dumps(whole).encode()


def _places(value):
    for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield value, name
        if isinstance(inner, dict | list):
            yield from _places(inner)


def other_arrays(content: bytes, source: random.Random) -> bytes:
    """Arrays of other shapes and types; headers that promise what is not there."""
    with np.load(io.BytesIO(content)) as known:
        arrays = dict(known)
    name = source.choice(list(arrays))
    array = arrays[name]
    kinds = (
        lambda: array.astype(source.choice(("f4", "i8", "S3", "U2", "c8", "?", "M8[s]"))),
        lambda: array[..., None],
        lambda: array.reshape(-1)[: source.randrange(9)],
        lambda: np.zeros(()),
        lambda: array.reshape(-1)[:0],
        lambda: np.full_like(array, 255 if array.dtype == np.uint8 else -(2**40)),
        lambda: np.array([{}], dtype=object),
        lambda: np.full(array.shape, np.nan),
    )
    arrays[name] = source.choice(kinds)()
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    found = buffer.getvalue()
    if source.random() < 0.3:  # a header is a Python dictionary
        numbers = b"99999999999" if source.random() < 0.5 else b"-1"
        found = found.replace(b"'shape': (", b"'shape': (" + numbers + b", ", 1)
    return found


def other_cells(content: bytes, source: random.Random) -> bytes:
    """Cells of a table that hold something else."""
    rows = [line.split(",") for line in content.decode().splitlines()]
    for _ in range(source.choice((1, 1, 3))):
        row = source.choice(rows)
        row[source.randrange(len(row))] = source.choice(
            (
                "",
                "nan",
                "inf",
                "1e999",
                "-1",
                "text",
                '"',
                "[]",
                "{}",
                "\0",
                "9" * 5000,
                '"a\nb"',
                "True",
                ",",
            )
        )
    return "\n".join(",".join(row) for row in rows).encode()


def other_members(content: bytes, source: random.Random) -> bytes:
    """An archive with one file damaged, lost, renamed, or packed in another way."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as known, zipfile.ZipFile(buffer, "w") as found:
        chosen = source.choice(known.namelist())
        for member in known.infolist():
            text = known.read(member)
            if member.filename != chosen:
                found.writestr(member.filename, text)
            elif (kind := source.randrange(4)) < 3:
                name = source.choice(("../../x", "trials/x/result.json")) if kind == 2 else chosen
                found.writestr(name, text if kind else mutated(text, source), zipfile.ZIP_BZIP2)
    return buffer.getvalue()


def other_values(content: bytes, source: random.Random) -> bytes:
    """A grid with other values on the right of an equals sign, in encodings of other programs."""
    lines = content.decode().splitlines()
    at = source.randrange(len(lines))
    name = lines[at].partition("=")[0] or "x"
    value = source.choice(("[]", "{}", "[[" * 5000, '"x"', "1979-05-27", "nan", "-inf", "9" * 5000, "true"))
    lines[at] = f"{name}= {value}"
    return "\n".join(lines).encode(source.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-32")))


# --- readers --------------------------------------------------------------------------------------------


def _read_record(run: RunFolder) -> None:
    record = run.read_run()
    assert all(unit.key for unit in run.units())
    for about in record["datasets"].values():
        run.features(about["sha256"])


def _read_result(run: RunFolder) -> None:
    for result in run.results(run.units()):
        assert all(value is None or math.isfinite(value) for value in result.measures.values())
        assert {type(each) for each in (result.status, result.error, result.log)} == {str}


def _read_history(run: RunFolder) -> None:
    for row in run.history(run.units()[0]):
        assert {type(value) for value in row.values()} == {float} and {*trial_files.LOSSES} <= row.keys()


def _read_images(run: RunFolder) -> None:
    for array in run.images(run.units()[0]).values():
        assert isinstance(array, np.ndarray) and array.dtype.kind in "biuf"


def _read_timings(run: RunFolder) -> None:
    for times in run.timings().values():
        assert times["step_seconds"] > 0


def _read_features(run: RunFolder) -> None:
    content = run.features(run.read_run()["datasets"]["fashion_mnist"]["sha256"])
    if FeatureNetwork.is_whole(content):
        assert len(FeatureNetwork.from_bytes(content).fingerprint) == 64


def _read_table(run: RunFolder) -> None:
    for measures in reading.read(run).values.values():
        assert all(math.isfinite(value) for seeds in measures.values() for value in seeds.values())


def _read_archive(run: RunFolder) -> None:
    for unit in run.units():
        run.result(unit), run.history(unit), run.images(unit)
    run.timings(), run.others(()), run.kept()


def _read_grid(run: RunFolder) -> None:
    assert grid.load(str(run.path / "grid.toml")).blocks


def over_a_thousand(
    path: pathlib.Path,
    kinds: tuple[Callable[[bytes, random.Random], bytes], ...],
    read: Callable[[RunFolder], None],
    folder: pathlib.Path,
) -> None:
    whole, source = path.read_bytes(), random.Random(21)
    read(RunFolder(folder))
    try:
        for number in range(INPUTS):
            path.write_bytes(kinds[number % len(kinds)](whole, source))
            try:
                read(RunFolder(folder))
            except errors.BenchError as error:
                assert str(error).isprintable(), error
    finally:
        path.write_bytes(whole)


@pytest.mark.parametrize(
    ("name", "kinds", "read"),
    [
        ("run.json", (mutated, swapped, swapped), _read_record),
        ("trials/KEY/result.json", (mutated, swapped, swapped), _read_result),
        ("trials/KEY/history.csv", (mutated, other_cells), _read_history),
        ("trials/KEY/images.npz", (mutated, other_arrays), _read_images),
        ("timings/TIMING.json", (mutated, swapped, swapped), _read_timings),
        ("features/HASH.npz", (mutated, other_arrays), _read_features),
        ("results.csv", (mutated, other_cells), _read_table),
    ],
)
def test_a_thousand_damaged_files_give_values_or_one_line(run, name, kinds, read):
    unit, sha256 = run.units()[0], run.read_run()["datasets"]["fashion_mnist"]["sha256"]
    name = name.replace("KEY", unit.key).replace("TIMING", networks.key(unit)).replace("HASH", sha256[:12])
    over_a_thousand(run.path / name, kinds, read, run.path)


def test_a_thousand_damaged_archives_give_values_or_one_line(run, tmp_path):
    target = RunFolder(tmp_path / "published")
    packing.prepare(target)
    packing.pack(run, target, (), {"samples": 1})
    over_a_thousand(target.path / PACKED, (mutated, other_members), _read_archive, target.path)


def test_a_thousand_damaged_grids_give_values_or_one_line(tmp_path):
    path = tmp_path / "grid.toml"
    path.write_bytes(grid_file.known()["quick"].read_bytes())
    over_a_thousand(path, (mutated, other_values), _read_grid, tmp_path)
