"""A scenario as arrays: a value that is written into them is the value of a scenario that was laid out with it."""

import numpy as np
import pytest

from sim.engines.arrays import arrays_of, patched, place_of
from sim.errors import ScenarioError
from sim.scenario.keys import leaves, parameter_at
from sim.scenario.load import load

NAMES = (
    "secret-track-1.5",
    "with-european-union",
    "track-1.5-envoys-replaced",
    "track-1.5-kyiv-visited-later",
    "track-1.5-exposed-denied",
)


def numbers_of(scenario):
    """The key and the parameter of every number that a scenario gives."""
    for key, value in leaves(scenario.values):
        if key[0] != "interventions" and isinstance(value, int | float):
            parameter, _ = parameter_at(key, scenario.values)
            if parameter is not None:
                yield ".".join(key), parameter, value


def other_value(parameter, value):
    """Another value that a file may give."""
    if isinstance(value, bool):
        return not value
    low, high = parameter.limits
    if parameter.kind == "count":
        return value + 1 if value < high else value - 1
    return value + 0.25 * (high - value) if value < high else value - 0.25 * (value - low)


def same(one, other):
    return all(
        np.array_equal(mine, theirs) for mine, theirs in ((one.whole, other.whole), (one.scenario, other.scenario))
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_number_of_a_scenario_can_be_patched_or_says_that_others_follow_from_it(name):
    scenario = load(name)
    arrays, checked = arrays_of(scenario), 0
    for key, parameter, value in numbers_of(scenario):
        new = other_value(parameter, value)
        if place_of(scenario, key) is None:
            with pytest.raises(ValueError, match="others follow from it"):
                patched(arrays, scenario, {key: new})
            continue
        try:
            laid_out = arrays_of(scenario.with_values({key: new}))
        except ScenarioError:  # a value that another value rules out
            continue
        assert not same(arrays, laid_out), key
        assert same(patched(arrays, scenario, {key: new}), laid_out), key
        checked += 1
    assert checked > 80


def test_a_value_that_an_intervention_sets_later_is_patched_up_to_its_week():
    scenario = load("secret-track-1.5")
    assert place_of(scenario, "channels.back.noise") is not None
    assert place_of(scenario, "channels.back.track") is None
    assert place_of(scenario, "weeks") is None
