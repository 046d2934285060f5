"""What a step of training sees."""

from typing import NamedTuple

from .parts.losses import Tensor


class Batch(NamedTuple):
    """The images of a step, and what else a model's card says that it `needs`.

    Attributes
    ----------
    images
        `(n, h, w, c)` in [0, 1].
    labels
        `(n,)`, whole numbers, where the card needs `"labels"`.
    rows
        `(n,)`, whole numbers: which training images these are, where it needs `"rows"`; validation images
        have the numbers of their own part.
    others
        `(m, h, w, c)`: training images drawn anew in each step, where it needs `"companions"`; `m` is the
        model's `companions`.
    """

    images: Tensor
    labels: Tensor | None = None
    rows: Tensor | None = None
    others: Tensor | None = None

    @classmethod
    def of(cls, inputs: "Tensor | dict[str, Tensor] | Batch") -> "Batch":
        """A batch of what `fit` was given: images alone, or a dictionary with the names of the fields."""
        if isinstance(inputs, cls):
            return inputs
        return cls(**inputs) if isinstance(inputs, dict) else cls(images=inputs)

    def given(self) -> "dict[str, Tensor]":
        """What is there, by name: as `of`, `fit` and a call of the model take it."""
        return {name: value for name, value in self._asdict().items() if value is not None}
