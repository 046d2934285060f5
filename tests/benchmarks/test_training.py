"""Training against what people would write by hand: `tox -e training`, where all backends are.

`IMAGES` and `ROUNDS` in the environment make it longer or shorter. The table in README is written anew.
"""

import contextlib
import json
import os
import pathlib
import statistics
import subprocess
import sys
from collections.abc import Iterator

import pytest

from bench.machine import threads
from bench.machine.backend import BACKENDS
from tests.conftest import REPOSITORY

IMAGES = os.environ.get("IMAGES", "50000")
ROUNDS = int(os.environ.get("ROUNDS", "3"))
BEGIN, END = "<!-- training: begin -->\n", "<!-- training: end -->\n"  # around the table in README
TIMED = ("ours", "fit,handwritten,limit")  # each in a process of its own
COLUMNS = (
    "backend",
    "VAE",
    "ours, s",
    "`model.fit`, s",
    "PyTorch by hand, s",
    "limit, s",
    "ours / by hand",
    "ours / `model.fit`",
)


@pytest.fixture(scope="module")
def table():
    """Rows by name; written as Markdown at the end, if each was measured."""
    rows: dict[tuple[str, str], dict[str, float]] = {}
    yield rows
    if len(rows) == 2 * len(BACKENDS):
        lines = [COLUMNS, ("---",) * len(COLUMNS)]
        for names, s in sorted(rows.items(), key=lambda row: BACKENDS.index(row[0][0])):
            ratios = (s["ours"] / s["handwritten"], s["ours"] / s["fit"])
            numbers = (s["ours"], s["fit"], s["handwritten"], s["limit"], *ratios)
            lines.append((*names, *(f"{number:.2f}" for number in numbers)))
        text = "".join(f"| {' | '.join(line)} |\n" for line in lines)
        readme = REPOSITORY / "README.md"
        before, after = readme.read_text().split(BEGIN)
        caption = f"{int(IMAGES):,} images a pass, medians of {ROUNDS} passes.\n\n"
        readme.write_text(f"{before}{BEGIN}{caption}{text}{END}{after.split(END)[1]}")


@pytest.mark.parametrize("architecture", ["dense", "conv"])
def test_passes_over_the_images_of_all_backends_in_turns(benchmark, table, architecture):
    """In turns over the backends, too: what the machine is busy with besides then falls on all of them."""

    def measure() -> dict[str, dict[str, float]]:
        with contextlib.ExitStack() as stack:
            processes = {
                backend: [stack.enter_context(_started(backend, architecture, each)) for each in TIMED]
                for backend in BACKENDS
            }
            rounds = [
                {name: _pass(both[0]) | _pass(both[1]) for name, both in processes.items()}
                for _ in range(ROUNDS)
            ]
        return {backend: _medians([each[backend] for each in rounds]) for backend in BACKENDS}

    found = benchmark.pedantic(measure, rounds=1)
    for backend, seconds in found.items():
        table[backend, architecture] = seconds
    benchmark.extra_info.update(found)


@pytest.mark.parametrize("backend", BACKENDS)
def test_two_trials_at_once_against_the_limit(benchmark, backend):
    def measure() -> dict[str, float]:
        with contextlib.ExitStack() as stack:
            both = [stack.enter_context(_started(backend, "dense", "ours", thread_count=1)) for _ in range(2)]
            alone = stack.enter_context(_started(backend, "dense", "limit"))
            rounds = [{**_slowest(both), **_pass(alone)} for _ in range(ROUNDS)]
        found = _medians(rounds)
        a_trial = found["ours"] / 2
        return {"a_trial": a_trial, "limit": found["limit"], "ratio": a_trial / found["limit"]}

    found = benchmark.pedantic(measure, rounds=1)
    print(backend, found)
    benchmark.extra_info.update(found)


@contextlib.contextmanager
def _started(
    backend: str, architecture: str, wanted: str, thread_count: int = 0
) -> Iterator[subprocess.Popen[str]]:
    """A process that has warmed up and waits."""
    script = pathlib.Path(__file__).with_name("training_pass.py")
    environment = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    environment |= {"PYTHONPATH": str(REPOSITORY)} | (
        threads.environment(thread_count) if thread_count else {}
    )
    command = [sys.executable, script, backend, architecture, IMAGES, wanted]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        while (line := process.stdout.readline()) != "ready\n":
            assert line, f"{backend} {architecture} ended before it was ready"
        yield process
        process.stdin.close()


def _ask(process: subprocess.Popen[str]) -> None:
    process.stdin.write("\n")
    process.stdin.flush()


def _answer(process: subprocess.Popen[str]) -> dict[str, float]:
    found: dict[str, float] = json.loads(process.stdout.readline())
    return found


def _pass(process: subprocess.Popen[str]) -> dict[str, float]:
    _ask(process)
    return _answer(process)


def _slowest(processes: list[subprocess.Popen[str]]) -> dict[str, float]:
    """One pass of each at once."""
    for process in processes:
        _ask(process)
    return {"ours": max(_answer(process)["ours"] for process in processes)}


def _medians(rounds: list[dict[str, float]]) -> dict[str, float]:
    """By name; of what was timed with several numbers of threads, the best one."""
    medians = {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}
    names = {name.split()[0] for name in medians}
    return {name: min(value for key, value in medians.items() if key.split()[0] == name) for name in names}
