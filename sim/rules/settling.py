"""An agreement that settles: a breach grows less likely with its age.

Who breaks at a hazard h while an agreement is new keeps the week after `a` weeks in force with probability

    ((s + a) / (s + a + 1))^(s h),        so that t weeks are kept with (1 + t / s)^(-s h)

A hazard that is itself spread over agreements as a gamma variable gives this law (Lomax 1954, Journal of the American
Statistical Association 49): those that would soon have been broken are, and those that are left last.
"""

from sim.numerics import exp, log
from sim.rules.registry import rule

LEAST_LAPSE = 1e-300  # that a state is feared at all shows by a lapse above 0, however much it is trusted


@rule
def rate_at(settling, age):
    """Return the weeks of a new agreement that the week after `age` weeks in force counts for, 0..1; `settling` above 0."""
    return settling * log(1.0 + 1.0 / (settling + age))


@rule
def rate_over(settling, weeks):
    """Return the weeks of a new agreement that the first `weeks` weeks count for; `settling` above 0."""
    return settling * log(1.0 + weeks / settling)


@rule
def breach(hazard, rate):
    """Return the probability (0..1) of a breach at a hazard (0 or more, a week), over so many weeks of a new agreement."""
    return 1.0 - exp(-hazard * rate)


@rule
def kept(hazard, rate):
    """Return the probability (0..1) that there is none."""
    return exp(-hazard * rate)


@rule
def lapse(trust):
    """Return the probability that a state that is feared is not trustworthy, above 0 even where it is fully trusted."""
    if trust < 1.0:
        return 1.0 - trust
    return LEAST_LAPSE


@rule
def seen_breach(calm, deterred):
    """Return the probability of a breach by an untrustworthy state.

    calm       probability of one by a trustworthy state in the same time
    deterred   probability that what else moves it brings none
    """
    return 1.0 - (1.0 - calm) * deterred
