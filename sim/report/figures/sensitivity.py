"""Which parameters success is sensitive to: indices with intervals, and "not resolved" where they are noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from sim import words
from sim.report import numbers
from sim.report.exhibit import Exhibit, Table
from sim.report.figures import rows
from sim.report.figures.canvas import WIDE, Room
from sim.report.palette import SCENARIOS, SOFT, Look
from sim.study.estimates import Estimate

CAPTION = (
    "Marks are {method}, lines their 95 % bootstrap intervals. A grey hollow mark is not resolved: its interval does not "
    "leave out what noise alone would give, so it has no rank. {chance}"
)
RESOLVED = Look("", SCENARIOS[0].light, "circle", "solid")
UNRESOLVED = Look("", SOFT.light, "circle", "solid")


@dataclass(frozen=True, slots=True)
class Index:
    """How much of the variance a parameter answers for, with its interval, and whether it is told from noise."""

    label: str
    share: Estimate
    resolved: bool


def figure(outcome: str, indices: Sequence[Index], room: Room = WIDE) -> go.Figure:
    """Return a row for each parameter: those resolved first, the largest above."""
    lines = [
        rows.Row(
            one.label,
            one.share.estimate,
            one.share.low,
            one.share.high,
            numbers.mean(one.share, 2) if one.resolved else "not resolved",
            RESOLVED if one.resolved else UNRESOLVED,
            hollow=not one.resolved,
        )
        for one in ranked(indices)
    ]
    return rows.figure(title(outcome, indices), lines, rows.Scale("share of the variance between points"), room)


def ranked(indices: Sequence[Index]) -> list[Index]:
    """Return those resolved by size, then the others by name."""
    return sorted(indices, key=lambda one: (not one.resolved, -one.share.estimate if one.resolved else 0.0, one.label))


def title(outcome: str, indices: Sequence[Index]) -> str:
    """Return what matters most, in a sentence."""
    found = [one for one in ranked(indices) if one.resolved]
    if not found:
        return f"No parameter’s effect on {outcome} is told from noise"
    rest = len(indices) - len(found)
    share = numbers.decimal(found[0].share.estimate, 2)
    told = f"{words.sentence(found[0].label)} answers for most of what varies in {outcome}: {share}"
    return f"{told}; {rest} of {len(indices)} parameters are not resolved" if rest else told


def exhibit(name: str, outcome: str, indices: Sequence[Index], method: str, chance: Estimate | None) -> Exhibit:
    """Return the figure with its words and data; `chance` is the share of all variance that is luck."""
    said = "; ".join(
        f"{one.label} {numbers.mean(one.share, 2) if one.resolved else 'not resolved'}" for one in ranked(indices)
    )
    data = [
        (one.label, one.share.estimate, one.share.low, one.share.high, "yes" if one.resolved else "no")
        for one in ranked(indices)
    ]
    table = Table(("parameter", "index", "95 % low", "95 % high", "resolved"), data)
    luck = "" if chance is None else f"Chance alone answers for {numbers.mean(chance, 2)} of all variance."
    caption = CAPTION.format(method=method, chance=luck)
    return Exhibit(name, title(outcome, indices), said, caption, table, lambda room: figure(outcome, indices, room))
