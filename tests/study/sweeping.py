"""Small experiments, and sweeps of them in this process or in one that can be killed."""

import os
import subprocess
import sys
import time
from pathlib import Path

from sim.study.design.experiments import load_experiment
from sim.study.store.folder import Folder, create_folder, open_folder, resume_folder
from sim.study.store.locking import write_lock
from sim.study.sweep.sweeps import sweep

ROOT = Path(__file__).resolve().parents[2]

SMALL = """\
title = "Small"
question = "Does it end the same?"
replicates = {replicates}
seed = 1000

[scenarios.two]
extends = "two-states-known-costs"
set = {{ weeks = 60 }}

[factors.sd]
keys = ["front.sd"]
values = {values}

[contrasts.front]
a = "two sd=0"
b = "two sd=0.005"
"""


def small(folder: Path, replicates: int = 50, points: int = 3) -> Path:
    """Return the file of an experiment of a few points."""
    values = [round(0.005 * place, 3) for place in range(points)]
    path = folder / "small.toml"
    path.write_text(SMALL.format(replicates=replicates, values=values), encoding="utf-8")
    return path


def swept(file: Path, out: Path, threads: int = 1) -> Folder:
    """Return the folder of an experiment played from the start."""
    with write_lock(out):
        folder = create_folder(out, load_experiment(file), "sim sweep small.toml")
        sweep(folder, threads)
    return open_folder(out)


def gone_on(out: Path, threads: int = 1, warn=lambda text: None) -> Folder:
    """Return a folder in which what was missing has been played."""
    with write_lock(out):
        folder = resume_folder(out, None)
        folder.put_in_order(warn)
        sweep(folder, threads)
    return open_folder(out)


def command(*words: object) -> subprocess.Popen[bytes]:
    """Return a started `sim` of this checkout."""
    return subprocess.Popen(
        [sys.executable, "-m", "sim", *map(str, words)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def killed(process: subprocess.Popen[bytes], pause: float) -> bool:
    """Kill a sweep so many seconds after it was started; return whether it was still running."""
    time.sleep(pause)
    running = process.poll() is None
    process.kill()
    process.communicate()
    return running
