"""From checked values to worlds: defaults filled in, then the frozen objects the engines read, one for each era."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from sim.parameters import Channel, Parameter, World
from sim.scenario.keys import Key, Tree, declared, intervention_scope, parameter_of, split_key
from sim.scenario.kinds import kind_of
from sim.scenario.read import Given

_Entry = TypeVar("_Entry")


@dataclass(frozen=True)
class Era:
    """A stretch of weeks in which nothing changes from outside, and what holds in it; `start` is its first week."""

    start: int
    world: World


_LAW_OF_KEEPING = ("hold_weeks", "settling", "hazard_trustworthy", "hazard_untrustworthy", "spoiling")


def keeps_one_law(eras: Sequence[Era]) -> bool:
    """Return whether nothing that keeping an agreement depends on changes after the first week.

    Then what becomes of an agreement can be reckoned when it is signed.
    """
    first = max(number for number, era in enumerate(eras) if number == 0 or era.start <= 1)
    laws = [_law_of_keeping(era.world) for era in eras[first:]]
    return all(law == laws[0] for law in laws)


def _law_of_keeping(world: World) -> tuple[Any, ...]:
    """Return what keeping an agreement depends on in an era."""
    hazards = tuple(getattr(world.agreement, name) for name in _LAW_OF_KEEPING)
    return hazards, world.guarantees, {name: state.deterrence for name, state in world.states.items()}


def fill_file(given: Given) -> Tree:
    """Return what was given and checked with every default filled in, also in the entries that interventions add."""
    filled = fill_scope(given.scope, given.tree, (), given.tree)
    filled["interventions"] = {
        name: _fill_intervention(body, given) for name, body in given.tree.get("interventions", {}).items()
    }
    return filled


def _fill_intervention(body: Tree, given: Given) -> Tree:
    """Return an intervention with its defaults filled in; legs added to a channel bring none for the channel."""
    tree, scope = given.tree, given.scope
    filled = fill_scope(intervention_scope(scope), body, (), tree)
    filled["set"] = {
        key: _normal(parameter_of(split_key(key), scope), value) for key, value in body.get("set", {}).items()
    }
    filled["add"] = {}
    for table, entries in body.get("add", {}).items():
        entry_scope = declared(scope).tables[table][0]
        filled["add"][table] = {}
        for name, entry in entries.items():
            whole = fill_scope(entry_scope, entry, (table, name), tree)
            only_legs = set(entry) == {"legs"}
            filled["add"][table][name] = {"legs": whole["legs"]} if only_legs else whole
    return filled


def fill_scope(scope: type, given: Mapping[str, Any], key: Key, tree: Tree) -> Tree:
    """Return the values of one section or entry, in the order of the declarations, with defaults where none is given.

    key    where it stands; its last part is the name of the entry
    tree   the whole, which knows the issues and the states
    """
    here = declared(scope)
    filled: Tree = {}
    for name, parameter in here.parameters.items():
        if parameter.by_issue:
            numbers = {issue: given.get(name, {}).get(issue, parameter.default) for issue in tree.get("issues", {})}
            filled[name] = {issue: _normal(parameter, number) for issue, number in numbers.items()}
        elif parameter.by_point:
            filled[name] = {point: _normal(parameter, number) for point, number in given.get(name, {}).items()}
        else:
            value = given.get(name)
            filled[name] = _normal(parameter, _default(parameter, filled) if value is None else value)
    for name, section in here.sections.items():
        filled[name] = fill_scope(section, given.get(name, {}), (*key, name), tree)
    for name, (entry_scope, refers_to) in here.tables.items():
        entries = given.get(name, {})
        names = [other for other in tree.get(refers_to, {}) if other != key[-1]] if refers_to else list(entries)
        filled[name] = {
            entry: fill_scope(entry_scope, entries.get(entry, {}), (*key, name, entry), tree) for entry in names
        }
    return filled


def deciding(scope: type, filled: Tree) -> Tree:
    """Return filled values in their order without those that only serve words: what a fingerprint is taken of."""
    here = declared(scope)
    kept: Tree = {}
    for name, value in filled.items():
        if name == "interventions":
            kept[name] = {one: body | {"add": deciding(scope, body["add"])} for one, body in value.items()}
        elif name in here.sections:
            kept[name] = deciding(here.sections[name], value)
        elif name in here.tables:
            kept[name] = {entry: deciding(here.tables[name][0], body) for entry, body in value.items()}
        elif name not in here.parameters or not here.parameters[name].told:
            kept[name] = value
    return kept


def _normal(parameter: Parameter, value: Any) -> Any:
    """Return one checked value in the form in which it is kept."""
    return kind_of(parameter).normal(value)


def _default(parameter: Parameter, siblings: Mapping[str, Any]) -> Any:
    """Return the value where none is given; `siblings` are the values declared before it.

    A default that follows another parameter stays within its own limits.
    """
    if parameter.default_by:
        selector, values = parameter.default_by
        return values[siblings[selector]]
    if parameter.default_as:
        low, high = parameter.limits
        return min(max(siblings[parameter.default_as], low), high)
    return parameter.default


def build_eras(filled: list[tuple[int, Tree]], scope: type[World]) -> tuple[Era, ...]:
    """Return the eras of a scenario, each a world of this scope, from their first weeks and their values.

    Each era holds every entry that ever exists, in one order, so that all eras have the same layout. An entry that does
    not exist in an era is not active there and keeps the values of its last, else its first, existence.
    """
    worlds: list[World] = [_build(scope, tree) for _, tree in filled]
    for table in ("officials", "guarantees", "aid", "channels"):
        aligned = _aligned_tables([getattr(world, table) for world in worlds])
        changes: list[dict[str, Any]] = [{table: entries} for entries in aligned]
        worlds = [replace(world, **change) for world, change in zip(worlds, changes, strict=True)]
    return tuple(Era(start, world) for (start, _), world in zip(filled, _with_aligned_legs(worlds), strict=True))


def _build(scope: type, values: Mapping[str, Any], name: str = "") -> Any:
    """Return the frozen object of one scope from its filled values."""
    here = declared(scope)
    arguments: Tree = {
        key: kind_of(parameter).frozen(parameter, values[key]) for key, parameter in here.parameters.items()
    }
    for key, section in here.sections.items():
        arguments[key] = _build(section, values[key])
    for key, (entry_scope, _) in here.tables.items():
        arguments[key] = {entry: _build(entry_scope, body, entry) for entry, body in values[key].items()}
    for declaration in fields(scope):
        if declaration.metadata.get("era"):
            arguments[declaration.name] = True
        elif declaration.name == "name":
            arguments["name"] = name
    return scope(**arguments)


def _aligned_tables(tables: list[dict[str, _Entry]]) -> list[dict[str, _Entry]]:
    """Return one table for each era with the same entries in the same order, those that do not exist not active."""
    names = dict.fromkeys(name for table in tables for name in table)
    columns = {name: _aligned([table.get(name) for table in tables]) for name in names}
    return [{name: column[era] for name, column in columns.items()} for era in range(len(tables))]


def _aligned(column: list[_Entry | None]) -> list[_Entry]:
    """Return one entry through all eras; where it does not exist, its last or else its first existence, not active."""
    known = next(entry for entry in column if entry is not None)
    entries = []
    for entry in column:
        known = known if entry is None else entry
        entries.append(known if entry is not None else _inactive(known))
    return entries


def _inactive(entry: _Entry) -> _Entry:
    """Return an entry as it stands where it does not exist; an official who speaks nowhere needs no mark."""
    return replace(entry, active=False) if hasattr(entry, "active") else entry  # type: ignore[type-var]


def _with_aligned_legs(worlds: list[World]) -> list[World]:
    """Return the worlds with the same legs in each era; a channel that does not exist has none that do."""
    channels: list[dict[str, Channel]] = [dict(world.channels) for world in worlds]
    for name in worlds[0].channels:
        legs = _aligned_tables([era[name].legs if era[name].active else {} for era in channels])
        for era, entries in zip(channels, legs, strict=True):
            era[name] = replace(era[name], legs=entries)
    return [replace(world, channels=era) for world, era in zip(worlds, channels, strict=True)]
