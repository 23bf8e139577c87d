"""What is measured: columns of a finished replicate, and quantities that can be followed week by week.

Each is declared once, on the function that measures it. Writers, tables and export follow from the declaration. A column
that is measured of several things stands once for each, in the order of the scenario: `over` names them.

    pairs      a state and another state
    givers     states that give aid
    hearers    what a state knows of a channel it hears through: home and the states it ever visits
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.numerics import logistic
from sim.parameters import World
from sim.rules import measures
from sim.rules.measures import MISSING
from sim.rules.outcomes import DECIDED_BY_FORCE, FAILURES, OUTCOMES, SUCCESS
from sim.scenario.models import Description, Kind
from sim.steps.cast import Channel, Flow, State, War
from sim.steps.kinds import Ending, Issue, View

if TYPE_CHECKING:
    from sim.scenario.load import Scenario

Names = tuple[str, ...]
WIDEST_MISPERCEPTION = 4.0
OF_DEALS = ("deal_existed", "missed", "futile")  # to look for deals takes long: only where one of these is asked for


@dataclass(frozen=True, slots=True)
class Column:
    """One measured quantity.

    kind    flag (0 or 1), category (a word from OUTCOMES), count (whole number), number; missing values are NaN
    """

    name: str
    kind: Kind
    unit: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity that can be followed, with the range its histograms cover."""

    name: str
    unit: str
    low: float
    high: float
    meaning: str


@dataclass(frozen=True, kw_only=True)
class Measured(Description):
    """A declaration: what is measured, and the function that measures it.

    is_step   whether the function is a method of the first thing that is measured, as those of classes of one's own are
    """

    function: Callable[..., float]
    is_step: bool = False

    @property
    def described(self) -> Description:
        """What is measured, as plain data."""
        return Description(self.name, self.kind, self.unit, self.meaning, self.over, self.limits)


# Declarations of one block are of the same things and stand together for each of them.
COLUMNS: list[list[Measured]] = []
FOLLOWED: list[list[Measured]] = []

# Each loop: the names of its things in a scenario, and the arguments of a measuring function.
ARGUMENTS = {
    "": ("self",),
    "endings": ("ending",),
    "pairs": ("state", "other"),
    "issues": ("issue",),
    "states": ("state",),
    "flows": ("flow",),
    "givers": ("state",),
    "channels": ("channel",),
    "hearers": ("view",),
}


# What a method measures that a class of one's own declares as a column, by the kind of the class.
OVER = {
    "War": "",
    "Ending": "endings",
    "Issue": "issues",
    "State": "states",
    "Flow": "flows",
    "Channel": "channels",
    "View": "hearers",
}


def names_over(over: str, world: World) -> list[Names]:
    """Return the names of the things that a column is measured of, in the order of the scenario."""
    if over == "":
        return [()]
    if over == "endings":
        return [(reason,) for reason in FAILURES]
    if over == "pairs":
        return [(one, other) for one in world.states for other in world.states if one != other]
    if over == "givers":
        return [(name,) for name in givers_of(world)]
    if over == "hearers":
        return list(hearers_of(world))
    tables: dict[str, Iterable[str]] = {
        "issues": world.issues,
        "states": world.states,
        "flows": world.aid,
        "channels": world.channels,
    }
    return [(name,) for name in tables[over]]


def givers_of(world: World) -> list[str]:
    """Return the states that give aid, in the order of the scenario."""
    given = {flow.giver for flow in world.aid.values()}
    return [state for state in world.states if state in given]


def hearers_of(world: World) -> list[tuple[str, str]]:
    """Return every channel with each state that hears through it: home and the states it ever visits."""
    return [
        (channel.name, state)
        for channel in world.channels.values()
        for state in world.states
        if state == channel.home or any(leg.state == state for leg in channel.legs.values())
    ]


def columns_of(scenario: Scenario) -> list[Column]:
    """Return the columns of a scenario in the order in which both engines fill them: ours, then its model's own.

    Of one that was read from a folder, those that any scenario of the folder has.
    """
    if scenario.archive is not None:
        return [Column(kept.name, kept.kind, kept.unit, kept.meaning) for kept in scenario.archive.columns]
    listed = _listed(COLUMNS, scenario.eras[0].world)
    return [*(column_of(described, names) for described, names in listed), *own_columns_of(scenario)]


def looks_for_deals(scenario: Scenario, columns: Collection[str]) -> bool:
    """Return whether deals are looked for where so many columns are asked for, all where none are named.

    They always are for a class of one's own, whose steps and columns may read what was found.
    """
    return scenario.model is not None or not columns or any(name in columns for name in OF_DEALS)


def outcomes_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the words that the codes of outcomes stand for, in their order."""
    return OUTCOMES if scenario.archive is None else scenario.archive.outcomes


def own_columns_of(scenario: Scenario) -> list[Column]:
    """Return the columns that a scenario's model of one's own adds."""
    blocks = [[described] for described in scenario.model.columns] if scenario.model else []
    return [column_of(described, names) for described, names in _listed(blocks, scenario.eras[0].world)]


def quantities_of(scenario: Scenario) -> list[Quantity]:
    """Return the quantities of a scenario that can be followed, in the order in which both engines give them."""
    own = scenario.model.quantities if scenario.model else ()
    blocks: list[Sequence[Description]] = [*FOLLOWED, *([described] for described in own)]
    return [quantity_of(described, names) for described, names in _listed(blocks, scenario.eras[0].world)]


def measured_columns(model: type[War] = War) -> list[list[Measured]]:
    """Return the declarations of the columns of a model: ours, then those of its classes of one's own."""
    return [*COLUMNS, *_own_measures(model, "column")]


def measured_quantities(model: type[War] = War) -> list[list[Measured]]:
    """Return the same of the quantities that can be followed."""
    return [*FOLLOWED, *_own_measures(model, "quantity")]


def _own_measures(model: type[War], what: str) -> list[list[Measured]]:
    """Return what methods of classes of one's own are declared to measure, each in a block of its own."""
    found = []
    for kind, over in OVER.items():
        bodies = [vars(owner) for owner in reversed(model.class_of(kind).__mro__)]
        for function in {name: member for body in bodies for name, member in body.items()}.values():
            declared = getattr(function, "measures", {}).get(what)
            if declared is not None:
                found.append([replace(declared, over=declared.over or over, function=function)])
    return found


def column_of(described: Description, names: Names) -> Column:
    """Return the column that a description gives for the things of these names."""
    return Column(described.name.format(*names), described.kind, described.unit, described.meaning.format(*names))


def quantity_of(described: Description, names: Names) -> Quantity:
    """Return the quantity that a description gives for the things of these names."""
    return Quantity(described.name.format(*names), described.unit, *described.limits, described.meaning.format(*names))


def _listed(blocks: Iterable[Sequence[Description]], world: World) -> Iterator[tuple[Description, Names]]:
    """Yield each description with the names of what it is measured of."""
    for block in blocks:
        for names in names_over(block[0].over, world):
            for measured in block:
                yield measured, names


def _declare(blocks: list[list[Measured]], measured: Measured, beside: bool) -> None:
    """Add a declaration; `beside` puts it into the block of the one before."""
    if beside:
        blocks[-1].append(measured)
    else:
        blocks.append([measured])


def column(name: str, kind: Kind, unit: str, meaning: str, over: str = "", beside: bool = False) -> Any:
    """Declare the column that a function measures."""

    def declare(function: Callable[..., float]) -> Callable[..., float]:
        _declare(COLUMNS, Measured(name, kind, unit, meaning, over, function=function), beside)
        return function

    return declare


def followed(
    name: str, unit: str, meaning: str, limits: tuple[float, float] = (0.0, 1.0), over: str = "", beside: bool = False
) -> Any:
    """Declare a quantity that can be followed; it is measured at the end of each week."""

    def declare(function: Callable[..., float]) -> Callable[..., float]:
        _declare(FOLLOWED, Measured(name, "number", unit, meaning, over, limits, function=function), beside)
        return function

    return declare


def week_or_missing(week: int) -> float:
    """Return a week as a number, missing if it never came."""
    if week > 0:
        return float(week)
    return MISSING


# How the talks went


@column("success", "flag", "0 or 1", "an agreement held for the weeks that count as success")
def success(war: War) -> float:
    return measures.flag(war.outcome == SUCCESS)


@column("outcome", "category", "word", "how it ended; of several failures the last")
def outcome(war: War) -> float:
    return float(war.outcome - 1)


@column("signed", "flag", "0 or 1", "an agreement was signed within the horizon")
def signed(war: War) -> float:
    return measures.flag(war.agreements > 0)


@column(
    "expected_success",
    "number",
    "agreements",
    "sum over its agreements of the probability, when signed, that they hold, types and terms being what they are",
)
def expected_success(war: War) -> float:
    if not war.keeps_one_law:
        return MISSING
    return war.expected_success


@column("weeks_of_war", "count", "weeks", "weeks of the horizon without an agreement in force")
def weeks_of_war(war: War) -> float:
    if war.outcome == DECIDED_BY_FORCE:
        return float(war.weeks_of_war + (war.weeks - war.week))
    return float(war.weeks_of_war)


@column("weeks_to_opening", "number", "weeks", "first week in which the table opened")
def weeks_to_opening(war: War) -> float:
    return week_or_missing(war.first_opening)


@column("weeks_to_agreement", "number", "weeks", "week in which the first agreement was signed")
def weeks_to_agreement(war: War) -> float:
    return week_or_missing(war.first_agreement)


@column("weeks_to_success", "number", "weeks", "week in which an agreement had held long enough")
def weeks_to_success(war: War) -> float:
    if war.outcome == SUCCESS:
        return float(war.week)
    return MISSING


@column("openings", "count", "tables", "how often the table opened")
def openings(war: War) -> float:
    return float(war.table.openings)


@column("agreements", "count", "agreements", "how many agreements were signed")
def agreements(war: War) -> float:
    return float(war.agreements)


@column("failures.{0}", "count", "times", "how often talks ended this way: {0}", over="endings")
def failures(ending: Ending) -> float:
    return float(ending.times)


@column("deal_existed", "flag", "0 or 1", "at an attempt to open or in week 26 a deal was better for all")
def deal_existed(war: War) -> float:
    return measures.flag(war.deal_existed)


@column("missed", "flag", "0 or 1", "a deal existed and none was signed")
def missed(war: War) -> float:
    return measures.missed(war.deal_existed, war.agreements)


@column("futile", "flag", "0 or 1", "the table opened although no deal existed")
def futile(war: War) -> float:
    return measures.futile(war.deal_existed, war.table.openings)


# Each ordered pair of states


@column("trust.{0}.{1}", "number", "probability", "{0}'s trust in {1} at the end", over="pairs")
def trust(state: State, other: State) -> float:
    return logistic(state.toward(other).log_odds)


@column(
    "misperception.{0}.{1}",
    "number",
    "log cost",
    "|mean of {0}'s belief - log cost of {1}|, mean of weeks 27-52 or until signing",
    over="pairs",
)
def misperception(state: State, other: State) -> float:
    return state.toward(other).misperception / state.war.perception_weeks


@column(
    "calibration.{0}.{1}",
    "number",
    "sd",
    "(mean of {0}'s belief - log cost of {1}) / its sd, over the same weeks",
    over="pairs",
)
def calibration(state: State, other: State) -> float:
    return state.toward(other).calibration / state.war.perception_weeks


# The agreement signed last


@column("terms.{0}", "number", "0..1", "terms on {0}, 0 side B's aim, 1 side A's", over="issues")
def terms(issue: Issue) -> float:
    return issue.terms


@column("surplus.{0}", "number", "utility", "V - r of {0} at signing; 0 if unsigned", over="states")
def surplus(state: State) -> float:
    return state.surplus


@column(
    "payoff.{0}",
    "number",
    "utility",
    "surplus of {0}, less its betrayal loss if an adversary or a spoiler broke it; if followed, what its agreements brought",
    over="states",
)
def payoff(state: State) -> float:
    return state.payoff


@column(
    "expected_payoff.{0}",
    "number",
    "utility",
    "what its agreements were expected to bring {0} when signed: gain if kept, less burdens, and its loss if broken",
    over="states",
)
def expected_payoff(state: State) -> float:
    if not state.war.keeps_one_law:
        return MISSING
    return state.expected_payoff


# The war


@column("front", "number", "0..1", "where the front stood at the end")
def front(war: War) -> float:
    return war.front.position


@column("aid.{0}", "number", "aid units", "{0}, mean over the weeks of war", over="flows")
def aid(flow: Flow) -> float:
    weeks = flow.war.weeks_of_war
    if weeks < 1:
        weeks = 1
    return flow.total / weeks


@column("escalation.{0}", "number", "probability", "{0}'s belief in escalation at the end", over="givers")
def escalation(state: State) -> float:
    return logistic(state.fear)


# Channels


@column("meetings.{0}", "count", "meetings", "meetings held by {0}", over="channels")
def meetings(channel: Channel) -> float:
    return float(channel.meetings)


@column("misrepresented.{0}", "count", "meetings", "meetings of {0} misrepresented", over="channels", beside=True)
def misrepresented(channel: Channel) -> float:
    return float(channel.misrepresented)


@column("checked.{0}", "count", "meetings", "meetings of {0} checked with its home", over="channels", beside=True)
def checked(channel: Channel) -> float:
    return float(channel.checked)


@column("caught.{0}", "count", "meetings", "checks of {0} that showed a falsehood", over="channels", beside=True)
def caught(channel: Channel) -> float:
    return float(channel.caught)


@column("exposed_week.{0}", "number", "week", "week in which {0} became known", over="channels", beside=True)
def exposed_week(channel: Channel) -> float:
    return week_or_missing(channel.exposed_week)


@column(
    "credibility.{0}.{1}",
    "number",
    "probability",
    "{1}'s probability, at the end, that {0} is a straight source or, of a line set out in it, that it is home's",
    over="hearers",
)
def credibility(view: View) -> float:
    return logistic(view.credibility)


# Week by week: a value is that at the end of its week, week 0 is the start


@followed("trust.{0}.{1}", "probability", "{0}'s trust in {1}", over="pairs")
def trust_now(state: State, other: State) -> float:
    return logistic(state.toward(other).log_odds)


@followed(
    "misperception.{0}.{1}",
    "log cost",
    "|mean of {0}'s belief - log cost of {1}|",
    (0.0, WIDEST_MISPERCEPTION),
    over="pairs",
)
def misperception_now(state: State, other: State) -> float:
    mean, _ = state.estimate(other)
    return measures.misperception(mean, other.log_cost)


@followed("front", "0..1", "where the front stands")
def front_now(war: War) -> float:
    return war.front.position


@followed("table_open", "0 or 1", "the table is open")
def table_open(war: War) -> float:
    return measures.flag(war.table.is_open)


@followed("in_force", "0 or 1", "an agreement is in force")
def in_force(war: War) -> float:
    return measures.flag(war.agreement.in_force)


@followed("success", "0 or 1", "an agreement has held for the weeks that count as success")
def success_now(war: War) -> float:
    return measures.flag(war.outcome == SUCCESS)


@followed("decided_by_force", "0 or 1", "the war has been decided by force")
def decided_by_force(war: War) -> float:
    return measures.flag(war.outcome == DECIDED_BY_FORCE)


@followed("exposed.{0}", "0 or 1", "{0} has become known", over="channels")
def exposed(channel: Channel) -> float:
    return measures.flag(channel.exposed_week > 0)
