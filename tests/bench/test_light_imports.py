"""What a command or a room must not import."""

import os
import subprocess
import sys

import pytest

from tests.conftest import REPOSITORY


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["list"], ["run", "--dry-run"]])
def test_light_commands_import_nothing_heavy(arguments, tmp_path):
    script = (
        "import sys, bench.cli\n"
        "try:\n    bench.cli.main(sys.argv[1:])\n"
        "except SystemExit:\n    pass\n"
        "heavy = {'keras', 'torch', 'jax', 'tensorflow', 'pandas', 'matplotlib', 'scipy', 'sklearn'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))\n"
    )
    process = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert process.stdout.splitlines()[-1] == "HEAVY []"


@pytest.mark.parametrize("command", [[], ["run"], ["measure"], ["report"], ["table"], ["compare"], ["data"]])
def test_help_does_not_even_import_arrays(command):
    script = (
        "import sys, bench.cli\n"
        "try:\n    bench.cli.main(sys.argv[1:])\n"
        "except SystemExit:\n    pass\n"
        "print('numpy' in sys.modules)"
    )
    arguments = [sys.executable, "-c", script, *command, "--help"]
    process = subprocess.run(arguments, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert process.stdout.splitlines()[-1] == "False"


def test_rooms_without_models_never_import_keras_or_a_backend():
    rooms = (
        "cli ask.grid ask.estimate keeping.store keeping.tables statistics report compare metrics datasets "
        "running.plan running.publication"
    )
    script = (
        f"import sys, {', '.join(f'bench.{room}' for room in rooms.split())}\n"
        "print(sorted({'keras', 'torch', 'jax', 'tensorflow'} & set(sys.modules)))"
    )
    process = subprocess.run(
        [sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert process.stdout.strip() == "[]"
