"""`bench run`, `bench measure`: what is missing is run, what is finished kept, and a report is written."""

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from bench import datasets, errors
from bench.ask import estimate, grouping
from bench.ask.trial import External, Trial, Unit
from bench.keeping import checkpoints, networks
from bench.keeping.checkpoints import Checkpoints
from bench.keeping.result import Outcome
from bench.keeping.winners import Winners
from bench.machine import backend
from bench.running import conversion, execution, left_out, outlook, progress, unchanged
from bench.running.classifiers import Classifiers
from bench.running.execution.settings import Wanted
from bench.running.interruption import Interruption
from bench.running.plan import Plan
from bench.running.record import Record
from bench.running.trackers.telling import Trackers
from bench.running.understood import Understood

EXIT_OK, EXIT_SOME_FAILED = 0, 1


def run(plan: Plan, arguments: Sequence[str]) -> int:
    """Carry out a plan and return the exit code."""
    with plan.folder.locked():
        lost = _carry_out(plan, arguments)
        results = plan.folder.results(plan.units)
        lacking: list[str] = []  # parts of the report that could not be made
        if results:
            from bench.running import publication

            told: list[str] = []  # the report in a few lines
            path = publication.publish(plan.folder, say=lacking.append, tell=told.append)
            progress.print_summary(results, path, told)
            for line in lacking:
                progress.tell(line)
            if plan.opens:
                progress.open_page(path)
    own = plan.folder.results(plan.own)
    if absent := len(plan.own) - len(own):
        line = (
            f"{absent} of {len(plan.own)} trials and baselines have no result in {plan.folder.path}: "
            "they were not run, or were removed while others ran; the same command runs them"
        )
        progress.warn(errors.with_hint(line, fresh=plan.fresh), quiet=False)
    is_well = not (lost or absent or lacking) and all(result.status == "ok" for result in own)
    return EXIT_OK if is_well else EXIT_SOME_FAILED


def _carry_out(plan: Plan, arguments: Sequence[str]) -> int:
    """Run what is missing; return how much of it did not come to pass, beside trials that failed."""
    missing = plan.missing()
    record = Record(plan, arguments, missing)
    if missing:
        _check_installed(plan)
    seen = outlook.of(plan)
    for line in (outlook.line(plan, seen), *plan.sized):
        progress.warn(line, quiet=plan.quiet)
    for damaged in plan.folder.set_aside_damaged(plan.own):
        progress.warn(f"{damaged} is damaged and was set aside; its trial runs again", quiet=plan.quiet)
    if again := plan.measured_less():
        progress.warn(
            f"{len(again)} of the finished trials and baselines were not measured in all of "
            f"{', '.join(plan.measures)}: they run again",
            quiet=plan.quiet,
        )
    for line in left_out.lines(plan):
        progress.warn(line, quiet=plan.quiet)
    if not (missing or record.is_new or networks.untimed(plan.folder, plan.trials)):
        checkpoints.sweep(plan.folder)
        unchanged.check_own_data(plan)
        if not record.is_complete():
            record.begin()
            record.end()
        return 0
    _check_installed(plan)
    with (
        progress.Progress(
            missing,
            kept=len(plan.own) - len(missing),
            quiet=plan.quiet,
            groups=plan.measures,
            then=seen.parts.timing + seen.parts.report,
        ) as shown,
        Interruption() as stop,
    ):
        session = _Session(plan, record, missing, shown, stop, seen.speed.factor)
        for name in plan.backends:
            session.run_if_it_works(name)
        session.close()
        session.require_some()
    if not session.broken:
        record.end()
    return session.lost + len(session.broken)


def _check_installed(plan: Plan) -> None:
    """Of a cluster that is there only its workers know."""
    if not plan.settings.scheduler:
        for name in plan.backends:
            backend.check_installed(name)


class _Session:
    """One sitting: each backend in turn, in processes of its own."""

    def __init__(
        self,
        plan: Plan,
        record: Record,
        missing: Sequence[Unit],
        shown: progress.Progress,
        stop: Interruption,
        factor: float = 1.0,
    ) -> None:
        self._factor = factor  # how long this machine takes, by what `estimate` says
        self._plan, self._record, self._shown, self._stop = plan, record, shown, stop
        self._missing = list(missing)
        self._again = frozenset(missing)
        self._groups: dict[Unit, tuple[str, ...]] = {}
        self._has_begun = False
        self.broken: dict[str, errors.BackendError] = {}
        self._winners: Winners | None = None
        self._checkpoints: Checkpoints | None = None
        self._classifiers = Classifiers(plan.folder, plan.features, record, self.say)
        self._understood = Understood(plan.folder, self.say)
        self._noted: set[str] = set()
        self._pictured = plan.pictured()
        self._trackers = Trackers(plan.trackers, plan.folder, self.say)
        self.lost = 0  # trials that ended well before, and were to be measured in more, and failed

    def run_if_it_works(self, name: str) -> None:
        """Run what is missing on a backend. One that does not work must not cost what others have done."""
        try:
            self.run(name)
        except errors.BackendError as error:
            self.broken[name] = error
            trials = [unit for unit in self._again if isinstance(unit, Trial) and unit.backend == name]
            if len(self._plan.backends) > 1:
                left = f"{len(trials)} trials of {name} were not run" if trials else "no network was timed"
                self.say(f"{error}; {left}; the same command runs them")

    def close(self) -> None:
        """Nothing runs any more."""
        self._trackers.close()
        if self._checkpoints:
            self._checkpoints.close()

    def require_some(self) -> None:
        """Raise the first backend's error if there is nothing of any, of this sitting or an earlier one."""
        kept = (unit for unit in self._plan.trials if unit not in self._again)
        if self.broken and not self._has_begun and all(unit.backend in self.broken for unit in kept):
            raise next(iter(self.broken.values()))

    def run(self, name: str) -> None:
        """Run what is missing on a backend, then time its networks while nothing else runs."""
        units = self._units_of(name)
        trials = [trial for trial in self._plan.trials if trial.backend == name]
        if not (units or networks.untimed(self._plan.folder, trials) or self._record.is_new):
            return
        self._groups |= {unit: self._plan.measures_of(unit) for unit in units}
        outside = [grouping.outside(self._groups[unit]) for unit in units]
        names = list(dict.fromkeys([*(unit.dataset for unit in (*trials, *units)), *filter(None, outside)]))
        generated = {unit.dataset for unit in units if "generation" in self._groups[unit]}
        self._convert(names)
        self._shown.preparing(name)
        engine = execution.open_engine(
            name,
            self._plan.settings,
            names,
            most=len(units),
            planned=len(trials) + len(self._plan.baselines) + len(self._plan.externals),
            say=self.say,
        )
        with engine:
            taken = set(units)
            self._missing = [unit for unit in self._missing if unit not in taken]
            unchanged.check_outside(units, self._groups, engine.facts["datasets"])
            self._classifiers.take_over(engine.facts["datasets"], generated)
            self._begin(engine.facts["datasets"])
            self._understood.tell(engine.facts)
            self._record.opened(name, engine)
            if generated:
                self._shown.training_classifiers()
            self._classifiers.prepare(engine, generated)
            engine.run(units, self, self._stop)
            self._record.opened(name, engine)  # by now all workers have come that were going to
            self._time(engine, trials)

    def _convert(self, names: Sequence[str]) -> None:
        """Bring what is large into the cache, where workers find it; those of a cluster do it themselves."""
        if not self._plan.settings.scheduler:
            for name in names:
                datasets.convert(name, conversion.Told(name, self._shown.now))

    def _units_of(self, name: str) -> list[Unit]:
        """Trials of the backend; what has none, such as baselines, goes with the first that works."""
        return [unit for unit in self._missing if not isinstance(unit, Trial) or unit.backend == name]

    def _begin(self, data: Mapping[str, Any]) -> None:
        unchanged.check_unchanged(self._plan, {name: about["sha256"] for name, about in data.items()})
        if self._has_begun:
            return
        if self._plan.fresh:  # only now: a mistake above must not cost what was finished
            self._plan.folder.clear()
        self._plan.folder.create()
        self._record.begin()
        kept = self._plan.folder.results(unit for unit in self._plan.units if unit not in self._again)
        self._winners = Winners(self._plan.folder, self._record.save_models, kept)
        self._checkpoints = Checkpoints(self._plan.folder, self._plan.settings.checkpoint)
        if self._checkpoints.problem:
            self.say(self._checkpoints.problem)
        self._has_begun = True

    def _time(self, engine: execution.Engine, trials: Sequence[Trial]) -> None:
        self._stop.check()
        untimed = networks.untimed(self._plan.folder, trials)
        countdown = self._shown.timing(len(untimed), self._factor * sum(map(estimate.timing, untimed)))
        reasons: dict[str, str] = {}
        failed = functools.partial(self._not_timed, reasons)
        engine.time(untimed, self._timed, failed, self._stop, countdown.step)
        self._record.timed(map(networks.key, untimed), reasons)

    def _timed(self, trial: Trial, found: dict[str, float]) -> None:
        self._plan.folder.write_timing(networks.key(trial), {**networks.settings(trial), **found})

    def _not_timed(self, reasons: dict[str, str], trial: Trial, reason: str) -> None:
        reasons[networks.key(trial)] = reason
        self.say(f"the network of {trial} could not be timed: {reason}")

    # --- what the engine tells ----------------------------------------------------------------------

    def started(self, unit: Unit) -> None:
        """A worker has begun with a unit."""
        self._record.look()
        self._shown.started(unit)

    def progressed(self, unit: Unit, what: str) -> None:
        """What a unit does now."""
        self._shown.progressed(unit, what)

    def finished(self, outcome: Outcome) -> None:
        """A unit has ended: keep it, and show it; a failure does not replace numbers that were there."""
        assert self._winners is not None
        before = self._plan.folder.result(outcome.result.unit)
        if before is not None and before.status == "ok" and outcome.result.status != "ok":
            self.lost += 1
            self.say(
                f"{outcome.result.unit} was to be measured in more and ended as {outcome.result.status} "
                f"({outcome.result.error}): its earlier numbers are kept; the same command tries again"
            )
            self._shown.finished(before)
            return
        try:
            self._winners.finished(outcome)
        except errors.RunFolderError as error:  # a result is smaller, and may fit where a model does not
            self.say(f"the model of {outcome.result.unit} could not be kept: {error}")
        self._plan.folder.write(outcome)
        if isinstance(outcome.result.unit, External):
            self._record.measured(outcome.result)
        if self._checkpoints and outcome.result.status not in ("killed", "timeout"):
            self._checkpoints.remove(outcome.result.unit.key)
        self._trackers.finished(outcome)
        self._shown.finished(outcome.result)
        if outcome.note and outcome.note not in self._noted:
            self._noted.add(outcome.note)
            self.say(outcome.note)

    def wanted(self, unit: Unit) -> Wanted:
        """The model, if it may win, and the measures that were asked for."""
        assert self._winners is not None
        lacking = set() if unit.dataset in self._classifiers.ready else {"generation"}
        return Wanted(
            keep_below=self._winners.keep_below(unit),
            measures=tuple(name for name in self._groups[unit] if name not in lacking),
            features=self._classifiers.ready.get(unit.dataset, b""),
            checkpoints=self._checkpoints.place if self._checkpoints else None,
            is_explored=unit in self._pictured,
        )

    def say(self, line: str) -> None:
        """Something that a person should know."""
        self._shown.say(errors.with_hint(line, fresh=self._plan.fresh))
