"""The classifier in whose features images are compared: lost, or damaged, and no trial is lost with it."""

from bench.keeping.feature_network import FeatureNetwork

from .conftest import ENVIRONMENT, GRID, Driver, finished, running, table, until, write_grid

GENERATION = ("--grid", "tiny.toml", "--output", "out", "--measures", "generation", "--workers")
ONE = GRID.replace('["ae", "vae"]', '"ae"').replace("[0, 1]", "0")


def kill_worker_of_features(driver: Driver) -> int:
    """`kill -9` of the process that is in the middle of training the classifier, and its number."""
    worker = until(driver.worker_of_features, f"a worker that trains features; {driver.text}")
    worker.kill()
    worker.wait()
    return worker.pid


def test_without_a_classifier_trials_run_and_the_same_command_measures_them_again(
    bench, digits, tmp_path, monkeypatch
):
    # A worker that follows a dead one takes longer than this, as it takes longer than Dask's 15 s where the
    # machine is busy.
    monkeypatch.setenv("DASK_DISTRIBUTED__DEPLOY__LOST_WORKER_TIMEOUT", "100ms")
    write_grid(tmp_path, ONE)
    out = tmp_path / "out"
    with running(*GENERATION, 1, cwd=tmp_path) as driver:
        assert kill_worker_of_features(driver) != kill_worker_of_features(driver)
        assert driver.ends() == 0, driver.text
    (line,) = (line for line in driver.text.splitlines() if "could not be trained" in line)
    assert "(LostError: its worker died: it was killed (signal 9, SIGKILL)" in line
    assert "generation is not measured; the same command tries again" in line
    ae = table(out)[0]
    assert float(ae["test_mse"]) > 0
    assert ae["frechet_prior"] == ""
    before = finished(out)

    damaged = out / "features" / f"{digits.sha256[:12]}.npz"
    damaged.parent.mkdir()
    damaged.write_bytes(b"PK\x03\x04")
    again = bench("run", *GENERATION, 0, cwd=tmp_path, **ENVIRONMENT)
    assert again.returncode == 0, again.stderr
    assert "3 of the finished trials and baselines were not measured" in again.stderr
    assert all(written > before[key] for key, written in finished(out).items())
    assert float(table(out)[0]["frechet_prior"]) > 0
    assert FeatureNetwork.from_bytes(damaged.read_bytes()).accuracy > 0.9
