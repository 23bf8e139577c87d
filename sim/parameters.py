"""Every parameter of the model, declared once.

A scope is a frozen dataclass; each field is one parameter with its meaning, unit, default, limits, plausible range,
standing and source. Validation, the JSON Schema, the compiled record, the tables of the documentation, `sim show`,
`sim params` and the column dictionary are all read off these declarations; nothing about a parameter is written twice.

Standing is one of

    measured   counted or read in a cited source
    derived    follows from measured values and a stated formula
    assumed    nobody has measured it: swept over its plausible range
    structural a choice about who and what, not a quantity
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any, Literal

Kind = Literal["number", "count", "flag", "choice", "name", "names", "addresses", "text", "by_issue"]
Standing = Literal["measured", "derived", "assumed", "structural"]

LONGEST_WEEKS = 5200
MOST_ISSUES = 8
MOST_ENTRIES = 64
LONGEST_NAME = 60
NAME_PATTERN = rf"[a-z][a-z0-9_]{{0,{LONGEST_NAME - 1}}}"
CERTAIN = 1e-6


@dataclass(frozen=True)
class Parameter:
    """One parameter: what it means and what it may be.

    kind        number | count | flag | choice | name | names | text | by_issue (one number for each issue)
    limits      lowest and highest value a file may give, both included
    plausible   range swept by `--over plausible`; None where it is not swept
    default_by  another field of the same scope, and the default for each of its values
    default_as  another field of the same scope whose value is the default (the `believed_` twins)
    refers_to   the table a name must stand in: states, issues, officials, channels
    required    whether a file must give it
    scaled      whether the numbers of one entry are scaled to sum to 1 (so they may not all be 0)
    """

    kind: Kind
    meaning: str
    unit: str = ""
    default: Any = None
    limits: tuple[float, float] = (0.0, 1.0)
    plausible: tuple[float, float] | None = None
    standing: Standing = "structural"
    source: str = ""
    options: tuple[str, ...] = ()
    default_by: tuple[str, dict[str, Any]] | None = None
    default_as: str = ""
    refers_to: str = ""
    required: bool = False
    scaled: bool = False


def declare(parameter: Parameter) -> Any:
    """Return the dataclass field that carries `parameter`."""
    return field(metadata={"parameter": parameter})


def assumed(
    default: float | None,
    meaning: str,
    unit: str,
    limits: tuple[float, float] = (0.0, 1.0),
    plausible: tuple[float, float] | None = None,
    default_by: tuple[str, dict[str, Any]] | None = None,
    default_as: str = "",
) -> Any:
    """Return a field for a real number that nobody has measured."""
    return declare(
        Parameter(
            "number", meaning, unit, default, limits, plausible, "assumed", default_by=default_by, default_as=default_as
        )
    )


def sourced(
    standing: Standing,
    source: str,
    default: float | None,
    meaning: str,
    unit: str,
    limits: tuple[float, float] = (0.0, 1.0),
    plausible: tuple[float, float] | None = None,
) -> Any:
    """Return a field for a real number that is measured, or derived from what was measured."""
    return declare(Parameter("number", meaning, unit, default, limits, plausible, standing, source))


def count(default: int, meaning: str, unit: str, limits: tuple[int, int]) -> Any:
    """Return a field for a whole number."""
    return declare(Parameter("count", meaning, unit, default, limits))


def flag(default: bool, meaning: str, default_by: tuple[str, dict[str, Any]] | None = None) -> Any:
    """Return a field that is true or false."""
    return declare(Parameter("flag", meaning, "true or false", default, default_by=default_by))


def choice(default: str, options: tuple[str, ...], meaning: str) -> Any:
    """Return a field for one of a few words."""
    return declare(Parameter("choice", meaning, " | ".join(options), default, options=options))


def one_of(refers_to: str, meaning: str) -> Any:
    """Return a required field that names one entry of the table `refers_to`."""
    return declare(Parameter("name", meaning, f"a name in [{refers_to}]", refers_to=refers_to, required=True))


def several_of(refers_to: str, meaning: str, default: tuple[str, ...] | None = None) -> Any:
    """Return a field that lists entries of the table `refers_to`; required where there is no default."""
    unit = f"names in [{refers_to}]"
    return declare(Parameter("names", meaning, unit, default, refers_to=refers_to, required=default is None))


def text(default: str, meaning: str) -> Any:
    """Return a field for free text."""
    return declare(Parameter("text", meaning, "text", default))


def by_issue(default: float, meaning: str, unit: str, scaled: bool = False) -> Any:
    """Return a field that holds one number for each issue; `default` stands for issues that are not named."""
    return declare(Parameter("by_issue", meaning, unit, default, standing="assumed", scaled=scaled))


def active() -> Any:
    """Return the field that says whether an entry exists in an era; set by interventions, never by a key."""
    return field(metadata={"era": True})


PERSONAS = ("plain", "honest_broker", "self_promoter", "captured", "credulous", "authorised_envoy", "expert_academic")


def presets(plain: float, **others: float) -> tuple[str, dict[str, Any]]:
    """Return the defaults of an official's parameter by persona; personas not named take the plain value."""
    return ("persona", {one: others.get(one, plain) for one in PERSONAS})


@dataclass(frozen=True, kw_only=True)
class Issue:
    """A question a deal must settle; 0 is side B's aim, 1 is side A's."""

    name: str
    contested: bool = flag(False, "whether the front settles the issue if nobody agrees")
    status_quo: float = assumed(0.5, "where an issue that is not contested stays without a deal", "0..1")


@dataclass(frozen=True, kw_only=True)
class Toward:
    """What one state thinks of another at the start."""

    name: str
    trust: float = assumed(
        0.5,
        "probability, held at the start, that the other state is trustworthy",
        "probability",
        (CERTAIN, 1.0 - CERTAIN),
        (0.05, 0.95),
    )
    intelligence: float = assumed(
        1.0,
        "noise of the one signal about the other's cost of war received before the start",
        "sd of log cost",
        (0.001, 10.0),
        (0.5, 3.0),
    )


@dataclass(frozen=True, kw_only=True)
class State:
    """A government that fights, negotiates, guarantees, brokers or looks on."""

    name: str
    side: str = choice("none", ("A", "B", "none"), "A: the invader; B: the invaded; none: a third party")
    cost_median: float = assumed(
        0.03,
        "median private cost of another stretch of war (third party: of support)",
        "utility",
        (1e-4, 1.0),
        (0.015, 0.09),
    )
    cost_sd: float = assumed(
        0.7, "spread of the private cost over replicates", "sd of log cost", (0.0, 3.0), (0.35, 1.05)
    )
    growth: float = assumed(0.004, "growth of weariness a week", "share of the cost a week", (0.0, 0.1), (0.0, 0.01))
    volatility: float = assumed(
        0.03, "weekly change of the private cost", "sd of log cost a week", (0.0, 0.5), (0.0, 0.06)
    )
    optimism: float = assumed(
        0.5,
        "how far the costs of adversaries are overrated at the start",
        "prior sd of log cost",
        (-3.0, 3.0),
        (0.0, 1.0),
    )
    reliability: float = assumed(
        0.7, "probability that the government is of the trustworthy type", "probability", (0.0, 1.0), (0.1, 0.95)
    )
    betrayal: float = assumed(
        0.1, "loss of a belligerent whose adversary breaks the agreement", "utility", (0.0, 2.0), (0.04, 0.3)
    )
    strength: float = assumed(
        0.0, "own fighting strength in the balance that moves the front", "aid units", (0.0, 10.0)
    )
    deterrence: float = assumed(
        0.0,
        "probability that own strength alone deters an attack after an agreement",
        "probability",
        (0.0, 1.0),
        (0.1, 0.8),
    )
    table_cost: float = assumed(
        0.05, "least expected gain for which the state joins the table", "own cost medians", (0.0, 10.0), (0.0, 0.15)
    )
    goodwill: float = assumed(
        0.02, "probability of joining the table although the gain is too small", "probability", (0.0, 1.0), (0.0, 0.05)
    )
    contact_cost: float = assumed(
        0.02,
        "least expected gain for which the government meets in a channel",
        "own cost medians",
        (0.0, 10.0),
        (0.0, 0.1),
    )
    aspiration: float = assumed(
        1.0, "what the state holds out for at the start of a table", "own cost medians", (0.0, 20.0), (0.25, 2.0)
    )
    concession: float = assumed(
        1.0, "exponent e of the concession curve: below 1 late, above 1 early", "exponent", (0.05, 20.0), (0.3, 3.0)
    )
    grievance: float = assumed(
        0.2, "extra gain an excluded state asks for to accept a done deal", "own cost medians", (0.0, 20.0), (0.0, 1.0)
    )
    blocking: float = assumed(
        0.5, "probability that a deal the state refuses from outside is blocked", "probability", (0.0, 1.0), (0.0, 1.0)
    )
    believed_blocking: float = assumed(
        None, "the same, as the parties at the table believe it", "probability", (0.0, 1.0), default_as="blocking"
    )
    ratifies: bool = flag(False, "whether a deal signed by the state needs its parliament")
    slack: float = assumed(0.02, "what parliament lets pass", "utility", (-1.0, 1.0), (0.0, 0.05))
    domestic_sd: float = assumed(0.04, "spread of the vote in parliament", "utility", (0.0, 1.0), (0.01, 0.08))
    exposure_cost: float = assumed(
        0.2, "audience cost when a channel it had ruled out is exposed", "own cost medians", (0.0, 1.0), (0.0, 1.0)
    )
    exposure_lapse: float = assumed(
        1 / 26, "share of the audience cost that lapses in a week", "share a week", (0.0, 1.0), (0.01, 0.1)
    )
    ruled_out: bool = flag(
        False,
        "whether the government had publicly ruled secret talks out, and so pays the audience cost",
        default_by=("side", {"A": True, "B": False, "none": True}),
    )
    bluff: float = assumed(
        1.0,
        "how far the official position understates the private cost",
        "prior sd of log cost",
        (0.0, 5.0),
        (0.0, 2.0),
    )
    proposes: bool = flag(True, "whether the state takes its turn to make offers at the table")
    sees_answers: bool = flag(True, "whether the state learns the answers of the others at the table")
    shows_answers: bool = flag(True, "whether the others at the table learn its answers")
    aims: dict[str, float] = by_issue(0.5, "what the state wants on each issue", "0..1")
    weights: dict[str, float] = by_issue(0.0, "how much each issue matters; scaled to sum to 1", "weight", scaled=True)
    toward: dict[str, Toward] = field(metadata={"table": Toward, "refers_to": "states"})


@dataclass(frozen=True, kw_only=True)
class Guarantee:
    """A promise to defend a state if the agreement is broken; as strong as the issue ends near that state's aim."""

    name: str
    active: bool = active()
    guarantor: str = one_of("states", "who promises")
    beneficiary: str = one_of("states", "the belligerent that is protected")
    issue: str = one_of("issues", "the issue whose outcome sets the strength: 1 - |x - aim of the beneficiary|")
    effect: float = assumed(
        0.8,
        "probability that the full guarantee of a trustworthy guarantor deters an attack",
        "probability",
        (0.0, 1.0),
        (0.4, 0.95),
    )
    burden: float = assumed(0.05, "what the full guarantee costs the guarantor", "utility", (0.0, 1.0), (0.02, 0.1))


@dataclass(frozen=True, kw_only=True)
class Aid:
    """A flow of arms from a giver to a belligerent."""

    name: str
    active: bool = active()
    giver: str = one_of("states", "who gives")
    recipient: str = one_of("states", "the belligerent that receives")
    maximum: float = assumed(
        0.6, "aid given when escalation is not feared at all", "aid units", (0.0, 10.0), (0.2, 1.0)
    )
    sensitivity: float = assumed(
        1.0, "share of the aid withheld for each unit of feared escalation", "share", (0.0, 1.0), (0.0, 1.0)
    )


@dataclass(frozen=True, kw_only=True)
class Front:
    """The line of contact: 0 is side B's aim, 1 is side A's."""

    start: float = assumed(0.45, "where the front stands at the start", "0..1", (0.001, 0.999), (0.35, 0.55))
    response: float = assumed(
        0.001, "weekly movement of the front for a unit of superior strength", "front a week", (0.0, 0.1), (0.0, 0.003)
    )
    sd: float = sourced(
        "measured",
        "isw_front_sd",
        0.0008,
        "weekly chance movement of the front",
        "front a week",
        (0.0, 0.2),
        (0.0004, 0.0016),
    )
    lookahead: int = count(
        0, "how many weeks ahead the parties reckon with the drift of the front", "weeks", (0, LONGEST_WEEKS)
    )


@dataclass(frozen=True, kw_only=True)
class Table:
    """The formal negotiation: who sits there and by which procedure."""

    parties: tuple[str, ...] = several_of("states", "the states that sit at the table")
    opens: int = count(
        0,
        "week in which the table opens whatever the parties expect; 0: when they see a gain",
        "week",
        (0, LONGEST_WEEKS),
    )
    attempt_weeks: int = count(4, "weeks between attempts to open the table", "weeks", (1, LONGEST_WEEKS))
    convening: float = assumed(
        0.1, "probability that an attempt is made when all would join", "probability", (0.0, 1.0), (0.03, 0.3)
    )
    round_weeks: int = count(2, "weeks from one round to the next", "weeks", (1, LONGEST_WEEKS))
    max_rounds: int = count(20, "rounds until an opened table fails", "rounds", (1, 1000))
    cooling_off_weeks: int = count(13, "weeks a failed table stays closed", "weeks", (0, LONGEST_WEEKS))
    fait_accompli: float = assumed(
        0.5,
        "Bayes factor by which an excluded state's trust moves toward those who present a done deal",
        "likelihood ratio",
        (0.001, 1000.0),
        (0.25, 1.25),
    )


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """What becomes of a deal that is signed."""

    hold_weeks: int = count(52, "weeks an agreement must hold to count as success", "weeks", (1, LONGEST_WEEKS))
    belief_horizon: int = count(
        156, "weeks over which the parties judge whether a deal will be kept", "weeks", (1, LONGEST_WEEKS)
    )
    hazard_trustworthy: float = assumed(
        0.001,
        "weekly probability that a trustworthy belligerent breaks",
        "probability a week",
        (0.0, 0.5),
        (0.0, 0.003),
    )
    hazard_untrustworthy: float = assumed(
        0.008,
        "added weekly probability that an untrustworthy belligerent breaks if not deterred",
        "probability a week",
        (0.0, 0.5),
        (0.003, 0.02),
    )
    believed_hazard_trustworthy: float = assumed(
        None, "the first, as the parties believe it", "probability a week", (0.0, 0.5), default_as="hazard_trustworthy"
    )
    believed_hazard_untrustworthy: float = assumed(
        None,
        "the second, as the parties believe it",
        "probability a week",
        (0.0, 0.5),
        default_as="hazard_untrustworthy",
    )
    spoiling: float = assumed(
        0.01,
        "weekly probability that a state with blocking power, overruled, spoils the deal",
        "probability a week",
        (0.0, 0.5),
        (0.0, 0.03),
    )


@dataclass(frozen=True, kw_only=True)
class Escalation:
    """The fear that arms bring escalation, and what moves it."""

    prior: float = assumed(
        0.1, "believed probability of escalation before any claim", "probability", (CERTAIN, 1.0 - CERTAIN), (0.02, 0.3)
    )
    reversion: float = assumed(
        0.05, "share of the moved log-odds that lapses in a week", "share a week", (0.0, 1.0), (0.0, 0.2)
    )
    claim_factor: float = sourced(
        "assumed",
        "compellent_threats",
        1.5,
        "Bayes factor of a claim that the other side would escalate, from a straight source",
        "likelihood ratio",
        (0.01, 100.0),
        (0.8, 4.0),
    )
    believed_claim_rate: float = assumed(
        0.05,
        "probability the hearer gives to such a claim where no escalation is meant",
        "probability",
        (0.0, 0.99),
        (0.01, 0.2),
    )


@dataclass(frozen=True, kw_only=True)
class Official:
    """A former official who speaks in a channel."""

    name: str
    home: str = one_of("states", "the state the official once served")
    persona: str = choice("plain", PERSONAS, "a preset of the parameters below")
    candour: float = assumed(
        None,
        "probability that a meeting is not misrepresented",
        "probability",
        (0.0, 1.0),
        (0.0, 1.0),
        default_by=presets(
            0.9,
            honest_broker=1.0,
            self_promoter=0.5,
            captured=0.5,
            credulous=1.0,
            authorised_envoy=1.0,
            expert_academic=1.0,
        ),
    )
    shading: float = assumed(
        None,
        "how much readier to settle a misrepresented message makes the spoken-for side look",
        "prior sd of log cost",
        (0.0, 5.0),
        (0.0, 3.0),
        default_by=presets(1.5, honest_broker=0.0, expert_academic=0.0, authorised_envoy=0.0),
    )
    lean: float = assumed(
        None,
        "how far the other side's bluff is relayed at face value",
        "share",
        (0.0, 1.0),
        (0.0, 1.0),
        default_by=presets(0.2, honest_broker=0.0, captured=0.9, authorised_envoy=0.0, expert_academic=0.1),
    )
    susceptibility: float = assumed(
        None,
        "drift of the lean toward 1 at each meeting",
        "share a meeting",
        (0.0, 1.0),
        (0.0, 0.05),
        default_by=presets(0.01, honest_broker=0.0, credulous=0.05, authorised_envoy=0.0),
    )
    discretion: float = assumed(
        None,
        "weekly probability of not leaking",
        "probability a week",
        (0.0, 1.0),
        (0.95, 1.0),
        default_by=presets(0.985, honest_broker=0.998, self_promoter=0.95, authorised_envoy=0.998),
    )
    acuity: float = assumed(
        None,
        "divides the noise of what the official conveys",
        "factor",
        (0.05, 20.0),
        (0.5, 2.0),
        default_by=presets(1.0, expert_academic=1.5),
    )


TRACKS = ("1", "1.5", "2")


@dataclass(frozen=True, kw_only=True)
class Leg:
    """A state a channel visits, and the interlocutor met there."""

    name: str
    active: bool = active()
    state: str = one_of("states", "the state that is visited")
    start: int = count(1, "first week of visits", "week", (1, LONGEST_WEEKS))
    access: float = assumed(
        0.7, "closeness of the interlocutor to the leader; divides the noise", "0..1", (0.05, 1.0), (0.2, 1.0)
    )


@dataclass(frozen=True, kw_only=True)
class Channel:
    """A line of talks between a home state and those it visits."""

    name: str
    active: bool = active()
    track: str = choice("1.5", TRACKS, "1: officials on both sides; 1.5: on one side; 2: on neither")
    home: str = one_of("states", "the state the envoys come from")
    envoys: tuple[str, ...] = several_of("officials", "who speaks, in turn; at track 1 they are serving officials", ())
    cadence_weeks: int = count(4, "weeks from one meeting to the next", "weeks", (1, LONGEST_WEEKS))
    start: int = count(1, "first week of meetings", "week", (1, LONGEST_WEEKS))
    end: int = count(LONGEST_WEEKS, "last week of meetings", "week", (1, LONGEST_WEEKS))
    secret: bool = flag(True, "whether the channel is meant to stay unknown")
    authorised: bool = flag(
        False,
        "whether the home government has in truth authorised it",
        default_by=("track", {"1": True, "1.5": False, "2": False}),
    )
    ends_on_exposure: bool = flag(False, "whether the meetings stop once the channel is known")
    verification: float = assumed(
        0.1,
        "probability, at a meeting, that the hearer checks with the home government",
        "probability",
        (0.0, 1.0),
        (0.0, 0.5),
    )
    transfer_home: float = assumed(
        None,
        "probability that a meeting reaches the decision-makers at home, unless authorised",
        "probability",
        (0.0, 1.0),
        (0.0, 1.0),
        default_by=("track", {"1": 1.0, "1.5": 0.5, "2": 0.5}),
    )
    transfer_audience: float = assumed(
        None,
        "probability that a meeting reaches the decision-makers of the state visited",
        "probability",
        (0.0, 1.0),
        default_by=("track", {"1": 1.0, "1.5": 1.0, "2": 0.5}),
    )
    noise: float = assumed(0.3, "noise of a message at first hand", "sd of log cost", (0.01, 10.0), (0.15, 0.6))
    second_hand: float = assumed(
        2.0, "factor on the noise of what is known at second hand", "factor", (1.0, 20.0), (1.0, 4.0)
    )
    credibility: float = assumed(
        0.6,
        "probability, before any meeting, that the source is straight",
        "probability",
        (CERTAIN, 1.0 - CERTAIN),
        (0.3, 0.9),
    )
    straight_falsehood: float = sourced(
        "assumed",
        "lie_detection_lies",
        0.05,
        "believed share of misrepresented meetings of a straight source",
        "probability",
        (CERTAIN, 0.999),
        (0.01, 0.2),
    )
    crooked_falsehood: float = sourced(
        "assumed",
        "lie_detection_lies",
        0.6,
        "believed share of misrepresented meetings of a crooked source",
        "probability",
        (CERTAIN, 0.999),
        (0.2, 0.9),
    )
    suspected: float = assumed(
        1.0, "slant suspected in a misrepresented message", "prior sd of log cost", (0.0, 5.0), (0.0, 2.0)
    )
    slant: float = assumed(1.0, "uncertainty about that slant", "prior sd of log cost", (0.01, 5.0), (0.5, 2.0))
    claim_rate: float = assumed(
        0.5,
        "probability that a wholly captured envoy conveys an escalation claim at a meeting",
        "probability",
        (0.0, 1.0),
        (0.0, 1.0),
    )
    believed_authorised_trustworthy: float = assumed(
        0.15,
        "believed probability that a trustworthy home has such an authorised channel",
        "probability",
        (CERTAIN, 0.999),
        (0.05, 0.6),
    )
    believed_authorised_untrustworthy: float = assumed(
        0.6, "the same of an untrustworthy home", "probability", (CERTAIN, 0.999), (0.05, 0.6)
    )
    believed_freelance: float = assumed(
        None,
        "believed probability that such a channel exists without the home government",
        "probability",
        (0.0, 1.0),
        default_by=("track", {"1": 0.0, "1.5": 0.3, "2": 0.9}),
    )
    believed_offer_trustworthy: float = assumed(
        0.2,
        "believed probability of an offer on the record if authorised by a trustworthy home",
        "probability",
        (CERTAIN, 0.999),
        (0.1, 0.7),
    )
    believed_offer_untrustworthy: float = assumed(
        0.7, "the same if authorised by an untrustworthy home", "probability", (CERTAIN, 0.999), (0.1, 0.7)
    )
    believed_offer_freelance: float = assumed(0.5, "the same if freelance", "probability", (CERTAIN, 0.999), (0.1, 0.7))
    deny_authorised: float = assumed(
        0.6,
        "probability that the home government denies a channel it authorised",
        "probability",
        (0.0, 1.0),
        (0.3, 0.99),
    )
    deny_freelance: float = assumed(
        0.97, "probability that it denies one it did not", "probability", (0.0, 1.0), (0.3, 0.99)
    )
    believed_deny_authorised: float = assumed(
        None,
        "the first, as other states believe it",
        "probability",
        (CERTAIN, 1.0 - CERTAIN),
        default_as="deny_authorised",
    )
    believed_deny_freelance: float = assumed(
        None,
        "the second, as other states believe it",
        "probability",
        (CERTAIN, 1.0 - CERTAIN),
        default_as="deny_freelance",
    )
    sincere_false_share: float = assumed(
        0.1,
        "false claims expected of a channel that a trustworthy home authorised, as a share of those expected otherwise",
        "share",
        (0.001, 2.0),
        (0.05, 1.25),
    )
    legs: dict[str, Leg] = field(metadata={"table": Leg, "refers_to": ""})


@dataclass(frozen=True, kw_only=True)
class World:
    """Everything that holds between two interventions."""

    title: str = text("", "one line that names the case")
    description: str = text("", "the case the scenario stands for")
    weeks: int = count(156, "the horizon", "weeks", (1, LONGEST_WEEKS))
    front: Front = field(metadata={"one": Front})
    agreement: Agreement = field(metadata={"one": Agreement})
    table: Table = field(metadata={"one": Table})
    escalation: Escalation = field(metadata={"one": Escalation})
    issues: dict[str, Issue] = field(metadata={"table": Issue, "refers_to": ""})
    states: dict[str, State] = field(metadata={"table": State, "refers_to": ""})
    guarantees: dict[str, Guarantee] = field(metadata={"table": Guarantee, "refers_to": ""})
    aid: dict[str, Aid] = field(metadata={"table": Aid, "refers_to": ""})
    officials: dict[str, Official] = field(metadata={"table": Official, "refers_to": ""})
    channels: dict[str, Channel] = field(metadata={"table": Channel, "refers_to": ""})


def act(meaning: str) -> Any:
    """Return a field that names the channel an act of an intervention is about; empty where there is no such act."""
    return declare(Parameter("name", meaning, "a name in [channels]", "", refers_to="channels"))


@dataclass(frozen=True, kw_only=True)
class Intervention:
    """What changes at the start of one week: entries removed, added and changed, in this order, and public acts."""

    name: str
    week: int = declare(Parameter("count", "when it happens", "week", limits=(1, LONGEST_WEEKS), required=True))
    remove: tuple[str, ...] = declare(
        Parameter("addresses", "entries that cease to exist, as in channels.back", "entries", ())
    )
    expose: str = act("the channel that becomes known this week, and not before")
    deny: str = act("the exposed channel that its home government denies")
    stay_silent: str = act("the exposed channel on which its home government says nothing")
    disown: str = act("the channel whose envoys the home government disowns")


def parameters_of(scope: type) -> Iterator[tuple[str, Parameter]]:
    """Yield the name and the declaration of each parameter of `scope`, in the order of the file."""
    for one in fields(scope):
        if "parameter" in one.metadata:
            yield one.name, one.metadata["parameter"]


def tables_of(scope: type) -> Iterator[tuple[str, type, str]]:
    """Yield the name, the scope and the table its names must stand in, of each table of named entries below `scope`."""
    for one in fields(scope):
        if "table" in one.metadata:
            yield one.name, one.metadata["table"], one.metadata["refers_to"]


def sections_of(scope: type) -> Iterator[tuple[str, type]]:
    """Yield the name and the scope of each single section below `scope`."""
    for one in fields(scope):
        if "one" in one.metadata:
            yield one.name, one.metadata["one"]
