"""The numbers of every trial inside the page, to be taken out of it as files."""

import base64
import dataclasses
import urllib.parse
from collections.abc import Mapping, Sequence
from typing import Any

from bench.keeping import tables
from bench.keeping.result import Result
from bench.report.blocks import inert

_DIGITS = 9  # more than float32 has, and half the size of all


@dataclasses.dataclass(frozen=True, kw_only=True)
class Download:
    """A file that a link holds; `uri` is all of it."""

    name: str
    uri: str
    size: str


def downloads(results: Sequence[Result], times: Sequence[Mapping[str, Any]]) -> list[Download]:
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
    return [_download(name, text) for name, text in files.items() if text]


def rounded(value: Any, digits: int) -> Any:
    """A number with so many significant digits; anything else as it is."""
    return float(f"{value:.{digits}g}") if isinstance(value, float) else value


def _download(name: str, text: str) -> Download:
    content = text.encode()
    if name.endswith(".csv"):  # nearly all of it may stand in an address as it is
        uri = f"data:text/csv,{urllib.parse.quote(text, safe=',:;/()=+*')}"
    else:
        uri = f"data:application/json;base64,{base64.b64encode(content).decode()}"
    return Download(name=name, uri=uri, size=f"{max(1, round(len(content) / 1024)):,} KB")
