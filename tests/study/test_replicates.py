"""Runs: the same whatever plays them, and one bad replicate costs no other."""

import gc
import json
import math
import weakref

import numpy as np
import pytest

import sim
from sim.engines.open import War
from sim.errors import SimError
from sim.rules.outcomes import OUTCOMES
from sim.steps.columns import columns_of
from sim.study.play.open_pool import CHUNK
from sim.study.play.replicates import RunError, run

QUICK = "two-states-known-costs"


@pytest.fixture(scope="module")
def quick():
    return sim.load(QUICK)


@pytest.fixture(scope="module")
def reference():
    return sim.load("reference")


@pytest.fixture(scope="module")
def result(reference):
    return run(reference, 12, seed=5)


class Failing(War):
    """Talks that break down in every third replicate."""

    def fight(self):
        if self.replicate % 3 == 2:
            raise ZeroDivisionError("no front\nto speak of")
        super().fight()


class Peaceful(War):
    """Talks at which everybody would sit down in the first week."""

    def row(self):
        return super().row() | {"patience": 0.5}


def same_columns(one, other):
    return one.columns.keys() == other.columns.keys() and all(
        np.array_equal(values, other.columns[name], equal_nan=True) for name, values in one.columns.items()
    )


def test_two_processes_give_what_one_gives(quick):
    alone, together = (run(quick, 3 * CHUNK + 1, seed=3, processes=count) for count in (1, 2))
    assert same_columns(alone, together)
    assert alone.to_json() == together.to_json()


def test_a_run_in_two_halves_gives_what_the_whole_gives(quick):
    whole, first, second = run(quick, 10), run(quick, 4), run(quick, 6, first=4)
    for name, values in whole.columns.items():
        halves = np.concatenate([first.columns[name], second.columns[name]])
        assert np.array_equal(values, halves, equal_nan=True)


def test_the_columns_are_the_rows_of_the_open_engine(reference, result):
    row = War(reference, 5, 7).run().row()
    assert list(result.columns) == ["replicate", *(column.name for column in columns_of(reference))]
    for name, value in row.items():
        kept = result.columns[name][7]
        assert (OUTCOMES[kept] == value) if name == "outcome" else np.array_equal(kept, value, equal_nan=True)


def test_a_replicate_that_fails_is_recorded_and_costs_no_other(quick):
    broken, whole = run(quick, 8, model=Failing), run(quick, 8)
    assert [failure.replicate for failure in broken.failed] == [2, 5]
    assert broken.failed[0].error == "ZeroDivisionError: no front"
    assert "in fight" in broken.failed[0].traceback
    assert list(broken.columns["replicate"]) == [0, 1, 3, 4, 6, 7]
    assert len(broken) == 6
    for name, values in broken.columns.items():
        assert np.array_equal(values, whole.columns[name][broken.columns["replicate"]], equal_nan=True)


def test_a_run_of_which_nothing_is_left_is_an_error(quick):
    with pytest.raises(SimError, match="every replicate failed, the first with ZeroDivisionError"):
        run(quick, 1, first=2, model=Failing)


def test_a_subclass_runs_in_the_open_and_the_result_says_so(quick):
    result = run(quick, 2, model=Peaceful)
    assert result.engine == "open (Peaceful)"
    assert list(result.columns["patience"]) == [0.5, 0.5]
    assert run(quick, 1).engine == "open"


def test_progress_is_told_from_nothing_to_all(quick):
    told = []
    run(quick, 12, progress=lambda done, asked: told.append((done, asked)))
    assert told[0] == (0, 12)
    assert told[-1] == (12, 12)
    assert told == sorted(told)


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ({"replicates": 0}, "at least 1"),
        ({"replicates": 1.5}, "not a whole number"),
        ({"replicates": True}, "not a whole number"),
        ({"seed": -1}, "outside 0.."),
        ({"seed": 2**63}, "outside 0.."),
        ({"first": -1}, "outside 0.."),
        ({"first": 2**40}, "outside 0.."),
        ({"processes": 0}, "at least 1"),
    ],
)
def test_impossible_numbers_are_refused(quick, numbers, message):
    with pytest.raises(RunError, match=message) as caught:
        run(quick, **({"replicates": 1} | numbers))
    assert caught.value.exit_status == 2


def test_models_that_have_been_played_are_let_go(quick):
    seen = []

    class Watched(War):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            seen.append(weakref.ref(self))

    run(quick, 3, model=Watched)
    gc.collect()
    assert [one() for one in seen] == [None, None, None]


def test_trust_starts_from_the_beliefs_of_the_scenario(result):
    assert result.trust["ukraine->united_states"].before == 0.63
    assert result.trust["ukraine->russia"].before == 0.05
    assert all(one.low <= one.after <= one.high for one in result.trust.values())


def test_terms_are_means_over_the_replicates_that_signed(result):
    signed = ~np.isnan(result.columns["terms.territory"])
    assert 0 < signed.sum() < len(result)
    assert result.terms["territory"].replicates == signed.sum()
    assert result.terms["territory"].estimate == pytest.approx(result.columns["terms.territory"][signed].mean())


def test_the_shares_of_the_outcomes_sum_to_1(result):
    assert math.fsum(one.estimate for one in result.outcomes.values()) == pytest.approx(1.0)
    assert result.outcomes["success"] == result.success


def test_the_summary_is_strict_json_with_the_promised_keys(result):
    def refuse(constant):
        raise AssertionError(constant)

    told = json.loads(result.to_json(), parse_constant=refuse)
    promised = (
        "scenario seed replicates success outcomes trust misperception terms weeks deal_existed missed futile failures "
        "surplus payoff front aid"
    )
    assert set(promised.split()) <= set(told)
    assert set(told["success"]) == {"estimate", "low", "high", "replicates"}
    assert set(told["trust"]["ukraine->united_states"]) == {"before", "after", "low", "high"}
    assert set(told["misperception"]) == set(told["trust"])
    assert told["weeks"]["opening"]["replicates"] <= told["replicates"]
    assert told["failed_replicates"] == []


def test_the_arrow_table_has_words_for_outcomes_and_nulls_for_what_is_missing(result):
    table = result.table
    assert table.num_rows == 12
    assert set(table["outcome"].to_pylist()) <= set(OUTCOMES)
    assert table["terms.territory"].null_count == int(np.isnan(result.columns["terms.territory"]).sum())
    assert table.schema.field("front").metadata[b"unit"] == b"0..1"


def test_a_result_becomes_a_pandas_frame(result):
    pytest.importorskip("pandas")
    frame = result.to_pandas()
    assert list(frame.columns) == list(result.columns)
    assert frame["outcome"].dtype == "category"


def test_a_package_that_is_missing_is_named(result, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "polars", None)
    with pytest.raises(SimError, match="polars is not installed"):
        result.to_polars()


def test_a_notebook_shows_the_headline_and_escapes_names(result):
    from dataclasses import replace

    odd = replace(result, scenario=replace(result.scenario, name="<b>odd</b>"))
    assert "&lt;b&gt;odd" in odd._repr_html_()
    assert "<b>odd" not in odd._repr_html_()
    assert str(result).startswith("reference: success 0.")
