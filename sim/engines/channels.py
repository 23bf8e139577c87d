"""Channels in the open engine: who meets whom, what is said, who believes it, and how it comes to light."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from sim import chance
from sim.engines.agents import Government
from sim.parameters import Channel, Leg
from sim.parameters import Official as OfficialParameters
from sim.rules import escalation, exposure, messages, table
from sim.rules.trust import log_bayes_factor

if TYPE_CHECKING:
    from sim.engines.model import Talks


class FormerOfficial(mesa.Agent):  # type: ignore[misc]
    """Someone who once served a state and now speaks in its name, by candour, shading and lean."""

    def __init__(self, model: Talks, name: str) -> None:
        """Place an official in the model."""
        super().__init__(model)
        self.talks = model
        self.name = name
        self.lean = self.parameters.lean

    @property
    def parameters(self) -> OfficialParameters:
        """Return what the scenario says of this official this week."""
        return self.talks.world.officials[self.name]

    def misrepresents(self, channel: RunningChannel, audience: Government) -> bool:
        """Return whether this meeting is misrepresented."""
        draw = self.talks.uniform(chance.MESSAGE_BIT, channel.address, audience.address)
        return table.occurs(draw, 1.0 - self.parameters.candour) > 0

    def speak(self, subject: Government, misrepresented: bool, error: float) -> float:
        """Return what the audience hears of a state's log cost of war."""
        spread = subject.parameters.cost_sd
        return messages.outward_message(subject.log_cost, misrepresented, self.parameters.shading, spread, error)

    def relay(self, audience: Government, error: float) -> float:
        """Return what home hears of the audience's log cost of war."""
        theirs = audience.parameters
        return messages.inward_message(audience.log_cost, self.lean, theirs.bluff, theirs.cost_sd, error)

    def claims_escalation(self, channel: RunningChannel, audience: Government) -> bool:
        """Return whether the official brings home a claim that the audience would escalate."""
        draw = self.talks.uniform(chance.CLAIM, channel.address, audience.address)
        return table.occurs(draw, escalation.claim_probability(self.lean, channel.parameters.claim_rate)) > 0

    def drift(self) -> None:
        """Be drawn a little toward the other side's view."""
        self.lean = messages.drifted_lean(self.lean, self.parameters.susceptibility)


class Interlocutor(mesa.Agent):  # type: ignore[misc]
    """The person across the table in a state that is visited: as useful as close to the leader."""

    def __init__(self, channel: RunningChannel, leg: str) -> None:
        """Place the interlocutor of a leg in the model."""
        super().__init__(channel.talks)
        self.channel = channel
        self.leg = leg
        self.meetings = 0

    @property
    def parameters(self) -> Leg:
        """Return what the scenario says of this leg this week."""
        return self.channel.parameters.legs[self.leg]

    @property
    def state(self) -> Government:
        """Return the state visited."""
        return self.channel.talks.governments[self.parameters.state]

    def receives(self) -> bool:
        """Return whether the leg is on this week."""
        return self.parameters.active and self.parameters.start <= self.channel.talks.week

    def reaches_leader(self) -> bool:
        """Return whether what is said reaches the decision-makers of the state visited."""
        channel = self.channel
        draw = channel.talks.uniform(chance.TRANSFER_AUDIENCE, channel.address, self.state.address)
        return table.occurs(draw, channel.parameters.transfer_audience) > 0


class RunningChannel(mesa.Agent):  # type: ignore[misc]
    """A channel as it runs: its meetings, its record, and whether it is known."""

    def __init__(self, model: Talks, name: str) -> None:
        """Place a channel in the model; officials are shared between channels."""
        super().__init__(model)
        self.talks = model
        self.name = name
        self.address = chance.address(name)
        self.interlocutors = [Interlocutor(self, leg) for leg in self.parameters.legs]
        self.began = 0
        self.exposed_week = 0
        self.closed = False
        self.offer_on_record = False
        self.in_the_know: set[str] = set()
        self.meetings = 0
        self.misrepresented = 0
        self.checked = 0
        self.caught = 0

    @property
    def parameters(self) -> Channel:
        """Return what the scenario says of this channel this week."""
        return self.talks.world.channels[self.name]

    @property
    def home(self) -> Government:
        """Return the state the envoys come from."""
        return self.talks.governments[self.parameters.home]

    @property
    def is_official(self) -> bool:
        """Return whether serving officials meet on both sides (track 1)."""
        return self.parameters.track == "1"

    @property
    def envoys(self) -> list[FormerOfficial]:
        """Return who speaks, in turn."""
        return [self.talks.officials[name] for name in self.parameters.envoys]

    def audiences(self) -> list[Government]:
        """Return the states that are visited this week."""
        return [one.state for one in self.interlocutors if one.receives()]

    def begin(self) -> None:
        """Note the first week of the channel; tell its legs of it, and everyone if it is public."""
        setting, week = self.parameters, self.talks.week
        if not setting.active or week < setting.start:
            return
        if self.began == 0:
            self.began = week
            self.home.views[self.name].informed = True
            for state in self.audiences():
                state.know_from_the_start(self)
            if not setting.secret:
                self.exposed_week = week
                self.tell_outsiders("a public channel")
        for state in self.audiences():
            if not state.views[self.name].informed:
                state.learn_of(self, "is brought into the channel")

    def meet(self) -> None:
        """Hold this week's meetings."""
        setting = self.parameters
        self.begin()
        due = messages.meeting_due(self.talks.week, setting.start, setting.end, setting.cadence_weeks)
        if self.closed or not setting.active or not due or self.talks.agreement is not None:
            return
        held = [self.hold(one) for one in self.interlocutors if one.receives()]
        if any(held):
            for envoy in self.envoys:
                envoy.drift()

    def is_wanted(self, audience: Government) -> bool:
        """Return whether the governments whose will it takes see enough in meeting."""
        if self.is_official and not self.home.would_meet():
            return False
        return self.parameters.track == "2" or audience.would_meet()

    def hold(self, across: Interlocutor) -> bool:
        """Hold one meeting; return whether it took place."""
        audience = across.state
        if not self.is_wanted(audience):
            self.talks.note("stays_home", self.name, audience.name)
            return False
        self.meetings += 1
        if self.is_official:
            self.talks.note("meets", self.home.name, audience.name, channel=self.name)
            self.state_positions(across)
        else:
            envoys = self.envoys
            envoy = envoys[across.meetings % len(envoys)]
            self.talks.note("meets", envoy.name, audience.name, channel=self.name)
            self.convey(envoy, across)
        across.meetings += 1
        return True

    def error(self, purpose: int, audience: Government, subject: Government, sd: float) -> float:
        """Return the error of a message about `subject` at the meeting with `audience`."""
        meeting = chance.pair_address(self.name, audience.name)
        return sd * self.talks.normal(purpose, meeting, subject.address)

    def hand(self, subject: Government) -> float:
        """Return the factor on noise for what is known of `subject`: 1 at first hand."""
        first_hand = subject in self.audiences()
        if subject is self.home:
            first_hand = self.is_official or self.parameters.authorised
        return 1.0 if first_hand else self.parameters.second_hand

    def subjects(self, audience: Government) -> list[Government]:
        """Return the states spoken of to an audience: home and the other belligerents."""
        everyone = self.talks.governments.values()
        return [one for one in everyone if one is not audience and (one is self.home or one.fights)]

    def state_positions(self, across: Interlocutor) -> None:
        """Let serving officials state their governments' official positions to each other (track 1)."""
        audience, noise = across.state, self.parameters.noise
        if across.reaches_leader():
            said = []
            for subject in self.subjects(audience):
                sd = messages.message_noise(noise, 1.0, 1.0, self.hand(subject))
                bluff = subject.parameters.bluff if subject is self.home else 0.0
                error = self.error(chance.MESSAGE_NOISE_OUT, audience, subject, sd)
                heard = messages.official_message(subject.log_cost, bluff, subject.parameters.cost_sd, error)
                said.append((subject, heard, sd))
            audience.hear_officials(self, said)
        if self.reaches_home(audience):
            theirs = audience.parameters
            sd = messages.message_noise(noise, 1.0, across.parameters.access, 1.0)
            error = self.error(chance.MESSAGE_NOISE_IN, audience, audience, sd)
            heard = messages.official_message(audience.log_cost, theirs.bluff, theirs.cost_sd, error)
            self.home.hear_officials(self, [(audience, heard, sd)])

    def convey(self, envoy: FormerOfficial, across: Interlocutor) -> None:
        """Let a former official speak to an audience and report home (tracks 1.5 and 2)."""
        audience, noise = across.state, self.parameters.noise
        acuity = envoy.parameters.acuity
        misrepresented = envoy.misrepresents(self, audience)
        self.misrepresented += misrepresented
        self.offer_on_record |= misrepresented and envoy.parameters.shading > 0.0
        if across.reaches_leader():
            said = []
            for subject in self.subjects(audience):
                sd = messages.message_noise(noise, acuity, 1.0, self.hand(subject))
                error = self.error(chance.MESSAGE_NOISE_OUT, audience, subject, sd)
                said.append((subject, envoy.speak(subject, misrepresented, error), sd))
                self.note_message(envoy, audience, subject, misrepresented)
            spread = self.home.parameters.cost_sd
            false = messages.is_false(misrepresented, envoy.parameters.shading, spread) > 0
            audience.hear_envoy(self, said, self.check(audience, false), outward=True)
        if self.reaches_home(audience):
            sd = messages.message_noise(noise, acuity, across.parameters.access, 1.0)
            heard = envoy.relay(audience, self.error(chance.MESSAGE_NOISE_IN, audience, audience, sd))
            self.report_claim(envoy, audience)
            self.home.hear_envoy(self, [(audience, heard, sd)], None, outward=False)

    def note_message(
        self, envoy: FormerOfficial, audience: Government, subject: Government, misrepresented: bool
    ) -> None:
        """Keep what was said of a state beside its official position and what it would in truth accept."""
        official, private = subject.positions(audience)
        conveyed = subject.position_at(audience, -envoy.parameters.shading) if misrepresented else private
        self.talks.note(
            "misrepresents" if misrepresented else "conveys",
            envoy.name,
            audience.name,
            subject=subject.name,
            official=official,
            private=private,
            conveyed=conveyed,
        )

    def check(self, audience: Government, false: bool) -> bool | None:
        """Return what a check with the home government shows the audience: false, true (False) or no check (None)."""
        draw = self.talks.uniform(chance.CHECK, self.address, audience.address)
        if table.occurs(draw, self.parameters.verification) == 0:
            return None
        self.checked += 1
        self.caught += false
        self.talks.note("checks", audience.name, self.home.name, channel=self.name, false=false)
        return false

    def reaches_home(self, audience: Government) -> bool:
        """Return whether what is heard reaches the decision-makers at home."""
        if self.parameters.authorised:
            return True
        draw = self.talks.uniform(chance.TRANSFER_HOME, self.address, audience.address)
        return table.occurs(draw, self.parameters.transfer_home) > 0

    def report_claim(self, envoy: FormerOfficial, audience: Government) -> None:
        """Let home hear, or not hear, that the audience would escalate, if home arms an adversary of it."""
        governments = self.talks.governments
        armed = [flow for flow in self.talks.world.aid.values() if flow.active and flow.giver == self.home.name]
        if any(governments[flow.recipient].is_adversary_of(audience) for flow in armed):
            claimed = envoy.claims_escalation(self, audience)
            before = self.talks.escalation_belief(self.home.name)
            self.home.weigh_claim(self, claimed)
            if claimed:
                after = self.talks.escalation_belief(self.home.name)
                who, home = envoy.name, self.home.name
                self.talks.note("claims_escalation", who, home, about=audience.name, before=before, after=after)

    def keeps_secret(self) -> float:
        """Return the probability that nobody who speaks or spoke in the channel talks this week."""
        setting = self.parameters
        over = self.closed or not setting.active or self.talks.week > setting.end
        kept = 1.0
        for official in self.talks.officials.values():
            if official.name in self.in_the_know:
                active = not over and official.name in setting.envoys
                kept = kept * exposure.kept_by(official.parameters.discretion, active)
        return kept

    def come_to_light(self) -> None:
        """Leak by chance or by act; the home government then denies or is silent."""
        acts = self.talks.acts_of(self.name)
        if self.began == 0:
            return
        if self.parameters.active:
            self.in_the_know.update(self.parameters.envoys)
        if self.exposed_week == 0 and ("expose" in acts or "disown" in acts or self.leaks()):
            self.expose(acts)
        if "disown" in acts:
            self.closed = True
            self.talks.note("disowns", self.home.name, channel=self.name)

    def leaks(self) -> bool:
        """Return whether an envoy talks this week; not before the week of an `expose` still to come."""
        if self.talks.is_to_be_exposed(self.name):
            return False
        return table.occurs(self.talks.uniform(chance.LEAK, self.address), 1.0 - self.keeps_secret()) > 0

    def expose(self, acts: set[str]) -> None:
        """Become known: outsiders take it in, the home government answers, those in it that had ruled it out pay.

        In it are home and every state visited, also where the leg or the channel has been given up since.
        """
        self.exposed_week = self.talks.week
        insiders = [one for one in self.talks.governments.values() if one.views[self.name].informed]
        self.talks.note("comes_to_light", self.name, "", on_record=self.offer_on_record)
        denied = self.is_denied(acts)
        newly = self.tell_outsiders("the channel comes to light")
        self.talks.note("denies" if denied else "stays_silent", self.home.name, "", channel=self.name)
        for state in newly:
            state.weigh_denial(self, denied)
        for state in insiders:
            if state.parameters.ruled_out:
                state.audience_level += 1.0
                self.talks.note("pays_audience_cost", state.name, "", cost=state.audience_cost)
        self.talks.table.start_over()
        if self.parameters.ends_on_exposure:
            self.closed = True

    def is_denied(self, acts: set[str]) -> bool:
        """Return whether the home government denies having authorised the channel."""
        if "deny" in acts or "disown" in acts:
            return True
        if "stay_silent" in acts:
            return False
        setting = self.parameters
        likely = exposure.denial_probability(setting.authorised, setting.deny_authorised, setting.deny_freelance)
        return table.occurs(self.talks.uniform(chance.DENIAL, self.address), likely) > 0

    def tell_outsiders(self, cause: str) -> list[Government]:
        """Let every state that did not know learn of the channel; return the belligerents among them."""
        newly = [one for one in self.talks.governments.values() if not one.views[self.name].informed]
        for state in newly:
            state.learn_of(self, cause)
        return [state for state in newly if state.fights]

    def log_existence_factor(self) -> float:
        """Return the log Bayes factor of trust in home of the channel's existence and record."""
        return log_bayes_factor(self.existence(True), self.existence(False))

    def existence(self, trustworthy: bool) -> float:
        """Return the believed probability of such a channel with such a record, for one type of home."""
        setting = self.parameters
        authorised, offered = self.believed(trustworthy)
        return exposure.existence(
            authorised, setting.believed_freelance, self.offer_on_record, offered, setting.believed_offer_freelance
        )

    def share(self, trustworthy: bool, on_record: bool) -> float:
        """Return the believed probability that the channel is authorised, for one type of home."""
        setting = self.parameters
        authorised, offered = self.believed(trustworthy)
        return exposure.authorised_share(
            authorised, setting.believed_freelance, on_record, offered, setting.believed_offer_freelance
        )

    def believed(self, trustworthy: bool) -> tuple[float, float]:
        """Return the believed probabilities of an authorised channel and of an offer on its record, for one type."""
        setting = self.parameters
        if trustworthy:
            return setting.believed_authorised_trustworthy, setting.believed_offer_trustworthy
        return setting.believed_authorised_untrustworthy, setting.believed_offer_untrustworthy
