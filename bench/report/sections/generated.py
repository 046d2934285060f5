"""How near samples are to real images: the section, with its tables."""

import dataclasses

from bench import measures
from bench.datasets import classes
from bench.report import words
from bench.report.blocks.section import Blocks, Figure, Fold, Tabs, folded, text
from bench.report.blocks.table import Table, present
from bench.report.evidence import Evidence, priors
from bench.report.findings import agreements
from bench.report.sections import chart_slopes, chart_spread, decomposition, measured
from bench.report.sections.decomposition import Decomposition


def names(table: str) -> tuple[str, ...]:
    """Those of a table, one kind after the other, each of every source of images."""
    kinds = dict.fromkeys(name.rpartition("_")[0] for name in measures.of_table(table))
    return tuple(
        name for kind in kinds for name in measures.of_table(table) if name.rpartition("_")[0] == kind
    )


SHEETS = (
    measured.Sheet(
        id="table-generation",
        caption="Distances from samples to test images",
        names=lambda: names("distances"),
        by="frechet_mixture",
        order="nearest first",
    ),
    measured.Sheet(
        id="table-neighbourhoods",
        caption="Where samples lie among test images",
        names=lambda: names("neighbourhoods"),
        by="frechet_mixture",
        order="those nearest by Frechet distance first",
        from_floor=True,
    ),
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Generation:
    """The section on generated images.

    `sampling` says what samples are drawn from, `accuracy` is said of the classifier whose features are used
    and `second` of the second one, `agreements` of what measures have in common.
    """

    decompositions: tuple[Decomposition, ...]
    tables: tuple[Table, ...]
    sampling: str
    accuracy: str
    second: str
    agreements: tuple[str, ...]


def section(evidence: Evidence) -> Blocks | None:
    """None where no trial was measured so."""
    found = generation(evidence)
    if found is None:
        return None
    accuracy = f" (accuracy on test images: {found.accuracy})" if found.accuracy else ""
    second = f" (accuracy: {found.second})" if found.second else ""
    twice = ", and once more in those of a second one, dense and seeded differently" if second else ""
    compared = (
        "Samples and test images, as many of each and 10,000 at most, are compared in the features of a "
        f"{_network(evidence)}{accuracy}{twice}{second}. In the row of the raw pixels training images "
        "stand in for samples: no generator is expected to come nearer."
    )
    tables = (*(one.table for one in found.decompositions), *found.tables)
    return (
        *(block for dataset in evidence.datasets for block in _charts(evidence, dataset)),
        Fold(
            title="How samples are drawn and compared",
            blocks=(text(found.sampling, compared, _of_fitted(evidence)), *map(text, found.agreements)),
        ),
        *map(folded, tables),
    )


def _of_fitted(evidence: Evidence) -> str:
    """What tells the Gaussian and the kernels from the mixture; empty where neither was measured."""
    fitted = [f"frechet_{source}" for source in measures.generation.FITTED]
    if not present(evidence.configurations, fitted):
        return ""
    return (
        "The mixture is fitted to the means of posteriors; the Gaussian and the kernels, as decoders are "
        "trained, to one code an image, sampled where there is a posterior. Narrow kernels give back "
        "training images: the distance from samples to the nearest training image tells."
    )


def _network(evidence: Evidence) -> str:
    """What gives the features, by data set where that differs."""
    about = evidence.run.get("datasets", {})
    without = [name for name in evidence.datasets if not classes.can_be_told(about.get(name, {}))]
    if not without:
        return "classifier"
    turning = "network that tells how an image was turned, as there are no two classes to learn"
    if len(without) == len(evidence.datasets):
        return turning
    return f"classifier, on {words.listing(map(words.dataset, without))} of a {turning}"


def _charts(evidence: Evidence, dataset: str) -> Blocks:
    """From reconstructions to samples, and then what samples are: real, and of every kind."""
    slopes, spread = chart_slopes.draw(evidence, dataset), chart_spread.draw(evidence, dataset)
    rule = chart_slopes.rule(evidence, dataset)
    drawn: list[tuple[str, Blocks]] = []
    if slopes:
        drawn.append(("Distance", (Figure(charts=(slopes,), caption=rule),)))
    if spread:
        drawn.append(("Recall and precision", (Figure(charts=(spread,), caption=chart_spread.RULE),)))
    at = evidence.datasets.index(dataset)
    return (Tabs(id=f"generated-{at}", title="What is shown", tabs=tuple(drawn)),) if drawn else ()


def generation(evidence: Evidence) -> Generation | None:
    """None where no trial was measured so."""
    drawn = (measured.table(evidence, dataset, one) for dataset in evidence.datasets for one in SHEETS)
    found = [table for table in drawn if table is not None]
    if not found:
        return None
    ones = [one for one in evidence.configurations if present([one], names("distances"))]
    return Generation(
        decompositions=decomposition.decompositions(evidence),
        tables=tuple(found),
        sampling=priors.of_generation(ones),
        accuracy=_accuracy(evidence, "features"),
        second=_accuracy(evidence, "second_features"),
        agreements=agreements.sentences(evidence),
    )


def _accuracy(evidence: Evidence, noted: str) -> str:
    """How well the classifiers of features tell unseen images apart; empty where that is not known.

    `noted` is where `run.json` has it.
    """
    found = [
        f"{words.number('latent_accuracy', accuracy, unit=True)} on {words.dataset(dataset)}"
        for dataset, accuracy in sorted(evidence.run.get(noted, {}).items())
    ]
    return words.listing(found) if found else ""
