"""How much of an outcome is chance, and how much each parameter explains: Sobol' indices of the first order from given data.

Put the places of a space in the order of one parameter: neighbours share it and nothing else, so what their outcomes have in
common is what it explains by itself (Gamboa, Gremaud, Klein & Lagnoux 2022). The mean over several neighbours does the same
with the least variance there can be (Klein & Rochet 2023).

Chance would pass for an effect, because a noisy outcome varies even where nothing matters. So the even replicates of a place
are set against the odd ones of its neighbours: they share the parameter and no luck, and chance drops out on average.

A parameter is told from chance if hardly any random order of the places gives as much. Of a hundred that do nothing a few
would pass by luck, so all are judged together (Holm 1979): in at most one analysis of twenty is any of those named.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.chance import generator
from sim.study.statistics.effects import holm
from sim.study.statistics.estimates import LEVEL, Estimate, z_of

Values = NDArray[np.float64]
Places = NDArray[np.int64]

_RESAMPLES = 1_000
_ORDERS, _AT_ONCE = 2_000, 100  # random orders of the places; so many in one array
_FEWEST = 20  # places, below which nothing is told
_LEAST_SKEWNESS = 0.01


@dataclass(frozen=True)
class Outcome:
    """An outcome at each place.

    even, odd   its mean over the replicates with even and with odd numbers
    within      its variance over replicates
    counts      how many replicates that is
    """

    even: Values
    odd: Values
    within: Values
    counts: Values

    def at(self, places: Places) -> Outcome:
        """Return the outcome at some places, in their order."""
        return Outcome(self.even[places], self.odd[places], self.within[places], self.counts[places])

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.even)


def at_place(values: Values, replicates: Values) -> tuple[float, float, float, float]:
    """Return even, odd, within and count of an outcome at one place, from its values and the numbers of its replicates.

    Values that are missing are left out; with fewer than two of either kind there is no outcome, and all are NaN.
    """
    there = np.isfinite(values)
    values, is_odd = values[there], replicates[there] % 2 == 1
    if min(is_odd.sum(), (~is_odd).sum()) < 2:
        return (math.nan,) * 4
    return (
        float(values[~is_odd].mean()),
        float(values[is_odd].mean()),
        float(np.var(values, ddof=1)),
        float(len(values)),
    )


@dataclass(frozen=True)
class Influence:
    """How much one parameter explains.

    share     of the variance between places, by itself; NaN where there is no such variance
    p_value   how often chance alone would explain as much somewhere among all parameters
    told      whether it is told from chance; one that is not has no rank
    """

    name: str
    share: Estimate
    p_value: float
    told: bool


def share_of_chance(outcome: Outcome, seed: int = 0) -> Estimate:
    """Return the share of an outcome's variance that is chance alone, with its bootstrap interval over the places."""
    count, luck = len(outcome), generator(seed, "share of chance")
    if count < 2:
        return Estimate(math.nan, math.nan, math.nan, count)
    resampled = np.array([_chance(outcome.at(luck.integers(0, count, count))) for _ in range(_RESAMPLES)])
    if np.isnan(resampled).all():
        return Estimate(math.nan, math.nan, math.nan, count)
    low, high = np.nanquantile(resampled, [0.5 - LEVEL / 2.0, 0.5 + LEVEL / 2.0])
    return Estimate(_chance(outcome), float(low), float(high), count)


def influences(parameters: Mapping[str, Sequence[float]], outcome: Outcome, seed: int = 0) -> list[Influence]:
    """Return how much each parameter explains: those told from chance first, by size, then the others as they came.

    parameters   by name, the value at each place; only its rank matters
    """
    count = len(outcome)
    if count < _FEWEST:
        nothing = Estimate(math.nan, math.nan, math.nan, count)
        return [Influence(name, nothing, 1.0, False) for name in parameters]
    luck = generator(seed, "order of places")
    halves = np.array([half - half.mean() for half in (outcome.even, outcome.odd)])
    orders = np.tile(np.arange(count), (_AT_ONCE, 1))
    by_chance = np.concatenate([_common(halves[:, luck.permuted(orders, axis=1)]) for _ in range(_ORDERS // _AT_ONCE)])
    ordered = [halves[:, np.argsort(values, kind="stable")] for values in parameters.values()]
    p_values = holm([_tail(float(_common(here)), by_chance) for here in ordered])
    found = [
        Influence(name, share, p_value, p_value <= 1.0 - LEVEL and math.isfinite(share.estimate))
        for name, share, p_value in zip(parameters, map(_share, ordered), p_values, strict=True)
    ]
    named = sorted(
        (influence for influence in found if influence.told), key=lambda influence: -influence.share.estimate
    )
    return [*named, *(influence for influence in found if not influence.told)]


def _chance(outcome: Outcome) -> float:
    """Return the share of the variance that is chance alone."""
    noise = float(outcome.within.mean())
    means = 0.5 * (outcome.even + outcome.odd)
    between = float(np.var(means, ddof=1)) - float(np.mean(outcome.within / outcome.counts))
    whole = noise + max(between, 0.0)
    return noise / whole if whole > 0.0 else math.nan


def _share(ordered: Values) -> Estimate:
    """Return the index of the parameter that the halves are ordered by, with its interval over the places.

    The interval is that of the influence of single places (the delta method). A bootstrap would draw a place twice, and
    the two would be neighbours that share everything.
    """
    even, odd = ordered
    near_even, near_odd = _neighbours(even), _neighbours(odd)
    count, squares = len(even), even * odd
    variance, common = float(squares.mean()), float(_common(ordered))
    if variance <= 0.0:
        return Estimate(math.nan, math.nan, math.nan, count)
    share = common / variance
    # A place counts twice, as itself and as a neighbour of others; what its neighbours have in common anyway is not its own.
    added = even * near_odd + odd * near_even - near_even * near_odd
    influence = (added - common - share * (squares - variance)) / variance
    half = z_of(LEVEL) * float(influence.std()) / math.sqrt(count)
    return Estimate(share, share - half, share + half, count)


def _common(ordered: Values) -> Values:
    """Return the covariance of each place with its neighbours, even replicates against odd ones.

    ordered   (2, ..., places): the halves, less their means, in one or in several orders of the places
    """
    even, odd = ordered
    return np.asarray(0.5 * (even * _neighbours(odd) + odd * _neighbours(even)).mean(axis=-1))


def _neighbours(half: Values) -> Values:
    """Return at each place, along the last axis, the mean over its neighbours, without itself.

    They are so few that the parameter hardly differs and so many that chance evens out: half the root of the number of
    places to either side, at the ends as many to one side.
    """
    count = half.shape[-1]
    width = 2 * max(1, round(math.sqrt(count) / 2.0))
    first = np.clip(np.arange(count) - width // 2, 0, count - width - 1)
    sums = np.cumsum(np.concatenate([np.zeros((*half.shape[:-1], 1)), half], axis=-1), axis=-1)
    return np.asarray((sums[..., first + width + 1] - sums[..., first] - half) / width)


def _tail(value: float, by_chance: Values) -> float:
    """Return how often chance gives at least a value: the tail of a gamma distribution with the moments of what it gave.

    Many parameters ask for p-values so small that too few random orders lie beyond; and sums of squares are skewed.
    """
    from scipy.special import gammaincc

    spread = float(by_chance.std())
    if spread == 0.0:
        return 1.0
    off = (by_chance - by_chance.mean()) / spread
    skewness = max(float((off**3).mean()), _LEAST_SKEWNESS)
    shape = 4.0 / skewness**2
    at = shape + (value - float(by_chance.mean())) / spread * math.sqrt(shape)
    return float(gammaincc(shape, max(at, 0.0)))
