"""What VAEs whose prior is a mixture that is trained with them share: the KL of the code that was drawn."""

from typing import Any

from keras import ops

from ..batch import Batch
from ..parts import divergences
from ..parts.losses import Tensor
from .vae import VariationalAutoencoder


class LearnedPriorVAE(VariationalAutoencoder):
    """`L = E_q[d(x, g(z)) + beta (log q(z|x) - log p(z))]`, `p(z)` a mixture of diagonal Gaussians.

    A subclass gives the mixture as `components_of_prior`.
    """

    def components_of_prior(self) -> tuple[Tensor, Tensor, Tensor]:
        """Means and log-variances `(c, k)`, and the logarithms of the weights, `(c,)`."""
        raise NotImplementedError

    def respond(self, batch: Batch, draws: tuple[Tensor, ...], training: bool) -> dict[str, Tensor]:
        """As of a VAE, with the log density of each code under the prior, `(n,)`."""
        outputs = super().respond(batch, draws, training)
        mean, log_variance, log_weights = self.components_of_prior()
        apart: Any = log_weights[None]
        for part in divergences.log_normal_pairs(outputs["codes"], mean, log_variance):  # (n, c, at most 8)
            apart = apart + ops.sum(part, axis=2)
        return {**outputs, "log_prior": ops.logsumexp(apart, axis=1)}

    def kl(self, outputs: dict[str, Tensor]) -> Tensor:
        """`log q(z|x) - log p(z)` of the code of each image, `(n,)`, in nats: on average the KL."""
        own = divergences.log_normal(outputs["codes"], outputs["mean"], outputs["log_variance"])
        return own - outputs["log_prior"]
