"""A run folder -> its report: `index.html`, one file that fetches nothing, and its twin in Markdown.

```
evidence     run folder -> configurations with their trials
comparisons  which of them may be held against each other;  backends: the same on several backends
findings     sentences;  sheets: tables;  figures, galleries: charts and pictures
cost         what networks (timings) and trials took;  failures, keepsakes, origin: what is left to tell
context      all of it, in the order of reading: what both templates are given
render       templates -> files
```

Nothing here imports Keras or a backend.
"""

import pathlib

from bench.store import RunFolder

__all__ = ["write"]


def write(folder: RunFolder) -> pathlib.Path:
    """Write `index.html`, `README.md` and `figures/`; return the path of the page.

    The same run gives the same bytes.

    Raises
    ------
    RunFolderError
        If the folder is no run, or cannot be written.
    """
    from bench.report import context, render  # pandas and matplotlib take a second to import

    report = context.build(folder)
    folder.clear_figures()
    for name, content in render.figure_files(report).items():
        folder.write_bytes(f"figures/{name}", content)
    folder.write_text("README.md", render.markdown(report))
    return folder.write_text("index.html", render.html(report))
