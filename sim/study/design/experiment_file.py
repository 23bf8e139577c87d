"""What an experiment file may say, declared once: the loader, the JSON Schema and the starting file are read off this.

Two things in such a file are not fixed here, because their keys are the reader's own: the `set` of a scenario and the
`values` of a factor. `claims` is declared where claims are judged.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from sim.parameters import Parameter, declare, flag, text

FACTORIAL, SPACE = "factorial", "space"
_OVER = ("", "plausible")
_KEEP = ("all", "outcomes")
ALWAYS_KEPT = ("success", "outcome", "weeks_to_agreement")
_SCALES = ("", "differences", "ratios")
_MOST_REPLICATES = 10_000_000
_LARGEST_SEED = 2**63 - 1
MOST_STEPS = 10_001

SET = "values put over the scenario, each by its whole key in quotes"
VALUES = "the values a factor takes: a list, or a table of names that each set some keys"
_CLAIMS = "the claims put to the test"


def word(meaning: str, unit: str) -> Any:
    """Return a required field that holds a text."""
    return declare(Parameter("text", meaning, unit, required=True))


def _addresses(meaning: str, unit: str) -> Any:
    """Return a field that lists keys or columns; empty where there is none."""
    return declare(Parameter("addresses", meaning, unit, ()))


def number(meaning: str, unit: str, limits: tuple[float, float]) -> Any:
    """Return a field for a number that need not be given."""
    return declare(Parameter("number", meaning, unit, 0.0, limits))


def count(default: int, meaning: str, unit: str, limits: tuple[int, int]) -> Any:
    """Return a field for a whole number."""
    return declare(Parameter("count", meaning, unit, default, limits))


@dataclass(frozen=True, kw_only=True)
class ScenarioEntry:
    """One scenario that the experiment plays."""

    ALSO: ClassVar = {"set": SET}
    name: str
    extends: str = word("the scenario: a shipped name, or a file named from the folder of the experiment", "text")
    under: tuple[str, ...] = _addresses(
        "sets of assumptions laid over it, after those of the whole experiment and before what is set", "names or files"
    )


@dataclass(frozen=True, kw_only=True)
class FactorEntry:
    """Something that is varied: the keys that take its value together, and the values."""

    ALSO: ClassVar = {"values": VALUES}
    name: str
    keys: tuple[str, ...] = _addresses("the keys that all take the same value", "keys")
    low: float = number("the lowest value of its range (default: of the plausible range)", "as the key", (-1e9, 1e9))
    high: float = number("the highest value of its range (default: of the plausible range)", "as the key", (-1e9, 1e9))
    scale: str = declare(
        Parameter(
            "choice", "how values of the range are spaced (default: sizes by ratios)", " | ".join(_SCALES[1:]), "",
            options=_SCALES,
        )
    )  # fmt: skip
    steps: int = count(
        11, "of a factorial: how many values of its range it takes, the ends included", "values", (2, MOST_STEPS)
    )
    scenarios: tuple[str, ...] = _addresses(
        "the scenarios in which it is varied (default: all that have one of its keys)", "names in [scenarios]"
    )


@dataclass(frozen=True, kw_only=True)
class ContrastEntry:
    """Two points in the same replicates; what is told is b minus a."""

    name: str
    a: str = word("a point, or a scenario: then wherever both are played under the same values", "a point or scenario")
    b: str = word("another", "a point or scenario")


@dataclass(frozen=True, kw_only=True)
class ExperimentFile:
    """A question put to the model: what is played, how often, and what is set against what."""

    ALSO: ClassVar = {"claims": _CLAIMS}
    title: str = word("one line that names the experiment", "text")
    question: str = word("the question, as one would ask it", "text")
    description: str = text("", "what is varied and why")
    design: str = declare(
        Parameter(
            "choice", "how points are made of factors", f"{FACTORIAL} | {SPACE}", FACTORIAL, options=(FACTORIAL, SPACE)
        )
    )
    over: str = declare(
        Parameter(
            "choice", "of a space: every parameter that has a plausible range is varied over it", "plausible", "",
            options=_OVER,
        )
    )  # fmt: skip
    places: int = count(1000, "of a space: how many places are drawn", "places", (1, 1_000_000))
    seed: int = count(1000, "the seed; every point shares its luck", "seed", (0, _LARGEST_SEED))
    replicates: int = count(
        2000,
        "how often each point is played (with a precision: at most; in a space with claims: the scenarios as they are)",
        "replicates",
        (1, _MOST_REPLICATES),
    )
    precision: float = number(
        "play on until the 95 % interval of success, or of every contrast, is at most this far to either side (0: no)",
        "probability",
        (0.0, 0.5),
    )
    weekly: bool = flag(False, "whether trust, front and outcomes are kept week by week")
    keep: str = declare(
        Parameter(
            "choice", "the columns that are kept: all, or those that the question needs", " | ".join(_KEEP), "all",
            options=_KEEP,
        )
    )  # fmt: skip
    under: tuple[str, ...] = _addresses(
        "sets of assumptions laid over every scenario, in order: shipped names, or files as for a scenario",
        "names or files",
    )
    outcomes: tuple[str, ...] = _addresses("the columns the answer is about (default: success)", "columns")
    scenarios: dict[str, ScenarioEntry] = field(metadata={"table": ScenarioEntry, "refers_to": ""})
    factors: dict[str, FactorEntry] = field(metadata={"table": FactorEntry, "refers_to": ""})
    contrasts: dict[str, ContrastEntry] = field(metadata={"table": ContrastEntry, "refers_to": ""})
