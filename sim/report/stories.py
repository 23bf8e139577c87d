"""One typical replicate: which one it is and why, played in the open, with what a picture of it needs week by week."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from sim import words
from sim.engines.events import Event
from sim.engines.model import Talks
from sim.rules.outcomes import OUTCOMES
from sim.report import narrative, timeline
from sim.report.traces import Trace, Truth
from sim.scenario.load import Scenario
from sim.study.play.open_runs import forget
from sim.study.play.results import Result

COMPARED = ("trust.", "weeks_to_opening", "weeks_to_agreement", "openings", "exposed_week.", "meetings.")
TURNS = (
    "intervenes",
    "comes_to_light",
    "denies",
    "stays_silent",
    "disowns",
    "opens",
    "signs",
    "votes_down",
    "blocks",
    "fails",
    "breaks",
    "spoils",
    "holds",
    "wins",
)
LEAST_MOVE = 0.05
MOST_TOLD = 14


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


@dataclass(frozen=True, slots=True)
class Told:
    """An event worth telling: its week and its sentence."""

    week: int
    text: str


@dataclass(frozen=True)
class Story:
    """One replicate with its weeks, and why it was chosen."""

    trace: Trace
    weeks: tuple[Week, ...]
    chosen: str

    @property
    def command(self) -> str:
        """The command that replays it."""
        one = self.trace
        return f"sim trace {one.scenario.name} --replicate {one.replicate} --seed {one.seed}"

    def turns(self) -> list[Told]:
        """Return the turning points, at most so many, in their order."""
        one = self.trace
        found = [event for event in one.events if is_turn(event)]
        if len(found) > MOST_TOLD:
            rank = sorted(range(len(found)), key=lambda at: (_weight(found[at]), at))
            found = [found[at] for at in sorted(rank[:MOST_TOLD])]
        return [Told(event.week, narrative.tell(event, one.cast)) for event in found]

    def lines(self) -> list[str]:
        """Return every event, week by week."""
        return timeline.lines(self.trace.events, self.trace.cast)


def is_turn(event: Event) -> bool:
    """Return whether an event turns the course of things: one of those listed, or a large move of trust."""
    return event.kind in TURNS or (event.kind == "trust_moves" and _move(event) >= LEAST_MOVE)


def _move(event: Event) -> float:
    """Return by how much an event moved trust."""
    return abs(float(event.detail["after"]) - float(event.detail["before"]))


def _weight(event: Event) -> float:
    """Return how early an event is dropped for lack of room: moves of trust first, the smallest of them first of all."""
    return 1.0 - _move(event) if event.kind == "trust_moves" else 0.0


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
        if name.startswith(COMPARED):
            some = values[rows].astype(np.float64)
            if np.isfinite(some).any() and (spread := float(np.nanstd(some))) > 0.0:
                off = np.abs(some - np.nanmedian(some)) / spread
                distance += np.where(np.isfinite(off), off, 1.0)
    row = int(rows[int(np.argmin(distance))])
    share = len(rows) / len(codes)
    outcome = words.OUTCOMES[OUTCOMES[int(commonest)]]
    why = (
        f"It ended in the commonest way ({outcome}: {100.0 * share:.0f}\N{NO-BREAK SPACE}% of {len(codes):,} replicates) "
        "and, of those that did, lies nearest to their medians in trust at the end, weeks to the table and to an agreement, "
        "and what the channels did."
    )
    return int(result.columns["replicate"][row]), why


def story(scenario: Scenario, seed: int, replicate: int, chosen: str) -> Story:
    """Return one replicate, played in the open week by week."""
    talks = Talks(scenario, seed, replicate)
    truth = {name: Truth(state.trustworthy, float(state.cost)) for name, state in talks.governments.items()}
    weeks = [_week(talks, 0)]
    while talks.running:
        seen = len(talks.events)
        talks.step()
        weeks.append(_week(talks, seen))
    trace = Trace(scenario, seed, replicate, truth, tuple(talks.events), talks.row())
    forget(talks)
    return Story(trace, tuple(weeks), chosen)


def _week(talks: Talks, seen: int) -> Week:
    """Return how things stand; events from number `seen` on are this week's."""
    trust = {
        (one.name, other.name): float(one.trust_in(other))
        for one in talks.governments.values()
        for other in talks.governments.values()
        if one is not other
    }
    parties = tuple(state.name for state in talks.table.parties) if talks.table.is_open else ()
    return Week(trust, tuple(_meetings(talks, talks.events[seen:])), parties, talks.agreement is not None)


def _meetings(talks: Talks, events: list[Event]) -> list[Meeting]:
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
