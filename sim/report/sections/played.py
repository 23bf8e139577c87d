"""What was played, and in which keys the scenarios of each contrast differ."""

from __future__ import annotations

from sim import words
from sim.report import numbers
from sim.report.findings import Findings, PointContrast
from sim.report.page import Block, Grid, Section
from sim.report.tables import Cell, Table

_MOST_KEYS = 200


def section(findings: Findings) -> Section:
    """Return the scenarios, the contrasts between them, and the keys in which they differ."""
    experiment = findings.folder.experiment
    text = " ".join(experiment.description.split())
    rows: list[tuple[Cell, ...]] = [
        (findings.labels[label], label, experiment.extends[label]) for label in experiment.scenarios
    ]
    head = ("scenario", "name in the file", "extends")
    blocks: list[Block] = [Grid("Scenarios", Table(head, rows), [[label] for label in experiment.scenarios])]
    firsts = _first_of_each(findings.contrasts)
    if firsts:
        pairs = [(pair.title, findings.name_of(pair.a), findings.name_of(pair.b)) for pair in firsts]
        columns = ("contrast", "first", "second, and what is told is second minus first")
        blocks.append(Grid("Contrasts", Table(columns, pairs)))
    differing = [row for pair in firsts for row in _differing_keys(pair)]
    if differing:
        caption = "What differs between the scenarios of each contrast"
        if len(differing) > _MOST_KEYS:
            caption += f" (the first {_MOST_KEYS} of {len(differing):,} keys)"
        keys = Table(("contrast", "key", "first", "second"), differing[:_MOST_KEYS])
        blocks.append(Grid(caption, keys, []))
    return Section("played", "What was played", [text] if text else [], blocks)


def _first_of_each(contrasts: list[PointContrast]) -> list[PointContrast]:
    """Return one pair of points of each contrast."""
    return list({pair.name: pair for pair in reversed(contrasts)}.values())[::-1]


def _differing_keys(pair: PointContrast) -> list[tuple[str, ...]]:
    """Return the keys in which the scenarios of a contrast differ, with both values; none where one lacks the key."""
    return [
        (pair.title, key, *(numbers.NONE if value is None else words.value(value) for value in (mine, theirs)))
        for key, mine, theirs in pair.contrast.differences
    ]
