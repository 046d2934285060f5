"""Tables of measures that belong together: a row a configuration or baseline, a column a measure."""

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np

from bench import measures
from bench.measures import latent, likelihood
from bench.report import words
from bench.report.blocks import finding
from bench.report.blocks.table import NAME, Table, made, measure_column, present, row
from bench.report.evidence import Configuration, Evidence, floors, likelihoods
from bench.report.sections import marks

STANDARDISED = (
    "This run is of protocol 3: its low-label accuracy, NMI and ARI are of standardised codes, in which idle "
    "dimensions of a VAE weigh as much as others, with C = 1 and one seed of k-means."
)
FEW = (
    "Of codes as they are, but for the linear accuracy, for which every training image is labelled; the "
    "low-label accuracy is that of 10 labels a class. The same images are labelled for every row."
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sheet:
    """What a table shows: these measures, the best by one of them first, which `order` says in words.

    Attributes
    ----------
    needs
        Measures of which a row has one, or there is no table; those that it shows where there are none.
    instead
        Decides the place of a row that lacks `by`; empty for none.
    from_floor
        Whether it is shown how far values lie from the floor.
    """

    id: str
    caption: str
    names: Callable[[], Sequence[str]]
    by: str
    order: str
    needs: tuple[str, ...] = ()
    instead: str = ""
    from_floor: bool = False


HELD = Sheet(
    id="table-held",
    caption="What codes hold of their images, and how they lie",
    names=lambda: measures.of_table("latent"),
    by="latent_low_label_accuracy",
    order="highest low-label accuracy first",
)
SCALING = Sheet(
    id="table-scaling",
    caption="What the scale of dimensions does: codes as they are, and standardised (5-NN accuracy, std.)",
    names=lambda: (
        *("latent_knn_accuracy_raw", "latent_knn_accuracy"),
        *("latent_low_label_accuracy", "latent_low_label_accuracy_standardised"),
        *("latent_nmi", "latent_nmi_standardised", "latent_ari", "latent_ari_standardised"),
    ),
    by="latent_knn_accuracy",
    order="highest 5-NN accuracy first",
    needs=("latent_knn_accuracy_raw",),
)
FEW_LABELS = Sheet(
    id="table-few-labels",
    caption="How well a linear classifier tells the class, by labelled images of each class",
    names=lambda: (*latent.FEW_LABELS.values(), "latent_accuracy"),
    by="latent_low_label_accuracy",
    order="highest with 10 labels a class first",
    needs=tuple(name for count, name in latent.FEW_LABELS.items() if count != 10),
)
LIKELIHOOD = Sheet(
    id="table-likelihood",
    caption="How likely test images are, with the variance 1/2 of a pixel that the loss mse stands for, and "
    "with the fitted one",
    names=lambda: (
        *("test_elbo", "test_iw_bound", "test_iw_bound_error", "test_log_likelihood"),
        *("test_elbo_fitted", "test_log_likelihood_fitted", "fitted_variance"),
    ),
    by="test_elbo_fitted",
    instead="test_log_likelihood_fitted",
    order="likeliest at the fitted variance first",
    needs=("test_iw_bound", *likelihood.EXACT),
)
OUTSIDE = Sheet(
    id="table-beyond",
    caption="Corrupted images and images of another data set",
    names=lambda: measures.of_table("beyond"),
    by="test_mse_noise_10",
    order="lowest error under weak noise first",
)


def of_plugins(evidence: Evidence) -> tuple[Table, ...]:
    """Of each task that is somebody's own, its measures that stand in no other table."""
    return tuple(
        table
        for card in measures.of_plugins()
        if (names := tuple(one.name for one in card.measures if not (one.tables or one.is_array)))
        for table in tables(evidence, _of_task(card, names))
    )


def _of_task(card: measures.TaskCard, names: tuple[str, ...]) -> Sheet:
    """By the first of its measures of which one can be better, or the first."""
    by = next((name for name in names if measures.named(name).better), names[0])
    first = "highest" if measures.named(by).better == "higher" else "lowest"
    return Sheet(
        id=f"table-task-{card.name.replace('_', '-')}",
        caption=words.capital(card.title),
        names=lambda: names,
        by=by,
        order=f"{first} {measures.named(by).label} first",
    )


def tables(evidence: Evidence, sheet: Sheet) -> tuple[Table, ...]:
    """One for each data set of which something was measured."""
    found = (table(evidence, dataset, sheet) for dataset in evidence.datasets)
    return tuple(one for one in found if one is not None)


@made
def table(evidence: Evidence, dataset: str, sheet: Sheet) -> Table | None:
    """That of one data set; None where nothing of it was measured."""
    ones = [one for one in evidence.everything if one.settings["dataset"] == dataset]
    sign = -1 if measures.named(sheet.by).better == "higher" else 1

    def place(one: Configuration) -> float:
        mean = one.mean(sheet.by)
        if mean is None and sheet.instead:
            mean = one.mean(sheet.instead)
        return float("inf") if mean is None else sign * mean

    names = sheet.names()
    if not present(ones, sheet.needs or names):
        return None
    rows = sorted((one for one in ones if present([one], names)), key=place)
    if not rows:
        return None
    kept = present(rows, names)
    columns = {name: marks.marked(rows, name, from_floor=sheet.from_floor) for name in kept}
    order = f": {sheet.order}" if any(one.mean(sheet.by) is not None for one in rows) else ""
    return Table(
        id=f"{sheet.id}{evidence.suffix(dataset)}",
        caption=f"{sheet.caption}{finding.on(evidence, dataset)}{order}",
        columns=(NAME, *map(measure_column, kept)),
        rows=tuple(row(one, *(columns[name][i] for name in kept)) for i, one in enumerate(rows)),
        note=_note(evidence.about(dataset), kept, rows, sheet),
    )


def _note(evidence: Evidence, names: Sequence[str], rows: Sequence[Configuration], sheet: Sheet) -> str:
    bound = likelihoods.note(evidence) if "test_iw_bound" in names else ""
    told = [bound, likelihoods.exact(rows) if "test_log_likelihood" in names else ""]
    if "latent_nmi" in names and "latent_nmi_standardised" not in names:  # once
        told += [_spread(rows), STANDARDISED if evidence.run.get("protocol") == 3 else ""]
    if "latent_few_label_accuracy_1" in names:
        told.append(FEW)
    if sheet.from_floor and any(floors.among(rows, name) is not None for name in names):
        told.append(floors.NOTE)
    return " ".join(filter(None, told))


def _spread(rows: Sequence[Configuration]) -> str:
    """How far one seed of k-means and another lie apart; empty where that was not measured."""
    found = []
    for name in ("latent_nmi", "latent_ari"):
        values = [value for one in rows for value in one.values(f"{name}_deviation")]
        if values:
            middle, most = (words.number(name, value) for value in (float(np.median(values)), max(values)))
            found.append(f"{measures.named(name).label} by {middle} ({most} at most)")
    if not found:
        return ""
    return (
        "NMI and ARI are means over 5 seeds of k-means. From one of these seeds to another, the same codes "
        f"vary in {words.listing(found)}: the standard deviation, median over trials."
    )
