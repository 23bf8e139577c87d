"""The reference of the command line, read off its parsers."""

from __future__ import annotations

import argparse

from docs.tables.markdown import code, table
from sim.cli import COMMANDS, parser
from sim.words import sentence


def summary(_: str = "") -> str:
    """Return a table of the commands."""
    return table(("command", "what it does"), [(code(f"sim {one.NAME}"), one.HELP) for one in COMMANDS])


def commands(_: str = "") -> str:
    """Return a heading, the purpose and a table of arguments for each command."""
    below = next(one for one in parser()._actions if isinstance(one, argparse._SubParsersAction))
    pages = []
    for command in COMMANDS:
        one = below.choices[command.NAME]
        rows = [argument(action) for action in one._actions if not isinstance(action, argparse._HelpAction)]
        pages.append(f"## sim {command.NAME}\n\n{sentence(command.HELP)}.\n\n")
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
