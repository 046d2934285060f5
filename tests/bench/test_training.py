import dataclasses

import numpy as np
import pytest

from bench import tasks
from bench.ask import grid
from bench.ask.trial import Baseline, Trial
from bench.datasets.views import binarisation
from bench.metrics import latent, reconstruction
from bench.running.execution import work
from bench.tasks import baselines
from bench.tasks.basic import OF_POSTERIORS
from bench.training import fit
from tests.conftest import BACKEND


def trial(**changes: object) -> Trial:
    first = next(t for t in grid.load("quick").trials(BACKEND) if t.latent_dim == 8)
    return dataclasses.replace(first, **{"epochs": 2, **changes})


VAE = {"model": "vae", "options": (("beta", 1.0), ("kl_warmup", 0))}


def with_options(**options: object) -> dict[str, object]:
    return {"model": "vae", "options": tuple(sorted({**dict(VAE["options"]), **options}.items()))}


def test_the_epoch_with_the_best_validation_loss_is_the_one_that_is_kept(digits):
    fitted = fit.fit(trial(epochs=6, learning_rate=0.03), digits)
    losses = [row["val_loss"] for row in fitted.history]
    assert fitted.best_epoch == 1 + int(np.argmin(losses))
    images = digits.validation.images
    kept = reconstruction.squared_error(images, fitted.model.reconstruct(images)).mean()
    assert kept == pytest.approx(min(losses), rel=1e-3)


def test_the_history_has_a_row_an_epoch_with_every_term_of_the_loss(digits):
    history = fit.fit(trial(**VAE), digits).history
    assert [row["epoch"] for row in history] == [1, 2]
    assert list(history[0]) == [
        *("epoch", "kl", "loss", "reconstruction", "val_kl", "val_loss", "val_reconstruction", "seconds")
    ]
    for row in history:
        assert row["loss"] == pytest.approx(row["reconstruction"] + row["kl"], rel=1e-4)


def test_training_in_bfloat16_gives_about_as_good_a_model_in_float32(digits):
    rough, exact = (
        fit.fit(
            trial(**VAE | {"options": (("beta", 1.0), ("precision", precision))}),
            digits,
        )
        for precision in ("bfloat16", "float32")
    )
    assert rough.history[0]["loss"] != pytest.approx(exact.history[0]["loss"], rel=1e-6)  # it was rougher
    assert rough.validation_loss == pytest.approx(exact.validation_loss, rel=0.05)
    assert {layer.compute_dtype for layer in rough.model.encoder.layers} == {"float32"}
    assert rough.model.encode(digits.test.images).dtype == np.float32
    kept = rough.model.posterior(digits.validation.images).kl(rough.model.prior()).sum(axis=1).mean()
    assert kept == pytest.approx(rough.history[rough.best_epoch - 1]["val_kl"], rel=0.02)


@pytest.mark.parametrize(
    ("architecture", "binarize"),
    [("dense", "none"), ("conv", "none"), ("dense", "dynamic")] if BACKEND == "torch" else [("conv", "none")],
)
def test_the_same_trial_gives_the_same_numbers_alone_and_after_others(architecture, binarize):
    def run(unit: Trial) -> dict[str, object]:
        timings = ("seconds", "per_second", "memory")
        measures = work.run(unit).result.measures
        return {name: value for name, value in measures.items() if not any(t in name for t in timings)}

    chosen = trial(architecture=architecture, **with_options(binarize=binarize))
    alone = run(chosen)
    run(trial(seed=5, **with_options(binarize="dynamic")))
    run(trial(architecture="conv", latent_dim=2))
    assert run(chosen) == alone
    assert run(dataclasses.replace(chosen, seed=1)) != alone


def test_a_binarised_trial_is_trained_and_measured_on_black_and_white_images(digits):
    chosen = trial(loss="bce", **with_options(binarize="dynamic"))
    outcome = work.run(chosen)
    measures = outcome.result.measures
    assert outcome.result.data_sha256 == digits.sha256
    assert set(np.unique(outcome.images["originals"])) == {0, 255}
    assert measures["test_bce_excess"] == measures["test_bce"]  # black and white pixels have no entropy
    drawn = binarisation.applied(digits, "dynamic")
    model = fit.fit(chosen, digits).model
    bce = reconstruction.cross_entropy(drawn.test.images, model.reconstruct(drawn.test.images)).mean()
    assert measures["test_bce"] == pytest.approx(bce, rel=1e-6)
    probe = latent.logistic_probe(
        model.encode(drawn.train.images),
        drawn.train.labels,
        model.encode(drawn.test.images),
        drawn.test.labels,
    )
    assert measures["latent_accuracy"] == probe.accuracy
    terms = model.evaluate(drawn.validation.images, batch_size=1000, verbose=0, return_dict=True)
    assert measures["validation_loss"] == pytest.approx(terms["loss"], rel=0.01)  # but for the noise


def test_binarised_epochs_differ_where_fixed_ones_would_repeat(digits):
    frozen = {"learning_rate": 1e-30, "optimizer": "sgd", "epochs": 3}  # a model that stays as it is
    grey, drawn = (
        [row["loss"] for row in fit.fit(trial(**frozen, options=options), digits).history]
        for options in ((), (("binarize", "dynamic"),))
    )
    assert max(grey) == pytest.approx(min(grey), rel=1e-6)
    assert len({round(loss, 3) for loss in drawn}) == 3
    assert min(drawn) > max(grey)  # black and white images lie farther from grey ones


def test_baselines_of_binarised_images_are_measured_on_them(digits):
    unit = Baseline(dataset="digits", model="mean", options=(("binarize", "dynamic"),))
    outcome = work.run(unit)
    drawn = binarisation.applied(digits, "dynamic")
    expected = np.square(drawn.test.images - drawn.train.images.mean(axis=0)).mean()
    assert outcome.result.measures["test_mse"] == pytest.approx(expected, rel=1e-5)
    assert outcome.result.data_sha256 == digits.sha256


def test_a_loss_that_is_no_number_ends_as_diverged_with_its_epoch():
    outcome = work.run(trial(learning_rate=1e30, optimizer="sgd"))
    assert outcome.result.status == "diverged"
    assert "epoch 1" in outcome.result.error


def test_a_trial_that_raises_ends_as_a_row_with_its_traceback():
    outcome = work.run(trial(activation="no such function"))
    assert outcome.result.status == "failed"
    assert "no such function" in outcome.result.error
    assert "\n" not in outcome.result.error
    assert "Traceback" in outcome.result.traceback


def test_a_dense_autoencoder_beats_pca_with_as_many_components(digits):
    fitted = fit.fit(trial(epochs=12), digits)
    pca = baselines.run(Baseline(dataset="digits", model="pca", latent_dim=8), digits)
    measured = tasks.measure(fitted.model, digits)
    assert measured.measures["test_mse"] < 0.9 * pca.result.measures["test_mse"]
    assert measured.measures["latent_accuracy"] > 0.85


def test_a_trial_has_every_measure_or_the_reason_why_not(digits):
    for chosen in (trial(), trial(**VAE)):
        result = work.run(chosen).result
        assert result.status == "ok"
        empty = {name for name, value in result.measures.items() if value is None}
        assert empty == set(result.reasons)
        assert empty == (set(OF_POSTERIORS) if chosen.model == "ae" else set())


def test_the_elbo_is_the_log_likelihood_of_a_sampled_code_minus_kl(digits):
    fitted = fit.fit(trial(**VAE), digits)
    measures = tasks.measure(fitted.model, digits).measures
    squared = measures["test_mse_sampled"] * 784
    constant = 784 / 2 * np.log(np.pi)
    assert measures["test_elbo"] == pytest.approx(-squared - constant - measures["test_kl"], rel=1e-6)


def test_pca_is_that_of_scikit_learn_called_directly(digits):
    import sklearn.decomposition

    train, test = (baselines.flat(split.images) for split in (digits.train, digits.test))
    pca = sklearn.decomposition.PCA(8, svd_solver="full").fit(train.astype(np.float64))
    expected = np.clip(pca.inverse_transform(pca.transform(test.astype(np.float64))), 0, 1)
    found = baselines.run(Baseline(dataset="digits", model="pca", latent_dim=8), digits).result.measures
    assert found["test_mse"] == pytest.approx(np.square(expected - test).mean(), rel=1e-4)


def test_large_images_get_the_components_that_are_asked_for(digits):
    big = np.kron(digits.train.images[:60], np.ones((1, 2, 2, 1), "float32"))  # 56x56: each pixel four times
    split = dataclasses.replace(digits.train, images=big)
    large = dataclasses.replace(digits, train=split)
    small = dataclasses.replace(digits, train=dataclasses.replace(split, images=digits.train.images[:60]))
    found, expected = (baselines.principal_components(data, 5) for data in (large, small))
    np.testing.assert_allclose(found.explained_variance_[:5], 4 * expected.explained_variance_[:5], rtol=1e-3)


def test_the_mean_image_has_the_variance_of_the_images_as_its_error(digits):
    found = baselines.run(Baseline(dataset="digits", model="mean"), digits).result.measures
    expected = np.square(digits.test.images - digits.train.images.mean(axis=0)).mean()
    assert found["test_mse"] == pytest.approx(expected, rel=1e-5)


def test_more_components_than_there_are_give_empty_cells_with_the_reason(digits):
    outcome = baselines.run(Baseline(dataset="digits", model="pca", latent_dim=5000), digits)
    assert outcome.result.measures["test_mse"] is None
    assert outcome.result.reasons["test_mse"] == "only 784 components exist for these images"


def test_the_pictures_are_the_same_test_images_in_every_trial():
    images = [work.run(trial(**changes)).images for changes in ({}, VAE)]
    np.testing.assert_array_equal(images[0]["originals"], images[1]["originals"])
    assert sorted(images[0]["labels"]) == list(range(10))


def test_a_two_dimensional_model_brings_a_map_of_decoded_codes():
    images = work.run(trial(latent_dim=2)).images
    assert images["map"].shape == (15, 15, 28, 28, 1)
    assert images["points"].shape == (360, 2)
    left, right, bottom, top = images["map_extent"]
    inside = (images["points"] > [left, bottom]) & (images["points"] < [right, top])
    assert inside.all(axis=1).mean() > 0.9
