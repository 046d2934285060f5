"""A run folder -> its report: `index.html`, one file that fetches nothing, and its twin in Markdown.

```
words      numbers and settings as a person reads them
evidence/  a run folder -> configurations with their trials, and which of them may be held against each other
blocks/    what a section is made of: finding, table, chart, pictures; a lost one costs itself alone
findings/  verdicts, ranks, influence: the comparisons, and what is said of them in sentences
sections/  a section each, from evidence to its blocks
page/      all of it (`context`), printed through templates (`render`), in which text of a user is inert
```

Imports run from the last to the first.

Nothing here imports Keras or a backend.
"""

import contextlib
import pathlib
import typing
from collections.abc import Callable, Iterator

from bench import measures
from bench.ask.trial import External
from bench.keeping.store import RunFolder

if typing.TYPE_CHECKING:
    from bench.report.blocks.section import Blocks
    from bench.report.blocks.table import Table

__all__ = ["figures", "tables", "write"]


Say = Callable[[str], None]


def write(
    folder: RunFolder,
    templates: pathlib.Path | None = None,
    say: Say = print,
    since: "Blocks" = (),
    tell: Say | None = None,
) -> pathlib.Path:
    """Write `index.html`, `README.md` and `figures/`; return the path of the page.

    The same run gives the same bytes. `templates` is a folder of somebody's own, which takes the place of
    those templates that it has. `say` is told of each part that could not be made; the report says so, too.
    `since` is what is said of an earlier run.
    `tell` is told the report in a few lines: the first findings, and each alert.

    Raises
    ------
    RunFolderError
        If the folder is no run, or cannot be written.
    TemplateError
        If a template cannot be rendered.
    """
    from bench.report.page import closing, context, render  # pandas and matplotlib take a second to import

    renderer = render.Renderer(templates)
    with _in_words_of(folder):
        report = context.build(folder, since)
        told = closing.lines(report)
        markdown, html = renderer.markdown(report), renderer.html(report)
        figures = render.figure_files(report)
    folder.clear_figures()
    for name, content in figures.items():
        folder.write_bytes(f"figures/{name}", content)
    folder.write_text("README.md", markdown)
    for line in dict.fromkeys((*report.losses, *renderer.losses)):
        say(f"the report lacks a part: {line}")
    if tell:
        for line in told:
            tell(line)
    return folder.write_text("index.html", html)


def tables(folder: RunFolder) -> "dict[str, Table]":
    """The tables of the report of a run, by their names, in the order of reading.

    Raises
    ------
    RunFolderError
        If the folder is no run.
    """
    from bench.report.page import context, inside

    with _in_words_of(folder):
        return inside.tables(context.build(folder))


def figures(folder: RunFolder) -> dict[str, bytes]:
    """The charts and pictures of the report of a run as files, by name: SVG and PNG.

    Raises
    ------
    RunFolderError
        If the folder is no run.
    """
    from bench.report.page import context, render

    with _in_words_of(folder):
        return render.figure_files(context.build(folder))


@contextlib.contextmanager
def _in_words_of(folder: RunFolder) -> Iterator[None]:
    """Inside, measures, models and external coders are called what the record of a run calls them."""
    from bench.report import words

    cards = folder.cards
    externals = [unit.model for unit in folder.units() if isinstance(unit, External)]
    with measures.of_run(cards.tasks.values()), words.of_run(cards.models.values(), externals):
        yield
