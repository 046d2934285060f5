"""Encoders and decoders: the shapes that every objective can be trained with, a module each.

An encoder maps images `(n, h, w, c)` to `outputs` numbers an image; a decoder maps codes `(n, k)` to
logits of the image's shape. Each works for any image size and any number of channels. A module has

```
encoder(image_shape, outputs, activation, **options)     both without weights that matter:
decoder(image_shape, latent_dim, activation, **options)  they are drawn afterwards
MEANS                           true where a decoder gives means in the place of logits
LOG_VARIANCE                    the bounds of the log-variance of a posterior; none where it is missing
initialize(network, generator)  where initial weights are others than those of `parts.initialization`
```

An option `initial_weights` of its card chooses among `initialization.KINDS`; the module does not get it.
"""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from ..catalogue import ARCHITECTURES, find
from ..parts import initialization

ImageShape = tuple[int, int, int]


def build(
    architecture: str,
    image_shape: ImageShape,
    *,
    outputs: int,
    latent_dim: int,
    activation: str,
    options: Mapping[str, Any],
    generator: np.random.Generator,
    maps: int = 1,
) -> tuple[keras.Model, keras.Model]:
    """Encoder `(n, h, w, c)` to `(n, outputs)` and decoder `(n, latent_dim)` to logits `(n, h, w, c)`.

    Initial weights are drawn by NumPy from `generator`: the same on every backend. A decoder gives `maps` of
    that shape, one after the other along the channels.
    """
    card = ARCHITECTURES[architecture]
    module = find(card.code)
    given = {option.name: option.default for option in card.options} | dict(options)
    usual = initialization.KINDS[given.pop("initial_weights", "glorot")]
    encoder = module.encoder(image_shape, outputs, activation, **given)
    height, width, channels = image_shape
    decoder = module.decoder((height, width, maps * channels), latent_dim, activation, **given)
    initialize = getattr(module, "initialize", usual)
    initialize(encoder, generator)
    initialize(decoder, generator)
    return encoder, decoder


def gives_means(architecture: str) -> bool:
    """Whether its decoder gives the means of pixels, which may leave [0, 1], and not their logits."""
    return bool(getattr(find(ARCHITECTURES[architecture].code), "MEANS", False))


def log_variance_bounds(architecture: str) -> tuple[float, float] | None:
    """Between what the log-variance of a posterior is held, if an architecture does that."""
    found: tuple[float, float] | None = getattr(find(ARCHITECTURES[architecture].code), "LOG_VARIANCE", None)
    return found
