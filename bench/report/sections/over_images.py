"""Whether pairs of configurations differ on other test images, too, which seeds do not say."""

import dataclasses
from collections.abc import Mapping

import numpy as np

from bench import statistics
from bench.report import words
from bench.report.blocks.table import Cell, Column, Row, Table, filters, made
from bench.report.evidence import Configuration, Evidence
from bench.report.evidence.comparisons import Pair
from bench.report.evidence.opponents import Opponents
from bench.report.sections import sheets
from bench.statistics import Comparison

MOST_IMAGES = 10_000
"""The first, where there are more: each comparison draws as many a thousand times."""

ERROR, ACCURACY = "image_mse", "image_latent_accuracy"
NOTE = (
    "Of the models of the first seed, as they were trained: intervals are over other test images, not over "
    "other seeds. For the MSE test images are drawn anew with all that is known of them (999 times); "
    "accuracies are held against each other by McNemar's test, exact, with p-values after Holm over this "
    "table. What is to hold for other images and other seeds has to be told here and pair by pair."
)


def error(evidence: Evidence) -> str:
    """How sure an accuracy is over images, in a sentence; empty where nothing was classified."""
    if len(evidence.datasets) != 1:
        return ""
    images = evidence.run.get("datasets", {}).get(evidence.datasets[0], {}).get("images", {}).get("test")
    known = [mean for one in evidence.configurations if (mean := one.mean("latent_accuracy")) is not None]
    if not (images and known):
        return ""
    middle = float(np.median(known))
    points = 100 * statistics.error_over_images(middle, images)
    return (
        f" Over other test images, as many as these {images:,}, an accuracy of "
        f"{words.number('latent_accuracy', middle, unit=True)} has a standard error of {points:.1f} points."
    )


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Known:
    """A pair, with the difference of its errors and of its accuracies over images, where there is one."""

    pair: Pair
    error: Comparison | None
    accuracy: Comparison | None


@made
def table(evidence: Evidence, one: Opponents) -> Table | None:
    """A row for each pair of which both have numbers for each test image; None without any."""
    first, second = one.sides
    ones = {each.unit.key: each for pair in one.pairs for each in (pair.first, pair.second)}
    arrays = {key: _arrays(evidence, each) for key, each in ones.items()}
    known = [_known(evidence, pair, arrays) for pair in one.pairs]
    known = [each for each in known if each.error or each.accuracy]
    if not known:
        return None
    told = any(each.accuracy for each in known)
    adjusted = statistics.holm([each.accuracy.p if each.accuracy else None for each in known])
    return Table(
        id=f"table-{one.id}-images",
        caption=words.capital(f"{first} against {second} over other test images"),
        columns=(
            Column(label="Settings", is_number=False),
            Column(label="MSE difference"),
            *([Column(label="Linear accuracy difference, %"), Column(label="p, Holm")] if told else []),
        ),
        rows=tuple(_row(each, p, told=told) for each, p in zip(known, adjusted, strict=True)),
        note=NOTE,
    )


def _row(one: _Known, p: float | None, *, told: bool) -> Row:
    cells = [Cell(text=sheets.common_name(one.pair)), _cell("test_mse", one.error)]
    if told:
        cells += [_cell("latent_accuracy", one.accuracy), Cell(text=words.p_value(p), order=p)]
    shared = one.pair.first.settings.items() & one.pair.second.settings.items()
    return Row(cells=tuple(cells), settings=filters(dict(shared)))


def _cell(name: str, found: Comparison | None) -> Cell:
    if found is None:
        return Cell(text=words.NONE)
    return Cell(text=words.difference(name, found), order=found.difference.mean)


def _known(evidence: Evidence, pair: Pair, arrays: Mapping[str, Mapping[str, np.ndarray]]) -> _Known:
    first, second = (arrays[one.unit.key] for one in (pair.first, pair.second))
    error = accuracy = None
    if ERROR in first and ERROR in second and len(first[ERROR]) == len(second[ERROR]):
        error = statistics.ratio_over_images(first[ERROR], second[ERROR])
    if ACCURACY in first and ACCURACY in second and len(first[ACCURACY]) == len(second[ACCURACY]):
        accuracy = statistics.accuracy_over_images(first[ACCURACY], second[ACCURACY])
    return _Known(pair=pair, error=error, accuracy=accuracy)


def _arrays(evidence: Evidence, one: Configuration) -> dict[str, np.ndarray]:
    """Of each test image the error, and whether its class was told."""
    kept = evidence.folder.images(one.unit)
    found: dict[str, np.ndarray] = {}
    about = evidence.run.get("datasets", {}).get(one.settings["dataset"], {}).get("images", {})
    if ERROR in kept and kept[ERROR].ndim == 1:
        # In half precision, as a published run keeps them, so that both give the same report.
        found[ERROR] = kept[ERROR][:MOST_IMAGES].astype(np.float16).astype(np.float64)
    if ACCURACY in kept and kept[ACCURACY].dtype == np.uint8 and kept[ACCURACY].ndim == 1:
        count = min(about.get("test", 0), 8 * len(kept[ACCURACY]))
        bits = np.unpackbits(kept[ACCURACY], count=count)
        found[ACCURACY] = bits[:MOST_IMAGES].astype(bool)
    return found
