"""`sim run`: many replicates of one scenario."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from sim import words
from sim.commands.options import (
    add_explain,
    add_json,
    add_luck,
    add_precision,
    add_scenario,
    class_of,
    load_changed,
    luck_options,
    repeating_command,
)
from sim.commands.output import Bar, say, say_json, warn

if TYPE_CHECKING:
    from sim.scenario.load import Scenario
    from sim.study.play.precision import Reached
    from sim.study.play.results import Result


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
    """Play the replicates and print what they give; status 1 if the precision asked for was not reached."""
    scenario = load_changed(arguments.scenario, arguments.under, arguments.sets, class_of(arguments))
    from sim.study.store.folder import check_new

    if arguments.out is not None:
        check_new(arguments.out)
    if arguments.over is not None:
        return _execute_over(arguments, scenario)
    from sim.report.text import failures_in_words, precision_lines, precision_told, result_lines

    result, reached = _play(arguments, scenario)
    command = repeating_command(arguments, ["scenario"], [*luck_options(arguments), "out"])
    for text in failures_in_words(result):
        warn(text)
    if arguments.out is not None:
        from sim.study.sweep.keep_run import keep_run

        keep_run(result, arguments.out, command)
    if arguments.json:
        precision = precision_told(reached, arguments.precision) if reached else {}
        say_json(result.summary() | precision | {"command": command})
    else:
        say(result_lines(result, arguments.explain))
        say([*precision_lines(reached, arguments.precision, "Success"), ""] if reached else [])
        if arguments.out is not None:
            say([f"Kept in {arguments.out}; its page: {words.command('report', [arguments.out])}"])
        say([f"Repeat with: {command}"])
    return 0 if reached is None or reached.precise else 1


def _play(arguments: argparse.Namespace, scenario: Scenario) -> tuple[Result, Reached[list[Result]] | None]:
    """Return the result and, if it was played on until success was known well enough, where that stopped."""
    from sim.study.play.precision import run_until
    from sim.study.play.replicates import run

    seed, threads, engine = arguments.seed, arguments.threads, arguments.engine
    with Bar("replicates") as bar:
        if arguments.precision is None:
            return run(scenario, arguments.replicates, seed, processes=threads, engine=engine, progress=bar), None
        reached = run_until(
            arguments.precision,
            [scenario],
            seed,
            budget=arguments.budget,
            processes=threads,
            engine=engine,
            progress=bar,
        )
    return reached.played[0], reached


def _execute_over(arguments: argparse.Namespace, scenario: Scenario) -> int:
    """Play replicates whose parameters are drawn, and print what is chance and what ignorance."""
    from sim.report.ignorance_text import over_lines
    from sim.study.play.ignorance import over_plausible
    from sim.study.play.replicates import RunError

    if arguments.precision is not None or arguments.out is not None or arguments.engine == "open":
        raise RunError("--over plausible goes with neither --precision, --out nor the open engine: see sim sweep")
    command = repeating_command(arguments, ["scenario"], ["over", "replicates", "seed"])
    with Bar("places") as bar:
        found = over_plausible(scenario, arguments.replicates, arguments.seed, arguments.threads, bar)
    if arguments.json:
        say_json(found.summary() | {"command": command})
    else:
        say([*over_lines(found), f"Repeat with: {command}"])
    return 0
