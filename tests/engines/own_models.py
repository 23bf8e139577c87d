"""Classes of one's own that differ from ours in as many ways as there are, for tests."""

import sim
from sim import own

TURNS, WOBBLE = own.draws("whether the public turns (uniform)", "noise of a poll (normal)")


def shrunk(value: float, share: float) -> float:
    """Formulas may stand in functions beside the classes."""
    return value * (1.0 - share)


class State(own.State):
    RISE = 0.25

    against: float = own.variable("share of its public against talks", "share", (0.0, 1.0), start=0.125)
    polls: int = own.variable("polls taken", "polls", start=2)
    is_angry: bool = own.variable("whether most are against")

    @own.column("against.{0}", "number", "share", "share of {0}'s public against talks at the end")
    def against_at_the_end(self) -> float:
        return self.against

    @own.column("polls.{0}", "count", "polls", "polls in {0}")
    @own.followed("polls_so_far.{0}", "polls", "polls in {0} so far", (0.0, 200.0))
    def polls_taken(self) -> float:
        return float(self.polls)

    @own.column("distance.{0}.{1}", "number", "share", "how far apart the publics of {0} and {1} are", over="pairs")
    def distance_to(self, other: own.State) -> float:
        return abs(self.against - other.against)

    def turn(self) -> None:
        if self.war.uniform(TURNS, self.address) < self.war.outrage:
            self.against = self.against + self.RISE * (1.0 - self.against)
        self.against = shrunk(self.against, 0.01 * abs(self.war.normal(WOBBLE, self.address)))
        self.is_angry = self.against > 0.5
        self.polls += 1
        if self.is_angry:
            self.war.note("turns", self, against=self.against)

    def ratify(self) -> bool:
        return not self.is_angry and super().ratify()


class Channel(own.Channel):
    warned: int = own.variable("weeks in which a public was angry", "weeks")

    @own.column("warned.{0}", "count", "weeks", "weeks in which a public was angry while {0} stood")
    def weeks_warned(self) -> float:
        return float(self.warned)


class Opinion(own.Opinion):
    doubt: float = own.variable("doubt about the other", "share", start=1.0)


class PublicOpinion(sim.War):
    cast = {"State": State, "Channel": Channel, "Opinion": Opinion}
    events = {"turns": own.event("a public turns against talks", against="share")}
    outrage: float = own.parameter(0.03, "share a week", (0.0, 1.0), "share of weeks in which a public turns")
    peak: float = own.variable("the most that any public was against talks", "share")

    @own.column("peak", "number", "share", "the most that any public was against talks")
    def peak_of_all(self) -> float:
        return self.peak

    def expose(self) -> None:
        super().expose()
        for state in self.states:
            state.turn()
            for other in self.states:
                if other is not state:
                    state.toward(other).doubt = 0.5 * state.toward(other).doubt
            self.peak = state.against if state.against > self.peak else self.peak
            for channel in self.channels:
                if state.is_angry and channel.active:
                    channel.warned += 1


class Doubled(PublicOpinion):
    """A class that derives from another of one's own, and calls what that overrides."""

    def expose(self) -> None:
        super().expose()
        for state in self.states:
            state.turn()
