"""A line once a minute while nothing else is said: a log that stays empty looks like a program that hangs."""

import threading
import time
from collections.abc import Callable
from types import TracebackType

EVERY = 60.0  # seconds
LOOK = 1.0


class Heartbeat:
    """Calls `beat`, in a thread of its own, whenever `EVERY` seconds have gone by without `touch`."""

    def __init__(self, beat: Callable[[], None]) -> None:
        self._beat, self._last = beat, time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bench-heartbeat", daemon=True)

    def __enter__(self) -> "Heartbeat":
        self.touch()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def touch(self) -> None:
        """Something was said."""
        self._last = time.monotonic()

    @property
    def silence(self) -> float:
        """Seconds since something was said."""
        return time.monotonic() - self._last

    def _run(self) -> None:
        while not self._over.wait(LOOK):
            if self.silence >= EVERY:
                self._beat()
                self.touch()
