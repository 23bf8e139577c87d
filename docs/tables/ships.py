"""Tables of what ships: scenarios, sets of assumptions, experiments and evidence."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

from docs.tables.markdown import code, table
from sim.scenario.assumptions import read_assumptions
from sim.shipped import grouped, shipped, shipped_names


def scenarios(_: str = "") -> str:
    """Return a table of the shipped scenarios for each of their groups."""
    tables = []
    for group, names in grouped(shipped_names("scenarios")).items():
        rows = [_scenario_row(name) for name in names]
        tables.append(f"{group}:\n\n{table(('scenario', 'extends', 'title'), rows)}")
    return "\n\n".join(tables)


def _scenario_row(name: str) -> tuple[str, ...]:
    """Return the cells of one shipped scenario."""
    said = tomllib.loads((shipped("scenarios") / f"{name}.toml").read_text(encoding="utf-8"))
    return code(name), code(said.get("extends", "")), said["title"]


def assumptions(_: str = "") -> str:
    """Return a table of the shipped sets of assumptions."""
    found = [read_assumptions(name) for name in shipped_names("assumptions")]
    return table(("set", "sentence"), [(code(one.name), one.sentence) for one in found])


def experiments(_: str = "") -> str:
    """Return a table of the shipped experiments."""
    rows = []
    for name in shipped_names("experiments"):
        said = tomllib.loads((shipped("experiments") / f"{name}.toml").read_text(encoding="utf-8"))
        rows.append((code(name), said["question"]))
    return table(("experiment", "question"), rows)


def evidence(_: str = "") -> str:
    """Return a table of the evidence."""
    path = next(iter(sorted(Path(shipped("evidence")).glob("*.csv"))))
    with path.open(encoding="utf-8", newline="") as file:
        rows = [evidence_row(one) for one in csv.DictReader(file)]
    return table(("row", "quantity", "value", "unit", "source", "how it was obtained"), rows)


def evidence_row(one: dict[str, str]) -> tuple[str, ...]:
    """Return the cells of one row of evidence."""
    value = one["value"]
    if one["low"] or one["high"]:
        value += f" ({one['low']} to {one['high']})"
    if one["n"]:
        value += f", n = {one['n']}"
    return code(one["id"]), one["quantity"], value, one["unit"], one["source"], one["standing"]
