"""`sim schema`: the JSON Schema of scenario and experiment files, for editors."""

from __future__ import annotations

import argparse

from sim.commands.output import say_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "kind", nargs="?", choices=["scenario", "experiment"], default="scenario", help="the kind of file"
    )


def execute(arguments: argparse.Namespace) -> int:
    """Print the schema."""
    from sim.schema import schema

    say_json(schema(arguments.kind))
    return 0
