/* Port of sim/rules/slopes.py. */

enum {
    MOST = 8,
    MATRIX = 64,
    GAP = 0,
    LOSS = 1,
    DEMAND = 2,
    KEPT = 3,
    EXPOSURE = 4,
    PLEDGED = 5,
    PLEDGED_ISSUE = 6,
    PLACE = 14,
    GAP_SLOPE = 22,
    GAP_BEND = 30,
    DEMAND_SLOPE = 94,
    KEPT_SLOPE = 102,
    KEPT_BEND = 110,
    EXPOSURE_SLOPE = 174,
    EXPOSURE_BEND = 182,
    POINT = 246,
    SLOPES_END = 254,
};

/* Return the derivative of a guarantee's strength 1 - |x - aim|: at the kink, the side that lies within 0..1. */
static double strength_slope(double term, double aim) {
    if (term > aim || (term == aim && aim < 0.5)) {
        return -1.0;
    }
    return 1.0;
}

/* Write the list of the issues on which something is pledged, and the place in it of each of them. */
static void list_pledged(double *sheet, double *work) {
    long count = 0;
    for (long pledge = 0; pledge < (long)sheet[PLEDGES]; pledge++) {
        long issue = (long)sheet[pledge_at(sheet, pledge) + PLEDGE_ISSUE];
        long place = 0;
        while (place < count && work[PLEDGED_ISSUE + place] != issue) {
            place = place + 1;
        }
        if (place == count) {
            work[PLEDGED_ISSUE + count] = issue;
            count = count + 1;
        }
        work[PLACE + issue] = place;
    }
    work[PLEDGED] = count;
}

/* Write zeros. */
static void clear_floats(double *work, long at, long count) {
    for (long place = 0; place < count; place++) {
        work[at + place] = 0.0;
    }
}

/* Multiply the exposure, with its slope and bend, by a factor that changes by `change` per unit of one issue. */
static void multiply_exposure(long count, long issue, double factor, double change, double *work) {
    for (long row = 0; row < count; row++) {
        long here = EXPOSURE_BEND + row * count;
        for (long column = 0; column < count; column++) {
            work[here + column] = work[here + column] * factor;
        }
        double cross = work[EXPOSURE_SLOPE + row] * change;
        work[here + issue] = work[here + issue] + cross;
        work[EXPOSURE_BEND + issue * count + row] = work[EXPOSURE_BEND + issue * count + row] + cross;
    }
    for (long row = 0; row < count; row++) {
        work[EXPOSURE_SLOPE + row] = work[EXPOSURE_SLOPE + row] * factor;
    }
    work[EXPOSURE_SLOPE + issue] = work[EXPOSURE_SLOPE + issue] + work[EXPOSURE] * change;
    work[EXPOSURE] = work[EXPOSURE] * factor;
}

/* Write exposure of fighter `target` in a row's eyes, with slope and bend; return how many pledges bear on it. */
static long write_exposure_slopes(double *sheet, long at, long target, double *work) {
    long count = (long)work[PLEDGED];
    long pledged_effects = sworn_at(sheet, at);
    work[EXPOSURE] = sheet[openness_at(sheet, at) + target];
    long bearing = 0;
    for (long pledge = 0; pledge < (long)sheet[PLEDGES]; pledge++) {
        long promise = pledge_at(sheet, pledge);
        double effect = sheet[pledged_effects + pledge];
        if (sheet[promise + PLEDGE_TARGET] == target && effect > 0.0) {
            long issue = (long)sheet[promise + PLEDGE_ISSUE];
            double term = work[POINT + issue];
            double aim = sheet[promise + PLEDGE_AIM];
            double change = -effect * strength_slope(term, aim);
            if (bearing == 0) {
                clear_floats(work, EXPOSURE_SLOPE, MOST + count * count);
            }
            bearing = bearing + 1;
            multiply_exposure(count, (long)work[PLACE + issue], undeterred(effect, term, aim), change, work);
        }
    }
    return bearing;
}

/* Add to slope and bend of log q what one attacker brings, that holds off with a `chance` above 0. */
static void add_lapse(double lapsing, double chance, long count, double *work) {
    double ratio = lapsing / chance;
    for (long row = 0; row < count; row++) {
        double slope = ratio * work[EXPOSURE_SLOPE + row];
        work[KEPT_SLOPE + row] = work[KEPT_SLOPE + row] - slope;
        for (long column = 0; column < count; column++) {
            long place = row * count + column;
            double bend = ratio * (work[EXPOSURE_BEND + place] + slope * work[EXPOSURE_SLOPE + column]);
            work[KEPT_BEND + place] = work[KEPT_BEND + place] - bend;
        }
    }
}

/* Write q of a row, and slope and bend of log q over the pledged issues. */
static void write_kept_slopes(double *sheet, long at, double *work) {
    long count = (long)work[PLEDGED];
    long lapses = lapses_at(sheet, at);
    double kept = sheet[KEPT_TRUSTWORTHY];
    clear_floats(work, KEPT_SLOPE, MOST + count * count);
    for (long fighter = 0; fighter < (long)sheet[FIGHTERS]; fighter++) {
        double lapsing = sheet[lapses + fighter];
        if (lapsing > 0.0) {
            long target = most_exposed(sheet, at, 1.0 - sheet[side_at(sheet, fighter)], work, POINT);
            if (target >= 0) {
                long bearing = write_exposure_slopes(sheet, at, target, work);
                double chance = 1.0 - lapsing * work[EXPOSURE];
                kept = kept * chance;
                if (bearing > 0 && chance > 0.0) {
                    add_lapse(lapsing, chance, count, work);
                }
            }
        }
    }
    work[KEPT] = kept;
}

/* Write the slope of the demand of a row over the pledged issues, and return the demand; it has no bend. */
static double write_demand_slopes(double *sheet, long at, double *work) {
    long burdens = burdens_at(sheet, at);
    for (long place = 0; place < (long)work[PLEDGED]; place++) {
        work[DEMAND_SLOPE + place] = 0.0;
    }
    double total = sheet[at + MARGIN] + sheet[at + BETRAYAL];
    for (long pledge = 0; pledge < (long)sheet[PLEDGES]; pledge++) {
        long promise = pledge_at(sheet, pledge);
        double burden = sheet[burdens + pledge];
        long issue = (long)sheet[promise + PLEDGE_ISSUE];
        double aim = sheet[promise + PLEDGE_AIM];
        total = total + burden * guarantee_strength(work[POINT + issue], aim);
        long place = DEMAND_SLOPE + (long)work[PLACE + issue];
        work[place] = work[place] + burden * strength_slope(work[POINT + issue], aim);
    }
    return total;
}

/* Write the slope of the loss of a row as that of its gap, and return the loss; its bend is twice the weights. */
static double write_loss_slopes(double *sheet, long at, double *work) {
    long weights = weights_at(sheet, at);
    long aims = aims_at(sheet, at);
    double total = 0.0;
    for (long issue = 0; issue < (long)sheet[ISSUES]; issue++) {
        double weight = sheet[weights + issue];
        double away = work[POINT + issue] - sheet[aims + issue];
        total = total + weight * away * away;
        work[GAP_SLOPE + issue] = 2.0 * weight * away;
    }
    return total;
}

/* Write gap and q of a row, the slope of the gap over all issues, and over the pledged ones those of log q. */
static void write_gap_slopes(double *sheet, long at, double *work) {
    long count = (long)work[PLEDGED];
    write_kept_slopes(sheet, at, work);
    double kept = work[KEPT];
    double demanded = write_demand_slopes(sheet, at, work);
    double loss = write_loss_slopes(sheet, at, work);
    work[LOSS] = loss;
    work[DEMAND] = demanded;
    work[GAP] = gap_from(sheet[at + WAR_UTILITY], loss, demanded, kept, sheet[at + BETRAYAL]);
    if (kept <= SMALLEST_KEPT) {
        clear_floats(work, GAP_SLOPE, MOST + count * count);
        return;
    }
    for (long row = 0; row < count; row++) {
        double kept_slope = work[KEPT_SLOPE + row];
        double demand_slope = work[DEMAND_SLOPE + row];
        long place = GAP_SLOPE + (long)work[PLEDGED_ISSUE + row];
        work[place] = work[place] + (demand_slope - demanded * kept_slope) / kept;
        for (long column = 0; column < count; column++) {
            double other = work[KEPT_SLOPE + column];
            double other_demand = work[DEMAND_SLOPE + column];
            double bend = demanded * (kept_slope * other - work[KEPT_BEND + row * count + column]);
            work[GAP_BEND + row * count + column] = (bend - demand_slope * other - kept_slope * other_demand) / kept;
        }
    }
}
