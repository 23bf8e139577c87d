"""Everyone and everything in a war, with all it does: each kind with its steps from every mechanism."""

from __future__ import annotations

from typing import ClassVar

from sim.steps import bridging, deals, exposure, fighting, hearing, keeping, meetings, pledges, seats, table, week
from sim.steps.kinds import (
    Act,
    Ending,
    Escalation,
    Front,
    Hearing,
    Issue,
    Message,
    Opinion,
    Part,
    Stake,
    Thing,
    View,
)

State = week.State
Belief = hearing.Belief
Flow = fighting.Flow
Guarantee = deals.Guarantee
Envoy = meetings.Envoy
Channel = pledges.Channel
Leg = meetings.Leg
Table = pledges.Table


class War(
    week.War,
    keeping.War,
    pledges.War,
    seats.War,
    table.War,
    deals.War,
    exposure.War,
    meetings.War,
    bridging.War,
    fighting.War,
):
    """One replicate of a scenario.

    cast   the class of each kind of thing; a model of one's own replaces those that behave differently, and keeps the others
    """

    cast: ClassVar[dict[str, type[Thing]]] = {}

    @classmethod
    def class_of(cls, kind: str) -> type[Thing]:
        """Return the class whose things play a kind in this war."""
        if kind == "War":
            return cls
        casts = (vars(owner).get("cast", {}) for owner in cls.__mro__)
        return next((cast[kind] for cast in casts if kind in cast), CAST[kind])


CAST: dict[str, type[Thing]] = {
    "War": War, "Front": Front, "Table": Table, "Agreement": keeping.Agreement, "Escalation": Escalation, "Issue": Issue,
    "State": State, "Stake": Stake, "Opinion": Opinion, "Guarantee": Guarantee, "Flow": Flow, "Ending": Ending,
    "Envoy": Envoy, "Channel": Channel, "Leg": Leg, "Part": Part, "View": View, "Hearing": Hearing, "Belief": Belief,
    "Message": Message, "Act": Act,
}  # fmt: skip
