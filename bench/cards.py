"""Cards of images: what is known of a data set of somebody's own before anything is loaded.

Whatever asks what there is imports this, so nothing here imports more than the standard library.
"""

import dataclasses
from typing import Literal

from bench.models.cards import Card, Option


@dataclasses.dataclass(frozen=True, kw_only=True)
class SourceCard(Card):
    """A data set: `code` is a function without arguments that gives images and labels.

    It returns arrays `(x_train, y_train, x_test, y_test)`, and behind them the names of the classes if they
    have any: all that goes for the arrays of a `.npz` file goes for these, and it gives the same each time.

    The file's hash is in no key of a trial: a result is bound to the images by their own hash
    (`data_sha256`). So a file that has changed and gives the same images makes no trial run again, and one
    that gives others is refused, as a `.npz` file is.

    Attributes
    ----------
    train_images
        How many training images the function returns, a fifth of which is set aside for validation: so
        times and memory can be estimated before it is called.
    image_shape
        Height, width and channels.
    """

    train_images: int
    image_shape: tuple[int, int, int]

    def __post_init__(self) -> None:
        """Refuse what is no data set."""
        super().__post_init__()
        if self.options or self.check:
            raise ValueError(f"{self.name}: expected a data set without options, received some; remove them")
        if not self.code:
            raise ValueError(f"{self.name}: expected the name of a function as code, received none")
        shape = tuple(self.image_shape)
        if len(shape) != 3 or not all(map(_is_count, (self.train_images, *shape))):
            raise ValueError(
                f"{self.name}: expected a number of train_images and an image_shape such as (28, 28, 1), "
                f"received {self.train_images!r} and {self.image_shape!r}"
            )


@dataclasses.dataclass(frozen=True, kw_only=True)
class ViewCard(Card):
    """A setting of a trial that changes what is seen of a data set, as `binarize` does.

    `code` is a function of a `Dataset` and a value that gives a `Dataset`, whose three parts are what is
    trained on, watched and measured: of images of the same shape in [0, 1], and of the same classes. It is
    deterministic, and leaves what it is given as it is. It has one option, of its own name, whose default
    changes nothing: with that it is not called.

    Where the value is another, it is in the key of the trial, and so is the hash of the file: the images of a
    result (`data_sha256`) are those of the data set itself, and do not tell what was seen of them.

    Attributes
    ----------
    changes
        `"all"`, or `"train"` where validation and test images stay as they are: then numbers of all its
        values compare, and a report tells it as a setting of training and not as other data.
    """

    changes: Literal["all", "train"] = "all"

    def __post_init__(self) -> None:
        """Refuse what is no view."""
        super().__post_init__()
        if [option.name for option in self.options] != [self.name] or self.option.is_sizes or self.check:
            raise ValueError(
                f"{self.name}: expected one option, which is called {self.name}, whose values are numbers "
                f"or known, and no check; received {', '.join(self.named_options) or 'none'}"
            )
        if not self.code:
            raise ValueError(f"{self.name}: expected the name of a function as code, received none")

    @property
    def option(self) -> Option:
        """What a trial chooses; at its default the data set is seen as it is."""
        return self.options[0]


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
