"""Claims over the plausible space: the share of places at which each is supported, contradicted, and neither."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from sim import words
from sim.report.figures.axes import axis, hidden, numeric
from sim.report.figures.exhibit import Exhibit, Key
from sim.report.figures.frame import WIDE, Room, blank
from sim.report.figures.lettering import SMALL, Note, plain, wrapped
from sim.report.numbers import ends, percent
from sim.report.palette import INK, SIGNAL, STATES, WARNING
from sim.report.tables import Table
from sim.report.ties import foremost, quoted
from sim.study.claims.spaces import Space
from sim.study.claims.verdicts import CONTRADICTED, NOT_RESOLVED, SUPPORTED, ClaimVerdict
from sim.study.statistics.estimates import Estimate

_CAPTION = (
    "Of the points sampled over the plausible ranges: the share at which the claim is supported (from the left), "
    "contradicted (from the right), and not resolved between them. Thin lines are 95 % intervals over points. The share of "
    "the space with the claimed sign lies in or at the ends of the grey part. At the right: supported / contradicted."
)
_BAR = 14.0
_UNRESOLVED = STATES["table_open"].light


def exhibit(claims: Sequence[ClaimVerdict]) -> Exhibit:
    """Return a bar for each claim: supported from the left, contradicted from the right, unresolved between."""
    said = "; ".join(
        f"{claim.claim}: supported at {percent(claim.space.low.estimate)}, contradicted at "
        f"{percent(_against(claim.space).estimate)} of points"
        for claim in claims
    )
    data = [
        (claim.id, len(claim.space), *ends(claim.space.low), *ends(_against(claim.space)), flip_words(claim.space))
        for claim in claims
    ]
    columns = ("claim", "points", "supported", "low", "high", "contradicted", "low ", "high ", "what flips it")
    key = (Key(SUPPORTED, SIGNAL.light), Key(NOT_RESOLVED, _UNRESOLVED), Key(CONTRADICTED, WARNING.light))
    table = Table(columns, data)
    return Exhibit("space", _title(claims), said, _CAPTION, table, lambda room: _figure(claims, room), key)


def _against(space: Space) -> Estimate:
    """Return the share of places at which a claim is contradicted: one less what the share with its sign is at most."""
    most = space.high
    return Estimate(1.0 - most.estimate, 1.0 - most.high, 1.0 - most.low, most.replicates)


def flip_words(space: Space) -> str:
    """Return what turns a claim round, in words."""
    return words.sentence(space.flip.in_words()) if space.flip else "No rule says where it turns round"


def _figure(claims: Sequence[ClaimVerdict], room: Room = WIDE) -> go.Figure:
    """Return the bars, one below another."""
    left, right = (6.0, 14.0) if room.narrow else (300.0, 150.0)
    texts = [wrapped(claim.claim, room.width - 20.0 if room.narrow else left - 16.0) for claim in claims]
    tall, places = 0.0, []
    for text in texts:
        block = 17.0 * len(text) + (_BAR + 8.0 if room.narrow else 0.0) + 14.0
        places.append((tall, tall + block))
        tall += block
    plot = blank(_title(claims), room, tall + 54.0, {"l": left, "r": right, "t": 8.0, "b": 46.0})
    across = axis([1.0], "share of points, percent", 5, percent=True)
    plot.update_layout(xaxis=numeric(across), yaxis=hidden() | {"range": [tall, 0.0]}, barmode="overlay")
    notes = []
    for claim, text, (top, bottom) in zip(claims, texts, places, strict=True):
        middle = bottom - 14.0 if room.narrow else (top + bottom) / 2.0
        plot.add_traces(_bars(claim.space, middle))
        anchor, at = ("top", top + 2.0) if room.narrow else ("middle", middle)
        notes.append(Note("<br>".join(text), 0.0, at, ("left", anchor), (-left, 0.0)))
        if not room.narrow:
            shares = f"{percent(claim.space.low.estimate)} / {percent(_against(claim.space).estimate)}"
            notes.append(Note(plain(shares), 1.0, middle, ("right", "middle"), (right, 0.0), size=SMALL))
    plot.update_layout(annotations=[note.to_plotly() for note in notes])
    return plot


def _bars(space: Space, y: float) -> list[go.Bar | go.Scatter]:
    """Return the three parts of a bar and the intervals of its two ends."""
    supported, contradicted = space.low.estimate, _against(space).estimate
    unresolved = max(0.0, 1.0 - supported - contradicted)
    parts = [
        (SUPPORTED, supported, 0.0, SIGNAL.light),
        (NOT_RESOLVED, unresolved, supported, _UNRESOLVED),
        (CONTRADICTED, contradicted, 1.0 - contradicted, WARNING.light),
    ]
    bars: list[go.Bar | go.Scatter] = [
        go.Bar(
            x=[share],
            y=[y],
            base=[base],
            width=_BAR,
            orientation="h",
            marker={"color": colour, "line": {"width": 0}},
            name=word,
            hovertemplate=f"{plain(word)} at {percent(share)} of {len(space):,} points<extra></extra>",
        )
        for word, share, base, colour in parts
    ]
    thin = {"color": INK.light, "width": 1.5}
    pairs = [(bound.low, bound.high) for bound in (space.low, space.high)]
    whiskers = [go.Scatter(x=list(pair), y=[y, y], mode="lines", line=thin, hoverinfo="skip") for pair in pairs]
    return [*bars, *whiskers]


def _title(claims: Sequence[ClaimVerdict]) -> str:
    """Return how many claims hold nearly everywhere and how many nearly nowhere, in a sentence; of one, where it holds."""
    if len(claims) == 1:
        space = claims[0].space
        return f"“{claims[0].claim}” holds in {_between(space)} of the plausible space ({_bounds(space)})"
    most = sum(claim.space.low.low >= 0.5 for claim in claims)
    against = sum(_against(claim.space).low >= 0.5 for claim in claims)
    return (
        f"Over the plausible ranges, {most} of {words.count(len(claims), 'claim')} clearly hold at half of the places or "
        f"more, and {against} clearly fail at half or more"
    )


def widest(claims: Sequence[ClaimVerdict]) -> str:
    """Return which claim holds most widely and within which bounds, in a sentence."""
    widest_ones = foremost(claims, lambda claim: claim.space.low.estimate, percent)
    claim = widest_ones[0]
    if len(widest_ones) > 1:
        alike = quoted([claim.claim for claim in widest_ones])
        return f"Most widely, and alike, hold {alike}: in at least {percent(claim.space.low.estimate)} of the space."
    return f"Most widely holds “{claim.claim}”: in {_between(claim.space)} of the space ({_bounds(claim.space)})."


def _between(space: Space) -> str:
    """Return what the share with the claimed sign is at least and at most, in words."""
    return f"{percent(space.low.estimate)} to {percent(space.high.estimate)}"


def _bounds(space: Space) -> str:
    """Return how far these bounds reach with their intervals over points, in words."""
    return f"95 % bounds {percent(space.low.low)} and {percent(space.high.high)}"
