"""`bench check FILE`: whether what somebody else has written keeps to the contract."""

import sys
from collections.abc import Callable

from bench import errors
from bench.ask import plugins
from bench.machine import backend
from bench.models import shelves

EXIT_FAILS = 1


def run(path: str, name: str | None, say: Callable[[str], None]) -> int:
    """Examine every card of a file on a backend; return the exit code."""
    (chosen, *more) = backend.choose(name)
    if more:
        raise errors.UsageError("bench check takes one backend at a time; give one with --backend")
    plugin = plugins.load([path])[-1]
    backend.check_installed(chosen)
    if chosen != "tensorflow":  # which Keras would import to save a model, wherever it is installed
        sys.modules.setdefault("tensorflow", None)  # type: ignore[arg-type]
    backend.activate(chosen)
    from bench.running import contract

    failed = 0
    for card in shelves.cards_of(plugin.sha256):
        say(f"{card.name} ({card.title}), on {chosen}")
        for text, problem in contract.examine(card):
            say(f"  {'FAILS' if problem else 'ok   '}  {text}{f': {problem}' if problem else ''}")
            failed += bool(problem)
    say(f"{failed} of the checks fail" if failed else "all of it holds")
    return EXIT_FAILS if failed else 0
