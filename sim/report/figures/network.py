"""Who talks to whom and who trusts whom in one replicate, week by week."""

from __future__ import annotations

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from sim import words
from sim.report import numbers
from sim.report.figures.axes import hidden
from sim.report.figures.exhibit import Exhibit, Key
from sim.report.figures.frame import WIDE, Room, blank
from sim.report.figures.lettering import SMALL, TEXT, plain
from sim.report.palette import INK, PAPER, SCENARIOS, SOFT, ZERO
from sim.report.stories import Story, Week
from sim.report.tables import Table

_RADIUS = 1.0
_BEND = 0.22
_STEPS = 16
_NODE = 30
_HONEST, _FALSE, _TABLE = SCENARIOS[2].light, SCENARIOS[1].light, SCENARIOS[0].light
_NONE = "rgba(0,0,0,0)"
_CAPTION = (
    "Curved arrows run from the state that trusts to the one it trusts; number and width are the probability it gives to "
    "the other keeping agreements. Straight dashes are meetings of that week. States at an open table have a filled mark, "
    "and a double ring while an agreement is in force."
)
_Place = tuple[float, float]


def _figure(story: Story, room: Room = WIDE) -> go.Figure:
    """Return the network at week 0, with a frame for each week."""
    tall = 330.0 if room.narrow else 420.0
    plot = blank(_title(story), room, tall + 20.0, {"l": 10.0, "r": 10.0, "t": 10.0, "b": 10.0})
    reach = 1.5
    wide = reach * (room.width - 20.0) / tall
    plot.update_layout(
        xaxis=hidden() | {"range": [-wide, wide]}, yaxis=hidden() | {"range": [-reach + 0.15, reach + 0.15]}
    )
    places = _positions(list(story.trace.scenario.eras[0].world.states))
    plot.add_traces(_traces(story.weeks[0], places, room))
    frames = [go.Frame(data=_changes(week, places), name=str(number)) for number, week in enumerate(story.weeks)]
    plot.frames = frames
    plot.update_layout(sliders=[_slider(len(frames))])
    return plot


def _slider(count: int) -> dict[str, object]:
    """Return the slider of the weeks for a notebook; a page has its own."""
    move = {"mode": "immediate", "frame": {"duration": 0, "redraw": True}, "transition": {"duration": 0}}
    steps = [{"method": "animate", "label": str(week), "args": [[str(week)], move]} for week in range(count)]
    return {"steps": steps, "currentvalue": {"prefix": "week "}, "y": 0.0, "len": 1.0}


def _positions(states: Sequence[str]) -> dict[str, _Place]:
    """Return where each state stands: on a circle, the first two at the bottom, facing each other."""
    count = len(states)
    start = -math.pi / 2.0 - math.pi / count
    angles = [start + 2.0 * math.pi * number / count for number in range(count)]
    return {
        state: (1.25 * _RADIUS * math.cos(angle), _RADIUS * math.sin(angle))
        for state, angle in zip(states, angles, strict=True)
    }


def _curve(start: _Place, end: _Place) -> list[_Place]:
    """Return the points of an arc from one state to another, bent to its left, ending short of both marks."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    middle = ((start[0] + end[0]) / 2.0 - _BEND * dy, (start[1] + end[1]) / 2.0 + _BEND * dx)
    points = []
    for step in range(_STEPS + 1):
        t = 0.12 + 0.74 * step / _STEPS
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
        points.append((a * start[0] + b * middle[0] + c * end[0], a * start[1] + b * middle[1] + c * end[1]))
    return points


def _traces(week: Week, places: dict[str, _Place], room: Room) -> list[go.Scatter]:
    """Return every trace of a week: trust, its arrowheads and numbers, meetings, states, and what the week brought."""
    arcs = {pair: _curve(places[pair[0]], places[pair[1]]) for pair in week.trust}
    lines = [
        go.Scatter(
            x=[round(x, 3) for x, _ in points],
            y=[round(y, 3) for _, y in points],
            mode="lines",
            line={"color": SOFT.light, "width": _width(week.trust[pair]), "shape": "spline"},
            name=plain(words.pair("->".join(pair))),
            hoverinfo="skip",
        )
        for pair, points in arcs.items()
    ]
    ends = list(arcs.values())
    heads = go.Scatter(
        x=[points[-1][0] for points in ends],
        y=[points[-1][1] for points in ends],
        mode="markers",
        marker={
            "symbol": "triangle-up",
            "size": 11,
            "color": SOFT.light,
            "angle": [_angle(points) for points in ends],
            "opacity": 1,
        },
        hoverinfo="skip",
        name="trusts",
    )
    at = _STEPS // 2 - 2
    texts = go.Scatter(
        x=[points[at][0] for points in ends],
        y=[points[at][1] for points in ends],
        mode="markers+text",
        marker={"size": 27, "color": PAPER.light, "opacity": 1},
        text=_texts(week),
        textfont={"size": SMALL, "color": INK.light},
        hovertext=[plain(words.pair("->".join(pair))) for pair in arcs],
        hovertemplate="%{hovertext}: %{text}<extra></extra>",
        name="trust",
    )
    return [*lines, *_meetings(week, places), heads, texts, _states(week, places, room), _news(week)]


def _width(trust: float) -> float:
    """Return how wide the arrow of a trust is, in pixels."""
    return round(0.8 + 5.0 * trust, 2)


def _angle(points: Sequence[_Place]) -> float:
    """Return the direction in which an arc ends, in degrees clockwise from up."""
    (x0, y0), (x1, y1) = points[-2], points[-1]
    return round(math.degrees(math.atan2(x1 - x0, y1 - y0)), 1)


def _texts(week: Week) -> list[str]:
    """Return the trust of each pair as a number."""
    return [numbers.decimal(value, 2) for value in week.trust.values()]


def _meetings(week: Week, places: dict[str, _Place]) -> list[go.Scatter]:
    """Return the meetings of a week: honest ones, and those at which something was misrepresented."""
    traces = []
    for false, colour, name in ((False, _HONEST, "honest meeting"), (True, _FALSE, "misrepresented meeting")):
        x: list[float | None] = []
        y: list[float | None] = []
        for meeting in week.meetings:
            if meeting.misrepresented is false:
                x += [places[meeting.home][0], places[meeting.audience][0], None]
                y += [places[meeting.home][1], places[meeting.audience][1], None]
        traces.append(
            go.Scatter(
                x=x or [None],
                y=y or [None],
                mode="lines",
                line={"color": colour, "width": 4, "dash": "6px,4px"},
                name=name,
                hoverinfo="skip",
            )
        )
    return traces


def _states(week: Week, places: dict[str, _Place], room: Room) -> go.Scatter:
    """Return the states with their names, and who sits at an open table."""
    return go.Scatter(
        x=[x for x, _ in places.values()],
        y=[y for _, y in places.values()],
        mode="markers+text",
        marker=_marks(week, places),
        text=[f"<b>{plain(words.proper(state))}</b>" for state in places],
        textposition=["top center" if y > 0.0 else "bottom center" for _, y in places.values()],
        textfont={"size": SMALL if room.narrow else TEXT, "color": INK.light},
        hoverinfo="skip",
        cliponaxis=False,
        name="states",
    )


def _marks(week: Week, places: dict[str, _Place]) -> dict[str, object]:
    """Return the marks of the states: filled at an open table, with a thick ring under an agreement."""
    return {
        "symbol": "circle",
        "size": _NODE,
        "opacity": 1,
        "color": [_TABLE if state in week.parties else PAPER.light for state in places],
        "line": {"width": 6 if week.in_force else 2, "color": _TABLE if week.in_force else ZERO.light},
    }


def _news(week: Week) -> go.Scatter:
    """Return what the week brought, in words, at the top."""
    return go.Scatter(
        x=[0.0],
        y=[1.5],
        mode="text",
        text=[_news_words(week)],
        textfont={"size": SMALL, "color": SOFT.light},
        textposition="middle center",
        hoverinfo="skip",
        cliponaxis=False,
        name="news",
    )


def _news_words(week: Week) -> str:
    """Return what the week brought: meetings, and whether table or agreement stand."""
    parts = []
    false = sum(meeting.misrepresented for meeting in week.meetings)
    if week.meetings:
        told = words.count(len(week.meetings), "meeting")
        parts.append(f"{told}, {false} misrepresented" if false else told)
    parts.append("agreement in force" if week.in_force else "table open" if week.parties else "table closed")
    return "; ".join(parts)


def _changes(week: Week, places: dict[str, _Place]) -> list[go.Scatter]:
    """Return what a week changes in each trace, in their order."""
    arcs = [
        go.Scatter(line={"color": SOFT.light, "width": _width(value), "shape": "spline"})
        for value in week.trust.values()
    ]
    meetings = [go.Scatter(x=trace.x, y=trace.y) for trace in _meetings(week, places)]
    texts = go.Scatter(text=_texts(week))
    return [
        *arcs,
        *meetings,
        go.Scatter(),
        texts,
        go.Scatter(marker=_marks(week, places)),
        go.Scatter(text=[_news_words(week)]),
    ]


def _title(story: Story) -> str:
    """Return how much was talked and whose trust changed most, in a sentence."""
    meetings = [meeting for week in story.weeks for meeting in week.meetings]
    first, last = story.weeks[0].trust, story.weeks[-1].trust
    pair = max(first, key=lambda pair: abs(last[pair] - first[pair]))
    ends = [numbers.decimal(trust[pair], 2) for trust in (first, last)]
    met = f"{words.count(len(meetings), 'meeting')} in {words.count(len(story.weeks) - 1, 'week')}"
    if ends[0] == ends[1]:
        return f"{met}; nobody’s trust ends elsewhere than it began"
    whose = f"{words.possessive(words.proper(pair[0]))} trust in {words.state(pair[1])}".replace("'", "’")
    return f"{met}; {whose} goes from {ends[0]} to {ends[1]}"


def exhibit(story: Story) -> Exhibit:
    """Return the figure with its words, its weeks and its data."""
    data = [
        (number, words.pair("->".join(pair)), value, _news_words(week))
        for number, week in enumerate(story.weeks)
        for pair, value in week.trust.items()
    ]
    last = story.weeks[-1].trust
    said = "Trust at the end: " + ", ".join(
        f"{words.pair('->'.join(pair))} {numbers.decimal(value, 2)}" for pair, value in last.items()
    )
    key = (Key("honest meeting", _HONEST), Key("misrepresented meeting", _FALSE), Key("at the open table", _TABLE))
    labels = tuple(f"{number}" for number in range(len(story.weeks)))
    table = Table(("week", "trust of", "probability", "what the week brought"), data)
    return Exhibit("network", _title(story), said, _CAPTION, table, lambda room: _figure(story, room), key, labels)
