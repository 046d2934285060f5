"""The plain autoencoder, and how every model is trained; what one does then stands in `models.trained`.

In a step of training the methods of a model are called in this order, which is also how it is read:

```
draw(count)                        all that is random, as tensors
respond(batch, draws, training)    the networks: images to outputs, by name
terms(batch, outputs)              what the objective is made of, a number an image each, by name
objective(terms, training)         what is minimised: one number
renew(batch, outputs)              what else changes with a step, such as moving averages; else nothing
```

On validation images it is the same without `renew`. When the last epoch is over, the weights of the epoch
with the lowest validation value of what the model `selects` come back, and `next_stage` may give another
model to train.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import keras
import numpy as np
from keras import ops

from . import networks
from .about import About, Described
from .batch import Batch
from .parts import streams
from .parts.losses import LOSSES_OF_MEANS, RECONSTRUCTION_LOSSES, Tensor
from .trained import Trained


class Stage(NamedTuple):
    """A model that is trained after another, in the same way.

    Attributes
    ----------
    model
        Part of the first model, so that it is saved with it.
    draw
        Its training images for an epoch, `(n, h, w, c)` float32, drawn anew with a generator of NumPy.
    validation
        Images of the same shape, drawn once.
    """

    model: "Autoencoder"
    draw: Callable[[np.random.Generator], np.ndarray]
    validation: np.ndarray


@keras.saving.register_keras_serializable(package="bench")
class Autoencoder(Described, Trained, keras.Model):
    """A plain autoencoder: `L(x) = d(x, g(f(x)))`.

    `f` is the encoder, `g` the decoder and `d` the reconstruction loss, summed over pixels; the loss of
    a batch is the mean over its images (Hinton & Salakhutdinov 2006).

    Parameters
    ----------
    image_shape
        `(height, width, channels)`; any size, any number of channels.
    architecture
        The name of a card in `models.ARCHITECTURES`.
    architecture_options
        Its options by name; those that are missing have their defaults.
    latent_dim
        Number of dimensions of the code.
    activation
        Name of a Keras activation, used in every hidden layer.
    loss
        `"mse"`, `"bce"` or `"mae"`; see `models.losses`.
    seed
        Fixes the initial weights (the same on every backend) and all that is random in training.
    about
        What is known of the images it was trained on, as a file keeps it; see `models.about`.
    encoder_outputs, decoder_inputs
        For subclasses: what encoder and decoder give and take, where that is not `codes_per_dimension` times
        `latent_dim`, and `latent_dim`. Then `code_size` is to say how many numbers a code has.
    decoder_maps
        For subclasses whose decoder gives more than logits: how often it gives the shape of an image.
    """

    codes_per_dimension = 1  # numbers the encoder gives for each latent dimension
    term_names: tuple[str, ...] = ("reconstruction",)  # of the objective
    selects = "loss"  # the validation number, "loss" or the name of a term, whose lowest chooses the epoch
    companions = 0  # training images that a step sees beside its own

    def __init__(
        self,
        *,
        image_shape: tuple[int, int, int],
        architecture: str = "dense",
        architecture_options: Mapping[str, Any] | None = None,
        latent_dim: int = 16,
        activation: str = "relu",
        loss: str = "mse",
        seed: int = 0,
        about: Mapping[str, Any] | None = None,
        encoder_outputs: int = 0,
        decoder_inputs: int = 0,
        decoder_maps: int = 1,
        **kwargs: Any,
    ) -> None:
        # Its layers cast what they get; its own arithmetic, and weights, are as precise as the weights.
        kwargs.setdefault("dtype", keras.config.dtype_policy().variable_dtype)
        super().__init__(**kwargs)
        height, width, channels = image_shape  # a list, where it comes from a .keras file
        self.image_shape = (height, width, channels)
        self.architecture = architecture
        self.architecture_options = dict(architecture_options or {})
        self.latent_dim = latent_dim
        self.activation = activation
        self.reconstruction_loss = loss
        self.gives_means = networks.gives_means(architecture)
        if self.gives_means and loss not in LOSSES_OF_MEANS:
            raise ValueError(f"{architecture} gives means: expected loss mse or mae, received {loss!r}")
        self.seed = seed
        self.about = About.from_config(about)
        self.encoder, self.decoder = networks.build(
            architecture,
            self.image_shape,
            outputs=encoder_outputs or self.codes_per_dimension * latent_dim,
            latent_dim=decoder_inputs or latent_dim,
            activation=activation,
            options=self.architecture_options,
            generator=streams.on_host(seed, streams.WEIGHTS),
            maps=decoder_maps,
        )
        self.trackers = {name: keras.metrics.Mean(name=name) for name in self.term_names}
        self.built = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Refuse a subclass with a `call` of its own, which torch's loop would not see."""
        super().__init_subclass__(**kwargs)
        if "call" in cls.__dict__:
            raise TypeError(f"{cls.__name__} overrides call; override respond, and draw for what is random")

    def call(self, images: Tensor, training: bool = False) -> dict[str, Tensor]:
        """Images `(n, h, w, c)`, or a dictionary of `Batch`, to all that the loss needs; see `respond`."""
        batch = Batch.of(images)
        return self.respond(batch, self.draw(ops.shape(batch.images)[0]), training)

    def draw(self, count: int) -> tuple[Tensor, ...]:
        """What is random in `call`, for `count` images: here nothing."""
        return ()

    def respond(self, batch: Batch, draws: tuple[Tensor, ...], training: bool) -> dict[str, Tensor]:
        """`call` without chance. Images `(n, h, w, c)`, and what `draw` gave: to logits `(n, h, w, c)`."""
        return {"logits": self.full_precision(self.decoder(self.encoder(batch.images)))}

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
        loss, terms = self.assess(Batch.of(x), y_pred, training)
        for name, values in terms.items():
            self.trackers[name].update_state(values)
        return loss

    def assess(
        self, batch: Batch, outputs: dict[str, Tensor], training: bool
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """The objective of a batch and its terms; in training, what changes with a step has then changed."""
        terms = self.terms(batch, outputs)
        loss = self.objective(terms, training)
        if training:
            self.renew(batch, outputs)
        return loss, terms

    def terms(self, batch: Batch, outputs: dict[str, Tensor]) -> dict[str, Tensor]:
        """The terms of the objective for each image, `(n,)` each, in the order of `term_names`.

        A number of the whole batch is spread over its images: `ops.broadcast_to(number, (n,))`.
        """
        return {"reconstruction": self.distortion(batch.images, outputs["logits"])}

    def objective(self, terms: dict[str, Tensor], training: bool) -> Tensor:
        """Mean over the batch of the reconstruction loss: a scalar."""
        return ops.mean(terms["reconstruction"])

    def renew(self, batch: Batch, outputs: dict[str, Tensor]) -> None:
        """Assign what follows from a step of training to variables that are not trainable: here nothing.

        What is assigned passes through `ops.stop_gradient`. A trainable variable must not be assigned: on
        jax, and on torch where the step is traced, that is lost.
        """

    @property
    def warmup_steps(self) -> int:
        """Steps of training over which the objective still changes: no patience is lost before their end."""
        return 0

    def next_stage(self, train: np.ndarray, validation: np.ndarray) -> "Stage | None":
        """What is trained once this model is, from the images that it was trained on: here nothing."""
        return None

    def distortion(self, images: Tensor, logits: Tensor) -> Tensor:
        """The reconstruction loss of each image, `(n,)`, summed over pixels."""
        losses = LOSSES_OF_MEANS if self.gives_means else RECONSTRUCTION_LOSSES
        return losses[self.reconstruction_loss](images, logits)

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes, for `.keras` files."""
        return {
            "image_shape": self.image_shape,
            "architecture": self.architecture,
            "architecture_options": self.architecture_options,
            "latent_dim": self.latent_dim,
            "activation": self.activation,
            "loss": self.reconstruction_loss,
            "seed": self.seed,
            "name": self.name,
            **({"about": told} if (told := self.about.to_config()) else {}),
        }
