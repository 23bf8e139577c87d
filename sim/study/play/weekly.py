"""Quantities week by week over many replicates: sums and histograms of whole numbers, which add up in any order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.steps.columns import Quantity

# What is followed week by week: nothing, tallies, or every value.
Follow = Literal["bands", "values"] | None

BINS = 256
_ONE = 2.0**32


@dataclass(frozen=True, eq=False)
class Weekly:
    """How quantities went in the replicates of one scenario; the first axis of each array is the week, from 0.

    sums      int64 (week, quantity): each value as a share of its range, in whole multiples of 2^-32
    squares   int64 (week, quantity): the same of the squared share
    bins      int32 (week, quantity, 256): how many replicates fell into each part of the range; what lies beyond an
              end counts in the last bin on that side
    values    float64 (replicate, week, quantity): every value, if they were asked for
    """

    quantities: tuple[Quantity, ...]
    replicates: int
    sums: NDArray[np.int64] = field(repr=False)
    squares: NDArray[np.int64] = field(repr=False)
    bins: NDArray[np.int32] = field(repr=False)
    values: NDArray[np.float64] | None = field(default=None, repr=False)

    def __add__(self, other: Weekly) -> Weekly:
        """Return both sets of replicates together; every single value is kept only if both have them."""
        if self.quantities != other.quantities or self.sums.shape != other.sums.shape:
            raise ValueError("only weeks of one scenario add up")
        values = None
        if self.values is not None and other.values is not None:
            values = np.concatenate([self.values, other.values])
        return Weekly(
            self.quantities,
            self.replicates + other.replicates,
            self.sums + other.sums,
            self.squares + other.squares,
            self.bins + other.bins,
            values,
        )

    @cached_property
    def names(self) -> dict[str, int]:
        """The place of each quantity by its name."""
        return {quantity.name: place for place, quantity in enumerate(self.quantities)}

    @property
    def weeks(self) -> int:
        """The last week."""
        return len(self.sums) - 1

    def mean(self, name: str) -> NDArray[np.float64]:
        """Return the mean of a quantity in each week."""
        quantity = self.quantities[self.names[name]]
        share = self.sums[:, self.names[name]] / (_ONE * self.replicates)
        return quantity.low + (quantity.high - quantity.low) * share

    def standard_error(self, name: str) -> NDArray[np.float64]:
        """Return the standard error of that mean in each week; NaN for a single replicate."""
        quantity, count = self.quantities[self.names[name]], self.replicates
        if count < 2:
            return np.full(len(self.sums), np.nan)
        mean = self.sums[:, self.names[name]] / (_ONE * count)
        spread = np.maximum(self.squares[:, self.names[name]] / (_ONE * count) - mean * mean, 0.0)
        return np.asarray((quantity.high - quantity.low) * np.sqrt(spread / (count - 1)))

    def quantile(self, name: str, share: float) -> NDArray[np.float64]:
        """Return the quantile of a quantity in each week, to the width of a bin; `share` lies in 0..1."""
        quantity = self.quantities[self.names[name]]
        below = np.cumsum(self.bins[:, self.names[name]], axis=1)
        wanted = share * self.replicates
        place = np.minimum((below < wanted).sum(axis=1), BINS - 1)
        weeks = np.arange(len(below))
        here = self.bins[weeks, self.names[name], place]
        before = below[weeks, place] - here
        within = np.where(here > 0, (wanted - before) / np.maximum(here, 1), 0.0)
        return np.asarray(quantity.low + (quantity.high - quantity.low) * (place + within) / BINS)


class Tally:
    """Sums and histograms in the making; memory does not grow with the replicates unless every value is asked for."""

    def __init__(self, quantities: Sequence[Quantity], weeks: int, follow: Follow) -> None:
        """Start with no replicate; weeks 0 .. `weeks` are followed."""
        self.quantities = tuple(quantities)
        self.replicates = 0
        shape = (weeks + 1, len(self.quantities))
        self.low = np.array([quantity.low for quantity in self.quantities])
        self.width = np.array([quantity.high for quantity in self.quantities]) - self.low
        self.cells = np.arange(shape[0] * shape[1]).reshape(shape) * BINS
        self.sums, self.squares = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        self.bins = np.zeros((*shape, BINS), dtype=np.int32)
        self.kept: list[NDArray[np.float64]] | None = [] if follow == "values" else None

    def add(self, values: NDArray[np.float64]) -> None:
        """Count values of shape (replicate, week, quantity)."""
        self.replicates += len(values)
        share = (values - self.low) / self.width
        self.sums += np.rint(share * _ONE).astype(np.int64).sum(axis=0)
        self.squares += np.rint(share * share * _ONE).astype(np.int64).sum(axis=0)
        share *= BINS
        np.clip(share, 0.0, BINS - 1.0, out=share)
        np.add.at(self.bins.reshape(-1), share.astype(np.int64) + self.cells, 1)
        if self.kept is not None:
            self.kept.append(np.ascontiguousarray(values))

    def weekly(self) -> Weekly:
        """Return what was counted."""
        values = None if self.kept is None else np.concatenate([np.zeros((0, *self.sums.shape)), *self.kept])
        return Weekly(self.quantities, self.replicates, self.sums, self.squares, self.bins, values)


def tally_of(quantities: Sequence[Quantity], values: NDArray[np.float64], follow: Follow) -> Weekly:
    """Return the tally of values of shape (replicate, week, quantity)."""
    tally = Tally(quantities, values.shape[1] - 1, follow)
    tally.add(values)
    return tally.weekly()
