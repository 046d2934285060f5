"""How long a plan may take, part by part: what a dry run prints, and a run says first."""

import dataclasses
from collections.abc import Mapping, Sequence

from bench.ask import estimate
from bench.ask.estimate import duration
from bench.ask.trial import Trial, Unit
from bench.keeping import networks
from bench.machine import gpus
from bench.running import speed
from bench.running.plan import Plan

Expected = Mapping[str, float]
"""Seconds of each unit that has to be run, by key."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Parts:
    """Seconds: of starting workers and of classifiers, of trials and baselines, of timing, of the report."""

    starting: float
    running: float
    timing: float
    report: float

    @property
    def total(self) -> float:
        """All together."""
        return self.starting + self.running + self.timing + self.report

    def times(self, factor: float) -> "Parts":
        """The same on a machine that takes so many times as long."""
        return Parts(**{name: factor * value for name, value in dataclasses.asdict(self).items()})


@dataclasses.dataclass(frozen=True, kw_only=True)
class Outlook:
    """What is to be expected of a plan on this machine."""

    expected: Expected
    parts: Parts
    workers: int
    speed: speed.Speed


def of(plan: Plan) -> Outlook:
    """As far as `bench.ask.estimate` and the speed of this machine tell; takes about a second."""
    found = speed.here(plan)
    expected = {u.key: found.factor * estimate.seconds(u, plan.measures_of(u)) for u in plan.missing()}
    workers = _workers(plan)
    plain = {key: seconds / found.factor for key, seconds in expected.items()}
    return Outlook(
        expected=expected,
        parts=parts(plan, plain, workers).times(found.factor),
        workers=workers,
        speed=found,
    )


def line(plan: Plan, seen: Outlook) -> str:
    """How many, how long and where to."""
    trials = f"{len(plan.trials)} trial{'' if len(plan.trials) == 1 else 's'}"
    counted = f"{trials} and {len(plan.baselines)} baselines on {', '.join(plan.backends)}"
    if plan.externals:
        counted = f"{len(plan.externals)} external coder{'s' * (len(plan.externals) > 1)}"
    left = len(seen.expected)
    if 0 < left < len(plan.own):
        counted += f", {left} of them to run"
    folder = f"run folder: {plan.folder.path}"
    if not left and not seen.parts.timing:
        return f"{counted}, all finished: the report is written again; {folder}"
    workers = f"for {seen.workers} worker{'s' * (seen.workers > 1)}"
    if plan.settings.scheduler:
        workers = "if the cluster had one worker"
    remaining = f"about {duration(seen.parts.total)} to go {workers}"
    return f"{counted}; {remaining}, with measuring, timing and report ({seen.speed.source}); {folder}"


def parts(plan: Plan, expected: Expected, workers: int) -> Parts:
    """To the end of the report: backends run one after the other, each with all workers."""
    timed = set() if plan.fresh else set(plan.folder.timings())
    starting = sum(map(estimate.classifier, _classifiers(plan, expected)))
    running = timing = 0.0
    for name in plan.backends:
        trials = [trial for trial in plan.trials if trial.backend == name]
        units: list[Unit] = [*trials]
        if name == plan.backends[0]:
            units += [*plan.baselines, *plan.externals]
        ending_well = [one for one in trials if one.key in expected or _is_well(plan, one)]
        untimed = {networks.key(one): one for one in ending_well if networks.key(one) not in timed}
        seconds = [expected[unit.key] for unit in units if unit.key in expected]
        if seconds or untimed:
            starting += estimate.STARTING[name]
            running += estimate.wall(seconds, workers)
        timing += sum(map(estimate.timing, untimed.values()))
    report = estimate.REPORT + estimate.REPORT_TRIAL * len(plan.trials)
    return Parts(starting=starting, running=running, timing=timing, report=report)


def _is_well(plan: Plan, trial: Trial) -> bool:
    """Whether it has ended well: networks of others are not timed."""
    result = plan.folder.result(trial)
    return result is not None and result.status == "ok"


def _classifiers(plan: Plan, expected: Expected) -> set[str]:
    """Data sets whose classifier of features has to be trained: none is kept here, and none taken over."""
    if plan.features or "generation" not in plan.measures:
        return set()
    kept = () if plan.fresh else plan.folder.results(plan.units)
    there = {result.unit.dataset for result in kept if "generation" in result.groups}
    return {unit.dataset for unit in plan.units if unit.key in expected} - there


def _workers(plan: Plan) -> int:
    """How many trials run at once, as `run` would choose for the backend that has the fewest.

    How many a scheduler has is not known yet.
    """
    if plan.settings.scheduler:
        return 1
    if plan.settings.workers is not None:
        return max(1, plan.settings.workers)
    from bench.running.execution import sizing  # takes a second

    data: Sequence[str] = sorted({unit.dataset for unit in plan.units})
    return min(sizing.default_workers(gpus.usable(name), data) for name in plan.backends)
