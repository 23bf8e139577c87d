"""`sim export`: a result folder for other programs."""

from __future__ import annotations

import argparse
from pathlib import Path

from sim.commands.options import add_json
from sim.commands.output import say, say_json

_BELOW = "export"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="a result folder")
    kind = parser.add_mutually_exclusive_group(required=True)
    for name, what in (
        ("csv", "replicates.csv, weekly.csv where weeks were kept, scenarios.csv and columns.csv"),
        ("parquet", "the same as Parquet"),
        ("xlsx", "the same as sheets of results.xlsx"),
    ):
        kind.add_argument(f"--{name}", dest="kind", action="store_const", const=name, help=what)
    parser.add_argument("--out", metavar="DIR", type=Path, help="where they are written (default FOLDER/export)")
    add_json(parser)


def execute(arguments: argparse.Namespace) -> int:
    """Write the files and print their names."""
    from sim.study.store.export import to_csv, to_parquet, to_xlsx
    from sim.study.store.folder import open_folder

    folder = open_folder(arguments.folder)
    into = arguments.out or folder.path / _BELOW
    write = {"csv": to_csv, "parquet": to_parquet, "xlsx": to_xlsx}[arguments.kind]
    files = write(folder, into)
    if arguments.json:
        say_json({"files": [path.as_posix() for path in files]})
    else:
        say(f"Written: {path}" for path in files)
    return 0
