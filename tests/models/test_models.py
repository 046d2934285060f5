"""What every model does, on the active backend."""

import dataclasses
import re
import zipfile

import keras
import numpy as np
import pytest

from bench import models
from bench.ask import activations, axes, grid
from bench.metrics import reconstruction
from bench.models import architecture_cards, cards, catalogue
from bench.models.about import About
from bench.models.autoencoder import Autoencoder
from bench.models.parts import initialization, streams
from bench.report.sections import protocol
from bench.training import fit, optimizers
from tests.conftest import BACKEND

# Each model on one architecture, each architecture with one model.
ALL = [
    *((model, "dense") for model in models.MODELS),
    *(("ae", architecture) for architecture in models.ARCHITECTURES if architecture != "dense"),
]


def compiled(model: str, architecture: str, **settings: object) -> keras.Model:
    made = models.create(model, **{"image_shape": (28, 28, 1), "architecture": architecture, **settings})
    made.compile(optimizer=keras.optimizers.Adam(1e-3))
    return made


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 32, 3), (30, 17, 1), (5, 1, 4)])
@pytest.mark.parametrize(("model", "architecture"), ALL)
def test_images_of_any_size_come_back_in_their_own_shape(model, architecture, shape):
    made = models.create(model, image_shape=shape, architecture=architecture, latent_dim=3)
    images = np.random.default_rng(0).random((4, *shape), dtype="float32")
    codes = made.encode(images)
    assert codes.shape == (4, 3)
    for pictures in (made.decode(codes), made.reconstruct(images), made.sample(4)):
        assert pictures.shape == (4, *shape)
        assert 0 <= pictures.min() <= pictures.max() <= 1


@pytest.mark.parametrize(
    ("loss", "measure"),
    [
        ("mse", reconstruction.squared_error),
        ("mae", reconstruction.absolute_error),
        ("bce", reconstruction.cross_entropy),
    ],
)
def test_the_training_loss_is_the_measured_error_summed_over_pixels(digits, loss, measure):
    images = digits.test.images[:50]
    model = compiled("ae", "dense", loss=loss, latent_dim=4)
    evaluated = model.evaluate(images, batch_size=50, verbose=0, return_dict=True)
    assert evaluated["loss"] == pytest.approx(measure(images, model.reconstruct(images)).mean(), rel=1e-4)


@pytest.mark.parametrize("beta", [0.0, 1.0, 4.0])
def test_the_vae_loss_is_reconstruction_plus_beta_times_kl(digits, beta):
    images = digits.test.images[:100]
    model = compiled("vae", "dense", beta=beta, latent_dim=4)
    evaluated = model.evaluate(images, batch_size=100, verbose=0, return_dict=True)
    kl = model.posterior(images).kl(model.prior()).sum(axis=1).mean()
    assert evaluated["kl"] == pytest.approx(kl, rel=1e-4)
    assert evaluated["loss"] == pytest.approx(evaluated["reconstruction"] + beta * kl, rel=1e-4)


def test_the_loss_of_an_epoch_is_a_mean_over_images_whatever_the_batches(digits):
    images = digits.test.images[:50]
    model = compiled("ae", "conv", latent_dim=4)
    losses = [model.evaluate(images, batch_size=size, verbose=0) for size in (50, 32, 7)]
    first = [float(np.ravel(loss)[0]) for loss in losses]
    assert first == pytest.approx([first[0]] * 3, rel=1e-4)


def test_every_step_draws_other_noise_in_training_and_in_validation(digits):
    images = digits.train.images[:64]
    model = models.create("vae", image_shape=(28, 28, 1), latent_dim=4)
    model.compile(optimizer=keras.optimizers.SGD(0.0))  # nothing is learnt: only the noise can differ
    losses = [model.fit(images, batch_size=64, verbose=0).history["loss"][0] for _ in range(3)]
    losses += [model.evaluate(images, batch_size=64, verbose=0, return_dict=True)["loss"] for _ in range(3)]
    assert len(set(losses)) == 6


def test_kl_warmup_weighs_the_first_steps_less_and_validation_fully(digits):
    images = digits.train.images[:128]
    warm, plain = (compiled("vae", "dense", latent_dim=4, kl_warmup=n) for n in (1_000_000, 0))
    trained = [model.fit(images, batch_size=32, shuffle=False, verbose=0) for model in (warm, plain)]
    warm_loss, plain_loss = (h.history["loss"][0] for h in trained)
    warm_reconstruction = trained[0].history["reconstruction"][0]
    assert warm_loss == pytest.approx(warm_reconstruction, rel=1e-3)
    assert plain_loss > trained[1].history["reconstruction"][0]
    evaluated = warm.evaluate(images, verbose=0, return_dict=True)
    assert evaluated["loss"] == pytest.approx(evaluated["reconstruction"] + evaluated["kl"], rel=1e-4)


def test_kl_warmup_reaches_the_full_weight_after_its_steps(digits):
    images = digits.train.images[:128]
    model = compiled("vae", "dense", latent_dim=4, kl_warmup=4, beta=2.0)
    model.fit(images, batch_size=32, verbose=0)  # four steps
    history = model.fit(images, batch_size=32, verbose=0).history
    assert history["loss"][0] == pytest.approx(history["reconstruction"][0] + 2 * history["kl"][0], rel=1e-4)


@pytest.mark.parametrize(("model", "architecture"), ALL)
def test_a_saved_model_gives_the_same_codes_and_reconstructions(model, architecture, digits, tmp_path):
    loss = "mse" if architecture == "linear" else "bce"
    made = compiled(model, architecture, latent_dim=4, loss=loss, activation="gelu")
    made.fit(digits.train.images[:256], batch_size=64, verbose=0)
    made.save(tmp_path / "model.keras")
    loaded = models.load(tmp_path / "model.keras")
    images = digits.test.images[:20]
    assert loaded.get_config() == made.get_config()
    np.testing.assert_allclose(loaded.encode(images), made.encode(images), atol=1e-6)
    np.testing.assert_allclose(loaded.reconstruct(images), made.reconstruct(images), atol=1e-6)


def test_a_file_says_what_its_model_was_trained_on_and_an_older_one_says_nothing(digits, tmp_path):
    made = models.create("vae", image_shape=(28, 28, 1), latent_dim=2)
    made.save(tmp_path / "older.keras")
    older = models.load(tmp_path / "older.keras")
    assert (older.class_names, older.value_range, older.data_sha256) == ((), None, "")
    (tmp_path / "model.keras").write_bytes(fit.to_bytes(made, digits))
    loaded = models.load(tmp_path / "model.keras")
    assert loaded.class_names == digits.class_names
    assert loaded.value_range == (0, 16)
    assert loaded.data_sha256 == digits.sha256
    loaded.save(tmp_path / "again.keras")
    assert models.load(tmp_path / "again.keras").about == loaded.about


@pytest.mark.parametrize(
    "given",
    [
        *(None, 3, [], "x", {"class_names": "cat", "value_range": [1, 0], "data_sha256": "../x"}),
        {"class_names": [1], "value_range": [float("nan"), 1], "data_sha256": 5},
        {"class_names": ["a" * 999], "value_range": [0, 10**400]},
        {"value_range": [-1e308, 1e308]},
    ],
)
def test_what_a_file_of_a_stranger_says_of_its_data_is_left_out_where_it_has_another_form(given):
    assert About.from_config(given) == About()


def test_a_file_that_is_no_model_is_refused_in_one_line_whatever_is_wrong_with_it(tmp_path):
    """It was one of seven kinds of errors, by where the damage lay."""
    path = tmp_path / "model.keras"
    models.create("ae", image_shape=(8, 8, 1), latent_dim=2).save(path)
    whole = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    half = len(members["model.weights.h5"]) // 2

    def refused(content: bytes = b"", **changed: bytes) -> None:
        path.write_bytes(content)
        if changed:
            with zipfile.ZipFile(path, "w") as archive:
                for name, kept in members.items():
                    if new := changed.get(name.split(".")[-2], kept):
                        archive.writestr(name, new)
        with pytest.raises(
            ValueError, match=r"^expected a \.keras file .*model\.keras.*; correct the"
        ) as caught:
            models.load(path)
        assert "\n" not in str(caught.value) and len(str(caught.value)) < 800

    for content in (b"", b"no archive", whole[: len(whole) // 2]):
        refused(content)
    for config in (
        b"{",
        b"[]",
        b"{}",
        b"\xff\xfe",
        members["config.json"].replace(b'"latent_dim"', b'"size"'),
    ):
        refused(config=config)
    refused(weights=members["model.weights.h5"][:half])
    refused(weights=b"")
    keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]).save(path)
    refused(path.read_bytes())
    path.unlink()
    with pytest.raises(ValueError, match=r"expected a \.keras file"):
        models.load(path)


def test_a_seed_fixes_weights_samples_and_training(digits):
    def train(seed: int) -> tuple[np.ndarray, np.ndarray]:
        model = compiled("vae", "dense", latent_dim=4, seed=seed)
        model.fit(digits.train.images[:256], batch_size=64, shuffle=False, verbose=0)
        return model.encode(digits.test.images[:10]), model.sample(3)

    first, again, other = train(1), train(1), train(2)
    for a, b in zip(first, again, strict=True):
        np.testing.assert_array_equal(a, b)
    assert not np.allclose(first[0], other[0])


def test_glorot_weights_have_the_published_variance():
    weights = initialization.glorot_uniform((3, 3, 64, 128), np.random.default_rng(0))
    fan_in, fan_out = 9 * 64, 9 * 128
    assert weights.var() == pytest.approx(2 / (fan_in + fan_out), rel=0.02)
    assert weights.mean() == pytest.approx(0, abs=1e-3)


def test_the_initial_weights_are_those_of_numpy_on_every_backend():
    model = models.create("ae", image_shape=(28, 28, 1), architecture="dense", latent_dim=4, seed=7)
    kernel = keras.ops.convert_to_numpy(model.encoder.trainable_variables[0])
    expected = initialization.glorot_uniform((784, 512), np.random.default_rng([7, 0]))
    np.testing.assert_array_equal(kernel, expected)


def test_the_catalogue_names_the_options_that_constructors_take():
    for name, spec in catalogue.MODELS.items():
        made = models.create(name, image_shape=(8, 8, 1), latent_dim=2)
        own = set(made.get_config()) - set(models.create("ae", image_shape=(8, 8, 1)).get_config())
        assert {option: made.get_config()[option] for option in own} == {
            option.name: option.default for option in spec.options if option.told != "changed"
        }


def test_an_option_that_is_told_where_it_is_changed_is_one_of_the_constructor_and_its_file():
    for name, spec in catalogue.MODELS.items():
        for option in (one for one in spec.options if one.told == "changed"):
            other = option.known[-1] if option.known else 3
            made = models.create(name, image_shape=(8, 8, 1), latent_dim=2, **{option.name: other})
            assert made.get_config()[option.name] == other != option.default


def test_every_known_activation_works_in_a_layer():
    for name in activations.ACTIVATIONS:
        made = models.create("ae", image_shape=(8, 8, 1), latent_dim=2, activation=name)
        assert made.encode(np.zeros((1, 8, 8, 1), "float32")).shape == (1, 2)


def test_the_known_activations_are_those_of_keras():
    utilities = {"get", "serialize", "deserialize", "glu", "threshold"}
    public = {name for name in dir(keras.activations) if not name.startswith("_")}
    assert public - utilities == set(activations.ACTIVATIONS)


def test_the_known_optimizers_are_those_of_keras():
    wrappers = {"Optimizer", "OptimizerMap", "LossScaleOptimizer", "MultiOptimizer"}
    public = {
        name
        for name in dir(keras.optimizers)
        if isinstance(getattr(keras.optimizers, name), type) and name not in wrappers
    }
    assert {name.lower() for name in public} == set(axes.OPTIMIZERS) - {"adamnormgrad"}  # that is ours


@pytest.mark.parametrize("name", axes.OPTIMIZERS)
def test_every_known_optimizer_takes_a_step(name):
    # Smooth units and no black pixel: Keras's Adafactor divides 0 by 0 where a whole row has no gradient.
    images = np.random.default_rng(0).random((64, 8, 8, 1), dtype="float32")
    made = models.create("ae", image_shape=(8, 8, 1), latent_dim=2, activation="tanh")
    some = grid.load("quick").trials(BACKEND)[0]
    made.compile(optimizer=optimizers.make(dataclasses.replace(some, optimizer=name, learning_rate=1e-3)))
    before = made.evaluate(images, batch_size=64, verbose=0, return_dict=True)["loss"]
    made.fit(images, batch_size=64, verbose=0)
    after = made.evaluate(images, batch_size=64, verbose=0, return_dict=True)["loss"]
    assert np.isfinite(after)
    assert after != before


def test_the_report_says_which_layers_the_networks_have():
    text = dict(protocol.PROTOCOL)["Networks"].replace("Shi et al. 2016", "")
    options = (("dense", "widths"), ("conv", "filters"))
    defaults = [str(models.ARCHITECTURES[name].named_options[option].default) for name, option in options]
    widths = [size for text in defaults for size in cards.sizes(text)] + [architecture_cards.CONV_DENSE_WIDTH]
    assert [int(number) for number in re.findall(r"\b\d+\b", text)] == widths


def test_a_model_that_overrides_call_is_refused():
    with pytest.raises(TypeError, match="Mine overrides call; override respond, and draw"):

        class Mine(Autoencoder):
            def call(self, images, training=False):
                return {"logits": images}


def test_no_two_seeds_share_noise_at_whatever_step():
    steps, seeds = 40, range(5)
    generators = [streams.on_device(seed, streams.NOISE) for seed in seeds]
    drawn = [
        tuple(keras.ops.convert_to_numpy(keras.random.normal((3,), seed=generator)).tolist())
        for generator in generators
        for _ in range(steps)
    ]
    assert len(set(drawn)) == steps * len(seeds)


def test_the_uses_of_a_seed_have_streams_of_their_own():
    uses = (streams.WEIGHTS, streams.SHUFFLING, streams.BINARISING, streams.NOISE)
    drawn = {streams.on_host(seed, use).random() for seed in range(5) for use in uses}
    assert len(drawn) == 5 * len(uses)
    assert streams.on_host(3, streams.NOISE).random() == streams.on_host(3, streams.NOISE).random()
