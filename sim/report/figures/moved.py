"""How many replicates a change helps and harms, with the bounds that the two shares alone allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from sim.report import numbers
from sim.report.exhibit import Exhibit, Table
from sim.report.figures import rows
from sim.report.figures.canvas import WIDE, Room
from sim.report.palette import SIGNAL, WARNING, Look
from sim.study.play.contrasts import SharesMoved

SCALE = rows.Scale("share of replicates, percent", percent=True)
CAPTION = (
    "Helped: success with the change and none without it; harmed: the reverse. Marks are what shared luck gives. Which "
    "replicate would have ended how under both cannot be observed in the world: lines are what the two shares of success "
    "alone allow (Fréchet’s bounds), not intervals of chance."
)
HELPED, HARMED = Look("", SIGNAL.light, "triangle-up", "solid"), Look("", WARNING.light, "triangle-down", "solid")


@dataclass(frozen=True, slots=True)
class Moved:
    """The shares a contrast helps and harms."""

    label: str
    shares: SharesMoved
    scenarios: tuple[str, ...] = ()


def figure(moved: Sequence[Moved], room: Room = WIDE) -> go.Figure:
    """Return two rows for each contrast."""
    lines: list[rows.Row | rows.Heading] = []
    for one in moved:
        lines.append(rows.Heading(one.label, scenarios=one.scenarios))
        for word, look, share, bounds in _both(one):
            lines.append(rows.Row(word, share, *bounds, said(share, bounds), look, one.scenarios))
    return rows.figure(title(moved), lines, SCALE, room)


def _both(one: Moved) -> list[tuple[str, Look, float, tuple[float, float]]]:
    """Return helped and harmed: the word, its look, the share and its bounds."""
    shares = one.shares
    return [
        ("helped", HELPED, shares.helped, shares.helped_bounds),
        ("harmed", HARMED, shares.harmed, shares.harmed_bounds),
    ]


def said(share: float, bounds: tuple[float, float]) -> str:
    """Return a share with its bounds in words."""
    return (
        f"{numbers.percent(share)} [{numbers.decimal(100.0 * bounds[0], 1)} to {numbers.decimal(100.0 * bounds[1], 1)}]"
    )


def title(moved: Sequence[Moved]) -> str:
    """Return what the shares show, in a sentence."""
    one = max(moved, key=lambda one: one.shares.harmed)
    harmed, helped = numbers.percent(one.shares.harmed), numbers.percent(one.shares.helped)
    return f"“{one.label}” costs {harmed} of replicates their peace and gives one to {helped}"


def exhibit(moved: Sequence[Moved]) -> Exhibit:
    """Return the figure with its words and data."""
    told = [f"{one.label}: {word} {said(share, bounds)}" for one in moved for word, _, share, bounds in _both(one)]
    data = [(one.label, word, share, *bounds) for one in moved for word, _, share, bounds in _both(one)]
    table = Table(("contrast", "which", "share", "lowest possible", "highest possible"), data)
    return Exhibit("moved", title(moved), "; ".join(told), CAPTION, table, lambda room: figure(moved, room))
