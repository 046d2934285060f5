"""A card under examination, and the small images that it is held to."""

import dataclasses
import functools
from typing import Any

import keras

from bench import datasets, models
from bench.ask import blocks
from bench.ask.trial import Trial
from bench.datasets import Dataset
from bench.models.autoencoder import Autoencoder
from bench.models.batch import Batch
from bench.training import fit, loops


@dataclasses.dataclass(frozen=True)
class Subject:
    """A card under examination, with a trial that is small enough."""

    card: models.Card

    @property
    def needs(self) -> tuple[str, ...]:
        """What its steps see beside images."""
        return self.card.needs if isinstance(self.card, models.ModelCard) else ()

    def trial(self, **settings: Any) -> Trial:
        """Of the model with the architecture `dense`, or of `ae` with the architecture."""
        is_model = isinstance(self.card, models.ModelCard)
        named = {"model": self.card.name} if is_model else {"model": "ae", "architecture": self.card.name}
        block = {name: [value] for name, value in {"latent_dim": 4, "epochs": 1, **named, **settings}.items()}
        (found,) = blocks.expand(blocks.checked(block), keras.backend.backend())
        return found

    def model(self, shape: tuple[int, int, int] | None = None, **settings: Any) -> Autoencoder:
        """Compiled, with the initial weights of its seed."""
        return fit.build(self.trial(**settings), shape or small().image_shape)


@functools.cache
def small(step: int = 4) -> Dataset:
    """The embedded digits at a quarter of their size, or another part of it."""
    digits = datasets.load_once("digits")

    def thin(split: datasets.Split, count: int) -> datasets.Split:
        few = split.rows(slice(count))
        return dataclasses.replace(few, images=few.images[:, step // 2 :: step, step // 2 :: step])

    return dataclasses.replace(
        digits,
        train=thin(digits.train, 1100),
        validation=thin(digits.validation, 100),
        test=thin(digits.test, 100),
    )


def batch_of(subject: Subject, model: Autoencoder, count: int) -> Batch:
    """The first training images, with what else the card asks for."""
    train, needs = small().train, subject.needs
    few = train.rows(slice(count))
    others = train.images[len(train.images) - model.companions :]
    return Batch(
        images=keras.ops.convert_to_tensor(few.images),
        labels=keras.ops.convert_to_tensor(few.labels) if "labels" in needs else None,
        rows=keras.ops.arange(count) if "rows" in needs else None,
        others=keras.ops.convert_to_tensor(others) if "companions" in needs else None,
    )


def parts_of(subject: Subject) -> tuple[loops.Part, loops.Part]:
    """What the loops train on and watch."""
    train, validation = small().train, small().validation
    return (
        loops.part(train.images, train.labels, subject.needs),
        loops.part(validation.images, validation.labels, subject.needs),
    )
