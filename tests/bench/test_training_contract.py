"""What a model may ask of a step of training, in each backend's own loop and in `model.fit` alike."""

import dataclasses

import keras
import numpy as np
import pytest
from keras import ops

from bench import models
from bench.models.autoencoder import Autoencoder, Stage
from bench.models.families.vae import VariationalAutoencoder
from bench.running.execution import work
from bench.training import fit, loops
from bench.training.loops.keras_loop import KerasLoop
from tests.bench.test_loops import BATCH, assert_alike, double_precision, trial
from tests.conftest import BACKEND

__all__ = ["double_precision"]  # a fixture


class MovingMean(Autoencoder):
    """Keeps a moving average of its logits, which its objective pulls them to."""

    term_names = ("reconstruction", "apart")

    def __init__(self, **common):
        super().__init__(**common)
        self.centre = self.add_weight(shape=self.image_shape, initializer="ones", trainable=False)

    def terms(self, batch, outputs):
        apart = ops.sum(ops.square(outputs["logits"] - self.centre), axis=(1, 2, 3))
        return {**super().terms(batch, outputs), "apart": apart}

    def objective(self, terms, training):
        return super().objective(terms, training) + 0.01 * ops.mean(terms["apart"])

    def renew(self, batch, outputs):
        mean = ops.mean(ops.stop_gradient(outputs["logits"]), axis=0)
        self.centre.assign(0.9 * self.centre + 0.1 * mean)


class Asking(Autoencoder):
    """Takes all that there is to ask for; each part of it changes the loss."""

    term_names = ("reconstruction", "asked")
    companions = 3

    def respond(self, batch, draws, training):
        noise = 1.5 if training else 1.0
        return {**super().respond(batch, draws, training), "scale": ops.ones(()) * noise}

    def terms(self, batch, outputs):
        kind = outputs["logits"].dtype
        asked = ops.cast(batch.labels, kind) + ops.cast(batch.rows, kind) / 1000.0
        near = ops.mean(ops.square(batch.images[:, None] - batch.others[None]), axis=(1, 2, 3, 4))
        return {**super().terms(batch, outputs), "asked": outputs["scale"] * (asked + near)}

    def objective(self, terms, training):
        return super().objective(terms, training) + ops.mean(terms["asked"])


NEEDS = ("labels", "rows", "companions")


@pytest.fixture(scope="module")
def small(digits):
    """The embedded digits at a quarter of their size, 400 to train on: what is compared are steps."""

    def thin(split):
        return dataclasses.replace(split, images=split.images[:400, 2::4, 2::4], labels=split.labels[:400])

    return dataclasses.replace(digits, train=thin(digits.train), validation=thin(digits.validation))


def both(kind, small, needs=()):
    """A loop of the backend's own and one of Keras, on models that begin alike."""
    made = []
    for loop in (loops.create, KerasLoop):
        model = kind(image_shape=small.image_shape, latent_dim=3, seed=5)
        model.compile(optimizer=keras.optimizers.Adam(1e-3))
        parts = (
            loops.Part(split.images.astype(keras.config.floatx()), split.labels if needs else None)
            for split in (small.train, small.validation)
        )
        made.append((loop(model, *parts, BATCH, needs), model))
    return made


@pytest.mark.parametrize(("kind", "needs"), [(MovingMean, ()), (Asking, NEEDS)])
@pytest.mark.usefixtures("double_precision")
def test_state_labels_rows_and_companions_reach_a_step_as_they_do_in_keras(kind, needs, small):
    (ours, model), (theirs, reference) = both(kind, small, needs)
    order = np.random.default_rng(0).permutation(len(small.train.images))[: 3 * BATCH + 3]
    for _ in range(2):
        assert_alike(ours.train(order), theirs.train(order), 1e-6)
        assert_alike(ours.evaluate(), theirs.evaluate(), 1e-6)
    for found, expected in zip(model.get_weights(), reference.get_weights(), strict=True):
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)
    assert ours.untraced == ""


def test_a_step_that_is_trained_knows_it_and_one_that_is_validated_too(small):
    (loop, _), _ = both(Asking, small, NEEDS)
    same = np.arange(len(small.validation.images))
    part = loops.Part(small.validation.images, small.validation.labels)
    model = Asking(image_shape=small.image_shape, latent_dim=3)
    model.compile(optimizer=keras.optimizers.SGD(0.0))
    loop = loops.create(model, part, part, len(same), NEEDS)
    assert loop.train(same)["asked"] == pytest.approx(1.5 * loop.evaluate()["asked"], rel=0.02)


def test_validation_sees_the_same_companions_in_every_epoch_and_training_others(small):
    (loop, model), _ = both(Asking, small, NEEDS)
    model.optimizer.learning_rate = 0.0
    assert loop.evaluate() == loop.evaluate()
    order = np.arange(BATCH)
    assert loop.train(order)["asked"] != loop.train(order)["asked"]


@pytest.mark.skipif(BACKEND != "torch", reason="torch alone records operations")
def test_a_model_whose_steps_cannot_be_recorded_says_why(small, catalogued):
    class Looking(Autoencoder):
        def terms(self, batch, outputs):
            if float(ops.mean(outputs["logits"])) > 1e9:
                raise AssertionError
            return super().terms(batch, outputs)

    (loop, _), _ = both(Looking, small)
    assert loop.untraced
    assert "\n" not in loop.untraced
    catalogued(Looking)
    note = work.run(trial("ae", epochs=1)).note
    assert note.startswith("steps of model ae cannot be recorded on torch")
    assert loop.untraced in note


@pytest.fixture
def catalogued(monkeypatch):
    """Adds a model of this module to the catalogue."""

    def add(kind, needs=()):
        monkeypatch.setitem(models.MODELS, "ae", dataclasses.replace(models.MODELS["ae"], needs=needs))
        monkeypatch.setattr(models.catalogue, "create", None)
        monkeypatch.setattr(models, "create", lambda name, **settings: kind(**settings))

    return add


def test_a_trial_gives_its_model_what_the_card_says(small, catalogued):
    catalogued(Asking, NEEDS)
    fitted = fit.fit(trial("ae", epochs=1), small)
    assert fitted.history[0]["asked"] > 4  # mean labels alone are 4.5 times 1.5


def test_the_epoch_is_chosen_by_what_the_model_selects(small, catalogued):
    class Growing(MovingMean):
        selects = "apart"

    catalogued(Growing)
    fitted = fit.fit(trial("ae", epochs=4, learning_rate=0.01), small)
    apart = [row["val_apart"] for row in fitted.history]
    assert fitted.best_epoch == 1 + int(np.argmin(apart))
    assert fitted.validation_loss == fitted.history[fitted.best_epoch - 1]["val_loss"]


class TwoStages(VariationalAutoencoder):
    """A second autoencoder learns the codes of the first, drawn anew for each epoch."""

    def __init__(self, **common):
        super().__init__(**common)
        self.second = Autoencoder(image_shape=(1, 1, self.latent_dim), latent_dim=2, seed=self.seed)
        self.second.trainable = False

    def next_stage(self, train, validation):
        self.second.trainable = True
        codes = [np.tanh(self.encode(images))[:, None, None] for images in (train, validation)]

        def draw(generator):
            drawn.append(codes[0] + 0.01 * generator.standard_normal(codes[0].shape, dtype="float32"))
            return drawn[-1]

        return Stage(self.second, draw, codes[1])


drawn: list[np.ndarray] = []


def test_a_next_stage_is_trained_on_what_the_best_epoch_gives(small, catalogued):
    catalogued(TwoStages)
    drawn.clear()
    settings = {"epochs": 2, "learning_rate": 1e-3}
    fitted = fit.fit(trial("ae", **settings), small)
    assert [row["stage"] for row in fitted.history] == [1, 1, 2, 2]
    assert "val_kl" in fitted.history[0] and "val_kl" not in fitted.history[2]
    assert fitted.validation_loss == min(row["val_loss"] for row in fitted.history[:2])
    assert (drawn[0] != drawn[1]).any()
    begun = Autoencoder(image_shape=(1, 1, 8), latent_dim=2, seed=fitted.model.seed).get_weights()
    ended = fitted.model.second.get_weights()
    assert all((before != after).any() for before, after in zip(begun, ended, strict=True))
