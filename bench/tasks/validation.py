"""What decides which configuration to take, so that no test image chooses anything."""

from bench.measures.latent import MOST_SEARCHED
from bench.metrics import few_labels, latent, reconstruction
from bench.models.coder import Absent
from bench.tasks import classes
from bench.tasks.notes import NO_CLASSIFIER, NO_CODES, Notes, too_few_labels
from bench.tasks.subject import Subject

OF_CLASSES = ("validation_accuracy", "validation_knn_accuracy", "validation_low_label_accuracy")


def add(notes: Notes, subject: Subject) -> None:
    """Reconstruction of validation images, and how well their classes can be read from their codes."""
    validation = subject.dataset.validation
    codes = subject.validation_codes
    if isinstance(subject.reconstructed, Absent):
        notes.add("validation_mse", None, subject.reconstructed.reason)
    else:
        notes.add("validation_mse", reconstruction.mse(validation.images, subject.decode(codes)).mean())
    if not codes.shape[1]:
        for name in OF_CLASSES:
            notes.add(name, None, NO_CODES)
        return
    if isinstance(subject.labelled, Absent):
        for name in OF_CLASSES:
            notes.add(name, None, subject.labelled.reason)
        return
    codes, labels = classes.known(subject.dataset, validation, codes)
    notes.add("validation_accuracy", subject.probe.score(codes, labels), NO_CLASSIFIER)
    some = codes[:MOST_SEARCHED], labels[:MOST_SEARCHED]
    notes.add("validation_knn_accuracy", latent.knn_accuracy(*subject.labelled[:2], *some), NO_CLASSIFIER)
    low = subject.low_label_probe.score(codes, labels)
    notes.add("validation_low_label_accuracy", low, too_few_labels(few_labels.LOW))
