"""Talks that a refusal may end, channels that help to open a table, and governments that look ahead."""

import numpy as np
import pytest

import sim
from sim.engines.open import War
from sim.rules.war import expected_front
from sim.scenario.load import load
from sim.study.play.replicates import run
from tests.engines.worlds import busy, played

SEED = 11
STATES = ("russia", "ukraine", "united_states")


def rows(scenario, replicates=400):
    """Return the columns of a scenario in a few hundred replicates."""
    return run(scenario, replicates, SEED, engine="compiled").columns


def same(one, other, but=()):
    """Return whether two tables of columns are equal to the last bit, in all columns that both have."""
    return all(
        np.array_equal(one[name], other[name], equal_nan=True) for name in one if name in other and name not in but
    )


def refusals(talks):
    """Return for each round in which an offer was made: the week, and whether a seated state refused it."""
    weeks = {event.week: False for event in talks.events if event.kind == "offers"}
    weeks |= {event.week: True for event in talks.events if event.kind == "refuses"}
    return weeks


# Breakdown


def test_where_refusals_end_nothing_the_draws_of_breakdown_are_not_looked_at():
    scenario = busy("reference")
    for number in range(20):
        assert not [event for event in played(scenario, SEED, number).events if event.kind == "break_down"]


def test_where_a_refusal_ends_the_talks_for_sure_none_goes_on_and_a_pass_ends_nothing():
    scenario = busy("reference").with_values({"table.breakdown": 1.0} | everybody(goodwill=1.0, cost_median=0.01))
    passes, broken = 0, 0
    for number in range(40):
        talks = played(scenario, SEED, number)
        for week, refused in refusals(talks).items():
            fails = [
                e for e in talks.events if e.kind == "fails" and e.week == week and e.detail["reason"] == "impasse"
            ]
            assert bool(fails) or not refused
            broken += refused
        passing = [event.week for event in talks.events if event.kind == "passes"]
        passes += sum(not [e for e in talks.events if e.kind == "break_down" and e.week == week] for week in passing)
    assert broken > 20
    assert passes > 0


def test_talks_are_alive_after_k_refusals_with_probability_one_less_breakdown_to_the_k():
    """4.5 standard deviations: a false alarm once in 150,000."""
    chance = 0.3
    scenario = busy("reference").with_values({"table.breakdown": chance} | everybody(goodwill=1.0))
    refused = ended = 0
    for number in range(60):
        talks = played(scenario, SEED, number)
        refused += sum(refusals(talks).values())
        ended += sum(event.kind == "break_down" for event in talks.events)
    assert refused > 200
    assert abs(ended - chance * refused) < 4.5 * (refused * chance * (1.0 - chance)) ** 0.5


def everybody(**values):
    """Return the same values for every state of the reference."""
    return {f"states.{state}.{name}": value for state in STATES for name, value in values.items()}


# Bridging


def two_legs(**values):
    """Return the secret channel with a leg to Kyiv as well, nobody held back from meeting."""
    base = sim.load("track-1.5-honest-kyiv-visited")
    return base.with_values({f"channels.back.{name}": value for name, value in values.items()})


def test_a_channel_whose_bridge_is_one_changes_no_bit_however_long_it_counts():
    without = rows(two_legs())
    assert same(without, rows(two_legs().with_values({"table.bridge_weeks": 1})))
    assert not same(without, rows(two_legs(bridge=3.0)))


def test_to_reach_one_side_only_is_no_bridge():
    scenario = load("secret-track-1.5")
    assert same(rows(scenario), rows(scenario.with_values({"channels.back.bridge": 3.0})))


def test_home_counts_for_the_side_it_supports_where_the_scenario_says_so():
    scenario = load("secret-track-1.5").with_values({"channels.back.bridge": 3.0})
    assert not same(rows(scenario), rows(scenario.with_values({"channels.back.bridge_home": True})))


@pytest.mark.parametrize("bridge", [0.5, 3.0])
def test_attempts_are_made_as_often_as_the_odds_say_while_the_channel_bridges(bridge):
    """All would join, so the share of attempts that open is that of convening; 4.5 standard deviations."""
    convening = 0.2
    values = {"table.convening": convening, "table.attempt_weeks": 8, "table.opens": 0, "weeks": 9}
    scenario = two_legs(bridge=bridge, cadence_weeks=1, transfer_audience=1.0).with_values(
        values | everybody(goodwill=1.0)
    )
    scenario = scenario.with_values(everybody(contact_cost=0.0))
    opened = (rows(scenario, 2000)["openings"] > 0).mean()
    odds = convening / (1.0 - convening) * bridge
    likely = odds / (1.0 + odds)
    assert abs(opened - likely) < 4.5 * (likely * (1.0 - likely) / 2000) ** 0.5


# Looking ahead


def test_who_looks_nowhere_ahead_reckons_with_the_front_as_it_stands():
    talks = War(load("reference").with_values(everybody(lookahead=0.0)), SEED, 0)
    talks.step()
    assert [state.war_worth for state in talks.states] == [worth_of_war(talks, state, 0.0) for state in talks.states]


def test_each_looks_ahead_by_itself():
    scenario = load("reference").with_values({"states.russia.lookahead": 150.0, "states.ukraine.lookahead": 10.0})
    talks = War(scenario, SEED, 0)
    talks.step()
    for name, weeks in (("russia", 150.0), ("ukraine", 10.0)):
        state = talks.state(name)
        assert state.war_worth == pytest.approx(worth_of_war(talks, state, weeks), abs=1e-15)
    assert talks.state("russia").war_worth > worth_of_war(talks, talks.state("russia"), 0.0)


def worth_of_war(talks, state, weeks):
    """Return what fighting on is worth to a state, by the book: 1 less the weighted squares of what it would miss."""
    front = expected_front(talks.front.position, talks.drift(), weeks)
    lost = 0.0
    for issue in talks.issues:
        ends = front if issue.contested else issue.status_quo
        lost += state.on(issue).weight * (ends - state.on(issue).aim) ** 2
    return 1.0 - lost
