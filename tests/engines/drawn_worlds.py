"""Worlds drawn by Hypothesis in which a lot happens: whole scenarios, with everything a file may say in them.

Costs of joining and meeting are low, people leak, hazards are high, agreements count early, and dated changes, public
acts, seats in and out, legs that start late and every track and persona occur. Hypothesis draws who and what there is;
numbers follow from one more drawn number and from the key they stand under, so that a world that is made smaller keeps
those it still has.

What an entry is about (the side of a state, the home of a channel, the state of a leg, the giver of aid) never changes.
"""

from random import Random
from typing import Any

from hypothesis import strategies as st

from sim.parameters import PERSONAS, TRACKS

Tree = dict[str, Any]

ISSUES = ("territory", "security", "sanctions", "accountability")
STATES = ("russia", "ukraine", "united_states", "european_union", "china")
SIDES = (
    ("A", "B", "none"),
    ("A", "B"),
    ("B", "A", "none"),
    ("A", "B", "none", "none"),
    ("B", "none", "A", "B"),
    ("A", "A", "B", "none", "none"),
)

# What a number may be: anywhere between two bounds (a tuple), or one of a list. What MAY stand is left out half the time.
ISSUE_MAY = {"contested": [False, True], "status_quo": (0.0, 1.0)}
AIMS = {"A": (0.7, 1.0), "B": (0.0, 0.3), "none": (0.0, 0.6)}
WEIGHTS = (0.1, 1.0)
STATE = {
    "cost_median": (0.02, 0.3),
    "table_cost": [0.0, 0.01, 0.05, 1.0],
    "contact_cost": [0.0, 0.0, 0.02, 0.5],
    "goodwill": [0.0, 0.02, 0.5, 1.0],
    "aspiration": [0.0, 0.3, 1.0, 4.0],
    "blocking": [0.0, 0.2, 0.5, 1.0],
    "ratifies": [False, True],
    "slack": (-0.1, 0.03),
    "domestic_sd": (0.0, 0.1),
    "deterrence": (0.0, 0.9),
    "reliability": (0.0, 1.0),
    "strength": (0.0, 1.5),
}
STATE_MAY = {
    "cost_sd": (0.0, 1.2),
    "growth": (0.0, 0.02),
    "volatility": (0.0, 0.1),
    "optimism": (-1.0, 1.0),
    "betrayal": (0.0, 0.3),
    "concession": (0.2, 4.0),
    "grievance": (0.0, 3.0),
    "believed_blocking": (0.0, 1.0),
    "exposure_cost": (0.0, 1.0),
    "exposure_lapse": (0.0, 1.0),
    "ruled_out": [False, True],
    "bluff": (0.0, 2.0),
    "lookahead": (0.0, 30.0),
    "willing": (0.3, 1.0),
    "proposes": [False, True],
    "sees_answers": [False, True],
    "shows_answers": [False, True],
}
TOWARD_MAY = {"trust": (0.05, 0.99), "intelligence": (0.05, 2.0)}
FRONTS = ({"sd": 0.005}, {"sd": 0.01, "response": 0.005}, {"start": 0.8, "sd": 0.1, "response": 0.02})
AGREEMENT = {
    "hold_weeks": [2, 4, 8, 25],
    "belief_horizon": [1, 20, 80],
    "hazard_untrustworthy": (0.0, 0.3),
    "believed_hazard_trustworthy": (0.0, 0.001),
    "believed_hazard_untrustworthy": (0.0, 0.01),
    "spoiling": [0.0, 0.2, 0.5],
}
AGREEMENT_MAY = {"hazard_trustworthy": (0.0, 0.1), "settling": (0.5, 20.0), "followed": [False, True]}
TABLE = {
    "convening": [1.0, 1.0, 0.6],
    "attempt_weeks": [1, 2, 4],
    "round_weeks": [1, 2],
    "max_rounds": [1, 3, 8],
    "cooling_off_weeks": [0, 2, 5],
    "opens": [0, 0, 1, 7],
    "fait_accompli": (0.25, 1.25),
    "believed_pledge_trustworthy": (0.5, 0.95),
    "believed_pledge_untrustworthy": (0.3, 0.75),
    "breakdown": [0.0, 0.0, 0.3, 1.0],
    "bridge_weeks": [1, 4],
}
ESCALATION_MAY = {"prior": (0.02, 0.5), "reversion": (0.0, 0.3), "claim_factor": (0.5, 3.0)}
GUARANTEE_MAY = {"effect": (0.0, 1.0), "burden": (0.0, 0.1)}
AID_MAY = {"maximum": (0.0, 3.0), "sensitivity": (0.0, 1.0)}
OFFICIAL_MAY = {
    "candour": (0.0, 1.0),
    "shading": (0.0, 2.0),
    "adopts": (0.0, 1.0),
    "lean": (0.0, 1.0),
    "susceptibility": (0.0, 0.3),
    "discretion": (0.7, 1.0),
    "acuity": (0.3, 3.0),
}
CHANNEL = {"start": [1, 1, 2, 5], "cadence_weeks": [1, 1, 2, 3]}
CHANNEL_MAY = {
    "end": [8, 15, 30],
    "secret": [False, True, True],
    "authorised": [False, True],
    "ends_on_exposure": [False, True],
    "verification": (0.0, 1.0),
    "transfer_home": (0.0, 1.0),
    "transfer_audience": (0.3, 1.0),
    "noise": (0.05, 0.8),
    "second_hand": (1.0, 4.0),
    "credibility": (0.1, 0.9),
    "straight_falsehood": (0.001, 0.2),
    "crooked_falsehood": (0.21, 0.99),
    "suspected": (0.0, 2.0),
    "slant": (0.1, 2.0),
    "claim_rate": (0.3, 1.0),
    "briefing": ["unread", "read"],
    "believed_brief_trustworthy": (0.1, 0.9),
    "believed_brief_untrustworthy": (0.1, 0.9),
    "believed_brief_freelance": (0.1, 0.9),
    "speech": ["shading", "line"],
    "believed_candour": (0.05, 0.95),
    "attributed": ["home", "home", "own"],
    "about": ["all", "all", "home"],
    "bridge": (0.3, 3.0),
    "bridge_home": [False, True],
    "believed_freelance": (0.0, 1.0),
    "deny_authorised": (0.1, 0.9),
    "deny_freelance": (0.1, 0.9),
    "sincere_false_share": (0.001, 1.0),
    "host_discretion": (0.7, 1.0),
}
LEG_MAY = {"start": [1, 1, 3, 9], "access": (0.1, 1.0)}

# What a dated change may set, besides who sits at the table and who speaks in a channel.
SECTIONS_LATER = {
    "front.sd": (0.0, 0.05),
    "front.response": (0.0, 0.02),
    "agreement.spoiling": (0.0, 0.5),
    "agreement.hazard_untrustworthy": (0.0, 0.4),
    "agreement.believed_hazard_trustworthy": (0.0, 0.02),
    "escalation.prior": (0.05, 0.5),
    "table.convening": (0.0, 1.0),
    "table.fait_accompli": (0.2, 2.0),
}
ENTRIES_LATER = {
    "states": {name: STATE_MAY[name] for name in ("cost_sd", "volatility", "sees_answers", "believed_blocking")}
    | {name: STATE[name] for name in ("blocking", "strength", "ratifies", "slack", "goodwill")},
    "officials": OFFICIAL_MAY,
    "channels": {name: kind for name, kind in CHANNEL_MAY.items() if name not in ("end", "credibility", "secret")},
    "guarantees": GUARANTEE_MAY,
    "aid": AID_MAY,
}
ACTS = (("disown",), ("expose",), ("expose", "deny"), ("expose", "stay_silent"), ("disown", "expose"))


class Numbers:
    """Numbers that follow from a seed and the key they stand under, whatever else is asked for."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def chance(self, key: str) -> Random:
        """Return the luck of a key."""
        return Random(f"{self.seed} {key}")

    def one(self, key: str, kind: Any) -> Any:
        """Return a number between two bounds (a tuple), or one of a list."""
        luck = self.chance(key)
        return luck.choice(kind) if isinstance(kind, list) else luck.uniform(*kind)

    def entry(self, key: str, kinds: Tree, may: Tree | None = None) -> Tree:
        """Return an entry with all of `kinds` and some of those that `may` stand in it."""
        some = [name for name in may or {} if self.chance(f"{key}.{name}?").random() < 0.5]
        listed = kinds | {name: may[name] for name in some if may is not None}
        return {name: self.one(f"{key}.{name}", kind) for name, kind in listed.items()}


def some_of(names: Any, least: int = 1) -> st.SearchStrategy[list[str]]:
    """Return a few of the names in any order."""
    listed = list(names)
    if not listed:
        return st.just([])
    return st.lists(st.sampled_from(listed), min_size=min(least, len(listed)), max_size=len(listed), unique=True)


def parties_of(states: list[str]) -> st.SearchStrategy[list[str]]:
    """Return who sits at the table: everyone, or only some."""
    return st.just(states) | some_of(states, 2) | st.just(states[:2])


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """Return what a file says of 2 to 5 states, 1 to 4 issues, up to 3 channels and up to 4 dated changes."""
    numbers = Numbers(draw(st.integers(0, 2**32)))
    sides = draw(st.sampled_from(SIDES))
    issues = ISSUES[: draw(st.integers(1, len(ISSUES)))]
    states = draw(st.permutations(STATES))[: len(sides)]
    parties = draw(parties_of(states))
    tree: Tree = {
        "weeks": draw(st.integers(12, 30)),
        "issues": {name: numbers.entry(name, {}, ISSUE_MAY) for name in issues},
        "states": {
            name: state(numbers, name, side, issues, [one for one in states if one != name])
            for name, side in zip(states, sides, strict=True)
        },
        "front": draw(st.sampled_from(FRONTS)),
        "agreement": numbers.entry("agreement", AGREEMENT, AGREEMENT_MAY),
        "table": numbers.entry("table", TABLE) | {"parties": parties},
        "escalation": numbers.entry("escalation", {}, ESCALATION_MAY),
        "officials": {
            f"{name}_{one}": {"home": name} | numbers.entry(f"{name}_{one}", {"persona": list(PERSONAS)}, OFFICIAL_MAY)
            for name in states
            for one in ("elder", "younger")
        },
    }
    tree["states"][parties[0]]["proposes"] = True
    for name in draw(some_of(states, 0)):
        tree["states"][name]["pledges"] = draw(some_of([one for one in states if one != name]))
    for table, strategy, most in (("guarantees", guarantee, 3), ("aid", flow, 2), ("channels", channel, 3)):
        tree[table] = {}
        for name in [f"{table}_{one}" for one in range(draw(st.integers(0, most)))]:
            entry = draw(strategy(tree, numbers, name))
            if table != "guarantees" or is_new_promise(tree, entry):
                tree[table][name] = entry
    draw(become_table(tree))
    tree["interventions"] = draw(interventions(tree, numbers))
    return tree


def state(numbers: Numbers, name: str, side: str, issues: tuple[str, ...], others: list[str]) -> Tree:
    """Return a state that asks for little to sit down or to meet."""
    toward = {one: numbers.entry(f"{name}.toward.{one}", {}, TOWARD_MAY) for one in others}
    return {
        "side": side,
        "aims": numbers.entry(f"{name}.aims", dict.fromkeys(issues, AIMS[side])),
        "weights": numbers.entry(f"{name}.weights", dict.fromkeys(issues, WEIGHTS)),
        "toward": toward,
        **numbers.entry(name, STATE, STATE_MAY),
    }


def fighters(tree: Tree) -> list[str]:
    """Return the belligerents of a tree."""
    return [name for name, one in tree["states"].items() if one["side"] != "none"]


@st.composite
def guarantee(draw: st.DrawFn, tree: Tree, numbers: Numbers, name: str) -> Tree:
    """Return a promise to a belligerent."""
    beneficiary = draw(st.sampled_from(fighters(tree)))
    guarantor = draw(st.sampled_from([one for one in tree["states"] if one != beneficiary]))
    whom = {"guarantor": guarantor, "beneficiary": beneficiary, "issue": draw(st.sampled_from(list(tree["issues"])))}
    return whom | numbers.entry(name, {}, GUARANTEE_MAY)


def is_new_promise(tree: Tree, entry: Tree) -> bool:
    """Return whether nobody has promised this yet: of one pair a scenario has one guarantee."""
    pairs = [(one["guarantor"], one["beneficiary"]) for one in tree["guarantees"].values()]
    return (entry["guarantor"], entry["beneficiary"]) not in pairs


@st.composite
def flow(draw: st.DrawFn, tree: Tree, numbers: Numbers, name: str) -> Tree:
    """Return a flow of aid to a belligerent."""
    recipient = draw(st.sampled_from(fighters(tree)))
    giver = draw(st.sampled_from([one for one in tree["states"] if one != recipient]))
    return {"giver": giver, "recipient": recipient} | numbers.entry(name, {}, AID_MAY)


@st.composite
def channel(draw: st.DrawFn, tree: Tree, numbers: Numbers, name: str) -> Tree:
    """Return a channel of any track with one leg or more, rather from a state that gives aid and so hears claims."""
    givers = [one["giver"] for one in tree["aid"].values()]
    home = draw(st.sampled_from([*tree["states"], *givers, *givers, *givers]))
    visited = draw(some_of([one for one in tree["states"] if one != home]))
    track = draw(st.sampled_from(TRACKS))
    hosts = [one for one in tree["states"] if one != home and one not in visited]
    return {
        "host": draw(st.sampled_from(["", *hosts, *hosts])),
        "concedes_to": draw(st.sampled_from(["", *visited])),
        "track": track,
        "home": home,
        "envoys": draw(some_of(envoys_of(tree, home), 0 if track == "1" else 1)),
        "legs": {f"to_{one}": {"state": one} | numbers.entry(f"{name}.{one}", {}, LEG_MAY) for one in visited},
        **numbers.entry(name, CHANNEL, CHANNEL_MAY),
    }


@st.composite
def become_table(draw: st.DrawFn, tree: Tree) -> None:
    """Let one of the channels become the table, or none."""
    for one in tree["channels"].values():
        if draw(st.booleans()):
            tree["states"][one["home"]]["proposes"] = True
            one["becomes_table"] = draw(st.integers(one["start"], min(one.get("end", tree["weeks"]), tree["weeks"])))
            return


def envoys_of(tree: Tree, home: str) -> list[str]:
    """Return the former officials of a state."""
    return [name for name, one in tree["officials"].items() if one["home"] == home]


@st.composite
def interventions(draw: st.DrawFn, tree: Tree, numbers: Numbers) -> Tree:
    """Return up to four dated changes, each possible when it comes: which entries exist is followed through time."""
    weeks = sorted(draw(st.lists(st.integers(1, tree["weeks"]), max_size=4, unique=True)))
    now = {table: dict(tree[table]) for table in ENTRIES_LATER}
    now["begun"] = {}
    made: Tree = {}
    for number, week in enumerate(weeks):
        name = f"change_{number}"
        now["begun"] |= {channel: True for channel, one in now["channels"].items() if one["start"] < week}
        body: Tree = {"week": week}
        wanted = draw(some_of(CHANGES))
        for kind in (kind for kind in CHANGES if kind in wanted):
            body |= {part: value for part, value in draw(CHANGES[kind](tree, now, numbers, name)).items() if value}
        if len(body) > 1:
            made[name] = body
    return made


@st.composite
def removals(draw: st.DrawFn, tree: Tree, now: Tree, numbers: Numbers, change: str) -> Tree:
    """Return entries that cease to exist."""
    listed = [f"{table}.{name}" for table in ("channels", "guarantees", "aid") for name in now[table]]
    gone = draw(some_of(listed, 0))[:2]
    for address in gone:
        table, name = address.split(".")
        del now[table][name]
    return {"remove": gone}


@st.composite
def additions(draw: st.DrawFn, tree: Tree, now: Tree, numbers: Numbers, change: str) -> Tree:
    """Return entries that come to exist: promises, flows of aid, channels, and stops in another state."""
    added: Tree = {}
    strategies = {"guarantees": guarantee, "aid": flow, "channels": channel}
    for table in draw(some_of(strategies, 0)):
        name = f"{table}_of_{change}"
        entry = draw(strategies[table](tree, numbers, name))
        if table != "guarantees" or is_new_promise(now, entry):
            added[table] = {name: entry}
        if table == "guarantees" and name in added.get(table, {}):
            now[table][name] = entry
    for name in draw(some_of(now["channels"], 0)):
        one = now["channels"][name]
        taken = (one["home"], one["host"])
        new = [visited for visited in tree["states"] if f"to_{visited}" not in one["legs"] and visited not in taken]
        if new:
            leg = {"state": new[0]} | numbers.entry(f"{name}.{new[0]}", {}, LEG_MAY)
            now["channels"][name] = one | {"legs": one["legs"] | {f"to_{new[0]}": leg}}
            added.setdefault("channels", {})[name] = {"legs": {f"to_{new[0]}": leg}}
    return {"add": added}


@st.composite
def settings(draw: st.DrawFn, tree: Tree, now: Tree, numbers: Numbers, change: str) -> Tree:
    """Return values that change, of entries that stood in the file, and perhaps who sits at the table or who speaks."""
    changes = numbers.entry(change, {}, SECTIONS_LATER)
    for table, kinds in ENTRIES_LATER.items():
        for name in draw(some_of(now[table], 0)):
            entry = numbers.entry(f"{change}.{table}.{name}", {}, kinds)
            changes |= {f"{table}.{name}.{key}": value for key, value in entry.items()}
    if draw(st.booleans()):
        parties = draw(parties_of(list(tree["states"])))
        changes |= {"table.parties": parties, f"states.{parties[0]}.proposes": True}
    for name in draw(some_of(now["channels"], 0)):
        changes[f"channels.{name}.envoys"] = draw(some_of(envoys_of(tree, now["channels"][name]["home"])))
    return {"set": changes}


@st.composite
def acts(draw: st.DrawFn, tree: Tree, now: Tree, numbers: Numbers, change: str) -> Tree:
    """Return what is done in public about a channel that has begun, whether it is open or has been given up."""
    begun = [name for name in tree["channels"] if name in now["begun"]]
    if not begun:
        return {}
    name = draw(st.sampled_from(begun))
    public = not tree["channels"][name].get("secret", True)
    return dict.fromkeys(draw(st.sampled_from([kinds for kinds in ACTS if not (public and "expose" in kinds)])), name)


CHANGES = {"remove": removals, "add": additions, "set": settings, "act": acts}  # in the order in which they take effect
