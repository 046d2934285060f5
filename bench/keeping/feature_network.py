"""A trained classifier of features, as it is kept in a run folder and sent to workers."""

import dataclasses
import functools
import hashlib
import io
import zipfile

import numpy as np

from bench import foreign
from bench.keeping import trial_files


@dataclasses.dataclass(frozen=True, kw_only=True)
class FeatureNetwork:
    """A trained classifier: its weights in the order of Keras, and its accuracy on test images, in [0, 1]."""

    weights: tuple[np.ndarray, ...]
    accuracy: float

    @functools.cached_property
    def fingerprint(self) -> str:
        """Of its weights: two networks with the same one give the same features."""
        found = hashlib.sha256()
        for weight in self.weights:
            found.update(np.ascontiguousarray(weight, dtype="<f4").tobytes())
        return found.hexdigest()

    def to_bytes(self) -> bytes:
        """An `.npz` file."""
        buffer = io.BytesIO()
        numbered = {f"weight_{number:02}": weight for number, weight in enumerate(self.weights)}
        np.savez(buffer, allow_pickle=False, accuracy=np.array(self.accuracy), **numbered)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "FeatureNetwork":
        """The inverse of `to_bytes`; raises one of several errors for something else: see `is_whole`."""
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            trial_files.refuse_bomb(len(content), sum(one.file_size for one in archive.infolist()))
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            names = sorted(set(arrays.files) - {"accuracy"})
            weights, accuracy = tuple(arrays[name] for name in names), float(arrays["accuracy"])
        if not (weights and all(_is_weight(each) for each in weights) and 0 <= accuracy <= 1):
            raise ValueError("expected weights, and an accuracy from 0 to 1")
        return cls(weights=weights, accuracy=accuracy)

    @classmethod
    def is_whole(cls, content: bytes) -> bool:
        """Whether something is what `to_bytes` gives, undamaged."""
        try:
            with foreign.guarded(ValueError):
                cls.from_bytes(content)
        except ValueError:
            return False
        return True


def _is_weight(array: np.ndarray) -> bool:
    """Whether it is finite in the floats that features are computed with, whatever it was kept in."""
    with np.errstate(over="ignore"):
        return array.dtype.kind == "f" and bool(np.isfinite(array.astype(np.float32)).all())
