"""A pledge to join no table without another state, and what is seen of it when a table opens.

Seated or not, the state named learns: its trust moves by the ratio of the probabilities of what it sees,

    p_T / p_U             if it has a seat            (1 - p_T) / (1 - p_U)        if it has none

A public commitment ties the hands of some more than of others (Fearon 1997); the two probabilities are assumed.
"""

from sim.rules.exposure import observed
from sim.rules.registry import rule
from sim.rules.trust import log_bayes_factor


@rule
def log_pledge_factor(seated, if_trustworthy, if_not):
    """Return the log Bayes factor of trust in a state that pledged a seat, once the other has one (1) or not (0).

    if_trustworthy, if_not   believed probabilities of a seat, by the type of the state that pledged (inside 0..1)
    """
    return log_bayes_factor(observed(seated, if_trustworthy), observed(seated, if_not))


@rule
def is_held_back(trustworthy, seated):
    """Return 1 if a pledge keeps a state from a table: it is trustworthy (1.0), and the other has no seat (0), else 0."""
    if trustworthy > 0.0 and not seated:
        return 1
    return 0
