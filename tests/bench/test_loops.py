"""Each backend's own loop against `model.fit` and `model.evaluate`."""

import contextlib
import dataclasses
import functools
from collections.abc import Iterator

import keras
import numpy as np
import pytest

from bench.ask import grid
from bench.ask.trial import Trial
from bench.datasets import assembly, pixels
from bench.datasets.levels import Levels
from bench.datasets.views import binarisation
from bench.machine import gpus
from bench.models.autoencoder import Autoencoder
from bench.models.families.vae import VariationalAutoencoder
from bench.models.parts import streams
from bench.training import fit, loops
from bench.training.loops.keras_loop import KerasLoop
from tests.conftest import BACKEND

BATCH = 64


def trial(model: str, **changes: object) -> Trial:
    first = next(t for t in grid.load("quick").trials(BACKEND) if t.model == model and t.latent_dim == 8)
    return dataclasses.replace(first, **{"loss": "bce", "learning_rate": 1e-3, **changes})


@pytest.fixture
def double_precision() -> Iterator[None]:
    """In single precision Adam magnifies the rounding of small gradients, and hides what else may differ."""
    # The policy as well: Keras keeps the one that the first layer of the process was built with.
    before, policy = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    with _wide_jax() if BACKEND == "jax" else contextlib.nullcontext():
        yield
    keras.config.set_floatx(before)
    keras.config.set_dtype_policy(policy)


def _wide_jax():
    import jax

    return jax.enable_x64()


def loops_of(chosen: Trial, digits) -> tuple[loops.Loop, loops.Loop]:
    """The backend's loop and Keras's, on two models that begin alike."""
    made = []
    for kind in (loops.create, KerasLoop):
        model = fit.build(chosen, digits.image_shape)
        splits = (split.images.astype(keras.config.floatx()) for split in (digits.train, digits.validation))
        made.append(kind(model, *splits, BATCH))
    return made[0], made[1]


def assert_alike(found: dict[str, float], expected: dict[str, float], tolerance: float) -> None:
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, rel=tolerance), name


@pytest.mark.parametrize(
    ("model", "architecture", "options"),
    [
        ("ae", "conv", ()),
        ("vae", "dense", (("beta", 1.0), ("kl_warmup", 0))),
        ("vae", "conv", (("beta", 4.0), ("kl_warmup", 10))),
    ],
)
@pytest.mark.usefixtures("double_precision")
def test_two_epochs_give_the_losses_of_keras(digits, model, architecture, options):
    ours, theirs = loops_of(trial(model, options=options, architecture=architecture), digits)
    shuffler = np.random.default_rng(0)
    for _ in range(2):
        order = shuffler.permutation(len(digits.train.images))[: 5 * BATCH + 3]  # the last one is small
        assert_alike(ours.train(order), theirs.train(order), 1e-6)
        assert_alike(ours.evaluate(), theirs.evaluate(), 1e-6)


@pytest.mark.parametrize(("model", "architecture"), [("ae", "dense"), ("vae", "dense"), ("vae", "conv")])
def test_an_epoch_in_single_precision_gives_the_losses_of_keras_but_for_rounding(digits, model, architecture):
    """As trials are trained: what differs is rounding, which Adam magnifies in gradients near 0.

    The loss is compared; the KL alone, an eightieth of it here, moves by up to a hundredth.
    """
    ours, theirs = loops_of(trial(model, architecture=architecture), digits)
    order = np.random.default_rng(0).permutation(len(digits.train.images))
    for found, expected in (
        (ours.train(order), theirs.train(order)),
        (ours.evaluate(), theirs.evaluate()),
    ):
        assert found["loss"] == pytest.approx(expected["loss"], rel=5e-4)


@pytest.mark.usefixtures("double_precision")
def test_epochs_of_images_drawn_anew_give_the_losses_of_keras(digits):
    chosen = trial("vae", architecture="dense", options=(("binarize", "dynamic"),))
    grey = digits.train.images.astype("float64")
    ours, theirs = (
        loops.DrawingLoop(loop, functools.partial(binarisation.draw, grey), np.random.default_rng(7))
        for loop in loops_of(chosen, digits)
    )
    order = np.random.default_rng(0).permutation(len(grey))[: 5 * BATCH + 3]
    losses = []
    for _ in range(3):
        losses.append(ours.train(order))
        assert_alike(losses[-1], theirs.train(order), 1e-6)
        assert_alike(ours.evaluate(), theirs.evaluate(), 1e-6)


def test_every_epoch_sees_other_draws_which_numpy_makes_from_the_seed_of_the_trial(digits):
    class Recording(KerasLoop):
        def replace(self, train):
            seen.append(train)
            super().replace(train)

    seen: list[np.ndarray] = []
    model = fit.build(trial("ae", architecture="dense"), digits.image_shape)
    inner = Recording(model, digits.train.images, digits.validation.images, BATCH)
    generators = (streams.on_host(3, streams.BINARISING) for _ in range(2))
    draw = functools.partial(binarisation.draw, digits.train.images)
    loop = loops.DrawingLoop(inner, draw, next(generators))
    for _ in range(2):
        loop.train(np.arange(BATCH))
    expected = next(generators)
    for images in seen:
        np.testing.assert_array_equal(images, binarisation.draw(digits.train.images, expected))
    assert len(seen) == 2
    assert (seen[0] != seen[1]).any(axis=(1, 2, 3)).all()


@pytest.mark.parametrize("base", [Autoencoder, VariationalAutoencoder])
def test_other_images_compile_nothing_again(digits, base):
    calls = []

    class Counting(base):
        def terms(self, batch, outputs):
            calls.append(1)  # Python runs only while a step is traced
            return super().terms(batch, outputs)

    model = Counting(image_shape=digits.image_shape, latent_dim=2)
    model.compile(optimizer="adam")
    loop = loops.create(model, digits.train.images, digits.validation.images, BATCH)
    loop.train(np.arange(3 * BATCH))
    traced = len(calls)
    assert traced >= 1
    before = digits.train.images.copy()
    loop.replace(binarisation.draw(digits.train.images, np.random.default_rng(0)))
    loop.train(np.arange(3 * BATCH))
    assert len(calls) == traced
    np.testing.assert_array_equal(digits.train.images, before)  # torch may read an array where it lies


def address(images: object) -> int:
    if BACKEND == "jax":
        return images.unsafe_buffer_pointer()
    return images.data_ptr() if BACKEND == "torch" else np.asarray(memoryview(images)).ctypes.data


@pytest.mark.skipif(bool(gpus.visible()), reason="a GPU has memory of its own")
def test_a_cpu_trains_on_the_images_where_they_lie(digits):
    bytes_ = np.random.default_rng(0).integers(0, 256, digits.train.images.shape, dtype=np.uint8)
    images = assembly.scaled(bytes_, pixels.Scale(white=255.0))
    np.testing.assert_array_equal(images, bytes_ / np.float32(255))
    loop = loops.create(fit.build(trial("ae"), digits.image_shape), images, images[:BATCH], BATCH)
    assert address(loop._train.images) == address(loop._validation.images) == images.ctypes.data


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "adamnormgrad", "rmsprop", "sgd", "nadam"])
@pytest.mark.usefixtures("double_precision")
def test_a_step_of_an_optimiser_is_that_of_keras(digits, optimizer):
    chosen = trial("ae", architecture="dense", optimizer=optimizer)
    models = [fit.build(chosen, digits.image_shape) for _ in range(2)]
    before = models[0].get_weights()
    images = [split.images.astype("float64") for split in (digits.train, digits.validation)]
    for model, kind in zip(models, (loops.create, KerasLoop), strict=True):
        kind(model, *images, BATCH).train(np.arange(BATCH))
    for first, ours, theirs in zip(before, *(model.get_weights() for model in models), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=5e-8)  # AdamW's decay is 2e-7
        if first.ndim > 1:
            assert np.abs(ours - first).max() > 1e-5  # it has moved


@pytest.mark.skipif(BACKEND != "torch", reason="torch alone repeats recorded operations")
def test_a_model_that_looks_at_values_is_trained_as_well(digits):
    class Looking(VariationalAutoencoder):
        def respond(self, batch, draws, training):
            brightness = float(keras.ops.mean(batch.images))  # of this batch: not to be repeated for others
            return super().respond(batch._replace(images=batch.images * brightness), draws, training)

    losses = []
    for kind in (loops.create, KerasLoop):
        model = Looking(image_shape=digits.image_shape, latent_dim=2)
        model.compile(optimizer=keras.optimizers.SGD(1e-5))
        loop = kind(model, digits.train.images, digits.validation.images, BATCH)
        losses.append(loop.train(np.arange(5 * BATCH)))
    assert_alike(*losses, 1e-5)


@pytest.mark.skipif(BACKEND != "torch", reason="a switch of torch")
def test_denormal_numbers_are_flushed_while_the_loop_trains_and_only_then(digits, monkeypatch):
    loop, _ = loops_of(trial("ae"), digits)
    tiny, seen = np.array([1e-40], np.float32), []
    step = loop._stepper.step
    monkeypatch.setattr(loop._stepper, "step", lambda: (seen.append(float((tiny * 1)[0])), step()))
    loop.train(np.arange(2 * BATCH))
    assert seen == [0.0, 0.0]
    assert float((tiny * 1)[0]) > 0


@pytest.mark.parametrize("architecture", ["dense", "conv"])
def test_images_that_are_scaled_batch_by_batch_train_the_same_weights(digits, architecture):
    kept = [
        Levels(np.round(part.images * 255).astype(np.uint8), 255.0)
        for part in (digits.train, digits.validation)
    ]
    found = []
    for parts in (kept, [one[:] for one in kept]):
        model = fit.build(trial("vae", architecture=architecture), digits.image_shape)
        loop = loops.create(model, *parts, BATCH)
        order = np.random.default_rng(0).permutation(len(parts[0]))[: 3 * BATCH + 5]
        numbers = {**loop.train(order), **{f"val_{name}": one for name, one in loop.evaluate().items()}}
        found.append((numbers, model.get_weights()))
    (numbers, weights), (expected, theirs) = found
    assert numbers == expected
    for one, other in zip(weights, theirs, strict=True):
        np.testing.assert_array_equal(one, other)
