"""The parameters that were varied or differ between scenarios, with meaning, range, standing and source."""

from __future__ import annotations

import math

from sim.report import numbers
from sim.report.findings import Findings
from sim.report.page import Grid, Section
from sim.report.tables import Table
from sim.scenario.keys import split_key

_MOST_KEYS = 60
_HEAD = ("key", "meaning", "unit", "plausible range", "standing", "source")
_TEXT = "What was varied, or differs between scenarios that are set against each other, and what it rests on."


def section(findings: Findings) -> Section | None:
    """Return a table of the parameters; None where nothing was varied and nothing differs."""
    keys = dict.fromkeys(key for factor in findings.folder.experiment.factors.values() for key in factor.keys)
    keys |= dict.fromkeys(key for pair in findings.contrasts for key, _, _ in pair.contrast.differences)
    rows = [row for key in list(keys)[:_MOST_KEYS] if (row := _row(findings, key))]
    if not rows:
        return None
    return Section("parameters", "Parameters and their standing", [_TEXT], [Grid("Parameters", Table(_HEAD, rows))])


def _row(findings: Findings, key: str) -> tuple[str, ...] | None:
    """Return what is declared of a parameter; None for a key that is none."""
    for scenario in findings.folder.experiment.scenarios.values():
        parameter, _ = scenario.given.parameter_at(split_key(key))
        if parameter is not None:
            low, high = parameter.plausible or (math.nan, math.nan)
            between = f"{low:g} to {high:g}" if math.isfinite(low) else numbers.NONE
            source = parameter.source or numbers.NONE
            return (key, parameter.meaning, parameter.unit or parameter.kind, between, parameter.standing, source)
    return None
