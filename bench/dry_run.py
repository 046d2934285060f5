"""What `--dry-run` prints."""

from bench import threads
from bench.estimate import duration, seconds
from bench.execution.settings import Settings
from bench.plan import Plan
from bench.trial import names


def listing(plan: Plan) -> str:
    """The trials, and how long those that are missing may take."""
    lines = []
    known = names(plan.units)
    missing = {unit.key for unit in plan.missing()}
    to_go = 0.0
    for unit in plan.units:
        expected = seconds(unit)
        to_go += expected if unit.key in missing else 0
        time = duration(expected) if unit.key in missing else "finished"
        lines.append(f"{unit.key}  {time:>8}  {known[unit.key]}")
    workers = max(1, min(_workers(plan.settings), len(missing)))
    lines.append(
        f"{len(plan.trials)} trials and {len(plan.baselines)} baselines on {', '.join(plan.backends)}; about "
        f"{duration(to_go / workers)} to go for {workers} worker{'s' * (workers > 1)}; "
        f"run folder: {plan.folder.path}"
    )
    return "\n".join(lines)


def _workers(settings: Settings) -> int:
    """How many trials run at once: one a core, or as asked for; how many a scheduler has is not known yet."""
    if settings.scheduler:
        return 1
    return threads.available() if settings.workers is None else settings.workers
