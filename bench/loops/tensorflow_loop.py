"""Training on TensorFlow: a compiled loop over the steps of an epoch, with the images on the device."""

from typing import Any

import numpy as np
import tensorflow as tf

from bench.loops.batches import stacks
from models.autoencoder import INFERENCE_BATCH, Autoencoder


class TensorFlowLoop:
    """Nothing is read back from the device before the epoch ends.

    Not compiled by XLA: on a CPU it makes a convolution inside a loop 20 times slower.
    """

    def __init__(
        self, model: Autoencoder, train: np.ndarray, validation: np.ndarray, batch_size: int
    ) -> None:
        self._model, self._batch_size = model, batch_size
        self._train, self._validation = tf.constant(train), tf.constant(validation)
        model.optimizer.build(model.trainable_variables)
        self._steps = tf.function(self._train_batches)
        self._assess = tf.function(self._evaluate_batches)

    def train(self, order: np.ndarray) -> dict[str, float]:
        """One pass over the training images in this order."""
        return self._pass(self._steps, order, self._batch_size)

    def evaluate(self) -> dict[str, float]:
        """The loss and its terms on the validation images."""
        return self._pass(self._assess, np.arange(len(self._validation)), INFERENCE_BATCH)

    def _pass(self, run: Any, order: np.ndarray, size: int) -> dict[str, float]:
        sums = sum(run(tf.constant(stack)).numpy() for stack in stacks(order, size))
        return dict(zip(("loss", *self._model.term_names), (sums / len(order)).tolist(), strict=True))

    def _train_batches(self, batches: tf.Tensor) -> tf.Tensor:
        variables = self._model.trainable_variables
        sums = tf.zeros(1 + len(self._model.term_names), self._train.dtype)
        for chosen in batches:
            with tf.GradientTape() as tape:
                loss, added = self._objective(tf.gather(self._train, chosen), training=True)
            gradients = tape.gradient(loss, [variable.value for variable in variables])
            self._model.optimizer.apply(gradients, variables)
            sums += added
        return sums

    def _evaluate_batches(self, batches: tf.Tensor) -> tf.Tensor:
        sums = tf.zeros(1 + len(self._model.term_names), self._train.dtype)
        for chosen in batches:
            sums += self._objective(tf.gather(self._validation, chosen), training=False)[1]
        return sums

    def _objective(self, images: tf.Tensor, training: bool) -> tuple[tf.Tensor, tf.Tensor]:
        """The loss of a batch; and it and its terms, summed over images."""
        terms = self._model.terms(images, self._model(images, training=training))
        loss = self._model.objective(terms, training)
        count = tf.cast(len(images), loss.dtype)
        return loss, tf.stack([loss * count, *(tf.reduce_sum(values) for values in terms.values())])
