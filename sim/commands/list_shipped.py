"""`sim list`: scenarios, by their groups, and experiments that ship."""

from __future__ import annotations

import argparse
import textwrap
import tomllib
from collections.abc import Iterator
from pathlib import Path

from sim.commands.options import add_json
from sim.commands.output import WIDTH, say, say_json
from sim.shipped import SUFFIXES, grouped, shipped

_TITLES_AT = 38


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_json(parser)


def execute(arguments: argparse.Namespace) -> int:
    """Print the names and titles."""
    scenarios, experiments = _titles("scenarios"), _titles("experiments")
    groups = grouped([*scenarios])
    if arguments.json:
        ordered = [(name, group) for group, names in groups.items() for name in names]
        say_json({
            "scenarios": [{"name": name, "title": scenarios[name], "group": group} for name, group in ordered],
            "experiments": [{"name": name, "title": title} for name, title in experiments.items()],
        })  # fmt: skip
        return 0
    if scenarios:
        say(["Scenarios"])
        for group, names in groups.items():
            say([f"  {group}"])
            say(line for name in names for line in _lines(f"    {name}", scenarios[name]))
        say([""])
    if experiments:
        say(["Experiments"])
        say(line for name, title in experiments.items() for line in _lines(f"  {name}", title))
        say([""])
    say(["Run one with: sim run reference"])
    return 0


def _lines(start: str, title: str) -> Iterator[str]:
    """Yield the lines of one file: its name, and its title beside it, or below it where the name is long."""
    parts = textwrap.wrap(title, WIDTH - _TITLES_AT)
    if len(start) + 2 > _TITLES_AT or not parts:
        yield start
        start = ""
    for part in parts:
        yield f"{start:<{_TITLES_AT}}{part}"
        start = ""


def _titles(kind: str) -> dict[str, str]:
    """Return the title of each shipped file by its name, without checking what else it says."""
    try:
        folder = shipped(kind)
    except FileNotFoundError:
        return {}
    return {path.stem: _title_of(path) for path in sorted(folder.glob(f"*{SUFFIXES[kind]}"))}


def _title_of(path: Path) -> str:
    """Return the title a file gives, or nothing."""
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return ""
    title = tree.get("title", tree.get("question", ""))
    return " ".join(title.split()) if isinstance(title, str) else ""
