"""The answers on the first screen: what to take to reconstruct, to make new images, to tell classes.

Each card is a row of `purposes` in pictures. Below them stand the overview of the latent sizes and, folded,
all purposes and the models that are kept.
"""

import dataclasses
from collections.abc import Mapping

import numpy as np

from bench.report import words
from bench.report.blocks import card, isolation, pictures, spark
from bench.report.blocks.card import Card, Cards
from bench.report.blocks.chart import Chart
from bench.report.blocks.pictures import Picture
from bench.report.blocks.section import Block, Blocks, Fold, Heading, Text, some
from bench.report.blocks.table import configuration_link
from bench.report.evidence import Configuration, Evidence, floors
from bench.report.findings import choices
from bench.report.findings.choices import Choice
from bench.report.sections import chart_budget, keepsakes, overview, purposes

SHOWN = 10
"""Images of a row."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Purpose:
    """What a card is for, and the measures that may stand on it: the first, or of samples the better."""

    title: str
    measures: tuple[str, ...]


RECONSTRUCT = _Purpose(title="Reconstruct images", measures=("test_mse",))
NEW_IMAGES = _Purpose(title="Make new images", measures=("frechet_prior", "frechet_mixture"))
CODES = _Purpose(title="Codes for a classifier", measures=("latent_accuracy", "latent_knn_accuracy"))


def section(evidence: Evidence) -> Blocks | None:
    """Cards and the overview of each data set, then folds; None where there is nothing to choose."""
    found: list[Block | None] = []
    for number, dataset in enumerate(evidence.datasets):
        cards = _cards(evidence, dataset)
        if cards and len(evidence.datasets) > 1:
            found.append(Heading(text=words.dataset(dataset), id=f"answers-{number + 1}"))
        found.append(Cards(cards=cards) if cards else None)
        compared = len(evidence.focus.about(dataset).configurations)
        said = chart_budget.said(chart_budget.courses(evidence.focus, dataset), compared)
        found.append(Text(lead="Little time?", text=f"{said} See Timing and cost.") if said else None)
        found.append(overview.figure(evidence, dataset))
    tables = purposes.tables(evidence)
    found.append(Fold(title="Every purpose, and what may be as good", blocks=tables) if tables else None)
    found.append(keepsakes.fold(evidence))
    return some(found)


def shown(evidence: Evidence) -> list[Configuration]:
    """The configurations and baselines on cards, whose pictures are read."""
    return [choice.taken for dataset in evidence.datasets for _, choice in _chosen(evidence.focus, dataset)]


def _chosen(evidence: Evidence, dataset: str) -> list[tuple[_Purpose, Choice]]:
    found = []
    for purpose in (RECONSTRUCT, NEW_IMAGES, CODES):
        every = (choices.of(evidence, dataset, name) for name in purpose.measures)
        known = [choice for choice in every if choice is not None]
        if known and purpose is NEW_IMAGES:
            known.sort(key=lambda choice: choice.taken.mean(f"validation_{choice.measure}") or 0.0)
        found += [(purpose, known[0])] if known else []
    return found


def _cards(evidence: Evidence, dataset: str) -> tuple[Card, ...]:
    return tuple(
        _card(evidence, dataset, purpose, choice) for purpose, choice in _chosen(evidence.focus, dataset)
    )


@card.made
def _card(evidence: Evidence, dataset: str, purpose: _Purpose, choice: Choice) -> Card:
    one, name = choice.taken, choice.measure
    head = "Frechet distance" if name.startswith("frechet") else words.head(name).removesuffix(", %")
    drawn = _strips(evidence, one, name)
    chart = _map(evidence, one) if purpose is CODES else None
    if purpose is CODES and chart is None:
        chart = _bars(evidence, choice)
    return Card(
        purpose=purpose.title,
        name=one.name,
        link=configuration_link(one),
        pictures=() if chart else drawn,
        chart=chart,
        caption=_CAPTIONS[name] if drawn and not chart else _of_chart(evidence, one) if chart else "",
        number=f"{head} {words.interval(name, one.measure(name), unit=words.is_share(name))}",
        beside=", ".join(_beside(evidence, dataset, choice)),
        rest=_rest(choice),
        cost=_cost(evidence, choice),
        code=keepsakes.load(evidence, choice.best),
    )


_CAPTIONS = {
    "test_mse": "Test images, and below them their reconstructions.",
    "frechet_prior": "Decoded from random codes.",
    "frechet_mixture": "Decoded from a mixture that was fitted to its codes.",
    "latent_accuracy": "",
    "latent_knn_accuracy": "",
}
_ARRAYS = {
    "test_mse": ("originals", "reconstructions"),
    "frechet_prior": ("samples",),
    "frechet_mixture": ("mixture_samples",),
}


def _images(evidence: Evidence, one: Configuration) -> Mapping[str, np.ndarray]:
    return isolation.attempt("picture", lambda: evidence.folder.images(one.unit), lambda _: {})


def _strips(evidence: Evidence, one: Configuration, name: str) -> tuple[Picture, ...]:
    """Rows of ten images; of samples two, as many as fit."""
    kept = _images(evidence, one)
    found = []
    for each in _ARRAYS.get(name, ()):
        if each in kept:
            images = kept[each][: SHOWN if name == "test_mse" else 2 * SHOWN]
            alt = f"Test images of {words.dataset(one.settings['dataset'])}."
            if each != "originals":
                alt = f"{_ALTS[each]} {one.name}."
            found.append(pictures.picture(f"answer-{each}-{one.unit.key}", alt, images, SHOWN))
    return tuple(found)


_ALTS = {
    "reconstructions": "The same images, reconstructed by",
    "samples": "Images decoded from random codes by",
    "mixture_samples": "Images decoded from a mixture of its codes by",
}


def _map(evidence: Evidence, one: Configuration) -> Chart | None:
    kept = _images(evidence, one)
    if "points" not in kept or kept["points"].ndim != 2 or kept["points"].shape[1] != 2:
        return None
    finite = np.isfinite(kept["points"]).all(axis=1)
    if not finite.any():
        return None
    alt = f"Codes of test images by {one.name}, each in the colour of its class."
    return spark.cloud(
        f"answer-map-{one.unit.key}", alt, kept["points"][finite], kept["point_labels"][finite]
    )


def _bars(evidence: Evidence, choice: Choice) -> Chart:
    name, one = choice.measure, choice.taken
    rivals = [each for each in (one, choice.best, *_references(evidence, choice.best)) if each.values(name)]
    named = {each.name: each for each in rivals}.values()
    found = [
        (each.name, each.mean(name) or 0.0, words.number(name, each.mean(name), unit=True)) for each in named
    ]
    alt = f"{words.head(name)}: {', '.join(f'{label} {text}' for label, _, text in found)}."
    return spark.bars(f"answer-bars-{one.unit.key}", alt, found, width=300)


def _of_chart(evidence: Evidence, one: Configuration) -> str:
    if "points" not in _images(evidence, one):
        return "Share of test images whose class is told."
    size = one.settings.get("latent_dim") or 0
    what = "Codes" if size == 2 else "First two principal components of the codes"
    return f"{what} of test images, each in the colour of its class."


def _references(evidence: Evidence, one: Configuration) -> list[Configuration]:
    found = [evidence.beside(one, name) for name in ("pca", "pixels")]
    return [each for each in found if each is not None]


def _beside(evidence: Evidence, dataset: str, choice: Choice) -> list[str]:
    """What the number is to be held against: PCA or the linear optimum, raw pixels, the floor."""
    name, best = choice.measure, choice.best
    told = []
    if choice.baseline:
        told.append(f"best network, {best.name}: {words.interval(name, best.measure(name))}")
    linear = evidence.linear(best) if best.values("test_kl") and name == "test_mse" else None
    pca = evidence.beside(best, "pca")
    rivals = [("linear optimum", linear) if linear else ("PCA", pca)]
    if name.startswith("latent_"):
        rivals.append(("raw pixels", evidence.beside(best, "pixels")))
    told += [
        f"{label} {words.number(name, one.mean(name), unit=words.is_share(name))}"
        for label, one in rivals
        if one is not None and one is not choice.baseline and one.values(name)
    ]
    floor = floors.floor(evidence, dataset, name) if name.startswith("frechet") else None
    if floor is not None:
        told.append(f"training images {words.number(name, floor)}")
    return told


def _rest(choice: Choice) -> str:
    if choice.baseline:
        return ""
    if not choice.is_sure:
        return "One seed: others may be as good."
    count = len(choice.others)
    return f"{words.count(count, 'other')} may be as good." if count else "All others are told apart from it."


def _cost(evidence: Evidence, choice: Choice) -> str:
    """What it takes to have it: parameters, time of training, and whether its model is there."""
    one = choice.best
    if choice.baseline:
        is_kept = keepsakes.load(evidence, one)
        return f"No network is trained{'; the line loads the best network' if is_kept else ''}."
    parameters, seconds = one.mean("parameters"), one.mean("fit_seconds")
    parts = [f"{words.two_digits(parameters)} parameters"] if parameters else []
    beside = " beside other trials" if one.mean("trials_beside") else ""
    parts += [f"trained in {words.duration(seconds)}{beside}"] if seconds else []
    told = f"{words.capital(', '.join(parts))}." if parts else ""
    if keepsakes.load(evidence, one):
        return told
    return f"{told} Its model is not beside this page: a run with --save-models all keeps it.".strip()
