"""What `--dry-run` prints."""

from collections.abc import Sequence

from bench import datasets, foreign, gpus, measures
from bench.estimate import duration, seconds
from bench.execution.settings import Settings
from bench.plan import Plan
from bench.trial import Unit, names


def listing(plan: Plan) -> str:
    """The trials, and how long those that are missing may take."""
    known = names(plan.units)
    missing = {unit.key for unit in plan.missing()}
    wanted = [*(unit.dataset for unit in plan.units), *filter(None, [measures.outside(plan.measures)])]
    own = dict.fromkeys(name for name in wanted if name not in datasets.known())
    lines = [foreign.visible(f"data {datasets.title(name)}: {datasets.outlook(name)}") for name in own]
    lines += [
        f"{unit.key}  {duration(seconds(unit)) if unit.key in missing else 'finished':>8}  {known[unit.key]}"
        for unit in plan.units
    ]
    workers = _workers(plan.settings, plan.backends)
    rounds: list[list[Unit]] = [[t for t in plan.trials if t.backend == name] for name in plan.backends]
    rounds[0] += plan.baselines  # they go with the first; backends run one after the other
    to_go = sum(_wall([seconds(unit) for unit in units if unit.key in missing], workers) for units in rounds)
    lines.append(
        f"{len(plan.trials)} trials and {len(plan.baselines)} baselines on {', '.join(plan.backends)}; about "
        f"{duration(to_go)} to go for {workers} worker{'s' * (workers > 1)}; run folder: {plan.folder.path}"
    )
    return "\n".join(lines)


def _wall(expected: Sequence[float], workers: int) -> float:
    """Seconds until all have ended: no sooner than the longest, nor than their sum over the workers."""
    return max(sum(expected) / workers, max(expected, default=0.0))


def _workers(settings: Settings, backends: Sequence[str]) -> int:
    """How many trials run at once, as `run` would choose for the backend that has the fewest.

    How many a scheduler has is not known yet.
    """
    if settings.scheduler:
        return 1
    if settings.workers is not None:
        return max(1, settings.workers)
    from bench.execution import sizing  # takes a second

    return min(sizing.default_workers(gpus.usable(name)) for name in backends)
