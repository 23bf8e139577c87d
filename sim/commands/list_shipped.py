"""`sim list`: scenarios and experiments that ship."""

from __future__ import annotations

import argparse
import textwrap
import tomllib
from pathlib import Path

from sim.commands.options import add_json
from sim.commands.output import WIDTH, say, say_json
from sim.shipped import SUFFIXES, shipped

_NAME_ROOM = 26
_KINDS = ("scenarios", "experiments")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_json(parser)


def execute(arguments: argparse.Namespace) -> int:
    """Print the names and titles."""
    files = {kind: _titles(kind) for kind in _KINDS}
    if arguments.json:
        say_json({kind: [{"name": name, "title": title} for name, title in named] for kind, named in files.items()})
        return 0
    for kind, named in files.items():
        if named:
            say([kind.capitalize()])
            say(_line(name, title) for name, title in named)
            say([""])
    say(["Run one with: sim run reference"])
    return 0


def _line(name: str, title: str) -> str:
    """Return the line of one file; a long name pushes its title to the right."""
    start = f"  {name:<{_NAME_ROOM}}  "
    return (start + textwrap.shorten(title, WIDTH - len(start), placeholder=" …")).rstrip()


def _titles(kind: str) -> list[tuple[str, str]]:
    """Return name and title of each shipped file, without checking what else it says."""
    try:
        folder = shipped(kind)
    except FileNotFoundError:
        return []
    return [(path.stem, _title_of(path)) for path in sorted(folder.glob(f"*{SUFFIXES[kind]}"))]


def _title_of(path: Path) -> str:
    """Return the title a file gives, or nothing."""
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return ""
    title = tree.get("title", tree.get("question", ""))
    return " ".join(title.split()) if isinstance(title, str) else ""
