"""Tasks: measures that are taken together, by one function in one file."""

import dataclasses

from bench.measures.measure import Measure
from bench.models.cards import Card


@dataclasses.dataclass(frozen=True, kw_only=True)
class TaskCard(Card):
    """A group of measures: `code` is a function of notes and a subject, see `bench.tasks`.

    Attributes
    ----------
    title
        What it measures, in a few words: the help of `--measures`.
    measures
        Each number and array that it may note; those on validation images that they name come by
        themselves.
    default
        Whether it is taken where `--measures` names nothing.
    """

    measures: tuple[Measure, ...] = ()
    default: bool = True

    def __post_init__(self) -> None:
        """Refuse what is no task."""
        super().__post_init__()
        if not self.measures:
            raise ValueError(f"{self.name}: expected measures, received none")

    @property
    def counterparts(self) -> tuple[Measure, ...]:
        """Those of its measures on validation images."""
        return tuple(one for measure in self.measures if (one := measure.counterpart) is not None)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The names of all that are single numbers, on test images and on validation images."""
        return tuple(one.name for one in (*self.measures, *self.counterparts) if not one.is_array)
