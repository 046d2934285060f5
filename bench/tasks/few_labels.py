"""How well the class is told from codes with few labels, beside the ten a class that are always measured."""

from bench.keeping.gallery import Arrays
from bench.measures.latent import FEW_LABELS
from bench.metrics import few_labels
from bench.models.coder import Absent
from bench.tasks.notes import NO_CODES, Notes, too_few_labels
from bench.tasks.subject import Subject


def add(notes: Notes, subject: Subject) -> Arrays | Absent:
    """Accuracy on test with 1, 4, 40 and 100 labels a class, of codes as they are."""
    if not subject.codes.shape[1]:
        return Absent(NO_CODES)
    if isinstance(subject.labelled, Absent):
        return subject.labelled
    train_codes, train_labels, codes, labels = subject.labelled
    for count in (count for count in FEW_LABELS if count != few_labels.LOW):
        probe = few_labels.probe(train_codes, train_labels, count)
        notes.add(FEW_LABELS[count], probe.score(codes, labels), too_few_labels(count))
    return {}
