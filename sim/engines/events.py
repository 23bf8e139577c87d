"""What happened: events of one replicate in the open."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


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
