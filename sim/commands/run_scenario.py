"""`sim run`: many replicates of one scenario."""

from __future__ import annotations

import argparse
from pathlib import Path

from sim.commands.options import add_explain, add_json, add_luck, add_scenario, loaded, repeated
from sim.commands.output import Bar, say, say_json, warn

NAME = "run"
HELP = "replicates of one scenario: success, outcomes, trust, terms"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_scenario(parser)
    add_luck(parser)
    add_json(parser)
    add_explain(parser)
    parser.add_argument("--out", metavar="DIR", type=Path, help="keep the columns there, as a result folder")


def execute(arguments: argparse.Namespace) -> int:
    """Play the replicates and print what they give."""
    scenario = loaded(arguments.scenario, arguments.sets)
    command = repeated(NAME, arguments, ["scenario"], ["replicates", "seed"])
    from sim.report.text import failures_in_words, result_lines
    from sim.study.replicates import run
    from sim.study.saved import save
    from sim.study.store import checked_new

    if arguments.out is not None:
        checked_new(arguments.out)
    with Bar("replicates") as bar:
        result = run(
            scenario,
            arguments.replicates,
            arguments.seed,
            processes=arguments.threads,
            engine=arguments.engine,
            progress=bar,
        )
    for text in failures_in_words(result):
        warn(text)
    if arguments.out is not None:
        save(result, arguments.out, command)
    if arguments.json:
        say_json(result.summary() | {"command": command})
    else:
        say(result_lines(result, arguments.explain))
        if arguments.out is not None:
            say([f"Kept in {arguments.out}: sim export, sim status and sim reproduce take it from there"])
        say([f"Repeat with: {command}"])
    return 0
