"""What a deal and a war are worth to a state.

    u(x) = 1 - sum over issues of weight (x - aim)^2            weights sum to 1, so 0 <= u <= 1
    r    = u(x_war) - cost * weariness                          the outside option: fighting on

Spatial utility as in Davis, Hinich & Ordeshook (1970); war as a costly outside option as in Fearon (1995).
"""

from sim.numerics import exp
from sim.rules.registry import rule


@rule
def distance_on(place, aim, weight):
    """Return what one issue adds to how far a deal lies from what a party wants: weight (x - aim)^2, 0..weight.

    place, aim   where the deal puts the issue and where the party wants it, 0..1
    weight       how much the issue matters; the weights of a party sum to 1
    """
    away = place - aim
    return weight * away * away


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
