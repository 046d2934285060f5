"""What is said while networks are timed: which one, and for how long still."""

import time
from collections.abc import Callable

from bench.ask import estimate
from bench.running.execution.turns import ROUNDS


class Countdown:
    """How far the timing of networks has come: each is made ready, then all are timed round after round."""

    def __init__(self, count: int, expected: float, show: Callable[[str], None]) -> None:
        self._count, self._show = count, show
        self._end = time.monotonic() + expected
        self._first_round = 0.0

    def step(self, number: int, place: int) -> None:
        """In round `number`, of which 0 makes ready, the network at `place` (from 0) is next."""
        now = time.monotonic()
        if number == 1 and not place:
            self._first_round = now
        done = (number - 1) * self._count + place
        if number > 1:
            left = (now - self._first_round) * (ROUNDS * self._count - done) / done
        else:
            left = self._end - now  # as it was expected; rounds tell more
        what = f"round {number} of {ROUNDS}, " if number else ""
        about = f", about {estimate.duration(left)} to go" if left > 0 else ""
        self._show(f"timing: {what}network {place + 1} of {self._count}{about}")
