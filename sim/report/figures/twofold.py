"""Two changes at once: what each does alone, what both do together, and whether that is more than the sum."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go

from sim.report import numbers
from sim.report.figures.axes import Axis, axis, error_bars, numeric
from sim.report.figures.exhibit import Exhibit
from sim.report.figures.frame import WIDE, Room, blank
from sim.report.figures.lettering import SMALL, plain, shortened
from sim.report.figures.line_ends import End, Margin, end_marks, widened
from sim.report.figures.panels import Raster
from sim.report.numbers import ends
from sim.report.palette import SOFT, Look
from sim.report.tables import Table
from sim.study.statistics.estimates import Estimate

_CAPTION = (
    "Solid marks are estimates with their 95 % intervals. The dashed line and the hollow mark show where both changes "
    "together would lie if each did what it does alone; the distance from there is the interaction."
)


@dataclass(frozen=True, slots=True)
class Square:
    """Four shares of success under two changes.

    first, second   what each change is, in words: not made, made
    looks           of the two lines: without and with the second change
    cells           neither, the first, the second, both
    interaction     of both, in shares
    """

    first: tuple[str, str]
    second: tuple[str, str]
    looks: tuple[Look, Look]
    cells: tuple[Estimate, Estimate, Estimate, Estimate]
    interaction: Estimate

    @property
    def expected(self) -> float:
        """Where both would lie without an interaction."""
        neither, first, second, _ = (cell.estimate for cell in self.cells)
        return first + second - neither


def _figure(square: Square, room: Room = WIDE) -> go.Figure:
    """Return the two lines and where they would be without an interaction."""
    labels = 98.0 if room.narrow else 210.0
    side = {"l": 44.0, "r": labels + 14.0}
    raster = Raster(1, 280.0, 0.0, 0.0, room.width - side["l"] - side["r"])
    plot = blank(_title(square), room, raster.height(1) + 76.0, {**side, "t": 14.0, "b": 62.0})
    up = axis([cell.high for cell in square.cells] + [square.expected], "", 6, percent=True)
    pixels = 0.44 * raster.width
    ticks = tuple("<br>".join(shortened(text, pixels, 3, SMALL)) for text in square.first)
    across = Axis(-0.6 if room.narrow else -0.3, 1.0, (0.0, 0.94), ticks, "")
    [panel] = raster.panels(1)
    plot.update_layout(panel.axes(numeric(widened(across, raster.width), grid=False), numeric(up)))
    lines = [
        End(text, look, (cell.estimate - up.low) / (up.high - up.low))
        for text, look, cell in zip(square.second, square.looks, (square.cells[1], square.cells[3]), strict=True)
    ]
    sum_look = Look("", SOFT.light, "circle-open", "solid")
    lines.append(End("sum of both alone", sum_look, (square.expected - up.low) / (up.high - up.low)))
    marks, notes = end_marks(panel, lines, Margin(labels, raster.tall, across, up, raster.width))
    plot.add_traces([_line(square, 0), _line(square, 1), _sum(square), *marks])
    plot.update_layout(annotations=[note.to_plotly() for note in notes])
    return plot


def _line(square: Square, second: int) -> go.Scatter:
    """Return the line without (0) or with (1) the second change."""
    look, cells = square.looks[second], square.cells[2 * second : 2 * second + 2]
    return go.Scatter(
        x=[0, 0.94],
        y=[cell.estimate for cell in cells],
        error_y=error_bars(cells, look.colour),
        mode="lines+markers",
        line={"color": look.colour, "width": 2},
        marker={"symbol": look.symbol, "size": 11, "color": look.colour, "opacity": 1},
        cliponaxis=False,
        name=plain(square.second[second]),
        text=[plain(numbers.share(cell)) for cell in cells],
        hovertemplate="%{text}<extra>%{fullData.name}</extra>",
    )


def _sum(square: Square) -> go.Scatter:
    """Return the line to where both would lie without an interaction."""
    return go.Scatter(
        x=[0, 0.94],
        y=[square.cells[2].estimate, square.expected],
        mode="lines+markers",
        line={"color": SOFT.light, "width": 1.5, "dash": "dot"},
        marker={"symbol": "circle-open", "size": [0, 11], "color": SOFT.light, "opacity": 1},
        cliponaxis=False,
        name="sum of both alone",
        hovertemplate="sum of both alone<extra></extra>",
    )


def _title(square: Square) -> str:
    """Return whether the two together do more than their sum, in a sentence."""
    effect = square.interaction
    size = numbers.shares_apart(effect)
    if effect.low <= 0.0 <= effect.high:
        return f"Whether the two together do more than their sum is not resolved for success: {size}"
    side = "below" if effect.estimate < 0.0 else "above"
    return f"Together the two leave success {side} the sum of both alone: {size} percentage points"


def exhibit(name: str, square: Square) -> Exhibit:
    """Return the figure with its words and data."""
    names = [f"{first}, {second}" for second in square.second for first in square.first]
    found = zip([*names, "interaction"], [*square.cells, square.interaction], strict=True)
    data = [(text, *ends(estimate)) for text, estimate in found]
    said = "; ".join(f"{row[0]} {numbers.decimal(row[1])}" for row in data)
    table = Table(("cell", "success", "95 % low", "95 % high"), data)
    caption = f"Vertical: share of replicates, percent. {_CAPTION}"
    return Exhibit(name, _title(square), said, caption, table, lambda room: _figure(square, room))
