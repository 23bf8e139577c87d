"""Estimates with their intervals: of 95 %, unless another level is asked for.

Shares take Wilson's interval, means Student's, the difference of two paired shares Tango's. Sums are exact (math.fsum),
so an estimate does not depend on the order in which replicates are added up.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.numerics import normal_quantile

Numbers = NDArray[np.float64]

LEVEL = 0.95
_MANY = 30
_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share or a mean, with its interval and the number of replicates it rests on; NaN where there is none."""

    estimate: float
    low: float
    high: float
    replicates: int


def z_of(level: float) -> float:
    """Return how many standard errors an interval of a level reaches to either side, under the normal distribution."""
    return float(normal_quantile(0.5 + level / 2.0))


def wilson(successes: int, replicates: int, level: float = LEVEL) -> Estimate:
    """Return a share with Wilson's score interval (1927); without replicates, the interval is 0..1."""
    if replicates == 0:
        return Estimate(math.nan, 0.0, 1.0, 0)
    z = z_of(level)
    share = successes / replicates
    shrink = 1.0 + z * z / replicates
    centre = (share + z * z / (2.0 * replicates)) / shrink
    half = z / shrink * math.sqrt(share * (1.0 - share) / replicates + z * z / (4.0 * replicates * replicates))
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == replicates else min(1.0, centre + half)
    return Estimate(share, low, high, replicates)


def exact_share(successes: int, replicates: int, level: float = LEVEL) -> Estimate:
    """Return a share with the exact interval of Clopper & Pearson (1934), which never covers less than its level."""
    from scipy.special import betaincinv

    if replicates == 0:
        return Estimate(math.nan, 0.0, 1.0, 0)
    tail, failures = 0.5 - level / 2.0, replicates - successes
    low = 0.0 if successes == 0 else float(betaincinv(successes, failures + 1, tail))
    high = 1.0 if failures == 0 else float(betaincinv(successes + 1, failures, 1.0 - tail))
    return Estimate(successes / replicates, low, high, replicates)


def mean(values: Sequence[float], level: float = LEVEL) -> Estimate:
    """Return the mean of the finite values with Student's t interval; with fewer than two there is no interval."""
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return Estimate(math.nan, math.nan, math.nan, 0)
    centre = math.fsum(finite) / len(finite)
    if len(finite) == 1:
        return Estimate(centre, math.nan, math.nan, 1)
    spread = math.fsum((value - centre) * (value - centre) for value in finite) / (len(finite) - 1)
    half = t_quantile(len(finite) - 1, level) * math.sqrt(spread / len(finite))
    return Estimate(centre, centre - half, centre + half, len(finite))


def t_quantile(freedom: int, level: float = LEVEL) -> float:
    """Return how many standard errors an interval of a level reaches to either side, under Student's t distribution.

    At 95 % and from 30 degrees of freedom on, four terms of the expansion in 1/freedom (Abramowitz & Stegun 26.7.5) are
    right to 1e-6, and scipy, slow to import, is not needed; it answers for the rest.
    """
    if freedom < _MANY or level != LEVEL:
        from scipy.special import stdtrit

        return float(stdtrit(freedom, 0.5 + level / 2.0))
    z = z_of(LEVEL)
    square = z * z
    first = z * (square + 1.0) / 4.0
    second = z * ((5.0 * square + 16.0) * square + 3.0) / 96.0
    third = z * (((3.0 * square + 19.0) * square + 17.0) * square - 15.0) / 384.0
    fourth = z * ((((79.0 * square + 776.0) * square + 1482.0) * square - 1920.0) * square - 945.0) / 92160.0
    return z + (first + (second + (third + fourth / freedom) / freedom) / freedom) / freedom


def paired_difference(gained: int, lost: int, pairs: int, level: float = LEVEL) -> Estimate:
    """Return the difference of two shares over the same replicates, with Tango's score interval.

    gained   pairs in which only the second succeeded
    lost     pairs in which only the first did

    The interval holds the differences that a score test does not reject (Tango 1998, Statistics in Medicine 17: 891).
    It stays within -1..1 and does not shrink to a point where no pair differs.
    """
    if pairs == 0:
        return Estimate(math.nan, -1.0, 1.0, 0)
    low, high = paired_bounds(np.array([gained]), np.array([lost]), pairs, level)
    return Estimate((gained - lost) / pairs, float(low[0]), float(high[0]), pairs)


def paired_bounds(
    gained: NDArray[np.int64], lost: NDArray[np.int64], pairs: int, level: float = LEVEL
) -> tuple[Numbers, Numbers]:
    """Return the lower and upper ends of Tango's interval for many counts of pairs at once."""
    z, difference = z_of(level), (gained - lost) / pairs
    low = _crossing(gained, lost, pairs, z, (np.full(gained.shape, -1.0), difference))
    high = _crossing(gained, lost, pairs, -z, (difference, np.full(gained.shape, 1.0)))
    return np.where(lost == pairs, -1.0, low), np.where(gained == pairs, 1.0, high)


def paired_score(gained: NDArray[np.int64], lost: NDArray[np.int64], pairs: int, difference: Numbers) -> Numbers:
    """Return Tango's score statistic of differences, its nuisance parameter at its constrained maximum."""
    excess = gained - lost - pairs * difference
    linear = (2 * pairs - gained + lost) * difference - gained - lost
    constant = -lost * difference * (1.0 - difference)
    root = np.sqrt(np.maximum(0.0, linear * linear - 8.0 * pairs * constant))
    only_first = (root - linear) / (4.0 * pairs)
    variance = pairs * (2.0 * only_first + difference * (1.0 - difference))
    certain = np.where(excess == 0.0, 0.0, np.copysign(np.inf, excess))
    return np.where(variance > 0.0, excess / np.sqrt(np.where(variance > 0.0, variance, 1.0)), certain)


def _crossing(
    gained: NDArray[np.int64], lost: NDArray[np.int64], pairs: int, bar: float, ends: tuple[Numbers, Numbers]
) -> Numbers:
    """Return where the score, which falls with the difference, crosses `bar` between two ends."""
    low, high = ends
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        above = paired_score(gained, lost, pairs, middle) > bar
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return 0.5 * (low + high)
