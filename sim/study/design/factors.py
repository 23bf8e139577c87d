"""The factors of an experiment file: what takes which values, and whether it can."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sim.parameters import Parameter
from sim.scenario.check import Report, check_single
from sim.scenario.keys import Key, Tree, dotted, shown, split_key, suggestion
from sim.scenario.kinds import kind_of
from sim.scenario.load import Scenario
from sim.scenario.read import Given
from sim.study.design.experiment_file import SPACE
from sim.study.design.points import Factor
from sim.study.design.sampling import by_ratio

RESERVED = ("point", "scenario", "replicate")
_RANGE = ("low", "high", "steps")


def count_settings(values: Tree, tree: Tree) -> int:
    """Return how many combinations of values the factors of a factorial have, before any value is looked at."""
    sizes = []
    for name, entry in values["factors"].items():
        given = tree["factors"][name]
        listed = given.get("values")
        spaced = entry["steps"] if any(key in given for key in _RANGE) else 1
        sizes.append(spaced if listed is None else len(listed))
    return math.prod(sizes)


def factors_of(tree: Tree, values: Tree, scenarios: Mapping[str, Scenario], report: Report) -> dict[str, Factor]:
    """Return the factors by name, each with the values it takes or the range it takes them from."""
    factors = {}
    for name, entry in values["factors"].items():
        at, given, keys = ("factors", name), tree["factors"][name], tuple(entry["keys"])
        listed = given.get("values")
        if name in RESERVED:
            report.wrong(at, f"factors: '{name}' is what a column of the results is called; choose another name")
        if isinstance(listed, Mapping):
            factor = _named(name, listed, keys, report)
        elif not keys:
            report.wrong(at, f"[{dotted(at)}] lacks 'keys' (the keys that take its value)")
            continue
        elif listed is not None:
            factor = Factor(name, keys, tuple(listed), {}, str(report.given.place((*at, "values"))))
        else:
            factor = _ranged(name, given, values, scenarios, report)
        factor = replace(factor, scenarios=tuple(entry["scenarios"]))
        if listed is not None and not factor.values:
            report.wrong(at, f"[{dotted(at)}] has no values")
        if all(len(sets) == len(factor.keys) for sets in factor.named.values()):
            _check_factor(factor, scenarios, report)
        factors[name] = factor
    return factors


def _named(name: str, listed: Mapping[str, Any], keys: tuple[str, ...], report: Report) -> Factor:
    """Return a factor whose values have names; each sets keys of its own, or all `keys` to one value."""
    at = ("factors", name, "values")
    named: dict[str, dict[str, Any]] = {}
    for word, value in listed.items():
        if isinstance(value, Mapping):
            named[word] = {".".join(key): one for key, one in flat(dict(value))}
        elif keys:
            named[word] = dict.fromkeys(keys, value)
        else:
            report.wrong((*at, word), f"{dotted((*at, word))} = {shown(value)} is not a table of keys and values")
    every = tuple(dict.fromkeys(key for sets in named.values() for key in sets))
    for word, sets in named.items():
        missing = next((key for key in every if key not in sets), None)
        if missing is not None:
            report.wrong((*at, word), f"{dotted((*at, word))} does not say {missing}, which another value sets")
    return Factor(name, every, tuple(named), named, str(report.given.place(at)))


def _ranged(name: str, given: Tree, values: Tree, scenarios: Mapping[str, Scenario], report: Report) -> Factor:
    """Return a factor that takes its values from a range: evenly spaced ones, in a space any."""
    at, here = ("factors", name), values["factors"][name]
    place, keys = str(report.given.place(at)), tuple(here["keys"])
    empty = Factor(name, keys, (), {}, place)
    found = (scenario.given.parameter_at(split_key(keys[0]))[0] for scenario in scenarios.values())
    parameter = next((one for one in found if one is not None), None)
    if parameter is None:
        return empty
    in_space = values["design"] == SPACE
    if not in_space and not any(key in given for key in _RANGE):
        report.wrong(
            at,
            f"[{dotted(at)}] lacks 'values' (a list, or a table of names that each set some keys), or 'low', 'high' and "
            "'steps'",
        )
        return empty
    plausible = parameter.plausible or (None, None)
    low, high = given.get("low", plausible[0]), given.get("high", plausible[1])
    if low is None or high is None:
        report.wrong(at, f"[{dotted(at)}] lacks 'values', or 'low' and 'high': {keys[0]} has no plausible range")
        return empty
    ratios = here["scale"] == "ratios" or (not here["scale"] and by_ratio(parameter, low))
    if not low < high:
        report.wrong((*at, "high"), f"{dotted(at)}: high = {high:g} must lie above low = {low:g}")
        return empty
    if ratios and low <= 0.0:
        report.wrong((*at, "low"), f"{dotted(at)}: low = {low:g} must lie above 0 where values are spaced by ratios")
        return empty
    factor = Factor(name, keys, (), {}, place, low=float(low), high=float(high), by_ratio=ratios)
    if in_space:
        return factor
    spaced: list[float] = [_rounded(factor.at(step / (here["steps"] - 1))) for step in range(here["steps"])]
    if parameter.kind == "count":  # a whole number is not written with a point
        spaced = [int(value) if value.is_integer() else value for value in spaced]
    return replace(factor, values=tuple(spaced))


def _rounded(value: float) -> float:
    """Return a number without the dust of its division: a tenth of .3 as .03."""
    return float(f"{value:.12g}")


def _check_factor(factor: Factor, scenarios: Mapping[str, Scenario], report: Report) -> None:
    """Note keys that no scenario has, and values that keys cannot take."""
    at = ("factors", factor.name)
    varied = {label: scenarios[label] for label in factor.scenarios or scenarios if label in scenarios}
    for label in factor.scenarios:
        if label not in scenarios:
            hint = suggestion(label, scenarios)
            report.wrong(
                (*at, "scenarios"), f"{dotted((*at, 'scenarios'))}: there is no '{label}' in [scenarios]{hint}"
            )
    taken = {
        key: scenario.given.parameter_at(split_key(key))[0]
        for label, scenario in reversed(varied.items())
        for key in factor.held(label, scenario)
    }
    for key in factor.keys if varied else ():
        parameter = taken.get(key)
        if parameter is not None:
            _check_values(factor, key, parameter, report)
        else:
            message = next(iter(varied.values())).given.parameter_at(split_key(key))[1]
            report.wrong((*at, "keys"), f"factors.{factor.name}: no scenario has {key}: {message}")


def _check_values(factor: Factor, key: str, parameter: Parameter, report: Report) -> None:
    """Note the values that a key of a factor cannot take."""
    at, ends = split_key(key), (factor.low, factor.high) if factor.low < factor.high else ()
    here = Report(Given({}, {at: factor.place}, factor.place), report.problems)
    for value in factor.values or ends:
        check_single(parameter, kind_of(parameter).parse(factor.named[value][key] if factor.named else value), at, here)


def flat(tree: Tree) -> Iterator[tuple[Key, Any]]:
    """Yield what a `set` table says, by key; a key may be quoted as a whole or written as tables."""
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from (((name, *key), one) for key, one in flat(dict(value)))
        else:
            yield (name,), value
