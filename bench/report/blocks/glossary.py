"""Words of the report that are no measures, each with one sentence, and the links that lead to it.

Measures have their definitions on their cards (`bench.measures`).
"""

import contextlib
import contextvars
import dataclasses
import re
from collections.abc import Iterator
from typing import ClassVar

import markupsafe

from bench.report.blocks import inert


@dataclasses.dataclass(frozen=True, kw_only=True)
class Term:
    """A word; `pattern`, where it has one, is how it is found in text."""

    id: str
    name: str
    text: str
    pattern: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Terms:
    """A list of words that can be led to."""

    kind: ClassVar[str] = "terms"
    terms: tuple[Term, ...]


TERMS = (
    Term(
        id="latent-size",
        name="latent size",
        text="How many numbers the code of an image has: latent_dim in files and on the command line.",
        pattern="latent sizes?",
    ),
    Term(
        id="code",
        name="code",
        text="The numbers that an encoder makes of an image, from which a decoder makes an image again.",
    ),
    Term(
        id="configuration",
        name="configuration",
        text="All trials that differ in nothing but their seed; its number is their mean.",
    ),
    Term(
        id="objective",
        name="training objective",
        text="What a model minimises while it is trained: its loss, and for a VAE the weighted KL beside it.",
        pattern="training objectives?",
    ),
    Term(
        id="nat",
        name="nat",
        text="The unit of information with natural logarithms; one nat is 1.44 bits.",
        pattern="nats?",
    ),
    Term(
        id="prior",
        name="prior",
        text="The distribution that codes of new images are drawn from, N(0, I) where nothing else is said.",
        pattern="the prior",
    ),
    Term(
        id="mixture",
        name="mixture",
        text="Ten Gaussians fitted after training to the codes of training images, to draw new codes from.",
        pattern="mixtures?",
    ),
    Term(
        id="interval",
        name="±",
        text="Half the width of the 95 % interval of a mean over seeds, by Student's t.",
        pattern="±",
    ),
    Term(
        id="told-apart",
        name="told apart",
        text="Two means are told apart where a test over seeds gives a corrected p below 0.05; else chance "
        "may explain the difference.",
        pattern="told apart(?!, by)",
    ),
    Term(
        id="holm",
        name="Holm",
        text="A correction of p-values for many tests at once, after which any false verdict in a table has "
        "a chance of 5 % at most.",
        pattern="Holm",
    ),
    Term(
        id="sign-flips",
        name="sign flips",
        text="A test of whether differences lie on one side of 0: p is the share of all signs that give as "
        "large a mean.",
        pattern="sign[ -]flips?|signs of their differences",
    ),
    Term(
        id="pair",
        name="pair",
        text="Two configurations that differ in one thing alone.",
        pattern="matched pairs?",
    ),
    Term(
        id="line",
        name="line",
        text="Configurations that differ in one setting alone, in the order of its values.",
        pattern=r"(?:all|of \d+) lines|lines differ|line to line",
    ),
    Term(
        id="group",
        name="group",
        text="Neighbours in a ranking, none of which is told apart from the best of them.",
    ),
    Term(
        id="main-effect",
        name="main effect",
        text="The mean difference that one value of a setting makes from the most common one, all else "
        "equal.",
        pattern="main effects?",
    ),
    Term(
        id="floor",
        name="floor",
        text="What training images get in the place of samples: no model need come below it.",
        pattern="floor",
    ),
    Term(
        id="front",
        name="front",
        text="The configurations to which no other is equal or better in both quantities of a chart.",
        pattern="front",
    ),
    Term(
        id="baseline",
        name="baseline",
        text="A method without a network, such as PCA or the mean image, measured as models are.",
        pattern="baselines?",
    ),
)

_FOUND = re.compile(
    "|".join(rf"(?P<_{i}>(?<!\w)(?:{one.pattern})(?!\w))" for i, one in enumerate(TERMS) if one.pattern)
)
_told: contextvars.ContextVar[set[int] | None] = contextvars.ContextVar("told", default=None)


@contextlib.contextmanager
def once() -> Iterator[None]:
    """Inside, each word leads to its meaning where it stands first, and only there."""
    token = _told.set(set())
    try:
        yield
    finally:
        _told.reset(token)


def linked(text: object) -> markupsafe.Markup:
    """A text for a page, whose words lead to what they mean."""
    if isinstance(text, markupsafe.Markup):
        return text
    shown, told = str(inert.html(text)), _told.get()
    told = set() if told is None else told
    pieces, end = [], 0
    for found in _FOUND.finditer(shown):
        which = int(str(found.lastgroup)[1:])
        if which not in told:
            told.add(which)
            pieces += [markupsafe.escape(shown[end : found.start()]), _link(TERMS[which], found[0])]
            end = found.end()
    return markupsafe.Markup("").join([*pieces, markupsafe.escape(shown[end:])])


def _link(term: Term, text: str) -> markupsafe.Markup:
    return markupsafe.Markup('<a class="term" href="#term-{}">{}</a>').format(term.id, text)
