"""The networks of a model as files: Keras, ONNX, PyTorch; each is loaded again and compared with its network.

All are written by a process whose Keras runs on torch: a `.keras` file has no backend, and one exported
program of torch is saved as it is, and translated to ONNX.
"""

import contextlib
import dataclasses
import functools
import importlib.util
import logging
import pathlib
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from bench import errors
from bench.models import portable

Network = Any  # a `keras.Model`
Arrays = Mapping[str, np.ndarray]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Format:
    """A format of files.

    Attributes
    ----------
    ending
        Of the name of a file.
    needs
        Packages that write it, and load it again.
    write
        A network to a file.
    read
        A file to a function of named arrays `(n, ...)` to an array.
    """

    ending: str
    needs: tuple[str, ...]
    write: Callable[[Network, pathlib.Path], None]
    read: Callable[[pathlib.Path], Callable[[Arrays], np.ndarray]]


def missing(name: str) -> list[str]:
    """The packages of a format that are not installed."""
    return [package for package in FORMATS[name].needs if importlib.util.find_spec(package) is None]


def write(network: Network, name: str, folder: pathlib.Path) -> float:
    """Write a network into a folder in a format; return how far the file is from it on arrays of a batch of
    another size, as `portable.deviation` counts.

    Raises
    ------
    RunFolderError
        If that is more than `portable.TOLERANCE`.
    """
    form = FORMATS[name]
    path = folder / f"{network.name}.{form.ending}"
    with _quiet():
        form.write(network, path)
        loaded = form.read(path)
        found = max(_apart(network, loaded, count) for count in (1, 64))
    if not found <= portable.TOLERANCE:
        raise errors.RunFolderError(
            f"{path.name} differs from the model by {found:.2g}, more than {portable.TOLERANCE:g}, and was "
            "not kept; leave its format out (--format), and tell the project which model it was"
        )
    return found


def _apart(network: Network, loaded: Callable[[Arrays], np.ndarray], count: int) -> float:
    given = portable.probes(portable.shapes(network), count, seed=count)
    return portable.deviation(loaded(given), portable.run(network, given))


def _write_keras(network: Network, path: pathlib.Path) -> None:
    network.save(path)


def _read_keras(path: pathlib.Path) -> Callable[[Arrays], np.ndarray]:
    import keras

    network = keras.saving.load_model(path, compile=False)
    return lambda arrays: portable.run(network, arrays)


@functools.cache  # of each network there are two formats
def _program(network: Network) -> Any:
    """The network as torch sees it, its batch of any size."""
    import torch

    class Positional(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, *arrays: Any) -> Any:
            return self.network(list(arrays) if len(arrays) > 1 else arrays[0])

    given = tuple(map(torch.from_numpy, portable.probes(portable.shapes(network), 3).values()))
    batch = {0: torch.export.Dim("batch")}
    return torch.export.export(
        Positional().eval(), given, dynamic_shapes=((batch,) * len(given),), strict=False
    )


def _write_torch(network: Network, path: pathlib.Path) -> None:
    import torch

    torch.export.save(_program(network), path)


def _read_torch(path: pathlib.Path) -> Callable[[Arrays], np.ndarray]:
    import torch

    module = torch.export.load(path).module()

    def run(arrays: Arrays) -> np.ndarray:
        with torch.no_grad():
            found: np.ndarray = module(*map(torch.from_numpy, arrays.values())).numpy()
        return found

    return run


def _write_onnx(network: Network, path: pathlib.Path) -> None:
    import torch

    names = list(portable.shapes(network))
    program = torch.onnx.export(
        _program(network), dynamo=True, verbose=False, input_names=names, output_names=[OUTPUTS[network.name]]
    )
    program.save(path)


def _read_onnx(path: pathlib.Path) -> Callable[[Arrays], np.ndarray]:
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return lambda arrays: session.run(None, dict(arrays))[0]


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without what exporters say of packages that no autoencoder needs."""
    log = logging.getLogger("torch.onnx")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.setLevel(before)


OUTPUTS = {"encoder": "codes", "decoder": "images", "sampler": "images"}
"""What each network gives."""

FORMATS = {
    "keras": Format(ending="keras", needs=(), write=_write_keras, read=_read_keras),
    "onnx": Format(
        ending="onnx",
        needs=("torch", "onnx", "onnxscript", "onnxruntime"),
        write=_write_onnx,
        read=_read_onnx,
    ),
    "torch": Format(ending="pt2", needs=("torch",), write=_write_torch, read=_read_torch),
}
