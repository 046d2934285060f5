"""Names of arrays, files and folders -> which part of a data set they are, and whether images or labels.

A name is taken apart into words. It is of a part if one of them says so (`train`, `val`, `t10k`), of images
or of labels likewise (`x_test`, `train_images`, `kmnist-val-imgs.npz`); whatever else it says does not
matter. Images without a part are for training, and what is to be tested on is split off. A single array is
images, unless its name says something else. Arrays that NumPy has named (`arr_0`) are told apart by their
axes, and taken in the order train, validation, test.
"""

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence

from bench.datasets.messages import listed, named, problem
from bench.datasets.reading import Reading

PART_WORDS = {
    "train": ("train", "training", "tr"),
    "validation": ("val", "valid", "validation", "dev"),
    "test": ("test", "testing", "t10k", "te"),
}
_IMAGE_WORDS = tuple("x image images img imgs data pixels features input inputs pictures samples".split())
_LABEL_WORDS = tuple("y label labels lab target targets class classes category categories emotion".split())
_NEITHER = ("names", "name", "id", "ids", "files", "filenames", "mean", "std")
_WORD = re.compile(r"t10k|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_UNNAMED = re.compile(r"(?:.*/)?arr_([0-9]+)")
_KINDS = ("images", "labels")
LONGEST = 200  # letters of a name that is looked at


@dataclasses.dataclass(frozen=True, kw_only=True)
class Role:
    """What the names of arrays say.

    Attributes
    ----------
    images, labels : mapping of str to str
        The name of an array for each part.
    notes : tuple of str
        What was left aside, and what was decided by axes, in words.
    """

    images: Mapping[str, str]
    labels: Mapping[str, str]
    notes: tuple[str, ...] = ()


def part_of(name: str) -> str:
    """Return the part that a whole name stands for, as `Training` for train; empty if it stands for none.

    Examples
    --------
    >>> part_of("valid"), part_of("TEST"), part_of("testament")
    ('validation', 'test', '')
    """
    return next((part for part, known in PART_WORDS.items() if name.lower() in known), "")


def parsed(name: str, reading: Reading) -> tuple[str, str]:
    """Return part and kind of an array by its name, each empty if it does not say.

    Examples
    --------
    >>> parsed("t10k-images-idx3-ubyte", Reading()), parsed("x_val", Reading()), parsed("metadata", Reading())
    (('test', 'images'), ('validation', 'images'), ('', ''))
    """
    words = _words(name)
    part = next((part for part in map(part_of, words) if part), "")
    rest = [word for word in words if not part_of(word)]
    for kind, said in (("images", reading.images), ("labels", reading.labels)):
        if said and (name == said or _contains(rest, [word for word in _words(said) if not part_of(word)])):
            return part, kind
    if any(word in _NEITHER for word in rest):
        return part, ""
    is_images = not reading.images and any(word in _IMAGE_WORDS for word in rest)
    is_labels = not reading.labels and any(word in _LABEL_WORDS for word in rest)
    if is_images and is_labels:  # `label_data.npz/y`: the last word is the array's own
        last = next(word for word in reversed(rest) if word in (*_IMAGE_WORDS, *_LABEL_WORDS))
        is_images, is_labels = last in _IMAGE_WORDS, last in _LABEL_WORDS
    return part, "images" if is_images else "labels" if is_labels else ""


def assigned(
    names: Sequence[str], shape: Callable[[str], tuple[int, ...]], where: str, reading: Reading
) -> Role:
    """Return which array is what.

    Parameters
    ----------
    names : sequence of str
        Of all arrays.
    shape : callable
        The shape of one; asked of unnamed ones alone, as its header may be refused.
    where : str
        Begins the message of an error.
    reading : Reading
        What the user says of names.

    Raises
    ------
    DataError
        Where no array is images for training, or two arrays could be the same.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for name in names:
        found.setdefault(parsed(name, reading) if len(name) <= LONGEST else ("", ""), []).append(name)
    unknown = [name for (_, kind), several in found.items() if not kind for name in several]
    notes: list[str] = []
    if not any(kind == "images" for _, kind in found):
        unnamed = sorted(filter(_UNNAMED.fullmatch, unknown), key=_order)
        chosen, note = _alone(found) if len(names) == 1 else _by_axes(unnamed, found, shape)
        unknown = [
            name for name in unknown if name not in {name for several in chosen.values() for name in several}
        ]
        notes += [note] if note else []
        found = {key: several for key, several in found.items() if key[1]} | chosen
    roles = {kind: _of_kind(kind, found, where) for kind in _KINDS}
    _require_images(roles, names, where)
    lonely = [name for part, name in roles["labels"].items() if part not in roles["images"]]
    labels = {part: name for part, name in roles["labels"].items() if part in roles["images"]}
    if aside := [*unknown, *lonely]:
        notes.append(f"left aside: {listed(map(named, aside))}")
    return Role(images=roles["images"], labels=labels, notes=tuple(notes))


def _of_kind(kind: str, found: Mapping[tuple[str, str], Sequence[str]], where: str) -> dict[str, str]:
    """The arrays of a kind by part, those without a part for training."""
    result: dict[str, str] = {}
    for part in ("train", "validation", "test"):
        of_part = [*found.get((part, kind), ()), *(found.get(("", kind), ()) if part == "train" else ())]
        if len(of_part) > 1:
            raise problem(
                where,
                expected=f"one array of {kind} for {part}",
                received=listed(map(named, of_part)),
                remedy=f"say which it is with --{kind} NAME (in a grid file @{kind}=NAME)",
            )
        if of_part:
            result[part] = of_part[0]
    return result


def _require_images(roles: Mapping[str, Mapping[str, str]], names: Sequence[str], where: str) -> None:
    images, labels = roles["images"], roles["labels"]
    if "train" not in images:
        raise problem(
            where,
            expected="an array of training images, such as x_train, train_images, images or x (and their "
            "labels, if there are any, such as y_train, train_labels, labels or y)",
            received=listed(map(named, names)) or "no arrays",
            remedy="say which they are with --images NAME (and --labels NAME), or save them under such names",
        )
    without = [name for part, name in images.items() if part not in labels]
    if without and any(part in labels for part in images):
        raise problem(
            where,
            expected="labels for all parts, or for none",
            received=f"{listed(map(named, without))} without, and others with labels",
            remedy="save the missing labels under a name such as "
            f"{listed(f'y_{part}' for part in images if part not in labels)}, or leave such parts out",
        )


def _alone(found: Mapping[tuple[str, str], Sequence[str]]) -> tuple[dict[tuple[str, str], list[str]], str]:
    """A single array that is said to be nothing else: images."""
    names = [*found.get(("", ""), ()), *found.get(("train", ""), ())]
    return ({("train", "images"): names}, f"{named(names[0])} read as images") if names else ({}, "")


def _by_axes(
    unnamed: Sequence[str],
    found: Mapping[tuple[str, str], Sequence[str]],
    shape: Callable[[str], tuple[int, ...]],
) -> tuple[dict[tuple[str, str], list[str]], str]:
    """Unnamed arrays by kind and part, and what was decided: three axes and more are images."""
    shapes = {name: shape(name) for name in unnamed}
    kinds = {
        "images": [name for name, axes in shapes.items() if len(axes) > 2],
        "labels": [name for name, axes in shapes.items() if 0 < len(axes) <= 2],
    }
    images = kinds["images"]
    if len(images) > 3 or len(kinds["labels"]) not in (0, len(images)) or len(set(map(_folder, unnamed))) > 1:
        return {}, ""
    parts = {1: ("train",), 2: ("train", "test"), 3: ("train", "validation", "test")}.get(len(images), ())
    chosen = {
        (part, kind): [name]
        for kind, several in kinds.items()
        for part, name in zip(parts, several, strict=False)
    }
    said = [f"{named(name)} as {kind} for {part}" for (part, kind), (name,) in chosen.items()]
    return chosen, f"arrays without names taken by their axes and order: {listed(said)}" if said else ""


def _words(name: str) -> list[str]:
    """The words of a name in small letters; `xtrain` and `trainX` are two."""
    words: list[str] = []
    for piece in re.split(r"[^A-Za-z0-9]+", name):
        for word in map(str.lower, _WORD.findall(piece)):
            if word[:1] in ("x", "y") and part_of(word[1:]):
                words += [word[0], word[1:]]
            elif word[-1:] in ("x", "y") and part_of(word[:-1]):
                words += [word[:-1], word[-1]]
            else:
                words.append(word)
    return words


def _contains(words: Sequence[str], some: Sequence[str]) -> bool:
    size = len(some)
    return bool(some) and any([*words[k : k + size]] == [*some] for k in range(len(words) - size + 1))


def _order(name: str) -> int:
    match = _UNNAMED.fullmatch(name)
    return int(match[1][:9]) if match else 0


def _folder(name: str) -> str:
    return name.rpartition("/")[0]
