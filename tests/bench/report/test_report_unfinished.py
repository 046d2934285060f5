"""Runs that failed, have not finished, or hold next to nothing: the report is right about what it has."""

import pathlib
import re

import pytest

from bench import errors, report
from bench.ask.trial import Baseline
from bench.keeping.result import Outcome, Result
from bench.keeping.store import RunFolder

from .conftest import MakeRun, Written, ok, parse, trial


def test_finished_run_says_in_its_head_that_all_ended_well(finished_run: pathlib.Path) -> None:
    for name in ("index.html", "README.md"):
        text = (finished_run / name).read_text()
        assert "16 of 16 ended well" in text and 'id="failures"' not in text and "## Failures" not in text


def test_failure_is_reported_with_its_traceback(run: RunFolder, written: Written) -> None:
    unit = run.units()[0]
    run.write(
        Outcome(
            result=Result(unit=unit, status="diverged", error="loss became nan", traceback="File 1, line 2")
        )
    )
    page = written(run)
    assert "15 of 16 ended well" in page and "1 of 16 trials failed." in page
    for text in ("diverged", "loss became nan", "File 1, line 2"):
        assert text in page and text in (run.path / "README.md").read_text()
    assert "1 of 2" in page  # seeds of its configuration


def test_incomplete_run_says_how_far_it_is(run: RunFolder, written: Written) -> None:
    for unit in run.units()[:2]:
        (run.path / "trials" / unit.key / "result.json").unlink()
    assert "14 of 16 trials have finished" in written(run)


def test_all_failed_is_a_report_of_failures(make_run: MakeRun, written: Written) -> None:
    results = [Result(unit=trial(seed=seed), status="failed", error="out of memory") for seed in (0, 1)]
    page = written(make_run(results, []))
    parse(page)
    assert "No trial has ended well" in page
    assert page.partition('id="trials"')[2].count("out of memory") == 2  # a line each
    assert page.count("<p><strong>failed:</strong> out of memory</p>") == 2  # among the failures


@pytest.mark.parametrize("model", ["ae", "vae"])
def test_one_trial_of_one_model_without_files_is_a_report(
    make_run: MakeRun, written: Written, model: str
) -> None:
    page = written(make_run([ok(trial(model=model))], []))
    parse(page)
    for text in ("one seed, so no interval", "No trial has left pictures", "No two configurations differ"):
        assert text in page


def test_baselines_alone_are_a_report(make_run: MakeRun, written: Written) -> None:
    baseline = Baseline(dataset="digits", model="pca", latent_dim=8)
    page = written(make_run([ok(baseline)], [trial()]))
    parse(page)
    assert "PCA, latent" in page and "0 of 1 trials have finished" in page
    assert "No trial has ended yet" in page and "The section on failures says why" not in page


def test_folder_without_a_run_is_one_line(tmp_path: pathlib.Path) -> None:
    with pytest.raises(errors.RunFolderError, match="not a run folder"):
        report.write(RunFolder(tmp_path))


def test_linear_classifier_that_did_not_converge_is_marked(make_run: MakeRun, written: Written) -> None:
    pixels = Baseline(dataset="digits", model="pixels")
    results = [
        ok(trial(), latent_accuracy=0.9, latent_accuracy_converged=1),
        ok(pixels, latent_accuracy=0.8, latent_accuracy_converged=0),
    ]
    folder = make_run(results, [])
    for text in (written(folder), (folder.path / "README.md").read_text()):
        assert re.search(r"†\s80\.0", text) and not re.search(r"†\s90\.0", text)
        assert text.count("† The linear classifier had not converged") == 1
