"""`sim reproduce`: whether a result folder comes out the same again."""

from __future__ import annotations

import argparse
from pathlib import Path

from sim.commands.options import add_json, add_model, add_threads, class_of
from sim.commands.output import Bar, say, say_json

_DIFFERENT = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="a result folder")
    add_model(parser)
    add_threads(parser)
    add_json(parser)


def execute(arguments: argparse.Namespace) -> int:
    """Play everything again; status 1 if anything differs."""
    from sim.study.store.folder import open_folder
    from sim.study.sweep.reproduction import reproduce

    folder = open_folder(arguments.folder, class_of(arguments))
    with Bar("replicates") as bar:
        found = reproduce(folder, arguments.threads, bar)
    if arguments.json:
        say_json(
            {
                "folder": folder.path.as_posix(),
                "same": found.departure is None,
                "replicates": found.replicates,
                "content_sha256": found.content_sha256,
                "versions": list(found.versions),
                "played_by": found.played_by,
                "difference": None if found.departure is None else str(found.departure),
            }
        )
    elif found.departure is None:
        say(
            [
                f"All {found.replicates:,} replicates came out the same, bit by bit",
                *([f"Played by {found.played_by}"] if found.played_by else []),
                f"Content hash: {found.content_sha256}",
            ]
        )
    else:
        say([str(found.departure), *(f"Perhaps because {reason}" for reason in found.versions)])
    return 0 if found.departure is None else _DIFFERENT
