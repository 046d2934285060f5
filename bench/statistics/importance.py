"""How much of what varies in a grid is due to each setting, and how much to the seed."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

Line = Sequence[Sequence[float]]
"""Configurations that differ in one setting alone: for each, its values over seeds."""


def setting_variance(lines: Sequence[Line]) -> float | None:
    """Variance of the expected value along a setting with all else equal, mean over lines; None without any.

    In a grid of all combinations it estimates the total effect of the setting: its own and what it does
    together with others. In a grid that changes one factor at a time it is the effect around the base. What
    the seeds alone would make of it is taken off, wherever a line has two seeds or more at all its points
    (the other lines are then left out); with one seed chance is part of it. It is 0 or more, in the square
    of the measure's unit.

    References
    ----------
    Homma and Saltelli 1996, "Importance measures in global sensitivity analysis of nonlinear models",
    Reliability Engineering & System Safety 52.
    """
    complete = [line for line in lines if len(line) > 1 and all(len(values) for values in line)]
    repeated = [line for line in complete if all(len(values) > 1 for values in line)]
    used = repeated or complete
    if not used:
        return None
    found = math.fsum(_variance(line) - (_noise(line) if repeated else 0.0) for line in used) / len(used)
    return max(0.0, found)


def seed_variance(configurations: Line) -> float | None:
    """Variance over seeds of one configuration, mean over those with two values or more; None without any."""
    found = [float(np.var(values, ddof=1)) for values in configurations if len(values) > 1]
    return math.fsum(found) / len(found) if found else None


def shares(variances: Mapping[str, float]) -> dict[str, float]:
    """Each variance as a share of their sum, largest first; empty where nothing varies."""
    total = math.fsum(variances.values())
    ordered = sorted(variances.items(), key=lambda item: -item[1])
    return {name: variance / total for name, variance in ordered} if total > 0 else {}


def _variance(line: Line) -> float:
    return float(np.var([np.mean(values) for values in line]))


def _noise(line: Line) -> float:
    """What the variance of the means would be on average, if all expected values were equal."""
    k = len(line)
    return (k - 1) / k**2 * math.fsum(float(np.var(values, ddof=1)) / len(values) for values in line)
