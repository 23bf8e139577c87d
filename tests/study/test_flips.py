"""What turns a claim round: a rule that is right about places it has not seen, or none."""

import numpy as np
import pytest

from sim.study.claims.flips import Condition, best_leaf, flip_of, simplified

PLACES = 1_000


def places(against, resolved=1.0, seed=0):
    """By place: contradicted there or else supported, and whether that can be told, which it can at a share of them."""
    told = np.random.default_rng(seed).uniform(size=len(against)) < resolved
    return against & told, told


@pytest.fixture
def columns():
    luck = np.random.default_rng(5)
    numbers = {name: luck.uniform(size=PLACES) for name in ("a", "b", "c")}
    return numbers | {"who": [("captured", "plain")[one] for one in luck.integers(0, 2, PLACES)]}


def test_a_corner_of_the_space_is_found_and_said(columns):
    against = (columns["a"] > 0.7) & (columns["b"] <= 0.4)
    rule = flip_of(*places(against), columns)
    assert sorted(rule.parameters) == ["a", "b"]
    bounds = {one.name: (one.at_most, float(one.value)) for one in rule.conditions}
    assert bounds["a"] == (False, pytest.approx(0.7, abs=0.03))
    assert bounds["b"] == (True, pytest.approx(0.4, abs=0.03))
    assert rule.density > 0.9
    assert rule.coverage > 0.9
    assert rule.in_words().startswith("contradicted where ")


def test_a_rule_about_noise_is_none(columns):
    against = np.random.default_rng(1).uniform(size=PLACES) < 0.3
    assert flip_of(*places(against), columns) is None


def test_a_rule_that_gains_less_than_a_tenth_is_none(columns):
    luck = np.random.default_rng(2).uniform(size=PLACES)
    against = luck < np.where(columns["a"] > 0.5, 0.34, 0.26)
    assert flip_of(*places(against), columns) is None


def test_a_choice_can_be_what_turns_it_round(columns):
    luck = np.random.default_rng(3).uniform(size=PLACES)
    against = luck < np.where(np.array(columns["who"]) == "captured", 0.85, 0.05)
    rule = flip_of(*places(against), columns)
    assert rule.parameters == ["who"]
    assert rule.density == pytest.approx(0.85, abs=0.06)
    assert rule.base_rate == pytest.approx(0.45, abs=0.06)
    assert "who is " in rule.in_words()


def test_where_a_claim_is_mostly_contradicted_the_rule_is_about_where_it_holds(columns):
    rule = flip_of(*places(columns["c"] > 0.25), columns)
    assert rule.verdict == "supported"
    assert rule.parameters == ["c"]


def test_places_that_cannot_be_told_are_left_out(columns):
    against = (columns["a"] > 0.6) & (columns["b"] <= 0.5)
    rule = flip_of(*places(against, resolved=0.5), columns)
    assert rule.places < 0.3 * PLACES
    assert rule.density > 0.8


def test_too_few_places_give_no_rule(columns):
    few = {name: values[:30] for name, values in columns.items()}
    assert flip_of(*places(few["a"] > 0.5), few) is None
    assert flip_of(*places(np.zeros(PLACES, dtype=bool)), columns) is None


def test_of_two_bounds_on_one_parameter_the_tighter_stands():
    path = [Condition("a", False, 0.2), Condition("b", True, 0.5), Condition("a", False, 0.6)]
    assert simplified(path) == [Condition("a", False, 0.6), Condition("b", True, 0.5)]


def test_the_tree_is_the_same_each_time(columns):
    wanted = np.array(columns["a"]) > 0.5
    assert best_leaf(columns, wanted) == best_leaf(columns, wanted)
