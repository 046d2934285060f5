"""A table as a file: CSV, Markdown or LaTeX, as the page copies it (`templates/script/copies.js`).

Both write the same text, which a test holds against each other.
"""

import itertools
import re
from collections.abc import Callable, Sequence

from bench import foreign
from bench.report.blocks.table import Cell, Table
from bench.report.evidence.naming import BASELINE

SPREAD = r"$\pm$: half the width of the 95\,\% interval of a mean over seeds, by Student's $t$."
_PACKAGES = r"% with \usepackage{booktabs,siunitx} and \sisetup{separate-uncertainty}"
_TEX = {
    **{"\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "[": "{[}"},
    **{"]": "{]}", "*": "{*}", "<": "$<$", ">": "$>$", "|": "$|$", "±": "$\\pm$"},
    **{"\N{MINUS SIGN}": "$-$", "\N{EN DASH}": "--", "β": "$\\beta$", "σ": "$\\sigma$", "†": "\\dag{}"},
}
_NUMBER = re.compile(r"([\u2212-]?)([0-9,]*)(?:\.([0-9]+))?(?: ± ([0-9,]*(?:\.[0-9]+)?))?")
_FORMULA = re.compile(r"'*[-=+@\uff1d\uff0b\uff0d\uff20]")
_PLAIN = re.compile(r"[+-]?[0-9.,]+(e[+-]?[0-9]+)?", re.IGNORECASE)
_SIGNS = re.compile(r"[\\~^<>|±\u2212\u2013βσ†&%$#_{}[\]*]")
_ACTING = re.compile(r"[\\`*[\]|~$@_<>&]|:(?=[^\s0-9])|(?<=www)\.", re.IGNORECASE)

Line = list[str]


def _shown(text: str) -> str:
    return " ".join(foreign.visible(text).split())


def _text(cell: Cell, *, is_head: bool = False) -> str:
    """What the page shows of a cell."""
    parts = [cell.text] if is_head or cell.link else cell.parts
    return _shown(" ".join(parts))


def _lines(table: Table) -> list[Line]:
    """The head, and every row."""
    heads = [_shown(column.label) for column in table.columns]
    return [heads, *([_text(cell, is_head=not i) for i, cell in enumerate(row.cells)] for row in table.rows)]


def csv(table: Table) -> str:
    """What stands under a number, as its ± or its quartiles, in a column of its own, and numbers plain."""
    marks = [_mark(table, i) for i in range(len(table.columns))]
    heads = [
        name
        for column, mark in zip(table.columns, marks, strict=True)
        for name in _names(_shown(column.label), mark)
    ]
    rows = [
        [
            value
            for i, cell in enumerate(row.cells)
            for value in _values(cell, i, marks[i], is_number=bool(i) and table.columns[i].is_number)
        ]
        for row in table.rows
    ]
    return "\n".join(",".join(map(_in_csv, line)) for line in (heads, *rows))


def _mark(table: Table, column: int) -> str:
    """How what stands under the numbers of a column begins; empty where nothing does."""
    if not column:
        return ""
    below = (row.cells[column] for row in table.rows)
    return next((_shown(cell.parts[1])[0] for cell in below if not cell.link and len(cell.parts) > 1), "")


def _names(label: str, mark: str) -> list[str]:
    return [label, f"{label} {'±' if mark == '±' else 'range'}"] if mark else [label]


def _values(cell: Cell, column: int, mark: str, *, is_number: bool) -> list[str]:
    text = _text(cell, is_head=not column)
    small = _shown(cell.parts[1]) if column and not cell.link and len(cell.parts) > 1 else ""
    values = [text.replace(small, "", 1) if small else text, *([small] if mark else [])]
    return [_plain(value) for value in values] if is_number else values


def _plain(value: str) -> str:
    value = re.sub("[†±,]", "", value).replace("\N{MINUS SIGN}", "-").strip()
    return "" if value == "\N{EN DASH}" else value


def _is_formula(text: str) -> bool:
    """Whether a spreadsheet takes a text for a formula, and runs it: see `bench.keeping.tables`."""
    return bool(_FORMULA.match(text)) and not _PLAIN.fullmatch(text)


def _in_csv(text: str) -> str:
    quoted = (f"'{text}" if _is_formula(text) else text).replace('"', '""')
    return f'"{quoted}"'


def markdown(table: Table) -> str:
    """All columns in one."""
    lines = [f"| {' | '.join(_ACTING.sub(_reference, text) for text in line)} |" for line in _lines(table)]
    lines.insert(1, f"|{' --- |' * len(table.columns)}")
    return "\n".join(lines)


def _reference(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};"


def latex(table: Table) -> str:
    """With the packages booktabs and siunitx; baselines stand below a rule of their own."""
    heads, *body = _lines(table)
    columns = [
        _column([line[i] for line in body], is_number=bool(i) and column.is_number)
        for i, column in enumerate(table.columns)
    ]
    lines = [[write(text) for write, text in zip(_writers(columns), line, strict=True)] for line in body]
    ones, baselines = (
        [line for line, row in zip(lines, table.rows, strict=True) if row.is_baseline is which]
        for which in (False, True)
    )
    for line in baselines:
        line[0] = line[0].removesuffix(BASELINE)
    head = [
        _braced(text) if spec[0] == "S" else _in_tex(text) for spec, text in zip(columns, heads, strict=True)
    ]
    groups = [group for group in (ones, baselines) if group]
    has_spread = any("±" in text for text in itertools.chain(*body))
    return "\n".join(
        [
            *(_PACKAGES, r"\begin{table}", r"\centering"),
            f"\\caption{{{_in_tex(_shown(table.caption))}}}",
            f"\\label{{tab:{table.name}}}",
            f"\\begin{{tabular}}{{{''.join(columns)}}}",
            *("\\toprule", _ended(head), "\\midrule"),
            "\n\\midrule\n".join("\n".join(map(_ended, group)) for group in groups),
            *("\\bottomrule", "\\end{tabular}"),
            *(["", f"\\smallskip\\footnotesize {SPREAD}"] if has_spread else []),
            "\\end{table}",
        ]
    )


def _ended(line: Sequence[str]) -> str:
    return f"{' & '.join(line)} \\\\"


def _column(texts: Sequence[str], *, is_number: bool) -> str:
    """What LaTeX is told of a column: `S` with the widest of its numbers, `r` or `l` where it has none."""
    found = [match for text in texts if is_number and (match := _number(text))]
    if not found:
        return "r" if is_number else "l"
    sign = "-" if any(match[1] for match in found) else ""
    whole = max(len(match[2].replace(",", "")) for match in found)
    after = max(len(match[3] or "") for match in found)
    spread = max(len(re.sub(r"[,.]", "", match[4] or "").lstrip("0")) for match in found)
    form = f"{sign}{whole}" + (f".{after}" if after else "") + (f"({spread})" if spread else "")
    return f"S[table-format={form}]"


def _number(text: str) -> re.Match[str] | None:
    return _NUMBER.fullmatch(text) if re.search("[0-9]", text) else None


def _writers(columns: Sequence[str]) -> list[Callable[[str], str]]:
    return [_in_siunitx if spec.startswith("S") else _in_tex for spec in columns]


def _in_siunitx(text: str) -> str:
    if not _number(text):
        return _braced(text)
    return text.replace(",", "").replace("\N{MINUS SIGN}", "-").replace("±", "\\pm")


def _braced(text: str) -> str:
    """A text in a column of numbers."""
    return f"{{{_in_tex(text)}}}"


def _in_tex(text: str) -> str:
    plain = _SIGNS.sub(lambda found: _TEX.get(found[0], f"\\{found[0]}"), text)
    return f"{{}}{plain}" if _is_formula(text) else plain


FORMATS: dict[str, Callable[[Table], str]] = {"latex": latex, "markdown": markdown, "csv": csv}
