"""Peak memory of a run, in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.clock import Effort
from benchmarks.processes import python
from benchmarks.rows import Row

PART = "Peak memory"
CASE = "reference"
RUN = """
import resource, sys
from pathlib import Path
import sim
scenario, replicates, weeks = sim.load(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
if weeks:
    sim.follow(scenario.with_values({"weeks": weeks}), replicates)
else:
    sim.run(scenario, replicates, engine="compiled")
status = Path("/proc/self/status")
if status.exists():  # ru_maxrss also counts what the process that started this one held
    print(next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")))
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "darwin" else 1))
"""


def measurements(effort: Effort) -> Iterator[Row]:
    """Yield the rows of this part."""
    base = peak(1)
    yield Row(PART, "1 replicate", base, "MB", "Python, NumPy, wasmtime and the module")
    sizes = [10_000, 100_000] + [1_000_000] * effort.long if effort.thorough else [100]
    for size in sizes:
        most = peak(size)
        each = max(0.0, 1e6 * (most - base) / size)
        yield Row(PART, f"{size:,} replicates", most, "MB", f"{each:,.0f} bytes more for each replicate")
    few = 1_000 if effort.thorough else 50
    short, long = (peak(few, weeks) for weeks in (52, 520))
    yield Row(PART, f"{few:,} replicates followed for 52 weeks", short, "MB", "with sums and histograms of every week")
    yield Row(PART, f"{few:,} replicates followed for 520 weeks", long, "MB", f"{long - short:.0f} MB more")


def peak(replicates: int, weeks: int = 0) -> float:
    """Return the largest resident size of a run, in millions of bytes; with weeks, of one that follows that many."""
    return float(python("-c", RUN, CASE, str(replicates), str(weeks))) * 1024 / 1e6
