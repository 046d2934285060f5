"""Ctrl-C: once, and what is running is finished; twice, and the program stops now."""

import os
import signal
import sys
import threading
from types import FrameType, TracebackType

_NOTICE = "\nbench: stopping once the running trials have finished; Ctrl-C again stops now\n"


class Interruption:
    """Notes the first Ctrl-C while it is entered; the second raises `KeyboardInterrupt`.

    An exception out of a signal can be lost, where it arrives inside a callback of the garbage collector
    (jax has one): a note cannot. A process that ignores Ctrl-C, as a background job does, goes on doing so.
    """

    def __init__(self) -> None:
        self.requested = False
        self._before: signal.Handlers | object = None

    def __enter__(self) -> "Interruption":
        before = signal.getsignal(signal.SIGINT)
        if threading.current_thread() is threading.main_thread() and before is not signal.SIG_IGN:
            self._before = before
            signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)  # type: ignore[arg-type]

    def check(self) -> None:
        """Raise `KeyboardInterrupt` if Ctrl-C was pressed."""
        if self.requested:
            raise KeyboardInterrupt

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self.requested:
            raise KeyboardInterrupt
        self.requested = True
        os.write(sys.__stderr__.fileno() if sys.__stderr__ else 2, _NOTICE.encode())


def is_ctrl_c(error: BaseException) -> bool:
    """Whether an exception is Ctrl-C, and not something that what runs here raised of its own accord."""
    if not isinstance(error, KeyboardInterrupt) or threading.current_thread() is not threading.main_thread():
        return False
    handler = signal.getsignal(signal.SIGINT)
    owner = getattr(handler, "__self__", None)
    return owner.requested if isinstance(owner, Interruption) else handler is not signal.SIG_IGN
