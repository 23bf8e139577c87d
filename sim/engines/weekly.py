"""What can be followed week by week in each replicate: quantities both engines give, in one order.

Week 0 is the start. A value is that at the end of its week; once the outcome is settled, the last one stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.parameters import World

WIDEST_MISPERCEPTION = 4.0


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity: its name, unit, the range its histograms cover, and its meaning."""

    name: str
    unit: str
    low: float
    high: float
    meaning: str


def quantities_of(world: World) -> list[Quantity]:
    """Return the quantities of a scenario, in the order in which both engines give them."""
    return [*_pairs(world), *_course(world)]


def _pairs(world: World) -> Iterator[Quantity]:
    """Yield the quantities about each ordered pair of states."""
    pairs = [(one, other) for one in world.states for other in world.states if one != other]
    for one, other in pairs:
        yield Quantity(f"trust.{one}.{other}", "probability", 0.0, 1.0, f"{one}'s trust in {other}")
    for one, other in pairs:
        meaning = f"|mean of {one}'s belief - log cost of {other}|"
        yield Quantity(f"misperception.{one}.{other}", "log cost", 0.0, WIDEST_MISPERCEPTION, meaning)


def _course(world: World) -> Iterator[Quantity]:
    """Yield the quantities about war and talks."""
    yield Quantity("front", "0..1", 0.0, 1.0, "where the front stands")
    yield Quantity("table_open", "0 or 1", 0.0, 1.0, "the table is open")
    yield Quantity("in_force", "0 or 1", 0.0, 1.0, "an agreement is in force")
    yield Quantity("success", "0 or 1", 0.0, 1.0, "an agreement has held for the weeks that count as success")
    yield Quantity("decided_by_force", "0 or 1", 0.0, 1.0, "the war has been decided by force")
    for channel in world.channels:
        yield Quantity(f"exposed.{channel}", "0 or 1", 0.0, 1.0, f"{channel} has become known")
