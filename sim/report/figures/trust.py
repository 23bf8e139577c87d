"""Trust, week by week, for each ordered pair of states whose trust moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from sim import words
from sim.report import numbers
from sim.report.columns import column_words
from sim.report.figures.axes import Axis, axis, axis_of_weeks, numeric
from sim.report.figures.exhibit import Exhibit
from sim.report.figures.frame import WIDE, Room, blank
from sim.report.figures.labelled import Labelled
from sim.report.figures.lettering import plain
from sim.report.figures.line_ends import End, Margin, end_marks, widened
from sim.report.figures.panels import HEADING_TALL, Panel, Raster, heading
from sim.report.palette import Look
from sim.report.tables import Cell, Table
from sim.report.ties import foremost
from sim.study.play.weekly import Weekly

Weeks = NDArray[np.float64]

_LEAST_MOVE = 0.02
_CAPTION = (
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
        return max(float(np.abs(course.mean - course.mean[0]).max()) for course in self.courses)


def pairs_of(followed: Sequence[Labelled[Weekly]]) -> list[Pair]:
    """Return trust of each ordered pair in the scenarios that were followed week by week."""
    names = dict.fromkeys(name for scenario in followed for name in scenario.found.names if name.startswith("trust."))
    return [
        Pair(
            column_words(name), tuple(_course(scenario, name) for scenario in followed if name in scenario.found.names)
        )
        for name in names
    ]


def _course(followed: Labelled[Weekly], name: str) -> Course:
    """Return how a quantity went in one scenario."""
    weekly = followed.found
    band = (weekly.quantile(name, 0.1), weekly.quantile(name, 0.9))
    return Course(followed.label, followed.look, weekly.mean(name), *band)


def _figure(pairs: Sequence[Pair], room: Room = WIDE) -> go.Figure:
    """Return a panel for each pair that moves, the one that moves most first."""
    shown = _moving(pairs)
    labels = 98.0 if room.narrow else 190.0
    side = {"l": 34.0, "r": labels + 12.0}
    raster = Raster(1, 200.0, 0.0, HEADING_TALL + 36.0, room.width - side["l"] - side["r"])
    margin = {**side, "t": HEADING_TALL, "b": 44.0}
    plot = blank(_title(pairs), room, raster.height(len(shown)) + margin["t"] + margin["b"], margin)
    notes = []
    for panel, pair in zip(raster.panels(len(shown)), shown, strict=True):
        up = axis([1.0], "", 5)
        weeks = _weeks(len(pair.courses[0].mean) - 1, room, last=panel.number == len(shown) - 1)
        plot.update_layout(panel.axes(numeric(widened(weeks, raster.width), grid=False), numeric(up)))
        plot.add_traces([trace for course in pair.courses for trace in _traces(course, panel)])
        ends = [End(course.label, course.look, float(course.mean[-1])) for course in pair.courses]
        marks, beside = end_marks(panel, ends, Margin(labels, raster.tall, weeks, up, raster.width))
        plot.add_traces(marks)
        notes += [heading(panel, pair.noun, raster.width, -34.0), *beside]
    plot.update_layout(annotations=[note.to_plotly() for note in notes])
    return plot


def _weeks(last_week: int, room: Room, *, last: bool) -> Axis:
    """Return the axis of weeks, with ticks a half or a whole year apart; its caption below the last panel alone."""
    step = 52 if room.narrow or last_week > 260 else 26
    return axis_of_weeks(last_week, step * max(1, -(-last_week // (step * 12))), "week" if last else "")


def _traces(course: Course, panel: Panel) -> list[go.Scatter]:
    """Return the band of a scenario, its line, and a mark at the line's end."""
    weeks = np.arange(len(course.mean))
    shared: dict[str, Any] = {
        "xaxis": panel.x,
        "yaxis": panel.y,
        "name": plain(course.label),
        "meta": {"scenarios": [course.look.name]},
    }
    across = np.concatenate([weeks, weeks[::-1]])
    band = go.Scatter(
        x=across.tolist(),
        y=np.concatenate([course.high, course.low[::-1]]).round(3).tolist(),
        fill="toself",
        fillcolor=course.look.band,
        line={"width": 0},
        hoverinfo="skip",
        mode="lines",
        **shared,
    )
    line = go.Scatter(
        x=weeks.tolist(),
        y=course.mean.round(3).tolist(),
        mode="lines",
        line={"color": course.look.colour, "width": 2, "dash": course.look.dash},
        hovertemplate="%{y:.2f} in week %{x}<extra>%{fullData.name}</extra>",
        **shared,
    )
    return [band, line]


def _moving(pairs: Sequence[Pair]) -> list[Pair]:
    """Return the pairs whose trust moves in some scenario, the one that moves most first; the first if none does."""
    found = sorted((pair for pair in pairs if pair.move >= _LEAST_MOVE), key=lambda pair: -pair.move)
    return found or list(pairs[:1])


def _title(pairs: Sequence[Pair]) -> str:
    """Return whose trust moves most and how far, in a sentence."""
    if _moving(pairs)[0].move < _LEAST_MOVE:
        return "Nobody’s trust moves"
    courses = [(pair, course) for pair in pairs for course in pair.courses]
    (pair, course), *rest = foremost(
        courses, lambda one: abs(float(one[1].mean[-1] - one[1].mean[0])), lambda size: numbers.decimal(size, 2)
    )
    verb = "rises" if course.mean[-1] > course.mean[0] else "falls"
    first, last = (numbers.decimal(float(value), 2) for value in (course.mean[0], course.mean[-1]))
    if first == last:
        return "Trust moves, and ends where it began"
    others = f"as far as {words.count(len(rest), 'other')}" if rest else "further than any other"
    return f"{pair.noun} {verb} from {first} to {last} with “{course.label}”, {others}"


def exhibit(pairs: Sequence[Pair]) -> Exhibit:
    """Return the figure with its words and data."""
    shown = _moving(pairs)
    said = "; ".join(
        f"{pair.noun} at the end: "
        + ", ".join(f"{course.label} {numbers.decimal(float(course.mean[-1]), 2)}" for course in pair.courses)
        for pair in shown
    )
    still = [pair.noun for pair in pairs if pair not in shown]
    rest = f" Hardly moving, and left out: {', '.join(still)}." if still else ""
    return Exhibit("trust", _title(pairs), said, _CAPTION + rest, _table(pairs), lambda room: _figure(pairs, room))


def _table(pairs: Sequence[Pair]) -> Table:
    """Return a row for each scenario and week, with the mean and the band of each pair: titles are long, and stand once."""
    bands = ("mean", "10 % of replicates below", "10 % above")
    columns = ("scenario", "week", *(f"{pair.noun}: {band}" for pair in pairs for band in bands))
    courses = {(pair.noun, course.label): course for pair in pairs for course in pair.courses}
    data: list[tuple[Cell, ...]] = []
    for label, weeks in {course.label: len(course.mean) for course in courses.values()}.items():
        found = [courses.get((pair.noun, label)) for pair in pairs]
        for week in range(weeks):
            bands_now = [(one.mean[week], one.low[week], one.high[week]) if one else (None,) * 3 for one in found]
            data.append((label, week, *(None if one is None else float(one) for band in bands_now for one in band)))
    return Table(columns, data)
