"""Which files of a folder are the images of which class; none of them is opened."""

import contextlib
import dataclasses
import errno
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from bench import foreign
from bench.datasets.messages import listed, named, one_line, problem, shown
from bench.datasets.reading import Reading

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp")
_REMEDIES = {
    errno.EACCES: "correct the permissions",
    errno.EPERM: "correct the permissions",
    errno.ELOOP: "remove this link, which leads back to itself",
}
_OTHER_IMAGES = (".webp", ".tif", ".tiff", ".gif", ".heic", ".avif", ".jp2", ".ppm", ".pgm", ".jfif")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Listing:
    """The files of a folder, none of them opened.

    Attributes
    ----------
    classes : tuple of str
        As their folders are named: what opens files.
    train, test : tuple of Path
    y_train, y_test : ndarray of shape (n,), int64
        The position of each file's class.
    """

    classes: tuple[str, ...]
    train: tuple[Path, ...]
    test: tuple[Path, ...]
    y_train: np.ndarray
    y_test: np.ndarray

    @property
    def class_names(self) -> tuple[str, ...]:
        """The classes as they are shown."""
        return distinct([foreign.visible(name) for name in self.classes])


def listing(path: Path, reading: Reading) -> Listing:
    """Return the files of `path/train/<class>/` and `path/test/<class>/`.

    Raises
    ------
    DataError
        If the folder has another layout or cannot be read, or holds something that is no image.
    """
    if reading.channels:
        raise problem(
            shown(path),
            expected="a .npz file, where --channels is said",
            received="a folder, whose files say themselves where their channels are",
            remedy="leave out what is said of the channels",
        )
    with _readable(path):
        classes = _classes(path)
        train, y_train = _files(path / "train", classes)
        test, y_test = _files(path / "test", classes)
    return Listing(
        classes=tuple(classes), train=tuple(train), test=tuple(test), y_train=y_train, y_test=y_test
    )


def distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names with a number behind those that an earlier one has, too.

    Examples
    --------
    >>> distinct(["cat", "dog", "cat"])
    ('cat', 'dog', 'cat (2)')
    """
    found: list[str] = []
    for name in names:
        each, number = name, 2
        while each in found or (each != name and each in names):
            each, number = f"{name} ({number})", number + 1
        found.append(each)
    return tuple(found)


@contextlib.contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise problem(
            shown(path),
            expected="folders that can be read",
            received=one_line(f"{error.strerror} at {shown(Path(error.filename or path))}"),
            remedy=_REMEDIES.get(error.errno or 0, "see to it that this can be read, or remove it"),
        ) from error


def _classes(path: Path) -> list[str]:
    parts = {name: _visible_folders(path / name) for name in ("train", "test")}
    for name, classes in parts.items():
        if not classes:
            raise problem(
                shown(path),
                expected="images in train/<class>/ and test/<class>/",
                received=f"no class folder in {name}/, and in the folder itself {_contents(path)}",
                remedy=_remedy(path, name),
            )
    if parts["train"] != parts["test"]:
        raise problem(
            shown(path),
            expected=f"the classes of train/ in test/ as well: {listed(map(named, parts['train']))}",
            received=listed(map(named, parts["test"])),
            remedy="make the class folders of train/ and test/ the same",
        )
    return parts["train"]


def _contents(path: Path) -> str:
    entries = sorted(entry.name for entry in path.iterdir() if not _hidden(entry.name))
    return listed(map(named, entries), limit=4) or "nothing"


def _remedy(path: Path, part: str) -> str:
    """What can be done about a part without classes, by what is there instead."""
    folders = _visible_folders(path)
    if part in (new_names := _new_names(folders)):
        renamed = " and ".join(f"{named(old)} to {new}" for new, old in new_names.items())
        return f"rename {renamed}"
    if "train" in folders or "test" in folders:
        return f"make a folder for each class in {part}/, with some images of it"
    if folders:
        return "move the class folders into train/, and some images of each class into folders of test/"
    return "sort the images into a folder for each class, in train/ and in test/"


def _new_names(folders: Sequence[str]) -> dict[str, str]:
    """Which folder is to be train, and which test: `Train` or `training` where there is no train."""
    found = {
        new: [old for old in folders if old.lower() in (new, f"{new}ing")]
        for new in ("train", "test")
        if new not in folders
    }
    return {new: old[0] for new, old in found.items() if len(old) == 1}


def _visible_folders(path: Path) -> list[str]:
    if not path.is_dir():
        return []
    with os.scandir(path) as entries:
        return sorted(entry.name for entry in entries if entry.is_dir() and not _hidden(entry.name))


def _files(part: Path, classes: Sequence[str]) -> tuple[list[Path], np.ndarray]:
    files: list[Path] = []
    labels: list[int] = []
    for label, name in enumerate(classes):
        found = _images_in(part / name)
        files += found
        labels += [label] * len(found)
    return files, np.array(labels, np.int64)


def _images_in(folder: Path) -> list[Path]:
    with os.scandir(folder) as entries:
        files = {entry.name: entry.is_file() for entry in entries if not _hidden(entry.name)}
    # A file passed over in silence could be half of somebody's images, in a format not taken here.
    others = [name for name in sorted(files) if not (files[name] and _suffix(name) in SUFFIXES)]
    if others or not files:
        raise problem(
            shown(folder),
            expected=f"images ({listed(SUFFIXES)}) and nothing else",
            received=listed(map(named, others), limit=3) or "no file",
            remedy=_remedy_of_files(others),
        )
    return [folder / name for name in sorted(files)]


def _remedy_of_files(others: Sequence[str]) -> str:
    if not others:
        return "put images of this class there, or remove its folder in train/ and in test/"
    if all(_suffix(name) in _OTHER_IMAGES for name in others):
        return "convert these images to .png"
    return "remove these, or move them out of the class folder"


def _suffix(name: str) -> str:
    return os.path.splitext(name)[1].lower()


def _hidden(name: str) -> bool:
    return name.startswith(".")
