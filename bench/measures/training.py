"""What training a trial took, and which of its epochs counts."""

from bench.measures.measure import Measure

MEASURES = (
    Measure(
        name="validation_loss",
        label="Validation loss",
        better="lower",
        text="The training loss on the validation images in the epoch that is measured: a sum over pixels "
        "and channels, for a VAE with beta times KL, mean over images. Compare it within one training "
        "objective.",
        digits=2,
    ),
    Measure(
        name="best_epoch",
        label="Best epoch",
        better="",
        text="Epoch with the lowest validation loss: the one whose weights are kept and measured, unless the "
        "trial has keep = last.",
        digits=1,
        shown="count",
    ),
    Measure(
        name="parameters",
        label="Parameters",
        better="",
        text="Trainable numbers in encoder and decoder together.",
        digits=0,
    ),
    Measure(
        name="fit_seconds",
        label="Training",
        unit="s",
        better="lower",
        scale="log",
        text="Wall time of all epochs together, validation and the time to compile included, with whatever "
        "ran beside it.",
        shown="seconds",
    ),
    Measure(
        name="epoch_seconds",
        label="Epoch",
        unit="s",
        better="lower",
        scale="log",
        text="Median wall time of an epoch, validation included; the first, which compiles, is left out "
        "where there are several.",
        shown="seconds",
    ),
    Measure(
        name="trials_beside",
        label="Ran beside",
        better="",
        text="Most other trials that ran at the same time on the same machine or cluster. They share its "
        "cores, caches and memory, so a trial's own seconds are longer than they would be alone. Empty where "
        "trials ran in the program's own process, one after the other.",
        digits=1,
        shown="count",
    ),
    Measure(
        name="peak_memory_mb",
        label="Peak memory",
        unit="MiB",
        better="lower",
        text="Most main memory that the process of the trial held at any one time, in units of 1,048,576 "
        "bytes; the memory of an accelerator is not counted.",
        digits=0,
    ),
    Measure(
        name="measure_seconds",
        label="Measuring",
        unit="s",
        better="",
        text="Wall time of all measurements of the trained model, classifiers and pictures included.",
        shown="seconds",
    ),
)


def is_cost(one: Measure) -> bool:
    """Whether it tells what training took, in seconds, memory or numbers, and not what came of it."""
    return bool(one.unit) or one.name == "parameters"
