"""A run, packed to be published: what its report reads of the trials, in one file of a few megabytes.

`trials.zip` holds `trials/` and `timings/` of the run without models and without those pictures that the
report does not show. With it, `run.json` and the program, anybody renders the same report again.
"""

import io
import itertools
import json
import zipfile
from collections.abc import Collection, Iterator, Mapping

import numpy as np

from bench import errors
from bench.ask.trial import Unit
from bench.keeping import trial_files
from bench.keeping.feature_network import FeatureNetwork
from bench.keeping.store import PACKED, RunFolder

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same run gives the same bytes


def prepare(target: RunFolder) -> None:
    """Make a folder to publish into: empty, new, or with an earlier publication.

    Raises
    ------
    RunFolderError
        If it holds something else, or cannot be written.
    """
    if target.is_run() and not target.is_packed:
        raise errors.RunFolderError(
            f"{target.path} has a run of its own; expected a new folder, or one that was published before"
        )
    target.create(trials=False)


READ_BY_IMAGE = ("image_mse", "image_latent_accuracy")
"""Arrays with a number for each test image that a report reads."""
OF_SPACE = ("point", "map", "traversal", "components", "layout")
OF_PAIRS = ("kept_",)
OF_ERRORS = ("error_",)
"""How names of arrays begin that only a latent space, a pair of models, or the gallery of errors shows."""


def pack(
    run: RunFolder,
    target: RunFolder,
    whole: Collection[str],
    thinned: Mapping[str, int],
    by_image: Collection[str] = (),
    parts: Mapping[tuple[str, ...], Collection[str]] | None = None,
) -> None:
    """Write the record and the packed trials of a run into another folder.

    Parameters
    ----------
    run
        The run; it stays as it is.
    target
        A folder that `prepare` has taken.
    whole
        Keys of the trials that keep their pictures.
    thinned
        What the others keep: names of arrays, and how many images of each.
    by_image
        Keys of the trials that keep their numbers of each test image, floats of them in half precision.
    parts
        Beginnings of names of arrays to those of `whole` that keep these; all keep what is not named.

    Raises
    ------
    RunFolderError
        If the target cannot be written.
    """
    units = run.units()
    found = zipfile.ZipFile(buffer := io.BytesIO(), "w")
    with found:
        for unit in units:
            known = run.images(unit)
            arrays = _thin(known, None if unit.key in whole else thinned)
            unshown = (begins for begins, keys in (parts or {}).items() if unit.key not in keys)
            left = tuple(itertools.chain.from_iterable(unshown))
            arrays = {name: array for name, array in arrays.items() if not name.startswith(left)}
            if unit.key in by_image:
                arrays |= {name: _halved(known[name]) for name in READ_BY_IMAGE if name in known}
            for name, content in _files(run, unit, arrays):
                found.writestr(_member(f"trials/{unit.key}/{name}"), content)
        for key, times in run.timings().items():
            found.writestr(_member(f"timings/{key}.json"), json.dumps(times))
    record = run.read_run()
    target.write_bytes(PACKED, buffer.getvalue())
    for about in record["datasets"].values():
        if FeatureNetwork.is_whole(features := run.features(about["sha256"])):
            target.write_features(about["sha256"], features)
    target.write_run(record)


def _halved(array: np.ndarray) -> np.ndarray:
    return array.astype(np.float16) if array.dtype.kind == "f" else array


def _files(run: RunFolder, unit: Unit, arrays: Mapping[str, np.ndarray]) -> Iterator[tuple[str, str | bytes]]:
    if result := run.result(unit):
        yield "result.json", json.dumps(result.to_json())
    if history := run.history(unit):
        yield "history.csv", trial_files.history_to_csv(history)
    if arrays:
        yield "images.npz", trial_files.arrays_to_npz(arrays, compressed=False)


def _thin(arrays: dict[str, np.ndarray], thinned: Mapping[str, int] | None) -> dict[str, np.ndarray]:
    if thinned is None:
        return {name: array for name, array in arrays.items() if not name.startswith(trial_files.BY_IMAGE)}
    return {name: arrays[name][:most] for name, most in thinned.items() if name in arrays}


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _EPOCH)
    member.compress_type = zipfile.ZIP_LZMA  # a seventh smaller than what .npz does to its arrays
    return member
