"""What a model class of one's own adds to files: its section, its keys, and what is kept of it."""

import json
import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.parameters import Parameter, World
from sim.scenario.load import Scenario, load
from sim.scenario.models import OVER, Description, Model
from sim.steps.columns import ARGUMENTS, columns_of, quantities_of

OUTRAGE = Parameter("number", "how far an exposure moves opinion", "share", 0.2, (0.0, 1.0), (0.0, 0.5), "assumed")
WAIT = Parameter("count", "weeks until opinion moves", "weeks", 2, (0, 10))


class Played:
    """What stands for a class that plays."""


MODEL = Model(
    name="mine:PublicOpinion",
    fingerprint="ab" * 32,
    source="class PublicOpinion: ...\n",
    parameters={"outrage": OUTRAGE, "wait": WAIT},
    columns=(
        Description("against.{0}", "number", "share", "share of {0}'s public against talks", "states"),
        Description("stormy", "flag", "0 or 1", "the public ever stormed the palace"),
    ),
    quantities=(Description("fury.{0}.{1}", "number", "share", "fury of {0} at {1}", "pairs", (0.0, 2.0)),),
    events={"storms": ("a public storms the palace", {"share": "share"})},
    draws={"whether a public storms the palace": 128},
    played_by=Played,
)
FILE = 'extends = "reference"\n'


@pytest.fixture
def mine(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(more="", sets=None, model=MODEL):
        Path("mine.toml").write_text(FILE + more, encoding="utf-8")
        return load("mine.toml", sets, model)

    return write


def complaint(call, *arguments):
    with pytest.raises(ScenarioError) as caught:
        call(*arguments)
    return str(caught.value)


# What files say


def test_its_parameters_stand_in_own_with_defaults_places_and_the_form_they_are_kept_in(mine):
    scenario = mine("[own]\noutrage = 1\n")
    rows = {row.key: row for row in scenario.show() if row.key.startswith("own.")}
    assert {key: row.value for key, row in rows.items()} == {"own.outrage": 1.0, "own.wait": 2}
    assert isinstance(scenario.values["own"]["outrage"], float)
    assert rows["own.outrage"].origin == "mine.toml:3"
    assert rows["own.wait"].origin == "default"
    assert (rows["own.wait"].unit, rows["own.wait"].meaning) == ("weeks", "weeks until opinion moves")
    assert (scenario.eras[0].world.own.outrage, scenario.eras[0].world.own.wait) == (1.0, 2)
    assert isinstance(scenario.eras[0].world, World)


def test_single_values_are_set_over_the_file(mine):
    scenario = mine("[own]\noutrage = 0.3\n", {"own.wait": 5})
    assert scenario.with_values({"own.outrage": 0.4}).values["own"] == {"outrage": 0.4, "wait": 5}


def test_an_intervention_changes_a_parameter_from_its_week_on(mine):
    scenario = mine('[interventions.calm]\nweek = 9\nset."own.outrage" = 0.0\n')
    assert [(era.start, era.world.own.outrage) for era in scenario.eras] == [(1, 0.2), (9, 0.0)]
    assert scenario.origins["interventions.calm.set.own.outrage"] == "mine.toml:4"


def test_a_file_is_inherited_from_with_its_section(mine):
    mine("[own]\noutrage = 0.3\n")
    Path("child.toml").write_text('extends = "mine.toml"\n[own]\nwait = 7\n', encoding="utf-8")
    assert load("child.toml", None, MODEL).values["own"] == {"outrage": 0.3, "wait": 7}


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("[own]\noutrag = 1\n", "mine.toml:3: unknown key 'outrag'; did you mean 'outrage'?"),
        ("[own]\noutrage = 2\n", "mine.toml:3: own.outrage = 2 lies outside 0..1 (how far an exposure moves opinion)"),
        ("[own]\nwait = 1.5\n", "mine.toml:3: own.wait = 1.5 is not a whole number (weeks until opinion moves)"),
        ("own = 3\n", "mine.toml:2: own = 3 is not a section; write [own]"),
        ("[own.outrage]\nrussia = 1\n", "mine.toml:2: own.outrage = a table is not a number"),
    ],
)
def test_a_mistake_in_the_section_is_named_with_its_line(mine, more, message):
    assert complaint(mine, more).startswith(message)


@pytest.mark.parametrize(
    ("sets", "message"),
    [
        ({"own.outrag": 1}, "--set: unknown key 'own.outrag'; did you mean 'own.outrage'?"),
        ({"own": 1}, "--set: own is not a single value; name one of its keys"),
        ({"own.outrage": -1}, "--set: own.outrage = -1 lies outside 0..1 (how far an exposure moves opinion)"),
    ],
)
def test_a_mistake_in_a_set_value_is_named(mine, sets, message):
    assert complaint(mine, "", sets) == message


def test_without_the_class_the_section_says_how_to_name_it(mine):
    hint = "[own] holds the parameters of a model class of your own: name it with --model MODULE:CLASS"
    assert complaint(mine, "[own]\noutrage = 1\n", None, None).startswith(f"mine.toml:2: {hint}")
    assert hint in complaint(load, "reference", {"own.outrage": 1})
    change = '[interventions.calm]\nweek = 9\nset."own.outrage" = 0.0\n'
    assert hint in complaint(mine, change, None, None)


def test_a_class_without_parameters_has_no_section(mine):
    bare = replace(MODEL, parameters={})
    assert complaint(mine, "[own]\noutrage = 1\n", None, bare).endswith("declares no parameters of its own")
    assert complaint(mine, "", {"own.outrage": 1}, bare).endswith("declares no parameters of its own")
    assert "own" not in mine("", None, bare).values


# Which model a scenario has


def test_a_scenario_is_given_a_model_once(mine):
    plain = mine("", None, None)
    given = plain.with_model(MODEL)
    assert given == mine()
    assert given.with_model(MODEL) == given
    assert "two classes do not combine" in complaint(given.with_model, replace(MODEL, name="mine:Other"))
    again = complaint(given.with_model, replace(MODEL, fingerprint="cd" * 32))
    assert (
        again
        == "mine: was loaded for another version of mine:PublicOpinion (abababababab, this is cdcdcdcdcdcd); load it again"
    )
    assert "other parameters or columns" in complaint(given.with_model, replace(MODEL, columns=()))


def test_the_fingerprint_counts_values_and_the_model(mine):
    plain, given = mine("", None, None), mine()
    others = [
        given.with_values({"own.outrage": 0.3}),
        plain.with_model(replace(MODEL, fingerprint="cd" * 32)),
        plain.with_model(replace(MODEL, parameters={})),
    ]
    assert len({one.fingerprint for one in (plain, given, *others)}) == 5
    assert plain.fingerprint == load("mine.toml").fingerprint
    assert plain.with_model(replace(MODEL, source="class Other: ...")).fingerprint == given.fingerprint


def test_differences_between_with_and_without_are_its_values(mine):
    assert mine("", None, None).differences(mine()) == [("own.outrage", None, 0.2), ("own.wait", None, 2)]


def test_its_columns_stand_behind_ours_in_their_order(mine):
    scenario = mine()
    ours = columns_of(mine("", None, None))
    more = columns_of(scenario)[len(ours) :]
    states = list(scenario.eras[0].world.states)
    assert columns_of(scenario)[: len(ours)] == ours
    assert [column.name for column in more] == [*(f"against.{state}" for state in states), "stormy"]
    assert more[0].meaning == f"share of {states[0]}'s public against talks"
    followed = quantities_of(scenario)[-1]
    assert (followed.name, followed.low, followed.high) == (f"fury.{states[-1]}.{states[-2]}", 0.0, 2.0)


def test_the_words_of_a_description_are_those_of_the_steps():
    assert set(OVER) == set(ARGUMENTS)


# What is kept


def test_a_stored_scenario_comes_back_without_the_class(mine):
    scenario = mine('[own]\noutrage = 0.3\n[interventions.calm]\nweek = 9\nset."own.outrage" = 0.0\n')
    back = Scenario.from_dict(json.loads(json.dumps(scenario.to_dict())))
    assert back == scenario
    assert back.model == MODEL
    assert back.model.played_by is None
    assert back.model.source == MODEL.source
    assert dict(back.model.events) == dict(MODEL.events)
    assert back.with_model(MODEL).model.played_by is Played


def test_a_scenario_of_ours_is_stored_as_it_was():
    assert "model" not in load("reference").to_dict()


def test_a_scenario_can_be_pickled_with_its_class(mine):
    scenario = mine()
    back = pickle.loads(pickle.dumps(scenario))
    assert back == scenario
    assert back.model.played_by is Played


STORED = MODEL.to_dict()
COLUMN = STORED["columns"][0]
KEPT = STORED["parameters"]["outrage"]


@pytest.mark.parametrize(
    "damage",
    [
        {"parameters": None},
        {"parameters": {"Outrage!": KEPT}},
        {"parameters": {"outrage": KEPT | {"kind": "names"}}},
        {"parameters": {"outrage": KEPT | {"default": 7.0}}},
        {"parameters": {"outrage": KEPT | {"default": "much"}}},
        {"parameters": {"outrage": KEPT | {"limits": [0.0]}}},
        {"parameters": {"outrage": {"kind": "number"}}},
        {"columns": [COLUMN | {"over": "planets"}]},
        {"columns": [COLUMN | {"kind": "category"}]},
        {"columns": [COLUMN | {"name": "against.{0:>999999999}"}]},
        {"columns": [COLUMN | {"name": "against.{0.__class__}"}]},
        {"columns": [COLUMN | {"name": "against"}]},
        {"columns": [COLUMN | {"meaning": "of {1}"}]},
        {"columns": [COLUMN | {"limits": [1.0, 0.0]}]},
        {"columns": [{"name": "against"}]},
        {"events": {"storms": "often"}},
        {"draws": {"storm": "many"}},
        {"quantities": 3},
    ],
)
def test_a_damaged_description_is_refused_without_a_traceback(damage):
    message = complaint(Model.from_dict, STORED | damage)
    assert message.startswith(("model: the stored description is damaged", "mine:PublicOpinion: "))
    assert "\n" not in message


@pytest.mark.parametrize("lost", list(STORED))
def test_nothing_of_a_description_may_be_missing(lost):
    data = {name: value for name, value in STORED.items() if name != lost}
    assert complaint(Model.from_dict, data) == "model: the stored description is damaged (KeyError)"
