"""The ledger of claims: what each claim's rows show at the reference parameters, row by row and at a glance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from sim import words
from sim.report import numbers
from sim.report.columns import row_words
from sim.report.figures.axes import Axis, hidden, numeric
from sim.report.figures.exhibit import Exhibit, Key
from sim.report.figures.forest import Heading, Row, Scale, drawing, mark, zone_and_zero
from sim.report.figures.frame import WIDE, Room, blank
from sim.report.figures.lettering import SMALL, Note, wrapped
from sim.report.numbers import ends
from sim.report.palette import PAPER, SIGNAL, SOFT, WARNING, Look
from sim.report.tables import Table
from sim.study.claims.verdicts import (
    ABOUT_SPACE,
    CONTRADICTED,
    NEGLIGIBLE,
    NOT_RESOLVED,
    SUPPORTED,
    VERDICTS,
    ClaimVerdict,
    RowVerdict,
)
from sim.study.design.claim_file import DIFFERENCE

FARTHEST = 10.0
LOOKS = {
    SUPPORTED: Look("", SIGNAL.light, "circle", "solid"),
    CONTRADICTED: Look("", WARNING.light, "square", "solid"),
    NEGLIGIBLE: Look("", SOFT.light, "diamond", "solid"),
    NOT_RESOLVED: Look("", SOFT.light, "circle", "solid"),
    ABOUT_SPACE: Look("", SOFT.light, "circle", "solid"),
}
_SCALE = Scale(
    "effect in the direction claimed, in smallest effects that matter", signed=True, zone=1.0, farthest=FARTHEST
)
_CAPTION = (
    "Each row is one contrast and outcome. Effects are turned so that right is what the claim says, and measured in the "
    "smallest effect that matters; inside the grey band they do not matter. Numbers at the right are in the outcome’s own "
    "units, second scenario minus first, with intervals adjusted for the number of rows (Holm)."
)
_ASSUMED = "follows from assumption: size only"


def exhibit(claims: Sequence[ClaimVerdict], flags: Collection[str]) -> Exhibit:
    """Return the rows of each claim below its words; effects on the columns that are flags are told as shares."""
    rows: list[Row | Heading] = []
    for claim in claims:
        rows.append(Heading(claim.claim, claim.verdict))
        rows += [_row(row, flags) for row in claim.rows]
    key = tuple(Key(verdict, LOOKS[verdict].colour) for verdict in VERDICTS[:2])
    key += (Key("hollow: negligible, not resolved or about the space", SOFT.light),)
    text = title(claims)
    return Exhibit("claims", text, _said(claims), _CAPTION, _table(claims), drawing(text, rows, _SCALE), key)


def _row(row: RowVerdict, flags: Collection[str]) -> Row:
    """Return a row turned to the direction claimed, in smallest effects that matter."""
    effect = row.deciding
    unit = row.asked.sign * row.smallest_effect
    low, high = sorted((effect.low / unit, effect.high / unit))
    label = f"{_label(row)} ({_ASSUMED})" if row.sign_fixed_by else _label(row)
    is_share = row.outcome in flags and row.asked.scale == DIFFERENCE
    said = numbers.shares_apart(effect) if is_share else numbers.apart(effect)
    scenarios = tuple(dict.fromkeys(row.points))
    hollow = row.verdict in (NEGLIGIBLE, NOT_RESOLVED, ABOUT_SPACE)
    return Row(label, effect.estimate / unit, low, high, said, LOOKS[row.verdict], scenarios, hollow)


def _label(row: RowVerdict) -> str:
    """Return what a row is called, and whether it is only shown beside the claim."""
    return row_words(row) if row.counts else f"{row_words(row)} (beside the claim)"


def title(claims: Sequence[ClaimVerdict]) -> str:
    """Return how many claims come out how, in a sentence."""
    count = Counter(claim.verdict for claim in claims)
    parts = [f"{count[verdict]} {verdict}" for verdict in VERDICTS if count[verdict]]
    return f"Of {words.count(len(claims), 'claim')} at the reference parameters: {words.listed(parts)}"


def _said(claims: Sequence[ClaimVerdict]) -> str:
    """Return each claim with its verdict."""
    return "; ".join(f"{claim.claim}: {claim.verdict}" for claim in claims)


def _table(claims: Sequence[ClaimVerdict]) -> Table:
    """Return the rows of the claims as data."""
    found = ("claim", "verdict", "row", "verdict of the row", "effect", "low", "high")
    columns = (*found, "smallest effect that matters", "claimed", "sign fixed by")
    data = [
        (
            claim.id,
            claim.verdict,
            _label(row),
            row.verdict,
            *ends(row.deciding),
            row.smallest_effect,
            row.direction,
            "; ".join(row.sign_fixed_by),
        )
        for claim in claims
        for row in claim.rows
    ]
    return Table(columns, data)


# ---- At a glance -----------------------------------------------------------------------------------------------------

_GLANCE = (
    "One line a claim, one mark a row that counts for it, with the interval that decides (Holm). Right of the grey band is "
    "what the claim says, left of it the opposite, inside it too little to matter; arrows lie beyond the edge. Each row in "
    "its own units stands below."
)
_APART = 7.0


@dataclass(frozen=True, slots=True)
class _Strip:
    """The line of one claim: the rows that count for it, its words in lines, and the pixels it takes from the top."""

    claim: ClaimVerdict
    rows: tuple[Row, ...]
    text: list[str]
    top: float
    bottom: float


def glance(claims: Sequence[ClaimVerdict], flags: Collection[str]) -> Exhibit:
    """Return a line for each claim, with a mark for each of its rows and its verdict in a word."""
    table = Table(("claim", "verdict"), [(claim.claim, claim.verdict) for claim in claims])
    return Exhibit(
        "answer", _glance_title(claims), _said(claims), _GLANCE, table, lambda room: _glance(claims, flags, room)
    )


def _glance(claims: Sequence[ClaimVerdict], flags: Collection[str], room: Room = WIDE) -> go.Figure:
    """Return the figure of the claims at a glance."""
    left, right = (6.0, 14.0) if room.narrow else (320.0, 104.0)
    strips = _strips(claims, flags, room)
    tall = strips[-1].bottom if strips else 0.0
    plot = blank(_glance_title(claims), room, tall + 56.0, {"l": left, "r": right, "t": 8.0, "b": 48.0})
    ticks = (-10.0, -5.0, 0.0, 5.0, 10.0)
    caption = "effect in smallest that matter; right: as claimed" if room.narrow else _SCALE.caption
    across = Axis(-FARTHEST, FARTHEST, ticks, ("−10", "−5", "0", "+5", "+10"), caption)
    plot.update_layout(
        xaxis=numeric(across), yaxis=hidden() | {"range": [tall, 0.0]}, shapes=zone_and_zero(across, _SCALE)
    )
    for strip in strips:
        plot.add_traces(_marks(strip, room))
    notes = [note for strip in strips for note in _notes(strip, left, right, room)]
    plot.update_layout(annotations=[note.to_plotly() for note in notes])
    return plot


def _strips(claims: Sequence[ClaimVerdict], flags: Collection[str], room: Room) -> list[_Strip]:
    """Return the lines one below another; each is as tall as its words, or its marks, need."""
    strips, top = [], 0.0
    for claim in claims:
        rows = tuple(_row(row, flags) for row in claim.rows if row.counts)
        text = wrapped(claim.claim, room.width - 110.0 if room.narrow else 304.0)
        words_tall, marks_tall = 17.0 * len(text), _APART * (len(rows) - 1) + 14.0
        tall = words_tall + marks_tall + 14.0 if room.narrow else max(words_tall, marks_tall) + 12.0
        strips.append(_Strip(claim, rows, text, top, top + tall))
        top += tall
    return strips


def _marks(strip: _Strip, room: Room) -> list[go.Scatter]:
    """Return the marks of a claim's rows, a little apart."""
    reach = _APART * (len(strip.rows) - 1)
    middle = strip.bottom - 10.0 - reach / 2.0 if room.narrow else (strip.top + strip.bottom) / 2.0
    return [mark(row, middle - reach / 2.0 + _APART * place, _SCALE, size=8) for place, row in enumerate(strip.rows)]


def _notes(strip: _Strip, left: float, right: float, room: Room) -> list[Note]:
    """Return the words of a claim and its verdict."""
    up, y = ("top", strip.top + 4.0) if room.narrow else ("middle", (strip.top + strip.bottom) / 2.0)
    verdict = strip.claim.verdict
    text, colour = f"<b>{verdict}</b>" if verdict in VERDICTS[:2] else verdict, LOOKS[verdict].colour
    return [
        Note("<br>".join(strip.text), 0.0, y, ("left", up), (-left, 0.0), back=PAPER.light),
        Note(text, 1.0, y, ("right", up), (right, 0.0), size=SMALL, colour=colour, back=PAPER.light),
    ]


def _glance_title(claims: Sequence[ClaimVerdict]) -> str:
    """Return on which side the rows that count lie, in a sentence."""
    verdicts = Counter(row.verdict for claim in claims for row in claim.rows if row.counts)
    effects = words.count(sum(verdicts.values()), "effect")
    return f"Of {effects}, {verdicts[SUPPORTED]} lie clearly on the side claimed, {verdicts[CONTRADICTED]} on the other"
