"""A line set out in a channel, in whole replicates."""

from functools import cache
from math import log, sqrt

import pytest

from sim.engines.open import War
from tests.engines.worlds import busy, first_difference, moved, played, row_of, scenario_of, tree_of

SEED, REPLICATES = 31, 12
LIAR = "track-1.5-misrepresenting-kyiv-visited"
HONEST = "track-1.5-honest-kyiv-visited"
STILL = {"table__convening": 0.0, "table__attempt_weeks": 5200}  # nobody learns at a table


@cache
def lined(name, **more):
    """Return a busy scenario in which lines are set out; keys with __ for a dot, of the channel unless they name a table."""
    values = {"channels.back.speech": "line"}
    for key, value in more.items():
        name_of = key.replace("__", ".")
        values[name_of if "." in name_of else f"channels.back.{key}"] = value
    return busy(name).with_values(values)


def for_both(scenario, **values):
    """Return a scenario with values for both its envoys."""
    officials = scenario.values["officials"]
    return scenario.with_values(
        {f"officials.{one}.{name}": value for one in officials for name, value in values.items()}
    )


def notes(talks, *kinds):
    return [event for event in talks.events if event.kind in kinds]


def channel_of(talks):
    return next(iter(talks.channels))


def test_where_nothing_is_adopted_a_liar_is_candid_to_the_last_bit():
    for number in range(REPLICATES):
        candid = row_of(for_both(lined(LIAR), candour=1.0), SEED, number)
        liar = row_of(for_both(lined(LIAR), candour=0.0, adopts=0.0), SEED, number)
        assert moved(candid, liar) == {}
        assert liar["misrepresented.back"] == 0.0


def test_a_line_is_set_out_once_to_each_audience_and_asks_more_than_the_official_position():
    false = 0
    for number in range(REPLICATES):
        talks = played(lined(LIAR), SEED, number)
        told = notes(talks, "conveys", "misrepresents")
        assert len({event.to for event in told}) == len(told) <= 2
        for event in notes(talks, "misrepresents"):
            false += 1
            assert event.detail["conveyed"] > event.detail["official"]
        assert talks.row()["misrepresented.back"] == len(notes(talks, "misrepresents"))
    assert false > REPLICATES


def test_the_share_of_lines_passed_off_is_what_the_envoys_lack_in_candour():
    """Lines of two envoys with candour .4, to two audiences each. False alarms: below 1 in 10,000 (four standard errors)."""
    scenario = for_both(lined(LIAR, concedes_to="russia"), candour=0.4, adopts=0.9)
    told, false = 0, 0
    for number in range(60):
        talks = War(scenario, SEED, number)
        talks.step()
        told += len(notes(talks, "conveys", "misrepresents"))
        false += len(notes(talks, "misrepresents"))
    assert told == 120
    assert abs(false / told - 0.6) < 4 * sqrt(0.6 * 0.4 / told)


def test_an_honest_private_line_teaches_nothing_of_home_but_whose_it_is():
    """Where nobody believes in a mandate; what others believe of the official position is public."""
    surely_private = {
        "believed_authorised_trustworthy": 1e-6,
        "believed_authorised_untrustworthy": 1e-6,
        "believed_freelance": 1.0,
        "verification": 0.0,
    }
    scenario = lined(HONEST, **surely_private, **STILL)
    for number in range(REPLICATES):
        talks = War(scenario, SEED, number)
        before = [tuple(state.estimate(talks.states[2])) for state in talks.states[:2]]
        talks.step()
        channel = channel_of(talks)
        for state, (mean, _) in zip(talks.states[:2], before, strict=True):
            heard = channel.view_of(state).hearing_of(channel.home)
            assert heard.begun
            assert heard.straight.c == pytest.approx(mean, abs=1e-4)
            assert heard.straight.c == pytest.approx(heard.crooked.c, abs=1e-4)
            assert channel.view_of(state).credibility != log(0.73 / 0.27)


def test_an_authorised_line_that_is_home_s_brings_the_hearer_nearer_to_the_truth():
    nearer = 0
    scenario = lined(HONEST, authorised=True, believed_freelance=0.0, noise=0.1)
    for number in range(REPLICATES):
        talks = War(scenario, SEED, number)
        home, hearer = talks.states[2], talks.states[0]
        before = abs(hearer.estimate(home)[0] - home.log_cost)
        talks.step()
        heard = channel_of(talks).view_of(hearer).hearing_of(home)
        nearer += abs(heard.straight.c - home.log_cost) < before
    assert nearer >= 10


def test_an_idea_of_the_envoys_own_is_no_message_about_home_and_stands_on_the_record():
    scenario = for_both(lined(LIAR, attributed="own", concedes_to="russia"), candour=0.0, adopts=0.9)
    for number in range(REPLICATES):
        talks = played(scenario, SEED, number)
        channel = channel_of(talks)
        assert len(notes(talks, "floats")) == 2
        assert not notes(talks, "conveys", "misrepresents", "checks")
        assert channel.on_record
        for state in talks.states[:2]:
            assert not channel.view_of(state).hearing_of(channel.home).begun
        assert (channel.believed_offer(True), channel.believed_offer(False)) == (0.5, 0.5)
        assert channel.believed_offer_if_freelance() == 0.5


def test_a_check_settles_whose_a_line_is_and_no_second_one_follows():
    for candour, odds in ((0.0, 0.0), (1.0, 1.0)):
        scenario = for_both(lined(LIAR, verification=1.0, concedes_to="russia"), candour=candour, adopts=0.9)
        for number in range(4):
            talks = played(scenario, SEED, number)
            row = talks.row()
            assert row["checked.back"] == 2.0
            assert row["caught.back"] == 2.0 * (1.0 - odds)
            assert [row[f"credibility.back.{one}"] for one in ("russia", "ukraine")] == pytest.approx([odds, odds])


def test_home_s_belief_about_others_is_said_once_to_each_audience_in_whichever_channel_comes_first():
    tree = tree_of(lined(HONEST, verification=0.0, **STILL))
    tree["channels"]["second"] = tree["channels"]["back"] | {"envoys": ["second_envoy"]}
    tree["channels"]["back"]["envoys"] = ["envoy"]
    talks = War(scenario_of(tree), SEED, 0)
    talks.step()
    russia, ukraine, _ = talks.states
    passed_on = [
        channel.view_of(one).hearing_of(other).passed_on
        for channel in talks.channels
        for one, other in ((russia, ukraine), (ukraine, russia))
    ]
    assert passed_on == [True, True, False, False]
    held = [russia.estimate(ukraine), ukraine.estimate(russia)]
    again = War(scenario_of(tree), SEED, 0)
    for _ in range(3):
        again.step()
    heard = channel_of(again).view_of(again.states[0]).hearing_of(again.states[1])
    assert heard.straight.c == pytest.approx(held[0][0], abs=1e-9)  # meetings of weeks 1 and 3, one belief


def test_what_is_passed_on_is_what_home_believes_and_not_the_truth():
    tree = tree_of(lined(HONEST, noise=0.01, verification=0.0))
    for number in range(4):
        talks = War(scenario_of(tree), SEED, number)
        russia, ukraine, home = talks.states
        opinion, first = russia.toward(ukraine), home.estimate(ukraine)
        mean, variance = opinion.mean, opinion.variance
        noise = first[1] ** 2 + 0.01**2
        told = (mean / variance + first[0] / noise) / (1.0 / variance + 1.0 / noise)
        talks.step()
        heard = channel_of(talks).view_of(russia).hearing_of(ukraine)
        assert heard.straight.c == pytest.approx(told, abs=0.05)  # the saying has an error of .01, a week has passed
        assert heard.straight.c == heard.crooked.c


def test_a_channel_that_speaks_of_home_alone_leaves_beliefs_about_others_untouched():
    talks = played(lined(LIAR, about="home"), SEED, 0)
    channel = channel_of(talks)
    for state in talks.states[:2]:
        for other in talks.states[:2]:
            assert not channel.view_of(state).hearing_of(other).begun


def test_an_envoy_without_a_lean_brings_home_the_truth_and_one_with_it_the_bluff_that_home_suspects():
    talks = War(lined(HONEST), SEED, 0)
    channel, russia = channel_of(talks), talks.states[0]
    assert channel.inward_slant(russia) == -russia.bluff


def test_denial_and_silence_move_the_odds_of_a_line_by_the_rule():
    """In a week without a meeting, of lines that nobody has asked home about."""
    seen = {"denies": 0, "stays_silent": 0}
    for number in range(4 * REPLICATES):
        talks = War(lined(LIAR, verification=0.0, deny_freelance=0.5, **STILL), SEED, number)
        channel, told = channel_of(talks), talks.states[:2]
        while talks.running and not channel.exposed_week:
            before = [(one.mandate_of(channel), channel.view_of(one).credibility) for one in told]
            talks.step()
        answer = notes(talks, "denies", "stays_silent")
        if not answer or talks.week % 2 == 1:
            continue
        kind = answer[0].kind
        authorised, freelance = (0.6, 0.5) if kind == "denies" else (0.4, 0.5)
        for state, (mandate, odds) in zip(told, before, strict=True):
            seen[kind] += 1
            factor = (mandate * authorised + (1.0 - mandate) * freelance) / freelance
            assert channel.view_of(state).credibility - odds == pytest.approx(log(factor), abs=1e-9)
    assert min(seen.values()) > 0


def test_shading_is_what_it_was_where_no_line_is_asked_for():
    one = busy(LIAR)
    same = one.with_values({"channels.back.speech": "shading", "channels.back.believed_candour": 0.2})
    assert first_difference(played(one, SEED, 0), played(same, SEED, 0)) == "no event differs"
