"""`sim show`: every effective value of a scenario, and where it came from."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterator

from sim.commands.options import add_explain, add_json, add_scenario, class_of, load_changed, repeating_command
from sim.commands.output import WIDTH, say, say_json
from sim.scenario.load import Row
from sim.words import cut, toml

_LONGEST_VALUE = 60
_ORIGIN_AT = 48


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_scenario(parser)
    add_json(parser)
    add_explain(parser)


def execute(arguments: argparse.Namespace) -> int:
    """Print the values, their origins and, if asked, their meaning."""
    scenario = load_changed(arguments.scenario, arguments.under, arguments.sets, class_of(arguments))
    command = repeating_command(arguments, ["scenario"], [])
    if arguments.json:
        values = {row.key: {"value": row.value, "unit": row.unit, "origin": row.origin} for row in scenario.show()}
        say_json(
            {
                "scenario": scenario.name,
                "title": scenario.title,
                "under": list(scenario.assumptions),
                "fingerprint": scenario.fingerprint,
                "model": None if scenario.model is None else scenario.model.name,
                "values": values,
                "command": command,
            }
        )
        return 0
    for row in scenario.show():
        say(_row_lines(row, arguments.explain))
    say(["", *(f"Under {laid.name} ({laid.label})" for laid in scenario.given.laid), f"Repeat with: {command}"])
    return 0


def _row_lines(row: Row, explain: bool) -> Iterator[str]:
    """Yield the lines of one value: what it is, where it came from, and what it means."""
    setting = f"{row.key} = {cut(toml(row.value), _LONGEST_VALUE)}"
    origin = f"# {row.origin}"
    if len(setting) < _ORIGIN_AT and _ORIGIN_AT + len(origin) <= WIDTH:
        yield f"{setting:<{_ORIGIN_AT}}{origin}"
    else:
        yield from textwrap.wrap(setting, WIDTH, subsequent_indent="    ", break_on_hyphens=False)
        yield f"    {origin}"
    if explain:
        meaning = f"{row.meaning} [{row.unit}]" if row.unit else row.meaning
        yield from textwrap.wrap(meaning, WIDTH, initial_indent="    ", subsequent_indent="    ")
