"""What a person sees of a run: progress on standard error, the result on standard output."""

import io
import pathlib
import sys
import time
from collections.abc import Sequence
from types import TracebackType

import rich.console
import rich.markup
import rich.progress
import rich.table

from bench.ask import estimate, grouping
from bench.ask.trial import Trial, Unit
from bench.ask.trial_names import names
from bench.foreign import shortened, visible
from bench.keeping.result import Result


class Progress:
    """Counts finished units; the time to go is learned from those that have finished.

    On a terminal a bar; elsewhere a line a unit. `NO_COLOR` is respected.
    """

    def __init__(
        self,
        units: Sequence[Unit],
        *,
        kept: int,
        quiet: bool,
        groups: Sequence[str] = grouping.DEFAULT,
    ) -> None:
        self._names = _names(units)
        self._console = _console(quiet)
        self._left = {unit.key: estimate.seconds(unit, groups) for unit in units}
        self._running: set[str] = set()
        self._done_cost = 0.0
        self._start: float | None = None
        self._total = len(units) + kept
        self._done, self._failed = kept, 0
        self._best: Result | None = None
        self._bar = rich.progress.Progress(
            rich.progress.BarColumn(),
            rich.progress.MofNCompleteColumn(),
            rich.progress.TextColumn("{task.description}", markup=False),
            console=self._console,
            disable=quiet or not self._console.is_terminal,
        )
        self._task = self._bar.add_task("starting", total=self._total, completed=kept)
        if kept:
            self.say(f"{kept} of {self._total} are finished already and kept")

    def __enter__(self) -> "Progress":
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def say(self, line: str) -> None:
        """Something that a person should know."""
        _write(self._console, line)

    def preparing(self, backend: str) -> None:
        """Workers start, import a backend and load the data."""
        self._bar.update(self._task, description=f"starting {backend}")

    def started(self, unit: Unit) -> None:
        """A unit has begun."""
        self._start = self._start or time.monotonic()
        self._running.add(unit.key)
        self._describe()

    def finished(self, result: Result) -> None:
        """Show one finished unit, and how long the others may take."""
        self._done += 1
        self._failed += result.status != "ok"
        self._done_cost += self._left.pop(result.unit.key)
        self._running.discard(result.unit.key)
        self._best = _better(self._best, result)
        place = f"[{self._done:>{len(str(self._total))}}/{self._total}]"
        notes = [f"{place} {self._names[result.unit.key]}: {_outcome(result)}"]
        notes += ["best so far"] if self._best is result and self._left else []
        notes += [f"{self._failed} failed"] if self._failed else []
        notes += [f"about {self._to_go()} to go"] if self._left else []
        style = None if result.status == "ok" else "red"
        _write(self._console, "; ".join(notes), style)
        self._bar.update(self._task, advance=1)
        self._describe()

    def timing(self, count: int) -> None:
        """The trials of a backend are done, and its networks are timed."""
        if count:
            self.say(f"timing {count} network{'' if count == 1 else 's'} with nothing else running")
            self._bar.update(self._task, description=f"timing {count} networks")

    def _to_go(self) -> str:
        elapsed = time.monotonic() - (self._start or time.monotonic())
        return estimate.duration(elapsed * sum(self._left.values()) / self._done_cost)

    def _describe(self) -> None:
        parts = [f"{len(self._running)} running, {self._failed} failed"]
        if self._best is not None:
            loss = self._best.measures["validation_loss"]
            parts.append(f"best validation loss {loss:.4g} ({self._names[self._best.unit.key]})")
        if self._done_cost and self._left:
            parts.append(f"about {self._to_go()} to go")
        self._bar.update(self._task, description="; ".join(parts))


def warn(line: str, *, quiet: bool) -> None:
    """Something that a person should know, before there is progress to show."""
    _write(_console(quiet), line)


def tell(line: str) -> None:
    """Something that a person should know, however quiet the program is to be."""
    warn(line, quiet=False)


class _Console(rich.console.Console):
    """rich's own ends the program where nobody reads on."""

    def on_broken_pipe(self) -> None:
        """Say nothing more: what is told of a run is no reason to end it."""
        self.quiet = True


def _console(quiet: bool) -> rich.console.Console:
    return _Console(stderr=True, quiet=quiet, highlight=False)


def _write(console: rich.console.Console, line: str, style: str | None = None) -> None:
    """A line on standard error; where that cannot be written, as on a full disk, the run goes on without."""
    try:
        console.print(shortened(visible(line)), style=style, markup=False, soft_wrap=True)
    except OSError:
        console.quiet = True


def _names(units: Sequence[Unit]) -> dict[str, str]:
    return {key: visible(name) for key, name in names(units).items()}


def _better(best: Result | None, result: Result) -> Result | None:
    """The lower validation loss; only those of one objective compare, and the first that came is shown."""
    if not isinstance(result.unit, Trial) or result.measures.get("validation_loss") is None:
        return best
    if best is None:
        return result
    if not isinstance(best.unit, Trial) or result.unit.objective != best.unit.objective:
        return best
    return min(best, result, key=lambda one: one.measures["validation_loss"] or 0.0)


def _outcome(result: Result) -> str:
    if result.status != "ok":
        return f"{result.status}: {result.error}"
    parts = [
        f"{label} {value:.4f}"
        for label, name in (("MSE", "test_mse"), ("5-NN accuracy", "latent_knn_accuracy"))
        if (value := result.measures.get(name)) is not None
    ]
    seconds = sum(result.measures.get(name) or 0 for name in ("fit_seconds", "measure_seconds"))
    return ", ".join([*parts, estimate.duration(seconds)])


_SHOWN = (
    ("MSE", "test_mse", ".4f"),
    ("SSIM", "test_ssim", ".3f"),
    ("KL", "test_kl", ".2f"),
    ("logistic", "latent_accuracy", ".3f"),
    ("5-NN", "latent_knn_accuracy", ".3f"),
    ("fit s", "fit_seconds", ".1f"),
)


def print_summary(results: Sequence[Result], path: pathlib.Path, told: Sequence[str] = ()) -> None:
    """A table of all results, the report in a few lines, and where it is, on standard output."""
    text = io.StringIO()  # printed below: rich ends the program where nobody reads on
    is_terminal = sys.stdout.isatty()
    console = rich.console.Console(
        file=text, force_terminal=is_terminal, highlight=False, width=None if is_terminal else 110
    )
    table = rich.table.Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("trial", overflow="fold")
    for label, _, _ in _SHOWN:
        table.add_column(label, justify="right", no_wrap=True)
    known = _names([result.unit for result in results])
    for result in results:
        cells = [
            "" if (value := result.measures.get(name)) is None else format(value, style)
            for _, name, style in _SHOWN
        ]
        name = known[result.unit.key] + ("" if result.status == "ok" else f" ({result.status})")
        table.add_row(rich.markup.escape(name), *cells)
    console.print(table)
    _print_end(console, results, path, told)
    try:
        print(text.getvalue(), end="", flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:  # as of a full disk: the report is there all the same
        tell(f"the summary cannot be written to standard output ({error.strerror}); the report is {path}")
        sys.stdout = None  # else Python tries once more at its end


def _print_end(
    console: rich.console.Console, results: Sequence[Result], path: pathlib.Path, told: Sequence[str]
) -> None:
    failed = [result for result in results if result.status != "ok"]
    trials = sum(isinstance(result.unit, Trial) for result in results)
    counted = f"{trials} trial{'' if trials == 1 else 's'} and {len(results) - trials} baselines"
    console.print(f"\n{counted}, {len(failed)} failed", style="red" if failed else None)
    for line in told:
        console.print(shortened(visible(line)), soft_wrap=True, markup=False, emoji=False)
    console.print(f"report: {visible(path)}", soft_wrap=True, markup=False, emoji=False)
