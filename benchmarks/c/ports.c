/* What is measured in C: the same operations in the same order as the rules, so that every bit is the same.

       gcc -O2 -ffp-contract=off -shared -fPIC ports.c -o ports.so -lm

   Contraction would fuse a product and a sum and round once instead of twice. */

#include "numerics.h"
#include "chance.h"
#include "sheet.h"
#include "consent.h"
#include "slopes.h"
#include "offers.h"

void many_exp(double *values, double *results, long count) {
    for (long place = 0; place < count; place++) {
        results[place] = exponential(values[place]);
    }
}

void many_log(double *values, double *results, long count) {
    for (long place = 0; place < count; place++) {
        results[place] = logarithm(values[place]);
    }
}

void many_normal_cdf(double *values, double *results, long count) {
    for (long place = 0; place < count; place++) {
        results[place] = normal_cdf(values[place]);
    }
}

/* Write the uniform draws of one purpose in one week, over `count` replicates. */
void many_uniform(long seed, double *results, long count) {
    for (long place = 0; place < count; place++) {
        results[place] = uniform(seed, place, 7, 3, 11, 13);
    }
}

/* Write the normal draws of one purpose in one week, over `count` replicates. */
void many_normal(long seed, double *results, long count) {
    for (long place = 0; place < count; place++) {
        results[place] = normal(seed, place, 7, 3, 11, 13);
    }
}

/* Write log objective and terms of the best offer of each sheet, zeros if there is none; `found` is (sheets, 1 + MOST). */
void many_best_offers(double *sheets, long size, double *work, double *found, long count) {
    for (long place = 0; place < count; place++) {
        double *sheet = sheets + place * size;
        found[place * (1 + MOST)] = best_offer(sheet, work);
        if (found[place * (1 + MOST)] > OUT_OF_REACH) {
            copy_floats(work, BEST, found, place * (1 + MOST) + 1, (long)sheet[ISSUES]);
        }
    }
}

/* Write whether each sheet's proposer can reach its least gain. */
void many_gates(double *sheets, long size, double *work, double *least, double *reached, long count) {
    for (long place = 0; place < count; place++) {
        reached[place] = (double)gain_reaches(sheets + place * size, least[place], work);
    }
}
