"""What the images of a loaded data set look like as a whole: duplicates, and images that show nothing."""

import dataclasses
import hashlib
import math

import numpy as np

from bench.datasets.dataset import Dataset
from bench.datasets.levels import Levels
from bench.datasets.messages import counted

FLAT = 2 / 255  # between the darkest and the brightest value of an image that shows nothing
_BLOCK = 2**22  # values that are looked at together


@dataclasses.dataclass(frozen=True, kw_only=True)
class Census:
    """Counts of images, by part or by pair of parts.

    Attributes
    ----------
    repeated : dict of str to int
        Images that are the same, in all values, as an earlier one of their part.
    shared : dict of tuple of str to int
        Images of the second part that the first has, too.
    contradicted : int
        Images with the values of another one, and with another label, in whichever parts.
    flat : dict of str to int
        Images whose values lie within `FLAT` of each other.
    """

    repeated: dict[str, int]
    shared: dict[tuple[str, str], int]
    contradicted: int
    flat: dict[str, int]

    def __str__(self) -> str:
        """What there is of it, in one line."""
        said = [
            *(f"{counted(n, 'image')} of {part} repeated in it" for part, n in self.repeated.items() if n),
            *(f"{counted(n, 'image')} of {two} also in {one}" for (one, two), n in self.shared.items() if n),
            *(
                [f"{counted(self.contradicted, 'image')} with another label elsewhere"]
                * bool(self.contradicted)
            ),
            *(f"{counted(n, 'image')} of {part} nearly of one colour" for part, n in self.flat.items() if n),
        ]
        return "; ".join(said) or "no image twice, none nearly of one colour"


def taken(dataset: Dataset) -> Census:
    """Count; duplicates are compared by hashes of their values."""
    parts = {"training": dataset.train, "validation": dataset.validation, "test": dataset.test}
    hashes = {name: _hashes(part.images) for name, part in parts.items()}
    sets = {name: set(found) for name, found in hashes.items()}
    pairs = [("training", "validation"), ("training", "test"), ("validation", "test")]
    labels: dict[bytes, set[int]] = {}
    for name, part in parts.items():
        if part.labels is not None:
            for value, label in zip(hashes[name], part.labels.tolist(), strict=True):
                labels.setdefault(value, set()).add(label)
    return Census(
        repeated={name: len(found) - len(sets[name]) for name, found in hashes.items()},
        shared={(one, two): sum(value in sets[one] for value in hashes[two]) for one, two in pairs},
        contradicted=sum(len(labels.get(value, ())) > 1 for found in hashes.values() for value in found),
        flat={name: _flat(part.images) for name, part in parts.items()},
    )


def told(dataset: Dataset) -> str:
    """Return what there is, in one line: as it was counted when the images were converted, or now."""
    return dataset.checked or str(taken(dataset))


def _hashes(images: np.ndarray) -> list[bytes]:
    """Of each image, block by block: images that lie apart are copied to be looked at."""
    found, step = [], max(1, _BLOCK // math.prod(images.shape[1:]))
    for start in range(0, len(images), step):
        rows = slice(start, start + step)
        block = images.of(rows).levels() if isinstance(images, Levels) else images[rows]
        found += [hashlib.blake2b(np.ascontiguousarray(one).data, digest_size=16).digest() for one in block]
    return found


def _flat(images: np.ndarray) -> int:
    """How many images span no more than `FLAT`: block by block, as differences take as much as images."""
    count, step = 0, max(1, _BLOCK // math.prod(images.shape[1:]))
    for start in range(0, len(images), step):
        some = images[start : start + step]
        block = some.reshape(len(some), -1)
        count += int((block.max(axis=1) - block.min(axis=1) <= FLAT).sum())
    return count
