"""A VAE that is told the label (Sohn et al., NeurIPS 2015; Kingma et al., NeurIPS 2014)."""

import keras
import numpy as np
from keras import ops

from bench import ModelCard, Option, add
from bench.models import inputs
from bench.models.coder import Absent
from bench.models.families.vae import VariationalAutoencoder
from bench.models.inference import INFERENCE_BATCH, in_batches
from bench.models.model_cards import BETA, KL_WARMUP

add(
    ModelCard(
        name="cvae",
        label="conditional VAE",
        title="VAE that is told the label",
        paper="Sohn et al. 2015",
        code="Conditional",
        against="vae",
        options=(BETA, KL_WARMUP, Option("classes", 10, minimum=1, text="labels that there are")),
        needs=("labels",),
    )
)


class Labelled:
    """A label, each as likely as the others, and `N(0, I)`."""

    text = "N(0, I) beside a label, each as likely"

    def __init__(self, size, classes):
        self.size, self.classes = size, classes

    def sample(self, count, generator):
        """Codes `(count, size + classes)`."""
        labels = np.eye(self.classes, dtype="float32")[generator.integers(self.classes, size=count)]
        return np.concatenate(
            [generator.standard_normal((count, self.size), dtype="float32"), labels], axis=1
        )


@keras.saving.register_keras_serializable(package="plugins")
class Conditional(VariationalAutoencoder):
    """`L = d(x, g(z, y)) + beta KL(q(z|x) || N(0, I)) + CE(y, c(x))`.

    A code is `z` beside a label: in training the one that is told, afterwards the one that the encoder's own
    classifier `c` finds most likely, so that images without labels can be encoded.
    """

    term_names = ("reconstruction", "kl", "classification")

    def __init__(self, *, classes=10, **common):
        size = common.get("latent_dim", 16)
        super().__init__(encoder_outputs=2 * size + classes, decoder_inputs=size + classes, **common)
        self.classes = classes

    @property
    def code_size(self):
        """Numbers of a code, the label among them."""
        return self.latent_dim + self.classes

    def respond(self, batch, draws, training):
        """Logits of the image and of its label, and the posterior."""
        told = self.full_precision(self.encoder(batch.images))
        mean, log_variance = ops.split(told[:, : 2 * self.latent_dim], 2, axis=-1)
        codes = mean + ops.exp(0.5 * log_variance) * draws[0]
        label = ops.cast(ops.equal(batch.labels[:, None], ops.arange(self.classes)), codes.dtype)
        logits = self.full_precision(self.decoder(ops.concatenate([codes, label], axis=-1)))
        classes = told[:, 2 * self.latent_dim :]
        return {
            "logits": logits,
            "mean": mean,
            "log_variance": log_variance,
            "label": label,
            "classes": classes,
        }

    def terms(self, batch, outputs):
        """As of a VAE, and the cross-entropy of the label."""
        right = ops.sum(outputs["classes"] * outputs["label"], axis=-1)
        missed = ops.logsumexp(outputs["classes"], axis=-1) - right
        return {**super().terms(batch, outputs), "classification": missed}

    def objective(self, terms, training):
        """All of them."""
        return super().objective(terms, training) + ops.mean(terms["classification"])

    def encode(self, images, batch_size=INFERENCE_BATCH):
        """The posterior mean beside the label that is most likely, `(n, latent_dim + classes)`."""
        told = in_batches(self.encoder, inputs.images(images, self.image_shape), batch_size)
        labels = told[:, 2 * self.latent_dim :].argmax(axis=1)
        label = np.eye(self.classes, dtype="float32")[labels]
        return np.concatenate([told[:, : self.latent_dim], label], axis=1)

    def posterior(self, images, batch_size=INFERENCE_BATCH):
        """A code has a label in it."""
        return Absent("a code is a label beside a Gaussian one, and no density of both is given")

    def prior(self):
        """As the posterior; what can be drawn from is."""
        reason = "a code is a label beside a Gaussian one, and no density of both is given"
        return Absent(reason, instead=Labelled(self.latent_dim, self.classes))

    def get_config(self):
        """What `__init__` takes."""
        return {**super().get_config(), "classes": self.classes}
