"""A trained model as plain networks that need nothing of this package: functional, of Keras's own layers.

They take and give what `encode`, `decode` and `sample` do: images in [0, 1] to codes, codes to images.
"""

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from .autoencoder import Autoencoder
from .coder import Absent, Density
from .distributions import Mixture, StandardNormal

TOLERANCE = 1e-5
"""How far what leaves may be from the model: of pixels in [0, 1], and of codes, where those beyond 1 count by
their size."""
_PROBES = 32


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Portable:
    """Networks, and arrays on which they were held against the model.

    Attributes
    ----------
    encoder
        `images`, `(n, h, w, c)` float32 in [0, 1], to codes `(n, m)`.
    decoder
        `codes`, `(n, m)` float32, to images `(n, h, w, c)` in [0, 1].
    sampler
        `noise`, `(n, m)` of N(0, 1), to images; of a mixture also `choice`, `(n,)`, uniform in [0, 1): which
        component. Chance stays outside, so a sampler gives the same twice. Absent without a prior.
    prior
        What codes are drawn from, for people; empty without one.
    """

    encoder: keras.Model
    decoder: keras.Model
    sampler: keras.Model | Absent
    prior: str

    @property
    def networks(self) -> dict[str, keras.Model]:
        """Those there are, by name."""
        found = {"encoder": self.encoder, "decoder": self.decoder}
        return found | ({"sampler": self.sampler} if isinstance(self.sampler, keras.Model) else {})


def of(model: Autoencoder) -> Portable:
    """The networks of a trained model.

    Raises
    ------
    ValueError
        In one line, if it has no decoder, or if `encode` or `decode` do more than `code_layers`,
        `decodable_layers` and `image_layers` say, so that the networks do not give what the model gives.
    """
    refused = model.decode(np.zeros((1, model.code_size), "float32"))
    if isinstance(refused, Absent):
        raise ValueError(
            f"this model has no decoder ({refused.reason}); expected one that encodes and decodes"
        )
    images = keras.Input(model.image_shape, name="images")
    encoder = keras.Model(images, model.code_layers(model.encoder(images)), name="encoder")
    codes = keras.Input((model.code_size,), name="codes")
    decoder = keras.Model(codes, _decoded(model, codes), name="decoder")
    prior = model.prior()
    sampler, text = (prior, "") if isinstance(prior, Absent) else (_sampler(model, prior), prior.text)
    found = Portable(
        encoder=encoder, decoder=decoder, sampler=sampler, prior="" if isinstance(sampler, Absent) else text
    )
    _check(model, found)
    return found


def probes(inputs: dict[str, tuple[int, ...]], count: int = _PROBES, seed: int = 0) -> dict[str, np.ndarray]:
    """Arrays for inputs of these names and shapes, without the batch: `(count, ...)` each, float32."""
    generator = np.random.default_rng(seed)
    normal = ("codes", "noise")
    return {
        name: (generator.standard_normal if name in normal else generator.random)((count, *shape), np.float32)
        for name, shape in inputs.items()
    }


def shapes(network: keras.Model) -> dict[str, tuple[int, ...]]:
    """What a network takes: names of inputs to their shapes, without the batch."""
    return {each.name: tuple(each.shape[1:]) for each in network.inputs}


def run(network: keras.Model, given: Mapping[str, np.ndarray]) -> np.ndarray:
    """What a network gives for arrays by the names of its inputs, in their order."""
    arrays = list(given.values())
    found: np.ndarray = network.predict_on_batch(arrays if len(arrays) > 1 else arrays[0])
    return found


def deviation(found: np.ndarray, wanted: np.ndarray) -> float:
    """The largest difference of two arrays of a shape; of values beyond 1, in parts of the value."""
    apart = np.abs(found.astype(np.float64) - wanted)
    return float((apart / np.maximum(1.0, np.abs(wanted))).max())


def _decoded(model: Autoencoder, codes: Any) -> Any:
    return model.image_layers(model.decoder(model.decodable_layers(codes)))


def _sampler(model: Autoencoder, prior: Density) -> keras.Model | Absent:
    noise = keras.Input((model.code_size,), name="noise")
    if isinstance(prior, StandardNormal):
        return keras.Model(noise, _decoded(model, noise), name="sampler")
    if not isinstance(prior, Mixture):
        return Absent(f"{prior.text}: only Gaussians and mixtures of them can be drawn from in a file")
    choice = keras.Input((), name="choice")
    codes = _drawn(prior, noise, choice)
    return keras.Model([noise, choice], _decoded(model, codes), name="sampler")


def _drawn(prior: Mixture, noise: Any, choice: Any) -> Any:
    """`mean + deviation * noise` of the component on which `choice` falls: `(n, k)`."""
    count, size = prior.mean.shape
    uniform = np.full(count, -math.log(count))
    weights = np.exp(uniform if prior.log_weights is None else prior.log_weights)
    ends = (np.cumsum(weights) / weights.sum()).astype("float32")[:-1]  # the last component takes the rest
    component = ops.sum(ops.cast(choice[:, None] >= ends[None], "int32"), axis=1)
    mean, deviations = (layers.Embedding(count, size, name=name) for name in ("means", "deviations"))
    codes = mean(component) + deviations(component) * noise
    mean.set_weights([prior.mean])
    deviations.set_weights([np.exp(prior.log_variance / 2)])
    return codes


def _check(model: Autoencoder, found: Portable) -> None:
    """Hold the networks against the model's own methods."""
    given = probes(shapes(found.encoder))
    codes = model.encode(given["images"])
    pairs = {
        "encode": (found.encoder.predict_on_batch(given["images"]), codes),
        "decode": (found.decoder.predict_on_batch(codes), model.decode(codes)),
    }
    for name, (ours, wanted) in pairs.items():
        if ours.shape != wanted.shape or not deviation(ours, wanted) <= TOLERANCE:
            raise ValueError(
                f"{type(model).__name__} cannot be taken apart into layers: its {name} gives something else; "
                "override code_layers, decodable_layers or image_layers as it overrides that"
            )
