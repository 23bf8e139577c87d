"""Chance and ignorance: a scenario whose parameters nobody knows, drawn for each replicate from their plausible ranges.

Every draw of the parameters is played twice, under two lucks. What the two have in common is owed to the parameters, and
so is ignorance; what they have not is chance. The covariance of the pairs is the variance of the expected result from one
place of the plausible space to another, without bias, however few replicates a place gets.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.chance import NOBODY, PARAMETER, address, generator, uniform
from sim.errors import SimError
from sim.plain import plain_data
from sim.scenario.load import Scenario
from sim.steps.columns import Column, columns_of
from sim.study.design.points import Factor
from sim.study.design.sampling import plausible_factors, within_bounds
from sim.study.play.compiled_runs import say_open_instead, suited_engine
from sim.study.play.replicates import Progress, available_processors, check_numbers, run
from sim.study.play.results import Columns, merged_columns
from sim.study.statistics.estimates import LEVEL, Estimate, mean, z_of
from sim.version import model_version

_OTHER_LUCK = 2**39  # what the second replicate of a pair is further on by
_CHUNK = 20
_RESAMPLES = 1_000
_ONLY = "scenario"
_FEWEST = 10

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spread:
    """One column over the plausible space.

    mean        with its 95 % interval, from place to place
    ignorance   standard deviation, from place to place, of what is to be expected there
    chance      standard deviation of single replicates within a place
    low, high   what is to be expected in 95 % of the places, the places spread like a beta or normal distribution
    share       the part of the variance that is ignorance, with its 95 % interval
    """

    mean: Estimate
    ignorance: float
    chance: float
    low: float
    high: float
    share: Estimate


@dataclass(frozen=True, eq=False)
class OverPlausible:
    """A scenario over its plausible space; `first` and `second` are the columns of the pairs, row by row."""

    scenario: Scenario
    seed: int
    factors: Mapping[str, Factor] = field(repr=False)
    first: Columns = field(repr=False)
    second: Columns = field(repr=False)

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.first["replicate"])

    @property
    def declared(self) -> list[Column]:
        """The declarations of the columns."""
        return columns_of(self.scenario)

    def spread(self, name: str) -> Spread:
        """Return one column over the space, over the places at which both replicates have a value."""
        one, other = (np.asarray(columns[name], dtype=np.float64) for columns in (self.first, self.second))
        both = np.isfinite(one) & np.isfinite(other)
        unit = any(column.name == name and (column.kind == "flag" or _within_unit(column)) for column in self.declared)
        return spread_of(one[both], other[both], self.seed, unit)

    def summary(self) -> dict[str, Any]:
        """Return what `sim run --over plausible --json` prints, as plain data."""
        told = {
            name: _as_data(self.spread(name))
            for name in [column.name for column in self.declared if column.kind in ("flag", "number")]
        }
        return {
            "scenario": self.scenario.name,
            "over": "plausible",
            "model_version": model_version(),
            "seed": self.seed,
            "places": len(self),
            "parameters": len(self.factors),
            "columns": told,
            "success": told["success"],
        }


def over_plausible(
    scenario: Scenario, places: int, seed: int, threads: int | None = None, tell: Progress | None = None
) -> OverPlausible:
    """Return a scenario over its plausible space: so many places, each played twice."""
    places, seed, _ = check_numbers(places, seed, 0)
    if places < _FEWEST:
        raise SimError(f"replicates = {places}: at least {_FEWEST} are needed to tell chance from ignorance")
    factors = plausible_factors({_ONLY: scenario}, ())
    chunks = [range(start, min(start + _CHUNK, places)) for start in range(0, places, _CHUNK)]
    pairs: list[tuple[Columns, Columns]] = []
    if suited_engine() == "open":
        started = time.perf_counter()
        _played_at(scenario, factors, seed, range(1))
        say_open_instead((time.perf_counter() - started) * places)
    with ThreadPoolExecutor(threads or available_processors()) as executor:
        for done in executor.map(lambda chunk: _played_at(scenario, factors, seed, chunk), chunks):
            pairs += done
            if tell is not None:
                tell(len(pairs), places)
    first, second = (merged_columns([pair[side] for pair in pairs]) for side in (0, 1))
    return OverPlausible(scenario, seed, factors, first, second)


def _played_at(
    scenario: Scenario, factors: Mapping[str, Factor], seed: int, places: Sequence[int]
) -> list[tuple[Columns, Columns]]:
    """Return the columns of both replicates at some places."""
    return [
        (_played_once(drawn, seed, place), _played_once(drawn, seed, place + _OTHER_LUCK))
        for place in places
        for drawn in [scenario.with_values(drawn_values(factors, seed, place))]
    ]


def _played_once(scenario: Scenario, seed: int, replicate: int) -> Columns:
    """Return the columns of one replicate."""
    return run(scenario, 1, seed, first=replicate, processes=1, engine=suited_engine()).columns


def drawn_values(factors: Mapping[str, Factor], seed: int, replicate: int) -> dict[str, Any]:
    """Return the values that the parameters take in one replicate, by key."""
    drawn = {
        name: factor.at(uniform(seed, replicate, 0, PARAMETER, address(name), NOBODY))
        for name, factor in factors.items()
    }
    return {key: one for name, value in within_bounds(drawn).items() for key, one in factors[name].sets(value).items()}


def spread_of(one: Values, other: Values, seed: int, unit: bool) -> Spread:
    """Return the spread of pairs; `unit` says that the values lie within 0..1."""
    middle = mean(((one + other) / 2.0).tolist())
    common, whole = _common_variance(one, other), float(np.var([one, other])) if len(one) else math.nan
    ignorance = math.sqrt(max(common, 0.0)) if math.isfinite(common) else math.nan
    reach = z_of(LEVEL) * ignorance
    low, high = middle.estimate - reach, middle.estimate + reach
    if unit:
        low, high = beta_ends(middle.estimate, ignorance)
    share = Estimate(math.nan, math.nan, math.nan, 0)
    if len(one) >= _FEWEST and whole > 0.0:
        places = generator(seed, "ignorance").integers(len(one), size=(_RESAMPLES, len(one)))
        again = [_shared(one[rows], other[rows]) for rows in places]
        ends = np.nanquantile(again, [(1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0])
        share = Estimate(_shared(one, other), float(max(ends[0], 0.0)), float(min(ends[1], 1.0)), len(one))
    return Spread(middle, ignorance, math.sqrt(max(whole - max(common, 0.0), 0.0)), low, high, share)


def _common_variance(one: Values, other: Values) -> float:
    """Return the covariance of pairs about their common mean."""
    if not len(one):
        return math.nan
    centre = (one.mean() + other.mean()) / 2.0
    return float(np.mean((one - centre) * (other - centre)))


def _shared(one: Values, other: Values) -> float:
    """Return the part of the variance that pairs have in common, 0..1; NaN where nothing varies."""
    whole = float(np.var([one, other]))
    return min(1.0, max(0.0, _common_variance(one, other) / whole)) if whole > 0.0 else math.nan


def beta_ends(centre: float, sd: float) -> tuple[float, float]:
    """Return where the middle 95 % lie of the beta distribution with this mean and standard deviation."""
    if not math.isfinite(centre) or sd <= 0.0 or sd * sd >= centre * (1.0 - centre):
        return centre, centre
    from scipy.special import betaincinv

    size = centre * (1.0 - centre) / (sd * sd) - 1.0
    ends = ((1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0)
    low, high = (float(betaincinv(centre * size, (1.0 - centre) * size, end)) for end in ends)
    return low, high


def _within_unit(column: Column) -> bool:
    """Return whether the values of a column lie within 0..1."""
    return column.unit in ("probability", "0..1")


def _as_data(one: Spread) -> dict[str, Any]:
    """Return a spread as plain data; numbers that do not exist are None."""
    data: dict[str, Any] = plain_data(
        {
            "estimate": one.mean.estimate,
            "low": one.mean.low,
            "high": one.mean.high,
            "ignorance_sd": one.ignorance,
            "chance_sd": one.chance,
            "expected_in_95_percent_of_places": [one.low, one.high],
            "share_of_ignorance": one.share,
        }
    )
    return data
