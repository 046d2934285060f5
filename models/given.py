"""Functions that were written elsewhere, as a coder: `Given(encode=..., decode=...)`.

```python
import torch
from bench import Given

network = torch.load("network.pt", weights_only=False).eval()
coder = Given(
    encode=lambda images: network.encoder(torch.from_numpy(images)).detach(),
    decode=lambda codes: network.decoder(torch.from_numpy(codes)).detach(),
)
```
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from . import likelihoods
from .coder import Absent, Densities, Density
from .distributions import Gaussians

Function = Callable[..., Any]
"""Of arrays of NumPy, float32, to what `numpy.asarray` takes."""


class Given:
    """A coder made of plain functions. What is left out it does not have, and its rows say so.

    Parameters
    ----------
    encode
        Images `(n, h, w, c)` in [0, 1] to codes `(n, m)`: the same each time, however many images come at
        once. May be left out where `posterior` gives means.
    decode
        Codes `(n, m)`, any real numbers, to mean images `(n, h, w, c)` in [0, 1].
    prior
        A `Density` of codes, such as `bench.models.distributions.StandardNormal(size=16)`; or
        `Absent("trained with none")`.
    posterior
        Images to the means and the logarithms of the variances of Gaussians, a pair of arrays `(n, m)`; or
        to a `Densities`, then of all images at once.
    log_likelihood
        Images and codes to `(n,)`, in nats, constants included. Or `"mse"`, `"bce"`, `"mae"` for what a loss
        of that name is the likelihood of (`bench.models.likelihoods`); or a number, the variance of a
        Gaussian about the mean images: 1/2 is `"mse"`, and 1 that of half the squared error.
    code_size
        `m`; left out, it is that of the first codes.
    title
        What it is, in a few words, for reports.
    parameter_count, fit_seconds
        Numbers that were trained, and the seconds that took; where they are known.
    batch_size
        Images or codes of one call of a function, 1 or more.

    Raises
    ------
    TypeError, ValueError
        In one line, if these are no such functions.
    """

    def __init__(
        self,
        *,
        encode: Function | None = None,
        decode: Function | None = None,
        prior: Density | Absent | None = None,
        posterior: Function | None = None,
        log_likelihood: Function | str | float | None = None,
        code_size: int | None = None,
        title: str = "",
        parameter_count: int | None = None,
        fit_seconds: float | None = None,
        batch_size: int = 1000,
    ) -> None:
        for name, function in (("encode", encode), ("decode", decode), ("posterior", posterior)):
            if function is not None and not callable(function):
                raise TypeError(f"Given: expected a function as {name}, received {function!r:.80}")
        if encode is None and posterior is None:
            raise TypeError("Given: expected a function as encode or as posterior, received neither")
        if not (log_likelihood is None or callable(log_likelihood) or _is_named(log_likelihood)):
            expected = f"a function, {', '.join(likelihoods.CONSTANTS)} or a variance as log_likelihood"
            raise ValueError(f"Given: expected {expected}, received {log_likelihood!r:.80}")
        if batch_size < 1:
            raise ValueError(f"Given: expected a batch_size of 1 or more, received {batch_size!r:.80}")
        self._encode, self._decode, self._prior = encode, decode, prior
        self._posterior, self._fit, self._step = posterior, log_likelihood, batch_size
        self.code_size, self.title = code_size, title
        self.loss = log_likelihood if isinstance(log_likelihood, str) else ""
        self.likelihood = _text(log_likelihood)
        self.parameter_count, self.fit_seconds = parameter_count, fit_seconds

    def encode(self, images: np.ndarray) -> np.ndarray:
        """As of `Coder`; where there is a posterior alone, its means."""
        if self._encode is not None:
            return self._in_batches(self._encode, images)
        found = self.posterior(images)
        return found.mean  # type: ignore[union-attr]  # of a posterior that is absent there is no Given

    def decode(self, codes: np.ndarray) -> np.ndarray | Absent:
        """As of `Coder`."""
        if self._decode is None:
            return Absent("a coder that decodes nothing")
        return self._in_batches(self._decode, codes)

    def prior(self) -> Density | Absent:
        """As of `Coder`."""
        return Absent("a coder that names no prior") if self._prior is None else self._prior

    def posterior(self, images: np.ndarray) -> Densities | Absent:
        """As of `Coder`."""
        if self._posterior is None:
            return Absent("a coder that names no posterior")
        first = self._posterior(np.asarray(images[: self._step]))
        if not isinstance(first, tuple | list):
            return first if len(images) <= self._step else self._posterior(images)
        starts = range(self._step, len(images), self._step)
        pairs = [first, *(self._posterior(np.asarray(images[i : i + self._step])) for i in starts)]
        if any(len(pair) != 2 for pair in pairs):
            raise ValueError(f"posterior: expected means and log-variances, received {len(first)} arrays")
        mean, log_variance = (np.concatenate([_floats(pair[i]) for pair in pairs]) for i in (0, 1))
        if mean.shape != log_variance.shape:
            both = f"{mean.shape} and {log_variance.shape}"
            raise ValueError(f"posterior: expected means and log-variances of one shape, received {both}")
        return Gaussians(mean=mean, log_variance=log_variance)

    def log_likelihood(self, images: np.ndarray, codes: np.ndarray) -> np.ndarray | Absent:
        """As of `Coder`."""
        if self._fit is None:
            return Absent("a coder that names no likelihood")
        if callable(self._fit):
            return self._in_batches(self._fit, images, codes, kind=np.float64)
        means = self.decode(codes)
        if isinstance(means, Absent):
            return means
        if isinstance(self._fit, str):
            return likelihoods.log_likelihood(self._fit, images, means)
        return likelihoods.gaussian_log_likelihood(images, means, self._fit)

    def _in_batches(self, function: Function, *arrays: np.ndarray, kind: Any = np.float32) -> np.ndarray:
        """What a function makes of arrays, some rows at a time."""
        starts = range(0, max(len(arrays[0]), 1), self._step)
        parts = ([np.asarray(each[i : i + self._step]) for each in arrays] for i in starts)
        made = [_floats(function(*part), kind) for part in parts]
        return made[0] if len(made) == 1 else np.concatenate(made)


def _is_named(fit: Any) -> bool:
    """Whether it says a likelihood: by the name of a loss, or by a variance."""
    if isinstance(fit, str):
        return fit in likelihoods.CONSTANTS
    return isinstance(fit, int | float) and 0 < fit < math.inf


def _text(fit: Any) -> str:
    """What a likelihood is where it is not that of a loss; empty where it is, or where there is none."""
    if fit is None or isinstance(fit, str):
        return ""
    return "a likelihood of its own" if callable(fit) else f"a Gaussian of variance {fit:g}"


def _floats(found: Any, kind: Any = np.float32) -> np.ndarray:
    return np.asarray(found).astype(kind, copy=False)
