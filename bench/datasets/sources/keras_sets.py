"""Fashion-MNIST, MNIST and CIFAR-10, through `keras.datasets` and its cache.

Keras reads `KERAS_BACKEND` and `KERAS_HOME` when it is first imported; whoever calls `load`
has set them by then.
"""

import contextlib
import functools
import gzip
import hashlib
import importlib
import os
import struct
import sys
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import filelock
import numpy as np

from bench import errors
from bench.datasets import assembly, splitting
from bench.datasets.dataset import Dataset, Source
from bench.datasets.messages import listed, one_line, problem, shown
from bench.datasets.sources import npz, published
from bench.datasets.sources.published import KerasSet

LOCK_SECONDS = 1800


# MD5 finds damage here, and says nothing about security: where a policy bans it, this flag still lets it in.
_md5 = functools.partial(hashlib.md5, usedforsecurity=False)


def load(keras_set: KerasSet) -> Dataset:
    """Load a data set from Keras's cache, or let Keras download it.

    Parameters
    ----------
    keras_set : KerasSet

    Returns
    -------
    Dataset
        The official test set; the last 10,000 training images for validation.

    Raises
    ------
    DataError
        If it can neither be found nor downloaded, or is not what was published.
    """
    raw = _of_cache(keras_set) or _fetch(keras_set)
    given = (raw.x_train, raw.y_train, raw.x_test, raw.y_test)
    arrays = [array for array in given if array is not None]
    for (file, md5), array in zip(keras_set.md5.items(), arrays, strict=False):
        _require_published(_cache_folder(keras_set) / file, md5, received=idx_md5(array))
    return assembly.assemble(
        raw.parts(),
        name=keras_set.name,
        where=f"data set {keras_set.name!r}",
        splitter=splitting.last_ten_thousand,
        class_names=keras_set.class_names,
    )


def missing(keras_set: KerasSet) -> str:
    """Name the files that Keras does not have yet and where it looks; empty if it has them all."""
    folder = _cache_folder(keras_set)
    absent = [file for file in keras_set.files if not (folder / file).exists()]
    return f"{listed(absent)} in {shown(folder)}" if absent else ""


def damaged(keras_set: KerasSet) -> str:
    """Name the files that are there and not whole, as after a download that was broken off; empty if none."""
    folder = _cache_folder(keras_set)
    there = [file for file in keras_set.files if (folder / file).is_file()]
    broken = [file for file in there if not _is_whole(folder / file, keras_set.md5.get(file, ""))]
    return f"{listed(broken)} in {shown(folder)}" if broken else ""


def idx_md5(array: np.ndarray) -> str:
    """Return the MD5 of the IDX file that holds an array.

    The header is 0x0800 (unsigned bytes) plus the number of axes, then the length of each axis,
    all big-endian 32-bit integers; http://yann.lecun.com/exdb/mnist describes it.

    Parameters
    ----------
    array : ndarray of any shape, uint8

    Returns
    -------
    str
        32 hexadecimal digits.
    """
    header = struct.pack(f">{1 + array.ndim}I", 0x0800 + array.ndim, *array.shape)
    digest = _md5(header)
    digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _of_cache(keras_set: KerasSet) -> assembly.RawArrays | None:
    """The arrays of an `.npz` file in the cache, which have to be those that were published."""
    path = _cache_folder(keras_set) / keras_set.files[0]
    if not keras_set.contents or not path.exists():
        return None
    try:
        raw = npz.read(path)
    except errors.DataError as error:
        _require_published(path, keras_set.contents[0], received=f"a damaged file ({one_line(error)})")
        raise
    for md5, name in zip(keras_set.contents, npz.ARRAYS, strict=True):
        array = getattr(raw, name)
        received = idx_md5(array) if array.dtype == np.uint8 else f"numbers of type {array.dtype}"
        _require_published(path, md5, received=f"{received} ({name})" if received != md5 else md5)
    return raw


def _fetch(keras_set: KerasSet) -> assembly.RawArrays:
    # Keras reports downloads on standard output, which is for results here.
    with contextlib.redirect_stdout(sys.stderr):
        import keras

        module = importlib.import_module(f"keras.datasets.{keras_set.name}")
        try:
            with _one_at_a_time(_cache_folder(keras_set)):
                (x_train, y_train), (x_test, y_test) = module.load_data()
        except Exception as error:  # Keras raises plain Exception without a network
            _require_undamaged(keras_set)
            raise _unavailable(keras_set, error) from error
    # A keras.json may ask for channels first, and CIFAR-10 follows it.
    if x_train.ndim == 4 and keras.config.image_data_format() == "channels_first":
        x_train, x_test = np.moveaxis(x_train, 1, -1), np.moveaxis(x_test, 1, -1)
    return assembly.RawArrays(x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)


@contextlib.contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Keras downloads to the final name, and extracts CIFAR-10 each time: others would read half of it.

    Where no lock can be had, as in a read-only cache, or is held for longer than a download takes (where a
    file stands for locks, a killed process leaves it), it goes without: what is there already can be read,
    and a download is no worse off than Keras leaves it.
    """
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError, NotImplementedError):  # filelock.Timeout is an OSError
            folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(filelock.FileLock(folder / ".autoencoder-bench.lock", timeout=LOCK_SECONDS))
        yield


def _require_undamaged(keras_set: KerasSet) -> None:
    """Name the file that Keras stumbled over: an interrupted download stays in the cache."""
    for file, md5 in keras_set.md5.items():
        path = _cache_folder(keras_set) / file
        if path.exists():
            _require_published(path, md5, received=_content_md5(path))


def _content_md5(path: Path) -> str:
    try:
        with gzip.open(path) as content:
            return hashlib.file_digest(content, _md5).hexdigest()
    except (OSError, EOFError, zlib.error) as error:
        return f"a damaged file ({one_line(error)})"


def _is_whole(path: Path, md5: str) -> bool:
    """Whether a file has the published contents; without any, whether it is an archive to its end."""
    if md5:
        return _content_md5(path) == md5
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                return archive.testzip() is None
        with tarfile.open(path) as archive:
            return bool(archive.getnames())
    except (OSError, EOFError, zlib.error, tarfile.TarError, zipfile.BadZipFile):
        return False


def _require_published(path: Path, md5: str, received: str) -> None:
    if received != md5:
        raise problem(
            shown(path),
            expected=f"contents with the published MD5 {md5}",
            received=received,
            remedy="delete this file so that Keras downloads it again",
        )


def _unavailable(keras_set: KerasSet, error: Exception) -> Exception:
    folder = _cache_folder(keras_set)
    present = [file for file in keras_set.files if (folder / file).exists()]
    found = f"only {listed(present)}" if present else "none"
    return problem(
        f"data set {keras_set.name!r}",
        expected=f"{listed(keras_set.files)} in {shown(folder)}, or a network to download from",
        received=f"{found} there, and from Keras: {one_line(error)}",
        remedy=f"put the files there (or set KERAS_HOME to a writable folder with {keras_set.folder}/), "
        "or work offline: `python -m bench run` for the quick grid, or add `--dataset digits`",
    )


def _cache_folder(keras_set: KerasSet) -> Path:
    """Where Keras looks for a set."""
    return cache_folder(keras_set.folder)


def cache_folder(folder: str = "datasets") -> Path:
    """A folder of Keras's cache: one that it cannot write to, it passes over for a temporary one."""
    home = os.path.expanduser(os.environ.get("KERAS_HOME", "~/.keras"))
    if not os.access(home, os.W_OK):
        home = "/tmp/.keras" if os.path.isdir("/tmp") else os.path.join(tempfile.gettempdir(), ".keras")
    return Path(home) / folder


FASHION_MNIST = Source(
    name="fashion_mnist",
    summary="70,000 pictures of clothes, 28x28 grey, 10 classes; Keras downloads 30 MB once",
    train_images=50_000,
    image_shape=(28, 28, 1),
    missing=functools.partial(missing, published.FASHION_MNIST),
    damaged=functools.partial(damaged, published.FASHION_MNIST),
    load=functools.partial(load, published.FASHION_MNIST),
)
MNIST = Source(
    name="mnist",
    summary="70,000 handwritten digits, 28x28 grey, 10 classes; Keras downloads 11 MB once",
    train_images=50_000,
    image_shape=(28, 28, 1),
    missing=functools.partial(missing, published.MNIST),
    damaged=functools.partial(damaged, published.MNIST),
    load=functools.partial(load, published.MNIST),
)
CIFAR10 = Source(
    name="cifar10",
    summary="60,000 photographs, 32x32 colour, 10 classes; Keras downloads 163 MB once",
    train_images=40_000,
    image_shape=(32, 32, 3),
    missing=functools.partial(missing, published.CIFAR10),
    damaged=functools.partial(damaged, published.CIFAR10),
    load=functools.partial(load, published.CIFAR10),
)
