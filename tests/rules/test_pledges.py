"""A pledge of a seat: what is seen of it, and whom it holds back."""

from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.pledges import is_held_back, log_pledge_factor
from tests.engines.trust_book import chance

PROBABILITY = st.floats(0.01, 0.99)


def test_a_seat_raises_the_odds_by_a_half_and_none_halves_them():
    assert exp(log_pledge_factor(1, 0.75, 0.5)) == pytest.approx(1.5)
    assert exp(log_pledge_factor(0, 0.75, 0.5)) == pytest.approx(0.5)


def test_a_seat_that_either_type_would_have_given_as_often_says_nothing():
    assert log_pledge_factor(1, 0.6, 0.6) == 0.0
    assert log_pledge_factor(0, 0.6, 0.6) == 0.0


@given(PROBABILITY, PROBABILITY, PROBABILITY)
def test_nobody_expects_trust_to_move_before_seats_are_seen(trust, if_trustworthy, if_not):
    """Martingale, over both things that can be seen."""
    odds = log(trust / (1.0 - trust))
    expected = 0.0
    for seated in (0, 1):
        likely = [p if seated else 1.0 - p for p in (if_trustworthy, if_not)]
        probability = trust * likely[0] + (1.0 - trust) * likely[1]
        expected += probability * chance(odds + log_pledge_factor(seated, if_trustworthy, if_not))
    assert expected == pytest.approx(trust, abs=1e-12)


@given(PROBABILITY, PROBABILITY)
def test_a_seat_and_none_move_trust_in_opposite_ways(if_trustworthy, if_not):
    assert log_pledge_factor(1, if_trustworthy, if_not) * log_pledge_factor(0, if_trustworthy, if_not) <= 0.0


def test_a_pledge_holds_back_whom_it_binds_and_nobody_else():
    assert is_held_back(1.0, False) == 1
    assert is_held_back(1.0, True) == 0
    assert is_held_back(0.0, False) == 0
