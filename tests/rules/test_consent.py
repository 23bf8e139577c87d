"""Who accepts what, one number at a time; what a whole deal asks of a state is in tests/search/test_deals.py."""

from math import exp, log

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import lognorm

from sim.rules.consent import (
    CERTAINTY,
    NEVER,
    accepts,
    aspiration,
    believed_acceptance,
    gap_from,
    grievance_margin,
    log_threshold,
    margin_of_ratifier,
    ratified,
    readiness,
    unblocked,
)

SHARE = st.floats(0.0, 1.0)
COST = st.floats(1e-3, 1.0)


def test_half_way_through_the_rounds_a_linear_conceder_holds_out_for_half():
    assert aspiration(1.0, 0.03, 10, 20, 1.0, 0.0) == pytest.approx(0.015, abs=1e-17)


def test_with_concession_two_a_quarter_of_the_rounds_has_cost_half_the_aspiration():
    # 1 - (1/4)^(1/2) = 1/2, and with concession 1/2: 1 - (1/4)^2 = 15/16
    assert aspiration(1.0, 0.03, 5, 20, 2.0, 0.0) == pytest.approx(0.015, rel=1e-14)
    assert aspiration(1.0, 0.03, 5, 20, 0.5, 0.0) == pytest.approx(0.03 * 15 / 16, rel=1e-14)


def test_nobody_holds_out_in_the_last_round_and_everybody_for_all_before_the_first():
    for concession in (0.1, 1.0, 7.0):
        assert aspiration(2.0, 0.03, 20, 20, concession, 0.0) == 0.0
        assert aspiration(2.0, 0.03, 0, 20, concession, 0.0) == 0.06


@given(st.floats(0.0, 3.0), st.integers(1, 40), st.integers(1, 40), st.floats(0.05, 20.0), st.floats(0.05, 20.0))
def test_aspirations_only_fall_and_fall_earlier_the_readier_a_state_concedes(height, rounds, number, one, other):
    assume(number < rounds)
    slow, fast = sorted((one, other))
    now = aspiration(height, 0.03, number, rounds, slow, 0.0)
    assert 0.0 <= aspiration(height, 0.03, number + 1, rounds, slow, 0.0) <= now <= height * 0.03
    assert aspiration(height, 0.03, number, rounds, fast, 0.0) <= now + 1e-15


def test_holding_out_counts_only_as_far_as_the_talks_live_to_see_the_end():
    # Two rounds of twenty to come: half of what is left of the aspiration is lost to each, at a breakdown of one half.
    certain = aspiration(1.0, 0.03, 18, 20, 1.0, 0.0)
    assert certain == pytest.approx(0.003, rel=1e-12)
    assert aspiration(1.0, 0.03, 18, 20, 1.0, 0.5) == pytest.approx(0.003 / 4, rel=1e-12)


@given(st.floats(0.0, 3.0), st.integers(1, 40), st.floats(0.05, 20.0), st.floats(0.0, 1.0))
def test_the_riskier_a_refusal_the_less_anybody_holds_out_and_at_one_nobody_does(height, rounds, concession, breakdown):
    for number in (1, rounds):
        held = aspiration(height, 0.03, number, rounds, concession, breakdown)
        assert 0.0 <= held <= aspiration(height, 0.03, number, rounds, concession, 0.0)
        assert aspiration(height, 0.03, number, rounds, concession, 1.0) == 0.0


def test_a_ratifier_must_also_cover_what_exposure_cost_it_beyond_its_slack():
    assert margin_of_ratifier(0.01, 1.0, 0.05, 0.02) == pytest.approx(0.03, abs=1e-17)
    assert margin_of_ratifier(0.04, 1.0, 0.05, 0.02) == 0.04
    assert margin_of_ratifier(0.01, 0.0, 0.05, 0.02) == 0.01


@given(SHARE, st.sampled_from([0.0, 1.0]), SHARE, SHARE)
def test_ratification_never_lowers_what_is_asked(margin, ratifies, exposure_cost, slack):
    assert margin_of_ratifier(margin, ratifies, exposure_cost, slack) >= margin


def test_a_gap_worked_by_hand():
    """War worth .75, the deal .9 while kept with probability .8; margin .02, betrayal .1.

    gap = .75 - .9 + (.02 + .1) / .8 - .1 = -.1; as a payment: .75 - .9 + (.02 + .2 x .1) / .8 = -.1
    """
    assert gap_from(0.75, 0.1, 0.12, 0.8, 0.1) == pytest.approx(-0.1, abs=1e-15)
    assert gap_from(0.75, 0.1, 0.04, 0.8, 0.0) == pytest.approx(-0.1, abs=1e-15)


def test_what_is_surely_broken_is_never_accepted():
    assert gap_from(0.5, 0.0, 0.0, 0.0, 0.0) == NEVER
    assert gap_from(0.5, 0.0, 0.0, 1e-260, 0.0) == NEVER
    assert gap_from(0.5, 0.0, 0.0, 1e-240, 0.0) == -0.5
    assert accepts(1e6, 100.0, NEVER) == 0


def test_a_cost_that_just_reaches_the_gap_accepts():
    assert accepts(0.03, 1.5, 0.045) == 1
    assert accepts(0.03, 1.0, 0.0300001) == 0
    assert accepts(0.03, 1.0, -0.5) == 1


def test_weariness_lowers_the_cost_at_which_a_state_gives_in():
    assert log_threshold(0.06, 1.5) == pytest.approx(log(0.04), abs=1e-14)


def test_readiness_counts_sd_above_the_threshold():
    assert readiness(log(0.04) + 1.4, 0.7, 0.06, 1.5) == pytest.approx(2.0, abs=1e-13)


def test_nobody_is_surer_of_anothers_cost_than_certainty():
    away = log(0.03) - log_threshold(0.0295, 1.0)
    assert readiness(log(0.03), 0.0, 0.0295, 1.0) == pytest.approx(away / CERTAINTY, rel=1e-13)
    assert readiness(log(0.03), 0.0, 0.0295, 1.0) == readiness(log(0.03), CERTAINTY, 0.0295, 1.0)


@given(st.floats(-6.0, 0.0), st.floats(0.01, 2.0), st.floats(1e-3, 1.0), st.floats(1.0, 3.0))
def test_believed_acceptance_is_the_lognormal_probability_of_a_cost_above_the_threshold(mean, sd, asked, weariness):
    expected = lognorm.sf(asked / weariness, sd, scale=exp(mean))
    assert believed_acceptance(mean, sd, asked, weariness) == pytest.approx(expected, rel=1e-9, abs=1e-300)


def test_what_asks_nothing_is_surely_accepted():
    assert believed_acceptance(-9.0, 0.5, 0.0, 1.0) == 1.0
    assert believed_acceptance(-9.0, 0.5, -0.1, 1.0) == 1.0
    assert believed_acceptance(-9.0, 0.5, 1e-300, 1.0) == 1.0


@given(st.floats(-6.0, 0.0), st.floats(0.0, 2.0), COST, COST, st.floats(1.0, 3.0))
def test_who_is_asked_for_more_is_never_likelier_to_accept(mean, sd, one, other, weariness):
    less, more = sorted((one, other))
    assert believed_acceptance(mean, sd, more, weariness) <= believed_acceptance(mean, sd, less, weariness)


def test_an_excluded_state_stands_in_the_way_as_often_as_it_refuses_and_can():
    assert unblocked(0.5, 0.2) == pytest.approx(0.6, abs=1e-15)
    assert unblocked(1.0, 0.2) == pytest.approx(0.2, abs=1e-15)
    assert unblocked(0.0, 0.2) == 1.0
    assert unblocked(0.5, 1.0) == 1.0


def test_parliament_passes_what_covers_the_audience_cost_in_its_mood():
    # .03 - .05 + .03 = .01 against a mood of .04 z
    assert ratified(0.03, 0.05, 0.03, 0.04, 0.2) == 1
    assert ratified(0.03, 0.05, 0.03, 0.04, 0.3) == 0
    assert ratified(0.0, 0.0, 0.0, 0.04, 0.0) == 1


@given(st.floats(-0.5, 0.5), SHARE, st.floats(0.0, 0.2), st.floats(0.0, 0.2), st.floats(-9.0, 9.0), SHARE)
def test_exposure_never_helps_ratification(surplus_of_deal, cost, slack, sd, shock, more):
    assert ratified(surplus_of_deal, cost + more, slack, sd, shock) <= ratified(surplus_of_deal, cost, slack, sd, shock)


def test_a_state_kept_out_asks_for_its_grievance_in_medians_of_its_cost():
    assert grievance_margin(0.2, 0.03) == pytest.approx(0.006, abs=1e-17)
    assert grievance_margin(0.0, 0.03) == 0.0
    assert grievance_margin(1.0, 0.03) == 0.03


@given(SHARE, SHARE, COST, COST, st.floats(1e-6, 1.0), SHARE)
def test_a_grievance_never_makes_a_deal_acceptable_that_was_not(one, other, cost, median, kept, loss):
    less, more = sorted((one, other))
    gaps = [gap_from(0.75, loss, grievance_margin(grievance, median), kept, 0.0) for grievance in (less, more)]
    assert gaps[0] <= gaps[1]
    assert accepts(cost, 1.0, gaps[1]) <= accepts(cost, 1.0, gaps[0])


@given(st.floats(-1.0, 1.0), SHARE, SHARE, st.floats(0.01, 1.0), SHARE, COST)
def test_at_its_gap_a_state_is_indifferent_between_the_deal_and_fighting_on(war, loss, margin, kept, betrayal, cost):
    """V - r - margin at a cost of war just as high as the gap is 0: q u + (1 - q) (r - betrayal) - r - margin."""
    reached = gap_from(war, loss, margin + betrayal, kept, betrayal)
    outside = war - reached
    value = kept * (1.0 - loss) + (1.0 - kept) * (outside - betrayal)
    assert value - outside - margin == pytest.approx(0.0, abs=1e-12)
