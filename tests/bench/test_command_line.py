"""`python -m bench` as a user meets it: processes, exit codes, standard output and error."""

import contextlib
import csv
import getpass
import json
import os
import pathlib
import platform
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import IO

import numpy as np
import pytest

from tests.conftest import BACKEND, REPOSITORY, TINY

BASIC = ("--measures", "basic")  # for what is the same with all measures
TIMING = ("fit_seconds", "epoch_seconds", "peak_memory_mb")


@pytest.fixture(scope="module")
def finished(bench, tmp_path_factory):
    """A folder in which a tiny grid has run to its end, and the process that did it."""
    folder = tmp_path_factory.mktemp("finished")
    (folder / "tiny.toml").write_text(TINY)
    return folder, bench("run", *BASIC, "--grid", "tiny.toml", cwd=folder)


def rows(path: pathlib.Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return [{k: v for k, v in row.items() if k not in TIMING} for row in csv.DictReader(file)]


def run_folder(folder: pathlib.Path) -> pathlib.Path:
    return folder / "reports" / ("tiny-digits" if BACKEND == "torch" else f"tiny-digits-{BACKEND}")


def test_a_run_ends_with_the_path_of_its_report_and_exit_code_0(finished):
    folder, process = finished
    assert process.returncode == 0, process.stderr
    page = run_folder(folder) / "index.html"
    assert process.stdout.splitlines()[-2:] == [f"report: {page.relative_to(folder)}", page.as_uri()]
    assert (run_folder(folder) / "index.html").read_text().startswith("<!DOCTYPE html>")
    assert "2 trials and 2 baselines, 0 failed" in process.stdout


def test_a_run_says_first_how_many_for_how_long_and_where(finished):
    folder, process = finished
    first = process.stderr.splitlines()[0]
    assert first.startswith(f"2 trials and 2 baselines on {BACKEND}; about ")
    assert first.endswith(f"; run folder: {run_folder(folder).relative_to(folder)}")
    assert re.search(r"timing 2 networks with nothing else running, about [\d.]+ s$", process.stderr, re.M)


def test_progress_goes_to_standard_error_a_line_a_trial(finished):
    lines = [line for line in finished[1].stderr.splitlines() if line.startswith("[")]
    assert len(lines) == 4  # two trials and two baselines
    assert lines[0].startswith("[1/4] ae dense, latent 2, seed 0: MSE 0.")
    assert "to go" in lines[0]
    assert "\x1b" not in finished[1].stderr + finished[1].stdout


def test_the_run_folder_has_what_the_design_says(finished):
    run = run_folder(finished[0])
    names = {path.name for path in run.iterdir()}
    assert names >= {"run.json", "trials", "results.csv", "summary.csv", "index.html", "README.md", "figures"}
    table = rows(run / "results.csv")
    assert [row["model"] for row in table] == ["ae", "vae", "mean", "pca"]
    for row in table:
        assert (run / "trials" / row["trial"] / "result.json").is_file()
    history = (run / "trials" / table[0]["trial"] / "history.csv").read_text().splitlines()
    assert history[0] == "epoch,loss,reconstruction,val_loss,val_reconstruction,seconds"
    assert len(history) == 3


def test_the_best_model_is_loaded_by_words_and_knows_its_data(finished):
    from bench import models

    run = run_folder(finished[0])
    model = models.load(run, "best vae")
    about = json.loads((run / "run.json").read_text())["datasets"]["digits"]
    assert type(model).__name__ == "VariationalAutoencoder"
    assert list(model.class_names) == about["classes"]
    assert (model.data_sha256, model.value_range) == (about["sha256"], (0, 16))


def test_the_record_of_a_run_holds_its_provenance_and_nobody_s_name(finished):
    text = (run_folder(finished[0]) / "run.json").read_text()
    record = json.loads(text)
    assert record["command"] == "python -m bench run --measures basic --grid tiny.toml"
    assert record["backend"] == BACKEND
    assert record["machine"]["cores"] >= 1
    assert record["versions"].keys() >= {"python", "keras", "numpy", BACKEND}
    assert re.fullmatch(r"[0-9a-f]{64}", record["datasets"]["digits"]["sha256"])
    assert record["started"] <= record["finished"]
    assert {unit["model"] for unit in record["units"]} == {"ae", "vae", "mean", "pca"}
    if (REPOSITORY / ".git").exists():
        assert re.fullmatch(r"[0-9a-f]{40}", record["git"]["commit"])
    for secret in (str(pathlib.Path.home()), platform.node(), f"/{getpass.getuser()}"):
        assert secret not in text


def test_the_same_command_again_runs_nothing_and_reports_the_same(finished, bench):
    folder, _ = finished
    run = run_folder(folder)
    before = {path: path.stat().st_mtime_ns for path in run.glob("trials/*/*")}
    report, record = (run / "index.html").read_bytes(), (run / "run.json").read_bytes()
    again = bench("run", *BASIC, "--grid", "tiny.toml", cwd=folder)
    assert again.returncode == 0
    assert {path: path.stat().st_mtime_ns for path in run.glob("trials/*/*")} == before
    assert (run / "index.html").read_bytes() == report
    assert (run / "run.json").read_bytes() == record


def test_a_network_that_has_not_been_timed_is_timed_and_no_trial_runs_again(finished, bench, tmp_path):
    source = run_folder(finished[0])
    run = shutil.copytree(source, tmp_path / "reports" / source.name)
    (tmp_path / "tiny.toml").write_text(TINY)
    before = {path: path.stat().st_mtime_ns for path in run.glob("trials/*/*")}
    lost = sorted(run.glob("timings/*.json"))[0]
    lost.unlink()
    process = bench("run", *BASIC, "--grid", "tiny.toml", "--workers", "0", cwd=tmp_path)
    assert process.returncode == 0, process.stderr
    assert lost.is_file()
    assert {path: path.stat().st_mtime_ns for path in run.glob("trials/*/*")} == before


@contextlib.contextmanager
def started(folder: pathlib.Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
    """A run of the tiny grid that goes on, and its standard error."""
    (folder / "tiny.toml").write_text(TINY)
    with subprocess.Popen(
        [sys.executable, "-m", "bench", "run", "--grid", "tiny.toml", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stderr=subprocess.PIPE,
        text=True,
        # A shell lets its background jobs ignore Ctrl-C, and they hand that down.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stderr is not None
        yield process, process.stderr


def test_a_run_that_was_stopped_goes_on_and_ends_in_the_same_table(finished, bench, tmp_path):
    folder, _ = finished
    with started(tmp_path, *BASIC) as (stopped, lines):
        first = next(line for line in lines if line.startswith("["))
        stopped.send_signal(signal.SIGINT)
        rest = lines.read()
    assert first.startswith("[1/4]")
    assert stopped.returncode == 130
    assert "Ctrl-C again stops now" in rest
    assert "finished trials are kept" in rest
    assert not (run_folder(tmp_path) / "results.csv").exists()
    again = bench("run", *BASIC, "--grid", "tiny.toml", cwd=tmp_path)
    assert again.returncode == 0
    assert "finished already and kept" in again.stderr
    assert "[1/4]" not in again.stderr
    assert rows(run_folder(tmp_path) / "results.csv") == rows(run_folder(folder) / "results.csv")


def test_ctrl_c_twice_stops_now(tmp_path):
    with started(tmp_path, *BASIC) as (stopped, lines):
        next(line for line in lines if line.startswith("["))
        stopped.send_signal(signal.SIGINT)
        next(line for line in lines if "Ctrl-C again stops now" in line)
        stopped.send_signal(signal.SIGINT)
        rest = lines.read()
    assert stopped.returncode == 130
    assert "[3/4]" not in rest


def test_report_renders_a_run_again_without_keras(finished, bench, tmp_path):
    source = run_folder(finished[0])
    run = shutil.copytree(source, tmp_path / source.name)
    before = (run / "index.html").read_bytes()
    (run / "index.html").unlink()
    process = bench("report", run, cwd=tmp_path, backend="no-such-backend")
    assert (process.returncode, process.stdout.splitlines()[-1]) == (0, str(run / "index.html"))
    assert (run / "index.html").read_bytes() == before


def test_a_failed_trial_is_a_row_and_exit_code_1_and_retry_failed_runs_it_again(finished, bench, tmp_path):
    arguments = ("run", *BASIC, "--set", "optimizer=sgd", "--set", "learning_rate=1e30", "--only", "model=ae")
    small = ("--only", "architecture=dense", "--only", "latent_dim=2", "--output", "out", "--workers", "0")
    process = bench(*arguments, *small, cwd=tmp_path)
    assert process.returncode == 1, process.stderr
    table = rows(tmp_path / "out" / "results.csv")
    assert table[0]["status"] == "diverged"
    assert "epoch 1" in table[0]["error"]
    assert "diverged" in (tmp_path / "out" / "index.html").read_text()
    result = tmp_path / "out" / "trials" / table[0]["trial"] / "result.json"
    written = result.stat().st_mtime_ns
    assert bench(*arguments, *small, cwd=tmp_path).returncode == 1
    assert result.stat().st_mtime_ns == written
    assert bench(*arguments, *small, "--retry-failed", cwd=tmp_path).returncode == 1
    assert result.stat().st_mtime_ns > written


def test_data_that_changed_under_a_run_are_refused(bench, digits, tmp_path):
    def save(images: np.ndarray) -> None:
        arrays = {"x_train": images, "y_train": digits.test.labels, "x_test": images[:90]}
        np.savez(tmp_path / "mine.npz", **arrays, y_test=digits.test.labels[:90])

    images = (digits.test.images * 255).astype(np.uint8)
    arguments = (
        "run",
        *BASIC,
        "--grid",
        "quick",
        "--dataset",
        "mine.npz",
        "--epochs",
        "1",
        "--output",
        "out",
    )
    arguments += ("--only", "model=ae", "--only", "architecture=dense", "--only", "latent_dim=2")
    narrowed = (*arguments, "--workers", "0")
    save(images)
    first = bench(*narrowed, cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    save(255 - images)
    second = bench(*narrowed, "--seeds", "1", cwd=tmp_path)
    assert second.returncode == 2
    assert "has changed since trials in out ran on it" in second.stderr
    same = bench(*narrowed, cwd=tmp_path)  # nothing is missing, and still the numbers are of other images
    assert same.returncode == 2
    fresh = bench(*narrowed, "--fresh", cwd=tmp_path)
    assert fresh.returncode == 0, fresh.stderr


def test_images_from_outside_of_another_shape_are_refused_before_anything_is_trained(bench, tmp_path):
    images, labels = np.full((60, 9, 9), 200, np.uint8), np.arange(60) % 3
    np.savez(tmp_path / "small.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    robust = ("--measures", "robustness", "--outside", "small.npz", "--workers", "0", "--output", "out")
    process = bench("run", *robust, cwd=tmp_path)
    assert process.returncode == 2
    assert "--outside small.npz: expected images of (28, 28, 1), as those of digits" in process.stderr
    assert not (tmp_path / "out").exists()


def test_a_backend_that_does_not_work_costs_nothing_of_another(bench, tmp_path):
    broken = "jax" if BACKEND != "jax" else "tensorflow"
    (tmp_path / broken).mkdir()
    (tmp_path / broken / "__init__.py").write_text("raise ImportError('this installation is damaged')")
    (tmp_path / "tiny.toml").write_text(TINY)
    arguments = ("--grid", "tiny.toml", "--backend", f"{BACKEND},{broken}", "--output", "out")
    path = os.pathsep.join([str(tmp_path), str(REPOSITORY)])
    process = bench("run", *arguments, cwd=tmp_path, PYTHONPATH=path)
    assert process.returncode == 1, process.stderr
    assert f"trials of {broken} were not run; the same command runs them" in process.stderr
    found = rows(tmp_path / "out" / "results.csv")
    assert {row["backend"] for row in found if row["backend"]} == {BACKEND}
    assert {row["status"] for row in found} == {"ok"}
    assert json.loads((tmp_path / "out" / "run.json").read_text())["finished"] is None


def test_fresh_with_bad_data_keeps_what_was_finished(finished, bench, tmp_path):
    run = shutil.copytree(run_folder(finished[0]), tmp_path / "out")
    (tmp_path / "bad.npz").write_text("no numbers")
    process = bench("run", "--dataset", "bad.npz", "--output", run, "--fresh", cwd=tmp_path)
    assert process.returncode == 2
    assert len(rows(run / "results.csv")) == 4


def test_a_damaged_record_is_written_anew_and_no_trial_is_run_again(finished, bench, tmp_path):
    source = run_folder(finished[0])
    run = shutil.copytree(source, tmp_path / "reports" / source.name)
    (tmp_path / "tiny.toml").write_text(TINY)
    (run / "run.json").write_text('{"protocol": 1}')
    assert "cannot be read" in bench("list", "runs", cwd=tmp_path).stdout
    process = bench("run", *BASIC, "--grid", "tiny.toml", "--workers", "0", cwd=tmp_path)
    assert process.returncode == 0, process.stderr
    assert "[1/4]" not in process.stderr
    assert rows(run / "results.csv") == rows(source / "results.csv")


def test_one_test_image_is_enough(bench, digits, tmp_path):
    images = (digits.train.images * 255).astype(np.uint8)
    labels = digits.train.labels
    np.savez(tmp_path / "one.npz", x_train=images, y_train=labels, x_test=images[:1], y_test=labels[:1])
    small = ("--epochs", "1", "--only", "architecture=dense", "--only", "latent_dim=2", "--output", "out")
    process = bench("run", "--dataset", "one.npz", "--workers", "0", *small, cwd=tmp_path)
    assert process.returncode == 0, process.stderr


def test_list_shows_grids_models_data_sets_and_runs(finished, bench):
    process = bench("list", cwd=finished[0])
    assert process.returncode == 0
    for phrase in ("quick", "192 trials", "vae", "beta", "digits", "cifar10", "tiny-digits"):
        assert phrase in process.stdout
    alone = bench("list", "grids", cwd=finished[0]).stdout
    assert "published/pca" in alone and "Kingma & Welling" not in alone
