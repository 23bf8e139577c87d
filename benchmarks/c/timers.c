/* Timers around functions of the kernel: time spent within each, less that within others that are watched. */

#include <stdint.h>
#include <time.h>

#define MOST_WATCHED 64
#define DEEPEST 64

static double own[MOST_WATCHED];
static long calls[MOST_WATCHED];
static long called_from[MOST_WATCHED];
static long names[DEEPEST];
static double started[DEEPEST], within[DEEPEST];
static long depth;

static double now(void) {
#if defined(__x86_64__)
    return (double)__builtin_ia32_rdtsc();
#else
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return 1e9 * (double)time.tv_sec + (double)time.tv_nsec;
#endif
}

void enter(long name) {
    if (depth > 0) {
        called_from[names[depth - 1]]++;
    }
    names[depth] = name;
    within[depth] = 0.0;
    started[depth++] = now();
}

void leave(long name) {
    double spent = now() - started[--depth];
    own[name] += spent - within[depth];
    calls[name]++;
    if (depth > 0) {
        within[depth - 1] += spent;
    }
}

void reset(void) {
    depth = 0;
    for (long name = 0; name < MOST_WATCHED; name++) {
        own[name] = 0.0;
        calls[name] = called_from[name] = 0;
    }
}

/* Write time (ticks), calls, and calls of watched functions from within, for each watched function. */
void read_all(double *times, double *numbers, double *inner, long count) {
    for (long name = 0; name < count; name++) {
        times[name] = own[name];
        numbers[name] = (double)calls[name];
        inner[name] = (double)called_from[name];
    }
}

/* Write the ticks that an empty pair costs within itself, and those it costs its caller. */
void calibrate(double *inside, double *outside) {
    const long pairs = 1000000;
    reset();
    double start = now();
    for (long pair = 0; pair < pairs; pair++) {
        enter(0);
        leave(0);
    }
    double all = (now() - start) / (double)pairs;
    *inside = own[0] / (double)pairs;
    *outside = all - *inside;
    reset();
}
