"""One typical replicate: which one it is and why, played in the open, with what a picture of it needs week by week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim import words
from sim.engines.open import War
from sim.report.traces import Trace, trace
from sim.report.turning_points import TurningPoint
from sim.scenario.load import Scenario
from sim.steps.columns import outcomes_of
from sim.steps.events import Event
from sim.steps.trust import OWN
from sim.study.play.results import Result

_COMPARED = ("trust.", "weeks_to_opening", "weeks_to_agreement", "openings", "exposed_week.", "meetings.")


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting of a channel: who spoke for which home, to whom, and whether something was misrepresented."""

    channel: str
    home: str
    audience: str
    misrepresented: bool


@dataclass(frozen=True, slots=True)
class Week:
    """How things stand at the end of a week; week 0 is before the first.

    trust     by ordered pair, 0..1
    parties   who sits at an open table, nobody where it is closed
    """

    trust: dict[tuple[str, str], float]
    meetings: tuple[Meeting, ...]
    parties: tuple[str, ...]
    in_force: bool


@dataclass(frozen=True)
class Story:
    """One replicate with its weeks."""

    trace: Trace
    weeks: tuple[Week, ...]

    def turns(self) -> list[TurningPoint]:
        """Return the turning points, at most ten, in their order."""
        return self.trace.turning_points


def typical(result: Result) -> tuple[int, str]:
    """Return the number of the typical replicate and how it was chosen.

    Among the replicates that ended in the commonest way, it is the one nearest to their medians: of trust at the end, of
    weeks to the table and to an agreement, and of what the channels did, each in units of its spread.
    """
    codes = result.columns["outcome"]
    commonest = Counter(codes.tolist()).most_common(1)[0][0]
    rows = np.flatnonzero(codes == commonest)
    distance = np.zeros(len(rows))
    for name, values in result.columns.items():
        if name.startswith(_COMPARED):
            some = values[rows].astype(np.float64)
            if np.isfinite(some).any() and (spread := float(np.nanstd(some))) > 0.0:
                off = np.abs(some - np.nanmedian(some)) / spread
                distance += np.where(np.isfinite(off), off, 1.0)
    row = int(rows[int(np.argmin(distance))])
    share = len(rows) / len(codes)
    outcome = words.outcome(outcomes_of(result.scenario)[int(commonest)])
    why = (
        f"It ended in the commonest way ({outcome}: {100.0 * share:.0f}\N{NO-BREAK SPACE}% of {len(codes):,} replicates) "
        "and, of those that did, lies nearest to their medians in trust at the end, weeks to the table and to an agreement, "
        "and what the channels did."
    )
    return int(result.columns["replicate"][row]), why


def story(scenario: Scenario, seed: int, replicate: int) -> Story:
    """Return one replicate, played in the open week by week."""
    weeks: list[Week] = []
    found = trace(scenario, seed, replicate, lambda talks, events: weeks.append(_week(talks, events)))
    return Story(found, tuple(weeks))


def _week(talks: War, events: Sequence[Event]) -> Week:
    """Return how things stand after a week with these events."""
    states = talks.states
    trust = {
        (state.name, other.name): float(state.trust_in(other, OWN))
        for state in states
        for other in states
        if state is not other
    }
    parties = talks.seated_names if talks.table.is_open else ()
    return Week(trust, tuple(_meetings(talks, events)), parties, talks.agreement.in_force or talks.week > talks.weeks)


def _meetings(talks: War, events: Sequence[Event]) -> list[Meeting]:
    """Return the meetings among a week's events."""
    false = {(event.actor, event.to) for event in events if event.kind == "misrepresents"}
    found = []
    for event in events:
        if event.kind == "meets":
            channel = str(event.detail["channel"])
            home = talks.world.channels[channel].home
            found.append(Meeting(channel, home, event.to, (event.actor, event.to) in false))
    return found


def spans(weeks: tuple[Week, ...], holds: str) -> list[tuple[int, int]]:
    """Return the stretches of weeks, first and last, in which the table is open ("parties") or a deal in force."""
    found: list[tuple[int, int]] = []
    for number, week in enumerate(weeks):
        if getattr(week, holds):
            first = found.pop()[0] if found and found[-1][1] == number - 1 else number
            found.append((first, number))
    return found
