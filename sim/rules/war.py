"""The front, and the aid that holds it.

    front += response (strength_A + aid_A - strength_B - aid_B) + sd z           0: side B's aim; 1: side A's

Drift and spread are measured (evidence: isw_front_mean, isw_front_sd); how strongly the front answers to aid is assumed.
"""

from sim.rules.registry import rule


@rule
def aid_given(maximum, sensitivity, escalation_belief):
    """Return the aid a giver sends who believes with `escalation_belief` (0..1) that aid brings escalation."""
    return maximum * (1.0 - sensitivity * escalation_belief)


@rule
def balance_with(balance, strength, is_side_a):
    """Return the balance of strength, side A's less side B's, with one more belligerent.

    strength   its own and the aid that reaches it (aid units, 0 or more)
    """
    if is_side_a:
        return balance + strength
    return balance - strength


@rule
def front_drift(response, balance):
    """Return the expected weekly movement of the front for a `balance` of strength and aid, side A's less side B's."""
    return response * balance


@rule
def within_bounds(front):
    """Return the front held between 0 and 1; either end decides the war by force."""
    if front <= 0.0:
        return 0.0
    if front >= 1.0:
        return 1.0
    return front


@rule
def stepped_front(front, drift, sd, shock):
    """Return the front one week on (`shock` standard normal)."""
    return within_bounds(front + drift + sd * shock)


@rule
def expected_front(front, drift, lookahead):
    """Return the front that parties reckon with `lookahead` weeks ahead (Powell 2006)."""
    return within_bounds(front + lookahead * drift)


@rule
def decided_by_force(front):
    """Return 1 if the front has reached either side's full aim, else 0."""
    if front <= 0.0 or front >= 1.0:
        return 1
    return 0
