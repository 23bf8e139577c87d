"""How many replicates each contrast helps and harms, or, without contrasts, each row of a claim on success."""

from __future__ import annotations

from sim.report.columns import row_words
from sim.report.figures import estimates
from sim.report.figures.labelled import Labelled
from sim.report.findings import Findings
from sim.report.page import Figure, Section
from sim.report.palette import NOBODY
from sim.study.play.contrasts import SharesMoved

_MOST = 20


def section(findings: Findings) -> Section | None:
    """Return the shares helped and harmed; None where nothing is set against anything."""
    pairs = [Labelled(pair.label, NOBODY, pair.contrast.moved, pair.scenarios) for pair in findings.contrasts[:_MOST]]
    pairs = pairs or _of_claims(findings)
    return Section("harm", "Helped and harmed", [], [Figure(estimates.moved(pairs))]) if pairs else None


def _of_claims(findings: Findings) -> list[Labelled[SharesMoved]]:
    """Return how many replicates each row on success that counts for a claim helps and harms."""
    found = {
        row_words(row): Labelled(row_words(row), NOBODY, row.beside.moved, tuple(dict.fromkeys(row.points)))
        for claim in findings.verdicts
        for row in claim.rows
        if row.counts and row.beside is not None and row.beside.moved is not None
    }
    return list(found.values())[:_MOST]
