"""Tables of what a replicate gives: its columns and its events."""

from __future__ import annotations

import re

from docs.tables.markdown import code, table
from sim.engines.events import KINDS
from sim.parameters import World
from sim.scenario.load import load
from sim.steps.columns import Column, Quantity, columns_of, quantities_of

CASE = "secret-track-1.5"


def columns(_: str = "") -> str:
    """Return a table of every column, with placeholders for the names of a scenario."""
    world = load(CASE).eras[0].world
    rows = {}
    for column in columns_of(world):
        name, meaning = generalised(column, world)
        rows.setdefault(name, (code(name), column.kind, column.unit, meaning))
    return table(("column", "kind", "unit", "meaning"), rows.values())


def weekly(_: str = "") -> str:
    """Return a table of every quantity that can be followed week by week, with placeholders likewise."""
    world = load(CASE).eras[0].world
    rows = {}
    for quantity in quantities_of(world):
        name, meaning = generalised(quantity, world)
        covered = f"{quantity.low:g} to {quantity.high:g}"
        rows.setdefault(name, (code(name), quantity.unit, covered, meaning))
    return table(("quantity", "unit", "histograms cover", "meaning"), rows.values())


def generalised(column: Column | Quantity, world: World) -> tuple[str, str]:
    """Return name and meaning of a column with STATE, OTHER, ISSUE, AID and CHANNEL for the names of a scenario."""
    group, *parts = column.name.split(".")
    meaning = column.meaning
    placed = []
    for part in parts:
        placeholder = placeholder_of(part, world, placed)
        if placeholder != part:
            meaning = re.sub(rf"\b{part}\b", placeholder, meaning)
        placed.append(placeholder)
    return ".".join([group, *placed]), meaning


def placeholder_of(part: str, world: World, before: list[str]) -> str:
    """Return what stands for one part of a column's name."""
    if part in world.states:
        return "OTHER" if "STATE" in before else "STATE"
    for table_of_names, placeholder in ((world.issues, "ISSUE"), (world.aid, "AID"), (world.channels, "CHANNEL")):
        if part in table_of_names:
            return placeholder
    return part


def events(_: str = "") -> str:
    """Return a table of every kind of event."""
    return table(("kind", "meaning"), [(code(kind), meaning) for kind, meaning in KINDS.items()])
