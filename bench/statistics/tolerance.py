"""How far a mean of ours may lie from a published number and still be called the same."""

import math
import statistics
from collections.abc import Sequence


def two_deviations(bar: float, values: Sequence[float]) -> float:
    """`2 sqrt(bar^2 + s^2 / n)` of n values with the deviation s.

    That is twice the standard deviation of the difference between a published mean, whose bar is taken for
    its own deviation as it is printed, and the mean of our seeds. One value has no deviation: the bar stands
    in for it, as another run of the paper would vary by so much.

    Raises
    ------
    ValueError
        If there is no value.
    """
    if not values:
        raise ValueError("expected at least one value, received none")
    spread = statistics.stdev(values) if len(values) > 1 else bar
    return 2 * math.sqrt(bar**2 + spread**2 / len(values))
