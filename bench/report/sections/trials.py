"""Every trial by itself: settings, numbers, curve, pictures, and where its log is if it failed."""

import dataclasses
from collections.abc import Mapping, Sequence

from bench import measures
from bench.keeping.result import Result
from bench.keeping.store import PACKED
from bench.report import words
from bench.report.blocks import isolation
from bench.report.blocks.curves import Curve, curve
from bench.report.blocks.pictures import Picture
from bench.report.blocks.table import (
    Cell,
    Column,
    Row,
    Table,
    filters,
    made,
    measure_column,
    number_cell,
    trial_link,
)
from bench.report.evidence import Configuration, Evidence
from bench.report.evidence.naming import seed_of, settings_of
from bench.report.sections import galleries

MOST_PICTURED = 200
MOST_PRINTED = 20
SAMPLES = 5  # of each kind in the section of a trial; thousands of them are most of a page
MEASURES = ("test_mse", "test_ssim", "latent_knn_accuracy", "best_epoch", "fit_seconds")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Section:
    """One trial or baseline.

    Attributes
    ----------
    settings, numbers
        What was chosen and what came of it: names with values, both ready to print.
    empty
        Why there is no number, with the measures of which that holds.
    originals
        The id of the test images that were reconstructed.
    place
        Where its files are.
    has_model
        Whether its model lies there.
    lost
        Why its curve or pictures are missing, if they should not be.
    """

    key: str
    name: str
    status: str
    error: str
    settings: tuple[tuple[str, str], ...]
    numbers: tuple[tuple[str, str], ...]
    empty: tuple[tuple[str, str], ...]
    curve: Curve | None
    originals: str
    pictures: tuple[Picture, ...]
    place: str
    has_model: bool
    lost: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Trials:
    """All that have finished: a table, and a section for each.

    Attributes
    ----------
    originals
        The test images of each data set that was reconstructed.
    thinning
        The rule by which pictures were left out; empty if all are there.
    are_printed
        Whether the sections are opened on paper.
    """

    table: Table
    sections: tuple[Section, ...]
    originals: tuple[Picture, ...]
    thinning: str
    are_printed: bool


def trials(evidence: Evidence, shown: Sequence[galleries.Gallery]) -> Trials | None:
    """Those that have finished, in the order of the grid, baselines after them; None where there are none."""
    if not evidence.results:
        return None
    ones = {result.unit.key: one for one in evidence.everything for result in one.results}
    has_pictures = len(evidence.results) <= MOST_PICTURED
    originals = {gallery.source: gallery.originals for gallery in shown} if has_pictures else {}
    return Trials(
        table=_table(evidence),
        sections=tuple(
            _section(evidence, result, ones.get(result.unit.key), originals) for result in evidence.results
        ),
        originals=tuple(originals.values()),
        thinning=_thinning(len(evidence.results)),
        are_printed=len(evidence.results) <= MOST_PRINTED,
    )


def _thinning(count: int) -> str:
    if count <= MOST_PICTURED:
        return ""
    return f"Of more than {MOST_PICTURED} trials no pictures are shown here; images.npz of each has them."


@made
def _table(evidence: Evidence) -> Table:
    names = [name for name in MEASURES if any(name in result.measures for result in evidence.results)]
    return Table(
        id="table-trials",
        caption="Every trial and baseline that has finished",
        columns=(
            Column(label="Trial", is_number=False),
            Column(label="Status", is_number=False),
            *(measure_column(name) for name in names),
        ),
        rows=tuple(_row(evidence, result, names) for result in evidence.results),
    )


def _row(evidence: Evidence, result: Result, names: Sequence[str]) -> Row:
    cells = [number_cell(name, result.measures.get(name)) for name in names]
    name = Cell(text=evidence.name_of(result.unit), link=trial_link(result.unit))
    return Row(
        cells=(name, Cell(text=result.status), *cells),
        key=f"{result.unit.key}.",
        settings=filters({**settings_of(result.unit), "seed": seed_of(result.unit), "status": result.status}),
    )


def _section(
    evidence: Evidence, result: Result, one: Configuration | None, originals: Mapping[str, Picture]
) -> Section:
    unit = result.unit
    dataset = settings_of(unit)["dataset"]
    pictures, lost = _pictures(evidence, result, one) if one and originals else ((), "")
    said = [lost] if lost else []
    return Section(
        key=unit.key,
        name=evidence.name_of(unit),
        status=result.status,
        error=result.error,
        settings=_settings(result),
        numbers=tuple(
            (words.head(name), words.number(name, value))
            for name in (one.name for one in measures.every())
            if (value := result.measures.get(name)) is not None
        ),
        empty=_empty(result),
        curve=isolation.attempt("chart", lambda: curve(evidence.folder.history(unit)), said.append),
        originals=originals[dataset].id if pictures and dataset in originals else "",
        pictures=pictures,
        place=f"trials/{unit.key}/{f' in {PACKED}' if evidence.folder.is_packed else ''}",
        has_model=evidence.folder.has_model(unit),
        lost=" ".join(said),
    )


def _settings(result: Result) -> tuple[tuple[str, str], ...]:
    settings = result.unit.settings()
    options = settings.pop("options", {})
    return tuple(
        (words.capital(words.axis(name)), words.value_text(value))
        for name, value in (settings | options).items()
        if value is not None
    )


def _empty(result: Result) -> tuple[tuple[str, str], ...]:
    """Reasons with the measures that have no number for it, in the order of the definitions."""
    found: dict[str, list[str]] = {}
    for one in measures.every():
        if one.name in result.reasons:
            found.setdefault(result.reasons[one.name], []).append(one.label)
    return tuple((reason, ", ".join(labels)) for reason, labels in found.items())


def _pictures(evidence: Evidence, result: Result, one: Configuration) -> tuple[tuple[Picture, ...], str]:
    """Reconstructions and a row of each kind of samples; and why there are none, if there should be."""
    alone = dataclasses.replace(one, name=evidence.name_of(result.unit), results=(result,))
    shown = galleries.show(evidence, alone, SAMPLES)
    found = (shown.reconstructions, shown.samples, shown.mixture_samples)
    return tuple(picture for picture in found if picture is not None), shown.lost
