"""What a deal and a war are worth to a state.

    u(x) = 1 - sum over issues of weight (x - aim)^2            weights sum to 1, so 0 <= u <= 1
    r    = u(x_war) - cost * weariness                          the outside option: fighting on

Spatial utility as in Davis, Hinich & Ordeshook (1970); war as a costly outside option as in Fearon (1995).
"""

from sim.numerics import exp
from sim.rules.registry import rule


@rule
def distance(terms, terms_at, party, weights_at, aims_at, issues):
    """Return how far `terms` lie from what a party wants, 0..1.

        sum over issues of weight (x - aim)^2

    terms, terms_at         the deal: one number 0..1 for each issue, from position `terms_at`
    party                   a sequence that holds the weights (sum 1) from `weights_at` and the aims from `aims_at`
    """
    total = 0.0
    for issue in range(issues):
        away = terms[terms_at + issue] - party[aims_at + issue]
        total = total + party[weights_at + issue] * away * away
    return total


@rule
def weariness(growth, week):
    """Return the factor, 1 or more, by which the cost of war has grown by `week`.

    growth   share of the first week's cost that is added each week
    """
    return 1.0 + growth * week


@rule
def stepped_log_cost(log_cost, volatility, shock):
    """Return the log of a private cost one week on: a random walk (`shock` standard normal)."""
    return log_cost + volatility * shock


@rule
def stated_cost(cost, bluff, cost_sd):
    """Return the cost of war a government claims: its own, understated by `bluff` prior standard deviations."""
    return cost * exp(-bluff * cost_sd)


@rule
def without_deal(contested, status_quo, front):
    """Return how an issue ends if nobody agrees: the front settles what is contested, the rest stays as it is."""
    if contested > 0.0:
        return front
    return status_quo
