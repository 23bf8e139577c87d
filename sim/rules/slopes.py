"""First and second derivatives, over the terms of a deal, of what the offer search climbs.

Everything about a row depends on the terms through three things: the loss (a weighted square), the demand (linear in the
strength of guarantees) and log q. With l = log of the exposure of the most exposed fighter of a side,

    d l / dx_k          = sum over its pledges on issue k of  -s G' / (1 - s G)              called slope_k
    d2 l / dx_k^2       =                                    -(s G')^2 / (1 - s G)^2         called bend_k
    log q               = const + L_A(exposure_B) + L_B(exposure_A),  L(e) = sum over attackers of log(1 - lapse e)

and the chain rule gives the rest. Results are written into a workspace at the places named below; matrices are kept in
full, row by row, `issues` wide. `work[GAP]` and `work[KEPT]` hold the values at the same point.
"""

from sim.rules.consent import demand, gap_from
from sim.rules.keeping import exposure_of, kept_belief, most_exposed
from sim.rules.registry import rule
from sim.rules.sheet import (
    BETRAYAL,
    FIGHTERS,
    ISSUES,
    PLEDGE_AIM,
    PLEDGE_ISSUE,
    PLEDGE_TARGET,
    PLEDGES,
    WAR_UTILITY,
    aims_at,
    burdens_at,
    lapses_at,
    pledge_at,
    side_at,
    sworn_at,
    weights_at,
)
from sim.rules.worth import distance

MOST = 8
MATRIX = MOST * MOST

GAP, KEPT = range(2)
GAP_SLOPE = 2
GAP_BEND = GAP_SLOPE + MOST
KEPT_SLOPE = GAP_BEND + MATRIX
KEPT_BEND = KEPT_SLOPE + MOST
EXPOSURE_SLOPE = KEPT_BEND + MATRIX
EXPOSURE_BEND = EXPOSURE_SLOPE + MOST
DEMAND_SLOPE = EXPOSURE_BEND + MOST
SLOPES_END = DEMAND_SLOPE + MOST


@rule
def strength_slope(term, aim):
    """Return the derivative of a guarantee's strength 1 - |x - aim|: at the kink, the side that lies within 0..1."""
    if term > aim or (term == aim and aim < 0.5):
        return -1.0
    return 1.0


@rule
def write_exposure_slopes(sheet, at, target, terms, terms_at, work):
    """Write slope and bend of the log exposure of fighter `target`, in the eyes of the row."""
    for issue in range(int(sheet[ISSUES])):
        work[EXPOSURE_SLOPE + issue] = 0.0
        work[EXPOSURE_BEND + issue] = 0.0
    for pledge in range(int(sheet[PLEDGES])):
        promise = pledge_at(sheet, pledge)
        effect = sheet[sworn_at(sheet, at) + pledge]
        if int(sheet[promise + PLEDGE_TARGET]) == target and effect > 0.0:
            issue = int(sheet[promise + PLEDGE_ISSUE])
            term = terms[terms_at + issue]
            aim = sheet[promise + PLEDGE_AIM]
            rate = -effect * strength_slope(term, aim) / (1.0 - effect * (1.0 - abs(term - aim)))
            work[EXPOSURE_SLOPE + issue] = work[EXPOSURE_SLOPE + issue] + rate
            work[EXPOSURE_BEND + issue] = work[EXPOSURE_BEND + issue] - rate * rate


@rule
def lapse_slope(sheet, at, attackers, exposure):
    """Return the derivative of L, summed over the attackers of one side, by the exposure they find."""
    total = 0.0
    for fighter in range(int(sheet[FIGHTERS])):
        if int(sheet[side_at(sheet, fighter)]) == attackers:
            lapsing = sheet[lapses_at(sheet, at) + fighter]
            total = total - lapsing / (1.0 - lapsing * exposure)
    return total


@rule
def lapse_bend(sheet, at, attackers, exposure):
    """Return the second derivative of L, summed over the attackers of one side, by the exposure they find."""
    total = 0.0
    for fighter in range(int(sheet[FIGHTERS])):
        if int(sheet[side_at(sheet, fighter)]) == attackers:
            lapsing = sheet[lapses_at(sheet, at) + fighter]
            ratio = lapsing / (1.0 - lapsing * exposure)
            total = total - ratio * ratio
    return total


@rule
def add_side(sheet, at, side, terms, terms_at, work):
    """Add to slope and bend of log q what comes from attacks on fighters of `side`."""
    issues = int(sheet[ISSUES])
    target = most_exposed(sheet, at, side, terms, terms_at)
    if target < 0:
        return
    exposure = exposure_of(sheet, at, target, terms, terms_at)
    first = lapse_slope(sheet, at, 1 - side, exposure) * exposure
    if first == 0.0:
        return
    second = lapse_bend(sheet, at, 1 - side, exposure) * exposure * exposure + first
    write_exposure_slopes(sheet, at, target, terms, terms_at, work)
    for row in range(issues):
        slope = work[EXPOSURE_SLOPE + row]
        if slope != 0.0:
            work[KEPT_SLOPE + row] = work[KEPT_SLOPE + row] + first * slope
            here = KEPT_BEND + row * issues
            work[here + row] = work[here + row] + first * work[EXPOSURE_BEND + row]
            for column in range(issues):
                work[here + column] = work[here + column] + second * slope * work[EXPOSURE_SLOPE + column]


@rule
def write_kept_slopes(sheet, at, terms, terms_at, work):
    """Write q, and slope and bend of log q, of a row."""
    issues = int(sheet[ISSUES])
    work[KEPT] = kept_belief(sheet, at, terms, terms_at)
    for issue in range(issues):
        work[KEPT_SLOPE + issue] = 0.0
    for place in range(issues * issues):
        work[KEPT_BEND + place] = 0.0
    if sheet[PLEDGES] > 0.0:
        add_side(sheet, at, 0, terms, terms_at, work)
        add_side(sheet, at, 1, terms, terms_at, work)


@rule
def write_demand_slopes(sheet, at, terms, terms_at, work):
    """Write the slope of the demand of a row; it is linear, so it has no bend."""
    for issue in range(int(sheet[ISSUES])):
        work[DEMAND_SLOPE + issue] = 0.0
    for pledge in range(int(sheet[PLEDGES])):
        promise = pledge_at(sheet, pledge)
        issue = int(sheet[promise + PLEDGE_ISSUE])
        slope = strength_slope(terms[terms_at + issue], sheet[promise + PLEDGE_AIM])
        work[DEMAND_SLOPE + issue] = work[DEMAND_SLOPE + issue] + sheet[burdens_at(sheet, at) + pledge] * slope


@rule
def write_gap_slopes(sheet, at, terms, terms_at, work):
    """Write gap and q of a row, with slopes and bends of the gap and of log q, at a point where q is above 0.

    gap = const + loss + demand / q:
        slope = loss' + (demand' - demand (log q)') / q
        bend  = loss'' + (demand ((log q)' (log q)'^T - (log q)'') - demand' (log q)'^T - (log q)' demand'^T) / q
    """
    issues = int(sheet[ISSUES])
    write_kept_slopes(sheet, at, terms, terms_at, work)
    write_demand_slopes(sheet, at, terms, terms_at, work)
    weights, aims = weights_at(sheet, at), aims_at(sheet, at)
    kept = work[KEPT]
    demanded = demand(sheet, at, terms, terms_at)
    loss = distance(terms, terms_at, sheet, weights, aims, issues)
    work[GAP] = gap_from(sheet[at + WAR_UTILITY], loss, demanded, kept, sheet[at + BETRAYAL])
    for row in range(issues):
        weight = sheet[weights + row]
        kept_slope, demand_slope = work[KEPT_SLOPE + row], work[DEMAND_SLOPE + row]
        away = terms[terms_at + row] - sheet[aims + row]
        work[GAP_SLOPE + row] = 2.0 * weight * away + (demand_slope - demanded * kept_slope) / kept
        here = row * issues
        for column in range(issues):
            other, other_demand = work[KEPT_SLOPE + column], work[DEMAND_SLOPE + column]
            bend = demanded * (kept_slope * other - work[KEPT_BEND + here + column])
            work[GAP_BEND + here + column] = (bend - demand_slope * other - kept_slope * other_demand) / kept
        work[GAP_BEND + here + row] = work[GAP_BEND + here + row] + 2.0 * weight
