"""The numbers of every trial inside the page, to be taken out of it as files."""

import base64
import dataclasses
import json
from collections.abc import Sequence
from typing import Any

from bench import tables
from bench.result import Result

_DIGITS = 9  # more than float32 has, and half the size of all


@dataclasses.dataclass(frozen=True, kw_only=True)
class Download:
    """A file that a link holds; `uri` is all of it."""

    name: str
    uri: str
    size: str


def downloads(results: Sequence[Result]) -> list[Download]:
    """`results.csv` as it lies beside the page, and every measure of every trial as JSON."""
    records = [
        {name: rounded(value, _DIGITS) for name, value in tables.row(result).items() if value is not None}
        for result in results
    ]
    files = {
        "results.csv": ("text/csv", tables.results_csv(results)),
        "results.json": ("application/json", json.dumps(records, separators=(",", ":"))),
    }
    return [_download(name, *about) for name, about in files.items()]


def rounded(value: Any, digits: int) -> Any:
    """A number with so many significant digits; anything else as it is."""
    return float(f"{value:.{digits}g}") if isinstance(value, float) else value


def _download(name: str, kind: str, text: str) -> Download:
    content = text.encode()
    uri = f"data:{kind};base64,{base64.b64encode(content).decode()}"
    return Download(name=name, uri=uri, size=f"{max(1, round(len(content) / 1024)):,} KB")
