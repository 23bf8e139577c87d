"""`sim list`: scenarios, by their groups, sets of assumptions and experiments that ship."""

from __future__ import annotations

import argparse
import textwrap
import tomllib
from collections.abc import Iterator
from pathlib import Path

from sim.commands.options import add_json
from sim.commands.output import WIDTH, say, say_json
from sim.shipped import SUFFIXES, grouped, shipped

_TEXTS_AT = 38
_HEADINGS = {
    "assumptions": "Sets of assumptions, laid over any scenario by --under NAME",
    "experiments": "Experiments",
}
_KEYS = {"scenarios": "title", "assumptions": "sentence", "experiments": "title"}  # whose text stands beside a name


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_json(parser)


def execute(arguments: argparse.Namespace) -> int:
    """Print the names, each with what it is."""
    told = {kind: _told(kind, key) for kind, key in _KEYS.items()}
    groups = grouped([*told["scenarios"]])
    if arguments.json:
        group_of = {name: group for group, names in groups.items() for name in names}
        data = {
            kind: [{"name": name, _KEYS[kind]: text} for name, text in named.items()] for kind, named in told.items()
        }
        data["scenarios"] = [
            {"name": name, "title": told["scenarios"][name], "group": group_of[name]} for name in group_of
        ]
        say_json(data)
        return 0
    if told["scenarios"]:
        say(["Scenarios"])
        for group, names in groups.items():
            say([f"  {group}"])
            say(line for name in names for line in _lines(f"    {name}", told["scenarios"][name]))
        say([""])
    for kind, heading in _HEADINGS.items():
        if told[kind]:
            say([heading])
            say(line for name, text in told[kind].items() for line in _lines(f"  {name}", text))
            say([""])
    say(["Run one with: sim run reference"])
    return 0


def _lines(start: str, text: str) -> Iterator[str]:
    """Yield the lines of one file: its name, and its text beside it, or below it where the name is long."""
    parts = textwrap.wrap(text, WIDTH - _TEXTS_AT)
    if len(start) + 2 > _TEXTS_AT or not parts:
        yield start
        start = ""
    for part in parts:
        yield f"{start:<{_TEXTS_AT}}{part}"
        start = ""


def _told(kind: str, key: str) -> dict[str, str]:
    """Return a text of each shipped file by its name, without checking what else it says."""
    try:
        folder = shipped(kind)
    except FileNotFoundError:
        return {}
    return {path.stem: _text_of(path, key) for path in sorted(folder.glob(f"*{SUFFIXES[kind]}"))}


def _text_of(path: Path, key: str) -> str:
    """Return the text that a file gives for a key, or nothing."""
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return ""
    text = tree.get(key, "")
    return " ".join(text.split()) if isinstance(text, str) else ""
