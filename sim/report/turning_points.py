"""The turning points of a war: the few events that a reader needs in order to say what happened and why it ended."""

from __future__ import annotations

from collections.abc import Sequence

from sim.report import narrative
from sim.steps.events import Event

MOST_TURNING_POINTS = 10
_LARGE_MOVE = 0.05
_LARGE_MOVES = 2

# What is told while there is room, most telling first: which of the events of a kind, and the kinds that count as one.
_FIRST, _LAST = 0, -1
_RANKED = (
    (_LAST, ("ends",)),
    (_LAST, ("fails", "holds", "breaks", "spoils", "wins")),
    (_LAST, ("signs",)),
    (_FIRST, ("comes_to_light",)),
    (_FIRST, ("denies", "stays_silent", "disowns")),
    (_LAST, ("blocks", "votes_down", "rejects_done_deal", "breaks", "spoils")),
    (_FIRST, ("opens",)),
    (_FIRST, ("misrepresents",)),
    (_FIRST, ("offers",)),
    (_FIRST, ("refuses",)),
    (_FIRST, ("intervenes",)),
    (_FIRST, ("weighs_source", "learns")),
    (_FIRST, ("signs",)),
    (_LAST, ("offers",)),
    (_LAST, ("accepts",)),
    (_FIRST, ("conveys",)),
    (_FIRST, ("checks",)),
    (_FIRST, ("fails",)),
    (_FIRST, ("stays_away",)),
    (_FIRST, ("meets",)),
)
_BEFORE_MOVES = 8  # the largest moves of trust come after so many of the ranked kinds


def turning_points(events: Sequence[Event], cast: narrative.Cast) -> list[Event]:
    """Return the turning points among the events of a replicate, at most ten, in their order.

    How it ended always, then the kinds in the order of their rank, the first or the last of each, with the two largest
    moves of trust of at least .05 among them. What would be told in the same sentence is told once.
    """
    chosen: list[int] = []
    told: set[str] = set()
    for place in _by_rank(events):
        sentence = narrative.tell(events[place], cast)
        if sentence not in told and len(chosen) < MOST_TURNING_POINTS:
            told.add(sentence)
            chosen.append(place)
    return [events[place] for place in sorted(chosen)]


def _by_rank(events: Sequence[Event]) -> list[int]:
    """Return the places of what may be told, most telling first."""
    ranked: list[int] = []
    for number, (which, kinds) in enumerate(_RANKED):
        if number == _BEFORE_MOVES:
            ranked.extend(_largest_moves(events))
        places = [place for place, event in enumerate(events) if event.kind in kinds]
        ranked.extend(places[which:][:1])
    return ranked


def _largest_moves(events: Sequence[Event]) -> list[int]:
    """Return the places of the largest moves of trust, the largest first."""
    sizes = {
        place: abs(float(event.detail["after"]) - float(event.detail["before"]))
        for place, event in enumerate(events)
        if event.kind == "trust_moves"
    }
    large = [place for place, size in sizes.items() if size >= _LARGE_MOVE]
    return sorted(large, key=lambda place: (-sizes[place], place))[:_LARGE_MOVES]
