"""Writes the generated parts of the pages.

    python -m docs            write the tables between their markers and the numbers in the examples
    python -m docs --check    write nothing; fail if a table is stale

A table stands between `<!-- table: NAME ARGUMENT -->` and `<!-- end -->`. Examples are what docs/examples.py finds;
that their output is right is checked by tests/test_docs.py, which runs them.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from pathlib import Path

from docs.tables import commands, declared, ledger, measured, question, rules, ships

ROOT = Path(__file__).resolve().parents[1]
MARKED = re.compile(r"(<!-- table: (?P<name>[\w-]+)(?P<argument>[^\n]*?) -->\n)(?P<body>.*?)(<!-- end -->)", re.DOTALL)

TABLES: dict[str, Callable[[str], str]] = {
    "assumptions": ships.assumptions,
    "columns": measured.columns,
    "commands": commands.commands,
    "command-summary": commands.summary,
    "entities": declared.entities,
    "events": measured.events,
    "things": measured.things,
    "variables": measured.variables,
    "experiment-keys": declared.experiment_keys,
    "experiments": ships.experiments,
    "evidence": ships.evidence,
    "keys": declared.keys,
    "parameters": declared.parameters,
    "personas": declared.personas,
    "purposes": rules.purposes,
    "question": question.question,
    "rules": rules.rules,
    "scenarios": ships.scenarios,
    "standings": declared.standings,
    "tracks": declared.tracks,
    "verdicts": ledger.verdicts,
    "week": rules.week,
    "weekly": measured.weekly,
}


def pages() -> list[Path]:
    """Return every page: those of the root and those of docs/."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def with_tables(text: str) -> str:
    """Return a page with its tables written anew."""

    def written(found: re.Match[str]) -> str:
        return f"{found[1]}\n{TABLES[found['name']](found['argument'].strip())}\n{found[5]}"

    return MARKED.sub(written, text)


def stale_pages() -> list[Path]:
    """Return the pages of which a table is not what it would be if it were written now."""
    return [
        page for page in pages() if with_tables(page.read_text(encoding="utf-8")) != page.read_text(encoding="utf-8")
    ]


def write_pages() -> None:
    """Write tables and the output of examples into every page."""
    from docs.examples import with_outputs

    for page in pages():
        before = page.read_text(encoding="utf-8")
        after = with_outputs(with_tables(before))
        if after != before:
            page.write_text(after, encoding="utf-8")
            print(f"written: {page.relative_to(ROOT)}")


def main() -> int:
    """Write or check the pages and return the exit status."""
    options = argparse.ArgumentParser(prog="python -m docs", description="write the generated parts of the pages")
    options.add_argument("--check", action="store_true", help="write nothing; fail if a table is stale")
    if not options.parse_args().check:
        write_pages()
        return 0
    stale = stale_pages()
    for page in stale:
        print(f"{page.relative_to(ROOT)}: a table is stale; run `make docs`", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
