"""Whatever goes wrong with a worker or a scheduler, a sweep ends in the right bytes, or in a line that says how it goes on.

A cluster of Dask on loopback with a sound worker and a faulty one plays a small experiment, `size` times. Faults are drawn
from those of tests/campaigns/faulty_worker.py, which answers with them, and from what is done to processes: a worker paused,
paused and woken, or killed, the scheduler paused or killed. Lies that look right meet an audit of everything. It is wrong if
the folder's content hash then differs from that of threads, if a sweep that stopped does not end there when it is gone on
with, or if nothing was said of a fault.
"""

import contextlib
import random
import signal
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from sim.errors import SimError
from sim.study.design.experiments import load_experiment
from sim.study.store.folder import create_folder, open_folder
from sim.study.store.locking import write_lock
from sim.study.sweep import cluster as clusters
from sim.study.sweep.audit import audit
from sim.study.sweep.pools import open_pool
from sim.study.sweep.sweeps import sweep_on
from tests.campaigns.faulty_worker import FAULTS, LIES
from tests.study.dask_clusters import started_cluster, wait_until, worker
from tests.study.sweeping import gone_on, small, swept

SIZE, SEED = 40, 13
POINTS, REPLICATES = 16, 400
AT_ONCE = {"_LEAST_PATIENCE": 4.0, "_BETWEEN_LOOKS": 0.1, "_PATIENCE": 20.0}  # seconds, for the small tasks of a test
STRUCK = ("worker paused", "worker paused and woken", "worker killed", "scheduler paused", "scheduler killed")
UNSPOKEN = ("worker killed", "ends")  # a lost worker is no news where there are others


class Ending(dict[str, Any]):
    """How a sweep with one fault ended: fault, said (lines), error (a line, or nothing), hash, struck."""


def run(size: int, seed: int) -> dict[str, Any]:
    """Return how each sweep ended, and the content hash of one on threads."""
    luck, faults = random.Random(seed), []
    while len(faults) < size:
        faults += luck.sample([*FAULTS, *STRUCK], len(FAULTS) + len(STRUCK))
    with tempfile.TemporaryDirectory() as name, at_once():
        file = small(Path(name), REPLICATES, POINTS)
        whole = swept(file, Path(name) / "whole", 2).content_hash()
        endings = []
        with contextlib.ExitStack() as stack:
            address = None
            for number, fault in enumerate(faults[:size]):
                if address is None:
                    address, processes = stack.enter_context(started_cluster())
                    processes.append(worker(address, "sound"))
                out = Path(name) / f"out-{number}"
                endings.append(ending_of(fault, address, processes, file, out, luck.randint(1, POINTS // 2)))
                if fault.startswith("scheduler"):
                    address = None
    return {"whole": whole, "endings": endings}


@contextlib.contextmanager
def at_once():
    """Let the pool lose its patience sooner."""
    before = {name: getattr(clusters, name) for name in AT_ONCE}
    try:
        for name, seconds in AT_ONCE.items():
            setattr(clusters, name, seconds)
        yield
    finally:
        for name, seconds in before.items():
            setattr(clusters, name, seconds)


def ending_of(fault, address, processes, file, out, parts):
    """Return how a sweep ends with a fault, which strikes once there are so many parts if it is done to a process."""
    ending = Ending(fault=fault, said=[], error="", struck=fault in FAULTS)
    faulty = worker(
        address, fault, options=["--preload", "tests.campaigns.faulty_worker"], variables={"SIM_FAULT": fault}
    )
    victim = processes[0] if fault.startswith("scheduler") else faulty

    def strike(done, asked):
        if not ending["struck"] and done >= parts * REPLICATES:
            ending["struck"] = True
            victim.send_signal(signal.SIGKILL if fault.endswith("killed") else signal.SIGSTOP)

    def tell(line):
        ending["said"].append(line)
        if fault.endswith("woken"):
            faulty.send_signal(signal.SIGCONT)

    try:
        play(address, file, out, strike, tell, 1.0 if fault in LIES else 0.0)
    except SimError as error:
        ending["error"] = str(error)
    finally:
        faulty.kill()
        faulty.wait()
    return ending | {"hash": (gone_on(out, 2) if ending["error"] else open_folder(out)).content_hash()}


def play(address, file, out, strike, tell, share):
    """Play an experiment on two workers, and audit a share of it."""
    with write_lock(out), open_pool(address, None, tell) as pool:
        wait_until(lambda: pool.look_around() or pool.slots == 2)
        folder = create_folder(out, load_experiment(file), "")
        sweep_on(folder, pool, strike)
        if share:
            audit(folder, share, pool.givers, 2, tell)


def wrong(result: dict[str, Any]) -> list[str]:
    """Return what is not as it must be."""
    problems = []
    for ending in result["endings"]:
        fault, lines = ending["fault"], [*ending["said"], ending["error"]]
        if ending["hash"] != result["whole"]:
            problems.append(f"{fault}: other bytes")
        if not ending["struck"]:
            problems.append(f"{fault}: did not strike")
        if not any(lines) and fault not in UNSPOKEN:
            problems.append(f"{fault}: nothing was said")
        problems += [f"{fault}: not a line: {line}" for line in lines if len(line.splitlines()) > 1]
    return problems


def found(result: dict[str, Any]) -> str:
    """Return a line about the result."""
    endings = result["endings"]
    stopped = Counter(ending["fault"] for ending in endings if ending["error"])
    kinds = len({ending["fault"] for ending in endings})
    gone = ", ".join(f"{fault} {count}" for fault, count in sorted(stopped.items()))
    right = sum(ending["hash"] == result["whole"] for ending in endings)
    return (
        f"{len(endings)} faults of {kinds} kinds; {right} sweeps ended in the right bytes, {sum(stopped.values())} of them "
        f"gone on with after a line ({gone or 'none'})"
    )
