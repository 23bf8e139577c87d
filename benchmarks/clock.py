"""Measuring on a machine that does other things too: every round measures everything once, and medians are taken."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import log
from statistics import linear_regression, median

Case = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much to measure: the rounds of every measurement, and a share of the full work of each."""

    rounds: int
    share: float
    thorough: bool
    long: bool

    def of(self, full: int, least: int = 1) -> int:
        """Return a share of a number, at least `least`."""
        return max(least, round(full * self.share))


QUICK = Effort(rounds=1, share=0.01, thorough=False, long=False)
FULL = Effort(rounds=5, share=1.0, thorough=True, long=False)
LONG = Effort(rounds=5, share=1.0, thorough=True, long=True)


@dataclass(slots=True)
class Spent:
    """The seconds of each round: on the clock, and of this process's processor time, which others take no part of."""

    clock: list[float]
    busy: list[float]


def interleaved_times(cases: Mapping[str, Case], rounds: int) -> dict[str, Spent]:
    """Return the seconds of each case; a slow minute meets all cases alike."""
    taken = {name: Spent([], []) for name in cases}
    for _ in range(rounds):
        for name, case in cases.items():
            started, busy = time.perf_counter(), time.process_time()
            case()
            taken[name].clock.append(time.perf_counter() - started)
            taken[name].busy.append(time.process_time() - busy)
    return taken


def medians(cases: Mapping[str, Case], rounds: int) -> dict[str, float]:
    """Return the median processor seconds of each case."""
    return {name: median(spent.busy) for name, spent in interleaved_times(cases, rounds).items()}


def median_ratio(times: list[float], others: list[float]) -> float:
    """Return the median over the rounds of how many times longer the first took than the second."""
    return median(duration / other for duration, other in zip(times, others, strict=True))


def exponent(costs: Mapping[int, float]) -> float:
    """Return b of cost = a size^b, fitted to the logarithms by least squares."""
    sizes = [log(size) for size in costs]
    return linear_regression(sizes, [log(cost) for cost in costs.values()]).slope
