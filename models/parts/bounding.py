"""Numbers that are held below a size, as a layer."""

from typing import Any

import keras
from keras import ops

from .losses import Tensor


@keras.saving.register_keras_serializable(package="bench")
class SoftBound(keras.layers.Layer):
    """Logits `l` of any shape to `b tanh(l / b)`: below `b` in size, small ones nearly as they are."""

    def __init__(self, bound: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.bound = bound

    def call(self, logits: Tensor) -> Tensor:
        """Of the same shape."""
        return self.bound * ops.tanh(logits / self.bound)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """The same."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes."""
        return {**super().get_config(), "bound": self.bound}
