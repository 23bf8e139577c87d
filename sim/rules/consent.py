"""Who accepts what.

A state accepts a deal if it is worth at least its outside option and a margin (aspiration, audience cost or grievance):
V >= r + margin. Solved for the cost of war, which is what the others do not know, it accepts if and only if

    cost * weariness >= gap = u(x_war) - u(x) + (betrayal + margin + burdens) / q - betrayal

betrayal is 0 for third parties and burdens are 0 for all but guarantors. A gap of zero or less is accepted whatever the
cost. Aspirations fall with time as in Faratin, Sierra & Jennings (1998), and with the risk that talks break down as in
Binmore, Rubinstein & Wolinsky (1986).
"""

from sim.numerics import log, normal_cdf, power, real_power
from sim.rules.registry import rule

NEVER = 1e300
SMALLEST_KEPT = 1e-250
CERTAINTY = 0.001


@rule
def aspiration(height, median, round_number, rounds, concession, breakdown):
    """Return what a state holds out for beyond its outside option (utility) at round 1..rounds.

        height * median * (1 - (round / rounds)^(1 / concession)) * (1 - breakdown)^(rounds - round)

    Holding out pays only if the talks live to see it: each round still to come may be the one a refusal ends them.

    height       in medians of its cost; concession above 1 gives way early, below 1 late
    breakdown    probability, 0..1, that a refused offer ends the talks
    """
    held = height * median * (1.0 - real_power(round_number / rounds, 1.0 / concession))
    return held * power(1.0 - breakdown, rounds - round_number)


@rule
def grievance_margin(grievance, median):
    """Return what a state kept out asks for beyond fighting on to accept a done deal (utility).

    grievance   0 or more, in medians of the state's cost of war; the median is in utility
    """
    return grievance * median


@rule
def margin_of_ratifier(margin, ratifies, exposure_cost, slack):
    """Return the margin a proposer reckons with: a state that must ratify also has to cover its audience cost."""
    if ratifies > 0.0 and exposure_cost - slack > margin:
        return exposure_cost - slack
    return margin


@rule
def gap_from(war_utility, loss, demanded, kept, betrayal):
    """Return the gap: the cost of war, grown, from which on a state prefers the deal.

    loss     distance of the deal from its aims, so that the deal is worth 1 - loss while kept
    kept     probability that the deal is kept; where it is next to 0 the state never accepts
    """
    if kept <= SMALLEST_KEPT:
        return NEVER
    return war_utility - 1.0 + loss + demanded / kept - betrayal


@rule
def accepts(cost, weariness, gap_of_deal):
    """Return 1 if a state whose grown cost of war is `cost * weariness` accepts a deal with this gap, else 0."""
    if cost * weariness >= gap_of_deal:
        return 1
    return 0


@rule
def log_threshold(gap_of_deal, weariness):
    """Return the log of the cost of war from which on a state accepts a deal with this gap (above 0)."""
    return log(gap_of_deal / weariness)


@rule
def readiness(mean, sd, gap_of_deal, weariness):
    """Return how many standard deviations the believed log cost lies above the threshold of a deal (gap above 0).

    Nobody is surer of another's cost than CERTAINTY (sd of log cost): with costs known, offers then leave the other side
    its gap within a few tenths of a per cent.
    """
    if sd < CERTAINTY:
        return (mean - log_threshold(gap_of_deal, weariness)) / CERTAINTY
    return (mean - log_threshold(gap_of_deal, weariness)) / sd


@rule
def believed_acceptance(mean, sd, gap_of_deal, weariness):
    """Return the probability, under the belief log cost ~ Normal(mean, sd), that a deal with this gap is accepted."""
    if gap_of_deal <= 0.0:
        return 1.0
    return normal_cdf(readiness(mean, sd, gap_of_deal, weariness))


@rule
def unblocked(blocking, acceptance):
    """Return the probability that an excluded state does not block: 1 - blocking (1 - acceptance)."""
    return 1.0 - blocking * (1.0 - acceptance)


@rule
def ratified(surplus_of_deal, exposure_cost, slack, domestic_sd, shock):
    """Return 1 if parliament passes the deal: surplus - audience cost + slack reaches its mood (`shock` standard normal)."""
    if surplus_of_deal - exposure_cost + slack >= domestic_sd * shock:
        return 1
    return 0
