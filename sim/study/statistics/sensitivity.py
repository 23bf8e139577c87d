"""What an outcome hangs on, chance first: how much of it is luck, which parameters matter, and how much each does.

In this order: the share of the variance that is chance alone; a screening by elementary effects (Morris 1991), which finds
what does not matter; and Sobol' indices of what does (Saltelli et al. 2010). Every answer has a bootstrap interval over the
base points of the design. A parameter that chance would explain is "not resolved" and gets no rank: of those that are
resolved, no more than a twentieth are expected to be so wrongly, however many there are (Benjamini & Hochberg 1995).

Chance would inflate all of them, because a noisy outcome varies even where nothing matters. So each point's replicates are
parted in two halves, even and odd, and wherever a square of an outcome would stand, the product of the halves does: they
share the parameters and nothing else, and so chance drops out on average.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.chance import generator
from sim.numerics import normal_cdf
from sim.study.statistics.effects import Means, discoveries
from sim.study.statistics.estimates import LEVEL, Estimate

Values = NDArray[np.float64]
Places = NDArray[np.int64]

RESAMPLES = 1_000
FEWEST = 4


@dataclass(frozen=True)
class Halves:
    """The mean outcome of each point over its even and over its odd replicates."""

    even: Values
    odd: Values

    @classmethod
    def of(cls, replicates: Sequence[Values]) -> Halves:
        """Return the halves of points from the outcomes of their replicates, in the order of the replicates."""
        return cls(
            np.array([float(np.mean(one[0::2])) for one in replicates]),
            np.array([float(np.mean(one[1::2])) for one in replicates]),
        )

    def shaped(self, rows: int) -> Halves:
        """Return the halves as a table with so many rows, point after point."""
        return Halves(self.even.reshape(rows, -1), self.odd.reshape(rows, -1))

    def at(self, rows: Places) -> Halves:
        """Return some of the rows."""
        return Halves(self.even[rows], self.odd[rows])


@dataclass(frozen=True)
class Influence:
    """How much one parameter matters.

    first      share of the variance between points that it alone accounts for; NaN from a screening
    total      the same with all it does together with others; from a screening, its root mean square effect
    p_value    how often chance alone would give as large a total
    resolved   whether it can be told, among all parameters, that this one matters at all
    """

    name: str
    first: Estimate
    total: Estimate
    p_value: float
    resolved: bool = False


def share_of_chance(replicates: Sequence[Values], seed: int = 0) -> Estimate:
    """Return the share of an outcome's variance that is chance alone, the parameters being what they are.

    replicates   for each point, the outcome in each of its replicates
    """
    within = np.array([float(np.var(one, ddof=1)) for one in replicates])
    counts = np.array([len(one) for one in replicates])
    means = np.array([float(np.mean(one)) for one in replicates])

    def share(rows: Places) -> float:
        noise = float(np.mean(within[rows]))
        between = float(np.var(means[rows], ddof=1)) - float(np.mean(within[rows] / counts[rows]))
        whole = noise + max(between, 0.0)
        return noise / whole if whole > 0.0 else float("nan")

    return bootstrapped(share, len(means), seed, "share of chance")


def screened(names: Sequence[str], steps: Values, outcome: Halves, seed: int = 0) -> list[Influence]:
    """Return how much each parameter matters in a Morris design, the strongest first, those not resolved last.

    steps     (trajectories, points of a trajectory, parameters): values in 0..1 of their ranges; from one point of a
              trajectory to the next one parameter moves
    outcome   (trajectories, points of a trajectory)

    A parameter is resolved by its mean square effect, or by its mean effect, which tells sooner where all go one way.
    """
    moved = np.diff(steps, axis=1)
    which = np.abs(moved).argmax(axis=2)
    size = np.take_along_axis(moved, which[:, :, None], axis=2)[:, :, 0]
    which = np.where(size == 0.0, -1, which)  # a step that changed nothing, as between two places of one choice
    size = np.where(size == 0.0, 1.0, size)
    even, odd = (np.diff(half, axis=1) / size for half in (outcome.even, outcome.odd))
    nothing = Estimate(float("nan"), float("nan"), float("nan"), 0)
    found = []
    for number, name in enumerate(names):
        squares = np.where(which == number, even * odd, 0.0).sum(axis=1) / np.maximum((which == number).sum(axis=1), 1)

        def square_of(rows: Places, of: Values = squares) -> float:
            return float(np.mean(of[rows]))

        square, p_value = resampled(square_of, len(squares), seed, f"screening {name}")
        effects = np.where(which == number, 0.5 * (even + odd), 0.0).sum(axis=1)
        p_value = min(1.0, 2.0 * min(p_value, two_sided(Means.of(effects))))  # asked twice
        value, low, high = (signed_root(one) for one in (square.estimate, square.low, square.high))
        found.append(Influence(name, nothing, Estimate(value, low, high, square.replicates), p_value))
    return ranked(found)


def sobol_indices(names: Sequence[str], outcome: Halves, seed: int = 0) -> list[Influence]:
    """Return the Sobol' indices of each parameter, the largest total first, those not resolved last.

    outcome   (base points, parameters + 2): the first sample, then the first with one parameter after the other taken
              from the second, then the second
    """
    found = []
    for number, name in enumerate(names):
        first = bootstrapped(first_index(outcome, number), len(outcome.even), seed, f"first {name}")
        total, p_value = resampled(total_index(outcome, number), len(outcome.even), seed, f"total {name}")
        found.append(Influence(name, first, total, p_value))
    return ranked(found)


def first_index(outcome: Halves, number: int) -> Callable[[Places], float]:
    """Return what gives the first-order index of a parameter from base points."""

    def index(rows: Places) -> float:
        here = outcome.at(rows)
        pairs = ((here.even, here.odd), (here.odd, here.even))
        shared = np.mean([np.mean(centred(one)[:, -1] * (two[:, number + 1] - two[:, 0])) for one, two in pairs])
        return float(shared) / variance(here)

    return index


def total_index(outcome: Halves, number: int) -> Callable[[Places], float]:
    """Return what gives the total index of a parameter from base points."""

    def index(rows: Places) -> float:
        here = outcome.at(rows)
        changes = [half[:, number + 1] - half[:, 0] for half in (here.even, here.odd)]
        return float(np.mean(changes[0] * changes[1])) / (2.0 * variance(here))

    return index


def centred(half: Values) -> Values:
    """Return outcomes less their mean over the two samples, which makes the first-order index steadier."""
    return half - np.mean(half[:, [0, -1]])


def variance(outcome: Halves) -> float:
    """Return the variance between points, without chance: the covariance of the halves; never 0."""
    even, odd = (np.concatenate([half[:, 0], half[:, -1]]) for half in (outcome.even, outcome.odd))
    return max(float(np.mean((even - even.mean()) * (odd - odd.mean()))), 1e-12)


def bootstrapped(statistic: Callable[[Places], float], count: int, seed: int, purpose: str) -> Estimate:
    """Return a statistic of points with its bootstrap interval: the middle 95 % over points drawn with replacement."""
    return resampled(statistic, count, seed, purpose)[0]


def resampled(statistic: Callable[[Places], float], count: int, seed: int, purpose: str) -> tuple[Estimate, float]:
    """Return a statistic of points with its bootstrap interval, and the p-value that it is not above 0.

    The p-value is that of a normal distribution with the bootstrap's spread: for the small ones that many parameters ask
    for, too few resamples lie in the tail.
    """
    luck = generator(seed, purpose)
    value = statistic(np.arange(count))
    if count < FEWEST:
        return Estimate(value, float("-inf"), float("inf"), count), 1.0
    drawn = np.array([statistic(luck.integers(0, count, count)) for _ in range(RESAMPLES)])
    low, high = np.nanquantile(drawn, [0.5 - LEVEL / 2.0, 0.5 + LEVEL / 2.0])
    spread = float(np.nanstd(drawn))
    p_value = float(normal_cdf(-value / spread)) if spread > 0.0 else float(value <= 0.0)
    return Estimate(value, float(low), float(high), count), p_value


def ranked(found: Sequence[Influence]) -> list[Influence]:
    """Return influences by size, those not resolved behind, in the order in which they came."""
    told = discoveries(np.array([one.p_value for one in found]))
    judged = [replace(one, resolved=bool(yes)) for one, yes in zip(found, told, strict=True)]
    resolved = sorted((one for one in judged if one.resolved), key=lambda one: -one.total.estimate)
    return [*resolved, *(one for one in judged if not one.resolved)]


def two_sided(one: Means) -> float:
    """Return the p-value that a mean is 0."""
    return min(1.0, 2.0 * min(one.above(0.0), one.below(0.0)))


def signed_root(square: float) -> float:
    """Return the root of a mean square that chance may have made negative, with its sign."""
    return float(np.copysign(np.sqrt(abs(square)), square))
