"""Several small figures in one: where each panel lies, and lines through time labelled at their ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import plotly.graph_objects as go

from sim.report.figures.canvas import SMALL, Axis, Note, apart, shortened
from sim.report.palette import Look

LABEL_LINE = 15
LABEL_GAP = 5
MARK_ROOM = 16.0
PAPER_SHARE = 0.8  # on paper, and on narrow windows, there is a little less room than on a laptop


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel: its number from 0, and its place in the figure as shares of the drawing area, from the bottom left."""

    number: int
    across: tuple[float, float]
    up: tuple[float, float]

    @property
    def x(self) -> str:
        """Return the name of its horizontal axis."""
        return f"x{self.number + 1 if self.number else ''}"

    @property
    def y(self) -> str:
        """Return the name of its vertical axis."""
        return f"y{self.number + 1 if self.number else ''}"

    def axes(self, x: dict[str, Any], y: dict[str, Any]) -> dict[str, Any]:
        """Return both axes under the names a layout gives them."""
        return {
            f"xaxis{self.x[1:]}": x | {"domain": list(self.across), "anchor": self.y},
            f"yaxis{self.y[1:]}": y | {"domain": list(self.up), "anchor": self.x},
        }


@dataclass(frozen=True, slots=True)
class Raster:
    """How panels are laid out: columns, height of each in pixels, gaps in pixels, width of the drawing area in pixels."""

    columns: int
    tall: float
    gap_across: float
    gap_up: float
    width: float

    def height(self, count: int) -> float:
        """Return how tall so many panels are together, in pixels."""
        lines = -(-count // self.columns)
        return lines * self.tall + (lines - 1) * self.gap_up

    def panels(self, count: int) -> list[Panel]:
        """Return the panels, row by row from the top left."""
        height = self.height(count)
        wide = (self.width - (self.columns - 1) * self.gap_across) / self.columns
        found = []
        for number in range(count):
            line, column = divmod(number, self.columns)
            left, top = column * (wide + self.gap_across), line * (self.tall + self.gap_up)
            across = (left / self.width, min(1.0, (left + wide) / self.width))
            found.append(Panel(number, across, (max(0.0, 1.0 - (top + self.tall) / height), 1.0 - top / height)))
        return found


def heading(panel: Panel, text: str, width: float, shift: float = 0.0) -> Note:
    """Return the title of a panel, above its top left corner; `width` is that of the drawing area, in pixels."""
    pixels = (panel.across[1] - panel.across[0]) * width - shift
    [line] = shortened(text, PAPER_SHARE * pixels, 1)
    return Note(f"<b>{line}</b>", panel.across[0], panel.up[1], ("left", "bottom"), (shift, 8.0), ("paper", "paper"))


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
    unit = (across.high - across.low) / (width - MARK_ROOM)
    return replace(across, high=across.high + MARK_ROOM * unit)


def end_marks(panel: Panel, ends: Sequence[End], margin: Margin) -> tuple[list[go.Scatter], list[Note]]:
    """Return a mark and a label beside the end of each line, moved apart where they would touch and joined to it."""
    most = max(1, int((margin.tall / max(1, len(ends)) - LABEL_GAP) / LABEL_LINE))
    texts = [shortened(one.label, margin.pixels, min(2, most), SMALL) for one in ends]
    tallest = max((len(text) for text in texts), default=1)
    half = LABEL_LINE * tallest / margin.tall / 2.0
    least = (tallest * LABEL_LINE + LABEL_GAP) / margin.tall
    places = apart([one.height for one in ends], least, half, 1.0 - half)
    marks, notes = [], []
    beyond = widened(margin.across, margin.width).high
    for one, text, place in zip(ends, texts, places, strict=True):
        heights = [margin.up.low + at * (margin.up.high - margin.up.low) for at in (one.height, place)]
        marks.append(_joined(panel, one, [margin.across.high, beyond], heights))
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
                scenario=" ".join(one.scenarios) or one.look.name,
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
