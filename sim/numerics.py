"""Elementary functions whose last bit is the same on every machine.

The exp, log and erfc of a C library differ between processors in the last bit. The operations + - * / and the square
root never do: IEEE 754 prescribes their result. The functions here use nothing else (and integers, comparisons, abs),
so that interpreted and compiled runs agree to the bit, everywhere.

Each function is total: where the mathematical value lies beyond the largest double, the largest double stands for it,
with its sign, and nothing raises. An argument that is not a number comes back as not a number. Errors are relative,
against mpmath at 60 digits, over the normal doubles (results below 2.3e-308 in size keep an absolute error of 5e-324);
one unit in the last place is at most 2.2e-16.

Sources
    Cody (1969), Rational Chebyshev approximations for the error function, Mathematics of Computation 23.
    Cody (1993), Algorithm 715: SPECFUN, ACM Transactions on Mathematical Software 19 (function ANORM).
    Cody and Waite (1980), Software Manual for the Elementary Functions (reduction of the argument).
    Dekker (1971), A floating-point technique for extending the available precision, Numerische Mathematik 18.
    Rump (2009), Ultimately fast accurate summation, SIAM Journal on Scientific Computing 31 (algorithm 3.6).
    Sun Microsystems (1993), Freely Distributable Math Library (fdlibm): coefficients of exp and log.
    Wichura (1988), Algorithm AS 241: the percentage points of the normal distribution, Applied Statistics 37.
"""

from math import sqrt

from sim.rules.registry import rule

LARGEST = 1.7976931348623157e308  # the largest double
EXP_UNDERFLOW = -745.2  # exp of less is zero
EXP_OVERFLOW = 709.782712893384  # exp of more exceeds the largest double

LN_2_HIGH = 6.93147180369123816490e-01  # ends in zeros: times an exponent it is exact
LN_2_LOW = 1.90821492927058770002e-10
PER_LN_2 = 1.44269504088896338700
SQRT_2 = 1.4142135623730951
SQRT_TWO_PI = 2.5066282746310002
PER_SQRT_TWO_PI = 0.3989422804014327
LOG_SQRT_TWO_PI = 0.9189385332046728

TWO_TO_29 = 536870912.0
TWO_TO_31 = 2147483648.0
TWO_TO_59 = 576460752303423488.0
TWO_TO_MINUS_30 = 1.0 / 1073741824.0
TWO_TO_MINUS_31 = 1.0 / TWO_TO_31
TWO_TO_MINUS_59 = 1.0 / TWO_TO_59
LEADING_BIT = 4503599627370497.0  # 2 to the 52, plus 1
JUST_BELOW_ONE = 0.9999999999999999  # 1 less 2 to the -53
HALF_SPLIT = 134217729.0  # 2 to the 27, plus 1

# Powers of two leave 66 different remainders modulo 67, of which 2 is a primitive root: the remainder names the power.
_REMAINDERS = [(1 << exponent) % 67 for exponent in range(66)]
EXPONENT_OF_REMAINDER = (0, *(_REMAINDERS.index(remainder) for remainder in range(1, 67)))

CENTRE = 0.66291  # Cody's first boundary: the density is nearly flat
SHOULDER = 5.656854248  # his second, the square root of 32
ONE_SIXTH = 1.0 / 6.0
DENSITY_VANISHES = 39.0
QUANTILE_CENTRE = 0.425  # Wichura's boundaries
QUANTILE_FAR = 5.0
SQUARE_OVERFLOWS = 1e154

# ---------------------------------------------------------------------------------------------------------------------
# Exponential and logarithm


@rule
def times_power_of_two(number: float, exponent: int) -> float:
    """Return number times two to the exponent, exact unless it underflows.

    number     between a half and two in size
    exponent   whole, -1100 to 1024
    """
    while exponent > 31:
        number = number * TWO_TO_31
        exponent = exponent - 31
    while exponent < -31:
        number = number * TWO_TO_MINUS_31
        exponent = exponent + 31
    return number * ((1 << (exponent + 31)) * TWO_TO_MINUS_31)


@rule
def exp(x: float) -> float:
    """Return the exponential of x: 0 below -745.2, the largest double above 709.7827.

    x = k ln 2 + r with |r| at most half of ln 2; a rational function of r gives exp(r) (Cody and Waite 1980, fdlibm).
    Relative error at most 1.5e-16.
    """
    if x != x:
        return x
    if x < EXP_UNDERFLOW:
        return 0.0
    if x > EXP_OVERFLOW:
        return LARGEST
    exponent = int(x * PER_LN_2 + 1100.5) - 1100  # shifted to be positive, where int() rounds down
    high = x - exponent * LN_2_HIGH
    low = exponent * LN_2_LOW
    rest = high - low
    bend = rest - exp_even_part(rest * rest)
    return times_power_of_two(1.0 - ((low - (rest * bend) / (2.0 - bend)) - high), exponent)


@rule
def exp_even_part(square: float) -> float:
    """Return r coth(r/2) - 2 for r with the given square, 0 to .121 (fdlibm, P1 to P5)."""
    higher = square * (-1.65339022054652515390e-06 + square * 4.13813679705723846039e-08)
    lower = square * (-2.77777777770155933842e-03 + square * (6.61375632143793436117e-05 + higher))
    return square * (1.66666666666666019037e-01 + lower)


@rule
def leading_power_of_two(x: float) -> float:
    """Return the largest power of two not above x, for x from 2 to the -900 to 2 to the 900 (Rump 2009)."""
    spread = LEADING_BIT * x
    return abs(spread - JUST_BELOW_ONE * spread)


@rule
def exponent_of_power(power: float) -> int:
    """Return the whole number e for a power that is exactly two to the e, e from -31 to 31."""
    return EXPONENT_OF_REMAINDER[int(power * TWO_TO_31) % 67] - 31


@rule
def log(x: float) -> float:
    """Return the natural logarithm of x: minus the largest double for x of zero or less.

    x = 2^k m with m between the square roots of 1/2 and 2; fdlibm's polynomial gives log(m).
    Relative error at most 1.5e-16.
    """
    if x <= 0.0:
        return -LARGEST
    if x != x or x > LARGEST:
        return x
    exponent = 0
    while x > TWO_TO_29:
        x = x * TWO_TO_MINUS_59
        exponent = exponent + 59
    while x < TWO_TO_MINUS_30:
        x = x * TWO_TO_59
        exponent = exponent - 59
    power = leading_power_of_two(SQRT_2 * x)
    return log_of_parts(x / power - 1.0, exponent + exponent_of_power(power))


@rule
def log_of_parts(excess: float, exponent: int) -> float:
    """Return the logarithm of 1 + excess times two to the exponent, for an excess of -.293 to .415."""
    half_square = 0.5 * excess * excess
    ratio = excess / (2.0 + excess)
    correction = ratio * (half_square + log_even_part(ratio * ratio)) + exponent * LN_2_LOW
    return exponent * LN_2_HIGH - ((half_square - correction) - excess)


@rule
def log_even_part(square: float) -> float:
    """Return log((1+s)/(1-s))/s - 2 for s with the given square, 0 to .0295 (fdlibm, Lg1 to Lg7)."""
    fourth = square * square
    odd = square * (
        6.666666666666735130e-01
        + fourth * (2.857142874366239149e-01 + fourth * (1.818357216161805012e-01 + fourth * 1.479819860511658591e-01))
    )
    even = fourth * (3.999999999940941908e-01 + fourth * (2.222219843214978396e-01 + fourth * 1.531383769920937332e-01))
    return odd + even


@rule
def log1p(x: float) -> float:
    """Return the logarithm of 1 + x, accurate for small x too: minus the largest double for x of -1 or less.

    Relative error at most 4e-16.
    """
    if -0.29 < x < 0.41:
        return log_of_parts(x, 0)
    return log(1.0 + x)


@rule
def logistic(x: float) -> float:
    """Return the probability whose log-odds are x. Relative error at most 4e-16."""
    if x < 0.0:
        odds = exp(x)
        return odds / (1.0 + odds)
    return 1.0 / (1.0 + exp(-x))


@rule
def logit(p: float) -> float:
    """Return the log-odds of a probability: plus and minus the largest double at 1 and 0, and beyond.

    Relative error at most 5e-16, near p = 1/2 too.
    """
    if p <= 0.0:
        return -LARGEST
    if p >= 1.0:
        return LARGEST
    if 0.25 < p < 0.75:
        return log1p((2.0 * p - 1.0) / (1.0 - p))
    return log(p / (1.0 - p))


@rule
def power(base: float, count: int) -> float:
    """Return the base multiplied by itself count times, by repeated squaring: 1 for a count of zero or less.

    Relative error at most count times 1.2e-16.
    """
    product = 1.0
    square = 1.0 * base
    while count > 0:
        if count & 1 == 1:
            product = product * square
        square = square * square
        count = count >> 1
    if product > LARGEST:
        return LARGEST
    if product < -LARGEST:
        return -LARGEST
    return product


@rule
def real_power(base: float, exponent: float) -> float:
    """Return the base, zero or more, raised to a real exponent; exact for exponents 0 and 1 and for bases 0 and 1.

    A base below zero counts as zero; zero to a negative exponent is the largest double.
    Relative error at most (1 + |exponent log base|) times 2.5e-16.
    """
    if exponent == 0.0:
        return 1.0
    if base <= 0.0:
        return 0.0 if exponent > 0.0 else LARGEST
    if exponent == 1.0:
        return 1.0 * base
    return exp(exponent * log(base))


# ---------------------------------------------------------------------------------------------------------------------
# The normal distribution


@rule
def normal_density(z: float) -> float:
    """Return the standard normal density at z. Relative error at most 6e-16.

    z is split into a head whose square is exact and a tail (Dekker 1971), for the rounding of z*z would be multiplied
    by z*z/2 in the exponential.
    """
    if abs(z) > DENSITY_VANISHES:
        return 0.0
    spread = HALF_SPLIT * z
    head = spread - (spread - z)
    rest = 0.5 * (z - head) * (z + head)
    correction = 1.0 - rest * (1.0 - rest * (0.5 - rest * ONE_SIXTH))
    return PER_SQRT_TWO_PI * exp(-0.5 * (head * head)) * correction


@rule
def centre_mass(z: float) -> float:
    """Return the normal probability between 0 and z, negative for negative z, for |z| up to .66291.

    Relative error at most 5e-16. Source: Cody (1969, 1993).
    """
    square = z * z
    numerator = (
        (((6.5682337918207449113e-2 * square + 2.2352520354606839287) * square + 1.6102823106855587881e02) * square)
        + 1.0676894854603709582e03
    ) * square + 1.8154981253343561249e04
    denominator = (
        (((square + 4.7202581904688241870e01) * square + 9.7609855173777669322e02) * square) + 1.0260932208618978205e04
    ) * square + 4.5507789335026729956e04
    return z * numerator / denominator


@rule
def shoulder_mills(z: float) -> float:
    """Return the normal Mills ratio at z between .66291 and 5.66.

    Relative error at most 1e-15. Source: Cody (1969, 1993).
    """
    numerator = 1.0765576773720192317e-8 * z + 3.9894151208813466764e-1
    numerator = (numerator * z + 8.8831497943883759412) * z + 9.3506656132177855979e01
    numerator = (numerator * z + 5.9727027639480026226e02) * z + 2.4945375852903726711e03
    numerator = (numerator * z + 6.8481904505362823326e03) * z + 1.1602651437647350124e04
    numerator = numerator * z + 9.8427148383839780218e03
    denominator = (z + 2.2266688044328115691e01) * z + 2.3538790178262499861e02
    denominator = (denominator * z + 1.5193775994075548050e03) * z + 6.4855582982667607550e03
    denominator = (denominator * z + 1.8615571640885098091e04) * z + 3.4900952721145977266e04
    denominator = (denominator * z + 3.8912003286093271411e04) * z + 1.9685429676859990727e04
    return SQRT_TWO_PI * (numerator / denominator)


@rule
def tail_mills(z: float) -> float:
    """Return the normal Mills ratio at z above 5.65. Relative error at most 6e-16. Source: Cody (1969, 1993)."""
    y = 1.0 / (z * z)
    numerator = (2.307344176494017303e-2 * y + 2.1589853405795699e-1) * y + 1.274011611602473639e-1
    numerator = (numerator * y + 2.2235277870649807e-2) * y + 1.421619193227893466e-3
    numerator = numerator * y + 2.9112874951168792e-5
    denominator = (y + 1.28426009614491121) * y + 4.68238212480865118e-1
    denominator = (denominator * y + 6.59881378689285515e-2) * y + 3.78239633202758244e-3
    denominator = denominator * y + 7.29751555083966205e-5
    return (1.0 - SQRT_TWO_PI * (y * numerator / denominator)) / z


@rule
def normal_mills(z: float) -> float:
    """Return the Mills ratio of the normal distribution, (1 - Phi(z)) / phi(z), for z of zero or more.

    A z below zero counts as zero. Relative error at most 1e-15.
    Source: Cody (1969, 1993) for the approximations; Mills (1926) for the ratio.
    """
    if z > SHOULDER:
        return tail_mills(z)
    if z > CENTRE:
        return shoulder_mills(z)
    if z < 0.0:
        return 0.5 * SQRT_TWO_PI
    return (0.5 - centre_mass(z)) / normal_density(z)


@rule
def normal_cdf(z: float) -> float:
    """Return the standard normal probability below z. Relative error at most 1e-15, in the far lower tail too."""
    if abs(z) <= CENTRE:
        return 0.5 + centre_mass(z)
    tail = normal_mills(abs(z)) * normal_density(z)
    if z < 0.0:
        return tail
    return 1.0 - tail


@rule
def log_normal_cdf(z: float) -> float:
    """Return the logarithm of the standard normal probability below z, where that underflows too.

    Relative error at most 1.2e-15, while z is below 37.5 (from there on the result is beneath 2.3e-308).
    """
    if z < -SQUARE_OVERFLOWS:
        return -LARGEST
    if z < -CENTRE:
        return log(normal_mills(-z)) - 0.5 * (z * z) - LOG_SQRT_TWO_PI
    if z <= CENTRE:
        return log(0.5 + centre_mass(z))
    return log1p(-normal_mills(z) * normal_density(z))


@rule
def normal_hazard(z: float) -> float:
    """Return phi(z) / Phi(z), the hazard of the normal distribution at -z (the inverse Mills ratio).

    Minus it is the mean of a standard normal known to lie below z. Relative error at most 1.2e-15.
    """
    if z < -SQUARE_OVERFLOWS:
        return -z
    if z <= 0.0:
        return 1.0 / normal_mills(-z)
    return normal_density(z) / normal_cdf(z)


@rule
def normal_quantile(u: float) -> float:
    """Return the z below which a standard normal falls with probability u, by Wichura's (1988) AS 241, PPND16.

    Plus and minus the largest double at 1 and 0, and beyond. Relative error at most 1e-15, on each of its three pieces.
    """
    if u <= 0.0:
        return -LARGEST
    if u >= 1.0:
        return LARGEST
    excess = u - 0.5
    if abs(excess) <= QUANTILE_CENTRE:
        return centre_quantile(excess)
    if excess < 0.0:
        return -tail_quantile(sqrt(-log(u)))
    return tail_quantile(sqrt(-log(1.0 - u)))


@rule
def centre_quantile(excess: float) -> float:
    """Return the normal quantile of 1/2 + excess, for an excess of -.425 to .425 (Wichura 1988)."""
    r = 0.180625 - excess * excess
    numerator = (2.5090809287301226727e3 * r + 3.3430575583588128105e4) * r + 6.7265770927008700853e4
    numerator = (numerator * r + 4.5921953931549871457e4) * r + 1.3731693765509461125e4
    numerator = (numerator * r + 1.9715909503065514427e3) * r + 1.3314166789178437745e2
    numerator = numerator * r + 3.3871328727963666080
    denominator = (5.2264952788528545610e3 * r + 2.8729085735721942674e4) * r + 3.9307895800092710610e4
    denominator = (denominator * r + 2.1213794301586595867e4) * r + 5.3941960214247511077e3
    denominator = (denominator * r + 6.8718700749205790830e2) * r + 4.2313330701600911252e1
    return numerator * excess / (denominator * r + 1.0)


@rule
def tail_quantile(depth: float) -> float:
    """Return the normal quantile of the upper tail of probability exp(-depth^2), depth above 1.6 (Wichura 1988)."""
    if depth <= QUANTILE_FAR:
        return near_tail_quantile(depth - 1.6)
    return far_tail_quantile(depth - QUANTILE_FAR)


@rule
def near_tail_quantile(r: float) -> float:
    """Return the normal quantile at depth 1.6 + r, for a depth up to 5 (Wichura 1988)."""
    numerator = (7.74545014278341407640e-4 * r + 2.27238449892691845833e-2) * r + 2.41780725177450611770e-1
    numerator = (numerator * r + 1.27045825245236838258) * r + 3.64784832476320460504
    numerator = (numerator * r + 5.76949722146069140550) * r + 4.63033784615654529590
    numerator = numerator * r + 1.42343711074968357734
    denominator = (1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r + 1.51986665636164571966e-2
    denominator = (denominator * r + 1.48103976427480074590e-1) * r + 6.89767334985100004550e-1
    denominator = (denominator * r + 1.67638483018380384940) * r + 2.05319162663775882187
    return numerator / (denominator * r + 1.0)


@rule
def far_tail_quantile(r: float) -> float:
    """Return the normal quantile at depth 5 + r, for a depth up to 27.3 (Wichura 1988)."""
    numerator = (2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 1.24266094738807843860e-3
    numerator = (numerator * r + 2.65321895265761230930e-2) * r + 2.96560571828504891230e-1
    numerator = (numerator * r + 1.78482653991729133580) * r + 5.46378491116411436990
    numerator = numerator * r + 6.65790464350110377720
    denominator = (2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r + 1.84631831751005468180e-5
    denominator = (denominator * r + 7.86869131145613259100e-4) * r + 1.48753612908506148525e-2
    denominator = (denominator * r + 1.36929880922735805310e-1) * r + 5.99832206555887937690e-1
    return numerator / (denominator * r + 1.0)
