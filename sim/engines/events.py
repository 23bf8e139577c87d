"""What happened: events of one replicate in the open."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# Every kind of event the open engine notes, and what it means. A subclass may note kinds of its own.
KINDS = {
    "intervenes": "an intervention of the scenario takes effect",
    "wins": "the front reaches an end: the war is decided by force",
    "stays_home": "a meeting of a channel does not take place: a government whose will it takes sees too little in it",
    "meets": "someone who speaks for home meets an audience",
    "conveys": "an envoy tells an audience how far a state would go, as it is",
    "misrepresents": "an envoy makes a state look readier, or less ready, to settle than it is",
    "checks": "an audience asks the home government whether what it heard is true",
    "weighs_source": "a hearer's probability that a channel is a straight source moves",
    "claims_escalation": "an envoy brings home that the audience would escalate",
    "comes_to_light": "a secret channel becomes known",
    "denies": "the home government denies having authorised a channel",
    "stays_silent": "the home government says nothing about a channel",
    "disowns": "the home government disowns the envoys of a channel, which closes it",
    "pays_audience_cost": "a government that had ruled out secret talks is exposed",
    "breaks": "a belligerent breaks the agreement",
    "spoils": "a state that was overruled spoils the agreement",
    "holds": "the agreement has held long enough to count as success",
    "trust_moves": "a state's probability that another is trustworthy moves by a Bayes factor",
    "stays_away": "a party sees too little in talks to join them",
    "opens": "the table opens",
    "starts_over": "the rounds begin again because talks became known",
    "offers": "a party proposes terms",
    "passes": "a party sees no terms worth proposing",
    "accepts": "a party accepts the offer",
    "refuses": "a party refuses the offer",
    "learns": "a state's belief about another's cost of war moves by an answer at the table",
    "puts_up_with": "a state kept out accepts the done deal",
    "rejects_done_deal": "a state kept out rejects the done deal",
    "blocks": "a state kept out brings the deal down",
    "ratifies": "a parliament passes the deal",
    "votes_down": "a parliament votes the deal down",
    "signs": "an agreement enters into force",
    "fails": "talks, or an agreement, fail",
    "ends": "the replicate ends",
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
