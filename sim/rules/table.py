"""The table: when it opens, its rounds, and how it ends."""

from sim.rules.registry import rule


@rule
def attempt_due(week, attempt_weeks):
    """Return 1 in the weeks in which the parties consider opening the table, else 0."""
    if week % attempt_weeks == 0:
        return 1
    return 0


@rule
def occurs(draw, probability):
    """Return 1 if an event of this probability occurs, by a uniform draw in (0, 1), else 0."""
    if draw < probability:
        return 1
    return 0


@rule
def least_gain(cost, median):
    """Return the least gain (utility) worth a cost given in medians of a state's cost of war."""
    return cost * median


@rule
def place_in_turn(draw, places):
    """Return which of `places` comes first, 0..places-1, by a uniform draw in (0, 1)."""
    return int(draw * places)


@rule
def round_due(week, opened, round_weeks):
    """Return 1 in the week of opening and every `round_weeks` from then on, else 0."""
    if (week - opened) % round_weeks == 0:
        return 1
    return 0
