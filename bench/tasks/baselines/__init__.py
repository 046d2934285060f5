"""Rows without a neural network, which every model has to be held against: coders, measured as models are."""

import time
from collections.abc import Sequence

from bench import tasks
from bench.ask.trial import Baseline
from bench.datasets import Dataset
from bench.keeping.result import Outcome, Result
from bench.machine import memory
from bench.models.coder import Absent
from bench.tasks.baselines import coders, components
from bench.tasks.baselines.components import flat, principal_components
from bench.tasks.baselines.linear_vae import LinearVAE
from bench.tasks.features import Extractor

__all__ = ["coders", "flat", "principal_components", "run"]


def run(
    baseline: Baseline,
    dataset: Dataset,
    groups: Sequence[str] = ("basic",),
    extractor: Extractor | None = None,
    outside: Dataset | None = None,
) -> Outcome:
    """Fit a baseline to the training images and measure it as a trial is: by `bench.tasks.measure`."""
    memory.reset_peak()
    start = time.perf_counter()
    coder = coders.of(baseline, dataset)
    if isinstance(coder, Absent):
        found = _nothing(coder.reason)
    else:
        found = tasks.measure(coder, dataset, groups, extractor, outside)
        if isinstance(coder, LinearVAE):
            found.images.update(coder.curve(dataset.test.images))
    result = Result(
        unit=baseline,
        status="ok",
        data_sha256=dataset.sha256,
        measures={
            **found.measures,
            "measure_seconds": time.perf_counter() - start,
            "peak_memory_mb": memory.peak_mb(),
        },
        reasons=found.reasons,
        groups=tuple(groups),
        texts=_fitted_to(baseline, dataset)
        | {name: text for name, text in found.texts.items() if name == "likelihood"},
    )
    return Outcome(result=result, images=found.images)


def _fitted_to(baseline: Baseline, dataset: Dataset) -> dict[str, str]:
    """`fitted_to`: how many of the training images, where these are not all."""
    count, there = components.fitted_count(dataset), len(dataset.train.images)
    if not baseline.card.is_of_some or count == there:
        return {}
    return {"fitted_to": f"{count:,} of {there:,} training images"}


def _nothing(reason: str) -> tasks.Measurement:
    notes = tasks.Notes()
    tasks.add_no_reconstruction(notes, reason)
    return tasks.Measurement(measures=notes.measures, reasons=notes.reasons, images={})
