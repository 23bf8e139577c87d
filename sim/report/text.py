"""Results and contrasts as text of at most 80 columns."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sim import words
from sim.study.play.contrasts import Contrast, Difference
from sim.study.play.precision import Reached
from sim.study.play.results import Result
from sim.study.statistics.estimates import Estimate
from sim.version import model_version

WIDTH = 80
LABEL = 44
MOST_DIFFERENCES = 12

MEANINGS = {
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
class Row:
    """One line of a table: what it is, its numbers in words, and what it means."""

    label: str
    numbers: tuple[str, ...]
    meaning: str = ""


def result_lines(result: Result, explain: bool) -> list[str]:
    """Return a result as lines."""
    one = result.success
    lines = [
        *textwrap.wrap(result.scenario.title or result.scenario.name, WIDTH),
        *heading(result, len(result), result.scenario.name),
        "",
        f"Success {words.number(one.estimate)}, 95 % {interval(one)}",
    ]
    if explain:
        lines.append(f"    {MEANINGS['success']}")
    heads = ("", "95 %")
    lines += section("How it ended", ("share", "95 %"), _outcome_rows(result), explain)
    lines += section("Trust", ("before", "after", "95 %"), _trust_rows(result), explain)
    rows = [_row(words.pair(pair), one, "misperception") for pair, one in result.misperception.items()]
    lines += section("Misperception of the other's cost of war (log)", heads, rows, explain)
    rows = [_row(words.plain(issue), one, "terms") for issue, one in result.terms.items()]
    agreed = max((one.replicates for one in result.terms.values()), default=0)
    lines += section(f"Terms, where signed ({words.count(agreed, 'replicate')})", heads, rows, explain)
    worth = result.group("surplus")
    rows = [_row(words.proper(state), one, "surplus") for state, one in worth.items()]
    lines += section("Worth of agreements at signing (utility)", heads, rows, explain)
    rows = [_row(label, result.share(flag), flag) for flag, label in FLAGS.items()]
    return [*lines, *section("Bargains", heads, rows, explain), ""]


FLAGS = {
    "deal_existed": "a deal better for all existed",
    "missed": "it existed and none was signed",
    "futile": "talks opened though none existed",
}


def contrast_lines(contrast: Contrast, explain: bool) -> list[str]:
    """Return a contrast as lines."""
    lines = [
        *textwrap.wrap(f"a  {contrast.a.scenario.title} ({contrast.a.scenario.name})", WIDTH, subsequent_indent="   "),
        *textwrap.wrap(f"b  {contrast.b.scenario.title} ({contrast.b.scenario.name})", WIDTH, subsequent_indent="   "),
        *heading(contrast.a, len(contrast), "each"),
        "",
        *contrast_headline(contrast),
        *_differing_keys(contrast),
    ]
    heads = ("a", "b", "b - a", "95 % jointly")
    before, after = contrast.a.outcomes, contrast.b.outcomes
    rows = [
        Row(words.OUTCOMES[name], _numbers(before[name].estimate, after[name].estimate, one), MEANINGS[name])
        for name, one in contrast.jointly("outcome").items()
    ]
    lines += section("How it ended", heads, rows, explain)
    rows = [
        Row(
            words.pair(pair),
            _numbers(contrast.a.trust[pair].after, contrast.b.trust[pair].after, one),
            MEANINGS["trust"],
        )
        for pair, one in contrast.jointly("trust").items()
    ]
    lines += section("Trust at the end", heads, rows, explain)
    for title, group in (("Misperception (log cost of war)", "misperception"), ("Terms where both signed", "terms")):
        rows = [
            Row(words.pair(key) if "->" in key else words.plain(key), ("", "", *_difference(one)), MEANINGS[group])
            for key, one in contrast.jointly(group).items()
        ]
        lines += section(title, ("", "", "b - a", "95 % jointly"), rows, explain)
    return [*lines, ""]


def contrast_headline(contrast: Contrast) -> list[str]:
    """Return what the contrast says of success, helped and harmed, and what the shared luck was worth."""
    one, moved = contrast.success, contrast.moved
    before, after = (words.number(result.success.estimate) for result in (contrast.a, contrast.b))
    by, ends = _difference(one)
    if contrast.settled:
        verb = "rises" if one.difference > 0.0 else "falls"
        said = f"Success {verb} from {before} (a) to {after} (b): by {by}, 95 % {ends}."
    else:
        said = (
            f"Success is {before} in a and {after} in b. {words.count(len(contrast), 'replicate')} do not tell "
            f"whether it rises or falls: {by}, 95 % {ends}."
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
    one, look = reached.estimate, reached.look
    ends = words.interval(one.low, one.high)
    verdict = "which is precise enough" if reached.precise else "which is not, and the budget is spent"
    said = (
        f"{subject}: {words.number(one.estimate)}, 95 % {ends} after {words.count(look.number, 'look')} at the results, "
        f"the last after {words.count(look.replicates, 'replicate')}. Asked for was +- {half_width:g}, {verdict}. "
        f"This interval is wider than the one above: it allows for the looks."
    )
    return textwrap.wrap(said, WIDTH)


def precision_told(reached: Reached[Any], half_width: float) -> dict[str, Any]:
    """Return the same as plain data."""
    one, look = reached.estimate, reached.look
    ends = {"estimate": one.estimate, "low": one.low, "high": one.high}
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


def heading(result: Result, replicates: int, played: str) -> list[str]:
    """Return which run this is: so many replicates of what was played, under which seed, engine and model."""
    return textwrap.wrap(
        f"{words.count(replicates, 'replicate')} of {played}, seed {result.seed}, "
        f"{result.engine} engine, model {model_version()}",
        WIDTH,
    )


def section(title: str, heads: tuple[str, ...], rows: Iterable[Row], explain: bool) -> list[str]:
    """Return a table with a title, if it has rows; the last number is an interval."""
    rows = list(rows)
    if not rows:
        return []
    widths = [8] * (len(heads) - 1) + [18]
    label = min(LABEL, WIDTH - sum(widths) - 2)
    lines = ["", f"{title:<{label + 2}}{_aligned(heads, widths)}"]
    last = ""
    for row in rows:
        shown = row.label if len(row.label) <= label else f"{row.label[: label - 1]}…"
        lines.append(f"  {shown:<{label}}{_aligned(row.numbers, widths)}".rstrip())
        if explain and row.meaning and row.meaning != last:
            lines.append(f"      {row.meaning}")
            last = row.meaning
    return lines


def interval(one: Estimate | Difference) -> str:
    """Return an interval in words, that of a difference with its signs."""
    return words.interval(one.low, one.high, sign=isinstance(one, Difference))


def _aligned(numbers: Iterable[str], widths: list[int]) -> str:
    """Return numbers in their columns, right-aligned."""
    return "".join(f"{number:>{width}}" for number, width in zip(numbers, widths, strict=True)).rstrip()


def _row(label: str, one: Estimate, meaning: str) -> Row:
    """Return a row of an estimate and its interval."""
    return Row(label, (words.number(one.estimate), interval(one)), MEANINGS[meaning])


def _outcome_rows(result: Result) -> list[Row]:
    """Return a row for each outcome."""
    return [_row(words.OUTCOMES[name], one, name) for name, one in result.outcomes.items()]


def _trust_rows(result: Result) -> list[Row]:
    """Return a row for each ordered pair."""
    rows = []
    for pair, one in result.trust.items():
        ends = Estimate(one.after, one.low, one.high, len(result))
        numbers = (words.number(one.before), words.number(one.after), interval(ends))
        rows.append(Row(words.pair(pair), numbers, MEANINGS["trust"]))
    return rows


def _numbers(before: float, after: float, one: Difference) -> tuple[str, ...]:
    """Return the numbers of a row of a contrast."""
    return (words.number(before), words.number(after), *_difference(one))


def _difference(one: Difference) -> tuple[str, str]:
    """Return a difference and its interval."""
    return (words.number(one.difference, sign=True), interval(one))


def _differing_keys(contrast: Contrast) -> list[str]:
    """Return the keys whose values differ between the scenarios."""
    found = list(dict.fromkeys(_differing_in_words(contrast)))
    lines = ["", "What differs (a, then b)"] if found else ["", "No value differs."]
    for text in found[:MOST_DIFFERENCES]:
        lines += textwrap.wrap(f"  {text}", WIDTH, subsequent_indent="      ", break_on_hyphens=False)
    if len(found) > MOST_DIFFERENCES:
        lines.append(f"  and {len(found) - MOST_DIFFERENCES} more (sim show prints every value of a scenario)")
    return lines


def _differing_in_words(contrast: Contrast) -> Iterator[str]:
    """Yield each differing key with both values; an entry that one scenario lacks is named whole."""
    first, second = contrast.a.scenario.values, contrast.b.scenario.values
    for key, mine, theirs in contrast.differences:
        table, _, rest = key.partition(".")
        entry = rest.partition(".")[0]
        places = [one.get(table) for one in (first, second)]
        there = [isinstance(place, Mapping) and entry in place for place in places]
        if all(there) or not any(there):
            yield f"{key}: {_value_there(mine)}, {_value_there(theirs)}"
        else:
            yield f"{table}.{entry}: only in {'a' if there[0] else 'b'}"


def _value_there(value: object) -> str:
    """Return the value of a key of a scenario as a file writes it, or that it has none."""
    if value is None:
        return "not there"
    return words.toml(value) if not isinstance(value, Mapping) else "a table"
