"""Quantities week by week: what is tally_of, how tallies add up, and that both engines tell the same weeks."""

import numpy as np
import pytest

import sim
from sim.steps.columns import Quantity, quantities_of
from sim.study.play import compiled_runs
from sim.study.play.open_runs import run_open
from sim.study.play.weekly import BINS, tally_of

HALF, WIDE = Quantity("half", "", 0.0, 1.0, ""), Quantity("wide", "", -2.0, 2.0, "")


@pytest.fixture(scope="module")
def scenario():
    return sim.load("secret-track-1.5").with_values({"weeks": 30})


@pytest.fixture(scope="module")
def kept(scenario):
    """Every week of replicates 5..304."""
    return sim.follow(scenario, 300, seed=2, first=5, values=True)


def values_of(weekly, name):
    return weekly.values[:, :, weekly.names[name]]


def test_means_and_errors_are_those_of_the_values(kept):
    for name in ("trust.ukraine.united_states", "front", "exposed.back", "table_open"):
        values = values_of(kept.weekly, name)
        assert kept.weekly.mean(name) == pytest.approx(values.mean(axis=0), abs=1e-9)
        error = values.std(axis=0, ddof=1) / np.sqrt(len(values))
        assert kept.weekly.standard_error(name) == pytest.approx(error, abs=1e-6)


def test_quantiles_are_those_of_the_values_to_a_bin(kept):
    for name, width in (("trust.ukraine.united_states", 1.0), ("misperception.russia.ukraine", 4.0)):
        values = values_of(kept.weekly, name)
        for share in (0.1, 0.5, 0.9):
            exact = np.quantile(values, share, axis=0, method="inverted_cdf")
            assert np.abs(kept.weekly.quantile(name, share) - exact).max() <= width / BINS + 1e-12


def test_histograms_count_every_replicate_once_in_each_week(kept):
    assert (kept.weekly.bins.sum(axis=2) == 300).all()


def test_values_on_the_ends_and_beyond_count_in_the_last_bins():
    values = np.array([[[0.0, -2.0]], [[1.0, 2.0]], [[0.5, 9.0]], [[0.25, -9.0]]])
    weekly = tally_of((HALF, WIDE), values, None)
    assert np.flatnonzero(weekly.bins[0, 0]).tolist() == [0, BINS // 4, BINS // 2, BINS - 1]
    assert weekly.bins[0, 1, [0, BINS - 1]].tolist() == [2, 2]
    assert weekly.mean("wide")[0] == pytest.approx(0.0, abs=1e-8)
    assert weekly.values is None


def test_tallies_add_up_in_any_order(kept, scenario):
    whole = kept.weekly
    quantities = whole.quantities
    pieces = [tally_of(quantities, whole.values[start : start + 100], None) for start in (0, 100, 200)]
    for order in ((0, 1, 2), (2, 0, 1)):
        one, two, three = (pieces[number] for number in order)
        together = one + two + three
        assert together.replicates == 300
        for name in ("sums", "squares", "bins"):
            assert (getattr(together, name) == getattr(whole, name)).all(), name


def test_other_weeks_do_not_add_up(kept):
    other = tally_of((HALF,), np.zeros((1, 1, 1)), None)
    with pytest.raises(ValueError, match="one scenario"):
        kept.weekly + other


def test_one_thread_and_two_and_any_block_give_the_same_tallies(kept, scenario, monkeypatch):
    monkeypatch.setattr(compiled_runs, "FOLLOWED", 70)
    for processes in (1, 2):
        weekly = sim.follow(scenario, 300, seed=2, first=5, processes=processes).weekly
        for name in ("sums", "squares", "bins"):
            assert (getattr(weekly, name) == getattr(kept.weekly, name)).all(), name


def test_the_open_engine_tells_the_same_weeks(kept, scenario):
    part = run_open(scenario, 2, 5, 6, follow="values")
    assert part.weekly.values.tobytes() == np.ascontiguousarray(kept.weekly.values[:6]).tobytes()


def test_what_is_followed_changes_no_column(kept, scenario):
    plain = sim.run(scenario, 300, seed=2, first=5)
    for name, values in plain.columns.items():
        assert values.tobytes() == kept.columns[name].tobytes(), name
    assert plain.weekly is None


def test_weeks_begin_with_the_scenarios_beliefs_and_end_with_the_columns(kept, scenario):
    name = "trust.ukraine.united_states"
    values = values_of(kept.weekly, name)
    start = scenario.eras[0].world.states["ukraine"].toward["united_states"].trust
    assert values.shape == (300, 31)
    assert values[:, 0] == pytest.approx(start, abs=1e-12)
    assert (values[:, -1] == kept.columns[name]).all()
    assert (values_of(kept.weekly, "success")[:, -1] == kept.columns["success"]).all()
    decided = values_of(kept.weekly, "decided_by_force")[:, -1].mean()
    assert decided == kept.outcomes["decided_by_force"].estimate
    exposed = values_of(kept.weekly, "exposed.back")
    assert (exposed[:, -1] == np.isfinite(kept.columns["exposed_week.back"])).all()
    assert (np.diff(exposed, axis=1) >= 0).all()


def test_quantities_have_one_name_each_and_a_range():
    for name in ("reference", "track-1.5-kyiv-visited-later", "secret-track-2"):
        quantities = quantities_of(sim.load(name))
        assert len({one.name for one in quantities}) == len(quantities)
        assert all(one.low < one.high and one.meaning for one in quantities)
