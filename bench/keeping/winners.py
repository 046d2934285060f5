"""Which trained models are kept, so that they can be taken away."""

import math
from collections.abc import Hashable, Iterable

from bench.ask.trial import Trial, Unit
from bench.keeping.result import Outcome, Result
from bench.keeping.store import RunFolder


class Winners:
    """Keeps the model of the best trial of each model and architecture, by validation loss.

    Validation losses compare within one objective only, so another loss, or another beta, has a winner
    of its own; so have binarised images, which are other images. Of trials that were trained on the
    validation images none can win: all their models are kept, or none.
    """

    def __init__(self, folder: RunFolder, policy: str, results: Iterable[Result]) -> None:
        self._folder, self._policy = folder, policy
        self._best: dict[Hashable, Result] = {}
        for result in results:
            if folder.has_model(result.unit):
                self._note(result)

    def keep_below(self, unit: Unit) -> float:
        """The validation loss below which the model of a unit is wanted."""
        if self._policy == "none" or not isinstance(unit, Trial):
            return -math.inf
        if self._policy == "all":
            return math.inf
        if unit.train_on == "all":
            return -math.inf
        best = self._best.get(_group(unit))
        return math.inf if best is None else _loss(best)

    def finished(self, outcome: Outcome) -> None:
        """Keep the model of an outcome if it is a winner, and let the one go that it beats."""
        unit = outcome.result.unit
        if outcome.model and (self._policy == "all" or _loss(outcome.result) < self.keep_below(unit)):
            self._folder.write_model(unit, outcome.model)
            self._note(outcome.result)
        else:  # a driver that was killed may have left one of an earlier attempt
            self._folder.remove_model(unit)

    def _note(self, result: Result) -> None:
        if not isinstance(result.unit, Trial):
            return
        group = _group(result.unit)
        before = self._best.get(group)
        if before is not None and _loss(before) <= _loss(result):
            result, before = before, result
        self._best[group] = result
        if before is not None and before.unit != result.unit and self._policy == "best":
            self._folder.remove_model(before.unit)


def _group(trial: Trial) -> Hashable:
    return (trial.backend, trial.architecture, trial.objective)


def _loss(result: Result) -> float:
    value = result.measures.get("validation_loss")
    return math.inf if value is None else float(value)
