"""The ledger as text of at most 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from sim import words
from sim.report.text_tables import WIDTH, Layout
from sim.study.claims.spaces import Space
from sim.study.claims.verdicts import FOLLOWS, Beside, ClaimVerdict, RowVerdict
from sim.study.design.claim_file import LOG_ODDS, NON_INFERIORITY
from sim.study.play.contrasts import SharesMoved
from sim.study.play.results import grouped
from sim.study.statistics.estimates import Estimate

_ID, _AT_REFERENCE, _VERDICT, _LABEL = 28, 18, 16, 34
_LAYOUT = Layout(2 + _VERDICT + _LABEL, (8, 20))
_INSET = " " * 16


def ledger_lines(verdicts: Sequence[ClaimVerdict], explain: bool) -> list[str]:
    """Return the ledger: first every claim with its verdict, then every claim with its rows."""
    lines = ["", *summary_lines(verdicts)]
    for claim in verdicts:
        lines += ["", *_claim_lines(claim, explain)]
    return [*lines, "", *textwrap.wrap(_LEGEND, WIDTH)]


_LEGEND = (
    "Verdicts hold at the parameters of the scenarios, most of which are assumed: they say what the model does, not what "
    "the world does. The rows of a claim are judged together, so that intervals are wider the more rows it has."
)


def summary_lines(verdicts: Iterable[ClaimVerdict]) -> list[str]:
    """Return a line for each claim: its id and its verdicts."""
    listed = list(verdicts)
    spaces = any(claim.space is not None for claim in listed)
    lines = [("claim", "at the reference", "share of the plausible space" if spaces else "")]
    lines += [(claim.id, claim.verdict, claim.space.in_words() if claim.space is not None else "") for claim in listed]
    return [f"{name:<{_ID}}{verdict:<{_AT_REFERENCE}}{space}".rstrip() for name, verdict, space in lines]


def _claim_lines(claim: ClaimVerdict, explain: bool) -> list[str]:
    """Return a claim with its rows."""
    lines = textwrap.wrap(f"{claim.claim}: {claim.verdict} ({claim.id})", WIDTH)
    if explain and claim.asked.note:
        lines += textwrap.wrap(claim.asked.note, WIDTH, initial_indent="  ", subsequent_indent="  ")
    for row in claim.rows:
        lines += _row_lines(row, explain)
    for text in space_texts(claim.space) if claim.space is not None else ():
        lines += textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="  ")
    return lines


def space_texts(space: Space) -> Iterator[str]:
    """Yield what is said of a claim over the plausible space: shares, bounds with their intervals, and what flips it."""
    ends, small = words.interval(space.low.low, space.high.high), words.number(float(space.negligible.mean()))
    yield (
        f"Over {words.count(len(space), 'place')}: supported in {words.number(space.low.estimate)}, contradicted in "
        f"{words.number(1.0 - space.high.estimate)}, not resolved in {words.number(space.unresolved)}. The share of the "
        f"space with the claimed sign is {ends}; too small to matter in {small}."
    )
    if space.verdict:
        yield f"It says to hold in at least {words.number(space.least)} of the space: {space.verdict}."
    if not space.sought:
        yield "What turns it round was not looked for: that needs scikit-learn."
    else:
        yield f"It is {space.flip.in_words()}." if space.flip else "No rule says where it turns round."


def _row_lines(row: RowVerdict, explain: bool) -> Iterator[str]:
    """Yield a row: verdict, what is compared, effect and the interval that decides; then what is to be said of it."""
    verdict = row.verdict if row.counts else f"({row.verdict})"
    effect = row.deciding
    label = f"  {verdict:<{_VERDICT}}{words.cut(words.plain(row.name), _LABEL - 1)}"
    ends = words.interval(effect.low, effect.high, sign=True)
    yield _LAYOUT.line(label, (words.number(effect.estimate, sign=True), ends))
    for text in _remarks(row, explain):
        yield from textwrap.wrap(text, WIDTH, initial_indent=_INSET, subsequent_indent=_INSET)


def _remarks(row: RowVerdict, explain: bool) -> Iterator[str]:
    """Yield what is to be said of a row beside its numbers."""
    if row.sign_fixed_by:
        yield FOLLOWS
    if not explain:
        return
    yield from _against(row)
    yield _asked_words(row)
    if row.asked.note:
        yield row.asked.note
    if row.share_kept < 1.0:
        yield f"in the {words.number(row.share_kept)} of replicates in which neither had signed by then"
    for inequality in row.sign_fixed_by:
        yield f"its sign is fixed where {inequality}"
    yield from _owed_texts(row)
    if row.beside is not None:
        yield from _beside_texts(row.beside)


def _against(row: RowVerdict) -> Iterator[str]:
    """Yield what is compared: the column, and the scenarios."""
    pairs = [f"{b} against {a}" for a, b in zip(row.points[::2], row.points[1::2], strict=True)]
    yield f"{_column_words(row.outcome)}: {' less '.join(reversed(pairs))}"


def _asked_words(row: RowVerdict) -> str:
    """Return what the row asks, in words."""
    size, other = f"{row.smallest_effect:g}", "lower" if row.direction == "higher" else "higher"
    scale = " in log-odds" if row.asked.scale == LOG_ODDS else ""
    if row.kind == NON_INFERIORITY:
        return f"asked: not {other} by more than {size}{scale}"
    return f"asked: {row.direction} by more than {size}{scale}"


def _owed_texts(row: RowVerdict) -> Iterator[str]:
    """Yield what the effect is elsewhere in the design, and what success owes to the difference."""
    for name, effect in row.elsewhere.items():
        owed = row.owed[name]
        yield (
            f"with {name}: {_effect_words(effect)}; of the effect on success, {_effect_words(owed)} is owed to the "
            "difference"
        )


def _beside_texts(beside: Beside) -> Iterator[str]:
    """Yield what is shown beside a row on success."""
    kept = words.count(beside.within.replicates, "replicate")
    yield f"where a deal existed: {_effect_words(beside.within)}, {kept}"
    yield f"deals missed {_effect_words(beside.missed)}; futile talks {_effect_words(beside.futile)}"
    if beside.moved is not None:
        yield _moved_words(beside.moved)
    if beside.placebo is not None:
        helped, harmed = words.number(beside.placebo.helped), words.number(beside.placebo.harmed)
        yield f"under a change that means nothing: helped {helped}, harmed {harmed}"


def _moved_words(moved: SharesMoved) -> str:
    """Return the shares helped and harmed, with what the shares of success alone allow."""
    parts = [
        f"{name} {words.number(share)} (possible {words.interval(*bounds)})"
        for name, share, bounds in (
            ("helped", moved.helped, moved.helped_bounds),
            ("harmed", moved.harmed, moved.harmed_bounds),
        )
    ]
    return ", ".join(parts)


def _effect_words(effect: Estimate) -> str:
    """Return an effect with its interval."""
    return words.with_interval(effect.estimate, effect.low, effect.high, sign=True)


def _column_words(column: str) -> str:
    """Return the name of a column in words."""
    group, key = grouped(column)
    return f"{group} {words.pair(key)}" if "->" in key else words.plain(f"{group} {key}".strip())
