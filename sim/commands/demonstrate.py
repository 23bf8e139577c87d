"""`sim demo`: the ledger of claims in about two minutes, as a table and as a page."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.commands.options import add_json, repeated, whole
from sim.commands.output import Bar, say, say_json, warn

if TYPE_CHECKING:
    from sim.study.store import Folder

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
    parser.add_argument(
        "-n",
        "--replicates",
        metavar="N",
        type=whole(1, 10_000_000),
        default=REPLICATES,
        help=f"how often each scenario is played (default {REPLICATES})",
    )
    parser.add_argument(
        "--threads",
        metavar="T",
        type=whole(1, 4096),
        help="how many play at once (default: as many as the machine has); never changes a result",
    )
    add_json(parser)


def execute(arguments: argparse.Namespace) -> int:
    """Play the ledger, write its page and print the verdicts."""
    command = repeated(NAME, arguments, [], ["replicates", "out"])
    folder = played(arguments, command)
    from sim.report.claims_text import summary_lines
    from sim.report.sweep_text import failure_lines
    from sim.report.written import write_report
    from sim.study.claims import ledger

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
    from sim.study.compiled_runs import is_available
    from sim.study.experiments import load_experiment
    from sim.study.locking import writing
    from sim.study.store import create_folder, is_folder, resumed
    from sim.study.sweeps import sweep

    experiment = replace(load_experiment(EXPERIMENT), replicates=arguments.replicates)
    path = arguments.out / RESULTS
    with writing(path):
        if is_folder(path):
            folder = resumed(path, experiment)
            folder = folder.extended(max(folder.replicates, experiment.replicates))
        else:
            folder = create_folder(path, experiment, command, "compiled" if is_available() else "open")
        with Bar("replicates") as bar:
            sweep(folder, arguments.threads, bar)
    return folder
