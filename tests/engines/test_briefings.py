"""States that are told of a channel, in whole replicates."""

from functools import cache
from itertools import product
from math import log, sqrt

import pytest

from sim.engines.ensemble import rows_of
from sim.engines.open import War
from sim.rules.briefings import seen_by_type
from sim.steps.columns import columns_of
from tests.engines.worlds import busy, moved, of_envoys, played, row_of, scenario_of, tree_of

SEED = 53
STILL = {"table.convening": 0.0, "table.attempt_weeks": 5200, "channels.back.verification": 0.0}
READ = {
    "channels.back.briefing": "read",
    "channels.back.believed_brief_trustworthy": 0.7,
    "channels.back.believed_brief_untrustworthy": 0.35,
}
SILENT = of_envoys(discretion=1.0)
KYIV = "trust.ukraine.united_states"


@cache
def told(week=0, name="secret-track-1.5"):
    """Return a still world in which home tells Ukraine of the channel from a week on (0: from its first)."""
    tree = tree_of(busy(name).with_values(STILL | READ | SILENT))
    tree["channels"]["back"]["briefs"] = {"ukraine": {"week": week}}
    return scenario_of(tree)


@cache
def visited(week):
    """Return a still world in which the envoys go to Kyiv from a week on."""
    scenario = busy("track-1.5-honest-kyiv-visited").with_values(STILL | READ | SILENT)
    return scenario.with_values({"channels.back.legs.kyiv.start": week})


def moves(talks):
    return [event for event in talks.events if event.kind == "trust_moves" and event.actor == "ukraine"]


def test_a_stop_in_kyiv_is_one_step_of_trust_in_whichever_week_it_comes():
    """Limit: where nobody talks. In the first edition the first week was no event and the second a leak."""
    ends = {week: row_of(visited(week), SEED, 0)[KYIV] for week in (1, 2, 8, 26)}
    assert len(set(ends.values())) == 1
    assert ends[1] != row_of(visited(39).with_values({"channels.back.end": 38}), SEED, 0)[KYIV]


def test_a_stop_after_the_channel_has_ended_moves_nothing():
    never = visited(30).with_values({"channels.back.end": 20})
    assert not any(event.kind == "is_told" for event in played(never, SEED, 0).events)
    assert row_of(never, SEED, 0)[KYIV] == pytest.approx(0.63)


@pytest.mark.parametrize(("week", "from_week"), [(0, 1), (12, 12)])
def test_home_tells_a_state_once_in_the_week_named(week, from_week):
    talks = played(told(week), SEED, 0)
    assert [(event.week, event.actor, event.to) for event in talks.events if event.kind == "is_told"] == [
        (from_week, "ukraine", "united_states")
    ]
    [move] = moves(talks)
    assert (move.week, move.cause) == (from_week, "is told of the channel")
    by_type = [seen_by_type(rho, 0.3, brief, 0.5) for rho, brief in ((0.15, 0.7), (0.6, 0.35))]
    assert move.detail["log_factor"] == pytest.approx(log(by_type[0] / by_type[1]), abs=1e-9)


def test_a_briefing_moves_its_holder_s_own_trust_and_the_public_one_once_the_channel_is_known():
    tree = tree_of(told(5))
    tree["interventions"] = {"leak": {"week": 20, "expose": "back", "stay_silent": "back"}}
    talks = War(scenario_of(tree), SEED, 0)
    opinion = talks.states[1].toward(talks.states[2])
    apart = []
    for _ in range(25):
        talks.step()
        apart.append(opinion.log_odds - opinion.public_odds)
    factor = moves(talks)[0].detail["log_factor"]
    assert apart[3] == 0.0
    assert apart[4:19] == pytest.approx([factor] * 15, abs=1e-9)
    assert apart[19:] == pytest.approx([0.0] * 6, abs=1e-9)
    assert [event.cause for event in moves(talks)] == [
        "is told of the channel", "reads the record of the channel", "stays_silent",
    ]  # fmt: skip


def test_being_told_where_nobody_reads_it_only_means_that_a_leak_is_no_news():
    scenario = told(5).with_values({"channels.back.briefing": "unread"})
    tree = tree_of(scenario)
    tree["interventions"] = {"leak": {"week": 20, "expose": "back"}}
    talks = played(scenario_of(tree), SEED, 0)
    assert any(event.kind == "is_told" for event in talks.events)
    assert moves(talks) == []


def test_a_state_that_home_does_not_support_reads_neither_gift_nor_slight():
    """Russia, visited later, and a third party that nobody arms: the likelihoods of being told fall out."""
    talks = played(busy("secret-track-1.5").with_values(READ), SEED, 0)
    channel, russia = talks.channels[0], talks.states[0]
    for told_of in (True, False):
        assert channel.likelihood_if_authorised(russia, True, told_of, False) == 1.0
        assert channel.likelihood_if_freelance(russia, told_of, False) == 1.0


def test_in_a_public_channel_to_be_told_is_no_event():
    scenario = told(0, "open-track-1.5")
    talks = played(scenario, SEED, 0)
    plain = tree_of(scenario)
    del plain["channels"]["back"]["briefs"]
    untold = played(scenario_of(plain), SEED, 0)
    assert [(event.cause, event.detail["log_factor"]) for event in moves(untold)] == [
        ("a public channel", pytest.approx(moves(untold)[0].detail["log_factor"]))
    ]
    assert talks.row()[KYIV] == untold.row()[KYIV]


def test_briefs_that_are_not_there_and_likelihoods_that_are_equal_move_no_bit():
    base = busy("track-1.5-honest-kyiv-visited")
    unread = base.with_values({"channels.back.believed_brief_trustworthy": 0.9})
    for number in range(3):
        assert moved(row_of(base, SEED, number), row_of(unread, SEED, number)) == {}


def test_over_whole_replicates_nobody_expects_the_news_of_a_channel_to_move_trust():
    """Martingale: types, mandate, briefing, record and answer occur as often as believed; all is exposed in the end.

    Eight worlds of 300 replicates, weighed by their probabilities. False alarms: four standard errors, 1 in 10,000.
    """
    rho, phi, trust = (0.3, 0.35), 0.3, 0.63
    brief, offer, deny = (0.7, 0.35, 0.5), (0.45, 0.55, 0.5), (0.6, 0.97)
    believed = {
        "believed_authorised_trustworthy": rho[0], "believed_authorised_untrustworthy": rho[1],
        "believed_freelance": phi, "believed_offer_trustworthy": offer[0], "believed_offer_untrustworthy": offer[1],
        "believed_offer_freelance": offer[2], "deny_authorised": deny[0], "deny_freelance": deny[1],
    }  # fmt: skip
    as_lines = {"channels.back.speech": "line", **of_envoys(adopts=0.9)}
    base = busy("secret-track-1.5").with_values(
        STILL | READ | SILENT | as_lines | {f"channels.back.{key}": value for key, value in believed.items()}
    )
    total, mean, variance = 0.0, 0.0, 0.0
    for trustworthy, authorised, is_told in product((True, False), repeat=3):
        mandate = rho[0] if trustworthy else rho[1]
        case = (0 if trustworthy else 1) if authorised else 2
        weight = (trust if trustworthy else 1.0 - trust) * (mandate if authorised else (1.0 - mandate) * phi)
        weight *= brief[case] if is_told else 1.0 - brief[case]
        tree = tree_of(
            base.with_values(
                {
                    "states.united_states.reliability": float(trustworthy),
                    "channels.back.authorised": authorised,
                    **of_envoys(candour=1.0 - offer[case]),
                }
            )
        )
        tree["channels"]["back"]["briefs"] = {"ukraine": {"week": 3}} if is_told else {}
        tree["interventions"] = {"leak": {"week": 20, "expose": "back"}}
        scenario = scenario_of(tree)
        place = [column.name for column in columns_of(scenario)].index(KYIV)
        ends = rows_of(scenario, SEED, 0, 300)[:, place]
        total += weight
        mean += weight * ends.mean()
        variance += weight * weight * ends.var() / len(ends)
    known_if = [seen_by_type(one, phi, 1.0, 1.0) for one in rho]
    known = trust * known_if[0] / (trust * known_if[0] + (1.0 - trust) * known_if[1])
    assert abs(mean / total - known) < 4 * sqrt(variance) / total
    assert sqrt(variance) / total < 0.005  # a drift of two points would be seen
