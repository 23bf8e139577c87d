"""Effects over the same replicates: intervals and p-values that say the same, and what they are made of."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import binomtest, ttest_1samp

from sim.study.play.paired import common_rows, paired, signs_of
from sim.study.statistics.effects import Means, Shares, coin_tail, holm, holm_levels, jointly, log_odds
from sim.study.statistics.estimates import exact_share
from tests.campaigns import coverage
from tests.study.made_up import result

counts = st.integers(0, 40)
levels = st.sampled_from([0.8, 0.95, 0.99, 0.999])


@given(counts, counts, st.integers(1, 200), levels)
def test_an_interval_of_shares_leaves_out_what_its_p_value_rejects(gained, lost, same, level):
    one = Shares(gained, lost, gained + lost + same)
    ends = one.interval(level)
    tail = 0.5 - level / 2.0
    for bound in (ends.low - 1e-6, ends.low + 1e-6):
        if -1.0 < bound < 1.0 and (bound != 0.0):
            assert (one.above(bound) < tail) == (bound < ends.low)
    for bound in (ends.high - 1e-6, ends.high + 1e-6):
        if -1.0 < bound < 1.0 and (bound != 0.0):
            assert (one.below(bound) < tail) == (bound > ends.high)


@given(st.lists(st.floats(-1.0, 1.0), min_size=5, max_size=40), levels)
def test_an_interval_of_means_leaves_out_what_its_p_value_rejects(values, level):
    one = Means.of(np.array(values))
    assume(one.error > 1e-6)
    ends, tail, step = one.interval(level), 0.5 - level / 2.0, 1e-5 * one.error
    assert one.above(ends.low - step) < tail < one.above(ends.low + step)
    assert one.below(ends.high + step) < tail < one.below(ends.high - step)


@given(st.lists(st.floats(-1.0, 1.0), min_size=5, max_size=40))
def test_changing_the_sign_of_all_differences_mirrors_a_mean(values):
    one, other = Means.of(np.array(values)), Means.of(-np.array(values))
    assume(one.error > 1e-6)
    mine, theirs = one.interval(), other.interval()
    assert (mine.low, mine.high) == pytest.approx((-theirs.high, -theirs.low))
    assert one.above(0.01) == pytest.approx(other.below(-0.01))


def test_a_symmetric_sample_has_students_interval():
    values = np.array([-2.0, -1.0, 0.0, 1.0, 2.0]) + 0.3
    ends, expected = Means.of(values).interval(), ttest_1samp(values, 0.0).confidence_interval()
    assert (ends.low, ends.high) == pytest.approx((expected.low, expected.high))
    assert 2.0 * Means.of(values).below(1.0) == pytest.approx(ttest_1samp(values, 1.0).pvalue)


def test_a_skewed_sample_reaches_farther_to_the_side_of_its_tail():
    values = np.array([0.0] * 190 + [1.0] * 10)
    ends = Means.of(values).interval()
    student = ttest_1samp(values, 0.0).confidence_interval()
    assert ends.high > student.high
    assert ends.low == pytest.approx(student.low)


def test_hall_reaches_at_most_twice_as_far_as_student():
    values = np.array([0.0] * 48 + [5.0, 9.0])
    ends, student = Means.of(values).interval(), ttest_1samp(values, 0.0).confidence_interval()
    assert ends.high - ends.estimate == pytest.approx(2.0 * (student.high - ends.estimate))


def test_where_few_pairs_differ_the_question_which_way_is_the_exact_binomials():
    assert Shares(9, 1, 5000).above(0.0) == pytest.approx(binomtest(9, 10, alternative="greater").pvalue)
    assert Shares(9, 1, 5000).below(0.0) == pytest.approx(binomtest(9, 10, alternative="less").pvalue)
    assert Shares(0, 0, 5000).above(0.0) == 1.0


@given(st.integers(0, 80), st.integers(0, 80))
def test_a_coin_shows_at_least_so_many_heads_as_often_as_the_binomial_says(heads, tails):
    expected = binomtest(heads, heads + tails, alternative="greater").pvalue if heads + tails else 1.0
    assert coin_tail(heads, heads + tails) == pytest.approx(expected)


def test_the_exact_share_is_clopper_and_pearsons():
    """Clopper & Pearson's interval as SciPy has it."""
    for successes, trials in [(0, 7), (3, 7), (7, 7), (40, 100)]:
        ours = exact_share(successes, trials)
        theirs = binomtest(successes, trials).proportion_ci(method="exact")
        assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high))
    assert (exact_share(0, 0).low, exact_share(0, 0).high) == (0.0, 1.0)


def test_missing_values_are_left_out_of_a_mean_and_too_few_have_no_interval():
    assert Means.of(np.array([1.0, math.nan, 2.0])).replicates == 2
    assert math.isnan(Means.of(np.array([1.0])).interval().low)
    assert math.isnan(Means.of(np.array([])).estimate)
    assert Means.of(np.array([1.0])).above(0.0) == 1.0


def test_holms_procedure_is_the_textbooks():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([]) == []
    assert holm([0.9, 0.8]) == [1.0, 1.0]


def test_the_interval_that_decides_is_narrower_for_each_row_that_was_resolved_before():
    assert holm_levels([0.01, 0.04, 0.02]) == pytest.approx([1 - 0.05 / 3, 1 - 0.05, 1 - 0.05 / 2])
    assert holm_levels([0.3, 0.001, 0.2]) == pytest.approx([1 - 0.05 / 2, 1 - 0.05 / 3, 1 - 0.05 / 2])


def test_intervals_shown_together_are_each_wider():
    one = Shares(30, 10, 1000)
    alone, together = one.interval(), jointly([one, one, one, one])[0]
    expected = one.interval(1.0 - 0.05 / 4)
    assert (together.low, together.high) == (expected.low, expected.high)
    assert together.high - together.low > alone.high - alone.low


def square(neither, first, second, both):
    return paired([result(len(one), success=one) for one in (neither, first, second, both)])


def test_an_interaction_is_what_both_do_beyond_the_sum():
    one = square([1, 1, 1, 1], [1, 1, 1, 0], [1, 1, 0, 1], [0, 0, 0, 0])
    assert one.effect("success").estimate == pytest.approx((0.0 - 0.75) - (0.75 - 1.0))


def test_changes_that_multiply_odds_do_not_interact_in_log_odds():
    luck = np.random.default_rng(5).random(40_000)
    shares = [1.0 / (1.0 + math.exp(-one)) for one in (-2.0, -2.5, -3.0, -3.5)]
    one = square(*((luck < share) for share in shares))
    ends, plain = one.log_odds("success").interval(), one.effect("success").interval()
    assert ends.low < 0.0 < ends.high
    assert plain.low > 0.0  # near 0 the floor pushes the difference up


def test_log_odds_of_certain_shares_exist():
    columns = [np.zeros(50), np.ones(50), np.zeros(50), np.ones(50)]
    assert log_odds(columns, signs_of(4)).estimate == pytest.approx(0.0)


def test_only_replicates_that_all_results_have_are_used():
    one, other = result(5), result(5)
    other.columns["replicate"][:] = [1, 3, 4, 8, 9]
    assert [list(rows) for rows in common_rows([one, other])] == [[1, 3, 4], [0, 1, 2]]


def test_results_under_different_seeds_make_no_interaction():
    with pytest.raises(ValueError, match="share no luck"):
        common_rows([result(2, seed=1), result(2, seed=2)])


def test_intervals_cover_as_often_as_they_say():
    """A hundredth of the campaign."""
    assert coverage.wrong(coverage.run(200, 62)) == []
