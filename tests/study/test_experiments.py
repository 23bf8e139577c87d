"""Experiment files: what they may say, the points they make, and every mistake with its line."""

import contextlib
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.shipped import shipped_names
from sim.study import design
from sim.study.design import experiments
from sim.study.design.experiments import load_experiment
from tests.steps_taken import steps_of

HEAD = """\
title = "t"
question = "q?"
replicates = 10

[scenarios.none]
extends = "reference"

[scenarios.honest]
extends = "track-1.5-honest"
"""

FACTORS = """
[factors.candour]
keys = ["officials.envoy.candour", "officials.second_envoy.candour"]
values = [0.5, 1]

[factors.rounds.values]
few = { "table.max_rounds" = 1 }
many = { "table.max_rounds" = 6 }
"""


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def read(text):
    Path("mine.toml").write_text(text, encoding="utf-8")
    return load_experiment("mine.toml")


def complaints(text):
    with pytest.raises(ScenarioError) as caught:
        read(text)
    return str(caught.value).splitlines()


@pytest.mark.parametrize("name", shipped_names("experiments"))
def test_every_shipped_experiment_loads_and_asks_a_question(name):
    experiment = load_experiment(name)
    assert experiment.question.endswith("?")
    as_they_are = [point for point in experiment.points if not point.line.place]
    assert len({point.scenario.fingerprint for point in as_they_are}) == len(as_they_are)
    assert experiment.seed >= 1000 or name == "a-seat-at-the-table"


def test_without_factors_each_scenario_is_a_point():
    experiment = read(HEAD)
    assert [point.name for point in experiment.points] == ["none", "honest"]
    assert experiment.outcomes == ("success",)
    assert experiment.precision is None


def test_a_factorial_plays_every_combination_that_a_scenario_has():
    experiment = read(HEAD + FACTORS)
    assert [point.name for point in experiment.points] == [
        "none rounds=few",
        "none rounds=many",
        "honest candour=0.5 rounds=few",
        "honest candour=0.5 rounds=many",
        "honest candour=1 rounds=few",
        "honest candour=1 rounds=many",
    ]
    last = experiment.points[3]
    assert last.sets == {
        "officials.envoy.candour": 0.5,
        "officials.second_envoy.candour": 0.5,
        "table.max_rounds": 6,
    }
    assert last.scenario.values["officials"]["second_envoy"]["candour"] == 0.5
    assert last.scenario.origins["officials.envoy.candour"] == "mine.toml:13"


def test_a_scenario_takes_those_keys_of_a_factor_that_it_has():
    experiment = read(HEAD + '[factors.f]\nkeys = ["front.sd", "officials.envoy.candour"]\nvalues = [0.1]\n')
    assert [point.sets for point in experiment.points] == [
        {"front.sd": 0.1},
        {"front.sd": 0.1, "officials.envoy.candour": 0.1},
    ]


def test_a_factor_takes_evenly_spaced_values_of_a_range():
    ranged = FACTORS.replace("values = [0.5, 1]", "low = 0\nhigh = 0.3\nsteps = 4")
    assert read(HEAD + ranged).factors["candour"].values == (0.0, 0.1, 0.2, 0.3)
    by_ratio = '[factors.costs]\nkeys = ["states.russia.cost_median"]\nlow = 0.01\nhigh = 0.04\nsteps = 3\n'
    assert read(HEAD + by_ratio).factors["costs"].values == (0.01, 0.02, 0.04)
    whole = '[factors.rounds]\nscale = "differences"\nkeys = ["table.max_rounds"]\nlow = 1\nhigh = 5\nsteps = 3\n'
    assert [point.name for point in read(HEAD + whole).points[:3]] == [
        "none rounds=1",
        "none rounds=3",
        "none rounds=5",
    ]
    assert "= 1.5 is not a whole number" in " ".join(complaints(HEAD + whole.replace("high = 5", "high = 2")))


def test_a_factor_may_be_of_some_scenarios_only():
    experiment = read(
        HEAD + '[factors.f]\nkeys = ["front.sd"]\nvalues = [0.1, 0.2]\nscenarios = ["honest"]\n'
        '[contrasts.c]\na = "honest"\nb = "none"\n'
    )
    assert [(point.name, point.sets) for point in experiment.points] == [
        ("none", {}),
        ("honest f=0.1", {"front.sd": 0.1}),
        ("honest f=0.2", {"front.sd": 0.2}),
    ]
    assert experiment.contrasts == {"c f=0.1": ("honest f=0.1", "none"), "c f=0.2": ("honest f=0.2", "none")}


def test_bundles_of_settings_write_points_out_one_by_one():
    experiment = read(
        HEAD + '[factors.case]\nscenarios = ["honest"]\n[factors.case.values]\n'
        'worst = { "officials.envoy.candour" = 0.25, "table.max_rounds" = 1 }\n'
        'best = { "officials.envoy.candour" = 1.0, "table.max_rounds" = 9 }\n'
    )
    assert [point.name for point in experiment.points] == ["none", "honest case=worst", "honest case=best"]
    assert experiment.points[1].sets == {"officials.envoy.candour": 0.25, "table.max_rounds": 1}


def test_values_are_set_over_a_scenario_under_either_spelling():
    text = HEAD + '[scenarios.honest.set]\n"officials.envoy.lean" = 0.5\nofficials.second_envoy.lean = 0.25\n'
    officials = read(text).scenarios["honest"].values["officials"]
    assert (officials["envoy"]["lean"], officials["second_envoy"]["lean"]) == (0.5, 0.25)


def test_a_scenario_may_be_a_file_beside_the_experiment(tmp_path):
    (tmp_path / "below").mkdir()
    Path("below/own.toml").write_text('extends = "reference"\nweeks = 30\n', encoding="utf-8")
    Path("below/mine.toml").write_text(HEAD.replace('"reference"', '"own.toml"'), encoding="utf-8")
    assert load_experiment("below/mine.toml").scenarios["none"].values["weeks"] == 30


def test_a_contrast_of_points_is_one_and_of_scenarios_one_for_each_setting_they_share():
    contrasts = read(
        f'{HEAD}{FACTORS}[contrasts.one]\na = "none rounds=few"\nb = "honest candour=1 rounds=many"\n'
        '[contrasts.channel]\na = "none"\nb = "honest"\n'
    ).contrasts
    assert contrasts["one"] == ("none rounds=few", "honest candour=1 rounds=many")
    assert contrasts["channel candour=1 rounds=few"] == ("none rounds=few", "honest candour=1 rounds=few")
    assert len(contrasts) == 5


WRONG = [
    (HEAD.replace("replicates = 10", "replicate = 10"), "3: unknown key 'replicate'; did you mean 'replicates'?"),
    (HEAD.replace("replicates = 10", "replicates = 0"), "3: replicates = 0 lies outside 1..10000000 (how often"),
    (HEAD.replace("replicates = 10", "replicates = true"), "3: replicates = true is not a whole number"),
    (HEAD.replace('title = "t"\n', ""), " the file lacks 'title' (one line"),
    (HEAD.replace('"t"', "3"), "1: title = 3 is not text"),
    (HEAD.replace("title", "title =", 1), "1: is not TOML"),
    ("precision = 2.0\n" + HEAD, "1: precision = 2.0 lies outside 0..0.5"),
    ('outcomes = ["sucess"]\n' + HEAD, "1: outcomes: there is no column 'sucess'; did you mean 'success'?"),
    ('title = "t"\nquestion = "q?"\n', " the file lacks a scenario; write [scenarios.NAME]"),
    (HEAD.replace('"reference"', '"refrence"'), '6: extends = "refrence" is neither a shipped scenario nor a file'),
    (HEAD.replace('"reference"', '""'), '6: extends = "" is neither a shipped scenario nor a file'),
    (HEAD.replace('extends = "reference"', ""), "5: [scenarios.none] lacks 'extends'"),
    (HEAD.replace("extends", "extnds", 1), "6: unknown key 'extnds'; did you mean 'extends'?"),
    (HEAD + "sets = 1\n", "10: unknown key 'sets'; did you mean 'set'?"),
    (HEAD + "set = 1\n", "10: scenarios.honest.set = 1 is not a table"),
    (HEAD + 'set = { "officials.envoy.candor" = 1 }\n', "10: unknown key 'officials.envoy.candor'; did you mean"),
    (HEAD + 'set = { "officials.envoy.candour" = 2 }\n', "10: officials.envoy.candour = 2 lies outside 0..1"),
    (HEAD + "[scenarios.Bad]\n", '10: scenarios: "Bad" is not a name'),
    (HEAD + "[[scenarios.x]]\n", "scenarios.x = [a table] is not an entry"),
    (HEAD + "[factors.f]\nvalues = [1]\n", "10: [factors.f] lacks 'keys'"),
    (HEAD + '[factors.f]\nkeys = ["front.sd"]\n', "10: [factors.f] lacks 'values'"),
    (HEAD + '[factors.f]\nkeys = ["front.sd"]\nvalues = 3\n', "12: factors.f.values = 3 is not a table"),
    (HEAD + '[factors.f]\nkeys = ["front.sd"]\nvalues = []\n', "10: [factors.f] has no values"),
    (HEAD + '[factors.f]\nkeys = ["front.sd"]\nvalues = [-1]\n', "12: front.sd = -1 lies outside"),
    (
        HEAD + '[factors.f]\nkeys = ["front.ds"]\nvalues = [1]\n',
        "11: factors.f: no scenario has front.ds: unknown key 'front.ds'; front",
    ),
    (HEAD + "[factors.f.values]\na = 1\n", "11: factors.f.values.a = 1 is not a table of keys and values"),
    (
        HEAD + '[factors.f.values]\na = { "front.sd" = 0.1 }\nb = { "front.start" = 0.5 }\n',
        "11: factors.f.values.a does not say front.start, which another value sets",
    ),
    (
        HEAD + '[factors.f]\nkeys = ["table.max_rounds"]\nlow = 1\n',
        "10: [factors.f] lacks 'values', or 'low' and 'high': table.max_rounds has no plausible range",
    ),
    (
        HEAD + '[factors.f]\nkeys = ["front.sd"]\nlow = 0.1\nhigh = 0.05\n',
        "13: factors.f: high = 0.05 must lie above low = 0.1",
    ),
    (
        HEAD + '[factors.f]\nkeys = ["front.sd"]\nlow = 0.0\nscale = "ratios"\n',
        "12: factors.f: low = 0 must lie above 0 where values are spaced by ratios",
    ),
    (
        HEAD + '[factors.f]\nkeys = ["front.sd"]\nvalues = [0.1]\nscenarios = ["onest"]\n',
        "13: factors.f.scenarios: there is no 'onest' in [scenarios]; did you mean 'honest'?",
    ),
    (
        HEAD + '[factors.f]\nkeys = ["officials.envoy.candour"]\nvalues = [0.1]\nscenarios = ["none"]\n',
        "11: factors.f: no scenario has officials.envoy.candour",
    ),
    ('over = "plausible"\n' + HEAD, '1: over = "plausible" needs design = "space"'),
    ('design = "space"\n' + HEAD, '1: design = "space" needs factors, or over = "plausible"'),
    ('design = "latin"\n' + HEAD, '1: design = "latin" is now "space"'),
    ('design = "sobol"\n' + HEAD, '1: design = "sobol" is now "space"'),
    ('design = "morris"\n' + HEAD, '1: design = "morris" is now "space"'),
    ('design = "grid"\n' + HEAD, '1: design = "grid" is now "factorial" (a factor takes low, high and steps)'),
    ('design = "cells"\n' + HEAD, '1: design = "cells" is now "factorial" (a factor\'s values may be named bundles'),
    (
        'places = 1000000\ndesign = "space"\nover = "plausible"\n' + HEAD,
        "1: the design has 2,000,002 points; at most 250,000 are allowed",
    ),
    (
        HEAD
        + "".join(f'[factors.f{n}]\nkeys = ["front.sd"]\nlow = 0.01\nhigh = 0.02\nsteps = 10001\n' for n in range(20)),
        "10: the design has 2e+80 points; at most 250,000 are allowed",
    ),
    ('design = "facotrial"\n' + HEAD, '1: design = "facotrial" is not one of "factorial", "space"'),
    (
        HEAD + '[cells.x]\nscenario = "none"\n',
        "10: unknown key 'cells'; 'cells' is called 'factors' now (a factor's values",
    ),
    (HEAD + '[contrasts.c]\na = "none"\nb = "honset"\n', '12: contrasts.c.b: there is no point "honset"; did you mean'),
    (HEAD + '[contrasts.c]\na = "none"\n', "10: [contrasts.c] lacks 'b'"),
    ("claims = 3\n" + HEAD, "1: claims is not a table of named entries"),
    (
        HEAD + '[factors.f]\nkeys = ["table.parties"]\nvalues = [["russia", "nobody"]]\n',
        "table.parties: there is no 'nobody' in [states]",
    ),
]


@pytest.mark.parametrize(("text", "complaint"), WRONG, ids=[complaint for _, complaint in WRONG])
def test_a_wrong_experiment_is_refused_with_its_line(text, complaint):
    told = complaints(text)
    assert any(complaint in line for line in told), told
    assert all(line.startswith("mine.toml") for line in told), told


def test_an_invalid_point_is_named():
    told = complaints(HEAD + '[factors.f]\nkeys = ["table.parties"]\nvalues = [["russia", "nobody"]]\n')
    assert "mine.toml:12: " in told[0]
    assert '(point none f=["russia", "nobody"])' in told[0]


def test_several_mistakes_are_told_at_once():
    assert len(complaints(HEAD.replace('"t"', "3").replace('"q?"', "4"))) == 2


def test_mistakes_in_a_scenario_file_are_told_with_its_own_lines():
    Path("own.toml").write_text('extends = "reference"\nweks = 30\n', encoding="utf-8")
    assert "own.toml:2: unknown key 'weks'" in str(complaints(HEAD.replace('"reference"', '"own.toml"'))[0])


def test_an_experiment_that_is_not_there_is_refused_with_the_nearest_name():
    with pytest.raises(ScenarioError, match="did you mean 'a-seat-at-the-table'"):
        load_experiment("a-seat-at-table")
    with pytest.raises(ScenarioError, match="'screening' is called 'what-matters' now"):
        load_experiment("screening")


def test_a_renamed_scenario_is_told_with_its_line_and_its_name_of_now():
    [told] = complaints(HEAD.replace('"reference"', '"track-1.5-honest-with-kyiv"'))
    assert told.startswith("mine.toml:6: extends")
    assert told.endswith("; 'track-1.5-honest-with-kyiv' is called 'track-1.5-honest-kyiv-visited' now")


def test_what_is_asked_knows_nothing_of_how_it_is_played_kept_or_judged():
    rooms = ("play", "store", "claims", "sweep")
    for file in Path(design.__file__).parent.glob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert [room for room in rooms if f"sim.study.{room}" in text] == [], file.name


# What it costs to be refused

MANY = {
    "values that each set another key": lambda size: (
        "[factors.f.values]\n" + "".join(f'v{number} = {{ "front.k{number}" = 0.1 }}\n' for number in range(size))
    ),
    "values out of range": lambda size: f'[factors.f]\nkeys = ["front.start"]\nvalues = [{"7, " * size}]\n',
    "values that are right": lambda size: f'[factors.f]\nkeys = ["front.start"]\nvalues = [{"0.5, " * size}]\n',
    "keys set": lambda size: (
        '[scenarios.third]\nextends = "reference"\n[scenarios.third.set]\n'
        + "".join(f'"front.k{number}" = 1\n' for number in range(size))
    ),
    "rows of claims": lambda size: "".join(
        f'[claims.c{number}]\nclaim = "x"\nrows.r = {{ points = ["none", "honest"], outcome = "sucess" }}\n'
        for number in range(size // 20)
    ),
}


@pytest.mark.parametrize("text", MANY.values(), ids=MANY)
def test_twice_the_experiment_takes_at_most_about_twice_the_steps_to_check(text, tmp_path):
    def check(size):
        file = tmp_path / f"{size}.toml"
        file.write_text(HEAD + text(size), encoding="utf-8")
        with contextlib.suppress(ScenarioError):
            load_experiment(file)

    check(10)  # what is imported late, and kept
    few, many = (steps_of(lambda size=size: check(size)) for size in (1_500, 3_000))
    assert many < 2.5 * few


def test_no_point_is_made_of_a_design_that_is_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr(experiments, "factorial_rows", None)
    factors = "".join(f'[factors.f{n}]\nkeys = ["front.sd"]\nlow = 0\nhigh = 0.9\nsteps = 10001\n' for n in range(2))
    (tmp_path / "mine.toml").write_text(HEAD + factors, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"the design has 200,040,002 points; at most 250,000 are allowed"):
        load_experiment(tmp_path / "mine.toml")


def test_no_space_of_too_many_values_is_drawn(tmp_path, monkeypatch):
    monkeypatch.setattr(experiments, "_MOST_DRAWN", 1_000)
    monkeypatch.setattr(experiments, "drawn_rows", None)
    (tmp_path / "mine.toml").write_text('places = 500\ndesign = "space"\nover = "plausible"\n' + HEAD, encoding="utf-8")
    with pytest.raises(
        ScenarioError, match=r":1: 500 places of \d+ factors are too many; at most 1,000 values are drawn"
    ):
        load_experiment(tmp_path / "mine.toml")
