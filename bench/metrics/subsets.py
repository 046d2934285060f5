"""A fixed choice of images, for measures whose cost grows faster than their number."""

import numpy as np


def chosen(count: int, most: int, seed: int) -> np.ndarray:
    """Which of `count` images are taken where at most `most` are: indices, ascending, always the same."""
    if count <= most:
        return np.arange(count)
    return np.sort(np.random.default_rng(seed).choice(count, most, replace=False))
