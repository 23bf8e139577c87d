"""The ledger of claims: what each claim's rows show at the reference parameters, and over the plausible ranges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from sim import words
from sim.report import numbers
from sim.report.exhibit import Exhibit, Key, Table
from sim.report.figures import rows
from sim.report.figures.canvas import SMALL, WIDE, Axis, Note, Room, blank, hidden, numeric, plain, wrapped
from sim.report.figures.canvas import axis as axis_of
from sim.report.palette import INK, PAPER, SIGNAL, SOFT, STATES, WARNING, Look
from sim.study.statistics.estimates import Estimate

FARTHEST = 10.0
VERDICTS = ("supported", "contradicted", "negligible", "not resolved")
LOOKS = {
    "supported": Look("", SIGNAL.light, "circle", "solid"),
    "contradicted": Look("", WARNING.light, "square", "solid"),
    "negligible": Look("", SOFT.light, "diamond", "solid"),
    "not resolved": Look("", SOFT.light, "circle", "solid"),
}
SCALE = rows.Scale(
    "effect in the direction claimed, in smallest effects that matter", signed=True, zone=1.0, farthest=FARTHEST
)
CAPTION = (
    "Each row is one contrast and outcome. Effects are turned so that right is what the claim says, and measured in the "
    "smallest effect that matters; inside the grey band they do not matter. Numbers at the right are in the outcome’s own "
    "units, second scenario minus first, with intervals adjusted for the number of rows (Holm)."
)
ASSUMED = "follows from assumption: size only"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a claim.

    claimed        +1 or -1, the sign that the claim gives the effect
    smallest       the smallest effect that matters, in the outcome's unit
    sign_fixed_by  the inequality between parameters that alone fixes the sign, if there is one
    counts         whether it counts for the claim, or is only shown beside it
    """

    label: str
    effect: Estimate
    claimed: int
    smallest: float
    verdict: str
    sign_fixed_by: str = ""
    percent: bool = False
    scenarios: tuple[str, ...] = ()
    counts: bool = True

    @property
    def said(self) -> str:
        """Return the effect in words."""
        return numbers.shares_apart(self.effect) if self.percent else numbers.apart(self.effect)


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim with its verdict and its rows."""

    name: str
    text: str
    verdict: str
    lines: tuple[Line, ...]


def figure(claims: Sequence[Claim], room: Room = WIDE) -> go.Figure:
    """Return the rows of each claim below its words."""
    lines: list[rows.Row | rows.Heading] = []
    for claim in claims:
        lines.append(rows.Heading(claim.text, claim.verdict))
        lines += [_row(one) for one in claim.lines]
    return rows.figure(title(claims), lines, SCALE, room)


def _row(one: Line) -> rows.Row:
    """Return a row turned to the direction claimed, in smallest effects that matter."""
    unit = one.claimed * one.smallest
    low, high = sorted((one.effect.low / unit, one.effect.high / unit))
    label = f"{one.label} ({ASSUMED})" if one.sign_fixed_by else one.label
    hollow = one.verdict in ("negligible", "not resolved")
    return rows.Row(label, one.effect.estimate / unit, low, high, one.said, LOOKS[one.verdict], one.scenarios, hollow)


def title(claims: Sequence[Claim]) -> str:
    """Return how many claims come out how, in a sentence."""
    count = Counter(claim.verdict for claim in claims)
    parts = [f"{count[verdict]} {verdict}" for verdict in VERDICTS if count[verdict]]
    return f"Of {words.count(len(claims), 'claim')} at the reference parameters: {words.listed(parts)}"


def exhibit(claims: Sequence[Claim]) -> Exhibit:
    """Return the figure with its words and data."""
    said = "; ".join(f"{claim.text}: {claim.verdict}" for claim in claims)
    data = [
        (
            claim.name,
            claim.verdict,
            one.label,
            one.verdict,
            one.effect.estimate,
            one.effect.low,
            one.effect.high,
            one.smallest,
            "higher" if one.claimed > 0 else "lower",
            one.sign_fixed_by,
        )
        for claim in claims
        for one in claim.lines
    ]
    found = ("claim", "verdict", "row", "verdict of the row", "effect", "low", "high")
    columns = (*found, "smallest effect that matters", "claimed", "sign fixed by")
    key = tuple(Key(verdict, LOOKS[verdict].colour) for verdict in VERDICTS[:2])
    key += (Key("hollow: negligible or not resolved", SOFT.light),)
    return Exhibit("claims", title(claims), said, CAPTION, Table(columns, data), lambda room: figure(claims, room), key)


GLANCE = (
    "One line a claim, one mark a row that counts for it, with the interval that decides (Holm). Right of the grey band is "
    "what the claim says, left of it the opposite, inside it too little to matter; arrows lie beyond the edge. Each row in "
    "its own units stands below."
)
APART = 7.0


@dataclass(frozen=True, slots=True)
class Strip:
    """The line of one claim: its words in lines, and the pixels it takes from the top."""

    claim: Claim
    counting: tuple[Line, ...]
    text: list[str]
    top: float
    bottom: float


def glance_figure(claims: Sequence[Claim], room: Room = WIDE) -> go.Figure:
    """Return a line for each claim, with a mark for each of its rows and its verdict in a word."""
    left, right = (6.0, 14.0) if room.narrow else (320.0, 104.0)
    strips = _strips(claims, room)
    tall = strips[-1].bottom if strips else 0.0
    drawn = blank(glance_title(claims), room, tall + 56.0, {"l": left, "r": right, "t": 8.0, "b": 48.0})
    ticks = (-10.0, -5.0, 0.0, 5.0, 10.0)
    caption = "effect in smallest that matter; right: as claimed" if room.narrow else SCALE.caption
    across = Axis(-FARTHEST, FARTHEST, ticks, ("−10", "−5", "0", "+5", "+10"), caption)
    drawn.update_layout(
        xaxis=numeric(across), yaxis=hidden() | {"range": [tall, 0.0]}, shapes=rows.zone_and_zero(across, SCALE)
    )
    for one in strips:
        drawn.add_traces(_glance_marks(one, room))
    notes = [note for one in strips for note in _glance_notes(one, left, right, room)]
    drawn.update_layout(annotations=[note.drawn() for note in notes])
    return drawn


def _strips(claims: Sequence[Claim], room: Room) -> list[Strip]:
    """Return the lines one below another; each is as tall as its words, or its marks, need."""
    found, top = [], 0.0
    for claim in claims:
        counting = tuple(line for line in claim.lines if line.counts)
        text = wrapped(claim.text, room.width - 110.0 if room.narrow else 304.0)
        words_tall, marks_tall = 17.0 * len(text), APART * (len(counting) - 1) + 14.0
        tall = words_tall + marks_tall + 14.0 if room.narrow else max(words_tall, marks_tall) + 12.0
        found.append(Strip(claim, counting, text, top, top + tall))
        top += tall
    return found


def _glance_marks(one: Strip, room: Room) -> list[go.Scatter]:
    """Return the marks of a claim's rows, a little apart."""
    reach = APART * (len(one.counting) - 1)
    middle = one.bottom - 10.0 - reach / 2.0 if room.narrow else (one.top + one.bottom) / 2.0
    return [
        rows.mark(_row(line), middle - reach / 2.0 + APART * place, SCALE, size=8)
        for place, line in enumerate(one.counting)
    ]


def _glance_notes(one: Strip, left: float, right: float, room: Room) -> list[Note]:
    """Return the words of a claim and its verdict."""
    up, y = ("top", one.top + 4.0) if room.narrow else ("middle", (one.top + one.bottom) / 2.0)
    verdict = f"<b>{one.claim.verdict}</b>" if one.claim.verdict in VERDICTS[:2] else one.claim.verdict
    colour = LOOKS[one.claim.verdict].colour
    return [
        Note("<br>".join(one.text), 0.0, y, ("left", up), (-left, 0.0), back=PAPER.light),
        Note(verdict, 1.0, y, ("right", up), (right, 0.0), size=SMALL, colour=colour, back=PAPER.light),
    ]


def glance(claims: Sequence[Claim]) -> Exhibit:
    """Return the claims at a glance, with their words and data."""
    data = [(claim.text, claim.verdict) for claim in claims]
    table = Table(("claim", "verdict"), data)
    said = exhibit(claims).said
    return Exhibit("answer", glance_title(claims), said, GLANCE, table, lambda room: glance_figure(claims, room))


def glance_title(claims: Sequence[Claim]) -> str:
    """Return on which side the rows that count lie, in a sentence."""
    verdicts = Counter(line.verdict for claim in claims for line in claim.lines if line.counts)
    effects = words.count(sum(verdicts.values()), "effect")
    return f"Of {effects}, {verdicts['supported']} lie clearly on the side claimed, {verdicts['contradicted']} on the other"


@dataclass(frozen=True, slots=True)
class Space:
    """The shares of sampled points at which a claim is supported, contradicted and neither, with intervals.

    supported, contradicted   share with the ends of its interval
    flips                     what turns it round, in words
    """

    name: str
    text: str
    supported: tuple[float, float, float]
    contradicted: tuple[float, float, float]
    points: int
    flips: str = ""

    def between(self) -> str:
        """Return what the share with the claimed sign is at least and at most, in words."""
        return f"{numbers.percent(self.supported[0])} to {numbers.percent(1.0 - self.contradicted[0])}"

    def bounds(self) -> str:
        """Return how far these bounds reach with their intervals over points, in words."""
        return f"95 % bounds {numbers.percent(self.supported[1])} and {numbers.percent(1.0 - self.contradicted[1])}"


SPACE_CAPTION = (
    "Of the points sampled over the plausible ranges: the share at which the claim is supported (from the left), "
    "contradicted (from the right), and not resolved between them. Thin lines are 95 % intervals over points. The share of "
    "the space with the claimed sign lies in or at the ends of the grey part. At the right: supported / contradicted."
)
BAR = 14.0
UNRESOLVED = STATES["table_open"].light


def space_figure(spaces: Sequence[Space], room: Room = WIDE) -> go.Figure:
    """Return a bar for each claim: supported from the left, contradicted from the right, unresolved between."""
    left = 6.0 if room.narrow else 300.0
    right = 14.0 if room.narrow else 150.0
    lines = [wrapped(one.text, room.width - 20.0 if room.narrow else left - 16.0) for one in spaces]
    tall, places = 0.0, []
    for text in lines:
        block = 17.0 * len(text) + (BAR + 8.0 if room.narrow else 0.0) + 14.0
        places.append((tall, tall + block))
        tall += block
    drawn = blank(space_title(spaces), room, tall + 54.0, {"l": left, "r": right, "t": 8.0, "b": 46.0})
    across = axis_of([1.0], "share of points, percent", 5, percent=True)
    drawn.update_layout(xaxis=numeric(across), yaxis=hidden() | {"range": [tall, 0.0]}, barmode="overlay")
    notes = []
    for one, text, (top, bottom) in zip(spaces, lines, places, strict=True):
        middle = bottom - 14.0 if room.narrow else (top + bottom) / 2.0
        drawn.add_traces(_bars(one, middle))
        anchor, at = ("top", top + 2.0) if room.narrow else ("middle", middle)
        notes.append(Note("<br>".join(text), 0.0, at, ("left", anchor), (-left, 0.0)))
        if not room.narrow:
            notes.append(Note(_shares(one), 1.0, middle, ("right", "middle"), (right, 0.0), size=SMALL))
    drawn.update_layout(annotations=[one.drawn() for one in notes])
    return drawn


def _shares(one: Space) -> str:
    """Return the shares supported and contradicted in words."""
    return plain(f"{numbers.percent(one.supported[0])} / {numbers.percent(one.contradicted[0])}")


def _bars(one: Space, y: float) -> list[go.Bar | go.Scatter]:
    """Return the three parts of a bar and the intervals of its two ends."""
    supported, contradicted = one.supported[0], one.contradicted[0]
    unresolved = max(0.0, 1.0 - supported - contradicted)
    parts = [
        ("supported", supported, 0.0, SIGNAL.light),
        ("not resolved", unresolved, supported, UNRESOLVED),
        ("contradicted", contradicted, 1.0 - contradicted, WARNING.light),
    ]
    bars: list[go.Bar | go.Scatter] = [
        go.Bar(
            x=[share],
            y=[y],
            base=[base],
            width=BAR,
            orientation="h",
            marker={"color": colour, "line": {"width": 0}},
            name=word,
            hovertemplate=f"{plain(word)} at {numbers.percent(share)} of {one.points:,} points<extra></extra>",
        )
        for word, share, base, colour in parts
    ]
    thin = {"color": INK.light, "width": 1.5}
    ends = (one.supported[1:], (1.0 - one.contradicted[2], 1.0 - one.contradicted[1]))
    whiskers = [go.Scatter(x=list(pair), y=[y, y], mode="lines", line=thin, hoverinfo="skip") for pair in ends]
    return [*bars, *whiskers]


def space_title(spaces: Sequence[Space]) -> str:
    """Return how many claims hold nearly everywhere and how many nearly nowhere, in a sentence; of one, where it holds."""
    if len(spaces) == 1:
        return f"“{spaces[0].text}” holds in {spaces[0].between()} of the plausible space ({spaces[0].bounds()})"
    most = sum(one.supported[1] >= 0.5 for one in spaces)
    against = sum(one.contradicted[1] >= 0.5 for one in spaces)
    return (
        f"Over the plausible ranges, {most} of {words.count(len(spaces), 'claim')} clearly hold at half of the places or "
        f"more, and {against} clearly fail at half or more"
    )


def widest(spaces: Sequence[Space]) -> str:
    """Return which claim holds most widely and within which bounds, in a sentence."""
    one = max(spaces, key=lambda one: one.supported[0])
    return f"Most widely holds “{one.text}”: in {one.between()} of the space ({one.bounds()})."


def space_exhibit(spaces: Sequence[Space]) -> Exhibit:
    """Return the figure with its words and data."""
    said = "; ".join(
        f"{one.text}: supported at {numbers.percent(one.supported[0])}, contradicted at "
        f"{numbers.percent(one.contradicted[0])} of points"
        for one in spaces
    )
    data = [(one.name, one.points, *one.supported, *one.contradicted, one.flips) for one in spaces]
    columns = ("claim", "points", "supported", "low", "high", "contradicted", "low ", "high ", "what flips it")
    key = (Key("supported", SIGNAL.light), Key("not resolved", UNRESOLVED), Key("contradicted", WARNING.light))
    table = Table(columns, data)
    return Exhibit(
        "space", space_title(spaces), said, SPACE_CAPTION, table, lambda room: space_figure(spaces, room), key
    )
