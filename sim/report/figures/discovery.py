"""Where in the space a claim holds and where it fails: points over the two parameters that flip it, and the box found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from sim.report import numbers
from sim.report.figures.axes import Axis, axis_within, numeric, rounded_step
from sim.report.figures.exhibit import Exhibit, Key
from sim.report.figures.frame import WIDE, Room, blank
from sim.report.figures.lettering import plain
from sim.report.palette import INK, SIGNAL, SOFT, WARNING
from sim.report.tables import Table

_CAPTION = (
    "Each mark is a sampled point, placed by the two parameters that part the verdicts best; the frame is the region of "
    "the rule. On points kept aside it covers {coverage} of those it is meant for, and {density} of what it frames is "
    "that; among all points it is {base}. Drawn: {drawn} of {places} points."
)
_MOST_DRAWN = 600
_MARKS = {
    "supported": (SIGNAL.light, "circle"),
    "contradicted": (WARNING.light, "square"),
    "not resolved": (SOFT.light, "circle-open"),
}


@dataclass(frozen=True, slots=True)
class Region:
    """A rule found for a claim.

    rule        in words
    axes        the two parameters, in words with units
    points      place of each point on both, and its verdict
    box         ends on the first and on the second parameter
    coverage, density, base   on held-out points, 0..1
    """

    name: str
    claim: str
    rule: str
    axes: tuple[str, str]
    points: tuple[tuple[float, float, str], ...]
    box: tuple[tuple[float, float], tuple[float, float]]
    coverage: float
    density: float
    base: float

    @property
    def shown(self) -> tuple[tuple[float, float, str], ...]:
        """The points that are drawn: all, or every so many of them; a design has no order that this could follow."""
        return self.points[:: max(1, -(-len(self.points) // _MOST_DRAWN))]


def _figure(region: Region, room: Room = WIDE) -> go.Figure:
    """Return the points and the frame."""
    tall = 300.0 if room.narrow else 380.0
    plot = blank(_title(region), room, tall, {"l": 58.0, "r": 14.0, "t": 12.0, "b": 52.0})
    most = 4 if room.narrow else 7
    x = _axis([across for across, _, _ in region.points], region.axes[0], most)
    y = _axis([up for _, up, _ in region.points], region.axes[1], most)
    (left, right), (low, high) = region.box
    frame = {"x0": max(left, x.low), "x1": min(right, x.high), "y0": max(low, y.low), "y1": min(high, y.high)}
    plot.update_layout(
        xaxis=numeric(x),
        yaxis=numeric(y),
        shapes=[{"type": "rect", **frame, "line": {"color": INK.light, "width": 2}, "layer": "above"}],
    )
    for verdict, (colour, symbol) in _MARKS.items():
        found = [point for point in region.shown if point[2] == verdict]
        plot.add_trace(
            go.Scatter(
                x=[point[0] for point in found],
                y=[point[1] for point in found],
                mode="markers",
                marker={"color": colour, "symbol": symbol, "size": 5, "opacity": 0.75},
                name=verdict,
                hovertemplate="%{x:.3g}, %{y:.3g}<extra>%{fullData.name}</extra>",
            )
        )
    return plot


def _axis(values: Sequence[float], caption: str, most: int) -> Axis:
    """Return an axis over the values, with a little room at both ends."""
    low, high = min(values), max(values)
    pad = 0.03 * (high - low) or 0.5
    step = rounded_step((high - low + 2 * pad) / most)
    return axis_within(low - pad, high + pad, step, plain(caption))


def _title(region: Region) -> str:
    """Return what flips the claim, in a sentence."""
    return f"{region.claim}: {region.rule}"


def exhibit(region: Region) -> Exhibit:
    """Return the figure with its words and data."""
    values = (region.coverage, region.density, region.base)
    coverage, density, base = (numbers.percent(value) for value in values)
    counts = {"drawn": f"{len(region.shown):,}", "places": f"{len(region.points):,}"}
    caption = _CAPTION.format(coverage=coverage, density=density, base=base, **counts)
    table = Table((*region.axes, "verdict"), region.shown)
    key = tuple(Key(verdict, colour) for verdict, (colour, _) in _MARKS.items())
    return Exhibit(
        f"where-{region.name}",
        _title(region),
        f"{_title(region)}. Coverage {coverage}, density {density}, base rate {base}.",
        caption,
        table,
        lambda room: _figure(region, room),
        key,
    )
