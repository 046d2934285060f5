"""Training on torch: a plain loop, with torch's fused Adam where it computes what Keras's does."""

import contextlib
import itertools
import math
from collections.abc import Collection, Iterator
from typing import Protocol

import keras
import numpy as np
import torch

from bench import errors
from bench.models.autoencoder import Autoencoder
from bench.models.batch import Batch
from bench.training.adam_norm_grad import TINY, AdamNormGrad
from bench.training.loops import fusing, state
from bench.training.loops.batches import Companions, Part, Picks, gather
from bench.training.loops.state import Arrays, State
from bench.training.loops.torch_trace import Objective, plain, traced


class TorchLoop:
    """A loop as one would write it by hand; nothing is read back from the device before the epoch ends.

    But for the seed of a VAE's noise, a number a step, which Keras reads where it draws on a GPU.
    """

    def __init__(
        self, model: Autoencoder, train: Part, validation: Part, batch_size: int, needs: Collection[str] = ()
    ) -> None:
        self._model, self._batch_size, self._needs = model, batch_size, needs
        self._device = model.trainable_variables[0].value.device
        self._train, self._validation = self._on_device(train), self._on_device(validation)
        self._companions = Companions(model, needs, len(train.images))
        self._stepper = _stepper(model)
        self._objective = plain(model)
        self._full_objective, self.untraced = self._traced()

    def _traced(self) -> tuple[Objective, str]:
        """The objective of a full batch as recorded operations, or the plain one and why not."""
        if len(self._train.images) < self._batch_size:
            return self._objective, ""  # no batch of an epoch is full, and the trace would fit none
        first = np.arange(self._batch_size)
        try:
            return traced(self._model, next(self._batches(self._train, first, training=True, peek=True))), ""
        except Exception as error:  # a model of somebody's may do anything
            return self._objective, errors.one_line(error)

    def train(self, order: np.ndarray) -> dict[str, float]:
        """One pass over the training images in this order."""
        sums = _Sums()
        with _denormals_flushed():
            for batch in self._batches(self._train, order, training=True):
                self._stepper.clear()
                is_full = len(batch.images) == self._batch_size
                loss, terms = (self._full_objective if is_full else self._objective)(batch)
                loss.backward()
                self._stepper.step()
                sums.add(loss, terms)
        return sums.means()

    def replace(self, train: np.ndarray) -> None:
        """Train on these images from now on."""
        self._train = self._train._replace(images=torch.as_tensor(train, device=self._device), white=None)

    def evaluate(self) -> dict[str, float]:
        """The loss and its terms on the validation images."""
        sums, model = _Sums(), self._model
        with torch.no_grad():
            for batch in self._batches(
                self._validation, np.arange(len(self._validation.images)), training=False
            ):
                outputs = model.respond(batch, model.draw(len(batch.images)), False)
                sums.add(*model.assess(batch, outputs, training=False))
        return sums.means()

    def state(self) -> State:
        """The moments and steps of the optimiser, and where draws stand."""
        return State(self._stepper.state(), self._companions.state())

    def put(self, kept: State) -> None:
        """Go on from there."""
        self._stepper.put(kept.arrays)
        self._companions.put(kept.generators)

    def _batches(
        self, part: Part, order: np.ndarray, *, training: bool, peek: bool = False
    ) -> Iterator[Batch]:
        """The batches of a pass; to peek at the first draws no companions that training would miss."""
        size = self._batch_size if training else part.inference_batch
        picked = torch.as_tensor(order, device=self._device).split(size)
        drawn = self._companions.of(len(picked), training=training and not peek)
        others = itertools.repeat(None) if drawn is None else torch.as_tensor(drawn, device=self._device)
        for chosen, beside in zip(picked, others, strict=False):
            yield gather(_rows, self._needs, part, self._train, Picks(chosen, beside))

    def _on_device(self, part: Part) -> Part:
        return Part(*(None if each is None else torch.as_tensor(each, device=self._device) for each in part))


def _rows(array: torch.Tensor, positions: torch.Tensor) -> torch.Tensor:
    """Rows of an array, copied whole: six times as fast on a processor as one value after the other."""
    return array.index_select(0, positions)


@contextlib.contextmanager
def _denormals_flushed() -> Iterator[None]:
    """Take numbers under 1e-38 for 0, in this thread; `bench.machine.backend` sees to torch's own.

    The moments of a unit that died decay to such numbers, on which a processor takes many times as long:
    from the third epoch on, training took twice the time.
    """
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)  # for others, arithmetic is as IEEE 754 has it


class _Sums:
    """The loss and its terms, summed over images on the device."""

    def __init__(self) -> None:
        self._count = 0
        self._sums: dict[str, torch.Tensor] = {}

    def add(self, loss: torch.Tensor, terms: dict[str, torch.Tensor]) -> None:
        count = len(next(iter(terms.values())))
        values = {
            "loss": loss.detach() * count,
            **{name: each.detach().sum() for name, each in terms.items()},
        }
        self._sums = {name: value + self._sums.get(name, 0.0) for name, value in values.items()}
        self._count += count

    def means(self) -> dict[str, float]:
        return {name: float(value) / self._count for name, value in self._sums.items()}


class _Stepper(Protocol):
    def clear(self) -> None: ...

    def step(self) -> None: ...

    def state(self) -> Arrays: ...

    def put(self, arrays: Arrays) -> None: ...


def _stepper(model: Autoencoder) -> _Stepper:
    # By name: the class is not Keras's public one but one that Keras makes for torch.
    is_adam = type(model.optimizer).__name__ in ("Adam", "AdamW", "AdamNormGrad")
    return _FusedStepper(model) if is_adam and fusing.is_bare(model.optimizer) else _KerasStepper(model)


class _FusedStepper:
    """Torch's fused Adam or AdamW, made to compute Keras's.

    Both divide the first moment by `sqrt(v) + epsilon`; torch corrects the bias of `v` first, Keras
    afterwards. So Keras's epsilon is torch's divided by the correction of the step. Where weights decay, they
    do in Keras as in torch's AdamW, whichever of the two it is; torch's Adam adds the decay to gradients.
    Gradients come to length 1 before, all at once, where the optimiser is `AdamNormGrad`.
    """

    def __init__(self, model: Autoencoder) -> None:
        ours = model.optimizer
        kind = torch.optim.AdamW if ours.weight_decay else torch.optim.Adam
        self._epsilon, self._beta_2, self._steps = ours.epsilon, ours.beta_2, 0
        self._schedule, self._has_units = _schedule(ours), isinstance(ours, AdamNormGrad)
        self._optimizer = kind(
            [variable.value for variable in model.trainable_variables],
            lr=float(ours.learning_rate),
            betas=(ours.beta_1, ours.beta_2),
            fused=True,
            weight_decay=ours.weight_decay or 0.0,
        )

    def clear(self) -> None:
        self._optimizer.zero_grad()

    def step(self) -> None:
        if self._schedule is not None:
            self._set_rate(self._schedule)
        self._steps += 1
        correction = math.sqrt(1 - self._beta_2**self._steps)
        for group in self._optimizer.param_groups:
            group["eps"] = self._epsilon / correction
        if self._has_units:
            gradients = [each.grad for each in self._parameters() if each.grad is not None]
            torch._foreach_div_(gradients, torch._foreach_add(torch._foreach_norm(gradients), TINY))
        self._optimizer.step()

    def state(self) -> Arrays:
        """How many steps were made, and both moments of each variable."""
        found = {"optimizer/steps": np.array(self._steps)}
        for place, moments in enumerate(self._moments() if self._steps else ()):
            found |= {
                f"optimizer/{place}/{name}": each.cpu().numpy().copy() for name, each in moments.items()
            }
        return found

    def put(self, arrays: Arrays) -> None:
        """The inverse of `state`."""
        self._steps = int(arrays["optimizer/steps"])
        for place, parameter in enumerate(self._parameters() if self._steps else ()):
            self._optimizer.state[parameter] = {
                name: torch.tensor(arrays[f"optimizer/{place}/{name}"], device=parameter.device)
                for name in ("step", "exp_avg", "exp_avg_sq")
            }

    def _parameters(self) -> list[torch.Tensor]:
        return [each for group in self._optimizer.param_groups for each in group["params"]]

    def _moments(self) -> list[dict[str, torch.Tensor]]:
        return [self._optimizer.state[parameter] for parameter in self._parameters()]

    def _set_rate(self, schedule: keras.optimizers.schedules.LearningRateSchedule) -> None:
        with keras.device("cpu"):  # on a GPU it would have to be waited for
            rate = float(schedule(self._steps))
        for group in self._optimizer.param_groups:
            group["lr"] = rate


def _schedule(
    optimizer: keras.optimizers.Optimizer,
) -> keras.optimizers.schedules.LearningRateSchedule | None:
    """What changes the learning rate, if anything does."""
    found = optimizer._learning_rate  # the property gives the rate of this moment
    return found if isinstance(found, keras.optimizers.schedules.LearningRateSchedule) else None


class _KerasStepper:
    """Any Keras optimiser."""

    def __init__(self, model: Autoencoder) -> None:
        self._optimizer, self._variables = model.optimizer, model.trainable_variables

    def clear(self) -> None:
        for variable in self._variables:
            variable.value.grad = None

    def step(self) -> None:
        with torch.no_grad():
            self._optimizer.apply([variable.value.grad for variable in self._variables], self._variables)

    def state(self) -> Arrays:
        return state.taken(self._optimizer.variables, "optimizer")

    def put(self, arrays: Arrays) -> None:
        self._optimizer.build(self._variables)
        state.put(self._optimizer.variables, arrays, "optimizer")
