"""The results of a run, by unit: each file is read once, and again only after it has changed."""

import json
from collections.abc import Hashable, Iterable

from bench import errors, foreign
from bench.ask.known import CATALOGUE, Known
from bench.ask.trial import Unit
from bench.keeping import shape
from bench.keeping.places import DamagedFileError, Place
from bench.keeping.result import Result
from bench.keeping.trial_files import MOST_TEXT


class Kept:
    """What has finished in a place; everybody asks here, so that nothing is read twice."""

    def __init__(self, place: Place, cards: Known = CATALOGUE) -> None:
        self._place, self._cards = place, cards
        self._known: dict[str, tuple[Hashable, Result | None]] = {}

    def result(self, unit: Unit) -> Result | None:
        """What a finished unit found; None if it has not finished, or if its file is damaged.

        Raises
        ------
        RunFolderError
            If its file is there and cannot be read: it is not damaged, and must not be run again.
        """
        return self._of_key(unit.key)

    def is_damaged(self, unit: Unit) -> bool:
        """Whether there is something in the place of a result that is none."""
        return self._of_key(unit.key) is None and self._state(unit.key) is not None

    def results(self, units: Iterable[Unit]) -> list[Result]:
        """The finished ones of `units`, in their order."""
        found = (self.result(unit) for unit in units)
        return [result for result in found if result is not None]

    def all(self) -> list[Result]:
        """All that has finished, whichever command asked for it."""
        found = (self._of_key(key) for key in self.names())
        return [result for result in found if result is not None]

    def names(self) -> list[str]:
        """Keys of all units that have left a file in the place of a result, sorted."""
        keys = (name for name in self._place.names("trials") if shape.has_form(shape.KEY, name))
        return [key for key in keys if self._state(key) is not None]

    def _state(self, key: str) -> Hashable:
        try:
            return self._place.state(_file(key))
        except OSError as error:
            raise _unreadable(key, error) from None

    def _of_key(self, key: str) -> Result | None:
        state = self._state(key)
        if state is None:
            return None
        if key not in self._known or self._known[key][0] != state:
            self._known[key] = (state, self._read(key))
        return self._known[key][1]

    def _read(self, key: str) -> Result | None:
        try:
            content = self._place.read(_file(key), MOST_TEXT)
            with foreign.guarded(DamagedFileError):
                result = Result.from_json(json.loads(content.decode("utf-8")), self._cards)
        except (FileNotFoundError, DamagedFileError):
            return None
        except OSError as error:
            raise _unreadable(key, error) from None
        return result if result.unit.key == key else None


def _file(key: str) -> str:
    return f"trials/{key}/result.json"


def _unreadable(key: str, error: OSError) -> errors.RunFolderError:
    return errors.RunFolderError(
        f"cannot read {error.filename or _file(key)}: {error.strerror}; see to it that this file can be "
        "read, and run the same command again"
    )
