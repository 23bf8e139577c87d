"""The offer search: the terms that are best for one party given what the others can be expected to accept.

A proposer maximises, over the box 0..1 for each issue,

    (V - r) product over the seated of P(accept) product over the excluded of [1 - blocking (1 - P(accept))]

subject to V - r >= margin. The search climbs the logarithm of that by projected Newton steps (Bertsekas 1982) with
exact derivatives (sim/search/slopes.py), damped until the quadratic model is concave, shortened until they gain. It is
not concave: where a refusal from outside may or may not block there is a hill that ignores the excluded and one that
satisfies them. Starts are the mean of all aims, every party's aim, the middle, and the optima with the excluded ignored
and seated; all are valued and the best CLIMBS are climbed, CLIMBS_OF_HILLS where some may block.

The margin enters as a barrier, log(V - r - margin) times a weight that is lowered on the way, with a price of its own
(a primal-dual interior point: Wright 1997). It ends at LAST_BARRIER, which costs at most that share of the objective
(the duality gap of one constraint). The last steps are taken until the terms no longer move: the objective is flat at
its top, so that it alone would tell the terms to the root of its last digit only.

Two questions need no top. Whether a gain reaches a bar is answered at the first point that reaches it, or near a top
that does not. Whether any deal is good for all is answered at the first that is, or by a bound on what a weighed sum of
all parties can reach.

The workspace holds, after the slopes, the points and matrices named below and then the starts, each with its value, and
for each row its gap and the pull of its consent. DEAL is where a deal is laid out that is not searched for but judged.
"""

from math import sqrt

from sim.numerics import LOG_SQRT_TWO_PI, log, log_normal_cdf, normal_cdf, normal_density, normal_hazard
from sim.rules.consent import CERTAINTY, readiness, unblocked
from sim.rules.registry import rule
from sim.search.deals import gap, spare
from sim.search.sheet import (
    BETRAYAL,
    BLOCKING,
    COST,
    ISSUES,
    MARGIN,
    MEAN,
    PLEDGE_AIM,
    PLEDGES,
    PROPOSER,
    ROWS,
    SD,
    WAR_UTILITY,
    WEARINESS,
    WILD,
    aims_at,
    pledge_at,
    row_at,
    weights_at,
)
from sim.search.slopes import (
    DEMAND,
    GAP,
    GAP_BEND,
    GAP_SLOPE,
    KEPT,
    KEPT_BEND,
    KEPT_SLOPE,
    LOSS,
    MATRIX,
    MOST,
    PLEDGED,
    PLEDGED_ISSUE,
    POINT,
    SLOPES_END,
    clear,
    list_pledged,
    write_gap_slopes,
)

AS_THEY_ARE, IGNORED, SEATED = range(3)

ASSURED = 30.0
CLIMBS = 1
CLIMBS_OF_HILLS = 3
STEPS = 200
DAMPINGS = 24
FIRST_DAMPING = 1e-4
SINGULAR = 1e-12
LEAST_GAIN = 1e-9
ARMIJO = 1e-4
BARRIER_SHARE = 0.03
LEAST_BARRIER = 1e-3
SLIGHT = 0.3
LAST_BARRIER = 1e-6
NEAR = 1.0
LOWERING = 0.1
PRICE_RANGE = 1e4
IN_SIGHT = 0.05
KEEP = 0.9
POLISHINGS = 6
SMALL_STEP = 1e-12
SAME = 1e-6
OUT_OF_REACH = -1e300
SHARPENINGS = 4
FIRST_SHARPNESS = 0.3
SHARPEN = 0.25

FROM = SLOPES_END
RISE = FROM + MOST
STEP = RISE + MOST
HELD = STEP + MOST
GRADIENT = HELD + MOST
CURVATURE = GRADIENT + MOST
FACTOR = CURVATURE + MATRIX
BEST = FACTOR + MATRIX
SPARE_SLOPE = BEST + MOST
SPARE = SPARE_SLOPE + MOST
PRICE = SPARE + 1
PULL = PRICE + 1
DEAL = PULL + 1
STARTS = DEAL + MOST
START_SIZE = MOST + 1
NOTE_SIZE = 2


@rule
def work_size(rows):
    """Return the number of floats of the workspace for a sheet of so many rows."""
    return STARTS + START_SIZE * (rows + 4) + NOTE_SIZE * rows


@rule
def note_at(rows, row):
    """Return where the gap of a row and the pull of its consent are noted, which the search for any deal reads."""
    return STARTS + START_SIZE * (rows + 4) + NOTE_SIZE * row


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
def add_square(issues, vector, factor, work):
    """Add to the curvature, of which only the lower half is kept, `factor` times the square of a vector."""
    for row in range(issues):
        here, scaled = CURVATURE + row * issues, factor * work[vector + row]
        for column in range(row + 1):
            work[here + column] = work[here + column] + scaled * work[vector + column]


@rule
def add_pledged_bend(issues, bend, factor, work):
    """Add to the curvature `factor` times a bend over the pledged issues."""
    count = int(work[PLEDGED])
    for row in range(count):
        issue = int(work[PLEDGED_ISSUE + row])
        for column in range(count):
            other = int(work[PLEDGED_ISSUE + column])
            if other <= issue:
                place = CURVATURE + issue * issues + other
                work[place] = work[place] + factor * work[bend + row * count + column]


@rule
def add_gap_bend(sheet, at, factor, work):
    """Add to the curvature `factor` times the bend of the gap of a row."""
    issues, weights = int(sheet[ISSUES]), weights_at(sheet, at)
    twice = 2.0 * factor
    for issue in range(issues):
        place = CURVATURE + issue * (issues + 1)
        work[place] = work[place] + twice * sheet[weights + issue]
    add_pledged_bend(issues, GAP_BEND, factor, work)


@rule
def log_consent_of(blocking, readiness, hazard):
    """Return `log_consent`, given its derivative: density over probability, so that the log needs no new integral."""
    if blocking >= 1.0:
        return -0.5 * (readiness * readiness) - LOG_SQRT_TWO_PI - log(hazard)
    return log_consent(blocking, readiness)


@rule
def add_row_slopes(sheet, at, blocking, work):
    """Add to gradient and curvature what one row, not the proposer's, contributes at the point; return its value."""
    issues = int(sheet[ISSUES])
    write_gap_slopes(sheet, at, work)
    asked = work[GAP]
    work[PULL] = 0.0
    if asked <= 0.0:
        return 0.0
    spread = sheet[at + SD]
    if spread < CERTAINTY:
        spread = CERTAINTY
    ready = readiness(sheet[at + MEAN], spread, asked, sheet[at + WEARINESS])
    if ready > ASSURED:
        return 0.0
    hazard = consent_hazard(blocking, ready)
    first = -hazard / (spread * asked)
    second = -hazard * (ready + hazard) / (spread * asked * spread * asked) + hazard / (spread * asked * asked)
    work[PULL] = -first
    for issue in range(issues):
        work[GRADIENT + issue] = work[GRADIENT + issue] + first * work[GAP_SLOPE + issue]
    add_gap_bend(sheet, at, first, work)
    add_square(issues, GAP_SLOPE, second, work)
    return log_consent_of(blocking, ready, hazard)


@rule
def weight_of_margin(barrier, spare, work):
    """Return the weight of the margin's bend, its price times what is spare, and keep the price within range.

    On the way the price is a number of its own (Newton's steps for both, a primal-dual method); at the top the weight
    is the barrier.
    """
    weight = work[PRICE] * spare
    if not weight > barrier / PRICE_RANGE:
        weight = barrier / PRICE_RANGE
    if weight > barrier * PRICE_RANGE:
        weight = barrier * PRICE_RANGE
    work[PRICE] = weight / spare
    return weight


@rule
def add_proposer_slopes(sheet, at, barrier, work):
    """Add to gradient and curvature what the proposer's own gain contributes at the point; return its value.

    With l = log spare = log q + log(grown cost - gap) and share = spare / (spare + margin), the proposer's part is
    log(spare + margin) + barrier l, whose slope is (share + barrier) l' and whose bend is
    (share + weight) l'' + share (1 - share) l' l'^T, the weight being the barrier or what stands for it on the way.
    """
    issues = int(sheet[ISSUES])
    write_gap_slopes(sheet, at, work)
    gain = sheet[at + COST] * sheet[at + WEARINESS] - sheet[at + WAR_UTILITY] + 1.0 - work[LOSS] + sheet[at + BETRAYAL]
    free = work[KEPT] * gain - work[DEMAND]
    work[SPARE] = free
    if free <= 0.0:
        return OUT_OF_REACH
    per_left = work[KEPT] / free
    share = free / (free + sheet[at + MARGIN])
    pull = share + weight_of_margin(barrier, free, work)
    for issue in range(issues):
        work[SPARE_SLOPE + issue] = -work[GAP_SLOPE + issue] * per_left
    for row in range(int(work[PLEDGED])):
        place = SPARE_SLOPE + int(work[PLEDGED_ISSUE + row])
        work[place] = work[place] + work[KEPT_SLOPE + row]
    for issue in range(issues):
        work[GRADIENT + issue] = work[GRADIENT + issue] + (share + barrier) * work[SPARE_SLOPE + issue]
    add_gap_bend(sheet, at, -pull * per_left, work)
    add_pledged_bend(issues, KEPT_BEND, pull, work)
    add_square(issues, GAP_SLOPE, -pull * per_left * per_left, work)
    add_square(issues, SPARE_SLOPE, share * (1.0 - share), work)
    if barrier > 0.0:
        return log(free + sheet[at + MARGIN]) + barrier * log(free)
    return log(free + sheet[at + MARGIN])


@rule
def write_slopes(sheet, treatment, barrier, work):
    """Write gradient and curvature (its lower half) of the log objective at the point and return its value there.

    OUT_OF_REACH, and nothing of use is written, where the proposer does not get its margin.
    """
    issues, rows, proposer = int(sheet[ISSUES]), int(sheet[ROWS]), int(sheet[PROPOSER])
    clear(work, GRADIENT, MOST + issues * issues)
    value = 0.0
    if proposer >= 0:
        value = add_proposer_slopes(sheet, row_at(sheet, proposer), barrier, work)
        if value <= OUT_OF_REACH:
            return OUT_OF_REACH
    for row in range(rows):
        if row != proposer:
            at = row_at(sheet, row)
            blocking = blocking_as(sheet[at + BLOCKING], treatment)
            if blocking > 0.0:
                value = value + add_row_slopes(sheet, at, blocking, work)
                note = note_at(rows, row)
                work[note] = work[GAP]
                work[note + 1] = work[PULL]
    return value


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
    """Return 1 and replace the model by its factors, or return 0 if a pivot is not above `least`.

    The model is L D L^T; the lower half then holds L D, and the diagonal the reciprocals of the pivots D.
    """
    for row in range(issues):
        here = FACTOR + row * issues
        for column in range(row):
            there, total = FACTOR + column * issues, work[here + column]
            for before in range(column):
                scaled = work[there + before] * work[FACTOR + before * (issues + 1)]
                total = total - work[here + before] * scaled
            work[here + column] = total
        pivot = work[here + row]
        for before in range(row):
            pivot = pivot - work[here + before] * work[here + before] * work[FACTOR + before * (issues + 1)]
        if not pivot > least:
            return 0
        work[here + row] = 1.0 / pivot
    return 1


@rule
def solve(issues, work):
    """Replace the gradient in the step by the solution of the factorised model."""
    for row in range(issues):
        total = work[STEP + row]
        for before in range(row):
            total = total - work[FACTOR + row * issues + before] * work[STEP + before]
        work[STEP + row] = total * work[FACTOR + row * (issues + 1)]
    for back in range(1, issues):
        row = issues - 1 - back
        total = 0.0
        for after in range(row + 1, issues):
            total = total + work[FACTOR + after * issues + row] * work[STEP + after]
        work[STEP + row] = work[STEP + row] - total * work[FACTOR + row * (issues + 1)]


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
    """Move the point from where it stood along the step, held within the box; return the gain promised by the slope."""
    promised = 0.0
    for issue in range(issues):
        work[POINT + issue] = boxed(work[FROM + issue] + length * work[STEP + issue])
        promised = promised + work[RISE + issue] * (work[POINT + issue] - work[FROM + issue])
    return promised


@rule
def hoped_gain(issues, work):
    """Return the gain that the gradient promises for the whole step, were there no box."""
    return inner_product(issues, GRADIENT, STEP, work)


@rule
def inner_product(issues, one, other, work):
    """Return the inner product of two vectors of the workspace."""
    total = 0.0
    for issue in range(issues):
        total = total + work[one + issue] * work[other + issue]
    return total


@rule
def copy(source, source_at, target, target_at, count):
    """Copy `count` floats from one sequence to another."""
    for place in range(count):
        target[target_at + place] = source[source_at + place]


@rule
def price_change(issues, barrier, work):
    """Return by how much Newton's step changes the price of the margin: where price times spare would be the barrier."""
    if barrier <= 0.0:
        return 0.0
    ahead = inner_product(issues, SPARE_SLOPE, STEP, work)
    return barrier / work[SPARE] - work[PRICE] * (1.0 + ahead)


@rule
def shortening(promised, gained):
    """Return by what a step that failed is shortened: to the top of the parabola through what it promised and gained.

    At least by a half and at most tenfold; by a half where it promised nothing.
    """
    if promised <= 0.0:
        return 0.5
    share = 0.5 * promised / (promised - gained)
    if share > 0.5:
        return 0.5
    if share < 0.1:
        return 0.1
    return share


@rule
def shortening_within(free, change, reached):
    """Return by what a step out of reach is shortened: to where a tenth of what was spare would be left.

    free, change, reached   what was spare, by how much its slope lets it change over the step, and what was left there
    """
    bend = free + change - reached
    if not bend > 0.0:
        return 0.5
    share = (change + sqrt(change * change + 4.0 * bend * KEEP * free)) / (2.0 * bend)
    if share > 0.9:
        return 0.9
    if not share > 0.1:
        return 0.1
    return share


@rule
def line_search(sheet, treatment, barrier, value, least, work):
    """Move the point along the step, halved until it gains (Armijo 1966), and return the value of the objective there.

    Slopes are written wherever the point is tried, for it mostly stays there. If nothing gains, the point returns.

    least   a gain not worth a move
    """
    issues, price = int(sheet[ISSUES]), work[PRICE]
    copy(work, POINT, work, FROM, issues)
    copy(work, GRADIENT, work, RISE, issues)
    hoped, change = hoped_gain(issues, work), price_change(issues, barrier, work)
    free, ahead = work[SPARE], inner_product(issues, SPARE_SLOPE, STEP, work)
    length = 1.0
    while length * hoped > least:
        promised = write_trial(issues, length, work)
        reached = value
        if promised > 0.0:
            work[PRICE] = price + length * change
            reached = write_slopes(sheet, treatment, barrier, work)
            if reached > value + ARMIJO * promised:
                return reached
        if reached <= OUT_OF_REACH:
            length = length * shortening_within(free, length * ahead * free, work[SPARE])
        else:
            length = length * shortening(promised, reached - value)
    copy(work, FROM, work, POINT, issues)
    return value


@rule
def largest_step(issues, work):
    """Return the size of the largest component of the step."""
    largest = 0.0
    for issue in range(issues):
        if abs(work[STEP + issue]) > largest:
            largest = abs(work[STEP + issue])
    return largest


@rule
def polish(sheet, treatment, barrier, value, work):
    """Take the last of Newton's steps, which no longer show in the objective, so that the top is found to the last bits.

    A search that stops where nothing is gained stops somewhere near the top, at a distance of the root of that gain,
    and the same talks seen from the other side would stop elsewhere. The error after a step is about its square.
    """
    issues = int(sheet[ISSUES])
    for _ in range(POLISHINGS):
        size = largest_step(issues, work)
        copy(work, POINT, work, FROM, issues)
        work[PRICE] = work[PRICE] + price_change(issues, barrier, work)
        write_trial(issues, 1.0, work)
        if size <= SMALL_STEP:
            return
        if not write_slopes(sheet, treatment, barrier, work) > value - LEAST_GAIN:
            copy(work, FROM, work, POINT, issues)
            return
        write_step(issues, work)


@rule
def last_barrier(sheet):
    """Return the barrier at the top: 0 where there is no margin, for what is gained keeps the way clear itself."""
    proposer = int(sheet[PROPOSER])
    if proposer < 0 or sheet[row_at(sheet, proposer) + MARGIN] <= 0.0:
        return 0.0
    return LAST_BARRIER


@rule
def first_barrier(sheet, value):
    """Return the first barrier of a climb from a start of that log objective.

    It is in proportion to how far there is to climb, or the first steps would run into the margin and creep along it.
    """
    barrier = BARRIER_SHARE * abs(value)
    if last_barrier(sheet) > 0.0:
        if barrier < LEAST_BARRIER:
            return LEAST_BARRIER
        return barrier
    if sheet[PROPOSER] < 0.0 or barrier < SLIGHT:
        return 0.0
    return barrier


@rule
def lowered(barrier, last):
    """Return the next barrier: a tenth, or less where the barrier is small already, down to the last."""
    lower = barrier * sqrt(barrier)
    if lower > LOWERING * barrier:
        lower = LOWERING * barrier
    if lower < last or (last <= 0.0 and lower < SLIGHT):
        return last
    return lower


@rule
def raise_barrier(issues, change, work):
    """Change the barrier by `change` in the gradient, and return by how much the value of the objective changes."""
    for issue in range(issues):
        work[GRADIENT + issue] = work[GRADIENT + issue] + change * work[SPARE_SLOPE + issue]
    return change * log(work[SPARE])


@rule
def has_kinks(sheet):
    """Return 1 if a guarantee is strongest inside the box, so that the objective has a kink there, else 0."""
    for pledge in range(int(sheet[PLEDGES])):
        if 0.0 < sheet[pledge_at(sheet, pledge) + PLEDGE_AIM] < 1.0:
            return 1
    return 0


@rule
def is_decided(value, hoped, sheet, bar):
    """Return 1 if it is plain whether a climb, now at `value`, will reach the log objective `bar`, else 0.

    It has reached it, or is so near the top that no more than twice what is hoped for is to be gained.
    """
    if value >= bar:
        return 1
    if hoped <= IN_SIGHT and value + 2.0 * hoped < bar:
        return 1 - has_kinks(sheet)
    return 0


@rule
def climb(sheet, treatment, bar, work):
    """Move the point to the top of its hill and return the log objective there; OUT_OF_REACH from a point out of reach.

    A barrier keeps the way clear of the proposer's margin. It is lowered whenever little more is to be gained under it,
    down to LAST_BARRIER, or to 0 where there is no margin.

    bar   a log objective: stop as soon as it is plain whether it is reached; OUT_OF_REACH if the top is wanted
    """
    issues, last = int(sheet[ISSUES]), last_barrier(sheet)
    work[PRICE] = 0.0
    value = write_slopes(sheet, treatment, 0.0, work)
    if value <= OUT_OF_REACH or OUT_OF_REACH < bar <= value:
        return value
    barrier = first_barrier(sheet, value)
    if barrier > 0.0:
        value = value + raise_barrier(issues, barrier, work)
        work[PRICE] = barrier / work[SPARE]
    for _ in range(STEPS):
        write_step(issues, work)
        hoped = hoped_gain(issues, work)
        if barrier > last and hoped <= NEAR * barrier:
            lower = lowered(barrier, last)
            value = value + raise_barrier(issues, lower - barrier, work)
            write_step(issues, work)
            barrier, hoped = lower, hoped_gain(issues, work)
        if bar > OUT_OF_REACH and barrier <= last and is_decided(value, hoped, sheet, bar) > 0:
            break
        if hoped <= LEAST_GAIN and barrier <= last:
            polish(sheet, treatment, barrier, value, work)
            break
        reached = line_search(sheet, treatment, barrier, value, LEAST_GAIN, work)
        if reached <= value + LEAST_GAIN and barrier <= last:
            if reached > value:
                write_step(issues, work)
                polish(sheet, treatment, barrier, reached, work)
            break
        if reached <= value + LEAST_GAIN:
            barrier = lowered(barrier, last)
            reached = write_slopes(sheet, treatment, barrier, work)
        value = reached
    return objective(sheet, treatment, 0.0, work, POINT)


@rule
def move_within_reach(sheet, work):
    """Move the point toward the proposer's aim, by quarters, until it gets its margin; return 0 if it never does."""
    proposer = int(sheet[PROPOSER])
    if proposer < 0:
        return 1
    issues = int(sheet[ISSUES])
    at = row_at(sheet, proposer)
    copy(work, POINT, work, FROM, issues)
    for quarter in range(5):
        for issue in range(issues):
            aim = sheet[aims_at(sheet, at) + issue]
            work[POINT + issue] = work[FROM + issue] + 0.25 * quarter * (aim - work[FROM + issue])
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
def write_mean(sheet, work):
    """Write at the point the terms that lie nearest to all aims together: on each issue the mean, by weight."""
    for issue in range(int(sheet[ISSUES])):
        total, weighed = 0.0, 0.0
        for row in range(int(sheet[ROWS])):
            at = row_at(sheet, row)
            weight = sheet[weights_at(sheet, at) + issue]
            total = total + weight
            weighed = weighed + weight * sheet[aims_at(sheet, at) + issue]
        work[POINT + issue] = 0.5
        if total > 0.0:
            work[POINT + issue] = boxed(weighed / total)


@rule
def write_starts(sheet, work):
    """Write as starts the mean of all aims, every party's aim and the middle of the box; return how many there are."""
    issues, rows = int(sheet[ISSUES]), int(sheet[ROWS])
    list_pledged(sheet, work)
    write_mean(sheet, work)
    add_start(sheet, 0, work)
    for row in range(rows):
        copy(sheet, aims_at(sheet, row_at(sheet, row)), work, POINT, issues)
        add_start(sheet, row + 1, work)
    for issue in range(issues):
        work[POINT + issue] = 0.5
    add_start(sheet, rows + 1, work)
    return rows + 2


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
        value = climb(sheet, treatment, OUT_OF_REACH, work)
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
def gain_reaches(sheet, least, work):
    """Return 1 if the proposer's greatest expected gain (utility) is at least `least`, else 0.

    It climbs from the mean of all aims first, and stops at the first point that is good enough; only if that does not do
    it climbs the hills that `best_offer` climbs, one climb each.
    """
    if least <= 0.0:
        return 1
    bar, issues = log(least), int(sheet[ISSUES])
    list_pledged(sheet, work)
    write_mean(sheet, work)
    if move_within_reach(sheet, work) > 0 and climb(sheet, AS_THEY_ARE, bar, work) >= bar:
        return 1
    starts = write_starts(sheet, work)
    value_starts(sheet, AS_THEY_ARE, starts, work)
    start = best_start(starts, -OUT_OF_REACH, work)
    if start > 0:
        copy(work, STARTS + start * START_SIZE, work, POINT, issues)
        if climb(sheet, AS_THEY_ARE, bar, work) >= bar:
            return 1
    if some_may_block(sheet) == 0:
        return 0
    for treatment in (IGNORED, SEATED):
        if search_from(sheet, treatment, starts, CLIMBS, work) > OUT_OF_REACH:
            copy(work, BEST, work, POINT, issues)
            if climb(sheet, AS_THEY_ARE, bar, work) >= bar:
                return 1
    return 0


@rule
def least_noted(sheet, work):
    """Return the smallest grown cost less gap (utility) over the rows, at the point where slopes were written last."""
    least, rows = -OUT_OF_REACH, int(sheet[ROWS])
    for row in range(rows):
        at = row_at(sheet, row)
        left = sheet[at + COST] * sheet[at + WEARINESS] - work[note_at(rows, row)]
        if left < least:
            least = left
    return least


@rule
def most_noted(sheet, work):
    """Return the most that any deal could leave the rows together, each weighed by the pull of its consent.

    The gradient of the objective is the gradient of that weighed sum. Its bend is that of the weighed losses, which are
    squares of the terms, less what guarantees add to the gaps, which bend the same way; so from the point on it rises
    issue by issue at most as a parabola does. If the parabolas do not reach 0, no deal leaves every row something. Where
    agreements settle, guarantees bend the gaps either way, and there is no such bound.
    """
    issues, rows = int(sheet[ISSUES]), int(sheet[ROWS])
    most = 0.0
    for row in range(rows):
        at, note = row_at(sheet, row), note_at(rows, row)
        most = most + work[note + 1] * (sheet[at + COST] * sheet[at + WEARINESS] - work[note])
    for issue in range(issues):
        bend = 0.0
        for row in range(rows):
            bend = bend + work[note_at(rows, row) + 1] * sheet[weights_at(sheet, row_at(sheet, row)) + issue]
        most = most + most_of_parabola(work[POINT + issue], work[GRADIENT + issue], bend)
    return most


@rule
def most_of_parabola(term, slope, bend):
    """Return the most that slope d - bend d d reaches over the steps d that keep a term within 0..1."""
    step = -term
    if slope > 0.0:
        step = 1.0 - term
    if abs(slope) < 2.0 * bend * abs(step):
        step = 0.5 * slope / bend
    return step * (slope - bend * step)


@rule
def deal_shows(sheet, work):
    """Move the point up the hill of consent; return 1 once a deal is good for all, -1 once none can be, else 0."""
    issues = int(sheet[ISSUES])
    value = write_slopes(sheet, AS_THEY_ARE, 0.0, work)
    for _ in range(STEPS):
        if least_noted(sheet, work) > 0.0:
            return 1
        if sheet[WILD] <= 0.0 and most_noted(sheet, work) <= 0.0:
            return -1
        write_step(issues, work)
        reached = line_search(sheet, AS_THEY_ARE, 0.0, value, LEAST_GAIN, work)
        if reached <= value:
            return 0
        value = reached
    return 0


@rule
def deal_exists(sheet, work):
    """Return 1 if some deal is better for every row than its outside option, else 0; the sheet has no proposer.

    Beliefs stand at the truth and are sharpened, where neither a deal shows nor that there is none, until the last is
    worth half a per cent of a cost.
    """
    list_pledged(sheet, work)
    write_mean(sheet, work)
    sharpness = FIRST_SHARPNESS
    for _ in range(SHARPENINGS):
        for row in range(int(sheet[ROWS])):
            sheet[row_at(sheet, row) + SD] = sharpness
        shown = deal_shows(sheet, work)
        if shown > 0:
            return 1
        if shown < 0:
            return 0
        sharpness = sharpness * SHARPEN
    return 0
