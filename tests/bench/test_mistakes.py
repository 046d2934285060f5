"""What a user gets wrong on the command line: one line, and an exit code."""

import shutil

import pytest

from bench import cli, foreign
from bench.ask import axes
from bench.machine import backend
from bench.machine.backend import BACKENDS
from tests.bench.real_run import PUBLISHED

LONG = "a" * 300


@pytest.mark.parametrize(
    ("arguments", "phrases"),
    [
        (["run", "--grid", "qick"], ["expected a grid", "full, quick", "'qick'", "did you mean 'quick'?"]),
        (["run", "--grid", "base.tom"], ["did you mean 'base'?"]),
        (["run", "--set", "activation=rleu"], ["unknown activation 'rleu'", "'relu'", "gelu"]),
        (["run", "--set", "colour=red"], ["unknown axis 'colour'", "latent_dim"]),
        (["run", "--only", "model=vae,latent_dim=8"], ["give latent_dim=8 an option of its own"]),
        (["run", "--only", "latent_dim=3"], ["latent_dim=3", "it has 2, 8"]),
        (["run", "--epochs", "none"], ["epochs takes a whole number, 1 or more", "'none'"]),
        (["run", "--baselines", "mean,pac"], ["--baselines: unknown baseline 'pac'", "pca", "all"]),
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
        (["run", "--grid", f"{LONG}.toml"], ["expected a grid"]),
        (["report", "nowhere"], ["no run 'nowhere'", "list runs"]),
        (["report", LONG], ["no run 'aaa"]),
        (["report", "x", "--templates", LONG], ["--templates: expected a folder"]),
        (["run", "--output", LONG, "--workers", "0"], ["cannot write the run", "a shorter name", "--output"]),
        (["report", "a\0b"], ["run: expected a value without the character 0", r"'a\x00b'"]),
        (["report", "x", "--templates", "~a\0"], ["templates: expected a value without the character 0"]),
        (["compare", "x", "a\0b"], ["after: expected a value without the character 0"]),
        (["run", "--grid", "~\0"], ["grid: expected a value without the character 0"]),
        (["run", "--output", "a\0b", "--dry-run"], ["output: expected a value without the character 0"]),
        ([], ["the following arguments are required: COMMAND", "see python -m bench --help"]),
        (["rnu"], ["unknown command 'rnu' (did you mean 'run'?)", "see python -m bench --help"]),
        (["--grid", "full"], ["expected a command before '--grid'", "run"]),
        (["run", "--epohcs", "3"], ["run does not take '--epohcs' (did you mean '--epochs'?)"]),
        (["run", "--latent-dim", "4"], ["run does not take '--latent-dim'", "--set latent_dim=4"]),
        (["run", "--latent_dim=4"], ["--set latent_dim=4"]),
        (["run", "latent_dim=4"], ["--set latent_dim=4"]),
        (["run", "latent_dim", "=", "4"], ["--set latent_dim=4"]),
        (["run", "--set", "latent_dim", "=", "4"], ["AXIS=VALUE without spaces"]),
        (["run", "--model", "vae"], ["--set model=vae"]),
        (["run", "--beta", "4"], ["--set beta=4"]),
        (["run", "--lr", "1e-2"], ["--set learning_rate=1e-2"]),
        (["run", "--arch"], ["--set architecture=VALUE"]),
        (["run", "--seed", "3"], ["run does not take '--seed'", "--seeds 3"]),
        (["run", "--seed=3"], ["--seeds 3"]),
        (["run", "seed=3"], ["--seeds 3"]),
        (["run", "--schedule", "cosine"], ["run does not take '--schedule'", "--set schedule=cosine"]),
        (["run", "--data", "digits"], ["options are written whole, as --dataset"]),
        (["run", "--save=all"], ["options are written whole, as --save-models=all"]),
        (["run", "--b", "x"], ["as --background or --backend or --batch-size or --baselines"]),
        (["report", "x", "--temp", "y"], ["options are written whole, as --templates"]),
        (["--vers"], ["expected a command before '--vers'"]),
        (["run", "quick"], ["run does not take 'quick'", "--grid quick"]),
        (["run", "quik"], ["run does not take 'quik' (did you mean --grid quick?)"]),
        (["run", "digit"], ["(did you mean --dataset digits?)"]),
        (["run", "sigma-vae"], ["(did you mean --set model=sigma_vae?)"]),
        (["run", "tensorflw"], ["(did you mean --backend tensorflow?)"]),
        (["run", "likelyhood"], ["(did you mean --measures likelihood?)"]),
        (["run", "digits"], ["--dataset digits"]),
        (["run", "--only", "model=ae", "vae"], ["--set model=vae", "joined by commas"]),
        (["run", "--backend", "torch", "jax"], ["--backend jax", "joined by commas"]),
        (["run", "--measures", "basic", "robustness"], ["--measures robustness", "joined by commas"]),
        (["run", "--seeds", "0", "1"], ["joined by commas, as --seeds 0,1,2"]),
        (["run", "--backend", "troch"], ["unknown backend 'troch' (did you mean 'torch'?)"]),
        (["run", "--measures", "generaton"], ["'generaton' (did you mean 'generation'?)"]),
        (["run", "--dataset", "digit"], ["(did you mean 'digits'?)"]),
        (["run", "--set", "model=vea"], ["unknown model 'vea' (did you mean 'vae'?)"]),
        (["run", "--set", "latent-dim=4"], ["(did you mean 'latent_dim'?)"]),
        (["run", "--save-models", "bset"], ["argument --save-models: unknown value 'bset'", "'best'"]),
        (["run", "--backend", ""], ["backend: expected a value, received an empty one"]),
        (
            ["run", "--workers"],
            ["argument --workers: expected one argument", "see python -m bench run --help"],
        ),
        (["compare", "a"], ["required: RUN_B"]),
        (["compare", "a", "b", "--format", "htlm"], ["unknown value 'htlm' (did you mean 'html'?)"]),
        (["report"], ["required: RUN"]),
        (["report", "a", "b"], ["report does not take 'b'"]),
        (["list", "grid"], ["unknown value 'grid' (did you mean 'grids'?)"]),
    ],
)
def test_a_mistake_ends_in_one_line_and_exit_code_2(arguments, phrases, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert cli.main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    message = printed.err.strip()
    assert message.startswith("bench: error: ")
    assert "\n" not in message
    for phrase in phrases:
        assert phrase in message
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("axis", sorted(set(axes.named()) - {"dataset", "epochs", "batch_size"}))
def test_every_setting_that_is_given_as_an_option_gets_a_hint(axis, capsys):
    assert cli.main(["run", f"--{axis.replace('_', '-')}", "4"]) == 2
    expected = "--seeds 4" if axis == "seed" else f"--set {axis}=4"
    assert f": settings of trials are given as {expected}; see" in capsys.readouterr().err


def test_a_mistake_in_a_process_of_its_own_ends_in_the_same(bench, tmp_path):
    process = bench("run", "--latent-dim", "4", cwd=tmp_path)
    assert process.returncode == 2
    assert process.stdout == ""
    assert process.stderr.startswith("bench: error: run does not take '--latent-dim'")
    assert process.stderr.count("\n") == 1


def test_the_grid_and_the_run_beside_a_mistaken_name_are_named(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sweep-of-losses.toml").write_text('[[block]]\nmodel = "ae"\n')
    run = tmp_path / "reports" / "quick-digits"
    run.mkdir(parents=True)
    (run / "run.json").write_text("{}")
    assert cli.main(["run", "--grid", "sweep-of-loses.toml"]) == 2
    assert "did you mean 'sweep-of-losses.toml'?" in capsys.readouterr().err
    for command in (["report", "quick-digit"], ["compare", "quik-digits", "quick-digits"]):
        assert cli.main(command) == 2
        assert "did you mean 'quick-digits'?" in capsys.readouterr().err


def test_numbers_and_blanks_are_taken_as_a_grid_file_takes_them(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    few = ["--set", "latent_dim = 4, 1_0", "--only", " latent_dim = 4 ", "--epochs", "1e1", "--workers=1e0"]
    assert cli.main(["run", "--dry-run", *few]) == 0
    told = capsys.readouterr().out
    assert "ae dense, latent 4" in told and "latent 10" not in told
    assert "for 1 worker," in told


def test_a_line_break_in_a_name_begins_no_line(capsys, monkeypatch, tmp_path):
    """A name forged lines of `bench list`, of a dry run and of the path that `report` ends with."""
    monkeypatch.chdir(tmp_path)
    name = "reports/quick\n  forged  grid full, finished"
    (tmp_path / "reports").mkdir()
    shutil.copytree(PUBLISHED, name, ignore=shutil.ignore_patterns("*.html", "figures"))
    for command in (["list", "runs"], ["run", "--output", f"{name}2", "--only", "model=ae", "--dry-run"]):
        assert cli.main(command) == 0
        told = capsys.readouterr().out
        assert r"reports/quick\x0a  forged  grid" in told and "\n  forged" not in told


def test_a_line_with_many_words_keeps_its_beginning_and_its_end():
    """An error of a file of a user had 27,000 letters."""
    line = f"bench: error: expected a table, received {'[0, ' * 9000}; correct the file"
    short = foreign.shortened(line)
    assert len(short) < 1600 and "[0, ... " in short.replace(" ...  ", " ... ").replace("  ", " ")
    assert short.startswith("bench: error: expected a table, received [0,") and short.endswith(
        "; correct the file"
    )
    assert foreign.shortened(line[:1500]) == line[:1500]


ODD = (
    *("", " ", "--", LONG, "a/" * 3000, "9" * 5000, "nul\0", "caf\udce9", "\x1b[31m", "\u202e", "\n"),
    *("-1", "-inf", "nan", "1e400", "1e999999999", "1_000", "0x10", "True", "\u0663", "=", ",", "../.."),
)
"""Empty, long, of bytes that are no text, that act on a terminal, and numbers of every kind."""

BESIDE = {
    "run": ["--dry-run"],
    "report": ["nowhere"],
    "compare": ["nowhere", "nowhere"],
    "list": [],
    "doctor": [],
}


@pytest.mark.parametrize("command", sorted(BESIDE))
def test_no_option_has_a_value_that_ends_in_a_traceback_or_in_a_page(command, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    taken = set()
    for option in set(cli.parser().options_of(command)) - {"-h", "--help"}:
        for odd in ODD:
            code = cli.main([command, *BESIDE[command], f"{option}={odd}"])
            printed = capsys.readouterr()
            assert code in (0, 2), (option, odd, printed.err)
            assert not set("\x1b\u202e\udce9") & set(printed.out + printed.err), (option, odd)
            if code == 0:
                taken.add((option, odd))
                continue
            assert printed.err.startswith("bench: error: "), (option, odd)
            assert printed.err.count("\n") == 1, (option, odd)
            assert len(printed.err) < 1200, (option, odd)
    numbers = {option for option, odd in taken if odd == "1_000"}
    assert taken == set() or numbers >= {"--epochs", "--batch-size", "--seeds", "--workers", "--timeout"}
    assert {odd for option, odd in taken if option not in ("--output", "--scheduler")} <= {"1_000"}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["list", "report", "doctor", "run", "rnu"])
def test_no_odd_argument_ends_in_a_traceback_or_in_a_page(command, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for odd in set(ODD) - {"--"}:  # which ends the options, and is nothing itself
        assert cli.main([command, odd]) == 2, odd
        assert capsys.readouterr().err.count("\n") == 1, odd


def test_a_backend_that_is_not_installed_is_exit_code_3(bench, tmp_path):
    absent = [name for name in BACKENDS if not backend.installed(name)]
    if not absent:
        pytest.skip("all three backends are installed here; the environments of one backend run this")
    process = bench("run", "--backend", absent[0], cwd=tmp_path)
    assert process.returncode == 3
    assert f"backend {absent[0]!r} is not installed" in process.stderr
    assert "\n" not in process.stderr.strip()
