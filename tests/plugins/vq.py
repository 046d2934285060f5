"""The vector-quantised autoencoder with moving averages (van den Oord et al., NeurIPS 2017)."""

import keras
import numpy as np
from keras import ops

from bench import ModelCard, Option, add
from bench.models import inputs
from bench.models.autoencoder import Autoencoder
from bench.models.coder import Absent
from bench.models.inference import INFERENCE_BATCH
from bench.models.parts import streams


def whole_positions(settings):
    """Codes are cut into positions of one width."""
    if settings["latent_dim"] % settings["positions"] == 0:
        return ""
    received = f"latent_dim {settings['latent_dim']} and positions {settings['positions']}"
    return f"expected a latent_dim that positions divide, received {received}"


BOOK_SIZE = Option("book_size", 64, minimum=2, text="vectors in the book", cost="step")
POSITIONS = Option("positions", 4, minimum=1, text="vectors of a code")
COMMITMENT = Option("commitment", 0.25, minimum=0, text="weight of what holds codes to the book")

add(
    ModelCard(
        name="vq",
        label="VQ-VAE",
        title="vector-quantised autoencoder",
        paper="van den Oord et al. 2017",
        code="VectorQuantised",
        against="ae",
        options=(BOOK_SIZE, POSITIONS, COMMITMENT),
        check=whole_positions,
    )
)


@keras.saving.register_keras_serializable(package="plugins")
class VectorQuantised(Autoencoder):
    """`L = d(x, g(z + sg(e - z))) + commitment |z - sg(e)|^2`; the book `e` follows by moving averages."""

    term_names = ("reconstruction", "commitment")
    decay, smallest = 0.99, 1e-5

    def __init__(self, *, book_size=64, positions=4, commitment=0.25, **common):
        super().__init__(**common)
        self.book_size, self.positions, self.commitment = book_size, positions, commitment
        start = streams.on_host(self.seed, streams.STAGE).normal(
            size=(book_size, self.latent_dim // positions)
        )
        self.book, self.sums = (
            self.add_weight(shape=start.shape, initializer="zeros", trainable=False, name=name)
            for name in ("book", "sums")
        )
        self.counts = self.add_weight(shape=(book_size,), initializer="ones", trainable=False, name="counts")
        self.book.assign(start)
        self.sums.assign(start)

    def respond(self, batch, draws, training):
        """Logits, codes by position `(n, P, d)`, their vectors of the book, and which `(n, P, K)`."""
        codes = ops.reshape(
            self.full_precision(self.encoder(batch.images)), (-1, self.positions, self.book.shape[1])
        )
        apart = ops.sum(ops.square(codes[:, :, None] - self.book[None, None]), axis=-1)
        nearest = ops.argmin(apart, axis=-1)[..., None]
        chosen = ops.cast(ops.equal(nearest, ops.arange(self.book_size, dtype=nearest.dtype)), codes.dtype)
        vectors = ops.matmul(chosen, self.book)
        straight = ops.reshape(codes + ops.stop_gradient(vectors - codes), (-1, self.latent_dim))
        logits = self.full_precision(self.decoder(straight))
        return {"logits": logits, "codes": codes, "vectors": vectors, "chosen": chosen}

    def terms(self, batch, outputs):
        """Reconstruction and commitment of each image."""
        apart = ops.square(outputs["codes"] - ops.stop_gradient(outputs["vectors"]))
        return {**super().terms(batch, outputs), "commitment": ops.sum(apart, axis=(1, 2))}

    def objective(self, terms, training):
        """Reconstruction and weighted commitment."""
        return super().objective(terms, training) + self.commitment * ops.mean(terms["commitment"])

    def renew(self, batch, outputs):
        """Each vector moves towards the mean of the codes that chose it."""
        chosen, codes = (ops.stop_gradient(outputs[name]) for name in ("chosen", "codes"))
        keep = self.decay
        self.counts.assign(keep * self.counts + (1 - keep) * ops.sum(chosen, axis=(0, 1)))
        self.sums.assign(keep * self.sums + (1 - keep) * ops.einsum("npk,npd->kd", chosen, codes))
        total = ops.sum(self.counts)
        smooth = (self.counts + self.smallest) / (total + self.book_size * self.smallest) * total
        self.book.assign(self.sums / smooth[:, None])

    def encode(self, images, batch_size=INFERENCE_BATCH):
        """The vectors of the book, one after the other: `(n, latent_dim)`."""
        return self._snapped(super().encode(images, batch_size))

    def decode(self, codes, batch_size=INFERENCE_BATCH):
        """Of the nearest vectors of the book, whatever the code."""
        return super().decode(self._snapped(inputs.codes(codes, self.latent_dim)), batch_size)

    def _snapped(self, codes):
        book = ops.convert_to_numpy(self.book)
        given = codes.reshape(-1, book.shape[1])
        apart = np.square(given).sum(1)[:, None] - 2 * given @ book.T + np.square(book).sum(1)
        return book[apart.argmin(axis=1)].reshape(codes.shape)

    def prior(self):
        """None is trained with it."""
        return Absent("codes of a book, whose prior is fitted afterwards")

    def posterior(self, images, batch_size=INFERENCE_BATCH):
        """The nearest vector is taken, none is drawn."""
        return Absent("codes are the nearest of a book")

    def get_config(self):
        """What `__init__` takes."""
        own = {name: getattr(self, name) for name in ("book_size", "positions", "commitment")}
        return {**super().get_config(), **own}
