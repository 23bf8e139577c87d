"""A scenario as flat arrays: the plan and the record (see layout.py)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import chance
from sim.engines.compiled.layout import (
    ACTS,
    AGREEMENT,
    AID,
    CHANNEL,
    COUNTERS,
    ERA_SECTIONS,
    ESCALATION,
    FRONT,
    GUARANTEE,
    ISSUE,
    LEG,
    OFFICIAL,
    PLAN,
    SAID,
    SCALAR,
    SIZES,
    STATE,
    STATE_SECTIONS,
    TABLE,
    TOWARD,
    VIEW,
)
from sim.engines.outcomes import FAILURES, givers_of, hearers_of
from sim.parameters import World, parameters_of
from sim.rules.hearing import HEARING_SIZE
from sim.scenario.load import Act, Scenario
from sim.search.offers import work_size
from sim.search.sheet import sheet_size


@dataclass(frozen=True)
class Compiled:
    """A scenario's arrays: plan (int64), record (float64), and the sizes of what a thread works with."""

    plan: NDArray[np.int64]
    record: NDArray[np.float64]
    state_size: int
    sheet_size: int
    work_size: int


def compiled(scenario: Scenario, quantities: int = 0) -> Compiled:
    """Return the arrays of a scenario, with room for so many quantities to be followed week by week."""
    first = scenario.eras[0].world
    sizes = _sizes(scenario) | {"quantities": quantities}
    header = np.zeros(PLAN.size, dtype=np.int64)
    for name in SIZES:
        header[getattr(PLAN, f"{name}_count")] = sizes[name]
    blocks = [_era(era.world, sizes["envoys"]) for era in scenario.eras]
    at = 0
    for name in ERA_SECTIONS:
        header[getattr(PLAN, f"at_{name}")] = at
        at += len(blocks[0][name])
    header[PLAN.era_size] = at
    tail = _numbers(scenario, first)
    place = PLAN.size
    for name, values in tail.items():
        header[getattr(PLAN, name)] = place
        place += len(values)
    counters = _counter_sizes(sizes)
    for name in COUNTERS:
        header[getattr(PLAN, name)] = place
        place += counters[name]
    state_size = _place_state(header, sizes)
    plan = np.zeros(place, dtype=np.int64)
    plan[: PLAN.size] = header
    flat = np.concatenate([np.asarray(values, dtype=np.int64) for values in tail.values()])
    plan[PLAN.size : PLAN.size + len(flat)] = flat
    record = np.concatenate([np.asarray(block[name], dtype=np.float64) for block in blocks for name in ERA_SECTIONS])
    rows = sizes["states"]
    return Compiled(
        plan,
        record,
        state_size,
        sheet_size(sizes["issues"], sizes["fighters"], sizes["guarantees"], rows),
        work_size(rows),
    )


def _sizes(scenario: Scenario) -> dict[str, int]:
    """Return how many there are of everything."""
    world = scenario.eras[0].world
    envoys = max(sum(len(one.envoys) for one in era.world.channels.values()) for era in scenario.eras)
    return {
        "issues": len(world.issues),
        "states": len(world.states),
        "fighters": sum(one.side != "none" for one in world.states.values()),
        "guarantees": len(world.guarantees),
        "aid": len(world.aid),
        "officials": len(world.officials),
        "channels": len(world.channels),
        "legs": sum(len(one.legs) for one in world.channels.values()),
        "envoys": envoys,
        "eras": len(scenario.eras),
        "acts": len(_acts(scenario)),
        "givers": len(givers_of(world)),
        "hearers": len(hearers_of(world)),
        "weeks": world.weeks,
    }


def _acts(scenario: Scenario) -> list[Act]:
    """Return the acts about channels that ever exist: one removed in the first week never does."""
    return [act for act in scenario.acts if act.channel in scenario.eras[0].world.channels]


def _counter_sizes(sizes: Mapping[str, int]) -> dict[str, int]:
    """Return how many counters of each kind there are."""
    by_state = dict.fromkeys(("promising", "guarantors", "spoilers", "newly", "broke", "answered"), sizes["states"])
    known = sizes["channels"] * sizes["officials"]
    rest = {"leg_meetings": sizes["legs"], "in_the_know": known, "failures": len(FAILURES)}
    return {name: (by_state | rest).get(name, sizes["channels"]) for name in COUNTERS}


def _place_state(header: NDArray[np.int64], sizes: Mapping[str, int]) -> int:
    """Write where each section of the state stands and return its size."""
    states, channels, issues = sizes["states"], sizes["channels"], sizes["issues"]
    lengths = dict.fromkeys(STATE_SECTIONS, states)
    lengths |= dict.fromkeys(
        ("log_odds", "public_odds", "mean", "variance", "misperception", "calibration"), states * states
    )
    lengths |= {
        "hearing": channels * states * states * HEARING_SIZE,
        "credibility": channels * states,
        "known": channels * states * VIEW.size,
        "lean": sizes["officials"],
        "said": states * SAID.size,
        "course": (sizes["weeks"] + 1) * sizes["quantities"],
    }
    lengths |= dict.fromkeys(("ends", "offer", "terms"), issues) | dict.fromkeys(("aid_now", "aid_sum"), sizes["aid"])
    at = SCALAR.size
    for name in STATE_SECTIONS:
        header[getattr(PLAN, name)] = at
        at += lengths[name]
    return int(at)


def _numbers(scenario: Scenario, world: World) -> dict[str, list[int]]:
    """Return the lists of whole numbers that never change: fighters, addresses, weeks of eras, acts."""
    channels, states = list(world.channels), list(world.states)
    rows = [(act.week, ACTS.index(act.kind), channels.index(act.channel)) for act in _acts(scenario)]
    return {
        "fighter": [number for number, one in enumerate(world.states.values()) if one.side != "none"],
        "state_address": [chance.address(name) for name in world.states],
        "channel_address": [chance.address(name) for name in channels],
        "meeting_address": [chance.pair_address(channel, state) for channel in channels for state in world.states],
        "era_start": [era.start for era in scenario.eras],
        "act": [number for row in rows for number in row],
        "giver": [states.index(name) for name in givers_of(world)],
        "hearer": [number for one, name in hearers_of(world) for number in (channels.index(one), states.index(name))],
    }


def _era(world: World, envoys: int) -> dict[str, list[float]]:
    """Return the sections of one era's block."""
    states = list(world.states.values())
    official_numbers = {name: number for number, name in enumerate(world.officials)}
    legs = [leg for channel in world.channels.values() for leg in channel.legs.values()]
    listed = [float(official_numbers[name]) for channel in world.channels.values() for name in channel.envoys]
    return {
        "front": _numeric(world.front, FRONT, world),
        "agreement": _numeric(world.agreement, AGREEMENT, world),
        "table": _numeric(world.table, TABLE, world),
        "escalation": _numeric(world.escalation, ESCALATION, world),
        "issue": _all(world.issues, ISSUE, world),
        "state": [
            value
            for one in states
            for value in _numeric(one, STATE, world, {"seated": float(one.name in world.table.parties)})
        ],
        "toward": [
            value
            for one in states
            for other in states
            for value in (_numeric(one.toward[other.name], TOWARD, world) if other is not one else [0.0] * TOWARD.size)
        ],
        "weights": [one.weights[issue] for one in states for issue in world.issues],
        "aims": [one.aims[issue] for one in states for issue in world.issues],
        "guarantee": _all(world.guarantees, GUARANTEE, world),
        "flow": _all(world.aid, AID, world),
        "official": _all(world.officials, OFFICIAL, world),
        "channel": _channels(world),
        "leg": [value for leg in legs for value in _numeric(leg, LEG, world, {"active": float(leg.active)})],
        "envoy": listed + [0.0] * (envoys - len(listed)),
    }


def _channels(world: World) -> list[float]:
    """Return the channels' block, each with where its legs and envoys are listed."""
    block: list[float] = []
    legs, envoys = 0, 0
    for channel in world.channels.values():
        extra = {
            "active": float(channel.active),
            "first_leg": float(legs),
            "legs": float(len(channel.legs)),
            "first_envoy": float(envoys),
            "envoys": float(len(channel.envoys)),
        }
        block += _numeric(channel, CHANNEL, world, extra)
        legs += len(channel.legs)
        envoys += len(channel.envoys)
    return block


def _all(entries: Mapping[str, Any], fields: Any, world: World) -> list[float]:
    """Return the blocks of every entry of a table, one after another."""
    block: list[float] = []
    for entry in entries.values():
        extra = {"active": float(entry.active)} if "active" in fields._fields else {}
        block += _numeric(entry, fields, world, extra)
    return block


def _numeric(entry: Any, fields: Any, world: World, extra: Mapping[str, float] | None = None) -> list[float]:
    """Return an entry's numbers in the order of its places: names as numbers in their table, choices as their index."""
    given = extra or {}
    declared = dict(parameters_of(type(entry)))
    block = []
    for name in fields._fields[:-1]:
        value = given[name] if name in given else getattr(entry, name)
        parameter = declared.get(name)
        if parameter is not None and parameter.kind == "choice":
            value = parameter.options.index(value)
        elif parameter is not None and parameter.kind == "name":
            value = list(getattr(world, parameter.refers_to)).index(value)
        block.append(float(value))
    return block
