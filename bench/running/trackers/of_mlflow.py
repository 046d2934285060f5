"""Trials in MLflow: a run each, in the experiment of the run folder's name."""

import logging
import os
import pathlib
import tempfile

from bench.keeping.enclosure import said
from bench.keeping.store import RunFolder
from bench.running.trackers.telling import Told

FOLDER = "mlruns"
_BATCH = 500  # metrics at a time: a server takes 1,000 at most
# A server that is down is given up after seconds, not after the minutes of MLflow's own patience.
_PATIENCE = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1", "MLFLOW_HTTP_REQUEST_TIMEOUT": "10"}


class Mlflow:
    """Writes to `MLFLOW_TRACKING_URI`, else to a database in the run folder, `mlruns/mlflow.db`."""

    def __init__(self, folder: RunFolder) -> None:
        for name, value in _PATIENCE.items():
            os.environ.setdefault(name, value)
        for name in ("mlflow", "alembic"):  # a new database is announced table by table
            logging.getLogger(name).setLevel(logging.WARNING)
        import mlflow

        own = folder.inside(f"{FOLDER}/mlflow.db").absolute()
        self.place = os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{own}"
        self._client = mlflow.MlflowClient(tracking_uri=self.place)
        artifacts = None
        if self.place == f"sqlite:///{own}":
            with said("write", own.parent):
                own.parent.mkdir(parents=True, exist_ok=True)
            artifacts = (own.parent / "artifacts").as_uri()
        name = folder.path.absolute().name
        known = self._client.get_experiment_by_name(name)
        self._experiment: str = (
            known.experiment_id
            if known
            else self._client.create_experiment(name, artifact_location=artifacts)
        )

    def add(self, told: Told) -> None:
        """Write a trial, in the place of an earlier one of its key."""
        from mlflow.entities import Metric, Param

        for before in self._client.search_runs([self._experiment], f"tags.trial = '{told.key}'"):
            self._client.delete_run(before.info.run_id)
        tags = {"trial": told.key, "status": told.status, "error": told.error[:5000]}
        run = self._client.create_run(self._experiment, tags=tags, run_name=told.name).info.run_id
        parameters = [Param(name, str(value)) for name, value in told.settings.items()]
        self._client.log_batch(run, params=parameters)
        now = self._client.get_run(run).info.start_time
        metrics = [
            Metric(name, float(value), now, int(row["epoch"]))
            for row in told.history
            for name, value in row.items()
            if name != "epoch"
        ]
        metrics += [Metric(name, value, now, 0) for name, value in told.measures.items()]
        for start in range(0, len(metrics), _BATCH):
            self._client.log_batch(run, metrics=metrics[start : start + _BATCH])
        self._files(run, told)
        self._client.set_terminated(run, "FINISHED" if told.status == "ok" else "FAILED")

    def _files(self, run: str, told: Told) -> None:
        files = {f"{name}.png": content for name, content in told.pictures.items()}
        if told.model:
            files["model.keras"] = told.model
        with tempfile.TemporaryDirectory() as scratch:
            for name, content in files.items():
                path = pathlib.Path(scratch) / name
                path.write_bytes(content)
                self._client.log_artifact(run, str(path))

    def close(self) -> None:
        """Nothing comes any more: all is written."""
