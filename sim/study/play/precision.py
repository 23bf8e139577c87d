"""Precision on demand: playing on until an interval is narrow enough.

Looks are taken at fixed, doubling counts of replicates. Look k spends the error alpha / (k (k + 1)); all looks together
spend no more than alpha = .05, so that the interval at which playing stops covers at least as often as it says, whichever
look that is. What stops it is the interval alone, never the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sim.scenario.load import Scenario
from sim.study.play.paired import paired
from sim.study.play.replicates import Progress, RunError, progress_within, run
from sim.study.play.results import Result, joined_results
from sim.study.statistics.estimates import LEVEL, Estimate

FIRST_LOOK = 2_000
BUDGET = 1_000_000
_WIDEST = 0.5

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
        yield Look(number, replicates, 1.0 - (1.0 - LEVEL) / (number * (number + 1)))
        if replicates >= budget:
            return
        number, replicates = number + 1, min(2 * replicates, budget)


def farther_half(estimate: Estimate) -> float:
    """Return the half-width of an interval on the side where it reaches farther from its estimate."""
    return max(estimate.estimate - estimate.low, estimate.high - estimate.estimate)


def play_until(
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
        if farther_half(estimate) <= half_width or look.replicates >= budget:
            return Reached(played, look, estimate, farther_half(estimate) <= half_width)
    raise RunError(f"budget = {budget} allows no look")


def run_until(
    half_width: float,
    scenarios: Sequence[Scenario],
    seed: int = 0,
    *,
    budget: int = BUDGET,
    processes: int | None = None,
    engine: str | None = None,
    progress: Progress | None = None,
) -> Reached[list[Result]]:
    """Return runs that stop when success is known to +- `half_width`, at 95 %: of one scenario, or what two differ in.

    budget   at most so many replicates of each scenario; `precise` says whether they were enough
    """
    _check(half_width, budget)

    def play(before: list[Result] | None, first: int, count: int) -> list[Result]:
        # What is played on goes on in the engine it began in, however few replicates are left.
        engines = (
            [engine] * len(scenarios) if before is None else [result.engine.partition(" ")[0] for result in before]
        )
        asked = len(scenarios) * (first + count)
        more = [
            run(
                scenario,
                count,
                seed,
                first=first,
                processes=processes,
                engine=chosen,
                progress=progress_within(progress, len(scenarios) * first + number * count, asked),
            )
            for number, (scenario, chosen) in enumerate(zip(scenarios, engines, strict=True))
        ]
        return more if before is None else list(map(joined_results, before, more))

    return play_until(half_width, budget, play, success_of)


def success_of(results: Sequence[Result], level: float) -> Estimate:
    """Return the share of success of one result, or the difference of two, with its interval at a level."""
    if len(results) == 1:
        return results[0].share("success", level)
    return paired(results).effect("success").interval(level)


def _check(half_width: float, budget: int) -> None:
    """Raise if a precision cannot be asked for."""
    if not 0.0 < half_width <= _WIDEST:
        raise RunError(f"precision = {half_width} lies outside 0..{_WIDEST} (half-width of the interval, not 0)")
    if budget < 1:
        raise RunError(f"budget = {budget} must be at least 1")
