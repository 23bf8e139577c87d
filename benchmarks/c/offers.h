/* Port of sim/rules/offers.py. */

enum {
    AS_THEY_ARE = 0,
    IGNORED = 1,
    SEATED = 2,
    CLIMBS = 1,
    CLIMBS_OF_HILLS = 2,
    STEPS = 60,
    DAMPINGS = 24,
    SHARPENINGS = 3,
    POINT = 227,
    TRIAL = 235,
    STEP = 243,
    HELD = 251,
    GRADIENT = 259,
    CURVATURE = 267,
    FACTOR = 331,
    BEST = 395,
    STARTS = 403,
    START_SIZE = 9,
};

#define ASSURED 30.0
#define FIRST_DAMPING 0.0001
#define SINGULAR 1e-12
#define LEAST_GAIN 1e-09
#define ARMIJO 0.0001
#define BARRIER_SHARE 0.03
#define LOWERING 0.03
#define LEAST_BARRIER 0.001
#define SAME 1e-06
#define LAST_BARRIER 0.0001
#define OUT_OF_REACH -1e+300
#define FIRST_SHARPNESS 0.1
#define SHARPEN 0.2

static void copy_floats(double *source, long source_at, double *target, long target_at, long count);

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

/* Add to gradient and curvature what one row, not the proposer's, contributes at the point. */
static void add_row_slopes(double *sheet, long at, double blocking, double *work) {
    long issues = (long)sheet[ISSUES];
    write_gap_slopes(sheet, at, work, POINT, work);
    double asked = work[GAP];
    if (asked <= 0.0) {
        return;
    }
    double spread = sheet[at + SD];
    if (spread < CERTAINTY) {
        spread = CERTAINTY;
    }
    double ready = readiness(sheet[at + MEAN], sheet[at + SD], asked, sheet[at + WEARINESS]);
    if (ready > ASSURED) {
        return;
    }
    double hazard = consent_hazard(blocking, ready);
    double first = -hazard / (spread * asked);
    double second = -hazard * (ready + hazard) / (spread * asked * spread * asked) + hazard / (spread * asked * asked);
    for (long row = 0; row < issues; row++) {
        double slope = work[GAP_SLOPE + row];
        work[GRADIENT + row] = work[GRADIENT + row] + first * slope;
        for (long column = 0; column < issues; column++) {
            long place = row * issues + column;
            double bend = first * work[GAP_BEND + place] + second * slope * work[GAP_SLOPE + column];
            work[CURVATURE + place] = work[CURVATURE + place] + bend;
        }
    }
}

/* Add to gradient and curvature what the proposer's own gain contributes at the point. */
static void add_proposer_slopes(double *sheet, long at, double barrier, double *work) {
    long issues = (long)sheet[ISSUES];
    write_gap_slopes(sheet, at, work, POINT, work);
    double free = spare(sheet, at, work, POINT);
    double left = free / work[KEPT];
    double share = free / (free + sheet[at + MARGIN]);
    double pull = share + barrier;
    for (long row = 0; row < issues; row++) {
        double gap_slope = work[GAP_SLOPE + row] / left;
        double slope = work[KEPT_SLOPE + row] - gap_slope;
        work[GRADIENT + row] = work[GRADIENT + row] + pull * slope;
        for (long column = 0; column < issues; column++) {
            long place = row * issues + column;
            double other_gap = work[GAP_SLOPE + column] / left;
            double bend = work[KEPT_BEND + place] - work[GAP_BEND + place] / left - gap_slope * other_gap;
            double both = slope * (work[KEPT_SLOPE + column] - other_gap);
            work[CURVATURE + place] = work[CURVATURE + place] + pull * bend + share * (1.0 - share) * both;
        }
    }
}

/* Write gradient and curvature of the log objective at the point. */
static void write_slopes(double *sheet, long treatment, double barrier, double *work) {
    long issues = (long)sheet[ISSUES];
    for (long issue = 0; issue < issues; issue++) {
        work[GRADIENT + issue] = 0.0;
    }
    for (long place = 0; place < issues * issues; place++) {
        work[CURVATURE + place] = 0.0;
    }
    long proposer = (long)sheet[PROPOSER];
    for (long row = 0; row < (long)sheet[ROWS]; row++) {
        long at = row_at(sheet, row);
        if (row == proposer) {
            add_proposer_slopes(sheet, at, barrier, work);
        } else {
            double blocking = blocking_as(sheet[at + BLOCKING], treatment);
            if (blocking > 0.0) {
                add_row_slopes(sheet, at, blocking, work);
            }
        }
    }
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

/* Return 1 and replace the model by its Cholesky factor, or return 0 if a pivot is not above `least`. */
static long factorise(long issues, double least, double *work) {
    for (long row = 0; row < issues; row++) {
        for (long column = 0; column < row + 1; column++) {
            double total = work[FACTOR + row * issues + column];
            for (long before = 0; before < column; before++) {
                total = total - work[FACTOR + row * issues + before] * work[FACTOR + column * issues + before];
            }
            if (row == column) {
                if (!(total > least)) {
                    return 0;
                }
                work[FACTOR + row * issues + row] = sqrt(total);
            } else {
                work[FACTOR + row * issues + column] = total / work[FACTOR + column * issues + column];
            }
        }
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
        work[STEP + row] = total / work[FACTOR + row * issues + row];
    }
    for (long back = 0; back < issues; back++) {
        long row = issues - 1 - back;
        double total = work[STEP + row];
        for (long after = row + 1; after < issues; after++) {
            total = total - work[FACTOR + after * issues + row] * work[STEP + after];
        }
        work[STEP + row] = total / work[FACTOR + row * issues + row];
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

/* Write the point moved along the step, held within the box, and return the gain its gradient promises. */
static double write_trial(long issues, double length, double *work) {
    double promised = 0.0;
    for (long issue = 0; issue < issues; issue++) {
        work[TRIAL + issue] = boxed(work[POINT + issue] + length * work[STEP + issue]);
        promised = promised + work[GRADIENT + issue] * (work[TRIAL + issue] - work[POINT + issue]);
    }
    return promised;
}

/* Return the gain that the gradient promises for the whole step, were there no box. */
static double hoped_gain(long issues, double *work) {
    double hoped = 0.0;
    for (long issue = 0; issue < issues; issue++) {
        hoped = hoped + work[GRADIENT + issue] * work[STEP + issue];
    }
    return hoped;
}

/* Move the point along the step, halved until it gains (Armijo 1966), and return the new value of the objective. */
static double line_search(double *sheet, long treatment, double barrier, double value, double least, double *work) {
    long issues = (long)sheet[ISSUES];
    double hoped = hoped_gain(issues, work);
    double length = 1.0;
    while (length * hoped > least) {
        double promised = write_trial(issues, length, work);
        if (promised > 0.0) {
            double reached = objective(sheet, treatment, barrier, work, TRIAL);
            if (reached > value + ARMIJO * promised) {
                copy_floats(work, TRIAL, work, POINT, issues);
                return reached;
            }
        }
        length = length * 0.5;
    }
    return value;
}

/* Copy `count` floats from one sequence to another. */
static void copy_floats(double *source, long source_at, double *target, long target_at, long count) {
    for (long place = 0; place < count; place++) {
        target[target_at + place] = source[source_at + place];
    }
}

/* Move the point uphill until a step would gain no more than `least`; return the log objective. */
static double ascend(double *sheet, long treatment, double barrier, double least, double *work) {
    double value = objective(sheet, treatment, barrier, work, POINT);
    for (long round = 0; round < STEPS; round++) {
        write_slopes(sheet, treatment, barrier, work);
        write_step((long)sheet[ISSUES], work);
        double reached = line_search(sheet, treatment, barrier, value, least, work);
        if (reached <= value + least) {
            return reached;
        }
        value = reached;
    }
    return value;
}

/* Move the point, whose log objective is `value`, to the top of its hill and return the log objective there. */
static double climb(double *sheet, long treatment, double value, double *work) {
    long proposer = (long)sheet[PROPOSER];
    if (proposer < 0) {
        return ascend(sheet, treatment, 0.0, LEAST_GAIN, work);
    }
    double barrier = BARRIER_SHARE * fabs(value);
    while (barrier > LEAST_BARRIER) {
        ascend(sheet, treatment, barrier, barrier, work);
        barrier = barrier * LOWERING;
    }
    if (sheet[row_at(sheet, proposer) + MARGIN] <= 0.0) {
        return ascend(sheet, treatment, 0.0, LEAST_GAIN, work);
    }
    ascend(sheet, treatment, LAST_BARRIER, LEAST_GAIN, work);
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
    copy_floats(work, POINT, work, TRIAL, issues);
    for (long quarter = 0; quarter < 5; quarter++) {
        for (long issue = 0; issue < issues; issue++) {
            double aim = sheet[aims_at(sheet, at) + issue];
            work[POINT + issue] = work[TRIAL + issue] + 0.25 * quarter * (aim - work[TRIAL + issue]);
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

/* Write every party's aim and the middle of the box as starts and return how many there are. */
static long write_starts(double *sheet, double *work) {
    long issues = (long)sheet[ISSUES];
    long rows = (long)sheet[ROWS];
    for (long row = 0; row < rows; row++) {
        copy_floats(sheet, aims_at(sheet, row_at(sheet, row)), work, POINT, issues);
        add_start(sheet, row, work);
    }
    for (long issue = 0; issue < issues; issue++) {
        work[POINT + issue] = 0.5;
    }
    add_start(sheet, rows, work);
    return rows + 1;
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
        double value = climb(sheet, treatment, work[at + MOST], work);
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

/* Return 1 if a start, or a hill climbed from one, reaches the log objective `bar`, else 0. */
static long search_reaches(double *sheet, long treatment, long starts, double bar, double *work) {
    value_starts(sheet, treatment, starts, work);
    double below = -OUT_OF_REACH;
    for (long round = 0; round < CLIMBS; round++) {
        long start = best_start(starts, below, work);
        if (start < 0) {
            return 0;
        }
        long at = STARTS + start * START_SIZE;
        below = work[at + MOST] - SAME;
        if (below >= bar) {
            return 1;
        }
        copy_floats(work, at, work, POINT, (long)sheet[ISSUES]);
        if (climb(sheet, treatment, work[at + MOST], work) >= bar) {
            return 1;
        }
    }
    return 0;
}

/* Return 1 if the proposer's greatest expected gain (utility) is at least `least`, else 0. */
static long gain_reaches(double *sheet, double least, double *work) {
    if (least <= 0.0) {
        return 1;
    }
    double bar = logarithm(least);
    long starts = write_starts(sheet, work);
    if (search_reaches(sheet, AS_THEY_ARE, starts, bar, work) > 0) {
        return 1;
    }
    if (some_may_block(sheet) == 0) {
        return 0;
    }
    for (long treatment = IGNORED; treatment < SEATED + 1; treatment++) {
        if (search_from(sheet, treatment, starts, CLIMBS, work) > OUT_OF_REACH) {
            copy_floats(work, BEST, work, POINT, (long)sheet[ISSUES]);
            double value = objective(sheet, AS_THEY_ARE, 0.0, work, POINT);
            if (value >= bar || climb(sheet, AS_THEY_ARE, value, work) >= bar) {
                return 1;
            }
        }
    }
    return 0;
}

/* Return what the deal leaves the row that it leaves least: the smallest grown cost less gap (utility). */
static double least_spare(double *sheet, double *terms, long terms_at) {
    double least = -OUT_OF_REACH;
    for (long row = 0; row < (long)sheet[ROWS]; row++) {
        long at = row_at(sheet, row);
        double left = sheet[at + COST] * sheet[at + WEARINESS] - gap(sheet, at, terms, terms_at);
        if (left < least) {
            least = left;
        }
    }
    return least;
}

/* Return 1 if some deal is better for every row than its outside option, else 0; the sheet has no proposer. */
static long deal_exists(double *sheet, double *work) {
    long starts = write_starts(sheet, work);
    double sharpness = FIRST_SHARPNESS;
    for (long round = 0; round < SHARPENINGS; round++) {
        for (long row = 0; row < (long)sheet[ROWS]; row++) {
            sheet[row_at(sheet, row) + SD] = sharpness;
        }
        search_from(sheet, AS_THEY_ARE, starts, CLIMBS, work);
        if (least_spare(sheet, work, BEST) > 0.0) {
            return 1;
        }
        copy_floats(work, BEST, work, STARTS, (long)sheet[ISSUES]);
        starts = 1;
        work[STARTS + MOST] = 0.0;
        sharpness = sharpness * SHARPEN;
    }
    return 0;
}
