"""What a deal and a war are worth."""

from math import exp, isclose, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.worth import distance_on, stated_cost, stepped_log_cost, weariness, without_deal

SHARE = st.floats(0.0, 1.0)
TRIPLES = st.lists(st.tuples(SHARE, SHARE, st.floats(0.01, 1.0)), min_size=1, max_size=8)


def distance_of(terms, weights, aims):
    """Return the sum over issues, which is 1 - u(x)."""
    return sum(distance_on(x, aim, weight) for x, weight, aim in zip(terms, weights, aims, strict=True))


def test_a_deal_half_way_on_the_heavy_issue_costs_its_weight_times_a_quarter():
    # .75 (.5 - 1)^2 + .25 (.2 - 0)^2 = .1875 + .01
    assert distance_of([0.5, 0.2], [0.75, 0.25], [1.0, 0.0]) == pytest.approx(0.1975, abs=1e-15)


def test_a_party_that_gets_its_aims_loses_nothing_and_one_that_gets_the_opposite_loses_all():
    assert distance_of([1.0, 0.0, 0.3], [0.2, 0.3, 0.5], [1.0, 0.0, 0.3]) == 0.0
    assert distance_of([0.0, 1.0], [0.4, 0.6], [1.0, 0.0]) == 1.0


def test_one_issue_adds_its_weight_times_the_square_of_the_way_to_the_aim():
    assert distance_on(0.5, 1.0, 0.75) == 0.1875
    assert distance_on(0.25, 0.0, 1.0) == 0.0625
    assert distance_on(0.3, 0.3, 1.0) == 0.0
    assert distance_on(0.0, 1.0, 1.0) == distance_on(1.0, 0.0, 1.0) == 1.0
    assert distance_on(0.0, 1.0, 0.0) == 0.0


@given(SHARE, SHARE, SHARE)
def test_one_issue_adds_no_less_than_nothing_and_no_more_than_its_weight(place, aim, weight):
    assert 0.0 <= distance_on(place, aim, weight) <= weight


@given(TRIPLES)
def test_no_deal_is_further_away_than_one_and_none_nearer_than_nothing(issues):
    total = sum(weight for *_, weight in issues)
    loss = distance_of([x for x, *_ in issues], [w / total for *_, w in issues], [a for _, a, _ in issues])
    assert 0.0 <= loss <= 1.0 + 1e-15


@given(TRIPLES)
def test_what_one_end_of_an_issue_is_called_does_not_matter(issues):
    terms, aims, weights = zip(*issues, strict=True)
    other = distance_of([1.0 - x for x in terms], weights, [1.0 - a for a in aims])
    assert isclose(distance_of(terms, weights, aims), other, abs_tol=1e-14)


@given(TRIPLES, SHARE)
def test_half_way_to_the_aim_on_every_issue_leaves_a_quarter_of_the_loss(issues, share):
    terms, aims, weights = zip(*issues, strict=True)
    nearer = [a + share * (x - a) for x, a in zip(terms, aims, strict=True)]
    assert isclose(distance_of(nearer, weights, aims), share * share * distance_of(terms, weights, aims), abs_tol=1e-14)


def test_a_war_that_wears_by_four_per_mille_a_week_costs_a_fifth_more_after_a_year():
    assert weariness(0.004, 52) == pytest.approx(1.208, abs=1e-15)


def test_the_first_week_and_a_war_that_does_not_wear_cost_what_they_cost():
    assert weariness(0.004, 0) == 1.0
    assert weariness(0.0, 500) == 1.0


@given(st.floats(0.0, 0.1), st.integers(0, 1000))
def test_weariness_never_falls(growth, week):
    assert 1.0 <= weariness(growth, week) <= weariness(growth, week + 1)


def test_a_shock_of_two_sd_moves_the_log_cost_by_two_volatilities():
    assert stepped_log_cost(log(0.03), 0.03, 2.0) == pytest.approx(log(0.03) + 0.06, abs=1e-15)
    assert stepped_log_cost(-3.5, 0.0, 4.0) == -3.5


def test_after_n_weeks_the_log_cost_is_where_the_sum_of_shocks_puts_it():
    position = -3.0
    for week in range(100):
        position = stepped_log_cost(position, 0.03, (-1.0) ** week * week)
    assert position == pytest.approx(-3.0 + 0.03 * sum((-1.0) ** week * week for week in range(100)), abs=1e-12)


def test_a_bluff_of_one_sd_divides_the_stated_cost_by_the_factor_of_one_sd():
    assert stated_cost(0.03, 1.0, 0.7) == pytest.approx(0.03 * exp(-0.7), rel=1e-15)


@given(st.floats(1e-4, 1.0), st.floats(0.0, 3.0), st.floats(0.0, 2.0))
def test_a_bluff_understates_and_no_bluff_is_the_truth(cost, bluff, sd):
    assert stated_cost(cost, 0.0, sd) == cost
    assert 0.0 < stated_cost(cost, bluff, sd) <= cost


def test_the_front_settles_what_is_contested_and_nothing_else():
    assert without_deal(1.0, 0.3, 0.45) == 0.45
    assert without_deal(0.0, 0.3, 0.45) == 0.3
