"""Public acts about channels, by decree of a scenario: what they are, and which of them could have no effect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from sim.errors import Problems
from sim.parameters import Channel
from sim.scenario.keys import Key, declared, dotted
from sim.scenario.read import Given

Kind = Literal["expose", "deny", "stay_silent", "disown"]
KINDS: tuple[Kind, ...] = ("expose", "deny", "stay_silent", "disown")


@dataclass(frozen=True)
class Act:
    """Something said or done in public in one week about a channel."""

    week: int
    kind: Kind
    channel: str


def check_acts(acts: Mapping[Key, Act], eras: Sequence[tuple[int, Given]], problems: Problems) -> None:
    """Note acts that contradict each other, and those about a channel of which nothing can be said in that week.

    acts   by the key under which each stands
    eras   what is given from each week on, the first being 1
    """
    given = eras[-1][1]
    for key, act in acts.items():
        others = {
            one.kind for at, one in acts.items() if at != key and (one.week, one.channel) == (act.week, act.channel)
        }
        for wrong in (*_contradictions(act, others, eras), *_without_occasion(act, eras)):
            problems.add(given.place(key), f"{dotted(key[:-1])}: {wrong}")


def _contradictions(act: Act, others: set[Kind], eras: Sequence[tuple[int, Given]]) -> Iterator[str]:
    """Yield what is wrong with an act beside those of the same week about the same channel."""
    told = f"{act.kind} in week {act.week} speaks of channel '{act.channel}'"
    if act.kind in others:
        yield f"{act.kind} of channel '{act.channel}' in week {act.week} stands there twice"
    if act.kind not in ("deny", "stay_silent"):
        return
    if not others & {"expose", "disown"}:
        entry = _entry_in(act, eras)
        kind = "authorised" if entry.get("authorised", entry.get("track") == "1") else "freelance"
        hint = f'add expose = "{act.channel}", or set channels.{act.channel}.deny_{kind} for leaks of any week'
        yield f"{told}, which nothing exposes in that week; {hint}"
    if act.kind == "deny" and "stay_silent" in others:
        yield f"{told}, on which home stays silent in that week"
    elif "disown" in others:
        yield f"{told}, which is disowned in that week, and so denied; leave {act.kind} out"


def _without_occasion(act: Act, eras: Sequence[tuple[int, Given]]) -> Iterator[str]:
    """Yield why a channel cannot come to light, or be disowned, in the week of an act."""
    if act.kind not in ("expose", "disown"):
        return
    begins = min(_beginnings(act.channel, eras), default=None)
    if begins is None or begins > act.week:
        told = "never begins" if begins is None else f"begins in week {begins}, and cannot be known before"
        yield f"{act.kind} in week {act.week}: channel '{act.channel}' {told}"
    elif act.kind == "expose" and not _entry_in(act, eras).get("secret", True):
        yield f"expose in week {act.week}: channel '{act.channel}' is public from its first week (secret = false)"


def _entry_in(act: Act, eras: Sequence[tuple[int, Given]]) -> Mapping[str, Any]:
    """Return what is given of the channel of an act in its week, or before it was closed."""
    found: Mapping[str, Any] = {}
    for since, given in eras:
        if since <= act.week or not found:
            found = given.tree.get("channels", {}).get(act.channel, found)
    return found


def _beginnings(channel: str, eras: Sequence[tuple[int, Given]]) -> Iterator[int]:
    """Yield the week in which a channel would begin in each era that has it."""
    ends = [until for (_, _), (until, _) in pairwise(eras)]
    for (since, given), until in zip(eras, [*ends, None], strict=True):
        entry = given.tree.get("channels", {}).get(channel)
        if entry is not None:
            begins = max(since, entry.get("start", declared(Channel).parameters["start"].default))
            if until is None or begins < until:
                yield begins
