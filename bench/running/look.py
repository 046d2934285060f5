"""`bench data`: what a data set is taken for, before anything is trained on it."""

import pathlib
import re
from collections.abc import Callable, Iterator

import numpy as np
import rich.console

from bench import datasets, errors, foreign, paths
from bench.datasets import census, contact_sheet, large, levels
from bench.keeping import files
from bench.running import conversion, dry_run, thumbnails
from bench.running.plan import Plan

_LONGEST_NAME = 60
_HEAD = 100  # bytes, which tell whether this program wrote a picture


def run(make: Callable[[], Plan], name: str, picture: str | None, say: Callable[[str], None]) -> int:
    """Load the data set, say what it was taken for, and write its contact sheet.

    Parameters
    ----------
    make : callable
        Gives the plan of the run that would follow; it reads what the data set is, which may be refused.
    name : str
        The data set, with what is said of it.
    picture : str, optional
        Where the contact sheet goes; `data-<name>.png` in the current folder if not given.
    say : callable
        Is told each line.

    Raises
    ------
    DataError
        Where `run` would not start either.
    """
    plan = _planned(make, name, say)
    with conversion.bar(name) as tell:
        dataset = datasets.load(name, tell)
    for line in _facts(dataset):
        say(line)
    say(f"memory        {_memory(plan, name, dataset)}")
    say(f"cache         {_cache()}")
    for line in plan.sized:
        say(f"networks      {line}")
    say(f"time          {dry_run.lines(plan)[-1]}")
    say(f"pictures      {_write(dataset, name, picture)}")
    console = rich.console.Console()
    if thumbnails.can_show(console):
        for shown in thumbnails.lines(dataset, console.width):
            console.print(shown, no_wrap=True, crop=True)
    return 0


def _planned(make: Callable[[], Plan], name: str, say: Callable[[str], None]) -> Plan:
    """The plan, behind a word about what lies there, which is said also where that is refused."""
    try:
        plan = make()
    except errors.DataError:
        datasets.check_name(name)  # of what is not there nothing is said
        _say_found(name, say)
        raise
    _say_found(name, say)
    return plan


def _say_found(name: str, say: Callable[[str], None]) -> None:
    for line in datasets.described(name):
        say(f"found         {line}")


def _facts(dataset: datasets.Dataset) -> Iterator[str]:
    about = datasets.outline(dataset)
    for label, text in about.facts().items():
        yield f"{label:<13} {text}"
    parts = {"training": dataset.train, "validation": dataset.validation, "test": dataset.test}
    for name, part in parts.items():
        if part.labels is None:
            continue
        count = len(dataset.class_names) - (dataset.novel if name != "test" else 0)
        counts = np.bincount(part.labels, minlength=count)
        low, high = int(counts.min()), int(counts.max())
        yield (
            f"{name:<13} {low:,} to {high:,} images a class"
            if low < high
            else f"{name:<13} {low:,} images a class"
        )
    yield f"looked at     {census.told(dataset)}"
    yield f"SHA-256       {dataset.sha256}"


def _memory(plan: Plan, name: str, dataset: datasets.Dataset) -> str:
    from bench.running.execution import sizing  # takes a second

    held = large.told(datasets.cache.held(dataset))
    how = "in a file that all processes share" if _is_shared(dataset) else "as float32 in each process"
    worker = large.told(sizing.memory_of_a_worker([name]))
    return f"{held} of images {how}; {worker} are set aside for a worker"


def _cache() -> str:
    most, folder = large.told(datasets.cache.MOST_BYTES), paths.without_home(str(large.folder()))
    held = large.told(datasets.cache.size())
    remedy = "`python -m bench data --clear` removes them"
    return f"{held} of converted data sets in {folder}, {most} at most; {remedy}"


def _is_shared(dataset: datasets.Dataset) -> bool:
    return datasets.outline(dataset).values >= levels.LEAST and datasets.cache.is_kept(dataset)


def clear(say: Callable[[str], None]) -> int:
    """Remove what is kept of data sets that were converted, and say how much that was."""
    folder = paths.without_home(str(large.folder()))
    say(f"{large.told(datasets.cache.clear())} of converted data sets removed from {folder}")
    return 0


def _write(dataset: datasets.Dataset, name: str, picture: str | None) -> str:
    """Write the contact sheet where it was asked for, or where nothing of somebody else is."""
    path = pathlib.Path(picture) if picture else _free(datasets.title(name))
    try:
        files.write(path, contact_sheet.png(dataset))
    except OSError as error:
        raise errors.UsageError(
            f"--picture: expected a file that can be written, got {str(path)!r} ({error.strerror or error})"
        ) from None
    return str(path)


def _free(title: str) -> pathlib.Path:
    """`data-<name>.png`, with a number where another file has that name."""
    plain = re.sub(r"[^A-Za-z0-9._=@-]+", "-", title)[:_LONGEST_NAME]
    path, number = pathlib.Path(f"data-{plain}.png"), 2
    while path.exists() and not _is_ours(path):
        path, number = pathlib.Path(f"data-{plain}-{number}.png"), number + 1
    return path


def _is_ours(path: pathlib.Path) -> bool:
    try:
        with foreign.opened(path) as file:
            return contact_sheet.is_ours(file.read(_HEAD))
    except OSError:
        return False
