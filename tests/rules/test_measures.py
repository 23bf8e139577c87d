"""What is measured of perception, and of deals that were there to be had."""

from math import copysign, isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from sim.rules.measures import (
    DEAL_CHECK_WEEK,
    FIRST_WEEK,
    LAST_WEEK,
    MISSING,
    calibration,
    flag,
    futile,
    misperception,
    missed,
)

LOG_COST = st.floats(-20.0, 5.0)
SD = st.floats(1e-6, 5.0)


def test_a_flag_is_one_or_zero():
    assert [flag(holds) for holds in (True, False, 1, 0)] == [1.0, 0.0, 1.0, 0.0]
    assert all(isinstance(flag(holds), float) for holds in (True, False))


def test_what_is_missing_is_not_a_number():
    assert isnan(MISSING)


def test_perception_is_measured_over_the_second_half_of_the_first_year_and_a_deal_looked_for_before():
    assert (FIRST_WEEK, LAST_WEEK) == (27, 52)
    assert DEAL_CHECK_WEEK == FIRST_WEEK - 1


def test_a_belief_that_takes_a_cost_for_half_a_log_too_high_is_one_sd_off_at_an_sd_of_a_half():
    assert misperception(-3.0, -3.5) == misperception(-4.0, -3.5) == 0.5
    assert calibration(-3.0, 0.5, -3.5) == 1.0
    assert calibration(-4.0, 0.25, -3.5) == -2.0


def test_a_belief_that_is_right_is_neither_misperceived_nor_off_however_sure_it_is():
    assert misperception(-3.5, -3.5) == 0.0
    assert calibration(-3.5, 1e-6, -3.5) == 0.0


@given(LOG_COST, SD, LOG_COST)
def test_calibration_is_misperception_in_sd_with_the_sign_of_the_error(mean, sd, log_cost):
    found = calibration(mean, sd, log_cost)
    assert abs(found) == pytest.approx(misperception(mean, log_cost) / sd, rel=1e-15)
    if mean != log_cost:
        assert copysign(1.0, found) == copysign(1.0, mean - log_cost)


@given(LOG_COST, SD, st.floats(0.001, 0.999))
def test_a_cost_at_a_quantile_of_the_belief_is_as_far_off_as_the_normal_quantile_says(mean, sd, share):
    """So calibration is standard normal where costs are drawn from the beliefs held of them."""
    log_cost = float(norm.ppf(share, mean, sd))
    assert calibration(mean, sd, log_cost) == pytest.approx(-norm.ppf(share), rel=1e-6, abs=1e-7 + 1e-14 / sd)


@given(LOG_COST, LOG_COST, st.floats(-5.0, 5.0))
def test_misperception_does_not_depend_on_whose_cost_is_taken_for_whose_nor_on_the_unit(one, other, shift):
    assert misperception(one, other) == misperception(other, one)
    assert misperception(one + shift, other + shift) == pytest.approx(misperception(one, other), abs=1e-13)


def test_a_deal_is_missed_if_there_was_one_and_none_was_signed():
    assert [missed(existed, agreements) for existed in (1, 0) for agreements in (0, 1, 3)] == [1, 0, 0, 0, 0, 0]


def test_talks_are_futile_if_the_table_opened_although_there_was_nothing_to_be_had():
    assert [futile(existed, openings) for existed in (1, 0) for openings in (0, 1, 3)] == [0, 0, 0, 0, 1, 1]


@given(st.booleans(), st.integers(0, 50), st.integers(0, 50))
def test_no_replicate_is_both_missed_and_futile(existed, agreements, openings):
    assert missed(existed, agreements) + futile(existed, openings) <= 1.0
    assert missed(existed, agreements) <= existed
    assert futile(existed, openings) <= (openings > 0)
