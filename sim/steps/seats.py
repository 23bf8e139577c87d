"""Who sits at the table: the parties that the scenario names or, from a week on, those of a channel that becomes it."""

from __future__ import annotations

from sim.rules import table as rules
from sim.steps import hosts, kinds, meetings, table


class Channel(hosts.Channel):
    """A channel that may become the table."""

    def is_due_at_table(self) -> bool:
        """Return whether the parties of the channel are those of the table this week.

        One that was closed before its week never becomes the table; one that has become it stays it.
        """
        if not self.active or self.becomes_table == 0 or self.war.week < self.becomes_table:
            return False
        if self.closed and not self.is_table:
            return False
        return self.can_negotiate()

    def can_negotiate(self) -> bool:
        """Return whether anyone is visited this week, and anyone among the parties proposes."""
        visited, proposing = False, False
        for state in self.war.states:
            visited = visited or self.is_visited(state)
            proposing = proposing or (self.is_party(state) and state.proposes)
        return visited and proposing

    def is_party(self, state: meetings.State) -> bool:
        """Return whether a state is home or is visited this week."""
        return state is self.home or self.is_visited(state)

    def is_hidden_table(self) -> bool:
        """Return whether the channel is the table and nobody outside knows."""
        return self.is_table and self.exposed_week == 0

    def surface(self) -> None:
        """Become known by the deal that was made in it: outsiders take it in, nobody denies, those in it pay."""
        self.become_known("a deal was made in the channel")
        for state in self.war.states:
            if self.is_party(state) and state.ruled_out:
                state.pay_audience_cost()


class Table(table.Table):
    """A table that may be a channel's."""

    def is_hidden(self) -> bool:
        """Return whether nobody outside knows of the table: a secret channel has become it."""
        for channel in self.war.channels:
            if channel.is_hidden_table():
                return True
        return False

    def consider_opening(self) -> None:
        """Open where all would join; those who meet already need not be convened, nor are they by decree."""
        if not self.is_of_channel:
            super().consider_opening()
        elif rules.attempt_due(self.war.week, self.attempt_weeks) > 0 or self.closed_until == self.war.week:
            self.war.check_deal()
            if self.all_join():
                self.open("the parties of a channel see a gain")

    def conclude(self) -> None:
        """Let a secret channel that is the table become known before its deal is put to those kept out."""
        for channel in self.war.channels:
            if channel.is_hidden_table():
                channel.surface()
        super().conclude()

    def change_parties(self) -> None:
        """Leave the table as it was: other parties begin anew, at once, with nothing seen."""
        self.is_open = False
        self.closed_until = self.war.week


class War(kinds.War):
    """A war whose table may change hands."""

    def take_seats(self) -> None:
        """Seat the parties of the channel that has become the table or, without one, those the scenario names."""
        changed = False
        self.table.is_of_channel = False
        for state in self.states:
            state.is_seated = state.is_named_party
        for channel in self.channels:
            was_table = channel.is_table
            channel.is_table = channel.is_due_at_table()
            if channel.is_table:
                self.table.is_of_channel = True
                for state in self.states:
                    state.is_seated = channel.is_party(state)
            if channel.is_table and not was_table:
                changed = True
                self.note("becomes_table", channel, parties=self.seated_names)
            if was_table and not channel.is_table:
                changed = True
        if changed:
            self.table.change_parties()
