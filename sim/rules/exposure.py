"""Secret channels coming to light, and what observers make of it: the joint rule.

An observer of a channel with home h holds its trust in h and the probability that the channel is authorised, one for each
type of h. Something seen has four likelihoods (trustworthy or not, authorised or freelance); Bayes' rule moves all three:

    Bayes factor of trust = [a_T l_TA + (1 - a_T) l_TN] / [a_U l_UA + (1 - a_U) l_UN]
    a_T' = a_T l_TA / [a_T l_TA + (1 - a_T) l_TN]              and the same for a_U

That the channel exists at all is the first such event: its likelihoods are the joint itself (see `existence`).
"""

from math import sqrt

from sim.rules.registry import rule
from sim.rules.trust import log_bayes_factor, mixed


@rule
def kept_by(discretion, active):
    """Return the probability that one person in the know keeps the secret for a week.

    active   1 while the person speaks in a channel that meets; after that they talk less: the fourth root
    """
    if active > 0:
        return discretion
    return sqrt(sqrt(discretion))


@rule
def existence(authorised, freelance, offered, offered_authorised, offered_freelance):
    """Return the probability, for one type of home, that such a channel exists and has such a record.

    authorised, freelance                     probabilities that it exists with and without the home government
    offered                                   1 if an offer is on its record; its absence is not scored
    offered_authorised, offered_freelance     probabilities of an offer in either case
    """
    if offered > 0:
        return authorised * offered_authorised + freelance * offered_freelance
    return authorised + freelance


@rule
def authorised_share(authorised, freelance, offered, offered_authorised, offered_freelance):
    """Return the probability, for one type of home, that a channel that exists is authorised."""
    total = existence(authorised, freelance, offered, offered_authorised, offered_freelance)
    if total <= 0.0:
        return 1.0
    if offered > 0:
        return authorised * offered_authorised / total
    return authorised / total


@rule
def log_joint_factor(share_trustworthy, share_not, likelihood_ta, likelihood_tn, likelihood_ua, likelihood_un):
    """Return the log Bayes factor of trust of something seen, from its four likelihoods."""
    if_trustworthy = mixed(share_trustworthy, likelihood_ta, likelihood_tn)
    return log_bayes_factor(if_trustworthy, mixed(share_not, likelihood_ua, likelihood_un))


@rule
def updated_share(share, if_authorised, if_freelance):
    """Return the probability of authorised, for one type, after something with these likelihoods was seen."""
    total = mixed(share, if_authorised, if_freelance)
    if total <= 0.0:
        return share
    return share * if_authorised / total


@rule
def observed(happened, probability):
    """Return the likelihood of what was observed: the event, or its absence."""
    if happened > 0:
        return probability
    return 1.0 - probability


@rule
def denial_probability(authorised, deny_authorised, deny_freelance):
    """Return the probability that the home government denies: a cover-up if authorised, else a true denial."""
    if authorised > 0:
        return deny_authorised
    return deny_freelance


@rule
def audience_cost(level, exposure_cost, median):
    """Return what a state still pays for exposed talks (utility); level counts exposures, lapsing."""
    return level * exposure_cost * median


@rule
def lapsed(level, share):
    """Return the level a week later, when `share` of it lapses."""
    return level * (1.0 - share)
