"""Tables of the science: the order of a week, the rules of a mechanism, the purposes of chance."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from docs.tables.markdown import code, first_line, table
from sim.chance import PURPOSES
from sim.rules.registry import RULES
from sim.steps.week import WEEK

ROOMS = ("sim.rules", "sim.search", "sim")


def week(_: str = "") -> str:
    """Return the order of play in a week."""
    return table(("", "step", "what happens"), [(str(n), code(name), what) for n, (name, what) in enumerate(WEEK, 1)])


def rules(names: str) -> str:
    """Return a table of rules: of whole modules, given as `table`, or single ones, as `table.occurs`."""
    rows = []
    for name in names.split():
        module, _, only = name.partition(".")
        path = _path_of(module)
        named = [rule for rule in RULES if rule.__module__ == path and only in ("", rule.__name__)]
        if not named:
            raise KeyError(f"there is no rule {name}")
        rows += [(code(f"{module}.{rule.__name__}"), first_line(rule)) for rule in named]
    return table(("rule", "what it returns or does"), rows)


def _path_of(module: str) -> str:
    """Return the path of a module that holds rules, imported, from its name."""
    path = next(path for room in ROOMS if find_spec(path := f"{room}.{module}"))
    import_module(path)
    return path


def purposes(_: str = "") -> str:
    """Return a table of every kind of draw and of what its address holds besides seed, replicate and week."""
    rows = [(str(draw.number), code(draw.name), draw.decides, draw.actor, draw.counterpart) for draw in PURPOSES]
    return table(("number", "purpose", "what it decides", "actor", "counterpart"), rows)
