"""The plain autoencoder, and what every model of this package can do."""

from typing import Any

import keras
import numpy as np
from keras import ops

from . import architectures, inputs, streams
from .initialization import initialize
from .losses import RECONSTRUCTION_LOSSES, Tensor

INFERENCE_BATCH = 1000


def in_batches(network: keras.Model, arrays: np.ndarray, batch_size: int) -> np.ndarray:
    """What a network says to an array, without what `predict` does around it: 0.1 s a call on TensorFlow."""
    starts = range(0, max(1, len(arrays)), batch_size)
    return np.concatenate([network.predict_on_batch(arrays[start : start + batch_size]) for start in starts])


@keras.saving.register_keras_serializable(package="bench")
class Autoencoder(keras.Model):
    """A plain autoencoder: `L(x) = d(x, g(f(x)))`.

    `f` is the encoder, `g` the decoder and `d` the reconstruction loss, summed over pixels; the loss of
    a batch is the mean over its images (Hinton & Salakhutdinov 2006).

    Parameters
    ----------
    image_shape
        `(height, width, channels)`; any size, any number of channels.
    architecture
        `"dense"` or `"conv"`.
    latent_dim
        Number of dimensions of the code.
    activation
        Name of a Keras activation, used in every hidden layer.
    loss
        `"mse"`, `"bce"` or `"mae"`; see `models.losses`.
    seed
        Fixes the initial weights (the same on every backend) and all that is random in training.
    """

    codes_per_dimension = 1  # numbers the encoder gives for each latent dimension
    term_names: tuple[str, ...] = ("reconstruction",)  # of the objective

    def __init__(
        self,
        *,
        image_shape: tuple[int, int, int],
        architecture: str = "dense",
        latent_dim: int = 16,
        activation: str = "relu",
        loss: str = "mse",
        seed: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        height, width, channels = image_shape  # a list, where it comes from a .keras file
        self.image_shape = (height, width, channels)
        self.architecture = architecture
        self.latent_dim = latent_dim
        self.activation = activation
        self.reconstruction_loss = loss
        self.seed = seed
        outputs = self.codes_per_dimension * latent_dim
        self.encoder = architectures.encoder(architecture, self.image_shape, outputs, activation)
        self.decoder = architectures.decoder(architecture, self.image_shape, latent_dim, activation)
        weights = streams.on_host(seed, streams.WEIGHTS)
        initialize(self.encoder, weights)
        initialize(self.decoder, weights)
        self.trackers = {name: keras.metrics.Mean(name=name) for name in self.term_names}
        self.built = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Refuse a subclass with a `call` of its own, which torch's loop would not see."""
        super().__init_subclass__(**kwargs)
        if "call" in cls.__dict__:
            raise TypeError(f"{cls.__name__} overrides call; override respond, and draw for what is random")

    # --- the objective ------------------------------------------------------------------------------

    def call(self, images: Tensor, training: bool = False) -> dict[str, Tensor]:
        """Images `(n, h, w, c)` to all that the loss needs; see `respond`."""
        return self.respond(images, *self.draw(ops.shape(images)[0]))

    def draw(self, count: int) -> tuple[Tensor, ...]:
        """What is random in `call`, for `count` images: here nothing."""
        return ()

    def respond(self, images: Tensor, *draws: Tensor) -> dict[str, Tensor]:
        """`call` without chance. Images `(n, h, w, c)`, and what `draw` gave: to logits `(n, h, w, c)`."""
        return {"logits": self.full_precision(self.decoder(self.encoder(images)))}

    def full_precision(self, outputs: Tensor) -> Tensor:
        """What a network says, as precise as its weights: layers may compute in bfloat16, losses may not."""
        return ops.cast(outputs, self.variable_dtype)

    def compute_loss(
        self,
        x: Tensor = None,
        y: Tensor = None,
        y_pred: Tensor = None,
        sample_weight: Tensor = None,
        training: bool = True,
    ) -> Tensor:
        """What is minimised: the objective of the batch; its terms are tracked as metrics."""
        terms = self.terms(x, y_pred)
        for name, values in terms.items():
            self.trackers[name].update_state(values)
        return self.objective(terms, training)

    def terms(self, images: Tensor, outputs: dict[str, Tensor]) -> dict[str, Tensor]:
        """The terms of the objective for each image, `(n,)` each."""
        return {"reconstruction": self.distortion(images, outputs["logits"])}

    def objective(self, terms: dict[str, Tensor], training: bool) -> Tensor:
        """Mean over the batch of the reconstruction loss: a scalar."""
        return ops.mean(terms["reconstruction"])

    def distortion(self, images: Tensor, logits: Tensor) -> Tensor:
        """The reconstruction loss of each image, `(n,)`, summed over pixels."""
        return RECONSTRUCTION_LOSSES[self.reconstruction_loss](images, logits)

    # --- what a user does with a trained model: arrays in, arrays out -------------------------------

    def encode(self, images: np.ndarray, batch_size: int = INFERENCE_BATCH) -> np.ndarray:
        """Images `(n, h, w, c)` to codes `(n, latent_dim)`, float32.

        Floats in [0, 1], or uint8, which is divided by 255. One image may lack the first axis, grey ones the
        last. What is neither raises `ValueError`; see `models.inputs`.
        """
        return in_batches(self.encoder, inputs.images(images, self.image_shape), batch_size)

    def decode(self, codes: np.ndarray, batch_size: int = INFERENCE_BATCH) -> np.ndarray:
        """Codes `(n, latent_dim)`, or one as `(latent_dim,)`, to images `(n, h, w, c)` in [0, 1], float32.

        What is neither raises `ValueError`.
        """
        logits = in_batches(self.decoder, inputs.codes(codes, self.latent_dim), batch_size)
        return ops.convert_to_numpy(ops.sigmoid(logits))

    def reconstruct(self, images: np.ndarray, batch_size: int = INFERENCE_BATCH) -> np.ndarray:
        """`decode(encode(images))`, of what `encode` takes: `(n, h, w, c)` in [0, 1], float32."""
        return self.decode(self.encode(images, batch_size), batch_size)

    def sample(self, count: int, seed: int = 0) -> np.ndarray:
        """Decode `count` codes, at least 1, drawn from N(0, I): `(count, h, w, c)` in [0, 1], float32.

        A plain autoencoder was never asked to fill that prior, so its samples show what is missing.
        The codes are drawn by NumPy: the same on every backend.
        """
        if count < 1:
            raise ValueError(f"expected at least 1 image to sample, received {count}; give a whole number")
        codes = np.random.default_rng(seed).standard_normal((count, self.latent_dim), dtype="float32")
        return self.decode(codes)

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes, for `.keras` files."""
        return {
            "image_shape": self.image_shape,
            "architecture": self.architecture,
            "latent_dim": self.latent_dim,
            "activation": self.activation,
            "loss": self.reconstruction_loss,
            "seed": self.seed,
            "name": self.name,
        }
