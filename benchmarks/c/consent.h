/* Port of sim/rules/keeping.py, worth.py and consent.py. */

#define NEVER 1e+300
#define SMALLEST_KEPT 1e-250
#define CERTAINTY 0.001

/* Return how much of a guarantee the deal leaves, 0..1: all if the issue ends at the beneficiary's aim. */
static double guarantee_strength(double term, double aim) {
    return 1.0 - fabs(term - aim);
}

/* Return the probability that a guarantee does not deter: 1 - effect G, with the effect in a row's eyes. */
static double undeterred(double effect, double term, double aim) {
    return 1.0 - effect * guarantee_strength(term, aim);
}

/* Return the probability, in the eyes of a row, that nothing deters an attack on fighter number `target`. */
static double exposure_of(double *sheet, long at, long target, double *terms, long terms_at) {
    double exposure = sheet[openness_at(sheet, at) + target];
    for (long pledge = 0; pledge < (long)sheet[PLEDGES]; pledge++) {
        long promise = pledge_at(sheet, pledge);
        if (sheet[promise + PLEDGE_TARGET] == target) {
            double term = terms[terms_at + (long)sheet[promise + PLEDGE_ISSUE]];
            double effect = sheet[sworn_at(sheet, at) + pledge];
            exposure = exposure * undeterred(effect, term, sheet[promise + PLEDGE_AIM]);
        }
    }
    return exposure;
}

/* Return the number of the fighter of `side` that is most exposed in the eyes of a row; -1 if there is none. */
static long most_exposed(double *sheet, long at, long side, double *terms, long terms_at) {
    long found = -1;
    double most = 0.0;
    for (long fighter = 0; fighter < (long)sheet[FIGHTERS]; fighter++) {
        if (sheet[side_at(sheet, fighter)] == side) {
            double exposure = exposure_of(sheet, at, fighter, terms, terms_at);
            if (found < 0 || exposure > most) {
                found = fighter;
                most = exposure;
            }
        }
    }
    return found;
}

/* Return the exposure of the most exposed fighter of `side` in the eyes of a row; 0 if there is none. */
static double side_exposure(double *sheet, long at, long side, double *terms, long terms_at) {
    double most = 0.0;
    for (long fighter = 0; fighter < (long)sheet[FIGHTERS]; fighter++) {
        if (sheet[side_at(sheet, fighter)] == side) {
            double exposure = exposure_of(sheet, at, fighter, terms, terms_at);
            if (exposure > most) {
                most = exposure;
            }
        }
    }
    return most;
}

/* Return q: the probability, in the eyes of a row, that the deal `terms` is kept over the horizon. */
static double kept_belief(double *sheet, long at, double *terms, long terms_at) {
    double kept = sheet[KEPT_TRUSTWORTHY];
    long lapses = lapses_at(sheet, at);
    for (long fighter = 0; fighter < (long)sheet[FIGHTERS]; fighter++) {
        double lapsing = sheet[lapses + fighter];
        if (lapsing > 0.0) {
            double target_side = 1.0 - sheet[side_at(sheet, fighter)];
            kept = kept * (1.0 - lapsing * side_exposure(sheet, at, target_side, terms, terms_at));
        }
    }
    return kept;
}

/* Return how far `terms` lie from what a party wants, 0..1. */
static double distance(double *terms, long terms_at, double *party, long weights_at, long aims_at, long issues) {
    double total = 0.0;
    for (long issue = 0; issue < issues; issue++) {
        double away = terms[terms_at + issue] - party[aims_at + issue];
        total = total + party[weights_at + issue] * away * away;
    }
    return total;
}

/* Return what the row wants to be paid for signing: margin, risk of betrayal, burdens of its guarantees (utility). */
static double demand(double *sheet, long at, double *terms, long terms_at) {
    double total = sheet[at + MARGIN] + sheet[at + BETRAYAL];
    long burdens = burdens_at(sheet, at);
    for (long pledge = 0; pledge < (long)sheet[PLEDGES]; pledge++) {
        long promise = pledge_at(sheet, pledge);
        double term = terms[terms_at + (long)sheet[promise + PLEDGE_ISSUE]];
        total = total + sheet[burdens + pledge] * guarantee_strength(term, sheet[promise + PLEDGE_AIM]);
    }
    return total;
}

/* Return the gap: the cost of war, grown, from which on a state prefers the deal. */
static double gap_from(double war_utility, double loss, double demanded, double kept, double betrayal) {
    if (kept <= SMALLEST_KEPT) {
        return NEVER;
    }
    return war_utility - 1.0 + loss + demanded / kept - betrayal;
}

/* Return the gap of a row for the deal `terms` (utility): it accepts if its cost of war has grown to it. */
static double gap(double *sheet, long at, double *terms, long terms_at) {
    double loss = distance(terms, terms_at, sheet, weights_at(sheet, at), aims_at(sheet, at), (long)sheet[ISSUES]);
    double kept = kept_belief(sheet, at, terms, terms_at);
    return gap_from(sheet[at + WAR_UTILITY], loss, demand(sheet, at, terms, terms_at), kept, sheet[at + BETRAYAL]);
}

/* Return what the deal leaves a row beyond its margin, V - r - margin (utility), at its own cost of war. */
static double spare(double *sheet, long at, double *terms, long terms_at) {
    double loss = distance(terms, terms_at, sheet, weights_at(sheet, at), aims_at(sheet, at), (long)sheet[ISSUES]);
    double gain = sheet[at + COST] * sheet[at + WEARINESS] - sheet[at + WAR_UTILITY] + 1.0 - loss
        + sheet[at + BETRAYAL];
    return kept_belief(sheet, at, terms, terms_at) * gain - demand(sheet, at, terms, terms_at);
}

/* Return the log of the cost of war from which on a state accepts a deal with this gap (above 0). */
static double log_threshold(double gap_of_deal, double weariness) {
    return logarithm(gap_of_deal / weariness);
}

/* Return how many standard deviations the believed log cost lies above the threshold of a deal (gap above 0). */
static double readiness(double mean, double sd, double gap_of_deal, double weariness) {
    if (sd < CERTAINTY) {
        return (mean - log_threshold(gap_of_deal, weariness)) / CERTAINTY;
    }
    return (mean - log_threshold(gap_of_deal, weariness)) / sd;
}

/* Return the probability that an excluded state does not block: 1 - blocking (1 - acceptance). */
static double unblocked(double blocking, double acceptance) {
    return 1.0 - blocking * (1.0 - acceptance);
}
