"""Beliefs about the cost of war of others: priors, signals, age, and what an answer at the table teaches."""

from math import log, sqrt

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, truncnorm

from sim.rules.beliefs import (
    FAR,
    aged_variance,
    deviation,
    mean_above,
    mean_below,
    prior_mean,
    retained_variance,
    updated_mean,
    updated_variance,
    variance_above,
    variance_below,
)

MEAN = st.floats(-6.0, 0.0)
SD = st.floats(0.01, 2.0)
VARIANCE = st.floats(1e-4, 4.0)


def test_half_an_sd_of_optimism_raises_the_believed_cost_of_an_adversary():
    assert prior_mean(log(0.03), 0.7, 0.5) == pytest.approx(log(0.03) + 0.35, abs=1e-15)
    assert prior_mean(-3.5, 0.7, 0.0) == -3.5


def test_a_signal_as_precise_as_the_belief_halves_the_distance_and_the_variance():
    assert updated_mean(-3.0, 0.5, -2.0, 0.5) == pytest.approx(-2.5, abs=1e-15)
    assert updated_variance(0.5, 0.5) == pytest.approx(0.25, abs=1e-15)


def test_a_worthless_signal_teaches_nothing_and_a_perfect_belief_is_not_moved():
    assert updated_mean(-3.0, 0.5, 7.0, 1e30) == pytest.approx(-3.0, abs=1e-14)
    assert updated_variance(0.5, 1e30) == pytest.approx(0.5, rel=1e-14)
    assert updated_mean(-3.0, 0.0, 7.0, 1.0) == -3.0
    assert updated_variance(0.0, 1.0) == 0.0


@given(MEAN, VARIANCE, st.floats(-8.0, 2.0), st.floats(1e-3, 9.0))
def test_a_signal_multiplies_the_prior_by_its_likelihood(mean, variance, signal, noise):
    """Precisions add and means are averaged by precision: the other form of the conjugate update."""
    precision = 1.0 / variance + 1.0 / noise
    assert updated_variance(variance, noise) == pytest.approx(1.0 / precision, rel=1e-12)
    weighted = (mean / variance + signal / noise) / precision
    assert updated_mean(mean, variance, signal, noise) == pytest.approx(weighted, abs=1e-11)


@given(MEAN, VARIANCE, st.lists(st.tuples(st.floats(-8.0, 2.0), st.floats(1e-2, 9.0)), min_size=2, max_size=5))
def test_the_order_of_signals_does_not_matter(mean, variance, signals):
    ends = []
    for order in (signals, signals[::-1]):
        m, v = mean, variance
        for signal, noise in order:
            m, v = updated_mean(m, v, signal, noise), updated_variance(v, noise)
        ends.append((m, v))
    assert ends[0] == pytest.approx(ends[1], rel=1e-9, abs=1e-9)


@given(MEAN, VARIANCE, st.floats(1e-3, 9.0))
def test_a_signal_is_expected_to_leave_the_mean_where_it_is_and_to_spread_it_by_the_variance_it_removes(
    mean, variance, noise
):
    """Gauss-Hermite over the signals the believer expects; three nodes are exact for a quadratic."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(3)
    weights = weights / weights.sum()
    means = [updated_mean(mean, variance, mean + sqrt(variance + noise) * z, noise) for z in nodes]
    assert np.dot(weights, means) == pytest.approx(mean, abs=1e-12)
    spread = np.dot(weights, (np.array(means) - mean) ** 2)
    assert spread + updated_variance(variance, noise) == pytest.approx(variance, rel=1e-9)


def test_after_a_year_of_wandering_the_variance_has_grown_by_fifty_two_squared_volatilities():
    variance = 0.25
    for _ in range(52):
        variance = aged_variance(variance, 0.03)
    assert variance == pytest.approx(0.25 + 52 * 0.0009, abs=1e-14)
    assert aged_variance(0.25, 0.0) == 0.25


def test_a_belief_never_becomes_surer_than_a_millionth():
    assert deviation(0.49) == pytest.approx(0.7, abs=1e-15)
    assert deviation(0.0) == deviation(1e-12) == pytest.approx(1e-6, rel=1e-15)
    assert deviation(4e-12) == pytest.approx(2e-6, rel=1e-15)


def test_a_belief_cut_at_its_mean_keeps_the_moments_of_half_a_normal():
    half = sqrt(2.0 / np.pi)
    assert mean_below(-3.0, 0.7, -3.0) == pytest.approx(-3.0 - 0.7 * half, abs=1e-14)
    assert mean_above(-3.0, 0.7, -3.0) == pytest.approx(-3.0 + 0.7 * half, abs=1e-14)
    for variance in (variance_below(-3.0, 0.7, -3.0), variance_above(-3.0, 0.7, -3.0)):
        assert variance == pytest.approx(0.49 * (1.0 - 2.0 / np.pi), abs=1e-14)


def test_an_answer_that_was_certain_teaches_nothing():
    assert mean_below(-3.0, 0.5, 40.0) == -3.0
    assert variance_below(-3.0, 0.5, 40.0) == 0.25
    assert mean_above(-3.0, 0.5, -40.0) == -3.0
    assert variance_above(-3.0, 0.5, -40.0) == 0.25


@given(MEAN, SD, st.floats(-6.0, 6.0))
def test_truncated_moments_are_those_of_scipy(mean, sd, standardised):
    bound = mean + sd * standardised
    below = truncnorm(-np.inf, (bound - mean) / sd, loc=mean, scale=sd)
    above = truncnorm((bound - mean) / sd, np.inf, loc=mean, scale=sd)
    assert mean_below(mean, sd, bound) == pytest.approx(below.mean(), abs=1e-10)
    assert mean_above(mean, sd, bound) == pytest.approx(above.mean(), abs=1e-10)
    assert variance_below(mean, sd, bound) == pytest.approx(below.var(), rel=1e-7)
    assert variance_above(mean, sd, bound) == pytest.approx(above.var(), rel=1e-7)


def exact_hazard(z):
    return mpmath.npdf(z) / (mpmath.erfc(-z / mpmath.sqrt(2)) / 2)


@pytest.mark.parametrize("depth", [0.0, 2.0, 8.0, 20.0, 40.0, 59.9, 59.999999, 60.000001, 60.1, 1e3, 1e4])
def test_a_very_surprising_answer_leaves_the_moments_of_the_far_tail(depth):
    """Against mpmath at 80 digits; the form 1 - z hazard - hazard^2 loses about depth^4 times 2e-16."""
    with mpmath.workdps(80):
        z = mpmath.mpf(-depth)
        hazard = exact_hazard(z)
        mean, variance = float(-hazard), float(1 - z * hazard - hazard * hazard)
    assert mean_below(0.0, 1.0, -depth) == pytest.approx(mean, rel=1e-14)
    assert mean_above(0.0, 1.0, depth) == pytest.approx(-mean, rel=1e-14)
    assert retained_variance(-depth) == pytest.approx(variance, rel=1e-12 + 1e-15 * min(depth, FAR) ** 4)


def test_the_two_forms_of_the_retained_variance_meet():
    """At 60 sd the first form is good to about 60^4 times 2e-16 and the series to 500/60^6."""
    nearer, farther = retained_variance(-FAR), retained_variance(-FAR * (1.0 + 1e-15))
    assert nearer == pytest.approx(farther, rel=1e-6)


@given(st.floats(-1e6, 40.0))
def test_an_answer_never_makes_a_belief_vaguer_nor_certain(standardised):
    assert 0.0 < retained_variance(standardised) <= 1.0


@given(MEAN, SD, st.floats(-5.0, 5.0))
def test_before_the_answer_the_expected_mean_after_it_is_the_mean(mean, sd, standardised):
    """Martingale: mean over accept and reject, with the probabilities the believer holds; and total variance."""
    bound = mean + sd * standardised
    rejects = norm.cdf(standardised)
    below, above = mean_below(mean, sd, bound), mean_above(mean, sd, bound)
    assert rejects * below + (1.0 - rejects) * above == pytest.approx(mean, abs=1e-12)
    within = rejects * variance_below(mean, sd, bound) + (1.0 - rejects) * variance_above(mean, sd, bound)
    between = rejects * (below - mean) ** 2 + (1.0 - rejects) * (above - mean) ** 2
    assert within + between == pytest.approx(sd * sd, rel=1e-9)


@given(MEAN, SD, st.floats(-8.0, 2.0))
def test_a_rejection_lowers_the_believed_cost_below_the_threshold_and_an_acceptance_raises_it_above(mean, sd, bound):
    assert mean_below(mean, sd, bound) <= min(mean, bound) + 1e-12
    assert mean_above(mean, sd, bound) >= max(mean, bound) - 1e-12
