"""Why a worker died is told, and a worker that is being started again is waited for."""

import time

import distributed
import pytest

from bench.running.execution import own, scheduler, workers
from bench.running.execution.cluster import _quiet
from bench.running.execution.deaths import Witness
from bench.running.execution.workers import Workers
from tests.conftest import BACKEND

from .conftest import until

EATS = "all = []\nwhile True: all.append(bytes(2**25))"


@pytest.fixture(scope="module")
def cluster():
    """A cluster of our own with one worker, which may have 1 GiB."""
    before = distributed.system.MEMORY_LIMIT
    distributed.system.MEMORY_LIMIT = 2**30
    try:
        with _quiet(), own.start(BACKEND, 1, 1) as started:
            yield started
    finally:
        distributed.system.MEMORY_LIMIT = before


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("import os; os._exit(7)", "it ended itself with exit code 7"),
        ("import os; os.kill(os.getpid(), 9)", "it was killed (signal 9, SIGKILL)"),
        ("import ctypes; ctypes.string_at(0)", "it crashed outside Python (signal 11, SIGSEGV)"),
        (EATS, "it took more than 95 % of the 1.0 GiB that a worker may have"),
    ],
)
def test_the_cause_of_death_of_a_worker_is_told(cluster, code, cause):
    client = cluster.client
    witness = Witness(client, is_here=True)
    ((address, about),) = until(lambda: scheduler.workers(client).items(), "a worker")
    pid = client.submit(eval, "__import__('os').getpid()", pure=False).result(timeout=60)
    with pytest.raises(distributed.KilledWorker):
        client.submit(exec, code, {}, workers=[address], pure=False).result(timeout=60)
    death = witness.ask(address, about, pid)
    assert cause in death.cause
    assert ("fewer workers" in death.with_remedy) == (code == EATS or "SIGKILL" in cause)


def test_a_worker_that_its_nanny_starts_again_is_waited_for(cluster, monkeypatch):
    said = []
    found = Workers(
        cluster.client, BACKEND, ["digits"], said.append, (), folder=cluster.folder, nannies=cluster.nannies
    )
    found.wait_for_first()
    monkeypatch.setattr(workers, "PATIENCE", 10.0)  # seconds, in which a nanny begins with another
    (address,) = found.idle
    with pytest.raises(distributed.KilledWorker):
        cluster.client.submit(exec, "import os; os._exit(7)", workers=[address], pure=False).result()
    end = time.monotonic() + 120
    while not found.look():
        time.sleep(0.05)
    while not found.idle:
        found.look()
        time.sleep(0.05)
        assert time.monotonic() < end
    assert found.idle != [address]
    assert len([line for line in said if "Dask is starting others" in line]) <= 1
