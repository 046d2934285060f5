"""Tables of measures that belong together: a row a configuration or baseline, a column a measure."""

from collections.abc import Sequence

import numpy as np

from bench.metrics import definitions
from bench.report import finding, galleries, sheets, words
from bench.report.evidence import Configuration, Evidence
from bench.report.table import NAME, Cell, Column, Table, measure_column, present, row

LATENT = (
    *("mutual_information", "marginal_kl", "latent_mmd", "effective_rank"),
    *("latent_low_label_accuracy", "latent_nmi", "latent_ari"),
)
BEYOND = (
    "test_iw_bound",
    *("test_mse_noise_10", "test_mse_noise_30", "test_mse_occluded"),
    *("latent_accuracy_noise_10", "latent_accuracy_noise_30", "latent_accuracy_occluded"),
    *("ood_auroc_error", "ood_auroc_elbo"),
)
MOST_CLASSES = 20


def tables(evidence: Evidence, id: str, caption: str, names: Sequence[str], by: str) -> tuple[Table, ...]:
    """One for each data set of which something was measured; the best by `by` first, its best marked."""
    sign = -1 if definitions.BY_NAME[by].better == "higher" else 1

    def place(one: Configuration) -> float:
        mean = one.mean(by)
        return float("inf") if mean is None else sign * mean

    found = []
    for dataset in evidence.datasets:
        ones = [one for one in evidence.everything if one.settings["dataset"] == dataset]
        rows = sorted((one for one in ones if present([one], names)), key=place)
        kept = present(rows, names)
        columns = {name: sheets.marked(rows, name) for name in kept}
        if not rows:
            continue
        found.append(
            Table(
                id=f"{id}{sheets.suffix(evidence, dataset)}",
                caption=f"{caption}{finding.on(evidence, dataset)}",
                columns=(NAME, *map(measure_column, kept)),
                rows=tuple(row(one, *(columns[name][i] for name in kept)) for i, one in enumerate(rows)),
            )
        )
    return tuple(found)


def by_class(evidence: Evidence) -> tuple[Table, ...]:
    """MSE of the test images of each class, of the configurations whose pictures are shown."""
    found = (_by_class(evidence, dataset) for dataset in evidence.datasets)
    return tuple(table for table in found if table is not None)


def _by_class(evidence: Evidence, dataset: str) -> Table | None:
    shown = [*galleries.representatives(evidence), *evidence.baselines]
    ones = [one for one in shown if one.settings["dataset"] == dataset]
    arrays = [(one, evidence.folder.images(one.unit)) for one in ones]
    measured = [(one, each["class_mse"], each["class_labels"]) for one, each in arrays if "class_mse" in each]
    if not measured or len(measured[0][2]) > MOST_CLASSES:
        return None
    measured.sort(key=lambda each: float(np.mean(each[1])))
    names = [words.class_name(evidence.run, dataset, int(label)) for label in measured[0][2]]
    return Table(
        id=f"table-classes{sheets.suffix(evidence, dataset)}",
        caption=f"Test MSE of each class{finding.on(evidence, dataset)}, lowest first",
        columns=(NAME, *(Column(label=name) for name in names)),
        rows=tuple(
            row(one, *(Cell(text=words.number("test_mse", mse), order=float(mse)) for mse in values))
            for one, values, _ in measured
        ),
        note="Of the first seed." if evidence.has_intervals else "",
    )
