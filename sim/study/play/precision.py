"""Precision on demand: playing on until an interval is narrow enough.

Looks are taken at fixed, doubling counts of replicates. Look k spends the error alpha / (k (k + 1)); all looks together
spend no more than alpha = .05, so that the interval at which playing stops covers at least as often as it says, whichever
look that is. What stops it is the interval alone, never the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from sim.scenario.load import Scenario
from sim.study.play.contrasts import Contrast, contrast
from sim.study.play.replicates import Progress, RunError, run
from sim.study.play.results import Result, joined
from sim.study.statistics.estimates import LEVEL, Estimate, wilson

FIRST_LOOK = 2_000
BUDGET = 1_000_000
WIDEST = 0.5

Played = TypeVar("Played")


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the results so far: its number from 1, after how many replicates, and the level of its interval."""

    number: int
    replicates: int
    level: float


@dataclass(frozen=True)
class Reached(Generic[Played]):
    """Where playing stopped: what was played, the last look, its estimate, and whether that was precise enough."""

    played: Played
    look: Look
    estimate: Estimate
    precise: bool


def looks(budget: int = BUDGET, first: int = FIRST_LOOK) -> Iterator[Look]:
    """Yield the looks: after `first` replicates, then twice as many, and so on; the last when the budget is spent."""
    number, replicates = 1, min(first, budget)
    while True:
        yield Look(number, replicates, level_of(number))
        if replicates >= budget:
            return
        number, replicates = number + 1, min(2 * replicates, budget)


def level_of(number: int) -> float:
    """Return the level of the interval at a look, by its number from 1."""
    return 1.0 - (1.0 - LEVEL) / (number * (number + 1))


def reach(estimate: Estimate) -> float:
    """Return how far an interval reaches from its estimate, on the side where it reaches farther."""
    return max(estimate.estimate - estimate.low, estimate.high - estimate.estimate)


def pursued(
    half_width: float,
    budget: int,
    play: Callable[[Played | None, int, int], Played],
    read: Callable[[Played, float], Estimate],
) -> Reached[Played]:
    """Return where playing stops: at the first look whose interval reaches no farther than `half_width`.

    play   given what was played so far, the first replicate to play now and their number; returns all
    read   given what was played and a level; returns the estimate with its interval
    """
    played: Played | None = None
    done = 0
    for look in looks(budget):
        played = play(played, done, look.replicates - done)
        done = look.replicates
        estimate = read(played, look.level)
        if reach(estimate) <= half_width or look.replicates >= budget:
            return Reached(played, look, estimate, reach(estimate) <= half_width)
    raise RunError(f"budget = {budget} allows no look")


def run_until(
    half_width: float,
    scenario: Scenario,
    seed: int = 0,
    *,
    budget: int = BUDGET,
    processes: int | None = None,
    engine: str | None = None,
    progress: Progress | None = None,
) -> Reached[Result]:
    """Return a run of a scenario that stops when its share of success is known to +- `half_width`, at 95 %.

    budget   at most so many replicates; `precise` says whether they were enough
    """
    checked(half_width, budget)
    tell = progress or _say_nothing

    def play(before: Result | None, first: int, count: int) -> Result:
        def told(done: int, asked: int) -> None:
            tell(first + done, first + asked)

        more = run(scenario, count, seed, first=first, processes=processes, engine=engine, progress=told)
        return more if before is None else joined(before, more)

    def read(result: Result, level: float) -> Estimate:
        return wilson(int(result.columns["success"].sum()), len(result), level)

    return pursued(half_width, budget, play, read)


def compare_until(
    half_width: float,
    a: Scenario,
    b: Scenario,
    seed: int = 0,
    *,
    budget: int = BUDGET,
    processes: int | None = None,
    engine: str | None = None,
    progress: Progress | None = None,
) -> Reached[Contrast]:
    """Return a contrast that stops when the difference in success is known to +- `half_width`, at 95 %.

    budget   at most so many replicates of each scenario; `precise` says whether they were enough
    """
    checked(half_width, budget)
    tell = progress or _say_nothing

    def more(scenario: Scenario, before: Result | None, first: int, count: int) -> Result:
        earlier = first + (first + count if scenario is b else 0)

        def told(done: int, asked: int) -> None:
            tell(earlier + done, 2 * (first + asked))

        played = run(scenario, count, seed, first=first, processes=processes, engine=engine, progress=told)
        return played if before is None else joined(before, played)

    def play(before: Contrast | None, first: int, count: int) -> Contrast:
        of_a, of_b = (before.a, before.b) if before else (None, None)
        return contrast(more(a, of_a, first, count), more(b, of_b, first, count))

    return pursued(half_width, budget, play, lambda pair, level: pair.effect("success").interval(level))


def checked(half_width: float, budget: int) -> None:
    """Raise if a precision cannot be asked for."""
    if not 0.0 < half_width <= WIDEST:
        raise RunError(f"precision = {half_width} lies outside 0..{WIDEST} (half-width of the interval, not 0)")
    if budget < 1:
        raise RunError(f"budget = {budget} must be at least 1")


def _say_nothing(done: int, asked: int) -> None:
    """Ignore progress."""
