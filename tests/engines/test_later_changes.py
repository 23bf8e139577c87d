"""Whatever an intervention may set changes something from then on, in some world and replicate; the rest is refused."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache

import numpy as np
import pytest

from sim.engines.ensemble import courses_of
from sim.errors import SimError
from sim.parameters import World, parameters_of, sections_of, tables_of
from sim.scenario.interventions import ONLY_AT_START
from sim.scenario.keys import leaves, parameter_of
from sim.scenario.load import Scenario
from tests.engines.worlds import busy, scenario_of, tree_of

WEEK, SEED, REPLICATES = 8, 7, 60
HOSTED = "a hosted channel and a pledge"
BRIDGING = "a channel that calls on both sides"
LATE = "a channel that begins late, with a line and a briefing"
NAMES = (
    "secret-track-1.5",
    "ukraine-overruled",
    "track-1.5-exposed-denied",
    "with-european-union",
    "track-1.5-misrepresenting-kyiv-visited",
    HOSTED,
    BRIDGING,
    LATE,
)
# A channel and its envoys have one home: it moves with them or not at all.
TOGETHER = ("channels.*.home", "officials.*.home")


def patterns(scope: type = World, path: str = "") -> Iterator[str]:
    """Yield each parameter of the model as a pattern of keys."""
    for name, parameter in parameters_of(scope):
        if parameter.kind != "text" and not parameter.told:
            yield f"{path}{name}.*" if parameter.by_issue else f"{path}{name}"
    for name, section in sections_of(scope):
        yield from patterns(section, f"{path}{name}.")
    for name, table, _ in tables_of(scope):
        yield from patterns(table, f"{path}{name}.*.")


CHANGEABLE = [pattern for pattern in patterns() if pattern not in (*ONLY_AT_START, *TOGETHER, "weeks")]


def hosted() -> Scenario:
    """Return a world with a host who may talk and a state that has pledged another a seat."""
    tree = tree_of(busy("secret-track-1.5"))
    tree["states"]["norway"] = {"weights": {"territory": 1.0}}
    tree["states"]["united_states"]["pledges"] = ["ukraine"]
    tree["channels"]["back"] |= {"host": "norway", "host_discretion": 0.99, "bridge": 3.0}
    tree["table"]["convening"] = 0.3
    return scenario_of(tree, "hosted")


def bridging() -> Scenario:
    """Return a world in which an attempt to open the table hangs on a channel that seldom meets either side."""
    tree = tree_of(busy("secret-track-1.5"))
    tree["channels"]["back"] |= {"bridge": 3.0, "cadence_weeks": 6}
    tree["channels"]["back"]["legs"]["kyiv"] = {"state": "ukraine"}
    tree["table"]["convening"] = 0.3
    return scenario_of(tree, "bridging")


def late() -> Scenario:
    """Return a world in which, after the week of the change, a channel begins, sets out a line, and is told of."""
    tree = tree_of(busy("track-1.5-misrepresenting"))
    tree["channels"]["back"] |= {"start": 10, "speech": "line", "briefing": "read", "briefs": {"ukraine": {"week": 14}}}
    tree["channels"]["back"]["legs"]["washington"] = {"state": "ukraine", "start": 18}
    return scenario_of(tree, "late")


@cache
def world(name: str) -> Scenario:
    """Return a world in which much happens, also to those kept out of the table and those found in secret talks."""
    own = {HOSTED: hosted, BRIDGING: bridging, LATE: late}
    scenario = own[name]() if name in own else busy(name)
    found_out = {f"states.{state}.exposure_cost": 1.0 for state in scenario.values["states"]}
    return scenario.with_values({"agreement.spoiling": 0.2} | found_out)


@cache
def unchanged(name: str) -> bytes:
    """Return all that such a world measures if nothing changes in it."""
    return bits(world(name))


def bits(scenario: Scenario) -> bytes:
    """Return all that a few replicates measure, as bytes."""
    return b"".join(np.ascontiguousarray(found).tobytes() for found in courses_of(scenario, SEED, 0, REPLICATES))


def others(scenario: Scenario, key: tuple[str, ...], value: object) -> Iterator[object]:
    """Yield other values that a key may take."""
    parameter = parameter_of(key)
    low, high = parameter.plausible or (0.1, 0.9)
    names = [*getattr(scenario.eras[0].world, parameter.refers_to)] if parameter.refers_to else []
    yield from {
        "number": [low, high],
        "by_issue": [0.0, 1.0],
        "count": [1, 3, 12, 30],
        "flag": [not value],
        "choice": parameter.options,
        "name": names,
        "names": [names[:1], names[:2], names[1:]],
    }[parameter.kind]


def changed_later(scenario: Scenario, values: dict[str, object]) -> Scenario:
    """Return a scenario in which values change in week 8."""
    tree = tree_of(scenario)
    tree.setdefault("interventions", {})["later"] = {"week": WEEK, "set": values}
    return scenario_of(tree, scenario.name)


def moves(name: str, pattern: str) -> bool:
    """Return whether a value of a key of this pattern, set in week 8, moves a bit of what a few replicates measure."""
    scenario = world(name)
    for key, value in leaves(scenario.values):
        if fnmatchcase(".".join(key), pattern) and len(key) == pattern.count(".") + 1:
            for other in others(scenario, key, value):
                try:
                    later = changed_later(scenario, {".".join(key): other})
                except SimError:
                    continue  # what cannot stand beside the rest is refused, not passed over
                if bits(later) != unchanged(name):
                    return True
    return False


@pytest.mark.parametrize("pattern", CHANGEABLE)
def test_what_an_intervention_may_set_moves_something(pattern):
    assert any(moves(name, pattern) for name in NAMES), f"{pattern}: set in week {WEEK}, it changes nothing anywhere"


def test_a_home_moves_with_the_envoys_or_not_at_all():
    scenario = world("secret-track-1.5")
    envoys = [name for name, entry in scenario.values["officials"].items() if entry["home"] == "united_states"]
    moved = {f"officials.{name}.home": "ukraine" for name in envoys}
    assert bits(changed_later(scenario, {"channels.back.home": "ukraine"} | moved)) != bits(scenario)
    with pytest.raises(SimError):
        changed_later(scenario, {"channels.back.home": "ukraine"})
