"""What is told of a run, where it cannot be written."""

import subprocess
import sys

import pytest

from tests.conftest import REPOSITORY

TELL = """
from bench.running import progress
shown = progress.Progress([], kept=0, quiet=False)
with shown:
    for _ in range(1000):
        shown.say("a line")
progress.print_summary([], "report.html")
print("went on", file=open("went-on", "w"))
"""


@pytest.mark.parametrize(
    ("where", "said"),
    [(">/dev/full", "the report is report.html"), ("2>/dev/full", ""), ("2>&1 >/dev/null | head -c 1", "")],
)
def test_a_run_goes_on_where_nobody_can_read_of_it(where, said, tmp_path):
    done = subprocess.run(
        f"{sys.executable} -c '{TELL}' {where}",
        shell=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (tmp_path / "went-on").exists()
    assert "Traceback" not in done.stderr
    assert said in done.stderr
