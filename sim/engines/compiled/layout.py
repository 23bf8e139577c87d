"""Where everything stands in the compiled engine's arrays, generated from the declarations.

plan      int64: sizes, places in the other arrays, addresses, acts, and the counters that change
record    float64: the parameters, one block for each era, with the same layout
state     float64: what changes: costs, odds, beliefs, hearings, sums

Each scope's numeric parameters have their places in a named tuple (STATE.cost_median, ...); Numba folds its fields into
constants. No index is typed by hand.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable
from typing import Any

from sim.parameters import (
    Agreement,
    Aid,
    Channel,
    Escalation,
    Front,
    Guarantee,
    Issue,
    Leg,
    Official,
    State,
    Table,
    Toward,
    parameters_of,
)

NUMERIC = ("number", "count", "flag", "choice", "name")

KERNEL: list[Callable[..., Any]] = []


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function unchanged, after adding it to the list of what the compiled engine compiles."""
    KERNEL.append(function)
    return function


def places(title: str, names: Iterable[str]) -> Any:
    """Return a named tuple that gives each name its place, 0, 1, ..., and their number as `size`."""
    listed = [*names, "size"]
    return namedtuple(title, listed)(*range(len(listed)))


def numeric(scope: type) -> list[str]:
    """Return the names of a scope's parameters that are numbers in the record."""
    return [name for name, parameter in parameters_of(scope) if parameter.kind in NUMERIC]


ISSUE = places("IssuePlaces", numeric(Issue))
STATE = places("StatePlaces", [*numeric(State), "seated"])
TOWARD = places("TowardPlaces", numeric(Toward))
GUARANTEE = places("GuaranteePlaces", [*numeric(Guarantee), "active"])
AID = places("AidPlaces", [*numeric(Aid), "active"])
FRONT = places("FrontPlaces", numeric(Front))
TABLE = places("TablePlaces", numeric(Table))
AGREEMENT = places("AgreementPlaces", numeric(Agreement))
ESCALATION = places("EscalationPlaces", numeric(Escalation))
OFFICIAL = places("OfficialPlaces", numeric(Official))
CHANNEL = places("ChannelPlaces", [*numeric(Channel), "active", "first_leg", "legs", "first_envoy", "envoys"])
LEG = places("LegPlaces", [*numeric(Leg), "active"])
ACT = places("ActPlaces", ["week", "kind", "channel"])
VIEW = places("ViewPlaces", ["informed", "if_trustworthy", "if_not"])
HEARER = places("HearerPlaces", ["channel", "state"])
SAID = places("SaidPlaces", ["subject", "message", "noise", "slant"])

TRACK_ONE, TRACK_TWO = 0, 2
ACTS = ("expose", "deny", "stay_silent", "disown")
EXPOSE, DENY, STAY_SILENT, DISOWN = range(4)

SIZES = (
    "issues",
    "states",
    "fighters",
    "guarantees",
    "aid",
    "officials",
    "channels",
    "legs",
    "envoys",
    "eras",
    "acts",
    "givers",
    "hearers",
    "weeks",
    "quantities",
)

ERA_SECTIONS = (
    "front",
    "agreement",
    "table",
    "escalation",
    "issue",
    "state",
    "toward",
    "weights",
    "aims",
    "guarantee",
    "flow",
    "official",
    "channel",
    "leg",
    "envoy",
)

NUMBERS = ("fighter", "state_address", "channel_address", "meeting_address", "era_start", "act", "giver", "hearer")
COUNTERS = (
    "began",
    "exposed_week",
    "closed",
    "on_record",
    "meetings",
    "misrepresented",
    "checked",
    "caught",
    "leg_meetings",
    "in_the_know",
    "promising",
    "guarantors",
    "spoilers",
    "newly",
    "broke",
    "answered",
    "failures",
)
STATE_SECTIONS = (
    "log_cost",
    "level",
    "trustworthy",
    "fear",
    "log_odds",
    "public_odds",
    "mean",
    "variance",
    "hearing",
    "credibility",
    "known",
    "lean",
    "ends",
    "aid_now",
    "offer",
    "terms",
    "accepted_above",
    "refused_below",
    "answer_gap",
    "said",
    "misperception",
    "calibration",
    "surplus",
    "payoff",
    "aid_sum",
    "course",
)
NOW = (
    "seed",
    "replicate",
    "week",
    "era",
    "next_era",
    "outcome",
    "is_open",
    "openings",
    "opened",
    "closed_until",
    "clock",
    "rounds_left",
    "turn",
    "fait_done",
    "started_over",
    "in_force",
    "held",
    "agreements",
    "first_opening",
    "first_agreement",
    "last_failure",
    "deal_existed",
    "perception_weeks",
    "weeks_of_war",
)
SCALARS = ("front_now", "kept_trustworthy", "kept_untrustworthy", "mean", "sd", "log_straight", "log_crooked")

PLAN = places(
    "PlanPlaces",
    [
        *(f"{one}_count" for one in SIZES),
        "era_size",
        *(f"at_{one}" for one in ERA_SECTIONS),
        *NUMBERS,
        *COUNTERS,
        *STATE_SECTIONS,
        *NOW,
    ],
)
SCALAR = places("ScalarPlaces", SCALARS)
