"""A view by its card: what a function, which may be somebody's own, shows of a data set."""

import dataclasses
import functools
from collections.abc import Iterable

import numpy as np

from bench import errors
from bench.cards import ViewCard
from bench.datasets.dataset import Dataset, Split
from bench.datasets.messages import problem
from bench.models import catalogue, plugins

PARTS = ("train", "validation", "test")


@functools.lru_cache(maxsize=4)
def applied(dataset: Dataset, card: ViewCard, value: str | int | float) -> Dataset:
    """What a trial with this value, which is not the default, sees of a data set.

    Returns
    -------
    Dataset
        Images of the shape of those that are given, float32 in [0, 1], with labels of the same classes; in
        each part as many as the function leaves. Its name and `sha256` are those of the data set.

    Raises
    ------
    DataError
        In one line, if the function cannot be called, changes what it is given, or gives something else.
    """
    where = f"view {card.name} = {value}"
    given = _of_parts(dataset, map(_locked, (dataset.train, dataset.validation, dataset.test)))
    try:
        found = catalogue.find(card.code)(given, value)
    except plugins.PluginError as error:
        raise errors.DataError(f"{where}: {error}") from error
    except MemoryError:
        raise
    except (Exception, SystemExit) as error:
        is_change = isinstance(error, ValueError) and "read-only" in str(error)
        raise problem(
            where,
            expected="a data set that is seen, and left as it is" if is_change else "a data set",
            received=errors.one_line(error),
            remedy="work on a copy of the images" if is_change else "correct the plug-in",
        ) from error
    if not isinstance(found, Dataset):
        raise problem(
            where,
            expected="a Dataset",
            received=f"a {type(found).__name__}",
            remedy="return dataclasses.replace(dataset, train=..., validation=..., test=...)",
        )
    seen = (_checked(getattr(found, name), dataset, f"{where}: {name}") for name in PARTS)
    return _of_parts(dataset, seen)


def _of_parts(dataset: Dataset, parts: Iterable[Split]) -> Dataset:
    train, validation, test = parts
    return dataclasses.replace(dataset, train=train, validation=validation, test=test)


def _locked(part: Split) -> Split:
    """The same images and labels, which cannot be written to."""
    images = np.asarray(part.images).view()
    labels = None if part.labels is None else part.labels.view()
    images.flags.writeable = False
    if labels is not None:
        labels.flags.writeable = False
    return Split(images=images, labels=labels)


def _checked(part: object, dataset: Dataset, where: str) -> Split:
    images, labels = getattr(part, "images", None), getattr(part, "labels", None)
    has_labels = dataset.train.labels is not None
    if not isinstance(images, np.ndarray) or not isinstance(labels, np.ndarray if has_labels else type(None)):
        raise problem(
            where,
            expected="a Split of images and labels, two arrays" if has_labels else "a Split of images alone",
            received=f"{type(images).__name__} and {type(labels).__name__}",
            remedy="return part.rows(...), or Split(images=..., labels=...)",
        )
    if images.ndim != 4 or images.shape[1:] != dataset.image_shape or not len(images):
        raise problem(
            where,
            expected=f"at least one image, each of the shape {dataset.image_shape}",
            received=f"shape {images.shape}",
            remedy="keep the shape of images: what is not to be seen is 0",
        )
    if images.dtype != np.float32 or not (images.min() >= 0 and images.max() <= 1):
        raise problem(
            where,
            expected="float32 in 0..1",
            received=f"{images.dtype} from {images.min()} to {images.max()}",
            remedy="clip the images, and give them as images.astype('float32')",
        )
    images = np.ascontiguousarray(images)
    if not isinstance(labels, np.ndarray):
        return Split(images=images)
    return Split(images=images, labels=_checked_labels(labels, len(images), len(dataset.class_names), where))


def _checked_labels(labels: np.ndarray, images: int, count: int, where: str) -> np.ndarray:
    if labels.shape != (images,) or labels.dtype.kind not in "ui":
        raise problem(
            where,
            expected=f"{images} class numbers, one for each image",
            received=f"{labels.dtype} of the shape {labels.shape}",
            remedy="choose images and labels by the same positions",
        )
    if not 0 <= labels.min() <= labels.max() < count:
        raise problem(
            where,
            expected=f"class numbers from 0 to {count - 1}, as those of the data set",
            received=f"{labels.min()} to {labels.max()}",
            remedy="keep the numbers of classes",
        )
    return labels.astype(np.int64)
