"""What there is to tell apart: the classes of training images, or nothing."""

from collections.abc import Sequence

from bench.datasets.messages import counted, listed

STAND_IN = "networks that tell how an image was turned"
"""In whose features images are compared where there are no two classes that a classifier could learn."""
_EMPTY = (
    f"accuracies and clusters are empty, and images are compared in the features of {STAND_IN}, "
    "not of a classifier"
)


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
