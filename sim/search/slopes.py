"""First and second derivatives, over the terms of a deal, of what the offer search climbs.

Everything about a row depends on the terms through three things: the loss (a weighted square), the demand (linear in
the strength of guarantees) and log q. With E the exposure of the fighter that an attacker would choose, a product of
factors 1 - effect G(x) that are linear in the terms,

    log q = const + sum over attackers of log(1 - lapse E)

(where agreements settle, with B = 1 - mean of exp(-WILD E) over the types of guarantors in the place of E) and the
product and chain rules give the rest. Demand and q change with the issues on which something is pledged and
with no other, which are few: their derivatives are kept over the list of those issues, `work[PLEDGED]` long, matrices in
full, row by row. The terms stand at `work[POINT]`; `work[GAP]` and `work[KEPT]` hold the values there.
"""

from sim.numerics import exp
from sim.rules.consent import SMALLEST_KEPT, gap_from
from sim.rules.keeping import guarantee_strength, undeterred
from sim.rules.registry import rule
from sim.search.deals import chance_if, effect_if, most_exposed, uncertain, uncertain_on
from sim.search.sheet import (
    BETRAYAL,
    FIGHTERS,
    ISSUES,
    KEPT_TRUSTWORTHY,
    MARGIN,
    PLEDGE_AIM,
    PLEDGE_ISSUE,
    PLEDGE_TARGET,
    PLEDGES,
    WAR_UTILITY,
    WILD,
    aims_at,
    burdens_at,
    lapses_at,
    openness_at,
    pledge_at,
    side_at,
    sworn_at,
    weights_at,
)

MOST = 8
MATRIX = MOST * MOST

GAP, LOSS, DEMAND, KEPT, EXPOSURE, PLEDGED, PLEDGED_ISSUE = range(7)
PLACE = PLEDGED_ISSUE + MOST
GAP_SLOPE = PLACE + MOST
GAP_BEND = GAP_SLOPE + MOST
DEMAND_SLOPE = GAP_BEND + MATRIX
KEPT_SLOPE = DEMAND_SLOPE + MOST
KEPT_BEND = KEPT_SLOPE + MOST
EXPOSURE_SLOPE = KEPT_BEND + MATRIX
EXPOSURE_BEND = EXPOSURE_SLOPE + MOST
BREACH_SLOPE = EXPOSURE_BEND + MATRIX
BREACH_BEND = BREACH_SLOPE + MOST
POINT = BREACH_BEND + MATRIX
SLOPES_END = POINT + MOST


@rule
def strength_slope(term, aim):
    """Return the derivative of a guarantee's strength 1 - |x - aim|: at the kink, the side that lies within 0..1."""
    if term > aim or (term == aim and aim < 0.5):
        return -1.0
    return 1.0


@rule
def list_pledged(sheet, work):
    """Write the list of the issues on which something is pledged, and the place in it of each of them."""
    count = 0
    for pledge in range(int(sheet[PLEDGES])):
        issue = int(sheet[pledge_at(sheet, pledge) + PLEDGE_ISSUE])
        place = 0
        while place < count and work[PLEDGED_ISSUE + place] != issue:
            place = place + 1
        if place == count:
            work[PLEDGED_ISSUE + count] = issue
            count = count + 1
        work[PLACE + issue] = place
    work[PLEDGED] = count


@rule
def clear(work, at, count):
    """Write zeros."""
    for place in range(count):
        work[at + place] = 0.0


@rule
def multiply_exposure(count, issue, factor, change, work):
    """Multiply the exposure, with its slope and bend, by a factor that changes by `change` per unit of one issue.

    count, issue   how long the list of pledged issues is, and a place in it
    """
    for place in range(count * count):
        work[EXPOSURE_BEND + place] = work[EXPOSURE_BEND + place] * factor
    for row in range(count):
        here = EXPOSURE_BEND + row * count
        cross = work[EXPOSURE_SLOPE + row] * change
        work[here + issue] = work[here + issue] + cross
        work[EXPOSURE_BEND + issue * count + row] = work[EXPOSURE_BEND + issue * count + row] + cross
    for row in range(count):
        work[EXPOSURE_SLOPE + row] = work[EXPOSURE_SLOPE + row] * factor
    work[EXPOSURE_SLOPE + issue] = work[EXPOSURE_SLOPE + issue] + work[EXPOSURE] * change
    work[EXPOSURE] = work[EXPOSURE] * factor


@rule
def write_exposure_slopes(sheet, at, target, work):
    """Write exposure of fighter `target` in a row's eyes, with slope and bend; return how many pledges bear on it.

    Where none does, slope and bend are not written.
    """
    count, pledged_effects = int(work[PLEDGED]), sworn_at(sheet, at)
    work[EXPOSURE] = sheet[openness_at(sheet, at) + target]
    bearing = 0
    for pledge in range(int(sheet[PLEDGES])):
        promise = pledge_at(sheet, pledge)
        effect = sheet[pledged_effects + pledge]
        if sheet[promise + PLEDGE_TARGET] == target and effect > 0.0:
            issue = int(sheet[promise + PLEDGE_ISSUE])
            term, aim = work[POINT + issue], sheet[promise + PLEDGE_AIM]
            change = -effect * strength_slope(term, aim)
            if bearing == 0:
                clear(work, EXPOSURE_SLOPE, MOST + count * count)
            bearing = bearing + 1
            multiply_exposure(count, int(work[PLACE + issue]), undeterred(effect, term, aim), change, work)
    return bearing


@rule
def write_exposure_if(sheet, at, target, types, work):
    """Write exposure with slope and bend, if guarantors are of these types (bits, uncertain ones in their order).

    Return the probability of the types in the row's eyes.
    """
    count = int(work[PLEDGED])
    clear(work, EXPOSURE_SLOPE, MOST + count * count)
    work[EXPOSURE] = sheet[openness_at(sheet, at) + target]
    likely, rest = 1.0, types
    for pledge in range(int(sheet[PLEDGES])):
        promise = pledge_at(sheet, pledge)
        if sheet[promise + PLEDGE_TARGET] == target:
            keeps = rest % 2
            rest = rest >> uncertain(sheet, at, pledge)
            likely, effect = likely * chance_if(sheet, at, pledge, keeps), effect_if(sheet, at, pledge, keeps)
            if effect > 0.0:
                issue = int(sheet[promise + PLEDGE_ISSUE])
                term, aim = work[POINT + issue], sheet[promise + PLEDGE_AIM]
                change = -effect * strength_slope(term, aim)
                multiply_exposure(count, int(work[PLACE + issue]), undeterred(effect, term, aim), change, work)
    return likely


@rule
def write_breach_slopes(sheet, at, target, work):
    """Write B, in the place of the exposure, with slope and bend; return 1, for they are written always.

    B = 1 - mean of exp(-w E):    slope = mean of w E' exp(-w E),    bend = mean of w (E'' - w E' E'^T) exp(-w E)
    """
    count, wild, kept = int(work[PLEDGED]), sheet[WILD], 0.0
    clear(work, BREACH_SLOPE, MOST + count * count)
    for types in range(1 << uncertain_on(sheet, at, target)):
        likely = write_exposure_if(sheet, at, target, types, work)
        left = likely * exp(-wild * work[EXPOSURE])
        kept, pull = kept + left, wild * left
        for row in range(count):
            slope = work[EXPOSURE_SLOPE + row]
            work[BREACH_SLOPE + row] = work[BREACH_SLOPE + row] + pull * slope
            for column in range(count):
                place = row * count + column
                bend = work[EXPOSURE_BEND + place] - wild * slope * work[EXPOSURE_SLOPE + column]
                work[BREACH_BEND + place] = work[BREACH_BEND + place] + pull * bend
    work[EXPOSURE] = 1.0 - kept
    for place in range(MOST + count * count):
        work[EXPOSURE_SLOPE + place] = work[BREACH_SLOPE + place]
    return 1


@rule
def add_lapse(lapsing, chance, count, work):
    """Add to slope and bend of log q what one attacker brings, that holds off with a `chance` above 0."""
    ratio = lapsing / chance
    for row in range(count):
        slope = ratio * work[EXPOSURE_SLOPE + row]
        work[KEPT_SLOPE + row] = work[KEPT_SLOPE + row] - slope
        for column in range(count):
            place = row * count + column
            bend = ratio * (work[EXPOSURE_BEND + place] + slope * work[EXPOSURE_SLOPE + column])
            work[KEPT_BEND + place] = work[KEPT_BEND + place] - bend


@rule
def write_kept_slopes(sheet, at, work):
    """Write q of a row, and slope and bend of log q over the pledged issues."""
    count, lapses = int(work[PLEDGED]), lapses_at(sheet, at)
    settles = sheet[WILD] > 0.0
    kept = sheet[KEPT_TRUSTWORTHY]
    if settles:
        kept = 1.0
    clear(work, KEPT_SLOPE, MOST + count * count)
    for fighter in range(int(sheet[FIGHTERS])):
        lapsing = sheet[lapses + fighter]
        if lapsing > 0.0:
            target = most_exposed(sheet, at, 1.0 - sheet[side_at(sheet, fighter)], work, POINT)
            if settles:
                kept = kept * sheet[KEPT_TRUSTWORTHY]
            if target >= 0:
                if settles:
                    bearing = write_breach_slopes(sheet, at, target, work)
                else:
                    bearing = write_exposure_slopes(sheet, at, target, work)
                chance = 1.0 - lapsing * work[EXPOSURE]
                kept = kept * chance
                if bearing > 0 and chance > 0.0:
                    add_lapse(lapsing, chance, count, work)
    work[KEPT] = kept


@rule
def write_demand_slopes(sheet, at, work):
    """Write the slope of the demand of a row over the pledged issues, and return the demand; it has no bend."""
    burdens = burdens_at(sheet, at)
    for place in range(int(work[PLEDGED])):
        work[DEMAND_SLOPE + place] = 0.0
    total = sheet[at + MARGIN] + sheet[at + BETRAYAL]
    for pledge in range(int(sheet[PLEDGES])):
        promise, burden = pledge_at(sheet, pledge), sheet[burdens + pledge]
        issue, aim = int(sheet[promise + PLEDGE_ISSUE]), sheet[promise + PLEDGE_AIM]
        total = total + burden * guarantee_strength(work[POINT + issue], aim)
        place = DEMAND_SLOPE + int(work[PLACE + issue])
        work[place] = work[place] + burden * strength_slope(work[POINT + issue], aim)
    return total


@rule
def write_loss_slopes(sheet, at, work):
    """Write the slope of the loss of a row as that of its gap, and return the loss; its bend is twice the weights."""
    weights, aims = weights_at(sheet, at), aims_at(sheet, at)
    total = 0.0
    for issue in range(int(sheet[ISSUES])):
        weight, away = sheet[weights + issue], work[POINT + issue] - sheet[aims + issue]
        total = total + weight * away * away
        work[GAP_SLOPE + issue] = 2.0 * weight * away
    return total


@rule
def write_gap_slopes(sheet, at, work):
    """Write gap and q of a row, the slope of the gap over all issues, and over the pledged ones those of log q.

    gap = const + loss + demand / q:
        slope = loss' + (demand' - demand (log q)') / q
        bend  = loss'' + (demand ((log q)' (log q)'^T - (log q)'') - demand' (log q)'^T - (log q)' demand'^T) / q

    The bend is written over the pledged issues and without loss'', which is twice the weights on the diagonal. Where q
    is next to 0 nothing has a slope.
    """
    count = int(work[PLEDGED])
    write_kept_slopes(sheet, at, work)
    kept, demanded, loss = work[KEPT], write_demand_slopes(sheet, at, work), write_loss_slopes(sheet, at, work)
    work[LOSS], work[DEMAND] = loss, demanded
    work[GAP] = gap_from(sheet[at + WAR_UTILITY], loss, demanded, kept, sheet[at + BETRAYAL])
    if kept <= SMALLEST_KEPT:
        clear(work, GAP_SLOPE, MOST + count * count)
        return
    for row in range(count):
        kept_slope, demand_slope = work[KEPT_SLOPE + row], work[DEMAND_SLOPE + row]
        place = GAP_SLOPE + int(work[PLEDGED_ISSUE + row])
        work[place] = work[place] + (demand_slope - demanded * kept_slope) / kept
        for column in range(count):
            other, other_demand = work[KEPT_SLOPE + column], work[DEMAND_SLOPE + column]
            bend = demanded * (kept_slope * other - work[KEPT_BEND + row * count + column])
            work[GAP_BEND + row * count + column] = (bend - demand_slope * other - kept_slope * other_demand) / kept
