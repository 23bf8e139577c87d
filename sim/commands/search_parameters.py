"""`sim params`: every parameter, its meaning, unit, default, range, standing and source."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterator
from typing import Any

from sim import words
from sim.commands.options import add_json
from sim.commands.output import WIDTH, say, say_json
from sim.errors import SimError
from sim.parameters import Intervention, Parameter, World
from sim.scenario.keys import declared, suggestion

_DIGITS = 6


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("word", metavar="WORD", nargs="?", default="", help="only those whose key or meaning has it")
    add_json(parser)


def execute(arguments: argparse.Namespace) -> int:
    """Print the parameters that match."""
    known = dict(every_parameter())
    word = arguments.word.lower()
    found = {key: parameter for key, parameter in known.items() if word in f"{key}\n{parameter.meaning}".lower()}
    if not found:
        names = {part for key in known for part in key.split(".")}
        raise SimError(f"no parameter has {arguments.word!a} in its key or meaning{suggestion(word, names)}")
    if arguments.json:
        say_json({"parameters": {key: _as_data(parameter) for key, parameter in found.items()}})
        return 0
    for key, parameter in found.items():
        say(_parameter_lines(key, parameter))
    say(["", f"{len(found)} of {len(known)} parameters"])
    return 0


def every_parameter() -> Iterator[tuple[str, Parameter]]:
    """Yield key and declaration of every parameter; NAME stands for the name of an entry."""
    yield from _parameters_below(World, ())
    yield from _parameters_below(Intervention, ("interventions", "NAME"))


def _parameters_below(scope: type, key: tuple[str, ...]) -> Iterator[tuple[str, Parameter]]:
    """Yield the parameters of a scope and of those below it."""
    here = declared(scope)
    for name, parameter in here.parameters.items():
        ending = {"by_issue": ("ISSUE",), "points": ("POINT",)}.get(parameter.kind, ())
        yield ".".join((*key, name, *ending)), parameter
    for name, section in here.sections.items():
        yield from _parameters_below(section, (*key, name))
    for name, (entry, _) in here.tables.items():
        yield from _parameters_below(entry, (*key, name, "STATE" if name == "toward" else "NAME"))


def _parameter_lines(key: str, parameter: Parameter) -> Iterator[str]:
    """Yield the lines about one parameter."""
    yield key
    yield from textwrap.wrap(parameter.meaning, WIDTH, initial_indent="    ", subsequent_indent="    ")
    facts = [parameter.unit or parameter.kind, f"default {default_in_words(parameter)}"]
    if parameter.plausible:
        facts.append(f"plausible {parameter.plausible[0]:g} to {parameter.plausible[1]:g}")
    facts.append(parameter.standing + (f" ({parameter.source})" if parameter.source else ""))
    yield from textwrap.wrap("; ".join(facts), WIDTH, initial_indent="    ", subsequent_indent="    ")


def default_in_words(parameter: Parameter) -> str:
    """Return the default, or what it follows."""
    if parameter.required:
        return "none: must be given"
    if parameter.default_by:
        selector, values = parameter.default_by
        return (
            f"by {selector}: {', '.join(f'{option} {words.value(value, _DIGITS)}' for option, value in values.items())}"
        )
    if parameter.default_as:
        return f"as {parameter.default_as}"
    return "empty" if parameter.default in ("", None) else words.value(parameter.default, _DIGITS)


def _as_data(parameter: Parameter) -> dict[str, Any]:
    """Return a declaration as plain data."""
    limited = parameter.kind in ("number", "count", "by_issue")
    return {
        "kind": parameter.kind,
        "meaning": parameter.meaning,
        "unit": parameter.unit,
        "default": list(parameter.default) if isinstance(parameter.default, tuple) else parameter.default,
        "default_by": None
        if parameter.default_by is None
        else {"key": parameter.default_by[0], "values": parameter.default_by[1]},
        "default_as": parameter.default_as or None,
        "limits": list(parameter.limits) if limited else None,
        "plausible": list(parameter.plausible) if parameter.plausible else None,
        "standing": parameter.standing,
        "source": parameter.source,
        "options": list(parameter.options),
        "required": parameter.required,
    }
