"""How sharp reconstructions are: a task of one's own, in one file."""

import numpy as np

from bench import Measure, TaskCard, add
from bench.models.coder import Absent

add(
    TaskCard(
        name="sharpness",
        title="how sharp reconstructions are",
        code="sharpness",
        measures=(
            Measure(
                name="test_sharpness",
                label="Sharpness",
                better="higher",
                text="Variance of the Laplacian of the reconstructions over that of the test images: 1 is as "
                "sharp as these, and less is blurred.",
                digits=2,
                validation="validation_sharpness",
                purpose="Keep edges",
            ),
        ),
    )
)


def laplacian(images):
    """What each inner pixel lies below the sum of its four neighbours, `(n, h - 2, w - 2, c)`."""
    inner = images[:, 1:-1, 1:-1]
    across = images[:, 1:-1, 2:] + images[:, 1:-1, :-2]
    return images[:, 2:, 1:-1] + images[:, :-2, 1:-1] + across - 4 * inner


def ratio(images, reconstructed):
    """The variance of one Laplacian over that of the other."""
    return laplacian(reconstructed).var(dtype=np.float64) / laplacian(images).var(dtype=np.float64)


def sharpness(notes, subject):
    """Of test images, and of validation images, which decide."""
    if isinstance(subject.reconstructed, Absent):
        return subject.reconstructed
    test, validation = subject.dataset.test.images, subject.dataset.validation.images
    notes.add("test_sharpness", ratio(test, subject.reconstructed))
    again = subject.decode(subject.coder.encode(validation))
    notes.add("validation_sharpness", ratio(validation, again))
    return None
