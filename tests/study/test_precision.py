"""Playing on until an interval is narrow enough."""

import numpy as np
import pytest

import sim
from sim.study.play.contrasts import contrast
from sim.study.play.precision import FIRST_LOOK, Look, looks, play_until, run_until
from sim.study.play.replicates import RunError, run
from sim.study.statistics.estimates import Estimate
from tests.campaigns import coverage_on_demand


def test_looks_double_and_end_at_the_budget():
    assert [look.replicates for look in looks(9_000)] == [2_000, 4_000, 8_000, 9_000]
    assert [look.replicates for look in looks(500)] == [500]


def test_the_looks_spend_no_more_than_the_error_there_is():
    spent = [1.0 - look.level for look in looks(2_000 * 2**40)]
    assert spent[:3] == pytest.approx([0.05 / 2, 0.05 / 6, 0.05 / 12])
    assert sum(spent) < 0.05


def test_playing_stops_at_the_first_look_that_is_precise_enough():
    widths = {FIRST_LOOK: 0.3, 2 * FIRST_LOOK: 0.2, 4 * FIRST_LOOK: 0.05}
    asked = []

    def play(before, first, count):
        asked.append((first, count))
        return first + count

    def read(played, level):
        return Estimate(0.5, 0.5 - widths[played], 0.5 + widths[played] / 2, played)

    reached = play_until(0.1, 100_000, play, read)
    assert (reached.look, reached.precise) == (Look(3, 8_000, 1.0 - 0.05 / 12), True)
    assert asked == [(0, 2_000), (2_000, 2_000), (4_000, 4_000)]


def test_a_spent_budget_is_said():
    reached = play_until(0.1, 3_000, lambda before, first, count: 0, lambda played, level: Estimate(0.5, 0.0, 1.0, 1))
    assert (reached.look.replicates, reached.precise) == (3_000, False)


def test_a_run_to_a_precision_is_the_run_of_as_many_replicates():
    quick = sim.load("reference")
    reached = run_until(0.05, [quick], seed=3, budget=4_000)
    whole = run(quick, reached.look.replicates, seed=3)
    assert reached.precise
    assert all(
        np.array_equal(whole.columns[name], one, equal_nan=True) for name, one in reached.played[0].columns.items()
    )


def test_a_contrast_to_a_precision_reports_the_wider_interval():
    pair = [sim.load("reference"), sim.load("ukraine-kept-out")]
    reached = run_until(0.05, pair, seed=3, budget=4_000)
    fixed = contrast(*reached.played).success
    assert reached.estimate.low < fixed.low < fixed.high < reached.estimate.high
    assert reached.estimate.high - reached.estimate.low <= 0.1


def test_progress_never_goes_back_from_look_to_look():
    pair, told = [sim.load("two-states-known-costs")] * 2, []
    run_until(0.001, pair, budget=FIRST_LOOK + 1, progress=lambda done, asked: told.append((done, asked)))
    assert told == sorted(told)
    assert told[-1] == (2 * (FIRST_LOOK + 1), 2 * (FIRST_LOOK + 1))


def test_few_replicates_that_are_left_are_played_by_the_engine_that_played_the_others():
    reached = run_until(0.001, [sim.load("two-states-known-costs")], budget=FIRST_LOOK + 1)
    assert (len(reached.played[0]), reached.precise) == (FIRST_LOOK + 1, False)


@pytest.mark.parametrize("numbers", [(0.0, 10), (0.6, 10), (0.1, 0)])
def test_impossible_precisions_are_refused(numbers):
    half_width, budget = numbers
    with pytest.raises(RunError):
        run_until(half_width, [sim.load("reference")], budget=budget)


def test_looking_again_and_again_costs_no_coverage():
    """A hundredth of the campaign."""
    assert coverage_on_demand.wrong(coverage_on_demand.run(40, 68)) == []
