"""A channel that becomes the table of its own parties."""

from functools import cache

from tests.engines.worlds import busy, moved, played, row_of, scenario_of, tree_of

SEED, REPLICATES, WEEK = 41, 10, 6
PARTIES = ("russia", "united_states")
# Everyone sits down, and envoys keep their secret.
WILLING = {"table_cost": 0.0, "goodwill": 1.0}


@cache
def scenario(discretion=1.0, week=WEEK, **table):
    tree = tree_of(busy("secret-track-1.5"))
    tree["channels"]["back"] |= {"becomes_table": week}
    tree["table"] |= table
    for state in tree["states"].values():
        state.update(WILLING)
    for official in tree["officials"].values():
        official["discretion"] = discretion
    return scenario_of(tree)


def every(made, count=REPLICATES):
    return [played(made, SEED, number) for number in range(count)]


def of_kind(talks, kind):
    return [event for event in talks.events if event.kind == kind]


def test_from_its_week_on_the_table_is_that_of_the_parties_of_the_channel():
    opened = 0
    for talks in every(scenario()):
        (event,) = of_kind(talks, "becomes_table")
        assert (event.week, event.actor, event.detail["parties"]) == (WEEK, "back", PARTIES)
        for opening in of_kind(talks, "opens"):
            late = opening.week >= WEEK
            opened += late
            assert opening.detail["parties"] == (PARTIES if late else ("russia", "ukraine", "united_states"))
    assert opened > 0


def test_it_opens_in_that_week_if_its_parties_would_join_with_nobody_to_convene_them():
    for talks in every(scenario(convening=0.0)):
        assert talks.first_opening == WEEK


def test_it_does_not_open_where_a_party_sees_no_gain():
    tree = tree_of(scenario())
    tree["states"]["russia"] |= {"table_cost": 10.0, "goodwill": 0.0}
    for talks in every(scenario_of(tree)):
        assert all(event.week < WEEK for event in of_kind(talks, "opens"))


def test_an_open_table_is_left_and_counts_as_no_failure():
    """It was opened by decree in week 1; nothing that was seen or conceded at it counts at the other."""
    left = 0
    for talks in every(scenario(opens=1)):
        if talks.first_opening == 1 and not any(event.week < WEEK for event in of_kind(talks, "fails")):
            left += 1
            here = [event.kind for event in talks.events if event.week == WEEK]
            assert "fails" not in here or here.index("opens") < here.index("fails")
            rounds = [event.detail["round"] for event in of_kind(talks, "offers") if event.week == WEEK]
            assert rounds in ([], [1])
    assert left > 0


def test_who_has_no_seat_any_more_faces_a_done_deal():
    faced = 0
    for talks in every(scenario(), 30):
        for event in talks.events:
            if event.kind in ("puts_up_with", "rejects_done_deal"):
                faced += 1
                assert (event.actor, event.week >= WEEK) == ("ukraine", True)
    assert faced > 0


def test_a_secret_table_becomes_known_by_its_deal_undenied_and_those_in_it_pay():
    surfaced = 0
    for talks in every(scenario(), 30):
        for event in of_kind(talks, "comes_to_light"):
            surfaced += 1
            here = [one for one in talks.events if one.week == event.week]
            assert not any(one.kind in ("denies", "stays_silent") for one in here)
            assert any(one.kind in ("signs", "fails") for one in here)
            assert {one.actor for one in here if one.kind == "pays_audience_cost"} == set(PARTIES)
            learnt = [one for one in here if one.cause == "a deal was made in the channel"]
            assert {(one.actor, one.to) for one in learnt} == {("ukraine", "united_states")}
    assert surfaced > 0


def test_a_pledge_broken_at_a_secret_table_is_seen_once_it_is_known():
    tree = tree_of(scenario(opens=WEEK))
    tree["states"]["united_states"] |= {"pledges": ["ukraine"], "reliability": 0.0}
    seen = 0
    for talks in every(scenario_of(tree), 30):
        broken = [one.week for one in talks.events if one.cause == "is left out in spite of a pledge"]
        known = talks.channel("back").exposed_week
        assert broken == ([known] if known and talks.first_opening else [])
        seen += len(broken)
    assert seen > 0


def test_a_channel_that_closed_before_its_week_does_not_become_the_table():
    tree = tree_of(scenario())
    tree["interventions"] = {"disowned": {"week": WEEK - 1, "disown": "back"}}
    for talks in every(scenario_of(tree)):
        assert of_kind(talks, "becomes_table") == []
        assert talks.seated_names == ("russia", "ukraine", "united_states")


def test_a_channel_that_closed_after_its_week_stays_the_table():
    tree = tree_of(scenario())
    tree["interventions"] = {"disowned": {"week": WEEK + 1, "disown": "back"}}
    for talks in every(scenario_of(tree)):
        assert talks.week <= WEEK or talks.seated_names == PARTIES


def test_without_the_channel_the_seats_are_those_of_the_scenario_again():
    tree = tree_of(scenario())
    tree["interventions"] = {"over": {"week": WEEK + 3, "remove": ["channels.back"]}}
    for talks in every(scenario_of(tree)):
        assert talks.week < WEEK + 3 or talks.seated_names == ("russia", "ukraine", "united_states")


def test_a_week_beyond_the_horizon_moves_no_bit():
    for number in range(REPLICATES):
        never, beyond = row_of(scenario(week=0), SEED, number), row_of(scenario(week=99), SEED, number)
        assert moved(never, beyond) == {}


def test_two_states_alone_at_the_table_move_into_their_channel_without_a_trace():
    """From week 1 on, with every attempt made, the channel of the only two at the table is that table."""
    tree = tree_of(scenario(week=0))
    tree["table"] |= {"parties": list(PARTIES), "convening": 1.0, "attempt_weeks": 1}
    tree["channels"]["back"]["secret"] = False
    one = scenario_of(tree)
    tree["channels"]["back"]["becomes_table"] = 1
    for number in range(REPLICATES):
        assert moved(row_of(one, SEED, number), row_of(scenario_of(tree), SEED, number)) == {}
