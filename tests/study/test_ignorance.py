"""Chance and ignorance: pairs tell the one from the other, and draws lie where they should."""

import json
import math

import numpy as np
import pytest

import sim
from sim.chance import generator
from sim.cli import main
from sim.errors import SimError
from sim.scenario.keys import parameter_of, split_key
from sim.study.design.sampling import plausible_factors
from sim.study.play.ignorance import beta_ends, drawn_values, over_plausible, spread_of

PAIRS = 20_000


def pairs(expected, seed):
    """Two lucks at places with these shares of success."""
    luck = generator(seed, "test").random((2, len(expected)))
    return [(one < expected).astype(float) for one in luck]


def test_what_pairs_have_in_common_is_the_spread_of_what_is_expected():
    expected = generator(5, "test").beta(2.0, 3.0, PAIRS)
    one = spread_of(*pairs(expected, 6), seed=0, unit=True)
    assert one.mean.estimate == pytest.approx(0.4, abs=0.01)
    assert one.ignorance == pytest.approx(0.2, abs=0.01)  # sd of Beta(2, 3)
    assert one.chance == pytest.approx(math.sqrt(0.24 - 0.04), abs=0.01)
    assert one.share.low < 1 / 6 < one.share.high
    low, high = np.quantile(expected, [0.025, 0.975])
    assert (one.low, one.high) == pytest.approx((low, high), abs=0.02)


def test_where_parameters_do_not_matter_all_is_chance():
    one = spread_of(*pairs(np.full(PAIRS, 0.3), 7), seed=0, unit=True)
    assert one.share.estimate < 0.02
    assert one.share.low == 0.0
    assert one.chance == pytest.approx(math.sqrt(0.21), abs=0.01)


def test_where_they_decide_everything_none_is():
    expected = (np.arange(PAIRS) % 2).astype(float)
    one = spread_of(*pairs(expected, 8), seed=0, unit=True)
    assert (one.share.estimate, one.chance, one.ignorance) == (1.0, 0.0, 0.5)


def test_a_column_without_values_has_no_spread():
    one = spread_of(np.zeros(0), np.zeros(0), seed=0, unit=False)
    assert math.isnan(one.mean.estimate)
    assert math.isnan(one.ignorance)


def test_without_a_spread_the_ends_are_the_mean():
    assert beta_ends(0.3, 0.0) == (0.3, 0.3)


def test_draws_lie_within_their_plausible_ranges_and_have_an_address():
    scenario = sim.load("secret-track-1.5")
    factors = plausible_factors({"it": scenario}, ())
    draws = [drawn_values(factors, 3, replicate) for replicate in range(300)]
    for key in draws[0]:
        low, high = parameter_of(split_key(key)).plausible
        drawn = np.array([one[key] for one in draws])
        assert low <= drawn.min() < drawn.max() <= high, key
        assert scenario.with_values(draws[7]).values["weeks"] == 156
    assert draws[7] == drawn_values(factors, 3, 7)
    assert draws[7] != drawn_values(factors, 4, 7)


def test_any_number_of_threads_gives_the_same(tmp_path):
    scenario = sim.load("two-states-known-costs")
    one, other = (over_plausible(scenario, 12, 1, threads).summary() for threads in (1, 2))
    assert one == other


def test_a_place_is_a_scenario_that_can_be_played_by_itself():
    scenario = sim.load("secret-track-1.5")
    found = over_plausible(scenario, 10, 1, 1)
    drawn = scenario.with_values(drawn_values(found.factors, 1, 4))
    alone = sim.run(drawn, 1, seed=1, first=4, engine="open")
    for name, values in alone.columns.items():
        assert np.array_equal(found.first[name][4:5], values, equal_nan=True), name


def test_too_few_places_are_refused():
    with pytest.raises(SimError, match="at least 10 are needed"):
        over_plausible(sim.load("two-states-known-costs"), 9, 0)


def test_the_command_line_tells_chance_from_ignorance(capsys):
    assert main(["run", "two-states-known-costs", "--over", "plausible", "-n", "12", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["over"] == "plausible"
    assert told["command"] == "sim run two-states-known-costs --over plausible -n 12 --seed 0"
    assert main(["run", "two-states-known-costs", "--over", "plausible", "-n", "12"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert any(line.startswith("In 95 % of the places, what is to be expected lies within") for line in lines)
    assert main(["run", "two-states-known-costs", "--over", "plausible", "--engine", "open"]) == 2
    assert "goes with neither --precision, --out nor the open engine" in capsys.readouterr().err
