"""What a user gets wrong on the command line: one line, and an exit code."""

import pytest

from bench import axes, backend


@pytest.mark.parametrize(
    ("arguments", "phrases"),
    [
        (["run", "--grid", "qick"], ["expected a grid", "full, quick", "'qick'"]),
        (["run", "--set", "activation=rleu"], ["unknown activation 'rleu'", "'relu'", "gelu"]),
        (["run", "--set", "colour=red"], ["unknown axis 'colour'", "latent_dim"]),
        (["run", "--only", "latent_dim=3"], ["latent_dim=3", "it has 2, 8"]),
        (["run", "--epochs", "none"], ["epochs takes a whole number, 1 or more", "'none'"]),
        (["run", "--seeds", "-1"], ["seed takes a whole number from 0"]),
        (["run", "--workers", "two"], ["--workers takes a whole number from 0", "'two'"]),
        (["run", "--workers", "1.5"], ["--workers takes a whole number from 0", "'1.5'"]),
        (["run", "--timeout", "0"], ["--timeout takes a number of seconds over 0"]),
        (["run", "--timeout", "1e10"], ["--timeout takes a number of seconds over 0, 1e+09 at most"]),
        (["run", "--features", "nowhere"], ["no run 'nowhere'"]),
        (["run", "--measures", "basic", "--features", "x"], ["--features is for the measures of generation"]),
        (["report", "~nosuchuser/run"], ["no run '~nosuchuser/run'"]),
        (["run", "--timeout", "soon"], ["--timeout takes a number of seconds", "'soon'"]),
        (["run", "--workers", "0", "--timeout", "9"], ["--timeout ends a worker process", "--workers 1"]),
        (["run", "--workers", "2", "--scheduler", "tcp://127.0.0.1:1"], ["give one of them"]),
        (["run", "--workers", "0", "--backend", "torch,jax"], ["one process, which has one backend"]),
        (["run", "--backend", "torch,numpy"], ["unknown backend 'numpy'"]),
        (["run", "--backend", "numpy"], ["unknown backend 'numpy'", "jax, tensorflow, torch"]),
        (["run", "--dataset", "missing.npz"], ["missing.npz", "does not exist"]),
        (["run", "--seeds", "20260101123456789"], ["seed takes a whole number from 0 to 2147483647"]),
        (["run", "--grid", "a" * 300 + ".toml"], ["expected a grid"]),
        (["report", "nowhere"], ["no run 'nowhere'", "list runs"]),
        (["report", "a" * 300], ["no run 'aaa"]),
    ],
)
def test_a_mistake_ends_in_one_line_and_exit_code_2(arguments, phrases, bench, tmp_path):
    process = bench(*arguments, cwd=tmp_path)
    assert process.returncode == 2
    assert process.stdout == ""
    message = process.stderr.strip()
    assert message.startswith("bench: error: ")
    assert "\n" not in message
    for phrase in phrases:
        assert phrase in message
    assert list(tmp_path.iterdir()) == []


def test_a_backend_that_is_not_installed_is_exit_code_3(bench, tmp_path):
    absent = [name for name in axes.BACKENDS if not backend.installed(name)]
    if not absent:
        pytest.skip("all three backends are installed here; the environments of one backend run this")
    process = bench("run", "--backend", absent[0], cwd=tmp_path)
    assert process.returncode == 3
    assert f"backend {absent[0]!r} is not installed" in process.stderr
    assert "\n" not in process.stderr.strip()
