"""The events of a replicate as lines: quiet weeks taken together, and two runs laid side by side."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import groupby, takewhile, zip_longest
from typing import TYPE_CHECKING

from sim import words
from sim.numerics import exp
from sim.report import narrative

if TYPE_CHECKING:
    from sim.steps.events import Event

_FEWEST_QUIET_WEEKS = 3
_REPEATABLE = {"stays_home", "stays_away", "passes"}


def lines(events: Sequence[Event], cast: narrative.Cast) -> list[str]:
    """Return the events as lines; weeks in which an agreement is only kept, and repeats, are taken together."""
    told: list[str] = []
    for quiet, stretch in _stretches(events):
        told += _kept(stretch, cast) if quiet else _each(stretch, cast)
    return told


def _stretches(events: Sequence[Event]) -> list[tuple[bool, list[Event]]]:
    """Return the events cut into stretches of an agreement kept week by week (True), and of everything else (False)."""
    pieces: list[tuple[bool, list[Event]]] = []
    for _, some in groupby(events, key=lambda event: event.week):
        week = list(some)
        kept = list(takewhile(_is_kept, week))
        rest = week[len(kept) :]
        if any(map(_is_kept, rest)):
            kept, rest = [], week
        pieces += [piece for piece in ((True, kept), (False, rest)) if piece[1]]
    stretches = []
    for quiet, alike in groupby(pieces, key=lambda piece: piece[0]):
        run = [piece for _, piece in alike]
        stretches.append((quiet and len(run) >= _FEWEST_QUIET_WEEKS, [event for piece in run for event in piece]))
    return stretches


def _is_kept(event: Event) -> bool:
    """Return whether an event is trust moved by a week of an agreement kept."""
    return event.kind == "trust_moves" and event.cause == "keeps"


def _kept(events: list[Event], cast: narrative.Cast) -> list[str]:
    """Return one line for each ordered pair whose trust moves while an agreement is kept."""
    first, last = events[0].week, events[-1].week
    weeks = last - first + 1
    told = []
    for one, other in dict.fromkeys((event.actor, event.to) for event in events):
        moves = [event for event in events if (event.actor, event.to) == (one, other)]
        factor = exp(sum(event.detail["log_factor"] for event in moves))
        levels = (moves[0].detail["before"], moves[-1].detail["after"])
        causes = (f"{words.count(weeks, 'week')} of the agreement kept", "agreement kept")
        sentence = narrative.trust_in_words(cast, (one, other), levels, factor, causes)
        told.append(narrative.dated(first, last, words.sentence(sentence)))
    return told


def _each(events: list[Event], cast: narrative.Cast) -> list[str]:
    """Return one line for each event, and one for a repeated refusal."""
    told = []
    for (kind, _, _), some in groupby(events, key=lambda event: (event.kind, event.actor, event.to)):
        run = list(some)
        if kind in _REPEATABLE and len(run) > 1:
            sentence = f"{narrative.tell(run[0], cast)} ({len(run)} times)"
            told.append(narrative.dated(run[0].week, run[-1].week, sentence))
        else:
            told += [narrative.line(event, cast) for event in run]
    return told


def first_difference(
    a: Sequence[Event], b: Sequence[Event], cast_a: narrative.Cast, cast_b: narrative.Cast
) -> int | None:
    """Return the place of the first event that two runs tell differently, or None; too small to tell is none."""
    told_a = [narrative.line(event, cast_a) for event in a]
    told_b = [narrative.line(event, cast_b) for event in b]
    for place, (one, other) in enumerate(zip_longest(told_a, told_b)):
        if one != other:
            return place
    return None


def side_by_side(left: Sequence[str], right: Sequence[str], width: int) -> list[str]:
    """Return two lists of lines in two columns, each line wrapped in its own."""
    column = (width - 3) // 2
    rows = []
    for number in range(max(len(left), len(right))):
        cells = [
            textwrap.wrap(side[number], column, subsequent_indent="  ") if number < len(side) else []
            for side in (left, right)
        ]
        for at in range(max(len(cell) for cell in cells)):
            one, other = (cell[at] if at < len(cell) else "" for cell in cells)
            rows.append(f"{one:<{column}} | {other}".rstrip())
    return rows
