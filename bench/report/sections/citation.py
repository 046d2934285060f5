"""What to put into a list of references for the numbers of a run, as BibTeX."""

import pathlib
import re
from collections.abc import Mapping
from typing import Any

_PACKAGE = pathlib.Path(__file__).parents[2]
_FIELD = re.compile(r"^(title|version|  - name): *\"?(.*?)\"?$", re.MULTILINE)


def bibtex(run: Mapping[str, Any]) -> str:
    """An entry with the version and the commit that the run had; empty where there is no `CITATION.cff`."""
    known = dict(_FIELD.findall(_citation()))
    if not known:
        return ""
    version = (run.get("versions") or {}).get("autoencoder-bench") or known["version"]
    day = str(run.get("started") or "")[:10]
    commit = (run.get("git") or {}).get("commit")
    told = [
        f"commit {commit}" if commit else "",
        f"protocol {run['protocol']}",
        f"run of {day}" if day else "",
    ]
    fields = {
        "author": f"{{{known['  - name']}}}",
        "title": f"{{{known['title']}}}",
        "version": _inert(version),
        "year": _inert(day[:4]),
        "note": _inert(", ".join(filter(None, told))),
    }
    lines = (f"  {name:<7} = {{{text}}}," for name, text in fields.items() if text)
    return "\n".join(("@software{autoencoder-bench,", *lines, "}"))


def _citation() -> str:
    """`CITATION.cff`, beside the package in a wheel and over it in a checkout."""
    for folder in (_PACKAGE, _PACKAGE.parent):
        if (path := folder / "CITATION.cff").is_file():
            return path.read_text(encoding="utf-8")
    return ""


def _inert(text: object) -> str:
    """Text of a run's record, without what BibTeX or LaTeX would act upon."""
    return re.sub(r"[^\w.,: +-]", "", str(text))
