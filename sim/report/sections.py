"""The sections of a report, each only where the results have what it shows."""

from __future__ import annotations

import math
import shlex
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from sim import words
from sim.engines.outcomes import columns_of
from sim.report import numbers
from sim.report.exhibit import Exhibit, Table
from sim.report.figures import (
    differences,
    discovery,
    factors,
    failures,
    heat,
    ledger,
    moved,
    network,
    outcomes,
    sensitivity,
    success,
    trust,
    twofold,
    weeks,
)
from sim.report.gathered import Gathered, Set
from sim.report.page import Block, Command, Events, Figure, Grid, Notes, Section, Told
from sim.report.palette import looks
from sim.report.stories import Story, story, typical
from sim.scenario.keys import parameter_at, split_key
from sim.study.claims.analysis import Sensitivity, questions_of, sensitivities
from sim.study.claims.flips import Condition
from sim.study.claims.spaces import places_of
from sim.study.claims.verdicts import Beside, ClaimVerdict, RowVerdict
from sim.study.design.claim_file import DIFFERENCE
from sim.study.design.experiment_file import SPACE
from sim.study.design.points import Point, written
from sim.study.play.contrasts import Difference
from sim.study.play.interactions import interaction
from sim.study.play.weekly import Weekly
from sim.study.statistics.estimates import Estimate
from sim.version import model_version

MOST_ROWS = 40
MOST_KEYS = 60
MOST_LINES = 8
FEWEST_VALUES, FEWEST_SHOWN = 3, 12
MOST_NAMED = 5


def sections(gathered: Gathered) -> list[Section]:
    """Return the sections of the page, in their order; one without anything to show is left out."""
    makers: Sequence[Callable[[Gathered], Section | None]] = (
        claims,
        played,
        shares,
        changes,
        together,
        along,
        explained,
        over_time,
        endings,
        harm,
        one_replicate,
        method,
        parameters,
    )
    return [section for section in (make(gathered) for make in makers) if section is not None]


# ---- Claims ----------------------------------------------------------------------------------------------------------


def claims(gathered: Gathered) -> Section | None:
    """Return the ledger of claims, row by row, and over the plausible space where the design has one."""
    if not gathered.verdicts:
        return None
    text = (
        "A claim is a set of rows; each sets two scenarios against each other in the same replicates. It is supported if "
        "all of its rows are, contradicted if any is. Rows that are only shown beside a claim do not count for it."
    )
    listed = [claim_of(one, gathered) for one in gathered.verdicts]
    notes = [f"{one.claim}: {one.asked.note}" for one in gathered.verdicts if one.asked.note]
    blocks: list[Block] = [Figure(ledger.exhibit(listed)), *over_space(gathered), *beside(gathered), Notes(notes)]
    return Section("claims", "The ledger of claims", [text], blocks)


def beside(gathered: Gathered) -> list[Block]:
    """Return what is shown beside the rows on success: where a deal existed, deals missed, futile talks, and placebos."""
    rows = [
        (
            one.claim,
            row_label(row),
            numbers.shares_apart(row.effect),
            numbers.shares_apart(row.beside.within),
            numbers.shares_apart(row.beside.missed),
            numbers.shares_apart(row.beside.futile),
            placebo_of(row.beside),
            "; ".join(f"{name}: {numbers.shares_apart(effect)}" for name, effect in row.elsewhere.items())
            or numbers.NONE,
        )
        for one in gathered.verdicts
        for row in one.rows
        if row.beside is not None
    ]
    head = ("claim", "row", "effect on success", "where a deal existed", "deals missed", "futile talks")
    caption = "Beside the rows on success (percentage points, 95 % intervals)"
    table = Table((*head, "helped and harmed by a placebo", "at other values"), rows)
    return [Grid(caption, table)] if rows else []


def placebo_of(one: Beside) -> str:
    """Return how many replicates a change that means nothing helps and harms."""
    if one.placebo is None:
        return numbers.NONE
    return f"{numbers.percent(one.placebo.helped)}, {numbers.percent(one.placebo.harmed)}"


def over_space(gathered: Gathered) -> list[Block]:
    """Return in which share of the plausible space each claim holds, what flips it, and where."""
    found = [one for one in gathered.verdicts if one.space is not None]
    if not found:
        return []
    flips = [(one.claim, flips_of(one)) for one in found]
    table = Table(("claim", "what flips it"), flips)
    regions = [region for one in found if (region := region_of(gathered, one)) is not None]
    return [
        Figure(ledger.space_exhibit(spaces_of(gathered))),
        Grid("What flips each claim", table),
        *(Figure(discovery.exhibit(region)) for region in regions),
    ]


def spaces_of(gathered: Gathered) -> list[ledger.Space]:
    """Return the space of each claim that has one, as its figure needs it."""
    return [
        ledger.Space(one.id, one.claim, ends_of(one.space.low), against(one.space.high), len(one.space), flips_of(one))
        for one in gathered.verdicts
        if one.space is not None
    ]


def ends_of(one: Estimate) -> tuple[float, float, float]:
    """Return an estimate with the ends of its interval."""
    return one.estimate, one.low, one.high


def against(one: Estimate) -> tuple[float, float, float]:
    """Return the share contradicted, with the ends of its interval, from what the share with the claimed sign is at most."""
    return 1.0 - one.estimate, 1.0 - one.high, 1.0 - one.low


def flips_of(one: ClaimVerdict) -> str:
    """Return what turns a claim round, in words."""
    return words.sentence(one.space.flip.in_words()) if one.space.flip else "No rule says where it turns round"


def region_of(gathered: Gathered, one: ClaimVerdict) -> discovery.Region | None:
    """Return the places of a claim over the first two numbers of the rule that flips it; None if it has fewer."""
    flip = one.space.flip
    bounds = [condition for condition in (flip.conditions if flip else ()) if isinstance(condition.value, float)]
    names = list(dict.fromkeys(condition.name for condition in bounds))[:2]
    if len(names) < 2:
        return None
    rows = gathered.folder.experiment.rows
    values = [tuple(rows[line].values.get(name, math.nan) for name in names) for line in one.space.lines]
    verdicts = [
        "supported" if yes else "contradicted" if no else "not resolved"
        for yes, no in zip(one.space.supported, one.space.contradicted, strict=True)
    ]
    points = tuple((float(x), float(y), verdict) for (x, y), verdict in zip(values, verdicts, strict=True))
    box = (box_side(bounds, names[0]), box_side(bounds, names[1]))
    axes = (key_words(names[0]), key_words(names[1]))
    rule = " and ".join(condition_words(condition) for condition in flip.conditions)
    rates = (flip.coverage, flip.density, flip.base_rate)
    return discovery.Region(slug(one.id), one.claim, f"{flip.verdict} where {rule}", axes, points, box, *rates)


def key_words(key: str) -> str:
    """Return a key in words: its last part, and whose it is."""
    *above, last = key.split(".")
    whose = " ".join(above[1:]).replace("_", " ")
    return f"{last.replace('_', ' ')} ({whose})" if whose else last.replace("_", " ")


def condition_words(one: Condition) -> str:
    """Return one step of a rule in words."""
    if isinstance(one.value, str):
        return f"{key_words(one.name)} is {'not ' if one.at_most else ''}{words.plain(one.value)}"
    return f"{key_words(one.name)} is {'at most' if one.at_most else 'above'} {numbers.value(one.value)}"


def box_side(bounds: Sequence[Condition], name: str) -> tuple[float, float]:
    """Return the ends of a rule on one parameter."""
    mine = [one for one in bounds if one.name == name]
    low = max((float(one.value) for one in mine if not one.at_most), default=-math.inf)
    return low, min((float(one.value) for one in mine if one.at_most), default=math.inf)


def claim_of(verdict: ClaimVerdict, gathered: Gathered) -> ledger.Claim:
    """Return a claim as its figure needs it."""
    lines = tuple(line_of(row, gathered) for row in verdict.rows)
    return ledger.Claim(verdict.id, verdict.claim, verdict.verdict, lines)


def line_of(row: RowVerdict, gathered: Gathered) -> ledger.Line:
    """Return a row of a claim as its figure needs it."""
    sign = 1 if row.direction == "higher" else -1
    beside = "" if row.counts else " (beside the claim)"
    return ledger.Line(
        f"{row_label(row)}{beside}",
        row.deciding,
        sign,
        row.smallest_effect,
        row.verdict,
        "; ".join(row.sign_fixed_by),
        is_share(row.outcome, gathered) and row.asked.scale == DIFFERENCE,
        tuple(dict.fromkeys(row.points)),
        row.counts,
    )


def row_label(row: RowVerdict) -> str:
    """Return what a row sets against what, and by which outcome."""
    scale = "" if row.asked.scale == DIFFERENCE else ", log-odds"
    what = f"{words.sentence(outcome_words(row.outcome))}{scale}"
    names = [words.plain(one) for one in row.points]
    if len(names) == 2:
        return f"{what}: {names[1]} against {names[0]}"
    return f"{what}: ({names[3]} less {names[2]}) less ({names[1]} less {names[0]})"


def is_share(column: str, gathered: Gathered) -> bool:
    """Return whether a column is a flag, so that its mean is a share of replicates."""
    world = gathered.points[0].scenario.eras[-1].world
    return any(one.name == column and one.kind == "flag" for one in columns_of(world))


def outcome_words(column: str) -> str:
    """Return a column in words: success, Ukraine's trust in the United States, front."""
    group, _, rest = column.partition(".")
    parts = rest.split(".")
    if group in ("trust", "misperception", "calibration") and len(parts) == 2:
        one, other = words.possessive(words.state(parts[0])), words.state(parts[1])
        noun = {"trust": "trust in", "misperception": "misperception of", "calibration": "calibration about"}[group]
        return f"{one} {noun} {other}".replace("'", "’")
    if group in ("surplus", "payoff") and rest:
        return f"{words.possessive(words.state(rest))} {group}".replace("'", "’")
    return f"{words.plain(group)} on {words.plain(rest)}" if group == "terms" else words.plain(column.replace(".", " "))


# ---- What was played -------------------------------------------------------------------------------------------------


def played(gathered: Gathered) -> Section:
    """Return what was played, and in which keys the scenarios of each contrast differ."""
    experiment = gathered.folder.experiment
    text = " ".join(experiment.description.split())
    rows: list[tuple[str | float | int | None, ...]] = [
        (gathered.labels[label], label, str(experiment.document.tree["scenarios"][label]["extends"]))
        for label in experiment.scenarios
    ]
    names = [[label] for label in experiment.scenarios]
    alone = first_of_each(gathered.sets)
    blocks: list[Block] = [Grid("Scenarios", Table(("scenario", "name in the file", "extends"), rows), names)]
    if gathered.sets:
        pairs = [
            (words.sentence(words.plain(one.name)), gathered.called(one.a), gathered.called(one.b)) for one in alone
        ]
        blocks.append(
            Grid("Contrasts", Table(("contrast", "first", "second, and what is told is second minus first"), pairs))
        )
    differing = [row for one in alone for row in differing_keys(one)]
    if differing:
        caption = "What differs between the scenarios of each contrast"
        head = ("contrast", "key", "first", "second")
        blocks.append(Grid(caption, Table(head, differing[:MOST_KEYS]), []))
    return Section("played", "What was played", [text] if text else [], blocks)


def first_of_each(sets: Sequence[Set]) -> list[Set]:
    """Return one pair of points of each contrast."""
    return list({one.name: one for one in reversed(sets)}.values())[::-1]


def differing_keys(one: Set) -> list[tuple[str, str, str, str]]:
    """Return the keys in which the scenarios of a contrast differ, with both values; what one of them lacks as a whole."""
    found = {}
    for key, mine, theirs in one.contrast.differences:
        if mine is None or theirs is None:
            found[".".join(split_key(key)[:2])] = (there(mine), there(theirs))
        elif not isinstance(mine, dict) and not isinstance(theirs, dict):
            found[key] = (written(mine), written(theirs))
    return [(words.sentence(words.plain(one.name)), key, *both) for key, both in found.items()]


def there(value: object) -> str:
    """Return whether a scenario has an entry, in a word."""
    return numbers.NONE if value is None else "there"


# ---- Success and differences -----------------------------------------------------------------------------------------


def share_exhibit(gathered: Gathered, points: Sequence[Point]) -> Exhibit:
    """Return the figure of success at some points."""
    return success.exhibit(
        [success.Share(gathered.called(one), gathered.looks[one.label], gathered.result(one).success) for one in points]
    )


def shares(gathered: Gathered) -> Section | None:
    """Return success by scenario, where there are few enough points to read."""
    if len(gathered.points) > MOST_ROWS:
        return None
    return Section("success", "Success by scenario", [], [Figure(share_exhibit(gathered, gathered.points))])


def effect_exhibit(gathered: Gathered, column: str) -> Exhibit:
    """Return what each contrast does to one outcome: along the factor that its pairs differ in, or in rows."""
    outcome = outcome_of(column, gathered)
    factor = factor_of(gathered.sets)
    if factor:
        lines = [
            effect_line(gathered, name, factor, column) for name in dict.fromkeys(one.name for one in gathered.sets)
        ]
        measure = factors.Measure(outcome.noun, outcome.caption, outcome.percent, signed=True)
        return factors.exhibit(outcome.name, words.plain(factor), [line for line in lines if line.values], measure)
    effects = [
        differences.Effect(one.label, gathered.looks[one.b.label], difference_of(one, column), one.scenarios)
        for one in gathered.sets[:MOST_ROWS]
    ]
    return differences.exhibit(effects, outcome)


def factor_of(sets: Sequence[Set]) -> str:
    """Return the one factor of numbers that pairs of the same contrasts differ in; empty where there is none."""
    names = dict.fromkeys(name for one in sets for name in one.b.values)
    found = [name for name in names if len({numbers.value(one.b.values.get(name)) for one in sets}) >= FEWEST_VALUES]
    if len(found) != 1 or len(names) != 1:
        return ""
    numeric = all(isinstance(one.b.values.get(found[0]), int | float) for one in sets)
    return found[0] if numeric else ""


def effect_line(gathered: Gathered, name: str, factor: str, column: str) -> factors.Line:
    """Return what one contrast does to an outcome along a factor."""
    sets = [one for one in gathered.sets if one.name == name]
    found = [one.contrast.effect(column).interval() for one in sets]
    values = tuple(one.b.values[factor] for one in sets)
    look = gathered.looks[sets[0].b.label]
    return factors.Line(words.sentence(words.plain(name)), look, values, tuple(found), sets[0].scenarios)


def difference_of(one: Set, column: str) -> Difference:
    """Return what a contrast does to a column."""
    interval = one.contrast.effect(column).interval()
    return Difference(interval.estimate, interval.low, interval.high, interval.replicates)


def changes(gathered: Gathered) -> Section | None:
    """Return what each contrast does to each outcome that the experiment asks about."""
    if not gathered.sets:
        return None
    columns = dict.fromkeys(["success", *gathered.folder.experiment.outcomes])
    blocks = [
        Figure(effect_exhibit(gathered, column))
        for column in columns
        if all(column in one.contrast.a.columns and column in one.contrast.b.columns for one in gathered.sets)
    ]
    text = "Both scenarios of a contrast are played in the same replicates, under the same luck; what differs is the change."
    return Section("changes", "What each change does", [text], blocks)


def outcome_of(column: str, gathered: Gathered) -> differences.Outcome:
    """Return how a column is told."""
    if column == "success":
        return differences.SUCCESS
    noun = outcome_words(column)
    if is_share(column, gathered):
        return differences.Outcome(f"change-{slug(column)}", noun, f"change in {noun}, percentage points", percent=True)
    world = gathered.points[0].scenario.eras[-1].world
    unit = next((one.unit for one in columns_of(world) if one.name == column), "")
    return differences.Outcome(f"change-{slug(column)}", noun, f"change in {noun}, {unit}")


def slug(text: str) -> str:
    """Return a text as a word for links."""
    return "".join(letter if letter.isalnum() else "-" for letter in text.lower()).strip("-")


def harm(gathered: Gathered) -> Section | None:
    """Return how many replicates each contrast helps and harms."""
    listed = [moved.Moved(one.label, one.contrast.moved, one.scenarios) for one in gathered.sets[: MOST_ROWS // 2]]
    listed = listed or moved_of_claims(gathered)
    if not listed:
        return None
    return Section("harm", "Helped and harmed", [], [Figure(moved.exhibit(listed))])


def moved_of_claims(gathered: Gathered) -> list[moved.Moved]:
    """Return how many replicates each row on success that counts for a claim helps and harms."""
    found = {
        row_label(row): moved.Moved(row_label(row), row.beside.moved, tuple(dict.fromkeys(row.points)))
        for one in gathered.verdicts
        for row in one.rows
        if row.counts and row.beside is not None and row.beside.moved is not None
    }
    return list(found.values())[: MOST_ROWS // 2]


def endings(gathered: Gathered) -> Section:
    """Return how the replicates of the points in focus ended."""
    called = gathered.briefly(gathered.focus)
    listed = [
        failures.Endings(called[one.name], gathered.looks[one.label], gathered.result(one).outcomes)
        for one in gathered.focus
    ]
    return Section("endings", "How it ended", [], [Figure(failures.exhibit(listed))])


# ---- Two changes at once, and factors --------------------------------------------------------------------------------


def together(gathered: Gathered) -> Section | None:
    """Return the 2x2 of two factors with two values each, for each scenario that has both."""
    labels = gathered.folder.experiment.scenarios
    found = [(label, four) for label in labels if (four := square_of(gathered, label))]
    found += squares_of_claims(gathered)
    if not found:
        return None
    text = "Two changes, each alone and both together, in the same replicates."
    blocks: list[Block] = []
    for label, four in found:
        blocks.append(Figure(twofold.exhibit(f"both-{slug(label)}", four)))
    return Section("together", "Two changes at once", [text], blocks)


def square_of(gathered: Gathered, label: str) -> twofold.Square | None:
    """Return the four shares of a scenario over two factors with two values each; None where it has no such design."""
    points = [point for point in gathered.points if point.label == label]
    names = list(points[0].values) if points else []
    if len(points) != 4 or len(names) != 2:
        return None
    first, second = (gathered.folder.experiment.factors[name] for name in names)
    by_values = {(written(one.values[names[0]]), written(one.values[names[1]])): one for one in points}
    cells = [by_values.get((written(a), written(b))) for b in second.values for a in first.values]
    if len(cells) != 4 or None in cells:
        return None
    results = [gathered.result(one) for one in cells if one is not None]
    both = interaction(results[0], results[1], results[2], results[3])
    look = gathered.looks[label]
    return twofold.Square(
        tuple_of(f"{words.plain(names[0])}: {words.plain(numbers.value(value))}" for value in first.values),
        tuple_of(f"{words.plain(names[1])}: {words.plain(numbers.value(value))}" for value in second.values),
        (look, looks(["", "second"])["second"]),
        (results[0].success, results[1].success, results[2].success, results[3].success),
        both.success,
    )


def squares_of_claims(gathered: Gathered) -> list[tuple[str, twofold.Square]]:
    """Return the four shares of each row on success that sets one change against another with no scenario in common."""
    found = []
    for claim in gathered.verdicts:
        for row in claim.rows:
            if row.asked.is_success and len(set(row.points)) == 4:
                points = [next(one for one in gathered.points if one.label == label) for label in row.points]
                a, b, c, d = (gathered.result(one).success for one in points)
                names = [words.plain(one) for one in row.points]
                lines = (f"{names[0]} → {names[1]}", f"{names[2]} → {names[3]}")
                pair = (gathered.looks[points[0].label], gathered.looks[points[2].label])
                four = twofold.Square(("before", "after"), lines, pair, (a, b, c, d), row.effect)
                found.append((f"{claim.id}-{row.name}", four))
    return found


def tuple_of(pair: Iterable[str]) -> tuple[str, str]:
    """Return two texts."""
    first, second = pair
    return first, second


def along(gathered: Gathered) -> Section | None:
    """Return success along the one factor of the design, or over its two; none where it has no factors or more."""
    exhibit = along_exhibit(gathered)
    return None if exhibit is None else Section("along", "Success along what was varied", [], [Figure(exhibit)])


def along_exhibit(gathered: Gathered) -> Exhibit | None:
    """Return the figure of success over one or two factors."""
    listed = list(gathered.folder.experiment.factors.values())
    if len(listed) == 1:
        name = listed[0].name
        lines = [line for label in labels_along(gathered) if (line := line_along(gathered, label, name))]
        return factors.exhibit("along", words.plain(name), lines) if lines else None
    if len(listed) == 2 and all(len(one.values) > 2 for one in listed):
        first, second = listed
        maps = [one for label in gathered.labels if (one := map_of(gathered, label, first.name, second.name))]
        return heat.exhibit((words.plain(first.name), words.plain(second.name)), maps) if maps else None
    return None


def labels_along(gathered: Gathered) -> list[str]:
    """Return the scenarios shown along a factor: all if they are few, else those in focus."""
    return list(gathered.labels) if len(gathered.labels) <= MOST_LINES else [one.label for one in gathered.focus]


def line_along(gathered: Gathered, label: str, factor: str) -> factors.Line | None:
    """Return success of a scenario along a factor; None if it is not played at two values or more."""
    points = [point for point in gathered.points if point.label == label and factor in point.values]
    if len(points) < 2:
        return None
    values = tuple(point.values[factor] for point in points)
    found = tuple(gathered.result(point).success for point in points)
    return factors.Line(gathered.labels[label], gathered.looks[label], values, found, (label,))


def map_of(gathered: Gathered, label: str, first: str, second: str) -> heat.Map | None:
    """Return success of a scenario over two factors; None where it does not have both."""
    points = [point for point in gathered.points if point.label == label and {first, second} <= point.values.keys()]
    if not points:
        return None
    across, up = (list(dict.fromkeys(point.values[name] for point in points)) for name in (first, second))
    places = {(point.values[first], point.values[second]): point for point in points}
    cells = tuple(
        tuple(gathered.result(places[x, y]).success if (x, y) in places else None for x in across) for y in up
    )
    return heat.Map(
        gathered.labels[label],
        gathered.looks[label],
        tuple(map(numbers.value, across)),
        tuple(map(numbers.value, up)),
        cells,
    )


def explained(gathered: Gathered) -> Section | None:
    """Return how much each parameter explains over the places of a space: of outcomes, or of the effects of claims."""
    experiment = gathered.folder.experiment
    if not places_of(experiment):
        return None
    answers = sensitivities(gathered.folder, questions_of(experiment))
    blocks: list[Block] = [Figure(sensitivity_exhibit(gathered, answer)) for answer in answers]
    if experiment.claims:
        blocks = [explained_effects(gathered, answers)]
    text = (
        "Every parameter was drawn from its range. Places that are neighbours in one parameter share it and nothing else; "
        "what their outcomes have in common, it explains by itself. Even replicates are set against odd ones, so that "
        "chance drops out. All parameters are judged together: one analysis in twenty may name one that does nothing."
    )
    return Section("sensitivity", "How much each parameter explains", [text], blocks)


def explained_effects(gathered: Gathered, answers: Sequence[Sensitivity]) -> Grid:
    """Return a line for each row of a claim: chance's share, and the parameters that explain most of its effect."""
    titles = {claim.id: claim.claim for claim in gathered.folder.experiment.claims.values()}
    rows = [
        (
            titles[answer.question.asked_by[0]],
            words.plain(answer.question.asked_by[1]),
            numbers.mean(answer.chance, 2),
            "; ".join(f"{key_words(one.name)} {numbers.mean(one.share, 2)}" for one in answer.told[:MOST_NAMED])
            or "cannot be told",
        )
        for answer in answers
    ]
    head = ("claim", "row", "share of the variance that is chance", "explained by itself, of the rest")
    return Grid("What the effects depend on (95 % intervals)", Table(head, rows))


def sensitivity_exhibit(gathered: Gathered, answer: Sensitivity) -> Exhibit:
    """Return the figure of what explains one outcome; of many parameters that cannot be told, the first are shown."""
    outcome, points = answer.question.outcome, answer.question.points
    noun = outcome_words(outcome)
    names = [gathered.labels[label] for label in points]
    what = f"{noun} with “{names[0]}”" if len(names) == 1 else f"what “{names[1]}” changes in {noun}"
    count, told = len(answer.influences), len(answer.told)
    shown = answer.influences[: max(told, min(count, FEWEST_SHOWN))][:MOST_ROWS]
    indices = [sensitivity.Index(key_words(one.name), one.share, one.told) for one in shown]
    name = f"explained-{slug(outcome)}-{'-'.join(map(slug, points))}"
    return sensitivity.exhibit(name, sensitivity.Study(what, answer.chance, count - told), indices)


# ---- Over time -------------------------------------------------------------------------------------------------------


def over_time(gathered: Gathered) -> Section | None:
    """Return trust and states of affairs week by week, where weekly values were kept."""
    called = gathered.briefly(gathered.focus)
    kept = [(point, gathered.folder.weekly(point.name)) for point in gathered.focus]
    found = [(point, weekly) for point, weekly in kept if weekly is not None]
    if not found:
        return None
    nouns = {name: outcome_words(name) for _, weekly in found for name in weekly.names if name.startswith("trust.")}
    pairs = [
        trust.Pair(
            noun,
            tuple(
                trust.Course(
                    called[point.name],
                    gathered.looks[point.label],
                    weekly.mean(name),
                    weekly.quantile(name, 0.1),
                    weekly.quantile(name, 0.9),
                )
                for point, weekly in found
                if name in weekly.names
            ),
        )
        for name, noun in nouns.items()
    ]
    states = [
        outcomes.States(called[point.name], gathered.looks[point.label], states_of(weekly)) for point, weekly in found
    ]
    blocks = [Figure(trust.exhibit(pairs)), Figure(outcomes.exhibit(states))]
    return Section("weeks", "Week by week", [], blocks)


def states_of(weekly: Weekly) -> dict[str, np.ndarray]:
    """Return the share of replicates in each state of affairs by week."""
    held, force, open_ = (weekly.mean(name) for name in ("success", "decided_by_force", "table_open"))
    young = np.maximum(weekly.mean("in_force") - held, 0.0)
    talking = np.clip(open_, 0.0, 1.0 - held - force - young)
    return {
        "success": held,
        "in_force": young,
        "table_open": talking,
        "closed": np.maximum(1.0 - held - young - talking - force, 0.0),
        "decided_by_force": force,
    }


# ---- One replicate ---------------------------------------------------------------------------------------------------


def one_replicate(gathered: Gathered) -> Section | None:
    """Return the typical replicate of one point: its line of time, its turning points, and its network.

    None where the results are of another version of the model, which would play another replicate under its number.
    """
    if gathered.folder.manifest["model_version"] != model_version():
        return None
    point = gathered.typical_point
    number, why = typical(gathered.result(point))
    told = story(point.scenario, gathered.folder.manifest["seed"], number, why)
    turns = [Told(f"week {one.week}", one.text, str(place + 1)) for place, one in enumerate(told.turns())]
    blocks: list[Block] = [Figure(weeks.exhibit(told)), Events(turns)]
    blocks.append(Command("Every event of this replicate, week by week:", replay(gathered, point, told)))
    blocks.append(Figure(network.exhibit(told)))
    text = f"Replicate {number:,} of “{gathered.called(point)}”. {why}"
    return Section("replicate", "One typical replicate", [text], blocks)


def replay(gathered: Gathered, point: Point, told: Story) -> str:
    """Return the command that replays a replicate."""
    where = ["--replicate", str(told.trace.replicate), "--seed", str(told.trace.seed)]
    return shlex.join(["sim", "trace", *gathered.replay(point), *where])


# ---- How it was made -------------------------------------------------------------------------------------------------


def method(gathered: Gathered) -> Section:
    """Return how it was done, what that leaves out, and how to do it again."""
    about, experiment = gathered.folder.manifest, gathered.folder.experiment
    count = words.count(len(gathered.folder.points), "point")
    text = (
        f"{words.sentence(count)} of the design, {about['replicates']:,} replicates each, all under seed {about['seed']}: "
        "every random number has an address (seed, replicate, week, actor, purpose), so two scenarios share their luck and "
        "differ only in what was changed. Shares take Wilson’s interval, paired differences of shares Tango’s, means "
        "Student’s, corrected for skewness."
    )
    limits = [
        "Intervals say how far chance alone could move a number. They say nothing about whether the parameters are right.",
        "Few parameters are measured; most are assumed. A result that rests on an assumption is a statement about it.",
        "A government is one actor with one private cost of war. There are no parties, movements or elections.",
        "Names of states are names of bundles of assumptions. No person appears; envoys are types.",
    ]
    rows = [(name, str(about[key])) for name, key in FACTS if about.get(key) is not None]
    failed = sum(len(gathered.result(point).failed) for point in gathered.points)
    rows.append(("replicates that failed", f"{failed:,}"))
    blocks: list[Block] = [
        Notes(limits),
        Grid("What the results were made with", Table(("what", "value"), rows)),
        Command("The same results again, and this page:", f"{about['command']} && sim report {gathered.folder.path}"),
        Command(
            "Or play them again from their manifest and compare every bit:", f"sim reproduce {gathered.folder.path}"
        ),
    ]
    return Section("method", "Method, limits and how to repeat it", [text, design_words(experiment.design)], blocks)


FACTS = (
    ("experiment", "experiment"),
    ("model", "model_version"),
    ("package", "version"),
    ("commit", "commit"),
    ("seed", "seed"),
    ("replicates of each point", "replicates"),
    ("engine", "engine"),
    ("inputs, SHA-256", "inputs_sha256"),
    ("Python", "python"),
    ("machine", "machine"),
    ("played", "time"),
)


def design_words(design: str) -> str:
    """Return what a design is, in a sentence."""
    if design == SPACE:
        return "Design: the scenarios as they are, and a Latin hypercube of places over the ranges of the factors."
    return "Design: every combination of scenarios and values of the factors."


def parameters(gathered: Gathered) -> Section | None:
    """Return the parameters that were varied or differ between scenarios, with meaning, range, standing and source."""
    keys = dict.fromkeys(key for one in gathered.folder.experiment.factors.values() for key in one.keys)
    keys |= dict.fromkeys(key for one in gathered.sets for key, _, _ in one.contrast.differences)
    rows = [row for key in list(keys)[:MOST_KEYS] if (row := parameter_row(gathered, key))]
    if not rows:
        return None
    text = "What was varied, or differs between scenarios that are set against each other, and what it rests on."
    head = ("key", "meaning", "unit", "plausible range", "standing", "source")
    return Section("parameters", "Parameters and their standing", [text], [Grid("Parameters", Table(head, rows))])


def parameter_row(gathered: Gathered, key: str) -> tuple[str, ...] | None:
    """Return what is declared of a parameter; None for a key that is none."""
    for scenario in gathered.folder.experiment.scenarios.values():
        parameter, _ = parameter_at(split_key(key), scenario.given.tree)
        if parameter is not None:
            low, high = parameter.plausible or (math.nan, math.nan)
            between = f"{low:g} to {high:g}" if math.isfinite(low) else numbers.NONE
            source = parameter.source or numbers.NONE
            return (key, parameter.meaning, parameter.unit or parameter.kind, between, parameter.standing, source)
    return None
