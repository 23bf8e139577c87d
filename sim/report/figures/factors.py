"""Success along one factor: a line for each scenario, with its interval at every value played."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from sim.report import numbers
from sim.report.exhibit import Exhibit, Table
from sim.report.figures.canvas import WIDE, Axis, Room, axis, blank, numeric, plain, rounded_step, tick_label
from sim.report.figures.panels import End, Margin, Raster, end_marks, widened
from sim.report.palette import Look
from sim.study.estimates import Estimate

CAPTION = "Marks are estimates at the values played, bars their 95 % intervals; lines only join them."


@dataclass(frozen=True, slots=True)
class Line:
    """Success of one scenario at each value of the factor."""

    label: str
    look: Look
    values: tuple[float | str, ...]
    shares: tuple[Estimate, ...]


def figure(factor: str, lines: Sequence[Line], room: Room = WIDE) -> go.Figure:
    """Return success along the factor, in words with its unit."""
    labels = 98.0 if room.narrow else 200.0
    side = {"l": 40.0, "r": labels + 14.0}
    raster = Raster(1, 260.0 if room.narrow else 320.0, 0.0, 0.0, room.width - side["l"] - side["r"])
    drawn = blank(title(factor, lines), room, raster.height(1) + 66.0, {**side, "t": 14.0, "b": 52.0})
    up = axis([one.high for line in lines for one in line.shares], "", 6, percent=True)
    across = _across(factor, lines, room)
    [panel] = raster.panels(1)
    drawn.update_layout(panel.axes(numeric(widened(across, raster.width), grid=False), numeric(up)))
    ends = [End(line.label, line.look, (line.shares[-1].estimate - up.low) / (up.high - up.low)) for line in lines]
    marks, notes = end_marks(panel, ends, Margin(labels, raster.tall, across, up, raster.width))
    drawn.add_traces([*(_trace(line, lines) for line in lines), *marks])
    drawn.update_layout(annotations=[one.drawn() for one in notes])
    return drawn


def places(lines: Sequence[Line]) -> list[float | str]:
    """Return the values of the factor, in their order."""
    found = list(dict.fromkeys(value for line in lines for value in line.values))
    return sorted(found, key=lambda value: value) if _numeric(found) else found


def _numeric(values: Sequence[float | str]) -> bool:
    """Return whether every value is a number."""
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def _across(factor: str, lines: Sequence[Line], room: Room) -> Axis:
    """Return the axis of the factor: round ticks for numbers, the words as they are for words."""
    found = places(lines)
    if _numeric(found):
        low, high = (float(value) for value in (found[0], found[-1]))
        step = rounded_step((high - low) / (3 if room.narrow else 7)) if high > low else 1.0
        first = -(-low // step)
        ticks = tuple(step * (first + number) for number in range(int((high - step * first) / step + 1e-9) + 1))
        labels = tuple(tick_label(tick, step, percent=False, signed=False) for tick in ticks)
        pad = 0.02 * (high - low)
        return Axis(low - pad, high, ticks, labels, plain(factor))
    count = len(found)
    words = tuple(plain(numbers.value(value)) for value in found)
    return Axis(-0.3, count - 1.0, tuple(map(float, range(count))), words, plain(factor))


def _trace(line: Line, lines: Sequence[Line]) -> go.Scatter:
    """Return the line of one scenario."""
    found = places(lines)
    at = [value if _numeric(found) else found.index(value) for value in line.values]
    return go.Scatter(
        x=at,
        y=[one.estimate for one in line.shares],
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [one.high - one.estimate for one in line.shares],
            "arrayminus": [one.estimate - one.low for one in line.shares],
            "width": 0,
            "thickness": 2,
            "color": line.look.colour,
        },
        mode="lines+markers",
        line={"color": line.look.colour, "width": 1.5, "dash": line.look.dash},
        marker={"symbol": line.look.symbol, "size": 9, "color": line.look.colour, "opacity": 1},
        cliponaxis=False,
        name=plain(line.label),
        text=[plain(numbers.share(one)) for one in line.shares],
        hovertemplate="%{text} at %{x}<extra>%{fullData.name}</extra>",
        meta={"scenarios": [line.look.name]},
    )


def title(factor: str, lines: Sequence[Line]) -> str:
    """Return how far success moves along the factor, in a sentence."""

    def reach(line: Line) -> float:
        return max(one.estimate for one in line.shares) - min(one.estimate for one in line.shares)

    line = max(lines, key=reach)
    low = min(line.shares, key=lambda one: one.estimate)
    high = max(line.shares, key=lambda one: one.estimate)
    if low.high >= high.low:
        return f"Success does not visibly change with {factor}"
    ends = f"between {numbers.percent(low.estimate)} and {numbers.percent(high.estimate)}"
    return f"With {factor}, success varies most in “{line.label}”: {ends}"


def exhibit(name: str, factor: str, lines: Sequence[Line]) -> Exhibit:
    """Return the figure with its words and data."""
    said = "; ".join(
        f"{line.label} from {numbers.share(line.shares[0])} at {numbers.value(line.values[0])} to "
        f"{numbers.share(line.shares[-1])} at {numbers.value(line.values[-1])}"
        for line in lines
    )
    data = [
        (line.label, value, one.estimate, one.low, one.high, one.replicates)
        for line in lines
        for value, one in zip(line.values, line.shares, strict=True)
    ]
    table = Table(("scenario", factor, "success, share", "95 % low", "95 % high", "replicates"), data)
    caption = f"Vertical: share of replicates in which an agreement held, percent. {CAPTION}"
    return Exhibit(name, title(factor, lines), said, caption, table, lambda room: figure(factor, lines, room))
