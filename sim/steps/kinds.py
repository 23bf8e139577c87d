"""The things a war is made of: for each kind its parameters, its state variables, and what it belongs to.

A kind is a plain class. Its variables are declared here once, with meaning, unit and range; their place in the compiled
engine's arrays, their start, and the tables of the pages follow from that. In the open engine they are ordinary attributes.

    float                stands among the numbers, starts at 0.0 or where it says
    int, bool, a kind    stands among the whole numbers, starts at 0, False or the first of its kind

Parameters are attributes too, under the names of sim/parameters.py, with their values of the present week: choices as
numbers in the order of their options, names as the things they name. How things are reached from one another (loops, pairs)
is declared at the end.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from sim import parameters as declared

SIDE_A, SIDE_B, THIRD_PARTY = range(3)


@dataclass(frozen=True)
class Variable:
    """One state variable: what it means, in which unit, the least and the greatest value it can take, and where it starts.

    source   "state": changes as the war goes on; "engine": set before the first week (an address, a week); "scenario":
             follows from what the scenario says of this week, beside the parameters
    """

    meaning: str
    unit: str = ""
    limits: tuple[float, float] | None = None
    source: Literal["state", "engine", "scenario"] = "state"
    start: float = 0.0


def variable(meaning: str, unit: str = "", limits: tuple[float, float] | None = None, start: float = 0.0) -> Any:
    """Declare a state variable; it stands at its start before the first week."""
    return Variable(meaning, unit, limits, start=start)


def fixed(meaning: str, unit: str = "") -> Any:
    """Declare a number that the engine sets before the first week."""
    return Variable(meaning, unit, source="engine")


def from_scenario(meaning: str, unit: str = "", limits: tuple[float, float] | None = None) -> Any:
    """Declare a number that follows from what the scenario says of this week."""
    return Variable(meaning, unit, limits, "scenario")


class Thing:
    """Anything a war is made of; `number` is its place among its kind, from 0, `name` what the file calls it."""

    parameters: ClassVar[type | None] = None

    def __init__(self, war: War, number: int, name: str = "") -> None:
        """Place a thing in a war; the engine sets its variables."""
        self.war = war
        self.number = number
        self.name = name

    if TYPE_CHECKING:  # parameters are set by the engine, under the names of sim/parameters.py

        def __getattr__(self, name: str) -> Any:
            """Return a parameter."""

        def __setattr__(self, name: str, value: Any) -> None:
            """Set a parameter or a variable."""


class Issue(Thing):
    """What is negotiated: a number from 0, side B's aim, to 1, side A's."""

    parameters = declared.Issue

    offer: float = variable("where the offer on the table puts it", "0..1", (0.0, 1.0))
    terms: float = variable("where the agreement signed last put it; missing before", "0..1", (0.0, 1.0))


class State(Thing):
    """A government: it fights or looks on, judges deals, makes and answers offers, ratifies, keeps or breaks."""

    parameters = declared.State

    address: int = fixed("the address of its draws")
    is_named_party: bool = from_scenario("whether the scenario names it among the parties of the table")
    trustworthy: float = variable("1 if it keeps agreements, 0 if it breaks them when it pays", "0 or 1", (0.0, 1.0))
    log_cost: float = variable("log of its private cost of war, before weariness", "log utility")
    war_worth: float = variable("what it expects of fighting on this week, before the cost", "utility", (0.0, 1.0))
    audience_level: float = variable("exposures of talks it had ruled out, as far as they have not lapsed", "exposures")
    fear: float = variable("its log-odds that aid brings escalation", "log-odds")
    accepted_above: float = variable("log cost above which it has been seen to accept at this table", "log utility")
    refused_below: float = variable("log cost below which it has been seen to refuse at this table", "log utility")
    answer_gap: float = variable("gap of the offer on the table in the eyes of all", "utility")
    surplus: float = variable("what the agreement signed last is worth to it beyond fighting on", "utility")
    payoff: float = variable(
        "surplus of its agreements, less what their breaches cost it; if they are followed, what they brought",
        "utility",
    )
    gain: float = variable("what that agreement is worth to it beyond fighting on, if it is kept", "utility")
    burden: float = variable("what its guarantees cost it under that agreement", "utility")
    hazard: float = variable("hazard at which it, a belligerent, breaks that agreement while it is new", "probability")
    breach: float = variable("probability that it does in the week reckoned with", "probability", (0.0, 1.0))
    loss_expected: float = variable(
        "probability that it loses by a breach of that agreement", "probability", (0.0, 1.0)
    )
    expected_payoff: float = variable("what its agreements were expected to bring it when they were signed", "utility")
    is_seated: bool = variable("whether it sits at the table")
    promises_count: bool = variable("whether its guarantees count for everyone in this calculation")
    guarantees: bool = variable("whether it is a party to the agreement in force or has accepted it")
    may_spoil: bool = variable("whether it was overruled and may spoil the agreement in force")
    learns: bool = variable("whether it has just learned of the channel that comes to light")
    accepted: bool = variable("whether it accepts the offer on the table")
    broke: bool = variable("whether it breaks the agreement this week")
    was_seen_to_accept: bool = variable("whether an acceptance of it has been seen at this table")
    was_seen_to_refuse: bool = variable("whether a refusal of it has been seen at this table")

    def toward(self, other: State) -> Opinion:
        """Return what the state believes about another."""
        return self.opinions[other.number]

    def on(self, issue: Issue) -> Stake:
        """Return what an issue is to the state."""
        return self.stakes[issue.number]


class Stake(Thing):
    """What one issue is to a state."""

    aim: float = from_scenario("what the state wants on the issue", "0..1", (0.0, 1.0))
    weight: float = from_scenario("how much the issue matters; the weights of a state sum to 1", "weight", (0.0, 1.0))


class Opinion(Thing):
    """What a state believes about another: trust, and its cost of war before any channel is heard."""

    parameters = declared.Toward

    pledged: bool = from_scenario("whether the state has pledged to join no table without the other")
    pledge_met: bool = variable("whether the state has sat at a table since it pledged")
    pledge_hidden: bool = variable("whether it did so without the other, which does not know yet")
    log_odds: float = variable("own log-odds that the other is trustworthy", "log-odds")
    public_odds: float = variable("what everyone takes these log-odds to be", "log-odds")
    mean: float = variable("mean of the belief about the other's log cost, channels apart", "log utility")
    variance: float = variable("variance of that belief", "log utility squared")
    misperception: float = variable("sum over weeks of |mean of the belief - log cost|", "log utility")
    calibration: float = variable("sum over weeks of (mean of the belief - log cost) / its sd", "sd")


class Guarantee(Thing):
    """A promise to deter attacks on a belligerent if the deal leaves it something to protect."""

    parameters = declared.Guarantee

    active: bool = from_scenario("whether it exists this week")


class Flow(Thing):
    """A flow of aid from a giver to a belligerent."""

    parameters = declared.Aid

    active: bool = from_scenario("whether it exists this week")
    sent: float = variable("aid this week", "aid units")
    total: float = variable("aid over all weeks of war", "aid units")


class Front(Thing):
    """Where the armies stand."""

    parameters = declared.Front

    position: float = variable("where the front stands: 0 is side B's aim, 1 side A's", "0..1", (0.0, 1.0))


class Table(Thing):
    """The negotiating table: who sits there, how many rounds it has had, what has been seen at it."""

    parameters = declared.Table

    is_open: bool = variable("whether it is open")
    openings: int = variable("how often it has opened")
    opened: int = variable("week in which it opened last")
    closed_until: int = variable("week from which it may open again")
    clock: int = variable("rounds that count toward the aspirations")
    rounds_left: int = variable("rounds until it fails")
    turn: int = variable("whose turn it is, counted on from the first proposer")
    was_put: bool = variable("whether a done deal has been put to those kept out")
    started_over: bool = variable("whether the rounds began again since it opened")
    is_of_channel: bool = variable("whether a channel has become the table")


class Agreement(Thing):
    """The agreement in force, and what is believed of agreements."""

    parameters = declared.Agreement

    in_force: bool = variable("whether an agreement is in force")
    held: int = variable("weeks it has held")
    chance_kept: float = variable("probability that it holds, as it was signed", "probability", (0.0, 1.0))
    kept_trustworthy: float = variable(
        "believed chance that a trustworthy state keeps it over the horizon", "probability"
    )
    wild: float = variable(
        "what one neither trustworthy nor deterred is believed to add to the hazard over the horizon, if agreements settle"
    )
    kept_untrustworthy: float = variable("the same of one that is not trustworthy and not deterred", "probability")


class Escalation(Thing):
    """The fear that aid brings escalation."""

    parameters = declared.Escalation


class Ending(Thing):
    """A way in which talks fail."""

    times: int = variable("how often talks ended this way")


class Envoy(Thing):
    """Someone who speaks for a state in channels: a former official, or at track 1 a serving one."""

    parameters = declared.Official

    leaning: float = variable("how far the envoy has come to see it the other side's way", "0..1", (0.0, 1.0))
    lean_before: float = variable("the lean that the scenario gave until last week", "0..1", (0.0, 1.0))


class Channel(Thing):
    """A channel: its meetings, its record, and whether it is known."""

    parameters = declared.Channel

    active: bool = from_scenario("whether it exists this week")
    address: int = fixed("the address of its draws")
    began: int = variable("first week of the channel, 0 before")
    exposed_week: int = variable("week in which it became known, 0 before")
    closed: bool = variable("whether it has been closed for good")
    is_table: bool = variable("whether its parties sit at the table in place of those the scenario names")
    on_record: bool = variable("whether an offer beyond the official position is on its record")
    reached_a: int = variable("last week in which something said reached a government of side A, 0 before")
    reached_b: int = variable("last week in which something said reached a government of side B, 0 before")
    meetings: int = variable("meetings held")
    misrepresented: int = variable("meetings misrepresented")
    checked: int = variable("meetings checked with home")
    caught: int = variable("checks that showed a falsehood")

    def view_of(self, state: State) -> View:
        """Return what a state knows of the channel."""
        return self.views[state.number]

    def part_of(self, envoy: Envoy) -> Part:
        """Return an envoy's part in the channel."""
        return self.parts[envoy.number]


class Leg(Thing):
    """The visits of a channel to one state."""

    parameters = declared.Leg

    active: bool = from_scenario("whether it exists this week")
    meetings: int = variable("meetings held in this state")


class Part(Thing):
    """An envoy's part in a channel."""

    knows: bool = variable("whether the envoy speaks or spoke in the channel")


class View(Thing):
    """What a state knows of a channel, and how far it believes it."""

    meeting_address: int = fixed("the address of the draws of their meetings")
    hosts: bool = from_scenario("whether the state is the host of the channel this week")
    briefed_from: int = from_scenario("the week from which home tells the state of the channel; 0: it does not", "week")
    is_conceded_to: bool = from_scenario(
        "whether a line passed off in the channel goes toward its aims, whoever hears it"
    )
    hosted: bool = variable("whether the state hosts or hosted the channel")
    informed: bool = variable("whether the state knows that the channel exists")
    if_trustworthy: float = variable(
        "probability that it is authorised if home is trustworthy", "probability", (0.0, 1.0)
    )
    if_not: float = variable("probability that it is authorised if home is not", "probability", (0.0, 1.0))
    credibility: float = variable(
        "log-odds that the channel is a straight source or, where a line is set out, that it is home's", "log-odds"
    )
    told: bool = variable("whether home has told the state of the channel, and that is read")
    told_factor: float = variable("what that moved its trust by, until the channel is known to all", "log-odds")
    line_set_out: bool = variable("whether a line has been set out to the state")
    line_false: bool = variable("whether it was passed off as home's")
    line_settled: bool = variable("whether the state has asked home whose it was")

    def hearing_of(self, subject: State) -> Hearing:
        """Return what the state has heard of another through the channel."""
        return self.hearings[subject.number]


class Hearing(Thing):
    """What a state has heard through a channel of the cost of another."""

    begun: bool = variable("whether a message has come")
    passed_on: bool = variable("whether home has said through the channel what it believes of the other")


class Belief(Thing):
    """A normal belief over a log cost c and the slant b of a source, as if the source were straight or crooked."""

    c: float = variable("mean of the log cost", "log utility")
    b: float = variable("mean of the slant", "log utility")
    cc: float = variable("variance of the log cost", "log utility squared")
    cb: float = variable("covariance of log cost and slant", "log utility squared")
    bb: float = variable("variance of the slant", "log utility squared")


class Message(Thing):
    """What is said of one state at a meeting."""

    subject: State = variable("of whom")
    said: float = variable("the log cost that is heard", "log utility")
    noise: float = variable("sd of its error", "log utility")
    slant: float = variable("the slant that the hearer suspects", "prior sd of log cost")


class Act(Thing):
    """Something done about a channel in one week by decree of the scenario."""

    week: int = fixed("when")
    what: int = fixed("expose, deny, stay silent or disown, as a number")
    channel: Channel = fixed("about which channel")


class War(Thing):
    """One replicate: a war, and all that is done to end it."""

    weeks: int = fixed("the horizon", "weeks")
    seed: int = fixed("the seed")
    replicate: int = fixed("the number of the replicate")
    keeps_one_law: bool = fixed("whether nothing that keeping an agreement depends on changes once one may be signed")
    looks_for_deals: bool = fixed("whether anyone asks if a deal existed; nothing else hangs on it")
    week: int = variable("the week; 0 before the first", "weeks")
    outcome: int = variable("how it ended: 1 + the place in OUTCOMES, 0 while it lasts")
    agreements: int = variable("agreements signed")
    first_opening: int = variable("first week in which the table opened, 0 before")
    first_agreement: int = variable("week of the first agreement, 0 before")
    last_failure: int = variable("how talks failed last: 1 + the place in FAILURES, 0 if they never did")
    deal_existed: bool = variable("whether a deal that all preferred to war has been seen to exist")
    perception_weeks: int = variable("weeks in which perception was measured")
    expected_success: float = variable("sum over agreements of the probability that they hold", "probability")
    weeks_of_war: int = variable("weeks without an agreement in force")

    keeps_events: ClassVar[bool] = False

    def note(
        self, what: str, actor: Thing | None = None, to: Thing | None = None, cause: str = "", **detail: Any
    ) -> None:
        """Keep an event, if events are kept."""

    def note_interventions(self) -> None:
        """Keep an event for each intervention of this week."""

    def is_era_due(self) -> bool:
        """Return whether the scenario changes this week; the engine knows."""
        return False

    def enter_era(self) -> None:
        """Let what the scenario says from this week on hold; the engine does."""

    def follow(self) -> None:
        """Write the followed quantities down as they are now, if any are followed; the engine does."""

    def message(self, place: int) -> Message:
        """Return a message of the present meeting by its place."""
        return self.messages[place]

    def ending(self, reason: int) -> Ending:
        """Return a way in which talks fail by its place in FAILURES."""
        return self.endings[reason]


KINDS: tuple[type[Thing], ...] = (
    War, Front, Table, Agreement, Escalation, Issue, State, Stake, Opinion, Guarantee, Flow, Ending, Envoy, Channel, Leg,
    Part, View, Hearing, Belief, Message, Act,
)  # fmt: skip
SINGLE = ("War", "Front", "Table", "Agreement", "Escalation")


def variables_of(kind: type[Thing]) -> Iterator[tuple[str, Variable, str]]:
    """Yield name, declaration and type of each variable of a kind, what a class of one's own adds last."""
    for owner in reversed(kind.__mro__):
        for name, annotation in inspect.get_annotations(owner).items():
            declaration = vars(owner).get(name)
            if isinstance(declaration, Variable):
                yield name, declaration, annotation if isinstance(annotation, str) else annotation.__name__


def own_parameters(kind: type[Thing]) -> dict[str, declared.Parameter]:
    """Return the parameters that a class of one's own declares in its body, by name."""
    bodies = [vars(owner) for owner in reversed(kind.__mro__)]
    return {name: value for body in bodies for name, value in body.items() if isinstance(value, declared.Parameter)}
