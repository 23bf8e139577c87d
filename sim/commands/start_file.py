"""`sim new`: a commented file to start from."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from sim.commands.options import add_json
from sim.commands.output import say, say_json
from sim.errors import SimError
from sim.words import command

_SUFFIX = ".toml"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("kind", choices=["scenario", "experiment"], help="the kind of file")
    parser.add_argument("name", metavar="NAME", help="its name; NAME.toml is written to the working directory")
    add_json(parser)


def execute(arguments: argparse.Namespace) -> int:
    """Write the file, unless it is there already, and print what to do with it."""
    name = arguments.name.removesuffix(_SUFFIX)
    from sim.starting import STARTING
    from sim.study.store.locking import explained_errors
    from sim.study.store.parts import write_whole

    text, path = STARTING[arguments.kind](name), Path(f"{name}{_SUFFIX}")
    if os.path.lexists(path):
        raise SimError(f"{path} exists already; nothing was written")
    with explained_errors(path):
        write_whole(path, text.encode())
    if arguments.json:
        say_json({"file": str(path)})
    else:
        then = "run" if arguments.kind == "scenario" else "sweep"
        say([f"Written to {path}: edit it, then", *(f"  {command(name, [path])}" for name in ("validate", then))])
    return 0
