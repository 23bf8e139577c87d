"""Peak memory of a run, in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.clock import Effort
from benchmarks.processes import python
from benchmarks.rows import Row

PART = "Peak memory of sim.run"
CASE = "reference"
RUN = """
import resource, sys
from pathlib import Path
import sim
sim.run(sim.load(sys.argv[1]), replicates=int(sys.argv[2]), engine="compiled")
status = Path("/proc/self/status")
if status.exists():  # ru_maxrss also counts what the process that started this one held
    print(next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")))
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "darwin" else 1))
"""


def measured(effort: Effort) -> Iterator[Row]:
    """Yield the rows of this part."""
    base = peak(1)
    yield Row(PART, "1 replicate", base, "MB", "Python, NumPy, Numba and the kernel")
    sizes = [10_000, 100_000] + [1_000_000] * effort.long if effort.thorough else [100]
    for size in sizes:
        most = peak(size)
        each = max(0.0, 1e6 * (most - base) / size)
        yield Row(PART, f"{size:,} replicates", most, "MB", f"{each:,.0f} bytes more for each replicate")


def peak(replicates: int) -> float:
    """Return the largest resident size of a run, in millions of bytes."""
    return float(python("-c", RUN, CASE, str(replicates))) * 1024 / 1e6
