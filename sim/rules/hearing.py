"""What a hearer makes of messages about a cost of war, from a source that may slant them.

A hearer does not know whether a source is straight (a meeting is misrepresented with a small probability) or crooked (with
a large one); its credibility is the probability of straight. For each source and subject it keeps two normal beliefs over
(log c, b), b the constant slant of this source: one as if the source were straight, one as if crooked. A message is

    log c + e       if the meeting was honest          log c + b + e      if it was misrepresented

Each belief is the moment-matched mixture of the two Kalman updates (Bar-Shalom, Li & Kirubarajan 2001, section 11.6); the
odds of straight move by the ratio of the two predictive densities. Two beliefs, because with one last week's lie becomes
the yardstick of this week's and the constant liar ends most believed.

A hearing is stored flat: HEARD (1 once a message came), then C, B, CC, CB, BB (means and covariances) of the straight and
of the crooked belief.
"""

from sim.numerics import exp, log, logistic
from sim.rules.beliefs import deviation, mean_above, mean_below, variance_above, variance_below
from sim.rules.registry import rule

HEARD = 0
STRAIGHT, CROOKED, HEARING_SIZE = 1, 6, 11
C, B, CC, CB, BB = range(5)


@rule
def start_hearing(hearing, at, mean, variance, slant_mean, slant_sd):
    """Begin a hearing at its first message: both beliefs start from what is believed without this source."""
    hearing[at + HEARD] = 1.0
    for belief in (at + STRAIGHT, at + CROOKED):
        hearing[belief + C] = mean
        hearing[belief + B] = slant_mean
        hearing[belief + CC] = variance
        hearing[belief + CB] = 0.0
        hearing[belief + BB] = slant_sd * slant_sd


@rule
def log_density(surprise, variance):
    """Return the log of a normal density up to a constant, for a message that far from its mean."""
    return -0.5 * (log(variance) + surprise * surprise / variance)


@rule
def honest_log_density(hearing, belief, message, noise):
    """Return the log predictive density (up to a constant) of a message, if the meeting was honest.

    belief   where the straight or crooked belief starts; noise is a variance above 0
    """
    return log_density(message - hearing[belief + C], hearing[belief + CC] + noise)


@rule
def shaded_log_density(hearing, belief, message, noise):
    """Return the log predictive density (up to a constant) of a message, if the meeting was misrepresented."""
    variance = hearing[belief + CC] + 2.0 * hearing[belief + CB] + hearing[belief + BB] + noise
    return log_density(message - hearing[belief + C] - hearing[belief + B], variance)


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
def hear(hearing, belief, message, noise, weight):
    """Update one belief by a message that was misrepresented with probability `weight`, to two moments."""
    c, b = hearing[belief + C], hearing[belief + B]
    cc, cb, bb = hearing[belief + CC], hearing[belief + CB], hearing[belief + BB]
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
    hearing[belief + C] = rest * honest_c + weight * shaded_c
    hearing[belief + B] = rest * honest_b + weight * shaded_b
    lost_cc = rest * cc * cc / honest_spread + weight * with_c * with_c / shaded_spread
    lost_cb = rest * cc * cb / honest_spread + weight * with_c * with_b / shaded_spread
    lost_bb = rest * cb * cb / honest_spread + weight * with_b * with_b / shaded_spread
    hearing[belief + CC] = cc - lost_cc + between * apart_c * apart_c
    hearing[belief + CB] = cb - lost_cb + between * apart_c * apart_b
    hearing[belief + BB] = bb - lost_bb + between * apart_b * apart_b


@rule
def age_hearing(hearing, at, volatility):
    """Let a week pass: the log cost wanders, the slant stays."""
    variance = volatility * volatility
    hearing[at + STRAIGHT + CC] = hearing[at + STRAIGHT + CC] + variance
    hearing[at + CROOKED + CC] = hearing[at + CROOKED + CC] + variance


@rule
def condition(hearing, belief, mean, variance):
    """Give the log cost of one belief a new mean and variance; the slant follows by regression."""
    cc, cb = hearing[belief + CC], hearing[belief + CB]
    if cc <= 0.0:
        return
    slope = cb / cc
    hearing[belief + B] = hearing[belief + B] + slope * (mean - hearing[belief + C])
    hearing[belief + BB] = hearing[belief + BB] + slope * slope * (variance - cc)
    hearing[belief + CB] = slope * variance
    hearing[belief + C] = mean
    hearing[belief + CC] = variance


@rule
def cut_belief(hearing, belief, bound, accepted):
    """Take into one belief that the log cost lies above the bound (accepted 1) or below it (0)."""
    mean, sd = hearing[belief + C], deviation(hearing[belief + CC])
    if accepted > 0:
        condition(hearing, belief, mean_above(mean, sd, bound), variance_above(mean, sd, bound))
    else:
        condition(hearing, belief, mean_below(mean, sd, bound), variance_below(mean, sd, bound))


@rule
def heard_mean(hearing, at, credibility):
    """Return the mean of the log cost, the two beliefs weighted by credibility."""
    return credibility * hearing[at + STRAIGHT + C] + (1.0 - credibility) * hearing[at + CROOKED + C]


@rule
def heard_variance(hearing, at, credibility):
    """Return the variance of the log cost, the two beliefs weighted by credibility."""
    apart = hearing[at + STRAIGHT + C] - hearing[at + CROOKED + C]
    inside = credibility * hearing[at + STRAIGHT + CC] + (1.0 - credibility) * hearing[at + CROOKED + CC]
    return inside + credibility * (1.0 - credibility) * apart * apart


@rule
def precision_floor(precision, base):
    """Return the precision of several sources together, held at or above a twentieth of the belief without them."""
    if precision < 0.05 * base:
        return 0.05 * base
    return precision


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
