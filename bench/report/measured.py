"""Tables of measures that belong together: a row a configuration or baseline, a column a measure."""

import dataclasses
import math
from collections.abc import Sequence

import numpy as np

from bench.metrics import definitions
from bench.report import finding, galleries, likelihoods, sheets, words
from bench.report.evidence import Configuration, Evidence
from bench.report.table import NAME, Column, Table, made, measure_column, number_cell, present, row

LATENT = (
    *("mutual_information", "marginal_kl", "latent_mmd", "effective_rank"),
    *("latent_low_label_accuracy", "latent_nmi", "latent_ari"),
)
BEYOND = (
    *("test_iw_bound", *definitions.likelihood.EXACT),
    *("test_mse_noise_10", "test_mse_noise_30", "test_mse_occluded"),
    *("latent_accuracy_noise_10", "latent_accuracy_noise_30", "latent_accuracy_occluded"),
    *("ood_auroc_error", "ood_auroc_elbo"),
)
MOST_CLASSES = 20


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sheet:
    """What a table shows: these measures, the best by one of them first, which `order` says in words."""

    id: str
    caption: str
    names: Sequence[str]
    by: str
    order: str


HELD = Sheet(
    id="table-held",
    caption="What codes hold of their images and classes, and how they lie",
    names=LATENT,
    by="latent_low_label_accuracy",
    order="highest low-label accuracy first",
)
OUTSIDE = Sheet(
    id="table-beyond",
    caption="Likelihood, corrupted images and images of another data set",
    names=BEYOND,
    by="test_mse_noise_10",
    order="lowest error under weak noise first",
)


def tables(evidence: Evidence, sheet: Sheet) -> tuple[Table, ...]:
    """One for each data set of which something was measured."""
    found = (table(evidence, dataset, sheet) for dataset in evidence.datasets)
    return tuple(one for one in found if one is not None)


@made
def table(evidence: Evidence, dataset: str, sheet: Sheet) -> Table | None:
    """That of one data set; None where nothing of it was measured."""
    ones = [one for one in evidence.everything if one.settings["dataset"] == dataset]
    sign = -1 if definitions.BY_NAME[sheet.by].better == "higher" else 1

    def place(one: Configuration) -> float:
        mean = one.mean(sheet.by)
        return float("inf") if mean is None else sign * mean

    rows = sorted((one for one in ones if present([one], sheet.names)), key=place)
    if not rows:
        return None
    kept = present(rows, sheet.names)
    columns = {name: sheets.marked(rows, name) for name in kept}
    order = f": {sheet.order}" if any(one.mean(sheet.by) is not None for one in rows) else ""
    return Table(
        id=f"{sheet.id}{sheets.suffix(evidence, dataset)}",
        caption=f"{sheet.caption}{finding.on(evidence, dataset)}{order}",
        columns=(NAME, *map(measure_column, kept)),
        rows=tuple(row(one, *(columns[name][i] for name in kept)) for i, one in enumerate(rows)),
        note=_of_likelihoods(evidence.about(dataset), kept),
    )


def _of_likelihoods(evidence: Evidence, names: Sequence[str]) -> str:
    told = likelihoods.note(evidence) if "test_iw_bound" in names else ""
    return " ".join(filter(None, (told, likelihoods.EXACT if "test_log_likelihood" in names else "")))


def by_class(evidence: Evidence) -> tuple[Table, ...]:
    """MSE of the test images of each class, of the configurations whose pictures are shown."""
    found = (_by_class(evidence, dataset) for dataset in evidence.datasets)
    return tuple(table for table in found if table is not None)


@made
def _by_class(evidence: Evidence, dataset: str) -> Table | None:
    shown = [*galleries.representatives(evidence), *evidence.baselines]
    ones = [one for one in shown if one.settings["dataset"] == dataset]
    arrays = [(one, evidence.folder.images(one.unit)) for one in ones]
    measured = [(one, each["class_mse"], each["class_labels"]) for one, each in arrays if "class_mse" in each]
    if not measured or len(measured[0][2]) > MOST_CLASSES:
        return None
    measured.sort(key=lambda each: mean if math.isfinite(mean := float(np.mean(each[1]))) else math.inf)
    names = [words.class_name(evidence.run, dataset, int(label)) for label in measured[0][2]]
    return Table(
        id=f"table-classes{sheets.suffix(evidence, dataset)}",
        caption=f"Test MSE of each class{finding.on(evidence, dataset)}, lowest first",
        columns=(NAME, *(Column(label=name) for name in names)),
        rows=tuple(
            row(one, *(number_cell("test_mse", mse if math.isfinite(mse) else None) for mse in values))
            for one, values, _ in measured
        ),
        note="Of the first seed." if evidence.has_intervals else "",
    )
