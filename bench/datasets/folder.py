"""A user's own images, as files in `train/<class>/` and `test/<class>/`."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.datasets import assembly, splitting
from bench.datasets.dataset import Dataset
from bench.datasets.messages import listed, one_line, problem, shown

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp")

# Pillow's mode -> the mode to read it in. Modes that are not here lose something on the way
# (transparency, 16 bits, inks), and somebody has to decide what.
_MODES = {"1": "L", "L": "L", "P": "RGB", "RGB": "RGB"}


def load(path: Path) -> Dataset:
    """Load a folder of images; a stratified fifth of `train` becomes the validation set.

    Parameters
    ----------
    path : Path
        A folder with `train/<class>/` and `test/<class>/`, the same classes in both, that hold
        `.png`, `.jpg`, `.jpeg` or `.bmp` files of one size, all grey or all colour. Hidden files
        are passed over.

    Returns
    -------
    Dataset
        Named after the folder, its classes after their folders, in alphabetical order; grey images
        have 1 channel, colour images 3 (red, green, blue).

    Raises
    ------
    DataError
        If the folder has another layout, or an image cannot be read or differs from the others.
    """
    try:
        classes = _classes(path)
        train, y_train = _files(path / "train", classes)
        test, y_test = _files(path / "test", classes)
    except OSError as error:
        raise problem(
            shown(path),
            expected="folders that can be read",
            received=one_line(f"{error.strerror} at {shown(Path(error.filename or path))}"),
            remedy="correct the permissions",
        ) from error
    images = read(train + test)
    raw = assembly.RawArrays(
        x_train=images[: len(train)], y_train=y_train, x_test=images[len(train) :], y_test=y_test
    )
    return assembly.assemble(
        raw,
        name=path.resolve().name,
        where=shown(path),
        splitter=splitting.stratified_fifth,
        class_names=classes,
    )


def read(files: Sequence[Path]) -> np.ndarray:
    """Read images that all have the size and colours of the first.

    Parameters
    ----------
    files : sequence of Path
        At least one.

    Returns
    -------
    ndarray of shape (n, height, width) or (n, height, width, 3), uint8

    Raises
    ------
    DataError
        Naming the file that cannot be read or that differs from the first.
    """
    first = _pixels(files[0])
    images = np.empty((len(files), *first.shape), np.uint8)
    for position, file in enumerate(files):
        pixels = _pixels(file)
        if pixels.shape != first.shape:
            raise problem(
                shown(file),
                expected=f"{_described(first)} like {shown(files[0])}",
                received=_described(pixels),
                remedy="bring all images to one size, and all to grey or all to colour",
            )
        images[position] = pixels
    return images


def _classes(path: Path) -> list[str]:
    parts = {name: _visible_folders(path / name) for name in ("train", "test")}
    for name, classes in parts.items():
        if not classes:
            raise problem(
                shown(path),
                expected="images in train/<class>/ and test/<class>/",
                received=f"no class folder in {name}/",
                remedy="make a folder for each class, in train/ and in test/",
            )
    if parts["train"] != parts["test"]:
        raise problem(
            shown(path),
            expected=f"the classes of train/ in test/ as well: {listed(map(repr, parts['train']))}",
            received=listed(map(repr, parts["test"])),
            remedy="make the class folders of train/ and test/ the same",
        )
    return parts["train"]


def _visible_folders(path: Path) -> list[str]:
    if not path.is_dir():
        return []
    return sorted(entry.name for entry in path.iterdir() if entry.is_dir() and not _hidden(entry))


def _files(part: Path, classes: Sequence[str]) -> tuple[list[Path], np.ndarray]:
    files: list[Path] = []
    labels: list[int] = []
    for label, name in enumerate(classes):
        found = _images_in(part / name)
        files += found
        labels += [label] * len(found)
    return files, np.array(labels, np.int64)


def _images_in(folder: Path) -> list[Path]:
    files = sorted(entry for entry in folder.iterdir() if not _hidden(entry))
    # A file passed over in silence could be half of somebody's images, in a format not taken here.
    others = [file.name for file in files if file.suffix.lower() not in SUFFIXES]
    if others or not files:
        raise problem(
            shown(folder),
            expected=f"images ({listed(SUFFIXES)}) and nothing else",
            received=listed(map(repr, others), limit=3) or "no file",
            remedy="convert the images to .png, and move other files and folders away",
        )
    return files


def _pixels(file: Path) -> np.ndarray:
    """Return an image as uint8, of shape (height, width) if grey, (height, width, 3) if colour."""
    import PIL.Image  # here: the registry has to be light

    try:
        with PIL.Image.open(file) as image:
            mode = image.mode
            if mode in _MODES:
                return np.asarray(image.convert(_MODES[mode]))
    except Exception as error:  # a damaged file makes Pillow raise nearly anything
        raise problem(
            shown(file),
            expected="an image that Pillow can read",
            received=one_line(f"{type(error).__name__}: {getattr(error, 'strerror', None) or error}"),
            remedy="replace the file or remove it",
        ) from error
    raise problem(
        shown(file),
        expected="8-bit grey or RGB colour",
        received=f"Pillow mode {mode!r}",
        remedy="convert the images to 8-bit grey or to RGB without transparency",
    )


def _hidden(path: Path) -> bool:
    return path.name.startswith(".")


def _described(pixels: np.ndarray) -> str:
    height, width = pixels.shape[:2]
    return f"{height}x{width} (height x width) {'grey' if pixels.ndim == 2 else 'colour'}"
