"""Who accepts what.

A state accepts a deal if it is worth at least its outside option and a margin (aspiration, audience cost or grievance):
V >= r + margin. Solved for the cost of war, which is what the others do not know, it accepts if and only if

    cost * weariness >= gap = u(x_war) - u(x) + (betrayal + margin + burdens) / q - betrayal

betrayal is 0 for third parties and burdens are 0 for all but guarantors. A gap of zero or less is accepted whatever the
cost. Aspirations fall with time as in Faratin, Sierra & Jennings (1998).
"""

from sim.numerics import log, normal_cdf, real_power
from sim.rules.keeping import guarantee_strength, kept_belief
from sim.rules.registry import rule
from sim.rules.worth import distance
from sim.search.sheet import (
    BETRAYAL,
    COST,
    ISSUES,
    MARGIN,
    PLEDGE_AIM,
    PLEDGE_ISSUE,
    PLEDGES,
    WAR_UTILITY,
    WEARINESS,
    aims_at,
    burdens_at,
    pledge_at,
    weights_at,
)

NEVER = 1e300
SMALLEST_KEPT = 1e-250
CERTAINTY = 0.001


@rule
def aspiration(height, median, round_number, rounds, concession):
    """Return what a state holds out for beyond its outside option (utility) at round 1..rounds.

        height * median * (1 - (round / rounds)^(1 / concession))

    height       in medians of its cost; concession above 1 gives way early, below 1 late
    """
    return height * median * (1.0 - real_power(round_number / rounds, 1.0 / concession))


@rule
def margin_of_ratifier(margin, ratifies, exposure_cost, slack):
    """Return the margin a proposer reckons with: a state that must ratify also has to cover its audience cost."""
    if ratifies > 0.0 and exposure_cost - slack > margin:
        return exposure_cost - slack
    return margin


@rule
def demand(sheet, at, terms, terms_at):
    """Return what the row wants to be paid for signing: margin, risk of betrayal, burdens of its guarantees (utility)."""
    total = sheet[at + MARGIN] + sheet[at + BETRAYAL]
    burdens = burdens_at(sheet, at)
    for pledge in range(int(sheet[PLEDGES])):
        promise = pledge_at(sheet, pledge)
        term = terms[terms_at + int(sheet[promise + PLEDGE_ISSUE])]
        total = total + sheet[burdens + pledge] * guarantee_strength(term, sheet[promise + PLEDGE_AIM])
    return total


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
def gap(sheet, at, terms, terms_at):
    """Return the gap of a row for the deal `terms` (utility): it accepts if its cost of war has grown to it."""
    loss = distance(terms, terms_at, sheet, weights_at(sheet, at), aims_at(sheet, at), int(sheet[ISSUES]))
    kept = kept_belief(sheet, at, terms, terms_at)
    return gap_from(sheet[at + WAR_UTILITY], loss, demand(sheet, at, terms, terms_at), kept, sheet[at + BETRAYAL])


@rule
def spare(sheet, at, terms, terms_at):
    """Return what the deal leaves a row beyond its margin, V - r - margin (utility), at its own cost of war.

    q (cost * weariness - u(x_war) + u(x) + betrayal) - demand,     which is q (cost * weariness - gap)
    """
    loss = distance(terms, terms_at, sheet, weights_at(sheet, at), aims_at(sheet, at), int(sheet[ISSUES]))
    gain = sheet[at + COST] * sheet[at + WEARINESS] - sheet[at + WAR_UTILITY] + 1.0 - loss + sheet[at + BETRAYAL]
    return kept_belief(sheet, at, terms, terms_at) * gain - demand(sheet, at, terms, terms_at)


@rule
def surplus(sheet, at, terms, terms_at):
    """Return V - r: what the deal is worth to a row beyond its outside option (utility)."""
    return spare(sheet, at, terms, terms_at) + sheet[at + MARGIN]


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
