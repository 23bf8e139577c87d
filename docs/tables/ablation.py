"""Writes docs/ablation.md and docs/ablation.svg: what each mechanism alone does in the essay's case.

    python -m docs.tables.ablation

Every mechanism is declared once, by what is set to switch it off. The contrasts are paired: both scenarios are played in
the same replicates, so they share their luck. Seeds start at 1,000; smaller ones are for setting values.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from docs.tables.ablation_figure import drawn
from docs.tables.effects import SEED, TRUST, Effect, Tell, bench, settled, shown
from docs.tables.markdown import table
from docs.tables.mechanisms import CASE, CHANNEL, KEPT_OUT, MECHANISMS, OF_THOSE_KEPT_OUT, PARTS
from docs.tables.statements import STATEMENTS
from sim.study.play.results import Result
from sim.study.statistics.estimates import Estimate
from sim.version import model_version

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "ablation.md"
FIGURE = ROOT / "docs" / "ablation.svg"
COMMAND = "python -m docs.tables.ablation"
REPLICATES = 20_000
STRONGEST = 8


def cell(one: Estimate) -> str:
    """Return a difference for the table, bold where its interval leaves out 0."""
    return f"**{shown(one)}**" if settled(one) else shown(one)


def row(one: Effect) -> tuple[str, ...]:
    """Return the row of one mechanism."""
    about = (one.mechanism.name, one.mechanism.what, one.mechanism.told())
    if not one.touched:
        return (*about, "exactly 0", "exactly 0", "0")
    trust = "its start is set" if one.mechanism.sets_trust else cell(one.trust)
    return (*about, cell(one.success), trust, f"{one.moved:.1%}".replace("%", " %"))


HEAD = ("switched off", "what then holds", "set", "change in S", "change in T", "S changed in")


# The page

OPENING = """\
# Ablation

What each mechanism alone does in the essay's case, `{case}`: it is switched off, everything else stays, and both
worlds are played in the same {replicates:,} replicates of seed {seed:,}. S is success within {weeks} weeks, {success:.3f} in
the case; T is Ukraine's trust in the United States at the end, {trust:.3f} in the case. A change is the world without the
mechanism minus the case, with its paired 95 % interval: a positive one says that the mechanism lowers S or T. Bold: the
interval leaves out 0. Of {count} mechanisms without any effect about {chance:.0f} would be bold in each column by chance.

An ablation shows what a mechanism does next to all the others as they are set here. The changes do not add up, and they
say nothing of other settings, nor of the world.

![Change in success and in trust as each mechanism is switched off](ablation.svg)

The figure's scale is that of square roots, so that small changes can be told apart beside large ones.

"""

KEPT_OUT_HEADING = """
## Where Ukraine is kept from the table

Grievance, done deals and spoiling act on states kept out, and in the case nobody is: no effect is expected above. Here the
table seats Russia and the United States only; S is then {success:.3f} and T {trust:.3f}. Spoiling needs a state that is
overruled, and Ukraine, whose blocking is 1, never is.

"""

STATEMENTS_HEADING = """
## Statements put to the test

"""

CLOSING = """
## How it was made

Written by `{command}`: {replicates:,} paired replicates a row, seed {seed:,},
model version `{version}`, scenario `{case}` with fingerprint `{fingerprint}`.

Success: Tango's interval for paired shares; trust: Student's for paired differences. "S changed in" is the share of
replicates in which the mechanism decides between success and none; "exactly 0" says that no column changes in any bit.
Both envoys are changed together. A lean of 0 would drift back up, so susceptibility is set to 0 with it. Intelligence
cannot be perfect, only as good as .001 sd of log cost, and costs go on wandering after it.
"""


def strongest(effects: Iterable[Effect], of: Callable[[Effect], Estimate]) -> str:
    """Return the names of the mechanisms with the largest settled changes, with the changes."""
    found = [one for one in effects if one.touched and settled(of(one))]
    found.sort(key=lambda one: -abs(of(one).estimate))
    return ", ".join(f"{one.mechanism.name} ({of(one).estimate:+.3f})" for one in found[:STRONGEST]) or "none"


def summary(effects: list[Effect]) -> str:
    """Return what the tables show, in a few lines."""
    of_channel = [one for one in effects if one.mechanism in CHANNEL]
    others = [one for one in effects if one.mechanism not in CHANNEL]
    comparable = [one for one in effects if not one.mechanism.sets_trust]
    unsettled = [one.mechanism.name for one in effects if one.touched and not settled(one.success)]
    untouched = [one.mechanism.name for one in effects if not one.touched]
    return (
        "## What it shows\n\n"
        f"- Largest changes in S among the channel's mechanisms: {strongest(of_channel, lambda one: one.success)}.\n"
        f"- Largest changes in S among the others: {strongest(others, lambda one: one.success)}.\n"
        f"- Largest changes in T: {strongest(comparable, lambda one: one.trust)}.\n"
        f"- No effect on S could be told from 0: {', '.join(unsettled) or 'none'}.\n"
        f"- Not a bit of any column changes: {', '.join(untouched) or 'none'}.\n"
    )


def averages(result: Result) -> dict[str, float]:
    """Return the mean of S and T of a result."""
    return {"success": result.success.estimate, "trust": math.fsum(result.columns[TRUST]) / len(result)}


def kept_out_table(replicates: int, tell: Tell) -> str:
    """Return the part of the page on a table without Ukraine."""
    here = bench(replicates, tell, KEPT_OUT)
    rows = [row(here.without(one)) for one in OF_THOSE_KEPT_OUT]
    return KEPT_OUT_HEADING.format(**averages(here.played)) + table(HEAD, rows)


def written(replicates: int, tell: Tell) -> tuple[str, str]:
    """Return the text of docs/ablation.md and of docs/ablation.svg."""
    here = bench(replicates, tell)
    tell(f"the case: {here.played}")
    effects = [here.without(one) for one in MECHANISMS]
    known = averages(here.played) | {
        "case": CASE, "replicates": replicates, "seed": SEED, "weeks": here.base.values["weeks"],
        "count": len(MECHANISMS), "chance": len(MECHANISMS) / 20, "command": COMMAND, "version": model_version(),
        "fingerprint": here.base.fingerprint[:12],
    }  # fmt: skip
    parts = [OPENING.format(**known), summary(effects)]
    for heading, mechanisms in PARTS.items():
        rows = [row(one) for one in effects if one.mechanism in mechanisms]
        parts.append(f"\n## {heading}\n\n{table(HEAD, rows)}")
    parts.append(kept_out_table(replicates, tell))
    parts.append(STATEMENTS_HEADING)
    for statement, tested in STATEMENTS.items():
        holds, found = tested(here)
        verdict = "Holds." if holds else "Does not hold."
        tell(f"{statement} {verdict} {found}")
        parts.append(f"- *{statement}* {verdict} {found.replace('%', ' %')}\n")
    parts.append(CLOSING.format(**known))
    return "".join(parts), drawn(effects)


def main() -> int:
    """Write the page and the figure and return the exit status."""
    options = argparse.ArgumentParser(prog=COMMAND, description="write docs/ablation.md and docs/ablation.svg")
    options.add_argument("--replicates", type=int, default=REPLICATES, help="paired replicates a row")
    page, picture = written(options.parse_args().replicates, lambda line: print(line, file=sys.stderr, flush=True))
    PAGE.write_text(page, encoding="utf-8")
    FIGURE.write_text(picture, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
