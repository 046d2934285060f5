"""The Wasserstein autoencoder with the MMD penalty (Tolstikhin et al., ICLR 2018)."""

import keras
from keras import ops

from bench import ModelCard, Option, add
from bench.models.autoencoder import Autoencoder
from bench.models.distributions import StandardNormal
from bench.models.parts import divergences, streams

add(
    ModelCard(
        name="wae",
        label="WAE",
        title="Wasserstein autoencoder with MMD",
        paper="Tolstikhin et al. 2018",
        code="WassersteinAutoencoder",
        against="ae",
        options=(Option("mmd_weight", 10.0, minimum=0, text="weight of the MMD between codes and prior"),),
    )
)


@keras.saving.register_keras_serializable(package="plugins")
class WassersteinAutoencoder(Autoencoder):
    """`L = d(x, g(f(x))) + weight * MMD(f(X), Z)`, where `Z` is drawn from `N(0, I)` in each step."""

    term_names = ("reconstruction", "mmd")

    def __init__(self, *, mmd_weight=10.0, **common):
        super().__init__(**common)
        self.mmd_weight = mmd_weight
        self.noise = streams.on_device(self.seed, streams.NOISE)

    def draw(self, count):
        """As many codes of the prior as there are images, `(count, k)`."""
        return (keras.random.normal((count, self.latent_dim), dtype=self.variable_dtype, seed=self.noise),)

    def respond(self, batch, draws, training):
        """Logits, codes, and codes of the prior."""
        codes = self.full_precision(self.encoder(batch.images))
        return {"logits": self.full_precision(self.decoder(codes)), "codes": codes, "drawn": draws[0]}

    def terms(self, batch, outputs):
        """The reconstruction loss of each image, and the MMD of the batch."""
        found = super().terms(batch, outputs)
        apart = divergences.mmd(outputs["codes"], outputs["drawn"])
        return {**found, "mmd": ops.broadcast_to(apart, ops.shape(found["reconstruction"]))}

    def objective(self, terms, training):
        """Reconstruction and weighted MMD."""
        return super().objective(terms, training) + self.mmd_weight * ops.mean(terms["mmd"])

    def prior(self):
        """`N(0, I)`, which the codes are drawn to."""
        return StandardNormal(size=self.code_size)

    def get_config(self):
        """What `__init__` takes."""
        return {**super().get_config(), "mmd_weight": self.mmd_weight}
