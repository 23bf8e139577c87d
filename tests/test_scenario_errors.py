"""A scenario file that says what it may not say is refused with its line, never with a traceback."""

import difflib
import os
import random
import re
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sim.chance
from sim.errors import SimError
from sim.parameters import MOST_ENTRIES
from sim.scenario import read, renamed
from sim.scenario.load import Scenario, ScenarioError, load, parse_set
from sim.scenario.read import LARGEST_BYTES, read_document
from sim.shipped import shipped, shipped_names
from tests.steps_taken import steps_of

BASE = """extends = "reference"

[officials.envoy]
home = "united_states"

[channels.back]
home = "united_states"
envoys = ["envoy"]

[channels.back.legs.moscow]
state = "russia"
"""
AFTER = BASE.count("\n") + 1


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def write(content, name="mine.toml"):
    data = content if isinstance(content, bytes) else content.encode("utf-8")
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_bytes(data)
    return name


def complaint(source, sets=None):
    """Return the message with which a scenario is refused, after checking that it is fit to print."""
    with pytest.raises(ScenarioError) as caught:
        load(source, sets)
    message = str(caught.value)
    check_fit_to_print(message)
    return message


def check_fit_to_print(message):
    lines = message.split("\n")
    assert len(lines) <= 20
    assert all(line.isprintable() for line in lines)
    assert all(len(line) < 600 for line in lines)


def short(value):
    """Return a name for a test from a value that may be enormous or unprintable."""
    return ascii(value)[:40] if isinstance(value, str) else type(value).__name__


def complaint_about(more, sets=None):
    """Return the message about lines that stand below BASE."""
    return complaint(write(BASE + more), sets)


def test_a_refused_scenario_ends_the_program_with_status_2():
    assert ScenarioError.exit_status == 2
    assert issubclass(ScenarioError, SimError)


# Single values


def test_a_value_outside_its_limits_is_named_with_file_line_key_limits_and_meaning():
    path = write(
        BASE.replace(
            '[officials.envoy]\nhome = "united_states"', '[officials.envoy]\nhome = "united_states"\ncandour = 1.4'
        ),
        "scenarios/mine.toml",
    )
    assert complaint(path) == (
        "scenarios/mine.toml:5: officials.envoy.candour = 1.4 lies outside 0..1"
        " (probability that a meeting is not misrepresented)"
    )


# fmt: off
VALUES_BY_THEMSELVES = [
    ("front.start = true", "front.start = true is not a number"),
    ("front.start = '0.4'", 'front.start = "0.4" is not a number'),
    ("front.start = nan", "front.start = nan is not a finite number"),
    ("front.start = -inf", "front.start = -inf is not a finite number"),
    ("front.start = 1e999", "front.start = inf is not a finite number"),
    (f"front.start = {10**400}", "front.start = a whole number of 1329 bits lies outside 0.001..0.999"),
    ("front.start = 1979-05-27", "front.start = the date or time 1979-05-27 is not a number"),
    ("front.start = 07:32:00", "front.start = the date or time 07:32:00 is not a number"),
    ("front.start = [0.4]", "front.start = [0.4] is not a number"),
    ("front.start = { x = 1 }", "front.start = a table is not a number"),
    ("table.max_rounds = 3.0", "table.max_rounds = 3.0 is not a whole number"),
    ("table.max_rounds = true", "table.max_rounds = true is not a whole number"),
    ("table.max_rounds = 0", "table.max_rounds = 0 lies outside 1..1000"),
    ("weeks = 0", "weeks = 0 lies outside 1..5200"),
    ("front = 3", "front = 3 is not a section; write [front]"),
    ("title = 3", "title = 3 is not text"),
    ('title = "\\u001b[2J"', "holds characters that do not print"),
    ("states.russia.ratifies = 1", "states.russia.ratifies = 1 is not true or false"),
    ("states.russia.side = 'C'", 'states.russia.side = "C" is not one of "A", "B", "none"'),
    ("states.russia.aims = 1", "is not a table with a number for each issue"),
    ("states.russia.aims.territory = 2", "states.russia.aims.territory = 2 lies outside 0..1"),
    ("states.russia.toward.ukraine.trust = 1", "lies outside 1e-06..0.999999"),
    ("states.russia = 1", "states.russia = 1 is not an entry; write [states.russia]"),
    ("states = 1", "states is not a table of named entries; write [states.NAME]"),
    ("table.parties = 'russia'", "is not a list of names"),
    ("table.parties = ['russia', 3]", "holds 3, which is not a name"),
    ("interventions = 1", "interventions is not a table of named entries"),
    ("interventions.x = 1", "interventions.x = 1 is not an entry"),
    ("interventions.x.week = 1.5", "is not a whole number"),
    ("interventions.x = {}", "[interventions.x] lacks 'week'"),
    ("interventions.x = { week = 1, sets = {} }", "unknown key 'sets'; did you mean 'set'?"),
    ("interventions.x = { week = 1, set = 3 }", "interventions.x.set is not a table"),
    ("interventions.x = { week = 1, add = [] }", "interventions.x.add is not a table"),
    ("interventions.x = { week = 1, remove = 'channels.back' }", "is not a list of entries"),
    ("interventions.x = { week = 1, expose = 3 }", "interventions.x.expose = 3 is not a name"),
]
# fmt: on


@pytest.mark.parametrize(("line", "reason"), VALUES_BY_THEMSELVES, ids=short)
def test_a_value_of_the_wrong_kind_is_named_with_its_line(line, reason):
    message = complaint(write(f"extends = 'reference'\n{line}\n"))
    assert message.startswith("mine.toml:2: ")
    assert reason in message


OLD = {
    "keys": {"honesty": "candour", "frankness": "candour (1 is honest)"},
    "persona": {"spy": "captured"},
    "scenarios": {"old-world": "reference"},
}
TURN = "[interventions.x]\nweek = 5\nset.'officials.envoy.persona' = "


# fmt: off
RENAMED_WORDS = [
    ("[officials.x]\nhome = 'russia'\nhonesty = 1\n", "unknown key 'honesty'; 'honesty' is called 'candour' now"),
    ("[officials.x]\nhome = 'russia'\nfrankness = 1\n", "'frankness' is called 'candour' now (1 is honest)"),
    ("[front]\nhonesty = 1\n", "unknown key 'honesty' in [front]"),
    ("[officials.x]\nhome = 'russia'\npersona = 'spy'\n", 'persona = "spy" is now "captured" (a preset of'),
    (f"{TURN}'spy'\n", 'x.set.officials.envoy.persona = "spy" is now "captured"'),
    ("[channels.x]\nhome = 'russia'\ntrack = 'spy'\n", 'track = "spy" is not one of "1", "1.5", "2"'),
]
# fmt: on


@pytest.mark.parametrize(("more", "reason"), RENAMED_WORDS)
def test_a_word_that_has_been_renamed_is_named_with_the_new_one(monkeypatch, more, reason):
    monkeypatch.setattr(renamed, "RENAMED", OLD)
    assert reason in complaint_about(more)


def test_a_renamed_key_that_is_set_and_a_renamed_scenario_are_named_with_the_new_one(monkeypatch):
    monkeypatch.setattr(renamed, "RENAMED", OLD)
    assert "'honesty' is called 'candour' now" in complaint_about("", {"officials.envoy.honesty": 1})
    assert complaint("old-world").endswith(
        "neither a shipped scenario nor a file; 'old-world' is called 'reference' now"
    )
    assert "'old-world' is called 'reference' now" in complaint(write("extends = 'old-world'\n"))


def test_a_new_name_is_not_an_old_one():
    for words in renamed.RENAMED.values():
        assert not {new.split()[0] for new in words.values()} & set(words)


def test_every_scenario_and_experiment_is_called_by_a_name_that_ships():
    for kind in ("scenarios", "experiments"):
        assert {new.split()[0] for new in renamed.RENAMED[kind].values()} <= set(shipped_names(kind))


def test_a_renamed_scenario_is_told_with_the_remark_that_sets_it_apart():
    assert complaint("track-1").endswith(
        "; 'track-1' is called 'secret-track-1' now (its officials meet in secret; open-track-1 is announced)"
    )


def test_several_mistakes_are_reported_together_and_at_most_twenty_lines():
    message = complaint_about("[front]\nstart = 2\nsd = -1\n")
    assert [line.split(" ")[1] for line in message.split("\n")] == ["front.start", "front.sd"]
    many = complaint_about("[front]\n" + "".join(f"unknown_{number} = 1\n" for number in range(50)))
    assert many.count("\n") == 19
    assert many.endswith("and 31 more mistakes")


@pytest.mark.parametrize(
    "name",
    ["Back", "1back", "_back", "ba-ck", "a" * 61, "b\u00e4ck", "", "a b", "a\\u0000", "a\\u001b[2J", "a.b", "\\u202e"],
)
def test_a_name_that_is_not_a_lower_case_identifier_is_refused(name):
    assert "is not a name" in complaint_about(f'[channels."{name}"]\nhome = "ukraine"\n')


def test_too_many_entries_are_refused():
    states = "".join(f"[states.s{number}]\n" for number in range(MOST_ENTRIES + 1))
    assert f"at most {MOST_ENTRIES} are allowed" in complaint(write(states))


# Between values


# fmt: off
WRONG_FILES = [  # what stands below BASE, the line of the mistake counted from there, the message
    ("[officials.second]\nhome = 'ukraine'\ncandor = 0.5\n", 2, "unknown key 'candor'; did you mean 'candour'?"),
    ("[offcials.second]\nhome = 'ukraine'\n", 0, "unknown key 'offcials'; did you mean 'officials'?"),
    ("[front]\nzzzzz = 1\n", 1, "unknown key 'zzzzz' in [front]"),
    ("[officials.x]\nhome = 'ukraine'\npersona = 'capturd'\n", 2, 'did you mean "captured"?'),
    ("[channels.second]\ntrack = '1'\n", 0, "[channels.second] lacks 'home' (the state the envoys come from)"),
    ("[channels.second]\nhome = 'ukraine'\n[channels.second.legs.x]\n", 2, "[channels.second.legs.x] lacks 'state'"),
    ("".join(f"[issues.i{number}]\n" for number in range(5)), None, "there are 9 issues; a scenario has 1 to 8"),
    ("[channels.x]\nhome = 'ukrain'\ntrack = '1'\n", 1, "there is no 'ukrain' in [states]; did you mean 'ukraine'?"),
    ("[table]\nparties = ['russia', 'nobody']\n", 1, "table.parties: there is no 'nobody' in [states]"),
    ("[table]\nparties = ['russia', 'russia']\n", 1, "table.parties names 'russia' more than once"),
    ("[table]\nparties = ['russia']\n", 1, "table.parties needs at least two states"),
    ("[table]\nparties = []\n", 1, "table.parties needs at least two states"),
    ("".join(f"[states.{name}]\nproposes = false\n" for name in ("russia", "ukraine", "united_states")), None,
        "table.parties needs at least one state that proposes (states.NAME.proposes)"),
    ("[states.russia.toward.russia]\n", 0, "a state has no opinion of itself here"),
    ("[states.russia.toward.ukrane]\n", 0, "there is no state 'ukrane'; did you mean 'ukraine'?"),
    ("[states.russia.aims]\nteritory = 1\n", 1, "there is no issue 'teritory'; did you mean 'territory'?"),
    ("[states.x]\n", 0, "states.x.weights: at least one issue must weigh more than 0"),
    ("[states.x.weights]\nterritory = 0.0\n", 0, "states.x.weights: at least one issue must weigh more than 0"),
    ("[states.russia]\nside = 'B'\n", 0, 'no state has side = "A"'),
    ("[guarantees.x]\nguarantor = 'ukraine'\nbeneficiary = 'ukraine'\nissue = 'security'\n", 2,
        "cannot guarantee itself"),
    ("[guarantees.x]\nguarantor = 'ukraine'\nbeneficiary = 'united_states'\nissue = 'security'\n", 2,
        "'united_states' is not a belligerent"),
    ("[guarantees.x]\nguarantor = 'united_states'\nbeneficiary = 'ukraine'\nissue = 'sanctions'\n", 0,
        "guarantees.x: 'united_states' guarantees 'ukraine' in [guarantees.united_states_for_ukraine] already"),
    ("[guarantees.x]\nguarantor = 'russia'\nbeneficiary = 'ukraine'\nissue = 's'\n", 3, "there is no 's' in [issues]"),
    ("[aid.x]\ngiver = 'russia'\nrecipient = 'united_states'\n", 2, "'united_states' is not a belligerent"),
    ("[aid.x]\ngiver = 'russia'\nrecipient = 'russia'\n", 2, "cannot give aid to itself"),
    ("[channels.back.legs.x]\nstate = 'united_states'\n", 1, "leads to the channel's own home"),
    ("[agreement]\nsettling = 0.001\n", 1, "agreement.settling = 0.001 must be 0 or at least 0.01"),
    ("[agreement]\nsettling = 5.0\n" + "".join(
        f"[states.s{n}.weights]\nterritory = 1.0\n"
        f"[guarantees.g{n}]\nguarantor = 's{n}'\nbeneficiary = 'ukraine'\nissue = 'security'\n" for n in range(6)), None,
        "'ukraine' has 7 guarantors; where agreements settle it has at most 6"),
    ("[channels.back.briefs.ukrain]\n", 0, "there is no 'ukrain' in [states]; did you mean 'ukraine'?"),
    ("[channels.back.briefs.united_states]\n", 0, "the channel is 'united_states''s own; name a state that it tells"),
    ("[channels.back.briefs.russia]\n", 0, "'russia' is what the channel is held with"),
    ("[channels.x]\nhome = 'ukraine'\ntrack = '1'\nconcedes_to = 'ukraine'\n", 3,
        "channels.x.concedes_to = 'ukraine' is the channel's own home"),
    ("[channels.back.legs.x]\nstate = 'russia'\n", None, "channels.back has more than one leg to 'russia'"),
    ("[channels.x]\nhome = 'ukraine'\nenvoys = ['envoy']\n", 2,
        "the home of 'envoy' is 'united_states', the channel's is 'ukraine'"),
    ("[channels.x]\nhome = 'ukraine'\nenvoys = ['envoi']\n", 2,
        "there is no 'envoi' in [officials]; did you mean 'envoy'?"),
    ("[channels.x]\nhome = 'united_states'\nenvoys = ['envoy', 'envoy']\n", 2, "names 'envoy' more than once"),
    ("[channels.x]\nhome = 'ukraine'\n", 0, "channels.x.envoys is empty; a channel of track 1.5 needs an envoy"),
    ("[channels.x]\nhome = 'ukraine'\ntrack = '2'\n", 0, "a channel of track 2 needs an envoy"),
    ("[channels.x]\nhome = 'ukraine'\ntrack = '1'\nstart = 9\nend = 8\n", 4,
        "channels.x.end = 8 lies before its start = 9"),
    ("[channels.x]\nhome = 'ukraine'\ntrack = '1'\nstraight_falsehood = 0.7\n", 3,
        "channels.x.straight_falsehood = 0.7 must lie below crooked_falsehood = 0.6"),
    ("[channels.x]\nhome = 'ukraine'\ntrack = '1'\nhost = 'ukraine'\n", 3,
        "channels.x.host = 'ukraine' is the channel's own home"),
    ("[channels.x]\nhome = 'ukraine'\ntrack = '1'\nhost = 'russia'\nlegs.moscow.state = 'russia'\n", 3,
        "channels.x.host = 'russia' is visited too; a host has no part in the talks"),
    ("[channels.x]\nhome = 'ukraine'\ntrack = '1'\nhost = 'norwai'\n", 3,
        "channels.x.host: there is no 'norwai' in [states]"),
    ("[channels.x]\nhome = 'ukraine'\ntrack = '1'\nbecomes_table = 5\n", 3,
        "channels.x.becomes_table: the channel visits nobody, so that home would sit alone"),
    ("[channels.x]\nhome = 'ukraine'\ntrack = '1'\nstart = 6\nbecomes_table = 5\nlegs.moscow.state = 'russia'\n", 4,
        "channels.x.becomes_table = 5 lies outside 6..5200, the weeks of the channel"),
    (("[states.ukraine]\nproposes = false\n[states.russia]\nproposes = false\n[channels.x]\nhome = 'ukraine'\n"
         "track = '1'\nbecomes_table = 5\nlegs.moscow.state = 'russia'\n"), 7,
        "channels.x.becomes_table: nobody in the channel proposes (states.NAME.proposes)"),
    (("".join(f"[channels.{name}]\nhome = 'ukraine'\ntrack = '1'\nbecomes_table = 5\nlegs.moscow.state = 'russia'\n"
         for name in "xy")), 8, "channels.y.becomes_table: channel 'x' becomes the table already"),
    ("[states.russia]\npledges = ['russia']\n", 1, "states.russia.pledges: a state pledges nothing to itself"),
    ("[states.russia]\npledges = ['ukraine', 'ukraine']\n", 1, "states.russia.pledges names 'ukraine' more than once"),
    ("[escalation]\nclaim_factor = 20\n", 1,
        "escalation.claim_factor * escalation.believed_claim_rate = 1 must lie below 1"),
    (("[interventions.stop]\nweek = 4\nremove = ['channels.back']\n[interventions.late]\nweek = 5\n"
         "set.'channels.back.noise' = 1.0\n"), 5,
        "interventions.late: in week 5, unknown key 'channels.back.noise'"),
    ("[interventions.x]\nweek = 5\nset.'escalation.claim_factor' = 50.0\n", 2,
        "escalation.believed_claim_rate = 2.5 must lie below 1 (it is a probability) (from week 5)"),
]
# fmt: on


@pytest.mark.parametrize(("body", "line", "message"), WRONG_FILES)
def test_a_wrong_file_is_refused_with_its_line(body, line, message):
    told = complaint_about(body)
    assert message in told
    assert line is None or f"mine.toml:{AFTER + line}: " in told


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('"far" = 1.2', "issues.territory.points.far = 1.2 lies outside 0..1"),
        ('"far" = "back"', 'issues.territory.points.far = "back" is not a number and is not "front"'),
        ('"St. George" = 0.2', 'issues.territory.points: "St. George" is no name of a point'),
        ('" far" = 0.2', 'issues.territory.points: " far" is no name of a point'),
        (
            '"near" = 0.4\n"far" = 0.4',
            'issues.territory.points.far: "near" stands at 0.4 already',
        ),
        ("\n".join(f'"p{at}" = {at / 100}' for at in range(20)), "points; at most 12 are allowed"),
    ],
)
def test_points_that_cannot_be_are_refused_with_their_line(body, message):
    said = complaint(write(f'extends = "two-states-known-costs"\n[issues.territory.points]\n{body}\n'))
    assert message in said
    assert re.match(r"mine.toml:\d+: ", said)


def test_points_that_are_no_table_are_refused():
    said = complaint(write('extends = "two-states-known-costs"\n[issues.territory]\npoints = 0.5\n'))
    assert "issues.territory.points = 0.5 is not a table; write [issues.territory.points]" in said


def test_only_a_contested_issue_has_a_point_at_the_front():
    said = complaint(write('extends = "reference"\n[issues.sanctions.points]\n"half" = "front"\n'))
    assert "issues.sanctions.points.half: the front settles only issues with contested = true; write a number" in said


def test_points_cannot_change_from_week_to_week():
    body = '[interventions.words]\nweek = 5\nset = { "issues.territory.points.the line of contact" = 0.5 }\n'
    assert "is a word for all weeks" in complaint(write(f'extends = "reference"\n{body}'))


def test_a_point_is_set_by_its_key():
    scenario = load("reference", {"issues.territory.points.halfway": 0.6})
    assert scenario.values["issues"]["territory"]["points"]["halfway"] == 0.6
    assert scenario.origins["issues.territory.points.halfway"] == "--set"
    said = complaint("reference", {"issues.territory.points": 0.5})
    assert "issues.territory.points has one value for each point; name one: issues.territory.points.POINT" in said


def test_a_channel_of_track_1_needs_no_envoy():
    assert isinstance(load(write(BASE + "[channels.x]\nhome = 'ukraine'\ntrack = '1'\n")), Scenario)


def test_a_scenario_needs_issues():
    assert "there are 0 issues" in complaint(
        write("[states.a]\nside='A'\n[states.b]\nside='B'\n[table]\nparties=['a','b']\n")
    )


def test_an_empty_file_says_what_it_lacks():
    assert "mine.toml: [table] lacks 'parties'" in complaint(write(""))


def test_names_whose_addresses_collide_are_refused(monkeypatch):
    address = sim.chance.address
    monkeypatch.setattr(sim.chance, "address", lambda name: address("russia" if name == "envoy" else name))
    assert "'envoy' and 'russia' would share their random numbers" in complaint_about("")


def test_a_name_whose_address_stands_for_nobody_is_refused(monkeypatch):
    address = sim.chance.address
    monkeypatch.setattr(sim.chance, "address", lambda name: 0 if name == "back" else address(name))
    assert "'back' and the address that stands for nobody" in complaint_about("")


def test_pairs_of_channel_and_audience_whose_addresses_collide_are_refused(monkeypatch):
    monkeypatch.setattr(sim.chance, "pair_address", lambda first, second: 7)
    assert "'back' with 'ukraine' and 'back' with 'russia'" in complaint_about(
        "legs.x = 1\n".replace("legs.x = 1", "[channels.back.legs.x]\nstate = 'ukraine'")
    )


def test_too_many_pairs_are_not_looked_for_once_enough_is_wrong(monkeypatch):
    monkeypatch.setattr(sim.chance, "address", lambda name: 0)
    officials = "".join(f"[officials.o{number}]\nhome = 'ukraine'\n" for number in range(30))
    assert complaint_about(officials).endswith("more mistakes")


def test_too_many_entries_over_all_weeks_are_refused():
    added = "".join(
        f"[interventions.x{week}]\nweek = {week}\n"
        + "".join(f"[interventions.x{week}.add.officials.o{week}_{number}]\nhome = 'ukraine'\n" for number in range(40))
        for week in (5, 6)
    )
    assert f"[officials] has 81 entries over all weeks; at most {MOST_ENTRIES} are allowed" in complaint_about(added)


# Interventions


# fmt: off
INTERVENTIONS = [  # what stands in [interventions.x], the line of the mistake counted from its head, the message
    ("week = 157", 1, "week = 157 lies outside 1..156"),
    ("expose = 'bck'", 2, "there is no channel 'bck' by week 5; did you mean 'back'?"),
    ("expose = 'back'\ndeny = 'back'\nstay_silent = 'back'", 3, "'back', on which home stays silent in that week"),
    ("disown = 'back'\nstay_silent = 'back'", 3, "'back', which is disowned in that week, and so denied"),
    ("disown = 'back'\ndeny = 'back'", 3, "which is disowned in that week, and so denied; leave deny out"),
    ("", 0, "interventions.x: changes nothing; give it add, remove, set or an act, or leave it out"),
    ("remove = []", 0, "changes nothing"),
    ("remove = ['channels.bck']", 2, "there is no 'channels.bck' in week 5; did you mean 'channels.back'?"),
    ("remove = ['channels.back.legs.mosco']", 2, "did you mean 'channels.back.legs.moscow'?"),
    ("remove = ['states.russia']", 2, "only officials, channels and their legs, guarantees and aid can come and go"),
    ("remove = ['channels.back.home']", 2, "cannot remove 'channels.back.home'"),
    ("remove = ['channels']", 2, "cannot remove 'channels'"),
    ("remove = ['']", 2, "cannot remove"),
    ("remove = ['officials.envoy']", None, "there is no 'envoy' in [officials]"),
    ("add.states.x.side = 'A'", 2, "cannot add to 'states'"),
    ("add.front.start = 0.4", 2, "cannot add to 'front'"),
    ("add.channels = 3", 2, "add.channels is not a table of named entries"),
    ("add.channels.x = 3", 2, "add.channels.x is not an entry"),
    ("add.channels.X = {}", 2, "is not a name"),
    ("add.channels.back.track = '1'", 2,
        "channels.back exists already in week 5; change it with [interventions.x.set]"),
    ("add.channels.back.legs = 3", 2, "channels.back exists already"),
    ("add.channels.back.legs.moscow.state = 'ukraine'", 2, "channels.back.legs.moscow exists already in week 5"),
    ("add.channels.back.legs.kyiv = 3", 2, "add.channels.back.legs.kyiv is not an entry"),
    ("add.channels.back.legs.kyiv = {}", 2, "[interventions.x.add.channels.back.legs.kyiv] lacks 'state'"),
    ("add.channels.back.legs.kyiv = { state = 'x' }", 2, "there is no 'x' in [states]"),
    ("add.channels.back.legs.kyiv = { state = 'ukraine', acess = 1 }", 2,
        "unknown key 'acess'; did you mean 'access'?"),
    ("add.channels.bak.legs.kyiv = { state = 'ukraine' }", 2, "[interventions.x.add.channels.bak] lacks 'home'"),
    ("add.aid.x = { giver = 'russia', recipient = 'russia' }", 2, "cannot give aid to itself"),
    ("set.'officials.envoy.candour' = 1.4", 2, "officials.envoy.candour = 1.4 lies outside 0..1"),
    ("set.'officials.envoy.candor' = 1", 2,
        "in week 5, unknown key 'officials.envoy.candor'; did you mean 'officials.envoy.candour'?"),
    ("set.'states.russia.aims.territory' = 2", 2, "lies outside 0..1"),
    ("set.'states.russia.aims' = 2", 2, "has one value for each issue"),
    ("set.'states.russia' = 2", 2, "is not a single value"),
    ("set.'states' = 2", 2, "is not a single value"),
    ("set.officials.envoy.candour = 1", 2, "write a whole key in quotes"),
    ("set.weeks = 9", 2, "'weeks' cannot change from week to week"),
    ("set.'interventions.x.week' = 9", 2, "cannot change from week to week"),
    ("set.'interventions.x' = 9", 2, "cannot change from week to week"),
    ("set.'states.russia.toward.ukraine.trust' = 0.4", 2, "is read before the first week alone"),
    ("set.'front.start' = 0.4", 2, "'front.start' is read before the first week alone"),
    ("deny = 'back'", 2, 'nothing exposes in that week; add expose = "back"'),
    ("stay_silent = 'back'", 2, "stay_silent in week 5 speaks of channel 'back'"),
    ("set.'' = 9", 2, "unknown key"),
    ("set.'a..b' = 9", 2, "unknown key"),
    ("set.'channels.back.end' = 0", 2, "channels.back.end = 0 lies outside 1..5200"),
    ("set.'table.parties' = ['russia']", 2, "table.parties needs at least two states"),
    ("set.'states.ukraine.side' = 'A'", None, 'no state has side = "B"'),
]
# fmt: on


@pytest.mark.parametrize(("body", "line", "message"), INTERVENTIONS)
def test_an_intervention_that_cannot_be_is_refused_with_its_line(body, line, message):
    week = "" if body.startswith("week") else "week = 5\n"
    told = complaint_about(f"[interventions.x]\n{week}{body}\n")
    place = f"mine.toml:{AFTER + line}: " if line is not None else ""
    assert any(part.startswith(place) and message in part for part in told.split("\n"))


# Setting values


# fmt: off
SET_VALUES = [
    ("officials.envoy.candour", 1.4, "--set: officials.envoy.candour = 1.4 lies outside 0..1"),
    ("officials.envoy.candor", 1, "unknown key 'officials.envoy.candor'; did you mean 'officials.envoy.candour'?"),
    ("officials.envoi.candour", 1, "unknown key 'officials.envoi.candour'; did you mean 'officials.envoy.candour'?"),
    ("offcials.envoy.candour", 1, "did you mean 'officials.envoy.candour'?"),
    ("officials.zzz.candour", 1, "officials has envoy"),
    ("guarantees.x.effect", 1, "unknown key 'guarantees.x.effect'"),
    ("officials.envoy", 1, "is not a single value"),
    ("officials", 1, "is not a single value"),
    ("front", 1, "is not a single value"),
    ("front.start.x", 1, "front.start has no keys below it"),
    ("states.russia.aims", {"territory": 1},
        "has one value for each issue; name one, as in states.russia.aims.territory"),
    ("states.russia.aims.teritory", 1, "did you mean 'states.russia.aims.territory'?"),
    ("states.russia.aims.territory.x", 1, "unknown key"),
    ("states.russia.toward.russia.trust", 0.5, "unknown key"),
    ("interventions", 1, "is not a single value"),
    ("interventions.x", 1, "is not a single value"),
    ("interventions.x.week", 1, "unknown key 'interventions.x.week'; interventions has no entries"),
    ("extends", "x", "unknown key 'extends'"),
    ("", 1, "unknown key"),
    (".", 1, "unknown key"),
    ("front..start", 1, "unknown key"),
    ("front.\x1b[2J\n", 1, "unknown key"),
    ("\ud800", 1, "unknown key"),
    ("a" * 100_000, 1, "unknown key"),
    ("front." * 10_000, 1, "unknown key"),
    (3, 1, "3 is not a key"),
    ("title", "\ud800", "do not print"),
    ("title", "x" * 100_000, "longer than"),
    ("front.start", 10**5000, "a whole number of"),
    ("front.start", None, "is not a number"),
    ("front.start", object(), "is not a number"),
    ("front.start", 1 + 2j, "is not a number"),
    ("table.parties", "russia", "at least two"),
    ("table.parties", "", "at least two"),
    ("table.parties", ["x"] * 100, "has 100 names"),
    ("weeks", "many", "is not a whole number"),
]
# fmt: on


@pytest.mark.parametrize(("key", "value", "reason"), SET_VALUES, ids=short)
def test_a_set_value_that_cannot_be_is_refused(key, value, reason):
    assert reason in complaint_about("", {key: value})


def test_interventions_can_only_be_set_where_they_are():
    more = "[interventions.x]\nweek = 5\nset.'front.sd' = 0.0\nadd.channels.back.legs.kyiv = { state = 'ukraine' }\n"
    for key in (
        "interventions.x.wek",
        "interventions.x.set",
        "interventions.x.set.front.start",
        "interventions.x.add.aid.y.maximum",
        "interventions.x.add.channels.back.legs.kyiv.acess",
        "interventions.y.week",
        "interventions.x.week.x",
    ):
        assert "--set: " in complaint_about(more, {key: 1})
    later = load("mine.toml", {"interventions.x.add.channels.back.legs.kyiv.access": 0.9})
    assert later.eras[1].world.channels["back"].legs["kyiv"].access == 0.9


def test_a_set_value_that_does_not_fit_the_others_is_refused_as_set():
    assert complaint_about("", {"escalation.claim_factor": 50}).startswith("--set: escalation.claim_factor")


# Inheriting


# fmt: off
PARENTS = [
    ("extends = 'referense'", "did you mean 'reference'?"),
    ("extends = 3", "extends = 3 is not text"),
    ("extends = ['reference']", "is not text (one parent"),
    ("extends = ''", "is not a shipped scenario"),
    ("extends = 'other.toml'", "no such file in the same folder"),
    ("extends = '../other.toml'", "must be a file in the same folder"),
    ("extends = 'below/other.toml'", "must be a file in the same folder"),
    ("extends = '/etc/other.toml'", "must be a file in the same folder"),
    ("extends = 'a\\b.toml'", "must be a file in the same folder"),
    ('extends = "a\\u0000.toml"', "must be a file in the same folder"),
    ('extends = "\\u001b.toml"', "no such file"),
    ("extends = 'mine.toml'", "extends goes in a circle: mine.toml -> mine.toml"),
    ("extends = 'folder.toml'", "folder.toml: is a folder, not a file"),
    ("without = ['channels.back']", "without needs extends"),
    ("extends = 'reference'\nwithout = 'channels.back'", "is not a list of names"),
    ("extends = 'reference'\nwithout = ['aid.x']", "nothing inherited is called 'aid.x'"),
    ("extends = 'reference'\nwithout = ['states.ukrain']", "did you mean 'states.ukraine'?"),
    ("extends = 'reference'\nwithout = ['states']", "'states' is not an entry"),
    ("extends = 'reference'\nwithout = ['front.start']", "'front.start' is not an entry"),
    ("extends = 'reference'\nwithout = ['states.russia.side.x']", "nothing inherited is called"),
    ("extends = 'reference'\nwithout = ['states.ukraine']", "there is no 'ukraine' in [states]"),
    ("extends = 'reference'\nwithout = ['']", "nothing inherited is called"),
]
# fmt: on


@pytest.mark.parametrize(("line", "reason"), PARENTS)
def test_what_cannot_be_inherited_is_refused(line, reason):
    Path("folder.toml").mkdir()
    assert reason in complaint(write(line))


def test_a_circle_of_files_is_named():
    write("extends = 'b.toml'", "a.toml")
    write("extends = 'c.toml'", "b.toml")
    write("# the circle closes\nextends = 'a.toml'", "c.toml")
    assert complaint("a.toml") == "c.toml:2: extends goes in a circle: a.toml -> b.toml -> c.toml -> a.toml"


def test_a_circle_through_a_link_is_found():
    write("extends = 'b.toml'", "a.toml")
    Path("b.toml").symlink_to("a.toml")
    assert "extends goes in a circle" in complaint("a.toml")


def test_a_link_may_not_lead_out_of_the_folder():
    write("extends = 'reference'", "elsewhere/other.toml")
    Path("here").mkdir()
    Path("here/other.toml").symlink_to("../elsewhere/other.toml")
    assert 'here/mine.toml:1: extends = "other.toml" leads out of the folder' in complaint(
        write("extends = 'other.toml'", "here/mine.toml")
    )


def test_a_mistake_in_a_parent_is_reported_in_the_parent():
    write("extends = 'reference'\n[front]\nstart = 2\n", "parent.toml")
    assert complaint(write("extends = 'parent.toml'")).startswith("parent.toml:3: front.start = 2")


# Hostile files


def test_a_name_that_is_nothing_is_refused_with_the_nearest_scenario():
    assert complaint("referense") == "\"referense\" is neither a shipped scenario nor a file; did you mean 'reference'?"
    for source in ("", "a\0b", "x" * 10_000, "/", "missing/mine.toml", "\x1b[2J", "\ud800"):
        complaint(source)


def test_a_path_is_never_taken_for_a_shipped_name():
    assert "neither" in complaint(Path("reference"))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes among its files")
def test_a_folder_a_pipe_and_a_dangling_link_are_not_files():
    Path("folder").mkdir()
    os.mkfifo("pipe")
    Path("dangling").symlink_to("nowhere")
    Path("loop").symlink_to("loop")
    assert complaint("folder") == "folder: is a folder, not a file"
    assert complaint("pipe") == "pipe: is not a regular file"
    assert "cannot be read" in complaint("dangling")
    assert "cannot be read" in complaint("loop")
    assert "is not a regular file" in complaint("/dev/zero")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser, and Windows, reads everything")
def test_a_file_without_permission_is_refused():
    Path(write(BASE)).chmod(0)
    assert "Permission denied" in complaint("mine.toml")


def test_a_path_that_cannot_be_one_is_refused():
    with pytest.raises(ScenarioError, match="is not the name of a file"):
        read_document(Path("a\0b"))


def test_a_file_that_cannot_be_read_is_refused(monkeypatch):
    write(BASE)

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert complaint("mine.toml") == "mine.toml: cannot be read (Permission denied)"


def test_a_file_of_ten_megabytes_is_refused_by_its_size():
    assert complaint(write(b"#" * 10_000_000)) == "mine.toml: is larger than 1000 kB, the most a scenario may be"
    assert LARGEST_BYTES == 1_000_000


def test_text_that_is_not_utf8_is_refused_with_its_line():
    assert complaint(write(b"a = 1\nb = '\xff'\n")) == "mine.toml:2: is not UTF-8 text (byte 0xff)"
    assert "is not UTF-8" in complaint(write(BASE.encode("utf-16")))


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm():
    write(b"\xef\xbb\xbf" + BASE.replace("\n", "\r\n").encode() + b"[front]\r\nstart = 2\r\n")
    assert complaint("mine.toml").startswith(f"mine.toml:{AFTER + 1}: front.start = 2")


# fmt: off
NOT_TOML = [
    ("a = 1\na = 2\n", 2),
    ("[front]\n[front]\n", 2),
    ("a = \n", 1),
    ("a = 1\nb", 2),
    ("x = '\x00'", 1),
    ("x = '''\n\n", 1),
    ("[a\n", 1),
    ("x = " + "9" * 5000, 1),
]
# fmt: on


@pytest.mark.parametrize(("text", "line"), NOT_TOML, ids=short)
def test_what_is_not_toml_is_refused_with_its_line(text, line):
    assert complaint(write(text)).startswith(f"mine.toml:{line}: is not TOML: ")


def test_deep_nesting_is_refused():
    assert "nested" in complaint(write("a = " + "[" * 100_000))
    assert "nested" in complaint(write("a = " + "[" * 90 + "]" * 90))
    assert "nested" in complaint(write("[" + ".".join("a" * 300) + "]"))
    assert "nested" in complaint(write("a = " + "{a = " * 90 + "1" + "}" * 90))
    assert complaint(write("\n" + ".".join("a" * 400_000) + " = 1")) == "mine.toml:2: is nested more than 16 deep"
    assert "nested" in complaint(write('"a".' * 16 + "b = 1"))


@pytest.mark.parametrize(
    "key", [".".join("a" * 17), "[" + ".".join("a" * 17), "'a' . " * 16 + "b", '"a\\"".' * 16 + "b"]
)
def test_a_key_of_too_many_parts_is_refused_before_it_is_read_for_that_takes_memory_by_its_square(key, monkeypatch):
    monkeypatch.setattr(read.tomllib, "loads", None)
    assert complaint(write(f"a = 1\n{key} = 1")) == "mine.toml:2: is nested more than 16 deep"


def test_dots_in_texts_remarks_and_lists_are_no_nesting():
    harmless = ["# " + "a." * 600, "title = '" + "a." * 600 + "'", 'description = """\n' + "a." * 600 + '\n"""']
    assert load(write("\n".join([*harmless, BASE]))).description.startswith("a.a.")
    assert "parties = [0.1, 0.1" in complaint(write(BASE + "[table]\nparties = [" + "0.1, " * 600 + "]"))


@pytest.mark.parametrize("table", ["channels", "states", "interventions", "issues"])
def test_arrays_of_tables_are_refused_with_the_way_to_write_it(table):
    message = complaint(write(f"[[{table}]]\nhome = 'x'\n"))
    assert f"mine.toml:1: {table} is not a table of named entries; write [{table}.NAME]" in message


# fmt: off
FULL = {
    "unknown keys": lambda size: "".join(f"key_{number} = 1\n" for number in range(size)),
    "keys nearly right": lambda size: "[front]\n" + "".join(f"start{number} = 1\n" for number in range(size)),
    "an inline table": lambda size: "[front]\nstart.x = { " + ", ".join(f"s{number} = 1" for number in range(size)) + " }\n",
    "states": lambda size: "".join(f"[states.s{number}]\n" for number in range(size)),
    "issues": lambda size: "[states.russia.aims]\n" + "".join(f"i{number} = 1\n" for number in range(size)),
    "parties": lambda size: "[table]\nparties = [" + "'x'," * size + "]\n",
    "left out": lambda size: "extends = 'reference'\nwithout = [" + "'aid.united_states_to_ukraine'," * size + "]\nx=1",
    "removed": lambda size: "[interventions.x]\nweek=1\nremove = [" + "'a'," * size + "]\n",
    "a long key": lambda size: "x" * size,
    "a long quoted key": lambda size: '"' + "x" * size + '" = 1',
    "a long text": lambda size: "x = '" + "." * 500 + "'\n" + 'front = "' + "\\u0001" * size + '"',
    "keys set": lambda size: "extends = 'reference'\n[interventions.x]\nweek=1\n[interventions.x.set]\n"
    + "".join(f"s{number} = 1\n" for number in range(size)),
    "dotted keys": lambda size: "".join(f"k{number}{'.a' * 10} = 1\n" for number in range(size)),
    "a key of many parts": lambda size: ".".join("a" * size) + " = 1",
    "keys of many parts": lambda size: "".join(f"k{number}{'.a' * 400} = 1\n" for number in range(size)),
    "brackets": lambda size: "a = " + "[" * size,
    "quotes": lambda size: "a = " + '"""\\' * size,
}
# fmt: on


@pytest.mark.parametrize("text", FULL.values(), ids=FULL)
def test_twice_the_file_takes_at_most_about_twice_the_steps_to_refuse(text):
    few, many = (steps_of(lambda size=size: complaint(write(text(size)))) for size in (1_500, 3_000))
    assert many < 2.5 * few


def test_steps_that_grow_with_the_square_are_seen():
    few, many = (steps_of(lambda size=size: [0 for _ in range(size * size)]) for size in (100, 200))
    assert many > 2.5 * few


@pytest.mark.parametrize("table", ["front", "interventions.x.set"])
def test_however_many_keys_are_unknown_no_more_than_a_thousand_are_compared_with_the_known_ones(table, monkeypatch):
    compared = []
    monkeypatch.setattr(difflib, "get_close_matches", lambda word, words, n: compared.append(word) or [])
    text = f"extends = 'reference'\n[interventions.x]\nweek = 1\n[{table}]\n"
    message = complaint(write(text + "".join(f"unheard{number} = 1\n" for number in range(5_000))))
    assert message.splitlines()[-1] == "and at least 982 more mistakes"
    assert 20 <= len(compared) <= 1_001


def test_a_message_is_cut_however_long_a_name_is():
    assert len(complaint(write('"' + "x" * 100_000 + '" = 1'))) < 2_000
    assert len(complaint("x" * 100_000)) < 200


def test_a_file_with_a_strange_name_is_named_printably():
    name = write("front = 3", "a\nb\x1b.toml")
    assert complaint(name).startswith("a\\nb\\x1b.toml:1: ")


@pytest.mark.parametrize("name", ["résumé.toml", "доклад.toml", "報告.toml", "تقرير.toml", "दस्तावेज़.toml"])
def test_letters_of_any_script_are_shown_as_they_are(name):
    assert complaint(write("front = 3", name)).startswith(f"{name}:1: ")
    assert complaint(write(f"'{name}' = 3")).startswith(f"mine.toml:1: unknown key '\"{name}\"'")


@pytest.mark.parametrize(
    ("odd", "shown"),
    [
        ("\n", "\\n"),
        ("\r", "\\r"),
        ("\x1b[2K", "\\x1b[2K"),
        ("\u202e", "\\u202e"),
        ("\u2028", "\\u2028"),
        ("\x9b", "\\x9b"),
    ],
)
def test_a_name_can_forge_no_line(odd, shown):
    name = f"a{odd}mine"
    for message in (complaint(write("front = 3", f"{name}.toml")), complaint(name), complaint(write(BASE), {name: 1})):
        assert not any(line.startswith("mine") for line in message.splitlines())
        assert f"a{shown}mine" in message.replace("\\u00", "\\x")


def test_a_name_that_is_not_utf8_is_shown_by_its_bytes():
    Path(os.fsdecode(b"a\xff.toml")).write_text("front = 3", encoding="utf-8")
    assert complaint(os.fsdecode(b"a\xff.toml")).startswith("a\\xff.toml:1: ")


def test_files_outside_the_working_directory_are_named_in_full(tmp_path, monkeypatch):
    write("front = 3", "elsewhere/mine.toml")
    Path("here").mkdir()
    monkeypatch.chdir("here")
    assert complaint(tmp_path / "elsewhere" / "mine.toml").startswith(f"{tmp_path}/elsewhere/mine.toml:1: ")


# Anything at all

REFERENCE = (shipped("scenarios") / "reference.toml").read_text(encoding="utf-8")
RICH = BASE.replace('extends = "reference"\n', REFERENCE) + (
    "[interventions.kyiv]\nweek = 26\nremove = ['aid.united_states_to_ukraine']\nexpose = 'back'\n"
    '[interventions.kyiv.set]\n"officials.envoy.candour" = 1.0\n'
    "[interventions.kyiv.add.channels.back.legs.kyiv]\nstate = 'ukraine'\n"
)
LINES = [line for line in RICH.split("\n") if line and not line.startswith("#")]
VALUES = [
    "1",
    "-1",
    "0.5",
    "nan",
    "inf",
    "true",
    "'russia'",
    "'x'",
    "[]",
    "['russia']",
    "{}",
    "{ x = 1 }",
    "1979-05-27",
    "9" * 400,
]


def mutated(seed):
    """Return the text of a valid scenario with a few of its lines dropped, doubled, moved or given another value."""
    luck = random.Random(seed)
    lines = list(LINES)
    for _ in range(luck.randint(1, 4)):
        at = luck.randrange(len(lines))
        match luck.randrange(5):
            case 0:
                del lines[at]
            case 1:
                lines.insert(luck.randrange(len(lines)), lines[at])
            case 2:
                lines.insert(luck.randrange(len(lines)), lines.pop(at))
            case 3:
                lines[at] = re.sub(r"= .*", lambda _: f"= {luck.choice(VALUES)}", lines[at])
            case 4:
                other = luck.choice(re.findall(r"\w+", RICH))
                words = re.findall(r"\w+", lines[at]) or ["x"]
                lines[at] = lines[at].replace(luck.choice(words), other)
    return "\n".join(lines)


def loads_or_complains(content):
    try:
        scenario = load(write(content))
    except ScenarioError as error:
        check_fit_to_print(str(error))
    else:
        assert set(scenario.origins) == {row.key for row in scenario.show()}
        assert Scenario.from_dict(scenario.to_dict()) == scenario


def test_the_scenario_that_is_mutated_below_is_valid():
    assert isinstance(load(write("\n".join(LINES))), Scenario)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_a_mutated_scenario_loads_or_is_refused_and_nothing_else(seed):
    loads_or_complains(mutated(seed))


@settings(max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60) | st.text("[]{}='\".,#\n ab1\\", max_size=60).map(str.encode))
def test_any_bytes_load_or_are_refused_and_nothing_else(content):
    loads_or_complains(content)
    loads_or_complains(BASE.encode() + content)


toml_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["russia", "back"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=3,
)
KEYS = list(load("reference").origins)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=10), toml_values, max_size=3))
def test_any_set_values_are_taken_or_refused_and_nothing_else(values):
    try:
        load("reference").with_values(values)
    except ScenarioError as error:
        check_fit_to_print(str(error))


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=20)
    | st.sampled_from(KEYS).flatmap(lambda key: st.text(max_size=10).map(lambda rest: f"{key}={rest}"))
)
def test_any_set_text_is_read_or_refused_and_nothing_else(text):
    try:
        load("reference", dict([parse_set(text)]))
    except ScenarioError as error:
        check_fit_to_print(str(error))


def test_a_deep_stack_does_not_turn_into_a_traceback():
    text = "a = " + "[" * (sys.getrecursionlimit() // 2) + "]" * (sys.getrecursionlimit() // 2)
    complaint(write(text))
