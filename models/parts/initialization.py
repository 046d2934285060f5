"""Initial weights that are the same on every backend.

Keras draws initial weights with the backend's own generator, so one seed gives three different networks.
Drawn by NumPy, the three backends start from the same weights, and what differs in the end is arithmetic.
"""

import math
from collections.abc import Callable

import keras
import numpy as np

LIMITS = (0.001, 0.999)
"""Of a mean image whose logit is taken."""


def initialize(network: keras.Model, generator: np.random.Generator) -> None:
    """Draw the kernels of `network` anew: Glorot & Bengio 2010, uniform; biases stay zero."""
    for variable in network.trainable_variables:
        if variable.name == "kernel":
            variable.assign(glorot_uniform(tuple(variable.shape), generator))


def pytorch(network: keras.Model, generator: np.random.Generator) -> None:
    """Draw kernels and biases anew as PyTorch's `Linear` does: uniform in `+-1 / sqrt(fan in)`.

    In the order of the layers, a kernel before its bias.
    """
    inputs = 1
    for variable in network.trainable_variables:
        shape = tuple(variable.shape)
        if variable.name == "kernel":
            inputs = math.prod(shape[:-1])
        variable.assign((generator.uniform(-1, 1, shape) / math.sqrt(inputs)).astype("float32"))


KINDS: dict[str, Callable[[keras.Model, np.random.Generator], None]] = {
    "glorot": initialize,
    "pytorch": pytorch,
}
"""What the option `initial_weights` of an architecture chooses from."""


def start_at(decoder: keras.Model, mean_image: np.ndarray, *, gives_means: bool = False) -> None:
    """Set the bias of a decoder's last layer to the logit of the mean image, so that it starts there.

    The bias of a dense layer has a number for each pixel. That of a convolution has one for each channel, and
    four where sub-pixels follow: it starts at the logit of the mean of the channel. What a decoder gives
    beside logits keeps its bias.

    Parameters
    ----------
    mean_image
        `(h, w, c)` in [0, 1]; clipped to [0.001, 0.999], as in the code of Burda et al. 2016.
    gives_means
        Whether the decoder gives means and not logits: then the bias starts at the mean itself.

    Raises
    ------
    ValueError
        If the last layer has no such bias.
    """
    probability = np.clip(mean_image.astype(np.float64), *LIMITS)
    last = next((one for one in reversed(decoder.layers) if one.trainable_variables), None)
    bias = getattr(last, "bias", None)
    height, width, maps = decoder.output_shape[1:]
    shape = (height, width, maps) if isinstance(last, keras.layers.Dense) else (-1, maps)
    if bias is None or bias.shape[0] % maps or (shape[0] != -1 and bias.shape[0] != math.prod(shape)):
        raise ValueError(
            "expected a decoder that ends in a bias for each pixel or channel for output_bias = data, "
            f"received one that ends in {type(last).__name__}; leave out output_bias"
        )
    if shape[0] == -1:
        probability = probability.mean(axis=(0, 1))
    values = np.array(keras.ops.convert_to_numpy(bias)).reshape(shape)
    start = probability if gives_means else np.log(probability) - np.log1p(-probability)
    values[..., : mean_image.shape[-1]] = start
    bias.assign(values.reshape(-1))


def glorot_uniform(shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
    """Uniform in `+-sqrt(6 / (fan in + fan out))`; `shape` is `(..., inputs, outputs)`, float32."""
    receptive_field = math.prod(shape[:-2])
    limit = math.sqrt(6.0 / (receptive_field * (shape[-2] + shape[-1])))
    return generator.uniform(-limit, limit, shape).astype("float32")
