"""Sweeps that are killed at random moments and gone on with end in the bytes of one that was left alone.

A sweep of 24 points is started as a process of its own and killed (SIGKILL) at a random moment of its first two and a half
seconds, again and again, `size` times; then it is left to finish. Threads alternate between one and two. It is wrong if the
content hash differs from that of a sweep in one go, with one thread or with two, or if no kill came while it was playing.
"""

import random
import tempfile
from pathlib import Path
from typing import Any

from sim.study.store.folder import open_folder
from tests.study.sweeping import command, killed, small, swept

SIZE, SEED = 200, 7
POINTS = 24
LONGEST = 2.5  # seconds: it starts in one, and a part is played in another


def run(size: int, seed: int) -> dict[str, Any]:
    """Return the content hashes of undisturbed sweeps and of the one that was killed, and how many kills struck."""
    moments = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = small(folder, max(400, 15 * size), POINTS)  # so many that it is not done before the last kill
        whole = [swept(file, folder / f"whole-{threads}", threads).content_hash() for threads in (1, 2)]
        out, struck = folder / "killed", 0
        for kill in range(size):
            process = command("sweep", file, "--out", out, "--resume", "--threads", 1 + kill % 2)
            struck += killed(process, moments.uniform(0.0, LONGEST))
        process = command("sweep", file, "--out", out, "--resume", "--threads", 2)
        _, complaint = process.communicate()
        return {
            "kills": size,
            "struck": struck,
            "status": process.returncode,
            "complaint": complaint.decode(),
            "whole": whole,
            "killed": open_folder(out).content_hash(),
        }


def wrong(result: dict[str, Any]) -> list[str]:
    """Return what is not as it must be."""
    problems = []
    if {result["killed"], *result["whole"]} != {result["killed"]}:
        problems.append("the content hashes differ")
    if result["status"] or not result["struck"]:
        problems.append(f"status {result['status']}, {result['struck']} kills struck: {result['complaint']}")
    return problems


def found(result: dict[str, Any]) -> str:
    """Return a line about the result."""
    same = "the same" if not wrong(result) else "other"
    kills = f"{result['struck']} of {result['kills']} kills struck a running sweep"
    return f"{kills}; {same} content hash {result['killed'][:12]}"
