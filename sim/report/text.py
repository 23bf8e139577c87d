"""Results and contrasts as text of at most 80 columns."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim import words
from sim.parameters import FRONT
from sim.report.places import told_place
from sim.report.text_tables import WIDTH, Layout
from sim.scenario.foregone import foregone
from sim.scenario.load import Scenario
from sim.steps.columns import own_columns_of
from sim.study.play.contrasts import Contrast
from sim.study.play.precision import Reached
from sim.study.play.results import Result
from sim.study.statistics.estimates import Estimate

LABEL, NUMBER, INTERVAL = 44, 8, 18
_MOST_DIFFERENCES = 12

_MEANINGS = {
    "success": "an agreement was in force for all the weeks that count as success",
    "in_force_unproven": "signed, and still in force when the simulated time ran out",
    "never_opened": "the parties never all saw enough in talks to sit down",
    "impasse": "talks took place; the last of them ended without an agreement",
    "vetoed": "agreed at the table, refused and blocked by a state without a seat",
    "not_ratified": "agreed by governments, not by a parliament",
    "broken": "signed, then broken by a belligerent or spoiled",
    "decided_by_force": "one side reached all its aims on the ground",
    "trust": "probability, in the one's eyes, that the other keeps agreements",
    "misperception": "distance of the belief about the other's cost of war from the truth",
    "terms": "0 is what the invaded side wants, 1 what the invader wants",
    "surplus": "worth of the agreement beyond fighting on, at signing; 0 if unsigned",
    "payoff": "the same, less the loss where the agreement was broken",
    "deal_existed": "at some time terms existed that were better for all than war",
    "missed": "such terms existed and nothing was signed",
    "futile": "the table opened though no such terms were found",
    "opening": "week of the first round, where talks opened at all",
    "agreement": "week of the first signature, where there was one",
    "front": "0 is the aim of the invaded side, 1 the aim of the invader",
}


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of a table: what it is, its numbers in words, and what it means."""

    label: str
    numbers: tuple[str, ...]
    meaning: str = ""


def result_lines(result: Result, explain: bool) -> list[str]:
    """Return a result as lines."""
    success, ends = _estimate(result.success)
    lines = [
        *textwrap.wrap(result.scenario.title or result.scenario.name, WIDTH),
        *_heading(result, len(result), result.scenario.name),
        *foregone_lines([result.scenario]),
        "",
        f"Success {success}, 95 % {ends}",
    ]
    if explain:
        lines.append(f"    {_MEANINGS['success']}")
    heads = ("", "95 %")
    lines += _section("How it ended", ("share", "95 %"), _outcome_rows(result), explain)
    lines += _section("Trust", ("before", "after", "95 %"), _trust_rows(result), explain)
    rows = [_row(words.pair(pair), estimate, "misperception") for pair, estimate in result.misperception.items()]
    lines += _section("Misperception of the other's cost of war (log)", heads, rows, explain)
    rows = [_row(words.plain(issue), estimate, "terms") for issue, estimate in result.terms.items()]
    agreed = max((estimate.replicates for estimate in result.terms.values()), default=0)
    lines += _section(f"Terms, where signed ({words.count(agreed, 'replicate')})", heads, rows, explain)
    lines += _terms_in_words(result)
    worth = result.group("surplus")
    rows = [_row(words.proper(state), estimate, "surplus") for state, estimate in worth.items()]
    lines += _section("Worth of agreements at signing (utility)", heads, rows, explain)
    rows = [_row(label, result.share(flag), flag) for flag, label in _FLAGS.items()]
    lines += _section("Bargains", heads, rows, explain)
    own = own_columns_of(result.scenario)
    rows = [_Row(column.name, _estimate(result.estimate(column)), column.meaning) for column in own]
    title = f"Measured by {result.scenario.model.called}" if result.scenario.model else ""
    return [*lines, *_section(title, heads, rows, explain), ""]


def _terms_in_words(result: Result) -> list[str]:
    """Return the mean terms by the points that issues name, and where a point that moves with the front is put."""
    issues = result.scenario.values["issues"]
    named = {issue: issues[issue]["points"] for issue in result.terms if issues[issue].get("points")}
    signed = np.isfinite(result.columns[f"terms.{next(iter(named))}"]) if named else np.array([])
    if not signed.any():
        return []
    front = float(np.mean(result.columns["front"][signed]))
    told = [
        f"{words.plain(issue)}: {told_place(result.terms[issue].estimate, points, front)}"
        for issue, points in named.items()
    ]
    moving = dict.fromkeys(name for points in named.values() for name, at in points.items() if at == FRONT)
    if moving:
        where = f"where the front stood at the end, {words.number(front, 2)} on average"
        told.append(f"({words.listed(moving)}: {where})")
    return [line for text in told for line in textwrap.wrap(f"  {text}", WIDTH, subsequent_indent="      ")]


def foregone_lines(scenarios: Iterable[Scenario]) -> list[str]:
    """Return what is to be said before any number of scenarios whose own settings rule something out."""
    told = dict.fromkeys(sentence for scenario in scenarios for sentence in foregone(scenario))
    return ["", *(line for sentence in told for line in textwrap.wrap(sentence, WIDTH))] if told else []


_FLAGS = {
    "deal_existed": "a deal better for all existed",
    "missed": "it existed and none was signed",
    "futile": "talks opened though none existed",
}


def contrast_lines(contrast: Contrast, explain: bool) -> list[str]:
    """Return a contrast as lines."""
    lines = [
        *textwrap.wrap(f"a  {contrast.a.scenario.title} ({contrast.a.scenario.name})", WIDTH, subsequent_indent="   "),
        *textwrap.wrap(f"b  {contrast.b.scenario.title} ({contrast.b.scenario.name})", WIDTH, subsequent_indent="   "),
        *_heading(contrast.a, len(contrast), "each"),
        *foregone_lines([contrast.a.scenario, contrast.b.scenario]),
        "",
        *_contrast_headline(contrast),
        *_differing_keys(contrast),
    ]
    heads = ("a", "b", "b - a", "95 % jointly")
    before, after = contrast.a.outcomes, contrast.b.outcomes
    rows = [
        _Row(words.outcome(name), _numbers(before[name].estimate, after[name].estimate, effect), _MEANINGS[name])
        for name, effect in contrast.jointly("outcome").items()
    ]
    lines += _section("How it ended", heads, rows, explain)
    rows = [
        _Row(
            words.pair(pair),
            _numbers(contrast.a.trust[pair].after, contrast.b.trust[pair].after, effect),
            _MEANINGS["trust"],
        )
        for pair, effect in contrast.jointly("trust").items()
    ]
    lines += _section("Trust at the end", heads, rows, explain)
    for title, group in (("Misperception (log cost of war)", "misperception"), ("Terms where both signed", "terms")):
        rows = [
            _Row(words.pair(key) if "->" in key else words.plain(key), ("", "", *_change(effect)), _MEANINGS[group])
            for key, effect in contrast.jointly(group).items()
        ]
        lines += _section(title, ("", "", "b - a", "95 % jointly"), rows, explain)
    return [*lines, ""]


def _contrast_headline(contrast: Contrast) -> list[str]:
    """Return what the contrast says of success, helped and harmed, and what the shared luck was worth."""
    effect, moved = contrast.success, contrast.moved
    change, ends = _change(effect)
    before, after = words.two_numbers(contrast.a.success.estimate, contrast.b.success.estimate, 3)
    if contrast.settled:
        verb = "rises" if effect.estimate > 0.0 else "falls"
        said = f"Success {verb} from {before} (a) to {after} (b): by {change}, 95 % {ends}."
    elif before == after:
        said = f"Success is {before} in a and in b alike: {change}, 95 % {ends}."
    else:
        said = (
            f"Success is {before} in a and {after} in b. {words.count(len(contrast), 'replicate')} do not tell "
            f"whether it rises or falls: {change}, 95 % {ends}."
        )
    lines = textwrap.wrap(said, WIDTH)
    for name, share, bounds in (
        ("helped", moved.helped, moved.helped_bounds),
        ("harmed", moved.harmed, moved.harmed_bounds),
    ):
        allowed = f"the two shares alone allow {words.interval(*bounds)}"
        lines.append(f"  {name} in {words.number(share)} of replicates ({allowed})")
    if math.isfinite(contrast.variance_reduction):
        times = words.number(contrast.variance_reduction, 1)
        lines.append(f"  shared luck did the work of {times} times as many replicates")
    return lines


def precision_lines(reached: Reached[Any], half_width: float, subject: str) -> list[str]:
    """Return whether the precision asked for was reached, and the interval that holds however often one looks."""
    look = reached.look
    estimate, ends = _estimate(reached.estimate)
    verdict = "which is precise enough" if reached.precise else "which is not, and the budget is spent"
    said = (
        f"{subject}: {estimate}, 95 % {ends} after {words.count(look.number, 'look')} at the results, "
        f"the last after {words.count(look.replicates, 'replicate')}. Asked for was +- {half_width:g}, {verdict}. "
        f"This interval is wider than the one above: it allows for the looks."
    )
    return textwrap.wrap(said, WIDTH)


def precision_told(reached: Reached[Any], half_width: float) -> dict[str, Any]:
    """Return the same as plain data."""
    estimate, look = reached.estimate, reached.look
    ends = {"estimate": estimate.estimate, "low": estimate.low, "high": estimate.high}
    asked = {"half_width": half_width, "precise": reached.precise}
    return {"precision": asked | ends | {"looks": look.number, "replicates": look.replicates, "level": look.level}}


def failures_in_words(result: Result) -> Iterator[str]:
    """Yield what is to be said of replicates that failed."""
    if result.failed:
        first = result.failed[0]
        text = (
            f"{result.scenario.name}: {words.count(len(result.failed), 'replicate')} failed and are left out, "
            f"the first number {first.replicate}: {first.error}"
        )
        yield " ".join(text.split())


def _heading(result: Result, replicates: int, subject: str) -> list[str]:
    """Return which run this is: so many replicates of a subject, under which seed, engine and model."""
    return textwrap.wrap(
        f"{words.count(replicates, 'replicate')} of {subject}, seed {result.seed}, "
        f"{result.engine} engine, model {result.model_version}",
        WIDTH,
    )


def _section(title: str, heads: tuple[str, ...], rows: Iterable[_Row], explain: bool) -> list[str]:
    """Return a table with a title, if it has rows; the last number is an interval."""
    rows = list(rows)
    if not rows:
        return []
    widths = (*(NUMBER for _ in heads[1:]), INTERVAL)
    label = min(LABEL, WIDTH - sum(widths) - 2)
    layout = Layout(label + 2, widths)
    lines = ["", layout.line(title, heads)]
    last = ""
    for row in rows:
        lines.append(layout.line(f"  {words.cut(row.label, label)}", row.numbers))
        if explain and row.meaning and row.meaning != last:
            lines.append(f"      {row.meaning}")
            last = row.meaning
    return lines


def _row(label: str, estimate: Estimate, meaning: str) -> _Row:
    """Return a row of an estimate and its interval."""
    return _Row(label, _estimate(estimate), _MEANINGS[meaning])


def _estimate(estimate: Estimate) -> tuple[str, str]:
    """Return an estimate and its interval."""
    return (words.number(estimate.estimate), words.interval(estimate.low, estimate.high))


def _outcome_rows(result: Result) -> list[_Row]:
    """Return a row for each outcome."""
    return [_row(words.outcome(name), estimate, name) for name, estimate in result.outcomes.items()]


def _trust_rows(result: Result) -> list[_Row]:
    """Return a row for each ordered pair."""
    rows = []
    for pair, change in result.trust.items():
        ends = words.interval(change.low, change.high)
        numbers = (words.number(change.before), words.number(change.after), ends)
        rows.append(_Row(words.pair(pair), numbers, _MEANINGS["trust"]))
    return rows


def _numbers(before: float, after: float, effect: Estimate) -> tuple[str, ...]:
    """Return the numbers of a row of a contrast."""
    return (words.number(before), words.number(after), *_change(effect))


def _change(effect: Estimate) -> tuple[str, str]:
    """Return a difference and its interval."""
    return (words.number(effect.estimate, sign=True), words.interval(effect.low, effect.high, sign=True))


def _differing_keys(contrast: Contrast) -> list[str]:
    """Return the keys whose values differ between the scenarios."""
    found = list(_differing_in_words(contrast))
    lines = ["", "What differs (a, then b)"] if found else ["", "No value differs."]
    for difference in found[:_MOST_DIFFERENCES]:
        lines += textwrap.wrap(f"  {difference}", WIDTH, subsequent_indent="      ", break_on_hyphens=False)
    if len(found) > _MOST_DIFFERENCES:
        lines.append(f"  and {len(found) - _MOST_DIFFERENCES} more (sim show prints every value of a scenario)")
    return lines


def _differing_in_words(contrast: Contrast) -> Iterator[str]:
    """Yield each differing key with both values; an entry that one scenario lacks is named once, with all its values."""
    first, second = contrast.a.scenario.values, contrast.b.scenario.values
    added: dict[str, list[str]] = {}
    for key, mine, theirs in contrast.differences:
        table, _, rest = key.partition(".")
        entry, _, inside = rest.partition(".")
        there = [entry in place for place in (first.get(table), second.get(table)) if isinstance(place, Mapping)]
        if sum(there) != 1:
            yield f"{key}: {_value_there(mine)}, {_value_there(theirs)}"
        else:
            only, value = ("a", mine) if theirs is None else ("b", theirs)
            added.setdefault(f"{table}.{entry}: only in {only}", []).append(f"{inside}={_value_there(value)}")
    yield from (f"{entry}: {', '.join(values)}" for entry, values in added.items())


def _value_there(value: object) -> str:
    """Return the value of a key of a scenario as a file writes it, or that it has none."""
    if value is None:
        return "not there"
    return words.toml(value) if not isinstance(value, Mapping) else "a table"
