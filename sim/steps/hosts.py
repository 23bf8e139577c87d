"""The host of a channel: a state, neither home nor visited, that knows of the talks from their start and may leak."""

from __future__ import annotations

from sim import chance
from sim.rules import exposure, table
from sim.steps import briefings
from sim.steps.kinds import State


class Channel(briefings.Channel):
    """A channel on somebody's soil."""

    def begin(self) -> None:
        """Let the host know before anything is made known."""
        if self.active and self.war.week >= self.start:
            for state in self.war.states:
                if self.view_of(state).hosts:
                    self.inform_host(state)
        super().begin()

    def inform_host(self, host: State) -> None:
        """Let a host know, if it does not yet; that moves no opinion of it."""
        view = self.view_of(host)
        view.hosted = True
        if not view.informed:
            host.inform(self, self.on_record)

    def leaks(self) -> bool:
        """Return whether someone in the know talks this week, an envoy or a host."""
        if super().leaks():
            return True
        if self.is_to_be_exposed():
            return False
        for state in self.war.states:
            if self.view_of(state).hosted and self.is_let_slip_by(state):
                self.war.note("lets_slip", state, channel=self)
                return True
        return False

    def is_let_slip_by(self, host: State) -> bool:
        """Return whether a host, or one of earlier weeks, talks this week."""
        is_on = self.active and not self.closed and self.war.week <= self.end and self.view_of(host).hosts
        kept = exposure.kept_by(self.host_discretion, is_on)
        return table.occurs(self.war.uniform(chance.HOST_LEAK, self.address, host.address), 1.0 - kept) > 0
