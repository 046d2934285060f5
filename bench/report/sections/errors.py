"""Where reconstructions err: hard classes, the worst images of each, those on which two models differ."""

from collections.abc import Sequence

import numpy as np

from bench.keeping import gallery
from bench.report import words
from bench.report.blocks import isolation, pictures
from bench.report.blocks.pictures import Picture, Pictures, Row
from bench.report.blocks.section import Block, Blocks, Figure, Fold, Heading, folded, text
from bench.report.blocks.table import configuration_link
from bench.report.evidence import Configuration, Evidence, opponents
from bench.report.evidence.comparisons import Pair
from bench.report.sections import chart_classes, classes, galleries, pictured

COLUMNS = 10
GAIN = 1.6  # a difference of 5/8 of black to white has its full colour
BRIGHTER, DARKER = np.array([192.0, 86.0, 8.0]), np.array([10.0, 102.0, 168.0])
_ENDS = {"worst": "highest", "best": "lowest"}
_READ = (
    "Three rows each: test images, their reconstructions, and the difference, orange where the "
    "reconstruction is too bright and blue where it is too dark."
)


def section(evidence: Evidence, shown: str) -> Blocks | None:
    """None where no trial left its errors by class."""
    parts = [block for dataset in evidence.datasets for block in _of(evidence, dataset)]
    return _said((text(shown), *parts)) if parts else None


def _said(blocks: Blocks) -> Blocks:
    """Without paragraphs that say nothing."""
    return tuple(block for block in blocks if block != text())


def _of(evidence: Evidence, dataset: str) -> list[Block]:
    where = f": {words.dataset(dataset)}" if len(evidence.datasets) > 1 else ""
    part = evidence.about(dataset)
    by_class = classes.by_class(evidence, dataset)
    blocks: list[Block] = []
    if by_class is not None:
        blocks += [Heading(text=f"Hard and easy classes{where}"), text(classes.told(by_class))]
        chart = chart_classes.draw(evidence, dataset, by_class)
        blocks += [Figure(charts=(chart,), caption=chart_classes.caption(evidence))] if chart else []
        blocks.append(folded(classes.table(evidence, dataset, by_class)))
    return [*blocks, *_worst(part, where), *_differing(part, where)]


def _worst(evidence: Evidence, where: str) -> list[Block]:
    """The worst image of each class of the best network; folded, of each network the median and the best.

    Without labels the worst images of all.
    """
    ones = galleries.by_error(galleries.representatives(evidence))
    found = [(one, rows) for one in ones if (rows := _rows(evidence, one))]
    if not found:
        return []
    names, rows = _classes(evidence, found[0][0]), found[0][1]
    folds = [
        Fold(title=one.name, blocks=(Pictures(rows=rows, heads=names),))
        if not rows[0].lost
        else text(rows[0].lost)
        for one, rows in found
    ]
    head, more = (
        ("The worst reconstruction of each class", "Worst, median and best of each class, network by network")
        if names
        else ("The worst reconstructions", "Worst, median and best reconstructions, network by network")
    )
    return [
        Heading(text=f"{head}{where}"),
        text(
            f"{_READ} Of {found[0][0].name}, the lowest error of those shown.", galleries.first_seed(evidence)
        ),
        Pictures(rows=rows[:1], heads=names),
        Fold(title=more, blocks=tuple(folds)),
    ]


def _rows(evidence: Evidence, one: Configuration) -> tuple[Row, ...]:
    """Worst, median and best; empty where the trial did not keep them, as trials did not at first."""
    return isolation.attempt("picture", lambda: _ranked(evidence, one), lambda why: (_lost(one, why),))


def _lost(one: Configuration, why: str) -> Row:
    return Row(title=one.name, pictures=(), lost=why)


def _ranked(evidence: Evidence, one: Configuration) -> tuple[Row, ...]:
    arrays = evidence.folder.images(one.unit)
    if "error_images" not in arrays or "error_mse" not in arrays:
        return ()
    images, mse = arrays["error_images"], arrays["error_mse"]
    alt = _alt if "error_labels" in arrays else _alt_of_all
    return tuple(
        Row(
            title=words.capital(rank),
            number=_range(mse[:, place]),
            pictures=(_compared(f"errors-{rank}-{one.unit.key}", alt(rank, one), images[:, place]),),
            key=one.unit.key,
        )
        for place, rank in enumerate(gallery.ERRORS)
    )


def _alt(rank: str, one: Configuration) -> str:
    return (
        f"Of each class the test image that {one.name} reconstructs with the {rank} error, its "
        "reconstruction, and their difference in colour."
    )


def _alt_of_all(rank: str, one: Configuration) -> str:
    which = "around the median error" if rank == "median" else f"with the {_ENDS[rank]} errors"
    return (
        f"Test images that {one.name} reconstructs {which}, their reconstructions, and their differences in "
        "colour."
    )


def _range(errors: np.ndarray) -> str:
    known = errors[np.isfinite(errors)]
    if not len(known):
        return ""
    ends = (words.number("test_mse", float(each)) for each in (known.min(), known.max()))
    return f"MSE{words.NBSP}{' to '.join(ends)}"


def _compared(id: str, alt: str, pairs: np.ndarray) -> Picture:
    """Pairs `(n, 2, h, w, c)` as three rows: originals, reconstructions, differences."""
    originals, made = pairs[:, 0], pairs[:, 1]
    rows = np.concatenate([_coloured(originals), _coloured(made), difference(originals, made)])
    return pictures.picture(id, alt, pictures.coarse(rows), len(pairs))


def _coloured(images: np.ndarray) -> np.ndarray:
    """With three channels, whatever it had."""
    return images if images.shape[-1] == 3 else np.repeat(images[..., :1], 3, axis=-1)


def difference(originals: np.ndarray, made: np.ndarray) -> np.ndarray:
    """White where images `(n, h, w, c)`, uint8, are alike; orange where the second is brighter, else blue."""
    apart = (made.astype(np.float64) - originals.astype(np.float64)).mean(axis=-1, keepdims=True) / 255
    strength = np.minimum(1, GAIN * np.abs(apart))
    colour = np.where(apart > 0, BRIGHTER, DARKER)
    return np.round(255 * (1 - strength) + colour * strength).astype(np.uint8)


def _classes(evidence: Evidence, one: Configuration) -> tuple[str, ...]:
    labels = pictured.images(evidence, one).get("error_labels", ())
    return tuple(words.class_name(evidence.run, one.settings["dataset"], int(label)) for label in labels)


def _differing(evidence: Evidence, where: str) -> list[Block]:
    """The test images on which two models differ most, pair by pair."""
    found = opponents.opponents(evidence, "model")
    sides = {(pair.first.unit.key, pair.second.unit.key): one.sides for one in found for pair in one.pairs}
    shown = [
        (pair, block)
        for pair in galleries.pairs([one.pairs for one in found])
        if (block := _differing_pair(evidence, pair, sides[pair.first.unit.key, pair.second.unit.key]))
    ]
    if not shown:
        return []
    told = text(
        f"Of {gallery.MOST_KEPT} test images at most, those on which the errors of two models lie furthest "
        "apart; above each column stands the model that is closer."
    )
    (_, first), *rest = shown
    more = Fold(title=f"{words.count(len(rest), 'more pair')}", blocks=tuple(block for _, block in rest))
    return [Heading(text=f"Where two models differ most{where}"), told, first, *([more] if rest else [])]


def _differing_pair(evidence: Evidence, pair: Pair, sides: Sequence[str]) -> Pictures | None:
    arrays = [pictured.images(evidence, one) for one in (pair.first, pair.second)]
    if not all("kept_reconstructions" in each for each in arrays):
        return None
    originals, made = arrays[0]["kept_originals"], [each["kept_reconstructions"] for each in arrays]
    if len({originals.shape, *(each.shape for each in made)}) > 1:
        return None
    errors = [_error(originals, each) for each in made]
    chosen = furthest(errors[0] - errors[1])
    closer = [sides[0] if errors[0][i] < errors[1][i] else sides[1] for i in chosen]
    keys = f"{pair.first.unit.key}-{pair.second.unit.key}"
    alt = f"Test images on which {pair.first.name} and {pair.second.name} differ most."
    first = pictures.picture(f"differing-{keys}", alt, pictures.coarse(originals[chosen]), COLUMNS)
    rows = [
        Row(
            title=one.name,
            pictures=(_strip(f"differing-{keys}", one, each[chosen]),),
            link=configuration_link(one),
        )
        for one, each in zip((pair.first, pair.second), made, strict=True)
    ]
    return Pictures(rows=(Row(title="Originals", pictures=(first,), key=keys), *rows), heads=tuple(closer))


def _strip(id: str, one: Configuration, images: np.ndarray) -> Picture:
    alt = f"The same test images, reconstructed by {one.name}."
    return pictures.picture(f"{id}-{one.unit.key}", alt, pictures.coarse(images), COLUMNS)


def _error(originals: np.ndarray, made: np.ndarray) -> np.ndarray:
    apart = originals.astype(np.float64) - made.astype(np.float64)
    return (apart**2).reshape(len(apart), -1).mean(axis=1)


def furthest(apart: np.ndarray, most: int = COLUMNS) -> np.ndarray:
    """The places of the lowest below 0 and the highest above it, half of each where there are enough."""
    ordered = np.argsort(apart, kind="stable")
    below, above = ordered[apart[ordered] < 0], ordered[apart[ordered] > 0][::-1]
    first = below[: max(most // 2, most - len(above))]
    return np.concatenate([first, above[: most - len(first)][::-1]])
