"""Training on jax: one compiled step, the images on the device, the state handed from step to step."""

import functools
from collections.abc import Collection
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np

from bench.models.autoencoder import Autoencoder
from bench.models.batch import Batch
from bench.training.loops import state
from bench.training.loops.batches import Companions, Part, Picks, gather
from bench.training.loops.state import State

# Values of the variables of a model: trainable ones, others (random state, steps), the optimiser's.
Values = tuple[list[jax.Array], list[jax.Array], list[jax.Array]]
Sums = dict[str, jax.Array]


class JaxLoop:
    """Nothing is read back from the device before the epoch ends.

    Not one `lax.scan` over the epoch: on a CPU a convolution inside a loop of XLA is 20 times slower.
    """

    untraced = ""  # there is nothing to record

    def __init__(
        self, model: Autoencoder, train: Part, validation: Part, batch_size: int, needs: Collection[str] = ()
    ) -> None:
        self._model, self._batch_size = model, batch_size
        # As floats: scaled within a step they are fused with what follows, and that rounds otherwise; so
        # does a step in which `lax.optimization_barrier` keeps them apart. Unlike `jnp.asarray`, this copies
        # nothing on a CPU.
        self._train, self._validation = jax.device_put(train.scaled()), jax.device_put(validation.scaled())
        self._companions = Companions(model, needs, len(train.images))
        model.optimizer.build(model.trainable_variables)
        self._variables = (
            model.trainable_variables,
            model.non_trainable_variables,
            model.optimizer.variables,
        )
        self._step = jax.jit(functools.partial(_step, model, needs), donate_argnums=0)
        self._assess = jax.jit(functools.partial(_assess, model, needs), donate_argnums=0)

    def train(self, order: np.ndarray) -> dict[str, float]:
        """One pass over the training images in this order."""
        return self._pass(self._step, self._train, order.astype("int32"), self._batch_size, training=True)

    def replace(self, train: np.ndarray) -> None:
        """Train on these images from now on."""
        self._train = self._train._replace(images=jax.device_put(train))

    def evaluate(self) -> dict[str, float]:
        """The loss and its terms on the validation images."""
        part, order = self._validation, np.arange(len(self._validation.images), dtype="int32")
        return self._pass(self._assess, part, order, part.inference_batch, training=False)

    def state(self) -> State:
        """The variables of the optimiser, and where draws stand."""
        return State(state.taken(self._model.optimizer.variables, "optimizer"), self._companions.state())

    def put(self, kept: State) -> None:
        """Go on from there."""
        state.put(self._model.optimizer.variables, kept.arrays, "optimizer")
        self._companions.put(kept.generators)

    def _pass(
        self, step: Any, part: Part, order: np.ndarray, size: int, *, training: bool
    ) -> dict[str, float]:
        # Copies: what is donated to a step is gone, and the model's own values must not be.
        state: Values = jax.tree.map(lambda variable: jnp.copy(variable.value), self._variables)
        # Arrays from the start: for numbers of Python the step would be compiled once more.
        sums = dict.fromkeys(("loss", *self._model.term_names), jnp.zeros((), part.dtype))
        for picks in jax.device_put(self._picks(order, size, training)):
            state, sums = step(state, sums, part, self._train, picks)
        for variable, value in zip(jax.tree.leaves(self._variables), jax.tree.leaves(state), strict=True):
            variable.assign(value)
        return {name: float(value) / len(order) for name, value in sums.items()}

    def _picks(self, order: np.ndarray, size: int, training: bool) -> list[Picks]:
        batches = [order[start : start + size] for start in range(0, len(order), size)]
        others = self._companions.of(len(batches), training=training)
        rows = [None] * len(batches) if others is None else others.astype("int32")
        return [Picks(chosen, each) for chosen, each in zip(batches, rows, strict=True)]


def _objective(
    model: Autoencoder, trainable: list[jax.Array], others: list[jax.Array], batch: Batch, training: bool
) -> tuple[jax.Array, tuple[Sums, list[jax.Array]]]:
    """The loss of a batch; its terms summed over images; the other variables after it."""
    mapping = [
        *zip(model.trainable_variables, trainable, strict=True),
        *zip(model.non_trainable_variables, others, strict=True),
    ]
    with keras.StatelessScope(state_mapping=mapping) as scope:
        outputs = model.respond(batch, model.draw(len(batch.images)), training)
        loss, terms = model.assess(batch, outputs, training)
    after = [scope.get_current_value(variable) for variable in model.non_trainable_variables]
    return loss, ({name: jnp.sum(values) for name, values in terms.items()}, after)


def _gather(needs: Collection[str], part: Part, train: Part, picks: Picks) -> Batch:
    return gather(lambda array, positions: array[positions], needs, part, train, picks)


def _step(
    model: Autoencoder, needs: Collection[str], state: Values, sums: Sums, *data: Any
) -> tuple[Values, Sums]:
    """One step of training; `data` is what `_gather` takes."""
    trainable, others, slots = state
    differentiated = jax.value_and_grad(functools.partial(_objective, model), has_aux=True)
    batch = _gather(needs, *data)
    (loss, (terms, others)), gradients = differentiated(trainable, others, batch, True)
    trainable, slots = model.optimizer.stateless_apply(slots, gradients, trainable)
    return (trainable, others, slots), _added(sums, loss, terms, len(batch.images))


def _assess(
    model: Autoencoder, needs: Collection[str], state: Values, sums: Sums, *data: Any
) -> tuple[Values, Sums]:
    trainable, others, slots = state
    batch = _gather(needs, *data)
    loss, (terms, others) = _objective(model, trainable, others, batch, False)
    return (trainable, others, slots), _added(sums, loss, terms, len(batch.images))


def _added(sums: Sums, loss: jax.Array, terms: Sums, count: int) -> Sums:
    return {name: sums[name] + value for name, value in {"loss": loss * count, **terms}.items()}
