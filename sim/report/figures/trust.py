"""Trust, week by week, for each ordered pair of states whose trust moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from sim.report import numbers
from sim.report.exhibit import Exhibit, Table
from sim.report.figures.canvas import WIDE, Axis, Room, axis, blank, numeric, plain
from sim.report.figures.panels import End, Margin, Panel, Raster, end_marks, heading, widened
from sim.report.palette import Look

Weeks = NDArray[np.float64]

LEAST_MOVE = 0.02
CAPTION = (
    "Lines are means over replicates, bands hold the middle 80 % of replicates. Trust is the probability, in the eyes of "
    "the first, that the second keeps agreements; after the end of a replicate its last value stands."
)


@dataclass(frozen=True, slots=True)
class Course:
    """One quantity in one scenario, by week from 0: its mean and the ends of the band of the middle 80 % of replicates."""

    label: str
    look: Look
    mean: Weeks
    low: Weeks
    high: Weeks


@dataclass(frozen=True, slots=True)
class Pair:
    """Trust of one state in another, in words, in each scenario."""

    noun: str
    courses: tuple[Course, ...]

    @property
    def move(self) -> float:
        """The largest distance of a mean from where it started."""
        return max(float(np.abs(one.mean - one.mean[0]).max()) for one in self.courses)


def figure(pairs: Sequence[Pair], room: Room = WIDE) -> go.Figure:
    """Return a panel for each pair that moves, the one that moves most first."""
    shown = moving(pairs)
    labels = 98.0 if room.narrow else 190.0
    side = {"l": 34.0, "r": labels + 12.0}
    raster = Raster(1, 200.0, 0.0, 66.0, room.width - side["l"] - side["r"])
    drawn = blank(title(pairs), room, raster.height(len(shown)) + 74.0, {**side, "t": 30.0, "b": 44.0})
    notes = []
    for panel, pair in zip(raster.panels(len(shown)), shown, strict=True):
        up = axis([1.0], "", 5)
        weeks = _weeks(len(pair.courses[0].mean) - 1, room, last=panel.number == len(shown) - 1)
        drawn.update_layout(panel.axes(numeric(widened(weeks, raster.width), grid=False), numeric(up)))
        drawn.add_traces([trace for one in pair.courses for trace in _traces(one, panel)])
        ends = [End(one.label, one.look, float(one.mean[-1])) for one in pair.courses]
        marks, beside = end_marks(panel, ends, Margin(labels, raster.tall, weeks, up, raster.width))
        drawn.add_traces(marks)
        notes += [heading(panel, pair.noun, raster.width, -34.0), *beside]
    drawn.update_layout(annotations=[one.drawn() for one in notes])
    return drawn


def _weeks(last_week: int, room: Room, *, last: bool) -> Axis:
    """Return the axis of weeks, with ticks a half or a whole year apart; its caption below the last panel alone."""
    step = 52 if room.narrow or last_week > 260 else 26
    step *= max(1, -(-last_week // (step * 12)))
    ticks = tuple(float(week) for week in range(0, last_week + 1, step))
    return Axis(0.0, float(last_week), ticks, tuple(str(int(tick)) for tick in ticks), "week" if last else "")


def _traces(one: Course, panel: Panel) -> list[go.Scatter]:
    """Return the band of a scenario, its line, and a mark at the line's end."""
    weeks = np.arange(len(one.mean))
    shared: dict[str, Any] = {
        "xaxis": panel.x,
        "yaxis": panel.y,
        "name": plain(one.label),
        "meta": {"scenarios": [one.look.name]},
    }
    across = np.concatenate([weeks, weeks[::-1]])
    band = go.Scatter(
        x=across.tolist(),
        y=np.concatenate([one.high, one.low[::-1]]).round(3).tolist(),
        fill="toself",
        fillcolor=one.look.band,
        line={"width": 0},
        hoverinfo="skip",
        mode="lines",
        **shared,
    )
    line = go.Scatter(
        x=weeks.tolist(),
        y=one.mean.round(3).tolist(),
        mode="lines",
        line={"color": one.look.colour, "width": 2, "dash": one.look.dash},
        hovertemplate="%{y:.2f} in week %{x}<extra>%{fullData.name}</extra>",
        **shared,
    )
    return [band, line]


def moving(pairs: Sequence[Pair]) -> list[Pair]:
    """Return the pairs whose trust moves in some scenario, the one that moves most first; the first if none does."""
    found = sorted((pair for pair in pairs if pair.move >= LEAST_MOVE), key=lambda pair: -pair.move)
    return found or list(pairs[:1])


def title(pairs: Sequence[Pair]) -> str:
    """Return whose trust moves most and how far, in a sentence."""
    pair = moving(pairs)[0]
    if pair.move < LEAST_MOVE:
        return "Nobody’s trust moves"
    one = max(pair.courses, key=lambda one: abs(float(one.mean[-1] - one.mean[0])))
    verb = "rises" if one.mean[-1] > one.mean[0] else "falls"
    first, last = (numbers.decimal(float(value), 2) for value in (one.mean[0], one.mean[-1]))
    return f"{pair.noun} {verb} from {first} to {last} with “{one.label}”, further than any other"


def exhibit(pairs: Sequence[Pair]) -> Exhibit:
    """Return the figure with its words and data."""
    shown = moving(pairs)
    said = "; ".join(
        f"{pair.noun} at the end: "
        + ", ".join(f"{one.label} {numbers.decimal(float(one.mean[-1]), 2)}" for one in pair.courses)
        for pair in shown
    )
    data = [
        (pair.noun, one.label, week, float(one.mean[week]), float(one.low[week]), float(one.high[week]))
        for pair in pairs
        for one in pair.courses
        for week in range(len(one.mean))
    ]
    columns = ("trust of", "scenario", "week", "mean, probability", "10 % of replicates below", "10 % above")
    still = [pair.noun for pair in pairs if pair not in shown]
    rest = f" Hardly moving, and left out: {', '.join(still)}." if still else ""
    return Exhibit("trust", title(pairs), said, CAPTION + rest, Table(columns, data), lambda room: figure(pairs, room))
