"""What decides which configuration to take, so that no test image chooses anything."""

from bench.metrics import latent, reconstruction
from bench.metrics.definitions.validation import MOST_SEARCHED
from bench.tasks.notes import FEW_LABELS, NO_CLASSIFIER, Notes
from bench.tasks.subject import Subject


def add(notes: Notes, subject: Subject) -> None:
    """Reconstruction of validation images, and how well their classes can be read from their codes."""
    coder, train, validation = subject.coder, subject.dataset.train, subject.dataset.validation
    codes = coder.encode(validation.images)
    notes.add("validation_mse", reconstruction.mse(validation.images, coder.decode(codes)).mean())
    notes.add("validation_accuracy", subject.probe.score(codes, validation.labels), NO_CLASSIFIER)
    fitted = subject.train_codes, train.labels
    some = codes[:MOST_SEARCHED], validation.labels[:MOST_SEARCHED]
    notes.add("validation_knn_accuracy", latent.knn_accuracy(*fitted, *some), NO_CLASSIFIER)
    low = latent.low_label_accuracy(*fitted, codes, validation.labels)
    notes.add("validation_low_label_accuracy", low, FEW_LABELS)
