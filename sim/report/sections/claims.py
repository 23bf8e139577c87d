"""The ledger of claims, row by row, and over the plausible space where the design has one."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim import words
from sim.report import numbers
from sim.report.columns import key_words, row_words
from sim.report.figures import discovery, ledger, spaces
from sim.report.figures.exhibit import slug
from sim.report.findings import Findings
from sim.report.page import Block, Figure, Grid, Notes, Section
from sim.report.tables import Table
from sim.study.claims.flips import Condition
from sim.study.claims.verdicts import CONTRADICTED, NOT_RESOLVED, SUPPORTED, Beside, ClaimVerdict, RowVerdict

_TEXT = (
    "A claim is a set of rows; each sets two scenarios against each other in the same replicates. It is supported if "
    "all of its rows are, contradicted if any is. Rows that are only shown beside a claim do not count for it."
)


def section(findings: Findings) -> Section | None:
    """Return the claims with their verdicts; None where the experiment asks none."""
    claims = findings.verdicts
    if not claims:
        return None
    notes = [f"{claim.claim}: {claim.asked.note}" for claim in claims if claim.asked.note]
    rows = Figure(ledger.exhibit(claims, findings.flags))
    blocks: list[Block] = [rows, *_over_space(findings), *_beside(claims), Notes(notes)]
    return Section("claims", "The ledger of claims", [_TEXT], blocks)


def _beside(claims: Sequence[ClaimVerdict]) -> list[Block]:
    """Return what is shown beside the rows on success: where a deal existed, deals missed, futile talks, and placebos."""
    rows = [
        (claim.claim, row_words(row), *_beside_cells(row, row.beside))
        for claim in claims
        for row in claim.rows
        if row.beside is not None
    ]
    head = ("claim", "row", "effect on success", "where a deal existed", "deals missed", "futile talks")
    caption = "Beside the rows on success (percentage points, 95 % intervals)"
    table = Table((*head, "helped and harmed by a placebo", "at other values"), rows)
    return [Grid(caption, table)] if rows else []


def _beside_cells(row: RowVerdict, beside: Beside) -> tuple[str, ...]:
    """Return the effect of a row on success, and what is shown beside it."""
    effects = (row.effect, beside.within, beside.missed, beside.futile)
    elsewhere = [f"{name}: {numbers.shares_apart(effect)}" for name, effect in row.elsewhere.items()]
    placebo = numbers.NONE
    if beside.placebo is not None:
        placebo = f"{numbers.percent(beside.placebo.helped)}, {numbers.percent(beside.placebo.harmed)}"
    changes = (numbers.shares_apart(effect) for effect in effects)
    return (*changes, placebo, "; ".join(elsewhere) or numbers.NONE)


def _over_space(findings: Findings) -> list[Block]:
    """Return in which share of the plausible space each claim holds, what flips it, and where."""
    claims = findings.verdicts_over_space
    if not claims:
        return []
    table = Table(("claim", "what flips it"), [(claim.claim, spaces.flip_words(claim.space)) for claim in claims])
    regions = [region for claim in claims if (region := _region(findings, claim)) is not None]
    return [
        Figure(spaces.exhibit(claims)),
        Grid("What flips each claim", table),
        *(Figure(discovery.exhibit(region)) for region in regions),
    ]


def _region(findings: Findings, claim: ClaimVerdict) -> discovery.Region | None:
    """Return the places of a claim over the first two numbers of the rule that flips it; None if it has fewer."""
    flip = claim.space.flip
    bounds = [condition for condition in (flip.conditions if flip else ()) if isinstance(condition.value, float)]
    names = list(dict.fromkeys(condition.name for condition in bounds))[:2]
    if len(names) < 2:
        return None
    rows = findings.folder.experiment.rows
    values = [tuple(rows[line].values.get(name, math.nan) for name in names) for line in claim.space.lines]
    verdicts = [
        SUPPORTED if yes else CONTRADICTED if no else NOT_RESOLVED
        for yes, no in zip(claim.space.supported, claim.space.contradicted, strict=True)
    ]
    points = tuple((float(x), float(y), verdict) for (x, y), verdict in zip(values, verdicts, strict=True))
    box = (_side(bounds, names[0]), _side(bounds, names[1]))
    axes = (key_words(names[0]), key_words(names[1]))
    rule = " and ".join(_condition_words(condition) for condition in flip.conditions)
    rates = (flip.coverage, flip.density, flip.base_rate)
    return discovery.Region(slug(claim.id), claim.claim, f"{flip.verdict} where {rule}", axes, points, box, *rates)


def _condition_words(condition: Condition) -> str:
    """Return one step of a rule in words."""
    name, value = key_words(condition.name), condition.value
    if isinstance(value, str):
        return f"{name} is {'not ' if condition.at_most else ''}{words.plain(value)}"
    return f"{name} is {'at most' if condition.at_most else 'above'} {numbers.value(value)}"


def _side(bounds: Sequence[Condition], name: str) -> tuple[float, float]:
    """Return the ends of a rule on one parameter."""
    mine = [bound for bound in bounds if bound.name == name]
    low = max((float(bound.value) for bound in mine if not bound.at_most), default=-math.inf)
    return low, min((float(bound.value) for bound in mine if bound.at_most), default=math.inf)
