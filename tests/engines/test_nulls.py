"""What must change nothing changes no bit; and the same comparison sees what should change something.

Each null is compared in worlds in which a lot happens, under the same luck. The long versions are in tests/campaigns.
"""

import pytest

from sim.rules.outcomes import OUTCOMES
from sim.scenario import interventions
from tests.campaigns import candour_null, legs_null, seat_null, shading_null, silent_observer
from tests.campaigns.mirror import apart
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


def assert_nothing_moves(campaign, fewest_outcomes=3):
    """Run a hundredth of a campaign; worlds in which nothing happens would prove nothing."""
    result = campaign.run(campaign.SIZE // 100, campaign.SEED)
    assert campaign.wrong(result) == []
    assert len(result["outcomes"]) >= fewest_outcomes
    assert result["outcomes"].get("never_opened", 0) < result["replicates"] / 2


def assert_something_moves(twins, replicates=3, seed=5, read=dict):
    assert compared(twins, replicates, seed, read)["differ"] > 0


# The silent observer


def test_a_third_party_that_only_looks_on_moves_no_bit():
    assert_nothing_moves(silent_observer)


def test_an_observer_is_no_longer_silent_once_it_can_block():
    pairs = silent_observer.twins()[:1]
    assert_something_moves([(one, other.with_values({"states.observer.blocking": 1.0})) for one, other in pairs])


# A seat that is worth nothing


def test_a_seat_for_a_state_that_could_block_anyway_and_asks_for_no_more_outside_moves_no_bit():
    """A refusal is labelled vetoed from outside and impasse from inside: read as one."""
    assert_nothing_moves(seat_null)


@pytest.mark.parametrize(
    "change",
    [{"grievance": 1.0}, {"blocking": 0.3}, {"shows_answers": True}, {"proposes": True}, {"table_cost": 2.0}],
    ids=lambda change: next(iter(change)),
)
def test_a_seat_is_worth_something_once_one_of_its_conditions_fails(change):
    assert_something_moves(seat_null.twins(**change)[:1], 12, read=seat_null.one_label)


def test_a_veto_from_outside_is_an_impasse_from_inside():
    vetoed = 0
    for one, other in seat_null.twins()[:1]:
        for number in range(6):
            kept_out, seated = row_of(one, 5, number), row_of(other, 5, number)
            vetoed += kept_out["failures.vetoed"]
            assert seated["failures.vetoed"] == 0.0
            total = kept_out["failures.vetoed"] + kept_out["failures.impasse"]
            assert seated["failures.impasse"] == total
    assert vetoed > 0.0


def test_where_a_state_stands_in_the_file_moves_a_worthless_seat_by_rounding_only():
    """Rows of states kept out come after those of the seated, so the last bits of products may differ."""
    for one, other in seat_null.twins(last=False)[:1]:
        for number in range(8):
            rows = [seat_null.one_label(row_of(scenario, 5, number)) for scenario in (one, other)]
            for name, (mine, theirs) in moved(*rows).items():
                assert apart(mine, theirs) < 1e-6, name


# Candour and shading


def test_at_candour_one_neither_shading_nor_what_is_believed_of_offers_moves_a_bit():
    assert_nothing_moves(candour_null)


def test_below_candour_one_shading_moves_something():
    assert_something_moves(candour_null.twins(candour=0.5)[:1])


def test_at_shading_zero_candour_moves_no_bit_but_the_count_of_misrepresented_meetings():
    assert_nothing_moves(shading_null)


def test_at_shading_zero_the_count_of_misrepresented_meetings_does_move():
    one, other = shading_null.twins()[0]
    rows = row_of(one, 5, 0), row_of(other, 5, 0)
    assert set(moved(*rows)) == {"misrepresented.back"}
    assert rows[0]["misrepresented.back"] == 0.0 < rows[1]["misrepresented.back"] == rows[1]["meetings.back"]


def test_above_shading_zero_candour_moves_something_else():
    assert_something_moves(shading_null.twins(shading=1.5)[:1], read=shading_null.what_happens)


# Channels that reach nobody


def test_channels_and_legs_that_reach_nobody_and_keep_their_secret_move_no_bit():
    assert_nothing_moves(legs_null)


@pytest.mark.parametrize("change", [{"transfer_audience": 1.0}, {"transfer_home": 1.0}], ids=str)
def test_a_channel_that_reaches_somebody_moves_something(change):
    assert_something_moves(legs_null.twins(**change)[:1], read=legs_null.what_happens)


def test_meeting_takes_political_will_only_where_it_costs_something():
    """At contact cost 0 a channel meets whenever it is due."""
    scenario = busy("secret-track-1.5").with_values({"table.convening": 0.0, "table.attempt_weeks": 5200})
    assert row_of(scenario, 5, 0)["meetings.back"] == 20.0
    assert row_of(scenario.with_values({"states.russia.contact_cost": 10.0}), 5, 0)["meetings.back"] == 0.0


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
    assert_something_moves([(one, one.with_values({"channels.back.envoys": ["second_envoy", "envoy"]}))])


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


@pytest.mark.parametrize(
    "key",
    [
        "states.ukraine.reliability",
        "states.ukraine.optimism",
        "states.ukraine.toward.united_states.trust",
        "states.ukraine.toward.united_states.intelligence",
        "front.start",
        "channels.back.credibility",
    ],
)
def test_what_no_intervention_may_change_is_read_before_the_first_week_alone(key, monkeypatch):
    """If it were read later too, refusing to change it would take something away."""
    monkeypatch.setattr(interventions, "READ_AT_START", ())
    scenario = busy("secret-track-1.5")
    tree = tree_of(scenario)
    value = {"front.start": 0.6, "states.ukraine.reliability": 0.0}.get(key, 0.9)
    tree["interventions"] = {"late": {"week": 2, "set": {key: value}}}
    later, from_the_start = scenario_of(tree), scenario.with_values({key: value})
    rows = [row_of(scenario, 3, number) for number in range(20)]
    assert all(moved(rows[number], row_of(later, 3, number)) == {} for number in range(3))
    assert any(moved(rows[number], row_of(from_the_start, 3, number)) for number in range(20))
