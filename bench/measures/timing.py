"""The times of a network, measured with the machine to itself."""

from bench.measures.measure import Measure

MEASURES = (
    Measure(
        name="step_seconds",
        label="Training step",
        unit="s",
        better="lower",
        scale="log",
        text="One step of the optimiser on one batch, with nothing else running, warm, compile time apart: "
        "median and quartiles of ten rounds over all networks in turns (in older runs of measurements of one "
        "network after the other). In timings.csv in seconds.",
        shown="milliseconds",
    ),
    Measure(
        name="encode_1_seconds",
        label="Encode 1",
        unit="s",
        better="lower",
        scale="log",
        text="One image to its code, array in and array out; measured as a training step is.",
        shown="milliseconds",
    ),
    Measure(
        name="decode_1_seconds",
        label="Decode 1",
        unit="s",
        better="lower",
        scale="log",
        text="One code to its image, array in and array out; measured as a training step is.",
        shown="milliseconds",
    ),
    Measure(
        name="encode_128_seconds",
        label="Encode 128",
        unit="s",
        better="lower",
        scale="log",
        text="A batch of 128 images (or of all, where there are fewer) to their codes; measured as a "
        "training step is.",
        shown="milliseconds",
    ),
    Measure(
        name="decode_128_seconds",
        label="Decode 128",
        unit="s",
        better="lower",
        scale="log",
        text="A batch of 128 codes to their images; measured as a training step is.",
        shown="milliseconds",
    ),
    Measure(
        name="compile_seconds",
        label="Compiling",
        unit="s",
        better="lower",
        text="What the first call of the training loop took longer than a later one: tracing and compiling, "
        "where the backend does that.",
        shown="seconds",
    ),
)
