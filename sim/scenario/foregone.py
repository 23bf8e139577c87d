"""What the settings of a scenario rule out before anything is played: success, a table that opens, a channel that meets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice, pairwise

from sim.parameters import Channel, World
from sim.rules.table import attempt_due
from sim.scenario.load import Scenario


def foregone(scenario: Scenario) -> Iterator[str]:
    """Yield in a sentence each what cannot happen in any replicate, and what would have to be set for it."""
    weeks = scenario.eras[0].world.weeks
    opens = min(
        (week for since, until, world in _worlds(scenario) for week in _openings(world, since, until)), default=None
    )
    if opens is None:
        yield (
            f"{scenario.name}: no table opens within {weeks} weeks: there can be neither an agreement nor success. "
            "Give table.convening a chance, table.attempt_weeks a smaller number, or table.opens a week of the scenario."
        )
    else:
        hold = min(era.world.agreement.hold_weeks for era in scenario.eras)
        followed = any(era.world.agreement.followed for era in scenario.eras)
        if opens + hold > weeks and not followed:
            yield (
                f"{scenario.name}: success needs an agreement that has held for {hold} weeks; none can be signed before "
                f"week {opens}, and the scenario ends after {weeks}: there can be none. Give it at least {opens + hold} "
                "weeks, or ask for less with agreement.hold_weeks."
            )
    for name in scenario.eras[0].world.channels:
        if not any(_may_meet(era.world.channels[name], weeks) for era in scenario.eras):
            yield (
                f"{scenario.name}: channel '{name}' meets nobody within {weeks} weeks; "
                "look at its start, its end, and its legs."
            )


def _worlds(scenario: Scenario) -> Iterator[tuple[int, int, World]]:
    """Yield from which week until which one each world holds."""
    starts = [*(era.start for era in scenario.eras), scenario.eras[0].world.weeks + 1]
    for era, (since, until) in zip(scenario.eras, pairwise(starts), strict=True):
        yield since, until - 1, era.world


def _openings(world: World, since: int, until: int) -> Iterator[int]:
    """Yield the first weeks between two, both included, in which a table of the parties or of a channel might open."""
    for channel in world.channels.values():
        if channel.active and channel.becomes_table > 0:
            yield from islice(range(max(channel.becomes_table, since), until + 1), 1)
    possible: Iterable[int]
    table = world.table
    if table.opens > 0:
        possible = range(max(table.opens, since), until + 1)
    elif table.convening > 0.0:
        possible = (week for week in range(since, until + 1) if attempt_due(week, table.attempt_weeks) > 0)
    else:
        return
    yield from islice(possible, 1)


def _may_meet(channel: Channel, weeks: int) -> bool:
    """Return whether a channel has someone to visit while it lasts."""
    last = min(channel.end, weeks)
    return channel.active and any(leg.active and max(leg.start, channel.start) <= last for leg in channel.legs.values())
