"""How readers see names, values and numbers: a name without underscores, a value as its file has it, an interval."""

from __future__ import annotations

import json
import math
import shlex
from collections.abc import Iterable

OUTCOMES = {
    "success": "an agreement held",
    "in_force_unproven": "in force, but too young to count",
    "never_opened": "the table never opened",
    "impasse": "no agreement at the table",
    "vetoed": "blocked by a state kept out",
    "not_ratified": "voted down by a parliament",
    "broken": "an agreement was broken",
    "decided_by_force": "decided by force",
}


def outcome(name: str) -> str:
    """Return an outcome in words; one that a folder has and the program does not know by its name."""
    return OUTCOMES.get(name, plain(name))


# States whose name begins or ends with one of these words take an article.
_WITH_ARTICLE_FIRST = {"united", "european", "african", "arab", "soviet"}
_WITH_ARTICLE_LAST = {"states", "union", "kingdom", "republic", "federation", "emirates", "netherlands", "nations"}
_SMALL_WORDS = {"and", "of", "the", "for"}
_LONGEST_NAME = 32
NO_NUMBER = "-"


def plain(name: str) -> str:
    """Return a name of a file with spaces for underscores, cut if very long."""
    return cut(name.replace("_", " "), _LONGEST_NAME)


def cut(text: str, most: int) -> str:
    """Return a text of at most so many characters, the last an ellipsis where it goes on."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def proper(name: str) -> str:
    """Return a name as a proper noun: united_states as United States."""
    words = plain(name).split(" ")
    return " ".join(word if word in _SMALL_WORDS else word[:1].upper() + word[1:] for word in words)


def state(name: str) -> str:
    """Return the name of a state as it stands in a sentence: the United States, Ukraine."""
    words = name.split("_")
    article = words[0] in _WITH_ARTICLE_FIRST or words[-1] in _WITH_ARTICLE_LAST
    return f"the {proper(name)}" if article else proper(name)


def possessive(noun: str) -> str:
    """Return a noun in the possessive: Russia's, the United States'."""
    return f"{noun}'" if noun.endswith("s") else f"{noun}'s"


def sentence(text: str) -> str:
    """Return a text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def listed(parts: Iterable[str]) -> str:
    """Return parts as a list in words: a, b and c."""
    *most, last = list(parts) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def pair(key: str) -> str:
    """Return the name of an ordered pair, united_states->russia, in words: United States in Russia."""
    first, _, second = key.partition("->")
    return f"{proper(first)} in {proper(second)}"


def command(name: str, places: Iterable[object], options: Iterable[object] = ()) -> str:
    """Return a command of ours as it is pasted into a shell.

    places    files, folders and names; one that begins with a dash is told from an option
    options   each a word of its own
    """
    shielded = (f"./{place}" if str(place).startswith("-") else place for place in places)
    return shlex.join(["sim", name, *map(str, [*shielded, *options])])


def toml(value: object) -> str:
    """Return a value as a TOML file writes it."""
    return json.dumps(value, ensure_ascii=False)


def value(value: object, digits: int = 12) -> str:
    """Return a value in short: text as it is, 0.50 as 0.5, everything else as a TOML file writes it."""
    if isinstance(value, float):
        return f"{value:.{digits}g}"
    return value if isinstance(value, str) else toml(value)


def number(value: float, digits: int = 3, *, sign: bool = False) -> str:
    """Return a number with a fixed number of digits; a dash where there is none.

    sign   whether a plus is written too; zero has no sign
    """
    if not math.isfinite(value):
        return NO_NUMBER
    text = f"{value:{'+' if sign else ''}.{digits}f}"
    return text.lstrip("+-") if float(text) == 0.0 else text


def interval(low: float, high: float, digits: int = 3, *, sign: bool = False) -> str:
    """Return the ends of an interval: 0.331 to 0.372; a dash where there is none."""
    ends = [number(end, digits, sign=sign) for end in (low, high)]
    return NO_NUMBER if NO_NUMBER in ends else " to ".join(ends)


def with_interval(estimate: float, low: float, high: float, digits: int = 3, *, sign: bool = False) -> str:
    """Return a number with its interval: 0.344 (0.331 to 0.372)."""
    text, ends = number(estimate, digits, sign=sign), interval(low, high, digits, sign=sign)
    return text if NO_NUMBER in (text, ends) else f"{text} ({ends})"


def count(value: int, noun: str) -> str:
    """Return a count with its noun: 1 replicate, 1,000 replicates."""
    return f"{value:,} {noun}" if value == 1 else f"{value:,} {noun}s"


def two_numbers(before: float, after: float, digits: int, most: int = 5) -> tuple[str, str]:
    """Return two numbers with as many digits as tell them apart, between `digits` and `most`."""
    for places in range(digits, most + 1):
        first, second = number(before, places), number(after, places)
        if first != second:
            return first, second
    return number(before, digits), number(after, digits)
