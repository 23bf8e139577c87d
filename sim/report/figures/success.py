"""How often an agreement holds, by scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from sim.report import numbers
from sim.report.exhibit import Exhibit, Table
from sim.report.figures import rows
from sim.report.figures.canvas import WIDE, Room
from sim.report.palette import Look
from sim.study.statistics.estimates import Estimate

SCALE = rows.Scale("share of replicates in which an agreement held, percent", percent=True)
CAPTION = (
    "Marks are estimates, lines their 95 % intervals. All scenarios are played in the same replicates, so differences "
    "between them are surer than these intervals suggest."
)


@dataclass(frozen=True, slots=True)
class Share:
    """How often a scenario succeeds."""

    label: str
    look: Look
    success: Estimate


def figure(shares: Sequence[Share], room: Room = WIDE) -> go.Figure:
    """Return the shares as rows, in the order given."""
    lines = [
        rows.Row(
            one.label,
            one.success.estimate,
            one.success.low,
            one.success.high,
            numbers.share(one.success),
            one.look,
            (one.look.name,),
        )
        for one in shares
    ]
    return rows.figure(title(shares), lines, SCALE, room)


def title(shares: Sequence[Share]) -> str:
    """Return what the shares show, in a sentence."""
    best = max(shares, key=lambda one: one.success.estimate)
    worst = min(shares, key=lambda one: one.success.estimate)
    if len(shares) == 1:
        return f"An agreement holds in {numbers.percent(best.success.estimate)} of replicates"
    if best.success.low <= worst.success.high:
        ends = [f"{numbers.percent(one.success.estimate)} (“{one.label}”)" for one in (worst, best)]
        return f"Success lies between {ends[0]} and {ends[1]}, whose own intervals overlap"
    return (
        f"Success is likeliest with “{best.label}” ({numbers.percent(best.success.estimate)}) and rarest with "
        f"“{worst.label}” ({numbers.percent(worst.success.estimate)})"
    )


def exhibit(shares: Sequence[Share]) -> Exhibit:
    """Return the figure with its words and data."""
    said = "; ".join(f"{one.label} {numbers.share(one.success)}" for one in shares)
    data = [
        (one.label, one.success.estimate, one.success.low, one.success.high, one.success.replicates) for one in shares
    ]
    table = Table(("scenario", "success, share", "95 % low", "95 % high", "replicates"), data)
    return Exhibit("success", title(shares), said, CAPTION, table, lambda room: figure(shares, room))
