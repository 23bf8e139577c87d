"""`sim list`: scenarios, sets of assumptions and experiments that ship."""

from __future__ import annotations

import argparse
import textwrap
import tomllib
from pathlib import Path

from sim.commands.options import add_json
from sim.commands.output import WIDTH, say, say_json
from sim.shipped import SUFFIXES, shipped

_NAME_ROOM = 26
# What is listed, the heading over it, and the key whose text stands beside each name.
_KINDS = {
    "scenarios": ("Scenarios", "title"),
    "assumptions": ("Sets of assumptions, laid over any scenario by --under NAME", "sentence"),
    "experiments": ("Experiments", "title"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_json(parser)


def execute(arguments: argparse.Namespace) -> int:
    """Print the names, each with what it is."""
    files = {kind: _told(kind, key) for kind, (_, key) in _KINDS.items()}
    if arguments.json:
        data = {kind: [{"name": name, _KINDS[kind][1]: text} for name, text in named] for kind, named in files.items()}
        say_json(data)
        return 0
    for kind, named in files.items():
        if named:
            say([_KINDS[kind][0]])
            say(line for name, text in named for line in _lines(name, text))
            say([""])
    say(["Run one with: sim run reference"])
    return 0


def _lines(name: str, text: str) -> list[str]:
    """Return the lines of one file; a long name pushes its text to the right."""
    start = f"  {name:<{_NAME_ROOM}}  "
    return textwrap.wrap(text, WIDTH, initial_indent=start, subsequent_indent=" " * len(start)) or [start.rstrip()]


def _told(kind: str, key: str) -> list[tuple[str, str]]:
    """Return the name of each shipped file and the text of one of its keys, without checking what else it says."""
    try:
        folder = shipped(kind)
    except FileNotFoundError:
        return []
    return [(path.stem, _text_of(path, key)) for path in sorted(folder.glob(f"*{SUFFIXES[kind]}"))]


def _text_of(path: Path, key: str) -> str:
    """Return the text that a file gives for a key, or nothing."""
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return ""
    text = tree.get(key, "")
    return " ".join(text.split()) if isinstance(text, str) else ""
