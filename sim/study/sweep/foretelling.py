"""What a sweep would take, from a few replicates of a few of its points."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sim.study.design.experiments import Experiment
from sim.study.play.compiled_runs import is_available
from sim.study.play.replicates import available_processors
from sim.study.store.folder import Folder
from sim.study.store.parts import Range, gaps
from sim.study.sweep.asking import asked_at_first
from sim.study.sweep.tasks import Job, job_of, played

TRIED_POINTS = 3
TRIED = 100
TRIED_OPENLY = 3


@dataclass(frozen=True, slots=True)
class Foretold:
    """What is still to be played, and what that takes on this machine.

    rate        replicates a second, all threads together
    megabytes   on the disk
    """

    points: int
    replicates: int
    parts: int
    rate: float
    seconds: float
    megabytes: float


def foretell(
    experiment: Experiment, folder: Folder | None = None, extend: int | None = None, threads: int | None = None
) -> Foretold:
    """Return what an experiment would take, or what its folder still lacks."""
    if folder is not None and extend is None:
        missing = folder.missing()
    else:
        there = folder.present if folder else {}
        asked = asked_at_first(experiment, extend or experiment.replicates)
        missing = [gap for point, count in asked.items() for gap in gaps(point, count, there.get(point, ()))]
    rate, each, weekly = tried(experiment)
    replicates = sum(one.count for one in missing)
    rate *= threads or available_processors()
    megabytes = (replicates * each + len(missing) * weekly) / 1e6
    return Foretold(len(experiment.points), replicates, len(missing), rate, replicates / rate, megabytes)


def tried(experiment: Experiment) -> tuple[float, float, float]:
    """Return replicates a second on one thread, bytes a replicate and bytes of weekly values a part.

    From a few points spread over the design.
    """
    engine, count = ("compiled", TRIED) if is_available() else ("open", TRIED_OPENLY)
    chosen = experiment.points[:: max(1, len(experiment.points) // TRIED_POINTS)][:TRIED_POINTS]
    stored = {point.label: point.base.to_dict() for point in chosen}

    def jobs(replicates: int) -> list[Job]:
        where = Range(0, 0, replicates)
        return [job_of(experiment, one, stored[one.label], where, engine) for one in chosen]

    played(jobs(1))  # compiled before the clock runs
    started = time.perf_counter()
    done = played(jobs(count))
    replicates = len(chosen) * count
    rate = replicates / (time.perf_counter() - started)
    return rate, sum(len(one.columns) for one in done) / replicates, sum(len(one.weekly) for one in done) / len(done)
