"""Measures everything and prints one row for each quantity.

python -m benchmarks            about a quarter of an hour
python -m benchmarks --quick    a smoke run: everything once and small, no cold start
python -m benchmarks --long     also a million replicates, for their memory
python -m benchmarks --write    and writes docs/benchmarks.md
"""

from __future__ import annotations

import argparse

from benchmarks import engines, growth, memory, page, searching, starting
from benchmarks.clock import FULL, LONG, QUICK
from benchmarks.rows import Row, as_lines

PARTS = (
    engines.measurements,
    starting.measurements,
    memory.measurements,
    growth.measurements,
    searching.measurements,
)


def main() -> None:
    """Measure, print, and write if asked to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure speed and memory.")
    parser.add_argument("--quick", action="store_true", help="a smoke run of a few seconds")
    parser.add_argument("--long", action="store_true", help="also a million replicates")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    arguments = parser.parse_args()
    if arguments.quick and (arguments.long or arguments.write):
        parser.error("--quick measures too little for --long or --write")
    effort = QUICK if arguments.quick else LONG if arguments.long else FULL
    rows: list[Row] = []
    for part in PARTS:
        of_part = list(part(effort))
        print("\n".join(as_lines(of_part)), flush=True)
        rows += of_part
    if arguments.write:
        page.write_page(rows)


if __name__ == "__main__":
    main()
