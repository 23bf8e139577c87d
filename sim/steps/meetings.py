"""Channels meet: who is visited, who speaks, what is said and checked, and what is brought home."""

from __future__ import annotations

from sim import chance
from sim.numerics import logistic, logit
from sim.rules import escalation, messages, table
from sim.steps import bridging, kinds
from sim.steps.deals import State as Dealing
from sim.steps.hearing import UNCHECKED

TRACK_ONE, _, TRACK_TWO = range(3)


class State(Dealing):
    """A government that meets, or stays home."""

    def would_meet(self) -> bool:
        """Return whether the government sees enough in meeting through a channel."""
        return self.contact_cost <= 0.0 or self.gains(self.contact_cost)

    def arms_adversary_of(self, other: State) -> bool:
        """Return whether the state arms an adversary of another."""
        for flow in self.war.flows:
            if flow.active and flow.giver is self and flow.recipient.is_adversary_of(other):
                return True
        return False

    def weigh_claim(self, channel: Channel, claimed: bool) -> None:
        """Let a claim of escalation, or its absence, move the fear of escalation."""
        setting = self.war.escalation
        credibility = logistic(channel.view_of(self).credibility)
        rate = setting.believed_claim_rate
        self.fear = self.fear + escalation.log_claim_factor(claimed, credibility, setting.claim_factor, rate)


class Leg(kinds.Leg):
    """Visits to one state."""

    def is_on(self) -> bool:
        """Return whether the leg is on this week."""
        return self.active and self.start <= self.war.week


class Envoy(kinds.Envoy):
    """Someone who speaks for a state, by candour, shading and lean."""

    def speak(self, subject: State, misrepresented: bool, error: float) -> float:
        """Return what the audience hears of a state's log cost of war."""
        return messages.outward_message(subject.log_cost, misrepresented, self.shading, subject.cost_sd, error)

    def relay(self, audience: State, error: float) -> float:
        """Return what home hears of the audience's log cost of war."""
        return messages.inward_message(audience.log_cost, self.leaning, audience.bluff, audience.cost_sd, error)

    def drift(self) -> None:
        """Be drawn a little toward the other side's view."""
        self.leaning = messages.drifted_lean(self.leaning, self.susceptibility)


class Channel(bridging.Channel):
    """A channel that meets."""

    @property
    def is_official(self) -> bool:
        """Whether serving officials meet on both sides (track 1)."""
        return self.track == TRACK_ONE

    def meet(self) -> None:
        """Hold this week's meetings."""
        self.begin()
        if self.is_meeting():
            held = False
            for leg in self.legs:
                if leg.is_on() and self.hold(leg):
                    held = True
            if held:
                for envoy in self.envoys:
                    envoy.drift()

    def begin(self) -> None:
        """Note the first week of the channel; tell its legs of it, and everyone if it is public."""
        if not self.active or self.war.week < self.start:
            return
        if self.began == 0:
            self.began = self.war.week
            self.view_of(self.home).informed = True
            for leg in self.legs:
                if leg.is_on() and not self.view_of(leg.state).informed:
                    leg.state.be_brought_in(self, True)
            if not self.secret:
                self.exposed_week = self.war.week
                self.tell_outsiders("a public channel")
        for leg in self.legs:
            if leg.is_on() and not self.view_of(leg.state).informed:
                leg.state.be_brought_in(self, False)

    def is_meeting(self) -> bool:
        """Return whether the channel meets this week."""
        if self.closed or not self.active or self.war.agreement.in_force:
            return False
        return messages.meeting_due(self.war.week, self.start, self.end, self.cadence_weeks) > 0

    def hold(self, leg: Leg) -> bool:
        """Hold one meeting; return whether it took place."""
        audience = leg.state
        if not self.is_wanted(audience):
            self.war.note("stays_home", self, audience)
            return False
        self.meetings += 1
        if self.is_official:
            self.war.note("meets", self.home, audience, channel=self)
            self.state_positions(leg)
        else:
            speaker = self.speaker_at(leg)
            self.war.note("meets", speaker, audience, channel=self)
            self.tell(speaker, leg)
            self.report(speaker, leg)
        leg.meetings += 1
        return True

    def is_wanted(self, audience: State) -> bool:
        """Return whether the officials whom it takes come: of home at track 1, of the audience at tracks 1 and 1.5."""
        if self.is_official and not self.sends_officials(self.home, audience):
            return False
        return self.track == TRACK_TWO or self.sends_officials(audience, audience)

    def sends_officials(self, state: State, audience: State) -> bool:
        """Return whether a government sees enough in meeting, and its officials come to the meeting with an audience."""
        if not state.would_meet():
            return False
        draw = self.war.uniform(chance.WILLING, self.view_of(audience).meeting_address, state.address)
        return table.occurs(draw, state.willing) > 0

    def speaker_at(self, leg: Leg) -> Envoy:
        """Return whose turn it is to speak."""
        turn, place = leg.meetings % self.envoy_count, 0
        for envoy in self.envoys:
            if place == turn:
                break
            place += 1
        return envoy

    def occurs(self, purpose: int, audience: State, probability: float) -> bool:
        """Return whether something occurs at the meeting with an audience."""
        return table.occurs(self.war.uniform(purpose, self.address, audience.address), probability) > 0

    def error(self, purpose: int, audience: State, subject: State, sd: float) -> float:
        """Return the error of a message about a state at the meeting with an audience."""
        return sd * self.war.normal(purpose, self.view_of(audience).meeting_address, subject.address)

    def is_visited(self, state: State) -> bool:
        """Return whether the channel visits a state this week."""
        for leg in self.legs:
            if leg.is_on() and leg.state is state:
                return True
        return False

    def hand(self, subject: State) -> float:
        """Return the factor on noise for what is known of a state: 1 at first hand."""
        if subject is self.home:
            first_hand = self.is_official or self.authorised
        else:
            first_hand = self.is_visited(subject)
        if first_hand:
            return 1.0
        return self.second_hand

    def speaks_of(self, subject: State, audience: State) -> bool:
        """Return whether a state is spoken of to an audience: home and the other belligerents."""
        return subject is not audience and (subject is self.home or subject.fights)

    def say(self, place: int, subject: State, said: float, noise: float, slant: float) -> None:
        """Put one message before the hearer."""
        message = self.war.message(place)
        message.subject = subject
        message.said = said
        message.noise = noise
        message.slant = slant

    def reaches_leader(self, audience: State) -> bool:
        """Return whether what is said reaches the decision-makers of the state visited."""
        return self.occurs(chance.TRANSFER_AUDIENCE, audience, self.transfer_audience)

    def reaches_home(self, audience: State) -> bool:
        """Return whether what is heard reaches the decision-makers at home."""
        return self.authorised or self.occurs(chance.TRANSFER_HOME, audience, self.transfer_home)

    def first_credibility(self, hearer: State) -> float:
        """Return the log-odds of a straight source that a state gives the channel before it has heard anything."""
        return logit(self.credibility)

    def inward_slant(self, audience: State) -> float:
        """Return the slant that home suspects in what an envoy brings home of an audience."""
        return -self.suspected

    def official_slant(self, hearer: State, subject: State) -> float:
        """Return the slant a hearer expects of an official position: minus the bluff of a government about itself."""
        if subject is self.home or hearer is self.home:
            return -subject.bluff
        return 0.0

    def state_positions(self, leg: Leg) -> None:
        """Let serving officials state their governments' official positions to each other (track 1)."""
        audience = leg.state
        if self.reaches_leader(audience):
            self.reach(audience)
            count = 0
            for subject in self.war.states:
                if self.speaks_of(subject, audience):
                    sd = messages.message_noise(self.noise, 1.0, 1.0, self.hand(subject))
                    error = self.error(chance.MESSAGE_NOISE_OUT, audience, subject, sd)
                    bluff = 0.0
                    if subject is self.home:
                        bluff = subject.bluff
                    said = messages.official_message(subject.log_cost, bluff, subject.cost_sd, error)
                    self.say(count, subject, said, sd, self.official_slant(audience, subject))
                    count += 1
            audience.hear_officials(self, count)
        if self.reaches_home(audience):
            self.reach(self.home)
            sd = messages.message_noise(self.noise, 1.0, leg.access, 1.0)
            error = self.error(chance.MESSAGE_NOISE_IN, audience, audience, sd)
            said = messages.official_message(audience.log_cost, audience.bluff, audience.cost_sd, error)
            self.say(0, audience, said, sd, self.official_slant(self.home, audience))
            self.home.hear_officials(self, 1)

    def tell(self, envoy: Envoy, leg: Leg) -> None:
        """Let an envoy speak to an audience (tracks 1.5 and 2)."""
        audience = leg.state
        misrepresented = self.occurs(chance.MESSAGE_BIT, audience, 1.0 - envoy.candour)
        if misrepresented:
            self.misrepresented += 1
            if envoy.shading > 0.0:
                self.on_record = True
        if self.reaches_leader(audience):
            self.reach(audience)
            count = self.tell_audience(envoy, audience, misrepresented)
            false = messages.is_false(misrepresented, envoy.shading, self.home.cost_sd)
            audience.hear_envoy(self, count, self.check(audience, false))

    def report(self, envoy: Envoy, leg: Leg) -> None:
        """Let an envoy report home what the audience says (tracks 1.5 and 2)."""
        audience = leg.state
        if self.reaches_home(audience):
            self.reach(self.home)
            sd = messages.message_noise(self.noise, envoy.acuity, leg.access, 1.0)
            said = envoy.relay(audience, self.error(chance.MESSAGE_NOISE_IN, audience, audience, sd))
            self.report_claim(envoy, audience)
            self.say(0, audience, said, sd, self.inward_slant(audience))
            self.home.hear_envoy(self, 1, UNCHECKED)

    def tell_audience(self, envoy: Envoy, audience: State, misrepresented: bool) -> int:
        """Put what an envoy says before an audience and return the number of messages."""
        count = 0
        for subject in self.war.states:
            if self.speaks_of(subject, audience):
                sd = messages.message_noise(self.noise, envoy.acuity, 1.0, self.hand(subject))
                error = self.error(chance.MESSAGE_NOISE_OUT, audience, subject, sd)
                said = envoy.speak(subject, misrepresented, error)
                self.say(count, subject, said, sd, self.suspected)
                count += 1
                if self.war.keeps_events:
                    self.note_message(envoy, audience, subject, misrepresented)
        return count

    def note_message(self, envoy: Envoy, audience: State, subject: State, misrepresented: bool) -> None:
        """Note what was said of a state beside its official position and what it would in truth accept."""
        official, private = subject.position_at(audience, subject.bluff), subject.position_at(audience, 0.0)
        conveyed = subject.position_at(audience, -envoy.shading) if misrepresented else private
        what = "misrepresents" if misrepresented else "conveys"
        self.war.note(
            what, envoy, audience, subject=subject, toward=audience, channel=self,
            official=official, private=private, conveyed=conveyed,
        )  # fmt: skip

    def check(self, audience: State, false: int) -> int:
        """Return what a check with the home government shows the audience: 1 false, 0 true, or UNCHECKED."""
        if not self.occurs(chance.CHECK, audience, self.verification):
            return UNCHECKED
        self.checked += 1
        self.caught += false
        self.war.note("checks", audience, self.home, channel=self, false=false > 0)
        return false

    def report_claim(self, envoy: Envoy, audience: State) -> None:
        """Let home hear, or not hear, that the audience would escalate, if home arms an adversary of it."""
        if not self.home.arms_adversary_of(audience):
            return
        likely = escalation.claim_probability(envoy.leaning, self.claim_rate)
        claimed = self.occurs(chance.CLAIM, audience, likely)
        before = self.home.fear
        self.home.weigh_claim(self, claimed)
        if claimed:
            self.war.note(
                "claims_escalation",
                envoy,
                self.home,
                about=audience,
                before=logistic(before),
                after=logistic(self.home.fear),
            )


class War(kinds.War):
    """A war in which channels meet."""

    def meet(self) -> None:
        """Let the channels meet."""
        for channel in self.channels:
            channel.meet()
