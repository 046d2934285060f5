"""What is damaged in a run folder costs itself alone, and what a file says never leads out of the folder."""

import json
import os
import pathlib
import resource
import shutil
import zipfile

import numpy as np
import pytest

from bench import errors
from bench.compare import reading
from bench.keeping import networks, packing, trial_files
from bench.keeping.feature_network import FeatureNetwork
from bench.keeping.places import DamagedFileError, Packed
from bench.keeping.result import Outcome
from bench.keeping.store import PACKED, RunFolder
from bench.running import publication
from tests.bench.real_run import replace_in, unpack


@pytest.fixture(scope="module")
def real(tmp_path_factory) -> pathlib.Path:
    return unpack(tmp_path_factory.mktemp("real") / "run").path


@pytest.fixture
def run(real, tmp_path) -> RunFolder:
    return RunFolder(shutil.copytree(real, tmp_path / "run"))


def test_a_hash_that_is_a_path_is_no_hash(run):
    """It was joined to the folder's path: publishing copied and overwrote files outside."""
    outside = run.path.parent / "outside.npz"
    outside.write_bytes(b"somebody else's")
    replace_in(run.path / "run.json", ("datasets", "fashion_mnist", "sha256"), "../../outside")
    before = outside.read_bytes()
    with pytest.raises(errors.DamagedRecordError, match=r"datasets\.fashion_mnist\.sha256: expected 64 hexa"):
        publication.publish_to(RunFolder(run.path.parent / "published"), run)
    assert outside.read_bytes() == before


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        (("protocol",), "3", "protocol: expected a whole number, received the text '3'"),
        (("protocol",), 3.0, "protocol: expected a whole number, received the number 3"),
        (("units", 1, "model"), ["vae"], r"units\.1\.model: expected a text, received a list"),
        (("sessions", 0, "started"), 7, r"sessions\.0\.started: expected a text"),
        (("grid",), "base", "grid: expected an object"),
        (("git", "commit"), "$(rm -r .)", r"git\.commit: expected a commit"),
        (("machines", "torch", "other_versions"), [1], "expected a text, received the number 1"),
        (("datasets",), [], "datasets: expected an object, received a list"),
    ],
)
def test_a_record_of_another_shape_says_where_and_what_to_do(run, place, value, told):
    replace_in(run.path / "run.json", place, value)
    with pytest.raises(errors.DamagedRecordError, match=told) as caught:
        run.read_run()
    assert "run the same command again: it writes the file anew" in str(caught.value)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("measures", "test_mse"), "0.02"),
        (("measures", "test_mse"), [0.02]),
        (("measures", "test_mse"), True),
        (("measures", "active_units"), 1.5),
        (("measures", "test_mse"), 10**400),
        (("data_sha256",), "../x"),
        (("settings", "latent_dim"), "16"),
        (("settings", "batch_size"), 0),
        (("groups",), "basic"),
        (("error",), None),
    ],
)
def test_a_result_of_another_shape_is_set_aside(run, place, value):
    unit = run.units()[0]
    path = run.path / "trials" / unit.key / "result.json"
    replace_in(path, place, value)
    assert run.result(unit) is None
    assert run.set_aside_damaged(run.units()) == [path.with_name("result.json.damaged")]


@pytest.mark.parametrize("number", [float("nan"), float("-inf"), 1e308, -(10**39)])
def test_a_number_that_is_not_finite_is_none_and_costs_no_result(run, number):
    """The square of a larger one than training has ended a report in an `OverflowError`."""
    unit = run.units()[0]
    replace_in(run.path / "trials" / unit.key / "result.json", ("measures", "test_mse"), number)
    found = run.result(unit)
    assert found is not None and found.measures["test_mse"] is None
    assert found.reasons["test_mse"] == "not a finite number"


def test_a_result_of_another_trial_is_not_taken_for_this_one(run):
    first, second = run.units()[:2]
    shutil.copy(run.path / "trials" / first.key / "result.json", run.path / "trials" / second.key)
    assert run.result(second) is None and run.result(first) is not None


PARTS = ("run.json", "trials/KEY/result.json", "trials/KEY/history.csv", "trials/KEY/images.npz")
PARTS = (*PARTS, "timings/TIMING.json", "features/HASH.npz", "results.csv")


@pytest.mark.parametrize("kind", ["pipe", "folder", "deep"])
@pytest.mark.parametrize("name", PARTS)
def test_what_is_no_file_in_the_place_of_one_is_read_by_nobody(run, name, kind):
    """A pipe was waited for for ever; a folder and JSON 100,000 deep ended in tracebacks."""
    unit, sha256 = run.units()[0], run.read_run()["datasets"]["fashion_mnist"]["sha256"]
    name = name.replace("KEY", unit.key).replace("TIMING", networks.key(unit)).replace("HASH", sha256[:12])
    path = run.path / name
    path.unlink()
    if kind == "deep":
        path.write_text("[" * 100_000)
    else:
        {"pipe": os.mkfifo, "folder": os.mkdir}[kind](path)
    if path.name == "run.json":
        assert run.is_run()
        with pytest.raises(errors.DamagedRecordError, match="cannot be read"):
            run.units()
    elif path.name == "results.csv":
        with pytest.raises(errors.RunFolderError, match=r"results\.csv cannot be read"):
            reading.read(run)
    elif path.name == "result.json":
        assert run.result(unit) is None
        assert [each.name for each in run.set_aside_damaged([unit])] == ["result.json.damaged"]
    else:
        assert (run.history(unit) == []) == (path.name == "history.csv")
        assert (run.images(unit) == {}) == (path.name == "images.npz")
        assert (run.timings() == {}) == (path.parent.name == "timings")
        assert FeatureNetwork.is_whole(run.features(sha256)) == (path.parent.name != "features")


def test_one_damaged_picture_costs_itself_and_the_report_names_it(run, capsys):
    first, second = run.units()[:2]
    arrays = run.images(first)
    arrays["samples"] = arrays["samples"].astype(np.float64)
    run.write_bytes(f"trials/{first.key}/images.npz", trial_files.arrays_to_npz(arrays))
    assert "reconstructions" in run.images(first) and "samples" not in run.images(first)
    (run.path / "trials" / first.key / "history.csv").write_text("epoch,loss\n1,x\n")
    replace_in(run.path / "trials" / second.key / "result.json", ("measures", "test_mse"), "0.02")
    replace_in(run.path / "timings" / f"{networks.key(first)}.json", ("step_seconds",), None)
    assert publication.publish(run).is_file()
    (line,) = capsys.readouterr().err.splitlines()
    for named in (f"trials/{second.key}/result.json", f"trials/{first.key}/images.npz (samples)", "1 more"):
        assert named in line


def test_a_damaged_file_in_an_archive_costs_itself_alone(run, tmp_path):
    target = RunFolder(tmp_path / "published")
    packing.prepare(target)
    packing.pack(run, target, (), {"samples": 1})
    with zipfile.ZipFile(target.path / PACKED) as archive:
        name = f"trials/{run.units()[0].key}/history.csv"
        at = archive.getinfo(name).header_offset + 30 + len(name) + 20
    content = bytearray((target.path / PACKED).read_bytes())
    content[at] ^= 255
    (target.path / PACKED).write_bytes(content)
    first, second = run.units()[:2]
    damaged = RunFolder(target.path)
    assert damaged.history(first) == [] and damaged.history(second) == run.history(second) != []
    assert len(damaged.results(damaged.units())) == 3 and [*damaged.given_up] == [name]


def test_what_was_packed_to_fill_a_memory_is_not_unpacked(tmp_path):
    with zipfile.ZipFile(tmp_path / PACKED, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("trials/0123456789ab/images.npz", bytes(2**26))
        archive.writestr("trials/0123456789ab/history.csv", "epoch,loss,val_loss\n1,2,3\n")
    packed = Packed(tmp_path / PACKED)
    with pytest.raises(DamagedFileError, match="unpack to 67,108,864"):
        packed.read("trials/0123456789ab/images.npz", 2**30)
    assert packed.read("trials/0123456789ab/history.csv", 2**10).startswith(b"epoch")
    with pytest.raises(DamagedFileError, match="unpack to"):
        packed.read("trials/0123456789ab/history.csv", 10)
    with pytest.raises(ValueError, match="unpack to"):
        trial_files.arrays_from_npz(trial_files.arrays_to_npz({"samples": np.zeros(2**25, np.uint8)}))


def test_a_publication_that_does_not_fit_on_the_disk_leaves_nothing(run, tmp_path):
    target = tmp_path / "published"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, hard))
    try:
        with pytest.raises(errors.RunFolderError, match="cannot write"):
            publication.publish_to(RunFolder(target), run)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not target.exists()


@pytest.mark.parametrize("name", ["a" * 300, "a/" * 3000])
def test_a_name_that_no_folder_can_have_is_said_to_be_too_long(run, name):
    """It ended in a traceback, or in advice to make a file of it readable."""
    with pytest.raises(errors.RunFolderError, match="too long; choose a folder of a shorter name"):
        publication.publish_to(RunFolder(name), run)
    absent, unit = RunFolder(name), run.units()[0]
    assert absent.result(unit) is None and not absent.damaged([unit]) and not absent.has_model(unit)
    assert absent.history(unit) == [] and absent.images(unit) == {} and not absent.given_up
    with pytest.raises(errors.RunFolderError, match="too long"):
        absent.read_run()


def test_a_path_with_a_character_0_is_no_run_folder():
    with pytest.raises(errors.RunFolderError, match=r"received 'a.x00b'; leave out its character 0"):
        RunFolder("a\0b")


# --- links ----------------------------------------------------------------------------------------------


def test_nothing_is_written_or_removed_through_a_link(run, tmp_path):
    outside = tmp_path / "outside"
    (outside / "deep").mkdir(parents=True)
    (outside / "kept.txt").write_text("somebody else's")
    (run.path / "results.csv").unlink()
    (run.path / "results.csv").symlink_to(outside / "kept.txt")
    (run.path / "figures").symlink_to(outside)
    run.write_text("results.csv", "ours")
    with pytest.raises(errors.RunFolderError, match=r"figures leads out of .*/run, to .*outside"):
        run.write_text("figures/kept.txt", "ours")
    run.clear_figures()
    run.write_text("figures/kept.txt", "ours")
    unit, result = run.units()[0], run.results(run.units())[0]
    shutil.rmtree(run.path / "trials")
    (run.path / "trials").symlink_to(outside)
    (outside / unit.key).mkdir()
    (outside / unit.key / "model.keras").write_text("somebody else's")
    for act in (lambda: run.write(Outcome(result=result)), lambda: run.remove_model(unit)):
        with pytest.raises(errors.RunFolderError, match="leads out of"):
            act()
    run.clear()
    assert not (run.path / "trials").exists() and not (run.path / "run.json").exists()
    texts = {path.read_text() for path in outside.rglob("*") if path.is_file()}
    assert texts == {"somebody else's"}


# --- a record that is gone ------------------------------------------------------------------------------


def test_a_run_that_lost_its_record_is_gone_on_with(run):
    """Results are what took hours; the record can be written anew."""
    (run.path / "run.json").unlink()
    run.write_text("README.md", "a report")
    run.create()
    with pytest.raises(errors.DamagedRecordError, match=r"its run\.json is gone; give the command"):
        run.read_run()
    assert run.is_run() and len(run.kept()) == 3
    run.clear()
    assert not list(run.path.iterdir())


def test_trials_of_somebody_else_make_no_run(tmp_path):
    (tmp_path / "trials" / "0123456789ab").mkdir(parents=True)
    (tmp_path / "trials" / "0123456789ab" / "result.json").write_text(json.dumps({"mine": 1}))
    (tmp_path / "README.md").write_text("somebody else's")
    with pytest.raises(errors.RunFolderError, match="is no run folder and has"):
        RunFolder(tmp_path).create()
