"""Groups of measures: which are taken, and when a finished trial is measured again."""

import csv
import json

import pytest

from bench import cli, errors
from bench.ask import grouping
from bench.keeping.result import Outcome, Result
from bench.measures import TASKS, likelihood
from bench.running import plan
from tests.conftest import BASELINES, TINY


def test_groups_come_in_one_order_and_the_basic_one_always():
    assert grouping.parse(None) == ("basic", "generation")
    assert grouping.parse("robustness, likelihood") == ("basic", "likelihood", "robustness")
    assert grouping.parse("basic") == ("basic",)


def test_another_data_set_is_a_group_of_its_own():
    found = grouping.parse("robustness", "mnist")
    assert found == ("basic", "robustness", "outside:mnist")
    assert grouping.outside(found) == "mnist"
    assert grouping.outside(("basic",)) == ""


def test_what_was_measured_before_is_measured_again_beside_what_is_asked_for():
    assert grouping.union(("basic", "likelihood"), ("basic", "generation")) == (
        "basic",
        "generation",
        "likelihood",
    )
    kept = ("basic", "robustness", "outside:mnist")
    assert grouping.union(("basic", "generation"), kept) == ("basic", "generation", *kept[1:])
    assert grouping.union(("basic", "robustness", "outside:digits"), kept)[-1] == "outside:digits"


def test_a_finished_run_keeps_its_numbers_when_others_are_asked_for(tmp_path):
    (tmp_path / "tiny.toml").write_text(TINY)
    common = ("run", "--grid", str(tmp_path / "tiny.toml"), "--output", str(tmp_path / "out"))
    first = plan.make(cli.parser().parse_args([*common]))
    first.folder.create()
    first.folder.write_run({"grid": {}, "command": "", "units": [], "datasets": {}, "sessions": []})
    for unit in first.units:
        result = Result(unit=unit, status="ok", measures={}, groups=("basic", "generation"))
        first.folder.write(Outcome(result=result))
    again = plan.make(cli.parser().parse_args([*common, "--measures", "likelihood"]))
    assert len(again.missing()) == len(first.units)
    assert {again.measures_of(unit) for unit in first.units} == {("basic", "generation", "likelihood")}
    fresh = plan.make(cli.parser().parse_args([*common, "--measures", "likelihood", "--fresh"]))
    assert {fresh.measures_of(unit) for unit in first.units} == {("basic", "likelihood")}


def test_mistakes_are_named():
    with pytest.raises(errors.UsageError, match=r"unknown group of measures 'generaton' \(did you mean"):
        grouping.parse("basic,generaton")
    with pytest.raises(errors.UsageError, match="--outside is for the measures of robustness"):
        grouping.parse("basic", "mnist")


@pytest.fixture(scope="module")
def runs(bench, tmp_path_factory):
    """A run with the basic measures, and then with all; the tables and what was said."""
    folder = tmp_path_factory.mktemp("measures")
    (folder / "tiny.toml").write_text(TINY.removeprefix(BASELINES))
    common = ("run", "--grid", "tiny.toml", "--workers", "0", "--output", "out", "--measures")
    every = ("basic,generation,likelihood,robustness", "--outside", "digits")
    done = [bench(*common, "basic", cwd=folder), bench(*common, *every, cwd=folder)]
    done.append(bench(*common, "basic", cwd=folder))
    assert [each.returncode for each in done] == [0, 0, 0], done[1].stderr
    return folder / "out", [each.stderr for each in done]


def test_what_lacks_a_group_runs_again_and_that_is_said(runs):
    _, (first, second, third) = runs
    assert "run again" not in first
    assert "6 of the finished trials and baselines were not measured in all of basic, generation" in second
    assert "run again" not in third
    assert "vae dense" not in third  # what was measured in more is kept


def test_every_measure_of_every_group_is_there_or_has_a_reason(runs):
    out, _ = runs
    for path in out.glob("trials/*/result.json"):
        result = json.loads(path.read_text())
        if result["settings"]["model"] not in ("ae", "vae"):
            continue
        extra = ("generation", "likelihood", "robustness")
        names = [name for task in extra for name in TASKS[task].numbers if name not in likelihood.EXACT]
        names += [one.name for one in TASKS["basic"].counterparts]
        assert not set(likelihood.EXACT) & result["measures"].keys()
        assert set(names) <= result["measures"].keys()
        empty = {name for name in names if result["measures"][name] is None}
        assert empty <= result["reasons"].keys()
        is_ae = result["settings"]["model"] == "ae"
        assert empty == ({"test_iw_bound", "test_iw_bound_error", "ood_auroc_elbo"} if is_ae else set())
        assert result["measures"]["ood_auroc_error"] == 0.5  # its own test images


def test_pca_is_measured_in_every_group_and_the_report_shows_it(runs):
    out, _ = runs
    results = [json.loads(path.read_text()) for path in out.glob("trials/*/result.json")]
    (measures,) = [each["measures"] for each in results if each["settings"]["model"] == "pca"]
    for name in (*likelihood.EXACT, "validation_mse", "test_mse_unclipped", "test_mse_noise_10"):
        assert measures[name] is not None
    assert measures["ood_auroc_error"] == 0.5
    page, text = (out / "index.html").read_text(), (out / "README.md").read_text()
    shown = f"{measures['test_log_likelihood']:,.1f}".replace("-", "\N{MINUS SIGN}")
    for each in (page, text):
        assert shown in each
        assert "Unclipped, PCA has a test MSE of" in each


def test_samples_are_no_nearer_to_real_images_than_training_images_are(runs):
    out, _ = runs
    with open(out / "results.csv", newline="") as file:
        rows = {row["model"]: row for row in csv.DictReader(file)}
    floor = float(rows["pixels"]["frechet_mixture"])
    for name in ("frechet_prior", "frechet_mixture", "frechet_reconstructed"):
        assert all(float(rows[model][name]) > 2 * floor for model in ("ae", "vae"))
    assert float(rows["pixels"]["coverage_mixture"]) > float(rows["ae"]["coverage_prior"])
    assert rows["pixels"]["frechet_prior"] == ""
    assert float(rows["pca"]["frechet_mixture"]) > floor


def test_the_report_shows_the_tables_and_the_finding(runs):
    out, _ = runs
    page, text = (out / "index.html").read_text(), (out / "README.md").read_text()
    for each in (page, text):
        assert "Generation" in each
        assert "FD, mixture" in each
        assert "fitted to its codes" in each
        assert "accuracy on test images" in each
    assert 'id="table-neighbourhoods"' in page
