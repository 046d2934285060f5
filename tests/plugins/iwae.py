"""The importance-weighted autoencoder (Burda, Grosse & Salakhutdinov, ICLR 2016)."""

import math

import keras
from keras import ops

from bench import ModelCard, Option, add
from bench.models.families.vae import VariationalAutoencoder
from bench.models.parts import divergences

add(
    ModelCard(
        name="iwae",
        label="IWAE",
        title="importance-weighted autoencoder",
        paper="Burda et al. 2016",
        code="ImportanceWeighted",
        against="vae",
        options=(Option("samples", 5, minimum=1, maximum=1000, text="codes of each image", cost="step"),),
        work=lambda options: (1 + options["samples"]) / 2,
    )
)


@keras.saving.register_keras_serializable(package="plugins")
class ImportanceWeighted(VariationalAutoencoder):
    """`L = -log 1/K sum_s p(x|z_s) p(z_s) / q(z_s|x)`, up to the constant of the loss."""

    term_names = ("reconstruction", "kl", "bound")

    def __init__(self, *, samples=5, **common):
        super().__init__(**common)
        self.samples = samples

    def draw(self, count):
        """Noise for every code, `(count, K, k)`."""
        shape = (count, self.samples, self.latent_dim)
        return (keras.random.normal(shape, dtype=self.variable_dtype, seed=self.noise),)

    def respond(self, batch, draws, training):
        """Logits `(n K, h, w, c)`, and the log weight of each code without the likelihood `(n, K)`."""
        mean, log_variance = (each[:, None] for each in self.gaussian(batch.images))
        codes = mean + ops.exp(0.5 * log_variance) * draws[0]
        rate = divergences.log_normal(codes, mean, log_variance) - divergences.log_standard_normal(codes)
        return {
            "logits": self.full_precision(self.decoder(ops.reshape(codes, (-1, self.latent_dim)))),
            "rate": rate,
        }

    def terms(self, batch, outputs):
        """Means over the codes of reconstruction and KL, and the bound that is minimised."""
        images = ops.repeat(batch.images, self.samples, axis=0)
        distortion = ops.reshape(self.distortion(images, outputs["logits"]), (-1, self.samples))
        bound = math.log(self.samples) - ops.logsumexp(-distortion - outputs["rate"], axis=1)
        return {
            "reconstruction": ops.mean(distortion, axis=1),
            "kl": ops.mean(outputs["rate"], axis=1),
            "bound": bound,
        }

    def objective(self, terms, training):
        """The bound alone."""
        return ops.mean(terms["bound"])

    def get_config(self):
        """What `__init__` takes: no `beta`, which the bound has no place for."""
        config = {**super().get_config(), "samples": self.samples}
        return {name: value for name, value in config.items() if name not in ("beta", "kl_warmup")}
