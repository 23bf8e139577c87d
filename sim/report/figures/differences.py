"""What each change does: paired differences with their intervals about zero."""

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

CAPTION = (
    "Both scenarios of a contrast are played in the same replicates, under the same luck. Marks are the mean difference, "
    "lines its 95 % interval; a hollow mark says that the interval holds zero."
)


@dataclass(frozen=True, slots=True)
class Effect:
    """What one contrast does to one outcome, second scenario minus first."""

    label: str
    look: Look
    difference: Estimate
    scenarios: tuple[str, ...] = ()

    @property
    def settled(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.difference.low > 0.0 or self.difference.high < 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is compared: a word for links, a noun for sentences, the caption of the axis, whether it is a share."""

    name: str
    noun: str
    caption: str
    percent: bool = False

    def written(self, one: Estimate) -> str:
        """Return a difference in words."""
        return numbers.shares_apart(one) if self.percent else numbers.apart(one)


SUCCESS = Outcome("differences", "success", "change in success, percentage points", percent=True)


def figure(effects: Sequence[Effect], outcome: Outcome = SUCCESS, room: Room = WIDE) -> go.Figure:
    """Return the differences as rows, in the order given."""
    lines = [
        rows.Row(
            one.label,
            one.difference.estimate,
            one.difference.low,
            one.difference.high,
            outcome.written(one.difference),
            one.look,
            one.scenarios,
            hollow=not one.settled,
        )
        for one in effects
    ]
    scale = rows.Scale(outcome.caption, percent=outcome.percent, signed=True)
    return rows.figure(title(effects, outcome), lines, scale, room)


def title(effects: Sequence[Effect], outcome: Outcome = SUCCESS) -> str:
    """Return what the differences show, in a sentence."""
    settled = [one for one in effects if one.settled]
    if not settled:
        return f"No change of {outcome.noun} can be told from zero"
    largest = max(settled, key=lambda one: abs(one.difference.estimate))
    verb = "raises" if largest.difference.estimate > 0.0 else "lowers"
    unit = " percentage points" if outcome.percent else ""
    size = abs(largest.difference.estimate)
    by = numbers.decimal(100.0 * size, 1) if outcome.percent else numbers.decimal(size)
    told = f"“{largest.label}” {verb} {outcome.noun} most, by {by}{unit}"
    rest = len(effects) - len(settled)
    return told if rest == 0 else f"{told}; {rest} of {len(effects)} contrasts cannot be told from zero"


def exhibit(effects: Sequence[Effect], outcome: Outcome = SUCCESS) -> Exhibit:
    """Return the figure with its words and data."""
    said = "; ".join(f"{one.label} {outcome.written(one.difference)}" for one in effects)
    data = [
        (one.label, one.difference.estimate, one.difference.low, one.difference.high, one.difference.replicates)
        for one in effects
    ]
    table = Table(("contrast", f"change of {outcome.noun}", "95 % low", "95 % high", "pairs"), data)
    name = outcome.name
    return Exhibit(name, title(effects, outcome), said, CAPTION, table, lambda room: figure(effects, outcome, room))
