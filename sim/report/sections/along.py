"""Success along the one factor of the design, or over its two."""

from __future__ import annotations

from sim import words
from sim.report.figures import factors, heat
from sim.report.figures.exhibit import Exhibit
from sim.report.figures.labelled import Labelled
from sim.report.findings import Findings
from sim.report.page import Figure, Section

_MOST_LINES = 8


def section(findings: Findings) -> Section | None:
    """Return success along what was varied; None where the design has no factors, or more than two."""
    figure = exhibit(findings)
    return None if figure is None else Section("along", "Success along what was varied", [], [Figure(figure)])


def exhibit(findings: Findings) -> Exhibit | None:
    """Return the figure of success over one or two factors."""
    varied = list(findings.folder.experiment.factors.values())
    names = [factor.name for factor in varied]
    if len(varied) == 1:
        lines = [line for label in _labels(findings) if (line := _line(findings, label, names[0]))]
        axis_words = findings.factor_words(names[0])
        return factors.exhibit("along", words.plain(names[0]), lines, axis_words=axis_words) if lines else None
    if len(varied) == 2 and all(len(factor.values) > 2 for factor in varied):
        maps = [found for label in findings.labels if (found := _map(findings, label, names[0], names[1]))]
        return heat.exhibit((words.plain(names[0]), words.plain(names[1])), maps) if maps else None
    return None


def _labels(findings: Findings) -> list[str]:
    """Return the scenarios shown along a factor: all if they are few, else those in focus."""
    if len(findings.labels) <= _MOST_LINES:
        return list(findings.labels)
    return [point.label for point in findings.focus]


def _line(findings: Findings, label: str, factor: str) -> factors.Line | None:
    """Return success of a scenario along a factor; None if it is not played at two values or more."""
    points = [point for point in findings.points if point.label == label and factor in point.values]
    if len(points) < 2:
        return None
    shares = {point.values[factor]: findings.result(point).success for point in points}
    return Labelled(findings.labels[label], findings.looks[label], shares, (label,))


def _map(findings: Findings, label: str, first: str, second: str) -> heat.Map | None:
    """Return success of a scenario over two factors; None where it does not have both."""
    points = [point for point in findings.points if point.label == label and {first, second} <= point.values.keys()]
    if not points:
        return None
    shares = {(point.values[first], point.values[second]): findings.result(point).success for point in points}
    return Labelled(findings.labels[label], findings.looks[label], shares)
