"""Being told of a channel by home, and not being told: what either says of home.

A channel exists authorised with probability rho, and freelance, where it is not authorised, with phi; rho is one for each
type of home. What is seen of it has a likelihood in either case, so that for one type of home

    P(seen) = rho a + (1 - rho) phi f             P(authorised | seen) = rho a / P(seen)

    told by home                  a = brief_T or brief_U               f = brief_F
    not told, and exposed         a = (1 - brief_*) x record           f = (1 - brief_F) x record
    told before, and exposed      the record alone, by the joint rule of exposure
    the record                    offer_* with an offer beyond the official position on it, 1 - offer_* without

Both halves are scored: to be told is a gift only because not to be told is a slight. Told, exposed or neither, an observer
who knows that a channel exists expects none of it to move its trust.
"""

from sim.rules.registry import rule


@rule
def seen_by_type(authorised, freelance, if_authorised, if_freelance):
    """Return the probability, for one type of home, that a channel exists and that this is seen of it.

    authorised, freelance         rho and phi
    if_authorised, if_freelance   likelihoods of what is seen
    """
    return authorised * if_authorised + (1.0 - authorised) * freelance * if_freelance


@rule
def share_by_type(authorised, freelance, if_authorised, if_freelance):
    """Return the probability, for one type of home, that a channel of which this is seen is authorised."""
    total = seen_by_type(authorised, freelance, if_authorised, if_freelance)
    if total <= 0.0:
        return 1.0
    return authorised * if_authorised / total
