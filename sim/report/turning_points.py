"""The turning points of a war: the few events that a reader needs in order to say what happened and why it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.report import turning_sentences
from sim.report.narrative import Cast
from sim.steps.events import Event

MOST_TURNING_POINTS = 10
_LARGE_MOVE = 0.05
_LARGE_MOVES = 2

# What is told while there is room, most telling first: which of the events of a kind, and the kinds that count as one.
# A kind that never happens, and one that stands nowhere here, is left out.
_FIRST, _LAST = 0, -1
_MOVES = "trust_moves"  # of these the largest
_RANKED = (
    (_LAST, ("ends",)),
    (_LAST, ("breaks", "spoils", "blocks", "votes_down")),
    (_LAST, ("signs",)),
    (_FIRST, ("comes_to_light", "lets_slip")),
    (_FIRST, ("denies", "stays_silent", "disowns")),
    (_LAST, ("rejects_done_deal", "break_down", "fails")),
    (_FIRST, ("opens", "becomes_table")),
    (_FIRST, ("is_told",)),
    (_FIRST, ("misrepresents", "floats")),
    (_LAST, (_MOVES,)),
    (_FIRST, ("offers",)),
    (_FIRST, ("holds_to_pledge",)),
    (_FIRST, ("intervenes",)),
    (_FIRST, ("weighs_source",)),
    (_FIRST, ("signs",)),
    (_LAST, ("offers",)),
    (_FIRST, ("conveys",)),
    (_FIRST, ("claims_escalation",)),
    (_FIRST, ("learns",)),
    (_FIRST, ("checks",)),
    (_FIRST, ("fails", "break_down")),
    (_FIRST, ("stays_away",)),
    (_FIRST, ("meets",)),
)


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """One turning point: its week (0..horizon), the kind of its event, and its sentence."""

    week: int
    kind: str
    text: str


def turning_points(events: Sequence[Event], cast: Cast) -> list[TurningPoint]:
    """Return the turning points of a replicate from its events, at most ten, in their order.

    How and why it ended always, then the kinds in the order of their rank, the first or the last of each, with the two
    largest moves of trust of at least .05 among them. What another sentence tells along with its own is not told again.
    """
    told: dict[int, str] = {}
    covered: set[int] = set()
    for place in _by_rank(events):
        if place not in covered and len(told) < MOST_TURNING_POINTS:
            text, along = turning_sentences.tell(place, events, cast)
            if text and text not in told.values():
                told[place] = text
                covered |= {place, *along}
    return [TurningPoint(events[place].week, events[place].kind, told[place]) for place in sorted(told)]


def _by_rank(events: Sequence[Event]) -> list[int]:
    """Return the places of what may be told, most telling first."""
    ranked: list[int] = []
    for which, kinds in _RANKED:
        if kinds == (_MOVES,):
            ranked.extend(_largest_moves(events))
        else:
            places = [place for place, event in enumerate(events) if event.kind in kinds]
            ranked.extend(places[which:][:1])
    return ranked


def _largest_moves(events: Sequence[Event]) -> list[int]:
    """Return the places of the last events of the largest moves of trust within a week, the largest first."""
    moves: dict[tuple[int, str, str], list[int]] = {}
    for place, event in enumerate(events):
        if event.kind == _MOVES:
            moves.setdefault((event.week, event.actor, event.to), []).append(place)
    sizes = {
        places[-1]: abs(float(events[places[-1]].detail["after"]) - float(events[places[0]].detail["before"]))
        for places in moves.values()
    }
    large = [place for place, size in sizes.items() if size >= _LARGE_MOVE]
    return sorted(large, key=lambda place: (-sizes[place], place))[:_LARGE_MOVES]
