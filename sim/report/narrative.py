"""Events in words: who did what, to whom, with which numbers and which effect.

One entry of SENTENCES for each kind of event. A sentence says numbers with their units and names without underscores,
and fits, with the week before it, in a line of 110 characters, unless it tells terms or positions in words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from sim import words
from sim.report.places import told_place

if TYPE_CHECKING:
    from sim.parameters import World
    from sim.scenario.load import Scenario
    from sim.steps.events import Event

_LONGEST_LINE = 110
_ROOM = _LONGEST_LINE - len("week 5200: ")
_NEVER = 1e100

_ROLES = {"academic", "adviser", "broker", "diplomat", "emissary", "envoy", "mediator", "negotiator", "official"}

_FAILURES = {
    "impasse": "The talks fail: the last round brings no agreement",
    "vetoed": "The talks fail: a state kept out has blocked the deal",
    "not_ratified": "The talks fail: a parliament has voted the deal down",
    "broken": "The agreement is over: it has been broken or spoiled",
}


class _Cause(NamedTuple):
    """Why trust or a belief moved: in full, in short, and after what."""

    full: str
    short: str
    after: str


_CAUSES = {
    "keeps": _Cause("a week of the agreement kept", "agreement kept", "weeks of the agreement kept"),
    "breaks": _Cause("the agreement broken", "agreement broken", "the breach of the agreement"),
    "checks": _Cause("what a check showed", "a check", "a check of what it had been told"),
    "denies": _Cause("the channel denied", "denial", "the denial"),
    "stays_silent": _Cause("no word on the channel", "silence", "the silence about it"),
    "accepts": _Cause("the offer accepted", "accepted", "the offer was accepted"),
    "refuses": _Cause("the offer refused", "refused", "the offer was refused"),
    "the channel comes to light": _Cause("the channel comes to light", "the leak", "the leak"),
    "is brought into the channel": _Cause("brought into the channel", "let in", "it was let into the channel"),
    "is told of the channel": _Cause("told of the channel by home", "told", "it was told of the channel"),
    "reads the record of the channel": _Cause("the record of the channel", "the record", "the record of the channel"),
    "a public channel": _Cause("a public channel without it", "left out", "a public channel without it"),
    "a deal was made in the channel": _Cause("a deal made in a secret channel", "the deal", "a deal made in secret"),
    "is seated as pledged": _Cause("seated at the table as pledged", "pledge kept", "it was seated as pledged"),
    "is left out in spite of a pledge": _Cause(
        "left out in spite of a pledge", "pledge broken", "it was left out in spite of a pledge"
    ),
    "faces a done deal": _Cause("faced with a done deal", "done deal", "it faced a done deal"),
}


class Cast:
    """The names of a scenario as sentences call them, and what places on the scales are called in each week."""

    def __init__(
        self, scenario: Scenario, fronts: Sequence[float] = (), passed_off: Mapping[str, int] | None = None
    ) -> None:
        """Take in who there is; every era knows the same names.

        fronts       where the front stands at the end of each week; without, where it stands at the start
        passed_off   for each channel in which something was misrepresented, the first week of it
        """
        self.eras = scenario.eras
        self.fronts = fronts
        self.passed_off = passed_off or {}
        world = scenario.eras[0].world
        self.states = set(world.states)
        self.officials = set(world.officials)
        self.channels = set(world.channels)
        self.issues = [words.plain(issue) for issue in world.issues]
        self.sides = {side: [name for name, state in world.states.items() if state.side == side] for side in ("A", "B")}

    def name(self, name: str) -> str:
        """Return a name as it stands in a sentence."""
        if name in self.states:
            return words.state(name)
        if name in self.officials:
            return f"the {words.plain(name)}" if name.rpartition("_")[2] in _ROLES else words.proper(name)
        if name in self.channels:
            called = words.plain(name)
            return f"the {called}" if called.endswith("channel") else f"the {called} channel"
        return words.plain(name)

    def aims(self, side: str) -> str:
        """Return what the end of the scale is that a side wants: Russia's aims."""
        fighters = self.sides[side]
        return f"{words.possessive(words.state(fighters[0]))} aims" if len(fighters) == 1 else f"side {side}'s aims"

    @property
    def names_points(self) -> bool:
        """Whether some issue has points, so that places are told in words."""
        return any(issue.points for issue in self.eras[0].world.issues.values())

    def terms(self, terms: tuple[float, ...], week: int) -> str:
        """Return terms of a week, by issue: in words where the issue has points, else as numbers."""
        mark, between = (": ", "; ") if self.names_points else (" ", ", ")
        told = zip(self.eras[0].world.issues, self.issues, terms, strict=True)
        return between.join(f"{called}{mark}{self.place(issue, term, week)}" for issue, called, term in told)

    def place(self, issue: str, place: float, week: int) -> str:
        """Return a place on the scale of an issue as it is called in a week."""
        world = self._world(week)
        points = world.issues[issue].points
        front = self.fronts[min(week, len(self.fronts) - 1)] if self.fronts else world.front.start
        return told_place(place, points, front) if points else words.number(place, 2)

    def position(self, subject: str, audience: str, share: float, week: int) -> tuple[str, str]:
        """Return a position of a state toward an audience, on the issue that matters most to the state: issue and place.

        share   how far the state would go from its own aims to the audience's; below 0, no terms would do
        """
        states = self._world(week).states
        mine, theirs = states[subject], states[audience]
        issue = max(mine.weights, key=lambda one: mine.weights[one] * abs(theirs.aims[one] - mine.aims[one]))
        if share < 0.0:
            return words.plain(issue), "no terms at all"
        place = mine.aims[issue] + share * (theirs.aims[issue] - mine.aims[issue])
        return words.plain(issue), self.place(issue, place, week)

    def passed_off_in(self, channel: str, subject: str, week: int) -> str:
        """Return what envoys in a channel make believe, in quotes; empty where the channel does not say.

        subject   of whom it was said; the words are of the channel's home, so of another state there are none
        """
        one = self._world(week).channels[channel]
        return _quoted(one.conveys) if subject == one.home else ""

    def hears_line(self, hearer: str, channel: str, week: int) -> bool:
        """Return whether what a state hears in a channel is a line of its home."""
        one = self._world(week).channels[channel]
        return one.speech == "line" and hearer != one.home

    def came_to_light(self, channel: str, week: int) -> str:
        """Return what had been passed off in a channel by a week, in quotes; empty where nothing had."""
        passed_off = self.passed_off.get(channel, week + 1) <= week
        return _quoted(self._world(week).channels[channel].conveys) if passed_off else ""

    def _world(self, week: int) -> World:
        """Return what the scenario says of a week."""
        return [era.world for era in self.eras if era.start <= max(week, 1)][-1]

    def legend(self) -> str:
        """Return how terms are to be read."""
        return f"Terms run from 0, {self.aims('B')}, to 1, {self.aims('A')}."


def tell(event: Event, cast: Cast) -> str:
    """Return an event as a sentence without its week; a kind that is not known is told by its parts."""
    told = SENTENCES.get(event.kind, _unknown)(event, cast)
    return words.sentence(told)


def line(event: Event, cast: Cast) -> str:
    """Return an event as a line with its week."""
    return dated(event.week, event.week, tell(event, cast))


def dated(first: int, last: int, sentence: str) -> str:
    """Return a sentence with its week or weeks before it."""
    when = f"week {first}" if first == last else f"weeks {first}-{last}"
    return f"{when}: {sentence}"


def _fitting(*variants: str) -> str:
    """Return the first variant that fits in a line, else the last, cut if it is too long."""
    return next((text for text in variants if len(text) <= _ROOM), words.cut(variants[-1], _ROOM))


def _quoted(text: str) -> str:
    """Return a text in quotes; nothing of an empty one."""
    return f'"{text}"' if text else ""


def _unknown(event: Event, cast: Cast) -> str:
    """Return an event of a kind that a subclass has added."""
    parts = [cast.name(event.actor), words.plain(event.kind), cast.name(event.to)]
    return _fitting(" ".join(part for part in parts if part))


def _actor(template: str) -> Callable[[Event, Cast], str]:
    """Return a sentence that needs no more than the names of who acts and of whom it concerns."""

    def sentence(event: Event, cast: Cast) -> str:
        channel = cast.name(event.detail.get("channel", ""))
        return _fitting(template.format(actor=cast.name(event.actor), to=cast.name(event.to), channel=channel))

    return sentence


def _intervenes(event: Event, cast: Cast) -> str:
    return f"the scenario intervenes: {words.plain(event.actor)}"


def _wins(event: Event, cast: Cast) -> str:
    winners = cast.sides["A" if event.detail["front"] > 0.5 else "B"]
    who = words.listed(words.state(one) for one in winners)
    return f"the front reaches {words.number(event.detail['front'], 2)}: the war ends by force, for {who}"


PASSED_OFF = ("misrepresents", "floats")  # kinds of events in which something is said that is not home's
_SAYS = {
    "conveys": ("tells", "of"),
    "misrepresents": ("misleads", "about"),
    "floats": ("floats ideas of the envoys' own before", "about"),
}


def _conveys(event: Event, cast: Cast) -> str:
    told, official, private = (_position(event.detail[key]) for key in ("conveyed", "official", "private"))
    who, to, subject = cast.name(event.actor), cast.name(event.to), cast.name(event.detail["subject"])
    honest, toward = event.kind == "conveys", cast.name(event.detail["toward"])
    said = "" if honest else cast.passed_off_in(event.detail["channel"], event.detail["subject"], event.week)
    if cast.names_points or said:
        return three_positions(event, cast, said)
    way = f"{who} {_SAYS[event.kind][0]} {to}: {subject} would go {told} of the way"
    return _fitting(
        f"{way} to {words.possessive(toward)} aims (official {official}, private {private})",
        f"{way} (official {official}, private {private})",
        f"{way} (official {official})" if honest else f"{way} (private {private})",
        way,
    )


def three_positions(event: Event, cast: Cast, said: str) -> str:
    """Return what an envoy says of a state beside its official and its private position, in words.

    said   what is passed off with it, in quotes, or nothing
    """
    who, to, subject = cast.name(event.actor), cast.name(event.to), cast.name(event.detail["subject"])
    private, official, stated = (
        cast.position(event.detail["subject"], event.detail["toward"], event.detail[key], event.week)
        for key in ("private", "official", "conveyed")
    )
    says, about = _SAYS[event.kind]
    start = f"{who} {says} {to} {about} {subject}"
    quote = f": {said}; " if said else ", "
    told = f"stated {stated[1]}; official {official[1]}; private {private[1]}"
    if stated == private:
        told = f"stated, and private, {stated[1]}; official {official[1]}"
    return f"{start}{quote}on {stated[0]}: {told}"


def _position(share: float) -> str:
    return "none" if share < 0.0 else words.number(share, 2)


def _checks(event: Event, cast: Cast) -> str:
    truth = "false" if event.detail["false"] else "true"
    return f"{cast.name(event.actor)} checks with {cast.name(event.to)} and finds the message {truth}"


def _weighs_source(event: Event, cast: Cast) -> str:
    before, after = event.detail["before"], event.detail["after"]
    first, second = words.two_numbers(before, after, 2)
    verb = "trusts" if after >= before else "doubts"
    source = cast.name(event.detail["channel"])
    what = (
        "the line is home's" if cast.hears_line(event.actor, event.detail["channel"], event.week) else "it is straight"
    )
    return _fitting(
        f"{cast.name(event.actor)} {verb} {source} more: probability that {what} {first} to {second}",
        f"{cast.name(event.actor)} {verb} {source} more: {first} to {second}",
    )


def _claims_escalation(event: Event, cast: Cast) -> str:
    first, second = words.two_numbers(event.detail["before"], event.detail["after"], 2)
    claim = (
        f"{cast.name(event.actor)} tells {cast.name(event.to)} that {cast.name(event.detail['about'])} would escalate"
    )
    return _fitting(f"{claim}: feared with probability {first}, now {second}", f"{claim}: {first} to {second}", claim)


def _comes_to_light(event: Event, cast: Cast) -> str:
    record = "with an offer on its record" if event.detail["on_record"] else "with no offer on its record"
    said = cast.came_to_light(event.actor, event.week)
    return f"{cast.name(event.actor)} comes to light, {record}{f'; passed off in it: {said}' if said else ''}"


def _pays_audience_cost(event: Event, cast: Cast) -> str:
    cost = words.number(event.detail["cost"])
    return f"{cast.name(event.actor)} is caught in talks it had ruled out: audience cost {cost} utility"


def _breaks(event: Event, cast: Cast) -> str:
    hazard = words.number(event.detail["hazard"], 4)
    return f"{cast.name(event.actor)} breaks the agreement (probability {hazard} a week)"


def _holds(event: Event, cast: Cast) -> str:
    return f"the agreement has held {words.count(event.detail['weeks'], 'week')}: success"


def cause_in_words(cause: str) -> _Cause:
    """Return why trust or a belief moved, in words; a cause of another model in its own."""
    return _CAUSES.get(cause) or _Cause(*(words.plain(cause),) * 3)


def _trust_moves(event: Event, cast: Cast) -> str:
    from sim.numerics import exp

    return trust_in_words(
        cast,
        (event.actor, event.to),
        (event.detail["before"], event.detail["after"]),
        exp(event.detail["log_factor"]),
        cause_in_words(event.cause)[:2],
    )


def trust_in_words(
    cast: Cast, pair: tuple[str, str], levels: tuple[float, float], factor: float, causes: tuple[str, str]
) -> str:
    """Return a move of trust: whose in whom, from where to where, its Bayes factor, and why (in full, in short)."""
    before, after = levels
    first, second = words.two_numbers(before, after, 2)
    verb = "stays" if before == after else "rises" if after > before else "falls"
    path = f"at {first}" if before == after else f"from {first} to {second}"
    whose = f"{words.possessive(cast.name(pair[0]))} trust in {cast.name(pair[1])}"
    bayes = f"Bayes factor {words.number(factor, 2 if abs(factor - 1.0) >= 0.01 else 4)}"
    return _fitting(
        f"{whose} {verb} {path} ({bayes}: {causes[0]})",
        f"{whose} {verb} {path} ({bayes}: {causes[1]})",
        f"{whose} {verb} {path} ({bayes})",
        f"{whose} {verb} {path}",
    )


def _opens(event: Event, cast: Cast) -> str:
    parties = words.listed(cast.name(one) for one in event.detail["parties"])
    return _fitting(f"the table opens with {parties}: {event.detail['why']}", f"the table opens with {parties}")


def _becomes_table(event: Event, cast: Cast) -> str:
    parties = words.listed(cast.name(one) for one in event.detail["parties"])
    return _fitting(
        f"{cast.name(event.actor)} becomes the table, with {parties}", f"{cast.name(event.actor)} becomes the table"
    )


def _offers(event: Event, cast: Cast) -> str:
    offer = f"{cast.name(event.actor)} offers {cast.terms(event.detail['terms'], event.week)}"
    return offer if cast.names_points else _fitting(f"{offer} (1: {cast.aims('A')})", offer)


def _signs(event: Event, cast: Cast) -> str:
    signed = f"the agreement is signed: {cast.terms(event.detail['terms'], event.week)}"
    if cast.names_points:
        return signed
    return _fitting(f"{signed} (1: {cast.aims('A')})", signed, "the agreement is signed")


def _answers(event: Event, cast: Cast) -> str:
    accepted = event.kind in ("accepts", "puts_up_with")
    what = f"{words.possessive(cast.name(event.to))} offer" if event.to else "the done deal, kept out of the talks"
    verb = "accepts" if accepted else "refuses"
    gap, cost = event.detail["gap"], words.number(event.detail["cost"])
    if gap >= _NEVER:
        reason = "it would not trust such a deal whatever the war costs"
    elif gap <= 0.0:
        reason = "better than fighting on even if the war were free"
    else:
        needed = words.number(gap)
        reason = f"war costs it {cost} utility, {'enough' if accepted else 'it would accept'} from {needed}"
    return _fitting(f"{cast.name(event.actor)} {verb} {what} ({reason})", f"{cast.name(event.actor)} {verb} {what}")


def _learns(event: Event, cast: Cast) -> str:
    first, second = words.two_numbers(event.detail["before"], event.detail["after"], 3)
    who, subject = cast.name(event.actor), f"{words.possessive(cast.name(event.to))} cost of war"
    why = cause_in_words(event.cause)
    if first == second:
        return _fitting(
            f"{who} still puts {subject} at {second} utility ({why.full})", f"{who} still puts {subject} there"
        )
    return _fitting(
        f"{who} puts {subject} at {second} utility instead of {first} ({why.full})",
        f"{who} puts {subject} at {second} utility, not {first} ({why.short})",
        f"{who} puts {subject} at {second} utility",
    )


def _fails(event: Event, cast: Cast) -> str:
    reason = event.detail["reason"]
    return _FAILURES.get(reason, f"the talks fail: {words.plain(reason)}")


def _ends(event: Event, cast: Cast) -> str:
    outcome = event.detail["outcome"]
    return f"the end: {words.outcome(outcome)}"


SENTENCES: dict[str, Callable[[Event, Cast], str]] = {
    "intervenes": _intervenes,
    "wins": _wins,
    "stays_home": _actor("{actor} does not meet {to}: too little to be gained"),
    "meets": _actor("{actor} meets {to} ({channel})"),
    "conveys": _conveys,
    "misrepresents": _conveys,
    "floats": _conveys,
    "checks": _checks,
    "weighs_source": _weighs_source,
    "claims_escalation": _claims_escalation,
    "is_told": _actor("{to} tells {actor} of {channel}"),
    "comes_to_light": _comes_to_light,
    "lets_slip": _actor("{actor}, the host, lets {channel} become known"),
    "denies": _actor("{actor} denies having authorised {channel}"),
    "stays_silent": _actor("{actor} says nothing about {channel}"),
    "disowns": _actor("{actor} disowns the envoys of {channel}, which closes"),
    "pays_audience_cost": _pays_audience_cost,
    "breaks": _breaks,
    "spoils": _actor("{actor}, overruled, spoils the agreement"),
    "holds": _holds,
    "trust_moves": _trust_moves,
    "stays_away": _actor("{actor} sees too little to gain and stays away from the table"),
    "holds_to_pledge": _actor("{actor} has pledged to join no table without {to}"),
    "becomes_table": _becomes_table,
    "opens": _opens,
    "starts_over": _actor("the rounds start over: the talks have become known"),
    "offers": _offers,
    "break_down": _actor("talks break down over the refusal"),
    "passes": _actor("{actor} passes: no terms worth proposing"),
    "accepts": _answers,
    "refuses": _answers,
    "learns": _learns,
    "puts_up_with": _answers,
    "rejects_done_deal": _answers,
    "blocks": _actor("{actor}, kept out of the talks, blocks the deal"),
    "ratifies": _actor("{actor} ratifies: its parliament passes the deal"),
    "votes_down": _actor("{actor} does not ratify: its parliament votes the deal down"),
    "signs": _signs,
    "fails": _fails,
    "ends": _ends,
}
