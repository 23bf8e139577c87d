"""Which parameters success is sensitive to: indices with intervals, and "not resolved" where they are noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from sim import words
from sim.report import numbers
from sim.report.figures import forest
from sim.report.figures.exhibit import Exhibit
from sim.report.figures.frame import WIDE, Room
from sim.report.palette import SCENARIOS, SOFT, Look
from sim.report.tables import Table
from sim.study.statistics.estimates import Estimate

CAPTION = (
    "Marks are {method}, lines their 95 % bootstrap intervals. A grey hollow mark is not resolved: its interval does not "
    "leave out what noise alone would give, so it has no rank. Chance alone answers for {chance} of all variance."
)
RESOLVED = Look("", SCENARIOS[0].light, "circle", "solid")
UNRESOLVED = Look("", SOFT.light, "circle", "solid")


@dataclass(frozen=True, slots=True)
class Index:
    """How much of the variance a parameter answers for, with its interval, and whether it is told from noise."""

    label: str
    share: Estimate
    resolved: bool


@dataclass(frozen=True, slots=True)
class Study:
    """What was asked: the outcome in words, the method, the caption of its axis, chance's share, and how many are noise."""

    outcome: str
    method: str
    caption: str
    chance: Estimate
    unresolved: int


def figure(study: Study, indices: Sequence[Index], room: Room = WIDE) -> go.Figure:
    """Return a row for each parameter: those resolved first, the largest above."""
    lines = [
        forest.Row(
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
    return forest.figure(title(study, indices), lines, forest.Scale(study.caption), room)


def ranked(indices: Sequence[Index]) -> list[Index]:
    """Return those resolved by size, then the others by name."""
    return sorted(indices, key=lambda one: (not one.resolved, -one.share.estimate if one.resolved else 0.0, one.label))


def title(study: Study, indices: Sequence[Index]) -> str:
    """Return what matters most, in a sentence."""
    found = [one for one in ranked(indices) if one.resolved]
    if not found:
        return f"No parameter’s effect on {study.outcome} is told from noise"
    told = f"{words.sentence(study.outcome)} hangs most on {found[0].label}: {numbers.mean(found[0].share, 2)}"
    count = words.count(len(found) + study.unresolved, "parameter")
    return f"{told}; {study.unresolved} of {count} are not resolved" if study.unresolved else told


def exhibit(name: str, study: Study, indices: Sequence[Index]) -> Exhibit:
    """Return the figure with its words and data."""
    said = "; ".join(
        f"{one.label} {numbers.mean(one.share, 2) if one.resolved else 'not resolved'}" for one in ranked(indices)
    )
    data = [
        (one.label, one.share.estimate, one.share.low, one.share.high, "yes" if one.resolved else "no")
        for one in ranked(indices)
    ]
    table = Table(("parameter", study.caption, "95 % low", "95 % high", "resolved"), data)
    caption = CAPTION.format(method=study.method, chance=numbers.mean(study.chance, 2))
    return Exhibit(name, title(study, indices), said, caption, table, lambda room: figure(study, indices, room))
