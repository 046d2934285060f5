"""Trials in MLflow and TensorBoard, read back with their own libraries: `tox -e trackers`."""

import csv
import json
import pathlib
import shutil

import pytest

from tests.conftest import TINY, once

pytest.importorskip("mlflow", reason="needs mlflow: tox -e trackers")
pytest.importorskip("tensorboardX", reason="needs tensorboardX: tox -e trackers")
pytest.importorskip("tensorboard", reason="needs tensorboard: tox -e trackers")
pytestmark = pytest.mark.filterwarnings("ignore")  # of their libraries

ASKED = ("--measures", "basic", "--workers", 0, "--quiet", "--grid", "grid.toml")


@pytest.fixture(scope="module")
def run(bench, tmp_path_factory) -> pathlib.Path:
    def make(folder: pathlib.Path) -> None:
        (folder / "grid.toml").write_text(TINY)
        done = bench("run", *ASKED, "--output", "tracked", "--track", "mlflow,tensorboard", cwd=folder)
        assert done.returncode == 0, done.stderr

    return once(tmp_path_factory, "tracked", make) / "tracked"


def results(run: pathlib.Path) -> dict[str, dict]:
    found = {path.parent.name: json.loads(path.read_text()) for path in run.glob("trials/*/result.json")}
    return {key: content for key, content in found.items() if "seed" in content["settings"]}


def history(run: pathlib.Path, key: str) -> list[dict[str, str]]:
    with open(run / "trials" / key / "history.csv", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_mlflow_has_a_run_a_trial_with_settings_epochs_measures_pictures_and_model(run):
    import mlflow

    client = mlflow.MlflowClient(tracking_uri=f"sqlite:///{run}/mlruns/mlflow.db")
    experiment = client.get_experiment_by_name("tracked")
    found = {one.data.tags["trial"]: one for one in client.search_runs([experiment.experiment_id])}
    trials = results(run)
    assert found.keys() == trials.keys()
    for key, one in found.items():
        assert one.info.status == "FINISHED"
        assert one.data.params["model"] == trials[key]["settings"]["model"]
        assert one.data.metrics["test_mse"] == trials[key]["measures"]["test_mse"]
        steps = client.get_metric_history(one.info.run_id, "val_loss")
        assert [(each.step, pytest.approx(each.value)) for each in steps] == [
            (int(float(row["epoch"])), float(row["val_loss"])) for row in history(run, key)
        ]
        names = {each.path for each in client.list_artifacts(one.info.run_id)}
        assert {"originals.png", "reconstructions.png", "samples.png"} <= names
        assert ("model.keras" in names) == (run / "trials" / key / "model.keras").exists()


def test_tensorboard_has_a_folder_a_trial_with_epochs_measures_and_pictures(run):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    trials = results(run)
    folders = {path.name.rpartition("-")[2]: path for path in (run / "tensorboard").iterdir()}
    assert folders.keys() == trials.keys()
    for key, result in trials.items():
        assert folders[key].name.startswith(f"{result['settings']['model']}-dense-latent-2")
        read = EventAccumulator(str(folders[key]))
        read.Reload()
        (mse,) = read.Scalars("measures/test_mse")
        assert mse.value == pytest.approx(result["measures"]["test_mse"])
        losses = [(event.step, event.value) for event in read.Scalars("epochs/val_loss")]
        assert losses == [
            (int(float(row["epoch"])), pytest.approx(float(row["val_loss"]))) for row in history(run, key)
        ]
        assert {"originals", "reconstructions", "samples"} <= set(read.Tags()["images"])


def test_a_tracker_that_is_down_costs_one_line_and_no_trial(bench, tmp_path):
    (tmp_path / "grid.toml").write_text(TINY)
    asked = [each for each in ASKED if each != "--quiet"]
    done = bench(
        "run", *asked, "--output", "down", "--track", "mlflow", cwd=tmp_path,
        MLFLOW_TRACKING_URI="http://127.0.0.1:9", MLFLOW_HTTP_REQUEST_TIMEOUT="2",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("mlflow is told nothing more") == 1
    assert len(results(tmp_path / "down")) == 2


def test_fresh_removes_what_was_told_of_the_earlier_run(bench, run, tmp_path):
    shutil.copytree(run, tmp_path / "again")
    (tmp_path / "grid.toml").write_text(TINY)
    done = bench("run", *ASKED, "--output", "again", "--fresh", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "again" / "mlruns").exists()
    assert not (tmp_path / "again" / "tensorboard").exists()
