"""Tables of the science: the order of a week, the rules of a mechanism, the purposes of chance."""

from __future__ import annotations

from importlib import import_module

from docs.tables.markdown import code, first_line, table
from sim.chance import PURPOSES
from sim.rules import WEEK
from sim.rules.registry import RULES


def week(_: str = "") -> str:
    """Return the order of play in a week."""
    return table(("", "step", "what happens"), [(str(n), code(name), what) for n, (name, what) in enumerate(WEEK, 1)])


def rules(names: str) -> str:
    """Return a table of rules: of whole modules of sim/rules, given as `table`, or single ones, as `table.occurs`."""
    rows = []
    for name in names.split():
        module, _, only = name.partition(".")
        import_module(f"sim.rules.{module}")
        here = [one for one in RULES if one.__module__ == f"sim.rules.{module}" and only in ("", one.__name__)]
        if not here:
            raise KeyError(f"there is no rule {name}")
        rows += [(code(f"{module}.{one.__name__}"), first_line(one)) for one in here]
    return table(("rule", "what it returns or does"), rows)


def purposes(_: str = "") -> str:
    """Return a table of every kind of draw and of what its address holds besides seed, replicate and week."""
    rows = [(str(one.number), code(one.name), one.decides, one.actor, one.counterpart) for one in PURPOSES]
    return table(("number", "purpose", "what it decides", "actor", "counterpart"), rows)
