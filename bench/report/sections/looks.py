"""What configurations look like in charts: a colour a model, a shape an architecture."""

import collections
import dataclasses
from collections.abc import Iterable
from typing import Any

from bench.report import words
from bench.report.blocks import theme
from bench.report.blocks.drawing import SIZE, Paper, width_of
from bench.report.evidence import Configuration, naming


@dataclasses.dataclass(frozen=True, kw_only=True)
class Looks:
    """The models and architectures of a run, each with a place in the order of looks."""

    models: tuple[str, ...]
    architectures: tuple[str, ...]
    externals: frozenset[str] = frozenset()
    """Those of the models that were made elsewhere: their marks are hollow."""
    usual: Any = None
    """The latent size that most have."""

    def color(self, one: Configuration) -> str:
        """Of its model; after the eighth they begin again."""
        return theme.SERIES[self.models.index(one.settings["model"]) % len(theme.SERIES)]

    def shape(self, one: Configuration) -> int:
        """Of its architecture."""
        known = one.settings.get("architecture")
        return self.architectures.index(known) if known in self.architectures else 0

    def mark(self, paper: Paper, x: float, y: float, one: Configuration, title: str = "") -> None:
        """A configuration in a chart."""
        paper.mark(x, y, color=self.color(one), shape=self.shape(one), title=title, is_hollow=one.is_external)

    def short(self, one: Configuration) -> str:
        """Its name where its model is known: without that, and without the usual latent size."""
        first, *parts = one.name.split(", ")
        usual = words.setting("latent_dim", self.usual)
        kept = [first.removeprefix(f"{words.model(one.settings['model'])} "), *parts]
        return ", ".join(part for part in kept if part != usual)

    @property
    def is_told(self) -> bool:
        """Whether colours tell all models apart, and there is something to tell."""
        return (
            len(self.models) <= len(theme.SERIES) and len(self.models) * max(len(self.architectures), 1) > 1
        )

    def legend(self, paper: Paper, x: float, y: float, among: Iterable[Configuration] = ()) -> float:
        """What colours and shapes mean, in one line, of these or of all; gives where it ends."""
        shown = {str(one.settings["model"]) for one in among} or set(self.models)
        if not self.is_told:
            return x
        if len(self.models) > 1:
            for i, model in enumerate(self.models):
                if model not in shown:
                    continue
                color = theme.SERIES[i % len(theme.SERIES)]
                is_external = model in self.externals
                text = words.model(model) + (naming.EXTERNAL if is_external else "")
                x = _entry(paper, x, y, text, color=color, shape=0, is_hollow=is_external)
        if len(self.architectures) > 1:
            for i, name in enumerate(self.architectures):
                x = _entry(paper, x, y, name, color=theme.MUTED, shape=i)
        return x


def _entry(
    paper: Paper, x: float, y: float, text: str, *, color: str, shape: int, is_hollow: bool = False
) -> float:
    paper.mark(x + 4, y - SIZE / 3, color=color, shape=shape, is_hollow=is_hollow)
    paper.text(x + 11, y, text, color=theme.MUTED)
    return x + 20 + width_of(text)


def of(ones: Iterable[Configuration]) -> Looks:
    """The looks of configurations, in the order in which they come."""
    known = list(ones)
    sizes = collections.Counter(one.settings.get("latent_dim") for one in known)
    return Looks(
        usual=sizes.most_common(1)[0][0] if sizes else None,
        models=tuple(dict.fromkeys(str(one.settings["model"]) for one in known)),
        architectures=tuple(
            dict.fromkeys(
                str(one.settings["architecture"]) for one in known if "architecture" in one.settings
            )
        ),
        externals=frozenset(str(one.settings["model"]) for one in known if one.is_external),
    )
