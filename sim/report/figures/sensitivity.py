"""How much each parameter explains: shares with intervals, and "cannot be told" where they may be chance."""

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
from sim.report.ties import foremost
from sim.study.statistics.estimates import Estimate

_CAPTION = (
    "Marks are first-order Sobol’ indices, lines their 95 % intervals. A grey hollow mark cannot be told from chance, all "
    "parameters judged together, and has no rank. Chance alone answers for {chance} of all variance."
)
_AXIS = "share of the variance between places that it explains by itself"
UNTOLD = "cannot be told"
_TOLD_LOOK = Look("", SCENARIOS[0].light, "circle", "solid")
_UNTOLD_LOOK = Look("", SOFT.light, "circle", "solid")


@dataclass(frozen=True, slots=True)
class Index:
    """How much of the variance a parameter explains, with its interval, and whether it is told from chance."""

    label: str
    share: Estimate
    told: bool

    @property
    def in_words(self) -> str:
        """The share with its interval, where it is told from chance."""
        return numbers.mean(self.share, 2) if self.told else UNTOLD


@dataclass(frozen=True, slots=True)
class Study:
    """What was asked: the outcome in words, chance's share, and how many parameters are not told from it."""

    outcome: str
    chance: Estimate
    untold: int


def _figure(study: Study, indices: Sequence[Index], room: Room = WIDE) -> go.Figure:
    """Return a row for each parameter: those told from chance first, the largest above."""
    lines = [
        forest.Row(
            index.label,
            index.share.estimate,
            index.share.low,
            index.share.high,
            index.in_words,
            _TOLD_LOOK if index.told else _UNTOLD_LOOK,
            hollow=not index.told,
        )
        for index in _ranked(indices)
    ]
    return forest.figure(title(study, indices), lines, forest.Scale(_AXIS), room)


def _ranked(indices: Sequence[Index]) -> list[Index]:
    """Return those told from chance by size, then the others by name."""
    return sorted(
        indices, key=lambda index: (not index.told, -index.share.estimate if index.told else 0.0, index.label)
    )


def title(study: Study, indices: Sequence[Index]) -> str:
    """Return what explains most, in a sentence."""
    found = [index for index in _ranked(indices) if index.told]
    if not found:
        return f"No parameter’s part in {study.outcome} can be told from chance"
    most = foremost(found, lambda index: index.share.estimate, lambda share: numbers.decimal(share, 2))
    labels = words.listed(index.label for index in most)
    said = numbers.mean(most[0].share, 2) if len(most) == 1 else f"{numbers.decimal(most[0].share.estimate, 2)} each"
    told = f"{words.sentence(study.outcome)} depends most on {labels}: {said}"
    count = words.count(len(found) + study.untold, "parameter")
    return f"{told}; {study.untold} of {count} cannot be told from chance" if study.untold else told


def exhibit(name: str, study: Study, indices: Sequence[Index]) -> Exhibit:
    """Return the figure with its words and data."""
    listed = _ranked(indices)
    said = "; ".join(f"{index.label} {index.in_words}" for index in listed)
    data = [
        (index.label, index.share.estimate, index.share.low, index.share.high, "yes" if index.told else "no")
        for index in listed
    ]
    table = Table(("parameter", _AXIS, "95 % low", "95 % high", "told from chance"), data)
    caption = _CAPTION.format(chance=numbers.mean(study.chance, 2))
    return Exhibit(name, title(study, indices), said, caption, table, lambda room: _figure(study, indices, room))
