"""Exact results of a few replicates, column by column and bit by bit, to which the model is held.

python -m tests.baselines            says which columns of which replicates have moved
python -m tests.baselines --accept   writes the files anew: the way to accept a change that alters results

A change that alters results also takes a line in CHANGELOG.md that says so.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from sim.engines.open import War
from sim.scenario.load import load
from sim.study.play.open_runs import forget

FOLDER = Path(__file__).resolve().parent
SCENARIOS = ("reference", "ukraine-kept-out", "two-states-known-costs", "silent-observer", "secret-track-1.5")
SEED, REPLICATES = 2024, 3

ACCEPT = (
    "If the change is meant to alter results, accept it with `python -m tests.baselines --accept` and say in CHANGELOG.md "
    "what changed and why; if it is not, it has a mistake."
)

Rows = list[dict[str, str]]


def written(value: float | str) -> str:
    """Return a value as it stands in a baseline: a number to its last bit, missing as nan, a word as it is."""
    if isinstance(value, str):
        return value
    return "nan" if value != value else float(value).hex()


def played(name: str) -> Rows:
    """Return the columns of the first replicates of a shipped scenario."""
    rows = []
    for replicate in range(REPLICATES):
        talks = War(load(name), SEED, replicate).run()
        rows.append({column: written(value) for column, value in talks.row().items()})
        forget(talks)
    return rows


def path_of(name: str) -> Path:
    """Return where the baseline of a scenario stands."""
    return FOLDER / f"{name}.json"


def kept(name: str) -> Rows:
    """Return what the baseline of a scenario says."""
    rows: Rows = json.loads(path_of(name).read_text(encoding="utf-8"))["replicates"]
    return rows


def moved(name: str, before: Rows, after: Rows) -> list[str]:
    """Return a line for each value that differs, in numbers that can be read."""
    lines = []
    for replicate, (old, new) in enumerate(zip(before, after, strict=True)):
        for column in [*old, *(column for column in new if column not in old)]:
            one, other = old.get(column, "no column"), new.get(column, "no column")
            if one != other:
                lines.append(f"{name}, replicate {replicate}, {column}: {shown(one)} is now {shown(other)}")
    return lines


def shown(value: str) -> str:
    """Return a value of a baseline as a reader would write it."""
    return repr(float.fromhex(value)) if "0x" in value else value


def accept(name: str) -> None:
    """Write the baseline of a scenario anew."""
    data = {"seed": SEED, "replicates": played(name)}
    path_of(name).write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Compare, or write the baselines anew; return 1 if something moved and was not accepted."""
    parser = argparse.ArgumentParser(prog="python -m tests.baselines", description="Exact results of a few replicates.")
    parser.add_argument("--accept", action="store_true", help="write the files anew")
    options = parser.parse_args(arguments)
    status = 0
    for name in SCENARIOS:
        lines = moved(name, kept(name), played(name)) if path_of(name).is_file() else [f"{name}: no baseline yet"]
        print("\n".join(lines) or f"{name}: as it was")
        if lines and options.accept:
            accept(name)
            print(f"{name}: accepted")
        elif lines:
            status = 1
    print(ACCEPT if status else "Accepted or as they were.")
    return status


if __name__ == "__main__":
    raise SystemExit(main())
