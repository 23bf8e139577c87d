"""Success by scenario."""

from __future__ import annotations

from collections.abc import Sequence

from sim.report.figures import estimates
from sim.report.figures.exhibit import Exhibit
from sim.report.figures.labelled import Labelled
from sim.report.findings import Findings
from sim.report.page import Figure, Section
from sim.study.design.points import Point

_MOST_POINTS = 40


def section(findings: Findings) -> Section | None:
    """Return success at every point; None where there are too many to read."""
    if len(findings.points) > _MOST_POINTS:
        return None
    return Section("success", "Success by scenario", [], [Figure(exhibit(findings, findings.points))])


def exhibit(findings: Findings, points: Sequence[Point]) -> Exhibit:
    """Return the figure of success at some points."""
    return estimates.success(
        [
            Labelled(findings.name_of(point), findings.looks[point.label], findings.result(point).success)
            for point in points
        ]
    )
