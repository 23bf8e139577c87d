"""Success, or what a change does to an outcome, along one factor: a line each, with its interval at every value played."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import plotly.graph_objects as go

from sim import words
from sim.report import numbers
from sim.report.figures.axes import Axis, axis, axis_within, error_bars, numeric, rounded_step
from sim.report.figures.exhibit import Exhibit
from sim.report.figures.frame import Room, blank
from sim.report.figures.labelled import Labelled
from sim.report.figures.lettering import SMALL, plain, shortened
from sim.report.figures.line_ends import End, Margin, end_marks, widened
from sim.report.figures.measures import SUCCESS, Measure
from sim.report.figures.panels import Panel, Raster
from sim.report.numbers import ends
from sim.report.palette import ZERO
from sim.report.tables import Table
from sim.report.ties import foremost, quoted
from sim.study.statistics.estimates import Estimate

_CAPTION = "Marks are estimates at the values played, bars their 95 % intervals; lines only join them."


_Value = float | str
Line = Labelled[Mapping[_Value, Estimate]]


def _figure(title: str, axis_words: str, lines: Sequence[Line], measure: Measure, room: Room) -> go.Figure:
    """Return the lines along the factor, whose axis says what it is."""
    labels = 98.0 if room.narrow else 200.0
    side = {"l": 40.0, "r": labels + 14.0}
    raster = Raster(1, 260.0 if room.narrow else 320.0, 0.0, 0.0, room.width - side["l"] - side["r"])
    plot = blank(title, room, raster.height(1) + 66.0, {**side, "t": 14.0, "b": 52.0})
    reach = [end for line in lines for estimate in line.found.values() for end in (estimate.low, estimate.high)]
    up = axis(reach, "", 6, percent=measure.percent, signed=measure.signed)
    across = _across(shortened(axis_words, raster.width, 1, SMALL)[0], lines, room)
    [panel] = raster.panels(1)
    plot.update_layout(panel.axes(numeric(widened(across, raster.width), grid=False), numeric(up)))
    line_ends = [
        End(line.label, line.look, (last.estimate - up.low) / (up.high - up.low), line.scenarios)
        for line in lines
        for last in [list(line.found.values())[-1]]
    ]
    marks, notes = end_marks(panel, line_ends, Margin(labels, raster.tall, across, up, raster.width))
    plot.add_traces([*(_trace(line, lines, measure) for line in lines), *marks])
    zero = [_level(0.0, panel)] if measure.signed else []
    plot.update_layout(annotations=[note.to_plotly() for note in notes], shapes=zero)
    return plot


def _places(lines: Sequence[Line]) -> list[_Value]:
    """Return the values of the factor, in their order."""
    found = list(dict.fromkeys(value for line in lines for value in line.found))
    return sorted(found, key=lambda value: value) if _numeric(found) else found


def _numeric(values: Sequence[_Value]) -> bool:
    """Return whether every value is a number."""
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def _across(caption: str, lines: Sequence[Line], room: Room) -> Axis:
    """Return the axis of the factor: round ticks for numbers, the words as they are for words."""
    found = _places(lines)
    if _numeric(found):
        low, high = (float(value) for value in (found[0], found[-1]))
        step = rounded_step((high - low) / (3 if room.narrow else 7)) if high > low else 1.0
        return replace(axis_within(low, high, step, caption), low=low - 0.02 * (high - low))
    count = len(found)
    labels = tuple(plain(numbers.value(value)) for value in found)
    return Axis(-0.3, count - 1.0, tuple(map(float, range(count))), labels, caption)


def _level(height: float, panel: Panel) -> dict[str, object]:
    """Return a line across a panel at a height, such as zero."""
    ends = {"x0": 0.0, "x1": 1.0, "y0": height, "y1": height, "xref": f"{panel.x} domain", "yref": panel.y}
    return {"type": "line", **ends, "layer": "below", "line": {"color": ZERO.light, "width": 1.5}}


def _trace(line: Line, lines: Sequence[Line], measure: Measure) -> go.Scatter:
    """Return one line."""
    found = _places(lines)
    at = [value if _numeric(found) else found.index(value) for value in line.found]
    estimates = list(line.found.values())
    return go.Scatter(
        x=at,
        y=[estimate.estimate for estimate in estimates],
        error_y=error_bars(estimates, line.look.colour),
        mode="lines+markers",
        line={"color": line.look.colour, "width": 1.5, "dash": line.look.dash},
        marker={"symbol": line.look.symbol, "size": 9, "color": line.look.colour, "opacity": 1},
        cliponaxis=False,
        name=plain(line.label),
        text=[plain(measure.in_words(estimate)) for estimate in estimates],
        hovertemplate="%{text} at %{x}<extra>%{fullData.name}</extra>",
        meta={"scenarios": list(line.scenarios)},
    )


def _title(factor: str, lines: Sequence[Line], measure: Measure = SUCCESS) -> str:
    """Return how far the measure moves along the factor, in a sentence."""

    def reach(line: Line) -> float:
        estimates = [estimate.estimate for estimate in line.found.values()]
        return max(estimates) - min(estimates)

    widest = foremost(lines, reach, numbers.percent if measure.percent else numbers.decimal)
    line = widest[0]
    lowest, highest = (choose(line.found, key=lambda value: line.found[value].estimate) for choose in (min, max))
    what = f"What changes {measure.noun}" if measure.signed else words.sentence(measure.noun)
    if line.found[lowest].high >= line.found[highest].low:
        return f"{what} does not visibly depend on {factor}"
    if len(widest) > 1:
        return f"{what} depends on {factor} most, and alike, in {quoted([line.label for line in widest])}"
    first, last = (f"{measure.in_words(line.found[end])} at {numbers.value(end)}" for end in (lowest, highest))
    return f"{what} depends on {factor} most in “{line.label}”: {first}, {last}"


def exhibit(name: str, factor: str, lines: Sequence[Line], measure: Measure = SUCCESS, axis_words: str = "") -> Exhibit:
    """Return the figure with its words and data; `axis_words` says on its axis what the factor is, if not its name."""
    said = "; ".join(
        f"{line.label}: "
        + ", ".join(f"{measure.in_words(found)} at {numbers.value(value)}" for value, found in line.found.items())
        for line in lines
    )
    data = [
        (line.label, value, *ends(found), found.replicates) for line in lines for value, found in line.found.items()
    ]
    what = f"change of {measure.noun}" if measure.signed else f"{measure.noun}, share"
    table = Table(("line", factor, what, "95 % low", "95 % high", "replicates"), data)
    caption = f"Vertical: {measure.caption}. {_CAPTION}"
    text = _title(factor, lines, measure)
    return Exhibit(
        name, text, said, caption, table, lambda room: _figure(text, axis_words or factor, lines, measure, room)
    )
