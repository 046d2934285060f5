"""Views: settings of a trial that change what is seen of a data set."""

from bench.cards import ViewCard
from bench.models import ARCHITECTURES, MODELS, Option, shelves

VIEWS: dict[str, ViewCard] = {}
"""By name, which is that of the setting."""


def _register(card: ViewCard) -> None:
    """Make a view known; raises `ValueError` if its name, or one like it of a model, is taken."""
    if card.name in VIEWS:
        raise ValueError(f"expected a name that is not taken, received {card.name!r}; choose another")
    for other in (*MODELS.values(), *ARCHITECTURES.values()):
        if card.name in other.named_options:
            raise ValueError(
                f"expected a name that no option has, received {card.name!r}, which {other.name!r} has; "
                "choose another"
            )
    VIEWS[card.name] = card


shelves.shelve(ViewCard, VIEWS, _register, lambda card: VIEWS.pop(card.name))

TRAIN_IMAGES = "train_images"
shelves.add(
    ViewCard(
        name=TRAIN_IMAGES,
        title="as many training images, drawn once; 0 for all",
        code="bench.datasets.views.train_images:fewer",
        changes="train",
        options=(Option(TRAIN_IMAGES, 0, minimum=0, text="training images, 0 for all"),),
    )
)
