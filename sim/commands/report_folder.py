"""`sim report`: the page of a result folder, its figures as images, or their data."""

from __future__ import annotations

import argparse
from pathlib import Path

from sim.commands.options import add_json
from sim.commands.output import say, say_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("folder", help="a result folder (sim sweep makes one)")
    kind = parser.add_mutually_exclusive_group()
    for name, what in (("png", "each figure as a PNG"), ("svg", "each figure as an SVG"), ("csv", "its data as CSV")):
        kind.add_argument(
            f"--{name}", dest="kind", action="store_const", const=name, help=f"{what}, into a folder instead of a page"
        )
    parser.add_argument(
        "--out",
        metavar="FILE",
        type=Path,
        help="where it is written (default report.html in the folder; for images and data, a folder: figures in it)",
    )
    add_json(parser)


def execute(arguments: argparse.Namespace) -> int:
    """Write what is asked for and say where it is."""
    from sim.report.write import write_figures, write_report

    if arguments.kind is None:
        paths = [write_report(arguments.folder, arguments.out)]
    else:
        paths = write_figures(arguments.folder, arguments.kind, arguments.out)
    if arguments.json:
        say_json({"written": [path.as_posix() for path in paths]})
    else:
        say([f"Written: {path}" for path in paths])
    return 0
