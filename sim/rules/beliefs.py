"""Beliefs about the cost of war of others: normal in the log of the cost.

At the start the population's distribution, shifted for adversaries, and one signal; a week adds the variance of the random
walk; an answer at the table truncates, kept by its first two moments (Johnson, Kotz & Balakrishnan 1994, section 13.10).
"""

from math import sqrt

from sim.numerics import normal_hazard
from sim.rules.registry import rule

FAR = 60.0
LEAST_VARIANCE = 1e-12


@rule
def prior_mean(log_median, cost_sd, optimism):
    """Return the mean of the belief about an adversary before any signal: its cost overrated by `optimism` sd."""
    return log_median + optimism * cost_sd


@rule
def updated_mean(mean, variance, signal, noise):
    """Return the mean of a normal belief after a signal with noise variance above 0 (conjugate update)."""
    return mean + (signal - mean) * variance / (variance + noise)


@rule
def updated_variance(variance, noise):
    """Return the variance of a normal belief after a signal with noise variance above 0 (conjugate update)."""
    return variance * noise / (variance + noise)


@rule
def aged_variance(variance, volatility):
    """Return the variance a week later, when the log cost has moved with weekly sd `volatility`."""
    return variance + volatility * volatility


@rule
def deviation(variance):
    """Return the standard deviation, held at or above a millionth so that a belief never becomes certain."""
    if variance < LEAST_VARIANCE:
        return sqrt(LEAST_VARIANCE)
    return sqrt(variance)


@rule
def retained_variance(standardised):
    """Return the variance, as a share of what it was, of a normal cut off above `standardised` (sd from its mean).

    1 - z lambda - lambda^2, lambda = phi(z) / Phi(z);   far below the mean 1/z^2 - 6/z^4 + 50/z^6, as that form cancels
    """
    if standardised < -FAR:
        square = standardised * standardised
        return (1.0 - (6.0 - 50.0 / square) / square) / square
    hazard = normal_hazard(standardised)
    return 1.0 - hazard * (standardised + hazard)


@rule
def mean_below(mean, sd, bound):
    """Return the mean of a normal belief (sd above 0) once it is known to lie below `bound`."""
    return mean - sd * normal_hazard((bound - mean) / sd)


@rule
def variance_below(mean, sd, bound):
    """Return the variance of a normal belief (sd above 0) once it is known to lie below `bound`."""
    return sd * sd * retained_variance((bound - mean) / sd)


@rule
def mean_above(mean, sd, bound):
    """Return the mean of a normal belief (sd above 0) once it is known to lie above `bound`."""
    return mean + sd * normal_hazard((mean - bound) / sd)


@rule
def variance_above(mean, sd, bound):
    """Return the variance of a normal belief (sd above 0) once it is known to lie above `bound`."""
    return sd * sd * retained_variance((mean - bound) / sd)
