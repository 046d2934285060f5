"""Which trials are shown in pictures, and the section that shows them."""

import dataclasses
import math
from collections.abc import Iterable, Sequence

from bench.ask.trial import Trial
from bench.report import words
from bench.report.blocks import curves
from bench.report.blocks.chart import Chart, drawn
from bench.report.blocks.pictures import Picture, Pictures, Row
from bench.report.blocks.section import Blocks, Fold, Tabs, text
from bench.report.evidence import Configuration, Evidence, comparisons, priors
from bench.report.sections import figures, pictured
from bench.report.sections.pictured import Shown

MOST_SHOWN = 12
MOST_OPEN = 4  # rows of reconstructions that are not folded
MOST_PAIRS = 4
_NEAREST = (
    "Rows in turns: samples, and below each the training image that is nearest to it by pixels; first from "
    "the prior, if there is one, then from a mixture fitted to training codes. A sample that equals the "
    "image below it is no new one."
)
_INTERPOLATIONS = (
    "Each row goes in a straight line from the code of one test image to that of another. Look for a middle "
    "that is an image of its own and not two at once."
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Gallery:
    """The test images of one data set, which every trial shows; `choice` says which they are.

    `labels` has the name of the class of each; none where there are no labels.
    """

    dataset: str
    choice: str
    labels: tuple[str, ...]
    originals: Picture


def representatives(evidence: Evidence) -> list[Configuration]:
    """All configurations, or where they are many, twelve at most: `thinning` says which."""
    everything = list(evidence.configurations)
    if len(everything) <= MOST_SHOWN:
        return everything
    kept = [one for kind in _pictured_kinds(evidence) for one in _of_kind(evidence, kind)]
    return [one for one in everything if one in kept]


def _pictured_kinds(evidence: Evidence) -> list[list[Configuration]]:
    """Those kinds that find room: that of the base first, then those with the most configurations."""
    kinds = sorted(
        _kinds(evidence.configurations), key=lambda kind: (not _has_base(evidence, kind), -len(kind))
    )
    found, count = [], 0
    for kind in kinds:
        count += len(_of_kind(evidence, kind))
        if count <= MOST_SHOWN:
            found.append(kind)
    return found


def _has_base(evidence: Evidence, kind: Sequence[Configuration]) -> bool:
    usual = (evidence.base.get("model"), evidence.base.get("architecture"))
    first = kind[0].settings
    return (first["model"], first["architecture"]) == usual


def _of_kind(evidence: Evidence, kind: Sequence[Configuration]) -> list[Configuration]:
    """The best by validation loss, among those with the most common objective, and the base."""
    objectives = [one.objective for one in kind]
    common = max(objectives, key=objectives.count)  # the first of several: losses of two do not compare
    best = comparisons.picks(one for one in kind if one.objective == common)
    return list({one.name: one for one in (*best, *(one for one in kind if is_base(evidence, one)))}.values())


def is_base(evidence: Evidence, one: Configuration) -> bool:
    """Whether all settings are those that most of the run has, but for model, architecture and data set."""
    apart = ("model", "architecture", "dataset", "backend")
    return all(value == evidence.base.get(name) for name, value in one.settings.items() if name not in apart)


def _kinds(everything: Iterable[Configuration]) -> list[list[Configuration]]:
    """Those of one data set, model and architecture together."""
    groups: dict[tuple[object, ...], list[Configuration]] = {}
    for one in everything:
        kind = tuple(one.settings[name] for name in ("dataset", "model", "architecture"))
        groups.setdefault(kind, []).append(one)
    return list(groups.values())


def baselines(evidence: Evidence) -> list[Configuration]:
    """All baselines, or where they are many, those with the usual latent size and those without any."""
    everything = list(evidence.baselines)
    if len(everything) <= MOST_SHOWN:
        return everything
    usual = (None, evidence.base.get("latent_dim"))
    return [one for one in everything if one.settings.get("latent_dim") in usual]


def thinning(evidence: Evidence) -> str:
    """The rule by which pictures were left out; empty if all are there."""
    told = [first_seed(evidence)]
    if len(baselines(evidence)) < len(evidence.baselines):
        size = words.setting("latent_dim", evidence.base["latent_dim"])
        told.insert(0, f"Of baselines with a latent size those with {size} are shown.")
    if len(evidence.configurations) > MOST_SHOWN:
        kinds, shown = len(_kinds(evidence.configurations)), len(_pictured_kinds(evidence))
        which = "each model and architecture" if shown == kinds else f"{shown} of {kinds} kinds of network"
        told.insert(0, f"Shown: the best of {which}, by validation loss, and the base.")
    return " ".join(filter(None, told))


def first_seed(evidence: Evidence) -> str:
    """Which seed pictures are of, where there are several."""
    return "Pictures are of the first seed." if evidence.has_intervals else ""


def galleries(evidence: Evidence) -> list[Gallery]:
    """The test images of each data set of which some trial left pictures."""
    found = (_gallery(evidence, dataset) for dataset in evidence.datasets)
    return [gallery for gallery in found if gallery is not None]


def _gallery(evidence: Evidence, dataset: str) -> Gallery | None:
    first = pictured.first_originals(evidence, _ones(evidence, dataset))
    if first is None:
        return None
    labels, originals = first
    classes = evidence.run.get("datasets", {}).get(dataset, {}).get("classes", [])
    choice = _choice(labels, len(classes)) if labels else "The first test images"
    return Gallery(dataset=words.dataset(dataset), choice=choice, labels=labels, originals=originals)


def _ones(evidence: Evidence, dataset: str) -> list[Configuration]:
    """Those of a data set that are shown, lowest error first."""
    shown = (*representatives(evidence), *evidence.externals, *baselines(evidence))
    ones = [one for one in shown if one.settings["dataset"] == dataset]
    return by_error(ones)


def by_error(ones: Iterable[Configuration]) -> list[Configuration]:
    """Lowest test MSE first, those without any last."""
    return sorted(ones, key=lambda one: math.inf if (mse := one.mean("test_mse")) is None else mse)


def _choice(labels: Sequence[str], classes: int) -> str:
    """Which test images are shown: ten at most, one of each class first, then others."""
    shown = len(set(labels))
    text = f"{words.count(len(labels), 'test image')}, the first of each "
    if shown < len(labels):
        return text + "class and then others"
    return text + (f"of {shown} of the {classes} classes" if shown < classes else "class")


def section(evidence: Evidence, shown: str) -> Blocks:
    """Of each data set reconstructions, samples, their nearest training images, and interpolations."""
    parts = [(dataset, found) for dataset in evidence.datasets if (found := _gallery(evidence, dataset))]
    if not parts:
        return (text("No trial has left pictures."),)
    told = text("The same test images for every trial, lowest error first.", shown, thinning(evidence))
    return (told, *(_of(evidence, dataset, found) for dataset, found in parts))


def _of(evidence: Evidence, dataset: str, gallery: Gallery) -> Tabs:
    where = f": {gallery.dataset}" if len(evidence.datasets) > 1 else ""
    every = [pictured.show(evidence, one) for one in _ones(evidence, dataset)]
    shown = [each for each in every if each.reconstructions or each.lost]
    originals = Row(title="Originals", pictures=(gallery.originals,))
    rows = (originals, *(each.row(each.reconstructions, number=_number(each)) for each in shown))
    sampling = priors.of_samples([each.one for each in shown if each.samples])
    told = f"{gallery.choice}. Beside each name the MSE of all test images."
    tabs = [
        ("Reconstructions", _open(rows, gallery.labels, told)),
        ("Samples", _cards(sampling, [(each, each.samples) for each in shown])),
        ("Nearest training images", _cards(_NEAREST, [(each, each.nearest) for each in shown])),
        ("Interpolations", _cards(_INTERPOLATIONS, [(each, each.interpolations) for each in shown])),
    ]
    known = tuple((name, blocks) for name, blocks in tabs if blocks)
    return Tabs(id=f"gallery-{evidence.datasets.index(dataset)}", title=f"Pictures{where}", tabs=known)


def _number(shown: Shown) -> str:
    return f"MSE{words.NBSP}{words.number('test_mse', shown.one.mean('test_mse'))}"


def _open(rows: tuple[Row, ...], heads: tuple[str, ...], caption: str) -> Blocks:
    """The first in the open; the others, below the originals once more, behind a fold."""
    first, rest = rows[: 1 + MOST_OPEN], rows[1 + MOST_OPEN :]
    if len(rest) < 2:
        return (Pictures(rows=rows, heads=heads, caption=caption),)
    folded = Fold(title=f"{len(rest)} more", blocks=(Pictures(rows=(rows[0], *rest), heads=heads),))
    return (Pictures(rows=first, heads=heads, caption=caption), folded)


def _cards(told: str, found: Sequence[tuple[Shown, Picture | None]]) -> Blocks:
    rows = tuple(each.row(picture) for each, picture in found if picture)
    return (text(told), Pictures(rows=rows, layout="large")) if rows else ()


def pairs(groups: Sequence[Sequence[comparisons.Pair]]) -> list[comparisons.Pair]:
    """Of each data set and architecture the pair with the lowest MSE of its first; of several groups one."""
    most = MOST_PAIRS if len(groups) == 1 else 1
    return [pair for found in groups for pair in _lowest(found)[:most]][:MOST_SHOWN]


def _lowest(found: Sequence[comparisons.Pair]) -> list[comparisons.Pair]:
    known = [pair for pair in found if pair.first.mean("test_mse") is not None]
    ranked = sorted(known, key=lambda pair: pair.first.mean("test_mse") or 0.0)
    best: dict[tuple[str, str], comparisons.Pair] = {}
    for pair in ranked:
        best.setdefault((pair.first.settings["dataset"], pair.first.settings["architecture"]), pair)
    return list(best.values())


def sides(evidence: Evidence, groups: Sequence[Sequence[comparisons.Pair]]) -> tuple[Row, ...]:
    """Pairs in pictures, a row for each of both."""
    ones = (one for pair in pairs(groups) for one in (pair.first, pair.second))
    return tuple(_side(evidence, one) for one in ones)


def _side(evidence: Evidence, one: Configuration) -> Row:
    shown, first = pictured.show(evidence, one), pictured.first_originals(evidence, [one])
    both = (first[1], shown.reconstructions) if first and shown.reconstructions else (None, None)
    return shown.row(
        *(*both, shown.samples, shown.mixture_samples),
        labels=(
            "Originals, and below them reconstructions",
            "",
            "Decoded from random codes",
            "Decoded from a mixture of its codes",
        ),
    )


def training_charts(evidence: Evidence) -> list[Chart]:
    """The curves of the first seed of each representative, where they were kept."""
    found = (_training_chart(evidence, one) for one in representatives(evidence))
    return [chart for chart in found if chart is not None]


@drawn
def _training_chart(evidence: Evidence, one: Configuration) -> Chart | None:
    history = curves.first_stage(evidence.folder.history(one.unit))
    if not history or not isinstance(one.unit, Trial):
        return None
    return figures.training(f"training-{one.unit.key}", one, history)
