"""Large data sets lie in the cache: the same numbers, once a machine, whatever happens to it."""

import dataclasses
import json
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from bench import cli, datasets
from bench.datasets import cache, census, large, levels
from bench.datasets.dataset import Dataset
from bench.datasets.levels import Levels
from bench.datasets.views import binarisation, train_images, whole
from bench.tasks import decoded

COUNT, SIDE = 1100, 64  # a little more than what lies in the memory of each process
LOAD = "import sys; from bench import datasets; print(datasets.load(sys.argv[1]).sha256)"


def arrays() -> dict[str, np.ndarray]:
    images = np.random.default_rng(0).integers(0, 256, (COUNT, SIDE, SIDE), dtype=np.uint8)
    images[7] = images[3]
    return {
        "x_train": images,
        "y_train": np.arange(COUNT) % 2,
        "x_test": images[:40],
        "y_test": np.arange(40) % 2,
    }


@pytest.fixture
def name(tmp_path: Path) -> str:
    np.savez(tmp_path / "many.npz", **arrays())
    return str(tmp_path / "many.npz")


def in_memory(name: str, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    """The same as floats in the memory of this process, as small sets are."""
    with monkeypatch.context() as patch:
        patch.setattr(levels, "LEAST", 2**40)
        patch.setattr(cache, "LEAST", 2**40)
        patch.setenv("XDG_CACHE_HOME", "/dev/null")
        return datasets.load(name)


def assert_same(one: Dataset, other: Dataset) -> None:
    assert dataclasses.replace(one, train=other.train, checked="").sha256 == other.sha256
    for part in ("train", "validation", "test"):
        mine, theirs = getattr(one, part), getattr(other, part)
        np.testing.assert_array_equal(np.asarray(mine.images), np.asarray(theirs.images))
        np.testing.assert_array_equal(mine.labels, theirs.labels)


def entries(cache_of_its_own: Path) -> list[Path]:
    return [place for place in cache_of_its_own.iterdir() if place.is_dir()]


def test_images_of_the_cache_are_those_of_memory_to_the_last_bit(name, monkeypatch, cache_of_its_own) -> None:
    expected = in_memory(name, monkeypatch)
    for _ in range(2):  # converted, and found
        found = datasets.load(name)
        assert isinstance(found.train.images, Levels)
        assert_same(found, expected)
        assert "1 image of training repeated in it" in found.checked or "also in" in found.checked
    assert str(datasets.outline(found)) == str(datasets.outline(expected)) == str(datasets.outlook(name))
    assert datasets.sha256(name) == expected.sha256
    assert len(entries(cache_of_its_own)) == 1
    assert not list(cache_of_its_own.glob(".*"))


@pytest.mark.parametrize("kind", [np.float32, np.int64, bool])
def test_other_numbers_lose_nothing_in_the_cache(kind, tmp_path, monkeypatch) -> None:
    given = arrays()
    for key in ("x_train", "x_test"):
        given[key] = (
            (given[key] / np.float32(255)).astype(kind) if kind is np.float32 else given[key].astype(kind)
        )
    np.savez(tmp_path / "other.npz", **given)
    expected, found = in_memory(f"{tmp_path}/other.npz", monkeypatch), datasets.load(f"{tmp_path}/other.npz")
    assert isinstance(found.train.images, Levels) == (kind is not np.float32)
    assert_same(found, expected)


def test_views_of_the_cache_are_those_of_memory(name, monkeypatch) -> None:
    expected, found = in_memory(name, monkeypatch), datasets.load(name)
    for view in (
        lambda seen: train_images.fewer(seen, 300),
        lambda seen: whole.applied(seen, "all"),
        lambda seen: binarisation.applied(seen, "dynamic"),
    ):
        assert_same(view(found), view(expected))
    assert whole.applied(found, "all").train.images.values is found.train.images.values  # not copied


def test_what_is_taken_of_levels_is_what_an_array_gives(name, monkeypatch) -> None:
    expected, found = in_memory(name, monkeypatch).train.images, datasets.load(name).train.images
    rows = np.random.default_rng(1).permutation(len(expected))[:50]
    for one, other in ((found, expected), (found.of(rows), expected[rows])):
        for key in (
            3,
            -1,
            slice(5, 9),
            slice(None, None, 7),
            np.array([4, 1, 4]),
            (slice(2, 5), 0),
            (..., 0),
        ):
            np.testing.assert_array_equal(one[key], other[key])
        assert (one.shape, one.dtype, one.size, len(one)) == (
            other.shape,
            other.dtype,
            other.size,
            len(other),
        )
        np.testing.assert_array_equal(
            one.mean(axis=0, dtype=np.float64), other.mean(axis=0, dtype=np.float64)
        )
        np.testing.assert_array_equal(np.stack(list(one)), other)
        np.testing.assert_array_equal(one.reshape(len(one), -1)[2:4], other.reshape(len(other), -1)[2:4])
        np.testing.assert_array_equal(1 - one, 1 - other)
        assert one.max() == other.max()


@pytest.mark.parametrize("damage", ["shorter", "changed", "no images", "no json", "about", "source"])
def test_a_damaged_cache_is_made_again(damage, name, monkeypatch, cache_of_its_own) -> None:
    expected = in_memory(name, monkeypatch)
    datasets.load(name)
    (place,) = entries(cache_of_its_own)
    images = place / "images.npy"
    if damage == "shorter":
        images.write_bytes(images.read_bytes()[:-1000])
    elif damage == "changed":
        images.write_bytes(images.read_bytes()[:-1000] + bytes(1000))
    elif damage == "no images":
        images.unlink()
    elif damage == "no json":
        (place / "about.json").unlink()
    else:
        source = next(cache_of_its_own.glob("*.json"))
        (place / "about.json" if damage == "about" else source).write_text("[1]")
    found = datasets.load(name)
    assert isinstance(found.train.images, Levels)
    assert_same(found, expected)
    assert len(entries(cache_of_its_own)) == 1


def test_a_source_that_changes_under_its_cache_is_read_again(name) -> None:
    before = datasets.load(name)
    changed = arrays()
    changed["x_train"][0, 0, 0] ^= 1
    np.savez(name, **changed)
    after = datasets.load(name)
    assert after.sha256 != before.sha256
    assert datasets.sha256(name) == after.sha256
    assert not np.array_equal(np.asarray(before.test.images), np.asarray(after.test.images))


def test_of_two_converters_one_wins_and_nothing_is_left(name, cache_of_its_own) -> None:
    command = [sys.executable, "-c", LOAD, name]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    told = {process.communicate(timeout=300)[0] for process in both}
    assert told == {f"{datasets.load(name).sha256}\n"}
    assert len(entries(cache_of_its_own)) == 1
    assert not list(cache_of_its_own.glob(".*"))


def test_what_a_killed_converter_left_is_removed(name, cache_of_its_own) -> None:
    left = cache_of_its_own / ".abc.0123.part"
    left.mkdir(parents=True)
    (left / "images.npy").write_bytes(bytes(100))
    datasets.load(name)
    assert not left.exists()


def test_a_full_disk_ends_in_one_line_and_leaves_nothing(name, cache_of_its_own, assert_problem) -> None:
    script = (
        "import resource, sys; from bench import cli; "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, 2**20)); sys.exit(cli.main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "data", name], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 2, done.stderr
    (line,) = done.stderr.splitlines()
    assert "expected room for 4.5 MiB, received a full disk; make room there" in line
    assert "data --clear" in line
    assert not list(cache_of_its_own.iterdir())


def test_without_a_place_to_write_images_stay_in_memory(name, monkeypatch) -> None:
    expected = datasets.load(name)
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")
    assert_same(datasets.load(name), expected)


def test_what_was_not_used_for_longest_makes_room(name, tmp_path, monkeypatch, cache_of_its_own) -> None:
    datasets.load(name)
    (first,) = entries(cache_of_its_own)
    np.savez(tmp_path / "other.npz", **(arrays() | {"x_test": arrays()["x_train"][50:90]}))
    monkeypatch.setattr(cache, "MOST_BYTES", 6 * 2**20)
    datasets.load(f"{tmp_path}/other.npz")
    assert len(entries(cache_of_its_own)) == 1
    assert not first.exists()


def test_the_cache_is_cleared_and_its_size_is_told(
    name, tmp_path, monkeypatch, capsys, cache_of_its_own
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["data", name]) == 0
    told = capsys.readouterr().out
    assert "4.5 MiB of images in a file that all processes share" in told
    assert "4.5 MiB of converted data sets in " in told
    assert cli.main(["data", "--clear"]) == 0
    assert "4.5 MiB of converted data sets removed from " in capsys.readouterr().out
    assert not cache_of_its_own.exists()
    assert cli.main(["data"]) == 2
    assert "expected a data set, or --clear" in capsys.readouterr().err


def test_a_large_folder_tells_how_far_it_has_come(tmp_path, monkeypatch) -> None:
    import PIL.Image

    for number, image in enumerate(arrays()["x_train"][:40]):
        place = tmp_path / "many" / "ab"[number % 2] / f"{number}.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        PIL.Image.fromarray(image).save(place)
    monkeypatch.setattr(levels, "LEAST", 1000)
    monkeypatch.setattr(cache, "LEAST", 1000)
    told: list[tuple[str, int, int]] = []
    datasets.convert(str(tmp_path / "many"), lambda *how_far: told.append(how_far))
    assert told[0] == ("pictures read", 1, 40)
    assert told[-1] == ("images kept", 40, 40)
    assert isinstance(datasets.load(str(tmp_path / "many")).train.images, Levels)
    told.clear()
    datasets.convert(str(tmp_path / "many"), lambda *how_far: told.append(how_far))
    assert not told
    (tmp_path / "many" / "a" / "new.png").write_bytes((tmp_path / "many" / "a" / "0.png").read_bytes())
    assert len(datasets.load(str(tmp_path / "many")).test.images) == 9


def test_an_array_that_lies_in_a_file_leaves_no_name(monkeypatch, cache_of_its_own) -> None:
    monkeypatch.setattr(large, "LEAST", 10)
    found = large.empty((3, 5), np.float32)
    found[:] = np.arange(15).reshape(3, 5)
    assert found.sum() == 105
    assert not list(cache_of_its_own.iterdir())


def test_images_that_are_decoded_again_are_the_same() -> None:
    codes = np.random.default_rng(0).standard_normal((2300, 3)).astype(np.float32)
    weights = np.random.default_rng(1).standard_normal((3, 4 * 4)).astype(np.float32)
    made = decoded.Decoded(lambda some: (some @ weights).reshape(-1, 4, 4, 1), codes, (4, 4, 1))
    expected = (codes @ weights).reshape(-1, 4, 4, 1)
    for key in (
        slice(None),
        slice(990, 1010),
        slice(5, 5),
        2299,
        np.array([[1, 2], [2000, 3]]),
        (slice(3), 0),
    ):
        np.testing.assert_allclose(made[key], expected[key], rtol=1e-5)
    np.testing.assert_allclose(made.of(slice(100, 200))[3:5], expected[103:105], rtol=1e-5)
    assert json.dumps(made.shape) == "[2300, 4, 4, 1]"


def test_a_census_of_images_that_lie_apart_copies_a_block_at_a_time(name, monkeypatch) -> None:
    expected, found = census.taken(in_memory(name, monkeypatch)), datasets.load(name)
    rows = np.random.default_rng(0).permutation(len(found.train.images))
    apart = dataclasses.replace(found, train=found.train.rows(rows))
    assert isinstance(apart.train.images.rows, np.ndarray)
    monkeypatch.setattr(census, "_BLOCK", 2**16)
    tracemalloc.start()
    assert census.taken(apart) == expected
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < found.train.images.size / 2  # bytes
