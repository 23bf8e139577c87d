"""`sim sensitivity`: what the outcomes of an experiment over a space hang on."""

from __future__ import annotations

import argparse

from sim.commands.options import add_json, repeating_command
from sim.commands.output import say, say_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("folder", metavar="FOLDER", help="a result folder of a latin, morris or sobol design")
    parser.add_argument(
        "--outcome",
        metavar="COLUMN",
        action="append",
        default=[],
        help="a column (default: those of the experiment; may be given several times)",
    )
    add_json(parser)


def execute(arguments: argparse.Namespace) -> int:
    """Analyse every scenario and contrast of the folder and print what each outcome hangs on."""
    from sim.report.sensitivity_text import sensitivity_lines
    from sim.study.claims.analysis import asked_points, sensitivity_of
    from sim.study.store.folder import open_folder

    folder = open_folder(arguments.folder)
    outcomes = arguments.outcome or folder.experiment.outcomes
    asked = asked_points(folder.experiment)
    answers = [sensitivity_of(folder, outcome, points) for outcome in outcomes for points in asked]
    again = repeating_command(arguments, ["folder"], [])
    command = " ".join([again, *(f"--outcome {name}" for name in arguments.outcome)])
    if arguments.json:
        about = {"experiment": folder.experiment.name, "model_version": folder.manifest["model_version"]}
        say_json(about | {"sensitivity": [answer.to_dict() for answer in answers], "command": command})
    else:
        say([folder.experiment.title, folder.experiment.question])
        for answer in answers:
            say(["", *sensitivity_lines(answer)])
        say(["", f"Repeat with: {command}"])
    return 0
