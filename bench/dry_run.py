"""What `--dry-run` prints."""

from bench.estimate import duration, seconds
from bench.plan import Plan
from bench.trial import names

CORES = 2  # of which each trial has one


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
    lines.append(
        f"{len(plan.trials)} trials and {len(plan.baselines)} baselines on {', '.join(plan.backends)}; "
        f"about {duration(to_go / CORES)} to go on two cores; run folder: {plan.folder.path}"
    )
    return "\n".join(lines)
