"""A model measured in the middle of its training, as if that had been its end."""

from collections.abc import Callable, Mapping

from bench.ask.trial import Trial
from bench.keeping.result import Measures
from bench.models.autoencoder import Autoencoder
from bench.training.stage import Course


class Snapshots:
    """Those of one trial.

    Parameters
    ----------
    measure
        A model to its numbers; None where none are taken.
    taken
        Those that an earlier process has taken.

    Attributes
    ----------
    taken
        What was measured, by epoch as a text.
    """

    def __init__(
        self, trial: Trial, measure: Callable[[Autoencoder], Measures] | None, taken: Mapping[str, Measures]
    ) -> None:
        self._trial, self._measure = trial, measure
        self.taken = dict(taken)

    def look(self, model: Autoencoder, course: Course) -> None:
        """After an epoch: measure a copy of the model, with the weights that would be kept now."""
        epoch = len(course.history)
        if self._measure is None or epoch not in self._trial.snapshots:
            return
        keeps_best = self._trial.keep == "best"
        kept = course.history[course.best - 1] if keeps_best else course.history[-1]
        copy = bare(model)
        if keeps_best:
            copy.set_weights(course.best_weights)
        chosen = {"best_epoch": course.best or None, "validation_loss": kept.get("val_loss")}
        self.taken[str(epoch)] = {**chosen, **self._measure(copy)}


def bare(model: Autoencoder) -> Autoencoder:
    """A copy in float32 that was not compiled."""
    copy = type(model).from_config(model.get_config())
    copy.set_weights(model.get_weights())
    return copy
