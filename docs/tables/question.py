"""Writes docs/question.md: trust and success by Ukraine's inclusion and by what envoys say, from a result folder.

python -m docs.tables.question FOLDER

FOLDER holds what `sim sweep inclusion-by-misrepresentation` gave. The README shows the same table, read off the page.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from docs.tables.markdown import table
from sim import words
from sim.study.play.results import Result
from sim.study.statistics.estimates import mean
from sim.study.store.folder import Folder, open_folder

PAGE = Path(__file__).resolve().parents[1] / "question.md"
COMMAND = "python -m docs.tables.question"
EXPERIMENT = "inclusion-by-misrepresentation"
HEAD = ("the channel", "Ukraine", "success", "Ukraine’s trust in the United States", "Ukraine’s payoff")
CHANNELS = {
    "none": "none",
    "honest_with_kyiv": "honest, also in Kyiv",
    "misrepresenting_with_kyiv": "misrepresenting, also in Kyiv",
    "honest": "honest, in Moscow alone",
    "misrepresenting": "misrepresenting, in Moscow alone",
}
TABLES = {"seated": "at the table", "kept_out": "kept out, can refuse", "overruled": "kept out, can be overruled"}

OPENING = """\
# Inclusion and misrepresentation

How trust and the chance of success hang on whether Ukraine is included, in the channel and at the table, and on whether
envoys misrepresent their government. {replicates:,} replicates of each of {points} worlds, all with the same random numbers,
seed {seed:,}, model version `{version}`; in brackets the 95 % interval of chance. Numbers hold at the reference parameters,
most of which are assumed.

"""
CLOSING = """
The envoys are former officials of the United States whom nobody sent; misrepresenting, they convey at six meetings in ten
what the government never said. A state that can be overruled holds up one deal in five that it refuses. Its payoff is what
it gains over fighting on, as a share of all that it wants, over all replicates, signed or not: success can rise while it
falls.

Written by `{command}` from what `sim sweep inclusion-by-misrepresentation` gave (content hash {content}).
"""


def question(_: str = "") -> str:
    """Return the table, read off the page."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if line.startswith("|"))


def main() -> int:
    """Write the page and return the exit status."""
    options = argparse.ArgumentParser(prog=COMMAND, description="write docs/question.md")
    options.add_argument("folder", help="what sim sweep inclusion-by-misrepresentation gave")
    PAGE.write_text(page(open_folder(options.parse_args().folder)), encoding="utf-8")
    return 0


def page(folder: Folder) -> str:
    """Return the text of the page."""
    rows = [
        (channel, seat, *_numbers(folder.result(f"{label} ukraine={name}")))
        for label, channel in CHANNELS.items()
        for name, seat in TABLES.items()
    ]
    about = folder.manifest
    source = {"replicates": folder.replicates, "seed": about["seed"], "version": about["model_version"]}
    opening = OPENING.format(**source, points=len(rows))
    return opening + table(HEAD, rows) + CLOSING.format(command=COMMAND, content=folder.content_hash()[:16])


def _numbers(result: Result) -> tuple[str, str, str]:
    """Return success, trust and payoff with their intervals."""
    success = result.success
    share = f"{100 * success.estimate:.1f} % ({100 * success.low:.1f} to {100 * success.high:.1f})"
    return (share, _mean(result, "trust.ukraine.united_states"), _mean(result, "payoff.ukraine"))


def _mean(result: Result, column: str) -> str:
    """Return the mean of a column and its interval."""
    found = mean(result.columns[column].tolist())
    return words.with_interval(found.estimate, found.low, found.high)


if __name__ == "__main__":
    raise SystemExit(main())
