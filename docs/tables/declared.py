"""Tables read off the declarations of parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from docs.tables.markdown import code, first_line, table
from sim.commands.search_parameters import default_in_words, every_parameter
from sim.parameters import PERSONAS, TRACKS, Channel, Intervention, Official, Parameter, World, tables_of
from sim.scenario.keys import declared
from sim.words import value

HEAD = ("name", "meaning", "unit", "default", "plausible", "standing", "source")
ISSUE, POINT = ".ISSUE", ".POINT"


def parameters(_: str = "") -> str:
    """Return a heading and a table for every part of a file."""
    by_part: dict[str, list[tuple[str, Parameter]]] = {}
    for key, parameter in every_parameter():
        by_part.setdefault(part_of(key), []).append((key, parameter))
    pages = []
    for part, scope in scopes():
        if part in by_part:
            pages.append(f"## {heading(part)}\n\n{first_line(scope)}\n\n{rows_of(by_part[part], part)}")
    return "\n".join(pages)


def keys(wanted: str) -> str:
    """Return a table of the parameters with these full keys, separated by spaces."""
    known = {key.removesuffix(ISSUE).removesuffix(POINT): parameter for key, parameter in every_parameter()}
    return rows_of([(key, known[key]) for key in wanted.split()], "")


def entities(_: str = "") -> str:
    """Return a table of the parts of a world: what each stands for and how many parameters describe it."""
    rows = []
    for part, scope in scopes():
        rows.append((code(heading(part)), first_line(scope), str(len(declared(scope).parameters))))
    return table(("part of a file", "what it stands for", "parameters"), rows)


def personas(_: str = "") -> str:
    """Return a table of what each persona sets."""
    return presets(Official, "persona", PERSONAS)


def tracks(_: str = "") -> str:
    """Return a table of the defaults that follow from the track."""
    return presets(Channel, "track", TRACKS)


def standings(_: str = "") -> str:
    """Return how many parameters are measured, derived, assumed and structural."""
    found = [parameter.standing for _, parameter in every_parameter()]
    return table(("standing", "parameters"), [(name, str(found.count(name))) for name in dict.fromkeys(sorted(found))])


def presets(scope: type, selector: str, options: Iterable[str]) -> str:
    """Return a table of the defaults of a scope that another of its parameters selects."""
    chosen = {
        name: parameter.default_by[1]
        for name, parameter in declared(scope).parameters.items()
        if parameter.default_by and parameter.default_by[0] == selector
    }
    rows = [(code(option), *(value(values[option]) for values in chosen.values())) for option in options]
    return table((selector, *map(code, chosen)), rows)


def part_of(key: str) -> str:
    """Return the part of a file in which a parameter stands."""
    return key.removesuffix(ISSUE).removesuffix(POINT).rpartition(".")[0]


def heading(part: str) -> str:
    """Return a part as a file writes it."""
    return f"[{part}]" if part else "Top of the file"


def scopes() -> Iterator[tuple[str, type]]:
    """Yield each part of a file and its scope, in the order of every_parameter."""
    yield from scopes_below(World, "")
    yield "interventions.NAME", Intervention


def scopes_below(scope: type, part: str) -> Iterator[tuple[str, type]]:
    """Yield a part and those below it."""
    yield part, scope
    here, before = declared(scope), f"{part}." if part else ""
    for name, section in here.sections.items():
        yield from scopes_below(section, f"{before}{name}")
    for name, (entry, _) in here.tables.items():
        yield from scopes_below(entry, f"{before}{name}.{'STATE' if name == 'toward' else 'NAME'}")


def rows_of(found: Iterable[tuple[str, Parameter]], part: str) -> str:
    """Return the table of some parameters; names are given from `part` on."""
    return table(HEAD, [row(key.removeprefix(f"{part}.") if part else key, parameter) for key, parameter in found])


def row(name: str, parameter: Parameter) -> tuple[str, ...]:
    """Return the cells of one parameter."""
    plausible = "{:g} to {:g}".format(*parameter.plausible) if parameter.plausible else ""
    return (
        code(name),
        parameter.meaning,
        parameter.unit,
        default_in_words(parameter),
        plausible,
        parameter.standing,
        code(parameter.source),
    )


def experiment_keys(_: str = "") -> str:
    """Return a table of what an experiment file may say, for each of its tables."""
    from sim.study.design.experiment_file import ExperimentFile

    pages = []
    for part, scope in [
        ("", ExperimentFile),
        *((f"{name}.NAME", entry) for name, entry, _ in tables_of(ExperimentFile)),
    ]:
        rows = [
            (code(name), parameter.meaning, parameter.unit, "" if parameter.required else default_in_words(parameter))
            for name, parameter in declared(scope).parameters.items()
        ]
        rows += [(code(name), meaning, "table", "") for name, meaning in getattr(scope, "ALSO", {}).items()]
        pages.append(
            f"## {heading(part)}\n\n{first_line(scope)}\n\n{table(('key', 'meaning', 'unit', 'default'), rows)}"
        )
    return "\n".join(pages)
