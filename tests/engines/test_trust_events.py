"""Every move of trust in a replicate is the log of a Bayes factor that a reader of its events can compute.

`trust_book` recomputes each from first principles. The worlds are chosen for what moves trust in them: agreements kept
and broken, channels exposed, denied and passed over in silence, stops added later, done deals, checks.
"""

from functools import cache
from itertools import pairwise
from math import isnan, log

import pytest

from sim.engines.open import War
from tests.engines.trust_book import Move, TrustBook, chance
from tests.engines.worlds import busy, played

REPLICATES, SEED = 4, 11
WORLDS = {
    "reference": {"keeps", "breaks"},
    "with-european-union": {"keeps"},
    "secret-track-1.5": {"the channel comes to light", "denies", "checks", "keeps"},
    "track-1.5-misrepresenting": {"the channel comes to light", "denies", "checks"},
    "track-1.5-exposed-met-with-silence": {"the channel comes to light", "stays_silent", "checks"},
    "track-1.5-authorised": {"the channel comes to light", "checks"},
    "open-track-1.5": {"a public channel", "checks"},
    "secret-track-2": {"the channel comes to light", "checks"},
    "secret-track-1": {"the channel comes to light"},
    "track-1.5-kyiv-visited-later": {"is brought into the channel", "checks"},
    "ukraine-kept-out": {"faces a done deal"},
    "ukraine-overruled": {"faces a done deal", "keeps"},
}


@cache
def replicates(name) -> list[War]:
    scenario = busy(name).with_values({"agreement.hazard_untrustworthy": 0.15})  # breaches happen
    return [played(scenario, SEED, number) for number in range(REPLICATES)]


def expected(talks: War) -> list:
    """Return pairs of the expected move and the event of the engine, in the order of the engine's events."""
    book = TrustBook(talks.case, talks.events)
    pairs, signed, week_done = [], None, 0
    waiting = []
    for place, event in enumerate(talks.events):
        week, kind = event.week, event.kind
        if kind == "signs":
            signed = event
        elif kind == "fails" and event.detail["reason"] == "broken":
            signed = None
        elif kind == "misrepresents" and shading(talks, event) > 0.0:
            book.on_record.add("back")
        if kind != "trust_moves":
            continue
        if event.cause in ("keeps", "breaks"):
            if week > week_done:
                assert waiting == []
                week_done = week
                broke = {one.actor for one in talks.events if one.kind == "breaks" and one.week == week}
                waiting = book.week_of_peace(week, signed, broke)
            pairs.append((waiting.pop(0), event))
        else:
            pairs.append((by_channel_or_deal(book, talks, place), event))
    assert waiting == []
    return pairs


def shading(talks: War, event) -> float:
    world = [era.world for era in talks.case.eras if era.start <= event.week][-1]
    return world.officials[event.actor].shading


def by_channel_or_deal(book: TrustBook, talks: War, place: int) -> Move:
    """Return the expected move for the event of trust at a place, other than by an agreement."""
    event = talks.events[place]
    if event.cause == "faces a done deal":
        return book.apply(move_by(book, event))
    if event.cause in ("denies", "stays_silent"):
        return book.hears_answer(event.week, event.actor, "back", event.cause == "denies")
    if event.cause == "checks":
        check = next(one for one in reversed(talks.events[:place]) if one.kind == "checks")
        weighed = next(one for one in talks.events[place:] if one.kind == "weighs_source" and one.actor == event.actor)
        return book.checks(event.week, event.actor, "back", check.detail["false"], weighed.detail["before"])
    return book.learns(event.week, event.actor, "back")


def move_by(book: TrustBook, event) -> Move:
    """Return the declared move of a state that faces a done deal by one that is no adversary."""
    world = book.world(event.week)
    sides = {world.states[event.actor].side, world.states[event.to].side}
    assert sides != {"A", "B"}
    assert event.actor not in world.table.parties
    assert event.to in world.table.parties
    return Move(event.actor, event.to, world.table.fait_accompli)


@pytest.mark.parametrize("name", WORLDS)
def test_every_move_of_trust_is_the_log_of_the_bayes_factor_of_what_was_seen(name):
    causes = set()
    for talks in replicates(name):
        for move, event in expected(talks):
            assert (event.actor, event.to) == (move.observer, move.other), event
            assert event.detail["log_factor"] == pytest.approx(log(move.factor), abs=1e-10), event
            causes.add(event.cause)
    assert causes >= WORLDS[name]


@pytest.mark.parametrize("name", WORLDS)
def test_nobody_expects_trust_to_move_before_a_week_of_peace_a_check_or_a_denial(name):
    """Martingale: over what was seen and what could have been seen instead, with the engine's own move for the first."""
    foreseen = 0
    for talks in replicates(name):
        for move, event in expected(talks):
            if not isnan(move.probability):
                before = log(event.detail["before"] / (1.0 - event.detail["before"]))
                seen, unseen = before + event.detail["log_factor"], before + log(move.otherwise)
                mean = move.probability * chance(seen) + (1.0 - move.probability) * chance(unseen)
                assert mean == pytest.approx(event.detail["before"], abs=1e-10), event
                foreseen += 1
    assert foreseen > 0 or WORLDS[name] == {"faces a done deal"}


@pytest.mark.parametrize("name", WORLDS)
def test_trust_is_moved_by_these_events_and_by_nothing_else(name):
    for talks in replicates(name):
        book = TrustBook(talks.case, talks.events)
        for event in talks.events:
            if event.kind == "trust_moves":
                assert event.detail["before"] == pytest.approx(book.trust(event.actor, event.to), abs=1e-10)
                book.log_odds[event.actor, event.to] += event.detail["log_factor"]
                assert event.detail["after"] == pytest.approx(book.trust(event.actor, event.to), abs=1e-10)
        row = talks.row()
        for one, other in book.log_odds:
            assert row[f"trust.{one}.{other}"] == pytest.approx(book.trust(one, other), abs=1e-10)


def test_a_done_deal_moves_trust_once_a_table():
    for name in ("ukraine-kept-out", "ukraine-overruled"):
        for talks in replicates(name):
            opened = [event.week for event in talks.events if event.kind == "opens"] + [999]
            moves = [event.week for event in talks.events if event.cause == "faces a done deal"]
            for first, last in pairwise(opened):
                assert sum(first <= week < last for week in moves) <= 1


def test_a_breach_by_spoilers_moves_no_trust():
    """An overruled state that spoils breaks no promise; both belligerents are seen to have kept the agreement."""
    seen = 0
    scenario = busy("ukraine-overruled").with_values({"agreement.spoiling": 0.3, "agreement.hazard_untrustworthy": 0.0})
    for number in range(12):
        talks = played(scenario, SEED, number)
        for week in {event.week for event in talks.events if event.kind == "spoils"}:
            here = [event for event in talks.events if event.week == week]
            if not any(event.kind == "breaks" for event in here):
                seen += 1
                assert {event.cause for event in here if event.kind == "trust_moves"} <= {"keeps"}
    assert seen > 0
