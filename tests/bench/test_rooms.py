"""Who may import whom: imports run down the rooms, and never in a circle."""

import ast
import graphlib
import pathlib

import pytest

from tests.conftest import REPOSITORY

BASE = {"errors", "foreign", "paths"}  # modules of everybody
ALLOWED = {
    "errors": set(),
    "paths": set(),
    "foreign": {"errors"},
    "models": set(),
    "measures": {"models"},
    "cards": {"models"},
    "datasets": BASE | {"models", "cards"},
    "statistics": BASE,
    "machine": BASE | {"datasets"},
    "metrics": BASE | {"models", "machine"},
    "ask": BASE | {"models", "cards", "datasets", "machine", "measures"},
    "keeping": BASE | {"models", "ask", "datasets", "measures", "statistics"},
    "training": BASE | {"models", "datasets", "ask", "keeping"},
    "tasks": BASE | {"models", "datasets", "machine", "measures", "metrics", "ask", "keeping"},
    "report": BASE | {"models", "datasets", "measures", "statistics", "ask", "keeping"},
    "compare": BASE | {"measures", "statistics", "ask", "keeping", "report"},
    "running": BASE
    | {"models", "datasets", "machine", "measures", "metrics", "ask", "keeping", "training"}
    | {"tasks", "report", "compare", "cards"},
    "opened": BASE | {"models", "ask", "keeping", "report"},
    "data_options": set(),
    "usage": BASE | {"models", "measures", "datasets", "machine", "ask"},
    "options": BASE | {"measures", "ask", "usage", "data_options"},
    "cli": BASE
    | {"models", "machine", "measures", "ask", "keeping", "compare", "running", "usage"}
    | {"datasets", "data_options", "options"},
}
REPORT = ["words", "evidence", "blocks", "findings", "sections", "page"]  # each knows those before it
MODULES = [
    path
    for top in ("bench", "models")
    for path in sorted((REPOSITORY / top).rglob("*.py"))
    if path.relative_to(REPOSITORY).parts[:2] != ("bench", "models")  # the link to models/
    and path.name != "__main__.py"
    and path.relative_to(REPOSITORY) != pathlib.Path("bench/__init__.py")
]


def named(path: pathlib.Path) -> list[str]:
    """The parts of the name that a module is imported by."""
    parts = list(path.relative_to(REPOSITORY).with_suffix("").parts)
    return ["bench", *parts] if parts[0] == "models" else parts


def imported(path: pathlib.Path, inside: tuple[str, ...] = ("bench",)) -> set[str]:
    """The rooms inside a package that a module imports from, wherever in it that is."""
    package = named(path)[:-1]
    rooms, depth = set(), len(inside)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            start = start + (node.module.split(".") if node.module else [])
            names = [[*start, alias.name] for alias in node.names]
        else:
            continue
        rooms |= {name[depth] for name in names if tuple(name[:depth]) == inside and len(name) > depth}
    return rooms


@pytest.mark.parametrize("path", MODULES, ids=lambda path: ".".join(named(path)[1:]))
def test_a_module_imports_from_rooms_below_its_own(path):
    room = named(path)[1]
    assert imported(path) <= ALLOWED[room] | {room, "__version__"}


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if named(path)[1:2] == ["report"]],
    ids=lambda path: ".".join(named(path)[2:]),
)
def test_a_module_of_the_report_imports_from_rooms_below_its_own(path):
    room = named(path)[2] if len(named(path)) > 2 else ""
    allowed = REPORT[: REPORT.index(room) + 1] if room in REPORT else REPORT  # the package itself knows all
    assert imported(path, ("bench", "report")) <= set(allowed)


def test_the_table_has_no_circle():
    assert list(graphlib.TopologicalSorter(ALLOWED).static_order())
