"""Positions: how far toward the other side a government says, or knows, it would go."""

from sim.rules.registry import rule
from sim.search.deals import gap
from sim.search.sheet import COST, ISSUES, WEARINESS, aims_at

PLACES = 32
HALVINGS = 20


@rule
def write_between(sheet, own, other, share, terms, terms_at):
    """Write the terms a share 0..1 of the way from the aims of one row to those of another."""
    for issue in range(int(sheet[ISSUES])):
        mine, theirs = sheet[aims_at(sheet, own) + issue], sheet[aims_at(sheet, other) + issue]
        terms[terms_at + issue] = mine + share * (theirs - mine)


@rule
def would_settle(sheet, own, other, share, terms, terms_at):
    """Return 1 if the row would rather settle there than fight on, at the cost on its row, else 0."""
    write_between(sheet, own, other, share, terms, terms_at)
    if sheet[own + COST] * sheet[own + WEARINESS] >= gap(sheet, own, terms, terms_at):
        return 1
    return 0


@rule
def position(sheet, own, other, terms, terms_at):
    """Return how far from its aims (0) to another row's (1) a row would go at most; -1 if it would not settle at all.

    The largest share at which it settles, from PLACES even steps and HALVINGS of the last.
    """
    for step in range(PLACES + 1):
        share = 1.0 - step / PLACES
        if would_settle(sheet, own, other, share, terms, terms_at) > 0:
            if step == 0:
                return 1.0
            low, high = share, share + 1.0 / PLACES
            for _ in range(HALVINGS):
                middle = 0.5 * (low + high)
                if would_settle(sheet, own, other, middle, terms, terms_at) > 0:
                    low = middle
                else:
                    high = middle
            return low
    return -1.0
