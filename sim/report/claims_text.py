"""The ledger as text of at most 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from sim import words
from sim.report.text import WIDTH, interval
from sim.study.claims.spaces import Space
from sim.study.claims.verdicts import FOLLOWS, Beside, ClaimVerdict, RowVerdict
from sim.study.design.claim_file import LOG_ODDS, NON_INFERIORITY
from sim.study.play.contrasts import Difference, SharesMoved
from sim.study.play.results import grouped

ID, VERDICT, LABEL, NUMBER, INTERVAL = 28, 16, 34, 8, 20
INSET = " " * 16


def ledger_lines(verdicts: Sequence[ClaimVerdict], explain: bool) -> list[str]:
    """Return the ledger: first every claim with its verdict, then every claim with its rows."""
    lines = ["", *summary_lines(verdicts)]
    for one in verdicts:
        lines += ["", *claim_lines(one, explain)]
    return [*lines, "", *textwrap.wrap(LEGEND, WIDTH)]


LEGEND = (
    "Verdicts hold at the parameters of the scenarios, most of which are assumed: they say what the model does, not what "
    "the world does. The rows of a claim are judged together, so that intervals are wider the more rows it has."
)


def summary_lines(verdicts: Iterable[ClaimVerdict]) -> list[str]:
    """Return a line for each claim: its id and its verdicts."""
    listed = list(verdicts)
    spaces = any(one.space is not None for one in listed)
    head = f"{'claim':<{ID}}{'at the reference':<18}{'share of the plausible space' if spaces else ''}".rstrip()
    return [head, *(summary_line(one) for one in listed)]


def summary_line(one: ClaimVerdict) -> str:
    """Return the line of one claim."""
    space = one.space.in_words() if one.space is not None else ""
    return f"{one.id:<{ID}}{one.verdict:<18}{space}".rstrip()


def claim_lines(one: ClaimVerdict, explain: bool) -> list[str]:
    """Return a claim with its rows."""
    lines = textwrap.wrap(f"{one.claim}: {one.verdict} ({one.id})", WIDTH)
    if explain and one.asked.note:
        lines += textwrap.wrap(one.asked.note, WIDTH, initial_indent="  ", subsequent_indent="  ")
    for row in one.rows:
        lines += row_lines(row, explain)
    for text in space_texts(one.space) if one.space is not None else ():
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


def row_lines(row: RowVerdict, explain: bool) -> Iterator[str]:
    """Yield a row: verdict, what is compared, effect and the interval that decides; then what is to be said of it."""
    verdict = row.verdict if row.counts else f"({row.verdict})"
    label = shortened(words.plain(row.name), LABEL)
    effect, ends = words.number(row.deciding.difference, sign=True), interval(row.deciding)
    yield f"  {verdict:<{VERDICT}}{label:<{LABEL}}{effect:>{NUMBER}}{ends:>{INTERVAL}}".rstrip()
    for text in remarks(row, explain):
        yield from textwrap.wrap(text, WIDTH, initial_indent=INSET, subsequent_indent=INSET)


def remarks(row: RowVerdict, explain: bool) -> Iterator[str]:
    """Yield what is to be said of a row beside its numbers."""
    if row.sign_fixed_by:
        yield FOLLOWS
    if not explain:
        return
    yield from against(row)
    yield asked_in_words(row)
    if row.asked.note:
        yield row.asked.note
    if row.share_kept < 1.0:
        yield f"in the {words.number(row.share_kept)} of replicates in which neither had signed by then"
    for inequality in row.sign_fixed_by:
        yield f"its sign is fixed where {inequality}"
    yield from owed_texts(row)
    if row.beside is not None:
        yield from beside_texts(row.beside)


def against(row: RowVerdict) -> Iterator[str]:
    """Yield what is compared: the column, and the scenarios."""
    pairs = [f"{b} against {a}" for a, b in zip(row.points[::2], row.points[1::2], strict=True)]
    yield f"{compared(row.outcome)}: {' less '.join(reversed(pairs))}"


def asked_in_words(row: RowVerdict) -> str:
    """Return what the row asks, in words."""
    size, other = f"{row.smallest_effect:g}", "lower" if row.direction == "higher" else "higher"
    scale = " in log-odds" if row.asked.scale == LOG_ODDS else ""
    if row.kind == NON_INFERIORITY:
        return f"asked: not {other} by more than {size}{scale}"
    return f"asked: {row.direction} by more than {size}{scale}"


def owed_texts(row: RowVerdict) -> Iterator[str]:
    """Yield what the effect is elsewhere in the design, and what success owes to the difference."""
    for name, one in row.elsewhere.items():
        owed = row.owed[name]
        yield (
            f"with {name}: {effect_in_words(one)}; of the effect on success, {effect_in_words(owed)} is owed to the "
            "difference"
        )


def beside_texts(one: Beside) -> Iterator[str]:
    """Yield what is shown beside a row on success."""
    yield f"where a deal existed: {effect_in_words(one.within)}, {words.count(one.within.pairs, 'replicate')}"
    yield f"deals missed {effect_in_words(one.missed)}; futile talks {effect_in_words(one.futile)}"
    if one.moved is not None:
        yield moved_in_words(one.moved)
    if one.placebo is not None:
        helped, harmed = words.number(one.placebo.helped), words.number(one.placebo.harmed)
        yield f"under a change that means nothing: helped {helped}, harmed {harmed}"


def moved_in_words(moved: SharesMoved) -> str:
    """Return the shares helped and harmed, with what the shares of success alone allow."""
    parts = [
        f"{name} {words.number(share)} (possible {words.interval(*bounds)})"
        for name, share, bounds in (
            ("helped", moved.helped, moved.helped_bounds),
            ("harmed", moved.harmed, moved.harmed_bounds),
        )
    ]
    return ", ".join(parts)


def effect_in_words(one: Difference) -> str:
    """Return an effect with its interval."""
    return words.with_interval(one.difference, one.low, one.high, sign=True)


def compared(column: str) -> str:
    """Return the name of a column in words."""
    group, key = grouped(column)
    return f"{group} {words.pair(key)}" if "->" in key else words.plain(f"{group} {key}".strip())


def shortened(text: str, most: int) -> str:
    """Return a text cut to so many characters, one of them a space behind it."""
    return text if len(text) < most else f"{text[: most - 2]}… "
