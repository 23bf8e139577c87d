"""A line: what an envoy says, once, of how far home would go, and what a hearer makes of it.

A line is home's, or it is passed off as home's. A hearer keeps two normal beliefs over the log of home's cost of war, one
for each case, and the odds that the line is home's. An honest private person conveys what is official:

    log c - (1 - mandate) bluff s + e        mandate 1 if home has authorised the channel, else 0

and what is official is public, so that it teaches nothing of the cost; with a mandate it does. The hearer gives the mandate
the probability m, and of a line that is home's takes

    with a mandate       density N(said; c, cc + noise)                                   the belief is updated
    without one          density N(said; c - bluff s, cc + (slant s)^2 + noise)           the belief stays

weighed by m and the densities, kept by two moments. A line passed off is as likely as N(said; log median + suspected s,
(1 + slant^2) s^2 + noise) and says nothing of the cost.
"""

from math import sqrt

from sim.numerics import log, logistic
from sim.rules.exposure import observed
from sim.rules.hearing import log_density, total_log_density
from sim.rules.registry import rule
from sim.rules.trust import log_bayes_factor, mixed

SETTLED = 40.0  # log-odds at which a probability is 1 to the last bit
SURE = 1e-12


@rule
def home_line(log_cost, mandate, bluff, cost_sd, error):
    """Return what an honest envoy says of home's log cost: the official one, or with a mandate (1) the true one.

    bluff, cost_sd   how far the official position understates the cost, in prior sd, and that sd; `error` is noise
    """
    return log_cost - (1.0 - mandate) * bluff * cost_sd + error


@rule
def adopted_share(official, adopts):
    """Return how far toward another's aims (0..1) a line passed off goes: `adopts` of the way the official position leaves.

    official   how far the official position goes, -1 if home would officially settle nowhere: then from its own aims
    """
    if official < 0.0:
        return adopts
    return official + adopts * (1.0 - official)


@rule
def line_log_density(mandate, mandated, private):
    """Return the log density of a line that is home's: the two cases (log densities) weighed by `mandate` (0..1)."""
    if mandate <= 0.0:
        return private
    if mandate >= 1.0:
        return mandated
    return total_log_density(mandate, private, mandated)


@rule
def mandated_weight(mandate, mandated, private):
    """Return the probability (0..1) that a line that is home's was said with a mandate, given what was said."""
    if mandate <= 0.0 or mandate >= 1.0:
        return mandate
    return logistic(log(mandate) + mandated - log(1.0 - mandate) - private)


@rule
def private_log_density(surprise, variance, bluff, slant, cost_sd, noise):
    """Return the log density of a line that is home's if it only repeats what is official.

    surprise, variance   what was said less the mean of the belief about home's log cost, and the belief's variance
    bluff, slant         mean and uncertainty of the understatement, in prior sd (`cost_sd`); noise is a variance
    """
    spread = slant * cost_sd
    return log_density(surprise + bluff * cost_sd, variance + spread * spread + noise)


@rule
def invented_log_density(said, log_median, suspected, slant, cost_sd, noise):
    """Return the log density of a line that is passed off: about the population's cost, slanted as is suspected.

    suspected, slant   mean and uncertainty of the slant, in prior sd (`cost_sd`); noise is a variance
    """
    return log_density(said - log_median - suspected * cost_sd, (1.0 + slant * slant) * cost_sd * cost_sd + noise)


@rule
def line_mean(mean, variance, said, noise, weight):
    """Return the mean of a normal belief after a line that tells of the cost with probability `weight`."""
    return mean + weight * (said - mean) * variance / (variance + noise)


@rule
def line_variance(mean, variance, said, noise, weight):
    """Return the variance of the same belief: of the mixture of what the line taught and of what was believed."""
    moved = (said - mean) * variance / (variance + noise)
    taught = weight * variance * noise / (variance + noise)
    return taught + (1.0 - weight) * variance + weight * (1.0 - weight) * moved * moved


@rule
def falsehood_odds(false, sincere, ratio):
    """Return the odds u that a check shows a falsehood, in all but the sincere case; there they are `ratio` times these.

    false     probability, over both cases, that the line is passed off
    sincere   probability of the sincere case: home trustworthy and the channel authorised

        sincere ratio u / (1 + ratio u) + (1 - sincere) u / (1 + u) = false

    so that whatever a check shows moves neither the odds of the line nor trust nor the mandate on average.
    """
    held = false
    if held < SURE:
        held = SURE
    if held > 1.0 - SURE:
        held = 1.0 - SURE
    rest = ratio * (1.0 - held)
    middle = ratio * sincere + 1.0 - sincere - held * (1.0 + ratio)
    root = sqrt(middle * middle + 4.0 * rest * held)
    if middle > 0.0:
        return 2.0 * held / (middle + root)
    return (root - middle) / (2.0 * rest)


@rule
def probability_of(odds):
    """Return the probability (0..1) of these odds, 0 or more."""
    return odds / (1.0 + odds)


@rule
def log_denial_factor(denied, mandate, deny_authorised, deny_freelance):
    """Return the move of the log-odds that a line is home's when home denies the channel (1) or is silent (0).

    A line passed off is that of a channel home did not authorise; one that is home's, with probability `mandate`, is not.
    """
    freelance = observed(denied, deny_freelance)
    return log_bayes_factor(mixed(mandate, observed(denied, deny_authorised), freelance), freelance)


@rule
def noise_of_belief(noise, sd):
    """Return the noise (sd of log cost) of a belief of home that is passed on: of the saying, and of the belief."""
    return sqrt(noise * noise + sd * sd)
