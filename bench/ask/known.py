"""Cards by name: those of the catalogue, and what a run says of those it lacks.

A model may be gone when its run is read: a plug-in that is not installed here, a name of an older program.
So a run keeps the cards of its trials, and whoever reads it asks here. The catalogue comes first: what a
run says of a name that is known is not asked, but where the file of a plug-in has changed since. Nothing
that a run says is imported, called or opened.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from bench.ask.views import VIEWS
from bench.cards import ViewCard
from bench.measures import TASKS, Measure, TaskCard
from bench.measures.measure import TABLES
from bench.models import ARCHITECTURES, MODELS
from bench.models.cards import NAME, ArchitectureCard, Card, ModelCard, Option

__all__ = ["CATALOGUE", "LONGEST", "NAME", "Known", "from_json", "to_json"]

GONE = "gone"
"""The code of a view that a run says something of: it is never called."""

LONGEST = 300  # letters of a text of a card, as a run keeps it


@dataclasses.dataclass(frozen=True, kw_only=True)
class Known:
    """The catalogue, and beside it the cards of one run, by name."""

    models: Mapping[str, ModelCard] = dataclasses.field(default_factory=dict)
    architectures: Mapping[str, ArchitectureCard] = dataclasses.field(default_factory=dict)
    tasks: Mapping[str, TaskCard] = dataclasses.field(default_factory=dict)
    views: Mapping[str, ViewCard] = dataclasses.field(default_factory=dict)

    def model(self, name: str) -> ModelCard:
        """The card of a model.

        Raises
        ------
        ValueError
            If neither the catalogue nor the run has one.
        """
        return _chosen(MODELS.get(name), self.models.get(name)) or _missing("model", name)

    def architecture(self, name: str) -> ArchitectureCard:
        """The card of an architecture; raises as `model`."""
        here, kept = ARCHITECTURES.get(name), self.architectures.get(name)
        return _chosen(here, kept) or _missing("architecture", name)

    def all_views(self) -> dict[str, ViewCard]:
        """The cards of views, by name."""
        return {
            name: card
            for name in {**VIEWS, **self.views}
            if (card := _chosen(VIEWS.get(name), self.views.get(name)))
        }

    def card(self, axis: str, name: str) -> Card:
        """That of a value of `model` or `architecture`; raises as `model`."""
        return self.model(name) if axis == "model" else self.architecture(name)


CATALOGUE = Known()
"""Nothing but the catalogue."""


Kind = TypeVar("Kind", bound=Card)


def _chosen(here: Kind | None, kept: Kind | None) -> Kind | None:
    """That of the catalogue, unless it is of a plug-in and the run was made with another file of it."""
    if here is None or (kept is not None and here.plugin and here.plugin != kept.plugin):
        return kept
    return here


def _missing(kind: str, name: str) -> Any:
    raise ValueError(f"{kind} {name!r} is none of this program, and the run does not say what it was")


def to_json(
    models: Iterable[str],
    architectures: Iterable[str],
    tasks: Iterable[str] = (),
    views: Iterable[str] = (),
) -> dict[str, list[dict[str, Any]]]:
    """The cards of some names of the catalogue, as a run keeps them; of tasks those of plug-ins."""
    of_models = [MODELS[name] for name in dict.fromkeys(models)]
    of_architectures = [ARCHITECTURES[name] for name in dict.fromkeys(architectures)]
    of_tasks = [card for name in dict.fromkeys(tasks) if (card := TASKS.get(name)) and card.plugin]
    found = {
        "models": [_of_model(card) for card in of_models],
        "architectures": [{**_told(one), "defaults": dict(one.defaults)} for one in of_architectures],
    }
    more = {
        "tasks": [{**_told(card), "measures": list(map(_measure, card.measures))} for card in of_tasks],
        "views": [
            {**_told(card), "changes": card.changes} for card in map(VIEWS.__getitem__, dict.fromkeys(views))
        ],
    }
    return found | {kind: told for kind, told in more.items() if told}


def _of_model(card: ModelCard) -> dict[str, Any]:
    found = {**_told(card), "against": card.against}
    return {**found, "linear": card.linear} if card.linear else found


def _measure(one: Measure) -> dict[str, Any]:
    """What is said of a measure, but for what goes without saying."""
    said = {
        field.name: value
        for field in dataclasses.fields(one)
        if (value := getattr(one, field.name)) != field.default
    }
    return {name: _line(value) if isinstance(value, str) else value for name, value in said.items()}


def _told(card: Card) -> dict[str, Any]:
    options = [
        {name: value for name, value in dataclasses.asdict(option).items() if value not in (None, "", ())}
        | {"default": option.default, "text": _line(option.text)}
        | ({"source": _line(option.source)} if option.source else {})
        for option in card.options
    ]
    found = {"name": card.name, "title": _line(card.title), "paper": _line(card.paper), "options": options}
    more = {"label": _line(card.label), "plugin": card.plugin}
    return found | {name: value for name, value in more.items() if value}


def _line(text: str) -> str:
    return " ".join(text.split())[:LONGEST]


def from_json(content: Mapping[str, list[Mapping[str, Any]]]) -> Known:
    """The inverse of `to_json`, of something that has been checked to have its form."""
    models = [
        ModelCard(**_read(card), against=card.get("against", ""), linear=card.get("linear", ""))
        for card in content.get("models", [])
    ]
    architectures = [
        ArchitectureCard(**_read(card), defaults=card.get("defaults", {}))
        for card in content.get("architectures", [])
    ]
    tasks = [
        TaskCard(**_read(card), measures=tuple(map(_read_measure, card["measures"])))
        for card in content.get("tasks", [])
    ]
    views = [
        ViewCard(**{**_read(card), "code": GONE}, changes=card.get("changes", "all"))
        for card in content.get("views", [])
    ]
    return Known(
        models={card.name: card for card in models},
        architectures={card.name: card for card in architectures},
        tasks={card.name: card for card in tasks},
        views={card.name: card for card in views},
    )


def _read_measure(said: Mapping[str, Any]) -> Measure:
    known = {field.name: said[field.name] for field in dataclasses.fields(Measure) if field.name in said}
    return Measure(**{**known, "tables": tuple(one for one in known.get("tables", ()) if one in TABLES)})


def _read(card: Mapping[str, Any]) -> dict[str, Any]:
    options = tuple(
        Option(
            option["name"],
            option["default"],
            minimum=option.get("minimum"),
            maximum=option.get("maximum"),
            known=tuple(option.get("known", ())),
            text=option.get("text", ""),
            source=option.get("source", ""),
            cost=option.get("cost", ""),
            told=option.get("told", ""),
        )
        for option in card["options"]
    )
    more = {name: card.get(name, "") for name in ("paper", "label", "plugin")}
    return {"name": card["name"], "title": card["title"], "options": options, "code": "", **more}
