"""How much each parameter of an experiment over a space explains."""

import re
from pathlib import Path

import numpy as np
import pytest

from sim.errors import SimError
from sim.report.sensitivity_text import sensitivity_lines, subject
from sim.scenario.read import parse_document
from sim.study.claims.analysis import Question, questions_of, sensitivities
from sim.study.claims.verdicts import Runs
from sim.study.design.experiments import read_experiment
from tests.study.made_up import experiment, result

REPLICATES = 40
FACTORS = {"slope": "front.start", "weak": "table.convening", "idle": "states.ukraine.grievance"}
CLAIM = """
[claims.harm]
claim = "The other does harm"
[claims.harm.rows.success]
points = ["none", "other"]
outcome = "success"
direction = "lower"
[claims.harm.rows.beside]
points = ["none", "other"]
outcome = "success"
direction = "lower"
counts = false
"""


def space(places, more=""):
    """A source over three factors: success is likelier the farther the front, a little by convening, not by grievance.

    Of the share's variance, 25/26 is owed to the first and 1/26 to the second, and in the other scenario all to the first.
    """
    factors = "".join(f'[factors.{name}]\nkeys = ["{key}"]\nscale = "differences"\n' for name, key in FACTORS.items())
    text = f"""title = "t"
question = "q?"
design = "space"
places = {places}
seed = 5
replicates = {REPLICATES}
[scenarios.none]
extends = "reference"
[scenarios.other]
extends = "reference"
{factors}{more}"""
    asked = read_experiment(parse_document(Path("made-up.toml"), "made-up.toml", text), "made-up")
    luck = np.random.default_rng(6)
    results = {}
    for point in asked.points:
        share = 0.3
        if point.line.place:
            drawn = {name: asked.factors[name] for name in FACTORS}
            at = {
                name: (point.line.values[name] - factor.low) / (factor.high - factor.low)
                for name, factor in drawn.items()
            }
            share = 0.2 + 0.5 * at["slope"] + 0.1 * at["weak"] * (point.label == "none")
        agreed = luck.uniform(size=REPLICATES) < share
        weeks = np.where(agreed, 20.0, np.nan)
        results[point.name] = result(REPLICATES, success=agreed, weeks_to_agreement=weeks)
    return Runs(asked, results)


def answer(source, *question):
    (found,) = sensitivities(source, [Question(*question)])
    return found


def test_what_each_parameter_explains_is_read_off_the_places():
    found = answer(space(200), "success", ("none",))
    assert [one.name for one in found.told] == ["slope"]
    assert found.told[0].share.low < 25 / 26 < found.told[0].share.high
    assert {one.name for one in found.influences} == FACTORS.keys()
    between = (0.25 + 0.01) / 12  # of a share uniform over a range of .5, and one of .1
    within = np.mean([p * (1 - p) for p in np.linspace(0.25, 0.75, 100)])
    assert found.chance.low < within / (within + between) < found.chance.high


def test_a_contrast_is_the_difference_in_each_replicate():
    found = answer(space(200), "success", ("none", "other"))
    assert "slope" not in [one.name for one in found.told]
    assert found.chance.estimate > 0.97


def test_a_parameter_that_the_scenarios_have_not_is_not_asked_about():
    channel = '[scenarios.essay]\nextends = "secret-track-1.5"\n[factors.candour]\nkeys = ["officials.envoy.candour"]\n'
    source = space(4, channel)
    names = [{one.name for one in answer(source, "success", points).influences} for points in (("none",), ("essay",))]
    assert names[1] - names[0] == {"candour"}


def test_a_place_without_values_is_left_out():
    source = space(30)
    source.results["none #3"].columns["weeks_to_agreement"][:] = np.nan
    assert answer(source, "success", ("none",)).places == 30
    assert answer(source, "weeks_to_agreement", ("none",)).places == 29


def test_outcomes_and_contrasts_are_asked_about_or_the_rows_that_count_for_a_claim():
    contrast = '[contrasts.c]\na = "none"\nb = "other"\n'
    points = [("none",), ("other",), ("none", "other")]
    assert questions_of(space(2, contrast).experiment) == [Question("success", one) for one in points]
    (asked,) = questions_of(space(2, contrast + CLAIM).experiment)
    assert asked == Question("success", ("none", "other"), 0, ("harm", "success"))


def test_a_row_keeps_the_replicates_that_its_condition_keeps():
    """Nobody who signed did so after week 20: of those still talking by week 21, none succeeds, and nothing varies."""
    answers = [answer(space(30), "success", ("none", "other"), week) for week in (0, 20, 21)]
    assert answers[0] != answers[2]
    assert answers[0].chance == answers[1].chance
    assert np.isnan(answers[2].chance.estimate)


def test_it_is_told_in_lines_the_strongest_first():
    lines = sensitivity_lines(
        [answer(space(200), "success", ("none",)), answer(space(8), "success", ("none", "other"))]
    )
    told = " ".join(" ".join(lines).split())
    assert lines[0] == "How much each parameter explains"
    assert re.search(r"slope +0\.\d{3} +0\.\d{3} to [01]\.\d{3}$", "\n".join(lines), re.MULTILINE)
    assert "Cannot be told from chance at 200 places: 2 of 3 parameters." in told
    assert "success, other less none: " in told
    assert "Cannot be told from chance at 8 places: 3 of 3 parameters." in told
    assert subject(Question("front", ("a", "b", "c", "d"))) == "front, (d less c) less (b less a)"
    assert max(map(len, lines)) <= 80


def test_it_is_plain_data_too():
    told = answer(space(8), "success", ("none",)).to_dict()
    assert [one["share"]["estimate"] for one in told["influences"]] == [None] * 3
    assert {"estimate", "low", "high", "replicates"} == told["chance"].keys()


def test_a_design_without_places_is_refused():
    with pytest.raises(SimError, match="has no places"):
        sensitivities(Runs(experiment("", ["a"]), {}), [Question("success", ("a",))])
