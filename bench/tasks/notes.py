"""What is known of a model once it is measured, and what is collected on the way."""

import dataclasses

import numpy as np

from bench.keeping.result import Measures

NOT_FINITE = "not a finite number"
NO_CLASSIFIER = "codes that are not finite, one class, or fewer images than neighbours"
FEW_LABELS = "codes that are not finite, one class, or one of fewer than 10 training images"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Measurement:
    """Numbers, the reasons for those that are missing, the arrays of `images.npz`, and what is no number."""

    measures: Measures
    reasons: dict[str, str]
    images: dict[str, np.ndarray]
    texts: dict[str, str] = dataclasses.field(default_factory=dict)


class Notes:
    """Collects measures; one that is not a finite number is kept as empty, with its reason."""

    def __init__(self) -> None:
        self.measures: Measures = {}
        self.reasons: dict[str, str] = {}

    def add(self, name: str, value: float | int | None, reason: str = NOT_FINITE) -> None:
        """Record a number, or why there is none."""
        if value is not None and np.isfinite(value):
            self.measures[name] = int(value) if isinstance(value, int | np.integer) else float(value)
        else:
            self.measures[name] = None
            self.reasons[name] = reason
