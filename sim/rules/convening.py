"""Channels that help to open the table: those that have lately reached a government on each side.

    odds of an attempt = odds without channels * product over channels that bridge of `bridge`

Böhmelt (2010) finds that official and unofficial efforts together do better than either; that bears on outcomes and gives
no odds, so `bridge` is assumed and swept on both sides of 1: talks about talks may also stand in for talks.
"""

from sim.rules.registry import rule


@rule
def is_recent(reached, week, weeks):
    """Return 1 if something happened (in week `reached`; 0: never) within the last `weeks` weeks, this one included."""
    if reached > 0 and week - reached < weeks:
        return 1
    return 0


@rule
def bridged(probability, odds_ratio):
    """Return a probability (0..1) once its odds are multiplied by a ratio above 0; at a ratio of 1 the same, to the bit."""
    if odds_ratio == 1.0:
        return probability
    return probability * odds_ratio / (1.0 - probability + probability * odds_ratio)
