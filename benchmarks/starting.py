"""How long it takes until something happens: start-up, loading the module, writing it."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.clock import Effort, interleaved_times
from benchmarks.processes import python
from benchmarks.rows import Row

PART = "Start-up"
COLD = "writing the module, nothing in the cache"
LOAD = """
import time
started = time.perf_counter()
from sim.engines.ensemble import compiled_model
compiled_model()
print(time.perf_counter() - started)
"""
SKIPPED = "left out by --quick"


def measurements(effort: Effort) -> Iterator[Row]:
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
    taken = interleaved_times(cases, effort.rounds)
    for name in commands:
        note = "whole process, module in the cache" if "run" in name else "whole process"
        yield Row(PART, name, 1000 * median(taken[name].clock), "ms", note)
    yield Row(PART, "loading the module, in the cache", 1000 * median(loads[1:]), "ms", "with wasmtime's own import")
    yield _writing(effort)


def _writing(effort: Effort) -> Row:
    """Return how long the first use takes for a user whose cache is empty."""
    if not effort.thorough:
        return Row(PART, COLD, None, "s", SKIPPED)
    with TemporaryDirectory() as folder:
        seconds = float(python("-c", LOAD, environment={"SIM_CACHE": folder}))
    return Row(PART, COLD, seconds, "s", "once, with wasmtime's own import")
