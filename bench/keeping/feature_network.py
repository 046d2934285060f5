"""Trained classifiers of features, as they are kept in a run folder and sent to workers."""

import dataclasses
import functools
import hashlib
import io
import zipfile
from collections.abc import Mapping

import numpy as np

from bench import foreign
from bench.keeping import trial_files

_SECOND = "second_"
"""How the names of the arrays of the second network begin."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class FeatureNetwork:
    """A trained classifier: its weights in the order of Keras, and its accuracy on test images, in [0, 1].

    The accuracy is None where there was no image to test it on. `second` is the network of a second space of
    features; None in runs from before there was one.
    """

    weights: tuple[np.ndarray, ...]
    accuracy: float | None
    second: "FeatureNetwork | None" = None

    @functools.cached_property
    def fingerprint(self) -> str:
        """Of its own weights: two networks with the same one give the same features."""
        found = hashlib.sha256()
        for weight in self.weights:
            found.update(np.ascontiguousarray(weight, dtype="<f4").tobytes())
        return found.hexdigest()

    def to_bytes(self) -> bytes:
        """An `.npz` file."""
        buffer = io.BytesIO()
        arrays = self._arrays() | (self.second._arrays(_SECOND) if self.second else {})
        np.savez(buffer, allow_pickle=False, **arrays)
        return buffer.getvalue()

    def _arrays(self, prefix: str = "") -> dict[str, np.ndarray]:
        numbered = {f"{prefix}weight_{number:02}": weight for number, weight in enumerate(self.weights)}
        accuracy = {} if self.accuracy is None else {f"{prefix}accuracy": np.array(self.accuracy)}
        return accuracy | numbered

    @classmethod
    def from_bytes(cls, content: bytes) -> "FeatureNetwork":
        """The inverse of `to_bytes`; raises one of several errors for something else: see `is_whole`."""
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            trial_files.refuse_bomb(len(content), sum(one.file_size for one in archive.infolist()))
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            found = {name: arrays[name] for name in arrays.files}
        own = {name: array for name, array in found.items() if not name.startswith(_SECOND)}
        others = {name.removeprefix(_SECOND): found[name] for name in found.keys() - own.keys()}
        return dataclasses.replace(_network(own), second=_network(others) if others else None)

    @classmethod
    def is_whole(cls, content: bytes) -> bool:
        """Whether something is what `to_bytes` gives, undamaged."""
        try:
            with foreign.guarded(ValueError):
                cls.from_bytes(content)
        except ValueError:
            return False
        return True


def _network(arrays: Mapping[str, np.ndarray]) -> FeatureNetwork:
    weights = tuple(arrays[name] for name in sorted(arrays.keys() - {"accuracy"}))
    accuracy = float(arrays["accuracy"]) if "accuracy" in arrays else None
    is_share = accuracy is None or 0 <= accuracy <= 1
    if not (weights and all(_is_weight(each) for each in weights) and is_share):
        raise ValueError("expected weights, and an accuracy from 0 to 1")
    return FeatureNetwork(weights=weights, accuracy=accuracy)


def _is_weight(array: np.ndarray) -> bool:
    """Whether it is finite in the floats that features are computed with, whatever it was kept in."""
    with np.errstate(over="ignore"):
        return array.dtype.kind == "f" and bool(np.isfinite(array.astype(np.float32)).all())
