"""Does a number of another run lie where more seeds of the first would have lain?"""

import math
from collections.abc import Sequence

from bench.statistics.intervals import student


def is_foreseen(seen: Sequence[float], more: Sequence[float]) -> bool | None:
    """Whether the mean of `more` lies in the 95 % prediction interval that `seen` gives for it.

    With n values seen, of mean m and deviation s, the mean of k more lies within
    `m ± t(n - 1) s sqrt(1/n + 1/k)` in 95 of 100 cases, if all are drawn alike and roughly normal. Of fewer
    than two values, or of values that are all alike, there is no such interval: None.

    References
    ----------
    Hahn & Meeker 1991, "Statistical intervals", for the mean of further observations.
    """
    n = len(seen)
    if n < 2 or not more or min(seen) == max(seen):
        return None
    mean = math.fsum(seen) / n
    deviation = math.sqrt(math.fsum((value - mean) ** 2 for value in seen) / (n - 1))
    reach = student(n - 1) * deviation * math.sqrt(1 / n + 1 / len(more))
    return abs(math.fsum(more) / len(more) - mean) <= reach
