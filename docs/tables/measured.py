"""Tables of what a replicate gives, as the steps declare it: columns, quantities by week, state variables, events."""

from __future__ import annotations

from docs.tables.markdown import code, first_line, table
from sim.rules.outcomes import FAILURES
from sim.steps.columns import COLUMNS, FOLLOWED, Names, column_of, quantity_of
from sim.steps.events import KINDS
from sim.steps.kinds import KINDS as THINGS
from sim.steps.kinds import variables_of

# What stands for the names of a scenario, by what a column is measured of.
PLACEHOLDERS: dict[str, list[Names]] = {
    "": [()],
    "endings": [(reason,) for reason in FAILURES],
    "pairs": [("STATE", "OTHER")],
    "issues": [("ISSUE",)],
    "states": [("STATE",)],
    "flows": [("AID",)],
    "givers": [("STATE",)],
    "channels": [("CHANNEL",)],
    "hearers": [("CHANNEL", "STATE")],
}


def columns(_: str = "") -> str:
    """Return a table of every column, with placeholders for the names of a scenario."""
    found = [column_of(one, names) for block in COLUMNS for names in PLACEHOLDERS[block[0].over] for one in block]
    rows = [(code(column.name), column.kind, column.unit, column.meaning) for column in found]
    return table(("column", "kind", "unit", "meaning"), rows)


def weekly(_: str = "") -> str:
    """Return a table of every quantity that can be followed week by week, with placeholders likewise."""
    found = [quantity_of(one, names) for block in FOLLOWED for names in PLACEHOLDERS[block[0].over] for one in block]
    rows = [(code(one.name), one.unit, f"{one.low:g} to {one.high:g}", one.meaning) for one in found]
    return table(("quantity", "unit", "histograms cover", "meaning"), rows)


def variables(_: str = "") -> str:
    """Return a table of every state variable, by the kind of thing that has it."""
    rows = []
    for kind in THINGS:
        named = kind.__name__.lower()
        for name, declaration, _annotation in variables_of(kind):
            if declaration.source == "state":
                limits = "" if declaration.limits is None else "{:g} to {:g}".format(*declaration.limits)
                rows.append((named, code(name), declaration.meaning, declaration.unit, limits))
    return table(("of", "variable", "meaning", "unit", "range"), rows)


def things(_: str = "") -> str:
    """Return a table of the kinds of things a war is made of."""
    return table(("kind", "what it is"), [(code(kind.__name__), first_line(kind)) for kind in THINGS])


def events(_: str = "") -> str:
    """Return a table of every kind of event, with what belongs to it."""
    rows = []
    for name, kind in KINDS.items():
        details = ", ".join(f"{code(detail)} ({unit})" for detail, unit in kind.details.items())
        rows.append((code(name), kind.meaning, details))
    return table(("kind", "meaning", "what belongs to it"), rows)
