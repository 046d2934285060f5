"""The sections that hold models, and architectures, against each other: from two alone to all of a run."""

from collections.abc import Sequence

from bench.models.cards import Card
from bench.report import words
from bench.report.blocks import finding
from bench.report.blocks.pictures import Pictures, Row
from bench.report.blocks.section import Block, Blocks, Figure, Fold, Text, folded, text
from bench.report.blocks.table import Table
from bench.report.evidence import Evidence, opponents, priors
from bench.report.evidence.opponents import Opponents
from bench.report.findings import about_models, standings, verdicts
from bench.report.sections import chart_models, galleries, over_images, sheets, tuned

MODELS = "Models against those they build on"
ARCHITECTURES = "Architectures against each other"
_CLASSIC = (
    "An AE only learns to reconstruct; a VAE also keeps its codes close to a standard normal prior, so that "
    "images can be drawn from it."
)
_COSTS = "They differ in their number of parameters and in time, too: see Timing and cost."
MOST_DESCRIBED = 4  # models in a paragraph
MOST_OPEN = 6  # rows of verdicts that are not folded


def titles(evidence: Evidence) -> dict[str, str]:
    """What the two sections are called: after the two that they compare, where they are two."""
    several = {"model": MODELS, "architecture": ARCHITECTURES}
    models, architectures = (
        _title(opponents.opponents(evidence, axis), text) for axis, text in several.items()
    )
    return {"versus": models, "architectures": architectures}


def models(evidence: Evidence, shown: str) -> Blocks:
    """Each model of a run against the one that it builds on, over all pairs, pair by pair and in pictures."""
    found = opponents.opponents(evidence, "model")
    if not found:
        return (text("This run has no two models of which one builds on the other."),)
    if not any(one.pairs for one in found):
        return (text(_unmatched(found, MODELS)),)
    best = (tuned.table(evidence, dataset) for dataset in evidence.datasets)
    sides = galleries.sides(evidence, [one.pairs for one in found])
    return (
        *_of_models(evidence, found, shown),
        *_drawn(evidence, found),
        *_verdicts(evidence, found, fewest=MOST_OPEN + 1),
        *(folded(table) for table in best if table is not None),
        *_pair_by_pair(_tables(evidence, found)),
        *_pictured(sides, _seen(found) if sides else ""),
    )


def architectures(evidence: Evidence, shown: str) -> Blocks | None:
    """The first architecture of a run against each other one: who is closer; None of one alone."""
    found = opponents.opponents(evidence, "architecture")
    if not found:
        return None
    if not any(one.pairs for one in found):
        return (text(_unmatched(found, ARCHITECTURES)),)
    first = found[0].sides[-1]
    told = "The two architectures with every other setting equal."
    if len(found) > 1:
        told = f"Each architecture against {first}, with every other setting equal."
    return (
        *_headlines(evidence, text(told, _own_defaults(evidence, found), _COSTS, shown)),
        *_verdicts(evidence, found),
        *_pair_by_pair(_tables(evidence, found)),
    )


def _drawn(evidence: Evidence, found: Sequence[Opponents]) -> Blocks:
    """What each of many models changes, a chart a data set."""
    charts = (chart_models.draw(evidence, dataset, found) for dataset in evidence.datasets)
    return tuple(
        Figure(charts=(one,), caption=chart_models.caption(evidence)) for one in charts if one is not None
    )


def _headlines(evidence: Evidence, beside: Text) -> Blocks:
    """Which architecture reconstructs closer, on each data set, and then what is to be said beside it."""
    every = (about_models.against(evidence, dataset, "architecture") for dataset in evidence.datasets)
    known = [one for found in every for one in found if one is not None and one.headline]
    leads = tuple(Text(lead=one.headline, text=one.body) for one in known)
    if len(leads) == 1:
        return (Text(lead=known[0].headline, text=f"{known[0].body} {beside.text}"),)
    return (*leads, beside)


def _pictured(sides: tuple[Row, ...], caption: str) -> Blocks:
    """The first pair in the open, those of other architectures behind a fold."""
    first, rest = sides[:2], sides[2:]
    blocks: list[Block] = [Pictures(rows=first, layout="wide", caption=caption)] if first else []
    if rest:
        others = Pictures(rows=rest, layout="wide")
        blocks.append(Fold(title="Pairs of other networks in pictures", blocks=(others,)))
    return tuple(blocks)


def _pair_by_pair(tables: Blocks) -> Blocks:
    return (Fold(title="Pair by pair", blocks=tables),) if tables else ()


def _own_defaults(evidence: Evidence, found: Sequence[Opponents]) -> str:
    """Which architectures are taken with a setting of their own, and which; empty for none."""
    shown = dict.fromkeys(name for one in found for name in (one.first, one.second))
    own = {name: evidence.cards.architecture(name).defaults for name in shown}
    return " ".join(
        words.capital(f"{words.network(name)} networks have a default of their own: {words.listing(told)}.")
        for name, defaults in own.items()
        if (told := [f"{words.axis(key)}{words.NBSP}{value}" for key, value in defaults.items()])
    )


def _title(found: Sequence[Opponents], several: str) -> str:
    if len(found) != 1:
        return several
    return words.capital(" against ".join(found[0].sides))


def _unmatched(found: Sequence[Opponents], several: str) -> str:
    """Why there is nothing to compare."""
    if len(found) > 1:
        return f"{several}: this run has no two of them that are equal in all other settings."
    first, second = _networks(found[0]) if found[0].axis == "architecture" else found[0].sides
    kind = " network" if found[0].axis == "architecture" else ""
    return (
        f"This run has no {first} and {second}{kind} that are equal in all other settings, so the two cannot "
        "be compared."
    )


def _networks(one: Opponents) -> tuple[str, str]:
    return words.network(one.first), words.network(one.second)


def _tables(evidence: Evidence, found: Sequence[Opponents]) -> Blocks:
    """Pair by pair, over other seeds and over other images."""
    matched = [one for one in found if one.pairs]
    tables = tuple(
        sheets.paired(f"table-{one.id}", _caption(evidence, one), one.pairs, *one.sides) for one in matched
    )
    return tables + tuple(table for one in matched if (table := over_images.table(evidence, one)) is not None)


def _verdicts(evidence: Evidence, found: Sequence[Opponents], fewest: int = 0) -> Blocks:
    """One a data set, folded from so many rows on."""
    make = _alone if len(found) == 1 else _together
    made = (make(evidence, dataset, found) for dataset in evidence.datasets)
    return tuple(folded(table, fewest) for table in made if table is not None)


def _alone(evidence: Evidence, dataset: str, found: Sequence[Opponents]) -> Table | None:
    """The verdicts on two, a measure a row."""
    (one,) = found
    first, second = one.sides
    return verdicts.table(
        f"table-{one.id}-verdicts{evidence.suffix(dataset)}",
        one.on(dataset),
        words.capital(first),
        second,
        finding.on(evidence, dataset),
    )


def _together(evidence: Evidence, dataset: str, found: Sequence[Opponents]) -> Table | None:
    """The verdicts on several, two a row."""
    is_models = found[0].axis == "model"
    less = (
        "Each model less the one that it builds on"
        if is_models
        else f"Each architecture less {found[0].sides[1]}"
    )
    return standings.table(
        f"table-{'models' if is_models else 'architectures'}-verdicts{evidence.suffix(dataset)}",
        f"{less}, over all pairs with every other setting equal{finding.on(evidence, dataset)}",
        found,
        dataset,
    )


def _caption(evidence: Evidence, one: Opponents) -> str:
    if one.axis == "architecture":
        return words.capital(f"{words.listing(_networks(one))} networks at equal settings")
    fixed = [text for name in (one.first, one.second) if (text := _fixed(evidence, name))]
    return ", ".join([f"{words.listing(one.sides)} at equal settings", *fixed])


def _fixed(evidence: Evidence, model: str) -> str:
    """The options of a model that are not off by default: `each VAE with β 1`."""
    options = evidence.cards.model(model).options
    shown = [option for option in options if option.default and option.told != "changed"]
    told = [words.setting(option.name, option.default) for option in shown]
    return f"each {words.model(model)} with {words.listing(told)}" if told else ""


def _of_models(evidence: Evidence, found: Sequence[Opponents], also: str) -> Blocks:
    """What is held against what, and what each is: of many behind a fold."""
    alone = "The two models with every other setting equal."
    if [(one.first, one.second) for one in found] == [("ae", "vae")]:
        return (text(alone, _CLASSIC, also),)
    several = "Each model against the one that it builds on, all else equal, own options at their defaults."
    shown = dict.fromkeys(name for one in found for name in (one.second, one.first))
    told = [f"{words.model(name)}: {described(evidence.cards.model(name))}." for name in shown]
    first = alone if len(found) == 1 else several
    if len(told) <= MOST_DESCRIBED:
        return (text(first, *told, also),)
    return text(first, also), Fold(title=f"What these {len(told)} models are", blocks=(text(*told),))


def described(card: Card) -> str:
    """What a model or an architecture is, and whose idea: `residual blocks (He et al. 2016)`."""
    return card.title + (f" ({card.paper})" if card.paper else "")


def _seen(found: Sequence[Opponents]) -> str:
    """The rule by which pairs are pictured, and what to look for."""
    rule = f"Of each architecture the pair whose {found[0].sides[0]} has the lowest test MSE."
    if len(found) > 1:
        rule = "Of each two models the pair whose first has the lowest test MSE."
    ones = [
        side for pair in galleries.pairs([one.pairs for one in found]) for side in (pair.first, pair.second)
    ]
    return (
        f"{rule} {priors.of_random_codes(ones)} A mixture of Gaussians, fitted to the codes of the training "
        "images afterwards, shows what the decoder can do."
    )
