"""Effects over the same replicates: a difference, its interval at any level, and whether it lies beyond a bound.

Three kinds, each read off the replicates' own differences, so that shared luck cancels:

    Shares   the difference of two shares (success): Tango's interval, and the exact binomial where few pairs differ
    Means    the mean of differences (trust, and 2x2 interactions): the wider of Student's and Hall's interval
    LogOdds  a 2x2 interaction of shares or means on the log-odds scale, by the delta method: a `Means` of its influences

A p-value `above(bound)` is that of the hypothesis that the effect is not above the bound; `below(bound)` that it is not
below it. What decided between the methods is written in docs/explanation/estimates.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sim.numerics import normal_cdf
from sim.study.statistics.estimates import LEVEL, Estimate, paired_difference, paired_score, t_quantile

Values = NDArray[np.float64]
Mask = NDArray[np.bool_]

_FEW_DISCORDANT = 60  # up to so many, whether shares differ at all is asked of the exact binomial
_FALSE_DISCOVERIES = 0.05
_FARTHEST = 2.0  # Hall's end lies at most so many times as far out as Student's: with ten replicates it runs away


class Effect(Protocol):
    """What changes from one scenario to another, in the same replicates."""

    @property
    def estimate(self) -> float:
        """What changes; NaN where there is nothing to compare."""

    @property
    def replicates(self) -> int:
        """How many replicates it rests on."""

    def interval(self, level: float = LEVEL) -> Estimate:
        """Return the estimate with its interval."""

    def above(self, bound: float) -> float:
        """Return the p-value of the hypothesis that the effect is not above a bound."""

    def below(self, bound: float) -> float:
        """Return the p-value of the hypothesis that the effect is not below a bound."""


@dataclass(frozen=True, slots=True)
class Shares:
    """The difference of two shares over the same replicates.

    gained   replicates in which only the second succeeded
    lost     replicates in which only the first did
    """

    gained: int
    lost: int
    replicates: int

    @classmethod
    def of(cls, before: Values, after: Values) -> Shares:
        """Return the effect from flags by replicate."""
        return cls(int((after > before).sum()), int((after < before).sum()), len(before))

    @property
    def estimate(self) -> float:
        """The second share minus the first."""
        return (self.gained - self.lost) / self.replicates if self.replicates else math.nan

    def interval(self, level: float = LEVEL) -> Estimate:
        """Return the difference with Tango's interval."""
        return paired_difference(self.gained, self.lost, self.replicates, level)

    def above(self, bound: float) -> float:
        """Return the p-value of the hypothesis that the second share is not above the first by more than a bound."""
        if bound == 0.0 and self.gained + self.lost <= _FEW_DISCORDANT:
            return coin_tail(self.gained, self.gained + self.lost)
        return float(normal_cdf(-self._score(bound)))

    def below(self, bound: float) -> float:
        """Return the p-value of the hypothesis that the second share is not below the first plus a bound."""
        if bound == 0.0 and self.gained + self.lost <= _FEW_DISCORDANT:
            return coin_tail(self.lost, self.gained + self.lost)
        return float(normal_cdf(self._score(bound)))

    def _score(self, bound: float) -> float:
        """Return Tango's statistic of a bound."""
        if self.replicates == 0:
            return 0.0
        counts = np.array([self.gained]), np.array([self.lost])
        return float(paired_score(*counts, self.replicates, np.array([bound]))[0])


@dataclass(frozen=True, slots=True)
class Means:
    """The mean of differences, replicate by replicate, with their spread.

    error      standard error of the mean
    skewness   of the differences, 0 where they do not vary
    """

    estimate: float
    error: float
    skewness: float
    replicates: int

    @classmethod
    def of(cls, differences: Values) -> Means:
        """Return the effect from differences by replicate, those that are missing left out."""
        finite = differences[np.isfinite(differences)]
        count = len(finite)
        if count < 2:
            return cls(float(finite[0]) if count else math.nan, math.nan, 0.0, count)
        centre = math.fsum(finite.tolist()) / count
        off = finite - centre
        second, third = (math.fsum((off**power).tolist()) / count for power in (2, 3))
        skewness = third / second**1.5 if second**1.5 > 0.0 else 0.0
        return cls(centre, math.sqrt(second / (count - 1)), skewness, count)

    def interval(self, level: float = LEVEL) -> Estimate:
        """Return the mean with an interval that holds both Student's and that of Hall (1992).

        Student's alone covers too little where few replicates differ and all in one direction; Hall's, which corrects for
        skewness, where few differ and in both.
        """
        if self.replicates < 2:
            return Estimate(self.estimate, math.nan, math.nan, self.replicates)
        reach = t_quantile(self.replicates - 1, level)
        low = min(-reach, max(self._hall_end(reach), -_FARTHEST * reach))
        high = max(reach, min(self._hall_end(-reach), _FARTHEST * reach))
        ends = (self.estimate + low * self.error, self.estimate + high * self.error)
        return Estimate(self.estimate, *ends, self.replicates)

    def above(self, bound: float) -> float:
        """Return the p-value of the hypothesis that the mean is not above a bound."""
        return self._tail(self.estimate - bound, 1.0)

    def below(self, bound: float) -> float:
        """Return the p-value of the hypothesis that the mean is not below a bound."""
        return self._tail(bound - self.estimate, -1.0)

    def _tail(self, excess: float, sign: float) -> float:
        """Return the larger of the two methods' p-values of an excess over a bound; `sign` is the excess's direction."""
        from scipy.special import stdtr

        if self.replicates < 2:
            return 1.0
        if self.error == 0.0:
            return 0.0 if excess > 0.0 else 1.0
        statistic = excess / self.error
        corrected = max(sign * self._hall(sign * statistic), statistic / _FARTHEST)
        return float(stdtr(self.replicates - 1, -min(statistic, corrected)))

    def _hall(self, statistic: float) -> float:
        """Return Hall's monotone cubic of a studentised mean, less skew than the mean itself."""
        root = math.sqrt(self.replicates)
        bent = self.skewness / 3.0
        shifted = statistic / root
        cubic = shifted * (1.0 + bent * shifted * (1.0 + bent * shifted / 3.0))
        return root * (cubic + self.skewness / (6.0 * self.replicates))

    def _hall_end(self, reach: float) -> float:
        """Return how many standard errors above the mean the bound lies at which Hall's statistic is `reach`."""
        root = math.sqrt(self.replicates)
        straight = reach / root - self.skewness / (6.0 * self.replicates)
        if abs(self.skewness) < 1e-9:
            return -straight * root
        return -root * 3.0 / self.skewness * (math.cbrt(1.0 + self.skewness * straight) - 1.0)


def log_odds(columns: Sequence[Values], signs: Sequence[int]) -> Means:
    """Return a signed sum of the log-odds of the means of columns in 0..1, by replicate, by the delta method.

    Half a success and half a failure are added to each column, so that a share of 0 or 1 has log-odds.
    """
    count = len(columns[0])
    if count < 2:
        return Means(math.nan, math.nan, 0.0, count)
    total, influences = 0.0, np.zeros(count)
    for column, sign in zip(columns, signs, strict=True):
        share = (math.fsum(column.tolist()) + 0.5) / (count + 1.0)
        total += sign * math.log(share / (1.0 - share))
        influences = influences + sign * (column - share) / (share * (1.0 - share))
    spread = Means.of(influences)
    return Means(total, spread.error, spread.skewness, count)


def coin_tail(heads: int, tosses: int) -> float:
    """Return the probability that a fair coin shows at least so many heads in so many tosses, exactly."""
    return float(sum(math.comb(tosses, number) for number in range(heads, tosses + 1)) / 2**tosses)


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values adjusted for their number, in their own order (Holm 1979)."""
    adjusted, worst = [0.0] * len(p_values), 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=lambda one: p_values[one])):
        worst = max(worst, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = worst
    return adjusted


def holm_levels(p_values: Sequence[float], level: float = LEVEL) -> list[float]:
    """Return the level of the interval that decides each of several effects under Holm's procedure, in their own order."""
    levels, error, stopped = [0.0] * len(p_values), 1.0 - level, False
    share = error / max(len(p_values), 1)
    for rank, place in enumerate(sorted(range(len(p_values)), key=lambda one: p_values[one])):
        if not stopped:
            share = error / (len(p_values) - rank)
            stopped = p_values[place] > share
        levels[place] = 1.0 - share
    return levels


def discoveries(p_values: Values, rate: float = _FALSE_DISCOVERIES) -> Mask:
    """Return which hypotheses are rejected at a false-discovery rate (Benjamini & Hochberg 1995)."""
    count = len(p_values)
    order = np.argsort(p_values, kind="stable")
    small = p_values[order] <= rate * np.arange(1, count + 1) / max(count, 1)
    found = np.zeros(count, dtype=bool)
    if small.any():
        found[order[: int(np.flatnonzero(small)[-1]) + 1]] = True
    return found


def jointly(effects: Sequence[Effect], level: float = LEVEL) -> list[Estimate]:
    """Return effects with intervals that hold all at once at a level (Bonferroni)."""
    each = 1.0 - (1.0 - level) / max(len(effects), 1)
    return [effect.interval(each) for effect in effects]
