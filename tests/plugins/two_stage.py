"""A VAE whose codes a second VAE learns (Dai & Wipf, ICLR 2019)."""

import math

import keras
import numpy as np
from keras import ops

from bench import ModelCard, add
from bench.models.autoencoder import Stage
from bench.models.coder import Absent
from bench.models.families.vae import VariationalAutoencoder
from bench.models.model_cards import BETA, KL_WARMUP

add(
    ModelCard(
        name="two_stage",
        label="two-stage VAE",
        title="VAE with a second VAE on its codes",
        paper="Dai & Wipf 2019",
        code="TwoStage",
        against="vae",
        options=(BETA, KL_WARMUP),
    )
)


@keras.saving.register_keras_serializable(package="plugins")
class Second(VariationalAutoencoder):
    """A VAE of codes `(n, 1, 1, k)` with a Gaussian likelihood, whose variance is learnt."""

    def __init__(self, **common):
        super().__init__(**common)
        self.log_sigma = self.add_weight(shape=(), initializer="zeros", name="log_sigma")

    def distortion(self, images, logits):
        """The negative log-likelihood of codes, `(n,)`, in nats."""
        squares = ops.sum(ops.square(images - logits), axis=(1, 2, 3))
        constant = self.image_shape[-1] * (self.log_sigma + 0.5 * math.log(2 * math.pi))
        return 0.5 * squares * ops.exp(-2.0 * self.log_sigma) + constant

    def codes(self, count, generator):
        """Codes of the first stage, `(count, k)`, with the noise of their likelihood."""
        drawn = self.prior().sample(count, generator)
        mean = self.decoder.predict_on_batch(drawn)[:, 0, 0]
        sigma = math.exp(float(ops.convert_to_numpy(self.log_sigma)))
        return mean + (sigma * generator.standard_normal(mean.shape)).astype("float32")


class Learnt:
    """What the second stage has learnt of codes: it can be drawn from, and has no density in closed form."""

    def __init__(self, second):
        self.second, self.text = second, "a second VAE on the codes"

    def sample(self, count, generator):
        """Codes `(count, k)`."""
        return self.second.codes(count, generator)


@keras.saving.register_keras_serializable(package="plugins")
class TwoStage(VariationalAutoencoder):
    """`L` of a VAE; then a VAE on `z ~ q(z|x)`, drawn anew for each epoch, gives codes to decode."""

    def __init__(self, **common):
        super().__init__(**common)
        self.second = Second(
            image_shape=(1, 1, self.latent_dim),
            latent_dim=self.latent_dim,
            seed=self.seed,
            architecture="dense",
        )
        self.second.trainable = False  # the optimiser of the first stage has no part in it

    def next_stage(self, train, validation):
        """The second VAE and its codes."""
        self.second.trainable = True
        posterior, held_out = self.posterior(train), self.posterior(validation)
        return Stage(
            self.second,
            lambda generator: posterior.sample(generator)[:, None, None],
            held_out.sample(np.random.default_rng(self.seed))[:, None, None],
        )

    def prior(self):
        """Codes are drawn by the second stage, whose density has no closed form."""
        return Absent("a prior of two stages, whose density has no closed form", instead=Learnt(self.second))
