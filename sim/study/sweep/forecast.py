"""What a sweep would take, from a few replicates of a few of its points."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sim.study.design.experiments import Experiment
from sim.study.play.compiled_runs import suited_engine
from sim.study.play.replicates import available_processors
from sim.study.store.folder import Folder
from sim.study.store.parts import Range, gaps
from sim.study.sweep.asked_replicates import initial_replicates, missing_ranges
from sim.study.sweep.tasks import Job, job_of, play_jobs

_TRIAL_POINTS = 3
_TRIAL_REPLICATES = {"compiled": 100, "open": 3}  # of each point


@dataclass(frozen=True, slots=True)
class Forecast:
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


def forecast_sweep(
    experiment: Experiment, folder: Folder | None = None, extend: int | None = None, threads: int | None = None
) -> Forecast:
    """Return what an experiment would take, or what its folder still lacks."""
    if folder is not None and extend is None:
        missing = missing_ranges(folder)
    else:
        there = folder.present if folder else {}
        asked = initial_replicates(experiment, extend or experiment.replicates)
        missing = [gap for point, count in asked.items() for gap in gaps(point, count, there.get(point, ()))]
    rate, each, weekly = _measure_trial(experiment)
    replicates = sum(where.count for where in missing)
    if suited_engine() == "compiled":
        rate *= (
            threads or available_processors()
        )  # the open engine holds the lock of Python, and gains nothing by threads
    megabytes = (replicates * each + len(missing) * weekly) / 1e6
    return Forecast(len(experiment.points), replicates, len(missing), rate, replicates / rate, megabytes)


def _measure_trial(experiment: Experiment) -> tuple[float, float, float]:
    """Return replicates a second on one thread, bytes a replicate and bytes of weekly values a part.

    From a few points spread over the design.
    """
    engine = suited_engine(experiment.model)
    count = _TRIAL_REPLICATES[engine]
    chosen = experiment.points[:: max(1, len(experiment.points) // _TRIAL_POINTS)][:_TRIAL_POINTS]
    stored = {point.label: point.base.to_dict() for point in chosen}

    def jobs(replicates: int) -> list[Job]:
        where = Range(0, 0, replicates)
        return [job_of(experiment, point, stored[point.label], where, engine) for point in chosen]

    play_jobs(jobs(1))  # compiled before the clock runs
    started = time.perf_counter()
    parts = play_jobs(jobs(count))
    replicates = len(chosen) * count
    rate = replicates / (time.perf_counter() - started)
    columns, weekly = sum(len(part.columns) for part in parts), sum(len(part.weekly) for part in parts)
    return rate, columns / replicates, weekly / len(parts)
