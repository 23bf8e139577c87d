"""First and second derivatives, over the terms of a deal, of what the offer search climbs.

Everything about a row depends on the terms through three things: the loss (a weighted square), the demand (linear in
the strength of guarantees) and log q. With E the exposure of the most exposed fighter of a side, a product of factors
1 - effect G(x) that are linear in the terms,

    log q = const + L_A(E_B) + L_B(E_A),      L(E) = sum over attackers of log(1 - lapse E)

and the product and chain rules give the rest. Results are written into a workspace at the places named below; matrices
are kept in full, row by row, `issues` wide. `work[GAP]` and `work[KEPT]` hold the values at the same point.
"""

from sim.rules.consent import SMALLEST_KEPT, demand, gap_from
from sim.rules.keeping import feared, held_off, most_exposed, undeterred
from sim.rules.registry import rule
from sim.rules.sheet import (
    BETRAYAL,
    FIGHTERS,
    ISSUES,
    KEPT_TRUSTWORTHY,
    PLEDGE_AIM,
    PLEDGE_ISSUE,
    PLEDGE_TARGET,
    PLEDGES,
    WAR_UTILITY,
    aims_at,
    burdens_at,
    lapses_at,
    openness_at,
    pledge_at,
    side_at,
    sworn_at,
    weights_at,
)
from sim.rules.worth import distance

MOST = 8
MATRIX = MOST * MOST

GAP, KEPT, EXPOSURE = range(3)
GAP_SLOPE = 3
GAP_BEND = GAP_SLOPE + MOST
KEPT_SLOPE = GAP_BEND + MATRIX
KEPT_BEND = KEPT_SLOPE + MOST
EXPOSURE_SLOPE = KEPT_BEND + MATRIX
EXPOSURE_BEND = EXPOSURE_SLOPE + MOST
DEMAND_SLOPE = EXPOSURE_BEND + MATRIX
SLOPES_END = DEMAND_SLOPE + MOST


@rule
def strength_slope(term, aim):
    """Return the derivative of a guarantee's strength 1 - |x - aim|: at the kink, the side that lies within 0..1."""
    if term > aim or (term == aim and aim < 0.5):
        return -1.0
    return 1.0


@rule
def clear(work, at, count):
    """Write zeros."""
    for place in range(count):
        work[at + place] = 0.0


@rule
def multiply_exposure(issues, issue, factor, change, work):
    """Multiply the exposure, with its slope and bend, by a factor that changes by `change` per unit of one issue."""
    for row in range(issues):
        here = EXPOSURE_BEND + row * issues
        for column in range(issues):
            work[here + column] = work[here + column] * factor
        cross = work[EXPOSURE_SLOPE + row] * change
        work[here + issue] = work[here + issue] + cross
        work[EXPOSURE_BEND + issue * issues + row] = work[EXPOSURE_BEND + issue * issues + row] + cross
    for row in range(issues):
        work[EXPOSURE_SLOPE + row] = work[EXPOSURE_SLOPE + row] * factor
    work[EXPOSURE_SLOPE + issue] = work[EXPOSURE_SLOPE + issue] + work[EXPOSURE] * change
    work[EXPOSURE] = work[EXPOSURE] * factor


@rule
def write_exposure_slopes(sheet, at, target, terms, terms_at, work):
    """Write exposure of fighter `target` in a row's eyes, with slope and bend; return how many pledges bear on it."""
    issues = int(sheet[ISSUES])
    work[EXPOSURE] = sheet[openness_at(sheet, at) + target]
    clear(work, EXPOSURE_SLOPE, issues)
    clear(work, EXPOSURE_BEND, issues * issues)
    bearing = 0
    for pledge in range(int(sheet[PLEDGES])):
        promise = pledge_at(sheet, pledge)
        effect = sheet[sworn_at(sheet, at) + pledge]
        if sheet[promise + PLEDGE_TARGET] == target and effect > 0.0:
            issue = int(sheet[promise + PLEDGE_ISSUE])
            term, aim = terms[terms_at + issue], sheet[promise + PLEDGE_AIM]
            change = -effect * strength_slope(term, aim)
            multiply_exposure(issues, issue, undeterred(effect, term, aim), change, work)
            bearing = bearing + 1
    return bearing


@rule
def lapse_slope(sheet, at, attackers, exposure):
    """Return the derivative of L, summed over the attackers of one side, by the exposure they find."""
    total = 0.0
    for fighter in range(int(sheet[FIGHTERS])):
        if sheet[side_at(sheet, fighter)] == attackers:
            lapsing = sheet[lapses_at(sheet, at) + fighter]
            total = total - lapsing / (1.0 - lapsing * exposure)
    return total


@rule
def lapse_bend(sheet, at, attackers, exposure):
    """Return the second derivative of L, summed over the attackers of one side, by the exposure they find."""
    total = 0.0
    for fighter in range(int(sheet[FIGHTERS])):
        if sheet[side_at(sheet, fighter)] == attackers:
            lapsing = sheet[lapses_at(sheet, at) + fighter]
            ratio = lapsing / (1.0 - lapsing * exposure)
            total = total - ratio * ratio
    return total


@rule
def add_side(sheet, at, side, terms, terms_at, work):
    """Multiply q by the chance that `side` is not attacked, and add what this brings to slope and bend of log q."""
    if feared(sheet, at, 1 - side) == 0:
        return
    target = most_exposed(sheet, at, side, terms, terms_at)
    if target < 0:
        return
    bearing = write_exposure_slopes(sheet, at, target, terms, terms_at, work)
    chance = held_off(sheet, at, 1 - side, work[EXPOSURE])
    work[KEPT] = work[KEPT] * chance
    if bearing == 0 or chance <= 0.0:
        return
    issues = int(sheet[ISSUES])
    first = lapse_slope(sheet, at, 1 - side, work[EXPOSURE])
    second = lapse_bend(sheet, at, 1 - side, work[EXPOSURE])
    for row in range(issues):
        slope = work[EXPOSURE_SLOPE + row]
        work[KEPT_SLOPE + row] = work[KEPT_SLOPE + row] + first * slope
        for column in range(issues):
            place = row * issues + column
            bend = first * work[EXPOSURE_BEND + place] + second * slope * work[EXPOSURE_SLOPE + column]
            work[KEPT_BEND + place] = work[KEPT_BEND + place] + bend


@rule
def write_kept_slopes(sheet, at, terms, terms_at, work):
    """Write q, and slope and bend of log q, of a row."""
    issues = int(sheet[ISSUES])
    work[KEPT] = sheet[KEPT_TRUSTWORTHY]
    clear(work, KEPT_SLOPE, issues)
    clear(work, KEPT_BEND, issues * issues)
    add_side(sheet, at, 0, terms, terms_at, work)
    add_side(sheet, at, 1, terms, terms_at, work)


@rule
def write_demand_slopes(sheet, at, terms, terms_at, work):
    """Write the slope of the demand of a row; it is linear, so it has no bend."""
    clear(work, DEMAND_SLOPE, int(sheet[ISSUES]))
    for pledge in range(int(sheet[PLEDGES])):
        promise = pledge_at(sheet, pledge)
        issue = int(sheet[promise + PLEDGE_ISSUE])
        slope = strength_slope(terms[terms_at + issue], sheet[promise + PLEDGE_AIM])
        work[DEMAND_SLOPE + issue] = work[DEMAND_SLOPE + issue] + sheet[burdens_at(sheet, at) + pledge] * slope


@rule
def write_gap_slopes(sheet, at, terms, terms_at, work):
    """Write gap and q of a row, with slopes and bends of the gap and of log q; no slopes where q is next to 0.

    gap = const + loss + demand / q:
        slope = loss' + (demand' - demand (log q)') / q
        bend  = loss'' + (demand ((log q)' (log q)'^T - (log q)'') - demand' (log q)'^T - (log q)' demand'^T) / q
    """
    issues = int(sheet[ISSUES])
    write_kept_slopes(sheet, at, terms, terms_at, work)
    write_demand_slopes(sheet, at, terms, terms_at, work)
    clear(work, GAP_SLOPE, issues)
    clear(work, GAP_BEND, issues * issues)
    weights, aims = weights_at(sheet, at), aims_at(sheet, at)
    kept, demanded = work[KEPT], demand(sheet, at, terms, terms_at)
    loss = distance(terms, terms_at, sheet, weights, aims, issues)
    work[GAP] = gap_from(sheet[at + WAR_UTILITY], loss, demanded, kept, sheet[at + BETRAYAL])
    if kept <= SMALLEST_KEPT:
        return
    for row in range(issues):
        weight, here = sheet[weights + row], GAP_BEND + row * issues
        work[GAP_SLOPE + row] = 2.0 * weight * (terms[terms_at + row] - sheet[aims + row])
        kept_slope, demand_slope = work[KEPT_SLOPE + row], work[DEMAND_SLOPE + row]
        if kept_slope != 0.0 or demand_slope != 0.0:
            work[GAP_SLOPE + row] = work[GAP_SLOPE + row] + (demand_slope - demanded * kept_slope) / kept
            for column in range(issues):
                other, other_demand = work[KEPT_SLOPE + column], work[DEMAND_SLOPE + column]
                bend = demanded * (kept_slope * other - work[KEPT_BEND + row * issues + column])
                work[here + column] = (bend - demand_slope * other - kept_slope * other_demand) / kept
        work[here + row] = work[here + row] + 2.0 * weight
