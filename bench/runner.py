"""`bench run`: what is missing is run, what is finished is kept, and a report is written."""

from collections.abc import Sequence
from typing import Any

from bench import backend, datasets, errors, interruption, progress, provenance
from bench.plan import Plan
from bench.result import Outcome
from bench.trial import Unit

EXIT_OK, EXIT_SOME_FAILED = 0, 1

Record = dict[str, Any]


def run(plan: Plan, arguments: Sequence[str]) -> int:
    """Carry out a plan and return the exit code."""
    missing = plan.missing()
    earlier = _earlier(plan)
    anew = bool(missing) or not earlier  # else nothing is left but to report what is there
    if anew:
        backend.activate(plan.backend)
    _check_data(plan, everything=anew)
    if plan.fresh:  # only now: a mistake above must not cost what was finished
        plan.folder.clear()
    plan.folder.create()
    record = _begin(plan, arguments, earlier, missing)
    if missing:
        _run(plan, missing)
    _end(plan, record)
    from bench import publication

    path = publication.publish(plan.folder)
    results = plan.folder.results(plan.units)
    progress.print_summary(results, path)
    return EXIT_OK if all(result.status == "ok" for result in results) else EXIT_SOME_FAILED


def _check_data(plan: Plan, *, everything: bool) -> None:
    """Load the data, so that bad data end the run before it begins, and refuse to mix two data sets.

    Where all is finished, those of the registry are not loaded again: they cannot have changed.
    """
    for name in dict.fromkeys(trial.dataset for trial in plan.trials):
        if not everything and name in datasets.known():
            continue
        now = datasets.load_once(name).sha256
        kept = [] if plan.fresh else plan.folder.results(u for u in plan.units if u.dataset == name)
        for before in {result.data_sha256 for result in kept} - {now, ""}:
            raise errors.RunFolderError(
                f"data set {name} has changed since trials in {plan.folder.path} ran on it "
                f"(SHA-256 {now[:12]}, was {before[:12]}); choose another folder with --output, "
                "or remove the old run with --fresh"
            )


def _begin(plan: Plan, arguments: Sequence[str], earlier: Record, missing: Sequence[Unit]) -> Record:
    """Write `run.json` before the first trial: a run that is killed can be read, too."""
    units = [unit.settings() for unit in plan.units]
    if earlier and not missing and earlier["units"] == units:
        return earlier
    session: Record = {
        "command": provenance.command(arguments),
        "started": provenance.now(),
        "finished": None,
        "trials_run": len(missing),
    }
    record = {
        **earlier,
        "grid": {"name": plan.grid.name, "description": plan.grid.description, "changed": plan.changed},
        "command": session["command"],
        "backend": plan.backend,
        "units": units,
        "started": earlier.get("started", session["started"]),
        "finished": None,
    }
    if missing or not earlier:
        names = dict.fromkeys(trial.dataset for trial in plan.trials)
        record["datasets"] = {name: provenance.data(datasets.load_once(name)) for name in names}
        session |= {**provenance.software(), "machine": provenance.machine(plan.backend)}
        record |= {name: session[name] for name in ("git", "versions", "machine")}  # of the latest session
    record["sessions"] = [*earlier.get("sessions", []), session]
    plan.folder.write_run(record)
    return record


def _earlier(plan: Plan) -> Record:
    """The record of the run so far; empty if there is none, or if it cannot be read."""
    if plan.fresh or not plan.folder.is_run():
        return {}
    try:
        return plan.folder.read_run()
    except errors.DamagedRecordError:
        return {}


def _end(plan: Plan, record: Record) -> None:
    if record["finished"] is None:
        record["finished"] = record["sessions"][-1]["finished"] = provenance.now()
        plan.folder.write_run(record)


def _run(plan: Plan, missing: Sequence[Unit]) -> None:
    from bench import execution

    kept = len(plan.units) - len(missing)
    with (
        progress.Progress(missing, kept=kept, quiet=plan.quiet) as shown,
        interruption.Interruption() as stop,
    ):

        def finished(outcome: Outcome) -> None:
            plan.folder.write(outcome)
            shown.finished(outcome.result)

        execution.run_all(missing, finished, stop)
