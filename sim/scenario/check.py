"""What one value may be, and what stands where a file gives none."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from numbers import Integral, Real
from typing import Any, NamedTuple

from sim.errors import Problems
from sim.parameters import LONGEST_NAME, MOST_ENTRIES, NAME_PATTERN, Intervention, Parameter, World
from sim.scenario.keys import Key, Tree, declared, dotted, nearest, parameter_of, quoted, shown, split_key, suggestion
from sim.scenario.read import HEADING, Given
from sim.scenario.renamed import new_name

NAME = re.compile(NAME_PATTERN)
LONGEST_TEXT = 10_000
NAME_RULE = f"(a lower-case letter, then lower-case letters, digits and _, at most {LONGEST_NAME} in all)"


class Report(NamedTuple):
    """Where mistakes are noted, what knows the place of each key, and the first week of what is checked."""

    given: Given
    problems: Problems
    since: int = 1

    def wrong(self, key: Key, message: str) -> None:
        """Note a mistake at a key."""
        when = f" (from week {self.since})" if self.since > 1 else ""
        self.problems.add(self.given.place(key), message + when)


def check_file(report: Report) -> None:
    """Note every key of the merged file that is unknown, and every value of the wrong kind or outside its limits."""
    tree = dict(report.given.tree)
    interventions = tree.pop("interventions", {})
    check_scope(World, tree, (), report)
    for key, body in _entries(interventions, ("interventions",), report):
        changes = {part: body[part] for part in ("set", "add") if part in body}
        check_scope(Intervention, {part: value for part, value in body.items() if part not in changes}, key, report)
        for part, change in changes.items():
            if not isinstance(change, Mapping):
                report.wrong((*key, part), f"{dotted((*key, part))} is not a table")


def check_scope(scope: type, tree: Mapping[str, Any], key: Key, report: Report) -> None:
    """Note what is wrong with the keys and values of one section or entry."""
    here = declared(scope)
    for name, value in tree.items():
        at = (*key, name)
        if name in here.parameters:
            check_value(here.parameters[name], value, at, report)
        elif name in here.sections:
            if isinstance(value, Mapping):
                check_scope(here.sections[name], value, at, report)
            else:
                report.wrong(at, f"{dotted(at)} = {shown(value)} is not a section; write [{dotted(at)}]")
        elif name in here.tables:
            for entry_key, entry in _entries(value, at, report):
                check_scope(here.tables[name][0], entry, entry_key, report)
        else:
            report.wrong(at, "" if report.problems.full else _unknown_key(scope, name, key))  # a suggestion is slow
    for name, parameter in here.parameters.items():
        if parameter.required and name not in tree:
            report.wrong(key, f"{_section(key)} lacks '{name}' ({parameter.meaning})")
    for name, section in here.sections.items():
        if name not in tree:
            check_scope(section, {}, (*key, name), report)


def _unknown_key(scope: type, name: str, key: Key) -> str:
    """Return the message about a key that a section does not have."""
    names = [*declared(scope).names(), *getattr(scope, "ALSO", ())]
    if scope is World:
        names += ["interventions", *HEADING]
    elif scope is Intervention:
        names += ["set", "add"]
    hint = suggestion(name, names, "keys") or f" in {_section(key)}"
    return f"unknown key '{dotted([name])}'{hint}"


def _section(key: Key) -> str:
    """Return a section as it is written in a file."""
    return f"[{dotted(key)}]" if key else "the file"


def _entries(table: object, key: Key, report: Report) -> Iterable[tuple[Key, Mapping[str, Any]]]:
    """Return the entries of a table of named entries, and note those that cannot be."""
    if not isinstance(table, Mapping):
        report.wrong(key, f"{dotted(key)} is not a table of named entries; write [{dotted(key)}.NAME]")
        return []
    if len(table) > MOST_ENTRIES:
        report.wrong(key, f"[{dotted(key)}] has {len(table)} entries; at most {MOST_ENTRIES} are allowed")
        return []
    good = []
    for name, entry in table.items():
        at = (*key, name)
        if not NAME.fullmatch(name):
            report.wrong(at, f"{dotted(key)}: {quoted(name)} is not a name {NAME_RULE}")
        elif not isinstance(entry, Mapping):
            report.wrong(at, f"{dotted(at)} = {shown(entry)} is not an entry; write [{dotted(at)}]")
        else:
            good.append((at, entry))
    return good


def check_value(parameter: Parameter, value: object, key: Key, report: Report) -> None:
    """Note what is wrong with what a file gives for one parameter, by itself."""
    if parameter.kind != "by_issue":
        check_single(parameter, value, key, report)
    elif isinstance(value, Mapping):
        for name, one in value.items():
            check_single(parameter, one, (*key, name), report)
    else:
        report.wrong(key, f"{dotted(key)} = {shown(value)} is not a table with a number for each issue")


def check_single(parameter: Parameter, value: object, key: Key, report: Report) -> None:
    """Note what is wrong with one value; of a parameter by issue, with the number of one issue."""
    complaint = CHECKS[parameter.kind](parameter, value)
    if complaint and isinstance(value, str):
        name, remark = new_name(key[-1].rpartition(".")[2], value, parameter.options)
        complaint = f"is now {quoted(name)}{remark}" if name else complaint
    if complaint:
        report.wrong(key, f"{dotted(key)} = {shown(value)} {complaint} ({parameter.meaning})")


def _number(parameter: Parameter, value: object) -> str:
    """Return what is wrong with a real number, or nothing."""
    if isinstance(value, float) and not math.isfinite(value):
        return "is not a finite number"
    if isinstance(value, bool) or not isinstance(value, Real):
        return "is not a number"
    return _outside(parameter, value)


def _count(parameter: Parameter, value: object) -> str:
    """Return what is wrong with a whole number, or nothing."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        return "is not a whole number"
    return _outside(parameter, value)


def _outside(parameter: Parameter, value: Any) -> str:
    """Return that a number lies outside its limits, or nothing."""
    low, high = parameter.limits
    return "" if low <= value <= high else f"lies outside {low:.9g}..{high:.9g}"


def _flag(parameter: Parameter, value: object) -> str:
    """Return what is wrong with a truth value, or nothing."""
    return "" if isinstance(value, bool) else "is not true or false"


def _choice(parameter: Parameter, value: object) -> str:
    """Return what is wrong with a word that must be one of a few, or nothing."""
    if isinstance(value, str) and value in parameter.options:
        return ""
    close = nearest(value, parameter.options) if isinstance(value, str) else None
    hint = f"; did you mean {quoted(close)}?" if close else ""
    return f"is not one of {', '.join(map(quoted, parameter.options))}{hint}"


def _name(parameter: Parameter, value: object) -> str:
    """Return what is wrong with a name, or nothing; whether the entry exists is asked later."""
    if isinstance(value, str) and (NAME.fullmatch(value) or value == parameter.default):
        return ""
    return f"is not a name {NAME_RULE}"


def _names(parameter: Parameter, value: object) -> str:
    """Return what is wrong with a list of names, or nothing."""
    if not isinstance(value, list | tuple):
        return "is not a list of names"
    if len(value) > MOST_ENTRIES:
        return f"has {len(value)} names; at most {MOST_ENTRIES} are allowed"
    wrong = [one for one in value if not (isinstance(one, str) and NAME.fullmatch(one))]
    return f"holds {shown(wrong[0])}, which is not a name" if wrong else ""


def _addresses(parameter: Parameter, value: object) -> str:
    """Return what is wrong with a list of keys of entries, or nothing; whether they exist is asked later."""
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        return "is not a list of entries"
    return "" if len(value) <= MOST_ENTRIES else f"has more than {MOST_ENTRIES} entries"


def _text(parameter: Parameter, value: object) -> str:
    """Return what is wrong with free text, or nothing."""
    if not isinstance(value, str):
        return "is not text"
    if len(value) > LONGEST_TEXT:
        return f"is longer than {LONGEST_TEXT} characters"
    return "" if all(one.isprintable() or one in "\n\t" for one in value) else "holds characters that do not print"


CHECKS: dict[str, Callable[[Parameter, object], str]] = {
    "number": _number,
    "by_issue": _number,
    "count": _count,
    "flag": _flag,
    "choice": _choice,
    "name": _name,
    "names": _names,
    "addresses": _addresses,
    "text": _text,
}


def filled_file(tree: Tree) -> Tree:
    """Return a checked tree with every default filled in, also in the entries that interventions add."""
    filled = filled_scope(World, tree, (), tree)
    filled["interventions"] = {
        name: filled_intervention(body, tree) for name, body in tree.get("interventions", {}).items()
    }
    return filled


def filled_intervention(body: Tree, tree: Tree) -> Tree:
    """Return an intervention with its defaults filled in; legs added to a channel bring none for the channel."""
    filled = filled_scope(Intervention, body, (), tree)
    filled["set"] = {key: normal(parameter_of(split_key(key)), value) for key, value in body.get("set", {}).items()}
    filled["add"] = {}
    for table, entries in body.get("add", {}).items():
        scope = declared(World).tables[table][0]
        filled["add"][table] = {}
        for name, entry in entries.items():
            whole = filled_scope(scope, entry, (table, name), tree)
            only_legs = set(entry) == {"legs"}
            filled["add"][table][name] = {"legs": whole["legs"]} if only_legs else whole
    return filled


def filled_scope(scope: type, given: Mapping[str, Any], key: Key, tree: Tree) -> Tree:
    """Return the values of one section or entry, in the order of the declarations, with defaults where none is given.

    key    where it stands; its last part is the name of the entry
    tree   the whole, which knows the issues and the states
    """
    here = declared(scope)
    filled: Tree = {}
    for name, parameter in here.parameters.items():
        value = given.get(name)
        filled[name] = default_of(parameter, filled) if value is None else normal(parameter, value)
        if parameter.kind == "by_issue":
            filled[name] = {
                issue: normal_number(filled[name].get(issue, parameter.default)) for issue in tree.get("issues", {})
            }
    for name, section in here.sections.items():
        filled[name] = filled_scope(section, given.get(name, {}), (*key, name), tree)
    for name, (entry_scope, refers_to) in here.tables.items():
        entries = given.get(name, {})
        names = [other for other in tree.get(refers_to, {}) if other != key[-1]] if refers_to else list(entries)
        filled[name] = {
            entry: filled_scope(entry_scope, entries.get(entry, {}), (*key, name, entry), tree) for entry in names
        }
    return filled


def default_of(parameter: Parameter, siblings: Mapping[str, Any]) -> Any:
    """Return the value where none is given; `siblings` are the values declared before it.

    A default that follows another parameter stays within its own limits.
    """
    if parameter.default_by:
        selector, values = parameter.default_by
        return normal(parameter, values[siblings[selector]])
    if parameter.default_as:
        low, high = parameter.limits
        return min(max(normal(parameter, siblings[parameter.default_as]), low), high)
    return normal(parameter, {} if parameter.kind == "by_issue" else parameter.default)


def normal(parameter: Parameter, value: Any) -> Any:
    """Return a checked value in the one form in which it is kept, so that 1 and 1.0 are the same number."""
    if parameter.kind == "number" or (parameter.kind == "by_issue" and not isinstance(value, Mapping)):
        return normal_number(value)
    if parameter.kind == "count":
        return int(value)
    if parameter.kind in ("names", "addresses"):
        return list(value)
    return value


def normal_number(value: Any) -> float:
    """Return a number as a float, and minus zero as zero."""
    return float(value) + 0.0


def coerced(parameter: Parameter, value: object) -> object:
    """Return a value set over a file in the kind its parameter needs, where a command line leaves that unclear."""
    if parameter.kind == "choice" and isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if parameter.kind in ("names", "addresses") and isinstance(value, str):
        return [part.strip() for part in value.split(",")] if value.strip() else []
    return value
