"""Training against what people would write by hand: `tox -e training`, where all backends are.

`IMAGES` and `ROUNDS` in the environment make it longer or shorter. The table in README is written anew.
"""

import json
import os
import pathlib
import subprocess
import sys

import pytest

from bench import axes, threads
from tests.conftest import REPOSITORY

IMAGES = os.environ.get("IMAGES", "50000")
ROUNDS = os.environ.get("ROUNDS", "3")
BEGIN, END = "<!-- training: begin -->\n", "<!-- training: end -->\n"  # around the table in README
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
    if len(rows) == 2 * len(axes.BACKENDS):
        lines = [COLUMNS, ("---",) * len(COLUMNS)]
        for names, s in rows.items():
            ratios = (s["ours"] / s["handwritten"], s["ours"] / s["fit"])
            numbers = (s["ours"], s["fit"], s["handwritten"], s["limit"], *ratios)
            lines.append((*names, *(f"{number:.2f}" for number in numbers)))
        text = "".join(f"| {' | '.join(line)} |\n" for line in lines)
        readme = REPOSITORY / "README.md"
        before, after = readme.read_text().split(BEGIN)
        caption = f"{int(IMAGES):,} images a pass, medians of {ROUNDS} passes.\n\n"
        readme.write_text(f"{before}{BEGIN}{caption}{text}{END}{after.split(END)[1]}")


@pytest.mark.parametrize("architecture", ["dense", "conv"])
@pytest.mark.parametrize("backend", axes.BACKENDS)
def test_one_pass_over_the_images(benchmark, table, backend, architecture):
    def measure() -> dict[str, float]:
        return _seconds(_started(backend, architecture))

    seconds = benchmark.pedantic(measure, rounds=1)
    table[backend, architecture] = seconds
    benchmark.extra_info.update(seconds)


@pytest.mark.parametrize("backend", axes.BACKENDS)
def test_two_trials_at_once_against_the_limit(benchmark, backend):
    def measure() -> dict[str, float]:
        both = [_started(backend, "dense", "ours", thread_count=1) for _ in range(2)]
        a_trial = max(_seconds(each)["ours"] for each in both) / 2
        limit = _seconds(_started(backend, "dense", "limit"))["limit"]
        return {"a_trial": a_trial, "limit": limit, "ratio": a_trial / limit}

    found = benchmark.pedantic(measure, rounds=1)
    print(backend, found)
    benchmark.extra_info.update(found)


def _started(backend: str, architecture: str, *wanted: str, thread_count: int = 0) -> subprocess.Popen[str]:
    script = pathlib.Path(__file__).with_name("training_pass.py")
    environment = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    environment |= {"PYTHONPATH": str(REPOSITORY)} | (
        threads.environment(thread_count) if thread_count else {}
    )
    command = [sys.executable, script, backend, architecture, IMAGES, ROUNDS, *wanted]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def _seconds(started: subprocess.Popen[str]) -> dict[str, float]:
    output, _ = started.communicate()
    assert started.returncode == 0
    found: dict[str, float] = json.loads(output.splitlines()[-1])
    return found
