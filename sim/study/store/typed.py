"""The command by which a folder was made: where it was typed, and what it is for more replicates or another folder."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.study.design.experiment_text import assumptions_of, source_of
from sim.study.design.experiments import Experiment


def typed_at(experiment: Experiment, path: Path) -> dict[str, Any]:
    """Return where the command was typed that makes a folder, seen from it, and how its files are named there."""
    here = Path.cwd()
    sources = {label: source_of(scenario, here) for label, scenario in experiment.scenarios.items()}
    under = {label: names for label, one in experiment.scenarios.items() if (names := assumptions_of(one, here))}
    return {"typed_in": seen_from(path, here), "sources": sources, "under": under}


def seen_from(place: Path, folder: Path) -> str:
    """Return a folder as it is seen from another place; whole where they share no drive."""
    try:
        return Path(os.path.relpath(folder.resolve(), place.resolve())).as_posix()
    except ValueError:
        return folder.resolve().as_posix()


def with_options(command: str, options: Mapping[str, object]) -> str:
    """Return a command with other values of some options, which each take one; without those that are None."""
    parts, kept = shlex.split(command), []
    while parts:
        part = parts.pop(0)
        if part in options:
            parts = parts[1:]
        else:
            kept.append(part)
    given = [str(word) for option, value in options.items() if value is not None for word in (option, value)]
    return shlex.join([*kept, *given])
