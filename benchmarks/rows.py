"""One row of the report, and the report as text and as a table of a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Row:
    """One measured quantity.

    part    which part of the report it belongs to
    name    what was measured; unique within the part
    value   the median over the repetitions, None where it could not be measured
    unit    its unit
    note    what it is compared with, or why it is missing
    """

    part: str
    name: str
    value: float | None
    unit: str
    note: str = ""


def figure(value: float | None) -> str:
    """Return a value with three significant digits, thousands grouped."""
    if value is None:
        return "–"
    if abs(value) >= 1000:
        return f"{round(value, 2 - len(str(int(abs(value)))) + 1):,.0f}"
    if abs(value) >= 100:
        return f"{value:.0f}"
    if abs(value) >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if abs(value) >= 1 else f"{value:.3g}"


def as_lines(rows: Iterable[Row]) -> list[str]:
    """Return one line per row, under the name of its part."""
    lines = []
    for part, of_part in groupby(rows, key=lambda row: row.part):
        lines += ["", part]
        for row in of_part:
            lines.append(f"  {row.name:<58} {figure(row.value):>9} {row.unit:<14} {row.note}".rstrip())
    return lines


def as_tables(rows: Iterable[Row]) -> list[str]:
    """Return a table for each part, under a heading."""
    lines = []
    for part, of_part in groupby(rows, key=lambda row: row.part):
        lines += [f"## {part}", "", "| what | median | unit | note |", "|---|---|---|---|"]
        lines += [f"| {row.name} | {figure(row.value)} | {row.unit} | {row.note} |" for row in of_part]
        lines.append("")
    return lines
