"""What trials and baselines of a run are called: by what tells each from the others."""

from collections.abc import Sequence
from typing import Any

from bench.ask import axes
from bench.ask.trial import Trial, Unit


def names(units: Sequence[Unit]) -> dict[str, str]:
    """A name for each key, with no more than what tells these units apart."""
    trials = [unit for unit in units if isinstance(unit, Trial)]
    seen: dict[str, set[Any]] = {}
    for trial in trials:
        usual = {name: axis.default for name, axis in trial.own_axes.items()}
        for axis, value in {**trial.settings(), "options": None, **usual, **dict(trial.options)}.items():
            seen.setdefault(axis, set()).add(value)

    def varies(axis: axes.Axis, value: Any) -> bool:
        return len(seen.get(axis.name, ())) > 1

    def name(trial: Trial) -> str:
        text = trial.name(varies)
        return f"{text}, {trial.backend}" if len(seen["backend"]) > 1 else text

    return {unit.key: name(unit) if isinstance(unit, Trial) else str(unit) for unit in units}
