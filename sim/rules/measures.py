"""When and how it is measured what states know of each other, and what became of a deal that was there to be had."""

from sim.rules.registry import rule

MISSING = float("nan")
DEAL_CHECK_WEEK = 26  # besides every attempt to open the table, whether a deal exists is asked in this week
FIRST_WEEK, LAST_WEEK = 27, 52  # perception is measured in these weeks, before the first agreement


@rule
def flag(holds):
    """Return 1.0 for what holds and 0.0 for what does not."""
    if holds:
        return 1.0
    return 0.0


@rule
def misperception(mean, log_cost):
    """Return how far the mean of a belief lies from the log cost it is about (0 or more)."""
    return abs(mean - log_cost)


@rule
def calibration(mean, sd, log_cost):
    """Return by how many of its own standard deviations (above 0) a belief's mean lies above the log cost."""
    return (mean - log_cost) / sd


@rule
def missed(existed, agreements):
    """Return 1.0 if a deal existed (1) and none was signed, else 0.0."""
    if existed > 0 and agreements == 0:
        return 1.0
    return 0.0


@rule
def futile(existed, openings):
    """Return 1.0 if the table opened although no deal existed (0), else 0.0."""
    if openings > 0 and not existed:
        return 1.0
    return 0.0
