"""The variational autoencoder (Kingma & Welling 2014) with a weighted KL term (Higgins et al. 2017)."""

from typing import Any

import keras
from keras import ops

from ..batch import Batch
from ..parts import divergences
from ..parts.losses import Tensor
from .gaussian_encoder import GaussianEncoder


@keras.saving.register_keras_serializable(package="bench")
class VariationalAutoencoder(GaussianEncoder):
    """A VAE: `L(x) = E_q(z|x)[d(x, g(z))] + beta * KL(q(z|x) || N(0, I))`.

    The posterior `q(z|x)` is Gaussian with diagonal covariance; the expectation is estimated with one
    code an image, `z = mean + exp(log_variance / 2) * noise`. With `beta = 1` and the losses of this
    package, `-L` is the evidence lower bound up to a constant (for `bce`, of black and white images). KL is
    in nats an image.

    Parameters
    ----------
    beta
        Weight of the KL term, >= 0.
    kl_warmup
        Number of training steps over which the weight rises linearly from 0 to `beta`
        (Sønderby et al., "Ladder variational autoencoders", NeurIPS 2016); 0 for none. The loss on
        validation images always has the full weight, so that epochs can be compared.
    kl_estimate
        `"closed"`, or `"sampled"`: `log q(z|x) - log p(z)` of the codes that are drawn, in training and
        validation, which is right on average (Burda et al. 2016, and others).
    samples
        Codes of each image in a step, >= 1: `L` is the mean over them (Burda et al. 2016). More than one
        only where the terms of a subclass are those here.
    **common
        See `GaussianEncoder`.
    """

    term_names: tuple[str, ...] = ("reconstruction", "kl")

    def __init__(
        self,
        *,
        beta: float = 1.0,
        kl_warmup: int = 0,
        kl_estimate: str = "closed",
        samples: int = 1,
        **common: Any,
    ) -> None:
        super().__init__(**common)
        if samples > 1 and type(self).terms is not VariationalAutoencoder.terms:
            raise ValueError(f"expected samples=1 of {type(self).__name__}, received {samples}")
        self.beta, self.kl_warmup = beta, kl_warmup
        self.kl_estimate, self.samples = kl_estimate, samples
        self.step = self.add_weight(shape=(), initializer="zeros", trainable=False, name="step")

    def draw(self, count: int) -> tuple[Tensor, ...]:
        """Standard normal noise for the codes of `count` images, `(count * samples, k)`."""
        shape = (count * self.samples, self.latent_dim)
        return (keras.random.normal(shape, dtype=self.variable_dtype, seed=self.noise),)

    def respond(self, batch: Batch, draws: tuple[Tensor, ...], training: bool) -> dict[str, Tensor]:
        """Images and noise to sampled codes, their logits `(n, h, w, c)`, and the posterior, `(n, k)` each.

        Of several samples an image, those of the first image come first.
        """
        mean, log_variance = map(self._for_each_code, self.gaussian(batch.images))
        codes = mean + ops.exp(0.5 * log_variance) * draws[0]  # (n, k)
        return {
            "logits": self.full_precision(self.decoder(codes)),
            "codes": codes,
            "mean": mean,
            "log_variance": log_variance,
        }

    def _for_each_code(self, values: Tensor) -> Tensor:
        return values if self.samples == 1 else ops.repeat(values, self.samples, axis=0)

    def terms(self, batch: Batch, outputs: dict[str, Tensor]) -> dict[str, Tensor]:
        """The reconstruction loss and the KL to the prior of each image, `(n,)` each."""
        seen = batch._replace(images=self._for_each_code(batch.images))
        found = {**super().terms(seen, outputs), "kl": self.kl(outputs)}
        if self.samples == 1:
            return found
        return {name: ops.mean(ops.reshape(each, (-1, self.samples)), axis=1) for name, each in found.items()}

    def kl(self, outputs: dict[str, Tensor]) -> Tensor:
        """From `N(0, I)`, of each image, `(n,)`, in nats."""
        mean, log_variance = outputs["mean"], outputs["log_variance"]
        if self.kl_estimate == "sampled":
            codes = outputs["codes"]
            own = divergences.log_normal(codes, mean, log_variance)
            return own - divergences.log_standard_normal(codes)
        return 0.5 * ops.sum(ops.square(mean) + ops.exp(log_variance) - 1.0 - log_variance, axis=-1)

    def objective(self, terms: dict[str, Tensor], training: bool) -> Tensor:
        """Mean over the batch of the reconstruction loss and the weighted KL: a scalar."""
        return super().objective(terms, training) + self._kl_weight(training) * ops.mean(terms["kl"])

    @property
    def warmup_steps(self) -> int:
        """Those of the weight of the KL term."""
        return self.kl_warmup

    def _kl_weight(self, training: bool) -> Tensor:
        if not training or self.kl_warmup == 0:
            return self.beta
        weight = self.beta * ops.minimum(self.step / self.kl_warmup, 1.0)
        self.step.assign_add(1.0)
        return weight

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes, for `.keras` files."""
        usual = self._unusual(kl_estimate="closed", samples=1)
        return {**super().get_config(), "beta": self.beta, "kl_warmup": self.kl_warmup, **usual}
