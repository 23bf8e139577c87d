"""Whatever is wrong with streams, limits, disks and variables around a command, it ends in lines and the right status.

Each fault is a command of its own in a shell: standard streams closed, full or left by their reader, Ctrl-C at the N-th
import and in the midst of playing, too little memory, too few files, no place to write, and variables that libraries
choke on. It is wrong if there is a traceback or more than a few lines of complaint, if the status is not among those
expected, or if a command was killed by the system.
"""

import os
import random
import subprocess
import sys
import tempfile
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

SIM = '"$PYTHON" -m sim'
SIZE, SEED = 60, 101
ROOT = Path(__file__).resolve().parents[2]
QUICK = "run two-states-known-costs -n 20"
FEW_LINES = 4
PATIENCE = 600  # seconds after which a command hangs


class Fault(NamedTuple):
    """A line for the shell, in which SIM is the command, and the statuses in which it may end."""

    line: str
    statuses: tuple[int, ...]


# Interrupts itself at the N-th import from that of the command line on, or at the N-th chunk of replicates.
INTERRUPTED = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
what, at = sys.argv.pop(1), int(sys.argv.pop(1))
seen = 0
def count():
    global seen
    seen += 1
    if seen == at:
        os.kill(os.getpid(), signal.SIGINT)
class Imports:
    def find_spec(self, name, path=None, target=None):
        if name == "sim.cli" or seen:
            count()
if what == "import":
    sys.meta_path.insert(0, Imports())
else:
    from sim.engines import ensemble
    play = ensemble.play_chunk
    def play_chunk(*given):
        count()
        play(*given)
    ensemble.play_chunk = play_chunk
from sim.__main__ import main
sys.exit(main())
"""


def _closed(streams: tuple[str, ...], command: str) -> Fault:
    """Return a command whose streams are closed; without an output there is nothing that it could answer."""
    return Fault(f"{SIM} {command} {' '.join(f'{stream}&-' for stream in streams)}", (1,) if ">" in streams else (0,))


_STREAMS = [some for count in (1, 2, 3) for some in combinations(("<", ">", "2>"), count)]
_VARIABLES = [
    "COLUMNS=abc", "LINES=-1", "TERM=dumb", "NO_COLOR=", "LC_ALL=xx_YY.foo", "LANG=C LC_ALL=C", "TZ=garbage",
    "PYTHONIOENCODING=ascii:strict", "PYTHONWARNINGS=error", "OMP_NUM_THREADS=abc OPENBLAS_NUM_THREADS=-7",
    "HOME= XDG_CACHE_HOME=", "TMPDIR=/nonexistent", "SIM_CACHE=/dev/null", "SIM_CACHE=/proc/none",
    "ARROW_DEFAULT_MEMORY_POOL=abc ARROW_IO_THREADS=abc", "NPY_DISABLE_CPU_FEATURES='AVX2 XYZ'", "PLOTLY_RENDERER=abc",
]  # fmt: skip
FAULTS: dict[str, Fault] = {
    **{f"list {' '.join(some)} closed": _closed(some, "list") for some in _STREAMS},
    **{f"run {' '.join(some)} closed": _closed(some, QUICK) for some in _STREAMS},
    **{
        f"{command} into a pipe that is left": Fault(f"{{ {SIM} {command}; echo $? >&2; }} | true", (0,))
        for command in ("list", "params", "schema")
    },
    "output full": Fault(f"{SIM} list >/dev/full", (1,)),
    "complaints full": Fault(f"{SIM} rnu 2>/dev/full", (2,)),
    **{
        f"interrupted at import {at}": Fault(f'"$PYTHON" -c "$INTERRUPTED" import {at} {QUICK}', (130,))
        for at in (1, 2, 3, 7, 40, 100, 200, 300, 400, 500, 600)
    },
    **{
        f"interrupted at chunk {at}, {threads} threads": Fault(
            f'"$PYTHON" -c "$INTERRUPTED" play {at} run reference -n 5000 --threads {threads}', (130,)
        )
        for at, threads in ((1, 1), (3, 1), (3, 2))
    },
    **{
        f"{kilobytes} kB of memory": Fault(f"ulimit -v {kilobytes}; {SIM} {QUICK}", (0, 1))
        for kilobytes in (300_000, 450_000)
    },
    **{f"{files} files": Fault(f"ulimit -n {files}; {SIM} {QUICK} --out kept", (0, 1, 2)) for files in (5, 6, 8)},
    "no file may grow": Fault(f"ulimit -f 0; {SIM} {QUICK} --out kept", (2,)),
    "a cache that takes nothing": Fault(f"ulimit -f 0; SIM_CACHE=new {SIM} {QUICK}", (0,)),
    "no folder to work in": Fault(f'mkdir gone; cd gone; rmdir "$PWD"; {SIM} list', (0,)),
    "a folder whose name is no UTF-8": Fault(
        f"kept=$(printf 'a\\377'); {SIM} {QUICK} --out $kept && {SIM} status $kept && {SIM} report $kept", (0,)
    ),
    "a folder whose name has two lines": Fault(f"{SIM} status \"$(printf 'a\\nb\\nc\\nd\\ne\\nf')\"", (2,)),
    **{f"{variable}": Fault(f"{variable} {SIM} {QUICK}", (0,)) for variable in _VARIABLES},
}


def run(size: int, seed: int) -> dict[str, Any]:
    """Return how many faults were tried and what was wrong with how they ended."""
    names = random.Random(seed).sample(sorted(FAULTS), min(size, len(FAULTS)))
    return {"faults": len(names), "problems": [problem for name in names for problem in problems(name)]}


def problems(name: str) -> list[str]:
    """Return what is wrong with how a command ends under a fault."""
    fault = FAULTS[name]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["sh", "-c", fault.line], cwd=folder, env=_surroundings(), capture_output=True, text=True, check=False,
            timeout=PATIENCE,
        )  # fmt: skip
    lines = done.stderr.splitlines()
    found = []
    if done.returncode not in fault.statuses:
        found.append(f"status {done.returncode}")
    if len(lines) > FEW_LINES or any(
        sign in done.stderr for sign in ("Traceback", "Exception ignored", "mistake in the")
    ):
        found.append("more than a few lines are told")
    if done.returncode not in (0, *((1, 2, 130) if lines or "2>" in fault.line else ())):
        found.append("nothing is told")
    return [f"{name}: {problem}: {' / '.join(lines)[-300:]}" for problem in found]


def _surroundings() -> dict[str, str]:
    """Return the variables that a fault is tried with."""
    named = {"PYTHON": sys.executable, "INTERRUPTED": INTERRUPTED}
    return os.environ | named | {"PYTHONPATH": str(ROOT)}


def wrong(result: dict[str, Any]) -> list[str]:
    """Return what is not as it must be."""
    return list(result["problems"])


def found(result: dict[str, Any]) -> str:
    """Return a line about the result."""
    return f"{result['faults']} faults, {len(result['problems'])} of them ended otherwise"
