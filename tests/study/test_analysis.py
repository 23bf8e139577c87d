"""What an outcome of an experiment over a space hangs on."""

from pathlib import Path

import numpy as np
import pytest

from sim.errors import SimError
from sim.scenario.read import parse_document
from sim.study.claims.analysis import position, sensitivity_of
from sim.study.claims.verdicts import Runs
from sim.study.design.experiments import read_experiment
from tests.study.made_up import experiment, result

REPLICATES = 40
FACTORS = {"slope": "front.start", "weak": "table.convening", "idle": "states.ukraine.grievance"}


def space(design, places):
    """A source over three factors: success is likelier the farther the front, a little by convening, not by grievance."""
    factors = "".join(f'[factors.{name}]\nkeys = ["{key}"]\nscale = "differences"\n' for name, key in FACTORS.items())
    text = f"""title = "t"
question = "q?"
design = "{design}"
places = {places}
seed = 5
replicates = {REPLICATES}
[scenarios.none]
extends = "reference"
[scenarios.other]
extends = "reference"
{factors}"""
    asked = read_experiment(parse_document(Path("made-up.toml"), "made-up.toml", text), "made-up")
    luck = np.random.default_rng(6)
    results = {}
    for point in asked.points:
        share = 0.3
        if point.line.place:
            at = {name: position(asked.factors[name], point.line.values[name]) for name in FACTORS}
            share = 0.2 + 0.5 * at["slope"] + 0.1 * at["weak"] * (point.label == "none")
        results[point.name] = result(REPLICATES, success=luck.uniform(size=REPLICATES) < share)
    return Runs(asked, results)


def test_sobol_indices_are_read_off_a_folder_of_saltellis_design():
    found = sensitivity_of(space("sobol", 128), "success", ["none"])
    assert found.method == "sobol"
    assert found.influences[0].name == "slope"
    assert found.influences[0].total.low < 25 / 26 < found.influences[0].total.high
    assert [one.resolved for one in found.influences if one.name == "idle"] == [False]


def test_screening_is_read_off_a_folder_of_trajectories():
    found = sensitivity_of(space("morris", 60), "success", ["none"])
    names = {one.name: one for one in found.influences}
    assert names["slope"].total.low < 0.5 < names["slope"].total.high
    assert not names["idle"].resolved


def test_the_share_of_chance_is_told_for_every_design():
    found = sensitivity_of(space("latin", 150), "success", ["none"])
    between = (0.25 + 0.01) / 12  # of a share uniform over a range of .5, and one of .1
    within = np.mean([p * (1 - p) for p in np.linspace(0.25, 0.75, 100)])
    assert found.influences == ()
    assert found.chance.low < within / (within + between) < found.chance.high


def test_a_contrast_is_the_difference_in_each_replicate():
    found = sensitivity_of(space("morris", 60), "success", ["none", "other"])
    assert not {one.name: one for one in found.influences}["slope"].resolved
    assert found.points == ("none", "other")


def test_it_is_plain_data_too():
    told = sensitivity_of(space("morris", 8), "success", ["none"]).to_dict()
    assert [one["first"]["estimate"] for one in told["influences"]] == [None] * 3
    assert {"estimate", "low", "high"} == told["chance"].keys()


def test_a_design_without_places_and_a_column_with_gaps_are_refused():
    with pytest.raises(SimError, match="has no places"):
        sensitivity_of(Runs(experiment("", ["a"]), {}), "success", ["a"])
    with pytest.raises(SimError, match="has no value in some replicates"):
        sensitivity_of(space("latin", 5), "weeks_to_agreement", ["none"])
