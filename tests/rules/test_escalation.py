"""Claims that the other side would escalate, and the fear that withholds aid."""

from math import isfinite, log

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.numerics import logistic, logit
from sim.rules import escalation
from sim.scenario.load import load

PROBABILITY = st.floats(0.001, 0.999)
RATE = st.floats(0.0, 0.95)
FACTOR = st.floats(0.05, 20.0)


def after(fear: float, claimed: int, credibility: float, factor: float, rate: float) -> float:
    """The hearer's probability of escalation after a meeting."""
    return logistic(logit(fear) + escalation.log_claim_factor(claimed, credibility, factor, rate))


def test_a_claim_from_a_sure_source_moves_the_odds_by_its_factor():
    assert escalation.log_claim_factor(1, 1.0, 1.5, 0.05) == pytest.approx(log(1.5), abs=1e-15)
    assert after(0.1, 1, 1.0, 1.5, 0.05) == pytest.approx(0.15 / 1.05)


def test_a_claim_from_a_source_that_is_never_believed_moves_nothing():
    for claimed in (0, 1):
        assert escalation.log_claim_factor(claimed, 0.0, 1.5, 0.05) == 0.0


def test_a_claim_that_fits_either_case_alike_moves_nothing():
    for claimed in (0, 1):
        assert escalation.log_claim_factor(claimed, 0.7, 1.0, 0.05) == pytest.approx(0.0, abs=1e-15)


@given(PROBABILITY, FACTOR, RATE)
def test_before_a_meeting_nobody_expects_the_fear_to_move_by_a_sure_source(fear, factor, rate):
    """Martingale: a claim comes with probability p B if escalation is meant and p if it is not."""
    assume(factor * rate < 0.99)
    claim = fear * factor * rate + (1.0 - fear) * rate
    expected = claim * after(fear, 1, 1.0, factor, rate) + (1.0 - claim) * after(fear, 0, 1.0, factor, rate)
    assert expected == pytest.approx(fear, rel=1e-9)


@given(PROBABILITY, PROBABILITY, FACTOR, RATE)
def test_before_a_meeting_nobody_expects_the_fear_to_move_by_a_doubtful_source(fear, credibility, factor, rate):
    """Martingale: a crooked source makes such claims as often whether escalation is meant or not."""
    assume(factor * rate < 0.99)
    meant = credibility * factor * rate + (1.0 - credibility) * rate
    claim = fear * meant + (1.0 - fear) * rate
    moves = [after(fear, claimed, credibility, factor, rate) for claimed in (0, 1)]
    assert claim * moves[1] + (1.0 - claim) * moves[0] == pytest.approx(fear, rel=1e-9)


@given(PROBABILITY, st.floats(1.01, 20.0), st.floats(0.001, 0.95))
def test_a_claim_raises_the_fear_and_its_absence_lowers_it_where_claims_tell_something(credibility, factor, rate):
    assume(factor * rate < 0.99)
    assert escalation.log_claim_factor(1, credibility, factor, rate) > 0.0
    assert escalation.log_claim_factor(0, credibility, factor, rate) < 0.0


@given(PROBABILITY, st.floats(0.05, 0.99), st.floats(0.001, 0.95))
def test_where_threats_are_made_by_those_who_do_not_mean_them_a_claim_lowers_the_fear(credibility, factor, rate):
    assert escalation.log_claim_factor(1, credibility, factor, rate) < 0.0
    assert escalation.log_claim_factor(0, credibility, factor, rate) > 0.0


@given(PROBABILITY, PROBABILITY)
def test_the_better_a_source_is_believed_the_more_its_claim_weighs(one, other):
    low, high = sorted((one, other))
    weights = [escalation.log_claim_factor(1, credibility, 1.5, 0.05) for credibility in (low, high)]
    assert weights[0] <= weights[1] + 1e-15


@pytest.mark.parametrize(("factor", "rate"), [(20.0, 0.05), (2.0, 0.5), (100.0, 0.02)])
def test_a_scenario_in_which_a_claim_would_be_more_than_certain_is_refused(factor, rate):
    """p B is the probability of a claim where escalation is meant."""
    with pytest.raises(ScenarioError, match="must lie below 1"):
        load("reference", {"escalation.claim_factor": factor, "escalation.believed_claim_rate": rate})


def test_a_scenario_in_which_a_claim_would_be_nearly_certain_is_accepted():
    world = load("reference", {"escalation.claim_factor": 19.0, "escalation.believed_claim_rate": 0.05}).eras[0].world
    assert isfinite(escalation.log_claim_factor(0, 1.0, world.escalation.claim_factor, 0.05))


@given(st.floats(-8.0, 8.0), st.floats(-8.0, 8.0), st.floats(0.0, 1.0))
def test_the_fear_reverts_to_its_prior_and_never_beyond(log_odds, prior, reversion):
    reverted = escalation.reverted(log_odds, prior, reversion)
    assert min(log_odds, prior) - 1e-12 <= reverted <= max(log_odds, prior) + 1e-12


def test_of_a_moved_fear_a_twentieth_lapses_in_a_week():
    assert escalation.reverted(-1.0, -2.0, 0.05) == pytest.approx(-1.05)
    assert escalation.reverted(-2.0, -2.0, 0.05) == -2.0


def test_only_an_envoy_who_leans_to_the_other_side_claims():
    assert escalation.claim_probability(0.0, 0.5) == 0.0
    assert escalation.claim_probability(0.9, 0.5) == pytest.approx(0.45)
