"""Adam on gradients of length 1, as the code of the VampPrior and of the Exemplar VAE trains with."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

TINY = 1e-7
"""Added to the length of a gradient: one of nothing but zeros stays that."""


class AdamNormGrad(keras.optimizers.Adam):
    """Adam (Kingma & Ba 2015) of `g / (|g| + 1e-7)`, where `g` is the gradient of one variable.

    Each kernel and each bias has a length of its own: how large a gradient is says nothing, and by the two
    moments of Adam a step counts as much as the one before it. Clipping, if there is any, comes afterwards.

    Parameters
    ----------
    epsilon
        1e-8, as in that code; Keras's own Adam has 1e-7.
    learning_rate, **adam
        As of `keras.optimizers.Adam`.

    References
    ----------
    Tomczak and Welling, "VAE with a VampPrior", AISTATS 2018, and Norouzi, Fleet and Norouzi, "Exemplar
    VAE", NeurIPS 2020: in their code, not in their text.
    """

    def __init__(self, learning_rate: Any = 0.001, *, epsilon: float = 1e-8, **adam: Any) -> None:
        super().__init__(learning_rate=learning_rate, epsilon=epsilon, **adam)

    def apply(self, grads: Sequence[Any], trainable_variables: Any = None) -> None:
        """One step; `grads` are the gradients of the variables, in their order, as they came."""
        super().apply([unit(gradient) for gradient in grads], trainable_variables)


def unit(gradient: Any) -> Any:
    """A gradient of any shape, a tensor of the backend, brought to length 1."""
    return gradient / (ops.sqrt(ops.sum(ops.square(gradient))) + TINY)
