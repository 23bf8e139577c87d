"""`sim demo`: the ledger of claims in about two minutes, as a table and as a page."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.commands import sweep_experiment
from sim.commands.options import add_json, add_replicates, add_threads, repeated
from sim.commands.output import say, say_json, warn
from sim.commands.sweep_experiment import opened

if TYPE_CHECKING:
    from sim.study.store.folder import Folder

NAME = "demo"
HELP = "a demonstration: the claims put to the test in two minutes, and their page"

EXPERIMENT, RESULTS, PAGE = "claims", "results", "index.html"
REPLICATES = 6000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        default=Path("demo"),
        help="where index.html and the results are written (default demo); what is there already is not played again",
    )
    add_replicates(parser, REPLICATES, "how often each scenario is played")
    add_threads(parser)
    add_json(parser)


def execute(arguments: argparse.Namespace) -> int:
    """Play the ledger, write its page and print the verdicts."""
    command = repeated(NAME, arguments, [], ["replicates", "out"])
    folder = played(arguments, command)
    from sim.report.claims_text import summary_lines
    from sim.report.sweep_text import failure_lines
    from sim.report.write import write_report
    from sim.study.claims.verdicts import ledger

    verdicts = ledger(folder)
    page = write_report(folder.path, arguments.out / PAGE)
    for text in failure_lines(folder):
        warn(text)
    if arguments.json:
        claims = {one.id: one.verdict for one in verdicts}
        say_json({"claims": claims, "page": page.as_posix(), "results": folder.path.as_posix(), "command": command})
        return 0
    say([folder.experiment.question, "", *summary_lines(verdicts), ""])
    say([f"The page: {page}", f"Every row: sim claims {folder.path}", f"Repeat with: {command}"])
    return 0


def played(arguments: argparse.Namespace, command: str) -> Folder:
    """Return the result folder of the ledger, with everything in it that is asked for."""
    from sim.study.design.experiments import load_experiment
    from sim.study.store.locking import write_lock

    experiment = replace(load_experiment(EXPERIMENT), replicates=arguments.replicates)
    path = arguments.out / RESULTS
    with write_lock(path):
        folder = opened(path, experiment, command, goes_on=True)
        if folder.replicates < arguments.replicates:
            folder = folder.extend(arguments.replicates)
        sweep_experiment.played(folder, arguments.threads, None)
    return folder
