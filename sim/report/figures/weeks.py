"""One replicate as an annotated line of time: meetings, leaks, the table, agreements, and the trust that moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import plotly.graph_objects as go

from sim import words
from sim.report.figures.axes import Axis, axis_of_weeks, hidden, numeric
from sim.report.figures.exhibit import Exhibit
from sim.report.figures.frame import WIDE, Room, blank
from sim.report.figures.lettering import SMALL, Note, apart, plain
from sim.report.figures.panels import Panel
from sim.report.palette import INK, PAPER, SCENARIOS, SOFT, WARNING, ZERO
from sim.report.stories import Story, spans
from sim.report.tables import Table

_LANE = 34.0
_TRUST_TALL = 150.0
_LEAST_MOVE = 0.02
_MOST_PAIRS = 3
_DASHES = ("solid", "6px,3px", "2px,3px")
_CAPTION = (
    "Numbers on top are the turning points told below. Ticks are meetings of a channel, orange squares those at which "
    "something was misrepresented, diamonds a channel coming to light; bars are weeks in which the table was open or an "
    "agreement in force. Lines are trust, 0 to 1."
)
_MISREPRESENTED = SCENARIOS[1].light


def _figure(story: Story, room: Room = WIDE) -> go.Figure:
    """Return the replicate as lanes over the weeks, with trust below them."""
    lanes = [*_channels(story), "table", "agreement"]
    side = {"l": 84.0 if room.narrow else 110.0, "r": 12.0}
    upper = _LANE * (len(lanes) + 1)
    height = upper + 34.0 + _TRUST_TALL
    plot = blank(_title(story), room, height + 54.0, {**side, "t": 8.0, "b": 46.0})
    top = Panel(0, (0.0, 1.0), (1.0 - upper / height, 1.0))
    below = Panel(1, (0.0, 1.0), (0.0, _TRUST_TALL / height))
    weeks = _axis(story, room)
    plot.update_layout(top.axes(numeric(weeks) | {"showticklabels": False, "title": {"text": ""}}, _lanes(lanes)))
    share = Axis(0.0, 1.0, (0.0, 0.5, 1.0), ("0", "0.5", "1"), "")
    plot.update_layout(below.axes(numeric(weeks), numeric(share)))
    pixels = room.width - side["l"] - side["r"]
    plot.add_traces([_turns(story, weeks, pixels), *_meetings(story, lanes), *_bars(story, lanes)])
    plot.add_traces(_trust(story, below))
    notes = [_lane_label(lane, number + 1, side["l"]) for number, lane in enumerate(lanes)]
    notes += _trust_labels(story, below, side["l"])
    plot.update_layout(annotations=[note.to_plotly() for note in notes])
    return plot


def _channels(story: Story) -> list[str]:
    """Return the channels of the scenario."""
    return list(story.trace.scenario.eras[-1].world.channels)


def _axis(story: Story, room: Room) -> Axis:
    """Return the axis of weeks."""
    last = len(story.weeks) - 1
    step = next(weeks for weeks in (4, 13, 26, 52, 104, 260, 520, 1040) if last / weeks <= (5 if room.narrow else 9))
    return replace(axis_of_weeks(last, step), high=max(1.0, float(last)))


def _lanes(lanes: Sequence[str]) -> dict[str, Any]:
    """Return the vertical axis of the lanes: turning points are lane 0, at the top."""
    return hidden() | {"range": [len(lanes) + 0.5, -0.5]}


def _lane_label(lane: str, number: int, left: float) -> Note:
    """Return the name of a lane, at the left edge."""
    return Note(
        plain(words.sentence(words.plain(lane))), 0.0, float(number), ("left", "middle"), (-left, 0.0), size=SMALL
    )


def _turns(story: Story, weeks: Axis, pixels: float) -> go.Scatter:
    """Return the numbers of the turning points, moved apart where they would touch."""
    turns = story.turns()
    unit = pixels / (weeks.high - weeks.low)
    places = apart([float(turn.week) for turn in turns], 19.0 / unit, weeks.low, weeks.high)
    return go.Scatter(
        x=places,
        y=[0.0] * len(turns),
        mode="markers+text",
        marker={"size": 17, "color": INK.light, "symbol": "circle", "opacity": 1, "line": {"width": 0}},
        text=[str(number + 1) for number in range(len(turns))],
        textfont={"size": 10, "color": PAPER.light},
        textposition="middle center",
        cliponaxis=False,
        customdata=[plain(f"week {turn.week}: {turn.text}") for turn in turns],
        hovertemplate="%{customdata}<extra></extra>",
        name="turning points",
    )


def _meetings(story: Story, lanes: Sequence[str]) -> list[go.Scatter]:
    """Return the meetings, those misrepresented, and the weeks in which a channel came to light."""
    honest, false = (
        [
            (week, lanes.index(meeting.channel) + 1)
            for week, state in enumerate(story.weeks)
            for meeting in state.meetings
            if meeting.misrepresented is kind
        ]
        for kind in (False, True)
    )
    exposed = [
        (event.week, lanes.index(event.actor) + 1) for event in story.trace.events if event.kind == "comes_to_light"
    ]
    kinds = (
        ("meeting", honest, {"symbol": "line-ns-open", "size": 12, "color": SOFT.light, "line": {"width": 1.5}}),
        ("misrepresented meeting", false, {"symbol": "square", "size": 8, "color": _MISREPRESENTED}),
        ("comes to light", exposed, {"symbol": "diamond", "size": 13, "color": WARNING.light}),
    )
    return [
        go.Scatter(
            x=[week for week, _ in places],
            y=[lane for _, lane in places],
            mode="markers",
            marker={**marker, "opacity": 1},
            name=name,
            cliponaxis=False,
            hovertemplate=f"{name}, week %{{x}}<extra></extra>",
        )
        for name, places, marker in kinds
        if places
    ]


def _bars(story: Story, lanes: Sequence[str]) -> list[go.Scatter]:
    """Return the weeks in which the table was open, and those in which an agreement was in force."""
    bars = (("table", "parties", ZERO.light, "table open"), ("agreement", "in_force", INK.light, "agreement in force"))
    return [
        go.Scatter(
            x=[first - 0.5, last + 0.5],
            y=[lanes.index(lane) + 1] * 2,
            mode="lines",
            line={"color": colour, "width": 10},
            name=name,
            hovertemplate=f"{name}, weeks {first} to {last}<extra></extra>",
        )
        for lane, held, colour, name in bars
        for first, last in spans(story.weeks, held)
    ]


def _movers(story: Story) -> list[tuple[str, str]]:
    """Return the pairs whose trust moves most, at most three; the first pair if none does."""
    course = {pair: [week.trust[pair] for week in story.weeks] for pair in story.weeks[0].trust}
    reach = {pair: max(values) - min(values) for pair, values in course.items()}
    found = sorted((pair for pair in reach if reach[pair] >= _LEAST_MOVE), key=lambda pair: -reach[pair])
    return found[:_MOST_PAIRS] or list(course)[:1]


def _trust(story: Story, panel: Panel) -> list[go.Scatter]:
    """Return the line of each pair whose trust moves most."""
    return [
        go.Scatter(
            x=list(range(len(story.weeks))),
            y=[round(week.trust[pair], 4) for week in story.weeks],
            mode="lines",
            line={"color": INK.light, "width": 1.8, "dash": _DASHES[number], "shape": "hv"},
            xaxis=panel.x,
            yaxis=panel.y,
            name=plain(words.pair("->".join(pair))),
            hovertemplate="%{y:.2f} in week %{x}<extra>%{fullData.name}</extra>",
        )
        for number, pair in enumerate(_movers(story))
    ]


def _trust_labels(story: Story, panel: Panel, left: float) -> list[Note]:
    """Return the name of each pair above the end of its line, and that of the panel at the left edge."""
    pairs = _movers(story)
    above = 11.0 / _TRUST_TALL
    heights = apart([story.weeks[-1].trust[pair] + above for pair in pairs], 17.0 / _TRUST_TALL, 0.06, 0.95)
    notes = [
        Note(
            plain(words.pair("->".join(pair))),
            1.0,
            height * panel.up[1],
            ("right", "middle"),
            axes=("paper", "paper"),
            size=SMALL,
            back=PAPER.light,
        )
        for pair, height in zip(pairs, heights, strict=True)
    ]
    middle = (panel.up[0] + panel.up[1]) / 2.0
    return [*notes, Note("Trust of", 0.0, middle, shift=(-left, 0.0), axes=("paper", "paper"), size=SMALL)]


def _title(story: Story) -> str:
    """Return how the replicate went, in a sentence."""
    scenario = story.trace.scenario
    return f"One typical replicate of “{scenario.title or scenario.name}”: {story.trace.ending()}"


def exhibit(story: Story) -> Exhibit:
    """Return the figure with its words and data."""
    said = " ".join(f"Week {turn.week}: {turn.text}" for turn in story.turns())
    data = [(event.week, event.kind, event.actor, event.to) for event in story.trace.events]
    table = Table(("week", "event", "actor", "to"), data)
    return Exhibit("timeline", _title(story), said, _CAPTION, table, lambda room: _figure(story, room))
