"""A scenario says what its file says, with every default filled in and the origin of every value kept."""

import json
import pickle
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from sim.parameters import Agreement, Channel, Intervention, Official, State, World
from sim.scenario.keys import declared, leaves
from sim.scenario.load import Act, Scenario, ScenarioError, load, parse_set
from sim.shipped import shipped_names
from sim.study.play.replicates import run

CHANNEL = """
extends = "reference"

[officials.envoy]
home = "united_states"
persona = "captured"

[channels.back]
home = "united_states"
envoys = ["envoy"]
legs.moscow = { state = "russia" }
"""


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(text, name="mine.toml"):
        path = Path(name)
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def mine(write):
    return lambda more="": load(write(CHANNEL + more))


# What is given and what is not


@pytest.mark.parametrize("name", shipped_names("scenarios"))
def test_every_shipped_scenario_loads_and_says_what_it_is(name):
    scenario = load(name)
    assert scenario.name == name
    assert scenario.title
    assert scenario.description
    assert scenario.eras[0].start == 1


def test_the_reference_moves_the_front_as_measured_while_aid_flows():
    world = load("reference").eras[0].world
    aid = world.aid["united_states_to_ukraine"]
    given = aid.maximum * (1 - aid.sensitivity * world.escalation.prior)
    drift = world.front.response * (world.states["russia"].strength - world.states["ukraine"].strength - given)
    assert drift == pytest.approx(0.00025)


def test_the_reference_takes_trust_in_the_guarantor_from_those_with_an_opinion():
    trust = load("reference").eras[0].world.states["ukraine"].toward["united_states"].trust
    assert trust == pytest.approx(0.41 / (0.41 + 0.24), abs=0.005)


def test_keeping_a_state_out_changes_nothing_but_the_seats_and_the_words():
    changed = load("ukraine-kept-out").differences(load("reference"))
    assert [key for key, _, _ in changed] == ["title", "description", "table.parties"]


def test_a_persona_sets_defaults_that_a_file_may_override(mine):
    official = (
        mine("[officials.second]\nhome = 'ukraine'\npersona = 'captured'\ncandour = 0.75\n").eras[0].world.officials
    )
    captured = declared(Official).parameters["candour"].default_by[1]["captured"]
    assert official["envoy"].candour == captured
    assert (official["second"].candour, official["second"].lean) == (0.75, official["envoy"].lean)


def test_the_track_and_the_side_set_defaults(mine):
    scenario = mine()
    assert scenario.eras[0].world.channels["back"].transfer_audience == 1.0
    assert scenario.with_values({"channels.back.track": "2"}).eras[0].world.channels["back"].transfer_audience == 0.5
    assert scenario.eras[0].world.states["russia"].ruled_out
    assert not scenario.eras[0].world.states["ukraine"].ruled_out


def test_a_believed_twin_follows_what_it_is_a_belief_about_within_its_own_limits(mine):
    back = mine().with_values({"channels.back.deny_authorised": 1.0}).eras[0].world.channels["back"]
    assert back.deny_authorised == 1.0
    assert 0.99 < back.believed_deny_authorised < 1.0


def test_what_a_default_follows_is_declared_before_it():
    for scope in (State, Agreement, Channel, Official):
        parameters = declared(scope).parameters
        order = list(parameters)
        for name, parameter in parameters.items():
            follows = [parameter.default_by[0]] if parameter.default_by else []
            for other in [*follows, *([parameter.default_as] if parameter.default_as else [])]:
                assert order.index(other) < order.index(name)


def test_the_hazards_of_an_agreement_cannot_exceed_certainty():
    parameters = declared(Agreement).parameters
    for twin in ("", "believed_"):
        kinds = (f"{twin}hazard_trustworthy", f"{twin}hazard_untrustworthy")
        assert sum(parameters[kind].limits[1] for kind in kinds) <= 1.0


def test_weights_are_kept_as_given_and_scaled_in_the_world(write):
    scenario = load("silent-observer")
    assert scenario.values["states"]["observer"]["weights"]["territory"] == 1.0
    assert scenario.eras[0].world.states["observer"].weights["territory"] == 0.25
    assert sum(scenario.eras[0].world.states["russia"].weights.values()) == pytest.approx(1.0)


def test_every_state_has_an_opinion_of_every_other_and_of_every_issue_in_the_order_of_the_file():
    world = load("silent-observer").eras[0].world
    assert list(world.states["observer"].toward) == ["russia", "ukraine", "united_states"]
    assert list(world.states["russia"].toward) == ["ukraine", "united_states", "observer"]
    for state in world.states.values():
        assert list(state.aims) == list(state.weights) == list(world.issues)


def test_whole_numbers_stand_for_real_ones_and_make_the_same_scenario(write):
    text = "extends = 'reference'\n[states.russia]\nreliability = {}\n"
    one, same = load(write(text.format("1"))), load(write(text.format("1.0")))
    assert one.fingerprint == same.fingerprint
    assert isinstance(one.eras[0].world.states["russia"].reliability, float)


# Inheriting


def test_tables_merge_and_lists_replace_over_any_number_of_parents(write):
    write("extends = 'reference'\n[front]\nstart = 0.4\n[states.russia]\nslack = 0.03\n", "grandparent.toml")
    write("extends = 'grandparent.toml'\n[states.russia]\nslack = 0.04\n", "parent.toml")
    scenario = load(write("extends = 'parent.toml'\n[table]\nparties = ['ukraine', 'russia']\n"))
    world = scenario.eras[0].world
    assert (world.front.start, world.states["russia"].slack, world.table.parties) == (0.4, 0.04, ("ukraine", "russia"))
    assert scenario.origins["front.start"] == "grandparent.toml:3"
    assert scenario.origins["states.russia.slack"] == "parent.toml:3"
    assert scenario.origins["states.russia.side"].startswith("scenarios/reference.toml:")


def test_a_child_can_leave_out_what_it_inherits(write):
    write(CHANNEL + "[channels.back.legs.kyiv]\nstate = 'ukraine'\n", "parent.toml")
    without = '["channels.back.legs.kyiv", "states.russia.toward.ukraine", "aid.united_states_to_ukraine"]'
    world = load(write(f"extends = 'parent.toml'\nwithout = {without}\n")).eras[0].world
    assert list(world.channels["back"].legs) == ["moscow"]
    assert world.states["russia"].toward["ukraine"].trust == 0.5
    assert world.aid == {}


def test_what_is_left_out_can_be_said_anew_without_inheriting_from_it(write):
    write(CHANNEL, "parent.toml")
    scenario = load(
        write("extends = 'parent.toml'\nwithout = ['officials.envoy']\n[officials.envoy]\nhome = 'united_states'\n")
    )
    assert scenario.values["officials"]["envoy"]["persona"] == "plain"


def test_an_entry_and_what_is_inside_it_can_be_left_out_together(write):
    write(CHANNEL, "parent.toml")
    for names in (["channels.back", "channels.back.legs.moscow"], ["channels.back.legs.moscow", "channels.back"]):
        assert load(write(f"extends = 'parent.toml'\nwithout = {names}\n")).values["channels"] == {}


# Where each value came from


def test_every_effective_value_has_an_origin(mine):
    scenario = mine("[interventions.honest]\nweek = 5\nset = { 'officials.envoy.candour' = 1.0 }\n")
    scenario = scenario.with_values({"officials.envoy.lean": 0.3})
    origins = scenario.origins
    assert set(origins) == {".".join(key) for key, _ in leaves(scenario.values)}
    assert origins["officials.envoy.persona"] == "mine.toml:6"
    assert origins["officials.envoy.candour"] == "default by persona captured"
    assert origins["channels.back.transfer_home"] == "default by track 1.5"
    assert origins["states.russia.ruled_out"] == "default by side A"
    assert origins["channels.back.believed_deny_freelance"] == "default as deny_freelance"
    assert origins["channels.back.noise"] == "default"
    assert origins["officials.envoy.lean"] == "--set"
    assert origins["interventions.honest.set.officials.envoy.candour"] == "mine.toml:14"


def test_show_gives_value_unit_origin_and_meaning_of_everything(mine):
    rows = {row.key: row for row in mine("[interventions.x]\nweek = 3\nset = { 'front.sd' = 0.0 }\n").show()}
    row = rows["channels.back.legs.moscow.state"]
    assert (row.value, row.unit, row.origin) == ("russia", "a name in [states]", "mine.toml:11")
    assert rows["interventions.x.set.front.sd"].meaning == rows["front.sd"].meaning
    assert rows["interventions.x.week"].value == 3


# Setting values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a.b=0.5", 0.5),
        ("a.b = 3", 3),
        ("a.b=true", True),
        ("a.b=russia", "russia"),
        ('a.b="russia"', "russia"),
        ("a.b=[russia, ukraine]", ["russia", "ukraine"]),
        ('a.b=["russia"]', ["russia"]),
        ("a.b=[]", []),
        ("a.b=", ""),
        ("a.b=c=d", "c=d"),
        ("a.b=1\nc=2", "1\nc=2"),
        ("a.b=" + "[" * 5000, "[" * 5000),
    ],
)
def test_a_set_value_is_read_as_toml_and_else_as_a_word(text, value):
    assert parse_set(text) == ("a.b", value)


@pytest.mark.parametrize("text", ["", "a.b", "=3", "\x00"])
def test_a_set_without_key_or_equals_is_refused(text):
    with pytest.raises(ScenarioError, match="write key=value"):
        parse_set(text)


def test_values_can_be_set_on_load_and_later(mine, write):
    sets = {"table.parties": ["russia", "ukraine"], "states.russia.aims.territory": 0.9, "front.start": 0.5}
    scenario = load(write(CHANNEL), sets)
    assert scenario.eras[0].world.table.parties == ("russia", "ukraine")
    assert scenario.eras[0].world.states["russia"].aims["territory"] == 0.9
    assert mine().with_values(sets) == scenario


def test_a_pair_of_states_that_the_file_does_not_name_can_be_set():
    scenario = load("silent-observer").with_values({"states.observer.toward.russia.trust": 0.3})
    assert scenario.eras[0].world.states["observer"].toward["russia"].trust == 0.3


def test_a_command_line_need_not_quote_tracks_and_lists(mine):
    scenario = mine().with_values(dict(map(parse_set, ["channels.back.track=2", "table.parties=russia,ukraine"])))
    assert scenario.values["channels"]["back"]["track"] == "2"
    assert scenario.values["table"]["parties"] == ["russia", "ukraine"]


def test_interventions_can_be_set(mine):
    scenario = mine("[interventions.leak]\nweek = 26\nexpose = 'back'\nset = { 'front.sd' = 0.0 }\n")
    later = scenario.with_values({"interventions.leak.week": 40, "interventions.leak.set.front.sd": 0.001})
    assert later.acts == (Act(40, "expose", "back"),)
    assert [(era.start, era.world.front.sd) for era in later.eras] == [(1, 0.0008), (40, 0.001)]


def test_with_values_leaves_the_scenario_as_it_was(mine):
    scenario = mine()
    before = scenario.fingerprint, pickle.dumps(scenario.values)
    assert scenario.with_values({"officials.envoy.candour": 1.0}).fingerprint != before[0]
    assert scenario.with_values({}) == scenario
    assert (scenario.fingerprint, pickle.dumps(scenario.values)) == before


def test_differences_name_what_differs_and_what_one_lacks(mine):
    scenario = mine()
    assert scenario.differences(scenario) == []
    changed = scenario.with_values({"officials.envoy.candour": 1.0})
    assert scenario.differences(changed) == [("officials.envoy.candour", 0.5, 1.0)]
    assert ("channels.back.home", "united_states", None) in scenario.differences(load("reference"))
    assert ("channels.back.home", None, "united_states") in load("reference").differences(scenario)


# Eras


def test_without_interventions_there_is_one_era(mine):
    assert [era.start for era in mine().eras] == [1]


def test_acts_alone_make_no_era(mine):
    scenario = mine(
        "[interventions.denial]\nweek = 26\ndeny = 'back'\n[interventions.leak]\nweek = 26\nexpose = 'back'\n"
        "[interventions.end]\nweek = 30\ndisown = 'back'\n"
    )
    assert len(scenario.eras) == 1
    assert scenario.acts == (
        Act(26, "deny", "back"),
        Act(26, "expose", "back"),
        Act(30, "disown", "back"),
    )


def test_a_leg_that_is_added_stands_inactive_in_earlier_eras_with_the_values_it_will_have(mine):
    scenario = mine(
        "[interventions.kyiv]\nweek = 26\n"
        "[interventions.kyiv.add.channels.back.legs.kyiv]\nstate = 'ukraine'\naccess = 0.9\n"
    )
    before, after = scenario.eras
    assert (before.start, after.start) == (1, 26)
    for era, active in ((before, False), (after, True)):
        legs = era.world.channels["back"].legs
        assert list(legs) == ["moscow", "kyiv"]
        assert (legs["kyiv"].active, legs["kyiv"].access, legs["moscow"].active) == (active, 0.9, True)


def test_a_channel_that_is_removed_keeps_its_last_values_and_its_legs_end_with_it(mine):
    scenario = mine(
        "[interventions.quiet]\nweek = 10\nset = { 'channels.back.cadence_weeks' = 8 }\n"
        "[interventions.stop]\nweek = 20\nremove = ['channels.back']\n"
    )
    last = scenario.eras[-1].world.channels["back"]
    assert (last.active, last.cadence_weeks, last.legs["moscow"].active) == (False, 8, False)
    assert [era.world.channels["back"].active for era in scenario.eras] == [True, True, False]


def test_an_entry_may_cease_and_exist_again(mine):
    scenario = mine(
        "[interventions.stop]\nweek = 20\nremove = ['channels.back']\n"
        "[interventions.again]\nweek = 30\n[interventions.again.add.channels.back]\n"
        "home = 'united_states'\nenvoys = ['envoy']\ntrack = '2'\nlegs.kyiv = { state = 'ukraine' }\n"
    )
    channels = [era.world.channels["back"] for era in scenario.eras]
    assert [(channel.active, channel.track) for channel in channels] == [(True, "1.5"), (False, "1.5"), (True, "2")]
    assert [{name: leg.active for name, leg in channel.legs.items()} for channel in channels] == [
        {"moscow": True, "kyiv": False},
        {"moscow": False, "kyiv": False},
        {"moscow": False, "kyiv": True},
    ]


def test_interventions_of_one_week_apply_in_the_order_of_the_file_and_make_one_era(mine):
    scenario = mine(
        "[interventions.second]\nweek = 9\nset = { 'front.sd' = 0.002 }\n"
        "[interventions.first]\nweek = 4\nset = { 'front.sd' = 0.001 }\n"
        "[interventions.third]\nweek = 9\nset = { 'front.sd' = 0.003, 'front.response' = 0.0 }\n"
    )
    assert [(era.start, era.world.front.sd) for era in scenario.eras] == [(1, 0.0008), (4, 0.001), (9, 0.003)]


def test_an_intervention_in_the_first_week_changes_the_first_era(mine):
    scenario = mine("[interventions.now]\nweek = 1\nset = { 'front.sd' = 0.002 }\n")
    assert [(era.start, era.world.front.sd) for era in scenario.eras] == [(1, 0.002)]
    assert scenario.values["front"]["sd"] == 0.0008


def test_a_change_of_persona_changes_the_defaults_that_follow_from_it(mine):
    scenario = mine("[interventions.turn]\nweek = 9\nset = { 'officials.envoy.persona' = 'honest_broker' }\n")
    assert [era.world.officials["envoy"].candour for era in scenario.eras] == [0.5, 1.0]


def test_all_eras_hold_the_same_entries_in_the_same_order(mine):
    scenario = mine(
        "[interventions.late]\nweek = 50\n"
        "[interventions.late.add.guarantees.second]\nguarantor='russia'\nbeneficiary='ukraine'\nissue='security'\n"
        "[interventions.early]\nweek = 5\nremove = ['aid.united_states_to_ukraine']\n"
        "[interventions.early.add.officials.a_new_one]\nhome='ukraine'\n"
        "[interventions.early.add.channels.another]\nhome='ukraine'\nenvoys=['a_new_one']\nlegs.x={state='russia'}\n"
    )
    for table in ("states", "issues", "officials", "channels", "guarantees", "aid"):
        orders = [list(getattr(era.world, table)) for era in scenario.eras]
        assert orders == [orders[0]] * 3
    assert list(scenario.eras[0].world.officials) == ["envoy", "a_new_one"]
    assert [era.world.aid["united_states_to_ukraine"].active for era in scenario.eras] == [True, False, False]
    assert [era.world.guarantees["second"].active for era in scenario.eras] == [False, False, True]
    assert [era.world.channels["another"].active for era in scenario.eras] == [False, True, True]


def test_a_channel_that_was_closed_can_still_be_exposed(mine):
    scenario = mine(
        "[interventions.stop]\nweek = 20\nremove = ['channels.back']\n"
        "[interventions.leak]\nweek = 30\nexpose = 'back'\n"
    )
    assert scenario.acts == (Act(30, "expose", "back"),)


def test_the_acts_are_those_that_an_intervention_declares():
    from sim.scenario.acts import KINDS

    acts = [name for name, parameter in declared(Intervention).parameters.items() if parameter.refers_to == "channels"]
    assert list(KINDS) == acts


# Storing and sending


def test_a_scenario_survives_json_and_pickling(mine, monkeypatch, tmp_path):
    scenario = mine(
        "[interventions.kyiv]\nweek = 26\nset = { 'officials.envoy.candour' = 1.0 }\n"
        "add.channels.back.legs.kyiv = { state = 'ukraine' }\n"
    ).with_values({"front.start": 0.5})
    stored = json.loads(json.dumps(scenario.to_dict(), allow_nan=False))
    Path("mine.toml").unlink()
    for again in (Scenario.from_dict(stored), pickle.loads(pickle.dumps(scenario))):
        assert again == scenario
        assert again.fingerprint == scenario.fingerprint
        assert again.origins == scenario.origins
        assert again.with_values({"officials.envoy.persona": "plain"}).values["officials"]["envoy"]["candour"] == 0.9


def test_a_stored_scenario_with_other_values_is_refused():
    stored = load("reference").to_dict()
    stored["given"]["front"]["start"] = 0.5
    with pytest.raises(ScenarioError, match="differ from what was stored"):
        Scenario.from_dict(stored)


def test_numbers_of_other_kinds_become_plain_numbers():
    scenario = load("reference").with_values({"front.start": Fraction(1, 2)})
    assert json.loads(json.dumps(scenario.to_dict()))["given"]["front"]["start"] == 0.5
    assert Scenario.from_dict(scenario.to_dict()) == scenario


@pytest.mark.parametrize("damage", ["name", "path", "given", "origins", "fingerprint"])
def test_a_damaged_stored_scenario_is_refused(damage):
    stored = load("reference").to_dict()
    with pytest.raises(ScenarioError):
        Scenario.from_dict({key: value for key, value in stored.items() if key != damage})
    if damage in ("given", "origins"):
        with pytest.raises(ScenarioError):
            Scenario.from_dict(stored | {damage: 3})


def test_words_in_which_terms_and_lines_are_told_are_no_part_of_the_fingerprint():
    scenario = load("secret-track-1.5")
    told = {"issues.territory.points.halfway": 0.6, "channels.back.conveys": "something else"}
    assert scenario.with_values(told).fingerprint == scenario.fingerprint
    assert Scenario.from_dict(scenario.with_values(told).to_dict()).values == scenario.with_values(told).values


def test_words_of_a_channel_that_an_intervention_adds_are_no_part_of_the_fingerprint(write):
    added = (
        'extends = "reference"\n[officials.envoy]\nhome = "united_states"\n[interventions.now]\nweek = 9\n'
        '[interventions.now.add.channels.back]\nhome = "united_states"\nenvoys = ["envoy"]\n{}\n'
        '[interventions.now.add.channels.back.legs.moscow]\nstate = "russia"\n'
    )
    one, other = (
        load(write(added.format(line), f"{name}.toml")) for name, line in (("a", ""), ("b", 'conveys = "words"'))
    )
    assert one.fingerprint == other.fingerprint


def test_words_change_no_bit_of_what_happens():
    told = {"issues.territory.points.halfway": 0.6, "channels.back.conveys": "something else"}
    plain, worded = (run(load("secret-track-1.5", sets), 8, seed=4).columns for sets in ({}, told))
    assert {name: values.tobytes() for name, values in plain.items()} == {
        name: values.tobytes() for name, values in worded.items()
    }


def test_the_order_of_states_is_part_of_the_fingerprint(write):
    one = Path(load("two-states-known-costs").path).read_text(encoding="utf-8")
    head, first, second = one.partition("[states.attacker]")[0], "[states.attacker]", "[states.defender]"
    attacker, _, rest = one.removeprefix(head).partition(second)
    defender, _, tail = rest.partition("[front]")
    assert attacker.startswith(first)
    other = load(write(head + second + defender + attacker + "[front]" + tail))
    assert other.differences(load("two-states-known-costs")) == []
    assert other.fingerprint != load("two-states-known-costs").fingerprint


def test_loading_a_scenario_imports_nothing_heavy():
    heavy = "{'numpy', 'wasmtime', 'mesa', 'scipy', 'pandas', 'plotly', 'pyarrow'}"
    code = (
        f"import sys; from sim.scenario.load import load; load('reference'); sys.exit(bool({heavy} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parent.parent).returncode == 0


def test_the_world_has_a_place_for_everything_a_file_may_say():
    assert set(load("reference").values) == {*declared(World).names(), "interventions"}
