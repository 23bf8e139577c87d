"""The trace of one replicate: what was true at the start, what happened, how it ended; and where two of them part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sim import words
from sim.engines.open import War
from sim.plain import plain_data
from sim.report import narrative, timeline
from sim.report.turning_points import TurningPoint, turning_points
from sim.scenario.load import Scenario
from sim.steps.events import Event
from sim.study.play.open_runs import forget, player_of
from sim.version import model_version

Watch = Callable[[War, Sequence[Event]], None]


@dataclass(frozen=True, slots=True)
class Truth:
    """What nobody else knows of a state at the start: whether it is trustworthy, and what war costs it (utility)."""

    trustworthy: bool
    cost: float


@dataclass(frozen=True, eq=False)
class Trace:
    """One replicate of a scenario, played in the open.

    fronts   where the front stood at the end of each week, 0..1; the first is the start
    """

    scenario: Scenario
    seed: int
    replicate: int
    truth: dict[str, Truth]
    events: tuple[Event, ...]
    fronts: tuple[float, ...]
    row: dict[str, float | str]

    @cached_property
    def cast(self) -> narrative.Cast:
        """The names of the scenario in words, and what is called by the front as it stood."""
        return narrative.Cast(self.scenario, self.fronts, _passed_off(self.events))

    def lines(self) -> list[str]:
        """Return what happened, week by week."""
        return timeline.lines(self.events, self.cast)

    @cached_property
    def turning_points(self) -> list[TurningPoint]:
        """The turning points, at most ten."""
        return turning_points(self.events, self.cast)

    def turns(self) -> list[str]:
        """Return the turning points, at most ten, as lines with their weeks."""
        return [narrative.dated(turn.week, turn.week, turn.text) for turn in self.turning_points]

    def heading(self) -> list[str]:
        """Return which replicate this is, what was true at the start, and how terms are to be read."""
        title = f"{self.scenario.title or self.scenario.name} ({self.scenario.name})"
        lines = [f"{title}, replicate {self.replicate}, seed {self.seed}"]
        for name, state in self.truth.items():
            kind = "trustworthy" if state.trustworthy else "not trustworthy"
            cost = words.number(state.cost)
            lines.append(f"In truth {words.state(name)} is {kind}; at the start war costs it {cost} utility.")
        return [*lines, self.cast.legend()]

    def ending(self) -> str:
        """Return how it ended."""
        outcome = str(self.row["outcome"])
        week = self.events[-1].week if self.events else 0
        return f"{words.outcome(outcome)} (week {week})"

    def heading_data(self) -> dict[str, Any]:
        """Return which replicate this is, as plain data."""
        return {
            "scenario": self.scenario.name,
            "title": self.scenario.title,
            "fingerprint": self.scenario.fingerprint,
            "model_version": model_version(),
            "seed": self.seed,
            "replicate": self.replicate,
            "outcome": self.row["outcome"],
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the trace as plain data: its turning points and every event with sentences, and the measured columns."""
        return {
            **self.heading_data(),
            "truth": {
                name: {"trustworthy": state.trustworthy, "cost": state.cost} for name, state in self.truth.items()
            },
            "turning_points": [
                {"week": turn.week, "kind": turn.kind, "text": turn.text} for turn in self.turning_points
            ],
            "events": [_event_data(event, self.cast) for event in self.events],
            "row": plain_data(self.row),
        }


@dataclass(frozen=True, eq=False)
class Parting:
    """Where two traces part: how many events they have in common, and the week of the first that differs."""

    a: Trace
    b: Trace
    place: int

    @property
    def week(self) -> int:
        """The week in which they part."""
        return min(trace.events[self.place].week for trace in (self.a, self.b) if self.place < len(trace.events))

    def before(self, count: int) -> list[str]:
        """Return the last lines that are the same."""
        same = self.a.events[max(0, self.place - 200) : self.place]
        return timeline.lines(same, self.a.cast)[-count:]

    def lines(self, count: int) -> tuple[list[str], list[str]]:
        """Return the next `count` lines of both."""
        left, right = (timeline.lines(trace.events[self.place :], trace.cast)[:count] for trace in (self.a, self.b))
        return left, right

    def side_by_side(self, count: int, width: int) -> list[str]:
        """Return the next `count` lines of both, in two columns."""
        left, right = self.lines(count)
        names = [f"a: {self.a.scenario.name}"], [f"b: {self.b.scenario.name}"]
        rule = "-" * ((width - 3) // 2)
        head = [f"They part in week {self.week}:", "", *timeline.side_by_side(*names, width), f"{rule}-+-{rule}"]
        return [*head, *timeline.side_by_side(left, right, width)]

    def to_dict(self) -> dict[str, Any]:
        """Return the parting as plain data: its week, the first event of each that differs, and their sentences."""
        first = {
            name: _event_data(trace.events[self.place], trace.cast) if self.place < len(trace.events) else None
            for name, trace in (("a", self.a), ("b", self.b))
        }
        return {"week": self.week, "events_in_common": self.place, **first}


def trace(scenario: Scenario, seed: int, replicate: int, watch: Watch | None = None) -> Trace:
    """Return one replicate, played in the open; the model it was played by is let go.

    watch   called before the first week and after each, with the model and the events of that week
    """
    talks = player_of(scenario)(scenario, seed, replicate)
    try:
        fronts = [float(talks.front.position)]
        truth = {state.name: Truth(state.trustworthy > 0.0, float(state.cost)) for state in talks.states}
        if watch:
            watch(talks, talks.events[:])
        while talks.running:
            before = len(talks.events)
            talks.step()
            fronts.append(float(talks.front.position))
            if watch:
                watch(talks, talks.events[before:])
        return Trace(scenario, seed, replicate, truth, tuple(talks.events), tuple(fronts), talks.row())
    finally:
        forget(talks)


def _passed_off(events: Sequence[Event]) -> dict[str, int]:
    """Return the channels in which something was misrepresented, each with the first week of it."""
    first: dict[str, int] = {}
    for event in events:
        if event.kind in narrative.PASSED_OFF:
            first.setdefault(str(event.detail["channel"]), event.week)
    return first


def parting(a: Trace, b: Trace) -> Parting | None:
    """Return where two traces part, or None if every event is told the same way in both."""
    place = timeline.first_difference(a.events, b.events, a.cast, b.cast)
    return None if place is None else Parting(a, b, place)


def _event_data(event: Event, cast: narrative.Cast) -> dict[str, Any]:
    """Return an event as plain data, with its sentence; numbers that do not exist are None."""
    data: dict[str, Any] = plain_data(event.to_dict() | {"text": narrative.line(event, cast)})
    return data
