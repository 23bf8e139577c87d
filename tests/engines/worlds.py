"""Worlds for the tests of the engines: scenarios made busy, changed or written out, and twins compared bit by bit."""

import json
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from functools import cache
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sim.engines.open import War
from sim.scenario.load import Scenario, load
from sim.study.play.open_runs import forget

Row = dict[str, float | str]

# A short war in which something happens nearly every week: every attempt is made, little is asked for to join or meet, no
# refusal ends the talks, and nobody looks ahead to a front that would hurry them.
BUSY = {
    "weeks": 40,
    "table.convening": 1.0,
    "table.attempt_weeks": 2,
    "table.max_rounds": 6,
    "table.cooling_off_weeks": 4,
    "table.breakdown": 0.0,
    "agreement.hold_weeks": 15,
    "agreement.hazard_untrustworthy": 0.04,
    "agreement.believed_hazard_untrustworthy": 0.008,
}


BUSY_STATE = {"table_cost": 0.01, "contact_cost": 0.0, "lookahead": 0.0}


@cache
def busy(name: str) -> Scenario:
    """Return a shipped scenario over 40 weeks in which tables open at once, and channels meet and leak often."""
    scenario = load(name)
    changes: dict[str, object] = dict(BUSY)
    for state in scenario.values["states"]:
        changes |= {f"states.{state}.{name}": value for name, value in BUSY_STATE.items()}
    for official in scenario.values["officials"]:
        changes[f"officials.{official}.discretion"] = 0.97
    for channel in scenario.values["channels"]:
        changes |= {f"channels.{channel}.cadence_weeks": 2, f"channels.{channel}.verification": 0.3}
    return scenario.with_values(changes)


def tree_of(scenario: Scenario) -> dict[str, Any]:
    """Return what the file of a scenario says, with what it extends and what was set, as plain data."""
    return deepcopy(scenario.to_dict()["given"])


def scenario_of(tree: Mapping[str, Any], name: str = "made") -> Scenario:
    """Return the scenario that a file with these contents describes; the order of entries is kept."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.toml"
        path.write_text("\n".join(_lines(tree, ())), encoding="utf-8")
        return load(path)


def _lines(tree: Mapping[str, Any], key: tuple[str, ...]) -> Iterable[str]:
    """Yield the lines of a TOML file."""
    if key:
        yield "[" + ".".join(json.dumps(part) for part in key) + "]"
    for name, value in tree.items():
        if not isinstance(value, Mapping):
            yield f"{json.dumps(name)} = {json.dumps(value)}"
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from _lines(value, (*key, name))


def played(scenario: Scenario, seed: int, replicate: int, model: type[War] = War) -> War:
    """Return a replicate played to its end."""
    return played_on(model(scenario, seed, replicate))


def played_on(talks: War) -> War:
    """Return a replicate played to its end, and let go of."""
    talks.run()
    forget(talks)
    return talks


class Followed(War):
    """A replicate whose quantities are written down in every week."""

    def __init__(self, scenario: Scenario, seed: int = 0, replicate: int = 0) -> None:
        super().__init__(scenario, seed, replicate)
        self.course = [self.quantities()]

    def step(self) -> None:
        super().step()
        self.course.append(self.quantities())


def followed(scenario: Scenario, seed: int, replicate: int) -> Followed:
    """Return a replicate played to its end and followed; its last week stands to the horizon."""
    talks = Followed(scenario, seed, replicate)
    played_on(talks)
    talks.course += talks.course[-1:] * (talks.world.weeks - talks.week)
    return talks


def row_of(scenario: Scenario, seed: int, replicate: int, model: type[War] = War) -> Row:
    """Return the measured columns of a replicate."""
    return played(scenario, seed, replicate, model).row()


def moved(one: Row, other: Row) -> dict[str, tuple[float | str, float | str]]:
    """Return the columns both rows have in which a bit differs, with both values; missing equals missing."""
    both = [(name, one[name], other[name]) for name in one if name in other]
    return {name: (mine, theirs) for name, mine, theirs in both if exact(mine) != exact(theirs)}


def exact(value: float | str) -> str:
    """Return a value to the last bit as text; 0 and -0 are the same number."""
    return value if isinstance(value, str) else (value + 0.0).hex()


def compared(
    twins: Iterable[tuple[Scenario, Scenario]],
    replicates: int,
    seed: int,
    read: Callable[[Row], Row] = dict,
) -> dict[str, Any]:
    """Return how many replicates of each pair of twins differ, in which columns, and how much happened in them.

    read   what is compared of a row
    """
    result: dict[str, Any] = {"replicates": 0, "differ": 0, "columns": {}, "outcomes": {}, "first": None}
    twins = list(twins)
    for number in range(replicates):
        for pair, (one, other) in enumerate(twins):
            rows = [read(row_of(scenario, seed, number)) for scenario in (one, other)]
            differences = moved(*rows)
            result["replicates"] += 1
            outcome = str(rows[0]["outcome"])
            result["outcomes"][outcome] = result["outcomes"].get(outcome, 0) + 1
            if differences:
                result["differ"] += 1
                result["first"] = result["first"] or {"pair": pair, "replicate": number, "values": differences}
                for name in differences:
                    result["columns"][name] = result["columns"].get(name, 0) + 1
    return result


def any_moved(result: dict[str, Any]) -> list[str]:
    """Return, for twins that must not differ in a bit, in how many replicates they do and where first."""
    return [f"{result['differ']} replicates differ, first {result['first']}"] if result["differ"] else []


def how_many_moved(result: dict[str, Any]) -> str:
    """Return in how many of how many replicates twins differ, and what came of these, in a line."""
    outcomes = ", ".join(f"{name} {number}" for name, number in sorted(result["outcomes"].items()))
    return f"{result['differ']} of {result['replicates']} pairs of twins differ (outcomes: {outcomes})"


def first_difference(one: War, other: War) -> str:
    """Return the first event in which two replicates differ, for a message."""
    for mine, theirs in zip_longest(one.events, other.events):
        if str(mine) != str(theirs):
            return f"{mine}\n{theirs}"
    return "no event differs"


def two_states(**changes: object) -> Scenario:
    """Return the world of two states that know each other's costs, where the first table agrees at once.

    A deal is all but sure to be kept as the parties believe it, and one that ends is followed by no other. Keys are
    written with two underscores for the dot.
    """
    plain = {
        "agreement.believed_hazard_trustworthy": 0.0,
        "agreement.believed_hazard_untrustworthy": 0.0,
        "agreement.hold_weeks": 5200,
        "table.cooling_off_weeks": 5200,
    }
    return load("two-states-known-costs").with_values(plain | dotted(changes))


def dotted(changes: Mapping[str, object]) -> dict[str, object]:
    """Return changes with each double underscore read as a dot."""
    return {key.replace("__", "."): value for key, value in changes.items()}


def of_envoys(**values: object) -> dict[str, object]:
    """Return values for both envoys of the shipped channels."""
    return {f"officials.{envoy}.{key}": value for envoy in ("envoy", "second_envoy") for key, value in values.items()}


def without_a_table(scenario: Scenario) -> Scenario:
    """Return the scenario with no attempt ever made to open the table."""
    return scenario.with_values({"table.attempt_weeks": 5200, "table.convening": 0.0})
