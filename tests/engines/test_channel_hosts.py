"""The host of a channel: named, discreet, talkative."""

import numpy as np

from sim.engines.ensemble import rows_of
from sim.scenario.load import load
from sim.steps.columns import columns_of
from tests.engines.worlds import busy, moved, played, row_of, scenario_of, tree_of

SEED, REPLICATES = 31, 6
LOOKS_ON = {"aims": {"territory": 0.5, "security": 0.5}, "weights": {"territory": 0.5, "security": 0.5}}


def with_host(more=None, name="secret-track-1.5", host="norway"):
    """Return a busy world in which a state that has no part in anything hosts the channel, or is only named."""
    tree = tree_of(busy(name))
    tree["states"]["norway"] = LOOKS_ON
    tree["channels"]["back"] |= {"host": host} | (more or {})
    return scenario_of(tree)


def test_a_state_that_is_only_named_moves_no_bit_of_anyone_elses():
    """Its own columns are new; every other is that of the reference."""
    reference = busy("reference")
    tree = tree_of(reference)
    tree["states"]["switzerland"] = LOOKS_ON
    for number in range(REPLICATES):
        assert moved(row_of(reference, SEED, number), row_of(scenario_of(tree), SEED, number)) == {}


def test_a_host_that_never_leaks_moves_no_bit():
    channel = busy("secret-track-1.5")
    for number in range(REPLICATES):
        assert moved(row_of(channel, SEED, number), row_of(with_host({"host_discretion": 1.0}), SEED, number)) == {}


def test_a_host_learns_as_the_channel_begins_and_thinks_no_less_of_home_when_it_is_exposed():
    exposed = 0
    for number in range(REPLICATES):
        talks = played(with_host({"host_discretion": 0.5, "start": 3}), SEED, number)
        channel, host = talks.channel("back"), talks.state("norway")
        assert channel.view_of(host).informed
        of_host = [event for event in talks.events if event.actor == "norway" and event.week <= channel.exposed_week]
        assert {event.kind for event in of_host} <= {"lets_slip"}
        exposed += channel.exposed_week > 0
    assert exposed == REPLICATES


def test_a_host_pays_no_audience_cost_and_has_no_veto():
    for number in range(REPLICATES):
        talks = played(with_host({"host_discretion": 0.0}), SEED, number)
        kinds = {event.kind for event in talks.events if event.actor == "norway"}
        assert not kinds & {"pays_audience_cost", "blocks", "rejects_done_deal", "puts_up_with"}


def test_a_host_that_always_leaks_makes_the_channel_known_in_its_first_week():
    talks = played(with_host({"host_discretion": 0.0, "start": 4}), SEED, 0)
    (event,) = [event for event in talks.events if event.kind == "lets_slip"]
    assert (event.week, event.actor) == (4, "norway")
    assert talks.channel("back").exposed_week == 4


def test_the_secret_of_a_discreet_envoy_is_kept_by_the_host_week_by_week():
    """Shares of 4,000 replicates known after 1 and 10 weeks; five standard errors, false alarm below 1e-6 each."""
    size, discretion = 4000, 0.9
    tree = tree_of(with_host({"host_discretion": discretion}))
    tree["weeks"] = 10
    for official in tree["officials"].values():
        official["discretion"] = 1.0
    scenario = scenario_of(tree)
    place = [column.name for column in columns_of(scenario)].index("exposed_week.back")
    weeks = rows_of(scenario, SEED, 0, size)[:, place]
    for week in (1, 10):
        expected = 1.0 - discretion**week
        assert abs(np.mean(weeks <= week) - expected) < 5.0 * np.sqrt(expected * (1.0 - expected) / size)


def test_an_earlier_host_may_still_talk():
    """Norway hosts until week 4 and is discreet then; in week 6 nobody who knows is."""
    tree = tree_of(with_host({"host_discretion": 1.0}))
    tree["states"]["oman"] = LOOKS_ON
    for official in tree["officials"].values():
        official["discretion"] = 1.0
    tree["interventions"] = {"moved": {"week": 5, "set": {"channels.back.host": "oman"}}}
    tree["interventions"]["talks"] = {"week": 6, "set": {"channels.back.host_discretion": 0.0}}
    (event,) = [event for event in played(scenario_of(tree), SEED, 1).events if event.kind == "lets_slip"]
    assert (event.week, event.actor) == (6, "norway")


def test_no_shipped_scenario_has_a_host_and_an_empty_name_is_none():
    assert load("secret-track-1.5").eras[0].world.channels["back"].host == ""
    for number in range(2):
        assert row_of(with_host(host=""), SEED, number) == row_of(
            with_host({"host_discretion": 0.0}, host=""), SEED, number
        )
