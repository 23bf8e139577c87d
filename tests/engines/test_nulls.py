"""What must change nothing changes no bit; and the same comparison sees what should change something.

Each null is compared in worlds in which a lot happens, under the same luck. Their table is tests/campaigns/nulls.py.
"""

import pytest

from sim.rules.outcomes import OUTCOMES
from sim.scenario import interventions
from tests.campaigns.mirror import apart
from tests.campaigns.nulls import NULLS
from tests.engines.worlds import (
    busy,
    compared,
    first_difference,
    moved,
    played,
    row_of,
    scenario_of,
    tree_of,
)

SEAT, SHADING = NULLS["seat-null"], NULLS["shading-null"]
FAILED_CONDITIONS = [
    ("silent-observer", {"blocking": 1.0}),
    ("seat-null", {"grievance": 1.0}),
    ("seat-null", {"blocking": 0.3}),
    ("seat-null", {"shows_answers": True}),
    ("seat-null", {"proposes": True}),
    ("seat-null", {"table_cost": 2.0}),
    ("candour-null", {"candour": 0.5}),
    ("shading-null", {"shading": 1.5}),
    ("legs-null", {"transfer_audience": 1.0}),
    ("legs-null", {"transfer_home": 1.0}),
]


@pytest.mark.parametrize("name", NULLS)
def test_twins_that_differ_in_what_has_no_effect_agree_in_every_bit(name):
    """A hundredth of the campaign; worlds in which nothing happens would prove nothing."""
    null = NULLS[name]
    result = null.run(null.SIZE // 100, null.SEED)
    assert null.wrong(result) == []
    assert len(result["outcomes"]) >= 3
    assert result["outcomes"].get("never_opened", 0) < result["replicates"] / 2


@pytest.mark.parametrize(("name", "change"), FAILED_CONDITIONS, ids=str)
def test_twins_differ_once_one_of_their_conditions_fails(name, change):
    null = NULLS[name]
    replicates = 12 if name == "seat-null" else 3
    assert compared(null.twins(**change)[:1], replicates, 5, null.read)["differ"] > 0


def test_a_veto_from_outside_is_an_impasse_from_inside():
    vetoed = 0
    for outside, inside in SEAT.twins()[:1]:
        for number in range(6):
            kept_out, seated = row_of(outside, 5, number), row_of(inside, 5, number)
            vetoed += kept_out["failures.vetoed"]
            assert seated["failures.vetoed"] == 0.0
            total = kept_out["failures.vetoed"] + kept_out["failures.impasse"]
            assert seated["failures.impasse"] == total
    assert vetoed > 0.0


def test_where_a_state_stands_in_the_file_moves_a_worthless_seat_by_rounding_only():
    """Rows of states kept out come after those of the seated, so the last bits of products may differ."""
    for twins in SEAT.twins(last=False)[:1]:
        for number in range(8):
            rows = [SEAT.read(row_of(scenario, 5, number)) for scenario in twins]
            for name, (mine, theirs) in moved(*rows).items():
                assert apart(mine, theirs) < 1e-6, name


def test_at_shading_zero_the_count_of_misrepresented_meetings_does_move():
    candid, lying = SHADING.twins()[0]
    rows = row_of(candid, 5, 0), row_of(lying, 5, 0)
    assert set(moved(*rows)) == {"misrepresented.back"}
    assert rows[0]["misrepresented.back"] == 0.0 < rows[1]["misrepresented.back"] == rows[1]["meetings.back"]


def test_meeting_takes_political_will_only_where_it_costs_something():
    """At contact cost 0 a channel meets whenever it is due."""
    scenario = busy("secret-track-1.5").with_values({"table.convening": 0.0, "table.attempt_weeks": 5200})
    assert row_of(scenario, 5, 0)["meetings.back"] == 20.0
    assert row_of(scenario.with_values({"states.russia.contact_cost": 10.0}), 5, 0)["meetings.back"] == 0.0


def test_unwilling_officials_hold_no_meeting_and_track_two_needs_none():
    quiet = busy("secret-track-1.5").with_values({"table.convening": 0.0, "table.attempt_weeks": 5200})
    nobody_in_moscow = quiet.with_values({"states.russia.willing": 0.0})
    nobody_at_home = quiet.with_values({"states.united_states.willing": 0.0})
    assert row_of(nobody_in_moscow, 5, 0)["meetings.back"] == 0.0
    assert row_of(nobody_at_home, 5, 0) == row_of(quiet, 5, 0)  # envoys of track 1.5 do not serve
    track = {"channels.back.track": "1"}
    assert row_of(nobody_at_home.with_values(track), 5, 0)["meetings.back"] == 0.0
    assert row_of(nobody_in_moscow.with_values({"channels.back.track": "2"}), 5, 0)["meetings.back"] == 20.0


def test_willing_is_the_share_of_meetings_that_are_held():
    """Of 20 meetings in each of 60 replicates; false alarms below 1 in 10,000 (four standard errors)."""
    scenario = busy("secret-track-1.5").with_values(
        {"table.convening": 0.0, "table.attempt_weeks": 5200, "states.russia.willing": 0.7}
    )
    held = sum(row_of(scenario, 5, number)["meetings.back"] for number in range(60))
    assert abs(held / 1200 - 0.7) < 4 * (0.7 * 0.3 / 1200) ** 0.5


# Order and names


def test_the_order_in_which_former_officials_stand_in_the_file_moves_no_bit():
    one = busy("secret-track-1.5")
    tree = tree_of(one)
    tree["officials"] = dict(reversed(tree["officials"].items()))
    assert compared([(one, scenario_of(tree))], 5, 5)["differ"] == 0


def test_an_official_who_speaks_nowhere_moves_no_bit():
    one = busy("secret-track-1.5")
    tree = tree_of(one)
    tree["officials"] = {"retired": {"home": "ukraine", "persona": "self_promoter"}} | tree["officials"]
    assert compared([(one, scenario_of(tree))], 5, 5)["differ"] == 0


def test_who_speaks_first_matters_where_the_two_envoys_differ():
    one = busy("secret-track-1.5").with_values({"officials.envoy.candour": 0.0, "officials.second_envoy.candour": 1.0})
    other = one.with_values({"channels.back.envoys": ["second_envoy", "envoy"]})
    assert compared([(one, other)], 3, 5)["differ"] > 0


def test_words_about_a_scenario_move_no_bit():
    one = busy("reference")
    tree = tree_of(one) | {"title": "Another title", "description": "Other words."}
    assert compared([(one, scenario_of(tree, name="other"))], 3, 5)["differ"] == 0


def test_with_one_proposer_the_order_of_states_matters_by_rounding_only():
    """Order decides whose turn it is; with one proposer nothing is left but the order of sums and products."""
    tree = tree_of(busy("secret-track-1.5"))
    for state in ("ukraine", "united_states"):
        tree["states"][state]["proposes"] = False
    turned = tree | {"states": dict(reversed(tree["states"].items()))}
    one, other = scenario_of(tree), scenario_of(turned)
    for number in range(8):
        for name, (mine, theirs) in moved(row_of(one, 5, number), row_of(other, 5, number)).items():
            assert apart(mine, theirs) < 1e-5, (number, name)


def test_the_weeks_before_a_change_do_not_know_of_it():
    """What holds from week 20 moves no event of weeks 1 to 19, whatever it is."""
    one = busy("secret-track-1.5")
    later = {"week": 20, "set": {"channels.back.verification": 1.0}, "remove": ["guarantees.united_states_for_ukraine"]}
    other = scenario_of(tree_of(one) | {"interventions": {"later": later}})
    for number in range(4):
        runs = [played(scenario, 5, number) for scenario in (one, other)]
        early = [[str(event) for event in talks.events if event.week < 20] for talks in runs]
        assert early[0] == early[1], first_difference(*runs)
        assert str(runs[0].events) != str(runs[1].events)


def test_a_longer_horizon_moves_no_event_before_the_shorter_one_ends():
    one = busy("secret-track-1.5")
    other = one.with_values({"weeks": 60})
    for number in range(4):
        short, long = played(one, 5, number).events, played(other, 5, number).events
        ended = short[-1]
        assert ended.kind == "ends"
        assert [str(event) for event in long[: len(short) - 1]] == [str(event) for event in short[:-1]]


def test_another_seed_or_replicate_is_another_war():
    one = busy("reference")
    rows = [row_of(one, seed, number) for seed, number in ((5, 0), (5, 1), (6, 0), (5, 0))]
    assert moved(rows[0], rows[3]) == {}
    assert moved(rows[0], rows[1]) != {} != moved(rows[0], rows[2])
    assert {row["outcome"] for row in rows} <= set(OUTCOMES)


# Keys that stand for the patterns of what no intervention may change, and another value of each.
ONLY_AT_START = {
    "states.ukraine.reliability": 0.0,
    "states.ukraine.optimism": 0.9,
    "states.ukraine.toward.united_states.trust": 0.9,
    "states.ukraine.toward.united_states.intelligence": 0.9,
    "front.start": 0.6,
    "channels.back.credibility": 0.9,
    "channels.back.secret": False,
}


@pytest.mark.parametrize("key", ONLY_AT_START)
def test_what_no_intervention_may_change_is_read_before_the_first_week_alone(key, monkeypatch):
    """If it were read later too, refusing to change it would take something away."""
    monkeypatch.setattr(interventions, "ONLY_AT_START", {})
    scenario = busy("secret-track-1.5")
    tree = tree_of(scenario)
    value = ONLY_AT_START[key]
    tree["interventions"] = {"late": {"week": 2, "set": {key: value}}}
    later, from_the_start = scenario_of(tree), scenario.with_values({key: value})
    rows = [row_of(scenario, 3, number) for number in range(20)]
    assert all(moved(rows[number], row_of(later, 3, number)) == {} for number in range(3))
    assert any(moved(rows[number], row_of(from_the_start, 3, number)) for number in range(20))
