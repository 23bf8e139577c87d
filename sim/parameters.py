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

Kind = Literal["number", "count", "flag", "choice", "name", "names", "addresses", "text", "by_issue", "points"]
Standing = Literal["measured", "derived", "assumed", "structural"]

_LONGEST_WEEKS = 5200
MOST_ISSUES = 8
MOST_ENTRIES = 64
LONGEST_NAME = 60
MOST_POINTS = 12
FRONT = "front"  # the number of a point that moves with the line of contact
NAME_PATTERN = rf"[a-z][a-z0-9_]{{0,{LONGEST_NAME - 1}}}"
CERTAIN = 1e-6

SIDES = ("A", "B", "none")
TRACKS = ("1", "1.5", "2")
SPEECHES = ("shading", "line")
ATTRIBUTIONS = ("home", "own")
BRIEFINGS = ("unread", "read")
SUBJECTS = ("all", "home")
PERSONAS = ("plain", "honest_broker", "self_promoter", "captured", "credulous", "authorised_envoy", "expert_academic")

Limits = tuple[float, float]
Presets = tuple[str, dict[str, Any]]  # a field whose value is one of a few words, and what each of them stands for


@dataclass(frozen=True)
class Parameter:
    """One parameter: what it means and what it may be.

    kind        what values it takes: see sim/scenario/kinds.py, which has what is asked of each kind
    limits      lowest and highest value a file may give, both included
    plausible   range swept by `--over plausible`; None where it is not swept
    default_by  another field of the same scope, and the default for each of its values
    default_as  another field of the same scope whose value is the default (the `believed_` twins)
    refers_to   the table a name must stand in: states, issues, officials, channels
    required    whether a file must give it
    scaled      whether the numbers of one entry are scaled to sum to 1 (so they may not all be 0)
    told        whether it serves words alone: no result, no version of the model and no fingerprint depends on it
    """

    kind: Kind
    meaning: str
    unit: str = ""
    default: Any = None
    limits: Limits = (0.0, 1.0)
    plausible: Limits | None = None
    standing: Standing = "structural"
    source: str = ""
    options: tuple[str, ...] = ()
    default_by: Presets | None = None
    default_as: str = ""
    refers_to: str = ""
    required: bool = False
    scaled: bool = False
    told: bool = False

    @property
    def by_issue(self) -> bool:
        """Whether it holds one number for each issue, each with a key of its own."""
        return self.kind == "by_issue"

    @property
    def by_point(self) -> bool:
        """Whether it holds one number for each point that the file names, each with a key of its own."""
        return self.kind == "points"


def declare(parameter: Parameter) -> Any:
    """Return the dataclass field that carries `parameter`."""
    return field(metadata={"parameter": parameter})


def assumed(default: float | Presets, unit: str, limits: Limits, plausible: Limits | None, meaning: str) -> Any:
    """Return a field for a real number that nobody has measured; a choice of the same scope may set its default."""
    value, default_by = (None, default) if isinstance(default, tuple) else (default, None)
    return declare(Parameter("number", meaning, unit, value, limits, plausible, "assumed", default_by=default_by))


def sourced(
    standing: Standing, source: str, default: float, unit: str, limits: Limits, plausible: Limits, meaning: str
) -> Any:
    """Return a field for a real number with a source: measured, derived from what was measured, or informed by it."""
    return declare(Parameter("number", meaning, unit, default, limits, plausible, standing, source))


def _twin_of(believed: str, unit: str, limits: Limits, meaning: str) -> Any:
    """Return a field for what is believed about another number of the same scope, whose value is the default."""
    return declare(Parameter("number", meaning, unit, None, limits, None, "assumed", default_as=believed))


def count(default: int, unit: str, limits: tuple[int, int], meaning: str) -> Any:
    """Return a field for a whole number."""
    return declare(Parameter("count", meaning, unit, default, limits))


def flag(default: bool, meaning: str, default_by: Presets | None = None) -> Any:
    """Return a field that is true or false."""
    return declare(Parameter("flag", meaning, "true or false", default, default_by=default_by))


def choice(default: str, options: tuple[str, ...], meaning: str) -> Any:
    """Return a field for one of a few words."""
    return declare(Parameter("choice", meaning, " | ".join(options), default, options=options))


def _one_of(refers_to: str, meaning: str) -> Any:
    """Return a required field that names one entry of the table `refers_to`."""
    return declare(Parameter("name", meaning, f"a name in [{refers_to}]", refers_to=refers_to, required=True))


def _one_or_none_of(refers_to: str, meaning: str) -> Any:
    """Return a field that names one entry of the table `refers_to`, or none: an empty text, as by default."""
    return declare(Parameter("name", meaning, f"a name in [{refers_to}]", "", refers_to=refers_to))


def _several_of(refers_to: str, meaning: str, default: tuple[str, ...] | None = None) -> Any:
    """Return a field that lists entries of the table `refers_to`; required where there is no default."""
    unit = f"names in [{refers_to}]"
    return declare(Parameter("names", meaning, unit, default, refers_to=refers_to, required=default is None))


def text(default: str, meaning: str) -> Any:
    """Return a field for free text."""
    return declare(Parameter("text", meaning, "text", default))


def told(default: str, meaning: str) -> Any:
    """Return a field for free text that is told with events and decides nothing."""
    return declare(Parameter("text", meaning, "text", default, told=True))


def points(meaning: str) -> Any:
    """Return a field for named points on the scale of an issue; without them, terms are told as numbers alone."""
    return declare(Parameter("points", meaning, f'0..1 or "{FRONT}"', told=True))


def by_issue(default: float, meaning: str, unit: str, scaled: bool = False) -> Any:
    """Return a field that holds one number for each issue; `default` stands for issues that are not named."""
    return declare(Parameter("by_issue", meaning, unit, default, standing="assumed", scaled=scaled))


def active() -> Any:
    """Return the field that says whether an entry exists in an era; set by interventions, never by a key."""
    return field(metadata={"era": True})


def _by_side(*values: bool) -> Presets:
    """Return the defaults of a parameter by the side of a state, in the order of SIDES."""
    return ("side", dict(zip(SIDES, values, strict=True)))


def _by_track(*values: float) -> Presets:
    """Return the defaults of a parameter by the track of a channel, in the order of TRACKS."""
    return ("track", dict(zip(TRACKS, values, strict=True)))


def _by_persona(*values: float) -> Presets:
    """Return the defaults of a parameter by the persona of an official, in the order of PERSONAS."""
    return ("persona", dict(zip(PERSONAS, values, strict=True)))


# What follows is a table. A number takes two lines: standing, source, default, unit, limits and plausible range on the
# first, its meaning on the second.
# fmt: off

@dataclass(frozen=True, kw_only=True)
class Issue:
    """A question a deal must settle; 0 is side B's aim, 1 is side A's."""

    name: str
    contested: bool = flag(False, "whether the front settles the issue if nobody agrees")
    status_quo: float = assumed(0.5, "0..1", (0.0, 1.0), None,
        "where an issue that is not contested stays without a deal")
    points: dict[str, float | str] = points("what places on the scale are called; \"front\": wherever the front stands")


@dataclass(frozen=True, kw_only=True)
class Toward:
    """What one state thinks of another at the start."""

    name: str
    trust: float = assumed(0.5, "probability", (CERTAIN, 1.0 - CERTAIN), (0.05, 0.95),
        "probability, held at the start, that the other state is trustworthy")
    intelligence: float = assumed(1.0, "sd of log cost", (0.001, 10.0), (0.5, 3.0),
        "noise of the one signal about the other's cost of war received before the start")


@dataclass(frozen=True, kw_only=True)
class State:
    """A government that fights, negotiates, guarantees, brokers or looks on."""

    name: str
    side: str = choice("none", SIDES, "A: the invader; B: the invaded; none: a third party")
    cost_median: float = assumed(0.03, "utility", (1e-4, 1.0), (0.015, 0.09),
        "median private cost of another stretch of war (third party: of support)")
    cost_sd: float = assumed(0.7, "sd of log cost", (0.0, 3.0), (0.35, 1.05),
        "spread of the private cost over replicates")
    growth: float = assumed(0.004, "share of the cost a week", (0.0, 0.1), (0.0, 0.01),
        "growth of weariness a week")
    volatility: float = assumed(0.03, "sd of log cost a week", (0.0, 0.5), (0.0, 0.06),
        "weekly change of the private cost")
    optimism: float = assumed(0.5, "prior sd of log cost", (-3.0, 3.0), (0.0, 1.0),
        "how far the costs of adversaries are overrated at the start")
    reliability: float = assumed(0.7, "probability", (0.0, 1.0), (0.1, 0.95),
        "probability that the government is of the trustworthy type")
    betrayal: float = assumed(0.1, "utility", (0.0, 2.0), (0.04, 0.3),
        "loss of a belligerent whose adversary breaks the agreement")
    strength: float = assumed(0.0, "aid units", (0.0, 10.0), None,
        "own fighting strength in the balance that moves the front")
    deterrence: float = assumed(0.0, "probability", (0.0, 1.0), (0.1, 0.8),
        "probability that own strength alone deters an attack after an agreement")
    table_cost: float = assumed(0.05, "own cost medians", (0.0, 10.0), (0.0, 0.15),
        "least expected gain for which the state joins the table")
    goodwill: float = assumed(0.02, "probability", (0.0, 1.0), (0.0, 0.05),
        "probability of joining the table although the gain is too small")
    contact_cost: float = assumed(0.02, "own cost medians", (0.0, 10.0), (0.0, 0.1),
        "least expected gain for which the government meets in a channel; 0: it meets whatever it gains")
    willing: float = assumed(1.0, "probability", (0.0, 1.0), None,
        "probability that its officials come to a meeting of a channel (tracks 1 and 1.5)")
    aspiration: float = assumed(1.0, "own cost medians", (0.0, 20.0), (0.25, 2.0),
        "what the state holds out for at the start of a table")
    concession: float = assumed(1.0, "exponent", (0.05, 20.0), (0.3, 3.0),
        "exponent e of the concession curve: below 1 late, above 1 early")
    grievance: float = assumed(0.2, "own cost medians", (0.0, 20.0), (0.0, 1.0),
        "extra gain an excluded state asks for to accept a done deal")
    blocking: float = assumed(0.0, "probability", (0.0, 1.0), (0.0, 1.0),
        "probability that a deal the state refuses from outside is blocked")
    believed_blocking: float = _twin_of("blocking", "probability", (0.0, 1.0),
        "the same, as the parties at the table believe it")
    ratifies: bool = flag(False, "whether a deal signed by the state needs its parliament")
    slack: float = assumed(0.02, "utility", (-1.0, 1.0), (0.0, 0.05),
        "what parliament lets pass")
    domestic_sd: float = assumed(0.04, "utility", (0.0, 1.0), (0.01, 0.08),
        "spread of the vote in parliament")
    exposure_cost: float = assumed(0.2, "own cost medians", (0.0, 1.0), (0.0, 1.0),
        "audience cost when a channel it had ruled out is exposed")
    exposure_lapse: float = assumed(1 / 26, "share a week", (0.0, 1.0), (0.01, 0.1),
        "share of the audience cost that lapses in a week")
    ruled_out: bool = flag(False,
        "whether the government had publicly ruled secret talks out, and so pays the audience cost",
        _by_side(True, False, True))
    lookahead: float = assumed(0.0, "weeks", (0.0, _LONGEST_WEEKS), None,
        "how many weeks of the front's present drift the government reckons with where it fights on")
    bluff: float = assumed(1.0, "prior sd of log cost", (0.0, 5.0), (0.0, 2.0),
        "how far the official position understates the private cost")
    proposes: bool = flag(True, "whether the state takes its turn to make offers at the table")
    sees_answers: bool = flag(True, "whether the state learns the answers of the others at the table")
    shows_answers: bool = flag(True, "whether the others at the table learn its answers")
    pledges: tuple[str, ...] = _several_of("states",
        "states without which it has pledged to join no table", ())
    aims: dict[str, float] = by_issue(0.5, "what the state wants on each issue", "0..1")
    weights: dict[str, float] = by_issue(0.0, "how much each issue matters; scaled to sum to 1", "weight", scaled=True)
    toward: dict[str, Toward] = field(metadata={"table": Toward, "refers_to": "states"})


@dataclass(frozen=True, kw_only=True)
class Guarantee:
    """A promise to defend a state if the agreement is broken; as strong as the issue ends near that state's aim."""

    name: str
    active: bool = active()
    guarantor: str = _one_of("states", "who promises")
    beneficiary: str = _one_of("states", "the belligerent that is protected")
    issue: str = _one_of("issues", "the issue whose outcome sets the strength: 1 - |x - aim of the beneficiary|")
    effect: float = assumed(0.8, "probability", (0.0, 1.0), (0.4, 0.95),
        "probability that the full guarantee of a trustworthy guarantor deters an attack")
    burden: float = assumed(0.05, "utility", (0.0, 1.0), (0.02, 0.1),
        "what the full guarantee costs the guarantor")


@dataclass(frozen=True, kw_only=True)
class Aid:
    """A flow of arms from a giver to a belligerent."""

    name: str
    active: bool = active()
    giver: str = _one_of("states", "who gives")
    recipient: str = _one_of("states", "the belligerent that receives")
    maximum: float = assumed(0.6, "aid units", (0.0, 10.0), (0.2, 1.0),
        "aid given when escalation is not feared at all")
    sensitivity: float = assumed(1.0, "share", (0.0, 1.0), (0.0, 1.0),
        "share of the aid withheld for each unit of feared escalation")


@dataclass(frozen=True, kw_only=True)
class Front:
    """The line of contact: 0 is side B's aim, 1 is side A's."""

    start: float = assumed(0.45, "0..1", (0.001, 0.999), (0.35, 0.55),
        "where the front stands at the start")
    response: float = assumed(0.001, "front a week", (0.0, 0.1), (0.0, 0.003),
        "weekly movement of the front for a unit of superior strength")
    sd: float = sourced("measured", "isw_front_sd", 0.0008, "front a week", (0.0, 0.2), (0.0004, 0.0016),
        "weekly chance movement of the front")


@dataclass(frozen=True, kw_only=True)
class Table:
    """The formal negotiation: who sits there and by which procedure."""

    parties: tuple[str, ...] = _several_of("states", "the states that sit at the table")
    opens: int = count(0, "week", (0, _LONGEST_WEEKS),
        "week in which the table opens whatever the parties expect; 0: when they see a gain")
    attempt_weeks: int = count(4, "weeks", (1, _LONGEST_WEEKS),
        "weeks between attempts to open the table")
    convening: float = assumed(0.1, "probability", (0.0, 1.0), (0.03, 0.3),
        "probability that an attempt is made when all would join")
    round_weeks: int = count(2, "weeks", (1, _LONGEST_WEEKS),
        "weeks from one round to the next")
    max_rounds: int = count(20, "rounds", (1, 1000),
        "rounds until an opened table fails")
    breakdown: float = assumed(0.0, "probability", (0.0, 1.0), None,
        "probability that a round in which an offer was refused at the table ends the talks")
    cooling_off_weeks: int = count(13, "weeks", (0, _LONGEST_WEEKS),
        "weeks a failed table stays closed")
    bridge_weeks: int = count(8, "weeks", (1, _LONGEST_WEEKS),
        "how long a channel that has reached a belligerent of each side helps to open the table")
    fait_accompli: float = assumed(0.5, "likelihood ratio", (0.001, 1000.0), (0.25, 1.25),
        "Bayes factor by which an excluded state's trust moves toward those who present a done deal")
    believed_pledge_trustworthy: float = assumed(0.75, "probability", (CERTAIN, 1.0 - CERTAIN), (0.5, 0.95),
        "believed probability that a state to which a trustworthy one pledged a seat has one")
    believed_pledge_untrustworthy: float = assumed(0.5, "probability", (CERTAIN, 1.0 - CERTAIN), (0.3, 0.75),
        "the same of an untrustworthy one")


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """What becomes of a deal that is signed."""

    hold_weeks: int = count(52, "weeks", (1, _LONGEST_WEEKS),
        "weeks an agreement must hold to count as success")
    followed: bool = flag(False,
        "whether an agreement in force at the horizon is followed until it ends or has held, and payoffs are as realised")
    belief_horizon: int = count(156, "weeks", (1, _LONGEST_WEEKS),
        "weeks over which the parties judge whether a deal will be kept")
    settling: float = assumed(0.0, "weeks", (0.0, 1e6), None,
        "weeks after which an agreement has begun to settle, so that breaches grow less likely; 0: they never do")
    hazard_trustworthy: float = assumed(0.001, "probability a week", (0.0, 0.5), (0.0, 0.003),
        "weekly probability that a trustworthy belligerent breaks")
    hazard_untrustworthy: float = assumed(0.008, "probability a week", (0.0, 0.5), (0.003, 0.02),
        "added weekly probability that an untrustworthy belligerent breaks if not deterred")
    believed_hazard_trustworthy: float = _twin_of("hazard_trustworthy", "probability a week", (0.0, 0.5),
        "the first, as the parties believe it")
    believed_hazard_untrustworthy: float = _twin_of("hazard_untrustworthy", "probability a week", (0.0, 0.5),
        "the second, as the parties believe it")
    spoiling: float = assumed(0.01, "probability a week", (0.0, 0.5), (0.0, 0.03),
        "weekly probability that a state with blocking power, overruled, spoils the deal")


@dataclass(frozen=True, kw_only=True)
class Escalation:
    """The fear that arms bring escalation, and what moves it."""

    prior: float = assumed(0.1, "probability", (CERTAIN, 1.0 - CERTAIN), (0.02, 0.3),
        "believed probability of escalation before any claim")
    reversion: float = assumed(0.05, "share a week", (0.0, 1.0), (0.0, 0.2),
        "share of the moved log-odds that lapses in a week")
    claim_factor: float = sourced("assumed", "compellent_threats", 1.5, "likelihood ratio", (0.01, 100.0), (0.8, 4.0),
        "Bayes factor of a claim that the other side would escalate, from a straight source")
    believed_claim_rate: float = assumed(0.05, "probability", (0.0, 0.99), (0.01, 0.2),
        "probability the hearer gives to such a claim where no escalation is meant")


@dataclass(frozen=True, kw_only=True)
class Official:
    """A former official who speaks in a channel."""

    name: str
    home: str = _one_of("states", "the state the official once served")
    persona: str = choice("plain", PERSONAS, "a preset of the parameters below")
    # plain, honest broker, self-promoter, captured, credulous, authorised envoy, expert academic
    candour: float = assumed(
        _by_persona(0.9, 1.0, 0.5, 0.5, 1.0, 1.0, 1.0), "probability", (0.0, 1.0), (0.0, 1.0),
        "probability that a meeting is not misrepresented")
    shading: float = assumed(
        _by_persona(1.5, 0.0, 1.5, 1.5, 1.5, 0.0, 0.0), "prior sd of log cost", (0.0, 5.0), (0.0, 3.0),
        "how much readier to settle a misrepresented message makes the spoken-for side look")
    adopts: float = assumed(0.3, "share", (0.0, 1.0), None,
        "how far a line that is not home's goes from the official position toward another's aims")
    lean: float = assumed(
        _by_persona(0.2, 0.0, 0.2, 0.9, 0.2, 0.0, 0.1), "share", (0.0, 1.0), (0.0, 1.0),
        "how far the other side's bluff is relayed at face value")
    susceptibility: float = assumed(
        _by_persona(0.01, 0.0, 0.01, 0.01, 0.05, 0.0, 0.01), "share a meeting", (0.0, 1.0), (0.0, 0.05),
        "drift of the lean toward 1 at each meeting")
    discretion: float = assumed(
        _by_persona(0.985, 0.998, 0.95, 0.985, 0.985, 0.998, 0.985), "probability a week", (0.0, 1.0), (0.95, 1.0),
        "weekly probability of not leaking")
    acuity: float = assumed(
        _by_persona(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.5), "factor", (0.05, 20.0), (0.5, 2.0),
        "divides the noise of what the official conveys")


@dataclass(frozen=True, kw_only=True)
class Leg:
    """A state a channel visits, and the interlocutor met there."""

    name: str
    active: bool = active()
    state: str = _one_of("states", "the state that is visited")
    start: int = count(1, "week", (1, _LONGEST_WEEKS),
        "first week of visits")
    access: float = assumed(0.7, "0..1", (0.05, 1.0), (0.2, 1.0),
        "closeness of the interlocutor to the leader; divides the noise")


@dataclass(frozen=True, kw_only=True)
class Brief:
    """A state that home tells of a channel; the entry has the name of the state."""

    name: str
    week: int = count(0, "week", (0, _LONGEST_WEEKS),
        "week from which home tells it; 0: from the first week of the channel")


@dataclass(frozen=True, kw_only=True)
class Channel:
    """A line of talks between a home state and those it visits."""

    name: str
    active: bool = active()
    track: str = choice("1.5", TRACKS, "1: officials on both sides; 1.5: on one side; 2: on neither")
    home: str = _one_of("states", "the state the envoys come from")
    host: str = _one_or_none_of("states",
        "a state, neither home nor visited, on whose soil they meet; it knows of the channel")
    host_discretion: float = assumed(0.998, "probability a week", (0.0, 1.0), (0.95, 1.0),
        "weekly probability that the host does not leak")
    becomes_table: int = count(0, "week", (0, _LONGEST_WEEKS),
        "week from which home and the states visited sit at the table in place of table.parties; 0: never")
    envoys: tuple[str, ...] = _several_of("officials", "who speaks, in turn; at track 1 they are serving officials", ())
    cadence_weeks: int = count(4, "weeks", (1, _LONGEST_WEEKS),
        "weeks from one meeting to the next")
    start: int = count(1, "week", (1, _LONGEST_WEEKS),
        "first week of meetings")
    end: int = count(_LONGEST_WEEKS, "week", (1, _LONGEST_WEEKS),
        "last week of meetings")
    secret: bool = flag(True, "whether the channel is meant to stay unknown")
    authorised: bool = flag(False,
        "whether the home government has in truth authorised it", _by_track(True, False, False))
    ends_on_exposure: bool = flag(False, "whether the meetings stop once the channel is known")
    verification: float = assumed(0.1, "probability", (0.0, 1.0), (0.0, 0.5),
        "probability, at a meeting, that the hearer checks with the home government")
    transfer_home: float = assumed(_by_track(1.0, 0.5, 0.5), "probability", (0.0, 1.0), (0.0, 1.0),
        "probability that a meeting reaches the decision-makers at home, unless authorised")
    transfer_audience: float = assumed(_by_track(1.0, 1.0, 0.5), "probability", (0.0, 1.0), None,
        "probability that a meeting reaches the decision-makers of the state visited")
    noise: float = assumed(0.3, "sd of log cost", (0.01, 10.0), (0.15, 0.6),
        "noise of a message at first hand")
    second_hand: float = assumed(2.0, "factor", (1.0, 20.0), (1.0, 4.0),
        "factor on the noise of what is known at second hand")
    credibility: float = assumed(0.6, "probability", (CERTAIN, 1.0 - CERTAIN), (0.3, 0.9),
        "probability, before any meeting, that the source is straight")
    straight_falsehood: float = sourced("assumed", "lie_detection_lies", 0.05, "probability", (CERTAIN, 0.999), (0.01, 0.2),
        "believed share of misrepresented meetings of a straight source")
    crooked_falsehood: float = sourced("assumed", "lie_detection_lies", 0.6, "probability", (CERTAIN, 0.999), (0.2, 0.9),
        "believed share of misrepresented meetings of a crooked source")
    suspected: float = assumed(1.0, "prior sd of log cost", (0.0, 5.0), (0.0, 2.0),
        "slant suspected in a misrepresented message")
    slant: float = assumed(1.0, "prior sd of log cost", (0.01, 5.0), (0.5, 2.0),
        "uncertainty about that slant")
    bridge: float = assumed(1.0, "odds ratio", (0.01, 100.0), None,
        "factor on the odds that an attempt to open the table is made, while the channel reaches both sides")
    bridge_home: bool = flag(False, "whether to reach home is to reach the side that home supports")
    claim_rate: float = assumed(0.5, "probability", (0.0, 1.0), (0.0, 1.0),
        "probability that a wholly captured envoy conveys an escalation claim at a meeting")
    believed_authorised_trustworthy: float = assumed(0.15, "probability", (CERTAIN, 0.999), (0.05, 0.6),
        "believed probability that a trustworthy home has such an authorised channel")
    believed_authorised_untrustworthy: float = assumed(0.6, "probability", (CERTAIN, 0.999), (0.05, 0.6),
        "the same of an untrustworthy home")
    briefing: str = choice("unread", BRIEFINGS,
        "whether states read something of home in being told of a secret channel by it, and in not being told")
    believed_brief_trustworthy: float = assumed(0.5, "probability", (CERTAIN, 1.0 - CERTAIN), None,
        "believed probability that a trustworthy home tells those it supports of a channel it has authorised")
    believed_brief_untrustworthy: float = assumed(0.5, "probability", (CERTAIN, 1.0 - CERTAIN), None,
        "the same of an untrustworthy home")
    believed_brief_freelance: float = assumed(0.5, "probability", (CERTAIN, 1.0 - CERTAIN), None,
        "the same of a channel that home did not authorise")
    believed_freelance: float = assumed(_by_track(0.0, 0.3, 0.9), "probability", (0.0, 1.0), None,
        "believed probability that such a channel exists without the home government")
    believed_offer_trustworthy: float = assumed(0.2, "probability", (CERTAIN, 0.999), (0.1, 0.7),
        "believed probability of an offer on the record if authorised by a trustworthy home")
    believed_offer_untrustworthy: float = assumed(0.7, "probability", (CERTAIN, 0.999), (0.1, 0.7),
        "the same if authorised by an untrustworthy home")
    believed_offer_freelance: float = assumed(0.5, "probability", (CERTAIN, 0.999), (0.1, 0.7),
        "the same if freelance")
    deny_authorised: float = assumed(0.6, "probability", (0.0, 1.0), (0.3, 0.99),
        "probability that the home government denies a channel it authorised")
    deny_freelance: float = assumed(0.97, "probability", (0.0, 1.0), (0.3, 0.99),
        "probability that it denies one it did not")
    believed_deny_authorised: float = _twin_of("deny_authorised", "probability", (CERTAIN, 1.0 - CERTAIN),
        "the first, as other states believe it")
    believed_deny_freelance: float = _twin_of("deny_freelance", "probability", (CERTAIN, 1.0 - CERTAIN),
        "the second, as other states believe it")
    sincere_false_share: float = assumed(0.1, "share", (0.001, 2.0), (0.05, 1.25),
        "false claims expected of a channel that a trustworthy home authorised, as a share of those expected otherwise")
    speech: str = choice("shading", SPEECHES,
        "how former officials speak of home: anew at each meeting, at times shaded; or by a line, set out once")
    believed_candour: float = assumed(0.73, "probability", (CERTAIN, 1.0 - CERTAIN), None,
        "believed probability that a line set out in the channel is home's")
    attributed: str = choice("home", ATTRIBUTIONS,
        "in whose name a line is set out that is not home's: as home's, or as an idea of the envoys' own")
    concedes_to: str = _one_or_none_of("states",
        "the state toward whose aims a line goes that is not home's, whoever hears it; empty: toward those of whoever does")
    about: str = choice("all", SUBJECTS, "of whom a channel with a line speaks: of all belligerents, or of home alone")
    conveys: str = told("", "what envoys who misrepresent make believe of home, in words")
    legs: dict[str, Leg] = field(metadata={"table": Leg, "refers_to": ""})
    briefs: dict[str, Brief] = field(metadata={"table": Brief, "refers_to": ""})

    def briefed_from(self, state: str) -> int:
        """Return the week from which home tells a state of the channel, 0 if it does not."""
        return max(self.briefs[state].week, self.start) if state in self.briefs else 0


@dataclass(frozen=True, kw_only=True)
class World:
    """Everything that holds between two interventions."""

    title: str = text("", "one line that names the case")
    description: str = text("", "the case the scenario stands for")
    weeks: int = count(156, "weeks", (1, _LONGEST_WEEKS),
        "the horizon")
    front: Front = field(metadata={"section": Front})
    agreement: Agreement = field(metadata={"section": Agreement})
    table: Table = field(metadata={"section": Table})
    escalation: Escalation = field(metadata={"section": Escalation})
    issues: dict[str, Issue] = field(metadata={"table": Issue, "refers_to": ""})
    states: dict[str, State] = field(metadata={"table": State, "refers_to": ""})
    guarantees: dict[str, Guarantee] = field(metadata={"table": Guarantee, "refers_to": ""})
    aid: dict[str, Aid] = field(metadata={"table": Aid, "refers_to": ""})
    officials: dict[str, Official] = field(metadata={"table": Official, "refers_to": ""})
    channels: dict[str, Channel] = field(metadata={"table": Channel, "refers_to": ""})
# fmt: on


def act(meaning: str) -> Any:
    """Return a field that names the channel an act of an intervention is about; empty where there is no such act."""
    return _one_or_none_of("channels", meaning)


@dataclass(frozen=True, kw_only=True)
class Intervention:
    """What changes at the start of one week: entries removed, added and changed, in this order, and public acts."""

    name: str
    week: int = declare(Parameter("count", "when it happens", "week", limits=(1, _LONGEST_WEEKS), required=True))
    remove: tuple[str, ...] = declare(
        Parameter("addresses", "entries that cease to exist, as in channels.back", "entries", ())
    )
    expose: str = act("the channel that becomes known this week, and not before")
    deny: str = act("the exposed channel that its home government denies")
    stay_silent: str = act("the exposed channel on which its home government says nothing")
    disown: str = act("the channel whose envoys the home government disowns")


def parameters_of(scope: type) -> Iterator[tuple[str, Parameter]]:
    """Yield the name and the declaration of each parameter of `scope`, in the order of the file."""
    for declared in fields(scope):
        if "parameter" in declared.metadata:
            yield declared.name, declared.metadata["parameter"]


def tables_of(scope: type) -> Iterator[tuple[str, type, str]]:
    """Yield the name, the scope and the table its names must stand in, of each table of named entries below `scope`."""
    for declared in fields(scope):
        if "table" in declared.metadata:
            yield declared.name, declared.metadata["table"], declared.metadata["refers_to"]


def sections_of(scope: type) -> Iterator[tuple[str, type]]:
    """Yield the name and the scope of each single section below `scope`."""
    for declared in fields(scope):
        if "section" in declared.metadata:
            yield declared.name, declared.metadata["section"]
