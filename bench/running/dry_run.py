"""What `--dry-run` prints."""

from collections.abc import Sequence

from bench import datasets
from bench.ask import estimate, grouping
from bench.ask.estimate import duration
from bench.ask.trial import Unit
from bench.ask.trial_names import names
from bench.keeping import networks
from bench.machine import gpus
from bench.running.execution.settings import Settings
from bench.running.plan import Plan


def lines(plan: Plan) -> list[str]:
    """The trials, how long those that are missing may take, and how long the whole run with its report."""
    known = names(plan.units)
    expected = {unit.key: estimate.seconds(unit, plan.measures_of(unit)) for unit in plan.missing()}
    wanted = [*(unit.dataset for unit in plan.units), *filter(None, [grouping.outside(plan.measures)])]
    own = dict.fromkeys(name for name in wanted if name not in datasets.known())
    found = [f"data {datasets.title(name)}: {datasets.outlook(name)}" for name in own]
    found += [
        f"{unit.key}  {duration(expected[unit.key]) if unit.key in expected else 'finished':>8}  "
        f"{known[unit.key]}"
        for unit in plan.units
    ]
    workers = _workers(plan.settings, plan.backends, sorted({unit.dataset for unit in plan.units}))
    found.append(
        f"{len(plan.trials)} trials and {len(plan.baselines)} baselines on {', '.join(plan.backends)}; about "
        f"{duration(_to_go(plan, expected, workers))} to go for {workers} worker{'s' * (workers > 1)}, "
        f"with timing and report; run folder: {plan.folder.path}"
    )
    return found


def _to_go(plan: Plan, expected: dict[str, float], workers: int) -> float:
    """Seconds to the end of the report: backends run one after the other, each with all workers."""
    timed = set() if plan.fresh else set(plan.folder.timings())
    total = estimate.REPORT + estimate.REPORT_TRIAL * len(plan.trials)
    for name in plan.backends:
        trials = [trial for trial in plan.trials if trial.backend == name]
        units: list[Unit] = [*trials, *(plan.baselines if name == plan.backends[0] else ())]
        untimed = {networks.key(trial): trial for trial in trials if networks.key(trial) not in timed}
        running = [expected[unit.key] for unit in units if unit.key in expected]
        if running or untimed:
            total += estimate.STARTING[name] + estimate.wall(running, workers)
        total += sum(map(estimate.timing, untimed.values()))
    return total + sum(map(estimate.classifier, _classifiers(plan, expected)))


def _classifiers(plan: Plan, expected: dict[str, float]) -> set[str]:
    """Data sets whose classifier of features has to be trained: none is kept here, and none taken over."""
    if plan.features or "generation" not in plan.measures:
        return set()
    kept = () if plan.fresh else plan.folder.results(plan.units)
    there = {result.unit.dataset for result in kept if "generation" in result.groups}
    return {unit.dataset for unit in plan.units if unit.key in expected} - there


def _workers(settings: Settings, backends: Sequence[str], data: Sequence[str]) -> int:
    """How many trials run at once, as `run` would choose for the backend that has the fewest.

    How many a scheduler has is not known yet.
    """
    if settings.scheduler:
        return 1
    if settings.workers is not None:
        return max(1, settings.workers)
    from bench.running.execution import sizing  # takes a second

    return min(sizing.default_workers(gpus.usable(name), data) for name in backends)
