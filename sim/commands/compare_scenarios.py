"""`sim compare`: two scenarios in the same replicates."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from sim.commands.options import add_explain, add_json, add_luck, add_precision, add_sets, loaded, repeated
from sim.commands.output import Bar, say, say_json, warn

if TYPE_CHECKING:
    from sim.scenario.load import Scenario
    from sim.study.play.contrasts import Contrast

NAME = "compare"
HELP = "two scenarios in the same replicates: paired differences, helped and harmed"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("a", metavar="A", help="a shipped scenario (sim list) or a file")
    parser.add_argument("b", metavar="B", help="another; differences are B minus A")
    add_sets(parser)
    add_luck(parser)
    add_precision(parser, "the difference in success")
    add_json(parser)
    add_explain(parser)


def execute(arguments: argparse.Namespace) -> int:
    """Play both and print what differs."""
    first, second = (loaded(source, arguments.sets) for source in (arguments.a, arguments.b))
    if arguments.precision is not None:
        return execute_until(arguments, first, second)
    command = repeated(NAME, arguments, ["a", "b"], ["replicates", "seed"])
    from sim.report.text import contrast_lines
    from sim.study.play.contrasts import compare

    with Bar("replicates") as bar:
        contrast = compare(
            first,
            second,
            arguments.replicates,
            arguments.seed,
            processes=arguments.threads,
            engine=arguments.engine,
            progress=bar,
        )
    warn_of_failures(contrast)
    if arguments.json:
        say_json(contrast.summary() | {"command": command})
    else:
        say([*contrast_lines(contrast, arguments.explain), f"Repeat with: {command}"])
    return 0


def execute_until(arguments: argparse.Namespace, first: Scenario, second: Scenario) -> int:
    """Play both until the difference is known well enough, and print what differs."""
    command = repeated(NAME, arguments, ["a", "b"], ["precision", "budget", "seed"])
    from sim.report.text import contrast_lines, precision_lines, precision_told
    from sim.study.play.contrasts import contrast
    from sim.study.play.precision import run_until

    with Bar("replicates") as bar:
        reached = run_until(
            arguments.precision,
            [first, second],
            arguments.seed,
            budget=arguments.budget,
            processes=arguments.threads,
            engine=arguments.engine,
            progress=bar,
        )
    pair = contrast(*reached.played)
    warn_of_failures(pair)
    if arguments.json:
        say_json(pair.summary() | precision_told(reached, arguments.precision) | {"command": command})
    else:
        lines = contrast_lines(pair, arguments.explain)
        said = precision_lines(reached, arguments.precision, "The difference in success")
        say([*lines, *said, "", f"Repeat with: {command}"])
    return 0 if reached.precise else 1


def warn_of_failures(contrast: Contrast) -> None:
    """Print what is to be said of replicates that failed."""
    from sim.report.text import failures_in_words

    for result in (contrast.a, contrast.b):
        for text in failures_in_words(result):
            warn(text)
