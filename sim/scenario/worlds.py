"""From checked values to the frozen objects the engines read, with every entry that ever exists in every era."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from sim.parameters import Channel, Parameter, World
from sim.scenario.keys import Tree, declared

Entry = TypeVar("Entry")


@dataclass(frozen=True)
class Era:
    """A stretch of weeks in which nothing changes from outside, and what holds in it; `start` is its first week."""

    start: int
    world: World


def built_eras(filled: list[tuple[int, Tree]]) -> tuple[Era, ...]:
    """Return the eras of a scenario from their first weeks and their values.

    Each era holds every entry that ever exists, in one order, so that all eras have the same layout. An entry that does
    not exist in an era is not active there and keeps the values of its last, else its first, existence.
    """
    worlds: list[World] = [built(World, tree) for _, tree in filled]
    for table in ("officials", "guarantees", "aid", "channels"):
        aligned = aligned_tables([getattr(world, table) for world in worlds])
        changes: list[dict[str, Any]] = [{table: entries} for entries in aligned]
        worlds = [replace(world, **change) for world, change in zip(worlds, changes, strict=True)]
    return tuple(Era(start, world) for (start, _), world in zip(filled, _with_aligned_legs(worlds), strict=True))


def built(scope: type, values: Mapping[str, Any], name: str = "") -> Any:
    """Return the frozen object of one scope from its filled values."""
    here = declared(scope)
    arguments: Tree = {key: _frozen(parameter, values[key]) for key, parameter in here.parameters.items()}
    for key, section in here.sections.items():
        arguments[key] = built(section, values[key])
    for key, (entry_scope, _) in here.tables.items():
        arguments[key] = {entry: built(entry_scope, one, entry) for entry, one in values[key].items()}
    for one in fields(scope):
        if one.metadata.get("era"):
            arguments[one.name] = True
        elif one.name == "name":
            arguments["name"] = name
    return scope(**arguments)


def _frozen(parameter: Parameter, value: Any) -> Any:
    """Return a value as the engines read it: lists as tuples, weights scaled."""
    if isinstance(value, list):
        return tuple(value)
    if parameter.kind != "by_issue":
        return value
    total = math.fsum(value.values()) if parameter.scaled else 1.0
    return {issue: number / total for issue, number in value.items()}


def aligned_tables(tables: list[dict[str, Entry]]) -> list[dict[str, Entry]]:
    """Return one table for each era with the same entries in the same order, those that do not exist not active."""
    names = dict.fromkeys(name for table in tables for name in table)
    columns = {name: _aligned([table.get(name) for table in tables]) for name in names}
    return [{name: column[era] for name, column in columns.items()} for era in range(len(tables))]


def _aligned(column: list[Entry | None]) -> list[Entry]:
    """Return one entry through all eras; where it does not exist, its last or else its first existence, not active."""
    known = next(entry for entry in column if entry is not None)
    entries = []
    for entry in column:
        known = known if entry is None else entry
        entries.append(known if entry is not None else _inactive(known))
    return entries


def _inactive(entry: Entry) -> Entry:
    """Return an entry as it stands where it does not exist; an official who speaks nowhere needs no mark."""
    return replace(entry, active=False) if hasattr(entry, "active") else entry  # type: ignore[type-var]


def _with_aligned_legs(worlds: list[World]) -> list[World]:
    """Return the worlds with the same legs in each era; a channel that does not exist has none that do."""
    channels: list[dict[str, Channel]] = [dict(world.channels) for world in worlds]
    for name in worlds[0].channels:
        legs = aligned_tables([era[name].legs if era[name].active else {} for era in channels])
        for era, entries in zip(channels, legs, strict=True):
            era[name] = replace(era[name], legs=entries)
    return [replace(world, channels=era) for world, era in zip(worlds, channels, strict=True)]
