"""Forest plots: estimates with their intervals in rows, on one axis, the figure most answers are given by.

The vertical axis counts pixels, so that a page can take out the rows of a hidden scenario and close the gap.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from sim.report.figures.axes import Axis, axis, hidden, numeric, upright
from sim.report.figures.frame import WIDE, Room, blank
from sim.report.figures.lettering import LINE, SMALL, TEXT, Note, long, plain, wrapped
from sim.report.palette import PAPER, WASH, ZERO, Look

_PADDING = 13
_FOOT = 46
_LEAST_AXIS = 180


@dataclass(frozen=True, slots=True)
class Row:
    """One estimate with its interval; NaN where there is none.

    said        the number in words, printed beside the mark
    scenarios   those it rests on: it goes when one of them is hidden
    hollow      drawn as an outline: not resolved, or not what the claim says
    """

    label: str
    estimate: float
    low: float
    high: float
    said: str
    look: Look
    scenarios: tuple[str, ...] = ()
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of text above rows that belong together, with a word at its right."""

    label: str
    said: str = ""
    scenarios: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scale:
    """How rows are measured.

    caption    of the axis, with the unit
    percent    shares, told in percent
    signed     differences, told with their sign
    zone       a difference within so much of zero does not matter
    farthest   what lies farther from zero is drawn at the edge, as an arrow
    """

    caption: str
    percent: bool = False
    signed: bool = False
    zone: float = 0.0
    farthest: float = math.inf

    def within(self, value: float) -> float:
        """Return a value, or the edge it lies beyond."""
        return min(max(value, -self.farthest), self.farthest) if math.isfinite(value) else value


@dataclass(frozen=True, slots=True)
class _Column:
    """Where labels and numbers stand, in pixels from the edges; on a phone the label stands above its mark.

    whole   from edge to edge
    """

    left: float
    right: float
    label_width: float
    whole: float
    above: bool


@dataclass(frozen=True, slots=True)
class _Placed:
    """A row with its lines of text and the pixels it takes, from the top."""

    row: Row | Heading
    lines: list[str]
    top: float
    bottom: float


def drawing(title: str, rows: Sequence[Row | Heading], scale: Scale) -> Callable[[Room], go.Figure]:
    """Return what draws the rows for so much room."""
    return lambda room: figure(title, rows, scale, room)


def figure(title: str, rows: Sequence[Row | Heading], scale: Scale, room: Room = WIDE) -> go.Figure:
    """Return the rows as a figure; its `meta.rows` tells the place of each and the scenarios it rests on."""
    column = _column(rows, room)
    places = _places(rows, column)
    across = axis(
        [scale.within(at) for row in rows if isinstance(row, Row) for at in (row.low, row.estimate, row.high)],
        scale.caption,
        4 if room.narrow else 7,
        percent=scale.percent,
        signed=scale.signed,
    )
    tall = places[-1].bottom if places else 0.0
    plot = blank(title, room, tall + _FOOT + 8, {"l": column.left, "r": column.right, "t": 8, "b": _FOOT})
    plot.update_layout(
        xaxis=numeric(across),
        yaxis=hidden() | {"range": [tall, 0.0]},
        shapes=zone_and_zero(across, scale),
        annotations=[note.to_plotly() for place in places for note in _notes(place, column)],
    )
    plot.layout.meta = plot.layout.meta | {"rows": [_span(place) for place in places]}
    for place in places:
        if isinstance(place.row, Row):
            plot.add_trace(mark(place.row, _height(place, column), scale))
    return plot


def _column(rows: Sequence[Row | Heading], room: Room) -> _Column:
    """Return where labels and numbers stand: beside the marks, or above them where there is no room."""
    numbers = max((long(row.said, SMALL) for row in rows if isinstance(row, Row)), default=0.0) + 14.0
    if room.narrow:
        return _Column(6.0, 14.0, room.width - numbers - 24.0, room.width - 8.0, above=True)
    labels = max((long(row.label) for row in rows if isinstance(row, Row)), default=0.0) + 18.0
    left = min(labels, 300.0, room.width - numbers - _LEAST_AXIS)
    return _Column(left, numbers, left - 16.0, room.width - 8.0, above=False)


def _places(rows: Sequence[Row | Heading], column: _Column) -> list[_Placed]:
    """Return the rows one below another."""
    places, top = [], 0.0
    for row in rows:
        heading = isinstance(row, Heading)
        beside = long(row.said) + 24.0 if row.said else 0.0
        lines = wrapped(row.label, column.whole - beside if heading else column.label_width)
        tall = float(LINE * len(lines) + _PADDING)
        if heading:
            tall += 6.0
        elif column.above:
            tall += 18.0
        places.append(_Placed(row, lines, top, top + tall))
        top += tall
    return places


def _height(placed: _Placed, column: _Column) -> float:
    """Return where the mark of a row lies."""
    return placed.bottom - 15.0 if column.above else (placed.top + placed.bottom) / 2.0


def _notes(placed: _Placed, column: _Column) -> list[Note]:
    """Return the texts of a row: its label at the left and its number at the right."""
    text, number = "<br>".join(placed.lines), plain(placed.row.said)
    left, right = (-column.left, 0.0), (column.right, 0.0)
    if isinstance(placed.row, Heading):
        y = placed.bottom - 6.0
        label = Note(f"<b>{text}</b>", 0.0, y, ("left", "bottom"), left, back=PAPER.light)
        return [label, Note(number, 1.0, y, ("right", "bottom"), right)] if number else [label]
    if column.above:
        y = placed.top + 4.0
        label = Note(text, 0.0, y, ("left", "top"), left, back=PAPER.light)
        return [label, Note(number, 1.0, y, ("right", "top"), right, size=SMALL, back=PAPER.light)]
    y = _height(placed, column)
    label = Note(text, 0.0, y, ("left", "middle"), left)
    return [label, Note(number, 1.0, y, ("right", "middle"), right, size=SMALL)]


def zone_and_zero(across: Axis, scale: Scale) -> list[dict[str, Any]]:
    """Return zero, and the zone in which a difference is too small to matter."""
    shapes: list[dict[str, Any]] = []
    if scale.zone > 0.0:
        ends = {"x0": max(-scale.zone, across.low), "x1": min(scale.zone, across.high), "y0": 0, "y1": 1}
        shapes.append(
            {"type": "rect", **ends, "yref": "paper", "fillcolor": WASH.light, "line": {"width": 0}, "layer": "below"}
        )
    return [*shapes, upright(0.0, colour=ZERO.light)]


def mark(row: Row, y: float, scale: Scale, size: int = 11) -> go.Scatter:
    """Return a row's interval with its estimate on it; an arrow where the estimate lies beyond the edge."""
    ends = [scale.within(value) for value in (row.low, row.estimate, row.high)]
    symbol = row.look.symbol
    if abs(row.estimate) > scale.farthest:
        symbol = "triangle-right" if row.estimate > 0.0 else "triangle-left"
    return go.Scatter(
        x=ends if math.isfinite(row.estimate) else [None, None, None],
        y=[y, y, y],
        mode="lines+markers",
        line={"color": row.look.colour, "width": 3},
        marker={
            "symbol": symbol,
            "size": [0, size, 0],
            "color": PAPER.light if row.hollow else row.look.colour,
            "opacity": 1,
            "line": {"color": row.look.colour, "width": [0, 2, 0]},
        },
        cliponaxis=False,
        hovertemplate=f"<b>{_hover(row.label)}</b><br>{_hover(row.said)}<extra></extra>",
        name=plain(row.label),
        meta={"scenarios": list(row.scenarios)},
    )


def _hover(text: str) -> str:
    """Return a text for a hover label: plain, in short lines."""
    return "<br>".join(wrapped(text, 300, TEXT))


def _span(placed: _Placed) -> dict[str, Any]:
    """Return the place of a row as a page needs it."""
    return {"top": placed.top, "bottom": placed.bottom, "scenarios": list(placed.row.scenarios)}
