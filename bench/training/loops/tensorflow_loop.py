"""Training on TensorFlow: a compiled loop over the steps of an epoch, with the images on the device."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from bench.datasets.large import ALIGNMENT
from bench.models.autoencoder import Autoencoder
from bench.models.batch import Batch
from bench.training.adam_norm_grad import AdamNormGrad, unit
from bench.training.loops import fusing, state
from bench.training.loops.batches import Companions, Part, Picks, gather, stacks
from bench.training.loops.state import State

# How gradients of one tensor are added up. TensorFlow's sum of three or more begins with the one whose
# memory is free at that moment, so that its last digits are a matter of chance; a sum of two cannot.
_IN_PAIRS = tf.AggregationMethod.EXPERIMENTAL_TREE


class TensorFlowLoop:
    """Nothing is read back from the device before the epoch ends.

    Not compiled by XLA: on a CPU it makes a convolution inside a loop 20 times slower.
    """

    untraced = ""  # there is nothing to record

    def __init__(
        self, model: Autoencoder, train: Part, validation: Part, batch_size: int, needs: Collection[str] = ()
    ) -> None:
        self._model, self._batch_size, self._needs = model, batch_size, needs
        self._train, self._validation = _part_on_device(train), _part_on_device(validation)
        self._companions = Companions(model, needs, len(train.images))
        model.optimizer.build(model.trainable_variables)
        self._apply = _applier(model)
        self._steps = tf.function(self._train_batches)
        self._assess = tf.function(self._evaluate_batches)

    def train(self, order: np.ndarray) -> dict[str, float]:
        """One pass over the training images in this order."""
        return self._pass(self._steps, self._train, order, self._batch_size, training=True)

    def replace(self, train: np.ndarray) -> None:
        """Train on these images from now on."""
        self._train = self._train._replace(images=_on_device(train), white=None)

    def evaluate(self) -> dict[str, float]:
        """The loss and its terms on the validation images."""
        part, order = self._validation, np.arange(len(self._validation.images))
        return self._pass(self._assess, part, order, part.inference_batch, training=False)

    def state(self) -> State:
        """The variables of the optimiser, and where draws stand."""
        return State(state.taken(self._model.optimizer.variables, "optimizer"), self._companions.state())

    def put(self, kept: State) -> None:
        """Go on from there."""
        state.put(self._model.optimizer.variables, kept.arrays, "optimizer")
        self._companions.put(kept.generators)

    def _pass(
        self, run: Any, part: Part, order: np.ndarray, size: int, *, training: bool
    ) -> dict[str, float]:
        picks = self._picks(stacks(order, size), training)
        sums: np.ndarray = np.sum([run(part, self._train, stack).numpy() for stack in picks], axis=0)
        return dict(zip(("loss", *self._model.term_names), (sums / len(order)).tolist(), strict=True))

    def _picks(self, batches: Sequence[np.ndarray], training: bool) -> Iterator[Picks]:
        others, begun = self._companions.of(sum(map(len, batches)), training=training), 0
        for stack in batches:
            beside = None if others is None else tf.constant(others[begun : begun + len(stack)])
            begun += len(stack)
            yield Picks(tf.constant(stack), beside)

    # The images are arguments: what a compiled function finds in `self` is the same for ever.

    def _train_batches(self, part: Part, train: Part, stack: Picks) -> tf.Tensor:
        variables = [variable.value for variable in self._model.trainable_variables]
        sums = tf.zeros(1 + len(self._model.term_names), part.dtype)
        for step in tf.range(len(stack.chosen)):
            loss, added = self._objective(self._gather(part, train, stack, step), training=True)
            self._apply(tf.gradients(loss, variables, aggregation_method=_IN_PAIRS))
            sums += added
        return sums

    def _evaluate_batches(self, part: Part, train: Part, stack: Picks) -> tf.Tensor:
        sums = tf.zeros(1 + len(self._model.term_names), part.dtype)
        for step in tf.range(len(stack.chosen)):
            sums += self._objective(self._gather(part, train, stack, step), training=False)[1]
        return sums

    def _gather(self, part: Part, train: Part, stack: Picks, step: tf.Tensor) -> Batch:
        others = None if stack.others is None else stack.others[step]
        return gather(tf.gather, self._needs, part, train, Picks(stack.chosen[step], others))

    def _objective(self, batch: Batch, training: bool) -> tuple[tf.Tensor, tf.Tensor]:
        """The loss of a batch; and it and its terms, summed over images."""
        model = self._model
        # Not by `respond`: without what Keras puts around it TensorFlow rounds otherwise than it did.
        outputs = model(batch.given(), training=training)
        loss, terms = model.assess(batch, outputs, training)
        count = tf.cast(len(batch.images), loss.dtype)
        return loss, tf.stack([loss * count, *(tf.reduce_sum(values) for values in terms.values())])


def _part_on_device(part: Part) -> Part:
    labels, white = (None if each is None else tf.constant(each) for each in (part.labels, part.white))
    return Part(images=_on_device(part.images), labels=labels, white=white)


def _on_device(images: np.ndarray) -> tf.Tensor:
    """The images where the model computes: on a CPU the same memory, if it lies where TensorFlow needs it.

    It takes over memory that lies elsewhere as well, and crashes when it computes with it.
    """
    is_aligned = images.ctypes.data % ALIGNMENT == 0 and images.flags.c_contiguous and images.flags.writeable
    if is_aligned and not tf.config.list_logical_devices("GPU"):
        return tf.experimental.dlpack.from_dlpack(images.__dlpack__())
    return tf.constant(images)


def _applier(model: Autoencoder) -> Callable[[Sequence[tf.Tensor]], None]:
    """What changes the weights by their gradients."""
    kinds = (keras.optimizers.Adam, keras.optimizers.AdamW, AdamNormGrad)
    if type(model.optimizer) in kinds and fusing.is_bare(model.optimizer):
        has_units = isinstance(model.optimizer, AdamNormGrad)
        return lambda given: _fused_adam(model, [unit(each) for each in given] if has_units else given)
    return lambda gradients: model.optimizer.apply(gradients, model.trainable_variables)


def _fused_adam(model: Autoencoder, gradients: Sequence[tf.Tensor]) -> None:
    """Keras's Adam and AdamW, by the one operation that TensorFlow has for each variable: the same formula.

    Keras's own takes a dozen operations, each of which goes through memory.
    """
    adam = model.optimizer
    rate = tf.cast(adam.learning_rate, gradients[0].dtype)  # of a schedule, that of the steps before this one
    steps = tf.cast(adam.iterations.assign_add(1), rate.dtype)
    for index, variable in enumerate(model.trainable_variables):
        if adam.weight_decay:
            variable.value.assign_sub(variable.value * (adam.weight_decay * rate))
        tf.raw_ops.ResourceApplyAdam(
            var=variable.value.handle,
            m=adam._momentums[index].value.handle,
            v=adam._velocities[index].value.handle,
            beta1_power=tf.cast(adam.beta_1, rate.dtype) ** steps,
            beta2_power=tf.cast(adam.beta_2, rate.dtype) ** steps,
            lr=rate,
            beta1=tf.constant(adam.beta_1, rate.dtype),
            beta2=tf.constant(adam.beta_2, rate.dtype),
            epsilon=tf.constant(adam.epsilon, rate.dtype),
            grad=gradients[index],
        )
