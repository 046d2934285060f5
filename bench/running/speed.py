"""How fast this machine is, in the figures of `bench.ask.estimate`: by earlier runs, or by a short test."""

import dataclasses
import os
import statistics
import time

from bench import errors
from bench.ask import estimate
from bench.ask.trial import Trial
from bench.keeping import known_runs
from bench.keeping.result import Result
from bench.keeping.store import RunFolder
from bench.machine import gpus, provenance, threads
from bench.running.plan import Plan

LEAST = 3  # trials that tell more than the short test
MOST_RUNS, MOST_TRIALS = 5, 100  # that are read: a start is not to wait for them
SECONDS = 0.3  # of the short test
# Of a product of 128x784 by 784x512 numbers on a core that has nothing else to do: what a dense network
# does at its first layer with a batch. The figures of `estimate` are of such a machine.
PRODUCT = 0.9e-3
BLOCK = 10  # products between two looks at the clock


@dataclasses.dataclass(frozen=True, kw_only=True)
class Speed:
    """What an estimate is multiplied by, and where that comes from, in words."""

    factor: float
    source: str


UNKNOWN = Speed(factor=1.0, source="by figures of another machine")


def here(plan: Plan) -> Speed:
    """Of what a plan will run; where more wants to run than there are cores, that is said."""
    if plan.settings.scheduler:
        return UNKNOWN
    found, load = _found(plan), os.getloadavg()[0]
    if load <= threads.available():
        return found
    busy = f"this machine is busy now, with {load:.1f} processes for {threads.available()} cores"
    return dataclasses.replace(found, source=f"{found.source}; {busy}")


def _found(plan: Plan) -> Speed:
    for folder in _runs(plan):
        if found := _of_run(folder, plan.backends):
            return found
    if any(gpus.usable(name) for name in plan.backends):
        return UNKNOWN
    return Speed(factor=_product() / PRODUCT, source="by a short test of this processor")


def _runs(plan: Plan) -> list[RunFolder]:
    """That of the run first, though it may be begun anew, then others, the newest first; none published."""
    others = [run for run in known_runs.under(known_runs.REPORTS) if run.path != plan.folder.path]
    loose = [run for run in others if not run.is_packed]
    return [plan.folder, *sorted(loose, key=_age)][:MOST_RUNS]


def _age(folder: RunFolder) -> float:
    try:
        return -os.stat(folder.path / "run.json").st_mtime
    except OSError:
        return 0.0


def _of_run(folder: RunFolder, backends: tuple[str, ...]) -> Speed | None:
    """What its trials took, by what was expected of them; None of another machine, or of too few."""
    try:
        machine = folder.read_run().get("machine", {})
        if (machine.get("processor"), machine.get("cores")) != (provenance.processor(), threads.available()):
            return None
        trials = [one for one in folder.units() if isinstance(one, Trial) and one.backend in backends]
        results = [one for one in folder.results(trials[:MOST_TRIALS]) if one.status == "ok"]
        expected = sum(estimate.seconds(one.unit, one.groups) for one in results)
    except errors.BenchError:  # damaged, or of data that are gone
        return None
    taken = sum(map(_seconds, results))
    if len(results) < LEAST or not taken:
        return None
    return Speed(factor=taken / expected, source=f"by {len(results)} trials in {folder.path}")


def _seconds(result: Result) -> float:
    return sum(result.measures.get(name) or 0.0 for name in ("fit_seconds", "measure_seconds"))


def _product() -> float:
    """Seconds of a product on one core, as busy as the machine is now."""
    import numpy as np
    import threadpoolctl

    generator = np.random.default_rng(0)
    first, second = (generator.random(shape, dtype=np.float32) for shape in ((128, 784), (784, 512)))
    taken: list[float] = []
    with threadpoolctl.threadpool_limits(1):
        start = time.perf_counter()
        while not taken or time.perf_counter() - start < SECONDS:
            begun = time.perf_counter()
            for _ in range(BLOCK):
                first @ second
            taken.append((time.perf_counter() - begun) / BLOCK)
    return statistics.median(taken)
