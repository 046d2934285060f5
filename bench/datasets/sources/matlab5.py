"""The arrays of a MATLAB file of version 5, as MATLAB has written them since 1996 unless asked for 7.3.

SciPy reads these, too, and crashes over damaged ones: the process is gone without an error. So this reads
what can be images and labels, arrays of numbers, texts and cells of texts, and passes over everything else.

A file is 128 bytes and then elements: a type and a number of bytes, four bytes each, then the bytes. An
element is an array, or one that is packed with zlib. An array is made of elements itself: flags with its
class, axes, name, values. MathWorks describes it as "MAT-File Format".
"""

import dataclasses
import math
import struct
import zlib
from collections.abc import Callable, Iterator

import numpy as np

HEADER = 128
_PACKED, _MATRIX = 15, 14
_TYPES = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
_TEXTS = {1: "latin-1", 2: "latin-1", 16: "utf-8", 4: "utf-16", 17: "utf-16", 18: "utf-32"}
_CELL, _TEXT = 1, 4
_NUMBERS = {6: "f8", 7: "f4", 8: "i1", 9: "u1", 10: "i2", 11: "u2", 12: "i4", 13: "u4", 14: "i8", 15: "u8"}
_COMPLEX, _LOGICAL = 0x0800, 0x0200
_MOST_AXES = 8
_ABOUT = 1024  # bytes of an array in which class, axes and name stand


@dataclasses.dataclass(frozen=True, kw_only=True)
class Element:
    """A piece of a file: what type it says, its bytes, and where the next begins."""

    kind: int
    content: memoryview
    end: int


def arrays(
    content: bytes, wanted: Callable[[str], bool], bound: Callable[[int, int], int]
) -> dict[str, np.ndarray]:
    """Return the arrays of a file by name.

    Parameters
    ----------
    content : bytes
    wanted : callable
        Whether an array of this name is to be read.
    bound : callable
        How many bytes an array may have, by how many it is packed to and how many it says; may raise.

    Raises
    ------
    ValueError, EOFError, zlib.error
        For a file that is damaged, or of another version.
    """
    order = {b"IM": "<", b"MI": ">"}.get(content[126:HEADER], "")
    if not order:
        raise ValueError("it does not begin as a MATLAB file of version 5")
    found: dict[str, np.ndarray] = {}
    start = HEADER
    while start < len(content):
        one = _element(memoryview(content), start, order)
        start = one.end
        body = _unpacked(one, order, wanted, bound) if one.kind == _PACKED else one.content
        if body is None or (one.kind not in (_PACKED, _MATRIX)):
            continue
        name, array = _matrix(body, order, wanted)
        if array is not None:
            found[name] = array
    return found


def _unpacked(
    one: Element, order: str, wanted: Callable[[str], bool], bound: Callable[[int, int], int]
) -> memoryview | None:
    """The array in a packed element; None if it is not wanted, which its beginning tells."""
    first = zlib.decompressobj().decompress(one.content, _ABOUT + 8)
    if len(first) < 8:
        raise EOFError("the file ends in the middle of an array")
    kind, size = struct.unpack(f"{order}II", first[:8])
    if kind != _MATRIX:
        return None
    name = _head(memoryview(first)[8:], order)[2]
    if not wanted(name):
        return None
    unpacking = zlib.decompressobj()
    whole = unpacking.decompress(one.content, bound(len(one.content), size) + 8)
    if len(whole) < size + 8:
        raise EOFError("the file ends in the middle of an array")
    if unpacking.decompress(unpacking.unconsumed_tail, 1):  # on to the end, where the checksum is
        raise ValueError("an array is followed by something else")
    return memoryview(whole)[8 : 8 + size]


def _element(content: memoryview, start: int, order: str) -> Element:
    """The element that begins at a place; short ones have type, size and bytes in eight bytes together."""
    if start + 8 > len(content):
        raise EOFError("the file ends in the middle of an element")
    kind, size = struct.unpack_from(f"{order}II", content, start)
    if kind >> 16:
        kind, size = kind & 0xFFFF, kind >> 16
        if size > 4:
            raise ValueError(f"a short element of {size} bytes")
        return Element(kind=kind, content=content[start + 4 : start + 4 + size], end=start + 8)
    end = start + 8 + size
    if end > len(content):
        raise EOFError("the file ends in the middle of an array")
    padded = end if kind == _PACKED else end + -size % 8
    return Element(kind=kind, content=content[start + 8 : end], end=padded)


def _head(body: memoryview, order: str) -> tuple[int, tuple[int, ...], str, int]:
    """Flags with the class, axes and name of an array, and where its values begin."""
    flags = _element(body, 0, order)
    axes = _element(body, flags.end, order)
    name = _element(body, axes.end, order)
    if len(flags.content) != 8 or len(axes.content) % 4 or not 2 <= len(axes.content) // 4 <= _MOST_AXES:
        raise ValueError("flags or axes that no array has")
    shape = struct.unpack(f"{order}{len(axes.content) // 4}i", axes.content)
    if min(shape) < 0:
        raise ValueError(f"an array of shape {shape}")
    return (
        struct.unpack_from(f"{order}I", flags.content)[0],
        shape,
        bytes(name.content).decode("latin-1"),
        name.end,
    )


def _matrix(body: memoryview, order: str, wanted: Callable[[str], bool]) -> tuple[str, np.ndarray | None]:
    """Name and values of an array; no values if it is not wanted, or holds something else than these."""
    flags, shape, name, start = _head(body, order)
    kind = flags & 0xFF
    if not wanted(name):
        return name, None
    if kind in _NUMBERS and not flags & _COMPLEX:
        values = _values(_element(body, start, order), shape, order)
        dtype = np.dtype(bool) if flags & _LOGICAL else np.dtype(_NUMBERS[kind])
        return name, values.astype(dtype).reshape(shape, order="F")
    if kind == _TEXT:
        return name, np.array([line.rstrip() for line in _lines(_element(body, start, order), shape, order)])
    if kind == _CELL:
        texts = [_one_text(cell, order) for cell in _cells(body, start, math.prod(shape), order)]
        return name, np.array(texts)
    return name, None


def _values(one: Element, shape: tuple[int, ...], order: str) -> np.ndarray:
    if one.kind not in _TYPES:
        raise ValueError(f"values of type {one.kind}")
    values = np.frombuffer(one.content, np.dtype(order + _TYPES[one.kind]))
    if len(values) != math.prod(shape):
        raise ValueError(f"it says shape {shape}, and {len(values):,} values are there")
    return values


def _lines(one: Element, shape: tuple[int, ...], order: str) -> list[str]:
    """The rows of a matrix of letters."""
    ending = {"<": "-le", ">": "-be"}[order]
    name = _TEXTS.get(one.kind, "")
    text = bytes(one.content).decode(name + (ending if name in ("utf-16", "utf-32") else "") or "ascii")
    if len(text) != math.prod(shape):
        raise ValueError(f"it says shape {shape}, and {len(text):,} letters are there")
    return [text[row :: shape[0]] for row in range(shape[0])]


def _cells(body: memoryview, start: int, count: int, order: str) -> Iterator[memoryview]:
    for _ in range(count):
        one = _element(body, start, order)
        if one.kind != _MATRIX:
            raise ValueError(f"a cell of type {one.kind}")
        start = one.end
        yield one.content


def _one_text(cell: memoryview, order: str) -> str:
    flags, shape, _, start = _head(cell, order)
    if flags & 0xFF != _TEXT or shape[0] > 1:
        raise ValueError("cells that hold something else than texts")
    return "".join(_lines(_element(cell, start, order), shape, order))
