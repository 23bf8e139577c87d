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

_UNIT = 1e6


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="a result folder")
    add_json(parser)


def execute(arguments: argparse.Namespace) -> int:
    """Print what is there and what is not."""
    from sim.study.store.folder import open_folder

    folder = open_folder(arguments.folder)
    status = _status(folder)
    if arguments.json:
        say_json(status)
    else:
        say(_status_lines(folder, status))
    return 0


def _status(folder: Folder) -> dict[str, Any]:
    """Return what a folder holds as plain data."""
    from sim.study.sweep.asked_replicates import missing_ranges

    lacking = sum(gap.count for gap in missing_ranges(folder))
    played = sum(part.count for there in folder.present.values() for part in there)
    return {
        "folder": folder.path.as_posix(),
        "experiment": folder.manifest["experiment"],
        "title": folder.manifest["title"],
        "model_version": folder.manifest["model_version"],
        "model": _model_of(folder),
        "made": folder.manifest["time"],
        "points": len(folder.points),
        "replicates": folder.replicates,
        "asked": played + lacking,
        "played": played,
        "missing": lacking,
        "failed": sum(1 for _ in folder.failures()),
        "damaged": [f"{error}" for _, error in folder.damages()],
        "strange": [path.as_posix() for path in folder.strange],
        "being_written": folder.is_being_written(),
        "megabytes": round(sum(path.stat().st_size for path in folder.path.rglob("*") if path.is_file()) / _UNIT, 3),
        "complete": not lacking,
    }


def _model_of(folder: Folder) -> str | None:
    """Return the model class of one's own that a folder was made with, and its fingerprint; None for ours."""
    model = folder.experiment.model
    return None if model is None else f"{model.name} {model.fingerprint[:12]}"


def _status_lines(folder: Folder, status: dict[str, Any]) -> list[str]:
    """Return the same as lines, with the command that goes on."""
    share = status["played"] / status["asked"]
    lines = [
        status["title"],
        f"{count(status['points'], 'point')}, {status['megabytes']:,.1f} MB, made {status['made']}",
        f"played: {status['played']:,} of {status['asked']:,} replicates ({share:.1%}), model {status['model_version']}",
    ]
    if status["model"]:
        lines.append(f"model class: {status['model']}")
    if status["failed"]:
        again = folder.command("sweep", "--retry-failed")
        lines.append(f"failed: {status['failed']:,}; play them again with: {again}")
    if status["damaged"]:
        more = len(status["damaged"]) - 1
        lines.append(f"damaged: {status['damaged'][0]}{f' (and {more:,} more parts)' if more else ''}")
    if status["strange"]:
        lines.append(folder.strange_line())
    if status["being_written"]:
        lines.append("a process is writing to it now")
    elif status["missing"] or status["damaged"]:
        lines.append(f"go on with: {folder.resume_command()}")
    else:
        lines.append("nothing is missing")
    return lines
