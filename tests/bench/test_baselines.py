"""Baselines are coders: measured by what measures models, with the numbers they had when measured by hand."""

import dataclasses

import numpy as np
import pytest

from bench import measures as cards
from bench import tasks
from bench.ask.trial import Baseline
from bench.datasets import Dataset, levels
from bench.keeping.result import Result
from bench.metrics import latent, likelihood, reconstruction, robustness
from bench.models.coder import Absent
from bench.tasks import baselines, features, generation
from bench.tasks import robustness as tasks_robustness
from bench.tasks.baselines import components

EVERY = ("basic", "generation", "likelihood", "robustness")
SIZE = 8
CODERS = {"mean": None, "pca": SIZE, "pixels": None}


def baseline(model: str, size: int | None = None) -> Baseline:
    return Baseline(dataset="digits", model=model, latent_dim=size or CODERS[model])


@pytest.fixture(scope="module")
def extractor(digits) -> features.Extractor:
    return features.extractor(features.train(digits).to_bytes(), digits.image_shape)


@pytest.fixture(scope="module")
def inverted(digits) -> Dataset:
    test = dataclasses.replace(digits.test, images=1 - digits.test.images)
    return dataclasses.replace(digits, test=test)


@pytest.fixture(scope="module")
def found(digits, extractor, inverted) -> dict[str, Result]:
    """Each baseline, measured in all groups."""
    return {
        model: baselines.run(baseline(model), digits, EVERY, extractor, inverted).result for model in CODERS
    }


def of_model(found: dict[str, Result], model: str) -> dict[str, float | int | None]:
    return found[model].measures


# --- the same numbers, bit for bit, as by hand -----------------------------------------------------------


def by_hand(digits: Dataset, extractor: features.Extractor, model: str) -> dict[str, float | int | None]:
    """What baselines had before they were coders."""
    notes = tasks.Notes()
    train, test = (baselines.flat(split.images) for split in (digits.train, digits.test))
    if model == "pixels":
        tasks.add_codes(notes, train, test, digits)
        images = digits.train.images[: len(digits.test.images)]
        generation.add_images(notes, digits, extractor, images, "mixture")
        return notes.measures
    if model == "mean":
        mean = digits.train.images.mean(axis=0, dtype=np.float64)
        reconstructed = np.broadcast_to(mean.astype(np.float32), digits.test.images.shape)
        notes.add("parameters", mean.size)
    else:
        pca = baselines.principal_components(digits, SIZE)
        axes, centre = pca.components_[:SIZE], pca.mean_
        codes = (train - centre) @ axes.T

        def decode(codes: np.ndarray) -> np.ndarray:
            return np.clip(codes @ axes + centre, 0, 1).reshape(-1, *digits.image_shape)

        reconstructed = decode((test - centre) @ axes.T)
        notes.add("parameters", axes.size + centre.size)
        tasks.add_codes(notes, codes, (test - centre) @ axes.T, digits)
        generation.add_mixture(notes, decode, digits, extractor, codes)
    tasks.add_reconstruction(notes, digits, reconstructed)
    generation.add_images(notes, digits, extractor, reconstructed, "reconstructed")
    return notes.measures


@pytest.mark.parametrize("model", CODERS)
def test_measured_as_a_coder_a_baseline_has_the_numbers_that_it_has_by_hand(
    digits, extractor, found, model: str
) -> None:
    expected = by_hand(digits, extractor, model)
    assert len(expected) > 10
    assert {name: of_model(found, model)[name] for name in expected} == expected


def test_measured_again_it_has_the_same_numbers(digits, extractor, inverted, found) -> None:
    again = baselines.run(baseline("pca"), digits, EVERY, extractor, inverted).result
    cost = {"measure_seconds", "peak_memory_mb"}
    assert {name: value for name, value in again.measures.items() if name not in cost} == {
        name: value for name, value in of_model(found, "pca").items() if name not in cost
    }


# --- what they have beyond that --------------------------------------------------------------------------


def test_pca_is_measured_on_validation_and_corrupted_images_and_against_another_data_set(
    digits, inverted, found
) -> None:
    measures = of_model(found, "pca")
    pca = baselines.principal_components(digits, SIZE)
    axes, centre = pca.components_[:SIZE], pca.mean_

    def encode(images: np.ndarray) -> np.ndarray:
        return (baselines.flat(images) - centre) @ axes.T

    def errors(images: np.ndarray, corrupted: np.ndarray) -> np.ndarray:
        back = np.clip(encode(corrupted) @ axes + centre, 0, 1).reshape(images.shape)
        return reconstruction.mse(images, back)

    validation, test = digits.validation.images, digits.test.images
    assert measures["validation_mse"] == errors(validation, validation).mean()
    probe = latent.logistic_probe(
        encode(digits.train.images), digits.train.labels, encode(test), digits.test.labels
    )
    assert measures["validation_accuracy"] == probe.score(encode(validation), digits.validation.labels)
    for name, images in tasks_robustness.corruptions(test):
        assert measures[f"test_mse_{name}"] == errors(test, images).mean()
        assert measures[f"latent_accuracy_{name}"] == probe.score(encode(images), digits.test.labels)
    outside = errors(inverted.test.images, inverted.test.images)
    assert measures["ood_auroc_error"] == robustness.auroc(errors(test, test), outside)


def test_pca_is_told_clipped_and_unclipped_and_clipping_brings_it_nearer(digits, found) -> None:
    import sklearn.decomposition

    train, test = (baselines.flat(split.images).astype(float) for split in (digits.train, digits.test))
    pca = sklearn.decomposition.PCA(SIZE, svd_solver="full").fit(train)
    expected = np.square(pca.inverse_transform(pca.transform(test)) - test).mean()
    measures = of_model(found, "pca")
    assert measures["test_mse_unclipped"] == pytest.approx(expected, rel=1e-5)
    assert measures["test_mse"] < measures["test_mse_unclipped"]
    assert "test_mse_unclipped" not in of_model(found, "mean")


def test_pca_has_the_exact_likelihood_of_scikit_learns_at_its_fitted_variance(digits, found) -> None:
    import sklearn.decomposition

    train, test = (baselines.flat(split.images).astype(float) for split in (digits.train, digits.test))
    pca = sklearn.decomposition.PCA(SIZE, svd_solver="full").fit(train)
    share = (len(train) - 1) / len(train)
    pca.explained_variance_ = pca.explained_variance_ * share  # over all images, not all but one
    pca.noise_variance_ *= share
    assert of_model(found, "pca")["test_log_likelihood_fitted"] == pytest.approx(pca.score(test), abs=0.01)


def test_each_component_that_varies_beyond_the_noise_makes_images_likelier(digits, found) -> None:
    def likelihood_of(model: str, size: int | None = None) -> float:
        value = baselines.run(baseline(model, size), digits, ("likelihood",)).result.measures
        return float(value["test_log_likelihood"] or np.nan)

    mean, one, eight = likelihood_of("mean"), likelihood_of("pca", 1), likelihood_of("pca", SIZE)
    assert mean < one < eight
    assert likelihood_of("pca", 300) == pytest.approx(likelihood_of("pca", 200), rel=1e-12)  # all off
    of_digits = digits.test.images
    about = np.broadcast_to(digits.train.images.mean(axis=0), of_digits.shape)
    assert mean == pytest.approx(likelihood.log_likelihood("mse", of_digits, about).mean(), rel=1e-6)


def test_as_many_components_as_hold_all_variance_leave_none_to_fit(digits) -> None:
    result = baselines.run(baseline("pca", 784), digits, ("likelihood",)).result
    assert result.measures["test_log_likelihood"] is not None
    assert result.reasons["test_log_likelihood_fitted"] == "the components leave no variance to fit"


# --- what they lack, and why -----------------------------------------------------------------------------


def reasons(found: dict[str, Result], model: str, *names: str) -> set[str]:
    assert all(of_model(found, model)[name] is None for name in names)
    return {found[model].reasons[name] for name in names}


def test_every_number_that_is_missing_has_its_reason(found) -> None:
    for result in found.values():
        assert {name for name, value in result.measures.items() if value is None} == set(result.reasons)
        assert result.measures.keys() <= {one.name for one in cards.every()}
        assert "not a finite number" not in result.reasons.values()


def test_the_mean_image_has_no_codes_but_errors_and_a_likelihood(found) -> None:
    of_codes = (
        "latent_accuracy",
        "validation_accuracy",
        "latent_accuracy_noise_10",
        "frechet_mixture",
        "frechet_kernel",
    )
    assert reasons(found, "mean", *of_codes) == {"there are no codes"}
    measures = of_model(found, "mean")
    assert measures["test_mse_noise_30"] == measures["test_mse_occluded"] == measures["test_mse"]
    for name in ("ood_auroc_error", "test_log_likelihood_fitted", "frechet_reconstructed"):
        assert measures[name] is not None


def test_raw_pixels_have_codes_and_nothing_that_is_decoded(found) -> None:
    decoded = ("test_mse", "validation_mse", "test_mse_occluded", "ood_auroc_error", "frechet_reconstructed")
    assert reasons(found, "pixels", *decoded) == {"the code is the image itself"}
    stood_in = ("nearest_mixture", "frechet_gaussian", "nearest_kernel")
    assert reasons(found, "pixels", *stood_in) == {"training images stand in for samples"}
    assert "test_log_likelihood" not in of_model(found, "pixels")
    for name in ("validation_knn_accuracy", "latent_accuracy_noise_10", "frechet_mixture"):
        assert of_model(found, "pixels")[name] is not None


def test_no_baseline_has_a_bound_a_posterior_or_samples_of_a_prior(found) -> None:
    for model in CODERS:
        bounds = reasons(found, model, "test_kl", "test_elbo", "ood_auroc_elbo", "active_units")
        assert len(bounds) == 1 and "posterior" in bounds.pop()
        assert "prior" in reasons(found, model, "frechet_prior", "latent_mmd").pop()
    exact = {"no bound is needed: the likelihood is exact"}
    assert reasons(found, "pca", "test_iw_bound") == reasons(found, "mean", "test_iw_bound") == exact


def test_a_coder_that_decodes_nothing_says_so(digits) -> None:
    pixels = baselines.coders.of(baseline("pixels"), digits)
    assert not isinstance(pixels, Absent)
    subject = tasks.Subject.of(pixels, digits)
    with pytest.raises(TypeError, match="decodes nothing: the code is the image itself"):
        subject.decode(subject.codes)
    assert tasks.measure(pixels, digits).images.keys() == {"image_latent_accuracy"}


def test_the_mean_image_is_held_once_however_many_reconstructions_there_are(digits) -> None:
    coder = baselines.coders.of(baseline("mean"), digits)
    assert not isinstance(coder, Absent)
    decoded = coder.decode(coder.encode(digits.test.images))
    assert isinstance(decoded, np.ndarray)
    assert decoded.shape == digits.test.images.shape
    assert decoded.strides[0] == 0


@pytest.mark.parametrize("model", ["pca", "mean"])
def test_a_baseline_of_some_images_says_how_many(model, digits, monkeypatch) -> None:
    monkeypatch.setattr(levels, "MOST_AT_ONCE", 300 * 28 * 28)
    components._components.cache_clear()
    few = baselines.run(baseline(model), digits).result.texts.get("fitted_to")
    components._components.cache_clear()
    assert few == (f"300 of {len(digits.train.images):,} training images" if model == "pca" else None)
    monkeypatch.undo()
    assert "fitted_to" not in baselines.run(baseline(model), digits).result.texts
