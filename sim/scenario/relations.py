"""What must hold between the entries of a scenario: references, sides, seats, and numbers that bound each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sim.errors import Problems
from sim.parameters import MOST_ENTRIES, MOST_ISSUES, Channel, Parameter, State, World
from sim.scenario.check import Report
from sim.scenario.keys import Key, Tree, declared, dotted, suggestion
from sim.scenario.read import Given

Found = Iterator[tuple[Key, str]]


def check_references(report: Report) -> None:
    """Note every name in the tree that stands for no entry."""
    tree = report.given.tree
    for key, parameter, value in _given_values(World, tree, ()):
        if not parameter.refers_to:
            continue
        known = tree.get(parameter.refers_to, {})
        for name in value if isinstance(value, list | tuple) else [value]:
            if name not in known:
                report.wrong(
                    key, f"{dotted(key)}: there is no '{name}' in [{parameter.refers_to}]{suggestion(name, known)}"
                )
    for state, entry in tree.get("states", {}).items():
        for other in entry.get("toward", {}):
            _check_toward(state, other, report)
        for name, parameter in declared(State).parameters.items():
            if parameter.by_issue:
                for issue in entry.get(name, {}):
                    _check_issue(("states", state, name, issue), report)


def _check_toward(state: str, other: str, report: Report) -> None:
    """Note an opinion of a state about itself or about a state that does not exist."""
    key = ("states", state, "toward", other)
    if other == state:
        report.wrong(key, f"{dotted(key)}: a state has no opinion of itself here")
    elif other not in report.given.tree["states"]:
        report.wrong(key, f"{dotted(key)}: there is no state '{other}'{suggestion(other, report.given.tree['states'])}")


def _check_issue(key: Key, report: Report) -> None:
    """Note a number for an issue that does not exist."""
    issues = report.given.tree.get("issues", {})
    if key[-1] not in issues:
        report.wrong(key, f"{dotted(key)}: there is no issue '{dotted(key[-1:])}'{suggestion(key[-1], issues)}")


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
    for find in (_issues, _sides, _weights, _guarantees, _aid, _table, _escalation, _channels):
        for key, message in find(filled):
            report.wrong(key, message)


def _issues(tree: Tree) -> Found:
    """Find too few or too many issues."""
    if not 1 <= len(tree["issues"]) <= MOST_ISSUES:
        yield ("issues",), f"there are {len(tree['issues'])} issues; a scenario has 1 to {MOST_ISSUES}"


def _sides(tree: Tree) -> Found:
    """Find a side on which nobody fights."""
    sides = {state["side"] for state in tree["states"].values()}
    for side in ("A", "B"):
        if side not in sides:
            yield ("states",), f'no state has side = "{side}"; each side needs a belligerent'


def _weights(tree: Tree) -> Found:
    """Find states to which nothing matters."""
    scaled = [name for name, parameter in declared(State).parameters.items() if parameter.scaled]
    for name, state in tree["states"].items():
        for parameter in scaled:
            if state[parameter] and not any(state[parameter].values()):
                yield (
                    ("states", name, parameter),
                    f"states.{name}.{parameter}: at least one issue must weigh more than 0",
                )


def _fights(tree: Tree, state: str) -> bool:
    """Return whether a state is a belligerent."""
    return bool(tree["states"][state]["side"] != "none")


def _guarantees(tree: Tree) -> Found:
    """Find guarantees that protect nobody."""
    for name, guarantee in tree["guarantees"].items():
        key = ("guarantees", name, "beneficiary")
        if guarantee["guarantor"] == guarantee["beneficiary"]:
            yield key, f"{dotted(key)}: '{guarantee['beneficiary']}' cannot guarantee itself"
        elif not _fights(tree, guarantee["beneficiary"]):
            yield key, f"{dotted(key)}: '{guarantee['beneficiary']}' is not a belligerent"


def _aid(tree: Tree) -> Found:
    """Find aid that strengthens nobody."""
    for name, aid in tree["aid"].items():
        key = ("aid", name, "recipient")
        if aid["giver"] == aid["recipient"]:
            yield key, f"{dotted(key)}: '{aid['recipient']}' cannot give aid to itself"
        elif not _fights(tree, aid["recipient"]):
            yield key, f"{dotted(key)}: '{aid['recipient']}' is not a belligerent"


def _repeated(names: list[str]) -> list[str]:
    """Return the names that stand in a list more than once."""
    return [name for name, times in Counter(names).items() if times > 1]


def _table(tree: Tree) -> Found:
    """Find a table at which a party sits twice or alone."""
    parties = tree["table"]["parties"]
    for name in _repeated(parties):
        yield ("table", "parties"), f"table.parties names '{name}' more than once"
    if len(set(parties)) < 2:
        yield ("table", "parties"), "table.parties needs at least two states"
    elif not any(tree["states"][name]["proposes"] for name in parties):
        yield ("table", "parties"), "table.parties needs at least one state that proposes (states.NAME.proposes)"


def _escalation(tree: Tree) -> Found:
    """Find claims that a hearer could not take for probabilities."""
    escalation = tree["escalation"]
    product = escalation["claim_factor"] * escalation["believed_claim_rate"]
    if product >= 1.0:
        factors = "escalation.claim_factor * escalation.believed_claim_rate"
        yield ("escalation", "claim_factor"), f"{factors} = {product:g} must lie below 1 (it is a probability)"


def _channels(tree: Tree) -> Found:
    """Find channels that cannot meet or whose parameters contradict each other."""
    for name, channel in tree["channels"].items():
        key = ("channels", name)
        yield from _legs(channel, key)
        yield from _envoys(channel, key, tree["officials"])
        if channel["end"] < channel["start"]:
            yield (*key, "end"), f"{dotted(key)}.end = {channel['end']} lies before its start = {channel['start']}"
        if channel["straight_falsehood"] >= channel["crooked_falsehood"]:
            low, high = f"{channel['straight_falsehood']:g}", f"{channel['crooked_falsehood']:g}"
            at = (*key, "straight_falsehood")
            yield at, f"{dotted(at)} = {low} must lie below crooked_falsehood = {high}"
        product = channel["crooked_falsehood"] * channel["sincere_false_share"]
        if product >= 1.0:
            at = (*key, "sincere_false_share")
            yield at, f"{dotted(at)} * crooked_falsehood = {product:g} must lie below 1 (it is a probability)"


def _legs(channel: Tree, key: Key) -> Found:
    """Find legs that lead home or twice to one state."""
    for name, leg in channel["legs"].items():
        if leg["state"] == channel["home"]:
            yield (
                (*key, "legs", name, "state"),
                f"{dotted(key)}.legs.{name} leads to the channel's own home, '{leg['state']}'",
            )
    visited = [leg["state"] for leg in channel["legs"].values()]
    for state in _repeated(visited):
        yield (*key, "legs"), f"{dotted(key)} has more than one leg to '{state}'"


def _envoys(channel: Tree, key: Key, officials: Tree) -> Found:
    """Find envoys who are missing, named twice or from another state."""
    at = (*key, "envoys")
    for name in _repeated(channel["envoys"]):
        yield at, f"{dotted(at)} names '{name}' more than once"
    for name in channel["envoys"]:
        home = officials[name]["home"]
        if home != channel["home"]:
            yield at, f"{dotted(at)}: the home of '{name}' is '{home}', the channel's is '{channel['home']}'"
    first_track = declared(Channel).parameters["track"].options[0]
    if not channel["envoys"] and channel["track"] != first_track:
        yield at, f"{dotted(at)} is empty; a channel of track {channel['track']} needs an envoy"


def check_addresses(worlds: list[Given], problems: Problems) -> None:
    """Note too many entries over all eras, and names that would share their random numbers."""
    from sim.chance import NOBODY, address, pair_address  # late, so that reading a file loads no engine

    taken: dict[int, str] = {NOBODY: "the address that stands for nobody"}
    for name in _ever(worlds, problems):
        _claim(address(name), f"'{name}'", taken, worlds[0].label, problems)
    if not problems.full:
        pairs = {
            (channel, leg["state"])
            for world in worlds
            for channel, entry in world.tree.get("channels", {}).items()
            for leg in entry.get("legs", {}).values()
        }
        taken = {}
        for pair in sorted(pairs):
            _claim(pair_address(*pair), f"'{pair[0]}' with '{pair[1]}'", taken, worlds[0].label, problems)


def _ever(worlds: list[Given], problems: Problems) -> list[str]:
    """Return the names of all entries that ever exist, and note tables with too many of them."""
    names: dict[str, None] = {}
    for table in declared(World).tables:
        here = dict.fromkeys(name for world in worlds for name in world.tree.get(table, {}))
        names |= here
        if len(here) > MOST_ENTRIES:
            problems.add(
                worlds[0].label, f"[{table}] has {len(here)} entries over all weeks; at most {MOST_ENTRIES} are allowed"
            )
    return list(names)


def _claim(address: int, who: str, taken: dict[int, str], label: str, problems: Problems) -> None:
    """Note an address that another name has already."""
    if address in taken:
        problems.add(label, f"{who} and {taken[address]} would share their random numbers; choose another name")
    taken.setdefault(address, who)
