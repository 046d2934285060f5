"""`--scheduler`: a Dask cluster that somebody else started, with workers of every kind."""

import contextlib
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import threading
import time

import distributed
import numpy as np
import pytest

from bench.machine.backend import BACKENDS
from tests.conftest import REPOSITORY

from .conftest import BACKEND, ENVIRONMENT, finished, running, table, until, write_grid

OTHERS = [name for name in BACKENDS if name != BACKEND]
OLD = "0.0.1"
PLUGINS = REPOSITORY / "tests" / "plugins"


def start(
    *arguments: str, cwd: pathlib.Path, path: str = "", backend: str = BACKEND
) -> subprocess.Popen[str]:
    paths = os.pathsep.join(filter(None, (path, ENVIRONMENT["PYTHONPATH"])))
    log = (cwd / "log.txt").open("a")
    with log:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments],
            cwd=cwd,
            env={**os.environ, **ENVIRONMENT, "PYTHONPATH": paths, "KERAS_BACKEND": backend},
            stdout=log,
            stderr=log,
            text=True,
        )


def address_in(file: pathlib.Path) -> str:
    with contextlib.suppress(OSError, ValueError):
        return json.loads(file.read_text())["address"]
    return ""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A scheduler, and workers: a good one, one with an old SciPy, one of another backend."""
    folder = tmp_path_factory.mktemp("cluster")
    names = ("good", "old", "other", "packages")
    good, old, other, packages = (folder / name for name in names)
    for each in (good, old, other, packages):
        each.mkdir()
    metadata = packages / f"scipy-{OLD}.dist-info"  # the first that is found is what is installed
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: scipy\nVersion: {OLD}\n")
    found = folder / "scheduler.json"
    local = ("--host", "127.0.0.1", "--no-dashboard")
    worker = ("worker", "--scheduler-file", str(found), "--nthreads", "1", "--no-dashboard")
    worker += ("--host", "127.0.0.1", "--local-directory", str(folder), "--no-nanny")
    with contextlib.ExitStack() as stack:
        scheduler = start("scheduler", *local, "--port", "0", "--scheduler-file", str(found), cwd=folder)
        stack.callback(end, scheduler)
        address = until(lambda: address_in(found), "an address of the scheduler")
        for cwd, path, backend in (
            (other, "", OTHERS[0]),
            (good, "", BACKEND),
            (old, str(packages), BACKEND),
        ):
            process = start(*worker, cwd=cwd, path=path, backend=backend)
            stack.callback(end, process)
            log = cwd / "log.txt"
            until(lambda log=log: "Registered to" in log.read_text(), "a worker")
        warm_up(address)
        yield address, good, scheduler


def warm_up(address: str) -> None:
    """Let every worker import what it needs, so that none is ready long before another."""
    with distributed.Client(address, set_as_default=False) as client:
        workers = client.scheduler_info(n_workers=-1)["workers"]
        found = [
            client.submit(exec, "import bench.running.execution.work", workers=[each], pure=False)
            for each in workers
        ]
        for one in found:
            one.exception()  # that of the worker whose backend is not installed, and of the others None


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()


@pytest.fixture(scope="module")
def done(cluster, tmp_path_factory):
    """The tiny grid on that cluster."""
    folder = tmp_path_factory.mktemp("done")
    write_grid(folder)
    with running("--grid", "tiny.toml", "--scheduler", cluster[0], "--output", "out", cwd=folder) as driver:
        driver.ends()
    return folder / "out", driver


def test_the_table_is_that_of_a_run_without_workers(done, undisturbed):
    run, driver = done
    assert driver.process.returncode == 0, driver.text
    assert table(run) == table(undisturbed)


def test_a_worker_of_another_backend_is_refused_and_the_others_work(done):
    run, driver = done
    (line,) = (line for line in driver.text.splitlines() if "is not used" in line)
    assert f"it has backend {OTHERS[0]!r}, and {BACKEND!r} was asked for" in line
    assert json.loads((run / "run.json").read_text())["machine"]["workers"] >= 1


def test_a_worker_with_other_versions_is_named_and_recorded(done):
    run, driver = done
    (line,) = (line for line in driver.text.splitlines() if "has other versions" in line)
    assert f"scipy {OLD} (here " in line
    (recorded,) = json.loads((run / "run.json").read_text())["machine"]["other_versions"]
    assert recorded.startswith(f"scipy {OLD} (here ")


def test_workers_get_plug_ins_from_the_driver(cluster, tmp_path):
    named = ("wae", "vq", "two_stage", "cvae")
    files = [str(PLUGINS / f"{name}.py") for name in (*named, "sharpness")]
    head = f"plugins = {json.dumps(files)}\n[defaults]\nepochs = 1\nlatent_dim = 4\n"
    (tmp_path / "tiny.toml").write_text(f"{head}[[block]]\nmodel = {json.dumps(named)}\n")
    asked = ("--grid", "tiny.toml", "--scheduler", cluster[0], "--measures", "sharpness", "--output", "out")
    with running(*asked, cwd=tmp_path) as driver:
        assert driver.ends() == 0, driver.text
    results = [json.loads(path.read_text()) for path in tmp_path.glob("out/trials/*/result.json")]
    of_models = {each["settings"]["model"]: each for each in results if "backend" in each["settings"]}
    assert of_models.keys() == set(named)
    for each in of_models.values():
        assert each["status"] == "ok" and each["measures"]["test_sharpness"] > 0


def test_where_every_worker_has_another_backend_nothing_runs(cluster, tmp_path):
    arguments = ("--backend", OTHERS[1], "--scheduler", cluster[0], "--output", "out")
    with running(*arguments, cwd=tmp_path) as driver:
        assert driver.ends() == 3, driver.text
    last = driver.text.splitlines()[-1]
    assert last.startswith("bench: error: it has backend")
    assert f"start workers with KERAS_BACKEND={OTHERS[1]}" in last
    assert not (tmp_path / "out").exists()


def save(path: pathlib.Path, digits) -> None:
    images, labels = (digits.test.images * 255).astype(np.uint8), digits.test.labels
    np.savez(path, x_train=images, y_train=labels, x_test=images[:90], y_test=labels[:90])


def test_where_no_worker_has_the_data_nothing_runs(cluster, digits, tmp_path):
    save(tmp_path / "mine.npz", digits)
    arguments = ("--dataset", "mine.npz", "--scheduler", cluster[0], "--output", "out")
    with running(*arguments, cwd=tmp_path) as driver:
        assert driver.ends() == 2, driver.text
    assert driver.text.count("'mine.npz'") == 3  # two workers, and the end
    assert "does not exist" in driver.text.splitlines()[-1]
    assert "Traceback" not in driver.text
    assert not (tmp_path / "out").exists()


def test_a_worker_without_the_data_is_refused_and_the_other_works(cluster, digits, tmp_path):
    _, good, _ = cluster
    save(tmp_path / "mine.npz", digits)
    shutil.copy(tmp_path / "mine.npz", good)
    small = ("--epochs", "1", "--only", "model=ae", "--only", "architecture=dense", "--only", "latent_dim=2")
    arguments = ("--dataset", "mine.npz", "--scheduler", cluster[0], "--output", "out", *small)
    with running(*arguments, cwd=tmp_path) as driver:
        assert driver.ends() == 0, driver.text
    (line,) = (line for line in driver.text.splitlines() if "'mine.npz'" in line)
    assert "is not used" in line
    assert "does not exist" in line


def test_when_the_scheduler_dies_the_run_ends_in_one_line_and_keeps_what_was_finished(cluster, tmp_path):
    address, _, scheduler = cluster  # the last test of this file: it takes the cluster away
    trials = write_grid(tmp_path)
    with running("--grid", "tiny.toml", "--scheduler", address, "--output", "out", cwd=tmp_path) as driver:
        driver.waits_for("[1/")
        end(scheduler)
        assert driver.ends() == 3, driver.text
    assert "scheduler does not answer any more" in driver.text.splitlines()[-1]
    assert "Traceback" not in driver.text
    assert 1 <= len(finished(tmp_path / "out")) < len(trials) + 3


@contextlib.contextmanager
def silent():
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@contextlib.contextmanager
def closed():
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    yield port


@contextlib.contextmanager
def another():
    """A port of SSH: its first bytes, taken for a length, ask for more memory than there is."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            with contextlib.suppress(OSError):  # until it is closed
                while True:
                    connection, _ = server.accept()
                    with connection:
                        connection.sendall(b"SSH-2.0-OpenSSH\r\n")
                        connection.recv(1)

        threading.Thread(target=greet, daemon=True).start()
        yield server.getsockname()[1]


@contextlib.contextmanager
def zeros():
    """A port that says nothing but zeros, which Dask takes for an empty message."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            with contextlib.suppress(OSError):  # until it is closed
                while True:
                    connection, _ = server.accept()
                    connection.sendall(bytes(4096))

        threading.Thread(target=greet, daemon=True).start()
        yield server.getsockname()[1]


@pytest.mark.parametrize("port", [silent, closed, another, zeros])
def test_an_address_where_no_scheduler_answers_ends_in_one_line_and_exit_code_3(port, tmp_path):
    begun = time.monotonic()
    with port() as number:
        address = f"tcp://127.0.0.1:{number}"
        with running("--scheduler", address, "--output", "out", cwd=tmp_path) as driver:
            assert driver.ends() == 3, driver.text
    assert driver.text.count("\n") == 2  # the first says what was to be run
    assert f"no Dask scheduler answers at {address!r}" in driver.text
    assert time.monotonic() - begun < 120
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("address", ["nowhere", "udp://127.0.0.1:1", "tcp://127.0.0.1"])
def test_an_address_that_is_none_ends_in_one_line_and_exit_code_3(address, tmp_path):
    with running("--scheduler", address, "--output", "out", cwd=tmp_path) as driver:
        assert driver.ends() == 3, driver.text
    assert driver.text.count("\n") == 2
    assert repr(address) in driver.text
