"""Where the codes of test images lie, what codes decode to, and what an explorer needs to show both."""

import dataclasses
from collections.abc import Mapping

import numpy as np

from bench.report import words
from bench.report.blocks import inert, isolation, pictures
from bench.report.blocks.chart import Chart, lost
from bench.report.blocks.pictures import Picture
from bench.report.evidence import Configuration, Evidence
from bench.report.sections import figures, galleries

MOST_SHOWN = 12
MOST_MAPS = 6
ORIGINALS_COLUMNS = 20

Arrays = Mapping[str, np.ndarray]


@dataclasses.dataclass(frozen=True, kw_only=True)
class LatentSpace:
    """The codes of one trial.

    Attributes
    ----------
    map
        For two dimensions, decoded codes on a grid.
    explorer
        JSON: what the page needs to say of a place on the map which code it is and which images lie there.
    traversals
        For other numbers of dimensions, a row for each of the most varied units and a column a step.
    cell
        Width and height of an image in the traversals, in pixels.
    """

    name: str
    chart: Chart
    map: Picture | None = None
    explorer: str = ""
    traversals: Picture | None = None
    cell: tuple[int, int] = (0, 0)


@dataclasses.dataclass(frozen=True, kw_only=True)
class LatentSpaces:
    """Those that are shown, by which rule, and for each data set the test images behind the first points."""

    shown: tuple[LatentSpace, ...]
    thinning: str
    originals: tuple[Picture, ...]


def chosen(evidence: Evidence) -> list[Configuration]:
    """Two-dimensional models first, with their maps, at most six; then other representatives."""
    planes = [one for one in evidence.configurations if one.settings["latent_dim"] == 2][:MOST_MAPS]
    others = [one for one in galleries.representatives(evidence) if one.settings["latent_dim"] != 2]
    return [*planes, *others[: MOST_SHOWN - len(planes)]]


def latent_spaces(evidence: Evidence) -> LatentSpaces:
    """Those of `chosen` that left codes."""
    originals: dict[str, Picture] = {}
    shown = []
    for one in chosen(evidence):
        if (space := _of(evidence, one, originals)) is not None:
            shown.append(space)
    return LatentSpaces(
        shown=tuple(shown), thinning=_thinning(evidence, len(shown)), originals=tuple(originals.values())
    )


def _lost(why: str) -> LatentSpace:
    return LatentSpace(name="", chart=lost(why))


@isolation.isolated("chart", _lost)
def _of(evidence: Evidence, one: Configuration, originals: dict[str, Picture]) -> LatentSpace | None:
    """That of one configuration, if it left codes; `originals` gets the images of its data set."""
    arrays = evidence.folder.images(one.unit)
    if "points" not in arrays or not np.isfinite(arrays["points"]).all(axis=1).any():
        return None
    dataset = one.settings["dataset"]
    if "point_images" in arrays and dataset not in originals:
        originals[dataset] = _originals(evidence, dataset, arrays["point_images"])
    return _latent_space(evidence, one, arrays, originals.get(dataset))


def _thinning(evidence: Evidence, count: int) -> str:
    """The rule by which configurations were left out; empty if all are there."""
    total, text = len(evidence.configurations), ""
    if count < total:
        text = f"{count} of {total} configurations are shown: beside these, the first of the galleries. "
    return (text + galleries.first_seed(evidence)).strip()


def _originals(evidence: Evidence, dataset: str, images: np.ndarray) -> Picture:
    alt = f"The first {len(images)} test images of {words.dataset(dataset)}, in order."
    number = evidence.datasets.index(dataset)
    return pictures.picture(f"originals-{number}", alt, images, ORIGINALS_COLUMNS)


def _latent_space(
    evidence: Evidence, one: Configuration, arrays: Arrays, originals: Picture | None
) -> LatentSpace:
    finite = np.isfinite(arrays["points"]).all(axis=1)
    points, labels = arrays["points"][finite], arrays["point_labels"][finite]
    dataset = one.settings["dataset"]
    names = [words.class_name(evidence.run, dataset, label) for label in range(int(labels.max()) + 1)]
    found = LatentSpace(
        name=one.name, chart=figures.latent(f"latent-{one.unit.key}", one, points, labels, names)
    )
    if one.settings["latent_dim"] == 2 and "map" in arrays:
        found_explorer = explorer(one.name, arrays, names, originals)
        return dataclasses.replace(found, map=_map(one, arrays), explorer=found_explorer)
    if "traversals" in arrays:
        height, width = arrays["traversals"].shape[2:4]
        return dataclasses.replace(found, traversals=_traversals(one, arrays), cell=(width, height))
    return found


def _map(one: Configuration, arrays: Arrays) -> Picture:
    grid = arrays["map"]
    left, right, bottom, top = (words.signed(value) for value in arrays["map_extent"])
    alt = (
        f"What {one.name} decodes on a grid of codes: code 1 from {left} (left) to {right} (right), "
        f"code 2 from {bottom} (bottom) to {top} (top)."
    )
    return pictures.picture(f"map-{one.unit.key}", alt, grid.reshape(-1, *grid.shape[2:]), grid.shape[1])


def explorer(title: str, arrays: Arrays, names: list[str], originals: Picture | None) -> str:
    """The grid of the map, and of each test image whose original is shown its number, code and class.

    Empty where the grid has no finite place; a code that is not finite has none either.
    """
    if not np.isfinite(arrays["map_extent"]).all():
        return ""
    count = len(arrays["point_images"]) if originals and "point_images" in arrays else 0
    shown = zip(arrays["points"][:count], arrays["point_labels"][:count], strict=True)
    points = [
        [number, round(float(x), 3), round(float(y), 3), int(label)]
        for number, ((x, y), label) in enumerate(shown)
        if np.isfinite([x, y]).all()
    ]
    content = {
        "name": title,
        "side": arrays["map"].shape[1],
        "cell": [arrays["map"].shape[3], arrays["map"].shape[2]],
        "extent": [round(float(value), 4) for value in arrays["map_extent"]],
        "points": points,
        "classes": names,
        "originals": originals.id if originals else "",
        "columns": ORIGINALS_COLUMNS,
    }
    return inert.as_json(content, allow_nan=False)


def _traversals(one: Configuration, arrays: Arrays) -> Picture:
    images = arrays["traversals"]
    units = words.listing(str(unit + 1) for unit in arrays["traversal_units"])
    several = len(arrays["traversal_units"]) > 1
    which = f"units {units} of its code go" if several else f"unit {units} of its code goes"
    alt = f"What {one.name} decodes as {which} from low to high, one row each."
    return pictures.picture(
        f"traversals-{one.unit.key}", alt, images.reshape(-1, *images.shape[2:]), images.shape[1]
    )
