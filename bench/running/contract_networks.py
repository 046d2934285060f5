"""What every model and architecture has to keep to: checks as in `bench.running.contract`.

Each check takes a card and gives what is wrong, in one line, or nothing. They train small networks on small
images, on the active backend; a minute a model.
"""

import functools
import pathlib
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np

from bench import errors, models, tasks
from bench.metrics import likelihood
from bench.models.coder import Absent
from bench.running.contract_subject import Subject, batch_of, parts_of, small
from bench.training import fit, loops
from bench.training.loops.keras_loop import KerasLoop

BATCH = 32
STEPS = 3
MOST_APART = 0.01
SHAPES = ((28, 28, 1), (30, 17, 3), (5, 1, 4))
Check = Callable[["Subject"], str]


def _built(subject: Subject) -> str:
    """It is built from the options of its card."""
    try:
        subject.model()
    except ValueError as error:
        if "Unrecognized keyword arguments" not in str(error):
            raise
        named = ", ".join(subject.card.named_options)
        return (
            f"expected a constructor that takes the options of its card ({named}); {errors.one_line(error)}"
        )
    return ""


def _against(subject: Subject) -> str:
    """The model that it is held against is there."""
    against = getattr(subject.card, "against", "")
    return (
        "" if not against or against in models.MODELS else errors.unknown("against", against, models.MODELS)
    )


def _options(subject: Subject) -> str:
    """The constructor takes the options of the card, and has their defaults."""
    config = subject.model().get_config()
    if subject.card.name in models.ARCHITECTURES:
        config = config["architecture_options"]
    for option in subject.card.options:
        if option.name not in config and option.told == "changed":
            continue  # it was given, at the card's default, and that is the constructor's
        if option.name not in config:
            return f"get_config lacks the option {option.name}"
        told = subject.card.defaults.get(option.name, option.default)
        if config[option.name] != told:
            return f"{option.name} is {config[option.name]!r}, and {told!r} on the card"
    return ""


def _file(subject: Subject) -> str:
    """A model comes back from its file with the same codes."""
    model, images = subject.model(), small().test.images
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "model.keras"
        path.write_bytes(fit.to_bytes(model))
        loaded = models.load(path)
    before, after = model.encode(images), loaded.encode(images)
    return (
        "" if np.array_equal(before, after) else f"codes differ by up to {np.abs(before - after).max():.2g}"
    )


def _terms(subject: Subject) -> str:
    """Terms are a number an image, for any number of images, in the order of term_names."""
    model = subject.model()
    for count in (1, 80, 1000):
        batch = batch_of(subject, model, count)
        outputs = model.respond(batch, model.draw(count), False)
        terms = model.terms(batch, outputs)
        if tuple(terms) != tuple(model.term_names):
            return f"terms gives {', '.join(terms)}, and term_names says {', '.join(model.term_names)}"
        for name, values in terms.items():
            if tuple(values.shape) != (count,):
                return (
                    f"of {count} images the term {name} has the shape {tuple(values.shape)}, not ({count},)"
                )
            if not np.isfinite(keras.ops.convert_to_numpy(values)).all():
                return f"the term {name} is not finite for {count} images"
    return ""


def _training(subject: Subject) -> str:
    """Steps in the program's own loop are those of model.fit."""
    found = []
    order = np.random.default_rng(0).permutation(len(small().train.images))[: STEPS * BATCH]
    for kind in (loops.create, KerasLoop):
        model = subject.model()
        train, validation = parts_of(subject)
        loop = kind(model, train, validation, BATCH, subject.needs)
        found.append((loop.train(order), loop.evaluate(), model.get_weights()))
        if getattr(loop, "untraced", ""):
            return f"its steps cannot be recorded on torch: {loop.untraced}"
    (ours, _, weights), (theirs, _, expected) = found
    for name, value in ours.items():
        if not np.isclose(value, theirs[name], rtol=1e-3, atol=1e-4):
            return f"{name} is {value:.6g}, and {theirs[name]:.6g} in model.fit"
    # Adam takes a whole step for the rounding of a gradient of next to nothing: a few weights may differ.
    apart = np.concatenate([np.abs(a - b).ravel() for a, b in zip(weights, expected, strict=True)])
    if (share := float((apart > 1e-3).mean())) < MOST_APART:
        return ""
    return f"{share:.0%} of the weights differ, by up to {apart.max():.2g} after {STEPS} steps"


def _gradients(subject: Subject) -> str:
    """Every weight that is trained changes in a step."""
    model = subject.model()
    before = [keras.ops.convert_to_numpy(each) for each in model.trainable_variables]
    train, validation = parts_of(subject)
    loops.create(model, train, validation, BATCH, subject.needs).train(np.arange(STEPS * BATCH))
    for old, variable in zip(before, model.trainable_variables, strict=True):
        if np.array_equal(old, keras.ops.convert_to_numpy(variable)):
            return f"{variable.path} gets no gradient: use it in each step, or make it trainable=False"
    return ""


def _repeats(subject: Subject) -> str:
    """The same trial gives the same numbers."""
    first, second = (fit.fit(subject.trial(), small()) for _ in range(2))
    rows = [
        [{k: v for k, v in row.items() if k != "seconds"} for row in one.history] for one in (first, second)
    ]
    return "" if rows[0] == rows[1] else f"two trainings of one seed gave {rows[0][-1]} and {rows[1][-1]}"


def _coding(subject: Subject) -> str:
    """Encoding gives code_size numbers, the same each time; decoding any code gives an image in [0, 1]."""
    model, images = subject.model(), small().test.images
    codes = model.encode(images)
    if codes.shape != (len(images), model.code_size):
        return f"encode gives {codes.shape} for {len(images)} images, and code_size is {model.code_size}"
    if not np.array_equal(codes, model.encode(images)):
        return "encode gives other codes at a second call"
    wild = 100 * np.random.default_rng(0).standard_normal(codes.shape).astype("float32")
    for given in (codes, wild):
        decoded = model.decode(given)
        if decoded.shape != images.shape or not np.isfinite(decoded).all():
            return f"decode gives {decoded.shape}, finite: {bool(np.isfinite(decoded).all())}, of real codes"
        if decoded.min() < 0 or decoded.max() > 1:
            return f"decode gives values from {decoded.min():.3g} to {decoded.max():.3g}, not in [0, 1]"
    return ""


def _prior(subject: Subject) -> str:
    """A prior of two numbers integrates to 1, and what is drawn from it is where it is dense."""
    absent = subject.model().prior()
    if isinstance(absent, Absent):
        return "" if absent.reason else "an absent prior says no reason"
    model = subject.model(latent_dim=2)
    prior = model.prior()
    if isinstance(prior, Absent) or model.code_size != 2:
        return ""
    axis = np.linspace(-12, 12, 481)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    mass = float(np.exp(prior.log_density(grid)).sum() * (axis[1] - axis[0]) ** 2)
    if not 0.98 < mass < 1.02:
        return f"the density of the prior integrates to {mass:.3f} over [-12, 12], not to 1"
    drawn = prior.sample(500, np.random.default_rng(0))
    return "" if drawn.shape == (500, 2) and np.isfinite(drawn).all() else f"sample gives {drawn.shape}"


def _bound(subject: Subject) -> str:
    """The importance-weighted bound rises with the number of codes."""
    model, images = fit.fit(subject.trial(), small()).model, small().test.images[:50]
    posterior, prior = model.posterior(images), model.prior()
    if isinstance(posterior, Absent) or isinstance(prior, Absent):
        return ""
    fits = model.log_likelihood(images, posterior.mean)
    if isinstance(fits, Absent):
        return ""
    one, many = (
        likelihood.importance_weighted_bound(
            model.log_likelihood,  # type: ignore[arg-type] # it is not absent
            images,
            posterior,
            prior,
            np.random.default_rng(0),
            count,
        ).mean()
        for count in (1, 64)
    )
    return "" if many > one - 0.5 else f"the bound of 64 codes is {many:.4g}, that of one {one:.4g}"


def _reasons(subject: Subject) -> str:
    """Every number that cannot be had has a reason."""
    model = fit.fit(subject.trial(), small()).model
    found = tasks.measure(model, small(), ("basic", "likelihood"))
    empty = [name for name, value in found.measures.items() if value is None]
    silent = [name for name in empty if not found.reasons.get(name)]
    return f"{', '.join(silent)} is empty without a reason" if silent else ""


def _shapes(subject: Subject) -> str:
    """Images of any size and number of channels come back in their own shape, whatever its options."""
    changes: list[dict[str, Any]] = [{}]
    changes += [{option.name: value} for option in subject.card.options for value in option.known]
    for shape in SHAPES:
        for options in changes:
            model = subject.model(shape, **options)
            images = np.random.default_rng(0).random((2, *shape), dtype="float32")
            if model.reconstruct(images).shape != images.shape:
                return f"images of {shape} come back as {model.reconstruct(images).shape[1:]} with {options}"
    return ""


OF_MODELS: tuple[Check, ...] = (
    *(_built, _against, _options, _terms, _gradients, _training, _repeats, _coding, _file, _prior, _bound),
    _reasons,
)
OF_ARCHITECTURES: tuple[Check, ...] = (
    *(_built, _options, _shapes, _gradients, _training, _repeats, _coding, _file),
)
NEEDED: tuple[Callable[..., str], ...] = (_built, _terms)
"""Where one of these fails, no other says more."""


def of(card: models.Card) -> Iterator[tuple[Callable[..., str], Callable[[], str]]]:
    """The checks of a model or an architecture, each with what gives what is wrong."""
    for check in OF_MODELS if isinstance(card, models.ModelCard) else OF_ARCHITECTURES:
        yield check, functools.partial(check, Subject(card))
