"""What is wrong with keys and values by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sim.errors import Problems
from sim.parameters import MOST_ENTRIES, MOST_POINTS, Intervention, Parameter, World
from sim.scenario.keys import OWN, Key, declared, dotted, point_name_fault, quoted, shown, suggestion, without_own
from sim.scenario.kinds import NAME, NAME_RULE, kind_of
from sim.scenario.read import HEADING, Given
from sim.scenario.renamed import new_name


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
    check_scope(report.given.scope, tree, (), report)
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
            _check_value(here.parameters[name], value, at, report)
        elif name in here.sections:
            if isinstance(value, Mapping):
                check_scope(here.sections[name], value, at, report)
            else:
                report.wrong(at, f"{dotted(at)} = {shown(value)} is not a section; write [{dotted(at)}]")
        elif name in here.tables:
            for entry_key, entry in _entries(value, at, report):
                check_scope(here.tables[name][0], entry, entry_key, report)
        else:
            report.wrong(at, _unknown_key(scope, name, key))
    for name, parameter in here.parameters.items():
        if parameter.required and name not in tree:
            report.wrong(key, f"{_section(key)} lacks '{name}' ({parameter.meaning})")
    for name, section in here.sections.items():
        if name not in tree:
            check_scope(section, {}, (*key, name), report)


def _unknown_key(scope: type, name: str, key: Key) -> str:
    """Return the message about a key that a section does not have."""
    names = [*declared(scope).names(), *getattr(scope, "ALSO", ())]
    if issubclass(scope, World):
        if name == OWN:
            return without_own(scope)
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


def _check_value(parameter: Parameter, value: object, key: Key, report: Report) -> None:
    """Note what is wrong with what a file gives for one parameter, by itself."""
    if parameter.by_point:
        _check_points(parameter, value, key, report)
    elif not parameter.by_issue:
        check_single(parameter, value, key, report)
    elif isinstance(value, Mapping):
        for issue, number in value.items():
            check_single(parameter, number, (*key, issue), report)
    else:
        report.wrong(key, f"{dotted(key)} = {shown(value)} is not a table with a number for each issue")


def _check_points(parameter: Parameter, value: object, key: Key, report: Report) -> None:
    """Note what is wrong with the points of an issue, each by itself."""
    if not isinstance(value, Mapping):
        report.wrong(key, f"{dotted(key)} = {shown(value)} is not a table; write [{dotted(key)}]")
        return
    if len(value) > MOST_POINTS:
        report.wrong(key, f"[{dotted(key)}] has {len(value)} points; at most {MOST_POINTS} are allowed")
    for name, number in value.items():
        fault = point_name_fault(name)
        if fault:
            report.wrong((*key, name), f"{dotted(key)}: {quoted(name)} {fault}")
        check_single(parameter, number, (*key, name), report)


def check_single(parameter: Parameter, value: object, key: Key, report: Report) -> None:
    """Note what is wrong with one value; of a parameter by issue, with the number of one issue."""
    fault = kind_of(parameter).fault(parameter, value)
    if fault and isinstance(value, str):
        name, remark = new_name(key[-1].rpartition(".")[2], value, parameter.options)
        fault = f"is now {quoted(name)}{remark}" if name else fault
    if fault:
        report.wrong(key, f"{dotted(key)} = {shown(value)} {fault} ({parameter.meaning})")
