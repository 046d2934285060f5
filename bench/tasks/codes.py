"""What any codes are worth: the classes that can be read from them, and how they group and spread."""

import numpy as np

from bench.datasets import Dataset
from bench.measures.latent import FEW_LABELS
from bench.metrics import clusters, few_labels, latent, spectrum
from bench.metrics.standardising import Standardising
from bench.models.coder import Absent
from bench.tasks import classes
from bench.tasks.classes import Codes
from bench.tasks.notes import NO_CLASSIFIER, NO_CLUSTERS, NO_CODES, Notes, too_few_labels

STANDARDISED = "_standardised"  # after the name of a measure of standardised codes
LOW = FEW_LABELS[few_labels.LOW]
OF_CLUSTERS = ("latent_nmi", "latent_ari", "latent_nmi_deviation", "latent_ari_deviation")
OF_CLASSES = (
    *("latent_accuracy", "latent_accuracy_iterations", "latent_accuracy_converged"),
    *("latent_knn_accuracy", "latent_knn_accuracy_raw"),
    *(LOW, LOW + STANDARDISED, *OF_CLUSTERS, f"latent_nmi{STANDARDISED}", f"latent_ari{STANDARDISED}"),
)
OF_CODES = (*OF_CLASSES, "effective_rank")


def add_codes(
    notes: Notes,
    train_codes: np.ndarray,
    test_codes: np.ndarray,
    dataset: Dataset,
    probe: latent.LogisticProbe | None = None,
    low: few_labels.FewLabelProbe | None = None,
) -> None:
    """What can be said of any codes: the classes in them, where there are any, and how far they spread.

    The linear `probe`, and that of few labels, `low`, are fitted here if they have not been.
    """
    if not test_codes.shape[1]:
        for name in OF_CODES:
            notes.add(name, None, NO_CODES)
        return
    labelled = classes.labelled(dataset, train_codes, test_codes)
    if isinstance(labelled, Absent):
        for name in OF_CLASSES:
            notes.add(name, None, labelled.reason)
    else:
        _add_classes(notes, labelled, probe, low)
    rank = spectrum.effective_rank(test_codes)
    notes.add("effective_rank", rank, "codes that are not finite, or all the same")


def _add_classes(
    notes: Notes, codes: Codes, probe: latent.LogisticProbe | None, low: few_labels.FewLabelProbe | None
) -> None:
    _add_probe(notes, probe or latent.logistic_probe(*codes))
    notes.add("latent_knn_accuracy", latent.knn_accuracy(*codes), NO_CLASSIFIER)
    raw = latent.knn_accuracy(*codes, scaling=Standardising.whole)
    notes.add("latent_knn_accuracy_raw", raw, NO_CLASSIFIER)
    _add_low(notes, codes, low)
    _add_clusters(notes, codes)


def _add_probe(notes: Notes, probe: latent.LogisticProbe) -> None:
    notes.add("latent_accuracy", probe.accuracy, NO_CLASSIFIER)
    is_fitted = probe.classifier is not None
    notes.add("latent_accuracy_iterations", probe.iterations if is_fitted else None, NO_CLASSIFIER)
    notes.add("latent_accuracy_converged", int(probe.converged) if is_fitted else None, NO_CLASSIFIER)


def _add_low(notes: Notes, codes: Codes, low: few_labels.FewLabelProbe | None) -> None:
    """Accuracy on test with ten labels a class, of codes as they are and of standardised ones."""
    reason = too_few_labels(few_labels.LOW)
    low = low or few_labels.probe(*codes[:2], few_labels.LOW)
    notes.add(LOW, low.score(*codes[2:]), reason)
    standardised = few_labels.probe(*codes[:2], few_labels.LOW, Standardising.of, chooses=False)
    notes.add(LOW + STANDARDISED, standardised.score(*codes[2:]), reason)


def _add_clusters(notes: Notes, codes: Codes) -> None:
    """NMI and ARI of the codes as they are, with their deviations over seeds, and of standardised ones."""
    found = clusters.cluster_agreement(*codes)
    for name in OF_CLUSTERS:
        notes.add(name, getattr(found, name.removeprefix("latent_")), NO_CLUSTERS)
    found = clusters.cluster_agreement(*codes, scaling=Standardising.of, seeds=clusters.SEEDS[:1])
    notes.add(f"latent_nmi{STANDARDISED}", found.nmi, NO_CLUSTERS)
    notes.add(f"latent_ari{STANDARDISED}", found.ari, NO_CLUSTERS)
