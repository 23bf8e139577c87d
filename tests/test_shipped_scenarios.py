"""The scenarios that ship: each differs from its parent in what its title says and in nothing else, and each runs."""

import re
import tomllib
from fnmatch import fnmatchcase
from functools import cache

import pytest

from sim.engines.open import War
from sim.rules.outcomes import OUTCOMES
from sim.scenario.load import load
from sim.shipped import GROUPS, UNGROUPED, grouped, shipped, shipped_names
from sim.steps.events import KINDS

NAMES = shipped_names("scenarios")


def both(*names):
    """The keys of the same parameters of both envoys."""
    return {f"officials.{envoy}.{name}" for envoy in ("envoy", "second_envoy") for name in names}


KEPT_OUT = {"table.parties"}
KYIV = {"channels.back.legs.kyiv.*"}
LEAK = {"interventions.leak.*"}
ESSAY = "secret-track-1.5"

# Each scenario: the one it extends, and the keys whose effective values differ from it, besides title and description.
TOLD = {"channels.back.briefing", "channels.back.briefs.ukraine.*"}
# What follows from a key by its declaration (a persona, a track) is written out: it is part of the difference.
DIFFERENCES = {
    "reference": (None, set()),
    "two-states-known-costs": (None, set()),
    "silent-observer": ("reference", {"states.observer.*", "states.*.toward.observer.*"}),
    "ukraine-kept-out": ("reference", KEPT_OUT),
    "ukraine-overruled": ("ukraine-kept-out", {"states.ukraine.blocking", "states.ukraine.believed_blocking"}),
    "front-gives-way": ("reference", {"front.response", "aid.united_states_to_ukraine.*"}),
    "with-european-union": (
        "reference",
        KEPT_OUT
        | {"states.european_union.*", "states.*.toward.european_union.*", "states.ukraine.strength"}
        | {"guarantees.european_union_for_ukraine.*", "aid.european_union_to_ukraine.*"},
    ),
    "with-chinese-broker": ("reference", KEPT_OUT | {"states.china.*", "states.*.toward.china.*"}),
    ESSAY: ("reference", {"officials.envoy.*", "officials.second_envoy.*", "channels.back.*"}),
    "secret-track-1": (
        ESSAY,
        {f"channels.back.{key}" for key in ("track", "authorised", "transfer_home", "believed_freelance")},
    ),
    "secret-track-2": (ESSAY, {f"channels.back.{key}" for key in ("track", "transfer_audience", "believed_freelance")}),
    "open-track-1.5": (ESSAY, {"channels.back.secret"}),
    "hosted-channel-becomes-the-table": (
        ESSAY,
        KEPT_OUT
        | KYIV
        | {"states.norway.*", "states.*.toward.norway.*", "states.united_states.pledges", "table.breakdown"}
        | {f"channels.back.{key}" for key in ("host", "host_discretion", "becomes_table")},
    ),
    "track-1.5-authorised": (ESSAY, {"channels.back.authorised"}),
    "track-1.5-never-exposed": (ESSAY, both("discretion")),
    "track-1.5-exposed": (ESSAY, LEAK),
    "track-1.5-exposed-denied": ("track-1.5-exposed", {"interventions.leak.deny"}),
    "track-1.5-exposed-met-with-silence": ("track-1.5-exposed", {"interventions.leak.stay_silent"}),
    "track-1.5-exposed-disowned": ("track-1.5-exposed", {"interventions.leak.disown"}),
    "track-1.5-kyiv-visited-later": (ESSAY, {"interventions.add_kyiv.*"}),
    "track-1.5-stopped": (ESSAY, {"interventions.stop_it.*"}),
    "track-1.5-envoys-replaced": (ESSAY, {"interventions.change_envoy.*"}),
    "track-1.5-persona-honest-broker": (
        ESSAY,
        both("persona", "candour", "shading", "lean", "susceptibility", "discretion"),
    ),
    "track-1.5-persona-self-promoter": (ESSAY, both("persona", "candour", "discretion")),
    "track-1.5-persona-captured": (ESSAY, both("persona", "candour", "lean")),
    "track-1.5-persona-credulous": (ESSAY, both("persona", "candour", "susceptibility")),
    "track-1.5-persona-authorised-envoy": (
        ESSAY,
        both("persona", "candour", "shading", "lean", "susceptibility", "discretion") | {"channels.back.authorised"},
    ),
    "secret-track-2-persona-expert-academic": (
        "secret-track-2",
        both("persona", "candour", "shading", "lean", "acuity"),
    ),
    "track-1.5-persona-captured-nuclear-claims": ("track-1.5-persona-captured", {"channels.back.claim_rate"}),
    "track-1.5-persona-captured-no-nuclear-claims": (
        "track-1.5-persona-captured-nuclear-claims",
        {"channels.back.claim_rate"},
    ),
    "track-1.5-honest": (ESSAY, both("candour")),
    "track-1.5-misrepresenting": (ESSAY, both("candour")),
    "track-1.5-honest-kyiv-visited": ("track-1.5-honest", KYIV),
    "track-1.5-misrepresenting-kyiv-visited": ("track-1.5-misrepresenting", KYIV),
    "track-1.5-honest-kyiv-told": ("track-1.5-honest", TOLD),
    "track-1.5-misrepresenting-kyiv-told": ("track-1.5-misrepresenting", TOLD),
    "open-track-1": ("secret-track-1", {"channels.back.secret"}),
    "track-1.5-at-its-best": ("track-1.5-honest-kyiv-told", both("discretion") | {"channels.back.authorised"}),
    "track-1.5-own-ideas-kyiv-visited": (
        "track-1.5-misrepresenting-kyiv-visited",
        {f"channels.back.{key}" for key in ("speech", "attributed")},
    ),
    "track-1.5-honest-ukraine-kept-out": ("track-1.5-honest", KEPT_OUT),
    "track-1.5-misrepresenting-ukraine-kept-out": ("track-1.5-misrepresenting", KEPT_OUT),
    "track-1.5-honest-kyiv-visited-ukraine-kept-out": ("track-1.5-honest-kyiv-visited", KEPT_OUT),
    "track-1.5-misrepresenting-kyiv-visited-ukraine-kept-out": ("track-1.5-misrepresenting-kyiv-visited", KEPT_OUT),
}

# What a scenario may write with a capital inside a sentence: places, peoples, institutions, months; never a person.
PROPER_NAMES = {"China", "Chinese", "European Union", "Kremlin", "Kyiv", "Moscow", "Russia", "Ukraine", "Ukrainians"}
PROPER_NAMES |= {"United States", "Washington", "Norway", "December"}
INSIDE_A_SENTENCE = re.compile(r"(?<=[a-z0-9,;] )[A-Z][a-z]+(?: [A-Z][a-z]+)*")


@cache
def loaded(name):
    return load(name)


@cache
def played(name, replicate, seed=7):
    return War(loaded(name), seed, replicate).run()


def changed(name, parent):
    """The keys in which a scenario differs from another, besides the words about it."""
    keys = {key for key, _, _ in loaded(name).differences(loaded(parent))}
    return keys - {"title", "description"}


def comparable(row):
    """Return a row whose missing values equal each other."""
    return {key: None if value != value else value for key, value in row.items()}


# What the files say


def test_every_shipped_scenario_is_in_the_table_of_differences():
    assert sorted(DIFFERENCES) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_differs_from_its_parent_in_what_it_means_to_and_nothing_else(name):
    parent, patterns = DIFFERENCES[name]
    said = tomllib.loads((shipped("scenarios") / f"{name}.toml").read_text(encoding="utf-8"))
    assert said.get("extends") == parent
    if parent is not None:
        keys = changed(name, parent)
        assert {key for key in keys if not any(fnmatchcase(key, pattern) for pattern in patterns)} == set()
        assert {pattern for pattern in patterns if not any(fnmatchcase(key, pattern) for key in keys)} == set()


def test_every_shipped_scenario_is_in_one_group_and_every_group_holds_shipped_ones():
    members = [name for names in GROUPS.values() for name in names]
    assert [name for name in NAMES if name not in members] == [], "in no group of sim/shipped.py"
    assert sorted(members) == NAMES


def test_a_scenario_in_no_group_is_listed_after_the_groups():
    assert grouped(["mine", "reference", "secret-track-1"]) == {
        "Inclusion and misrepresentation": ["reference"],
        "Tracks": ["secret-track-1"],
        UNGROUPED: ["mine"],
    }


CHANNEL_FIRST = re.compile(
    r"(secret-track-(1|1\.5|2)|open-track-(1|1\.5)|track-1\.5-.+|secret-track-2-.+|hosted-channel-.+)"
)


@pytest.mark.parametrize("name", [name for name in NAMES if loaded(name).values["channels"]])
def test_the_name_of_a_scenario_says_its_channel_first_and_truly(name):
    assert CHANNEL_FIRST.fullmatch(name)
    back = loaded(name).values["channels"]["back"]
    assert back["secret"] == (not name.startswith("open-"))
    if "track-" in name:
        assert name.split("track-")[1].split("-")[0] == back["track"]


UNSAID = {"hosted-channel-becomes-the-table", "two-states-known-costs"}


@pytest.mark.parametrize("name", [name for name in NAMES if name not in UNSAID])
def test_the_name_of_a_scenario_says_whether_kyiv_is_visited_and_ukraine_kept_out(name):
    worlds = [era.world for era in loaded(name).eras]
    visited = {leg.state for world in worlds for channel in world.channels.values() for leg in channel.legs.values()}
    assert ("kyiv-visited" in name) == ("ukraine" in visited)
    kept_out = any("ukraine" not in world.table.parties for world in worlds)
    assert ("ukraine-kept-out" in name or name == "ukraine-overruled") == kept_out


def test_no_two_scenarios_are_the_same_case():
    values = {name: {**loaded(name).values, "title": "", "description": ""} for name in NAMES}
    same = [(one, other) for one in NAMES for other in NAMES if one < other and values[one] == values[other]]
    assert same == []


def test_no_two_scenarios_are_described_in_the_same_words():
    for words in ("title", "description"):
        assert len({getattr(loaded(name), words) for name in NAMES}) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_has_a_short_title_and_a_description_in_sentences(name):
    scenario = loaded(name)
    assert 10 <= len(scenario.title) <= 70
    assert "\n" not in scenario.title
    assert len(scenario.description) >= 80
    assert scenario.description.strip().endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_no_person_is_named(name):
    text = (shipped("scenarios") / f"{name}.toml").read_text(encoding="utf-8")
    comments = re.findall(r"(?:^# .*\n)+|(?<=\S)  ?# .*\n", text, re.MULTILINE)
    for words in (loaded(name).title, loaded(name).description, *comments):
        one_line = " ".join(words.replace("#", "").split())
        assert set(INSIDE_A_SENTENCE.findall(one_line)) - PROPER_NAMES == set()


@pytest.mark.parametrize("suffix", ["", "-kyiv-visited", "-ukraine-kept-out", "-kyiv-visited-ukraine-kept-out"])
def test_misrepresentation_contrasts_change_candour_only(suffix):
    honest, misrepresenting = f"track-1.5-honest{suffix}", f"track-1.5-misrepresenting{suffix}"
    assert changed(misrepresenting, honest) == both("candour")
    candour = [loaded(name).values["officials"]["envoy"]["candour"] for name in (honest, misrepresenting)]
    assert candour[0] == 1.0
    assert candour[1] <= 0.5


@pytest.mark.parametrize("name", [name for name in NAMES if "back" in loaded(name).values["channels"]])
def test_both_envoys_are_of_one_kind(name):
    officials = loaded(name).values["officials"]
    assert officials["envoy"] == officials["second_envoy"]


def test_misrepresenting_envoys_do_so_as_often_as_hearers_expect_of_a_crooked_source():
    values = loaded("track-1.5-misrepresenting").values
    expected = values["channels"]["back"]["crooked_falsehood"]
    assert values["officials"]["envoy"]["candour"] == pytest.approx(1 - expected)


def test_the_essays_case_leaves_ukraine_out_of_the_channel_and_at_the_table():
    values = loaded(ESSAY).values
    assert [leg["state"] for leg in values["channels"]["back"]["legs"].values()] == ["russia"]
    assert "ukraine" in values["table"]["parties"]


def test_a_second_patron_leaves_the_drift_of_the_front_as_measured():
    world = loaded("with-european-union").eras[0].world
    fear = world.escalation.prior
    aid = sum(flow.maximum * (1 - flow.sensitivity * fear) for flow in world.aid.values())
    balance = world.states["russia"].strength - world.states["ukraine"].strength - aid
    assert world.front.response * balance == pytest.approx(0.00025)


def test_trust_in_the_second_patron_is_that_of_those_with_an_opinion():
    trust = loaded("with-european-union").values["states"]["ukraine"]["toward"]["european_union"]["trust"]
    assert trust == pytest.approx(0.46 / (0.46 + 0.19), abs=0.005)


# What the cases do


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("replicate", [0, 1])
def test_every_scenario_runs_to_an_outcome(name, replicate):
    row = played(name, replicate).row()
    assert row["outcome"] in OUTCOMES
    assert row["success"] == (row["outcome"] == "success")


def exposure(name, replicate):
    return played(name, replicate).channel("back").exposed_week


@pytest.mark.parametrize(
    "name",
    [
        "track-1.5-exposed",
        "track-1.5-exposed-denied",
        "track-1.5-exposed-met-with-silence",
        "track-1.5-exposed-disowned",
    ],
)
def test_an_exposed_channel_comes_to_light_in_its_week(name):
    assert exposure(name, 0) == 26
    kinds = [event.kind for event in played(name, 0).events if event.week == 26]
    assert ("disowns" in kinds) == (name == "track-1.5-exposed-disowned")
    if name != "track-1.5-exposed":
        assert ("stays_silent" in kinds) == (name == "track-1.5-exposed-met-with-silence")


def test_a_channel_that_is_never_exposed_has_no_event_of_exposure():
    kinds = {event.kind for replicate in range(3) for event in played("track-1.5-never-exposed", replicate).events}
    assert kinds & {"comes_to_light", "denies", "stays_silent", "pays_audience_cost"} == set()


def test_an_open_channel_is_known_from_its_first_week_and_costs_nobody():
    assert exposure("open-track-1.5", 0) == 1
    assert "pays_audience_cost" not in {event.kind for event in played("open-track-1.5", 0).events}


def test_honest_envoys_misrepresent_nothing_and_the_others_most_meetings():
    for replicate in range(2):
        assert played("track-1.5-honest", replicate).channel("back").misrepresented == 0
    back = played("track-1.5-misrepresenting", 0).channel("back")
    assert 0 < back.misrepresented < back.meetings


def test_no_claim_is_brought_home_where_the_claim_rate_is_zero():
    for name, claimed in (
        ("track-1.5-persona-captured-nuclear-claims", True),
        ("track-1.5-persona-captured-no-nuclear-claims", False),
    ):
        kinds = {event.kind for event in played(name, 0).events}
        assert ("claims_escalation" in kinds) == claimed


def test_a_stop_in_kyiv_added_in_a_week_is_a_leg_that_starts_then():
    started = load("track-1.5-honest-kyiv-visited").with_values(
        {"officials.envoy.candour": 0.9, "officials.second_envoy.candour": 0.9, "channels.back.legs.kyiv.start": 26}
    )
    for replicate in range(3):
        one, other = played("track-1.5-kyiv-visited-later", replicate).row(), War(started, 7, replicate).run().row()
        assert comparable(one) == comparable(other)


def test_a_channel_that_is_stopped_is_one_that_ended_the_week_before():
    ended = load(ESSAY).with_values({"channels.back.end": 25})
    for replicate in range(5):
        one, other = played("track-1.5-stopped", replicate).row(), War(ended, 7, replicate).run().row()
        assert comparable(one) == comparable(other)


def test_nobody_but_the_new_envoys_meets_after_the_change():
    speakers = {
        event.actor
        for event in played("track-1.5-envoys-replaced", 0).events
        if event.kind == "meets" and event.week > 25
    }
    assert speakers == {"broker", "second_broker"}


@pytest.mark.parametrize(
    "name",
    [
        "track-1.5-exposed",
        "track-1.5-exposed-denied",
        "track-1.5-exposed-met-with-silence",
        "track-1.5-exposed-disowned",
    ],
)
def test_what_is_exposed_later_is_until_then_as_if_it_never_were(name):
    early = [
        [str(event) for event in played(one, 1).events if event.week < 26] for one in (name, "track-1.5-never-exposed")
    ]
    assert early[0] == early[1] != []


# Every kind of event


RICH = (
    "track-1.5-honest-kyiv-told",
    "track-1.5-own-ideas-kyiv-visited",
    "track-1.5-persona-captured-nuclear-claims",
    "ukraine-overruled",
    "track-1.5-honest-kyiv-visited-ukraine-kept-out",
    "track-1.5-exposed-met-with-silence",
    "track-1.5-exposed-disowned",
    "reference",
    "front-gives-way",
    "hosted-channel-becomes-the-table",
)


def test_every_kind_of_event_occurs_in_some_shipped_scenario():
    unseen = set(KINDS)
    for replicate in range(20):
        for name in RICH:
            if unseen:
                unseen -= {event.kind for event in played(name, replicate).events}
    assert unseen == set()
