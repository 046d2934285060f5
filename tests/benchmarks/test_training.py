"""Training against what people would write by hand: `tox -e training`, where all backends are.

`IMAGES` and `ROUNDS` in the environment make it longer or shorter. The table in README is written anew.
"""

import json
import os
import pathlib
import subprocess
import sys

import pytest

from bench import axes
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
    script = pathlib.Path(__file__).with_name("training_pass.py")
    command = [sys.executable, script, backend, architecture, IMAGES, ROUNDS]
    environment = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    environment["PYTHONPATH"] = str(REPOSITORY)

    def measure() -> dict[str, float]:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return json.loads(done.stdout.splitlines()[-1])

    seconds = benchmark.pedantic(measure, rounds=1)
    table[backend, architecture] = seconds
    benchmark.extra_info.update(seconds)
