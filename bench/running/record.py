"""`run.json`: what was asked for, what ran where, and when."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bench import errors, paths
from bench.ask import grouping, known
from bench.ask.trial import PROTOCOL_VERSION, Unit
from bench.keeping.feature_network import FeatureNetwork
from bench.machine import provenance
from bench.running.execution import Engine
from bench.running.plan import Plan

Content = dict[str, Any]


class Record:
    """The record of a run, through the session that runs now."""

    def __init__(self, plan: Plan, arguments: Sequence[str], missing: Sequence[Unit]) -> None:
        self._plan = plan
        self._earlier = _earlier(plan)
        self._content: Content = {}
        self._open: tuple[str, Engine] | None = None
        said = [session.get("save_models", "best") for session in self._earlier.get("sessions", [])]
        self.save_models: str = plan.save_models or (said[-1] if said else "best")
        self._session: Content = {
            "command": provenance.command([each for each in arguments if each != "--fresh"]),
            "started": provenance.now(),
            "finished": None,
            "trials_run": len(missing),
            "save_models": self.save_models,
        }

    @property
    def is_new(self) -> bool:
        """Whether nothing has been recorded here before."""
        return not self._earlier

    def begin(self) -> None:
        """Write the record before the first trial: a run that is killed can be read, too."""
        plan = self._plan
        self._content = {
            **self._earlier,
            "grid": {"name": plan.grid.name, "description": plan.grid.description, "changed": plan.changed},
            "command": self._session["command"],
            "backend": ",".join(plan.backends),
            "units": [unit.settings() for unit in plan.units],
            "cards": self._cards(),
            "left_out": plan.folder.others(plan.units),
            "published": [row.to_json() for row in plan.published],
            **_plugins(plan),
            "started": self._earlier.get("started", self._session["started"]),
            "finished": None,
            "sessions": [*self._earlier.get("sessions", []), self._session],
        }
        wanted = {unit.dataset for unit in plan.units} | _outside(plan)
        if not plan.published:
            del self._content["published"]
        before = self._earlier.get("datasets", {})
        self._content["datasets"] = {name: about for name, about in before.items() if name in wanted}
        self._write()

    def _cards(self) -> Content:
        """Those of what is asked for, and of tasks that measured what is kept."""
        plan = self._plan
        found: Content = known.to_json(
            (trial.model for trial in plan.trials),
            (trial.architecture for trial in plan.trials),
            map(grouping.task, plan.measures),
            (name for trial in plan.trials for name in trial.views),
        )
        told = {card["name"] for card in found.get("tasks", [])}
        earlier = self._earlier.get("cards", {}).get("tasks", [])
        tasks = [*found.get("tasks", []), *(card for card in earlier if card["name"] not in told)]
        return {**found, "tasks": tasks} if tasks else found

    def opened(self, backend: str, engine: Engine) -> None:
        """Note where the trials of a backend run."""
        self._open = (backend, engine)
        facts = engine.facts
        machine = {
            **facts["machine"],
            "workers": engine.workers,
            "thread_bounds": facts.get("threads", {}),
            "other_versions": facts.get("other_versions", []),
        }
        self._session.setdefault("machines", {})[backend] = machine
        self._session |= {"git": facts["git"], "versions": facts["versions"], "machine": machine}
        self._content["datasets"] |= facts["datasets"]
        self._content |= {name: self._session[name] for name in ("git", "versions", "machine")}
        machines = {**self._content.get("machines", {}), backend: machine}
        self._content["machines"] = {name: machines[name] for name in self._plan.backends if name in machines}
        self._write()

    def look(self) -> None:
        """Note it if more workers have come to the backend that was opened last: the run may be killed."""
        if self._open and self._open[1].workers > self._session["machine"]["workers"]:
            self.opened(*self._open)

    def compared(self, dataset: str, network: FeatureNetwork) -> None:
        """Note which classifiers images of a data set are compared in the features of, how good they are."""
        for prefix, one in (("", network), ("second_", network.second)):
            if one is not None:
                if one.accuracy is not None:
                    self._content.setdefault(f"{prefix}features", {})[dataset] = one.accuracy
                self._content.setdefault(f"{prefix}classifiers", {})[dataset] = one.fingerprint
        self._write()

    def classifiers(self, dataset: str) -> tuple[str | None, str | None]:
        """The fingerprints of both classifiers that were noted for a data set, now or in another session."""
        first: dict[str, str] = self._content.get("classifiers", {})
        second: dict[str, str] = self._content.get("second_classifiers", {})
        return first.get(dataset), second.get(dataset)

    def timed(self, tried: Iterable[str], reasons: Mapping[str, str]) -> None:
        """Note why networks could not be timed, by key, of those that were tried."""
        before, again = self._content.get("not_timed", {}), set(tried)
        kept = {key: reason for key, reason in before.items() if key not in again}
        found = kept | {key: paths.without_home(reason) for key, reason in reasons.items()}
        if found != before:
            self._content["not_timed"] = found
            self._write()

    def end(self) -> None:
        """Note that all has run."""
        self._content["finished"] = self._session["finished"] = provenance.now()
        self._write()

    def is_complete(self) -> bool:
        """Whether an earlier session has finished these very units."""
        units = [unit.settings() for unit in self._plan.units]
        return bool(self._earlier.get("finished")) and self._earlier["units"] == units

    def _write(self) -> None:
        self._plan.folder.write_run(self._content)


def _outside(plan: Plan) -> set[str]:
    """Other data sets, from whose images those of the run were told apart, or will be."""
    groups = [plan.measures, *(one.groups for one in plan.folder.results(plan.units))]
    return {name for each in groups if (name := grouping.outside(each))}


def _plugins(plan: Plan) -> Content:
    """The files that models of this session come from, by path, with their hashes."""
    found = {paths.without_home(plugin.name): plugin.sha256 for plugin in plan.settings.plugins}
    return {"plugins": found} if found else {}


def _earlier(plan: Plan) -> Content:
    """The record of the run so far; empty if there is none, or if it cannot be read."""
    if plan.fresh or not plan.folder.is_run():
        return {}
    try:
        found = plan.folder.read_run()
    except errors.DamagedRecordError:
        return {}
    if found["protocol"] != PROTOCOL_VERSION:
        raise errors.RunFolderError(
            f"{plan.folder.path} has protocol version {found['protocol']}, this program measures by "
            f"{PROTOCOL_VERSION}: its trials can be read, and none can be added; choose another folder "
            "(--output), or let the program's version that made it go on"
        )
    return found
