"""`sim demo`: what a seat at the table is worth, in a minute, as a page."""

from __future__ import annotations

import argparse
from pathlib import Path

from sim.commands.options import add_json, add_luck, repeated
from sim.commands.output import Bar, say, say_json, warn

NAME = "demo"
HELP = "a demonstration: Ukraine at the table or kept out of it, as a page"

EXPERIMENT = "a-seat-at-the-table"
PAGE = "index.html"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--out", metavar="DIR", type=Path, default=Path("demo"), help="where index.html is written (default demo)"
    )
    add_luck(parser, None)
    add_json(parser)


def execute(arguments: argparse.Namespace) -> int:
    """Compare the two scenarios, write the page and print what it says."""
    from sim.study.experiments import load_experiment

    experiment = load_experiment(EXPERIMENT)
    arguments.replicates = arguments.replicates or experiment.replicates
    first, second = experiment.scenarios.values()
    command = repeated(NAME, arguments, [], ["replicates", "seed", "out"])
    from sim.report.demo_page import page
    from sim.report.text import contrast_headline, failures_in_words
    from sim.study.contrasts import compare

    arguments.out.mkdir(parents=True, exist_ok=True)
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
    path = arguments.out / PAGE
    path.write_text(page(contrast, command), encoding="utf-8")
    for result in (contrast.a, contrast.b):
        for text in failures_in_words(result):
            warn(text)
    if arguments.json:
        say_json(contrast.summary() | {"page": path.as_posix(), "command": command})
    else:
        say([*contrast_headline(contrast), "", f"The page: {path}", f"Repeat with: {command}"])
    return 0
