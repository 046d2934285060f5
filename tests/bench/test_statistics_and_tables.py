import csv
import io

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from bench import statistics
from bench.ask import baselines, grid
from bench.keeping import networks, tables
from bench.keeping.result import Result


def results(values: list[float]) -> list[Result]:
    """Real trials of `quick`, one configuration with a seed for each value."""
    chosen = grid.replace(grid.load("quick"), {"seed": list(range(len(values)))})
    trials = [t for t in chosen.trials("torch") if t.model == "vae" and t.architecture == "conv"]
    trials = [t for t in trials if t.latent_dim == 2]
    measures = [
        {"test_mse": value, "best_epoch": 3, "active_units": 2, "validation_loss": 1.0} for value in values
    ]
    return [Result(unit=t, status="ok", measures=m) for t, m in zip(trials, measures, strict=True)]


@pytest.mark.parametrize("n", [2, 3, 10])
def test_the_interval_is_that_of_scipy(n):
    values = np.random.default_rng(n).normal(5, 2, n).tolist()
    found = statistics.mean_interval(values)
    low, high = stats.t.interval(0.95, n - 1, loc=np.mean(values), scale=stats.sem(values))
    assert (found.low, found.mean, found.high) == pytest.approx((low, np.mean(values), high))


def test_the_interval_covers_the_mean_of_normal_values_in_95_of_100_cases():
    draws = np.random.default_rng(0).normal(size=(4000, 3))
    covered = [(i := statistics.mean_interval(row.tolist())).low <= 0 <= i.high for row in draws]
    assert np.mean(covered) == pytest.approx(0.95, abs=0.011)  # three standard errors


def test_one_seed_gives_no_interval_and_none_gives_no_mean():
    one, none = statistics.mean_interval([2.0]), statistics.mean_interval([])
    assert (one.mean, one.low, one.high, one.half_width) == (2.0, None, None, None)
    assert (none.mean, none.n) == (None, 0)


def test_results_have_the_columns_of_the_contract_in_its_order():
    header = tables.results_csv(results([0.1])).splitlines()[0]
    assert header == (
        "trial,status,dataset,backend,model,architecture,latent_dim,activation,loss,optimizer,learning_rate,"
        "batch_size,epochs,seed,options,best_epoch,parameters,test_mse,test_psnr,test_ssim,test_bce,test_kl,"
        "test_elbo,active_units,latent_accuracy,latent_knn_accuracy,"
        "frechet_prior,kernel_prior,precision_prior,recall_prior,density_prior,coverage_prior,nearest_prior,"
        "frechet_mixture,kernel_mixture,precision_mixture,recall_mixture,density_mixture,coverage_mixture,"
        "nearest_mixture,frechet_reconstructed,kernel_reconstructed,precision_reconstructed,"
        "recall_reconstructed,density_reconstructed,coverage_reconstructed,"
        "fit_seconds,epoch_seconds,peak_memory_mb,error"
    )


def test_results_are_read_back_as_they_were_written():
    values = [0.1, 1 / 3]
    rows = list(csv.DictReader(io.StringIO(tables.results_csv(results(values)))))
    assert [float(row["test_mse"]) for row in rows] == values
    assert [row["options"] for row in rows] == [
        '{"beta":1.0,"binarize":"none","kl_warmup":0,"precision":"float32"}'
    ] * 2
    assert [row["active_units"] for row in rows] == ["2", "2"]
    assert [row["test_kl"] for row in rows] == ["", ""]


def test_baselines_have_no_architecture_and_no_seed():
    beside = baselines.beside(grid.load("quick").trials("torch"))
    found = [Result(unit=b, status="ok", measures={"test_mse": 0.5}) for b in beside]
    table = pd.read_csv(io.StringIO(tables.results_csv(found)))
    assert table.model.tolist() == ["mean", "pca", "pca", "pixels", *["linear_vae"] * 3]
    assert table.latent_dim.dropna().tolist() == [2, 8, 2, 8, 8]
    assert table[["architecture", "seed", "backend"]].isna().all(axis=None)
    assert table.options[:4].isna().all() and table.options[4:].notna().all()


def test_the_summary_has_a_row_a_configuration_with_mean_low_and_high():
    values = [0.1, 0.2, 0.4]
    table = tables.summary(results(values))
    expected = statistics.mean_interval(values)
    assert len(table) == 1
    row = table.iloc[0]
    assert row.n == 3
    found = (row.test_mse_low, row.test_mse_mean, row.test_mse_high)
    assert found == pytest.approx((expected.low, expected.mean, expected.high))


def test_a_failed_trial_is_a_row_of_the_results_and_not_of_the_summary():
    good, bad = results([0.1, 0.2])
    bad = Result(unit=bad.unit, status="diverged", error="loss became nan in epoch 1")
    table = pd.read_csv(io.StringIO(tables.results_csv([good, bad])))
    assert table.status.tolist() == ["ok", "diverged"]
    assert table.error.tolist()[1] == "loss became nan in epoch 1"
    assert tables.summary([good, bad]).n.tolist() == [1]


def test_timings_are_settings_of_networks_and_then_seconds():
    trial = next(iter(grid.load("quick").trials("torch")))
    times = {"step_seconds": 1 / 3, "step_seconds_q1": 0.3, "step_seconds_q3": 0.4, "compile_seconds": 0.5}
    text = tables.timings_csv([{**networks.settings(trial), **times}])
    header = (
        "dataset,backend,model,architecture,latent_dim,activation,loss,optimizer,batch_size,precision,"
        "step_seconds,step_seconds_q1,step_seconds_q3,encode_1_seconds,encode_1_seconds_q1,encode_1_seconds_q3,"
        "decode_1_seconds,decode_1_seconds_q1,decode_1_seconds_q3,encode_128_seconds,encode_128_seconds_q1,"
        "encode_128_seconds_q3,decode_128_seconds,decode_128_seconds_q1,decode_128_seconds_q3,compile_seconds"
    )
    (row,) = csv.DictReader(io.StringIO(text))
    assert text.splitlines()[0] == header
    assert {name: float(row[name]) for name in times} == times
    assert (row["backend"], row["latent_dim"], row["encode_1_seconds"]) == (
        "torch",
        str(trial.latent_dim),
        "",
    )
