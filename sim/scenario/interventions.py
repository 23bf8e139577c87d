"""What holds from which week on: the interventions of a scenario, applied in order of their weeks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from sim.errors import Problems
from sim.scenario.acts import KINDS, Act, check_acts
from sim.scenario.check import Report, check_scope, check_single
from sim.scenario.keys import Key, declared, dotted, quoted, split_key, suggestion
from sim.scenario.kinds import NAME, NAME_RULE
from sim.scenario.read import Given

CHANGEABLE = ("officials", "channels", "guarantees", "aid")
# What to change later would change nothing, without a word: what is read before the first week, or as a channel begins.
_AT_START = "is read before the first week alone; give it its value in a scenario of its own"
_WHOLE = "is one way of counting for a whole war; give it its value in a scenario of its own"
_WORDS = "is a word for all weeks; give it its value in a scenario of its own"
ONLY_AT_START = {
    "states.*.reliability": _AT_START,
    "states.*.optimism": _AT_START,
    "states.*.toward.*.trust": _AT_START,
    "states.*.toward.*.intelligence": _AT_START,
    "front.start": _AT_START,
    "agreement.followed": _WHOLE,
    "channels.*.credibility": _AT_START,
    "channels.*.conveys": _WORDS,
    "issues.*.points.*": _WORDS,
    "channels.*.secret": 'cannot change from week to week; write expose = "{0}" to make it known',
}
_CHANGEABLE_MEANING = "only officials, channels and their legs, guarantees and aid can come and go"


@dataclass(frozen=True)
class _Change:
    """One intervention while it is applied: its key and week, what holds so far, and where mistakes are noted."""

    key: Key
    week: int
    now: Given
    problems: Problems

    def wrong(self, part: Key, message: str) -> None:
        """Note a mistake in a part of the intervention."""
        self.problems.add(self.now.place((*self.key, *part)), f"{dotted(self.key)}: {message}")


def givens_by_week(given: Given, problems: Problems) -> tuple[list[tuple[int, Given]], list[Act]]:
    """Return what is given from each week on at which something changes, the first being 1, and the acts by week."""
    interventions = given.tree.get("interventions", {})
    horizon = given.tree.get("weeks", declared(given.scope).parameters["weeks"].default)
    eras = [(1, given)]
    acts: dict[Key, Act] = {}
    known = set(given.tree.get("channels", {}))
    for name, body in sorted(interventions.items(), key=lambda item: int(item[1]["week"])):
        change, found = _Change(("interventions", name), int(body["week"]), eras[-1][1], problems), len(problems)
        if change.week > horizon:
            change.wrong(("week",), f"week = {change.week} lies outside 1..{horizon}, the weeks of the scenario")
        after = _changed(change, body)
        known |= set(after.tree.get("channels", {}))
        if after is not change.now:
            if eras[-1][0] == change.week:
                eras.pop()
            eras.append((change.week, after))
        acts |= _acts(change, body, known)
        if after is change.now and len(problems) == found and not any(body.get(kind) for kind in KINDS):
            change.wrong((), "changes nothing; give it add, remove, set or an act, or leave it out")
    check_acts(acts, eras, problems)
    return eras, [*acts.values()]


def _changed(change: _Change, body: Mapping[str, Any]) -> Given:
    """Return what is given after one intervention: entries removed, added and changed, in this order."""
    for address in body.get("remove", []):
        change = replace(change, now=_removed(change, split_key(address)))
    for table, entries in body.get("add", {}).items():
        if table not in CHANGEABLE:
            change.wrong(("add", table), f"cannot add to '{dotted([table])}': {_CHANGEABLE_MEANING}")
        elif not isinstance(entries, Mapping):
            change.wrong(("add", table), f"add.{table} is not a table of named entries")
        else:
            for name, entry in entries.items():
                change = replace(change, now=_added(change, (table, name), entry))
    for address, value in body.get("set", {}).items():
        change = replace(change, now=_set(change, address, value))
    return change.now


def _removed(change: _Change, key: Key) -> Given:
    """Return what is given once an entry has ceased to exist."""
    if key[0] not in CHANGEABLE or not (len(key) == 2 or (len(key) == 4 and key[::2] == ("channels", "legs"))):
        change.wrong(("remove",), f"cannot remove '{dotted(key)}': {_CHANGEABLE_MEANING}")
        return change.now
    if not change.now.holds(key):
        entries = change.now.tree.get(key[0], {})
        known = [f"{key[0]}.{name}" for name in entries]
        known += [f"channels.{name}.legs.{leg}" for name in entries for leg in entries[name].get("legs", {})]
        hint = suggestion(".".join(key), known)
        change.wrong(("remove",), f"there is no '{dotted(key)}' in week {change.week}{hint}")
        return change.now
    return change.now.without([key])


def _added(change: _Change, key: Key, entry: object) -> Given:
    """Return what is given once an entry has come to exist, or the legs it names in a channel that exists."""
    scope = declared(change.now.scope).tables[key[0]][0]
    if not change.now.holds(key):
        return _with_new(change, key, scope, entry)
    legs = entry.get("legs") if isinstance(entry, Mapping) and set(entry) == {"legs"} and key[0] == "channels" else None
    if not isinstance(legs, Mapping):
        hint = f"change it with [{dotted(change.key)}.set]"
        change.wrong(("add", *key), f"{dotted(key)} exists already in week {change.week}; {hint}")
        return change.now
    for name, leg in legs.items():
        at = (*key, "legs", name)
        if change.now.holds(at):
            change.wrong(("add", *at), f"{dotted(at)} exists already in week {change.week}")
        else:
            change = replace(change, now=_with_new(change, at, declared(scope).tables["legs"][0], leg))
    return change.now


def _with_new(change: _Change, key: Key, scope: type, entry: object) -> Given:
    """Return what is given with a new entry, if nothing is wrong with it by itself."""
    source, found = (*change.key, "add", *key), len(change.problems)
    if not NAME.fullmatch(key[-1]):
        change.wrong(("add", *key), f"{quoted(key[-1])} is not a name {NAME_RULE}")
    elif not isinstance(entry, Mapping):
        change.wrong(("add", *key), f"add.{dotted(key)} is not an entry; write [{dotted(source)}]")
    else:
        check_scope(scope, entry, source, Report(change.now, change.problems))
    return change.now if len(change.problems) > found else change.now.with_entry(key, source)


def _set(change: _Change, address: str, value: object) -> Given:
    """Return what is given once one value has changed."""
    key, at = split_key(address), (*change.key, "set", address)
    if isinstance(value, Mapping):
        change.wrong(("set", address), f'set: write a whole key in quotes, as in "{dotted([address])}.KEY" = 1')
        return change.now
    if key[0] == "interventions" or (len(key) == 1 and key[0] in declared(change.now.scope).parameters):
        change.wrong(("set", address), f"set: '{dotted(key)}' cannot change from week to week")
        return change.now
    for pattern, why in ONLY_AT_START.items():
        if fnmatchcase(".".join(key), pattern):
            change.wrong(("set", address), f"set: '{dotted(key)}' {why.format(key[1])}")
            return change.now
    parameter, message = change.now.parameter_at(key)
    if parameter is None:
        change.wrong(("set", address), f"in week {change.week}, {message}")
        return change.now
    found = len(change.problems)
    check_single(parameter, value, at, Report(change.now, change.problems))
    if len(change.problems) > found:
        return change.now
    return change.now.with_values({key: (value, change.now.place(at))})


def _acts(change: _Change, body: Mapping[str, Any], known: set[str]) -> dict[Key, Act]:
    """Return the acts of one intervention by their keys; a channel that has been closed can still be spoken of."""
    acts = {(*change.key, kind): Act(change.week, kind, body[kind]) for kind in KINDS if body.get(kind)}
    for act in acts.values():
        if act.channel not in known:
            hint = suggestion(act.channel, known)
            change.wrong((act.kind,), f"{act.kind}: there is no channel '{act.channel}' by week {change.week}{hint}")
    return acts
