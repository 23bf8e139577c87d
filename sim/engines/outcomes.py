"""What is measured in each replicate: the columns both engines fill, in one order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sim.parameters import World

OUTCOMES = (
    "success",
    "in_force_unproven",
    "never_opened",
    "impasse",
    "vetoed",
    "not_ratified",
    "broken",
    "decided_by_force",
)
FAILURES = ("impasse", "vetoed", "not_ratified", "broken")


@dataclass(frozen=True, slots=True)
class Column:
    """One measured quantity: its name, what kind of value it is, unit, and meaning.

    kind    flag (0 or 1), category (a word from OUTCOMES), count (whole number), number; missing values are NaN
    """

    name: str
    kind: Literal["flag", "category", "count", "number"]
    unit: str
    meaning: str


def columns_of(world: World) -> list[Column]:
    """Return the columns of a scenario, in the order in which both engines fill them."""
    return [*_course(), *_pairs(world), *_deal(world), *_war(world), *_channels(world)]


def givers_of(world: World) -> list[str]:
    """Return the states that give aid, in the order of the scenario."""
    given = {one.giver for one in world.aid.values()}
    return [state for state in world.states if state in given]


def hearers_of(world: World) -> list[tuple[str, str]]:
    """Return every channel with each state that hears through it: home and the states it ever visits."""
    return [
        (channel.name, state)
        for channel in world.channels.values()
        for state in world.states
        if state == channel.home or any(leg.state == state for leg in channel.legs.values())
    ]


def _course() -> Iterator[Column]:
    """Yield the columns about how the talks went."""
    yield Column("success", "flag", "0 or 1", "an agreement held for the weeks that count as success")
    yield Column("outcome", "category", "word", "how it ended; of several failures the last")
    yield Column("weeks_to_opening", "number", "weeks", "first week in which the table opened")
    yield Column("weeks_to_agreement", "number", "weeks", "week in which the first agreement was signed")
    yield Column("weeks_to_success", "number", "weeks", "week in which an agreement had held long enough")
    yield Column("openings", "count", "tables", "how often the table opened")
    yield Column("agreements", "count", "agreements", "how many agreements were signed")
    for failure in FAILURES:
        yield Column(f"failures.{failure}", "count", "times", f"how often talks ended this way: {failure}")
    yield Column("deal_existed", "flag", "0 or 1", "at an attempt to open or in week 26 a deal was better for all")
    yield Column("missed", "flag", "0 or 1", "a deal existed and none was signed")
    yield Column("futile", "flag", "0 or 1", "the table opened although no deal existed")


def _pairs(world: World) -> Iterator[Column]:
    """Yield the columns about each ordered pair of states."""
    pairs = [(one, other) for one in world.states for other in world.states if one != other]
    for one, other in pairs:
        yield Column(f"trust.{one}.{other}", "number", "probability", f"{one}'s trust in {other} at the end")
    for one, other in pairs:
        meaning = f"|mean of {one}'s belief - log cost of {other}|, mean of weeks 27-52 or until signing"
        yield Column(f"misperception.{one}.{other}", "number", "log cost", meaning)
    for one, other in pairs:
        meaning = f"(mean of {one}'s belief - log cost of {other}) / its sd, over the same weeks"
        yield Column(f"calibration.{one}.{other}", "number", "sd", meaning)


def _deal(world: World) -> Iterator[Column]:
    """Yield the columns about the agreement signed last."""
    for issue in world.issues:
        yield Column(f"terms.{issue}", "number", "0..1", f"terms on {issue}, 0 side B's aim, 1 side A's")
    for state in world.states:
        yield Column(f"surplus.{state}", "number", "utility", f"V - r of {state} at signing; 0 if unsigned")
    for state in world.states:
        meaning = f"surplus of {state}, less its betrayal loss if an adversary or a spoiler broke the agreement"
        yield Column(f"payoff.{state}", "number", "utility", meaning)


def _war(world: World) -> Iterator[Column]:
    """Yield the columns about the war at the end."""
    yield Column("front", "number", "0..1", "where the front stood at the end")
    for aid in world.aid:
        yield Column(f"aid.{aid}", "number", "aid units", f"{aid}, mean over the weeks of war")
    for state in givers_of(world):
        yield Column(f"escalation.{state}", "number", "probability", f"{state}'s belief in escalation at the end")


def _channels(world: World) -> Iterator[Column]:
    """Yield the columns about channels."""
    for channel in world.channels:
        yield Column(f"meetings.{channel}", "count", "meetings", f"meetings held by {channel}")
        yield Column(f"misrepresented.{channel}", "count", "meetings", f"meetings of {channel} misrepresented")
        yield Column(f"checked.{channel}", "count", "meetings", f"meetings of {channel} checked with its home")
        yield Column(f"caught.{channel}", "count", "meetings", f"checks of {channel} that showed a falsehood")
        yield Column(f"exposed_week.{channel}", "number", "week", f"week in which {channel} became known")
    for channel, state in hearers_of(world):
        meaning = f"{state}'s probability, at the end, that {channel} is a straight source"
        yield Column(f"credibility.{channel}.{state}", "number", "probability", meaning)
