"""How the replicates of the points in focus ended."""

from __future__ import annotations

from sim.report.figures import estimates
from sim.report.figures.labelled import Labelled
from sim.report.findings import Findings
from sim.report.page import Figure, Section


def section(findings: Findings) -> Section:
    """Return the share of each outcome by scenario."""
    names = findings.short_names(findings.focus)
    outcomes = [
        Labelled(names[point.name], findings.looks[point.label], findings.result(point).outcomes)
        for point in findings.focus
    ]
    return Section("endings", "How it ended", [], [Figure(estimates.endings(outcomes))])
