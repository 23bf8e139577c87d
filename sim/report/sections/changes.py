"""What each change does to each outcome that the experiment asks about."""

from __future__ import annotations

from collections.abc import Sequence

from sim import words
from sim.report import numbers
from sim.report.figures import estimates, factors
from sim.report.figures.exhibit import Exhibit
from sim.report.figures.labelled import Labelled
from sim.report.figures.measures import change_of
from sim.report.findings import Findings, PointContrast
from sim.report.page import Figure, Section

_FEWEST_VALUES = 3
_MOST_ROWS = 40
_TEXT = (
    "Both scenarios of a contrast are played in the same replicates, under the same luck; what differs is the change."
)


def section(findings: Findings) -> Section | None:
    """Return a figure for each outcome that both scenarios of every contrast have; None without contrasts."""
    if not findings.contrasts:
        return None
    columns = dict.fromkeys(["success", *findings.folder.experiment.outcomes])
    blocks = [
        Figure(exhibit(findings, column))
        for column in columns
        if all(column in result.columns for pair in findings.contrasts for result in (pair.contrast.a, pair.contrast.b))
    ]
    return Section("changes", "What each change does", [_TEXT], blocks)


def exhibit(findings: Findings, column: str) -> Exhibit:
    """Return what each contrast does to one outcome: along the factor that its pairs differ in, or in rows."""
    pairs, measure = findings.contrasts, change_of(column, findings.columns)
    factor = _factor(pairs)
    if factor:
        names = dict.fromkeys(pair.name for pair in pairs)
        lines = [_line(findings, [pair for pair in pairs if pair.name == name], factor, column) for name in names]
        lines = [line for line in lines if line.found]
        return factors.exhibit(measure.name, words.plain(factor), lines, measure, findings.factor_words(factor))
    effects = [
        Labelled(pair.label, findings.looks[pair.b.label], pair.contrast.effect(column).interval(), pair.scenarios)
        for pair in pairs[:_MOST_ROWS]
    ]
    return estimates.changes(effects, measure)


def _factor(pairs: Sequence[PointContrast]) -> str:
    """Return the one factor of numbers that pairs of the same contrasts differ in; empty where there is none."""
    names = dict.fromkeys(name for pair in pairs for name in pair.b.values)
    varied = [
        name for name in names if len({numbers.value(pair.b.values.get(name)) for pair in pairs}) >= _FEWEST_VALUES
    ]
    if len(varied) != 1 or len(names) != 1:
        return ""
    numeric = all(isinstance(pair.b.values.get(varied[0]), int | float) for pair in pairs)
    return varied[0] if numeric else ""


def _line(findings: Findings, pairs: Sequence[PointContrast], factor: str, column: str) -> factors.Line:
    """Return what one contrast does to an outcome along a factor."""
    effects = {pair.b.values[factor]: pair.contrast.effect(column).interval() for pair in pairs}
    return Labelled(pairs[0].title, findings.looks[pairs[0].b.label], effects, pairs[0].scenarios)
