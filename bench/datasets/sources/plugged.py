"""A data set of a plug-in: arrays that a function of somebody's own gives, each time the same."""

import traceback
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from bench import errors
from bench.cards import SourceCard
from bench.datasets import assembly, splitting
from bench.datasets.dataset import Dataset
from bench.datasets.messages import listed, named, problem
from bench.datasets.reading import UNSAID, Reading
from bench.models import catalogue, plugins

ARRAYS = ("x_train", "y_train", "x_test", "y_test")
Names = tuple[str, ...] | None


def load(card: SourceCard, reading: Reading = UNSAID) -> Dataset:
    """Load a data set twice, since each worker loads its own, and all have to see the same images.

    Parameters
    ----------
    reading : Reading
        What the user says of the pixels.

    Returns
    -------
    Dataset
        Named as on the card; a stratified fifth of its training images is its validation set.

    Raises
    ------
    DataError
        In one line, if the function cannot be called, gives something else than images and labels, other
        sizes than on the card, or other images at the second time.
    """
    raw, names = call(card)
    dataset = assembled(card, raw, names, reading)
    del raw  # of a large one there is one at a time
    again, names_again = call(card)
    sha256 = assembly.fingerprint(*_values(again), reading=reading)
    if (sha256, names_again) != (dataset.sha256, names):
        both = f"SHA-256 {dataset.sha256[:12]}, then {sha256[:12]}"
        raise problem(
            _where(card),
            expected="the same images, labels and names each time it is loaded",
            received=f"others at the second time ({both if sha256 != dataset.sha256 else 'other names'})",
            remedy=f"draw from a generator with a seed of its own in {_code(card)}, and sort what is listed",
        )
    return dataset


def assembled(card: SourceCard, raw: assembly.RawArrays, names: Names, reading: Reading = UNSAID) -> Dataset:
    """What one call has given, checked, scaled and split; raises as `load`."""
    where = _where(card)
    dataset = assembly.assemble(
        raw.parts(),
        name=card.name,
        where=where,
        splitter=splitting.stratified_fifth,
        class_names=_checked_names(names, raw, where),
        reading=reading,
    )
    expected, received = (card.train_images, *card.image_shape), (len(raw.x_train), *dataset.image_shape)
    if received != expected:
        raise problem(
            where,
            expected=f"{expected[0]:,} training images of the shape {expected[1:]}, as on its card",
            received=f"{received[0]:,} of the shape {received[1:]}",
            remedy=f"write train_images={received[0]}, image_shape={received[1:]} on the card",
        )
    return dataset


def call(card: SourceCard) -> tuple[assembly.RawArrays, Names]:
    """What the function gives, with the types that it should have; nothing else about it is certain.

    Raises
    ------
    DataError
        If it raises, or gives something else.
    """
    where, function = _where(card), _function(card)
    try:
        given = function()
    except MemoryError:
        raise
    except (Exception, SystemExit) as error:
        raise problem(
            where,
            expected=f"images from its function {_code(card)}",
            received=f"{errors.one_line(error)}{_line(error, card)}",
            remedy="correct the plug-in",
        ) from error
    if not isinstance(given, tuple | list) or len(given) not in (4, 5):
        size = f" of {len(given)}" if isinstance(given, tuple | list) else ""
        raise problem(
            where,
            expected=f"{_code(card)} to return {listed(ARRAYS)}, and class names if there are any",
            received=f"a {type(given).__name__}{size}",
            remedy=f"return {listed(ARRAYS)}, four NumPy arrays",
        )
    arrays = dict(zip(ARRAYS, given[:4], strict=True))
    is_labelled = not (arrays["y_train"] is None and arrays["y_test"] is None)
    for name, array in arrays.items():
        if not isinstance(array, np.ndarray) and (is_labelled or name.startswith("x")):
            raise problem(
                f"{where}: {name}",
                expected="a NumPy array" + (", or None in place of all labels" if array is None else ""),
                received=f"a {type(array).__name__}",
                remedy=f"return numpy.asarray({name})",
            )
    raw = assembly.RawArrays(
        x_train=np.asarray(arrays["x_train"]),
        y_train=np.asarray(arrays["y_train"]) if is_labelled else None,
        x_test=np.asarray(arrays["x_test"]),
        y_test=np.asarray(arrays["y_test"]) if is_labelled else None,
    )
    return raw, _names(given[4], where) if len(given) == 5 else None


def _names(given: Any, where: str) -> Names:
    is_list = isinstance(given, tuple | list) and all(isinstance(each, str) and each for each in given)
    if not is_list or len(set(given)) < len(given):
        raise problem(
            f"{where}: class names",
            expected="a tuple of different names, that of class k at position k",
            received=f"{given!r:.80}",
            remedy="return such a tuple behind the arrays, or none",
        )
    return tuple(given)


def _checked_names(names: Names, raw: assembly.RawArrays, where: str) -> Sequence[str] | None:
    """The names, if each label has one; labels of another dtype are refused afterwards."""
    for part, labels in (("y_train", raw.y_train), ("y_test", raw.y_test)):
        if names is None or labels is None or labels.dtype.kind not in "ui" or not labels.size:
            continue
        if labels.min() < 0 or labels.max() >= len(names):
            raise problem(
                f"{where}: {part}",
                expected=f"labels from 0 to {len(names) - 1}, as there are {len(names)} class names",
                received=f"labels from {labels.min()} to {labels.max()}",
                remedy="number the classes from 0, or return a name for each",
            )
    return names


def _values(raw: assembly.RawArrays) -> list[np.ndarray]:
    """The arrays; those that hold objects, which have no bytes of their own, as texts."""
    found = [array for name in ARRAYS if (array := getattr(raw, name)) is not None]
    return [array.astype(str) if array.dtype.hasobject else array for array in found]


def _function(card: SourceCard) -> Callable[[], Any]:
    try:
        found = catalogue.find(card.code)
    except plugins.PluginError as error:
        raise errors.DataError(f"{_where(card)}: {error}") from error
    if not callable(found):
        raise problem(
            _where(card),
            expected=f"a function {_code(card)}",
            received=f"a {type(found).__name__}",
            remedy="name the function in code",
        )
    return found


def _line(error: BaseException, card: SourceCard) -> str:
    """` (line 12)`: the innermost of the plug-in in which it was raised."""
    file = plugins.known[card.plugin[:12]].name
    lines = [each.lineno for each in traceback.extract_tb(error.__traceback__) if each.filename == file]
    return f" (line {lines[-1]})" if lines else ""


def _where(card: SourceCard) -> str:
    return f"data set {named(card.name)}"


def _code(card: SourceCard) -> str:
    return card.code.rpartition(":")[2]
