"""Estimates with their 95 % intervals.

Shares take Wilson's interval, means Student's, the difference of two paired shares Tango's. Sums are exact (math.fsum),
so an estimate does not depend on the order in which replicates are added up.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.rules.numerics import normal_quantile

LEVEL = 0.95
Z = float(normal_quantile(0.5 + LEVEL / 2.0))
MANY = 30
HALVINGS = 100


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share or a mean, with its 95 % interval and the number of replicates it rests on; NaN where there is none."""

    estimate: float
    low: float
    high: float
    replicates: int


def wilson(successes: int, replicates: int) -> Estimate:
    """Return a share with Wilson's score interval (1927); without replicates, the interval is 0..1."""
    if replicates == 0:
        return Estimate(math.nan, 0.0, 1.0, 0)
    share = successes / replicates
    shrink = 1.0 + Z * Z / replicates
    centre = (share + Z * Z / (2.0 * replicates)) / shrink
    half = Z / shrink * math.sqrt(share * (1.0 - share) / replicates + Z * Z / (4.0 * replicates * replicates))
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == replicates else min(1.0, centre + half)
    return Estimate(share, low, high, replicates)


def mean(values: Sequence[float]) -> Estimate:
    """Return the mean of the finite values with Student's t interval; with fewer than two there is no interval."""
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return Estimate(math.nan, math.nan, math.nan, 0)
    centre = math.fsum(finite) / len(finite)
    if len(finite) == 1:
        return Estimate(centre, math.nan, math.nan, 1)
    spread = math.fsum((value - centre) * (value - centre) for value in finite) / (len(finite) - 1)
    half = t_quantile(len(finite) - 1) * math.sqrt(spread / len(finite))
    return Estimate(centre, centre - half, centre + half, len(finite))


def t_quantile(freedom: int) -> float:
    """Return the .975 quantile of Student's t distribution.

    From 30 degrees of freedom on, four terms of the expansion in 1/freedom (Abramowitz & Stegun 26.7.5) are right to
    1e-6, and scipy, slow to import, is not needed; it answers for fewer.
    """
    if freedom < MANY:
        from scipy.special import stdtrit

        return float(stdtrit(freedom, 0.5 + LEVEL / 2.0))
    square = Z * Z
    first = Z * (square + 1.0) / 4.0
    second = Z * ((5.0 * square + 16.0) * square + 3.0) / 96.0
    third = Z * (((3.0 * square + 19.0) * square + 17.0) * square - 15.0) / 384.0
    fourth = Z * ((((79.0 * square + 776.0) * square + 1482.0) * square - 1920.0) * square - 945.0) / 92160.0
    return Z + (first + (second + (third + fourth / freedom) / freedom) / freedom) / freedom


def paired_difference(gained: int, lost: int, pairs: int) -> Estimate:
    """Return the difference of two shares over the same replicates, with Tango's score interval.

    gained   pairs in which only the second succeeded
    lost     pairs in which only the first did

    The interval holds the differences that a score test does not reject (Tango 1998, Statistics in Medicine 17: 891).
    It stays within -1..1 and does not shrink to a point where no pair differs.
    """
    if pairs == 0:
        return Estimate(math.nan, -1.0, 1.0, 0)
    difference = (gained - lost) / pairs
    low = -1.0 if lost == pairs else _crossing(gained, lost, pairs, Z, -1.0, difference)
    high = 1.0 if gained == pairs else _crossing(gained, lost, pairs, -Z, difference, 1.0)
    return Estimate(difference, low, high, pairs)


def _crossing(gained: int, lost: int, pairs: int, bar: float, low: float, high: float) -> float:
    """Return where the score, which falls with the difference, crosses `bar` between `low` and `high`."""
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if _score(gained, lost, pairs, middle) > bar:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def _score(gained: int, lost: int, pairs: int, difference: float) -> float:
    """Return Tango's score statistic of a difference, its nuisance parameter at its constrained maximum."""
    excess = gained - lost - pairs * difference
    linear = (2 * pairs - gained + lost) * difference - gained - lost
    constant = -lost * difference * (1.0 - difference)
    root = math.sqrt(max(0.0, linear * linear - 8.0 * pairs * constant))
    only_first = (root - linear) / (4.0 * pairs)
    variance = pairs * (2.0 * only_first + difference * (1.0 - difference))
    if variance <= 0.0:
        return math.copysign(math.inf, excess) if excess else 0.0
    return excess / math.sqrt(variance)
