"""What a hearer makes of messages about a cost of war, from a source that may slant them.

A hearer does not know whether a source is straight (a meeting is misrepresented with a small probability) or crooked (with
a large one); its credibility is the probability of straight. For each source and subject it keeps two normal beliefs over
(log c, b), b the constant slant of this source: one as if the source were straight, one as if crooked. A message is

    log c + e       if the meeting was honest          log c + b + e      if it was misrepresented

Each belief is the moment-matched mixture of the two Kalman updates (Bar-Shalom, Li & Kirubarajan 2001, section 11.6); the
odds of straight move by the ratio of the two predictive densities. Two beliefs, because with one last week's lie becomes
the yardstick of this week's and the constant liar ends most believed.

A belief is five numbers: c and b, the means of log cost and slant, then cc, cb, bb, their covariances.
"""

from sim.numerics import exp, log, logistic
from sim.rules.beliefs import LEAST_VARIANCE
from sim.rules.registry import rule


@rule
def log_density(surprise, variance):
    """Return the log of a normal density up to a constant, for a message that far from its mean."""
    return -0.5 * (log(variance) + surprise * surprise / variance)


@rule
def honest_log_density(c, cc, message, noise):
    """Return the log predictive density (up to a constant) of a message, if the meeting was honest.

    c, cc   mean and variance of the belief about the log cost; noise is the variance of the error, above 0
    """
    return log_density(message - c, cc + noise)


@rule
def shaded_log_density(c, b, cc, cb, bb, message, noise):
    """Return the log predictive density (up to a constant) of a message, if the meeting was misrepresented."""
    return log_density(message - c - b, cc + 2.0 * cb + bb + noise)


@rule
def total_log_density(falsehood, honest, shaded):
    """Return the log of (1 - falsehood) exp(honest) + falsehood exp(shaded), falsehood inside 0..1."""
    one, other = log(1.0 - falsehood) + honest, log(falsehood) + shaded
    if one > other:
        return one + log(1.0 + exp(other - one))
    return other + log(1.0 + exp(one - other))


@rule
def shaded_weight(falsehood, honest, shaded):
    """Return the probability that a meeting was misrepresented, from the log densities of its messages together."""
    return logistic(log(falsehood) + shaded - log(1.0 - falsehood) - honest)


@rule
def updated_belief(c, b, cc, cb, bb, message, noise, weight):
    """Return a belief (c, b, cc, cb, bb) after a message that was misrepresented with probability `weight`.

    noise   variance of the message's error, above 0. The mixture of both cases is kept by its first two moments.
    """
    honest_spread = cc + noise
    shaded_spread = cc + 2.0 * cb + bb + noise
    honest_surprise = (message - c) / honest_spread
    shaded_surprise = (message - c - b) / shaded_spread
    with_c, with_b = cc + cb, cb + bb
    honest_c, honest_b = c + cc * honest_surprise, b + cb * honest_surprise
    shaded_c, shaded_b = c + with_c * shaded_surprise, b + with_b * shaded_surprise
    between = weight * (1.0 - weight)
    apart_c, apart_b = shaded_c - honest_c, shaded_b - honest_b
    rest = 1.0 - weight
    lost_cc = rest * cc * cc / honest_spread + weight * with_c * with_c / shaded_spread
    lost_cb = rest * cc * cb / honest_spread + weight * with_c * with_b / shaded_spread
    lost_bb = rest * cb * cb / honest_spread + weight * with_b * with_b / shaded_spread
    return (
        rest * honest_c + weight * shaded_c,
        rest * honest_b + weight * shaded_b,
        cc - lost_cc + between * apart_c * apart_c,
        cb - lost_cb + between * apart_c * apart_b,
        bb - lost_bb + between * apart_b * apart_b,
    )


@rule
def regressed_slant(b, slope, mean, c):
    """Return the mean of the slant once the mean of the log cost is `mean` instead of c; slope is cb / cc."""
    return b + slope * (mean - c)


@rule
def regressed_slant_variance(bb, slope, variance, cc):
    """Return the variance of the slant once the variance of the log cost is `variance` instead of cc."""
    return bb + slope * slope * (variance - cc)


@rule
def heard_mean(straight_c, crooked_c, credibility):
    """Return the mean of the log cost, the two beliefs weighted by credibility (0..1)."""
    return credibility * straight_c + (1.0 - credibility) * crooked_c


@rule
def heard_variance(straight_c, straight_cc, crooked_c, crooked_cc, credibility):
    """Return the variance of the log cost, the two beliefs weighted by credibility (0..1)."""
    apart = straight_c - crooked_c
    inside = credibility * straight_cc + (1.0 - credibility) * crooked_cc
    return inside + credibility * (1.0 - credibility) * apart * apart


@rule
def precision(variance):
    """Return the precision of a belief: 1 / variance, held below 1e12."""
    return 1.0 / (variance + LEAST_VARIANCE)


@rule
def pooled_precision(pooled, source, base):
    """Return the precision of several sources once one more is pooled; what all share, `base`, is counted once.

    pooled         the precision so far; before the first source it is the base
    source, base   precision of the belief through this source, and of the belief without any
    """
    return pooled + (source - base)


@rule
def pooled_pull(pull, source, mean, base, base_mean):
    """Return the sum of means weighted by precision once one more source is pooled; `base` is counted once.

    pull              the sum so far; before the first source it is base * base_mean. The pooled mean is pull / precision
    source, mean      precision and mean of the belief through this source
    base, base_mean   precision and mean of the belief without any
    """
    return pull + (source * mean - base * base_mean)


@rule
def precision_floor(precision, base):
    """Return the precision of several sources together, held at or above a twentieth of the belief without them."""
    if precision < 0.05 * base:
        return 0.05 * base
    return precision


@rule
def pooled_mean(pull, precision, base, base_mean):
    """Return the mean of several sources together; where the floor holds their precision up, the mean without them.

    Below the floor the sources contradict each other, and the quotient could lie as far off as it liked.
    """
    if precision < 0.05 * base:
        return base_mean
    return pull / precision


@rule
def checked_log_odds(false, straight_falsehood, crooked_falsehood):
    """Return the move of the log-odds of straight once a check shows whether the meeting was misrepresented."""
    if false > 0:
        return log(straight_falsehood) - log(crooked_falsehood)
    return log(1.0 - straight_falsehood) - log(1.0 - crooked_falsehood)


@rule
def expected_falsehood(credibility, straight_falsehood, crooked_falsehood):
    """Return the probability the hearer gives to a meeting being misrepresented."""
    return credibility * straight_falsehood + (1.0 - credibility) * crooked_falsehood
