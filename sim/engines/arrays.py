"""A scenario as flat arrays (see layout.py)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import chance
from sim.engines.layout import CHANNEL_LISTS, COUNTS, Layout, layout_of
from sim.engines.models import model_of
from sim.parameters import World, parameters_of
from sim.rules.outcomes import FAILURES
from sim.scenario.load import Scenario
from sim.scenario.worlds import keeps_one_law
from sim.search.offers import work_size
from sim.search.sheet import sheet_size
from sim.steps.columns import givers_of, hearers_of, looks_for_deals
from sim.steps.exposure import DENY, DISOWN, EXPOSE, STAY_SILENT
from sim.steps.kinds import SINGLE

ACTS = {"expose": EXPOSE, "deny": DENY, "stay_silent": STAY_SILENT, "disown": DISOWN}


@dataclass(frozen=True)
class Arrays:
    """A scenario's arrays, P (int64) and R (float64), and the sizes of what a thread works with.

    layout   the places of the model that plays them
    """

    layout: Layout
    whole: NDArray[np.int64]
    scenario: NDArray[np.float64]
    numbers_size: int
    sheet_size: int
    work_size: int


def arrays_of(scenario: Scenario, quantities: int = 0, columns: Collection[str] = ()) -> Arrays:
    """Return the arrays of a scenario, with room for so many quantities to be followed week by week.

    columns   those that are asked for, all where none are named; what only others need is not played
    """
    world, layout = scenario.eras[0].world, layout_of(model_of(scenario))
    sections = layout.sections
    counts = _counts(scenario)
    plan = dict.fromkeys(layout.plan, 0)
    for name in COUNTS:
        plan[f"count.{name}"] = counts[name]
    plan |= {"eras": len(scenario.eras), "quantities": quantities, "War.weeks": world.weeks}
    plan["War.keeps_one_law"] = int(keeps_one_law(scenario.eras))
    plan["War.looks_for_deals"] = int(looks_for_deals(scenario, columns))
    blocks = [_era_block(era.world, counts, layout) for era in scenario.eras]
    at = layout.settings.size
    for name, values in blocks[0].items():
        if name:
            plan[f"scenario.{name}"] = at
            at += len(values)
    plan["era_size"] = at
    tail: list[int] = []
    for name, numbers in _fixed_numbers(scenario).items():
        plan[name] = layout.plan.size + len(tail)
        tail += numbers
    plan["changing"] = layout.plan.size + len(tail)
    for kind in layout.many:
        if sections[kind]["whole"].size:
            plan[f"whole.{kind}"] = layout.plan.size + len(tail)
            tail += [0] * (counts[kind] * sections[kind]["whole"].size)
    place = layout.numbers.size
    for kind in layout.many:
        if sections[kind]["number"].size:
            plan[f"number.{kind}"] = place
            place += counts[kind] * sections[kind]["number"].size
    plan["course"] = place
    rows = counts["State"]
    return Arrays(
        layout,
        np.array([*plan.values(), *tail], dtype=np.int64),
        np.concatenate([np.asarray(values, dtype=np.float64) for block in blocks for values in block.values()]),
        place + (world.weeks + 1) * quantities,
        sheet_size(counts["Issue"], counts["fighters"], counts["Guarantee"], max(rows, 2)),
        work_size(max(rows, 2)),
    )


def patched(arrays: Arrays, scenario: Scenario, values: Mapping[str, float]) -> Arrays:
    """Return the arrays of `scenario.with_values(values)`, by writing the values into its own.

    values   by their keys, as in channels.back.noise; each must have a place of its own (`place_of`), and lie in its limits
    """
    numbers, size = arrays.scenario.copy(), int(arrays.whole[arrays.layout.plan.era_size])
    for key, value in values.items():
        place = place_of(scenario, key)
        if place is None:
            raise ValueError(f"{key}: others follow from it, so that the scenario must be laid out anew")
        changes = [one for one in scenario.values["interventions"].values() if key in one["set"]]
        until = min((one["week"] for one in changes), default=scenario.eras[-1].start + 1)
        for number, era in enumerate(scenario.eras):
            if era.start < until:
                numbers[number * size + place] = value
    return replace(arrays, scenario=numbers)


def place_of(scenario: Scenario, key: str) -> int | None:
    """Return where a parameter stands in the numbers of an era; None if others follow from it, or it is not a number.

    key   as in channels.back.noise or states.ukraine.aims.crimea
    """
    *path, name = key.split(".")
    world, arrays = scenario.eras[0].world, arrays_of(scenario)
    layout, plan = arrays.layout, arrays.whole
    if len(path) == 3 and path[2] == "aims":
        number = list(world.states).index(path[1]) * len(world.issues) + list(world.issues).index(name)
        start = int(plan[layout.plan["scenario.Stake"]])
        return start + number * 2 + layout.sections["Stake"]["scenario"].place("aim")
    scope, kind, number = _entry_at(world, path)
    if kind == "" or _is_followed_by_others(scope, name):
        return None
    section = layout.sections[kind]["scenario"]
    if kind in SINGLE:
        return layout.settings[f"{kind}.{name}"]
    return int(plan[layout.plan[f"scenario.{kind}"]]) + number * section.size + section.place(name)


_SCOPES = {"own": "War", "front": "Front", "table": "Table", "agreement": "Agreement", "escalation": "Escalation"}
_TABLES = {"issues": "Issue", "states": "State", "guarantees": "Guarantee", "aid": "Flow", "officials": "Envoy"}


def _entry_at(world: World, path: list[str]) -> tuple[type, str, int]:
    """Return the scope of the entry at a path, the kind of thing it is, and its number; the kind is "" for none."""
    match path:
        case [section] if section in _SCOPES:
            return type(getattr(world, section)), _SCOPES[section], 0
        case [table, entry] if table in _TABLES:
            entries = getattr(world, table)
            return type(entries[entry]), _TABLES[table], list(entries).index(entry)
        case ["channels", channel]:
            return type(world.channels[channel]), "Channel", list(world.channels).index(channel)
        case ["states", state, "toward", other]:
            states = list(world.states)
            return (
                type(world.states[state].toward[other]),
                "Opinion",
                states.index(state) * len(states) + states.index(other),
            )
        case ["channels", channel, "legs", leg]:
            legs = [(one.name, name) for one in world.channels.values() for name in one.legs]
            return type(world.channels[channel].legs[leg]), "Leg", legs.index((channel, leg))
    return World, "", 0


def _is_followed_by_others(scope: type, name: str) -> bool:
    """Return whether anything else in the arrays can follow from a parameter, or it is no plain number."""
    declared = dict(parameters_of(scope))
    if declared[name].kind not in ("number", "count", "flag"):
        return True
    return any(
        one.default_as == name or (one.default_by is not None and one.default_by[0] == name)
        for one in declared.values()
    )


def _counts(scenario: Scenario) -> dict[str, int]:
    """Return how many there are of each kind, and in each list."""
    world = scenario.eras[0].world
    states, channels, envoys = len(world.states), len(world.channels), len(world.officials)
    return {
        "Issue": len(world.issues),
        "State": states,
        "Stake": states * len(world.issues),
        "Opinion": states * states,
        "Guarantee": len(world.guarantees),
        "Flow": len(world.aid),
        "Ending": len(FAILURES),
        "Envoy": envoys,
        "Channel": channels,
        "Leg": sum(len(one.legs) for one in world.channels.values()),
        "Part": channels * envoys,
        "View": channels * states,
        "Hearing": channels * states * states,
        "Belief": 2 * channels * states * states,
        "Message": states,
        "Act": len(scenario.acts),
        "fighters": sum(one.side != "none" for one in world.states.values()),
        "givers": len(givers_of(world)),
        "hearers": len(hearers_of(world)),
        "speakers": max(sum(len(one.envoys) for one in era.world.channels.values()) for era in scenario.eras),
    }


def _fixed_numbers(scenario: Scenario) -> dict[str, list[int]]:
    """Return the whole numbers that never change, by their place in the plan: addresses, acts, lists."""
    world = scenario.eras[0].world
    channels, states = list(world.channels), list(world.states)
    acts = [(act.week, ACTS[act.kind], channels.index(act.channel)) for act in scenario.acts]
    hearers = [channels.index(channel) * len(states) + states.index(state) for channel, state in hearers_of(world)]
    return {
        "fixed.State": [chance.address(name) for name in states],
        "fixed.Channel": [chance.address(name) for name in channels],
        "fixed.View": [chance.pair_address(channel, state) for channel in channels for state in states],
        "fixed.Act": [number for act in acts for number in act],
        "list.fighters": [number for number, one in enumerate(world.states.values()) if one.side != "none"],
        "list.givers": [states.index(name) for name in givers_of(world)],
        "list.hearers": hearers,
        "list.era_starts": [era.start for era in scenario.eras],
    }


def _era_block(world: World, counts: Mapping[str, int], layout: Layout) -> dict[str, list[float]]:
    """Return what the scenario says in one era: single kinds under "", then each kind, then who speaks where."""
    block: dict[str, list[float]] = {"": []}
    for section, kind in _SCOPES.items():
        fields = layout.sections[kind]["scenario"].fields
        block[""] += _numbers_of(fields, getattr(world, section), world, {}) if fields else []
    for kind in layout.many:
        fields = layout.sections[kind]["scenario"].fields
        if fields:
            block[kind] = [
                number for entry, more in _things(kind, world) for number in _numbers_of(fields, entry, world, more)
            ]
    envoys = {name: float(number) for number, name in enumerate(world.officials)}
    listed = [envoys[name] for channel in world.channels.values() for name in channel.envoys]
    block["speakers"] = listed + [0.0] * (counts["speakers"] - len(listed))
    return block


def _things(kind: str, world: World) -> Iterator[tuple[Any, Mapping[str, float]]]:
    """Yield each entry of a kind with the numbers that follow from what the scenario says elsewhere."""
    states = world.states.values()
    if kind == "State":
        yield from ((one, {"is_named_party": float(one.name in world.table.parties)}) for one in states)
    elif kind == "Stake":
        yield from (
            (None, {"aim": one.aims[issue], "weight": one.weights[issue]}) for one in states for issue in world.issues
        )
    elif kind == "Opinion":
        yield from (
            (None, {}) if other is one else (one.toward[other.name], {"pledged": float(other.name in one.pledges)})
            for one in states
            for other in states
        )
    elif kind == "Channel":
        yield from _channels(world)
    elif kind == "View":
        yield from (
            (
                None,
                {
                    "hosts": float(channel.host == name),
                    "briefed_from": float(channel.briefed_from(name)),
                    "is_conceded_to": float(channel.concedes_to == name),
                },
            )
            for channel in world.channels.values()
            for name in world.states
        )
    elif kind == "Leg":
        yield from ((leg, {}) for channel in world.channels.values() for leg in channel.legs.values())
    else:
        tables: dict[str, Mapping[str, Any]] = {
            "Issue": world.issues,
            "Guarantee": world.guarantees,
            "Flow": world.aid,
            "Envoy": world.officials,
        }
        yield from ((entry, {}) for entry in tables[kind].values())


def _channels(world: World) -> Iterator[tuple[Any, Mapping[str, float]]]:
    """Yield each channel with where its legs and its speakers are listed."""
    legs, speakers = 0, 0
    for channel in world.channels.values():
        places = (legs, len(channel.legs), speakers, len(channel.envoys))
        yield channel, dict(zip(CHANNEL_LISTS, map(float, places), strict=True))
        legs += len(channel.legs)
        speakers += len(channel.envoys)


def _numbers_of(fields: Iterable[str], entry: Any, world: World, more: Mapping[str, float]) -> list[float]:
    """Return an entry's numbers in the order of its fields; of an entry that is none, zeros."""
    if entry is None and not more:
        return [0.0 for _ in fields]
    declared = {} if entry is None else dict(parameters_of(type(entry)))
    numbers = []
    for name in fields:
        value = more[name] if name in more else getattr(entry, name)
        parameter = declared.get(name)
        if parameter is not None and parameter.kind == "choice":
            value = parameter.options.index(value)
        elif parameter is not None and parameter.kind == "name":
            value = list(getattr(world, parameter.refers_to)).index(value)
        numbers.append(float(value))
    return numbers
