"""What a reader who explores the codes of a trial is shown, as small arrays beside those of the gallery."""

import numpy as np

from bench.keeping import gallery
from bench.models.coder import Absent
from bench.tasks.subject import Subject

_SEED = 0
_STEPS = 400  # of the layout, of which the first 250 are exaggerated: under a second for 500 codes
_PERPLEXITY = 30.0


def explored(subject: Subject) -> gallery.Arrays:
    """The first test images and their reconstructions, and further layouts of codes of more than two numbers.

    Nothing where nothing is decoded; codes that are not finite have no layout.
    """
    codes = subject.codes[: gallery.MOST_LAID_OUT]
    if isinstance(subject.reconstructed, Absent) or not codes.shape[1]:
        return {}
    arrays = {
        "point_images": gallery.point_images(subject.dataset),
        "point_reconstructions": gallery.to_bytes(subject.reconstructed[: gallery.MOST_HOVERED]),
    }
    if codes.shape[1] > 2 and np.isfinite(subject.codes).all() and len(codes) > 3 * _PERPLEXITY:
        components = gallery.components(subject.codes)[: gallery.MOST_LAID_OUT, 2:]
        arrays["components"] = components.astype(np.float32)
        arrays |= layout(codes)
    return arrays


def layout(codes: np.ndarray) -> gallery.Arrays:
    """t-SNE of codes, seeded; none where codes are all alike."""
    from sklearn.manifold import TSNE  # imported where it is used, as in `bench.metrics.latent`

    if not codes.std(axis=0).max() > 0:
        return {}
    made = TSNE(
        perplexity=_PERPLEXITY, init="pca", max_iter=_STEPS, random_state=_SEED, n_jobs=1
    ).fit_transform(codes)
    return {"layout": made.astype(np.float32)} if np.isfinite(made).all() else {}
