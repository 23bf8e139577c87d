"""Estimates and their intervals, against published examples, SciPy, and what any interval must obey."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.study.statistics.estimates import Estimate, mean, paired_difference, t_quantile, wilson

counts = st.integers(0, 60)


def test_wilsons_interval_is_the_published_one():
    """Newcombe (1998), Statistics in Medicine 17: 857, table I: 81 of 263, 15 of 148, 0 of 20 and 1 of 29."""
    published = {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0.0, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }
    for (successes, replicates), (low, high) in published.items():
        one = wilson(successes, replicates)
        assert (one.low, one.high) == pytest.approx((low, high), abs=5e-5)


def test_a_share_without_replicates_is_unknown():
    one = wilson(0, 0)
    assert math.isnan(one.estimate)
    assert (one.low, one.high, one.replicates) == (0.0, 1.0, 0)


@given(counts, counts)
def test_wilsons_interval_holds_its_estimate_and_stays_within_0_and_1(successes, failures):
    assume(successes + failures > 0)
    one = wilson(successes, successes + failures)
    assert 0.0 <= one.low <= one.estimate <= one.high <= 1.0
    assert one.low < one.high


def test_the_quantile_of_students_t_is_scipys():
    from scipy.special import stdtrit

    for freedom in [1, 2, 5, 29, 30, 31, 50, 199, 1000, 10**6]:
        assert t_quantile(freedom) == pytest.approx(float(stdtrit(freedom, 0.975)), rel=1e-7)


def test_the_mean_of_a_small_sample_has_students_interval():
    """Student's sleep data (1908), the first drug: mean .75, 95 % interval -.5297804 to 2.0297804."""
    one = mean([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
    assert (one.estimate, one.low, one.high) == pytest.approx((0.75, -0.5297804, 2.0297804), abs=1e-6)
    assert one.replicates == 10


def test_the_mean_leaves_out_missing_values():
    assert mean([1.0, math.nan, 3.0]) == mean([1.0, 3.0])
    assert mean([1.0, math.nan, 3.0]).replicates == 2


def test_one_value_has_a_mean_but_no_interval_and_none_has_neither():
    one = mean([0.25])
    assert one.estimate == 0.25
    assert math.isnan(one.low)
    assert math.isnan(one.high)
    nothing = mean([math.nan])
    assert math.isnan(nothing.estimate)
    assert nothing.replicates == 0


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40), st.randoms())
def test_the_order_of_the_values_changes_no_bit_of_their_mean(values, luck):
    shuffled = list(values)
    luck.shuffle(shuffled)
    assert mean(values) == mean(shuffled)


def test_tangos_interval_is_the_published_one():
    """Fagerland, Lydersen & Laake (2014), Statistics in Medicine 33: 2850: 1 and 7 discordant of 21 pairs."""
    one = paired_difference(1, 7, 21)
    assert (one.estimate, one.low, one.high) == pytest.approx((-0.286, -0.517, -0.026), abs=5e-4)


@given(counts, counts, counts)
def test_tangos_interval_holds_its_estimate_and_stays_within_minus_1_and_1(gained, lost, same):
    assume(gained + lost + same > 0)
    one = paired_difference(gained, lost, gained + lost + same)
    assert -1.0 <= one.low <= one.estimate <= one.high <= 1.0
    assert one.low < one.high


@given(counts, counts, counts)
def test_swapping_the_two_shares_mirrors_tangos_interval(gained, lost, same):
    assume(gained + lost + same > 0)
    pairs = gained + lost + same
    one, other = paired_difference(gained, lost, pairs), paired_difference(lost, gained, pairs)
    assert (one.estimate, one.low, one.high) == pytest.approx((-other.estimate, -other.high, -other.low), abs=1e-9)


def test_where_no_pair_differs_the_interval_still_has_a_width_that_shrinks():
    widths = [one.high - one.low for one in (paired_difference(0, 0, pairs) for pairs in (10, 100, 1000))]
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] > 0.0


def test_a_difference_without_pairs_is_unknown():
    one = paired_difference(0, 0, 0)
    assert math.isnan(one.estimate)
    assert (one.low, one.high) == (-1.0, 1.0)


def test_estimates_are_compared_by_value():
    assert wilson(3, 10) == wilson(3, 10)
    assert isinstance(wilson(3, 10), Estimate)
