"""One half of each image, the other in the dark: a view of one's own, in one file."""

import dataclasses

from bench import Option, ViewCard, add

HALF = Option("one_half", "none", known=("none", "left", "right"), text="the half that is seen")

add(ViewCard(name="one_half", title="one half of each image", code="half", options=(HALF,)))


def shaded(part, side):
    """Images `(n, h, w, c)` with 0 in the other half."""
    images, middle = part.images.copy(), part.images.shape[2] // 2
    images[:, :, slice(middle, None) if side == "left" else slice(middle)] = 0
    return dataclasses.replace(part, images=images)


def half(dataset, side):
    """The same images for training, validation and test."""
    parts = {name: shaded(getattr(dataset, name), side) for name in ("train", "validation", "test")}
    return dataclasses.replace(dataset, **parts)
