"""A VAE with a VampPrior (Tomczak & Welling, AISTATS 2018)."""

import math

import keras
import numpy as np
from keras import ops

from bench import ModelCard, Option, add
from bench.models.distributions import Mixture
from bench.models.families.vae import VariationalAutoencoder
from bench.models.model_cards import BETA, KL_WARMUP
from bench.models.parts import divergences, streams

add(
    ModelCard(
        name="vamp",
        label="VampPrior VAE",
        title="VAE with a VampPrior",
        paper="Tomczak & Welling 2018",
        code="VampPrior",
        against="vae",
        options=(BETA, KL_WARMUP, Option("components", 500, minimum=1, text="pseudo-inputs", cost="step")),
        work=lambda options: 1 + options["components"] / 256,
    )
)


@keras.saving.register_keras_serializable(package="plugins")
class VampPrior(VariationalAutoencoder):
    """`L = d(x, g(z)) + beta (log q(z|x) - log p(z))`, `p(z) = 1/K sum_c q(z|u_c)`, one code an image."""

    def __init__(self, *, components=500, **common):
        super().__init__(**common)
        self.components = components
        start = streams.on_host(self.seed, streams.PRIOR).normal(0.05, 0.01, (components, *self.image_shape))
        self.pseudo_inputs = self.add_weight(shape=start.shape, initializer="zeros", name="pseudo_inputs")
        self.pseudo_inputs.assign(start)

    def respond(self, batch, draws, training):
        """Logits, posterior, code, and the posteriors of the pseudo-inputs."""
        mean, log_variance = self.gaussian(batch.images)
        codes = mean + ops.exp(0.5 * log_variance) * draws[0]
        means, log_variances = self.gaussian(ops.clip(self.pseudo_inputs, 0.0, 1.0))
        apart = divergences.log_normal(codes[:, None], means[None], log_variances[None])  # (n, K)
        return {
            "logits": self.full_precision(self.decoder(codes)),
            "posterior": divergences.log_normal(codes, mean, log_variance),
            "prior": ops.logsumexp(apart, axis=1) - math.log(self.components),
        }

    def terms(self, batch, outputs):
        """Reconstruction, and the KL from the one code that was drawn."""
        reconstruction = self.distortion(batch.images, outputs["logits"])
        return {"reconstruction": reconstruction, "kl": outputs["posterior"] - outputs["prior"]}

    def prior(self):
        """The mixture of the posteriors of the pseudo-inputs."""
        found = self.posterior(np.clip(ops.convert_to_numpy(self.pseudo_inputs), 0, 1))
        text = f"a mixture of {self.components} posteriors"
        return Mixture(mean=found.mean, log_variance=found.log_variance, text=text)

    def get_config(self):
        """What `__init__` takes."""
        return {**super().get_config(), "components": self.components}
