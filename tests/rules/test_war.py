"""The front, and the aid that holds it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, norm

from sim.rules.war import (
    aid_given,
    balance_with,
    decided_by_force,
    expected_front,
    front_drift,
    stepped_front,
    within_bounds,
)

FALSE_ALARM = 1e-6  # of each statistical test; seeds are fixed
SHARE = st.floats(0.0, 1.0)
FRONT = st.floats(0.0, 1.0)


def test_a_giver_that_thinks_escalation_one_in_four_withholds_an_eighth_at_half_sensitivity():
    assert aid_given(0.6, 0.5, 0.25) == pytest.approx(0.6 * 7 / 8, abs=1e-15)


def test_aid_is_whole_without_fear_or_without_sensitivity_and_gone_when_fear_is_certain():
    assert aid_given(0.6, 1.0, 0.0) == 0.6
    assert aid_given(0.6, 0.0, 1.0) == 0.6
    assert aid_given(0.6, 1.0, 1.0) == 0.0


@given(st.floats(0.0, 5.0), SHARE, SHARE, SHARE)
def test_more_fear_never_means_more_aid(maximum, sensitivity, one, other):
    less, more = sorted((one, other))
    assert 0.0 <= aid_given(maximum, sensitivity, more) <= aid_given(maximum, sensitivity, less) <= maximum


def test_the_balance_of_the_reference_is_a_quarter_in_favour_of_side_a():
    """Strength 1 of side A against .21 and aid of .6 (1 - .1) on side B, as in the page on the front."""
    balance = balance_with(balance_with(0.0, 1.0, True), 0.21 + aid_given(0.6, 1.0, 0.1), False)
    assert balance == pytest.approx(0.25, abs=1e-15)


def test_a_belligerent_without_strength_or_aid_leaves_the_balance_as_it_is():
    assert balance_with(0.25, 0.0, True) == balance_with(0.25, 0.0, False) == 0.25


@given(st.lists(st.tuples(st.floats(0.0, 20.0), st.booleans()), max_size=6))
def test_the_balance_is_the_strength_of_one_side_less_that_of_the_other_and_swaps_with_them(fighters):
    balance, swapped = 0.0, 0.0
    for strength, is_side_a in fighters:
        balance = balance_with(balance, strength, is_side_a)
        swapped = balance_with(swapped, strength, not is_side_a)
    of_a, of_b = (sum(strength for strength, is_a in fighters if is_a == side) for side in (True, False))
    assert balance == pytest.approx(of_a - of_b, abs=1e-12)
    assert swapped == -balance


def test_the_front_moves_with_the_balance_and_stands_where_strengths_are_equal():
    assert front_drift(0.001, 0.25) == pytest.approx(0.00025, abs=1e-18)
    assert front_drift(0.001, 0.0) == 0.0
    assert front_drift(0.001, -0.25) == -front_drift(0.001, 0.25)


def test_the_front_stays_between_the_two_full_aims():
    assert [within_bounds(x) for x in (-0.1, 0.0, 0.45, 1.0, 1.1)] == [0.0, 0.0, 0.45, 1.0, 1.0]


def test_a_week_adds_drift_and_shock():
    assert stepped_front(0.45, 0.00025, 0.0008, 2.0) == pytest.approx(0.45 + 0.00025 + 0.0016, abs=1e-15)
    assert stepped_front(0.45, 0.0, 0.0, 3.0) == 0.45


@given(FRONT, st.floats(-0.1, 0.1), st.floats(0.0, 0.1), st.floats(-9.0, 9.0))
def test_swapping_the_sides_mirrors_the_week(front, drift, sd, shock):
    mirrored = stepped_front(1.0 - front, -drift, sd, -shock)
    assert mirrored == pytest.approx(1.0 - stepped_front(front, drift, sd, shock), abs=1e-15)


def test_parties_that_look_a_year_ahead_reckon_with_a_year_of_drift_and_no_more_than_full_aims():
    assert expected_front(0.45, 0.001, 52) == pytest.approx(0.502, abs=1e-15)
    assert expected_front(0.45, 0.001, 0) == 0.45
    assert expected_front(0.45, 0.1, 52) == 1.0
    assert expected_front(0.45, -0.1, 52) == 0.0


def test_force_decides_at_either_end_and_nowhere_between():
    assert [decided_by_force(x) for x in (0.0, 1e-12, 0.5, 1.0 - 1e-12, 1.0)] == [1, 0, 0, 0, 1]


@given(FRONT, st.floats(-0.5, 0.5), st.floats(0.0, 0.5), st.floats(-9.0, 9.0))
def test_force_has_decided_exactly_when_a_step_reached_the_bounds(front, drift, sd, shock):
    reached = not 0.0 < front + drift + sd * shock < 1.0
    assert decided_by_force(stepped_front(front, drift, sd, shock)) == reached


def fronts_after(weeks, replicates, sd, start=0.5, drift=0.0):
    generator = np.random.default_rng(20260501)
    ends = []
    for shocks in generator.standard_normal((replicates, weeks)):
        front = start
        for shock in shocks:
            if not decided_by_force(front):
                front = stepped_front(front, drift, sd, shock)
        ends.append(front)
    return np.array(ends)


def test_far_from_the_ends_the_front_after_a_year_has_the_mean_and_spread_of_the_walk():
    """Mean by a z-test, variance by chi-square; each false-alarms once in a million."""
    weeks, count, sd, drift = 52, 2000, 0.0008, 0.00025
    ends = fronts_after(weeks, count, sd, drift=drift)
    z = (ends.mean() - 0.5 - weeks * drift) / (sd * np.sqrt(weeks / count))
    assert abs(z) < norm.isf(FALSE_ALARM / 2)
    statistic = (count - 1) * ends.var(ddof=1) / (weeks * sd * sd)
    assert chi2.ppf(FALSE_ALARM / 2, count - 1) < statistic < chi2.isf(FALSE_ALARM / 2, count - 1)


def test_the_walk_reaches_an_end_as_often_as_first_passage_theory_says():
    """Reflection principle with the bounds moved out by .5826 sd for discrete steps (Siegmund 1985).

    The correction is good to about .002 here; the test allows that and false-alarms once in a million beyond it.
    """
    weeks, count, sd = 100, 3000, 0.04
    away = (0.5 + 0.5826 * sd) / (sd * np.sqrt(weeks))
    theory = 2 * sum((-1) ** k * 2 * norm.sf((2 * k + 1) * away) for k in range(5))
    share = np.mean([decided_by_force(front) for front in fronts_after(weeks, count, sd)])
    assert abs(share - theory) < 0.002 + norm.isf(FALSE_ALARM / 2) * np.sqrt(theory * (1 - theory) / count)
