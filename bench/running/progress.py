"""What a person sees of a run: progress on standard error, the result on standard output."""

import io
import pathlib
import re
import sys
import textwrap
import time
from collections.abc import Sequence
from types import TracebackType

import rich.console
import rich.markup
import rich.progress
import rich.table

from bench.ask import estimate, grouping
from bench.ask.trial import External, Trial, Unit
from bench.ask.trial_names import names
from bench.foreign import shortened, visible
from bench.keeping.result import Result
from bench.running import heartbeat
from bench.running.countdown import Countdown

MOST_NAMED = 3  # of what runs at once
COUNTED_EVERY = 15.0  # seconds between two lines about the networks that are timed


class Progress:
    """Counts finished units; the time to go is learned from those that have finished.

    On a terminal a bar; elsewhere a line a unit, and one a minute while there is nothing else to say.
    `NO_COLOR` is respected.

    Parameters
    ----------
    then
        Seconds that are expected after the last unit: of timing and of the report.
    """

    def __init__(
        self,
        units: Sequence[Unit],
        *,
        kept: int,
        quiet: bool,
        groups: Sequence[str] = grouping.DEFAULT,
        then: float = 0.0,
    ) -> None:
        self._names = _names(units)
        self._console = _console(quiet)
        self._left = {unit.key: estimate.seconds(unit, groups) for unit in units}
        self._then = then
        self._running: dict[str, str] = {}  # what each does, as far as it says
        self._doing = "starting"  # where nothing runs
        self._begun = self._start = time.monotonic()
        self._done_cost = 0.0
        self._has_started = False
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
        self._heart = heartbeat.Heartbeat(self._beat)
        if kept:
            self.say(f"{kept} of {self._total} are finished already and kept")

    def __enter__(self) -> "Progress":
        self._bar.start()
        self._heart.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._heart.__exit__(kind, error, trace)
        self._bar.stop()

    def say(self, line: str, style: str | None = None) -> None:
        """Something that a person should know."""
        _write(self._console, line, style)
        self._heart.touch()

    def preparing(self, backend: str) -> None:
        """Workers start, import a backend and load the data."""
        self.now(f"starting {backend} and loading the data")

    def training_classifiers(self) -> None:
        """One worker trains the classifiers in whose features images are compared."""
        self.now("training the networks of features")

    def started(self, unit: Unit) -> None:
        """A unit has begun."""
        if not self._has_started:
            self._has_started, self._start = True, time.monotonic()
        self._running[unit.key] = ""
        self._describe()

    def progressed(self, unit: Unit, what: str) -> None:
        """What a unit that runs does now, as `epoch 4 of 10`; told from any thread."""
        if unit.key in self._running:
            self._running[unit.key] = shortened(visible(what))
            self._describe()

    def finished(self, result: Result) -> None:
        """Show one finished unit, and how long the others may take."""
        self._done += 1
        self._failed += result.status != "ok"
        self._done_cost += self._left.pop(result.unit.key)
        self._running.pop(result.unit.key, None)
        self._best = _better(self._best, result)
        place = f"[{self._done:>{len(str(self._total))}}/{self._total}]"
        notes = [f"{place} {self._names[result.unit.key]}: {_outcome(result)}"]
        notes += ["best so far"] if self._best is result and self._left else []
        notes += [f"{self._failed} failed"] if self._failed else []
        notes += [f"about {self._to_go()} to go"] if self._left else []
        self.say("; ".join(notes), None if result.status == "ok" else "red")
        self._bar.update(self._task, advance=1)
        self._describe()

    def timing(self, count: int, expected: float) -> Countdown:
        """The trials of a backend are done, and its networks are timed, in so many seconds about."""
        if count:
            about = f", about {estimate.duration(expected)}" if expected else ""
            networks = f"{count} network{'' if count == 1 else 's'}"
            self.say(f"timing {networks} with nothing else running{about}")
        return Countdown(count, expected, self.now)

    def now(self, what: str) -> None:
        """What is done where no unit runs; told however often, said now and then."""
        self._doing, self._begun = what, time.monotonic()
        self._bar.update(self._task, description=what)
        if not self._console.is_terminal and self._heart.silence >= COUNTED_EVERY:
            self.say(what)

    def _beat(self) -> None:
        """On a terminal the bar says it."""
        if not self._console.is_terminal:
            self.say(self._state())

    def _state(self) -> str:
        """What goes on, in a line."""
        running = [f"{self._names[key]}{what and ': '}{what}" for key, what in [*self._running.items()]]
        if not running:
            waited = time.monotonic() - self._begun
            return f"{self._doing}{f', for {estimate.duration(waited)}' if waited > 1 else ''}"
        more = [f"and {len(running) - MOST_NAMED} more"] if len(running) > MOST_NAMED else []
        left = [f"about {self._to_go()} to go"] if self._done_cost and self._left else []
        return "; ".join([f"{self._done} of {self._total} done", *running[:MOST_NAMED], *more, *left])

    def _to_go(self) -> str:
        elapsed = time.monotonic() - self._start
        under_way = sum(self._left.get(key, 0.0) * _share(what) for key, what in [*self._running.items()])
        left = sum(self._left.values()) - under_way
        return estimate.duration(elapsed * left / (self._done_cost + under_way) + self._then)

    def _describe(self) -> None:
        parts = [f"{len(self._running)} running, {self._failed} failed"]
        parts += [what for what in [*self._running.values()][:1] if what and len(self._running) == 1]
        if self._best is not None:
            loss = self._best.measures["validation_loss"]
            parts.append(f"best validation loss {loss:.4g} ({self._names[self._best.unit.key]})")
        if self._done_cost and self._left:
            parts.append(f"about {self._to_go()} to go")
        self._bar.update(self._task, description="; ".join(parts))


def _share(what: str) -> float:
    """How much of a trial is done, by its epochs."""
    found = re.fullmatch(r"epoch (\d{1,9}) of (\d{1,9})", what)
    return min(1.0, int(found[1]) / max(1, int(found[2]))) if found else 0.0


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


_SHOWN = ("test_mse", "test_ssim", "test_kl", "latent_accuracy", "latent_knn_accuracy", "fit_seconds")
_HEAD_WIDTH = 11


def print_summary(results: Sequence[Result], path: pathlib.Path, told: Sequence[str] = ()) -> None:
    """A table of all results, the report in a few lines, and where it is, on standard output."""
    from bench.report import words  # what a report calls them, and how it writes their numbers

    text = io.StringIO()  # printed below: rich ends the program where nobody reads on
    is_terminal = sys.stdout.isatty()
    console = rich.console.Console(
        file=text, force_terminal=is_terminal, highlight=False, width=None if is_terminal else 110
    )
    table = rich.table.Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("trial", overflow="fold")
    for name in _SHOWN:
        table.add_column(textwrap.fill(words.head(name), _HEAD_WIDTH), justify="right", no_wrap=True)
    known = _names([result.unit for result in results])
    for result in results:
        found = ((name, result.measures.get(name)) for name in _SHOWN)
        cells = ["" if value is None else words.number(name, value) for name, value in found]
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
    trials, others = (sum(isinstance(one.unit, k) for one in results) for k in (Trial, External))
    parts = [f"{trials} trial{'' if trials == 1 else 's'}", f"{len(results) - trials - others} baselines"]
    parts += [f"{others} measurement{'' if others == 1 else 's'} of external coders"] if others else []
    counted = f"{', '.join(parts[:-1])} and {parts[-1]}, {len(failed)} failed"
    console.print(f"\n{counted}", style="red" if failed else None)
    for line in told:
        console.print(shortened(visible(line)), soft_wrap=True, markup=False, emoji=False)
    console.print(f"report: {visible(path)}", soft_wrap=True, markup=False, emoji=False)
    console.print(address(path), soft_wrap=True, markup=False, emoji=False)


def address(path: pathlib.Path) -> str:
    """The path of a page as an address, which terminals open at a click."""
    return pathlib.Path(path).absolute().as_uri()


def open_page(path: pathlib.Path) -> None:
    """Open a page in a browser; where there is none, say so, as it is there all the same."""
    import webbrowser

    try:
        is_open = webbrowser.open(address(path))
    except Exception:  # of a browser that cannot be started, whatever it is
        is_open = False
    if not is_open:
        tell(f"no browser could be opened; the report is {address(path)}")
