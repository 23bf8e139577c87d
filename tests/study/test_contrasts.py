"""Two scenarios in the same replicates."""

import json
import math

import numpy as np
import pytest

import sim
from sim.study.play.contrasts import compare, contrast
from sim.study.play.replicates import run
from sim.study.play.results import Result
from sim.study.statistics.estimates import mean, paired_difference


@pytest.fixture(scope="module")
def reference():
    return sim.load("reference")


@pytest.fixture(scope="module")
def seat(reference):
    """The reference against the same without a seat for Ukraine."""
    return compare(reference, sim.load("ukraine-kept-out"), 12, seed=1)


def made_up(scenario, success, replicates=None):
    """A result in which these replicates succeeded."""
    count = len(success)
    columns = {name: np.zeros(count) for name in run(scenario, 1).columns}
    columns["replicate"] = np.arange(count) if replicates is None else np.array(replicates)
    columns["success"] = np.array(success, dtype=float)
    return Result(scenario, 0, 0, count, "open", columns)


def test_a_scenario_against_itself_differs_in_nothing():
    quick = sim.load("two-states-known-costs")
    itself = compare(quick, quick, 6)
    assert itself.success.estimate == 0.0
    assert itself.success.low < 0.0 < itself.success.high
    assert not itself.settled
    assert (itself.moved.helped, itself.moved.harmed) == (0.0, 0.0)
    assert all((one.estimate, one.low, one.high) == (0.0, 0.0, 0.0) for one in itself.trust.values())
    assert itself.differences == []
    assert math.isnan(itself.variance_reduction)


def test_helped_and_harmed_are_counted_pair_by_pair(reference):
    pairs = contrast(made_up(reference, [1, 1, 1, 0, 0, 0, 0, 0]), made_up(reference, [1, 0, 0, 1, 0, 0, 0, 0]))
    assert (pairs.moved.helped, pairs.moved.harmed) == (1 / 8, 2 / 8)
    assert pairs.success.estimate == -1 / 8
    expected = paired_difference(1, 2, 8)
    assert (pairs.success.low, pairs.success.high) == (expected.low, expected.high)
    assert pairs.replicates_of("helped") == [3]
    assert pairs.replicates_of("harmed") == [1, 2]


def test_helped_and_harmed_lie_within_what_the_two_shares_allow(reference):
    pairs = contrast(made_up(reference, [1, 1, 1, 0, 0, 0, 0, 0]), made_up(reference, [1, 0, 0, 1, 0, 0, 0, 0]))
    assert pairs.moved.helped_bounds == (0.0, 2 / 8)
    assert pairs.moved.harmed_bounds == (1 / 8, 3 / 8)


def test_the_variance_reduction_compares_shared_with_separate_luck(reference):
    a, b = [1, 1, 1, 0, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0, 0, 0]
    pairs = contrast(made_up(reference, a), made_up(reference, b))
    expected = (np.var(a) + np.var(b)) / np.var(np.array(b) - np.array(a))
    assert pairs.variance_reduction == pytest.approx(expected)


def test_only_replicates_that_both_finished_are_compared(reference):
    pairs = contrast(made_up(reference, [1, 0, 1], [0, 2, 3]), made_up(reference, [0, 1], [2, 3]))
    assert len(pairs) == 2
    assert (pairs.moved.helped, pairs.moved.harmed) == (0.0, 0.0)


def test_results_under_different_seeds_are_not_compared(reference):
    quick = sim.load("two-states-known-costs")
    with pytest.raises(ValueError, match="share no luck"):
        contrast(run(quick, 1, seed=0), run(quick, 1, seed=1))


def test_trust_is_compared_by_paired_means(seat):
    before, after = seat.values("trust.ukraine.united_states")
    expected = mean((after - before).tolist())
    one = seat.trust["ukraine->united_states"]
    assert one.estimate == expected.estimate
    assert one.low <= expected.low < expected.high <= one.high
    assert one.replicates == 12


def test_terms_are_compared_only_where_both_signed(seat):
    before, after = seat.values("terms.territory")
    both = int((~np.isnan(before) & ~np.isnan(after)).sum())
    assert seat.group("terms")["territory"].replicates == both


def test_the_keys_that_differ_are_named(seat):
    assert [key for key, _, _ in seat.differences] == ["table.parties"]


def test_the_summary_is_strict_json_with_the_promised_keys(seat):
    told = json.loads(json.dumps(seat.summary(), allow_nan=False))
    assert {"a", "b", "seed", "replicates", "success", "trust", "variance_reduction"} <= set(told)
    assert {"estimate", "low", "high", "helped", "harmed"} <= set(told["success"])
    assert set(told["trust"]["ukraine->russia"]) == {"estimate", "low", "high", "replicates"}
    assert told["differences"][0]["key"] == "table.parties"


def test_a_state_that_only_looks_on_changes_nothing_and_is_left_out(reference):
    silent = compare(reference, sim.load("silent-observer"), 3)
    for group in ("trust", "misperception", "terms", "surplus"):
        for key, one in silent.group(group).items():
            assert "observer" not in key
            assert one.estimate == 0.0 or math.isnan(one.estimate)


def test_progress_counts_both_scenarios():
    quick, told = sim.load("two-states-known-costs"), []
    compare(quick, quick, 3, progress=lambda done, asked: told.append((done, asked)))
    assert told[0] == (0, 6)
    assert told[-1] == (6, 6)
    assert told == sorted(told)


def test_a_notebook_shows_the_headline(seat):
    assert "ukraine-kept-out against reference" in seat._repr_html_()


def test_intervals_that_hold_jointly_are_wider_than_each_alone(seat):
    alone, together = seat.outcomes, seat.jointly("outcome")
    assert alone.keys() == together.keys()
    for name, one in alone.items():
        assert together[name].low < one.low <= one.high < together[name].high


def test_of_the_replicates_that_moved_the_share_helped_is_exact(reference):
    pairs = contrast(made_up(reference, [1, 1, 1, 0, 0, 0, 0, 0]), made_up(reference, [1, 0, 0, 1, 0, 0, 0, 0]))
    one = pairs.moved.helped_of_moved
    assert (one.estimate, one.replicates) == (1 / 3, 3)
    assert (one.low, one.high) == pytest.approx((0.0084, 0.9057), abs=5e-5)  # Clopper & Pearson, 1 of 3


def test_a_contrast_becomes_a_table_with_a_row_a_column(seat):
    table = seat.table
    assert table.column_names == ["column", "a", "b", "estimate", "low", "high", "replicates"]
    rows = {row["column"]: row for row in table.to_pylist()}
    assert rows["success"]["estimate"] == seat.success.estimate
    assert rows["success"]["b"] - rows["success"]["a"] == pytest.approx(seat.success.estimate)
    assert rows["terms.territory"]["replicates"] == seat.group("terms")["territory"].replicates


def test_a_contrast_goes_to_pandas_and_polars(seat):
    frame, other = seat.to_pandas(), seat.to_polars()
    assert list(frame["column"]) == other["column"].to_list() == seat.table["column"].to_pylist()


def test_a_notebook_shows_outcomes_and_trust_with_joint_intervals(seat):
    shown = seat._repr_html_()
    assert "trust, Ukraine in United States" in shown
    assert "95 % jointly" in shown
    assert shown.count("<tr>") == 1 + 8 + 6
