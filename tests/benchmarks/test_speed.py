"""How long the parts take: `tox -e benchmarks`. Nothing here passes or fails by a time."""

import dataclasses

import numpy as np
import pytest

from bench import datasets
from bench.ask import grid
from bench.keeping.store import RunFolder
from bench.metrics import latent, likelihood, reconstruction
from bench.models import distributions
from bench.running import publication
from bench.training import fit
from tests.benchmarks import many
from tests.conftest import BACKEND

ALL = [(model, architecture) for model in ("ae", "vae") for architecture in ("dense", "conv")]


def model_of(model: str, architecture: str):
    """A model of `quick`'s shape, and a batch of 128 real images."""
    trial = next(
        t for t in grid.load("quick").trials(BACKEND) if (t.model, t.architecture) == (model, architecture)
    )
    made = fit.build(dataclasses.replace(trial, latent_dim=16), (28, 28, 1))
    return made, datasets.load_once("digits").train.images


@pytest.mark.parametrize(("model", "architecture"), ALL)
def test_training_step(benchmark, model, architecture):
    made, images = model_of(model, architecture)
    made.fit(images[:128], batch_size=128, verbose=0)
    steps = 8
    benchmark.extra_info["steps"] = steps
    benchmark.pedantic(
        made.fit, args=(images[: steps * 128],), kwargs={"batch_size": 128, "verbose": 0}, rounds=5
    )


@pytest.mark.parametrize(("model", "architecture"), ALL)
def test_encoding(benchmark, model, architecture):
    made, images = model_of(model, architecture)
    benchmark.pedantic(made.encode, args=(images[:1000],), rounds=5, warmup_rounds=1)


@pytest.mark.parametrize(("model", "architecture"), ALL)
def test_decoding(benchmark, model, architecture):
    made, _ = model_of(model, architecture)
    codes = np.random.default_rng(0).standard_normal((1000, 16), dtype=np.float32)
    benchmark.pedantic(made.decode, args=(codes,), rounds=5, warmup_rounds=1)


@pytest.mark.parametrize("name", ["mse", "psnr", "ssim", "cross_entropy", "squared_error"])
def test_reconstruction_metric(benchmark, name):
    images = datasets.load_once("digits").train.images[:1000]
    benchmark(getattr(reconstruction, name), images, images[::-1])


def test_entropy(benchmark):
    benchmark(reconstruction.entropy, datasets.load_once("digits").train.images[:1000])


def test_elbo(benchmark):
    images = datasets.load_once("digits").train.images[:1000]
    kl = np.ones(1000)
    benchmark(lambda: likelihood.elbo(likelihood.log_likelihood("mse", images, images[::-1]), kl))


def test_kl(benchmark):
    mean, log_variance = np.random.default_rng(0).standard_normal((2, 10_000, 16), dtype=np.float32)
    benchmark(distributions.kl_to_prior, mean, log_variance)


def test_active_units(benchmark):
    benchmark(latent.active_units, np.random.default_rng(0).standard_normal((10_000, 16), dtype=np.float32))


@pytest.mark.parametrize("name", ["logistic_probe", "knn_accuracy"])
def test_latent_classifier(benchmark, name):
    digits = datasets.load_once("digits")
    codes = [split.images.reshape(-1, 784)[:, 300:316] for split in (digits.train, digits.test)]
    arguments = (codes[0], digits.train.labels, codes[1], digits.test.labels)
    benchmark.pedantic(getattr(latent, name), args=arguments, rounds=5, warmup_rounds=1)


@pytest.fixture(scope="module")
def quick(bench, tmp_path_factory):
    """A run of `quick`, an epoch a trial."""
    folder = tmp_path_factory.mktemp("quick")
    process = bench("run", "--epochs", "1", "--output", "out", cwd=folder)
    assert process.returncode == 0, process.stderr
    return RunFolder(folder / "out")


@pytest.mark.parametrize("trials", [10, 180, 1000])
def test_rendering_a_report(benchmark, quick, tmp_path, trials):
    run = RunFolder(tmp_path / "many")
    many.multiply(quick, run, trials)
    benchmark.pedantic(publication.publish, args=(run,), rounds=3, warmup_rounds=1)
    benchmark.extra_info["bytes"] = (run.path / "index.html").stat().st_size
