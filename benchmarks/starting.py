"""How long it takes until something happens: start-up, loading the kernel, compiling it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from statistics import median
from typing import Any

from benchmarks.clock import Effort, interleaved
from benchmarks.processes import python
from benchmarks.rows import Row

PART = "Start-up"
COLD = "Cold compilation of the kernel"
LOAD = """
import time
started = time.perf_counter()
from sim.engines.ensemble import compiled_kernel
compiled_kernel()
print(time.perf_counter() - started)
"""
SKIPPED = "left out by --quick"


def measured(effort: Effort) -> Iterator[Row]:
    """Yield the rows of this part."""
    replicates = str(effort.of(1000, 50))
    commands = {
        "python -c pass": ["-c", "pass"],
        "sim --help": ["-m", "sim", "--help"],
        "sim list": ["-m", "sim", "list"],
        f"sim run reference -n {replicates}": ["-m", "sim", "run", "reference", "-n", replicates],
    }
    loads: list[float] = []
    cases = {name: lambda arguments=arguments: python(*arguments) for name, arguments in commands.items()}
    cases["loading"] = lambda: loads.append(float(python("-c", LOAD)))
    for case in cases.values():
        case()
    taken = interleaved(cases, effort.rounds)
    for name in commands:
        note = "whole process, kernel in the cache" if "run" in name else "whole process"
        yield Row(PART, name, 1000 * median(taken[name].clock), "ms", note)
    yield Row(PART, "loading the kernel, in the cache", 1000 * median(loads[1:]), "ms", "with Numba's own import")


@cache
def account() -> dict[str, Any]:
    """Return the account of one cold compilation."""
    result: dict[str, Any] = json.loads(python("-m", "benchmarks.compiling"))
    return result


def compiling(effort: Effort) -> Iterator[Row]:
    """Yield the rows about a cold compilation."""
    if not effort.thorough:
        yield Row(COLD, "whole compilation", None, "s", SKIPPED)
        return
    told = account()
    yield Row(COLD, "whole compilation", told["seconds"], "s", "once; the machine did other things too")
    yield Row(COLD, "whole compilation, processor time", told["busy"], "s", "what follows is processor time too")
    yield Row(COLD, "functions compiled", told["functions"], "functions", f"{told['compilations']} compilations")
    note = (
        f"in {told['libraries']} library: the entry's, which holds all"
        if told["libraries"] == 1
        else (f"in {told['libraries']} libraries: a callee is optimised again in every caller")
    )
    yield Row(COLD, "function bodies given to LLVM's optimiser", told["bodies"], "bodies", note)
    for stage, spent in sorted(told["stages"].items(), key=lambda item: -item[1]):
        share = 100 * spent / told["busy"]
        last = told["entry"].get(stage)
        note = f"{share:.0f} %" + ("" if last is None else f"; {last:.1f} s of it for the entry point, which holds all")
        yield Row(COLD, stage, spent, "s", note)
    for place, (name, spent) in enumerate(told["slowest"], 1):
        yield Row(COLD, f"slowest {place}: {name}", spent, "s", "own time, without its callees' compilation")
