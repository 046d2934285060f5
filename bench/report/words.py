"""Numbers and settings as a person reads them; the same in HTML, Markdown and sentences."""

import contextlib
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bench import datasets, measures, models
from bench.ask.baseline_cards import BASELINES
from bench.models.cards import NAME
from bench.statistics import Comparison, Interval

MINUS = "\N{MINUS SIGN}"
NBSP = "\N{NO-BREAK SPACE}"
PLUS_MINUS = f"{NBSP}±{NBSP}"
NONE = "\N{EN DASH}"  # what stands in a table where there is no number

BINARISED = " (binarised)"  # after the name of a data set
_SEEN = re.compile(rf" \((?:{NAME} = [^()=]*|binarised(?:, seed [0-9]+)?)\)$")
_DATASETS = {"mnist": "MNIST", "fashion_mnist": "Fashion-MNIST", "cifar10": "CIFAR-10"}
_DATASETS |= {"mnist_static": "static MNIST"}

_LARGEST_RATIO = 50.0  # its logarithm; beyond that no number of percent says anything

_labels: dict[str, str] = {}  # of models that a run alone knows
_NETWORKS = {"conv": "convolutional"}

AXIS_NAMES = {
    "dataset": "data set",
    "latent_dim": "latent size",
    "learning_rate": "learning rate",
    "batch_size": "batch size",
    "optimizer": "optimiser",
    "optimizer_options": "optimiser options",
    "output_bias": "output bias",
    "train_on": "trained on",
    "kl_warmup": "KL warm-up",
    "beta": "β",
}


def number(name: str, value: float | None, *, unit: bool = False) -> str:
    """A value of the measure `name`, with its unit if asked for: `0.00462`, `96.7 %`."""
    if value is None:
        return NONE
    text = _figure(name, value)
    return text + _unit(name) if unit else text


def interval(name: str, value: Interval | None, *, unit: bool = False) -> str:
    """A mean with half the width of its interval, where there is one: `0.0462 ± 0.0010`."""
    if value is None or value.mean is None:
        return NONE
    if value.half_width is None:
        return number(name, value.mean, unit=unit)
    whole = _is_whole(name, value.mean) and _is_whole(name, value.half_width)
    both = (value.mean, value.half_width)
    text = PLUS_MINUS.join(_figure(name, each, whole=whole, like=value.mean) for each in both)
    return text + _unit(name) if unit else text


def span(name: str, value: Interval) -> str:
    """An interval by its two ends: `from 0.0010 to 0.0032`."""
    return f"from {_figure(name, value.low or 0.0)} to {_figure(name, value.high or 0.0)}{_unit(name)}"


def between(name: str, value: Interval) -> str:
    """A mean with an interval that need not lie evenly about it: `0.0021 (0.0010 to 0.0032)`."""
    if value.mean is None:
        return NONE
    text = _figure(name, value.mean)
    if value.low is None or value.high is None:
        return text
    return f"{text}{NBSP}({_figure(name, value.low)}{NBSP}to{NBSP}{_figure(name, value.high)})"


def difference(name: str, found: Comparison) -> str:
    """A difference with its interval: `0.7 (0.3 to 1.1)`, of one compared by ratios in percent."""
    value = found.difference
    if value.mean is None or not found.is_ratio:
        return between(name, value)
    text = change(value.mean)
    if value.low is None or value.high is None:
        return text
    return f"{text}{NBSP}({change(value.low)}{NBSP}to{NBSP}{change(value.high)})"


def difference_span(name: str, found: Comparison) -> str:
    """The interval of a difference by its two ends: `from -5.6 % to -0.5 %`."""
    value = found.difference
    if not found.is_ratio:
        return span(name, value)
    return f"from {change(value.low or 0.0)} to {change(value.high or 0.0)}"


def change(logarithm: float) -> str:
    """A ratio, by its logarithm, as a change in percent: `+12 %`, `-3.1 %`, and `+0.0 %` of none."""
    percent = 100 * math.expm1(min(logarithm, _LARGEST_RATIO))
    text = f"{percent:+,.{1 if abs(percent) < 9.95 else 0}f}"
    text = text if text.strip("+-0.") else f"+{text[1:]}"
    return f"{text.replace('-', MINUS)}{NBSP}%"


def percentage(share: float) -> str:
    """A share in percent: `12 %`, `0.4 %`."""
    text = f"{100 * share:.0f}" if share >= 0.0995 else f"{100 * share:.1f}"
    return f"{text}{NBSP}%"


def p_value(p: float | None) -> str:
    """A p-value: `0.031`, `< 0.001`."""
    if p is None:
        return NONE
    return f"<{NBSP}0.001" if p < 0.001 else f"{p:.3f}"


def is_share(name: str) -> bool:
    """Whether its values are shares of 1, which are shown in percent."""
    return measures.named(name).shown == "share"


def scale(name: str) -> int:
    """What a value is multiplied by where it is shown: 100 for a share, which is shown in percent."""
    return 100 if is_share(name) else 1


def decimals(name: str) -> int:
    """Digits after the point."""
    return 1 if is_share(name) else measures.named(name).digits


def is_count(name: str) -> bool:
    """Whether its values are whole numbers, though their means need not be."""
    return measures.named(name).shown == "count"


def _is_whole(name: str, value: float) -> bool:
    return is_count(name) and value == int(value)


def _figure(name: str, value: float, *, whole: bool | None = None, like: float | None = None) -> str:
    shown = measures.named(name).shown
    if shown in ("seconds", "milliseconds"):
        by = 1000 if shown == "milliseconds" else 1
        return two_digits(value * by, None if like is None else like * by)
    digits = 0 if (_is_whole(name, value) if whole is None else whole) else decimals(name)
    text = f"{value * scale(name):,.{digits}f}"
    return text.removeprefix("-") if not text.strip("-0.,") else text.replace("-", MINUS)


def two_digits(value: float, like: float | None = None) -> str:
    """A time or a rate, to two digits: `11`, `7.9`, `13,000`; or as far after the point as `like` goes."""
    size = float(f"{abs(value if like is None else like):.1e}")  # 9.96 is 10, of as many digits as that
    decimals = 1 - math.floor(math.log10(size)) if 0 < size < math.inf else 0
    return f"{round(value, decimals):,.{max(0, decimals)}f}"


def quartiles(name: str, median: float, low: float, high: float) -> str:
    """A median with its quartiles: `11`, and `10` to `12` in brackets."""
    ends = NONE.join(_figure(name, each, like=median) for each in (low, high))
    return f"{_figure(name, median)}{NBSP}({ends})"


def _unit(name: str) -> str:
    unit = _shown_unit(name)
    return {"": "", "nats per image": f"{NBSP}nats", "dimensions": ""}.get(unit, NBSP + unit)


def head(name: str) -> str:
    """The head of a table's column: the label and, after a comma, the unit."""
    unit = _shown_unit(name)
    return measures.named(name).label + (f", {unit}" if unit else "")


def _shown_unit(name: str) -> str:
    """The unit of its numbers as they are shown; whole numbers need none."""
    known = measures.named(name)
    return {"share": "%", "milliseconds": "ms", "count": ""}.get(known.shown, known.unit)


def axis(name: str) -> str:
    """The name of an axis in a sentence."""
    return AXIS_NAMES.get(name, name.replace("_", " "))


def setting(name: str, value: Any) -> str:
    """One setting in a name: `latent 16`, `β 4`, `tanh`, `learning rate 0.003`."""
    if name == "model":
        return model(str(value))
    if name == "loss":
        return f"{str(value).upper()} loss"
    if name in ("activation", "optimizer", "architecture", "backend", "dataset", "precision"):
        return str(value)
    label = {"latent_dim": "latent", "batch_size": "batch", "epochs": "epochs"}.get(name, axis(name))
    return f"{label}{NBSP}{value_text(value)}"


def model(name: str) -> str:
    """A model's or baseline's name in running text: `AE`, `VAE`, `PCA`, `two stage`."""
    card: models.Card | None = models.MODELS.get(name)
    card = card or BASELINES.get(name)
    label = _labels.get(name, "") if card is None else card.label
    return label or name.replace("_", " ")


@contextlib.contextmanager
def of_run(cards: Iterable[models.Card], externals: Iterable[str] = ()) -> Iterator[None]:
    """Inside, models that are not here are called as a run says, and external coders as they are named."""
    before = dict(_labels)
    _labels.update({name: name for name in externals})
    _labels.update((card.name, card.label) for card in cards if card.label)
    try:
        yield
    finally:
        _labels.clear()
        _labels.update(before)


def network(architecture: str) -> str:
    """What networks of an architecture are called: `dense`, `convolutional`."""
    return _NETWORKS.get(architecture, architecture.replace("_", " "))


def a(noun: str) -> str:
    """A noun or an abbreviation with its article: `a VAE`, `an IWAE`."""
    spelt = noun[:2].isupper() or noun[1:2] == "-"  # `an FB-VAE`, as it is said letter by letter
    return f"{'an' if noun[:1] in ('AEFHILMNORSX' if spelt else 'AEIOaeio') else 'a'} {noun}"


def are(nouns: Sequence[str]) -> str:
    """Their list and its verb: `AE is`, `AE and VAE are`."""
    return f"{listing(nouns)} {'is' if len(nouns) == 1 else 'are'}"


def value_text(value: Any) -> str:
    """A value of an axis alone: `16`, `0.003`, `tanh`."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def dataset(name: str) -> str:
    """A data set's name in running text; of a file or folder, the last part of its path."""
    plain = source(name)
    return _DATASETS.get(plain, datasets.title(plain)) + name[len(plain) :]


def seen(view: str, value: Any) -> str:
    """What stands behind the name of a data set of which a view shows something: ` (one_half = left)`."""
    return f" ({view} = {value})"


def source(name: str) -> str:
    """The data set itself, without what says how it is seen."""
    return source(name[: found.start()]) if (found := _SEEN.search(name)) else name


def class_name(run: Mapping[str, Any], dataset: str, label: int) -> str:
    """The name of a class, as `run.json` has it; its number where it has none."""
    classes = run.get("datasets", {}).get(dataset, {}).get("classes", [])
    return str(classes[label]) if label < len(classes) else str(label)


def signed(value: float, digits: int = 1) -> str:
    """A number with so many digits after the point and a true minus sign."""
    return f"{value:.{digits}f}".replace("-", MINUS)


def capital(text: str) -> str:
    """With a capital letter, unless the text begins with a symbol."""
    return text if text[:1] in ("β", "σ") else text[:1].upper() + text[1:]


def listing(parts: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last


def count(n: int, noun: str, plural: str = "") -> str:
    """`1 trial`, `2 trials`."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def share(value: float, reference: float) -> str:
    """How far a value lies from a reference: `29 % lower`, `about the same`."""
    change = (value - reference) / reference if reference else 0.0
    if abs(change) < 0.005:
        return "about the same"
    text = f"{abs(change):.0%}".replace("%", f"{NBSP}%")
    return f"{text} {'lower' if change < 0 else 'higher'}"


def duration(seconds: float) -> str:
    """`48 s`, `5 min 50 s`, `2 h 5 min`."""
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {whole % 60} s" if minutes else f"{whole} s"
