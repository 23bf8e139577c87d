"""`sim trace`: the turning points of one replicate, or all of it week by week, or where two scenarios part in it."""

from __future__ import annotations

import argparse
import sys
import textwrap
from typing import TYPE_CHECKING, Any

from sim.commands.options import add_json, add_scenario, add_seed, class_of, load_changed, repeating_command, whole
from sim.commands.output import say, say_json, width

if TYPE_CHECKING:
    from sim.report.traces import Trace

_SHOWN_AFTER = 12
_SHOWN_BEFORE = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_scenario(parser)
    parser.add_argument(
        "--replicate", metavar="R", type=whole(0, 2**40 - 1), required=True, help="the number of the replicate"
    )
    add_seed(parser)
    parser.add_argument("--against", metavar="SCENARIO", help="lay another scenario beside it, from where they part")
    parser.add_argument(
        "--full", action="store_true", help="tell every event, week by week, not only the turning points"
    )
    add_json(parser)


def execute(arguments: argparse.Namespace) -> int:
    """Play the replicate in the open and tell it."""
    model = class_of(arguments)
    scenario, *others = (
        load_changed(source, arguments.under, arguments.sets, model)
        for source in (arguments.scenario, arguments.against)
        if source is not None
    )
    command = repeating_command(arguments, ["scenario"], ["replicate", "seed", "against"])
    from sim.report.traces import trace

    played = trace(scenario, arguments.seed, arguments.replicate)
    if others:
        return _lay_beside(played, trace(others[0], arguments.seed, arguments.replicate), arguments, command)
    if arguments.json:
        say_json(played.to_dict() | {"command": command})
    elif arguments.full:
        _say_wrapped([*played.heading(), "", *played.lines(), "", f"Repeat with: {command} --full"])
    else:
        more = f"Every event, week by week: {command} --full"
        _say_wrapped([*played.heading(), "", *played.turns(), "", more, f"Repeat with: {command}"])
    return 0


def _lay_beside(a: Trace, b: Trace, arguments: argparse.Namespace, command: str) -> int:
    """Tell where two traces part, and both from there on."""
    from sim.report.traces import parting

    where = parting(a, b)
    if arguments.json:
        data: dict[str, Any] = {"a": a.heading_data(), "b": b.heading_data()}
        data["parts"] = None if where is None else where.to_dict()
        say_json(data | {"command": command})
        return 0
    _say_wrapped([f"a: {a.heading()[0]}", f"b: {b.heading()[0]}", ""])
    if where is None:
        same = f"The two do not part: each of the {len(a.events)} events of a is told the same way in b."
        _say_wrapped([same, "", f"Repeat with: {command}"])
        return 0
    before = where.before(_SHOWN_BEFORE)
    if before:
        _say_wrapped(["Until then the same; last:", *(f"  {line}" for line in before), ""])
    say(where.side_by_side(_SHOWN_AFTER, width()))
    ends = [f"a ends: {a.ending()}", f"b ends: {b.ending()}"]
    whole_of_b = repeating_command(arguments, ["against"], ["replicate", "seed"]) + " --full"
    _say_wrapped(["", *ends, "", f"The whole of b: {whole_of_b}", f"Repeat with: {command}"])
    return 0


def _say_wrapped(lines: list[str]) -> None:
    """Print lines, wrapped to the width of a terminal; elsewhere a line stays whole, so that it can be searched."""
    if not sys.stdout.isatty():
        say(lines)
        return
    for line in lines:
        say(textwrap.wrap(line, width(), subsequent_indent="    ") or [""])
