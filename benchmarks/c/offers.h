/* Port of sim/rules/offers.py. */

enum {
    AS_THEY_ARE = 0,
    IGNORED = 1,
    SEATED = 2,
    CLIMBS = 1,
    CLIMBS_OF_HILLS = 3,
    STEPS = 200,
    DAMPINGS = 24,
    POLISHINGS = 6,
    SHARPENINGS = 4,
    FROM = 254,
    RISE = 262,
    STEP = 270,
    HELD = 278,
    GRADIENT = 286,
    CURVATURE = 294,
    FACTOR = 358,
    BEST = 422,
    SPARE_SLOPE = 430,
    SPARE = 438,
    PRICE = 439,
    PULL = 440,
    STARTS = 441,
    START_SIZE = 9,
    NOTE_SIZE = 2,
};

#define ASSURED 30.0
#define FIRST_DAMPING 0.0001
#define SINGULAR 1e-12
#define LEAST_GAIN 1e-09
#define ARMIJO 0.0001
#define BARRIER_SHARE 0.03
#define LEAST_BARRIER 0.001
#define SLIGHT 0.3
#define LAST_BARRIER 1e-06
#define NEAR 1.0
#define LOWERING 0.1
#define PRICE_RANGE 10000.0
#define IN_SIGHT 0.05
#define KEEP 0.9
#define SMALL_STEP 1e-12
#define SAME 1e-06
#define OUT_OF_REACH -1e+300
#define FIRST_SHARPNESS 0.3
#define SHARPEN 0.25

/* Return where the gap of a row and the pull of its consent are noted, which the search for any deal reads. */
static long note_at(long rows, long row) {
    return STARTS + START_SIZE * (rows + 4) + NOTE_SIZE * row;
}

/* Return the blocking power of a row when those who may or may not block are ignored, seated or as they are. */
static double blocking_as(double blocking, long treatment) {
    if (blocking >= 1.0 || treatment == AS_THEY_ARE) {
        return blocking;
    }
    if (treatment == SEATED && blocking > 0.0) {
        return 1.0;
    }
    return 0.0;
}

/* Return the log of the probability that a row does not stand in the way, from its readiness (in sd). */
static double log_consent(double blocking, double readiness) {
    if (blocking >= 1.0) {
        return log_normal_cdf(readiness);
    }
    return logarithm(unblocked(blocking, normal_cdf(readiness)));
}

/* Return the derivative of `log_consent` by the readiness. */
static double consent_hazard(double blocking, double readiness) {
    if (blocking >= 1.0) {
        return normal_hazard(readiness);
    }
    return blocking * normal_density(readiness) / unblocked(blocking, normal_cdf(readiness));
}

/* Return what one row, not the proposer's, adds to the log objective. */
static double row_value(double *sheet, long at, double blocking, double *terms, long terms_at) {
    double asked = gap(sheet, at, terms, terms_at);
    if (asked <= 0.0) {
        return 0.0;
    }
    return log_consent(blocking, readiness(sheet[at + MEAN], sheet[at + SD], asked, sheet[at + WEARINESS]));
}

/* Return the log of what the proposer gains plus the barrier of its margin; out of reach below the margin. */
static double proposer_value(double *sheet, long at, double barrier, double *terms, long terms_at) {
    double left = spare(sheet, at, terms, terms_at);
    if (left <= 0.0) {
        return OUT_OF_REACH;
    }
    double value = logarithm(left + sheet[at + MARGIN]);
    if (barrier > 0.0) {
        value = value + barrier * logarithm(left);
    }
    return value;
}

/* Return the log objective of `terms`; OUT_OF_REACH where the proposer does not get its margin. */
static double objective(double *sheet, long treatment, double barrier, double *terms, long terms_at) {
    long proposer = (long)sheet[PROPOSER];
    double value = 0.0;
    if (proposer >= 0) {
        value = proposer_value(sheet, row_at(sheet, proposer), barrier, terms, terms_at);
        if (value <= OUT_OF_REACH) {
            return OUT_OF_REACH;
        }
    }
    for (long row = 0; row < (long)sheet[ROWS]; row++) {
        if (row != proposer) {
            long at = row_at(sheet, row);
            double blocking = blocking_as(sheet[at + BLOCKING], treatment);
            if (blocking > 0.0) {
                value = value + row_value(sheet, at, blocking, terms, terms_at);
            }
        }
    }
    return value;
}

/* Add to the curvature, of which only the lower half is kept, `factor` times the square of a vector. */
static void add_square(long issues, long vector, double factor, double *work) {
    for (long row = 0; row < issues; row++) {
        long here = CURVATURE + row * issues;
        double scaled = factor * work[vector + row];
        for (long column = 0; column < row + 1; column++) {
            work[here + column] = work[here + column] + scaled * work[vector + column];
        }
    }
}

/* Add to the curvature `factor` times a bend over the pledged issues. */
static void add_pledged_bend(long issues, long bend, double factor, double *work) {
    long count = (long)work[PLEDGED];
    for (long row = 0; row < count; row++) {
        long issue = (long)work[PLEDGED_ISSUE + row];
        for (long column = 0; column < count; column++) {
            long other = (long)work[PLEDGED_ISSUE + column];
            if (other <= issue) {
                long place = CURVATURE + issue * issues + other;
                work[place] = work[place] + factor * work[bend + row * count + column];
            }
        }
    }
}

/* Add to the curvature `factor` times the bend of the gap of a row. */
static void add_gap_bend(double *sheet, long at, double factor, double *work) {
    long issues = (long)sheet[ISSUES];
    long weights = weights_at(sheet, at);
    double twice = 2.0 * factor;
    for (long issue = 0; issue < issues; issue++) {
        long place = CURVATURE + issue * (issues + 1);
        work[place] = work[place] + twice * sheet[weights + issue];
    }
    add_pledged_bend(issues, GAP_BEND, factor, work);
}

/* Return `log_consent`, given its derivative: density over probability, so that the log needs no new integral. */
static double log_consent_of(double blocking, double readiness, double hazard) {
    if (blocking >= 1.0) {
        return -0.5 * (readiness * readiness) - LOG_SQRT_TWO_PI - logarithm(hazard);
    }
    return log_consent(blocking, readiness);
}

/* Add to gradient and curvature what one row, not the proposer's, contributes at the point; return its value. */
static double add_row_slopes(double *sheet, long at, double blocking, double *work) {
    long issues = (long)sheet[ISSUES];
    write_gap_slopes(sheet, at, work);
    double asked = work[GAP];
    work[PULL] = 0.0;
    if (asked <= 0.0) {
        return 0.0;
    }
    double spread = sheet[at + SD];
    if (spread < CERTAINTY) {
        spread = CERTAINTY;
    }
    double ready = readiness(sheet[at + MEAN], spread, asked, sheet[at + WEARINESS]);
    if (ready > ASSURED) {
        return 0.0;
    }
    double hazard = consent_hazard(blocking, ready);
    double first = -hazard / (spread * asked);
    double second = -hazard * (ready + hazard) / (spread * asked * spread * asked) + hazard / (spread * asked * asked);
    work[PULL] = -first;
    for (long issue = 0; issue < issues; issue++) {
        work[GRADIENT + issue] = work[GRADIENT + issue] + first * work[GAP_SLOPE + issue];
    }
    add_gap_bend(sheet, at, first, work);
    add_square(issues, GAP_SLOPE, second, work);
    return log_consent_of(blocking, ready, hazard);
}

/* Return the weight of the margin's bend, its price times what is spare, and keep the price within range. */
static double weight_of_margin(double barrier, double spare, double *work) {
    double weight = work[PRICE] * spare;
    if (!(weight > barrier / PRICE_RANGE)) {
        weight = barrier / PRICE_RANGE;
    }
    if (weight > barrier * PRICE_RANGE) {
        weight = barrier * PRICE_RANGE;
    }
    work[PRICE] = weight / spare;
    return weight;
}

/* Add to gradient and curvature what the proposer's own gain contributes at the point; return its value. */
static double add_proposer_slopes(double *sheet, long at, double barrier, double *work) {
    long issues = (long)sheet[ISSUES];
    write_gap_slopes(sheet, at, work);
    double gain = sheet[at + COST] * sheet[at + WEARINESS] - sheet[at + WAR_UTILITY] + 1.0 - work[LOSS]
        + sheet[at + BETRAYAL];
    double free = work[KEPT] * gain - work[DEMAND];
    work[SPARE] = free;
    if (free <= 0.0) {
        return OUT_OF_REACH;
    }
    double per_left = work[KEPT] / free;
    double share = free / (free + sheet[at + MARGIN]);
    double pull = share + weight_of_margin(barrier, free, work);
    for (long issue = 0; issue < issues; issue++) {
        work[SPARE_SLOPE + issue] = -work[GAP_SLOPE + issue] * per_left;
    }
    for (long row = 0; row < (long)work[PLEDGED]; row++) {
        long place = SPARE_SLOPE + (long)work[PLEDGED_ISSUE + row];
        work[place] = work[place] + work[KEPT_SLOPE + row];
    }
    for (long issue = 0; issue < issues; issue++) {
        work[GRADIENT + issue] = work[GRADIENT + issue] + (share + barrier) * work[SPARE_SLOPE + issue];
    }
    add_gap_bend(sheet, at, -pull * per_left, work);
    add_pledged_bend(issues, KEPT_BEND, pull, work);
    add_square(issues, GAP_SLOPE, -pull * per_left * per_left, work);
    add_square(issues, SPARE_SLOPE, share * (1.0 - share), work);
    if (barrier > 0.0) {
        return logarithm(free + sheet[at + MARGIN]) + barrier * logarithm(free);
    }
    return logarithm(free + sheet[at + MARGIN]);
}

/* Write gradient and curvature (its lower half) of the log objective at the point and return its value there. */
static double write_slopes(double *sheet, long treatment, double barrier, double *work) {
    long issues = (long)sheet[ISSUES];
    long rows = (long)sheet[ROWS];
    long proposer = (long)sheet[PROPOSER];
    clear_floats(work, GRADIENT, MOST + issues * issues);
    double value = 0.0;
    if (proposer >= 0) {
        value = add_proposer_slopes(sheet, row_at(sheet, proposer), barrier, work);
        if (value <= OUT_OF_REACH) {
            return OUT_OF_REACH;
        }
    }
    for (long row = 0; row < rows; row++) {
        if (row != proposer) {
            long at = row_at(sheet, row);
            double blocking = blocking_as(sheet[at + BLOCKING], treatment);
            if (blocking > 0.0) {
                value = value + add_row_slopes(sheet, at, blocking, work);
                long note = note_at(rows, row);
                work[note] = work[GAP];
                work[note + 1] = work[PULL];
            }
        }
    }
    return value;
}

/* Return 1 if an issue stands at the edge of the box and the objective would rise beyond it, else 0. */
static long is_held(double *work, long issue) {
    if (work[POINT + issue] <= 0.0 && work[GRADIENT + issue] <= 0.0) {
        return 1;
    }
    if (work[POINT + issue] >= 1.0 && work[GRADIENT + issue] >= 0.0) {
        return 1;
    }
    return 0;
}

/* Write the damped negative curvature over the free issues (its lower half); a held issue gets no step. */
static void write_model(long issues, double damping, double *work) {
    for (long row = 0; row < issues; row++) {
        long held = is_held(work, row);
        work[HELD + row] = held;
        work[STEP + row] = work[GRADIENT + row];
        if (held > 0) {
            work[STEP + row] = 0.0;
        }
        for (long column = 0; column < row; column++) {
            long place = row * issues + column;
            work[FACTOR + place] = -work[CURVATURE + place];
            if (held > 0 || work[HELD + column] > 0.0) {
                work[FACTOR + place] = 0.0;
            }
        }
        long diagonal = row * issues + row;
        work[FACTOR + diagonal] = damping - work[CURVATURE + diagonal];
        if (held > 0) {
            work[FACTOR + diagonal] = 1.0 + damping;
        }
    }
}

/* Return 1 and replace the model by its factors, or return 0 if a pivot is not above `least`. */
static long factorise(long issues, double least, double *work) {
    for (long row = 0; row < issues; row++) {
        long here = FACTOR + row * issues;
        for (long column = 0; column < row; column++) {
            long there = FACTOR + column * issues;
            double total = work[here + column];
            for (long before = 0; before < column; before++) {
                double scaled = work[there + before] * work[FACTOR + before * (issues + 1)];
                total = total - work[here + before] * scaled;
            }
            work[here + column] = total;
        }
        double pivot = work[here + row];
        for (long before = 0; before < row; before++) {
            pivot = pivot - work[here + before] * work[here + before] * work[FACTOR + before * (issues + 1)];
        }
        if (!(pivot > least)) {
            return 0;
        }
        work[here + row] = 1.0 / pivot;
    }
    return 1;
}

/* Replace the gradient in the step by the solution of the factorised model. */
static void solve(long issues, double *work) {
    for (long row = 0; row < issues; row++) {
        double total = work[STEP + row];
        for (long before = 0; before < row; before++) {
            total = total - work[FACTOR + row * issues + before] * work[STEP + before];
        }
        work[STEP + row] = total * work[FACTOR + row * (issues + 1)];
    }
    for (long back = 1; back < issues; back++) {
        long row = issues - 1 - back;
        double total = 0.0;
        for (long after = row + 1; after < issues; after++) {
            total = total + work[FACTOR + after * issues + row] * work[STEP + after];
        }
        work[STEP + row] = work[STEP + row] - total * work[FACTOR + row * (issues + 1)];
    }
}

/* Return the largest absolute diagonal entry of the curvature, at least 1. */
static double largest_bend(long issues, double *work) {
    double largest = 1.0;
    for (long issue = 0; issue < issues; issue++) {
        double bend = fabs(work[CURVATURE + issue * issues + issue]);
        if (bend > largest) {
            largest = bend;
        }
    }
    return largest;
}

/* Write the Newton step, damped tenfold more until the model is concave. */
static void write_step(long issues, double *work) {
    write_model(issues, 0.0, work);
    if (factorise(issues, SINGULAR, work) > 0) {
        solve(issues, work);
        return;
    }
    double scale = largest_bend(issues, work);
    double damping = scale * FIRST_DAMPING;
    for (long round = 0; round < DAMPINGS; round++) {
        write_model(issues, damping, work);
        if (factorise(issues, 0.1 * damping, work) > 0) {
            solve(issues, work);
            return;
        }
        damping = damping * 10.0;
    }
    for (long issue = 0; issue < issues; issue++) {
        work[STEP + issue] = work[GRADIENT + issue] / scale;
    }
}

/* Return a term held within 0..1. */
static double boxed(double term) {
    if (term < 0.0) {
        return 0.0;
    }
    if (term > 1.0) {
        return 1.0;
    }
    return term;
}

/* Move the point from where it stood along the step, held within the box; return the gain promised by the slope. */
static double write_trial(long issues, double length, double *work) {
    double promised = 0.0;
    for (long issue = 0; issue < issues; issue++) {
        work[POINT + issue] = boxed(work[FROM + issue] + length * work[STEP + issue]);
        promised = promised + work[RISE + issue] * (work[POINT + issue] - work[FROM + issue]);
    }
    return promised;
}

/* Return the inner product of two vectors of the workspace. */
static double inner_product(long issues, long one, long other, double *work) {
    double total = 0.0;
    for (long issue = 0; issue < issues; issue++) {
        total = total + work[one + issue] * work[other + issue];
    }
    return total;
}

/* Return the gain that the gradient promises for the whole step, were there no box. */
static double hoped_gain(long issues, double *work) {
    return inner_product(issues, GRADIENT, STEP, work);
}

/* Copy `count` floats from one sequence to another. */
static void copy_floats(double *source, long source_at, double *target, long target_at, long count) {
    for (long place = 0; place < count; place++) {
        target[target_at + place] = source[source_at + place];
    }
}

/* Return by how much Newton's step changes the price of the margin: where price times spare would be the barrier. */
static double price_change(long issues, double barrier, double *work) {
    if (barrier <= 0.0) {
        return 0.0;
    }
    double ahead = inner_product(issues, SPARE_SLOPE, STEP, work);
    return barrier / work[SPARE] - work[PRICE] * (1.0 + ahead);
}

/* Return by what a step that failed is shortened: to the top of the parabola through what it promised and gained. */
static double shortening(double promised, double gained) {
    if (promised <= 0.0) {
        return 0.5;
    }
    double share = 0.5 * promised / (promised - gained);
    if (share > 0.5) {
        return 0.5;
    }
    if (share < 0.1) {
        return 0.1;
    }
    return share;
}

/* Return by what a step out of reach is shortened: to where a tenth of what was spare would be left. */
static double shortening_within(double free, double change, double reached) {
    double bend = free + change - reached;
    if (!(bend > 0.0)) {
        return 0.5;
    }
    double share = (change + sqrt(change * change + 4.0 * bend * KEEP * free)) / (2.0 * bend);
    if (share > 0.9) {
        return 0.9;
    }
    if (!(share > 0.1)) {
        return 0.1;
    }
    return share;
}

/* Move the point along the step, halved until it gains (Armijo 1966), and return the value of the objective there. */
static double line_search(double *sheet, long treatment, double barrier, double value, double least, double *work) {
    long issues = (long)sheet[ISSUES];
    double price = work[PRICE];
    copy_floats(work, POINT, work, FROM, issues);
    copy_floats(work, GRADIENT, work, RISE, issues);
    double hoped = hoped_gain(issues, work);
    double change = price_change(issues, barrier, work);
    double free = work[SPARE];
    double ahead = inner_product(issues, SPARE_SLOPE, STEP, work);
    double length = 1.0;
    while (length * hoped > least) {
        double promised = write_trial(issues, length, work);
        double reached = value;
        if (promised > 0.0) {
            work[PRICE] = price + length * change;
            reached = write_slopes(sheet, treatment, barrier, work);
            if (reached > value + ARMIJO * promised) {
                return reached;
            }
        }
        if (reached <= OUT_OF_REACH) {
            length = length * shortening_within(free, length * ahead * free, work[SPARE]);
        } else {
            length = length * shortening(promised, reached - value);
        }
    }
    copy_floats(work, FROM, work, POINT, issues);
    return value;
}

/* Return the size of the largest component of the step. */
static double largest_step(long issues, double *work) {
    double largest = 0.0;
    for (long issue = 0; issue < issues; issue++) {
        if (fabs(work[STEP + issue]) > largest) {
            largest = fabs(work[STEP + issue]);
        }
    }
    return largest;
}

/* Take the last of Newton's steps, which no longer show in the objective, so that the top is found to the last bits. */
static void polish(double *sheet, long treatment, double barrier, double value, double *work) {
    long issues = (long)sheet[ISSUES];
    for (long round = 0; round < POLISHINGS; round++) {
        double size = largest_step(issues, work);
        copy_floats(work, POINT, work, FROM, issues);
        work[PRICE] = work[PRICE] + price_change(issues, barrier, work);
        write_trial(issues, 1.0, work);
        if (size <= SMALL_STEP) {
            return;
        }
        if (!(write_slopes(sheet, treatment, barrier, work) > value - LEAST_GAIN)) {
            copy_floats(work, FROM, work, POINT, issues);
            return;
        }
        write_step(issues, work);
    }
}

/* Return the barrier at the top: 0 where there is no margin, for what is gained keeps the way clear itself. */
static double last_barrier(double *sheet) {
    long proposer = (long)sheet[PROPOSER];
    if (proposer < 0 || sheet[row_at(sheet, proposer) + MARGIN] <= 0.0) {
        return 0.0;
    }
    return LAST_BARRIER;
}

/* Return the first barrier of a climb from a start of that log objective. */
static double first_barrier(double *sheet, double value) {
    double barrier = BARRIER_SHARE * fabs(value);
    if (last_barrier(sheet) > 0.0) {
        if (barrier < LEAST_BARRIER) {
            return LEAST_BARRIER;
        }
        return barrier;
    }
    if (sheet[PROPOSER] < 0.0 || barrier < SLIGHT) {
        return 0.0;
    }
    return barrier;
}

/* Return the next barrier: a tenth, or less where the barrier is small already, down to the last. */
static double lowered(double barrier, double last) {
    double lower = barrier * sqrt(barrier);
    if (lower > LOWERING * barrier) {
        lower = LOWERING * barrier;
    }
    if (lower < last || (last <= 0.0 && lower < SLIGHT)) {
        return last;
    }
    return lower;
}

/* Change the barrier by `change` in the gradient, and return by how much the value of the objective changes. */
static double raise_barrier(long issues, double change, double *work) {
    for (long issue = 0; issue < issues; issue++) {
        work[GRADIENT + issue] = work[GRADIENT + issue] + change * work[SPARE_SLOPE + issue];
    }
    return change * logarithm(work[SPARE]);
}

/* Return 1 if a guarantee is strongest inside the box, so that the objective has a kink there, else 0. */
static long has_kinks(double *sheet) {
    for (long pledge = 0; pledge < (long)sheet[PLEDGES]; pledge++) {
        if (0.0 < sheet[pledge_at(sheet, pledge) + PLEDGE_AIM] && sheet[pledge_at(sheet, pledge) + PLEDGE_AIM] < 1.0) {
            return 1;
        }
    }
    return 0;
}

/* Return 1 if it is plain whether a climb, now at `value`, will reach the log objective `bar`, else 0. */
static long is_decided(double value, double hoped, double *sheet, double bar) {
    if (value >= bar) {
        return 1;
    }
    if (hoped <= IN_SIGHT && value + 2.0 * hoped < bar) {
        return 1 - has_kinks(sheet);
    }
    return 0;
}

/* Move the point to the top of its hill and return the log objective there; OUT_OF_REACH from a point out of reach. */
static double climb(double *sheet, long treatment, double bar, double *work) {
    long issues = (long)sheet[ISSUES];
    double last = last_barrier(sheet);
    work[PRICE] = 0.0;
    double value = write_slopes(sheet, treatment, 0.0, work);
    if (value <= OUT_OF_REACH || (OUT_OF_REACH < bar && bar <= value)) {
        return value;
    }
    double barrier = first_barrier(sheet, value);
    if (barrier > 0.0) {
        value = value + raise_barrier(issues, barrier, work);
        work[PRICE] = barrier / work[SPARE];
    }
    for (long round = 0; round < STEPS; round++) {
        write_step(issues, work);
        double hoped = hoped_gain(issues, work);
        if (barrier > last && hoped <= NEAR * barrier) {
            double lower = lowered(barrier, last);
            value = value + raise_barrier(issues, lower - barrier, work);
            write_step(issues, work);
            barrier = lower;
            hoped = hoped_gain(issues, work);
        }
        if (bar > OUT_OF_REACH && barrier <= last && is_decided(value, hoped, sheet, bar) > 0) {
            break;
        }
        if (hoped <= LEAST_GAIN && barrier <= last) {
            polish(sheet, treatment, barrier, value, work);
            break;
        }
        double reached = line_search(sheet, treatment, barrier, value, LEAST_GAIN, work);
        if (reached <= value + LEAST_GAIN && barrier <= last) {
            if (reached > value) {
                write_step(issues, work);
                polish(sheet, treatment, barrier, reached, work);
            }
            break;
        }
        if (reached <= value + LEAST_GAIN) {
            barrier = lowered(barrier, last);
            reached = write_slopes(sheet, treatment, barrier, work);
        }
        value = reached;
    }
    return objective(sheet, treatment, 0.0, work, POINT);
}

/* Move the point toward the proposer's aim, by quarters, until it gets its margin; return 0 if it never does. */
static long move_within_reach(double *sheet, double *work) {
    long proposer = (long)sheet[PROPOSER];
    if (proposer < 0) {
        return 1;
    }
    long issues = (long)sheet[ISSUES];
    long at = row_at(sheet, proposer);
    copy_floats(work, POINT, work, FROM, issues);
    for (long quarter = 0; quarter < 5; quarter++) {
        for (long issue = 0; issue < issues; issue++) {
            double aim = sheet[aims_at(sheet, at) + issue];
            work[POINT + issue] = work[FROM + issue] + 0.25 * quarter * (aim - work[FROM + issue]);
        }
        if (spare(sheet, at, work, POINT) > 0.0) {
            return 1;
        }
    }
    return 0;
}

/* Keep the point, moved within the proposer's reach, as start number `start`. */
static void add_start(double *sheet, long start, double *work) {
    long at = STARTS + start * START_SIZE;
    work[at + MOST] = OUT_OF_REACH;
    if (move_within_reach(sheet, work) > 0) {
        copy_floats(work, POINT, work, at, (long)sheet[ISSUES]);
        work[at + MOST] = 0.0;
    }
}

/* Write at the point the terms that lie nearest to all aims together: on each issue the mean, by weight. */
static void write_mean(double *sheet, double *work) {
    for (long issue = 0; issue < (long)sheet[ISSUES]; issue++) {
        double total = 0.0;
        double weighed = 0.0;
        for (long row = 0; row < (long)sheet[ROWS]; row++) {
            long at = row_at(sheet, row);
            double weight = sheet[weights_at(sheet, at) + issue];
            total = total + weight;
            weighed = weighed + weight * sheet[aims_at(sheet, at) + issue];
        }
        work[POINT + issue] = 0.5;
        if (total > 0.0) {
            work[POINT + issue] = boxed(weighed / total);
        }
    }
}

/* Write as starts the mean of all aims, every party's aim and the middle of the box; return how many there are. */
static long write_starts(double *sheet, double *work) {
    long issues = (long)sheet[ISSUES];
    long rows = (long)sheet[ROWS];
    list_pledged(sheet, work);
    write_mean(sheet, work);
    add_start(sheet, 0, work);
    for (long row = 0; row < rows; row++) {
        copy_floats(sheet, aims_at(sheet, row_at(sheet, row)), work, POINT, issues);
        add_start(sheet, row + 1, work);
    }
    for (long issue = 0; issue < issues; issue++) {
        work[POINT + issue] = 0.5;
    }
    add_start(sheet, rows + 1, work);
    return rows + 2;
}

/* Write the log objective of each start that is within reach. */
static void value_starts(double *sheet, long treatment, long starts, double *work) {
    for (long start = 0; start < starts; start++) {
        long at = STARTS + start * START_SIZE;
        if (work[at + MOST] > OUT_OF_REACH) {
            work[at + MOST] = objective(sheet, treatment, 0.0, work, at);
        }
    }
}

/* Return the start with the highest value not above `below`, the first of equals; -1 if none is within reach. */
static long best_start(long starts, double below, double *work) {
    long found = -1;
    for (long start = 0; start < starts; start++) {
        double value = work[STARTS + start * START_SIZE + MOST];
        if (OUT_OF_REACH < value && value < below && (found < 0 || value > work[STARTS + found * START_SIZE + MOST])) {
            found = start;
        }
    }
    return found;
}

/* Write the best terms found from the best `climbs` starts and return their log objective; OUT_OF_REACH if none. */
static double search_from(double *sheet, long treatment, long starts, long climbs, double *work) {
    long issues = (long)sheet[ISSUES];
    value_starts(sheet, treatment, starts, work);
    double best = OUT_OF_REACH;
    double below = -OUT_OF_REACH;
    for (long round = 0; round < climbs; round++) {
        long start = best_start(starts, below, work);
        if (start < 0) {
            return best;
        }
        long at = STARTS + start * START_SIZE;
        below = work[at + MOST] - SAME;
        copy_floats(work, at, work, POINT, issues);
        double value = climb(sheet, treatment, OUT_OF_REACH, work);
        if (value > best) {
            best = value;
            copy_floats(work, POINT, work, BEST, issues);
        }
    }
    return best;
}

/* Return 1 if a row may or may not block, so that there may be two hills, else 0. */
static long some_may_block(double *sheet) {
    for (long row = 0; row < (long)sheet[ROWS]; row++) {
        double blocking = sheet[row_at(sheet, row) + BLOCKING];
        if (0.0 < blocking && blocking < 1.0) {
            return 1;
        }
    }
    return 0;
}

/* Write the proposer's best terms at work[BEST] and return their log objective; OUT_OF_REACH if it must pass. */
static double best_offer(double *sheet, double *work) {
    long starts = write_starts(sheet, work);
    long climbs = CLIMBS;
    if (some_may_block(sheet) > 0) {
        climbs = CLIMBS_OF_HILLS;
        for (long treatment = IGNORED; treatment < SEATED + 1; treatment++) {
            if (search_from(sheet, treatment, starts, CLIMBS, work) > OUT_OF_REACH) {
                copy_floats(work, BEST, work, POINT, (long)sheet[ISSUES]);
                add_start(sheet, starts, work);
                starts = starts + 1;
            }
        }
    }
    return search_from(sheet, AS_THEY_ARE, starts, climbs, work);
}

/* Return 1 if the proposer's greatest expected gain (utility) is at least `least`, else 0. */
static long gain_reaches(double *sheet, double least, double *work) {
    if (least <= 0.0) {
        return 1;
    }
    double bar = logarithm(least);
    long issues = (long)sheet[ISSUES];
    list_pledged(sheet, work);
    write_mean(sheet, work);
    if (move_within_reach(sheet, work) > 0 && climb(sheet, AS_THEY_ARE, bar, work) >= bar) {
        return 1;
    }
    long starts = write_starts(sheet, work);
    value_starts(sheet, AS_THEY_ARE, starts, work);
    long start = best_start(starts, -OUT_OF_REACH, work);
    if (start > 0) {
        copy_floats(work, STARTS + start * START_SIZE, work, POINT, issues);
        if (climb(sheet, AS_THEY_ARE, bar, work) >= bar) {
            return 1;
        }
    }
    if (some_may_block(sheet) == 0) {
        return 0;
    }
    for (long treatment = IGNORED; treatment < SEATED + 1; treatment++) {
        if (search_from(sheet, treatment, starts, CLIMBS, work) > OUT_OF_REACH) {
            copy_floats(work, BEST, work, POINT, issues);
            if (climb(sheet, AS_THEY_ARE, bar, work) >= bar) {
                return 1;
            }
        }
    }
    return 0;
}

/* Return the smallest grown cost less gap (utility) over the rows, at the point where slopes were written last. */
static double least_noted(double *sheet, double *work) {
    double least = -OUT_OF_REACH;
    long rows = (long)sheet[ROWS];
    for (long row = 0; row < rows; row++) {
        long at = row_at(sheet, row);
        double left = sheet[at + COST] * sheet[at + WEARINESS] - work[note_at(rows, row)];
        if (left < least) {
            least = left;
        }
    }
    return least;
}

/* Return the most that slope d - bend d d reaches over the steps d that keep a term within 0..1. */
static double most_of_parabola(double term, double slope, double bend) {
    double step = -term;
    if (slope > 0.0) {
        step = 1.0 - term;
    }
    if (fabs(slope) < 2.0 * bend * fabs(step)) {
        step = 0.5 * slope / bend;
    }
    return step * (slope - bend * step);
}

/* Return the most that any deal could leave the rows together, each weighed by the pull of its consent. */
static double most_noted(double *sheet, double *work) {
    long issues = (long)sheet[ISSUES];
    long rows = (long)sheet[ROWS];
    double most = 0.0;
    for (long row = 0; row < rows; row++) {
        long at = row_at(sheet, row);
        long note = note_at(rows, row);
        most = most + work[note + 1] * (sheet[at + COST] * sheet[at + WEARINESS] - work[note]);
    }
    for (long issue = 0; issue < issues; issue++) {
        double bend = 0.0;
        for (long row = 0; row < rows; row++) {
            bend = bend + work[note_at(rows, row) + 1] * sheet[weights_at(sheet, row_at(sheet, row)) + issue];
        }
        most = most + most_of_parabola(work[POINT + issue], work[GRADIENT + issue], bend);
    }
    return most;
}

/* Move the point up the hill of consent; return 1 once a deal is good for all, -1 once none can be, else 0. */
static long deal_shows(double *sheet, double *work) {
    long issues = (long)sheet[ISSUES];
    double value = write_slopes(sheet, AS_THEY_ARE, 0.0, work);
    for (long round = 0; round < STEPS; round++) {
        if (least_noted(sheet, work) > 0.0) {
            return 1;
        }
        if (most_noted(sheet, work) <= 0.0) {
            return -1;
        }
        write_step(issues, work);
        double reached = line_search(sheet, AS_THEY_ARE, 0.0, value, LEAST_GAIN, work);
        if (reached <= value) {
            return 0;
        }
        value = reached;
    }
    return 0;
}

/* Return 1 if some deal is better for every row than its outside option, else 0; the sheet has no proposer. */
static long deal_exists(double *sheet, double *work) {
    list_pledged(sheet, work);
    write_mean(sheet, work);
    double sharpness = FIRST_SHARPNESS;
    for (long round = 0; round < SHARPENINGS; round++) {
        for (long row = 0; row < (long)sheet[ROWS]; row++) {
            sheet[row_at(sheet, row) + SD] = sharpness;
        }
        long shown = deal_shows(sheet, work);
        if (shown > 0) {
            return 1;
        }
        if (shown < 0) {
            return 0;
        }
        sharpness = sharpness * SHARPEN;
    }
    return 0;
}
