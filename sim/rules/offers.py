"""The offer search: the terms that are best for one party given what the others can be expected to accept.

A proposer maximises, over the box 0..1 for each issue,

    (V - r) product over the seated of P(accept) product over the excluded of [1 - blocking (1 - P(accept))]

subject to V - r >= margin. The search climbs the logarithm of that by projected Newton steps (Bertsekas 1982) with
exact derivatives (sim/rules/slopes.py), damped until the quadratic model is concave, halved until they gain. It is
not concave: where a refusal from outside may or may not block there is a hill that ignores the excluded and one that
satisfies them. Starts are every party's aim, the middle, and the optima with the excluded ignored and seated; all are
valued and the best CLIMBS are climbed, CLIMBS_OF_HILLS where some may block.

The margin enters as a barrier, log(V - r - margin) times a weight that is lowered in stages (Fiacco & McCormick 1968).
It ends at LAST_BARRIER, which costs at most that share of the objective (the duality gap of one constraint).

The workspace holds, after the slopes, the points and matrices named below and then the starts, each with its value.
"""

from math import sqrt

from sim.rules.consent import CERTAINTY, gap, readiness, spare, unblocked
from sim.rules.numerics import log, log_normal_cdf, normal_cdf, normal_density, normal_hazard
from sim.rules.registry import rule
from sim.rules.sheet import (
    BLOCKING,
    COST,
    ISSUES,
    MARGIN,
    MEAN,
    PROPOSER,
    ROWS,
    SD,
    WEARINESS,
    aims_at,
    row_at,
)
from sim.rules.slopes import (
    GAP,
    GAP_BEND,
    GAP_SLOPE,
    KEPT,
    KEPT_BEND,
    KEPT_SLOPE,
    MATRIX,
    MOST,
    SLOPES_END,
    write_gap_slopes,
)

AS_THEY_ARE, IGNORED, SEATED = range(3)

ASSURED = 30.0
CLIMBS = 1
CLIMBS_OF_HILLS = 2
STEPS = 60
DAMPINGS = 24
FIRST_DAMPING = 1e-4
SINGULAR = 1e-12
LEAST_GAIN = 1e-9
ARMIJO = 1e-4
BARRIER_SHARE = 0.03
LOWERING = 0.03
LEAST_BARRIER = 1e-3
SAME = 1e-6
LAST_BARRIER = 1e-4
OUT_OF_REACH = -1e300
SHARPENINGS = 3
FIRST_SHARPNESS = 0.1
SHARPEN = 0.2

POINT = SLOPES_END
TRIAL = POINT + MOST
STEP = TRIAL + MOST
HELD = STEP + MOST
GRADIENT = HELD + MOST
CURVATURE = GRADIENT + MOST
FACTOR = CURVATURE + MATRIX
BEST = FACTOR + MATRIX
STARTS = BEST + MOST
START_SIZE = MOST + 1


@rule
def work_size(rows):
    """Return the number of floats of the workspace for a sheet of so many rows."""
    return STARTS + START_SIZE * (rows + 3)


@rule
def blocking_as(blocking, treatment):
    """Return the blocking power of a row when those who may or may not block are ignored, seated or as they are."""
    if blocking >= 1.0 or treatment == AS_THEY_ARE:
        return blocking
    if treatment == SEATED and blocking > 0.0:
        return 1.0
    return 0.0


@rule
def log_consent(blocking, readiness):
    """Return the log of the probability that a row does not stand in the way, from its readiness (in sd)."""
    if blocking >= 1.0:
        return log_normal_cdf(readiness)
    return log(unblocked(blocking, normal_cdf(readiness)))


@rule
def consent_hazard(blocking, readiness):
    """Return the derivative of `log_consent` by the readiness."""
    if blocking >= 1.0:
        return normal_hazard(readiness)
    return blocking * normal_density(readiness) / unblocked(blocking, normal_cdf(readiness))


@rule
def row_value(sheet, at, blocking, terms, terms_at):
    """Return what one row, not the proposer's, adds to the log objective."""
    asked = gap(sheet, at, terms, terms_at)
    if asked <= 0.0:
        return 0.0
    return log_consent(blocking, readiness(sheet[at + MEAN], sheet[at + SD], asked, sheet[at + WEARINESS]))


@rule
def proposer_value(sheet, at, barrier, terms, terms_at):
    """Return the log of what the proposer gains plus the barrier of its margin; out of reach below the margin."""
    left = spare(sheet, at, terms, terms_at)
    if left <= 0.0:
        return OUT_OF_REACH
    value = log(left + sheet[at + MARGIN])
    if barrier > 0.0:
        value = value + barrier * log(left)
    return value


@rule
def objective(sheet, treatment, barrier, terms, terms_at):
    """Return the log objective of `terms`; OUT_OF_REACH where the proposer does not get its margin."""
    proposer = int(sheet[PROPOSER])
    value = 0.0
    if proposer >= 0:
        value = proposer_value(sheet, row_at(sheet, proposer), barrier, terms, terms_at)
        if value <= OUT_OF_REACH:
            return OUT_OF_REACH
    for row in range(int(sheet[ROWS])):
        if row != proposer:
            at = row_at(sheet, row)
            blocking = blocking_as(sheet[at + BLOCKING], treatment)
            if blocking > 0.0:
                value = value + row_value(sheet, at, blocking, terms, terms_at)
    return value


@rule
def add_row_slopes(sheet, at, blocking, work):
    """Add to gradient and curvature what one row, not the proposer's, contributes at the point."""
    issues = int(sheet[ISSUES])
    write_gap_slopes(sheet, at, work, POINT, work)
    asked = work[GAP]
    if asked <= 0.0:
        return
    spread = sheet[at + SD]
    if spread < CERTAINTY:
        spread = CERTAINTY
    ready = readiness(sheet[at + MEAN], sheet[at + SD], asked, sheet[at + WEARINESS])
    if ready > ASSURED:
        return
    hazard = consent_hazard(blocking, ready)
    first = -hazard / (spread * asked)
    second = -hazard * (ready + hazard) / (spread * asked * spread * asked) + hazard / (spread * asked * asked)
    for row in range(issues):
        slope = work[GAP_SLOPE + row]
        work[GRADIENT + row] = work[GRADIENT + row] + first * slope
        for column in range(issues):
            place = row * issues + column
            bend = first * work[GAP_BEND + place] + second * slope * work[GAP_SLOPE + column]
            work[CURVATURE + place] = work[CURVATURE + place] + bend


@rule
def add_proposer_slopes(sheet, at, barrier, work):
    """Add to gradient and curvature what the proposer's own gain contributes at the point.

    With l = log spare = log q + log(grown cost - gap) and share = spare / (spare + margin), the proposer's part is
    log(spare + margin) + barrier l, whose slope is (share + barrier) l' and whose bend is
    (share + barrier) l'' + share (1 - share) l' l'^T.
    """
    issues = int(sheet[ISSUES])
    write_gap_slopes(sheet, at, work, POINT, work)
    free = spare(sheet, at, work, POINT)
    left = free / work[KEPT]
    share = free / (free + sheet[at + MARGIN])
    pull = share + barrier
    for row in range(issues):
        gap_slope = work[GAP_SLOPE + row] / left
        slope = work[KEPT_SLOPE + row] - gap_slope
        work[GRADIENT + row] = work[GRADIENT + row] + pull * slope
        for column in range(issues):
            place = row * issues + column
            other_gap = work[GAP_SLOPE + column] / left
            bend = work[KEPT_BEND + place] - work[GAP_BEND + place] / left - gap_slope * other_gap
            both = slope * (work[KEPT_SLOPE + column] - other_gap)
            work[CURVATURE + place] = work[CURVATURE + place] + pull * bend + share * (1.0 - share) * both


@rule
def write_slopes(sheet, treatment, barrier, work):
    """Write gradient and curvature of the log objective at the point."""
    issues = int(sheet[ISSUES])
    for issue in range(issues):
        work[GRADIENT + issue] = 0.0
    for place in range(issues * issues):
        work[CURVATURE + place] = 0.0
    proposer = int(sheet[PROPOSER])
    for row in range(int(sheet[ROWS])):
        at = row_at(sheet, row)
        if row == proposer:
            add_proposer_slopes(sheet, at, barrier, work)
        else:
            blocking = blocking_as(sheet[at + BLOCKING], treatment)
            if blocking > 0.0:
                add_row_slopes(sheet, at, blocking, work)


@rule
def is_held(work, issue):
    """Return 1 if an issue stands at the edge of the box and the objective would rise beyond it, else 0."""
    if work[POINT + issue] <= 0.0 and work[GRADIENT + issue] <= 0.0:
        return 1
    if work[POINT + issue] >= 1.0 and work[GRADIENT + issue] >= 0.0:
        return 1
    return 0


@rule
def write_model(issues, damping, work):
    """Write the damped negative curvature over the free issues (its lower half); a held issue gets no step."""
    for row in range(issues):
        held = is_held(work, row)
        work[HELD + row] = held
        work[STEP + row] = work[GRADIENT + row]
        if held > 0:
            work[STEP + row] = 0.0
        for column in range(row):
            place = row * issues + column
            work[FACTOR + place] = -work[CURVATURE + place]
            if held > 0 or work[HELD + column] > 0.0:
                work[FACTOR + place] = 0.0
        diagonal = row * issues + row
        work[FACTOR + diagonal] = damping - work[CURVATURE + diagonal]
        if held > 0:
            work[FACTOR + diagonal] = 1.0 + damping


@rule
def factorise(issues, least, work):
    """Return 1 and replace the model by its Cholesky factor, or return 0 if a pivot is not above `least`."""
    for row in range(issues):
        for column in range(row + 1):
            total = work[FACTOR + row * issues + column]
            for before in range(column):
                total = total - work[FACTOR + row * issues + before] * work[FACTOR + column * issues + before]
            if row == column:
                if not total > least:
                    return 0
                work[FACTOR + row * issues + row] = sqrt(total)
            else:
                work[FACTOR + row * issues + column] = total / work[FACTOR + column * issues + column]
    return 1


@rule
def solve(issues, work):
    """Replace the gradient in the step by the solution of the factorised model."""
    for row in range(issues):
        total = work[STEP + row]
        for before in range(row):
            total = total - work[FACTOR + row * issues + before] * work[STEP + before]
        work[STEP + row] = total / work[FACTOR + row * issues + row]
    for back in range(issues):
        row = issues - 1 - back
        total = work[STEP + row]
        for after in range(row + 1, issues):
            total = total - work[FACTOR + after * issues + row] * work[STEP + after]
        work[STEP + row] = total / work[FACTOR + row * issues + row]


@rule
def largest_bend(issues, work):
    """Return the largest absolute diagonal entry of the curvature, at least 1."""
    largest = 1.0
    for issue in range(issues):
        bend = abs(work[CURVATURE + issue * issues + issue])
        if bend > largest:
            largest = bend
    return largest


@rule
def write_step(issues, work):
    """Write the Newton step, damped tenfold more until the model is concave.

    A pivot must reach a tenth of the damping: one that is just above zero would make the step as good as infinite.
    """
    write_model(issues, 0.0, work)
    if factorise(issues, SINGULAR, work) > 0:
        solve(issues, work)
        return
    scale = largest_bend(issues, work)
    damping = scale * FIRST_DAMPING
    for _ in range(DAMPINGS):
        write_model(issues, damping, work)
        if factorise(issues, 0.1 * damping, work) > 0:
            solve(issues, work)
            return
        damping = damping * 10.0
    for issue in range(issues):
        work[STEP + issue] = work[GRADIENT + issue] / scale


@rule
def boxed(term):
    """Return a term held within 0..1."""
    if term < 0.0:
        return 0.0
    if term > 1.0:
        return 1.0
    return term


@rule
def write_trial(issues, length, work):
    """Write the point moved along the step, held within the box, and return the gain its gradient promises."""
    promised = 0.0
    for issue in range(issues):
        work[TRIAL + issue] = boxed(work[POINT + issue] + length * work[STEP + issue])
        promised = promised + work[GRADIENT + issue] * (work[TRIAL + issue] - work[POINT + issue])
    return promised


@rule
def hoped_gain(issues, work):
    """Return the gain that the gradient promises for the whole step, were there no box."""
    hoped = 0.0
    for issue in range(issues):
        hoped = hoped + work[GRADIENT + issue] * work[STEP + issue]
    return hoped


@rule
def line_search(sheet, treatment, barrier, value, least, work):
    """Move the point along the step, halved until it gains (Armijo 1966), and return the new value of the objective.

    least   a gain not worth a move
    """
    issues = int(sheet[ISSUES])
    hoped = hoped_gain(issues, work)
    length = 1.0
    while length * hoped > least:
        promised = write_trial(issues, length, work)
        if promised > 0.0:
            reached = objective(sheet, treatment, barrier, work, TRIAL)
            if reached > value + ARMIJO * promised:
                copy(work, TRIAL, work, POINT, issues)
                return reached
        length = length * 0.5
    return value


@rule
def copy(source, source_at, target, target_at, count):
    """Copy `count` floats from one sequence to another."""
    for place in range(count):
        target[target_at + place] = source[source_at + place]


@rule
def ascend(sheet, treatment, barrier, least, work):
    """Move the point uphill until a step would gain no more than `least`; return the log objective."""
    value = objective(sheet, treatment, barrier, work, POINT)
    for _ in range(STEPS):
        write_slopes(sheet, treatment, barrier, work)
        write_step(int(sheet[ISSUES]), work)
        reached = line_search(sheet, treatment, barrier, value, least, work)
        if reached <= value + least:
            return reached
        value = reached
    return value


@rule
def climb(sheet, treatment, value, work):
    """Move the point, whose log objective is `value`, to the top of its hill and return the log objective there.

    A barrier keeps the way clear of the proposer's margin. It starts in proportion to how far there is to climb, or the
    first steps would run into the margin and creep along it; it ends at LAST_BARRIER, or at 0 where there is no margin.
    """
    proposer = int(sheet[PROPOSER])
    if proposer < 0:
        return ascend(sheet, treatment, 0.0, LEAST_GAIN, work)
    barrier = BARRIER_SHARE * abs(value)
    while barrier > LEAST_BARRIER:
        ascend(sheet, treatment, barrier, barrier, work)
        barrier = barrier * LOWERING
    if sheet[row_at(sheet, proposer) + MARGIN] <= 0.0:
        return ascend(sheet, treatment, 0.0, LEAST_GAIN, work)
    ascend(sheet, treatment, LAST_BARRIER, LEAST_GAIN, work)
    return objective(sheet, treatment, 0.0, work, POINT)


@rule
def move_within_reach(sheet, work):
    """Move the point toward the proposer's aim, by quarters, until it gets its margin; return 0 if it never does."""
    proposer = int(sheet[PROPOSER])
    if proposer < 0:
        return 1
    issues = int(sheet[ISSUES])
    at = row_at(sheet, proposer)
    copy(work, POINT, work, TRIAL, issues)
    for quarter in range(5):
        for issue in range(issues):
            aim = sheet[aims_at(sheet, at) + issue]
            work[POINT + issue] = work[TRIAL + issue] + 0.25 * quarter * (aim - work[TRIAL + issue])
        if spare(sheet, at, work, POINT) > 0.0:
            return 1
    return 0


@rule
def add_start(sheet, start, work):
    """Keep the point, moved within the proposer's reach, as start number `start`."""
    at = STARTS + start * START_SIZE
    work[at + MOST] = OUT_OF_REACH
    if move_within_reach(sheet, work) > 0:
        copy(work, POINT, work, at, int(sheet[ISSUES]))
        work[at + MOST] = 0.0


@rule
def write_starts(sheet, work):
    """Write every party's aim and the middle of the box as starts and return how many there are."""
    issues, rows = int(sheet[ISSUES]), int(sheet[ROWS])
    for row in range(rows):
        copy(sheet, aims_at(sheet, row_at(sheet, row)), work, POINT, issues)
        add_start(sheet, row, work)
    for issue in range(issues):
        work[POINT + issue] = 0.5
    add_start(sheet, rows, work)
    return rows + 1


@rule
def value_starts(sheet, treatment, starts, work):
    """Write the log objective of each start that is within reach."""
    for start in range(starts):
        at = STARTS + start * START_SIZE
        if work[at + MOST] > OUT_OF_REACH:
            work[at + MOST] = objective(sheet, treatment, 0.0, work, at)


@rule
def best_start(starts, below, work):
    """Return the start with the highest value not above `below`, the first of equals; -1 if none is within reach."""
    found = -1
    for start in range(starts):
        value = work[STARTS + start * START_SIZE + MOST]
        if OUT_OF_REACH < value < below and (found < 0 or value > work[STARTS + found * START_SIZE + MOST]):
            found = start
    return found


@rule
def search_from(sheet, treatment, starts, climbs, work):
    """Write the best terms found from the best `climbs` starts and return their log objective; OUT_OF_REACH if none."""
    issues = int(sheet[ISSUES])
    value_starts(sheet, treatment, starts, work)
    best = OUT_OF_REACH
    below = -OUT_OF_REACH
    for _ in range(climbs):
        start = best_start(starts, below, work)
        if start < 0:
            return best
        at = STARTS + start * START_SIZE
        below = work[at + MOST] - SAME
        copy(work, at, work, POINT, issues)
        value = climb(sheet, treatment, work[at + MOST], work)
        if value > best:
            best = value
            copy(work, POINT, work, BEST, issues)
    return best


@rule
def some_may_block(sheet):
    """Return 1 if a row may or may not block, so that there may be two hills, else 0."""
    for row in range(int(sheet[ROWS])):
        blocking = sheet[row_at(sheet, row) + BLOCKING]
        if 0.0 < blocking < 1.0:
            return 1
    return 0


@rule
def best_offer(sheet, work):
    """Write the proposer's best terms at work[BEST] and return their log objective; OUT_OF_REACH if it must pass.

    exp of the value is the expected gain (V - r) P(all others consent), in utility.
    """
    starts = write_starts(sheet, work)
    climbs = CLIMBS
    if some_may_block(sheet) > 0:
        climbs = CLIMBS_OF_HILLS
        for treatment in (IGNORED, SEATED):
            if search_from(sheet, treatment, starts, CLIMBS, work) > OUT_OF_REACH:
                copy(work, BEST, work, POINT, int(sheet[ISSUES]))
                add_start(sheet, starts, work)
                starts = starts + 1
    return search_from(sheet, AS_THEY_ARE, starts, climbs, work)


@rule
def search_reaches(sheet, treatment, starts, bar, work):
    """Return 1 if a start, or a hill climbed from one, reaches the log objective `bar`, else 0."""
    value_starts(sheet, treatment, starts, work)
    below = -OUT_OF_REACH
    for _ in range(CLIMBS):
        start = best_start(starts, below, work)
        if start < 0:
            return 0
        at = STARTS + start * START_SIZE
        below = work[at + MOST] - SAME
        if below >= bar:
            return 1
        copy(work, at, work, POINT, int(sheet[ISSUES]))
        if climb(sheet, treatment, work[at + MOST], work) >= bar:
            return 1
    return 0


@rule
def gain_reaches(sheet, least, work):
    """Return 1 if the proposer's greatest expected gain (utility) is at least `least`, else 0.

    It climbs the same hills as `best_offer`, one climb each, and stops at the first point that is good enough.
    """
    if least <= 0.0:
        return 1
    bar = log(least)
    starts = write_starts(sheet, work)
    if search_reaches(sheet, AS_THEY_ARE, starts, bar, work) > 0:
        return 1
    if some_may_block(sheet) == 0:
        return 0
    for treatment in (IGNORED, SEATED):
        if search_from(sheet, treatment, starts, CLIMBS, work) > OUT_OF_REACH:
            copy(work, BEST, work, POINT, int(sheet[ISSUES]))
            value = objective(sheet, AS_THEY_ARE, 0.0, work, POINT)
            if value >= bar or climb(sheet, AS_THEY_ARE, value, work) >= bar:
                return 1
    return 0


@rule
def least_spare(sheet, terms, terms_at):
    """Return what the deal leaves the row that it leaves least: the smallest grown cost less gap (utility)."""
    least = -OUT_OF_REACH
    for row in range(int(sheet[ROWS])):
        at = row_at(sheet, row)
        left = sheet[at + COST] * sheet[at + WEARINESS] - gap(sheet, at, terms, terms_at)
        if left < least:
            least = left
    return least


@rule
def deal_exists(sheet, work):
    """Return 1 if some deal is better for every row than its outside option, else 0; the sheet has no proposer.

    Beliefs stand at the truth and are sharpened until a deal shows or the last is worth half a per cent of a cost.
    """
    starts = write_starts(sheet, work)
    sharpness = FIRST_SHARPNESS
    for _ in range(SHARPENINGS):
        for row in range(int(sheet[ROWS])):
            sheet[row_at(sheet, row) + SD] = sharpness
        search_from(sheet, AS_THEY_ARE, starts, CLIMBS, work)
        if least_spare(sheet, work, BEST) > 0.0:
            return 1
        copy(work, BEST, work, STARTS, int(sheet[ISSUES]))
        starts = 1
        work[STARTS + MOST] = 0.0
        sharpness = sharpness * SHARPEN
    return 0
