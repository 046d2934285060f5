"""Ctrl-C: once, and what is running is finished; twice, or a signal to end, and the program stops now."""

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType, TracebackType
from typing import NoReturn

_NOTICE = "\nbench: stopping once the running trials have finished; Ctrl-C again stops now\n"
INSISTS_AFTER = 0.5  # seconds


class Interruption:
    """Notes the first Ctrl-C while it is entered; the second raises `KeyboardInterrupt`.

    An exception out of a signal can be lost, where it arrives inside a callback of the garbage collector
    (jax has one): a note cannot, and inside `insisting` it is raised again. A process that ignores Ctrl-C, as
    a background job does, goes on doing so. SIGTERM, as of `timeout` or a cluster's queue whose time is up,
    stops at once, as a second Ctrl-C does.
    """

    def __init__(self) -> None:
        self.requested = False
        self._insists = False
        self._before: dict[signal.Signals, signal.Handlers | object] = {}

    def __enter__(self) -> "Interruption":
        if threading.current_thread() is threading.main_thread():
            for number, handler in ((signal.SIGINT, self._note), (signal.SIGTERM, self._stop)):
                before = signal.getsignal(number)
                if before is not signal.SIG_IGN:
                    self._before[number] = before
                    signal.signal(number, handler)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)  # type: ignore[arg-type]

    def check(self) -> None:
        """Raise `KeyboardInterrupt` if Ctrl-C was pressed."""
        if self.requested:
            raise KeyboardInterrupt

    @contextlib.contextmanager
    def insisting(self) -> Iterator[None]:
        """Inside, an end that was asked for and lost is asked for again, until it is heard."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGALRM, self._again)
        self._insists = True
        try:
            yield
        finally:
            self._insists = False
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    def _end(self) -> NoReturn:
        if self._insists:
            signal.setitimer(signal.ITIMER_REAL, INSISTS_AFTER)
        raise KeyboardInterrupt

    def _again(self, number: int, frame: FrameType | None) -> None:
        self._end()

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self.requested:
            self._end()
        self.requested = True
        os.write(sys.__stderr__.fileno() if sys.__stderr__ else 2, _NOTICE.encode())

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.requested = True
        self._end()


def is_ctrl_c(error: BaseException) -> bool:
    """Whether an exception is Ctrl-C, and not something that what runs here raised of its own accord."""
    if not isinstance(error, KeyboardInterrupt) or threading.current_thread() is not threading.main_thread():
        return False
    # A process in the background ignores Ctrl-C, and SIGTERM alone is noted.
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    owners = [getattr(handler, "__self__", None) for handler in handlers]
    if noting := [owner for owner in owners if isinstance(owner, Interruption)]:
        return any(owner.requested for owner in noting)
    return handlers[0] is not signal.SIG_IGN
