"""Which events of a war are its turning points, and the sentences in which they are told."""

import re

import pytest

from sim.report import narrative, turning_sentences
from sim.report.traces import trace
from sim.report.turning_points import _RANKED, turning_points
from sim.scenario.load import load
from sim.steps.events import KINDS, Event

WAR = load("secret-track-1.5")
CAST = narrative.Cast(WAR)
END = Event(156, "ends", "", detail={"outcome": "never_opened"})
TERMS = {"terms": (0.46, 0.25, 0.5, 0.3), "round": 1}


def moves(week, after, before=0.5, cause="denies"):
    levels = {"before": before, "after": after, "log_factor": 0.1}
    return Event(week, "trust_moves", "ukraine", "united_states", levels, cause)


def answer(kind, who, to="russia", week=4):
    return Event(week, kind, who, to, {"gap": 0.1, "cost": 0.1})


def texts(*events):
    return [turn.text for turn in turning_points(events, CAST)]


def weeks(*events):
    return [turn.week for turn in turning_points(events, CAST)]


def test_a_war_in_which_nothing_happened_has_its_end_alone():
    assert weeks(END) == [156]


def test_of_moves_of_trust_the_two_largest_are_told_in_the_order_of_weeks():
    assert weeks(moves(1, 0.6), moves(3, 0.3), moves(9, 0.8), moves(12, 0.42), END) == [3, 9, 156]


def test_a_move_of_trust_of_less_than_a_twentieth_is_no_turning_point():
    assert weeks(moves(1, 0.549), END) == [156]
    assert weeks(moves(1, 0.551), END) == [1, 156]


def test_moves_of_one_week_are_told_together_in_percent_with_what_brought_them_about():
    leak = moves(18, 0.5, before=0.63, cause="the channel comes to light")
    assert texts(leak, moves(18, 0.38), END)[0] == (
        "Ukraine's trust in the United States falls from 63 % to 38 %, after the leak and the denial."
    )


def test_of_many_meetings_the_first_is_told():
    meetings = [Event(week, "meets", "envoy", "russia", {"channel": "back"}) for week in (1, 5, 9)]
    assert texts(*meetings, END)[0] == "The envoy first meets Russia, in the back channel."
    assert weeks(*meetings, END) == [1, 156]


def test_an_offer_is_told_with_its_answers():
    offer = Event(4, "offers", "russia", "", TERMS)
    told = texts(offer, answer("accepts", "united_states"), answer("refuses", "ukraine"), END)
    assert len(told) == 2
    assert told[0].endswith("accountability: at trials of few (0.30). The United States accepts, Ukraine refuses.")


def test_answers_to_a_later_offer_belong_to_that_offer():
    first, second = (Event(4, "offers", state, "", TERMS) for state in ("russia", "ukraine"))
    told = texts(first, answer("refuses", "ukraine"), second, answer("accepts", "russia", "ukraine"), END)
    assert [text.rpartition(". ")[2] for text in told[:2]] == ["Ukraine refuses.", "Russia accepts."]


def test_an_offer_that_is_signed_is_told_once():
    offer = Event(4, "offers", "russia", "", TERMS)
    signed = Event(4, "signs", "", "", {"terms": TERMS["terms"], "guarantors": ()})
    told = texts(offer, answer("accepts", "ukraine"), signed, END)
    assert len(told) == 2
    assert told[0].startswith("Russia's offer is accepted and signed: territory: at the line of contact (0.46)")


def test_a_leak_is_told_with_what_is_said_of_it_in_the_same_week():
    leak = Event(9, "comes_to_light", "back", "", {"on_record": 0})
    denied = Event(9, "denies", "united_states", "", {"channel": "back"})
    assert texts(leak, denied, END)[0] == (
        "The back channel comes to light, with no offer on its record; the United States denies having authorised it."
    )
    assert weeks(leak, denied, END) == [9, 156]


@pytest.mark.parametrize(
    ("outcome", "events", "end"),
    [
        (
            "never_opened",
            [Event(4, "stays_away", "russia"), Event(8, "stays_away", "russia"), Event(8, "stays_away", "ukraine")],
            "the table never opened. Too little was to be gained: Russia stayed away twice and Ukraine once.",
        ),
        (
            "impasse",
            [
                Event(4, "opens", "", "", {"why": "", "parties": ()}),
                Event(4, "offers", "russia", "", TERMS),
                answer("refuses", "ukraine"),
            ],
            "no agreement at the table. Of 1 offer in the last talks, Ukraine refused once.",
        ),
        (
            "broken",
            [Event(80, "breaks", "russia", "", {"hazard": 0.1})],
            "an agreement was broken. Russia broke it in week 80, and no other was signed.",
        ),
        (
            "vetoed",
            [Event(80, "blocks", "ukraine")],
            "blocked by a state kept out. Ukraine, kept out of the talks, blocked it in week 80, and no other was signed.",
        ),
        (
            "success",
            [Event(104, "signs", "", "", {"terms": TERMS["terms"], "guarantors": ()})],
            "an agreement held. The agreement of week 104 was in force for 52 weeks.",
        ),
    ],
)
def test_the_end_says_why(outcome, events, end):
    told = texts(*events, Event(156, "ends", "", detail={"outcome": outcome}))
    assert told[-1] == f"The end: {end}"


def test_what_ended_a_war_in_its_last_week_is_told_in_the_end_alone():
    wins = Event(156, "wins", "", "", {"front": 1.0})
    told = texts(wins, Event(156, "ends", "", detail={"outcome": "decided_by_force"}))
    assert told == ["The end: decided by force. The front reaches 1.00: the war ends by force, for Russia."]


def test_a_kind_that_nobody_knows_is_harmless():
    assert weeks(Event(3, "holds_a_parade", "russia"), END) == [156]


def test_an_event_of_another_model_is_told_by_its_parts():
    told, along = turning_sentences.tell(0, [Event(3, "marches_on", "ukraine", "russia")], CAST)
    assert (told, along) == ("Ukraine marches on Russia.", [])


def test_every_ranked_kind_is_one_that_the_steps_note():
    ranked = {kind for _, kinds in _RANKED for kind in kinds}
    assert ranked <= set(KINDS)
    assert set(turning_sentences._TELLING) <= ranked


@pytest.mark.parametrize(
    ("cause", "after"),
    [
        ("is left out in spite of a pledge", "after it was left out in spite of a pledge"),
        ("a deal was made in the channel", "after a deal made in secret"),
    ],
)
def test_after_what_trust_moved_is_a_sentence(cause, after):
    assert (
        texts(moves(3, 0.3, before=0.6, cause=cause), END)[0]
        == f"Ukraine's trust in the United States falls from 60 % to 30 %, {after}."
    )


@pytest.mark.parametrize("name", ["reference", "secret-track-1.5", "ukraine-kept-out", "track-1.5-kyiv-visited-later"])
def test_turning_points_are_at_most_ten_in_order_without_repeats_and_end_with_the_end(name):
    for replicate in range(3):
        told = trace(load(name), 0, replicate).turning_points
        assert 1 <= len(told) <= 10
        assert [turn.week for turn in told] == sorted(turn.week for turn in told)
        assert len({turn.text for turn in told}) == len(told)
        assert told[-1].kind == "ends"
        assert [turn.text for turn in told if "Bayes" in turn.text or "_" in turn.text] == []
        assert all(re.fullmatch(r"[A-Z].*\.", turn.text) for turn in told)


def test_a_leak_and_a_signature_are_told_wherever_they_happened():
    for replicate in range(6):
        played = trace(WAR, 0, replicate)
        happened = {event.kind for event in played.events}
        assert {"comes_to_light", "signs"} & happened <= {turn.kind for turn in played.turning_points}
