"""Channels bridge: what is said in them reaches governments on both sides, and a table is the more easily convened."""

from __future__ import annotations

from sim.rules import convening
from sim.steps import exposure, kinds
from sim.steps.kinds import SIDE_A, SIDE_B


class Channel(exposure.Channel):
    """A channel that reaches those who decide."""

    def reach(self, state: exposure.State) -> None:
        """Keep that something said this week has reached those who decide in a state."""
        if state.fights:
            self.reach_side(state.side)
        elif self.bridge_home and state is self.home:
            for other in self.war.states:
                if other.fights and state.supports(other):
                    self.reach_side(other.side)

    def reach_side(self, side: int) -> None:
        """Keep that a side has been reached this week."""
        if side == SIDE_A:
            self.reached_a = self.war.week
        elif side == SIDE_B:
            self.reached_b = self.war.week

    def bridges(self) -> bool:
        """Return whether the channel has lately reached a government of each side."""
        week, weeks = self.war.week, self.war.table.bridge_weeks
        return (
            convening.is_recent(self.reached_a, week, weeks) > 0
            and convening.is_recent(self.reached_b, week, weeks) > 0
        )


class War(kinds.War):
    """A war in which channels help to open the table."""

    def bridging_odds(self) -> float:
        """Return by how much channels multiply the odds of an attempt to open the table."""
        odds = 1.0
        for channel in self.channels:
            if channel.bridge != 1.0 and channel.bridges():
                odds = odds * channel.bridge
        return odds
