"""What `--dry-run` prints."""

from bench import datasets
from bench.ask import grouping
from bench.ask.estimate import duration
from bench.ask.trial_names import names
from bench.running import outlook
from bench.running.plan import Plan


def lines(plan: Plan) -> list[str]:
    """The trials, how long those that are missing may take, and how long the whole run with its report."""
    known, seen = names(plan.units), outlook.of(plan)
    wanted = [*(unit.dataset for unit in plan.units), *filter(None, [grouping.outside(plan.measures)])]
    own = dict.fromkeys(name for name in wanted if name not in datasets.known())
    found = [f"data {datasets.title(name)}: {datasets.outlook(name)}" for name in own]
    found += [
        f"{unit.key}  {duration(seen.expected[unit.key]) if unit.key in seen.expected else 'finished':>8}  "
        f"{known[unit.key]}"
        for unit in plan.units
    ]
    return [*found, *plan.sized, outlook.line(plan, seen)]
