"""What a sweep would take, from a few replicates of a few of its points."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sim.plain import plain_data
from sim.study.design.experiments import Experiment
from sim.study.design.points import Point
from sim.study.play.compiled_runs import suited_engine
from sim.study.play.replicates import available_processors
from sim.study.play.results import Part
from sim.study.statistics.estimates import wilson
from sim.study.store.contents import FULL, Origin, parts_as_bytes
from sim.study.store.folder import Folder
from sim.study.store.kept_module import kept_module
from sim.study.store.manifests import design_bytes, design_of, json_bytes, manifest_of
from sim.study.store.parts import Range, gaps
from sim.study.sweep.asked_replicates import initial_replicates, missing_ranges
from sim.study.sweep.gatherer import PATIENCE
from sim.study.sweep.tasks import job_of, play_job

_TRIAL_POINTS = 10
_TRIAL_REPLICATES = {"compiled": 100, "open": 3}  # of each point
_LOCK = 40  # bytes


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is still to be played, and what that takes on this machine.

    parts       each is two files, or three where weekly values are kept
    files       of the whole folder, where it is new
    rate        replicates a second, all threads together
    megabytes   on the disk
    """

    points: int
    replicates: int
    parts: int
    files: int
    rate: float
    seconds: float
    megabytes: float


class _Trial(NamedTuple):
    """What a few points took: seconds for each point and for each replicate; bytes of a part, of a row, of a range."""

    point_seconds: float
    replicate_seconds: float
    part_bytes: float
    row_bytes: float
    weekly_bytes: float


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
    trial = _trial_of(experiment)
    replicates = sum(where.count for where in missing)
    # The open engine holds the lock of Python, as laying out a point does: neither gains anything by threads.
    threads = (threads or available_processors()) if suited_engine() == "compiled" else 1
    seconds = len(missing) * trial.point_seconds + replicates * trial.replicate_seconds / threads
    parts = _count_parts(experiment.points, missing, seconds)
    own = _own_files(experiment) if folder is None else []
    files = parts * (3 if experiment.weekly else 2) + len(own)
    size = parts * trial.part_bytes + replicates * trial.row_bytes + len(missing) * trial.weekly_bytes
    size += sum(own)
    rate = replicates / seconds if seconds else 0.0
    return Forecast(len(experiment.points), replicates, parts, files, rate, seconds, size / 1e6)


def _count_parts(points: Sequence[Point], missing: Sequence[Range], seconds: float) -> int:
    """Return into about how many parts some ranges are put: few replicates are gathered by scenario, for so long."""
    full, filling = 0, dict[str, int]()
    for where in missing:
        label = points[where.point].label
        filling[label] = where.count if where.count >= FULL else filling.get(label, 0) + where.count
        if filling[label] >= FULL:
            full, filling[label] = full + 1, 0
    gathered = any(where.count < FULL for where in missing)
    waited = int(seconds / PATIENCE) * len(filling) if gathered else 0
    return max(full + sum(count > 0 for count in filling.values()), waited)


def _own_files(experiment: Experiment) -> list[int]:
    """Return the sizes of what a folder has beside parts: manifest, design, summary, lock, and the module it may keep."""
    headline = {"replicates": experiment.replicates, "failed": 0, "success": plain_data(wilson(1, 3))}
    named = sum(len(point.name) for point in experiment.points)
    summary = named + len(experiment.points) * len(json.dumps({"": headline}))
    kept = kept_module(experiment, suited_engine(experiment.model))
    files = [*([] if kept is None else kept.files.values()), json_bytes(manifest_of(experiment, "", ""))]
    return [*(len(data) for data in files), len(design_bytes(design_of(experiment))), summary, _LOCK]


def _trial_of(experiment: Experiment) -> _Trial:
    """Return what a few points spread over the design take."""
    engine = suited_engine(experiment.model)
    origin = Origin(0, "", "", experiment.seed)
    chosen = experiment.points[:: -(-len(experiment.points) // _TRIAL_POINTS)]
    stored = {point.label: point.base.to_dict() for point in chosen}

    def played(replicates: int) -> tuple[float, list[tuple[Range, Part]]]:
        """Return how long a number of replicates of each takes, and what they gave."""
        where = Range(0, 0, replicates)
        started = time.perf_counter()
        parts = [play_job(job_of(experiment, point, stored[point.label], where, origin, engine)) for point in chosen]
        return time.perf_counter() - started, [(where, part) for part in parts]

    count = _TRIAL_REPLICATES[engine]
    played(1)  # compiled before the clock runs
    (shortest, one), (longest, many) = played(1), played(count)
    replicate_seconds = max(longest - shortest, 0.0) / (count - 1) / len(chosen)
    small, large = ([parts_as_bytes([part], origin)[0] for part in parts] for parts in (one, many))
    grown = sum(len(after.columns) - len(before.columns) for before, after in zip(small, large, strict=True))
    row_bytes = grown / (count - 1) / len(chosen)
    part_bytes = sum(len(part.columns) for part in small) / len(chosen) - row_bytes
    weekly = sum(len(part.weekly) for part in large) / len(chosen)
    return _Trial(shortest / len(chosen) - replicate_seconds, replicate_seconds, part_bytes, row_bytes, weekly)
