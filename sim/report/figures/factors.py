"""Success, or what a change does to an outcome, along one factor: a line each, with its interval at every value played."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from sim import words
from sim.report import numbers
from sim.report.exhibit import Exhibit, Table
from sim.report.figures.canvas import WIDE, Axis, Room, axis, blank, numeric, plain, rounded_step, tick_label
from sim.report.figures.panels import End, Margin, Panel, Raster, end_marks, widened
from sim.report.palette import ZERO, Look
from sim.study.statistics.estimates import Estimate

CAPTION = "Marks are estimates at the values played, bars their 95 % intervals; lines only join them."


@dataclass(frozen=True, slots=True)
class Measure:
    """What is drawn: a noun for sentences, the caption of the vertical axis, shares in percent, differences with a sign."""

    noun: str
    caption: str
    percent: bool
    signed: bool

    def written(self, one: Estimate) -> str:
        """Return an estimate with its interval in words."""
        if self.signed:
            return numbers.shares_apart(one) if self.percent else numbers.apart(one)
        return numbers.share(one) if self.percent else numbers.mean(one)


SUCCESS = Measure("success", "share of replicates in which an agreement held, percent", percent=True, signed=False)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its estimate at each value of the factor, and the scenarios it rests on."""

    label: str
    look: Look
    values: tuple[float | str, ...]
    estimates: tuple[Estimate, ...]
    scenarios: tuple[str, ...] = ()


def figure(factor: str, lines: Sequence[Line], measure: Measure = SUCCESS, room: Room = WIDE) -> go.Figure:
    """Return the lines along the factor, which is in words with its unit."""
    labels = 98.0 if room.narrow else 200.0
    side = {"l": 40.0, "r": labels + 14.0}
    raster = Raster(1, 260.0 if room.narrow else 320.0, 0.0, 0.0, room.width - side["l"] - side["r"])
    drawn = blank(title(factor, lines, measure), room, raster.height(1) + 66.0, {**side, "t": 14.0, "b": 52.0})
    ends_of = [end for line in lines for one in line.estimates for end in (one.low, one.high)]
    up = axis(ends_of, "", 6, percent=measure.percent, signed=measure.signed)
    across = _across(factor, lines, room)
    [panel] = raster.panels(1)
    drawn.update_layout(panel.axes(numeric(widened(across, raster.width), grid=False), numeric(up)))
    ends = [
        End(line.label, line.look, (line.estimates[-1].estimate - up.low) / (up.high - up.low), line.scenarios)
        for line in lines
    ]
    marks, notes = end_marks(panel, ends, Margin(labels, raster.tall, across, up, raster.width))
    drawn.add_traces([*(_trace(line, lines, measure) for line in lines), *marks])
    zero = [level(0.0, panel)] if measure.signed else []
    drawn.update_layout(annotations=[one.drawn() for one in notes], shapes=zero)
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


def level(height: float, panel: Panel) -> dict[str, object]:
    """Return a line across a panel at a height, such as zero."""
    ends = {"x0": 0.0, "x1": 1.0, "y0": height, "y1": height, "xref": f"{panel.x} domain", "yref": panel.y}
    return {"type": "line", **ends, "layer": "below", "line": {"color": ZERO.light, "width": 1.5}}


def _trace(line: Line, lines: Sequence[Line], measure: Measure) -> go.Scatter:
    """Return one line."""
    found = places(lines)
    at = [value if _numeric(found) else found.index(value) for value in line.values]
    return go.Scatter(
        x=at,
        y=[one.estimate for one in line.estimates],
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [one.high - one.estimate for one in line.estimates],
            "arrayminus": [one.estimate - one.low for one in line.estimates],
            "width": 0,
            "thickness": 2,
            "color": line.look.colour,
        },
        mode="lines+markers",
        line={"color": line.look.colour, "width": 1.5, "dash": line.look.dash},
        marker={"symbol": line.look.symbol, "size": 9, "color": line.look.colour, "opacity": 1},
        cliponaxis=False,
        name=plain(line.label),
        text=[plain(measure.written(one)) for one in line.estimates],
        hovertemplate="%{text} at %{x}<extra>%{fullData.name}</extra>",
        meta={"scenarios": list(line.scenarios)},
    )


def title(factor: str, lines: Sequence[Line], measure: Measure = SUCCESS) -> str:
    """Return how far the measure moves along the factor, in a sentence."""

    def reach(line: Line) -> float:
        return max(one.estimate for one in line.estimates) - min(one.estimate for one in line.estimates)

    line = max(lines, key=reach)
    low = min(line.estimates, key=lambda one: one.estimate)
    high = max(line.estimates, key=lambda one: one.estimate)
    what = f"What changes {measure.noun}" if measure.signed else words.sentence(measure.noun)
    if low.high >= high.low:
        return f"{what} does not visibly depend on {factor}"
    ends = [line.values[line.estimates.index(one)] for one in (low, high)]
    told = [f"{measure.written(one)} at {numbers.value(end)}" for one, end in zip((low, high), ends, strict=True)]
    return f"{what} depends on {factor} most in “{line.label}”: {told[0]}, {told[1]}"


def exhibit(name: str, factor: str, lines: Sequence[Line], measure: Measure = SUCCESS) -> Exhibit:
    """Return the figure with its words and data."""
    said = "; ".join(
        f"{line.label}: "
        + ", ".join(
            f"{measure.written(one)} at {numbers.value(value)}"
            for value, one in zip(line.values, line.estimates, strict=True)
        )
        for line in lines
    )
    data = [
        (line.label, value, one.estimate, one.low, one.high, one.replicates)
        for line in lines
        for value, one in zip(line.values, line.estimates, strict=True)
    ]
    what = f"change of {measure.noun}" if measure.signed else f"{measure.noun}, share"
    table = Table(("line", factor, what, "95 % low", "95 % high", "replicates"), data)
    caption = f"Vertical: {measure.caption}. {CAPTION}"
    text = title(factor, lines, measure)
    return Exhibit(name, text, said, caption, table, lambda room: figure(factor, lines, measure, room))
