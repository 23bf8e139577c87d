"""The long checks: every campaign at its full size, and docs/campaign.md with what they found.

python -m tests.campaign                     those that the page lacks, or has of another model or size, row by row
python -m tests.campaign --again             all of them, from the first
python -m tests.campaign --only mirror       one, or several with more --only; the other rows of the page stay
python -m tests.campaign --scale 0.1         at a tenth of the size; writes nothing

The quick tests run the same functions at about a hundredth of the size. Each campaign is a module, or a row of NULLS, with
SIZE, SEED, `run(size, seed)` for the figures, `wrong(result)` for what contradicts theory and `found(result)` for a line
about them.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sim.version import model_version
from tests.campaigns import (
    coverage,
    coverage_on_demand,
    credibility,
    engines_agree,
    environment_faults,
    expected_credibility,
    first_event,
    first_passage,
    folder_bits,
    hostile_files,
    killed_sweeps,
    leaks,
    mirror,
    offers,
    signs,
    survival,
    worker_faults,
)
from tests.campaigns.nulls import NULLS, Null

PAGE = Path(__file__).resolve().parents[1] / "docs" / "campaign.md"

CAMPAIGNS: dict[str, Any] = {
    "offers": offers,
    "engines-agree": engines_agree,
    **NULLS,
    "mirror": mirror,
    "killed-sweeps": killed_sweeps,
    "folder-bits": folder_bits,
    "hostile-files": hostile_files,
    "environment-faults": environment_faults,
    "worker-faults": worker_faults,
    "survival": survival,
    "first-passage": first_passage,
    "leaks": leaks,
    "first-event": first_event,
    "credibility": credibility,
    "expected-credibility": expected_credibility,
    "coverage": coverage,
    "coverage-on-demand": coverage_on_demand,
    "signs": signs,
}

HEAD = """\
# Campaigns: long checks of the model against theory

What `make campaign` found. Each campaign compares many replicates with what must hold exactly, or with a closed form at
the false-alarm rate its module states; `make test` runs the same at about a hundredth of the size. The modules in
`tests/campaigns` say what is compared and how. A row holds for the version of the model it names: rules, random numbers and
default values; when these change, the campaigns are run again. The date is that of the run: a row stays, under the new
version, where a change of the code left every column of every shipped scenario as it was, to the last bit.
"""
COLUMNS = ("Campaign", "What it proves", "Size", "Seed", "Result", "Found", "Date", "Model")
AS_IT_SHOULD_BE = "holds"
NOT_RUN = "Not yet run in full; `make test` has run them at a hundredth: "


class Line(NamedTuple):
    """One row of the page, as text."""

    name: str
    proves: str
    size: str
    seed: str
    result: str
    found: str
    date: str
    model: str

    @property
    def holds(self) -> bool:
        """Return whether nothing contradicted theory."""
        return self.result == AS_IT_SHOULD_BE


def proves(campaign: Any) -> str:
    """Return what a campaign proves: the sentence of a null, or the first paragraph of a module."""
    if isinstance(campaign, Null):
        return campaign.proves
    first = campaign.__doc__.partition("\n\n")[0]
    return " ".join(first.split())


def held(name: str, scale: float) -> Line:
    """Run a campaign and return its row."""
    module = CAMPAIGNS[name]
    size = max(round(module.SIZE * scale), 2)
    result = module.run(size, module.SEED)
    complaints = module.wrong(result)
    verdict = AS_IT_SHOULD_BE if not complaints else "CONTRADICTED: " + "; ".join(complaints)
    today = datetime.now(UTC).date().isoformat()
    words = (verdict, module.found(result))
    return Line(name, proves(module), f"{size:,}", str(module.SEED), *map(plain, words), today, model_version())


def plain(text: str) -> str:
    """Return a text that fits a cell of a table."""
    return " ".join(text.replace("|", "/").split())


def page_of(lines: Iterable[Line]) -> str:
    """Return the page; it says which campaigns have not been run in full."""
    listed = list(lines)
    rows = [f"| {' | '.join(line)} |" for line in listed]
    rule = "|" + "---|" * len(COLUMNS)
    missing = [name for name in CAMPAIGNS if name not in {line.name for line in listed}]
    rest = ["", NOT_RUN + ", ".join(missing) + "."] if missing else []
    return "\n".join([HEAD, f"| {' | '.join(COLUMNS)} |", rule, *rows, *rest, ""])


def lines_of(page: str) -> dict[str, Line]:
    """Return the rows of a page by name."""
    cells = ([cell.strip() for cell in row.strip().strip("|").split(" | ")] for row in page.splitlines())
    return {each[0]: Line(*each) for each in cells if len(each) == len(COLUMNS) and each[0] in CAMPAIGNS}


def written_lines() -> dict[str, Line]:
    """Return the rows of the page as it stands, none where there is no page."""
    return lines_of(PAGE.read_text(encoding="utf-8")) if PAGE.is_file() else {}


def is_current(line: Line) -> bool:
    """Return whether a campaign was run in full on this version of the model, and held."""
    module = CAMPAIGNS[line.name]
    of_now = (f"{module.SIZE:,}", str(module.SEED), model_version())
    return line.holds and (line.size, line.seed, line.model) == of_now


def main(arguments: list[str] | None = None) -> int:
    """Run campaigns and write the page; return 1 if one contradicts theory."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description="The long checks against theory.")
    parser.add_argument("--only", action="append", choices=CAMPAIGNS, metavar="NAME", help=", ".join(CAMPAIGNS))
    parser.add_argument("--again", action="store_true", help="also those that hold on this model already")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full size; below 1 nothing is written")
    options = parser.parse_args(arguments)
    status = 0
    done = {} if options.again or options.only or options.scale != 1.0 else written_lines()
    for name in options.only or CAMPAIGNS:
        if name in done and is_current(done[name]):
            print(f"{name} ({done[name].size}): {done[name].result} since {done[name].date}; --again runs it again")
            continue
        start = time.perf_counter()
        line = held(name, options.scale)
        print(f"{name} ({line.size}, {time.perf_counter() - start:.0f} s): {line.result}\n    {line.found}", flush=True)
        status = status if line.holds else 1
        if options.scale == 1.0:
            lines = written_lines() | {name: line}
            page = page_of(lines[one] for one in CAMPAIGNS if one in lines)
            PAGE.write_text(page, encoding="utf-8")
    return status


if __name__ == "__main__":
    raise SystemExit(main())
