"""Trust: the probability that another state is trustworthy, moved by Bayes' rule and by nothing else (Kydd 2005).

It is kept as log-odds; an event moves it by the log of its Bayes factor, the ratio of the probabilities of what was seen
if the other is trustworthy and if it is not.
"""

from sim.numerics import log
from sim.rules.registry import rule

IMPOSSIBLE = 1e-300


@rule
def log_bayes_factor(if_trustworthy, if_not):
    """Return the log Bayes factor of something seen, from its two probabilities (each held above 1e-300)."""
    return log(if_trustworthy + IMPOSSIBLE) - log(if_not + IMPOSSIBLE)


@rule
def mixed(probability, if_true, if_false):
    """Return the total probability of an event, given the probability of a condition and the event's under each side."""
    return probability * if_true + (1.0 - probability) * if_false


@rule
def seen(broken, probability_of_breach):
    """Return the probability of what was seen in a week of an agreement: a breach if `broken` is 1, else none."""
    if broken > 0:
        return probability_of_breach
    return 1.0 - probability_of_breach


@rule
def after_done_deal(log_odds, factor):
    """Return the log-odds of trust in a party that made a deal over a state's head (`factor`: a Bayes factor, above 0)."""
    return log_odds + log(factor)
