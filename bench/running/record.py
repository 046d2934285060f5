"""`run.json`: what was asked for, what ran where, and when."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bench import errors, paths
from bench.ask import grouping, known
from bench.ask.trial import PROTOCOL_VERSION, Unit
from bench.keeping.feature_network import FeatureNetwork
from bench.keeping.result import Result
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
            **({} if plan.adds else self._asked()),
            "units": [unit.settings() for unit in plan.units],
            "left_out": plan.folder.others(plan.units),
            **self._coders(),
            "started": self._earlier.get("started", self._session["started"]),
            "finished": self._earlier.get("finished") if plan.adds else None,
            "sessions": [*self._earlier.get("sessions", []), self._session],
        }
        wanted = {unit.dataset for unit in plan.units} | _outside(plan)
        if not (plan.adds or plan.published):
            self._content.pop("published", None)
        before = self._earlier.get("datasets", {})
        self._content["datasets"] = {name: about for name, about in before.items() if name in wanted}
        self._write()

    def _asked(self) -> Content:
        """What the command that begins a run asks for; one that adds to it changes nothing of that."""
        grid = self._plan.grid
        return {
            "grid": {"name": grid.name, "description": grid.description, "changed": self._plan.changed},
            "command": self._session["command"],
            "backend": ",".join(self._plan.backends),
            "cards": self._cards(),
            "published": [row.to_json() for row in self._plan.published],
            **_plugins(self._plan),
        }

    def _coders(self) -> Content:
        """The files that external coders come from, by the names of these."""
        before = self._earlier.get("coders", {})
        found = {unit.model: before[unit.model] for unit in self._plan.kept if unit.model in before}
        for unit in self._plan.externals:
            (plugin,) = (
                one.plugin for one in self._plan.settings.coders if one.plugin.sha256.startswith(unit.file)
            )
            about = {"file": paths.near(plugin.name), "sha256": plugin.sha256, "coder": unit.source}
            found[unit.model] = {**before.get(unit.model, {}), **about}
        return {"coders": found} if found else {}

    def measured(self, result: Result) -> None:
        """Note of an external coder what it says it is, and of which libraries its file is."""
        told = {name: result.texts[name] for name in ("library", "title") if name in result.texts}
        self._content["coders"][result.unit.model] |= told
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
        if self._plan.adds:
            self._write()
            return
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
        self._session["finished"] = provenance.now()
        if not self._plan.adds:
            self._content["finished"] = self._session["finished"]
        self._write()

    def is_complete(self) -> bool:
        """Whether an earlier session has finished these very units."""
        units = [unit.settings() for unit in self._plan.units]
        return bool(self._earlier.get("finished") or self._plan.adds) and self._earlier["units"] == units

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
