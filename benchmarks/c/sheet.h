/* Port of sim/rules/sheet.py. */

enum {
    ISSUES = 0,
    FIGHTERS = 1,
    PLEDGES = 2,
    ROWS = 3,
    PROPOSER = 4,
    KEPT_TRUSTWORTHY = 5,
    HEADER = 6,
    PLEDGE_TARGET = 0,
    PLEDGE_ISSUE = 1,
    PLEDGE_AIM = 2,
    PLEDGE_GUARANTOR = 3,
    PLEDGE_EFFECT = 4,
    PLEDGE_SIZE = 5,
    BLOCKING = 0,
    MEAN = 1,
    SD = 2,
    COST = 3,
    WEARINESS = 4,
    WAR_UTILITY = 5,
    MARGIN = 6,
    BETRAYAL = 7,
    ROW_FIELDS = 8,
};

/* Return the number of floats of one row. */
static long row_size(long issues, long fighters, long pledges) {
    return ROW_FIELDS + 2 * (issues + fighters + pledges);
}

/* Return where the side of a fighter stands. */
static long side_at(double *sheet, long fighter) {
    return HEADER + fighter;
}

/* Return where a pledge starts. */
static long pledge_at(double *sheet, long pledge) {
    return HEADER + (long)sheet[FIGHTERS] + PLEDGE_SIZE * pledge;
}

/* Return where a row starts. */
static long row_at(double *sheet, long row) {
    long issues = (long)sheet[ISSUES];
    long fighters = (long)sheet[FIGHTERS];
    long pledges = (long)sheet[PLEDGES];
    return HEADER + fighters + PLEDGE_SIZE * pledges + row * row_size(issues, fighters, pledges);
}

/* Return where the weights of the row that starts at `at` stand. */
static long weights_at(double *sheet, long at) {
    return at + ROW_FIELDS;
}

/* Return where the aims of the row that starts at `at` stand. */
static long aims_at(double *sheet, long at) {
    return at + ROW_FIELDS + (long)sheet[ISSUES];
}

/* Return where what the row fears of each fighter stands. */
static long lapses_at(double *sheet, long at) {
    return at + ROW_FIELDS + 2 * (long)sheet[ISSUES];
}

/* Return where the openness of each fighter to attack stands, in the eyes of the row. */
static long openness_at(double *sheet, long at) {
    return lapses_at(sheet, at) + (long)sheet[FIGHTERS];
}

/* Return where the effect of each pledge stands, in the eyes of the row. */
static long sworn_at(double *sheet, long at) {
    return lapses_at(sheet, at) + 2 * (long)sheet[FIGHTERS];
}

/* Return where the burden of each pledge on the row stands. */
static long burdens_at(double *sheet, long at) {
    return sworn_at(sheet, at) + (long)sheet[PLEDGES];
}
