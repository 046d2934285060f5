"""The importance-weighted bound and the measures of robustness of real models."""

import dataclasses

import numpy as np
import pytest

from bench import measures
from bench.ask import grid
from bench.ask.bound_size import USUAL, BoundSize
from bench.ask.trial import Trial
from bench.datasets import Dataset
from bench.metrics import latent, likelihood, reconstruction
from bench.models.autoencoder import Autoencoder
from bench.tasks import Notes
from bench.tasks import likelihood as measures_likelihood
from bench.tasks import robustness as measures_robustness
from bench.tasks.subject import Subject
from bench.training import fit
from tests.conftest import BACKEND

NAMES = [each.name for each in measures.of_task("robustness")]


def trial(model: str) -> Trial:
    first = next(t for t in grid.load("quick").trials(BACKEND) if t.model == model and t.latent_dim == 8)
    return dataclasses.replace(first, architecture="dense", loss="bce", epochs=4)


@pytest.fixture(scope="module")
def vae(digits) -> Autoencoder:
    return fit.fit(trial("vae"), digits).model


@pytest.fixture(scope="module")
def ae(digits) -> Autoencoder:
    return fit.fit(trial("ae"), digits).model


def with_test(dataset: Dataset, images: np.ndarray) -> Dataset:
    return dataclasses.replace(dataset, test=dataclasses.replace(dataset.test, images=images))


def repeated(dataset: Dataset, images: np.ndarray) -> Dataset:
    labels = np.resize(dataset.test.labels, len(images))
    return dataclasses.replace(dataset, test=dataclasses.replace(dataset.test, images=images, labels=labels))


def probe_of(model: Autoencoder, digits: Dataset) -> latent.LogisticProbe:
    train, test = (model.encode(split.images) for split in (digits.train, digits.test))
    return latent.logistic_probe(train, digits.train.labels, test, digits.test.labels)


def robustness_of(model: Autoencoder, digits: Dataset, other: Dataset | None) -> Notes:
    notes = Notes()
    measures_robustness.add(notes, Subject.of(model, digits, outside=other))
    return notes


# --- likelihood -----------------------------------------------------------------------------------------


def test_the_bound_is_higher_than_the_elbo_and_the_same_every_time(vae, digits):
    first, again = Notes(), Notes()
    for notes in (first, again):
        measures_likelihood.add(notes, Subject.of(vae, digits))
    assert first.measures == again.measures
    found = first.measures["test_iw_bound"]
    posterior = vae.posterior(digits.test.images)
    codes = posterior.sample(np.random.default_rng(0))
    fit = likelihood.log_likelihood("bce", digits.test.images, vae.decode(codes))
    elbo = likelihood.elbo(fit, posterior.kl(vae.prior()).sum(axis=1)).mean()
    assert elbo + 0.5 < found < elbo + 10
    assert list(first.measures) == list(measures_likelihood.NAMES)
    assert first.texts == {}, "all is as ever"
    assert 0.1 < first.measures["test_iw_bound_error"] < 2


def test_other_codes_and_images_are_taken_where_they_are_asked_for_and_told(vae, digits):
    def found(samples: int, images: int) -> Notes:
        notes = Notes()
        size = BoundSize(samples=samples, images=images)
        measures_likelihood.add(notes, Subject.of(vae, digits, bound=size))
        return notes

    usual, many = found(100, 1000), found(100, 10_000)
    assert many.measures["test_iw_bound"] == pytest.approx(usual.measures["test_iw_bound"], abs=1e-3)
    assert many.texts == {"bound": "K = 100 codes of each of all 360 test images"}
    few = found(300, 50)
    assert few.texts == {"bound": "K = 300 codes of each of the first 50 test images"}
    assert few.measures == found(300, 50).measures
    assert few.measures["test_iw_bound_error"] > many.measures["test_iw_bound_error"]
    alone = found(300, 1)
    assert np.isfinite(alone.measures["test_iw_bound"])
    assert alone.measures["test_iw_bound_error"] is None


def test_a_coder_without_logits_takes_its_own_likelihood_in_blocks(vae, digits):
    class Plain:
        """What a coder of NumPy has."""

        code_size = vae.code_size
        encode, decode, prior, posterior = vae.encode, vae.decode, vae.prior, vae.posterior
        log_likelihood = staticmethod(vae.log_likelihood)

    found = []
    for coder in (vae, Plain()):
        notes = Notes()
        size = BoundSize(samples=30, images=20)
        measures_likelihood.add(notes, Subject.of(coder, digits, bound=size))
        found.append(notes.measures["test_iw_bound"])
    assert found[0] == pytest.approx(found[1], abs=1e-3)


def test_the_bound_is_over_the_first_thousand_images(vae, digits):
    images = np.tile(digits.test.images, (4, 1, 1, 1))
    found = []
    for count in (1000, 1440):
        notes = Notes()
        measures_likelihood.add(notes, Subject.of(vae, repeated(digits, images[:count])))
        found.append(notes.measures["test_iw_bound"])
    assert found[0] == found[1]


def test_the_definition_prints_the_k_and_the_number_of_images_that_are_used():
    definition = measures.named("test_iw_bound")
    assert f"K = {USUAL.samples} codes" in definition.text
    assert f"first {USUAL.images:,} test images" in definition.text


def test_a_model_without_a_posterior_has_no_bound_but_a_reason(ae, digits):
    notes = Notes()
    measures_likelihood.add(notes, Subject.of(ae, digits))
    assert notes.measures == dict.fromkeys(measures_likelihood.NAMES)
    assert notes.reasons == dict.fromkeys(measures_likelihood.NAMES, "a model without a posterior")


# --- robustness -----------------------------------------------------------------------------------------


def test_corruption_costs_error_and_accuracy_and_more_noise_costs_more(vae, digits):
    found = robustness_of(vae, digits, None).measures
    clean = reconstruction.mse(digits.test.images, vae.reconstruct(digits.test.images)).mean()
    assert clean < found["test_mse_noise_10"] < found["test_mse_noise_30"]
    assert clean < found["test_mse_occluded"]
    accuracy = probe_of(vae, digits).accuracy
    assert accuracy > found["latent_accuracy_noise_30"]
    assert accuracy > found["latent_accuracy_occluded"] > 0.1
    assert accuracy >= found["latent_accuracy_noise_10"] - 0.03


def test_a_corrupted_image_is_reconstructed_and_held_against_the_clean_one(ae, digits):
    found = robustness_of(ae, digits, None).measures
    for name, images in measures_robustness.corruptions(digits.test.images):
        differences = np.square(ae.reconstruct(images).astype(np.float64) - digits.test.images)
        assert found[f"test_mse_{name}"] == pytest.approx(differences.mean(), rel=1e-9)
        correct = probe_of(ae, digits).score(ae.encode(images), digits.test.labels)
        assert found[f"latent_accuracy_{name}"] == correct


def test_measures_are_those_that_are_defined_in_that_order(vae, digits):
    found = robustness_of(vae, digits, digits).measures
    assert sorted(found) == sorted(NAMES)
    assert all(value is not None for value in found.values())


def test_inverted_images_are_told_apart_and_the_same_images_are_not(vae, digits):
    inverted = with_test(digits, 1 - digits.test.images)
    found = robustness_of(vae, digits, inverted).measures
    assert found["ood_auroc_error"] > 0.99
    assert found["ood_auroc_elbo"] > 0.99
    same = robustness_of(vae, digits, digits).measures
    assert (same["ood_auroc_error"], same["ood_auroc_elbo"]) == (0.5, 0.5)


def test_where_images_from_outside_are_the_likelier_ones_the_direction_is_told_and_not_mended(vae, digits):
    found = robustness_of(vae, with_test(digits, 1 - digits.test.images), digits).measures
    assert found["ood_auroc_error"] < 0.01
    assert found["ood_auroc_elbo"] < 0.01


def test_what_cannot_be_told_has_a_reason(ae, vae, digits):
    alone = robustness_of(vae, digits, None)
    assert alone.reasons == dict.fromkeys(
        ("ood_auroc_error", "ood_auroc_elbo"), "no other data set was given"
    )
    small = dataclasses.replace(
        digits,
        train=dataclasses.replace(digits.train, images=digits.train.images[:, ::2]),
        test=dataclasses.replace(digits.test, images=digits.test.images[:, ::2]),
    )
    reasons = robustness_of(vae, digits, small).reasons
    assert set(reasons.values()) == {"the other data set has another shape"}
    plain = robustness_of(ae, digits, with_test(digits, 1 - digits.test.images))
    assert plain.reasons == {"ood_auroc_elbo": "a model without a posterior"}
    assert plain.measures["ood_auroc_error"] > 0.9


@pytest.mark.parametrize(
    "definition",
    [*measures.of_task("likelihood"), *measures.of_task("robustness")],
    ids=lambda d: d.name,
)
def test_definitions_are_sentences_with_a_short_label_and_a_paper(definition):
    assert definition.text.endswith(".")
    assert len(definition.label) <= 16
    assert definition.paper
