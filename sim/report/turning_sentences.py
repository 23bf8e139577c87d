"""Turning points in sentences a reader without the model follows: in percent, with what belongs to one turn in one.

A sentence is found from the place of its event among all events, and says which of the others it tells along.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from sim import words
from sim.report import narrative
from sim.report.narrative import Cast
from sim.steps.events import Event

_Events = Sequence[Event]
_Told = tuple[str, list[int]]  # a sentence, and the places of the events that it tells along

_ANSWERS = ("accepts", "refuses")
_SAID_OF_A_LEAK = {
    "denies": "denies having authorised it",
    "stays_silent": "says nothing about it",
    "disowns": "disowns it",
}
_LEAST_DOUBT = 0.05
_LEAST_SURPRISE = 5  # percent of a cost of war


def tell(place: int, events: _Events, cast: Cast) -> _Told:
    """Return the event at a place in full sentences, and the places of those told along; empty where nothing is told.

    A kind that has no sentence of its own here is told as in the whole log.
    """
    event = events[place]
    told = _TELLING.get(event.kind)
    if told is None:
        return f"{narrative.tell(event, cast)}.", []
    sentence, along = told(place, events, cast)
    return f"{words.sentence(sentence)}." if sentence else "", along


def _percent(share: float, other: float) -> tuple[str, str]:
    """Return two probabilities in percent, with as many digits as tell them apart."""
    first, second = words.two_numbers(100.0 * share, 100.0 * other, 0)
    return f"{first} %", f"{second} %"


def _same_week(place: int, events: _Events, *kinds: str) -> list[int]:
    """Return the places of the events of some kinds in the week of an event."""
    week = events[place].week
    return [at for at, event in enumerate(events) if event.week == week and event.kind in kinds]


def _names(names: Sequence[str], cast: Cast) -> str:
    """Return names as a list in words."""
    return words.listed(cast.name(name) for name in dict.fromkeys(names))


def _trust_moves(place: int, events: _Events, cast: Cast) -> _Told:
    event = events[place]
    moves = [at for at in _same_week(place, events, "trust_moves") if _pair(events[at]) == _pair(event)]
    before, after = float(events[moves[0]].detail["before"]), float(events[moves[-1]].detail["after"])
    first, second = _percent(before, after)
    verb = "rises" if after > before else "falls"
    causes = dict.fromkeys(events[at].cause for at in moves)
    happened = words.listed(
        narrative.cause_in_words(cause).after for cause in causes if cause != "keeps" or len(causes) == 1
    )
    whose = f"{words.possessive(cast.name(event.actor))} trust in {cast.name(event.to)}"
    return f"{whose} {verb} from {first} to {second}, after {happened}", moves


def _pair(event: Event) -> tuple[str, str]:
    """Return who acted and whom it concerned."""
    return event.actor, event.to


def _weighs_source(place: int, events: _Events, cast: Cast) -> _Told:
    event = events[place]
    before, after = event.detail["before"], event.detail["after"]
    if abs(after - before) < _LEAST_DOUBT:
        return "", []
    first, second = _percent(before, after)
    whose = (
        f"{words.possessive(cast.name(event.actor))} trust in what comes through {cast.name(event.detail['channel'])}"
    )
    return f"{whose} {'rises' if after > before else 'falls'} from {first} to {second}", []


def _claims_escalation(place: int, events: _Events, cast: Cast) -> _Told:
    event = events[place]
    first, second = _percent(event.detail["before"], event.detail["after"])
    who, to, about = (cast.name(name) for name in (event.actor, event.to, event.detail["about"]))
    return f"{who} tells {to} that {about} would escalate, and is believed with {second}, before with {first}", []


def _learns(place: int, events: _Events, cast: Cast) -> _Told:
    event = events[place]
    before, after = event.detail["before"], event.detail["after"]
    change = round(100.0 * (after / before - 1.0))
    if abs(change) < _LEAST_SURPRISE:
        return "", []
    why = narrative.cause_in_words(event.cause).after
    how = f"{abs(change)} % {'more' if change > 0 else 'less'} than it had thought"
    return (
        f"{cast.name(event.actor)} concludes that war costs {cast.name(event.to)} {how}, after {why}",
        [],
    )


def _offers(place: int, events: _Events, cast: Cast) -> _Told:
    event = events[place]
    answers: list[int] = []
    for at in range(place + 1, len(events)):
        if events[at].week != event.week or events[at].kind == "offers":
            break
        if events[at].kind in _ANSWERS and events[at].to == event.actor:
            answers.append(at)
    told = []
    for kind in _ANSWERS:
        who = list(dict.fromkeys(events[at].actor for at in answers if events[at].kind == kind))
        if who:
            told.append(f"{_names(who, cast)} {kind if len(who) == 1 else kind.removesuffix('s')}")
    offer = f"{cast.name(event.actor)} offers {cast.terms(event.detail['terms'], event.week)}"
    return f"{offer}. {words.sentence(', '.join(told))}" if told else offer, answers


def _signs(place: int, events: _Events, cast: Cast) -> _Told:
    event = events[place]
    offers = [at for at in _same_week(place, events, "offers") if events[at].detail["terms"] == event.detail["terms"]]
    passed = _same_week(place, events, "ratifies", "puts_up_with")
    terms = cast.terms(event.detail["terms"], event.week)
    if not offers:
        return f"the agreement is signed: {terms}", passed
    whose = words.possessive(cast.name(events[offers[-1]].actor))
    return f"{whose} offer is accepted and signed: {terms}", [*offers, *passed]


def _comes_to_light(place: int, events: _Events, cast: Cast) -> _Told:
    event = events[place]
    sentence, along = narrative.tell(event, cast), _same_week(place, events, "intervenes")
    for at in _same_week(place, events, *_SAID_OF_A_LEAK):
        if events[at].detail["channel"] == event.actor:
            sentence += f"; {cast.name(events[at].actor)} {_SAID_OF_A_LEAK[events[at].kind]}"
            along.append(at)
    return sentence, along


def _breaks(place: int, events: _Events, cast: Cast) -> _Told:
    signed = [event.week for event in events[:place] if event.kind == "signs"]
    which = f"the agreement of week {signed[-1]}" if signed else "the agreement"
    verb = "breaks" if events[place].kind == "breaks" else "had been overruled and spoils"
    return f"{cast.name(events[place].actor)} {verb} {which}", _same_week(place, events, "fails")


def _fails(place: int, events: _Events, cast: Cast) -> _Told:
    brought_down = _same_week(place, events, "blocks", "votes_down", "breaks", "spoils")
    if not brought_down:
        return narrative.tell(events[place], cast), []
    return narrative.tell(events[brought_down[0]], cast), [
        *brought_down,
        *_same_week(place, events, "rejects_done_deal"),
    ]


def _brings_down(place: int, events: _Events, cast: Cast) -> _Told:
    along = _same_week(place, events, "fails", "rejects_done_deal")
    return narrative.tell(events[place], cast), along


def _positions(place: int, events: _Events, cast: Cast) -> _Told:
    event = events[place]
    passed_off = event.kind in narrative.PASSED_OFF
    said = cast.passed_off_in(event.detail["channel"], event.detail["subject"], event.week) if passed_off else ""
    return narrative.three_positions(event, cast, said), _same_week(place, events, "meets")


def _meets(place: int, events: _Events, cast: Cast) -> _Told:
    event = events[place]
    return f"{cast.name(event.actor)} first meets {cast.name(event.to)}, in {cast.name(event.detail['channel'])}", []


def _ends(place: int, events: _Events, cast: Cast) -> _Told:
    """Return how it ended and why, from the last event of the kind that decided it."""
    outcome = events[place].detail["outcome"]
    kinds = _DECIDED_BY.get(outcome, ())
    decided = [at for at, event in enumerate(events[:place]) if event.kind in kinds]
    reason = _reason(outcome, decided[-1], events, cast) if decided else _WITHOUT_REASON.get(outcome, "")
    along = _same_week(place, events, "fails", "holds", *(kind for kind in kinds if kind != "signs"))
    along += decided if outcome == "never_opened" else []
    end = f"the end: {words.outcome(outcome)}"
    return f"{end}. {words.sentence(reason)}" if reason else end, along


# Which kinds of event decide an outcome; of them the last is why it ended so.
_DECIDED_BY = {
    "success": ("signs",),
    "in_force_unproven": ("signs",),
    "never_opened": ("stays_away",),
    "impasse": ("refuses", "passes", "break_down"),
    "vetoed": ("blocks",),
    "not_ratified": ("votes_down",),
    "broken": ("breaks", "spoils"),
    "decided_by_force": ("wins",),
}
_WITHOUT_REASON = {"never_opened": "nobody stayed away, but no attempt to open the table was made while all would join"}


def _reason(outcome: str, place: int, events: _Events, cast: Cast) -> str:
    """Return why it ended in an outcome that the event at a place decided."""
    event, last = events[place], events[-1].week
    who = cast.name(event.actor) if event.actor else ""
    match outcome:
        case "success" | "in_force_unproven":
            return f"the agreement of week {event.week} was in force for {words.count(last - event.week, 'week')}"
        case "never_opened":
            away = _counted("stayed away", "stays_away", events, cast)
            return f"too little was to be gained: {away}"
        case "impasse":
            return _impasse(events, cast)
        case "broken":
            verb = "broke" if event.kind == "breaks" else "spoiled"
            return f"{who} {verb} it in week {event.week}, and no other was signed"
        case "vetoed":
            return f"{who}, kept out of the talks, blocked it in week {event.week}, and no other was signed"
        case "not_ratified":
            return f"{words.possessive(who)} parliament refused it in week {event.week}, and no other was signed"
    return narrative.tell(event, cast)


def _impasse(events: _Events, cast: Cast) -> str:
    """Return how the last talks went without an agreement."""
    opened = [at for at, event in enumerate(events) if event.kind == "opens"]
    talks = events[opened[-1] :] if opened else events
    offers = sum(event.kind == "offers" for event in talks)
    refused = _counted("refused", "refuses", talks, cast)
    if not offers:
        return "in the last talks nobody saw terms worth proposing"
    return f"of {words.count(offers, 'offer')} in the last talks, {refused}" if refused else ""


def _counted(verb: str, kind: str, events: _Events, cast: Cast) -> str:
    """Return how often each did something: Russia stayed away 3 times."""
    times = Counter(event.actor for event in events if event.kind == kind).most_common()
    told = [f"{cast.name(name)} {_times(number)}" for name, number in times]
    if times:
        name, number = times[0]
        told[0] = f"{cast.name(name)} {verb} {_times(number)}"
    return words.listed(told)


def _times(number: int) -> str:
    """Return how often in words."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


_TELLING: dict[str, Callable[[int, _Events, Cast], _Told]] = {
    "trust_moves": _trust_moves,
    "weighs_source": _weighs_source,
    "claims_escalation": _claims_escalation,
    "learns": _learns,
    "offers": _offers,
    "signs": _signs,
    "comes_to_light": _comes_to_light,
    "conveys": _positions,
    "misrepresents": _positions,
    "floats": _positions,
    "fails": _fails,
    "breaks": _breaks,
    "spoils": _breaks,
    "blocks": _brings_down,
    "votes_down": _brings_down,
    "meets": _meets,
    "ends": _ends,
}
