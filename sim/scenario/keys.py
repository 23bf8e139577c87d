"""Keys such as officials.envoy.candour: how they are written, and which parameter each addresses."""

from __future__ import annotations

import datetime
import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from itertools import islice
from typing import Any, NamedTuple

from sim.errors import printable
from sim.parameters import LONGEST_NAME, Intervention, Parameter, World, parameters_of, sections_of, tables_of
from sim.scenario.renamed import new_name

Key = tuple[str, ...]
Tree = dict[str, Any]

_LONGEST_SHOWN = 60
_LONGEST_KEY = 160
_HUGE = 10**18
_MOST_COMPARED = 1_000  # words among which the nearest is looked for
_PLAIN = re.compile(r"[A-Za-z0-9_.-]+")
OWN = "own"
_OWN_OF_NOBODY = (
    "[own] holds the parameters of a model class of your own: "
    "name it with --model MODULE:CLASS (sim.load(..., model=...))"
)
_NOTHING_OWN = "the model class declares no parameters of its own"


class Declared(NamedTuple):
    """What a scope declares, by key; a table gives the scope of its entries and the table their names stand in."""

    parameters: dict[str, Parameter]
    tables: dict[str, tuple[type, str]]
    sections: dict[str, type]

    def names(self) -> list[str]:
        """Return every key of the scope."""
        return [*self.parameters, *self.sections, *self.tables]


@cache
def declared(scope: type) -> Declared:
    """Return what a scope declares."""
    tables = {name: (entry, refers_to) for name, entry, refers_to in tables_of(scope)}
    return Declared(dict(parameters_of(scope)), tables, dict(sections_of(scope)))


def _shortened(text: str, longest: int = _LONGEST_SHOWN) -> str:
    """Return a text that fits in a message."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def quoted(text: str) -> str:
    """Return a text in quotes, with everything that does not print escaped, cut if it is long."""
    return _shortened(printable(json.dumps(text[: _LONGEST_SHOWN + 1], ensure_ascii=False)))


def dotted(key: Iterable[str]) -> str:
    """Return a key as it is written, with odd parts quoted."""
    return _shortened(".".join(part if _PLAIN.fullmatch(part) else quoted(part) for part in key), _LONGEST_KEY)


def split_key(text: str) -> Key:
    """Return the parts of a key; what stands behind `interventions.NAME.set` is a key itself, and one part."""
    parts = text.split(".")
    if parts[0] == "interventions" and parts[2:3] == ["set"] and len(parts) > 3:
        return (*parts[:3], ".".join(parts[3:]))
    return tuple(parts)


def shown(value: object) -> str:
    """Return a value as a message shows it: on one line, short and printable."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if abs(value) < _HUGE else f"a whole number of {value.bit_length()} bits"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, datetime.date | datetime.time):
        return f"the date or time {value.isoformat()}"
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list | tuple):
        return "[" + _shortened(", ".join(shown(item) for item in value[:_LONGEST_SHOWN])) + "]"
    return _shortened(ascii(value))


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Return the word that looks most like `word`, or None."""
    if len(word) > 2 * _LONGEST_SHOWN:
        return None
    return _nearest_of(word, tuple(islice(words, _MOST_COMPARED)))


@lru_cache(
    maxsize=10_000
)  # a key is asked for once in each scenario of an experiment, and it takes long to compare words
def _nearest_of(word: str, words: tuple[str, ...]) -> str | None:
    """Return the word that looks most like `word`, or None."""
    close = difflib.get_close_matches(word, words, n=1)
    return close[0] if close else None


def suggestion(word: str, words: Iterable[str], context: str = "") -> str:
    """Return the end of a message about a word that was not expected: what it is called now, or the nearest one.

    context   where old words of this sort stand in RENAMED, if they stand there
    """
    words = list(words)
    name, remark = new_name(context, word, words)
    if name:
        return f"; '{word}' is called '{name}' now{remark}"
    close = nearest(word, words)
    return "" if close is None else f"; did you mean '{printable(close)}'?"


def point_name_fault(name: str) -> str:
    """Return what is wrong with the name of a point, an empty text where nothing is; a key is cut at its full stops."""
    good = 1 <= len(name) <= LONGEST_NAME and name.isprintable() and name == name.strip() and "." not in name
    return "" if good else f"is no name of a point (1 to {LONGEST_NAME} characters, no full stop, no space at an end)"


def leaves(tree: Mapping[str, Any], key: Key = ()) -> Iterator[tuple[Key, Any]]:
    """Yield the key and the value of everything in `tree` that is not a table."""
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from leaves(value, (*key, name))
        else:
            yield (*key, name), value


def intervention_scope(scope: type) -> type:
    """Return what an intervention may say by itself in files of a scope; one that a folder keeps has its own."""
    found: type = getattr(scope, "INTERVENTION", Intervention)
    return found


def without_own(scope: type) -> str:
    """Return why a file of this scope has no section [own]."""
    return _OWN_OF_NOBODY if scope is World else _NOTHING_OWN


def parameter_of(key: Key, scope: type = World) -> Parameter:
    """Return the declaration of the parameter that a valid key addresses in a file of this scope."""
    if key[0] == "interventions":
        if key[2] == "set":
            return parameter_of(split_key(key[3]), scope)
        if key[2] == "add":
            return parameter_of(key[3:], scope)
        scope, key = intervention_scope(scope), key[2:]
    while key[0] not in declared(scope).parameters:
        if key[0] in declared(scope).sections:
            scope, key = declared(scope).sections[key[0]], key[1:]
        else:
            scope, key = declared(scope).tables[key[0]][0], key[2:]
    return declared(scope).parameters[key[0]]


def parameter_at(key: Key, tree: Tree, scope: type = World) -> tuple[Parameter | None, str]:
    """Return the parameter that `key` addresses in a checked `tree`, or None and what is wrong with the key."""
    if key[0] == OWN and OWN not in declared(scope).sections:
        return None, f"unknown key '{dotted(key)}'; {without_own(scope)}"
    if key[0] != "interventions":
        return _parameter_below(key, 0, tree, tree, scope)
    interventions = tree.get("interventions", {})
    if len(key) < 3:
        return None, f"{dotted(key)} is not a single value; name one of its keys"
    if key[1] not in interventions:
        return None, _unknown(key, 1, interventions)
    body = interventions[key[1]]
    if key[2] == "add":
        return _parameter_below(key, 3, body.get("add", {}), tree, scope)
    if key[2] == "set":
        known = key[3:4] and key[3] in body.get("set", {})
        return (parameter_of(key, scope), "") if known else (None, _unknown(key, 3, body.get("set", {})))
    parameters = declared(intervention_scope(scope)).parameters
    known = len(key) == 3 and key[2] in parameters
    return (parameters[key[2]], "") if known else (None, _unknown(key, 2, [*parameters, "set", "add"]))


def _parameter_below(key: Key, at: int, level: Tree, tree: Tree, scope: type) -> tuple[Parameter | None, str]:
    """Return what `parameter_at` returns, for the parts of `key` from `at` on, which stand in `level`."""
    while at < len(key):
        here = declared(scope)
        part, rest = key[at], key[at + 1 :]
        if part in here.parameters:
            return _single(here.parameters[part], key, at, tree)
        if part in here.sections:
            scope, level, at = here.sections[part], level.get(part, {}), at + 1
        elif part in here.tables:
            scope, refers_to = here.tables[part]
            others = [name for name in tree.get(refers_to, {}) if name != key[at - 1]]
            entries = others if refers_to else level.get(part, {})
            if rest and rest[0] not in entries:
                return None, _unknown(key, at + 1, entries)
            level, at = level.get(part, {}).get(rest[0], {}) if rest else {}, at + 2
        else:
            return None, _unknown(key, at, here.names())
    return None, f"{dotted(key)} is not a single value; name one of its keys"


def _single(parameter: Parameter, key: Key, at: int, tree: Tree) -> tuple[Parameter | None, str]:
    """Return the parameter that stands at part `at` of the key, if the key ends where it should."""
    issues = tree.get("issues", {})
    if parameter.by_point:
        named = at + 2 == len(key) and not point_name_fault(key[-1])
        here = dotted(key[: at + 1])
        return (parameter, "") if named else (None, f"{here} has one value for each point; name one: {here}.POINT")
    if not parameter.by_issue:
        return (parameter, "") if at + 1 == len(key) else (None, f"{dotted(key[: at + 1])} has no keys below it")
    if at + 1 == len(key):
        return (
            None,
            f"{dotted(key)} has one value for each issue; name one, as in {dotted((*key, next(iter(issues), 'x')))}",
        )
    return (parameter, "") if at + 2 == len(key) and key[at + 1] in issues else (None, _unknown(key, at + 1, issues))


def _unknown(key: Key, at: int, names: Iterable[str]) -> str:
    """Return the message about a key of which part `at` is unknown, with the nearest valid key."""
    names = list(names)
    name, remark = new_name("keys", key[at], names) if at < len(key) else ("", "")
    if name:
        return f"unknown key '{dotted(key)}'; '{key[at]}' is called '{name}' now{remark}"
    close = nearest(key[at], names) if at < len(key) else None
    if close is not None:
        return f"unknown key '{dotted(key)}'; did you mean '{dotted((*key[:at], close, *key[at + 1 :]))}'?"
    if len(names) > 12:
        return f"unknown key '{dotted(key)}'"
    above = dotted(key[:at]) or "the file"
    return f"unknown key '{dotted(key)}'; {above} has {', '.join(map(dotted, zip(names))) or 'no entries'}"
