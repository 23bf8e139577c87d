"""`sim compare`: two scenarios in the same replicates."""

from __future__ import annotations

import argparse

from sim.commands.options import add_explain, add_json, add_luck, add_sets, loaded, repeated
from sim.commands.output import Bar, say, say_json, warn

NAME = "compare"
HELP = "two scenarios in the same replicates: paired differences, helped and harmed"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("a", metavar="A", help="a shipped scenario (sim list) or a file")
    parser.add_argument("b", metavar="B", help="another; differences are B minus A")
    add_sets(parser)
    add_luck(parser)
    add_json(parser)
    add_explain(parser)


def execute(arguments: argparse.Namespace) -> int:
    """Play both and print what differs."""
    first, second = (loaded(source, arguments.sets) for source in (arguments.a, arguments.b))
    command = repeated(NAME, arguments, ["a", "b"], ["replicates", "seed"])
    from sim.report.text import contrast_lines, failures_in_words
    from sim.study.contrasts import compare

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
    for result in (contrast.a, contrast.b):
        for text in failures_in_words(result):
            warn(text)
    if arguments.json:
        say_json(contrast.summary() | {"command": command})
    else:
        say([*contrast_lines(contrast, arguments.explain), f"Repeat with: {command}"])
    return 0
