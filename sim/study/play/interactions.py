"""Two changes at once: whether together they do more or less than the sum of what each does alone.

Four scenarios in the same replicates: neither change, the first, the second, both. The interaction is what the second
change does where the first is made, less what it does where it is not:

    (both - first) - (second - neither)

On the log-odds scale the same is asked of the logarithms of odds. Near a share of 0 the two scales differ: a share that is
nearly 0 cannot fall by as much again, which pushes the difference up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce

import numpy as np
from numpy.typing import NDArray

from sim.study.play.contrasts import Difference, told
from sim.study.play.results import Result
from sim.study.statistics.effects import Means, Values, log_odds

SIGNS = (1, -1, -1, 1)


@dataclass(frozen=True, eq=False)
class Interaction:
    """Four results over the same replicates.

    results   neither change, the first, the second, both
    places    for each result, the rows of the replicates that all finished
    """

    results: tuple[Result, Result, Result, Result]
    places: tuple[NDArray[np.int64], ...] = field(repr=False)

    def __len__(self) -> int:
        """Return how many replicates all four finished."""
        return len(self.places[0])

    @cached_property
    def success(self) -> Difference:
        """The interaction in the share of success, as a difference of differences."""
        return told(self.effect("success").interval())

    def effect(self, column: str) -> Means:
        """Return the interaction in the mean of a column, as a difference of differences."""
        return Means.of(np.asarray(sum(sign * one for sign, one in zip(SIGNS, self.values(column), strict=True))))

    def log_odds(self, column: str) -> Means:
        """Return the interaction in the mean of a column within 0..1, in log-odds."""
        return log_odds(self.values(column), SIGNS)

    def values(self, column: str) -> list[Values]:
        """Return a column of the four results over the replicates that all finished."""
        return [result.columns[column][rows] for result, rows in zip(self.results, self.places, strict=True)]


def interaction(neither: Result, first: Result, second: Result, both: Result) -> Interaction:
    """Return the interaction of two changes, from four results under one seed."""
    results = (neither, first, second, both)
    return Interaction(results, common_rows(results))


def common_rows(results: Sequence[Result]) -> tuple[NDArray[np.int64], ...]:
    """Return, for each of several results under one seed, the rows of the replicates that all of them finished."""
    seeds = {result.seed for result in results}
    if len(seeds) > 1:
        raise ValueError(f"results under seeds {sorted(seeds)} share no luck: run all under one seed")
    numbers = [result.columns["replicate"] for result in results]
    shared = reduce(np.intersect1d, numbers)
    return tuple(np.searchsorted(one, shared) for one in numbers)
