"""A trained classifier of features, as it is kept in a run folder and sent to workers."""

import contextlib
import dataclasses
import functools
import hashlib
import io
import zipfile

import numpy as np


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
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            names = sorted(set(arrays.files) - {"accuracy"})
            return cls(weights=tuple(arrays[name] for name in names), accuracy=float(arrays["accuracy"]))

    @classmethod
    def is_whole(cls, content: bytes) -> bool:
        """Whether something is what `to_bytes` gives, undamaged."""
        with contextlib.suppress(ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile):
            cls.from_bytes(content)
            return True
        return False
