"""A line: what is said, whose a hearer takes it to be, and what it teaches."""

from math import exp, log, pi, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import exposure, hearing, lines
from tests.engines.trust_book import chance

PROBABILITY = st.floats(0.01, 0.99)
RATIO = st.floats(0.05, 2.0)
S, BLUFF, SLANT, NOISE = 0.7, 1.0, 1.0, 0.09
C, CC = -3.2, 0.3


def normal(x, mean, variance):
    return np.exp(-0.5 * (x - mean) ** 2 / variance) / sqrt(2.0 * pi * variance)


def test_without_a_mandate_an_honest_envoy_conveys_what_is_official():
    assert lines.home_line(-3.0, 0.0, 1.0, 0.7, 0.1) == pytest.approx(-3.0 - 0.7 + 0.1)
    assert lines.home_line(-3.0, 1.0, 1.0, 0.7, 0.1) == pytest.approx(-2.9)


def test_a_line_passed_off_goes_on_from_the_official_position():
    assert lines.adopted_share(0.4, 0.0) == 0.4
    assert lines.adopted_share(0.4, 0.5) == pytest.approx(0.7)
    assert lines.adopted_share(0.4, 1.0) == 1.0
    assert lines.adopted_share(-1.0, 0.3) == 0.3  # officially nowhere: from home's own aim


# What a line that is home's teaches


def likelihoods(said, mandate):
    """The two cases by textbook densities, each with its probability."""
    return mandate * normal(said, C, CC + NOISE), (1.0 - mandate) * normal(
        said, C - BLUFF * S, CC + (SLANT * S) ** 2 + NOISE
    )


def log_densities(said):
    surprise = said - C
    mandated = hearing.log_density(surprise, CC + NOISE)
    return mandated, lines.private_log_density(surprise, CC, BLUFF, SLANT, S, NOISE)


@given(st.floats(-6.0, 0.0), PROBABILITY)
def test_the_weight_of_a_mandate_and_the_density_are_those_of_the_two_cases(said, mandate):
    with_one, without = likelihoods(said, mandate)
    logs = log_densities(said)
    assert lines.mandated_weight(mandate, *logs) == pytest.approx(with_one / (with_one + without), rel=1e-9)
    density = exp(lines.line_log_density(mandate, *logs)) / sqrt(2.0 * pi)
    assert density == pytest.approx(with_one + without, rel=1e-9)


def test_where_the_mandate_is_sure_there_is_one_case():
    logs = log_densities(-3.0)
    for mandate, one in ((0.0, logs[1]), (1.0, logs[0])):
        assert lines.mandated_weight(mandate, *logs) == mandate
        assert lines.line_log_density(mandate, *logs) == one


def test_a_line_of_someone_surely_without_a_mandate_teaches_nothing_of_the_cost():
    """Limit: what is official is public."""
    weight = lines.mandated_weight(0.0, *log_densities(-1.0))
    assert lines.line_mean(C, CC, -1.0, NOISE, weight) == C
    assert lines.line_variance(C, CC, -1.0, NOISE, weight) == CC


@given(st.floats(-6.0, 0.0), st.floats(0.0, 1.0))
def test_the_belief_after_a_line_is_that_of_the_mixture_of_taught_and_untaught(said, weight):
    taught = C + (said - C) * CC / (CC + NOISE), CC * NOISE / (CC + NOISE)
    mean = weight * taught[0] + (1.0 - weight) * C
    square = weight * (taught[1] + taught[0] ** 2) + (1.0 - weight) * (CC + C**2)
    assert lines.line_mean(C, CC, said, NOISE, weight) == pytest.approx(mean, abs=1e-12)
    assert lines.line_variance(C, CC, said, NOISE, weight) == pytest.approx(square - mean**2, abs=1e-9)


@pytest.mark.parametrize("mandate", [0.1, 0.5, 0.9])
def test_nobody_expects_a_line_to_move_the_mean_of_a_cost(mandate):
    """Martingale, over all that a line of home's can say (an integral on a fine grid)."""
    said = np.linspace(C - 20.0, C + 20.0, 20_001)
    density = sum(likelihoods(said, mandate))
    means = [
        lines.line_mean(C, CC, one, NOISE, lines.mandated_weight(mandate, *log_densities(one))) for one in said.tolist()
    ]
    assert np.trapezoid(density, said) == pytest.approx(1.0, abs=1e-9)
    assert np.trapezoid(density * means, said) == pytest.approx(C, abs=1e-9)


@given(st.floats(-6.0, 0.0), st.floats(0.0, 2.0))
def test_a_line_passed_off_is_about_the_population_slanted_as_is_suspected(said, suspected):
    density = exp(lines.invented_log_density(said, -3.5, suspected, SLANT, S, NOISE)) / sqrt(2.0 * pi)
    assert density == pytest.approx(normal(said, -3.5 + suspected * S, 2.0 * S * S + NOISE), rel=1e-9)


# A check


@given(PROBABILITY, PROBABILITY, RATIO)
def test_a_check_shows_a_falsehood_as_often_in_all_as_the_odds_of_the_line_say(false, sincere, ratio):
    odds = lines.falsehood_odds(false, sincere, ratio)
    mandated, other = lines.probability_of(ratio * odds), lines.probability_of(odds)
    assert 0.0 < mandated < 1.0
    assert 0.0 < other < 1.0
    assert sincere * mandated + (1.0 - sincere) * other == pytest.approx(false, rel=1e-9)


@given(PROBABILITY, PROBABILITY)
def test_where_the_sincere_case_is_no_other_every_case_has_the_odds_of_the_line(false, sincere):
    assert lines.falsehood_odds(false, sincere, 1.0) == pytest.approx(false / (1.0 - false), rel=1e-9)


@pytest.mark.parametrize("false", [0.0, 1.0])
def test_a_line_taken_for_certain_can_be_checked_all_the_same(false):
    for ratio in (0.05, 1.0, 2.0):
        odds = lines.falsehood_odds(false, 0.5, ratio)
        assert lines.probability_of(odds) == pytest.approx(false, abs=1e-5)


@given(PROBABILITY, PROBABILITY, PROBABILITY, PROBABILITY, RATIO)
def test_nobody_expects_a_check_to_move_trust_or_the_mandate(trust, if_trustworthy, if_not, false, ratio):
    """Martingale, over both things a check can show."""
    odds = lines.falsehood_odds(false, trust * if_trustworthy, ratio)
    expected_trust, expected_mandate = 0.0, 0.0
    for shown in (0, 1):
        mandated = exposure.observed(shown, lines.probability_of(ratio * odds))
        other = exposure.observed(shown, lines.probability_of(odds))
        probability = trust * if_trustworthy * mandated + (1.0 - trust * if_trustworthy) * other
        factor = exposure.log_joint_factor(if_trustworthy, if_not, mandated, other, other, other)
        after = chance(log(trust / (1.0 - trust)) + factor)
        share = exposure.updated_share(if_trustworthy, mandated, other)
        expected_trust += probability * after
        expected_mandate += probability * (after * share + (1.0 - after) * if_not)
    assert expected_trust == pytest.approx(trust, abs=1e-9)
    assert expected_mandate == pytest.approx(trust * if_trustworthy + (1.0 - trust) * if_not, abs=1e-9)


# A denial


@given(PROBABILITY, PROBABILITY, PROBABILITY, PROBABILITY)
def test_nobody_expects_a_denial_or_silence_to_move_the_odds_of_the_line(homes, mandate, authorised, freelance):
    """Martingale: denied or not, for a line that is home's with or without a mandate, or passed off without one."""
    expected = 0.0
    for denied in (0, 1):
        if_homes = mandate * exposure.observed(denied, authorised) + (1.0 - mandate) * exposure.observed(
            denied, freelance
        )
        probability = homes * if_homes + (1.0 - homes) * exposure.observed(denied, freelance)
        factor = lines.log_denial_factor(denied, mandate, authorised, freelance)
        expected += probability * chance(log(homes / (1.0 - homes)) + factor)
    assert expected == pytest.approx(homes, abs=1e-9)


def test_a_denial_is_weak_news_where_nearly_every_private_channel_is_denied():
    assert exp(lines.log_denial_factor(1, 0.3, 0.6, 0.97)) == pytest.approx((0.3 * 0.6 + 0.7 * 0.97) / 0.97)
    assert exp(lines.log_denial_factor(0, 0.3, 0.6, 0.97)) == pytest.approx((0.3 * 0.4 + 0.7 * 0.03) / 0.03)
    assert lines.log_denial_factor(1, 0.0, 0.6, 0.97) == 0.0


def test_the_noise_of_a_belief_passed_on_is_of_the_saying_and_of_the_belief():
    assert lines.noise_of_belief(0.3, 0.4) == pytest.approx(0.5)


def test_settled_odds_are_a_probability_of_one_to_the_last_bit():
    assert chance(lines.SETTLED) == 1.0
