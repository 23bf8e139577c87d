"""The elementary functions: their stated errors, their order, their ends, and the same bits when compiled."""

import hashlib
import re
import struct
from math import inf, isfinite, isnan, nan, pi

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mpf

from sim.numerics import (
    EXPONENT_OF_REMAINDER,
    LARGEST,
    centre_mass,
    exp,
    exponent_of_power,
    leading_power_of_two,
    log,
    log1p,
    log_normal_cdf,
    logistic,
    logit,
    normal_cdf,
    normal_density,
    normal_hazard,
    normal_mills,
    normal_quantile,
    power,
    real_power,
    shoulder_mills,
    tail_mills,
    times_power_of_two,
)
from tests.engines.compiled_functions import compiled

SMALLEST_NORMAL = 2.3e-308
ANY_NUMBER = st.floats(allow_nan=False, allow_infinity=False)
PROBABILITY = st.floats(min_value=0.0, max_value=1.0, exclude_min=True, exclude_max=True)
OF_ONE_NUMBER = [
    exp,
    log,
    log1p,
    logistic,
    logit,
    normal_density,
    normal_mills,
    normal_cdf,
    log_normal_cdf,
    normal_hazard,
    normal_quantile,
]


def exact_density(z):
    return mpmath.exp(-z * z / 2) / mpmath.sqrt(2 * mpmath.pi)


def exact_cdf(z):
    return mpmath.erfc(-z / mpmath.sqrt(2)) / 2


def exact_mills(z):
    """Return the Mills ratio: by its asymptotic series beyond 40, where sixty terms give sixty digits."""
    if z < 40:
        return exact_cdf(-z) / exact_density(z)
    total = term = mpf(1)
    for order in range(1, 60):
        term = -term * (2 * order - 1) / z**2
        total += term
    return total / z


def exact_log_cdf(z):
    if z > 0:
        return mpmath.log1p(-exact_cdf(-z))
    return mpmath.log(exact_mills(-z)) - z * z / 2 - mpmath.log(2 * mpmath.pi) / 2


def exact_quantile(u):
    """Return the quantile by Newton's method on the log of the lower tail, mirrored for u above a half."""
    if u > 0.5:
        return -exact_quantile(1 - u)
    z = mpf(normal_quantile(float(u)))
    for _ in range(6):
        z -= (exact_log_cdf(z) - mpmath.log(u)) * exact_mills(-z)
    return z


def both_signs(numbers):
    return np.concatenate([-numbers, numbers])


def near_one(distances):
    return np.concatenate([1.0 - distances, 1.0 + distances])


POWERS_OF_TEN = np.geomspace(1e-300, 1e300, 1201)
TINY_TO_ONE = np.geomspace(1e-300, 0.999, 601)
LINE = np.linspace(-37.4, 37.4, 1501)
MIDDLE = np.linspace(-6.0, 6.0, 2003)
FAR_OUT = np.geomspace(40.0, 1e150, 301)

ERRORS = [
    (exp, mpmath.exp, np.concatenate([np.linspace(-708.0, 709.78, 2501), MIDDLE, both_signs(TINY_TO_ONE)])),
    (log, mpmath.log, np.concatenate([POWERS_OF_TEN, np.linspace(0.3, 3.0, 2501), near_one(TINY_TO_ONE[400:])])),
    (log1p, mpmath.log1p, np.concatenate([np.linspace(-0.999, 2.0, 2501), both_signs(TINY_TO_ONE), POWERS_OF_TEN])),
    (logistic, lambda x: 1 / (1 + mpmath.exp(-x)), np.concatenate([np.linspace(-700.0, 40.0, 1501), MIDDLE])),
    (
        logit,
        lambda p: mpmath.log(p / (1 - p)),
        np.concatenate([np.linspace(0.001, 0.999, 2501), TINY_TO_ONE, 0.5 + both_signs(np.geomspace(1e-15, 0.2, 301))]),
    ),
    (normal_density, exact_density, np.concatenate([LINE, MIDDLE])),
    (centre_mass, lambda z: exact_cdf(z) - mpf(0.5), np.linspace(-0.66291, 0.66291, 2000)),
    (shoulder_mills, exact_mills, np.linspace(0.66291, 5.66, 2000)),
    (tail_mills, exact_mills, np.concatenate([np.linspace(5.65, 12.0, 1000), FAR_OUT])),
    (normal_mills, exact_mills, np.concatenate([np.abs(LINE), np.abs(MIDDLE), FAR_OUT])),
    (normal_cdf, exact_cdf, np.concatenate([LINE, MIDDLE])),
    (log_normal_cdf, exact_log_cdf, np.concatenate([LINE, MIDDLE, -FAR_OUT, [-40.0, -1e5]])),
    (normal_hazard, lambda z: 1 / exact_mills(-z), np.concatenate([LINE, MIDDLE, -FAR_OUT, [-40.0, -1e5]])),
    (
        normal_quantile,
        exact_quantile,
        np.concatenate(
            [np.linspace(0.0005, 0.9995, 501), TINY_TO_ONE[::2], 0.5 + both_signs(TINY_TO_ONE[500:590:3]) / 2]
        ),
    ),
]


def stated_bound(function):
    """Return the relative error that the docstring of a function states."""
    return float(re.search(r"elative error at most (?:.* times )?([\d.]+e-\d+)", function.__doc__)[1])


def relative_error(value, exact):
    if abs(exact) < SMALLEST_NORMAL:
        return 0.0
    return float(abs((mpf(value) - exact) / exact))


@pytest.mark.parametrize(("function", "exact", "grid"), ERRORS, ids=lambda case: getattr(case, "__name__", ""))
def test_the_relative_error_is_within_the_bound_its_docstring_states(function, exact, grid):
    with mpmath.workdps(60):
        worst = max((relative_error(function(x), exact(mpf(x))), x) for x in grid.tolist())
    assert worst[0] <= stated_bound(function), worst


@pytest.mark.parametrize("count", [1, 2, 3, 7, 52, 156, 1000])
def test_a_power_errs_by_at_most_the_stated_amount_for_each_factor(count):
    with mpmath.workdps(60):
        worst = max(relative_error(power(x, count), mpf(x) ** count) for x in np.linspace(-1.5, 1.5, 301).tolist() if x)
    assert worst <= count * stated_bound(power)


@pytest.mark.parametrize("exponent", [-30.0, -2.5, -1.0, 0.1, 0.5, 1.5, 3.0, 20.25])
def test_a_real_power_errs_by_at_most_the_stated_amount(exponent):
    with mpmath.workdps(60):
        for base in np.geomspace(1e-10, 1e10, 301).tolist():
            bound = stated_bound(real_power) * (1.0 + abs(exponent * log(base)))
            assert relative_error(real_power(base, exponent), mpf(base) ** mpf(exponent)) <= bound


# Worked values


def test_well_known_values_come_out():
    assert exp(0.0) == 1.0
    assert exp(1.0) == pytest.approx(2.718281828459045, rel=2e-16)
    assert log(1.0) == 0.0
    assert log(10.0) == 2.302585092994046
    assert logistic(0.0) == 0.5
    assert logit(0.5) == 0.0
    assert normal_cdf(0.0) == 0.5
    assert normal_cdf(1.959963984540054) == pytest.approx(0.975, rel=1e-15)
    assert normal_quantile(0.5) == 0.0
    assert normal_quantile(0.975) == pytest.approx(1.959963984540054, rel=1e-15)
    assert normal_density(0.0) == pytest.approx(1.0 / (2.0 * pi) ** 0.5, rel=1e-15)
    assert power(1.5, 3) == 3.375


def test_the_far_lower_tail_keeps_its_logarithm_and_its_hazard():
    assert log_normal_cdf(-40.0) == pytest.approx(-804.6084420137538, rel=1e-15)
    assert log_normal_cdf(-1e5) == pytest.approx(-5000000012.431864, rel=1e-15)
    assert normal_hazard(-1e5) == pytest.approx(1e5 + 1e-5, rel=1e-15)
    assert normal_hazard(-1e300) == 1e300


def test_powers_to_nought_and_one_and_of_nought_and_one_are_exact():
    assert [real_power(base, 0.0) for base in (0.0, 0.3, 7.0)] == [1.0, 1.0, 1.0]
    assert [real_power(base, 1.0) for base in (0.0, 0.3, 7.0)] == [0.0, 0.3, 7.0]
    assert [real_power(1.0, exponent) for exponent in (-2.5, 0.5, 40.0)] == [1.0, 1.0, 1.0]
    assert [real_power(0.0, exponent) for exponent in (-2.0, 1e-310, 0.5)] == [LARGEST, 0.0, 0.0]
    assert real_power(-1.0, 0.5) == 0.0
    assert [power(base, 0) for base in (0.0, 0.3, -7.0)] == [1.0, 1.0, 1.0]
    assert power(3.0, -2) == 1.0


# The ends


def test_the_exponential_ends_at_nought_and_at_the_largest_double():
    assert exp(-745.3) == 0.0
    assert exp(-745.0) == 5e-324
    assert exp(709.782712893384) < LARGEST
    assert exp(709.783) == LARGEST
    assert exp(1e308) == LARGEST


def test_the_logarithm_of_nothing_is_minus_the_largest_double():
    assert log(0.0) == log(-1.0) == log1p(-1.0) == log1p(-2.0) == -LARGEST
    assert log(5e-324) == pytest.approx(-744.4400719213812, rel=1e-15)
    assert log(LARGEST) == pytest.approx(709.782712893384, rel=1e-15)
    assert log(inf) == inf


def test_certainties_have_the_largest_log_odds_and_quantiles():
    assert [logit(p) for p in (-1.0, 0.0, 1.0, 2.0)] == [-LARGEST, -LARGEST, LARGEST, LARGEST]
    assert [normal_quantile(u) for u in (-1.0, 0.0, 1.0, 2.0)] == [-LARGEST, -LARGEST, LARGEST, LARGEST]


def test_the_normal_distribution_ends_without_noise():
    assert [normal_cdf(z) for z in (-40.0, 40.0, -LARGEST, LARGEST)] == [0.0, 1.0, 0.0, 1.0]
    assert [normal_density(z) for z in (-39.5, 39.5)] == [0.0, 0.0]
    assert log_normal_cdf(-LARGEST) == -LARGEST
    assert log_normal_cdf(40.0) == 0.0
    assert normal_mills(-3.0) == normal_mills(0.0) == pytest.approx((pi / 2.0) ** 0.5, rel=1e-15)


def test_powers_too_large_end_at_the_largest_double_with_their_sign():
    assert power(1e200, 2) == LARGEST
    assert power(-1e200, 3) == -LARGEST
    assert power(-1e-200, 3) == 0.0


@pytest.mark.parametrize("function", OF_ONE_NUMBER)
def test_what_is_not_a_number_stays_so(function):
    assert isnan(function(nan))


@pytest.mark.parametrize("function", OF_ONE_NUMBER)
@given(x=ANY_NUMBER)
def test_every_number_has_a_finite_value(function, x):
    assert isfinite(function(x))


@given(base=ANY_NUMBER, count=st.integers(-10, 2**62), exponent=ANY_NUMBER)
def test_every_power_is_finite(base, count, exponent):
    assert isfinite(power(base, count))
    assert isfinite(real_power(base, exponent))


# Order and inverses, up to the rounding that the error bounds allow


@pytest.mark.parametrize("function", [exp, log, log1p, logistic, logit, normal_cdf, log_normal_cdf, normal_quantile])
@given(numbers=st.tuples(ANY_NUMBER, ANY_NUMBER) | st.tuples(PROBABILITY, PROBABILITY))
def test_a_larger_argument_has_no_smaller_value(function, numbers):
    below, above = function(min(numbers)), function(max(numbers))
    assert below <= above or below == pytest.approx(above, rel=2.0 * stated_bound(function), abs=5e-324)


@given(x=st.floats(-60.0, 60.0), step=st.floats(1e-12, 1.0))
def test_the_hazard_falls_and_the_mills_ratio_falls(x, step):
    assert normal_hazard(x + step) <= normal_hazard(x) * (1.0 + 3e-15)
    assert normal_mills(abs(x) + step) <= normal_mills(abs(x)) * (1.0 + 3e-15)


@given(x=st.floats(-700.0, 700.0))
def test_the_logarithm_undoes_the_exponential(x):
    assert log(exp(x)) == pytest.approx(x, rel=1e-15, abs=3e-16)


@given(p=st.floats(1e-300, 0.999))
def test_the_logistic_undoes_the_log_odds(p):
    assert logistic(logit(p)) == pytest.approx(p, rel=1e-15 + 3e-16 * abs(log(p)))


@given(u=st.floats(1e-300, 0.999))
def test_the_distribution_undoes_its_quantile(u):
    z = normal_quantile(u)
    assert normal_cdf(z) == pytest.approx(u, rel=3e-15 + 2e-15 * z * z)


@given(z=st.floats(-37.0, 37.0))
def test_the_two_tails_make_one(z):
    assert normal_cdf(z) + normal_cdf(-z) == pytest.approx(1.0, abs=4e-16)
    assert normal_density(z) == normal_density(-z)


@given(z=st.floats(-37.0, 37.0))
def test_density_distribution_and_hazard_agree(z):
    assert normal_hazard(z) * normal_cdf(z) == pytest.approx(normal_density(z), rel=4e-15)
    assert exp(log_normal_cdf(z)) == pytest.approx(normal_cdf(z), rel=3e-15 + 3e-16 * z * z)


# Parts


@pytest.mark.parametrize("exponent", range(-31, 32))
def test_the_remainder_modulo_67_names_the_power_of_two(exponent):
    assert exponent_of_power(2.0**exponent) == exponent
    assert sorted(EXPONENT_OF_REMAINDER[1:]) == list(range(66))


@given(x=st.floats(1e-270, 1e270))
def test_the_leading_power_of_two_is_the_largest_not_above(x):
    assert leading_power_of_two(x) == float(2.0 ** (np.frexp(x)[1] - 1.0))


@given(number=st.floats(0.5, 2.0), exponent=st.integers(-1020, 1022))
def test_times_a_power_of_two_is_exact(number, exponent):
    assert times_power_of_two(number, exponent) == float(np.ldexp(number, exponent))


# The same bits everywhere


@pytest.mark.portable
@pytest.mark.parametrize(
    ("function", "digest"),
    [
        (exp, "1fc0f290643e7067"),
        (log, "7f551b09d5da8447"),
        (log1p, "1041dca68659ba03"),
        (logistic, "6c9478c3d0e77353"),
        (logit, "42382919854c6f17"),
        (normal_density, "41f322078beeeaf4"),
        (normal_mills, "6c6d8b7640e6bf12"),
        (normal_cdf, "420cebfe2da7f129"),
        (log_normal_cdf, "16b7c93c1bf4b5b4"),
        (normal_hazard, "9976d04fa8d50fb4"),
        (normal_quantile, "701bb844813d9758"),
    ],
    ids=lambda case: getattr(case, "__name__", ""),
)
def test_the_bits_do_not_depend_on_machine_or_version(function, digest):
    """The digests were taken once; a change of any last bit changes results and belongs in the change log."""
    values = [function(x / 64.0) for x in range(-2600, 2600)] + [function(x / 1024.0) for x in range(1, 1024)]
    assert hashlib.blake2b(struct.pack(f"<{len(values)}d", *values), digest_size=8).hexdigest() == digest


# Compiled


def bits(numbers):
    """Return the bits of an array of doubles, every not-a-number alike."""
    return np.where(np.isnan(numbers), nan, numbers).view(np.int64)


def numbers_of_all_sizes(count):
    """Return doubles spread over the line, over probabilities, over magnitudes and over all bit patterns."""
    random = np.random.default_rng(20110501)
    patterns = random.integers(-(2**63), 2**63 - 1, count).view(np.float64)
    sizes = random.choice([-1.0, 1.0], count) * np.exp(random.uniform(-740.0, 709.0, count))
    edges = [0.0, -0.0, 1.0, -1.0, 5e-324, LARGEST, -LARGEST, nan, 39.0, 0.66291, 5.656854248, 0.075, -745.2]
    middling = [random.normal(0.0, 6.0, count), random.uniform(-745.0, 710.0, count), random.random(count)]
    return np.concatenate([patterns[np.isfinite(patterns)], sizes, *middling, edges])


@pytest.mark.parametrize("function", OF_ONE_NUMBER)
def test_compiled_and_plain_agree_to_the_last_bit(function):
    numbers = numbers_of_all_sizes(2000)
    quick = compiled(function, "f")
    assert (
        bits(np.array([function(x) for x in numbers.tolist()])) == bits(np.array([quick(x) for x in numbers.tolist()]))
    ).all()


def test_compiled_and_plain_powers_agree_to_the_last_bit():
    random = np.random.default_rng(20110502)
    bases, counts = random.normal(0.0, 1.2, 5000).tolist(), random.integers(0, 300, 5000).tolist()
    whole, real = compiled(power, "f", "i"), compiled(real_power, "f", "f")
    for base, count in zip(bases, counts, strict=True):
        assert whole(base, count) == power(base, count)
        assert real(abs(base), count / 10.0) == real_power(abs(base), count / 10.0)
