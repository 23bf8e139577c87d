"""How the replicates ended: each outcome by scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from sim import words
from sim.report import numbers
from sim.report.exhibit import Exhibit, Table
from sim.report.figures import rows
from sim.report.figures.canvas import WIDE, Room
from sim.report.palette import Look
from sim.study.statistics.estimates import Estimate

SCALE = rows.Scale("share of replicates that ended so, percent", percent=True)
CAPTION = "Of several failures in one replicate the last counts. Marks are estimates, lines their 95 % intervals."
HELD = "success"


@dataclass(frozen=True, slots=True)
class Endings:
    """How often each outcome occurs in a scenario."""

    label: str
    look: Look
    shares: dict[str, Estimate]


def figure(endings: Sequence[Endings], room: Room = WIDE) -> go.Figure:
    """Return a block of rows for each way to fail that occurs."""
    lines: list[rows.Row | rows.Heading] = []
    for cause in causes(endings):
        lines.append(rows.Heading(words.sentence(words.OUTCOMES.get(cause, words.plain(cause)))))
        for one in endings:
            share = one.shares[cause]
            place = (share.estimate, share.low, share.high)
            lines.append(rows.Row(one.label, *place, numbers.share(share), one.look, (one.look.name,)))
    return rows.figure(title(endings), lines, SCALE, room)


def causes(endings: Sequence[Endings]) -> list[str]:
    """Return the outcomes other than success that occur, the commonest first."""
    found = {name: max(one.shares[name].estimate for one in endings) for name in endings[0].shares if name != HELD}
    return [name for name in sorted(found, key=lambda name: -found[name]) if found[name] > 0.0]


def title(endings: Sequence[Endings]) -> str:
    """Return what ends most replicates without success, in a sentence."""
    found = causes(endings)
    if not found:
        return "Every replicate ended in success"
    one = max(endings, key=lambda one: one.shares[found[0]].estimate)
    share = numbers.percent(one.shares[found[0]].estimate)
    return f"The commonest end without success: {words.OUTCOMES[found[0]]}, in {share} of replicates with “{one.label}”"


def exhibit(endings: Sequence[Endings]) -> Exhibit:
    """Return the figure with its words and data."""
    said = "; ".join(
        f"{words.OUTCOMES[cause]}: " + ", ".join(f"{one.label} {numbers.share(one.shares[cause])}" for one in endings)
        for cause in causes(endings)
    )
    data = [
        (one.label, name, share.estimate, share.low, share.high)
        for one in endings
        for name, share in one.shares.items()
    ]
    table = Table(("scenario", "outcome", "share", "95 % low", "95 % high"), data)
    return Exhibit("endings", title(endings), said, CAPTION, table, lambda room: figure(endings, room))
