"""The numbers of every trial inside the page, to be taken out of it as files."""

import base64
import gzip
import urllib.parse
from collections.abc import Mapping, Sequence
from typing import Any

from bench.keeping import tables
from bench.keeping.result import Result
from bench.report.blocks import inert
from bench.report.blocks.files import File, Files

_DIGITS = 9  # more than float32 has, and half the size of all
_MOST = 64 * 1024  # bytes of a file that is held as it is; a larger one is packed


def downloads(results: Sequence[Result], times: Sequence[Mapping[str, Any]]) -> Files:
    """The tables as they lie beside the page, and every measure of every trial as JSON."""
    records = [
        {name: rounded(value, _DIGITS) for name, value in tables.row(result).items() if value is not None}
        for result in results
    ]
    files = {
        "results.csv": tables.results_csv(results),
        "summary.csv": tables.summary_csv(results) if any(one.status == "ok" for one in results) else "",
        "timings.csv": tables.timings_csv(times) if times else "",
        "snapshots.csv": tables.snapshots_csv(results),
        "results.json": inert.dumps(records, separators=(",", ":")),
    }
    return Files(
        text="This page holds the numbers of every trial, the intervals of every configuration and the times "
        "of every network:",
        text_beside="Beside this file lie",
        files=tuple(_file(name, text) for name, text in files.items() if text),
    )


def rounded(value: Any, digits: int) -> Any:
    """A number with so many significant digits; anything else as it is."""
    return float(f"{value:.{digits}g}") if isinstance(value, float) else value


def _file(name: str, text: str) -> File:
    content = text.encode()
    is_beside = name.endswith(".csv")
    if len(content) > _MOST:
        packed = gzip.compress(content, mtime=0)
        return File(
            name=name, is_packed=True, uri=_held("gzip", packed), size=_size(packed), is_beside=is_beside
        )
    if is_beside:  # nearly all of it may stand in an address as it is
        uri = f"data:text/csv,{urllib.parse.quote(text, safe=',:;/()=+*')}"
    else:
        uri = _held("json", content)
    return File(name=name, uri=uri, size=_size(content), is_beside=is_beside)


def _held(kind: str, content: bytes) -> str:
    return f"data:application/{kind};base64,{base64.b64encode(content).decode()}"


def _size(content: bytes) -> str:
    return f"{max(1, round(len(content) / 1024)):,} KB"
