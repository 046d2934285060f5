"""The pictures of a trial: what the report's galleries and maps show, as small arrays.

Every trial shows the same test images. Images are `uint8` in 0..255, as `(..., height, width, channels)`.
"""

from collections.abc import Callable

import numpy as np

from bench.datasets import Dataset, Split

MOST_IMAGES = 10
SAMPLES = 20
MOST_NEAREST = 10  # samples that are shown above their nearest training images
INTERPOLATION_STEPS = 9
MOST_INTERPOLATIONS = 3
MAP_SIDE = 15
MOST_POINTS = 2000
MOST_HOVERED = 300  # points whose image the explorer can show
MOST_LAID_OUT = 500  # points in further layouts
MOST_COMPONENTS = 6
MOST_TRAVERSED = 6  # units
MOST_KEPT = 60  # test images of which two trials are held against each other
MOST_ERROR_CLASSES = 20
ERRORS = ("worst", "median", "best")  # of each class
TRAVERSAL_STEPS = 9

Arrays = dict[str, np.ndarray]
Decode = Callable[[np.ndarray], np.ndarray]


def chosen(test: Split, most: int = MOST_IMAGES) -> np.ndarray:
    """Indices of the shown test images, up to ten: the first of each class, then the second of each.

    Without labels the first ones.
    """
    labels, turn = test.labels, np.empty(len(test.images), np.int64)
    if labels is None:
        return np.arange(len(test.images))[:most]
    for label in np.unique(labels):
        of_class = labels == label
        turn[of_class] = np.arange(np.count_nonzero(of_class))
    return np.lexsort((labels, turn))[:most]


def to_bytes(images: np.ndarray) -> np.ndarray:
    """Images in [0, 1] to `uint8`; not-a-number becomes black."""
    return np.round(np.clip(np.nan_to_num(images), 0, 1) * 255).astype(np.uint8)


def reconstructions(dataset: Dataset, reconstructed: np.ndarray) -> Arrays:
    """Originals, their labels, what came back; and more of them, to hold two trials against each other."""
    rows, more = chosen(dataset.test), chosen(dataset.test, MOST_KEPT)
    return {
        "originals": to_bytes(dataset.test.images[rows]),
        **_labels("labels", dataset.test.rows(rows)),
        "reconstructions": to_bytes(reconstructed[rows]),
        "kept_originals": to_bytes(dataset.test.images[more]),
        "kept_reconstructions": to_bytes(reconstructed[more]),
    }


def _labels(name: str, part: Split) -> Arrays:
    """The labels of a part under this name; nothing where there are none."""
    return {} if part.labels is None else {name: part.labels}


def errors(dataset: Dataset, reconstructed: np.ndarray, error: np.ndarray) -> Arrays:
    """Of each class the images with the highest, the median and the lowest error, and what came back of them.

    `error` is that of each test image; one that is not a number counts as the highest. `error_images` is
    `(classes, 3, 2, h, w, c)`, originals first, `error_mse` `(classes, 3)`. Empty for more than 20 classes.
    Without labels they are the ten highest of all images, ten in the middle, and the ten lowest.
    """
    test = dataset.test
    if test.labels is None:
        rows, labels = _extremes(error), {}
    else:
        classes = np.unique(test.labels)
        if len(classes) > MOST_ERROR_CLASSES:
            return {}
        rows = np.stack([_spread(np.flatnonzero(test.labels == label), error) for label in classes])
        labels = {"error_labels": classes}
    pairs = [to_bytes(each[rows]) for each in (test.images, reconstructed)]
    return {"error_images": np.stack(pairs, axis=2), "error_mse": error[rows].astype(np.float32), **labels}


def _extremes(error: np.ndarray) -> np.ndarray:
    """Rows `(n, 3)`, ten at most, of images with the highest errors, those in the middle, and the lowest."""
    ordered = np.argsort(error, kind="stable")
    count = min(MOST_IMAGES, len(ordered))
    middle = (len(ordered) - count) // 2
    return np.column_stack([ordered[::-1][:count], ordered[middle : middle + count], ordered[:count]])


def _spread(rows: np.ndarray, error: np.ndarray) -> np.ndarray:
    """Those with the highest, the median and the lowest error."""
    ordered = rows[np.argsort(error[rows], kind="stable")]
    return ordered[[-1, (len(rows) - 1) // 2, 0]]


def latent(dataset: Dataset, codes: np.ndarray, decode: Decode) -> Arrays:
    """What the latent space looks like; `codes` `(n, k)` are those of all test images."""
    arrays = {
        "points": plane(codes)[:MOST_POINTS].astype(np.float32),
        **_labels("point_labels", dataset.test.rows(slice(MOST_POINTS))),
    }
    if len(codes) > 1:
        arrays["interpolations"] = to_bytes(_interpolations(codes[chosen(dataset.test)], decode))
    if codes.shape[1] == 2:
        arrays |= _map(codes, decode)
        arrays["point_images"] = point_images(dataset)
    else:
        arrays |= _traversals(codes, decode)
    return arrays


def point_images(dataset: Dataset) -> np.ndarray:
    """The test images behind the first points."""
    return to_bytes(dataset.test.images[:MOST_HOVERED])


def plane(codes: np.ndarray) -> np.ndarray:
    """Codes `(n, k)` in two dimensions: as they are, or their first two principal components."""
    if codes.shape[1] == 2:
        return codes
    centred = codes - codes.mean(axis=0)
    if codes.shape[1] == 1 or len(codes) == 1:
        return np.column_stack([centred[:, :1], np.zeros(len(centred))])
    return components(codes)[:, :2]


def components(codes: np.ndarray) -> np.ndarray:
    """Codes `(n, k)`, of two or more, along their first six principal components at most."""
    centred = codes - codes.mean(axis=0)
    variances, axes = np.linalg.eigh(np.cov(centred, rowvar=False))
    axes = axes[:, np.argsort(variances)[::-1][:MOST_COMPONENTS]]
    # An axis may point either way; the largest entry decides, so that a picture can be made again.
    return centred @ (axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])]))


def _interpolations(codes: np.ndarray, decode: Decode) -> np.ndarray:
    """Straight lines between the codes of neighbours in the gallery: `(rows, steps, h, w, c)`."""
    pairs = [(i, i + 1) for i in range(0, len(codes) - 1, 2)][:MOST_INTERPOLATIONS]
    weights = np.linspace(0, 1, INTERPOLATION_STEPS, dtype=np.float32)[:, None]
    lines = np.concatenate([(1 - weights) * codes[i] + weights * codes[j] for i, j in pairs])
    images = decode(lines)
    return images.reshape(len(pairs), INTERPOLATION_STEPS, *images.shape[1:])


def _map(codes: np.ndarray, decode: Decode) -> Arrays:
    """A grid of decoded codes over the middle 98 % of the test codes; the first row is the top."""
    low, high = np.quantile(codes, [0.01, 0.99], axis=0)
    across = np.linspace(low[0], high[0], MAP_SIDE)
    up = np.linspace(high[1], low[1], MAP_SIDE)
    grid = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2).astype(np.float32)
    images = decode(grid)
    return {
        "map": to_bytes(images).reshape(MAP_SIDE, MAP_SIDE, *images.shape[1:]),
        "map_extent": np.array([low[0], high[0], low[1], high[1]], dtype=np.float32),
    }


def _traversals(codes: np.ndarray, decode: Decode) -> Arrays:
    """Those units that vary most, one at a time from the 1 % to the 99 % quantile, the others at their mean.

    `traversals` is `(units, steps, h, w, c)`, the most varied first; `traversal_units` are their numbers.
    """
    units = np.argsort(codes.var(axis=0))[::-1][:MOST_TRAVERSED]
    low, high = np.quantile(codes, [0.01, 0.99], axis=0)
    lines = np.tile(codes.mean(axis=0), (len(units), TRAVERSAL_STEPS, 1)).astype(np.float32)
    for line, unit in zip(lines, units, strict=True):
        line[:, unit] = np.linspace(low[unit], high[unit], TRAVERSAL_STEPS)
    images = decode(lines.reshape(-1, codes.shape[1]))
    return {
        "traversals": to_bytes(images).reshape(len(units), TRAVERSAL_STEPS, *images.shape[1:]),
        "traversal_units": units,
    }
