"""`sim compare`: two scenarios in the same replicates."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from sim.commands.options import (
    add_changes,
    add_explain,
    add_json,
    add_luck,
    add_model,
    add_precision,
    class_of,
    load_changed,
    luck_options,
    repeating_command,
)
from sim.commands.output import Bar, say, say_json, warn

if TYPE_CHECKING:
    from sim.scenario.load import Scenario
    from sim.study.play.contrasts import Contrast
    from sim.study.play.precision import Reached
    from sim.study.play.results import Result


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("a", metavar="A", help="a shipped scenario (sim list) or a file")
    parser.add_argument("b", metavar="B", help="another; differences are B minus A")
    add_changes(parser)
    add_model(parser)
    parser.add_argument(
        "--only-b",
        action="store_true",
        help="with --model: it plays B alone, so that a case can be set against itself with the mechanism",
    )
    add_luck(parser)
    add_precision(parser, "the difference in success")
    add_json(parser)
    add_explain(parser)


def execute(arguments: argparse.Namespace) -> int:
    """Play both and print what differs; status 1 if the precision asked for was not reached."""
    a, b = _scenarios(arguments)
    from sim.report.text import contrast_lines, failures_in_words, precision_lines, precision_told

    contrast, reached = _play(arguments, a, b)
    command = repeating_command(arguments, ["a", "b"], luck_options(arguments)) + (
        " --only-b" if arguments.only_b else ""
    )
    for result in (contrast.a, contrast.b):
        for text in failures_in_words(result):
            warn(text)
    if arguments.json:
        precision = precision_told(reached, arguments.precision) if reached else {}
        say_json(contrast.summary() | precision | {"command": command})
    else:
        say(contrast_lines(contrast, arguments.explain))
        say([*precision_lines(reached, arguments.precision, "The difference in success"), ""] if reached else [])
        say([f"Repeat with: {command}"])
    return 0 if reached is None or reached.precise else 1


def _scenarios(arguments: argparse.Namespace) -> tuple[Scenario, Scenario]:
    """Return the two scenarios, each for the model that plays it; one that ours plays takes no values of [own]."""
    model, under, sets = class_of(arguments), arguments.under, arguments.sets
    if not arguments.only_b:
        return load_changed(arguments.a, under, sets, model), load_changed(arguments.b, under, sets, model)
    ours = [text for text in sets if not text.strip().startswith("own.")]
    return load_changed(arguments.a, under, ours), load_changed(arguments.b, under, sets, model)


def _play(arguments: argparse.Namespace, a: Scenario, b: Scenario) -> tuple[Contrast, Reached[list[Result]] | None]:
    """Return the contrast and, if it was played on until the difference was known well enough, where that stopped."""
    from sim.study.play.contrasts import compare, contrast
    from sim.study.play.precision import run_until

    seed, threads, engine = arguments.seed, arguments.threads, arguments.engine
    with Bar("replicates") as bar:
        if arguments.precision is None:
            return compare(a, b, arguments.replicates, seed, processes=threads, engine=engine, progress=bar), None
        reached = run_until(
            arguments.precision,
            [a, b],
            seed,
            budget=arguments.budget,
            processes=threads,
            engine=engine,
            progress=bar,
        )
    return contrast(*reached.played), reached
