"""Which files of a folder are the images of which class and part; none of them is opened.

| layout | read as |
|---|---|
| `train/<class>/`, `test/<class>/`, perhaps `val/<class>/` | parts and classes |
| `<class>/train/`, `<class>/test/` | the same |
| `train/<class>/` alone, or `<class>/` | classes; test images are split off |
| `train/`, `test/` with images, or images alone | images without labels |

`test/` may have classes that `train/` lacks, as pictures of what is odd.
Parts may be called as `roles.PART_WORDS` says, in small or capital letters.
"""

import contextlib
import dataclasses
import errno
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from bench import foreign
from bench.datasets.messages import listed, named, one_line, problem, shown
from bench.datasets.sources import formats, roles

SUFFIXES = tuple(".png .jpg .jpeg .bmp .webp .tif .tiff .gif .jfif .pgm .ppm".split())
PARTS = tuple(roles.PART_WORDS)
_LEFT_BEHIND = ("thumbs.db", "desktop.ini", "__macosx", "@eadir", "icon\r", "$recycle.bin")
_REMEDIES = {
    errno.EACCES: "correct the permissions",
    errno.EPERM: "correct the permissions",
    errno.ELOOP: "remove this link, which leads back to itself",
}
_OTHER_IMAGES = (".heic", ".heif", ".avif", ".jp2", ".jxl", ".svg", ".dcm", ".nii")
_KNOWN = "images in train/<class>/ and test/<class>/, in <class>/, or in <class>/train/ and <class>/test/"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Listing:
    """The files of a folder, none of them opened.

    Attributes
    ----------
    classes : tuple of str
        As their folders are named: what opens files; empty where there are no labels.
    files : mapping of str to tuple of Path
        By part, in the order of `PARTS`.
    labels : mapping of str to ndarray of shape (n,), int64
        The position of each file's class; empty where there are no labels.
    aside : tuple of str
        Folders beside those of the parts, which are not looked into.
    """

    classes: tuple[str, ...]
    files: Mapping[str, tuple[Path, ...]]
    labels: Mapping[str, np.ndarray]
    aside: tuple[str, ...] = ()

    @property
    def class_names(self) -> tuple[str, ...]:
        """The classes as they are shown."""
        return distinct([foreign.visible(name) for name in self.classes])

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left aside, in words."""
        return (f"left aside: {listed(map(named, self.aside))}",) if self.aside else ()


def holds_arrays(path: Path) -> bool:
    """Whether a folder has files of arrays, and neither folders nor pictures."""
    with readable(path):
        if _folders(path):
            return False
        names = [entry.name for entry in path.iterdir() if _counts(entry.name)]
    pictures = [name for name in names if _suffix(name) in SUFFIXES]
    arrays = [name for name in names if formats.opener(name)]
    if pictures and arrays:
        raise problem(
            shown(path),
            expected="pictures, or files of arrays",
            received=f"both: {named(pictures[0])} and {named(arrays[0])}",
            remedy="move one of both kinds elsewhere",
        )
    return bool(arrays)


def listing(path: Path) -> Listing:
    """Return the files of a folder by part and class.

    Raises
    ------
    DataError
        If the folder has another layout or cannot be read, or holds something that is no image.
    """
    with readable(path):
        places = _places(path)
        if not places:
            files = tuple(_images_in(path, is_whole=True))
            return Listing(classes=(), files={"train": files}, labels={})
        used = {place.relative_to(path).parts[0] for of_part in places.values() for place in of_part.values()}
        aside = tuple(name for name in _folders(path) if name not in used)
        classes = {part: sorted(of_part) for part, of_part in places.items()}
        if all(names == [""] for names in classes.values()):
            alone = {part: tuple(_images_in(of[""])) for part, of in places.items()}
            return Listing(classes=(), files=alone, labels={}, aside=aside)
        _require_same(classes, path)
        novel = [name for name in classes.get("test", ()) if name not in classes["train"]]
        every = (*classes["train"], *novel)
        found = {
            part: [_images_in(of[name]) if name in of else [] for name in every]
            for part, of in places.items()
        }
    return Listing(
        classes=every,
        files={part: tuple(file for several in of for file in several) for part, of in found.items()},
        labels={
            part: np.repeat(np.arange(len(of), dtype=np.int64), [*map(len, of)]) for part, of in found.items()
        },
        aside=aside,
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
def readable(path: Path) -> Iterator[None]:
    """Inside, folders are read: what cannot be is one error."""
    try:
        yield
    except OSError as error:
        raise problem(
            shown(path),
            expected="folders that can be read",
            received=one_line(f"{error.strerror} at {shown(Path(error.filename or path))}"),
            remedy=_REMEDIES.get(error.errno or 0, "see to it that this can be read, or remove it"),
        ) from error


def _places(path: Path) -> dict[str, dict[str, Path]]:
    """The folder of each class of each part, under no name where a part has no classes; none if flat."""
    folders = _folders(path)
    parts = _parts(path, folders)
    if "train" in parts or (parts and len(parts) == len(folders)):
        if "train" not in parts:
            raise _unknown(path, f"no folder for training beside {listed(map(named, parts.values()))}")
        return {part: _classes(path / parts[part], path) for part in PARTS if part in parts}
    inside = {name: _parts(path / name, _folders(path / name)) for name in folders}
    if folders and all("train" in found for found in inside.values()):
        return _by_class_and_part(path, inside)
    if parts:
        raise _unknown(
            path, f"{named(next(iter(parts.values())))} beside folders of other names, and no train"
        )
    if folders and _has_images(path):
        raise _unknown(path, f"images beside the folders {listed(map(named, folders))}")
    return {"train": {name: path / name for name in folders}} if folders else {}


def _classes(folder: Path, path: Path) -> dict[str, Path]:
    """The class folders of a part, or the part itself under no name."""
    names, has_images = _folders(folder), _has_images(folder)
    if names and has_images:
        raise _unknown(path, f"images beside the folders {listed(map(named, names))} in {named(folder.name)}")
    if not names and not has_images:
        raise problem(
            shown(path),
            expected=_KNOWN,
            received=f"no class folder in {folder.name}/, and in the folder itself {_contents(path)}",
            remedy=f"make a folder for each class in {folder.name}/, with some images of it",
        )
    return {name: folder / name for name in names} or {"": folder}


def _by_class_and_part(path: Path, inside: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, Path]]:
    if len(inside) == 1 and any(_folders(path / name / "train") for name in inside):
        (name,) = inside
        raise _unknown(
            path,
            f"a folder {named(name)} alone, with the parts in it",
            f"name the folder inside, {shown(path / name)}",
        )
    wanted = {part for found in inside.values() for part in found}
    for name, found in inside.items():
        if found.keys() != wanted:
            raise problem(
                shown(path / name),
                expected=f"the parts that other classes have: {listed(sorted(wanted))}",
                received=listed(sorted(found)),
                remedy="put the same parts into the folder of each class",
            )
    return {
        part: {name: path / name / found[part] for name, found in inside.items()}
        for part in PARTS
        if part in wanted
    }


def _parts(path: Path, folders: Sequence[str]) -> dict[str, str]:
    """Which folder is which part."""
    found: dict[str, str] = {}
    for name in folders:
        if part := roles.part_of(name):
            if part in found:
                raise problem(
                    shown(path),
                    expected=f"one folder for {part}",
                    received=listed(map(named, (found[part], name))),
                    remedy="rename or move one of them",
                )
            found[part] = name
    return found


def _require_same(classes: Mapping[str, Sequence[str]], path: Path) -> None:
    for part, names in classes.items():
        may_have_more = part == "test" and "" not in names and set(names) >= set(classes["train"])
        if names != classes["train"] and not may_have_more:
            raise problem(
                shown(path),
                expected=f"the classes of train/ in {part}/ as well: {listed(map(named, classes['train']))}",
                received=listed(map(named, filter(None, names))) or "images without classes",
                remedy=f"make the class folders of train/ and {part}/ the same",
            )


def _unknown(path: Path, received: str, remedy: str = "") -> Exception:
    return problem(
        shown(path),
        expected=_KNOWN,
        received=received,
        remedy=remedy or "bring the folders into one of these layouts",
    )


def _contents(path: Path) -> str:
    entries = sorted(entry.name for entry in path.iterdir() if _counts(entry.name))
    return listed(map(named, entries), limit=4) or "nothing"


def _folders(path: Path) -> list[str]:
    if not path.is_dir():
        return []
    with os.scandir(path) as entries:
        return sorted(entry.name for entry in entries if entry.is_dir() and _counts(entry.name))


def _has_images(folder: Path) -> bool:
    with os.scandir(folder) as entries:
        return any(_suffix(entry.name) in SUFFIXES and _counts(entry.name) for entry in entries)


def _images_in(folder: Path, *, is_whole: bool = False) -> list[Path]:
    with os.scandir(folder) as entries:
        files = {entry.name: entry.is_file() for entry in entries if _counts(entry.name)}
    # A file passed over in silence could be half of somebody's images, in a format not taken here.
    others = [name for name in sorted(files) if not (files[name] and _suffix(name) in SUFFIXES)]
    if not files and is_whole:
        raise _unknown(folder, "no class folder in train/, and in the folder itself nothing")
    if others or not files:
        raise problem(
            shown(folder),
            expected=f"images ({listed(SUFFIXES, limit=len(SUFFIXES))}) and nothing else",
            received=listed(map(named, others), limit=3) or "no file",
            remedy=_remedy_of_files(others),
        )
    return [folder / name for name in sorted(files)]


def _remedy_of_files(others: Sequence[str]) -> str:
    if not others:
        return "put images of this class there, or remove its folder in all parts"
    if all(_suffix(name) in _OTHER_IMAGES for name in others):
        return "convert these images to .png"
    return "remove these, or move them out of the class folder"


def _suffix(name: str) -> str:
    return os.path.splitext(name)[1].lower()


def _counts(name: str) -> bool:
    """Whether it is neither hidden nor something that a file manager has left."""
    return not name.startswith(".") and name.lower() not in _LEFT_BEHIND
