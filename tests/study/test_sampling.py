"""Designs over a space: what is varied, from where to where, and what stays as it is."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.scenario.keys import parameter_of, split_key
from sim.study.design import sampling
from sim.study.design.experiments import load_experiment
from sim.study.design.sampling import latin_hypercube, within_bounds
from sim.study.store.folder import create_folder, open_folder, resume_folder
from sim.study.store.locking import write_lock
from sim.study.sweep.asked_replicates import missing_ranges
from sim.study.sweep.sweeps import sweep
from sim.study.sweep.tasks import jobs_of, play_jobs

SPACE = """\
title = "t"
question = "q?"
replicates = 5
places = {places}
design = "space"
{over}

[scenarios.none]
extends = "reference"

[scenarios.essay]
extends = "secret-track-1.5"

[scenarios.honest]
extends = "track-1.5-honest"
{rest}
"""


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def read(places=8, over='over = "plausible"', rest=""):
    text = SPACE.format(places=places, over=over, rest=rest)
    Path("space.toml").write_text(text, encoding="utf-8")
    return load_experiment("space.toml")


def test_the_first_line_is_the_scenarios_as_they_are():
    experiment = read()
    assert [point.name for point in experiment.points[:4]] == ["none", "essay", "honest", "none #1"]
    assert experiment.points[1].scenario.values == experiment.scenarios["essay"].values


def test_every_parameter_with_a_plausible_range_is_drawn_within_it():
    experiment = read()
    varied = set()
    for point in experiment.points[3:]:
        for key, value in point.sets.items():
            low, high = parameter_of(split_key(key)).plausible
            assert low <= value <= high, key
            varied.add(key)
    essay = experiment.scenarios["essay"]
    for row in essay.show():
        key = split_key(row.key)
        plausible = parameter_of(key).plausible
        if plausible and plausible[0] <= row.value <= plausible[1]:
            assert row.key in varied


def test_what_sets_scenarios_apart_stays_as_it_is():
    experiment = read()
    essay, honest = (point for point in experiment.points if point.name in ("essay #3", "honest #3"))
    assert essay.sets["officials.envoy.candour"] == essay.sets["officials.second_envoy.candour"]
    assert "officials.envoy.candour" not in honest.sets
    assert honest.scenario.values["officials"]["envoy"]["candour"] == 1.0
    different = [key for key, _, _ in essay.scenario.differences(honest.scenario) if "." in key]
    assert different == ["officials.envoy.candour", "officials.second_envoy.candour"]


def test_a_value_outside_its_plausible_range_stays():
    assert all("states.united_states.deterrence" not in point.sets for point in read().points)


def test_every_drawn_point_makes_a_scenario():
    for point in read(places=100).points:
        assert point.scenario.values["weeks"] == 156


@pytest.mark.parametrize("place", [0.0, 1.0])
def test_the_corners_of_the_plausible_ranges_make_scenarios(place):
    experiment = read()
    values = {name: factor.at(place) for name, factor in experiment.factors.items()}
    values["channels.back.crooked_falsehood"] = experiment.factors["channels.back.crooked_falsehood"].at(1.0 - place)
    for drawn in (values, values | {"channels.back.crooked_falsehood": 0.9}):
        sets = {
            key: one
            for name, value in within_bounds(drawn).items()
            for key, one in experiment.factors[name].sets(value).items()
        }
        assert experiment.scenarios["essay"].with_values(sets).values["weeks"] == 156


def test_structural_choices_are_drawn_from_their_lists():
    rest = (
        '[factors.ukraine.values]\nseated = { "table.parties" = ["russia", "ukraine", "united_states"] }\n'
        'kept_out = { "table.parties" = ["russia", "united_states"] }\n'
        '[factors.track]\nkeys = ["channels.back.track"]\nvalues = ["1", "1.5", "2"]\n'
        '[factors.persona]\nkeys = ["officials.envoy.persona", "officials.second_envoy.persona"]\n'
        'values = ["plain", "captured"]\n'
        '[factors.costs]\nkeys = ["states.russia.cost_median"]\nlow = 0.01\nhigh = 0.1\n'
    )
    experiment = read(over="", rest=rest, places=300)
    drawn = [point for point in experiment.points if point.label == "essay"][1:]
    for name, count in (("ukraine", 2), ("track", 3), ("persona", 2)):
        said = [point.values[name] for point in drawn]
        assert set(said) == set(experiment.factors[name].values)
        assert max(said.count(one) for one in set(said)) == 300 // count
    costs = np.array([point.values["costs"] for point in drawn])
    assert 0.01 <= costs.min() < costs.max() <= 0.1
    assert np.median(costs) == pytest.approx(np.sqrt(0.01 * 0.1), rel=0.02)  # sizes are spaced by ratios


def test_an_own_factor_goes_before_the_plausible_one():
    experiment = read(rest='[factors.front]\nkeys = ["front.sd"]\nvalues = [0.001]\n')
    assert {point.sets["front.sd"] for point in experiment.points[3:]} == {0.001}


def test_a_latin_hypercube_takes_every_part_of_each_range_once():
    drawn = latin_hypercube(16, 5, 1)
    assert (np.sort((drawn * 16).astype(int), axis=0) == np.arange(16)[:, None]).all()


def test_a_space_has_as_many_places_as_it_says_and_is_the_same_under_one_seed():
    drawn = latin_hypercube(5, 6, 9)
    assert drawn.shape == (5, 6)
    assert (drawn == latin_hypercube(5, 6, 9)).all()
    assert (drawn != latin_hypercube(5, 6, 10)).any()
    assert 0.0 <= drawn.min() <= drawn.max() <= 1.0


def test_a_folder_keeps_the_design_that_was_drawn(tmp_path, monkeypatch):
    with write_lock(tmp_path / "out"):
        folder = create_folder(tmp_path / "out", read(places=2), "")
        sweep(folder, 1)
    before = open_folder(tmp_path / "out")
    monkeypatch.setattr(sampling, "latin_hypercube", lambda places, factors, seed: pytest.fail("drawn again"))
    again = open_folder(tmp_path / "out")
    assert [point.sets for point in again.points] == [point.sets for point in folder.points]
    assert again.content_hash() == before.content_hash()
    assert missing_ranges(resume_folder(tmp_path / "out", None)) == []


CLAIM = """
[claims.harm]
claim = "The channel does harm"
[claims.harm.rows.success]
points = ["none", "essay"]
outcome = "success"
direction = "lower"
"""


def test_places_that_leave_a_claim_unresolved_are_played_more_often(tmp_path, monkeypatch):
    from sim.study.claims import spaces

    monkeypatch.setattr(spaces, "LOOKS", (10, 20, 40))
    experiment = replace(read(places=4, rest=CLAIM), replicates=40)
    for name in ("out", "stopped"):
        with write_lock(tmp_path / name):
            folder = create_folder(tmp_path / name, experiment, "")
            if name == "stopped":
                some = [one for one in missing_ranges(folder) if one.point % 3 == 0]
                folder.write(play_jobs(jobs_of(folder, some)))
            sweep(folder, 1)
    folder = open_folder(tmp_path / "out")
    counts = {point.name: folder.count_played(point.number) for point in folder.points}
    assert (counts["none"], counts["honest"]) == (40, 40)
    assert counts["honest #1"] == 10
    assert {counts[f"essay #{place}"] for place in range(1, 5)} <= {10, 20, 40}
    assert max(counts.values()) == 40
    assert open_folder(tmp_path / "stopped").content_hash() == folder.content_hash()


def test_no_place_is_played_more_often_than_the_experiment_says(tmp_path):
    with write_lock(tmp_path / "out"):
        folder = create_folder(tmp_path / "out", read(places=2, rest=CLAIM), "")
        sweep(folder, 1)
    assert {folder.count_played(point.number) for point in folder.points} == {5}
