"""Tables for notebooks, as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from sim import words

_DIGITS = "font-variant-numeric: tabular-nums; text-align: right"


def html_table(
    caption: str, heads: Sequence[str], rows: Iterable[tuple[str | float, ...]], signed_from: int | None = None
) -> str:
    """Return a table as HTML: in each row a label, numbers, and the two ends of an interval in one cell.

    signed_from   from which of the numbers on they carry their sign
    """
    head = "".join(f"<th>{escape(one)}</th>" for one in heads)
    body = "".join(_row(label, numbers, signed_from) for label, *numbers in rows)
    return f"<table><caption>{escape(caption)}</caption><tr>{head}</tr>{body}</table>"


def _row(label: str | float, numbers: Sequence[str | float], signed_from: int | None) -> str:
    """Return one row."""
    signs = [signed_from is not None and place >= signed_from for place in range(len(numbers))]
    texts = [words.number(float(value), sign=sign) for value, sign in zip(numbers, signs, strict=True)]
    cells = "".join(f'<td style="{_DIGITS}">{cell}</td>' for cell in [*texts[:-2], f"{texts[-2]} to {texts[-1]}"])
    return f"<tr><th>{escape(str(label))}</th>{cells}</tr>"
