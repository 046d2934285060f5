"""The latent space of one configuration: its chart, its decoded codes, and what an explorer needs of both."""

from collections.abc import Iterable, Mapping

import numpy as np

from bench.report import words
from bench.report.blocks import inert, isolation, pictures
from bench.report.blocks.chart import lost
from bench.report.blocks.pictures import Picture
from bench.report.blocks.space import Space, Sprite, Steps
from bench.report.evidence import Configuration, Evidence
from bench.report.sections import chart_space, pictured
from bench.report.sections.chart_space import Plane

__all__ = ["lost", "sheets", "space"]

COLUMNS = 20
"""Images in a row of a sprite."""
MOST_HOVERED = 300
"""Points that the pointer finds."""
MOST_PIXELS = 80_000
"""Of the reconstructions of a space: 102 grey images of 28 by 28."""
MOST_LISTED = 40
"""Classes of a legend."""
_PARTS = 1000  # of the width of a plot: so finely places are told

Arrays = Mapping[str, np.ndarray]


def sheets(evidence: Evidence, ones: Iterable[Configuration]) -> dict[str, Sprite]:
    """Of each data set the test images behind the first points, from the first trial that kept them."""
    found: dict[str, Sprite] = {}
    for one in ones:
        dataset = one.settings["dataset"]
        if dataset in found or (images := _point_images(evidence, one)) is None:
            continue
        which = f"first {len(images)} test images of {words.dataset(dataset)}"
        found[dataset] = _sprite(
            f"point-images-{evidence.datasets.index(dataset) + 1}",
            f"The {which}, which lie behind the first points",
            f"The {which}, in order.",
            images,
        )
    return found


def _point_images(evidence: Evidence, one: Configuration) -> np.ndarray | None:
    """Those that a trial kept; what cannot be read is said where it is missed."""
    arrays: Arrays = isolation.attempt("picture", lambda: evidence.folder.images(one.unit), lambda _: {})
    images = arrays.get("point_images")
    return pictures.small(images[:MOST_HOVERED]) if images is not None and len(images) else None


def space(evidence: Evidence, one: Configuration, sheet: Sprite | None) -> Space | None:
    """That of one configuration; None if it left no codes."""
    arrays = pictured.small(evidence.folder.images(one.unit))
    if "points" not in arrays or not (finite := np.isfinite(arrays["points"]).all(axis=1)).any():
        return None
    points, labels = arrays["points"][finite], arrays.get("point_labels")
    labels = None if labels is None else labels[finite]
    names = _names(evidence, one, labels)
    grid = _grid(one, arrays)
    plane = _plane(one, arrays, points, grid)
    outside = int(np.isnan(plane.places(points)[:, 0]).sum())
    rebuilt = _rebuilt(one, arrays)
    traversals = None if grid else _traversals(one, arrays)
    lines = _lines(evidence, one, arrays)
    return Space(
        name=one.name,
        chart=chart_space.latent(f"latent-{one.unit.key}", one, plane, points, labels, names),
        caption=_caption(one, grid, outside, sheet, rebuilt, len(names)),
        inset=plane.inset,
        grid=grid,
        axes=chart_space.axes(plane) if grid else "",
        data=_data(one, arrays, plane, names, sheet, rebuilt),
        legend=_legend(labels, names),
        traversals=traversals,
        steps=_unit_steps(one, arrays) if traversals else None,
        lines=lines[0] if lines else None,
        line_steps=lines[1] if lines else None,
        rebuilt=rebuilt,
    )


def _names(evidence: Evidence, one: Configuration, labels: np.ndarray | None) -> list[str]:
    count = 0 if labels is None else int(labels.max()) + 1  # up to the last that is shown
    return [words.class_name(evidence.run, one.settings["dataset"], label) for label in range(count)]


def _caption(
    one: Configuration,
    grid: Picture | None,
    outside: int,
    sheet: Sprite | None,
    rebuilt: Sprite | None,
    count: int,
) -> str:
    groups, beside = ("classes", " Read it beside the accuracies.") if count else ("groups", "")
    if grid:
        said = (
            "First, where images lie. Then, in the same axes, what the decoder makes of that plane: the "
            f"corners are at the 1 % and 99 % quantiles of the codes. Look for {groups} that lie apart, and "
            "for places where one turns into another."
        )
    elif one.settings["latent_dim"] > 2:
        said = (
            f"Along the first two principal components, {groups} that overlap may lie apart in another "
            f"direction.{beside}"
        )
    else:
        said = f"Codes of one number, on a line.{beside}"
    if outside:
        said += f" {words.count(outside, 'point lies', 'points lie')} beyond the axes."
    if sheet and rebuilt:
        said += f" Script shows each of the first {rebuilt.count} test images with its reconstruction, and "
        said += f"their neighbours among the first {sheet.count}."
    elif sheet:
        said += f" Script shows each of the first {sheet.count} test images, and their neighbours."
    return said


def _plane(one: Configuration, arrays: Arrays, points: np.ndarray, grid: Picture | None) -> Plane:
    """What is seen: of two dimensions the very plane of the grid, else the middle of the points."""
    size = one.settings["latent_dim"]
    if grid is None:
        axes = {1: ("code", ""), 2: ("code 1", "code 2")}.get(size, _components(1))
        return Plane(extent=chart_space.limits(points), axes=axes)
    rows, columns, height, width = arrays["map"].shape[:4]
    left, right, bottom, top = map(float, arrays["map_extent"])
    # Codes of the grid are at the middles of its cells, and its picture ends half a cell beyond.
    across = (right - left) / max(columns - 1, 1) * width / (width + pictures.GAP) / 2
    up = (top - bottom) / max(rows - 1, 1) * height / (height + pictures.GAP) / 2
    ratio = min(max(grid.height / grid.width, 0.5), 2.0)
    return Plane(
        extent=(left - across, right + across, bottom - up, top + up),
        axes=("code 1", "code 2"),
        height=chart_space.PLOT * ratio,
    )


def _components(first: int) -> tuple[str, str]:
    return f"principal component {first}", f"principal component {first + 1}"


def _grid(one: Configuration, arrays: Arrays) -> Picture | None:
    if one.settings["latent_dim"] != 2 or "map" not in arrays:
        return None
    left, right, bottom, top = arrays["map_extent"]
    if not (np.isfinite(arrays["map_extent"]).all() and left < right and bottom < top):
        return None
    at = [words.signed(value) for value in (left, right, bottom, top)]
    alt = (
        f"What {one.name} decodes on a grid of codes: code 1 from {at[0]} (left) to {at[1]} (right), "
        f"code 2 from {at[2]} (bottom) to {at[3]} (top)."
    )
    grid = arrays["map"]
    return pictures.picture(f"map-{one.unit.key}", alt, grid.reshape(-1, *grid.shape[2:]), grid.shape[1])


def _data(
    one: Configuration,
    arrays: Arrays,
    plane: Plane,
    names: list[str],
    sheet: Sprite | None,
    rebuilt: Sprite | None,
) -> str:
    """Of each test image its class and its place in each layout, and where the images of the page lie."""
    labels = arrays.get("point_labels")
    shown = [""] * len(arrays["points"]) if labels is None else [*map(int, labels)]
    grid = arrays["map"].shape if plane.axes == ("code 1", "code 2") and "map" in arrays else None
    content = {
        "name": one.name,
        "box": [chart_space.PLOT, round(plane.height, 2)],
        "shapes": chart_space.SHAPES,
        "classes": {"": ""}
        if labels is None
        else {str(k): names[k] for k in sorted({*shown}) if k < len(names)},
        "labels": shown[: max(MOST_HOVERED, len(arrays.get("layout", ())))],
        "hovered": MOST_HOVERED,
        "layouts": layouts(one, arrays, plane),
        "grid": [grid[1], grid[0], grid[3], grid[2]] if grid else None,
        "cell": [*arrays["point_images"].shape[2:0:-1]] if "point_images" in arrays else _cell(one, arrays),
        "originals": sheet.id if sheet else "",
        "rebuilt": rebuilt.id if rebuilt else "",
        "held": [one.count if one else 0 for one in (sheet, rebuilt)],
        "columns": COLUMNS,
    }
    return inert.as_json(content, allow_nan=False)


def _cell(one: Configuration, arrays: Arrays) -> list[int]:
    """Width and height of an image, where the trial kept none of its points."""
    known = arrays.get("originals", arrays.get("reconstructions"))
    return [1, 1] if known is None else [*pictures.small(known).shape[2:0:-1]]


def layouts(one: Configuration, arrays: Arrays, plane: Plane) -> list[dict[str, object]]:
    """The one that is drawn, and those that may be chosen instead of it."""
    size = one.settings["latent_dim"]
    points = arrays["points"]
    name = "Code" if size <= 2 else "Components 1 and 2"
    found = [_layout(name, plane, points[:MOST_HOVERED], has_numbers=True)]
    components = arrays.get("components", np.empty((0, 0)))
    for i in range(0, components.shape[1] - 1, 2):
        pair = components[:, i : i + 2]
        if (finite := pair[np.isfinite(pair).all(axis=1)]).size:
            further = Plane(extent=chart_space.limits(finite), axes=_components(i + 3))
            found.append(_layout(f"Components {i + 3} and {i + 4}", further, pair, has_numbers=True))
    layout = arrays.get("layout", np.empty((0, 2)))
    if len(layout) and np.isfinite(layout).all():
        further = Plane(extent=chart_space.limits(layout), axes=("", ""))
        found.append(_layout("t-SNE", further, layout, has_numbers=False))
    return found


def _layout(name: str, plane: Plane, points: np.ndarray, *, has_numbers: bool) -> dict[str, object]:
    places = [
        None if np.isnan(part) else round(float(part) * _PARTS) for part in plane.places(points).ravel()
    ]
    extent = [float(f"{value:.5g}") for value in plane.extent]
    return {"name": name, "extent": extent if has_numbers else None, "places": places}


def _legend(labels: np.ndarray | None, names: list[str]) -> tuple[tuple[int, str, str, int], ...]:
    """Each class with its sign and the number of its colour; none where classes are many, or none."""
    known = [] if labels is None else [int(label) for label in np.unique(labels)]
    signs = chart_space.SIGNS
    return tuple(
        (label, names[label], signs[label % len(signs)], label % 10 + 1)
        for label in (known if len(known) <= MOST_LISTED else ())
    )


def _sprite(id: str, title: str, alt: str, images: np.ndarray) -> Sprite:
    made = pictures.picture(id, alt, images, COLUMNS)
    return Sprite(
        id=id,
        title=title,
        picture=made.lossy_uri(),
        alt=alt,
        count=len(images),
        width=made.width,
        height=made.height,
    )


def _rebuilt(one: Configuration, arrays: Arrays) -> Sprite | None:
    images = arrays.get("point_reconstructions", np.empty((0, 1, 1, 1), np.uint8))[:MOST_HOVERED]
    images = images[: max(MOST_PIXELS // max(images[:1].size, 1), 1)]
    if not len(images):
        return None
    title = f"Reconstructions of the first {len(images)}"
    return _sprite(f"rebuilt-{one.unit.key}", title, f"{title} test images by {one.name}, in order.", images)


def _traversals(one: Configuration, arrays: Arrays) -> Picture | None:
    if "traversals" not in arrays or not arrays["traversals"].size:
        return None
    images = arrays["traversals"]
    units = words.listing(str(unit + 1) for unit in arrays["traversal_units"])
    several = len(arrays["traversal_units"]) > 1
    which = f"units {units} of its code go" if several else f"unit {units} of its code goes"
    alt = f"What {one.name} decodes as {which} from low to high, one row each."
    return pictures.picture(
        f"traversals-{one.unit.key}", alt, images.reshape(-1, *images.shape[2:]), images.shape[1]
    )


def _unit_steps(one: Configuration, arrays: Arrays) -> Steps:
    rows = [f"Unit {unit + 1}" for unit in arrays["traversal_units"]]
    height, width = arrays["traversals"].shape[2:4]
    return Steps(rows=inert.as_json(rows), cell=(width, height), name=one.name)


def _lines(evidence: Evidence, one: Configuration, arrays: Arrays) -> tuple[Sprite, Steps] | None:
    """Decoded codes on straight lines between those of two test images, which galleries show, too."""
    lines, labels = arrays.get("interpolations"), arrays.get("labels")
    count = len(arrays.get("originals", ()))
    if lines is None or not lines.size or count < 2 * len(lines):
        return None
    dataset = one.settings["dataset"]
    ends = (
        [f"number {position + 1}" for position in range(count)]
        if labels is None
        else [words.class_name(evidence.run, dataset, label) for label in labels]
    )
    rows = [f"{ends[2 * i]} to {ends[2 * i + 1]}" for i in range(len(lines))]
    made = pictures.picture("", "", lines.reshape(-1, *lines.shape[2:]), lines.shape[1])
    sprite = Sprite(
        id=f"lines-{one.unit.key}",
        title=f"From one test image to another: {words.listing(rows)}",
        picture=made.lossy_uri(),
        count=lines.shape[0] * lines.shape[1],
        alt=f"Decoded codes on straight lines between those of two test images, by {one.name}.",
        width=made.width,
        height=made.height,
    )
    return sprite, Steps(rows=inert.as_json(rows), cell=(lines.shape[3], lines.shape[2]), name=one.name)
