"""Which files hold arrays, by the ends of their names, and how each is opened."""

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bench.datasets.messages import listed, problem, shown
from bench.datasets.reading import Reading
from bench.datasets.sources import archive, flat, hdf5, mat, table_of_pixels
from bench.datasets.sources.stored import Several, Store

Opener = Callable[[Path, Reading], contextlib.AbstractContextManager[Store]]


def _npz(path: Path, reading: Reading) -> contextlib.AbstractContextManager[Store]:
    return archive.opened(path)


_OPENERS: Mapping[str, Opener] = {
    r"\.npz": _npz,
    r"\.npy": flat.npy,
    r"\.(h5|hdf5)": hdf5.opened,
    r"\.mat": mat.opened,
    r"\.csv": table_of_pixels.opened,
    r"([-.]idx[1-4]-ubyte|\.idx[1-4]?|-ubyte)(\.gz)?": flat.idx,
}
ENDINGS = (".npz", ".npy", ".h5", ".hdf5", ".mat", ".csv", "-ubyte", "-ubyte.gz")
"""As they are told."""
MOST_FILES = 16  # of one data set


def opener(name: str) -> Opener | None:
    """Return what opens a file of this name; None if nothing does."""
    found = (way for end, way in _OPENERS.items() if re.search(f"{end}$", name, re.IGNORECASE))
    return next(found, None)


@contextlib.contextmanager
def opened(path: Path, reading: Reading) -> Iterator[Store]:
    """A file of arrays, or a folder of such files, open to be read; raises `DataError`."""
    if not path.is_dir():
        way = opener(path.name)
        if way is None:
            raise problem(
                shown(path),
                expected=f"a file that ends in {listed(ENDINGS)}",
                received="another",
                remedy="save the arrays with numpy.savez_compressed",
            )
        with way(path, reading) as store:
            yield store
        return
    entries = (one for one in path.iterdir() if not one.name.startswith(".") and opener(one.name))
    files = sorted(one for one in entries if one.is_file())
    if len(files) > MOST_FILES:
        raise problem(
            shown(path),
            expected=f"a data set in {MOST_FILES} files at most",
            received=f"{len(files):,}, as {listed(repr(one.name) for one in files[:3])}",
            remedy="put its images and labels into one file, with numpy.savez_compressed",
        )
    with contextlib.ExitStack() as stack:
        yield Several({one.name: stack.enter_context(opened(one, reading)) for one in files})
