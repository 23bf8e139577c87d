"""Writes docs/ledger.md: what the model says of each claim, from result folders.

python -m docs.tables.ledger FOLDER [SPACE]

FOLDER holds what `sim sweep claims` gave. SPACE, if named, holds what `sim sweep plausible-space` gave.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from docs.tables.markdown import code, table
from sim.study.claims.spaces import Space, places_of, spaces
from sim.study.claims.verdicts import FOLLOWS, VERDICTS, ClaimVerdict, RowVerdict, ledger
from sim.study.store.folder import Folder, open_folder

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "ledger.md"
COMMAND = "python -m docs.tables.ledger"
SUMMARY = re.compile(r"^\| (.+?) \(`[\w.-]+`\) \| ([\w ]+?) \|", re.MULTILINE)

OPENING = """\
# The ledger

What the model says of each claim of the essay and of its readers. Verdicts at the reference rest on
{replicates:,} replicates of each scenario, seed {seed:,}, model version `{version}`.
[Claims](explanation/claims.md) says what they mean, [the ledger](how-to/read-the-ledger.md) what stands beside each row.
They say what the model does at parameters most of which are assumed, not what the world does.

"""
ROWS = """
## Rows

Effects are differences in the same replicates, second scenario less first, with the interval that decides: wider than 95 %
where a claim has several rows. A row in brackets does not count for the verdict.

"""
CLOSING = """
Written by `{command}` from what `{played}` gave (content hash {content}).
"""


def verdicts(_: str = "") -> str:
    """Return a table of the claims by their verdict at the reference, read off the page."""
    text = PAGE.read_text(encoding="utf-8").partition("## Rows")[0]
    by_verdict: dict[str, list[str]] = {verdict: [] for verdict in VERDICTS}
    for claim, verdict in SUMMARY.findall(text):
        by_verdict[verdict].append(claim)
    rows = [(verdict, str(len(claims)), "; ".join(claims)) for verdict, claims in by_verdict.items() if claims]
    return table(("at the reference", "claims", "which"), rows)


def main() -> int:
    """Write the page and return the exit status."""
    options = argparse.ArgumentParser(prog=COMMAND, description="write docs/ledger.md")
    options.add_argument("folder", help="what sim sweep claims gave")
    options.add_argument("space", nargs="?", help="what sim sweep plausible-space gave")
    given = options.parse_args()
    space = open_folder(given.space) if given.space else None
    PAGE.write_text(page(open_folder(given.folder), space), encoding="utf-8")
    return 0


def page(folder: Folder, space: Folder | None) -> str:
    """Return the text of the page."""
    verdicts = ledger(folder)
    shares = {} if space is None else spaces(space, places_of(space.experiment), space.replicates)
    about = folder.manifest
    source = {"replicates": folder.replicates, "seed": about["seed"], "version": about["model_version"]}
    return "".join(
        [
            OPENING.format(**source),
            _summary(verdicts, shares),
            "" if space is None else _space(space, shares),
            ROWS,
            *(_claim(claim) for claim in verdicts),
            CLOSING.format(command=COMMAND, played="sim sweep claims", content=folder.content_hash()[:16]),
        ]
    )


def _summary(verdicts: Sequence[ClaimVerdict], shares: Mapping[str, Space]) -> str:
    """Return a row for each claim."""
    head = ("claim", "at the reference", *(["share of the plausible space with the claimed sign"] if shares else []))
    rows = []
    for claim in verdicts:
        share = [shares[claim.id].in_words() if claim.id in shares else "not asked"] if shares else []
        rows.append((f"{claim.claim} ({code(claim.id)})", claim.verdict, *share))
    return table(head, rows)


def _space(space: Folder, shares: Mapping[str, Space]) -> str:
    """Return what the shares rest on."""
    count = max(map(len, shares.values()), default=0)
    return (
        f"\nThe shares rest on {count:,} places in the plausible space, seed {space.manifest['seed']:,}, each "
        f"played {space.replicates:,} times. Between the two numbers, intervals included, lies the share of places with the "
        "claimed sign. That they are far apart says that most places cannot be told from so few replicates.\n"
    )


def _claim(claim: ClaimVerdict) -> str:
    """Return a claim with its rows."""
    head = ("row", "compares", "outcome", "effect", "verdict")
    return f"### {claim.claim}\n\n{claim.asked.note}\n\n{table(head, [_cells(row) for row in claim.rows])}\n"


def _cells(row: RowVerdict) -> tuple[str, ...]:
    """Return a row of a claim."""
    one = row.deciding
    verdict = row.verdict if row.counts else f"({row.verdict})"
    if row.sign_fixed_by:
        verdict = f"{verdict}; {FOLLOWS}"
    effect = f"{one.estimate:+.4f} ({one.low:+.4f} to {one.high:+.4f})"
    return (row.name.replace("_", " "), ", ".join(map(code, row.points)), code(row.outcome), effect, verdict)


if __name__ == "__main__":
    raise SystemExit(main())
