"""Trust and states of affairs week by week, where weekly values were kept."""

from __future__ import annotations

from sim.report.figures import states, trust
from sim.report.figures.labelled import Labelled
from sim.report.findings import Findings
from sim.report.page import Figure, Section


def section(findings: Findings) -> Section | None:
    """Return both figures for the points in focus; None where none of them was followed."""
    names = findings.short_names(findings.focus)
    followed = [
        Labelled(names[point.name], findings.looks[point.label], weekly)
        for point in findings.focus
        if (weekly := findings.folder.weekly(point.name)) is not None
    ]
    if not followed:
        return None
    shares = [Labelled(point.label, point.look, states.shares_by_state(point.found)) for point in followed]
    blocks = [Figure(trust.exhibit(trust.pairs_of(followed))), Figure(states.exhibit(shares))]
    return Section("weeks", "Week by week", [], blocks)
