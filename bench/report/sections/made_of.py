"""What of the protocol hangs on a run: its models and architectures, as their cards describe them."""

from collections.abc import Sequence

from bench.report import words
from bench.report.blocks import glossary
from bench.report.blocks.section import Blocks, Facts, Fold, Items
from bench.report.evidence import Configuration, Evidence, opponents, priors
from bench.report.sections import protocol, sheets, versus

_DENSE = "Dense: hidden layers of {} units, mirrored in the decoder."
_CONV = (
    "Conv: 3x3 convolutions of {} filters, each halving height and width, and a layer of 128 units; the "
    "decoder mirrors them with sub-pixel convolutions (Shi et al. 2016)."
)
_BUILT = {"dense": ("widths", _DENSE), "conv": ("filters", _CONV)}
_VAE = "The encoder of a VAE gives two numbers for each latent dimension."
_OLD = {"ae", "vae"}
"""The models of which the texts of `protocol` speak."""


def section(evidence: Evidence) -> Blocks:
    """How everything was measured, every measure in words, and the papers."""
    measures = sheets.metric_definitions()
    return (
        Fold(title="How everything was measured, point by point", blocks=(Facts(facts=told(evidence)),)),
        Fold(title=f"Definitions: {_lowered(measures.caption)}", blocks=(measures,), id="definitions"),
        Fold(
            title="Terms: the words of this page",
            blocks=(glossary.Terms(terms=glossary.TERMS), sheets.settings()),
            id="terms",
        ),
        Fold(
            title="References: the papers behind models and measures",
            blocks=(Items(items=sheets.references()),),
            id="references",
        ),
    )


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def told(evidence: Evidence) -> tuple[tuple[str, str], ...]:
    """The protocol, with what is true of the models and architectures of this run."""
    texts = dict(protocol.PROTOCOL)
    models, architectures = opponents.names(evidence, "model"), opponents.names(evidence, "architecture")
    changed: dict[str, str] = {}
    if models or architectures:
        changed["Networks"] = _networks(evidence, architectures, "vae" in models)
    if some := _fitted_to_some(evidence):
        changed["Baselines"] = f"{texts['Baselines']} {some}"
    beside: dict[str, str] = {}
    if not _OLD.issuperset(models):
        beside["Models"] = " ".join(
            f"{words.model(name)}: {versus.described(evidence.cards.model(name))}." for name in models
        )
        beside["Priors"] = _priors(evidence.configurations)
        changed["Losses"] = f"{texts['Losses']} What a model adds to them is in its paper: see Models."
        changed["Posterior mean"] = _posteriors(evidence)
    found: list[tuple[str, str]] = []
    for name, text in texts.items():
        found.append((name, changed.get(name, text)))
        if name == "Networks":
            found += beside.items()
    return tuple(found)


def _fitted_to_some(evidence: Evidence) -> str:
    """Which baselines were fitted to a choice of the training images; empty where none was."""
    chosen: dict[tuple[str, str], dict[str, None]] = {}
    for one in evidence.baselines:
        if one.results and (count := one.results[0].texts.get("fitted_to")):
            place = str(one.settings["dataset"]), count
            chosen.setdefault(place, {})[words.model(one.settings["model"])] = None
    return " ".join(
        f"{words.are([*names])} fitted to {count} of {words.dataset(dataset)}, a fixed choice: all of them "
        "at once would be too large for memory."
        for (dataset, count), names in chosen.items()
    )


def _networks(evidence: Evidence, architectures: Sequence[str], has_vae: bool) -> str:
    built = [_architecture(evidence, name) for name in architectures]
    return " ".join([*built, "Outputs are logits.", *([_VAE] if has_vae else [])])


def _architecture(evidence: Evidence, name: str) -> str:
    """One in words, with its options: as the run has them most often, and whether it has others."""
    card = evidence.cards.architecture(name)
    ones = [one.settings for one in evidence.configurations if one.settings["architecture"] == name]
    usual = {option.name: option.default for option in card.options}
    others = [words.axis(key) for key in usual if any(one.get(key) != usual[key] for one in ones)]
    except_for = f" Where a configuration names other {words.listing(others)}, these." if others else ""
    if name in _BUILT and _BUILT[name][0] in usual:
        key, text = _BUILT[name]
        return text.format(words.listing(str(usual[key]).split("-"))) + except_for
    options = [words.setting(key, value) for key, value in usual.items()]
    shown = f", with {words.listing(options)}" if options else ""
    return f"{words.capital(words.network(name))}: {versus.described(card)}{shown}.{except_for}"


def _priors(ones: Sequence[Configuration]) -> str:
    """What is drawn to generate."""
    _, untrained = priors.asked(ones)
    text = f"To generate, codes are drawn from {priors.all_of(ones)}."
    if not untrained:
        return text
    return (
        f"{text} {words.listing(untrained)} {'was' if len(untrained) == 1 else 'were'} trained to fill none."
    )


def _posteriors(evidence: Evidence) -> str:
    """Who is measured with the mean of a posterior."""
    found = dict.fromkeys(
        words.model(one.settings["model"]) for one in evidence.configurations if one.values("active_units")
    )
    if not found:
        return "No model of this run has a posterior, so each is measured with its codes as they are."
    return (
        f"{words.are([*found])} measured with the mean of the posterior; numbers for a code sampled from it "
        "are named so."
    )
