"""The four arrays of a `.npz` file as Keras keeps one in its cache."""

from pathlib import Path

from bench.datasets import assembly
from bench.datasets.messages import listed, named, problem, shown
from bench.datasets.sources import archive

ARRAYS = ("x_train", "y_train", "x_test", "y_test")


def read(path: Path) -> assembly.RawArrays:
    """Read the four arrays of a file that Keras keeps, unchecked.

    Raises
    ------
    DataError
        For a file that is missing, damaged or no `.npz`, that lacks an array, or that holds pickled
        objects (which can run code when they are opened, and are never opened here).
    """
    with archive.opened(path) as content:
        if missing := [name for name in ARRAYS if name not in content.names]:
            raise problem(
                shown(path),
                expected=f"the arrays {listed(ARRAYS)}",
                received=f"{listed(map(named, content.names)) or 'none'}, without {listed(missing)}",
                remedy="take the file as it was published",
            )
        return assembly.RawArrays(**{name: content.array(name) for name in ARRAYS})
