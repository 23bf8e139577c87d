"""The JSON Schema that editors use says what the loader says, as far as a schema can."""

import json
import tomllib

import jsonschema
import pytest

from sim.parameters import Official, World
from sim.scenario.keys import declared
from sim.schema import schema
from sim.shipped import shipped, shipped_names

SCHEMA = schema("scenario")
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

CHILD = """
extends = "reference"
without = ["aid.united_states_to_ukraine"]
[officials.envoy]
home = "united_states"
persona = "captured"
[channels.back]
track = "2"
legs.moscow = { state = "russia", access = 0.9 }
[interventions.kyiv]
week = 26
remove = ["channels.back.legs.moscow"]
expose = "back"
set = { "officials.envoy.candour" = 1.0, "table.parties" = ["russia", "ukraine"] }
add.channels.back.legs.kyiv = { state = "ukraine" }
"""


def objections(text):
    return [error.message for error in VALIDATOR.iter_errors(tomllib.loads(text))]


def test_the_schema_is_a_schema_and_plain_json():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA
    assert SCHEMA["$schema"].endswith("2020-12/schema")


@pytest.mark.parametrize("name", shipped_names("scenarios"))
def test_every_shipped_scenario_is_valid(name):
    assert objections((shipped("scenarios") / f"{name}.toml").read_text(encoding="utf-8")) == []


def test_a_child_may_use_everything_and_need_not_repeat_what_it_inherits():
    assert objections(CHILD) == []


def test_a_scenario_that_extends_nothing_must_say_what_is_required():
    messages = " ".join(objections(CHILD.replace('extends = "reference"\n', "")))
    for missing in ("issues", "states", "table", "home"):
        assert f"'{missing}' is a required property" in messages


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("access = 0.9", "access = 1.1"),
        ("access = 0.9", "access = true"),
        ("access", "acess"),
        ('track = "2"', "track = 3"),
        ('persona = "captured"', 'persona = "capturd"'),
        ("week = 26", "week = 0"),
        ("week = 26", "week = 2.5"),
        ("officials.envoy]", "officials.Envoy]"),
        ("add.channels.back.legs.kyiv", "add.states.x"),
        ("officials.", "offcials."),
        ('expose = "back"', "expose = 3"),
        ('without = ["aid.united_states_to_ukraine"]', 'without = "aid"'),
    ],
)
def test_what_the_loader_refuses_by_itself_the_schema_refuses(old, new):
    assert old in CHILD
    assert objections(CHILD.replace(old, new, 1)) != []


def test_an_inherited_intervention_need_not_repeat_its_week_but_one_of_a_file_that_stands_alone_must_have_it():
    assert objections(CHILD.replace("week = 26\n", "", 1)) == []
    alone = " ".join(objections(CHILD.replace("week = 26\n", "", 1).replace('extends = "reference"\n', "")))
    assert "'week' is a required property" in alone


def test_every_parameter_has_its_meaning_unit_limits_and_default():
    official = SCHEMA["$defs"]["Official"]["properties"]
    for name, parameter in declared(Official).parameters.items():
        assert official[name]["description"].startswith(f"{parameter.meaning} [{parameter.unit}]")
    assert (official["candour"]["minimum"], official["candour"]["maximum"]) == (0.0, 1.0)
    assert "default by persona: plain 0.9" in official["candour"]["description"]
    assert official["persona"]["default"] == "plain"
    front = SCHEMA["$defs"]["Front"]["properties"]
    assert front["sd"]["default"] == 0.0008


def test_every_section_and_table_is_described():
    for name in declared(World).names():
        assert name in SCHEMA["properties"]


def test_an_unknown_kind_of_file_has_no_schema():
    with pytest.raises(ValueError, match="no schema of kind"):
        schema("novel")
