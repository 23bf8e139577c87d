"""Peak memory of a run, in a process of its own."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from benchmarks.clock import Effort
from benchmarks.processes import python
from benchmarks.rows import Row

PART = "Peak memory of sim.run"
CASE = "reference"
RUN = """
import resource, sys
import sim
sim.run(sim.load(sys.argv[1]), replicates=int(sys.argv[2]), engine="compiled")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
KILOBYTES = 1024 if sys.platform == "darwin" else 1  # ru_maxrss is in bytes there


def measured(effort: Effort) -> Iterator[Row]:
    """Yield the rows of this part."""
    base = peak(1)
    yield Row(PART, "1 replicate", base, "MB", "Python, NumPy, Numba and the kernel")
    sizes = [10_000, 100_000] + [1_000_000] * effort.long if effort.thorough else [100]
    for size in sizes:
        most = peak(size)
        each = 1e6 * (most - base) / size
        yield Row(PART, f"{size:,} replicates", most, "MB", f"{each:,.0f} bytes more for each replicate")


def peak(replicates: int) -> float:
    """Return the largest resident size of a run, in millions of bytes."""
    return int(python("-c", RUN, CASE, str(replicates))) / KILOBYTES * 1024 / 1e6
