"""The table: when it opens, its rounds, and who starts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, chi2

from sim.rules.table import attempt_due, least_gain, occurs, place_in_turn, round_due

FALSE_ALARM = 1e-6  # of each statistical test; seeds are fixed
DRAW = st.floats(0.0, 1.0, exclude_min=True, exclude_max=True)


def test_the_parties_consider_a_table_every_fourth_week_from_the_first():
    assert [week for week in range(13) if attempt_due(week, 4)] == [0, 4, 8, 12]


def test_with_an_attempt_a_week_every_week_is_due():
    assert all(attempt_due(week, 1) == 1 for week in range(10))


def test_rounds_come_every_two_weeks_from_the_week_of_opening():
    assert [week for week in range(7, 14) if round_due(week, 7, 2)] == [7, 9, 11, 13]


@given(st.integers(0, 200), st.integers(1, 20), st.integers(1, 200))
def test_exactly_one_week_in_each_stretch_has_a_round(opened, round_weeks, later):
    stretch = range(opened + later, opened + later + round_weeks)
    assert sum(round_due(week, opened, round_weeks) for week in stretch) == 1
    assert sum(attempt_due(week, round_weeks) for week in stretch) == 1


def test_what_is_certain_always_occurs_and_what_is_impossible_never():
    for draw in (1e-17, 0.5, 1.0 - 1e-16):
        assert occurs(draw, 1.0) == 1
        assert occurs(draw, 0.0) == 0


@given(DRAW, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_under_the_same_luck_what_is_likelier_occurs_whenever_the_less_likely_does(draw, one, other):
    less, more = sorted((one, other))
    assert occurs(draw, less) <= occurs(draw, more)


def test_an_event_of_probability_a_tenth_occurs_a_tenth_of_the_time():
    """Exact binomial limits; false alarm once in a million."""
    count = 20_000
    hits = sum(occurs(draw, 0.1) for draw in np.random.default_rng(7).random(count))
    assert binom.ppf(FALSE_ALARM / 2, count, 0.1) <= hits <= binom.isf(FALSE_ALARM / 2, count, 0.1)


def test_a_cost_of_a_twentieth_of_a_median_asks_for_a_twentieth_of_the_median():
    assert least_gain(0.05, 0.04) == pytest.approx(0.002, abs=1e-18)
    assert least_gain(0.0, 0.04) == 0.0


@given(st.floats(0.0, 10.0), st.floats(0.0, 10.0), st.floats(1e-3, 1.0))
def test_a_dearer_table_never_asks_for_less(one, other, median):
    less, more = sorted((one, other))
    assert 0.0 <= least_gain(less, median) <= least_gain(more, median)


def test_three_places_share_the_unit_interval_in_thirds():
    assert [place_in_turn(draw, 3) for draw in (0.0001, 0.3333, 0.3334, 0.6666, 0.6667, 0.9999)] == [0, 0, 1, 1, 2, 2]


@given(DRAW, st.integers(1, 32))
def test_a_place_in_turn_is_always_a_place_at_the_table(draw, places):
    assert 0 <= place_in_turn(draw, places) < places


@pytest.mark.parametrize("places", [2, 3, 7])
def test_every_party_comes_first_equally_often(places):
    """Chi-square over the places; false alarm once in a million."""
    draws = np.random.default_rng(places).random(10_000)
    counts = np.bincount([place_in_turn(draw, places) for draw in draws], minlength=places)
    statistic = ((counts - 10_000 / places) ** 2 / (10_000 / places)).sum()
    assert statistic < chi2.isf(FALSE_ALARM, places - 1)
