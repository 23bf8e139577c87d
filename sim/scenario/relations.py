"""What must hold between the entries of a scenario: references, sides, seats, and numbers that bound each other.

A check yields, for all it looks at, whether it is wrong, where it stands and what to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sim import words
from sim.errors import Problems
from sim.parameters import FRONT, MOST_ENTRIES, MOST_ISSUES, TRACKS, Parameter, State
from sim.scenario.check import Report
from sim.scenario.keys import Key, Tree, declared, dotted, quoted, suggestion
from sim.scenario.read import Given

_Looked = Iterator[tuple[bool, Key, str]]

_LEAST_SETTLING = 0.01
_MOST_GUARANTORS = 6  # 64 combinations of types

# Who gives what to whom: the table, the keys of the two, and what nobody can do to itself.
_GIFTS = (("guarantees", "guarantor", "beneficiary", "guarantee"), ("aid", "giver", "recipient", "give aid to"))


def check_references(report: Report) -> None:
    """Note every name in the tree that stands for no entry."""
    tree = report.given.tree
    states, issues = tree.get("states", {}), tree.get("issues", {})
    for key, parameter, value in _given_values(report.given.scope, tree, ()):
        known = tree.get(parameter.refers_to, {})
        for name in value if isinstance(value, list | tuple) else [value]:
            if parameter.refers_to and name not in known and (parameter.required or name):
                missing = f"there is no '{name}' in [{parameter.refers_to}]{suggestion(name, known)}"
                report.wrong(key, f"{dotted(key)}: {missing}")
    for state, entry in states.items():
        for other in entry.get("toward", {}):
            key = ("states", state, "toward", other)
            if other == state:
                report.wrong(key, f"{dotted(key)}: a state has no opinion of itself here")
            elif other not in states:
                report.wrong(key, f"{dotted(key)}: there is no state '{other}'{suggestion(other, states)}")
        for name, parameter in declared(State).parameters.items():
            for issue in entry.get(name, {}) if parameter.by_issue else ():
                if issue not in issues:
                    key = ("states", state, name, issue)
                    missing = f"there is no issue '{dotted([issue])}'{suggestion(issue, issues)}"
                    report.wrong(key, f"{dotted(key)}: {missing}")


def _given_values(scope: type, tree: Mapping[str, Any], key: Key) -> Iterator[tuple[Key, Parameter, Any]]:
    """Yield the key, declaration and value of each parameter that is given below a section."""
    here = declared(scope)
    for name, parameter in here.parameters.items():
        if name in tree:
            yield (*key, name), parameter, tree[name]
    for name, section in here.sections.items():
        yield from _given_values(section, tree.get(name, {}), (*key, name))
    for name, (entry_scope, _) in here.tables.items():
        for entry, values in tree.get(name, {}).items():
            yield from _given_values(entry_scope, values, (*key, name, entry))


def check_relations(filled: Tree, report: Report) -> None:
    """Note what does not fit together in a tree with its defaults filled in and its references checked."""
    for check in (_issues, _states, _gifts, _table, _agreement, _escalation, _channels):
        for wrong, key, message in check(filled):
            if wrong:
                report.wrong(key, message)


def _issues(tree: Tree) -> _Looked:
    """Look for too few or too many issues."""
    number = len(tree["issues"])
    yield not 1 <= number <= MOST_ISSUES, ("issues",), f"there are {number} issues; a scenario has 1 to {MOST_ISSUES}"
    for name, issue in tree["issues"].items():
        first: dict[float | str, str] = {}
        for point, place in issue["points"].items():
            key = ("issues", name, "points", point)
            stray = place == FRONT and not issue["contested"]
            yield stray, key, f"{dotted(key)}: the front settles only issues with contested = true; write a number"
            other = first.setdefault(place, point)
            yield other != point, key, f"{dotted(key)}: {quoted(other)} stands at {words.toml(place)} already"


def _states(tree: Tree) -> _Looked:
    """Look for sides on which nobody fights, and for states to which nothing matters."""
    scaled = [name for name, parameter in declared(State).parameters.items() if parameter.scaled]
    sides = [state["side"] for state in tree["states"].values()]
    for side in ("A", "B"):
        yield side not in sides, ("states",), f'no state has side = "{side}"; each side needs a belligerent'
    for name, state in tree["states"].items():
        for weights in scaled:
            key, numbers = ("states", name, weights), state[weights].values()
            yield bool(numbers) and not any(numbers), key, f"{dotted(key)}: at least one issue must weigh more than 0"
        key = ("states", name, "pledges")
        yield name in state["pledges"], key, f"{dotted(key)}: a state pledges nothing to itself"
        for other in _repeated(state["pledges"]):
            yield True, key, f"{dotted(key)} names '{other}' more than once"


def _gifts(tree: Tree) -> _Looked:
    """Look for guarantees that protect nobody, and aid that strengthens nobody."""
    for table, giver, receiver, deed in _GIFTS:
        for name, gift in tree[table].items():
            key, state = (table, name, receiver), gift[receiver]
            itself, fights = gift[giver] == state, tree["states"][state]["side"] != "none"
            yield itself, key, f"{dotted(key)}: '{state}' cannot {deed} itself"
            yield not (itself or fights), key, f"{dotted(key)}: '{state}' is not a belligerent"
    promised: dict[tuple[str, str], str] = {}
    for name, gift in tree["guarantees"].items():
        pair = (gift["guarantor"], gift["beneficiary"])
        other = promised.setdefault(pair, name)
        words = f"'{pair[0]}' guarantees '{pair[1]}' in [guarantees.{other}] already; change that entry"
        yield other != name, ("guarantees", name), f"guarantees.{name}: {words}"


def _repeated(names: list[str]) -> list[str]:
    """Return the names that stand in a list more than once."""
    return [name for name, times in Counter(names).items() if times > 1]


def _table(tree: Tree) -> _Looked:
    """Look for a table at which a party sits twice or alone, or nobody proposes."""
    key, parties = ("table", "parties"), tree["table"]["parties"]
    for name in _repeated(parties):
        yield True, key, f"table.parties names '{name}' more than once"
    alone = len(set(parties)) < 2
    silent = not any(tree["states"][name]["proposes"] for name in parties)
    yield alone, key, "table.parties needs at least two states"
    yield silent and not alone, key, "table.parties needs at least one state that proposes (states.NAME.proposes)"


def _agreement(tree: Tree) -> _Looked:
    """Look for agreements that settle at once, and for more guarantors of a state than their types can be enumerated for."""
    weeks, key = tree["agreement"]["settling"], ("agreement", "settling")
    yield (
        0.0 < weeks < _LEAST_SETTLING,
        key,
        f"agreement.settling = {weeks:g} must be 0 or at least {_LEAST_SETTLING:g}",
    )
    protected = Counter(gift["beneficiary"] for gift in tree["guarantees"].values())
    for state, times in protected.items():
        words = f"'{state}' has {times} guarantors; where agreements settle it has at most {_MOST_GUARANTORS}"
        yield weeks > 0.0 and times > _MOST_GUARANTORS, ("guarantees",), words


def _escalation(tree: Tree) -> _Looked:
    """Look for claims that a hearer could not take for probabilities."""
    product = tree["escalation"]["claim_factor"] * tree["escalation"]["believed_claim_rate"]
    factors = "escalation.claim_factor * escalation.believed_claim_rate"
    words = f"{factors} = {product:g} must lie below 1 (it is a probability)"
    yield product >= 1.0, ("escalation", "claim_factor"), words


def _channels(tree: Tree) -> _Looked:
    """Look for channels that cannot meet, or whose parameters contradict each other."""
    for name, channel in tree["channels"].items():
        key = ("channels", name)
        yield from _legs(channel, (*key, "legs"))
        yield from _envoys(channel, (*key, "envoys"), tree["officials"])
        yield from _host(channel, (*key, "host"))
        yield from _briefs(name, tree)
        own = channel["concedes_to"] == channel["home"]
        yield (
            own,
            (*key, "concedes_to"),
            f"{dotted((*key, 'concedes_to'))} = '{channel['home']}' is the channel's own home",
        )
        start, end = channel["start"], channel["end"]
        yield end < start, (*key, "end"), f"{dotted(key)}.end = {end} lies before its start = {start}"
        yield from _becoming(name, tree)
        low, high = channel["straight_falsehood"], channel["crooked_falsehood"]
        words = f"{dotted(key)}.straight_falsehood = {low:g} must lie below crooked_falsehood = {high:g}"
        yield low >= high, (*key, "straight_falsehood"), words
        product = high * channel["sincere_false_share"]
        factors = f"{dotted(key)}.sincere_false_share * crooked_falsehood"
        words = f"{factors} = {product:g} must lie below 1 (it is a probability)"
        yield product >= 1.0, (*key, "sincere_false_share"), words


def _legs(channel: Tree, key: Key) -> _Looked:
    """Look for legs that lead home, or twice to one state."""
    for name, leg in channel["legs"].items():
        words = f"{dotted((*key, name))} leads to the channel's own home, '{leg['state']}'"
        yield leg["state"] == channel["home"], (*key, name, "state"), words
    for state in _repeated([leg["state"] for leg in channel["legs"].values()]):
        yield True, key, f"{dotted(key[:-1])} has more than one leg to '{state}'"


def _host(channel: Tree, key: Key) -> _Looked:
    """Look for a host that has a part in the talks."""
    host = channel["host"]
    yield bool(host) and host == channel["home"], key, f"{dotted(key)} = '{host}' is the channel's own home"
    visited = [leg["state"] for leg in channel["legs"].values()]
    yield (
        bool(host) and host in visited,
        key,
        f"{dotted(key)} = '{host}' is visited too; a host has no part in the talks",
    )


def _briefs(name: str, tree: Tree) -> _Looked:
    """Look for briefings of nobody, of home itself, and of a state across the table."""
    channel = tree["channels"][name]
    supported = {gift[receiver] for table, giver, receiver, _ in _GIFTS for gift in tree[table].values()
                 if gift[giver] == channel["home"]}  # fmt: skip
    visited = {leg["state"] for leg in channel["legs"].values()}
    for state in channel["briefs"]:
        key = ("channels", name, "briefs", state)
        unknown = f"{dotted(key)}: there is no '{state}' in [states]{suggestion(state, tree['states'])}"
        yield state not in tree["states"], key, unknown
        yield (
            state == channel["home"],
            key,
            f"{dotted(key)}: the channel is '{state}''s own; name a state that it tells",
        )
        across = state in visited and state not in supported
        yield (
            across,
            key,
            f"{dotted(key)}: '{state}' is what the channel is held with; it cannot be told what it is half of",
        )


def _becoming(name: str, tree: Tree) -> _Looked:
    """Look for a channel that becomes the table without anybody there, outside its weeks, or beside another."""
    channel, key = tree["channels"][name], ("channels", name, "becomes_table")
    week, start, end = channel["becomes_table"], channel["start"], channel["end"]
    if week == 0:
        return
    yield not start <= week <= end, key, f"{dotted(key)} = {week} lies outside {start}..{end}, the weeks of the channel"
    seated = [channel["home"], *(leg["state"] for leg in channel["legs"].values())]
    yield len(seated) < 2, key, f"{dotted(key)}: the channel visits nobody, so that home would sit alone"
    silent = not any(tree["states"][one]["proposes"] for one in seated)
    yield silent, key, f"{dotted(key)}: nobody in the channel proposes (states.NAME.proposes)"
    first = next(one for one, other in tree["channels"].items() if other["becomes_table"])
    yield first != name, key, f"{dotted(key)}: channel '{first}' becomes the table already"


def _envoys(channel: Tree, key: Key, officials: Tree) -> _Looked:
    """Look for envoys who are missing, named twice or from another state."""
    for name in _repeated(channel["envoys"]):
        yield True, key, f"{dotted(key)} names '{name}' more than once"
    for name in channel["envoys"]:
        home, other = channel["home"], officials[name]["home"]
        yield other != home, key, f"{dotted(key)}: the home of '{name}' is '{other}', the channel's is '{home}'"
    missing = not channel["envoys"] and channel["track"] != TRACKS[0]
    yield missing, key, f"{dotted(key)} is empty; a channel of track {channel['track']} needs an envoy"


def check_addresses(worlds: list[Given], problems: Problems) -> None:
    """Note too many entries over all weeks, and names that would share their random numbers."""
    from sim.chance import NOBODY, address, pair_address  # late, so that reading a file loads no engine

    label, names, pairs = worlds[0].label, dict[str, None](), set[tuple[str, str]]()
    for table in declared(worlds[0].scope).tables:
        here = dict.fromkeys(name for world in worlds for name in world.tree.get(table, {}))
        names |= here
        if len(here) > MOST_ENTRIES:
            problems.add(label, f"[{table}] has {len(here)} entries over all weeks; at most {MOST_ENTRIES} are allowed")
    for world in worlds:
        for channel, entry in world.tree.get("channels", {}).items():
            pairs |= {(channel, leg["state"]) for leg in entry.get("legs", {}).values()}
    nobody = [(NOBODY, "the address that stands for nobody")]
    _check_apart([*nobody, *((address(name), f"'{name}'") for name in names)], label, problems)
    _check_apart([(pair_address(*pair), "'{}' with '{}'".format(*pair)) for pair in sorted(pairs)], label, problems)


def _check_apart(addresses: list[tuple[int, str]], label: str, problems: Problems) -> None:
    """Note those who have the address of somebody before them."""
    taken: dict[int, str] = {}
    for address, who in addresses:
        if address in taken:
            problems.add(label, f"{who} and {taken[address]} would share their random numbers; choose another name")
        taken.setdefault(address, who)
