"""`bench run`: what is missing is run, what is finished is kept, and a report is written."""

from collections.abc import Sequence
from typing import Any

from bench import backend, datasets, errors, progress, provenance
from bench.plan import Plan
from bench.result import Outcome
from bench.trial import Unit

EXIT_OK, EXIT_SOME_FAILED = 0, 1


def run(plan: Plan, arguments: Sequence[str]) -> int:
    """Carry out a plan and return the exit code."""
    if plan.fresh:
        plan.folder.clear()
    earlier = plan.folder.read_run() if plan.folder.is_run() else {}
    missing = [unit for unit in plan.units if _is_missing(plan, unit)]
    if missing or not earlier:
        backend.activate(plan.backend)
        _check_data(plan, earlier)
    plan.folder.create()
    record = _begin(plan, arguments, earlier, anew=bool(missing))
    _run_missing(plan, missing)
    record["finished"] = record["sessions"][-1]["finished"] = provenance.now()
    if missing:
        plan.folder.write_run(record)
    from bench import publication

    path = publication.publish(plan.folder)
    results = plan.folder.results(plan.units)
    progress.print_summary(results, path)
    return EXIT_OK if all(result.status == "ok" for result in results) else EXIT_SOME_FAILED


def _is_missing(plan: Plan, unit: Unit) -> bool:
    result = plan.folder.result(unit)
    return result is None or (plan.retry_failed and result.status != "ok")


def _check_data(plan: Plan, earlier: dict[str, Any]) -> None:
    """Load every data set, so that bad data ends the run before it begins."""
    for name in dict.fromkeys(trial.dataset for trial in plan.trials):
        now = datasets.load_once(name).sha256
        before = earlier.get("datasets", {}).get(name, {}).get("sha256", now)
        if now != before:
            raise errors.RunFolderError(
                f"data set {name} is not the one that the run in {plan.folder.path} began with "
                f"(SHA-256 {now[:12]}, was {before[:12]}); choose another folder with --output, "
                "or remove the old run with --fresh"
            )


def _begin(plan: Plan, arguments: Sequence[str], earlier: dict[str, Any], *, anew: bool) -> dict[str, Any]:
    """Write `run.json`, before the first trial: a run that is killed can be read, too."""
    started = provenance.now()
    session = {"command": provenance.command(arguments), "started": started, "finished": None}
    record = {
        **earlier,
        "grid": {"name": plan.grid.name, "description": plan.grid.description},
        "backend": plan.backend,
        "units": [unit.settings() for unit in plan.units],
    }
    if anew or not earlier:
        names = dict.fromkeys(trial.dataset for trial in plan.trials)
        record |= {
            "command": session["command"],
            "started": earlier.get("started", started),
            "finished": None,
            "sessions": [*earlier.get("sessions", []), session],
            "datasets": {name: provenance.data(datasets.load_once(name)) for name in names},
            **provenance.software(),
            "machine": provenance.machine(plan.backend),
        }
    plan.folder.write_run(record)
    return record


def _run_missing(plan: Plan, missing: Sequence[Unit]) -> None:
    if not missing:
        return
    from bench import execution

    kept = len(plan.units) - len(missing)
    with progress.Progress(missing, kept=kept, quiet=plan.quiet) as shown:

        def finished(outcome: Outcome) -> None:
            plan.folder.write(outcome)
            shown.finished(outcome.result)

        execution.run_all(missing, finished)
