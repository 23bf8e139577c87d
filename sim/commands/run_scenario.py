"""`sim run`: many replicates of one scenario."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.commands.options import add_explain, add_json, add_luck, add_precision, add_scenario, loaded, repeated
from sim.commands.output import Bar, say, say_json, warn

if TYPE_CHECKING:
    from sim.scenario.load import Scenario
    from sim.study.play.results import Result

NAME = "run"
HELP = "replicates of one scenario: success, outcomes, trust, terms"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_scenario(parser)
    add_luck(parser)
    add_precision(parser, "success")
    add_json(parser)
    add_explain(parser)
    parser.add_argument(
        "--over",
        choices=["plausible"],
        help="draw the parameters of each replicate from their plausible ranges, and tell chance from ignorance",
    )
    parser.add_argument("--out", metavar="DIR", type=Path, help="keep the columns there, as a result folder")


def execute(arguments: argparse.Namespace) -> int:
    """Play the replicates and print what they give."""
    scenario = loaded(arguments.scenario, arguments.sets)
    from sim.study.store.folder import check_new

    if arguments.out is not None:
        check_new(arguments.out)
    if arguments.over is not None:
        return execute_over(arguments, scenario)
    return execute_once(arguments, scenario) if arguments.precision is None else execute_until(arguments, scenario)


def execute_once(arguments: argparse.Namespace, scenario: Scenario) -> int:
    """Play so many replicates and print what they give."""
    command = repeated(NAME, arguments, ["scenario"], ["replicates", "seed"])
    from sim.study.play.replicates import run

    with Bar("replicates") as bar:
        result = run(
            scenario,
            arguments.replicates,
            arguments.seed,
            processes=arguments.threads,
            engine=arguments.engine,
            progress=bar,
        )
    tell(arguments, result, command, {}, [])
    return 0


def execute_until(arguments: argparse.Namespace, scenario: Scenario) -> int:
    """Play until success is known well enough, and print what that gives."""
    command = repeated(NAME, arguments, ["scenario"], ["precision", "budget", "seed"])
    from sim.report.text import precision_lines, precision_told
    from sim.study.play.precision import run_until

    with Bar("replicates") as bar:
        reached = run_until(
            arguments.precision,
            [scenario],
            arguments.seed,
            budget=arguments.budget,
            processes=arguments.threads,
            engine=arguments.engine,
            progress=bar,
        )
    said = precision_lines(reached, arguments.precision, "Success")
    tell(arguments, reached.played[0], command, precision_told(reached, arguments.precision), said)
    return 0 if reached.precise else 1


def execute_over(arguments: argparse.Namespace, scenario: Scenario) -> int:
    """Play replicates whose parameters are drawn, and print what is chance and what ignorance."""
    from sim.report.ignorance_text import over_lines
    from sim.study.play.ignorance import over_plausible
    from sim.study.play.replicates import RunError

    if arguments.precision is not None or arguments.out is not None or arguments.engine == "open":
        raise RunError("--over plausible goes with neither --precision, --out nor the open engine: see sim sweep")
    command = repeated(NAME, arguments, ["scenario"], ["over", "replicates", "seed"])
    with Bar("places") as bar:
        found = over_plausible(scenario, arguments.replicates, arguments.seed, arguments.threads, bar)
    if arguments.json:
        say_json(found.summary() | {"command": command})
    else:
        say([*over_lines(found), f"Repeat with: {command}"])
    return 0


def tell(
    arguments: argparse.Namespace, result: Result, command: str, more: Mapping[str, object], lines: Sequence[str]
) -> None:
    """Keep a result where it is to be kept and print it, with what else there is to say in JSON and in lines."""
    from sim.report.text import failures_in_words, result_lines
    from sim.study.sweep.keep_run import keep_run

    for text in failures_in_words(result):
        warn(text)
    if arguments.out is not None:
        keep_run(result, arguments.out, command)
    if arguments.json:
        say_json(result.summary() | dict(more) | {"command": command})
        return
    say([*result_lines(result, arguments.explain), *lines, *([""] if lines else [])])
    if arguments.out is not None:
        say([f"Kept in {arguments.out}: sim export, sim status and sim reproduce take it from there"])
    say([f"Repeat with: {command}"])
