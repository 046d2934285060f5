"""What is known of a model once it is measured, and what is collected on the way."""

import dataclasses

import numpy as np

from bench.keeping.result import Measures
from bench.measures import TaskCard

VALIDATION = "validation_"  # how the names of measures of validation images begin
NOT_FINITE = "not a finite number"
NO_CLASSIFIER = "codes that are not finite, one class, or fewer images than neighbours"
SEEN = "trained on the validation images, too (train_on = all)"
NO_CODES = "there are no codes"
NO_CLUSTERS = "codes that are not finite, one class, or over 10,000"


def too_few_labels(count: int) -> str:
    """Why no classifier could be fitted to `count` labels a class."""
    return f"codes that are not finite, one class, or one of fewer than {count:,} training images"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Measurement:
    """Numbers, the reasons for those that are missing, the arrays of `images.npz`, and what is no number."""

    measures: Measures
    reasons: dict[str, str]
    images: dict[str, np.ndarray]
    texts: dict[str, str] = dataclasses.field(default_factory=dict)


class Notes:
    """Collects measures; one that is not a finite number is kept as empty, with its reason.

    Parameters
    ----------
    seen
        Whether the model was trained on the validation images: then no number of these is one of unseen
        images, and each is empty.
    """

    def __init__(self, *, seen: bool = False) -> None:
        self.measures: Measures = {}
        self.reasons: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self._seen = seen

    def complete(self, card: TaskCard, before: set[str]) -> None:
        """Say of each number of a task that it has not noted since `before` that it gave none.

        Raises
        ------
        ValueError
            If it noted one that its card does not have.
        """
        if odd := sorted(self.measures.keys() - before - set(card.numbers)):
            raise ValueError(
                f"the task {card.name} noted {', '.join(odd)}, which its card does not have; add "
                f"{'it' if len(odd) == 1 else 'them'} to the measures of the card"
            )
        for name in card.numbers:
            if name not in self.measures:
                self.add(name, None, f"the task {card.name} gave none")

    def add(self, name: str, value: float | int | None, reason: str = NOT_FINITE) -> None:
        """Record a number, or why there is none."""
        if self._seen and name.startswith(VALIDATION):
            value, reason = None, SEEN
        if value is not None and np.isfinite(value):
            self.measures[name] = int(value) if isinstance(value, int | np.integer) else float(value)
        else:
            self.measures[name] = None
            self.reasons[name] = reason

    def tell(self, name: str, text: str) -> None:
        """Record what is no number, unless it is empty."""
        if text:
            self.texts[name] = text
