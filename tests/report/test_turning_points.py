"""Which events of a war are its turning points."""

import pytest

from sim.report import narrative
from sim.report.traces import trace
from sim.report.turning_points import turning_points
from sim.scenario.load import load
from sim.steps.events import Event

WAR = load("secret-track-1.5")
CAST = narrative.Cast(WAR)
END = Event(156, "ends", "", detail={"outcome": "no_agreement"})


def moves(week, after):
    levels = {"before": 0.5, "after": after, "log_factor": 0.1}
    return Event(week, "trust_moves", "ukraine", "united_states", levels, "denies")


def test_a_war_in_which_nothing_happened_has_its_end_alone():
    assert turning_points([END], CAST) == [END]


def test_of_moves_of_trust_the_two_largest_are_told_in_the_order_of_weeks():
    largest = [moves(3, 0.3), moves(9, 0.8)]
    assert turning_points([moves(1, 0.6), *largest, moves(12, 0.42), END], CAST) == [*largest, END]


def test_a_move_of_trust_of_less_than_a_twentieth_is_no_turning_point():
    assert turning_points([moves(1, 0.549), END], CAST) == [END]
    assert turning_points([moves(1, 0.551), END], CAST) == [moves(1, 0.551), END]


def test_of_many_meetings_the_first_is_told():
    meetings = [Event(week, "meets", "envoy", "russia", {"channel": "back"}) for week in (1, 5, 9)]
    assert turning_points([*meetings, END], CAST) == [meetings[0], END]


@pytest.mark.parametrize("name", ["reference", "secret-track-1.5", "ukraine-kept-out", "add-kyiv"])
def test_turning_points_are_at_most_ten_in_order_without_repeats_and_end_with_the_end(name):
    for replicate in range(3):
        played = trace(load(name), 0, replicate)
        told = turning_points(played.events, played.cast)
        weeks = [event.week for event in told]
        sentences = [narrative.tell(event, played.cast) for event in told]
        assert 1 <= len(told) <= 10
        assert weeks == sorted(weeks)
        assert len(set(sentences)) == len(sentences)
        assert told[-1].kind == "ends"


def test_a_leak_and_a_signature_are_told_wherever_they_happened():
    for replicate in range(6):
        events = trace(WAR, 0, replicate).events
        told = {event.kind for event in turning_points(events, CAST)}
        happened = {event.kind for event in events}
        assert {"comes_to_light", "signs"} & happened <= told
