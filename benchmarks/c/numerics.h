/* Port of sim/rules/numerics.py. */
#include <math.h>

#define LARGEST 1.7976931348623157e+308
#define EXP_UNDERFLOW -745.2
#define EXP_OVERFLOW 709.782712893384
#define LN_2_HIGH 0.6931471803691238
#define LN_2_LOW 1.9082149292705877e-10
#define PER_LN_2 1.4426950408889634
#define SQRT_2 1.4142135623730951
#define SQRT_TWO_PI 2.5066282746310002
#define PER_SQRT_TWO_PI 0.3989422804014327
#define LOG_SQRT_TWO_PI 0.9189385332046728
#define TWO_TO_29 536870912.0
#define TWO_TO_31 2147483648.0
#define TWO_TO_59 5.764607523034235e+17
#define TWO_TO_MINUS_30 9.313225746154785e-10
#define TWO_TO_MINUS_31 4.656612873077393e-10
#define TWO_TO_MINUS_59 1.734723475976807e-18
#define LEADING_BIT 4503599627370497.0
#define JUST_BELOW_ONE 0.9999999999999999
#define HALF_SPLIT 134217729.0
#define CENTRE 0.66291
#define SHOULDER 5.656854248
#define ONE_SIXTH 0.16666666666666666
#define DENSITY_VANISHES 39.0
#define QUANTILE_CENTRE 0.425
#define QUANTILE_FAR 5.0
#define SQUARE_OVERFLOWS 1e+154

static const long EXPONENT_OF_REMAINDER[67] = {
    0, 0, 1, 39, 2, 15, 40, 23, 3, 12, 16, 59, 41, 19, 24, 54, 4, 64, 13, 10,
    17, 62, 60, 28, 42, 30, 20, 51, 25, 44, 55, 47, 5, 32, 65, 38, 14, 22, 11, 58,
    18, 53, 63, 9, 61, 27, 29, 50, 43, 46, 31, 37, 21, 57, 52, 8, 26, 49, 45, 36,
    56, 7, 48, 35, 6, 34, 33};

static double times_power_of_two(double number, long exponent);
static double exponential(double x);
static double exp_even_part(double square);
static double leading_power_of_two(double x);
static long exponent_of_power(double power);
static double logarithm(double x);
static double log_of_parts(double excess, long exponent);
static double log_even_part(double square);
static double log_one_plus(double x);
static double normal_density(double z);
static double centre_mass(double z);
static double shoulder_mills(double z);
static double tail_mills(double z);
static double normal_mills(double z);
static double normal_cdf(double z);
static double log_normal_cdf(double z);
static double normal_hazard(double z);
static double normal_quantile(double u);
static double centre_quantile(double excess);
static double tail_quantile(double depth);
static double near_tail_quantile(double r);
static double far_tail_quantile(double r);

/* Return number times two to the exponent, exact unless it underflows. */
static double times_power_of_two(double number, long exponent) {
    while (exponent > 31) {
        number = number * TWO_TO_31;
        exponent = exponent - 31;
    }
    while (exponent < -31) {
        number = number * TWO_TO_MINUS_31;
        exponent = exponent + 31;
    }
    return number * ((double)(1L << (exponent + 31)) * TWO_TO_MINUS_31);
}

/* Return the exponential of x: 0 below -745.2, the largest double above 709.7827. */
static double exponential(double x) {
    if (x != x) {
        return x;
    }
    if (x < EXP_UNDERFLOW) {
        return 0.0;
    }
    if (x > EXP_OVERFLOW) {
        return LARGEST;
    }
    long exponent = (long)(x * PER_LN_2 + 1100.5) - 1100;
    double high = x - exponent * LN_2_HIGH;
    double low = exponent * LN_2_LOW;
    double rest = high - low;
    double bend = rest - exp_even_part(rest * rest);
    return times_power_of_two(1.0 - (low - rest * bend / (2.0 - bend) - high), exponent);
}

/* Return r coth(r/2) - 2 for r with the given square, 0 to .121 (fdlibm, P1 to P5). */
static double exp_even_part(double square) {
    double higher = square * (-1.6533902205465252e-06 + square * 4.1381367970572385e-08);
    double lower = square * (-0.0027777777777015593 + square * (6.613756321437934e-05 + higher));
    return square * (0.16666666666666602 + lower);
}

/* Return the largest power of two not above x, for x from 2 to the -900 to 2 to the 900 (Rump 2009). */
static double leading_power_of_two(double x) {
    double spread = LEADING_BIT * x;
    return fabs(spread - JUST_BELOW_ONE * spread);
}

/* Return the whole number e for a power that is exactly two to the e, e from -31 to 31. */
static long exponent_of_power(double power) {
    return EXPONENT_OF_REMAINDER[(long)(power * TWO_TO_31) % 67] - 31;
}

/* Return the natural logarithm of x: minus the largest double for x of zero or less. */
static double logarithm(double x) {
    if (x <= 0.0) {
        return -LARGEST;
    }
    if (x != x || x > LARGEST) {
        return x;
    }
    long exponent = 0;
    while (x > TWO_TO_29) {
        x = x * TWO_TO_MINUS_59;
        exponent = exponent + 59;
    }
    while (x < TWO_TO_MINUS_30) {
        x = x * TWO_TO_59;
        exponent = exponent - 59;
    }
    double power = leading_power_of_two(SQRT_2 * x);
    return log_of_parts(x / power - 1.0, exponent + exponent_of_power(power));
}

/* Return the logarithm of 1 + excess times two to the exponent, for an excess of -.293 to .415. */
static double log_of_parts(double excess, long exponent) {
    double half_square = 0.5 * excess * excess;
    double ratio = excess / (2.0 + excess);
    double correction = ratio * (half_square + log_even_part(ratio * ratio)) + exponent * LN_2_LOW;
    return exponent * LN_2_HIGH - (half_square - correction - excess);
}

/* Return log((1+s)/(1-s))/s - 2 for s with the given square, 0 to .0295 (fdlibm, Lg1 to Lg7). */
static double log_even_part(double square) {
    double fourth = square * square;
    double odd = square * (0.6666666666666735 + fourth * (0.2857142874366239 + fourth * (0.1818357216161805
        + fourth * 0.14798198605116586)));
    double even = fourth * (0.3999999999940942 + fourth * (0.22222198432149784 + fourth * 0.15313837699209373));
    return odd + even;
}

/* Return the logarithm of 1 + x, accurate for small x too: minus the largest double for x of -1 or less. */
static double log_one_plus(double x) {
    if (-0.29 < x && x < 0.41) {
        return log_of_parts(x, 0);
    }
    return logarithm(1.0 + x);
}

/* Return the standard normal density at z. Relative error at most 6e-16. */
static double normal_density(double z) {
    if (fabs(z) > DENSITY_VANISHES) {
        return 0.0;
    }
    double spread = HALF_SPLIT * z;
    double head = spread - (spread - z);
    double rest = 0.5 * (z - head) * (z + head);
    double correction = 1.0 - rest * (1.0 - rest * (0.5 - rest * ONE_SIXTH));
    return PER_SQRT_TWO_PI * exponential(-0.5 * (head * head)) * correction;
}

/* Return the normal probability between 0 and z, negative for negative z, for |z| up to .66291. */
static double centre_mass(double z) {
    double square = z * z;
    double numerator = (((0.06568233791820745 * square + 2.2352520354606837) * square
        + 161.02823106855587) * square + 1067.6894854603709) * square + 18154.98125334356;
    double denominator = (((square + 47.202581904688245) * square + 976.0985517377767) * square
        + 10260.932208618979) * square + 45507.78933502673;
    return z * numerator / denominator;
}

/* Return the normal Mills ratio at z between .66291 and 5.66. */
static double shoulder_mills(double z) {
    double numerator = 1.0765576773720192e-08 * z + 0.39894151208813466;
    numerator = (numerator * z + 8.883149794388377) * z + 93.50665613217785;
    numerator = (numerator * z + 597.2702763948002) * z + 2494.5375852903726;
    numerator = (numerator * z + 6848.190450536283) * z + 11602.65143764735;
    numerator = numerator * z + 9842.714838383978;
    double denominator = (z + 22.266688044328117) * z + 235.387901782625;
    denominator = (denominator * z + 1519.3775994075547) * z + 6485.558298266761;
    denominator = (denominator * z + 18615.571640885097) * z + 34900.95272114598;
    denominator = (denominator * z + 38912.00328609327) * z + 19685.429676859992;
    return SQRT_TWO_PI * (numerator / denominator);
}

/* Return the normal Mills ratio at z above 5.65. Relative error at most 6e-16. Source: Cody (1969, 1993). */
static double tail_mills(double z) {
    double y = 1.0 / (z * z);
    double numerator = (0.023073441764940174 * y + 0.215898534057957) * y + 0.12740116116024736;
    numerator = (numerator * y + 0.022235277870649807) * y + 0.0014216191932278934;
    numerator = numerator * y + 2.9112874951168793e-05;
    double denominator = (y + 1.284260096144911) * y + 0.4682382124808651;
    denominator = (denominator * y + 0.06598813786892856) * y + 0.0037823963320275824;
    denominator = denominator * y + 7.297515550839662e-05;
    return (1.0 - SQRT_TWO_PI * (y * numerator / denominator)) / z;
}

/* Return the Mills ratio of the normal distribution, (1 - Phi(z)) / phi(z), for z of zero or more. */
static double normal_mills(double z) {
    if (z > SHOULDER) {
        return tail_mills(z);
    }
    if (z > CENTRE) {
        return shoulder_mills(z);
    }
    if (z < 0.0) {
        return 0.5 * SQRT_TWO_PI;
    }
    return (0.5 - centre_mass(z)) / normal_density(z);
}

/* Return the standard normal probability below z. Relative error at most 1e-15, in the far lower tail too. */
static double normal_cdf(double z) {
    if (fabs(z) <= CENTRE) {
        return 0.5 + centre_mass(z);
    }
    double tail = normal_mills(fabs(z)) * normal_density(z);
    if (z < 0.0) {
        return tail;
    }
    return 1.0 - tail;
}

/* Return the logarithm of the standard normal probability below z, where that underflows too. */
static double log_normal_cdf(double z) {
    if (z < -SQUARE_OVERFLOWS) {
        return -LARGEST;
    }
    if (z < -CENTRE) {
        return logarithm(normal_mills(-z)) - 0.5 * (z * z) - LOG_SQRT_TWO_PI;
    }
    if (z <= CENTRE) {
        return logarithm(0.5 + centre_mass(z));
    }
    return log_one_plus(-normal_mills(z) * normal_density(z));
}

/* Return phi(z) / Phi(z), the hazard of the normal distribution at -z (the inverse Mills ratio). */
static double normal_hazard(double z) {
    if (z < -SQUARE_OVERFLOWS) {
        return -z;
    }
    if (z <= 0.0) {
        return 1.0 / normal_mills(-z);
    }
    return normal_density(z) / normal_cdf(z);
}

/* Return the z below which a standard normal falls with probability u, by Wichura's (1988) AS 241, PPND16. */
static double normal_quantile(double u) {
    if (u <= 0.0) {
        return -LARGEST;
    }
    if (u >= 1.0) {
        return LARGEST;
    }
    double excess = u - 0.5;
    if (fabs(excess) <= QUANTILE_CENTRE) {
        return centre_quantile(excess);
    }
    if (excess < 0.0) {
        return -tail_quantile(sqrt(-logarithm(u)));
    }
    return tail_quantile(sqrt(-logarithm(1.0 - u)));
}

/* Return the normal quantile of 1/2 + excess, for an excess of -.425 to .425 (Wichura 1988). */
static double centre_quantile(double excess) {
    double r = 0.180625 - excess * excess;
    double numerator = (2509.0809287301227 * r + 33430.57558358813) * r + 67265.7709270087;
    numerator = (numerator * r + 45921.95393154987) * r + 13731.69376550946;
    numerator = (numerator * r + 1971.5909503065513) * r + 133.14166789178438;
    numerator = numerator * r + 3.3871328727963665;
    double denominator = (5226.495278852854 * r + 28729.085735721943) * r + 39307.89580009271;
    denominator = (denominator * r + 21213.794301586597) * r + 5394.196021424751;
    denominator = (denominator * r + 687.1870074920579) * r + 42.31333070160091;
    return numerator * excess / (denominator * r + 1.0);
}

/* Return the normal quantile of the upper tail of probability exp(-depth^2), depth above 1.6 (Wichura 1988). */
static double tail_quantile(double depth) {
    if (depth <= QUANTILE_FAR) {
        return near_tail_quantile(depth - 1.6);
    }
    return far_tail_quantile(depth - QUANTILE_FAR);
}

/* Return the normal quantile at depth 1.6 + r, for a depth up to 5 (Wichura 1988). */
static double near_tail_quantile(double r) {
    double numerator = (0.0007745450142783414 * r + 0.022723844989269184) * r + 0.2417807251774506;
    numerator = (numerator * r + 1.2704582524523684) * r + 3.6478483247632045;
    numerator = (numerator * r + 5.769497221460691) * r + 4.630337846156546;
    numerator = numerator * r + 1.4234371107496835;
    double denominator = (1.0507500716444169e-09 * r + 0.0005475938084995345) * r + 0.015198666563616457;
    denominator = (denominator * r + 0.14810397642748008) * r + 0.6897673349851;
    denominator = (denominator * r + 1.6763848301838038) * r + 2.053191626637759;
    return numerator / (denominator * r + 1.0);
}

/* Return the normal quantile at depth 5 + r, for a depth up to 27.3 (Wichura 1988). */
static double far_tail_quantile(double r) {
    double numerator = (2.0103343992922881e-07 * r + 2.7115555687434876e-05) * r + 0.0012426609473880784;
    numerator = (numerator * r + 0.026532189526576124) * r + 0.29656057182850487;
    numerator = (numerator * r + 1.7848265399172913) * r + 5.463784911164114;
    numerator = numerator * r + 6.657904643501103;
    double denominator = (2.0442631033899397e-15 * r + 1.421511758316446e-07) * r + 1.8463183175100548e-05;
    denominator = (denominator * r + 0.0007868691311456133) * r + 0.014875361290850615;
    denominator = (denominator * r + 0.1369298809227358) * r + 0.599832206555888;
    return numerator / (denominator * r + 1.0);
}
