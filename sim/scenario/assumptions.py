"""Sets of assumptions: values laid over any scenario, wherever it has what they address.

A file says them as a scenario would, in its tables; "*" stands for every entry of a table, or for every issue:

    title = "Bridges of 2"
    sentence = "A channel that reaches both sides doubles the odds that talks are tried."

    [channels."*"]
    bridge = 2.0

What it says holds in every week: also of entries that interventions add, and in the place of what they set.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sim import words
from sim.errors import Problems
from sim.parameters import Parameter, World
from sim.scenario.check import Report, check_single
from sim.scenario.keys import OWN, Key, Tree, declared, dotted, quoted, shown, split_key, suggestion, without_own
from sim.scenario.kinds import NAME, NAME_RULE
from sim.scenario.read import Document, Given, Laid, Place, find_file, read_document
from sim.scenario.worlds import fill_file

EVERY = "*"
HEADING = {
    "title": Parameter("text", "one line that names the set", "text", required=True),
    "sentence": Parameter("text", "one sentence that says what it assumes", "text", required=True),
}
_OF_SCENARIOS = ("description", "extends", "interventions", "without")


class _Value(NamedTuple):
    """One value of a set, and the key it addresses, in which "*" stands for every name."""

    key: Key
    value: Any


@dataclass(frozen=True)
class Assumptions:
    """A set of assumptions; its values are in the order in which they are laid: what names an entry after what names all."""

    name: str
    title: str
    sentence: str
    document: Document
    values: tuple[_Value, ...]


def read_assumptions(source: str | os.PathLike[str], scope: type = World) -> Assumptions:
    """Return a set of assumptions by its shipped name or from a file, checked by itself.

    scope   what the scenarios may say over which it is laid

    Raises ScenarioError with one line for each mistake.
    """
    path, label = find_file(source, "assumptions", "set of assumptions")
    document = read_document(path, label)
    places = {key: Place(document, key) for key in document.lines}
    report = Report(Given(document.tree, dict(places), label, scope), Problems())
    values = [*_values_of_file(document.tree, report)]
    report.problems.refuse()
    return Assumptions(
        name=path.stem if path.suffix == ".toml" else path.name,
        title=document.tree["title"],
        sentence=" ".join(document.tree["sentence"].split()),
        document=document,
        values=tuple(sorted(values, key=lambda value: -value.key.count(EVERY))),
    )


def says_assumptions(document: Document) -> bool:
    """Return whether a file is a set of assumptions, and no scenario or experiment."""
    return "sentence" in document.tree or any(EVERY in key for key in document.lines)


# What a file says


def _values_of_file(tree: Tree, report: Report) -> Iterator[_Value]:
    """Yield what a file sets, and note what is wrong with it."""
    found = len(report.problems)
    for name, parameter in HEADING.items():
        if name in tree:
            check_single(parameter, tree[name], (name,), report)
        else:
            report.wrong((), f"the file lacks '{name}' ({parameter.meaning})")
    for name in _OF_SCENARIOS:
        if name in tree:
            report.wrong(
                (name,), f"'{name}' is for scenarios; a set of assumptions has {', '.join(HEADING)} and values"
            )
    told = (*HEADING, *_OF_SCENARIOS)
    values = [*_values_below(report.given.scope, {key: tree[key] for key in tree if key not in told}, (), report)]
    if not values and len(report.problems) == found:
        report.wrong((), f'the file sets no value; write one, as in [channels."{EVERY}"] bridge = 2.0')
    yield from values


def _values_below(scope: type, tree: Mapping[str, Any], key: Key, report: Report) -> Iterator[_Value]:
    """Yield what one section or entry sets, and note what is wrong with it."""
    here = declared(scope)
    for name, value in tree.items():
        at = (*key, name)
        if name in here.parameters:
            yield from _values_at(here.parameters[name], value, at, report)
        elif name not in (*here.sections, *here.tables):
            report.wrong(at, _unknown_key(scope, name, key))
        elif not isinstance(value, Mapping):
            report.wrong(at, f"{dotted(at)} = {shown(value)} is not a table; write [{_written(at)}]")
        elif name in here.sections:
            yield from _values_below(here.sections[name], value, at, report)
        else:
            for entry, body in _named_tables(value, at, report):
                yield from _values_below(here.tables[name][0], body, entry, report)


def _named_tables(table: Mapping[str, Any], key: Key, report: Report) -> Iterator[tuple[Key, Mapping[str, Any]]]:
    """Yield the entries of a table, each for one name or for all, and note those that cannot be."""
    for name, entry in table.items():
        at = (*key, name)
        if name != EVERY and not NAME.fullmatch(name):
            report.wrong(at, f'{dotted(key)}: {quoted(name)} is neither "{EVERY}" nor a name {NAME_RULE}')
        elif not isinstance(entry, Mapping):
            hint = f"write [{_written((*key, EVERY))}] for every entry, [{_written((*key, 'NAME'))}] for one"
            report.wrong(at, f"{dotted(at)} = {shown(entry)} is not an entry; {hint}")
        else:
            yield at, entry


def _values_at(parameter: Parameter, value: object, key: Key, report: Report) -> Iterator[_Value]:
    """Yield what is set of one parameter, and note what is wrong with it."""
    if parameter.told:
        report.wrong(key, f"{dotted(key)} serves words alone; a set of assumptions sets what decides something")
    elif not parameter.by_issue:
        check_single(parameter, value, key, report)
        yield _Value(key, value)
    elif isinstance(value, Mapping):
        for issue, number in value.items():
            check_single(parameter, number, (*key, issue), report)
            yield _Value((*key, issue), number)
    else:
        report.wrong(key, f"{dotted(key)} = {shown(value)} is not a table with a number for each issue")


def _unknown_key(scope: type, name: str, key: Key) -> str:
    """Return the message about a key that a section does not have."""
    if name == OWN:
        return without_own(scope)
    hint = suggestion(name, [*declared(scope).names(), *(() if key else HEADING)], "keys")
    return f"unknown key '{dotted([name])}'{hint or (f' in [{_written(key)}]' if key else '')}"


def _written(key: Key) -> str:
    """Return a key as it stands in the heading of a table."""
    return ".".join(f'"{part}"' if part == EVERY else part for part in key)


# Laid over a scenario


def lay(given: Given, assumptions: Assumptions, scenario: str) -> Given:
    """Return what is given of a valid scenario with a set of assumptions over it.

    scenario   what remarks call it
    """
    places = {value.key: [*_addressed(value.key, given)] for value in assumptions.values}
    new = {
        key: (value.value, Place(assumptions.document, value.key))
        for value in assumptions.values
        for key in places[value.key]
    }
    after = given.with_values(new)
    lacking = [key for key, found in places.items() if not found]
    if len(lacking) == len(places):
        remarks = [f"{assumptions.name} finds nothing to change in {scenario}, which has no {_listed(lacking, given)}"]
    else:
        remarks = [*_remarks(assumptions.name, scenario, given, after)]
        named = [key for key in lacking if given.tree.get(key[0])]
        if named:
            remarks.append(f"{assumptions.name} addresses what {scenario} lacks: {_listed(named, given)}")
    laid = Laid(assumptions.name, assumptions.document.label, assumptions.document.path, tuple(remarks))
    return replace(after, laid=(*given.laid, laid))


def _addressed(pattern: Key, given: Given) -> Iterator[Key]:
    """Yield the keys of a scenario that a key with "*" in it stands for, in what interventions add and set as well."""
    yield from _matching(pattern, given.scope, given.tree, (), given.tree)
    for name, body in given.tree.get("interventions", {}).items():
        at, added = ("interventions", name), body.get("add", {})
        if pattern[0] in added:
            yield from ((*at, "add", *key) for key in _matching(pattern, given.scope, added, (), given.tree))
        for address in body.get("set", {}):
            key = split_key(address)
            if len(key) == len(pattern) and all(one in (EVERY, part) for one, part in zip(pattern, key, strict=True)):
                yield (*at, "set", address)


def _matching(pattern: Key, scope: type, level: Mapping[str, Any], at: Key, tree: Tree) -> Iterator[Key]:
    """Yield the keys below one section or entry that a pattern stands for.

    level   what is given there
    at      its key
    tree    the whole, which knows the issues and the states
    """
    part, rest, here = pattern[0], pattern[1:], declared(scope)
    if part in here.parameters:
        yield from ((*at, part, *issue) for issue in ([()] if not rest else zip(_chosen(rest[0], tree["issues"]))))
    elif part in here.sections:
        yield from _matching(rest, here.sections[part], level.get(part, {}), (*at, part), tree)
    else:
        entry_scope, refers_to = here.tables[part]
        entries = level.get(part, {})
        names = [name for name in tree[refers_to] if name != at[-1]] if refers_to else entries
        for name in _chosen(rest[0], names):
            entry = entries.get(name, {})
            if set(entry) != {"legs"} or rest[1] == "legs":  # legs added to a channel bring no values for the channel
                yield from _matching(rest[1:], entry_scope, entry, (*at, part, name), tree)


def _chosen(part: str, names: Iterable[str]) -> list[str]:
    """Return those of some names that a part of a key stands for."""
    return [name for name in names if part in (EVERY, name)]


def _listed(keys: Iterable[Key], given: Given) -> str:
    """Return what a scenario lacks, in words: the table that some keys address where it has none, else the keys."""
    return words.listed(dict.fromkeys(_written(key) if given.tree.get(key[0]) else key[0] for key in keys))


def _remarks(name: str, scenario: str, given: Given, after: Given) -> Iterator[str]:
    """Yield that a set changes nothing, and what interventions set otherwise: what the set says holds in every week."""
    if fill_file(given) == fill_file(after):
        yield f"{name} changes nothing in {scenario}, which has these values already"
    for change, body in given.tree.get("interventions", {}).items():
        now = after.tree["interventions"][change].get("set", {})
        for address, value in body.get("set", {}).items():
            if now[address] != value:
                what = f"{dotted([address])} = {shown(value)} of its intervention '{change}'"
                yield f"{name} goes before {what} in {scenario}: {shown(now[address])} holds in every week"
