"""The reference of the command line, read off its parsers."""

from __future__ import annotations

import argparse

from docs.tables.markdown import code, table
from sim.cli import COMMANDS, CommandParser
from sim.words import sentence


def summary(_: str = "") -> str:
    """Return a table of the commands."""
    rows = [(code(f"sim {name}"), purpose) for name, (_, purpose) in COMMANDS.items()]
    return table(("command", "what it does"), rows)


def commands(_: str = "") -> str:
    """Return a heading, the purpose and a table of arguments for each command."""
    pages = []
    for name, (_, purpose) in COMMANDS.items():
        command = CommandParser(prog=f"sim {name}")
        command.declare()
        rows = [argument(action) for action in command._actions if not isinstance(action, argparse._HelpAction)]
        pages.append(f"## sim {name}\n\n{sentence(purpose)}.\n\n")
        pages.append(table(("argument", "meaning"), rows) if rows else "It takes no arguments.\n")
        pages.append("\n")
    return "".join(pages).rstrip("\n") + "\n"


def argument(action: argparse.Action) -> tuple[str, str]:
    """Return how an argument is written and what it means."""
    shown = action.metavar or ("" if action.nargs == 0 else (action.dest if action.option_strings else ""))
    value = f" {shown}" if action.option_strings and action.nargs != 0 and shown else ""
    if action.option_strings:
        written = ", ".join(code(f"{name}{value}") for name in action.option_strings)
    else:
        words = "|".join(map(str, action.choices)) if action.choices else str(action.metavar or action.dest)
        written = code(f"{words} ..." if action.nargs in ("+", "*") else words)
    meaning = (action.help or "").replace("%(default)s", str(action.default))
    return written, f"{meaning} (required)" if action.option_strings and action.required else meaning
