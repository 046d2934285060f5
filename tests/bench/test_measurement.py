"""What a trial and a baseline measure: how the numbers hang together, and that each is defined."""

import dataclasses

import numpy as np
import pytest
import scipy.stats

from bench import measures as cards
from bench import tasks
from bench.ask import grid
from bench.ask.trial import Baseline
from bench.keeping.result import Outcome
from bench.models.autoencoder import Autoencoder
from bench.running.execution import work
from bench.running.execution.settings import Wanted
from bench.tasks import baselines, basic, subject
from bench.training import fit
from tests.conftest import BACKEND

OF_CODES = {
    *("latent_accuracy", "latent_accuracy_iterations", "latent_accuracy_converged"),
    *("latent_knn_accuracy", "latent_knn_accuracy_raw", "effective_rank"),
    *("latent_low_label_accuracy", "latent_low_label_accuracy_standardised"),
    *(f"latent_{name}{end}" for name in ("nmi", "ari") for end in ("", "_deviation", "_standardised")),
}
OF_GALLERIES = {
    *("originals", "labels", "reconstructions", "samples", "points", "point_labels", "interpolations"),
    *("kept_originals", "kept_reconstructions", "error_images", "error_mse", "error_labels"),
    *("map", "map_extent", "point_images", "traversals", "traversal_units"),
}


@pytest.fixture(scope="module")
def vae() -> Outcome:
    first = next(t for t in grid.load("quick").trials(BACKEND) if t.latent_dim == 8)
    options = (("beta", 1.0), ("kl_warmup", 0))
    trial = dataclasses.replace(first, model="vae", options=options, epochs=3)
    return work.run(trial, Wanted(measures=("basic", "few_labels")))


@pytest.mark.parametrize("suffix", ["", "_sampled"])
def test_means_by_class_weighted_by_their_images_are_the_means(vae: Outcome, digits, suffix: str) -> None:
    measures, arrays = vae.result.measures, vae.images
    sizes = np.bincount(digits.test.labels)
    assert arrays["class_labels"].tolist() == list(range(10))
    for name in ("mse", "psnr", "ssim", "bce", "bce_excess"):
        mean = np.average(arrays[f"class_{name}{suffix}"], weights=sizes)
        assert mean == pytest.approx(measures[f"test_{name}{suffix}"], rel=1e-12)
        if not suffix:
            assert arrays[f"image_{name}"].shape == digits.test.labels.shape
            assert arrays[f"image_{name}"].mean(dtype=np.float64) == pytest.approx(mean, rel=1e-6)
    low, middle, high = arrays[f"mse_quantiles{suffix}"]
    assert 0 < low < middle < high
    assert low < measures[f"test_mse{suffix}"] < high


def test_the_kl_is_split_by_dimension_and_by_what_it_tells(vae: Outcome) -> None:
    measures = vae.result.measures
    assert vae.images["dimension_kl"].shape == (8,)
    assert vae.images["dimension_kl"].sum() == pytest.approx(measures["test_kl"], rel=1e-6)
    # All 360 test images are in the aggregate posterior.
    parts = measures["mutual_information"] + measures["marginal_kl"]
    assert parts == pytest.approx(measures["test_kl"], rel=1e-6)
    assert 0 < measures["mutual_information"] <= np.log(360)


def test_numbers_of_a_vae_lie_where_they_can(vae: Outcome) -> None:
    measures = vae.result.measures
    assert 1 < measures["effective_rank"] <= 8
    assert abs(measures["latent_mmd"]) < 0.1
    few = [measures[f"latent_few_label_accuracy_{count}"] for count in (1, 4)]
    assert 0.2 < few[0] < few[1] < measures["latent_low_label_accuracy"] <= measures["latent_accuracy"]
    assert 0 < measures["latent_ari"] < measures["latent_nmi"] < 1


@pytest.mark.parametrize(
    ("model", "latent_dim", "expected"),
    [("mean", None, set()), ("pca", 8, OF_CODES), ("pixels", None, OF_CODES)],
)
def test_baselines_have_the_measures_that_apply_to_them(
    digits, model: str, latent_dim: int | None, expected: set[str]
) -> None:
    found = baselines.run(Baseline(dataset="digits", model=model, latent_dim=latent_dim), digits)
    measured = {name for name, value in found.result.measures.items() if value is not None}
    assert measured & OF_CODES == expected
    assert ("test_mse" in measured) == ("class_mse" in found.images) == (model != "pixels")
    assert found.result.measures.keys() <= {one.name for one in cards.every()}


def test_every_number_and_array_is_defined(vae: Outcome) -> None:
    assert vae.result.measures.keys() <= {one.name for one in cards.every()}
    arrays = {name.removesuffix("_sampled") for name in vae.images} - OF_GALLERIES - {"class_labels"}
    assert arrays <= {one.name for one in cards.every()}
    assert len(arrays) == 13


def test_images_smaller_than_the_window_have_no_ssim_by_class_either(digits) -> None:
    small = dataclasses.replace(digits.test, images=digits.test.images[:, :10])
    dataset = dataclasses.replace(digits, test=small)
    notes = tasks.Notes()
    arrays = tasks.add_reconstruction(notes, dataset, small.images * 0.9)
    assert notes.reasons == {"test_ssim": "images smaller than the 11x11 window"}
    assert np.isnan(arrays["class_ssim"]).all()
    assert np.isfinite(arrays["class_mse"]).all()


def test_the_fitted_elbo_is_taken_at_the_error_of_validation_images(digits) -> None:
    first = next(t for t in grid.load("quick").trials(BACKEND) if t.model == "vae")
    trial = dataclasses.replace(first, architecture="dense", epochs=2)
    model = fit.fit(trial, digits).model
    found = tasks.measure(model, digits, ("basic",)).measures
    posterior = model.posterior(digits.validation.images)
    codes = posterior.sample(np.random.default_rng(subject.NOISE_SEED))
    variance = np.mean((digits.validation.images - model.decode(codes)) ** 2, dtype=np.float64)
    assert found["fitted_variance"] == pytest.approx(variance, rel=1e-5)
    # From the ELBO at variance 1/2, whose squared errors and KL are the same.
    size = digits.test.images[0].size
    errors = -(found["test_elbo"] + found["test_kl"] + size / 2 * np.log(np.pi))
    expected = -size / 2 * np.log(2 * np.pi * variance) - errors / (2 * variance) - found["test_kl"]
    assert found["test_elbo_fitted"] == pytest.approx(expected, rel=1e-5)
    assert found["test_elbo_fitted"] > found["test_elbo"] + 100


class OwnVariance:
    """A trained VAE under a likelihood of its own: a Gaussian of variance .1, or a Laplace distribution."""

    def __init__(self, model: Autoencoder, density: str) -> None:
        self.model, self.density = model, density

    def __getattr__(self, name: str) -> object:
        return getattr(self.model, name)

    def log_likelihood(self, images: np.ndarray, codes: np.ndarray) -> np.ndarray:
        decoded = self.model.decode(codes).astype(np.float64)
        if self.density == "laplace":
            return scipy.stats.laplace.logpdf(images, decoded).sum(axis=(1, 2, 3))
        return scipy.stats.norm.logpdf(images, decoded, np.sqrt(0.1)).sum(axis=(1, 2, 3))


def test_a_variance_of_its_own_is_kept_and_without_a_gaussian_there_is_none(digits) -> None:
    first = next(t for t in grid.load("quick").trials(BACKEND) if t.model == "vae")
    model = fit.fit(dataclasses.replace(first, architecture="dense", epochs=1), digits).model
    found = {}
    for density in ("normal", "laplace"):
        notes = tasks.Notes()
        basic.add_rate(notes, subject.Subject.of(OwnVariance(model, density), digits))
        found[density] = notes
    measures = found["normal"].measures
    assert measures["test_elbo_fitted"] == measures["test_elbo"]
    assert measures["fitted_variance"] == pytest.approx(0.1, rel=1e-6)
    for name in ("test_elbo_fitted", "fitted_variance"):
        assert found["laplace"].measures[name] is None
        assert "no Gaussian with one variance" in found["laplace"].reasons[name]


def test_one_class_and_codes_that_do_not_vary_are_said(digits) -> None:
    one = dataclasses.replace(
        digits,
        train=dataclasses.replace(digits.train, labels=np.zeros_like(digits.train.labels)),
        test=dataclasses.replace(digits.test, labels=np.zeros_like(digits.test.labels)),
    )
    notes = tasks.Notes()
    train, test = np.ones((len(one.train.images), 3)), np.ones((len(one.test.images), 3))
    tasks.add_codes(notes, train, test, one)
    assert notes.reasons.keys() == OF_CODES
    assert "one class" in notes.reasons["latent_nmi"]
    assert "all the same" in notes.reasons["effective_rank"]
