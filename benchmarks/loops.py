"""Rules in loops over arrays, compiled as the kernel is, so that they can be measured alone."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim.chance import normal, uniform
from sim.engines.compiled.unit import full_name, unit_of
from sim.engines.ensemble import INNER, OPTIONS, UNIT, cache_folder, imported, written
from sim.numerics import exp, log, normal_cdf
from sim.rules.registry import RULES
from sim.search.offers import BEST, OUT_OF_REACH, best_offer, copy, gain_reaches
from sim.search.sheet import ISSUES

FLOATS, TABLE = "f8[::1]", "f8[:, ::1]"
SIGNATURES = {
    "many_exp": f"void({FLOATS}, {FLOATS})",
    "many_log": f"void({FLOATS}, {FLOATS})",
    "many_normal_cdf": f"void({FLOATS}, {FLOATS})",
    "many_uniform": f"void(i8, {FLOATS})",
    "many_normal": f"void(i8, {FLOATS})",
    "many_best_offers": f"void({TABLE}, {FLOATS}, {TABLE})",
    "many_gates": f"void({TABLE}, {FLOATS}, {FLOATS}, {FLOATS})",
}


def many_exp(values, results):  # type: ignore[no-untyped-def]
    """Write the exponential of each value."""
    for place in range(len(values)):
        results[place] = exp(values[place])


def many_log(values, results):  # type: ignore[no-untyped-def]
    """Write the logarithm of each value."""
    for place in range(len(values)):
        results[place] = log(values[place])


def many_normal_cdf(values, results):  # type: ignore[no-untyped-def]
    """Write the normal probability below each value."""
    for place in range(len(values)):
        results[place] = normal_cdf(values[place])


def many_uniform(seed, results):  # type: ignore[no-untyped-def]
    """Write the uniform draws of one purpose in one week, over replicates."""
    for place in range(len(results)):
        results[place] = uniform(seed, place, 7, 3, 11, 13)


def many_normal(seed, results):  # type: ignore[no-untyped-def]
    """Write the normal draws of one purpose in one week, over replicates."""
    for place in range(len(results)):
        results[place] = normal(seed, place, 7, 3, 11, 13)


def many_best_offers(sheets, work, found):  # type: ignore[no-untyped-def]
    """Write log objective and terms of the best offer of each sheet; zeros if there is none."""
    for place in range(len(sheets)):
        found[place, 0] = best_offer(sheets[place], work)
        if found[place, 0] > OUT_OF_REACH:
            copy(work, BEST, found[place], 1, int(sheets[place][ISSUES]))


def many_gates(sheets, work, least, reached):  # type: ignore[no-untyped-def]
    """Write whether each sheet's proposer can reach its least gain."""
    for place in range(len(sheets)):
        reached[place] = gain_reaches(sheets[place], least[place], work)


LOOPS = (many_exp, many_log, many_normal_cdf, many_uniform, many_normal, many_best_offers, many_gates)


def compiled_loops() -> dict[str, Callable[..., Any]]:
    """Return every loop, compiled, by name; from the cache if they were compiled before."""
    text = unit_of([*RULES, *LOOPS])
    folder = cache_folder(text)
    if folder is not None:
        return compiled_text(written(folder, UNIT, text), keep=True)
    with tempfile.TemporaryDirectory() as temporary:
        return compiled_text(written(temporary, UNIT, text), keep=False)


def compiled_text(path: Path, keep: bool) -> dict[str, Callable[..., Any]]:
    """Return the compiled loops of a unit; `keep` stores the machine code beside the file."""
    import numba
    from numba.extending import register_jitable

    unit = imported(path)
    entries = {full_name(loop): loop.__name__ for loop in LOOPS}
    for name, function in vars(unit).items():
        if callable(function) and getattr(function, "__module__", "") == unit.__name__ and name not in entries:
            register_jitable(**INNER)(function)
    return {
        short: numba.njit(SIGNATURES[short], nogil=True, cache=keep, **OPTIONS)(getattr(unit, name))
        for name, short in entries.items()
    }
