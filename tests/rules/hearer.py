"""A government that hears of others through channels, made of the things of the model in plain Python.

The tests of what it makes of messages play its steps (sim/steps/hearing.py) without an engine.
"""

from dataclasses import dataclass

from sim.steps.hearing import Belief, State
from sim.steps.kinds import Channel, Hearing, Message, Opinion, View, War


@dataclass(frozen=True)
class Subject:
    """What the hearer believes, before any channel, of one state's log cost, and of its own slant for it."""

    mean: float
    variance: float
    slant: float
    spread: float = 1.0


@dataclass(frozen=True)
class Source:
    """What the hearer supposes of a source before it has heard it: log-odds of straight, and how often it lies."""

    log_odds: float
    straight_falsehood: float = 0.05
    crooked_falsehood: float = 0.6
    slant: float = 1.0
    sincere_false_share: float = 0.1


class Hearer:
    """A government with one or more channels that speak of the same subjects.

    Its slants are those of the sources: `Subject.slant` is the mean of the slant it suspects and `Source.slant` times
    `Subject.spread` the standard deviation.
    """

    def __init__(self, subjects: list[Subject], *sources: Source) -> None:
        self.war = War(None, 0)  # type: ignore[arg-type]
        self.state = State(self.war, 0)
        self.home = State(self.war, len(subjects) + 1)
        self.subjects = [State(self.war, number) for number in range(1, len(subjects) + 1)]
        self.priors = subjects
        everyone = [self.state, *self.subjects, self.home]
        self.state.opinions = [Opinion(self.war, number) for number in range(len(everyone))]
        for state, prior in zip(self.subjects, subjects, strict=True):
            state.cost_sd, state.volatility = prior.spread, 0.0
            opinion = self.state.toward(state)
            opinion.mean, opinion.variance = prior.mean, prior.variance
        self.state.toward(self.home).log_odds = 0.0
        self.war.channels = [self._channel(source, len(everyone)) for source in sources]

    def _channel(self, source: Source, states: int) -> Channel:
        channel, view = Channel(self.war, 0), View(self.war, 0)
        channel.home, channel.slant, channel.views = self.home, source.slant, [view]
        channel.straight_falsehood, channel.crooked_falsehood = source.straight_falsehood, source.crooked_falsehood
        channel.sincere_false_share = source.sincere_false_share
        view.credibility, view.if_trustworthy, view.if_not = source.log_odds, 0.5, 0.5
        view.hearings = [Hearing(self.war, number) for number in range(states)]
        for hearing in view.hearings:
            hearing.begun = False
            hearing.straight, hearing.crooked = Belief(self.war, 0), Belief(self.war, 1)
        return channel

    def lay_out(self, said: list[float], sd: float) -> int:
        """Lay out one message of each subject, with this sd of error, and return how many there are."""
        self.war.messages = []
        for subject, prior, number in zip(self.subjects, self.priors, said, strict=True):
            message = Message(self.war, 0)
            message.subject, message.said, message.noise = subject, number, sd
            message.slant = prior.slant / prior.spread
            self.war.messages.append(message)
        return len(said)

    def view(self, channel: int = 0) -> View:
        """Return what the hearer knows of a channel."""
        return self.war.channels[channel].view_of(self.state)

    def hearing(self, subject: int = 0, channel: int = 0) -> Hearing:
        """Return what has been heard of a subject, by its place, through a channel."""
        return self.view(channel).hearing_of(self.subjects[subject])
