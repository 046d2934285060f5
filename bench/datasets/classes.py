"""What there is to tell apart: the classes of training images, or nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

from bench.datasets.messages import counted, listed

STAND_IN = "networks that tell how an image was turned"
"""In whose features images are compared where there are no two classes that a classifier could learn."""
_EMPTY = (
    f"accuracies and clusters are empty, and images are compared in the features of {STAND_IN}, "
    "not of a classifier"
)


def can_be_told(about: Mapping[str, Any]) -> bool:
    """Whether training images have two classes or more, of a data set as `run.json` has it."""
    return "classes" not in about or len(about["classes"]) - about.get("novel", 0) > 1


def told(names: Sequence[str], novel: int = 0) -> str:
    """Return which classes there are, and in one line what it means where they are fewer than usual.

    Parameters
    ----------
    names : sequence of str
        Of all classes; none where there are no labels.
    novel : int
        How many of them, the last ones, only test images have.

    Examples
    --------
    >>> told(["cat", "dog"])
    '2 classes (cat, dog)'
    """
    trained = names[: len(names) - novel]
    if not trained:
        return f"no labels: {_EMPTY}"
    said = f"{counted(len(trained), 'class')} ({listed(trained)})"
    if novel:
        said += f", and {novel} more ({listed(names[-novel:])}) that only test images have"
    if len(trained) < 2:
        return f"{said}: {_EMPTY}"
    return f"{said}: accuracies and clusters are those of the other test images" if novel else said
