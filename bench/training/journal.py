"""The stages of a training, one after the other, from where a process that was ended had come to."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from bench import foreign
from bench.ask.trial import Trial
from bench.models.autoencoder import Autoencoder
from bench.training import loops, stage
from bench.training.checkpoint import Checkpoint, State
from bench.training.loops import state
from bench.training.snapshots import Snapshots
from bench.training.stage import Course, Fitted


class OtherTrainingError(Exception):
    """What was kept does not fit this training: it has to begin from its start."""


class Journal:
    """Runs stages, and keeps how far they have come.

    Parameters
    ----------
    trial, model
        What is trained; `model` is that of the first stage, which holds those of all others.
    generators
        What draws on the host beside the loops, by name; "shuffling" the order of images.
    checkpoint
        Where that is kept; None where nothing is.
    kept
        What was kept when the process before this one was ended; None if nothing was.
    snapshots
        Looks at the model after each epoch.
    tell
        Is told which epoch is over.

    Attributes
    ----------
    fitted
        The stages that are over.
    went_on_from
        The last epoch, of its stage, that another process had trained; 0 if none had.
    """

    def __init__(
        self,
        trial: Trial,
        model: Autoencoder,
        generators: Mapping[str, np.random.Generator],
        checkpoint: Checkpoint | None = None,
        kept: State | None = None,
        snapshots: Snapshots | None = None,
        tell: Callable[[int], None] = lambda epoch: None,
    ) -> None:
        self._trial, self._root, self._generators = trial, model, generators
        self._checkpoint, self._kept, self._snapshots = checkpoint, kept, snapshots
        self._tell = tell
        self.fitted: list[Fitted] = []
        self.went_on_from = 0
        if kept is not None:
            with foreign.guarded(OtherTrainingError):
                state.put(model.variables, kept.arrays, "root")

    def run(self, model: Autoencoder, count: int, make_loop: Callable[[], loops.Loop]) -> loops.Loop | None:
        """Train the next stage; of one that was over already there is no loop.

        Parameters
        ----------
        count
            Training images of an epoch.

        Raises
        ------
        OtherTrainingError
            If what was kept is not of this training.
        """
        number, kept, course = len(self.fitted) + 1, self._kept, None
        if kept is not None:
            with foreign.guarded(OtherTrainingError):
                if number < kept.told["stage"]:
                    self.fitted.append(Fitted(**kept.told["past"][number - 1]))
                    return None
        loop = make_loop()
        if kept is not None:
            with foreign.guarded(OtherTrainingError):
                course = self._put(kept, loop, model)
            self._kept, self.went_on_from = None, len(course.history)
        shuffler = self._generators["shuffling"]

        def keep(course: Course) -> None:
            self._tell(len(course.history))
            if self._snapshots is not None:
                self._snapshots.look(model, course)
            if self._checkpoint is not None and self._checkpoint.is_due:
                self._checkpoint.write(self._state(number, loop, model, course))

        self.fitted.append(stage.fit(loop, model, self._trial, count, shuffler, course, keep))
        return loop

    def _state(self, number: int, loop: loops.Loop, model: Autoencoder, course: Course) -> State:
        inner = loop.state()
        generators = {name: state.of_generator(each) for name, each in self._generators.items()}
        told: dict[str, Any] = {
            "stage": number,
            "past": [dataclasses.asdict(one) for one in self.fitted],
            "history": course.history,
            "best": course.best,
            "best_value": course.best_value,
            "generators": generators,
            "drawn": inner.generators,
            "snapshots": self._snapshots.taken if self._snapshots else {},
        }
        own = {} if model is self._root else state.taken(model.variables, "model")
        best = {f"best/{place}": each for place, each in enumerate(course.best_weights)}
        return State(
            told=told, arrays={**state.taken(self._root.variables, "root"), **own, **inner.arrays, **best}
        )

    def _put(self, kept: State, loop: loops.Loop, model: Autoencoder) -> Course:
        told, arrays = kept.told, kept.arrays
        state.put(self._root.variables, arrays, "root")
        if model is not self._root:
            state.put(model.variables, arrays, "model")
        loop.put(loops.State(arrays, told["drawn"]))
        for name, generator in self._generators.items():
            state.put_generator(generator, told["generators"][name])
        weights = model.get_weights()
        best = [arrays[f"best/{place}"] for place in range(len(weights))]
        if [each.shape for each in best] != [each.shape for each in weights]:
            raise ValueError("expected the best weights in the shapes of the weights")
        return Course(
            history=told["history"], best=told["best"], best_value=told["best_value"], best_weights=best
        )
