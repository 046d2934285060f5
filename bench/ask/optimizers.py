"""The optimisers there are, and what each takes beside the learning rate, without importing Keras.

`optimizer_options` is a text, `beta_1=0.5 epsilon=0.0001`; what is not in it has Keras's own default, which
`default` alone means for all. A test holds names against the constructors of Keras. One optimiser is not of
Keras: `adamnormgrad`, of `bench.training.adam_norm_grad`, whose epsilon is 1e-8.

Left out is what would change what a step or a kept model is: `use_ema` (our loops never bring the averages
in), `gradient_accumulation_steps`, `loss_scale_factor`; and what is no number.
"""

import math
from collections.abc import Callable

from bench import errors

Option = float | int | bool

DEFAULT = "default"

_EVERY = ("weight_decay", "clipnorm", "clipvalue", "global_clipnorm")
_CLIPPING = _EVERY[1:]
_OWN = {
    "adadelta": "rho epsilon",
    "adafactor": "beta_2_decay epsilon_1 epsilon_2 clip_threshold relative_step",
    "adagrad": "initial_accumulator_value epsilon",
    "adam": "beta_1 beta_2 epsilon amsgrad",
    "adamax": "beta_1 beta_2 epsilon",
    "adamnormgrad": "beta_1 beta_2 epsilon amsgrad",
    "adamw": "beta_1 beta_2 epsilon amsgrad",
    "ftrl": "learning_rate_power initial_accumulator_value l1_regularization_strength "
    "l2_regularization_strength l2_shrinkage_regularization_strength beta",
    "lamb": "beta_1 beta_2 epsilon",
    "lion": "beta_1 beta_2",
    "muon": "adam_beta_1 adam_beta_2 adam_weight_decay adam_lr_ratio epsilon muon_a muon_b muon_c momentum "
    "nesterov ns_steps rms_rate",
    "nadam": "beta_1 beta_2 epsilon",
    "rmsprop": "rho momentum epsilon centered",
    "schedulefreeadamw": "beta_1 beta_2 epsilon warmup_steps",
    "sgd": "momentum nesterov",
}
OPTIONS: dict[str, tuple[str, ...]] = {name: (*own.split(), *_EVERY) for name, own in _OWN.items()}
"""Optimiser -> names that it takes."""

LEFT_OUT = frozenset(
    "learning_rate name kwargs use_ema ema_momentum ema_overwrite_frequency loss_scale_factor "
    "gradient_accumulation_steps exclude_layers exclude_embeddings".split()
)
"""Arguments of Keras's constructors that are no options here."""

_SWITCHES = ("amsgrad", "centered", "nesterov", "relative_step")
_WHOLE = ("ns_steps", "warmup_steps")
_SHARES = ("rho", "beta_1", "beta_2", "adam_beta_1", "adam_beta_2", "momentum")
_OF_ANY_SIGN = ("beta_2_decay", "learning_rate_power", "muon_a", "muon_b", "muon_c")
_KNOWN = dict.fromkeys(option for options in OPTIONS.values() for option in options)


def canonical(text: str) -> str:
    """The same options, written in the one way that gives the same key: sorted, numbers as short as can be.

    Raises
    ------
    GridError
        If they are none, or an option has a value that it does not take.
    """
    return " ".join(f"{name}={_written(value)}" for name, value in sorted(parse(text).items())) or DEFAULT


def parse(text: str) -> dict[str, Option]:
    """Names with values, as keywords of a constructor of Keras; empty for `default`.

    Raises
    ------
    GridError
        As `canonical`.
    """
    if text == DEFAULT:
        return {}
    found: dict[str, Option] = {}
    for part in text.split():
        name, equals, value = part.partition("=")
        if not equals or name not in _KNOWN:
            expected = f"{DEFAULT} or NAME=VALUE with spaces between, as epsilon=1e-4 beta_2=0.99"
            near = errors.did_you_mean(name, list(_KNOWN))
            raise errors.GridError(f"optimizer_options takes {expected}, not {part!r}{near}")
        if name in found:
            raise errors.GridError(f"optimizer_options has {name} twice: {text!r}; leave one out")
        found[name] = _value(name, value)
    if not found:
        raise errors.GridError(f"optimizer_options takes {DEFAULT} or NAME=VALUE, not {text!r}")
    if len(several := [name for name in _CLIPPING if name in found]) > 1:
        raise errors.GridError(f"optimizer_options takes one of {', '.join(several)}, not {text!r}")
    return found


def check(optimizer: str, text: str) -> None:
    """Refuse options that an optimiser does not take.

    Raises
    ------
    GridError
        With those that it takes.
    """
    if unknown := sorted(parse(text).keys() - {*OPTIONS[optimizer]}):
        raise errors.GridError(
            f"optimizer {optimizer!r} does not take {unknown[0]!r} of optimizer_options; it takes "
            f"{', '.join(OPTIONS[optimizer])}: leave it out, or give that optimizer a block of its own"
        )


def _value(name: str, text: str) -> Option:
    if name in _SWITCHES:
        if text not in ("true", "false"):
            raise errors.GridError(f"optimizer_options: {name} takes true or false, not {text!r}")
        return text == "true"
    takes, is_good = _takes(name)
    try:
        number: Option = int(text) if name in _WHOLE else float(text)
    except ValueError:
        number = math.nan
    if not (text.isascii() and math.isfinite(number) and is_good(number)):
        raise errors.GridError(f"optimizer_options: {name} takes {takes}, not {text!r}")
    return number


def _takes(name: str) -> tuple[str, Callable[[float], bool]]:
    """What a number may be, in words and as a test."""
    if name in _SHARES:
        return "a number from 0 to below 1", lambda number: 0 <= number < 1
    if name in _OF_ANY_SIGN:
        return "a number", lambda number: True
    if name in _CLIPPING:
        return "a number above 0", lambda number: number > 0
    noun = "a whole number" if name in _WHOLE else "a number"
    return f"{noun}, 0 or more", lambda number: number >= 0


def _written(value: Option) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value:.15g}"
