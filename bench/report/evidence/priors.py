"""What codes are drawn from to generate, as each result says it, and who was trained for it."""

from collections.abc import Iterable, Sequence

from bench.report import words
from bench.report.evidence import Configuration

STANDARD = "N(0, I)"
UNTOLD = "the prior"
# Whose results say nothing of it: models of runs that are older than these texts, and baselines.
_OLD = ("ae", "vae", "linear_vae")


def drawn_from(one: Configuration) -> str:
    """`N(0, I)`, or what else its codes are drawn from; `the prior`, where its results do not say."""
    untold = STANDARD if one.settings["model"] in _OLD else UNTOLD
    return one.results[0].texts.get("prior") or untold


def is_asked(one: Configuration) -> bool:
    """Whether it was trained to fill what its codes are drawn from."""
    texts = one.results[0].texts
    return "no_prior" not in texts if texts else one.settings["model"] != "ae"


def all_of(ones: Iterable[Configuration]) -> str:
    """What the codes of several are drawn from: `N(0, I)`, or `N(0, I) (VAE) or a mixture (VampPrior)`."""
    found: dict[str, dict[str, None]] = {}
    for one in ones:
        found.setdefault(drawn_from(one), {})[words.model(one.settings["model"])] = None
    if len(found) < 2:
        return next(iter(found), UNTOLD)
    *most, last = (f"{text} ({', '.join(named)})" for text, named in found.items())
    return f"{', '.join(most)} or {last}"


def asked(ones: Iterable[Configuration]) -> tuple[Sequence[str], Sequence[str]]:
    """The models that were trained to fill their prior, and those that were not, as people call them."""
    named: dict[str, bool] = {}
    for one in ones:
        label = words.model(one.settings["model"])
        named[label] = named.get(label, False) or is_asked(one)
    return [name for name, is_it in named.items() if is_it], [
        name for name, is_it in named.items() if not is_it
    ]


def of_samples(ones: Sequence[Configuration]) -> str:
    """`Samples are decoded from codes drawn from N(0, I). A VAE was trained for this; a plain AE was not.`"""
    trained, untrained = asked(ones)
    if not (trained or untrained):  # baselines alone
        return ""
    told = f"Samples are decoded from codes drawn from {all_of(ones)}."
    parts = []
    if trained:
        parts.append(f"{_each(trained)} {_was(trained)} trained for this")
    if untrained:
        parts.append(f"{_each(untrained)} {_was(untrained)} not{'' if trained else ' trained for this'}")
    return f"{told} {words.capital('; '.join(parts))}."


def of_random_codes(ones: Sequence[Configuration]) -> str:
    """What the random codes of pictures are, and what the samples of a model without a prior show."""
    _, untrained = asked(ones)
    told = f"The random codes come from {all_of(ones)}."
    if not untrained:
        return told
    its = "its samples show what lies there, not how well it was trained"
    if len(untrained) > 1:
        its = "their samples show what lies there, not how well they were trained"
    that = "that prior" if len({*map(drawn_from, ones)}) == 1 else "a prior"
    return f"{told} {words.capital(_each(untrained))} {_was(untrained)} never trained to fill {that}: {its}."


def of_generation(ones: Sequence[Configuration]) -> str:
    """From what every model is sampled."""
    _, untrained = asked(ones)
    plain = "a plain autoencoder" if untrained == ["AE"] else words.listing(untrained) if untrained else ""
    single = len({*map(drawn_from, ones)}) == 1
    unasked = f", which {plain} {_was(untrained)} never asked to fill," if plain and single else ""
    told = (
        f"Every model is sampled twice: from {all_of(ones)}{unasked} and from a mixture of ten Gaussians "
        "that is fitted to its training codes afterwards."
    )
    if plain and not single:
        told += f" {words.capital(plain)} {_was(untrained)} never asked to fill a prior."
    return told


def _each(names: Sequence[str]) -> str:
    """One with its article, several by name."""
    if len(names) > 1:
        return words.listing(names)
    return "a plain AE" if names[0] == "AE" else words.a(names[0])


def _was(names: Sequence[str]) -> str:
    return "was" if len(names) == 1 else "were"
