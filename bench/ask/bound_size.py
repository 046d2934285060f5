"""How much of the importance-weighted bound is asked for: codes of an image, and images."""

import dataclasses


@dataclasses.dataclass(frozen=True, kw_only=True)
class BoundSize:
    """The settings `bound_samples` and `bound_images` of a trial.

    Attributes
    ----------
    samples
        Codes of an image, `K`, at least 1.
    images
        Test images, at least 1; more than there are means all.
    """

    samples: int = 100
    images: int = 1000


USUAL = BoundSize()
"""Of a trial that says nothing, and of every baseline."""
