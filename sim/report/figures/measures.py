"""What a figure measures: its noun in sentences, its caption on an axis, and how its estimates are said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.report import numbers
from sim.report.columns import column_words
from sim.report.figures.exhibit import slug
from sim.steps.columns import Column
from sim.study.statistics.estimates import Estimate


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured.

    name      a word for links
    noun      what sentences call it; of a change, what changes
    caption   of its axis, with the unit
    percent   a share, said in percent
    signed    a change, said with its sign
    """

    name: str
    noun: str
    caption: str
    percent: bool = False
    signed: bool = False

    def in_words(self, estimate: Estimate) -> str:
        """Return an estimate with its interval in words."""
        if self.signed:
            return numbers.shares_apart(estimate) if self.percent else numbers.apart(estimate)
        return numbers.share(estimate) if self.percent else numbers.mean(estimate)


SUCCESS = Measure("success", "success", "share of replicates in which an agreement held, percent", percent=True)
CHANGE_OF_SUCCESS = Measure("differences", "success", "change in success, percentage points", percent=True, signed=True)


def change_of(column: str, declared: Mapping[str, Column]) -> Measure:
    """Return how a change of a column is measured; `declared` holds the columns of a scenario by name."""
    if column == "success":
        return CHANGE_OF_SUCCESS
    name, noun = f"change-{slug(column)}", column_words(column)
    about = declared.get(column)
    if about and about.kind == "flag":
        return Measure(name, noun, f"change in {noun}, percentage points", percent=True, signed=True)
    return Measure(name, noun, f"change in {noun}, {about.unit if about else ''}", signed=True)
