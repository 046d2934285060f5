"""What a person sees of a run: progress on standard error, the result on standard output."""

import os
import pathlib
import time
from collections.abc import Sequence
from types import TracebackType

import rich.console
import rich.markup
import rich.progress
import rich.table

from bench import estimate
from bench.result import Result
from bench.trial import Trial, Unit, names


class Progress:
    """Counts finished units; the time to go is learned from those that have finished.

    On a terminal a bar; elsewhere a line a unit. `NO_COLOR` is respected.
    """

    def __init__(self, units: Sequence[Unit], *, kept: int, quiet: bool) -> None:
        self._units = list(units)
        self._names = names(units)
        self._console = rich.console.Console(stderr=True, quiet=quiet, highlight=False)
        self._left = {unit.key: estimate.seconds(unit) for unit in units}
        self._done_cost = 0.0
        self._start = time.monotonic()
        self._total = len(self._units) + kept
        self._done = kept
        self._bar = rich.progress.Progress(
            rich.progress.BarColumn(),
            rich.progress.MofNCompleteColumn(),
            rich.progress.TextColumn("{task.description}"),
            console=self._console,
            disable=quiet or not self._console.is_terminal,
        )
        self._task = self._bar.add_task("starting", total=self._total, completed=kept)
        if kept:
            self._console.print(f"{kept} of {self._total} are finished already and kept")

    def __enter__(self) -> "Progress":
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def finished(self, result: Result) -> None:
        """Show one finished unit, and how long the others may take."""
        self._done += 1
        self._done_cost += self._left.pop(result.unit.key)
        elapsed = time.monotonic() - self._start
        to_go = elapsed * sum(self._left.values()) / self._done_cost
        place = f"[{self._done:>{len(str(self._total))}}/{self._total}]"
        rest = f"; about {estimate.duration(to_go)} to go" if self._left else ""
        line = f"{place} {self._names[result.unit.key]}: {_outcome(result)}{rest}"
        style = None if result.status == "ok" else "red"
        self._console.print(line, style=style, markup=False, soft_wrap=True)
        self._bar.update(self._task, advance=1, description=f"about {estimate.duration(to_go)} to go")


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


def print_summary(results: Sequence[Result], path: pathlib.Path) -> None:
    """A table of all results, and where the report is, on standard output."""
    console = rich.console.Console(highlight=False, width=None if os.isatty(1) else 110)
    table = rich.table.Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("trial", overflow="fold")
    for label, _, _ in _SHOWN:
        table.add_column(label, justify="right", no_wrap=True)
    known = names([result.unit for result in results])
    for result in results:
        cells = [
            "" if (value := result.measures.get(name)) is None else format(value, style)
            for _, name, style in _SHOWN
        ]
        name = known[result.unit.key] + ("" if result.status == "ok" else f" ({result.status})")
        table.add_row(rich.markup.escape(name), *cells)
    with console.capture() as text:  # rich ends the program where nobody reads on; print leaves it to us
        console.print(table)
        _print_end(console, results, path)
    print(text.get(), end="")


def _print_end(console: rich.console.Console, results: Sequence[Result], path: pathlib.Path) -> None:
    failed = [result for result in results if result.status != "ok"]
    trials = sum(isinstance(result.unit, Trial) for result in results)
    counted = f"{trials} trial{'' if trials == 1 else 's'} and {len(results) - trials} baselines"
    console.print(f"\n{counted}, {len(failed)} failed", style="red" if failed else None)
    console.print(f"report: {path}", soft_wrap=True, markup=False, emoji=False)
