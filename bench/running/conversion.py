"""What a person sees while a large data set is converted: how far it has come, and how long it takes."""

import contextlib
import time
from collections.abc import Callable, Iterator

import rich.console
import rich.progress

from bench import datasets, foreign
from bench.ask.estimate import duration

EVERY = 0.2  # seconds between two looks
EVERY_LINE = 15.0  # seconds, where each is a line


class Told:
    """Tells of one data set now and then: `toys: 12,000 of 200,000 pictures read, about 40 s to go`."""

    def __init__(self, name: str, say: Callable[[str], None], every: float = EVERY) -> None:
        self._title, self._say, self._every = datasets.title(name), say, every
        self._what, self._begun, self._last = "", 0.0, 0.0

    def __call__(self, what: str, done: int, count: int) -> None:
        """So many are done of so many."""
        now = time.monotonic()
        if what != self._what:
            self._what, self._begun, self._last = what, now, now
        if now - self._last < self._every:
            return
        self._last = now
        left = duration((now - self._begun) * (count - done) / done)
        self._say(foreign.visible(f"{self._title}: {done:,} of {count:,} {what}, about {left} to go"))


@contextlib.contextmanager
def bar(name: str) -> Iterator[datasets.cache.Told]:
    """A bar on standard error, where somebody looks at a terminal; else a line now and then."""
    console = rich.console.Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield Told(name, lambda line: console.print(line, markup=False, soft_wrap=True), EVERY_LINE)
        return
    columns = (
        rich.progress.BarColumn(),
        rich.progress.MofNCompleteColumn(),
        rich.progress.TextColumn("{task.description}", markup=False),
        rich.progress.TimeRemainingColumn(),
    )
    with rich.progress.Progress(*columns, console=console, transient=True) as shown:
        tasks: dict[str, rich.progress.TaskID] = {}

        def tell(what: str, done: int, count: int) -> None:
            if what not in tasks:
                tasks[what] = shown.add_task(what, total=count)
            shown.update(tasks[what], completed=done)

        yield tell
