"""An external coder: made by a function in a file, measured beside trials and baselines."""

import ast
import dataclasses
import functools
import re
from collections.abc import Mapping
from typing import Any

from bench import errors, models
from bench.ask import axes, keys, seen
from bench.ask.baseline_cards import BASELINES
from bench.ask.known import CATALOGUE, Known
from bench.ask.shared import Options, shared_option

FILE, SOURCE = "file", "coder"
"""Where its settings hold the first digits of the hash of its file, and the name in that."""
DIGITS = 12
_NAME = re.compile(r"[^\W_][\w .+()@-]{0,59}")
_HASH = re.compile(f"[0-9a-f]{{{DIGITS}}}")
_SOURCE = re.compile(r"[^\W\d]\w{0,99}")


@dataclasses.dataclass(frozen=True, kw_only=True)
class External:
    """A coder that was made elsewhere, under a name of its user's. Same key, same coder.

    `options` says what is seen of the images (`binarize`, views), as of a baseline; `cards` and `protocol`
    are as of a trial. How many numbers its codes have is known once it was measured, and so is in no key.

    Attributes
    ----------
    model
        What it is called, as the user has it.
    seed
        Of which of several of one name it is; a function with a parameter `seed` is called with it.
    file
        The first digits of the SHA-256 of the file that makes it.
    source
        The name in that file.
    """

    dataset: str
    model: str
    seed: int
    file: str
    source: str
    options: Options = ()
    latent_dim: int | None = dataclasses.field(default=None, compare=False)
    cards: Known = dataclasses.field(default=CATALOGUE, compare=False, repr=False)
    protocol: int = dataclasses.field(default=keys.PROTOCOL_VERSION, compare=False, repr=False)

    def settings(self) -> dict[str, Any]:
        """All fields, in the order of `results.csv`; `options` as a dictionary."""
        return {
            "dataset": self.dataset,
            "model": self.model,
            "latent_dim": self.latent_dim,
            "seed": self.seed,
            "options": {**dict(self.options), FILE: self.file, SOURCE: self.source},
        }

    @property
    def binarize(self) -> str:
        """As of a baseline."""
        return shared_option(self.options, "binarize")

    @property
    def views(self) -> dict[str, axes.Value]:
        """As of a trial."""
        return seen.views(self)

    @functools.cached_property
    def key(self) -> str:
        """As for a trial."""
        settings = {name: value for name, value in self.settings().items() if name != "latent_dim"}
        return keys.key(self.protocol, {**settings, **seen.plugins(self)})

    @property
    def rival(self) -> tuple[Any, ...]:
        """What coders of two files must not share: they would be seeds of one."""
        return (self.dataset, self.model, self.options)

    def __str__(self) -> str:
        """For people: `my VAE, seed 0`."""
        return f"{self.model}, seed {self.seed}"


def name(text: str) -> str:
    """A name that an external coder may have.

    Raises
    ------
    UsageError
        If it has other characters than a table can show, or belongs to a model or a baseline.
    """
    if not _NAME.fullmatch(text) or text != text.strip():
        raise errors.UsageError(
            "--name: expected 1 to 60 letters, digits, spaces and characters of _.+()@-, a letter or digit "
            f"first, received {text!r}"
        )
    taken = {each.casefold() for each in (*models.MODELS, *BASELINES)}
    if text.casefold() in taken:
        raise errors.UsageError(
            f"--name: {text!r} is a model or baseline of this program; give the coder a name of its own, "
            f"as --name {text}-of-mine"
        )
    return text


def imported(text: str) -> list[str]:
    """The modules that a file names in its imports, wherever in it they stand."""
    found: list[str] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.append(node.module)
    return found


def is_one(settings: Mapping[str, Any]) -> bool:
    """Whether settings are those of an external coder."""
    return "backend" not in settings and {FILE, SOURCE} <= {*settings.get("options", {})}


def from_settings(settings: Mapping[str, Any], cards: Known, protocol: int) -> External:
    """The inverse of `settings()`; raises `ValueError`, `TypeError` or `KeyError` if they are none."""
    options = dict(settings["options"])
    forms = {FILE: _HASH, SOURCE: _SOURCE}
    about = {name: options.pop(name) for name in forms}
    texts = [(settings["model"], _NAME), *((about[name], form) for name, form in forms.items())]
    for text, form in texts:
        if not isinstance(text, str) or not form.fullmatch(text):
            raise ValueError(f"expected the name or the hash of an external coder, received {text!r:.80}")
    if not isinstance(settings["dataset"], str):
        raise TypeError(f"dataset takes a name or a path, not {settings['dataset']!r:.80}")
    size = settings["latent_dim"]
    if size is not None and (not isinstance(size, int) or isinstance(size, bool) or not 0 <= size < 2**31):
        raise ValueError(f"expected the size of a code, received {size!r:.80}")
    return External(
        dataset=settings["dataset"],
        model=settings["model"],
        seed=int(_checked(axes.COMMON["seed"], settings["seed"])),
        file=about[FILE],
        source=about[SOURCE],
        options=seen_options(options, cards),
        latent_dim=size,
        cards=cards,
        protocol=protocol,
    )


def seen_options(chosen: Mapping[str, Any], cards: Known = CATALOGUE) -> Options:
    """What an external coder sees of its images, without what is at its default.

    Raises
    ------
    ValueError
        If it is none of `binarize` and the views, or has a value that these do not take.
    """
    known = {"binarize": axes.SHARED_OPTIONS["binarize"], **axes.of_views(cards)}
    if unknown := sorted(chosen.keys() - known.keys()):
        raise ValueError(f"expected {' or '.join(known)}, received {', '.join(map(repr, unknown))}")
    found = {name: _checked(known[name], value) for name, value in chosen.items()}
    return tuple(sorted((name, value) for name, value in found.items() if value != known[name].default))


def _checked(axis: axes.Axis, value: Any) -> axes.Value:
    try:
        return axis.check(value)
    except errors.GridError as error:
        raise ValueError(str(error)) from None
