"""What the engine costs, and what parallel workers bring: `tox -e benchmarks`."""

import contextlib
import dataclasses
import json
import statistics
import sys
import time

import cloudpickle
import psutil
import pytest

from bench.ask import grid
from bench.ask.trial import Trial, Unit
from bench.keeping import tables
from bench.keeping.result import Outcome
from bench.keeping.store import RunFolder
from bench.running.execution.cluster import Cluster
from bench.running.execution.queue import Queue
from bench.running.execution.settings import Settings, Wanted
from bench.running.execution.work import run
from bench.running.interruption import Interruption
from tests.conftest import BACKEND

cloudpickle.register_pickle_by_value(sys.modules[__name__])  # workers cannot import this module


class Listener:
    """Keeps what has finished in a run folder, if there is one; else only counts."""

    def __init__(self, folder: RunFolder | None = None) -> None:
        self.folder, self.count = folder, 0

    def progressed(self, unit: Unit, what: str) -> None:
        """A unit does something."""

    def started(self, unit: Unit) -> None:
        """Nothing to show."""

    def finished(self, outcome: Outcome) -> None:
        """Store it, as a run does."""
        assert outcome.result.status == "ok", outcome.result
        self.count += 1
        if self.folder is not None:
            self.folder.write(outcome)

    def wanted(self, unit: Unit) -> Wanted:
        """Basic measures, and no model."""
        return Wanted()

    def say(self, line: str) -> None:
        """For whoever reads the benchmark's output."""
        print(line)


def dense_trials(architecture: str) -> list[Trial]:
    return [
        dataclasses.replace(trial, seed=seed)
        for trial in grid.load("quick").trials(BACKEND)
        if trial.architecture == architecture and trial.model == "ae"
        for seed in (0, 1)
    ]


@pytest.mark.parametrize("architecture", ["dense", "conv"])
def test_two_workers_against_one_with_all_threads(benchmark, monkeypatch, architecture):
    """Four trials on each, in turns; the ratio is that of trials an hour."""
    trials = dense_trials(architecture)
    seconds: dict[int, list[float]] = {1: [], 2: []}
    with contextlib.ExitStack() as stack:
        clusters = {}
        for count in seconds:
            # Each cluster bounds its own threads, and would take the other's bound for a wish of the user.
            monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
            settings = Settings(workers=count)
            clusters[count] = stack.enter_context(
                Cluster(BACKEND, settings, ["digits"], most=4, planned=4, say=print)
            )

        def turn() -> None:
            for count, cluster in clusters.items():
                start = time.perf_counter()
                cluster.run(list(trials), Listener(), Interruption())
                seconds[count].append(time.perf_counter() - start)

        benchmark.pedantic(turn, rounds=3, warmup_rounds=1)
    medians = {count: statistics.median(values[1:]) for count, values in seconds.items()}
    benchmark.extra_info |= {"one": medians[1], "two": medians[2], "ratio": medians[1] / medians[2]}
    print(f"\n{architecture}: two workers finish {medians[1] / medians[2]:.2f} times as many trials an hour")


@pytest.mark.parametrize("count", [1000, 5000])
def test_submitting_storing_and_tabulating(benchmark, tmp_path, count):
    """A task that returns a stored result, so that only the engine, the store and the tables count."""
    first = dataclasses.replace(dense_trials("dense")[0], epochs=1)
    stored = tmp_path / "outcome"
    stored.write_bytes(cloudpickle.dumps(run(first)))

    def give(unit: Unit, limit: float, log: str, wanted: Wanted) -> Outcome:
        outcome = cloudpickle.loads(stored.read_bytes())
        return dataclasses.replace(outcome, result=dataclasses.replace(outcome.result, unit=unit))

    trials = [dataclasses.replace(first, seed=seed) for seed in range(count)]
    folder = RunFolder(tmp_path / "run")
    folder.create()
    memory, parts = [], {}
    with Cluster(BACKEND, Settings(workers=2), ["digits"], most=2, planned=2, say=print) as cluster:
        queue = Queue(cluster._client, cluster._workers, Settings(), Listener(folder), task=give)

        def everything() -> None:
            memory.append(psutil.Process().memory_info().rss)
            start = time.perf_counter()
            queue.run(trials, Interruption())
            parts["run"] = time.perf_counter() - start
            memory.append(psutil.Process().memory_info().rss)
            results = folder.results(trials)
            folder.write_text("results.csv", tables.results_csv(results))
            folder.write_text("summary.csv", tables.summary_csv(results))
            parts["tables"] = time.perf_counter() - start - parts["run"]

        benchmark.pedantic(everything, rounds=1)
    benchmark.extra_info |= {**parts, "grown_mib": (memory[1] - memory[0]) / 2**20}
    print(f"\n{count} results: {json.dumps(benchmark.extra_info)}")
