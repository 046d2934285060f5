"""A coder of somebody else's, held to the contract at each call: what it breaks ends in one line.

Numbers of a coder that gives logits, or other codes for other batches, would look like any others.
"""

import itertools
from typing import Any

import numpy as np

from bench import errors
from bench.models.coder import Absent, Coder, Densities, Density

TRIED = 50  # images that are encoded as a whole and in pieces
_PIECES = (7, 20)
_TOLERANCE = 1e-3  # of the spread of codes: batches of other sizes are rounded otherwise, by 1e-6 or so
_ROUNDED = 1e-5  # beyond 0 and 1: of a decoder that ends in a sigmoid none is, and clipping rounds
_MORE = ("log_evidence", "fitted_variance", "decode_unclipped", "stand_in", "parameter_count", "likelihood")


class CoderError(ValueError):
    """A coder that breaks its contract: what was expected and what came."""


class Checked:
    """A coder whose answers are looked at, with all else that it has (`Exact`, `Unclipped`, `StandIn`)."""

    def __init__(self, coder: Coder, images: np.ndarray) -> None:
        """Try a coder on images `(n, h, w, c)`; `CoderError` if it encodes them otherwise in pieces."""
        for name in ("encode", "decode", "prior", "posterior", "log_likelihood"):
            if not callable(getattr(coder, name, None)):
                raise CoderError(
                    f"expected a coder with encode, decode, prior, posterior and log_likelihood, received "
                    f"{type(coder).__name__} without {name}; Given(encode=..., decode=...) makes one"
                )
        self._coder, self._shape = coder, images.shape[1:]
        self.code_size = 0
        for name in _MORE:
            if getattr(coder, name, None) is not None:
                setattr(self, name, getattr(coder, name))
        self._settle_size(np.asarray(images[:TRIED]))

    def _settle_size(self, images: np.ndarray) -> None:
        whole = _numbers("encode", self._called("encode", images=images))
        if whole.ndim != 2 or len(whole) != len(images):
            raise CoderError(
                f"encode: expected codes ({len(images)}, m) of {len(images)} images, received {whole.shape}"
            )
        said = getattr(self._coder, "code_size", None)
        if said is not None and said != whole.shape[1]:
            raise CoderError(f"code_size: expected {whole.shape[1]}, as encode gives, received {said!r:.80}")
        self.code_size = whole.shape[1]
        bounds = [0, *(end for end in _PIECES if end < len(images)), len(images)]
        pieces = np.concatenate([self.encode(images[a:b]) for a, b in itertools.pairwise(bounds)])
        spread = max(float(whole.std()), float(np.abs(whole).max()) * 1e-3, 1e-12)
        apart = float(np.abs(whole - pieces).max(initial=0)) / spread
        if apart > _TOLERANCE:
            raise CoderError(
                f"encode: expected the same codes of {len(images)} images at once and in pieces, received "
                f"codes that differ by {apart:.2g} of their spread; is it in training mode (dropout, batch "
                "normalisation), or does it draw its codes?"
            )

    def encode(self, images: np.ndarray) -> np.ndarray:
        """As of `Coder`."""
        return self._codes("encode", self._called("encode", images=images), len(images))

    def decode(self, codes: np.ndarray) -> np.ndarray | Absent:
        """As of `Coder`."""
        found = self._called("decode", codes=codes)
        if isinstance(found, Absent):
            return found
        images = _numbers("decode", found)
        expected = (len(codes), *self._shape)
        if images.shape != expected:
            raise CoderError(
                f"decode: expected images {expected}, received {images.shape}{_hint(images, expected)}"
            )
        if images.size and not -_ROUNDED <= images.min() <= images.max() <= 1 + _ROUNDED:
            raise CoderError(_out_of_range(float(images.min()), float(images.max())))
        return np.clip(images, 0, 1).astype(np.float32, copy=False)

    def prior(self) -> Density | Absent:
        """As of `Coder`."""
        found = self._coder.prior()
        if isinstance(found, Absent):
            return found
        _require("prior", found, ("text", "sample", "log_density"))
        return found

    def posterior(self, images: np.ndarray) -> Densities | Absent:
        """As of `Coder`."""
        found = self._called("posterior", images=images)
        if isinstance(found, Absent):
            return found
        _require("posterior", found, ("mean", "sample", "log_density", "kl", "__getitem__"))
        self._codes("the mean of posterior", found.mean, len(images))
        return found

    def log_likelihood(self, images: np.ndarray, codes: np.ndarray) -> np.ndarray | Absent:
        """As of `Coder`."""
        found = self._called("log_likelihood", images=images, codes=codes)
        if isinstance(found, Absent):
            return found
        values = _numbers("log_likelihood", found)
        if values.shape != (len(images),):
            raise CoderError(f"log_likelihood: expected ({len(images)},), received {values.shape}")
        return values.astype(np.float64, copy=False)

    def _called(self, name: str, **given: np.ndarray) -> Any:
        """What a function of the coder makes of arrays; an error in it is told with what it was given."""
        try:
            return getattr(self._coder, name)(*given.values())
        except (CoderError, MemoryError):
            raise
        except Exception as error:
            if str(error).startswith(f"{name}:"):  # as `Given` says what it expected
                raise
            told = " and ".join(f"{what} {array.shape} {array.dtype}" for what, array in given.items())
            raise CoderError(f"{name}, given {told}: {errors.one_line(error)}") from error

    def _codes(self, what: str, found: Any, count: int) -> np.ndarray:
        codes = _numbers(what, found)
        if codes.shape != (count, self.code_size):
            is_other_size = codes.ndim == 2 and len(codes) == count
            why = ": the number of values of a code changed with the batch" if is_other_size else ""
            raise CoderError(f"{what}: expected codes {(count, self.code_size)}, received {codes.shape}{why}")
        return codes.astype(np.float32, copy=False)


def _numbers(what: str, found: Any) -> np.ndarray:
    """An array of finite numbers, or a `CoderError`."""
    array = np.asarray(found)
    if array.dtype.kind not in "fiu":
        raise CoderError(
            f"{what}: expected an array of numbers, received {type(found).__name__} of {array.dtype}"
        )
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        count = int((~np.isfinite(array)).reshape(len(array), -1).any(axis=1).sum())
        raise CoderError(
            f"{what}: expected finite numbers, received NaN or infinity in {count} of {len(array)} rows"
        )
    return array


def _hint(images: np.ndarray, expected: tuple[int, ...]) -> str:
    """What a wrong shape may come from; empty where nothing is known."""
    if images.ndim == 4 and images.transpose(0, 2, 3, 1).shape == expected:
        return ": channels come last here"
    if images.size == np.prod(expected):
        return f": reshape them to {('n', *expected[1:])}"
    return ""


def _out_of_range(low: float, high: float) -> str:
    told = f"decode: expected values in [0, 1], received {low:.4g} to {high:.4g}"
    if low >= 0 and high > 2 and high <= 255.5:
        return f"{told}; if they are 0 to 255, divide them by 255"
    if low >= -1.001 and high <= 1.001:
        return f"{told}; if they are -1 to 1, take (values + 1) / 2; if it is a linear decoder, clip them"
    return f"{told}; if they are logits, take their sigmoid; if it is a linear decoder, clip them"


def _require(what: str, found: Any, names: tuple[str, ...]) -> None:
    lacking = [name for name in names if not hasattr(found, name)]
    if lacking:
        remedy = (
            "; Absent(reason, instead=it) is a prior that can only be drawn from"
            if what == "prior" and "sample" not in lacking
            else ""
        )
        raise CoderError(
            f"{what}: expected {', '.join(names)}, received {type(found).__name__} without "
            f"{', '.join(lacking)}{remedy}"
        )
