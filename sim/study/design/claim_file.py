"""What the `claims` table of an experiment file may say: claims, each a set of rows that can come out either way.

    [claims.strains-relations]
    claim = "The leak strained relations"

    [claims.strains-relations.rows.trust]
    points = ["never_exposed", "exposed"]
    outcome = "trust.ukraine.united_states"
    direction = "lower"

A row sets two points against each other, by their scenarios' names in the experiment: what is told is the second less the
first. Four points make a difference of differences: the fourth less the third, less the second less the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.parameters import Parameter, choice, count, declare, flag, text
from sim.scenario.check import Report, check_scope
from sim.scenario.keys import Tree, dotted, quoted, shown, split_key, suggestion
from sim.scenario.load import Scenario
from sim.scenario.worlds import fill_scope
from sim.steps.columns import OF_DEALS, columns_of

_HIGHER, _LOWER = "higher", "lower"
_SUPERIORITY, NON_INFERIORITY = "superiority", "non-inferiority"
DIFFERENCE, LOG_ODDS = "difference", "log-odds"
_SMALLEST = (("success", 0.01), ("signed", 0.01), ("expected_success", 0.01), ("trust.", 0.02))
_WITHIN_0_AND_1 = ("success", "signed", "trust.", *OF_DEALS, "escalation.", "credibility.")
_MOST_CLAIMS = 200
_IDENTIFIER = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,58}[a-z0-9])?")
_INEQUALITY = re.compile(r"\s*(?P<small>[\w.]+(?: \* [\w.]+)*)\s*<\s*(?P<large>[\w.]+(?: \* [\w.]+)*)\s*")
_LAST_WEEK = 5200


def words(kind: Any, meaning: str, unit: str) -> Any:
    """Return a field for a text or a list of texts that need not be given."""
    return declare(Parameter(kind, meaning, unit, () if kind == "addresses" else ""))


@dataclass(frozen=True, kw_only=True)
class RowEntry:
    """One row of a claim: what is set against what, which way it should go, and how far to matter."""

    name: str
    points: tuple[str, ...] = words(
        "addresses", "two scenarios of the experiment, or four for a difference of differences", "names in [scenarios]"
    )
    outcome: str = declare(Parameter("text", "the column that is compared", "a column", required=True))
    direction: str = choice(_HIGHER, (_HIGHER, _LOWER), "which way the claim says that it goes")
    kind: str = choice(
        _SUPERIORITY,
        (_SUPERIORITY, NON_INFERIORITY),
        "superiority: by more than `smallest` this way; non-inferiority: by no more than that the other way",
    )
    scale: str = choice(DIFFERENCE, (DIFFERENCE, LOG_ODDS), "of means or shares, or of their log-odds")
    smallest: float = declare(
        Parameter(
            "number", "smallest effect that matters; default .01 for success, .02 for trust", "as the scale", 0.0,
            (0.0, 100.0),
        )
    )  # fmt: skip
    running_at: int = count(
        0, "week", (0, _LAST_WEEK), "only replicates in which neither twin had signed before this week; 0: all"
    )
    sign_fixed_by: tuple[str, ...] = words(
        "addresses", "inequalities between parameters that alone fix the sign, as in `a.b < a.c`", "KEY < KEY"
    )
    placebo: str = words("text", "the first scenario with a change that means nothing", "a name in [scenarios]")
    counts: bool = flag(True, "whether the row counts for the claim, or is only shown beside it")
    note: str = text("", "what the row measures, in words")


@dataclass(frozen=True, kw_only=True)
class ClaimEntry:
    """A claim that is put to the test."""

    name: str
    claim: str = declare(Parameter("text", "the claim, in a sentence", "text", required=True))
    note: str = text("", "how it is read here")
    share: float = declare(
        Parameter(
            "number", "least share of the plausible space in which it says to hold; 0: it does not say", "share", 0.0
        )
    )
    rows: dict[str, RowEntry] = field(metadata={"table": RowEntry, "refers_to": ""})


@dataclass(frozen=True, kw_only=True)
class AskedRow:
    """A row as it is asked; `smallest` is filled in, and the direction is a sign, +1 or -1."""

    name: str
    points: tuple[str, ...]
    outcome: str
    direction: str
    kind: str
    scale: str
    smallest: float
    running_at: int
    sign_fixed_by: tuple[str, ...]
    placebo: str
    counts: bool
    note: str

    @property
    def sign(self) -> float:
        """+1 where the claim says higher, -1 where it says lower."""
        return 1.0 if self.direction == _HIGHER else -1.0

    @property
    def is_success(self) -> bool:
        """Whether the row is about success itself, on the scale of differences."""
        return self.outcome == "success" and self.scale == DIFFERENCE

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it needs: the one that is compared, and those of what is shown beside a row on success."""
        return (self.outcome, *OF_DEALS) if self.is_success else (self.outcome,)

    @property
    def labels(self) -> list[str]:
        """The scenarios it needs, each once."""
        return [*dict.fromkeys([*self.points, *([self.placebo] if self.placebo else [])])]


@dataclass(frozen=True, kw_only=True)
class AskedClaim:
    """A claim as it is asked, with its rows."""

    id: str
    claim: str
    note: str
    share: float
    rows: tuple[AskedRow, ...]


def asked_claims(claims: Tree, scenarios: Mapping[str, Scenario], report: Report) -> dict[str, AskedClaim]:
    """Return the claims of an experiment by id; note what is wrong with them."""
    if len(claims) > _MOST_CLAIMS:
        report.wrong(("claims",), f"claims: {len(claims)} entries; at most {_MOST_CLAIMS} are allowed")
        return {}
    asked = {}
    for name, entry in claims.items():
        at = ("claims", name)
        if not _IDENTIFIER.fullmatch(name):
            report.wrong(
                at, f"claims: {quoted(name)} is not an id (lower-case letters, digits, and . - _ between them)"
            )
        elif not isinstance(entry, Mapping):
            report.wrong(at, f"{dotted(at)} = {shown(entry)} is not an entry; write [{dotted(at)}]")
        else:
            before = len(report.problems)
            check_scope(ClaimEntry, entry, at, report)
            if len(report.problems) == before:
                asked[name] = _claim(name, entry, scenarios, report)
    return asked


def _claim(name: str, entry: Mapping[str, Any], scenarios: Mapping[str, Scenario], report: Report) -> AskedClaim:
    """Return one claim; note what does not fit the experiment."""
    at = ("claims", name)
    values = fill_scope(ClaimEntry, entry, at, {})
    rows = []
    if not any(row["counts"] for row in values["rows"].values()):
        report.wrong(at, f"[{dotted(at)}] lacks a row that counts; write [{dotted((*at, 'rows'))}.NAME]")
    for row, given in values["rows"].items():
        for message in complaints(given, scenarios):
            report.wrong((*at, "rows", row), f"{dotted((*at, 'rows', row))}: {message}")
        smallest = given["smallest"] or _smallest_of(given["outcome"])
        lists = {key: tuple(given[key]) for key in ("points", "sign_fixed_by")}
        rows.append(AskedRow(**given | lists | {"name": row, "smallest": smallest}))
    return AskedClaim(id=name, claim=values["claim"], note=values["note"], share=values["share"], rows=tuple(rows))


def complaints(row: Mapping[str, Any], scenarios: Mapping[str, Scenario]) -> Iterator[str]:
    """Yield what is wrong with a row in its experiment."""
    if len(row["points"]) not in (2, 4):
        yield f"points has {len(row['points'])} names; it takes 2, or 4 for a difference of differences"
    labels = [*row["points"], *([row["placebo"]] if row["placebo"] else [])]
    unknown = [label for label in labels if label not in scenarios]
    for label in unknown:
        yield f"there is no '{label}' in [scenarios]{suggestion(label, scenarios)}"
    if unknown:
        return
    for label in row["points"]:
        columns = {column.name for column in columns_of(scenarios[label])}
        if row["outcome"] not in columns:
            yield f"'{label}' has no column {quoted(row['outcome'])}{suggestion(row['outcome'], columns)}"
    if row["scale"] == LOG_ODDS and (len(row["points"]) != 4 or not row["outcome"].startswith(_WITHIN_0_AND_1)):
        yield "log-odds are for differences of differences of a column within 0..1"
    if not row["smallest"] and not _smallest_of(row["outcome"]):
        yield f"lacks 'smallest' (smallest effect on {row['outcome']} that matters)"
    if row["scale"] == LOG_ODDS and not row["smallest"]:
        yield "lacks 'smallest' (smallest effect that matters, in log-odds)"
    for written in row["sign_fixed_by"]:
        yield from _wrong_inequality(written, [scenarios[label] for label in row["points"]])


def _smallest_of(outcome: str) -> float:
    """Return the smallest effect that matters on a column where none is stated, 0 where one must be."""
    return next((size for name, size in _SMALLEST if outcome.startswith(name)), 0.0)


def _wrong_inequality(written: str, scenarios: Sequence[Scenario]) -> Iterator[str]:
    """Yield what is wrong with an inequality between parameters."""
    if not _INEQUALITY.fullmatch(written):
        yield f"sign_fixed_by: {quoted(written)} is not an inequality between keys, as in a.b < a.c"
        return
    for key in keys_of([written]):
        if not any(one.given.parameter_at(split_key(key))[0] for one in scenarios):
            yield f"sign_fixed_by: none of the points has {key}"


def keys_of(inequalities: Iterable[str]) -> list[str]:
    """Return the parameters that inequalities name, each once."""
    return [
        *dict.fromkeys(key for one in inequalities for side in one.split("<") for key in side.split() if key != "*")
    ]


def holds(inequality: str, values: Mapping[str, float]) -> bool:
    """Return whether an inequality between products of parameters holds for some values."""
    small, _, large = inequality.partition("<")
    return _product(small, values) < _product(large, values)


def _product(side: str, values: Mapping[str, float]) -> float:
    """Return the value of one side of an inequality."""
    total = 1.0
    for key in side.split():
        total *= values[key] if key != "*" else 1.0
    return total
