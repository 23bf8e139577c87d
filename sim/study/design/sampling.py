"""A space: every declared parameter over its plausible range, or factors of the reader's own, drawn at places.

Places form a Latin hypercube: each factor takes every part of its range once (SciPy). The first line of the design is the
scenarios as they are. A space is drawn once and kept; nothing draws it again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.chance import generator
from sim.parameters import Parameter
from sim.scenario.keys import Key, leaves, parameter_of
from sim.scenario.load import Scenario
from sim.study.design.points import Factor, Row

_INSIDE = 0.999
_RATIOS_BY_UNIT = ("probability", "share", "0..1")
_TOGETHER = "officials"

Places = NDArray[np.float64]


def by_ratio(parameter: Parameter, low: float) -> bool:
    """Return whether a range is one of ratios (a size above 0) and not of differences (a probability or share)."""
    return low > 0.0 and not parameter.unit.startswith(_RATIOS_BY_UNIT)


def plausible_factors(scenarios: Mapping[str, Scenario], taken: Sequence[str]) -> dict[str, Factor]:
    """Return a factor for each parameter that has a plausible range, but for the keys that are taken.

    What sets scenarios apart stays as it is: a key is varied in the scenarios in which it has the value that it has in
    the first that has it. A value outside its plausible range was put there on purpose and stays too. What is true of
    one official is true of all: they speak in turn.
    """
    found: dict[str, dict[str, Any]] = {}
    ranges: dict[str, Parameter] = {}
    for scenario in scenarios.values():
        for key, value in varied(scenario):
            name, whole = _group_of(key), ".".join(key)
            if whole not in taken:
                found.setdefault(name, {}).setdefault(whole, value)
                ranges[name] = parameter_of(key, scenario.given.scope)
    return {
        name: Factor(name, tuple(bases), (), {}, f"the plausible range of {name}", bases, *_limits(ranges[name]))
        for name, bases in found.items()
    }


def _limits(parameter: Parameter) -> tuple[float, float, bool]:
    """Return the ends of a plausible range, and whether it is one of ratios."""
    low, high = parameter.plausible or parameter.limits
    return low, high, by_ratio(parameter, low)


def varied(scenario: Scenario) -> Iterator[tuple[Key, float]]:
    """Yield the keys of a scenario whose value lies within a plausible range, each with its value."""
    for key, value in leaves(scenario.values):
        if key[0] != "interventions":
            parameter = parameter_of(key, scenario.given.scope)
            if parameter.plausible and parameter.plausible[0] <= value <= parameter.plausible[1]:
                yield key, value


def _group_of(key: Key) -> str:
    """Return the name of the factor that varies a key."""
    return f"{_TOGETHER}.{key[2]}" if key[0] == _TOGETHER else ".".join(key)


def drawn_rows(places: int, factors: Mapping[str, Factor], seed: int) -> list[Row]:
    """Return the lines of a space: the scenarios as they are, then so many places."""
    lines = [
        {name: factor.at(float(part)) for (name, factor), part in zip(factors.items(), line, strict=True)}
        for line in latin_hypercube(places, len(factors), seed)
    ]
    return [Row({}), *(Row(within_bounds(line), place=number) for number, line in enumerate(lines, 1))]


def within_bounds(values: dict[str, Any]) -> dict[str, Any]:
    """Return drawn values by key with those brought inside their bound that another one sets.

    A channel's straight falsehood lies below its crooked one, and that times the share of sincere falsehoods below 1:
    the corners of the plausible ranges reach a little beyond.
    """
    fitted = dict(values)
    for name, crooked in values.items():
        channel, _, last = name.rpartition(".")
        if last == "crooked_falsehood":
            for other, bound in (("straight_falsehood", crooked), ("sincere_false_share", 1.0 / crooked)):
                key = f"{channel}.{other}"
                if key in values and values[key] >= bound:
                    fitted[key] = _INSIDE * bound
    return fitted


def latin_hypercube(places: int, factors: int, seed: int) -> Places:
    """Return a Latin hypercube, places 0..1 of shape (places, factors)."""
    from scipy.stats import qmc

    return np.asarray(qmc.LatinHypercube(d=factors, rng=generator(seed, "design")).random(places))
