"""Results paired over the replicates that all of them finished, and what changes from one to the next.

Two results are set against each other: the second less the first. Four are two changes at once (neither made, the first,
the second, both), and tell whether together they do more or less than the sum of what each does alone, which is their
interaction: what the second change does where the first is made, less what it does where it is not,

    (both - first) - (second - neither)

And so on: of eight, the second four less the first. On the log-odds scale the same is asked of the logarithms of odds.
Near a share of 0 the two scales differ: a share that is nearly 0 cannot fall by as much again, which pushes the difference
up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce

import numpy as np
from numpy.typing import NDArray

from sim.study.play.results import Result
from sim.study.statistics.effects import Effect, Mask, Means, Shares, Values, log_odds


@dataclass(frozen=True, eq=False)
class Paired:
    """Results over the same replicates.

    rows   for each result, its rows of the replicates that count, in the same order
    """

    results: tuple[Result, ...]
    rows: tuple[NDArray[np.int64], ...] = field(repr=False)

    def __len__(self) -> int:
        """Return how many replicates count."""
        return len(self.rows[0])

    def values(self, column: str) -> list[Values]:
        """Return a column of each result over the replicates that count."""
        return [result.columns[column][rows] for result, rows in zip(self.results, self.rows, strict=True)]

    def change(self, column: str) -> Values:
        """Return by replicate what changes in a column: of one result its values, of two their difference, and so on."""
        signed = (sign * values for sign, values in zip(signs_of(len(self.results)), self.values(column), strict=True))
        return np.asarray(sum(signed))

    def effect(self, column: str) -> Effect:
        """Return the effect on a column: of two results on a share where it is a flag, else on the mean."""
        if len(self.results) == 2 and column in self._flags:
            return Shares.of(*self.values(column))
        return Means.of(self.change(column))

    def log_odds(self, column: str) -> Means:
        """Return the effect on the mean of a column within 0..1, in log-odds."""
        return log_odds(self.values(column), signs_of(len(self.results)))

    def where(self, mask: Mask) -> Paired:
        """Return the same results over those replicates that a mask keeps."""
        return Paired(self.results, tuple(rows[mask] for rows in self.rows))

    def running_at(self, week: int) -> Paired:
        """Return the same results over the replicates in which none had signed before a week."""
        return self.where(~np.any([weeks < week for weeks in self.values("weeks_to_agreement")], axis=0))

    @cached_property
    def _flags(self) -> frozenset[str]:
        """The columns that hold 0 or 1."""
        return frozenset(column.name for column in self.results[0].declared if column.kind == "flag")


def paired(results: Sequence[Result]) -> Paired:
    """Return results under one seed, paired over the replicates that all of them finished."""
    return Paired(tuple(results), common_rows(results))


def common_rows(results: Sequence[Result]) -> tuple[NDArray[np.int64], ...]:
    """Return, for each of several results under one seed, the rows of the replicates that all of them finished."""
    seeds = sorted({result.seed for result in results})
    if len(seeds) > 1:
        raise ValueError(f"results under seeds {' and '.join(map(str, seeds))} share no luck: run all under one seed")
    replicates = [result.columns["replicate"] for result in results]
    shared = reduce(np.intersect1d, replicates)
    return tuple(np.searchsorted(numbers, shared) for numbers in replicates)


def signs_of(count: int) -> tuple[int, ...]:
    """Return the signs under which 1, 2, 4, 8, ... results add up: the second half less the first, again and again."""
    if count == 1:
        return (1,)
    half = signs_of(count // 2)
    return (*(-sign for sign in half), *half)
