/* Port of sim/rules/slopes.py. */

enum {
    MOST = 8,
    MATRIX = 64,
    GAP = 0,
    KEPT = 1,
    EXPOSURE = 2,
    GAP_SLOPE = 3,
    GAP_BEND = 11,
    KEPT_SLOPE = 75,
    KEPT_BEND = 83,
    EXPOSURE_SLOPE = 147,
    EXPOSURE_BEND = 155,
    DEMAND_SLOPE = 219,
    SLOPES_END = 227,
};

/* Return the derivative of a guarantee's strength 1 - |x - aim|: at the kink, the side that lies within 0..1. */
static double strength_slope(double term, double aim) {
    if (term > aim || (term == aim && aim < 0.5)) {
        return -1.0;
    }
    return 1.0;
}

/* Write zeros. */
static void clear_floats(double *work, long at, long count) {
    for (long place = 0; place < count; place++) {
        work[at + place] = 0.0;
    }
}

/* Multiply the exposure, with its slope and bend, by a factor that changes by `change` per unit of one issue. */
static void multiply_exposure(long issues, long issue, double factor, double change, double *work) {
    for (long row = 0; row < issues; row++) {
        long here = EXPOSURE_BEND + row * issues;
        for (long column = 0; column < issues; column++) {
            work[here + column] = work[here + column] * factor;
        }
        double cross = work[EXPOSURE_SLOPE + row] * change;
        work[here + issue] = work[here + issue] + cross;
        work[EXPOSURE_BEND + issue * issues + row] = work[EXPOSURE_BEND + issue * issues + row] + cross;
    }
    for (long row = 0; row < issues; row++) {
        work[EXPOSURE_SLOPE + row] = work[EXPOSURE_SLOPE + row] * factor;
    }
    work[EXPOSURE_SLOPE + issue] = work[EXPOSURE_SLOPE + issue] + work[EXPOSURE] * change;
    work[EXPOSURE] = work[EXPOSURE] * factor;
}

/* Write exposure of fighter `target` in a row's eyes, with slope and bend; return how many pledges bear on it. */
static long write_exposure_slopes(double *sheet, long at, long target, double *terms, long terms_at, double *work) {
    long issues = (long)sheet[ISSUES];
    work[EXPOSURE] = sheet[openness_at(sheet, at) + target];
    clear_floats(work, EXPOSURE_SLOPE, issues);
    clear_floats(work, EXPOSURE_BEND, issues * issues);
    long bearing = 0;
    for (long pledge = 0; pledge < (long)sheet[PLEDGES]; pledge++) {
        long promise = pledge_at(sheet, pledge);
        double effect = sheet[sworn_at(sheet, at) + pledge];
        if (sheet[promise + PLEDGE_TARGET] == target && effect > 0.0) {
            long issue = (long)sheet[promise + PLEDGE_ISSUE];
            double term = terms[terms_at + issue];
            double aim = sheet[promise + PLEDGE_AIM];
            double change = -effect * strength_slope(term, aim);
            multiply_exposure(issues, issue, undeterred(effect, term, aim), change, work);
            bearing = bearing + 1;
        }
    }
    return bearing;
}

/* Return the derivative of L, summed over the attackers of one side, by the exposure they find. */
static double lapse_slope(double *sheet, long at, long attackers, double exposure) {
    double total = 0.0;
    for (long fighter = 0; fighter < (long)sheet[FIGHTERS]; fighter++) {
        if (sheet[side_at(sheet, fighter)] == attackers) {
            double lapsing = sheet[lapses_at(sheet, at) + fighter];
            total = total - lapsing / (1.0 - lapsing * exposure);
        }
    }
    return total;
}

/* Return the second derivative of L, summed over the attackers of one side, by the exposure they find. */
static double lapse_bend(double *sheet, long at, long attackers, double exposure) {
    double total = 0.0;
    for (long fighter = 0; fighter < (long)sheet[FIGHTERS]; fighter++) {
        if (sheet[side_at(sheet, fighter)] == attackers) {
            double lapsing = sheet[lapses_at(sheet, at) + fighter];
            double ratio = lapsing / (1.0 - lapsing * exposure);
            total = total - ratio * ratio;
        }
    }
    return total;
}

/* Multiply q by the chance that `side` is not attacked, and add what this brings to slope and bend of log q. */
static void add_side(double *sheet, long at, long side, double *terms, long terms_at, double *work) {
    if (feared(sheet, at, 1 - side) == 0) {
        return;
    }
    long target = most_exposed(sheet, at, side, terms, terms_at);
    if (target < 0) {
        return;
    }
    long bearing = write_exposure_slopes(sheet, at, target, terms, terms_at, work);
    double chance = held_off(sheet, at, 1 - side, work[EXPOSURE]);
    work[KEPT] = work[KEPT] * chance;
    if (bearing == 0 || chance <= 0.0) {
        return;
    }
    long issues = (long)sheet[ISSUES];
    double first = lapse_slope(sheet, at, 1 - side, work[EXPOSURE]);
    double second = lapse_bend(sheet, at, 1 - side, work[EXPOSURE]);
    for (long row = 0; row < issues; row++) {
        double slope = work[EXPOSURE_SLOPE + row];
        work[KEPT_SLOPE + row] = work[KEPT_SLOPE + row] + first * slope;
        for (long column = 0; column < issues; column++) {
            long place = row * issues + column;
            double bend = first * work[EXPOSURE_BEND + place] + second * slope * work[EXPOSURE_SLOPE + column];
            work[KEPT_BEND + place] = work[KEPT_BEND + place] + bend;
        }
    }
}

/* Write q, and slope and bend of log q, of a row. */
static void write_kept_slopes(double *sheet, long at, double *terms, long terms_at, double *work) {
    long issues = (long)sheet[ISSUES];
    work[KEPT] = sheet[KEPT_TRUSTWORTHY];
    clear_floats(work, KEPT_SLOPE, issues);
    clear_floats(work, KEPT_BEND, issues * issues);
    add_side(sheet, at, 0, terms, terms_at, work);
    add_side(sheet, at, 1, terms, terms_at, work);
}

/* Write the slope of the demand of a row; it is linear, so it has no bend. */
static void write_demand_slopes(double *sheet, long at, double *terms, long terms_at, double *work) {
    clear_floats(work, DEMAND_SLOPE, (long)sheet[ISSUES]);
    for (long pledge = 0; pledge < (long)sheet[PLEDGES]; pledge++) {
        long promise = pledge_at(sheet, pledge);
        long issue = (long)sheet[promise + PLEDGE_ISSUE];
        double slope = strength_slope(terms[terms_at + issue], sheet[promise + PLEDGE_AIM]);
        work[DEMAND_SLOPE + issue] = work[DEMAND_SLOPE + issue] + sheet[burdens_at(sheet, at) + pledge] * slope;
    }
}

/* Write gap and q of a row, with slopes and bends of the gap and of log q; no slopes where q is next to 0. */
static void write_gap_slopes(double *sheet, long at, double *terms, long terms_at, double *work) {
    long issues = (long)sheet[ISSUES];
    write_kept_slopes(sheet, at, terms, terms_at, work);
    write_demand_slopes(sheet, at, terms, terms_at, work);
    clear_floats(work, GAP_SLOPE, issues);
    clear_floats(work, GAP_BEND, issues * issues);
    long weights = weights_at(sheet, at);
    long aims = aims_at(sheet, at);
    double kept = work[KEPT];
    double demanded = demand(sheet, at, terms, terms_at);
    double loss = distance(terms, terms_at, sheet, weights, aims, issues);
    work[GAP] = gap_from(sheet[at + WAR_UTILITY], loss, demanded, kept, sheet[at + BETRAYAL]);
    if (kept <= SMALLEST_KEPT) {
        return;
    }
    for (long row = 0; row < issues; row++) {
        double weight = sheet[weights + row];
        long here = GAP_BEND + row * issues;
        work[GAP_SLOPE + row] = 2.0 * weight * (terms[terms_at + row] - sheet[aims + row]);
        double kept_slope = work[KEPT_SLOPE + row];
        double demand_slope = work[DEMAND_SLOPE + row];
        if (kept_slope != 0.0 || demand_slope != 0.0) {
            work[GAP_SLOPE + row] = work[GAP_SLOPE + row] + (demand_slope - demanded * kept_slope) / kept;
            for (long column = 0; column < issues; column++) {
                double other = work[KEPT_SLOPE + column];
                double other_demand = work[DEMAND_SLOPE + column];
                double bend = demanded * (kept_slope * other - work[KEPT_BEND + row * issues + column]);
                work[here + column] = (bend - demand_slope * other - kept_slope * other_demand) / kept;
            }
        }
        work[here + row] = work[here + row] + 2.0 * weight;
    }
}
