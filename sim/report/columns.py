"""Columns, keys and rows of claims in words."""

from __future__ import annotations

from sim import words
from sim.study.claims.verdicts import RowVerdict
from sim.study.design.claim_file import DIFFERENCE

_PAIRED = {"trust": "trust in", "misperception": "misperception of", "calibration": "calibration about"}


def column_words(column: str) -> str:
    """Return a column in words: success, Ukraine’s trust in the United States, front."""
    group, _, rest = column.partition(".")
    parts = rest.split(".")
    if group in _PAIRED and len(parts) == 2:
        whose, other = words.possessive(words.state(parts[0])), words.state(parts[1])
        return f"{whose} {_PAIRED[group]} {other}".replace("'", "’")
    if group in ("surplus", "payoff") and rest:
        return f"{words.possessive(words.state(rest))} {group}".replace("'", "’")
    return f"{words.plain(group)} on {words.plain(rest)}" if group == "terms" else words.plain(column.replace(".", " "))


def row_words(row: RowVerdict) -> str:
    """Return what a row of a claim sets against what, and by which outcome."""
    scale = "" if row.asked.scale == DIFFERENCE else ", log-odds"
    what = f"{words.sentence(column_words(row.outcome))}{scale}"
    names = [words.plain(label) for label in row.points]
    if len(names) == 2:
        return f"{what}: {names[1]} against {names[0]}"
    return f"{what}: ({names[3]} less {names[2]}) less ({names[1]} less {names[0]})"


def key_words(key: str) -> str:
    """Return a key in words: its last part, and whose it is."""
    *above, last = key.split(".")
    whose = " ".join(above[1:]).replace("_", " ")
    return f"{last.replace('_', ' ')} ({whose})" if whose else last.replace("_", " ")
