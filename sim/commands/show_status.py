"""`sim status`: what a result folder holds, and what it lacks."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.options import add_json
from sim.commands.output import say, say_json
from sim.words import count

if TYPE_CHECKING:
    from sim.study.store.folder import Folder

NAME = "status"
HELP = "what a result folder holds and what it lacks"

UNIT = 1e6


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="a result folder")
    add_json(parser)


def execute(arguments: argparse.Namespace) -> int:
    """Print what is there and what is not."""
    from sim.study.store.folder import open_folder

    folder = open_folder(arguments.folder)
    told = status(folder)
    if arguments.json:
        say_json(told)
    else:
        say(status_lines(folder, told))
    return 0


def status(folder: Folder) -> dict[str, Any]:
    """Return what a folder holds as plain data."""
    from sim.study.sweep.asked_replicates import missing_ranges

    lacking = sum(one.count for one in missing_ranges(folder))
    played = sum(one.count for there in folder.present.values() for one in there)
    return {
        "folder": folder.path.as_posix(),
        "experiment": folder.manifest["experiment"],
        "title": folder.manifest["title"],
        "model_version": folder.manifest["model_version"],
        "made": folder.manifest["time"],
        "points": len(folder.points),
        "replicates": folder.replicates,
        "asked": played + lacking,
        "played": played,
        "missing": lacking,
        "failed": sum(1 for _ in folder.failures()),
        "damaged": [f"{error}" for _, error in folder.damages()],
        "being_written": folder.is_being_written(),
        "megabytes": round(sum(path.stat().st_size for path in folder.path.rglob("*") if path.is_file()) / UNIT, 3),
        "complete": not lacking,
    }


def status_lines(folder: Folder, told: dict[str, Any]) -> list[str]:
    """Return the same as lines, with the command that goes on."""
    share = told["played"] / told["asked"]
    lines = [
        told["title"],
        f"{count(told['points'], 'point')}, {told['megabytes']:,.1f} MB, made {told['made']}",
        f"played: {told['played']:,} of {told['asked']:,} replicates ({share:.1%}), model {told['model_version']}",
    ]
    if told["failed"]:
        lines.append(f"failed: {told['failed']:,}; play them again with: sim sweep {folder.path} --retry-failed")
    lines += [f"damaged: {one}" for one in told["damaged"]]
    if told["being_written"]:
        lines.append("a process is writing to it now")
    elif told["missing"] or told["damaged"]:
        lines.append(f"go on with: {folder.resume_command()}")
    else:
        lines.append("nothing is missing")
    return lines
