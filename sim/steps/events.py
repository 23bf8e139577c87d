"""What happened: events of one replicate in the open."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class EventKind:
    """A kind of event: what it means, and what belongs to it, each detail with its unit or the kind of thing it names."""

    meaning: str
    details: dict[str, str] = field(default_factory=dict)


_POSITIONS = {
    "subject": "state", "toward": "state", "channel": "channel",
    "official": "position", "private": "position", "conveyed": "position",
}  # fmt: skip

# Every kind of event that the steps note. A subclass may note kinds of its own.
KINDS = {
    "intervenes": EventKind("an intervention of the scenario takes effect"),
    "wins": EventKind("the front reaches an end: the war is decided by force", {"front": "0..1"}),
    "stays_home": EventKind(
        "a meeting of a channel does not take place: a government whose will it takes sees too little in it"
    ),
    "meets": EventKind("someone who speaks for home meets an audience", {"channel": "channel"}),
    "conveys": EventKind(
        "an envoy tells an audience how far a state would go, as it is",
        _POSITIONS,
    ),
    "misrepresents": EventKind(
        "an envoy makes a state look readier, or less ready, to settle than it is",
        _POSITIONS,
    ),
    "floats": EventKind(
        "an envoy sets out, as an idea of the envoys' own, how far home might go",
        _POSITIONS,
    ),
    "checks": EventKind(
        "an audience asks the home government whether what it heard is true",
        {"channel": "channel", "false": "0 or 1"},
    ),
    "weighs_source": EventKind(
        "a hearer's probability that a channel is a straight source moves",
        {"channel": "channel", "before": "probability", "after": "probability"},
    ),
    "claims_escalation": EventKind(
        "an envoy brings home that the audience would escalate",
        {"about": "state", "before": "probability", "after": "probability"},
    ),
    "is_told": EventKind("home tells a state of a channel", {"channel": "channel"}),
    "comes_to_light": EventKind("a secret channel becomes known", {"on_record": "0 or 1"}),
    "lets_slip": EventKind("the host of a secret channel lets it become known", {"channel": "channel"}),
    "denies": EventKind("the home government denies having authorised a channel", {"channel": "channel"}),
    "stays_silent": EventKind("the home government says nothing about a channel", {"channel": "channel"}),
    "disowns": EventKind(
        "the home government disowns the envoys of a channel, which closes it",
        {"channel": "channel"},
    ),
    "pays_audience_cost": EventKind("a government that had ruled out secret talks is exposed", {"cost": "utility"}),
    "breaks": EventKind("a belligerent breaks the agreement", {"hazard": "probability"}),
    "spoils": EventKind("a state that was overruled spoils the agreement"),
    "holds": EventKind("the agreement has held long enough to count as success", {"weeks": "weeks"}),
    "trust_moves": EventKind(
        "a state's probability that another is trustworthy moves by a Bayes factor",
        {"log_factor": "log-odds", "before": "probability", "after": "probability"},
    ),
    "stays_away": EventKind("a party sees too little in talks to join them"),
    "holds_to_pledge": EventKind("a party joins no table without a state to which it has pledged a seat"),
    "becomes_table": EventKind("a channel becomes the table: its parties sit there now", {"parties": "states"}),
    "opens": EventKind("the table opens", {"why": "words", "parties": "states"}),
    "starts_over": EventKind("the rounds begin again because talks became known"),
    "offers": EventKind("a party proposes terms", {"terms": "0..1 by issue", "round": "rounds"}),
    "break_down": EventKind("talks break down over the refusal of an offer"),
    "passes": EventKind("a party sees no terms worth proposing"),
    "accepts": EventKind("a party accepts the offer", {"gap": "utility", "cost": "utility"}),
    "refuses": EventKind("a party refuses the offer", {"gap": "utility", "cost": "utility"}),
    "learns": EventKind(
        "a state's belief about another's cost of war moves by an answer at the table",
        {"before": "utility", "after": "utility"},
    ),
    "puts_up_with": EventKind("a state kept out accepts the done deal", {"gap": "utility", "cost": "utility"}),
    "rejects_done_deal": EventKind("a state kept out rejects the done deal", {"gap": "utility", "cost": "utility"}),
    "blocks": EventKind("a state kept out brings the deal down"),
    "ratifies": EventKind("a parliament passes the deal"),
    "votes_down": EventKind("a parliament votes the deal down"),
    "signs": EventKind("an agreement enters into force", {"terms": "0..1 by issue", "guarantors": "states"}),
    "fails": EventKind("talks, or an agreement, fail", {"reason": "word"}),
    "ends": EventKind("the replicate ends", {"outcome": "word"}),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    week     1..horizon; 0 is before the first week
    kind     a word from KINDS
    actor    who did it: the name of a state, official or channel, or "" for nature
    to       whom it concerned, or ""
    detail   the numbers and words that belong to it (costs and values in utility, log-odds and Bayes factors as named)
    cause    the kind of event that brought it about, for moves of trust and belief
    """

    week: int
    kind: str
    actor: str
    to: str = ""
    detail: dict[str, Any] = field(default_factory=dict)
    cause: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the event as plain data."""
        return {
            "week": self.week,
            "kind": self.kind,
            "actor": self.actor,
            "to": self.to,
            "cause": self.cause,
            **{name: list(value) if isinstance(value, tuple) else value for name, value in self.detail.items()},
        }
