"""Training on jax: one compiled step, the images on the device, the state handed from step to step."""

import functools
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np

from bench.models.autoencoder import INFERENCE_BATCH, Autoencoder

# Values of the variables of a model: trainable ones, others (random state, steps), the optimiser's.
State = tuple[list[jax.Array], list[jax.Array], list[jax.Array]]


class JaxLoop:
    """Nothing is read back from the device before the epoch ends.

    Not one `lax.scan` over the epoch: on a CPU a convolution inside a loop of XLA is 20 times slower.
    """

    def __init__(
        self, model: Autoencoder, train: np.ndarray, validation: np.ndarray, batch_size: int
    ) -> None:
        self._model, self._batch_size = model, batch_size
        # Unlike `jnp.asarray`, this copies nothing on a CPU.
        self._train, self._validation = jax.device_put(train), jax.device_put(validation)
        model.optimizer.build(model.trainable_variables)
        self._variables = (
            model.trainable_variables,
            model.non_trainable_variables,
            model.optimizer.variables,
        )
        self._step = jax.jit(functools.partial(_step, model), donate_argnums=0)
        self._assess = jax.jit(functools.partial(_assess, model), donate_argnums=0)

    def train(self, order: np.ndarray) -> dict[str, float]:
        """One pass over the training images in this order."""
        return self._pass(self._step, self._train, order.astype("int32"), self._batch_size)

    def replace(self, train: np.ndarray) -> None:
        """Train on these images from now on."""
        self._train = jax.device_put(train)

    def evaluate(self) -> dict[str, float]:
        """The loss and its terms on the validation images."""
        order = np.arange(len(self._validation), dtype="int32")
        return self._pass(self._assess, self._validation, order, INFERENCE_BATCH)

    def _pass(self, step: Any, images: jax.Array, order: np.ndarray, size: int) -> dict[str, float]:
        # Copies: what is donated to a step is gone, and the model's own values must not be.
        state: State = jax.tree.map(lambda variable: jnp.copy(variable.value), self._variables)
        # Arrays from the start: for numbers of Python the step would be compiled once more.
        sums = dict.fromkeys(("loss", *self._model.term_names), jnp.zeros((), images.dtype))
        batches = jax.device_put([order[start : start + size] for start in range(0, len(order), size)])
        for chosen in batches:
            state, sums = step(state, sums, images, chosen)
        for variable, value in zip(jax.tree.leaves(self._variables), jax.tree.leaves(state), strict=True):
            variable.assign(value)
        return {name: float(value) / len(order) for name, value in sums.items()}


def _objective(
    model: Autoencoder, trainable: list[jax.Array], others: list[jax.Array], images: jax.Array, training: bool
) -> tuple[jax.Array, tuple[dict[str, jax.Array], list[jax.Array]]]:
    """The loss of a batch; its terms summed over images; the other variables after it."""
    mapping = [
        *zip(model.trainable_variables, trainable, strict=True),
        *zip(model.non_trainable_variables, others, strict=True),
    ]
    with keras.StatelessScope(state_mapping=mapping) as scope:
        terms = model.terms(images, model(images, training=training))
        loss = model.objective(terms, training)
    after = [scope.get_current_value(variable) for variable in model.non_trainable_variables]
    return loss, ({name: jnp.sum(values) for name, values in terms.items()}, after)


def _step(
    model: Autoencoder, state: State, sums: dict[str, jax.Array], images: jax.Array, chosen: jax.Array
) -> tuple[State, dict[str, jax.Array]]:
    trainable, others, slots = state
    differentiated = jax.value_and_grad(functools.partial(_objective, model), has_aux=True)
    (loss, (terms, others)), gradients = differentiated(trainable, others, images[chosen], True)
    trainable, slots = model.optimizer.stateless_apply(slots, gradients, trainable)
    return (trainable, others, slots), _added(sums, loss, terms, len(chosen))


def _assess(
    model: Autoencoder, state: State, sums: dict[str, jax.Array], images: jax.Array, chosen: jax.Array
) -> tuple[State, dict[str, jax.Array]]:
    trainable, others, slots = state
    loss, (terms, others) = _objective(model, trainable, others, images[chosen], False)
    return (trainable, others, slots), _added(sums, loss, terms, len(chosen))


def _added(
    sums: dict[str, jax.Array], loss: jax.Array, terms: dict[str, jax.Array], count: int
) -> dict[str, jax.Array]:
    return {name: sums[name] + value for name, value in {"loss": loss * count, **terms}.items()}
