"""Failures with all that was left of them, and where trials ran."""

import os
import re
import subprocess
from collections.abc import Callable

import html5lib
import pytest

from bench import foreign
from bench.keeping.result import Result
from bench.keeping.store import RunFolder
from bench.machine import provenance
from bench.report.evidence import gather
from bench.report.sections import origin

from .conftest import MakeRun, ok, trial

Written = Callable[[RunFolder], str]


def machine(**facts: object) -> dict[str, object]:
    known = {"system": "Linux", "cores": 4, "memory_gb": 8.0, "device": "cpu", "workers": 2, "threads": 2}
    return {**known, "thread_bounds": {"OMP_NUM_THREADS": "2"}, "other_versions": [], **facts}


def told(page: str) -> dict[str, str]:
    """Provenance, word to text."""
    part = page[page.index('<section id="provenance"') :]
    return dict(re.findall(r"<div><dt>(.*?)</dt><dd>(.*?)</dd></div>", part))


@pytest.mark.parametrize("status", ["failed", "diverged", "timeout", "killed"])
def test_failure_shows_status_error_log_and_traceback(
    make_run: MakeRun, written: Written, status: str
) -> None:
    failed = Result(
        unit=trial(),
        status=status,
        error="it <broke>",
        log="epoch 1\n\n<b>out of memory</b>",
        traceback="File 1, line 2",
    )
    folder = make_run([failed])
    page = written(folder)
    html5lib.HTMLParser(strict=True).parse(page)
    for text in (page, (folder.path / "README.md").read_text()):
        assert f"1 {status}" in text and "it &lt;broke&gt;" in text
        assert "epoch 1\n\n&lt;b&gt;out of memory&lt;/b&gt;</pre>" in text
        assert len(re.findall("<summary>(?:The last lines|Traceback)", text)) == 2
        folds = re.findall("<summary>(?!How to read)", re.split("Protocol</h2>|\n## Protocol", text)[0])
        assert len(folds) == 3  # and that of the alert


def test_failure_without_a_log_has_no_place_for_one(make_run: MakeRun, written: Written) -> None:
    page = written(make_run([Result(unit=trial(), status="failed", error="no")]))
    part = page.partition('<section id="failures"')[2].partition("</section>")[0]
    assert "<h3>" in part and "<summary>" not in part
    before = page.partition('id="protocol"')[0]
    assert before.count("<summary>") == 2  # how to read the page, and of the alert


def test_failures_are_counted_by_kind(make_run: MakeRun, written: Written) -> None:
    results = [
        Result(unit=trial(seed=seed), status=status, error="no")
        for seed, status in enumerate(("killed", "timeout", "killed"))
    ]
    page = written(make_run(results))
    assert "3 trials or baselines did not end well: 2 killed, 1 timeout." in re.sub("<[^>]*>", "", page)


def test_machine_is_told_once_where_backends_share_it(make_run: MakeRun, written: Written) -> None:
    results = [ok(trial()), ok(trial(backend="jax"))]
    machines = {
        "torch": machine(device="NVIDIA H200", other_versions=["numpy 1.0 (here 2.0)"]),
        "jax": machine(threads=None, workers=1),
    }
    found = told(written(make_run(results, machines=machines, machine=machines["jax"])))
    assert found["Cores"] == "4" and found["Memory"] == "8.0 GiB"
    assert found["Device"] == "torch NVIDIA H200; jax cpu"
    assert found["Workers"] == "torch 2; jax 1"
    assert found["Threads a worker"] == "2"
    assert found["Other versions on some workers"] == "torch numpy 1.0 (here 2.0)"


def test_machine_of_an_older_run_is_told(make_run: MakeRun, written: Written) -> None:
    found = told(written(make_run([ok(trial())], machine={"device": "cpu", "threads": 4})))
    assert (found["Device"], found["Threads a worker"]) == ("cpu", "4")
    assert "Workers" not in found and "Other versions on some workers" not in found


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (["a1"], "1 trial of an earlier form of the grid is kept in trials/ and left out of this report: a1"),
        ([f"k{i}" for i in range(9)], "9 trials of an earlier form of the grid are kept"),
    ],
)
def test_trials_of_an_earlier_grid_are_counted(
    make_run: MakeRun, written: Written, keys: list[str], text: str
) -> None:
    found = told(written(make_run([ok(trial())], left_out=keys)))
    assert found["Left out"].startswith(text)


def test_the_command_names_what_it_named_whatever_a_name_has_in_it(make_run: MakeRun) -> None:
    """A page writes `\\x1b` for ESC, which in the quotes of the command is another name."""
    words = ["run", "--output", "a\x1b\u202e b'\\x41\n\udce9é", "--dataset", "plain name.npz"]
    command = provenance.command(words)
    lines = origin.commands(gather(make_run([ok(trial())], command=command, sessions=[]))).splitlines()
    (shown,) = (line for line in map(foreign.visible, lines) if "bench run" in line)
    script = "python() { printf '%s\\0' \"$@\"; }\n" + shown
    told = subprocess.run(["bash", "-c", script], stdout=subprocess.PIPE, check=True).stdout
    assert told.split(b"\0")[2:-1] == [os.fsencode(word) for word in words]
    assert "'plain name.npz'" in shown


def test_backend_is_named_in_the_command_once(make_run: MakeRun, written: Written) -> None:
    page = written(make_run([ok(trial())], backend="torch", command="python -m bench run --backend torch"))
    assert "KERAS_BACKEND" not in page[page.index('id="reproduce"') :]
    page = written(make_run([ok(trial())], backend="torch", command="python -m bench run"))
    assert "KERAS_BACKEND=torch python -m bench run" in page
