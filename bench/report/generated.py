"""How near samples are to real images: two tables, and what the floor is."""

import dataclasses

from bench.report import sheets, words
from bench.report.evidence import Configuration, Evidence
from bench.report.table import NAME, Table, interval_cell, measure_column, present, row

DISTANCES = (
    *("frechet_prior", "frechet_mixture", "frechet_reconstructed"),
    *("kernel_prior", "kernel_mixture", "nearest_prior", "nearest_mixture"),
)
NEIGHBOURHOODS = tuple(
    f"{name}_{source}"
    for name in ("precision", "recall", "density", "coverage")
    for source in ("prior", "mixture")
)
BY = "frechet_mixture"  # what the rows are sorted by


@dataclasses.dataclass(frozen=True, kw_only=True)
class Generation:
    """The section on generated images; `accuracy` is said of the classifier whose features are used."""

    tables: tuple[Table, ...]
    accuracy: str


def generation(evidence: Evidence) -> Generation | None:
    """None where no trial was measured so."""
    tables = []
    for dataset in evidence.datasets:
        rows = [one for one in evidence.everything if one.settings["dataset"] == dataset]
        rows = [one for one in rows if present([one], (*DISTANCES, *NEIGHBOURHOODS))]
        rows.sort(key=_distance)
        where = f" on {words.dataset(dataset)}" if len(evidence.datasets) > 1 else ""
        tables += [
            _table(rows, names, f"table-{id}{sheets.suffix(evidence, dataset)}", f"{caption}{where}")
            for id, caption, names in (
                ("generation", "Distances from samples to test images, nearest first", DISTANCES),
                ("neighbourhoods", "Where samples lie among test images", NEIGHBOURHOODS),
            )
            if present(rows, names)
        ]
    return Generation(tables=tuple(tables), accuracy=_accuracy(evidence)) if tables else None


def floor(evidence: Evidence, dataset: str, name: str) -> float | None:
    """What training images get in place of samples: the row of the raw pixels."""
    pixels = evidence.baseline(dataset, "pixels")
    return None if pixels is None else pixels.mean(name)


def _table(rows: list[Configuration], names: tuple[str, ...], id: str, caption: str) -> Table:
    kept = present(rows, names)
    return Table(
        id=id,
        caption=caption,
        columns=(NAME, *(measure_column(name) for name in kept)),
        rows=tuple(
            row(one, *(interval_cell(name, one.measure(name)) for name in kept))
            for one in rows
            if present([one], kept)
        ),
    )


def _distance(one: Configuration) -> float:
    value = one.mean(BY)
    return float("inf") if value is None else value


def _accuracy(evidence: Evidence) -> str:
    """How well the classifiers of features tell unseen images apart; empty where that is not known."""
    found = [
        f"{words.number('latent_accuracy', accuracy, unit=True)} on {words.dataset(dataset)}"
        for dataset, accuracy in sorted(evidence.run.get("features", {}).items())
    ]
    return words.listing(found) if found else ""
