"""Whether reconstructions are as sharp as their images: a task of one's own, in one file."""

import numpy as np

from bench import Measure, TaskCard, add
from bench.models.coder import Absent

GAP = Measure(
    name="test_sharpness",
    label="Sharpness gap",
    better="lower",
    text="Distance from 1 of the variance of the Laplacian of the reconstructions over that of the test "
    "images, on a logarithmic scale: blurred and noisy ones both have one.",
    digits=2,
    validation="validation_sharpness",
    purpose="Keep edges",
)
add(
    TaskCard(
        name="sharpness",
        title="whether reconstructions are as sharp as their images",
        code="sharpness",
        measures=(GAP,),
    )
)


def laplacian(images):
    """What each inner pixel lies below the sum of its four neighbours, `(n, h - 2, w - 2, c)`."""
    inner = images[:, 1:-1, 1:-1]
    across = images[:, 1:-1, 2:] + images[:, 1:-1, :-2]
    return images[:, 2:, 1:-1] + images[:, :-2, 1:-1] + across - 4 * inner


def gap(images, reconstructed):
    """The distance of the logarithms of the variances of both Laplacians."""
    blurred, sharp = (laplacian(each).var(dtype=np.float64) for each in (reconstructed, images))
    return abs(np.log(blurred / sharp)) if min(blurred, sharp) > 0 else np.nan


def sharpness(notes, subject):
    """Of test images, and of validation images, which decide."""
    if isinstance(subject.reconstructed, Absent):
        return subject.reconstructed
    test, validation = subject.dataset.test.images, subject.dataset.validation.images
    notes.add("test_sharpness", gap(test, subject.reconstructed))
    again = subject.decode(subject.coder.encode(validation))
    notes.add("validation_sharpness", gap(validation, again))
    return None
