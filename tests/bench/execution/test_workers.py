"""Workers that are there are never taken for lost."""

import time

import dask
import distributed
import pytest

from bench.machine import threads
from bench.running.execution.workers import Workers
from tests.conftest import BACKEND


@pytest.fixture
def workers():
    """Two workers of a client that asks about its scheduler a thousand times as often as by default."""
    environment = {"KERAS_BACKEND": BACKEND, **threads.environment(1)}
    with (
        dask.config.set(
            {
                "distributed.client.scheduler-info-interval": "2ms",
                "distributed.nanny.pre-spawn-environ": environment,
            }
        ),
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        found = Workers(client, BACKEND, ["digits"], print, ())
        found.wait_for_first()
        yield found


def test_workers_that_live_are_not_gone_however_often_one_looks(workers):
    end = time.monotonic() + 60
    while len(workers.idle) < 2:
        assert not workers.look()
        assert time.monotonic() < end
    for _ in range(100):
        assert not workers.look()
    assert len(workers.idle) == 2
