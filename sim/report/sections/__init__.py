"""The sections of a report, one a file, in their order; each only where the results have what it shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sim.report.findings import Findings
from sim.report.page import Section
from sim.report.sections import (
    along,
    changes,
    claims,
    endings,
    harm,
    method,
    parameters,
    played,
    replicate,
    sensitivity,
    success,
    together,
    weeks,
)

ORDER: Sequence[Callable[[Findings], Section | None]] = (
    claims.section,
    played.section,
    success.section,
    changes.section,
    together.section,
    along.section,
    sensitivity.section,
    weeks.section,
    endings.section,
    harm.section,
    replicate.section,
    method.section,
    parameters.section,
)


def sections(findings: Findings) -> list[Section]:
    """Return the sections of the page, in their order; one without anything to show is left out."""
    return [section for section in (make(findings) for make in ORDER) if section is not None]
