"""What a hearer makes of messages from a source that may slant them.

The rules keep two beliefs by two moments each. Here the same model is solved exactly: over all patterns of honest and
misrepresented meetings, where everything is normal and conjugate, and by quadrature over (log c, b).
"""

from dataclasses import dataclass
from itertools import product
from math import isfinite, log, pi, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import expit, logsumexp
from scipy.stats import norm, truncnorm

from sim.rules import hearing
from sim.rules.beliefs import updated_mean, updated_variance
from sim.rules.hearing import BB, C, CB, CC, CROOKED, STRAIGHT, B
from tests.campaigns import expected_credibility

PRIOR = 0.6
FALSEHOOD = {STRAIGHT: 0.05, CROOKED: 0.6}
MEAN, VARIANCE, SLANT, SPREAD, NOISE = -3.5, 0.33, 0.7, 0.7, 0.09

MESSAGE = st.floats(-6.0, -1.0)
MESSAGES = st.lists(MESSAGE, min_size=1, max_size=4)


def begun(variance=VARIANCE, slant=SLANT, spread=SPREAD):
    """A hearing before its first message is taken in."""
    kept = [0.0] * hearing.HEARING_SIZE
    hearing.start_hearing(kept, 0, MEAN, variance, slant, spread)
    return kept


@dataclass
class Heard:
    """What the rules make of a sequence of meetings, in each of which every subject is spoken of once."""

    kept: list
    log_odds: float

    @property
    def credibility(self):
        return float(expit(self.log_odds))


def hear_all(meetings, subjects=1, noise=NOISE):
    """Take in meetings, each a list with one message for each subject, as a hearer without checks does."""
    kept, log_odds = [begun() for _ in range(subjects)], log(PRIOR / (1.0 - PRIOR))
    for said in meetings:
        totals = []
        for belief, falsehood in FALSEHOOD.items():
            pairs = list(zip(kept, said, strict=True))
            honest = sum(hearing.honest_log_density(one, belief, message, noise) for one, message in pairs)
            shaded = sum(hearing.shaded_log_density(one, belief, message, noise) for one, message in pairs)
            totals.append(hearing.total_log_density(falsehood, honest, shaded))
            weight = hearing.shaded_weight(falsehood, honest, shaded)
            for one, message in pairs:
                hearing.hear(one, belief, message, noise, weight)
        log_odds += totals[0] - totals[1]
    return Heard(kept, log_odds)


@dataclass
class Exact:
    """The exact posterior: P(straight), and mean and variance of the log cost of each subject."""

    credibility: float
    means: list
    variances: list


def exact(meetings, subjects=1, noise=NOISE):
    """Solve the hearer's model over all patterns of bits, by conjugate normal updates of (log c, b)."""
    log_weights, moments = [], []
    for kind, prior in ((STRAIGHT, PRIOR), (CROOKED, 1.0 - PRIOR)):
        for bits in product((0, 1), repeat=len(meetings)):
            log_weight = log(prior)
            for bit in bits:
                log_weight += log(FALSEHOOD[kind] if bit else 1.0 - FALSEHOOD[kind])
            cells = []
            for subject in range(subjects):
                mean, covariance = np.array([MEAN, SLANT]), np.diag([VARIANCE, SPREAD**2])
                for bit, said in zip(bits, meetings, strict=True):
                    look = np.array([1.0, float(bit)])
                    spread = float(look @ covariance @ look) + noise
                    log_weight += float(norm.logpdf(said[subject], look @ mean, sqrt(spread)))
                    gain = covariance @ look / spread
                    mean = mean + gain * (said[subject] - look @ mean)
                    covariance = covariance - np.outer(gain, look @ covariance)
                cells.append((mean[0], covariance[0, 0]))
            log_weights.append((kind, log_weight))
            moments.append(cells)
    weights = np.exp(np.array([one for _, one in log_weights]) - logsumexp([one for _, one in log_weights]))
    credibility = float(sum(weight for weight, (kind, _) in zip(weights, log_weights, strict=True) if kind == STRAIGHT))
    means = [float(sum(w * cells[s][0] for w, cells in zip(weights, moments, strict=True))) for s in range(subjects)]
    squares = [sum(w * (cells[s][1] + cells[s][0] ** 2) for w, cells in zip(weights, moments, strict=True)) for s in range(subjects)]
    return Exact(credibility, means, [float(one - mean**2) for one, mean in zip(squares, means, strict=True)])


def by_quadrature(messages, noise=NOISE, points=401):
    """Solve the same for one subject on a grid over (log c, b), with no use of conjugacy."""
    c = MEAN + sqrt(VARIANCE) * np.linspace(-8.0, 8.0, points)[:, None]
    b = SLANT + SPREAD * np.linspace(-8.0, 8.0, points)[None, :]
    log_prior = norm.logpdf(c, MEAN, sqrt(VARIANCE)) + norm.logpdf(b, SLANT, SPREAD)
    total, mean, square, straight = 0.0, 0.0, 0.0, 0.0
    for kind, prior in ((STRAIGHT, PRIOR), (CROOKED, 1.0 - PRIOR)):
        likelihood = np.exp(log_prior) * prior
        for message in messages:
            honest, shaded = norm.pdf(message, c, sqrt(noise)), norm.pdf(message, c + b, sqrt(noise))
            likelihood = likelihood * ((1.0 - FALSEHOOD[kind]) * honest + FALSEHOOD[kind] * shaded)
        mass = float(likelihood.sum())
        total += mass
        straight += mass * (kind == STRAIGHT)
        mean += float((likelihood * c).sum())
        square += float((likelihood * c * c).sum())
    mean, square = mean / total, square / total
    return Exact(straight / total, [mean], [square - mean**2])


def sequences(number, length, subjects, seed):
    """Draw sequences of meetings from the hearer's own model."""
    generator = np.random.default_rng(seed)
    drawn = []
    for _ in range(number):
        straight = generator.random() < PRIOR
        cost = MEAN + sqrt(VARIANCE) * generator.standard_normal(subjects)
        slant = SLANT + SPREAD * generator.standard_normal(subjects)
        bits = generator.random(length) < FALSEHOOD[STRAIGHT if straight else CROOKED]
        errors = sqrt(NOISE) * generator.standard_normal((length, subjects))
        drawn.append([list(cost + slant * bit + error) for bit, error in zip(bits, errors, strict=True)])
    return drawn


# The limits in which there is nothing to approximate


@given(MESSAGES, st.floats(0.05, 2.0), st.floats(0.01, 2.0))
def test_a_source_that_never_misrepresents_is_heard_as_a_plain_signal(messages, variance, noise):
    """Conjugate normal update."""
    kept, mean = begun(variance), MEAN
    for message in messages:
        hearing.hear(kept, STRAIGHT, message, noise, 0.0)
        mean, variance = updated_mean(mean, variance, message, noise), updated_variance(variance, noise)
    assert kept[STRAIGHT + C] == pytest.approx(mean, abs=1e-9)
    assert kept[STRAIGHT + CC] == pytest.approx(variance, rel=1e-9)
    assert kept[STRAIGHT + B : STRAIGHT + CC] == [SLANT]
    assert kept[STRAIGHT + CB] == 0.0


@given(MESSAGES, st.floats(0.05, 2.0), st.floats(0.01, 2.0))
def test_a_source_that_always_misrepresents_is_heard_as_a_signal_with_a_slant_to_be_learned(messages, variance, noise):
    """log c + b is learned by the conjugate update; what is not in it stays as uncertain as it was."""
    kept = begun(variance)
    for message in messages:
        hearing.hear(kept, CROOKED, message, noise, 1.0)
    together = variance + SPREAD**2
    precision = 1.0 / together + len(messages) / noise
    mean = ((MEAN + SLANT) / together + sum(messages) / noise) / precision
    assert kept[CROOKED + C] + kept[CROOKED + B] == pytest.approx(mean, abs=1e-9)
    cc, cb, bb = kept[CROOKED + CC], kept[CROOKED + CB], kept[CROOKED + BB]
    assert cc + 2.0 * cb + bb == pytest.approx(1.0 / precision, rel=1e-6)
    other = SPREAD**2 * cc - (variance - SPREAD**2) * cb - variance * bb  # covariance with SPREAD^2 c - variance b
    assert other == pytest.approx(0.0, abs=1e-9)


def test_a_slant_that_is_known_is_simply_taken_off():
    """The limit of a track-1 position whose bluff is known."""
    kept = begun(spread=1e-9)
    hearing.hear(kept, STRAIGHT, -2.0, NOISE, 1.0)
    assert kept[STRAIGHT + C] == pytest.approx(updated_mean(MEAN, VARIANCE, -2.0 - SLANT, NOISE))
    assert kept[STRAIGHT + CC] == pytest.approx(updated_variance(VARIANCE, NOISE))


# The exact solution


@given(st.lists(MESSAGE, min_size=1, max_size=3))
def test_enumeration_of_the_bits_and_quadrature_agree(messages):
    """Two independent solutions of the hearer's model; what follows is compared with the first."""
    one, other = exact([[message] for message in messages]), by_quadrature(messages)
    assert other.credibility == pytest.approx(one.credibility, abs=1e-6)
    assert other.means == pytest.approx(one.means, abs=1e-6)
    assert other.variances == pytest.approx(one.variances, rel=1e-5)


@given(MESSAGE)
def test_after_one_message_both_beliefs_and_credibility_are_exact(message):
    heard, true = hear_all([[message]]), by_quadrature([message])
    assert heard.credibility == pytest.approx(true.credibility, abs=1e-6)
    kept = heard.kept[0]
    assert hearing.heard_mean(kept, 0, heard.credibility) == pytest.approx(true.means[0], abs=1e-6)
    assert hearing.heard_variance(kept, 0, heard.credibility) == pytest.approx(true.variances[0], rel=1e-5)


@given(st.tuples(MESSAGE, MESSAGE))
def test_after_one_meeting_about_two_states_everything_is_exact(said):
    """The messages of a meeting share the bit: they enter as one product."""
    heard, true = hear_all([list(said)], subjects=2), exact([list(said)], subjects=2)
    assert heard.credibility == pytest.approx(true.credibility, abs=1e-9)
    for kept, mean, variance in zip(heard.kept, true.means, true.variances, strict=True):
        assert hearing.heard_mean(kept, 0, heard.credibility) == pytest.approx(mean, abs=1e-9)
        assert hearing.heard_variance(kept, 0, heard.credibility) == pytest.approx(variance, rel=1e-7)


def errors_of_moment_matching(length, subjects):
    """Errors of credibility and, in exact posterior sd, of the means, over sequences drawn from the hearer's model."""
    credibility, means = [], []
    for meetings in sequences(150, length, subjects, seed=length):
        heard, true = hear_all(meetings, subjects), exact(meetings, subjects)
        credibility.append(heard.credibility - true.credibility)
        for kept, mean, variance in zip(heard.kept, true.means, true.variances, strict=True):
            means.append((hearing.heard_mean(kept, 0, heard.credibility) - mean) / sqrt(variance))
    return np.array(credibility), np.array(means)
