"""Lines labelled at their right ends: a mark and a name beside each, moved apart where they would touch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import plotly.graph_objects as go

from sim.report.figures.axes import Axis
from sim.report.figures.lettering import SMALL, Note, apart, shortened
from sim.report.figures.panels import Panel
from sim.report.palette import Look

_LABEL_LINE = 15
_LABEL_GAP = 5
_MARK_ROOM = 16.0


@dataclass(frozen=True, slots=True)
class End:
    """The right end of a line: its label, its look, and its height in the panel, 0..1."""

    label: str
    look: Look
    height: float
    scenarios: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Margin:
    """What is right of a panel: pixels for labels, the panel's height in pixels, and its axes as drawn."""

    pixels: float
    tall: float
    across: Axis
    up: Axis
    width: float


def widened(across: Axis, width: float) -> Axis:
    """Return an axis with room for the marks of labels at its right end; `width` is the panel's in pixels."""
    unit = (across.high - across.low) / (width - _MARK_ROOM)
    return replace(across, high=across.high + _MARK_ROOM * unit)


def end_marks(panel: Panel, ends: Sequence[End], margin: Margin) -> tuple[list[go.Scatter], list[Note]]:
    """Return a mark and a label beside the end of each line, moved apart where they would touch and joined to it."""
    most = max(1, int((margin.tall / max(1, len(ends)) - _LABEL_GAP) / _LABEL_LINE))
    texts = [shortened(end.label, margin.pixels, min(2, most), SMALL) for end in ends]
    tallest = max((len(text) for text in texts), default=1)
    half = _LABEL_LINE * tallest / margin.tall / 2.0
    least = (tallest * _LABEL_LINE + _LABEL_GAP) / margin.tall
    places = apart([end.height for end in ends], least, half, 1.0 - half)
    marks, notes = [], []
    beyond = widened(margin.across, margin.width).high
    for end, text, place in zip(ends, texts, places, strict=True):
        heights = [margin.up.low + at * (margin.up.high - margin.up.low) for at in (end.height, place)]
        marks.append(_joined(panel, end, [margin.across.high, beyond], heights))
        height = panel.up[0] + place * (panel.up[1] - panel.up[0])
        shift = (9.0, 0.0)
        words = "<br>".join(text)
        notes.append(
            Note(
                words,
                panel.across[1],
                height,
                shift=shift,
                axes=("paper", "paper"),
                size=SMALL,
                scenario=" ".join(end.scenarios) or end.look.name,
            )
        )
    return marks, notes


def _joined(panel: Panel, end: End, x: list[float], y: list[float]) -> go.Scatter:
    """Return the mark of a label, joined to the end of its line."""
    look = end.look
    return go.Scatter(
        x=x,
        y=y,
        mode="lines+markers",
        line={"color": look.colour, "width": 1},
        marker={"symbol": look.symbol, "color": look.colour, "size": [0, 9], "opacity": 1, "line": {"width": 0}},
        xaxis=panel.x,
        yaxis=panel.y,
        cliponaxis=False,
        hoverinfo="skip",
        meta={"scenarios": list(end.scenarios or [look.name])},
    )
