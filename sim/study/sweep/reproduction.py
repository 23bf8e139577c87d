"""Reproduction: a result folder is played again from its manifest and compared with what it holds, bit by bit."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np

from sim.errors import SimError
from sim.study.play.replicates import Progress, available_processors
from sim.study.play.results import Columns, Part
from sim.study.store.contents import column_bytes
from sim.study.store.folder import Folder
from sim.study.store.kept_module import read_module
from sim.study.store.manifests import PACKAGES, installed_version
from sim.study.store.parts import Range
from sim.study.sweep.tasks import jobs_of, play_job
from sim.version import model_version


@dataclass(frozen=True, slots=True)
class Departure:
    """The first thing in which what was played again differs from what was kept.

    week   the first week in which the weekly values of these replicates differ; None where they are the same, or not kept
    """

    point: str
    column: str
    replicate: int
    kept: str
    again: str
    week: int | None = None

    def __str__(self) -> str:
        """Return it as a sentence."""
        week = "" if self.week is None else f", week {self.week}"
        return (
            f"{self.point}: the first difference is in column {self.column}, replicate {self.replicate}{week}: "
            f"{self.kept} was kept, {self.again} came out now"
        )


@dataclass(frozen=True, slots=True)
class Reproduction:
    """Whether a folder came out the same again.

    versions    the versions that differ from those the folder was made with, in words
    departure   the first difference, None where every bit is the same
    played_by   the module that the folder keeps, in words; nothing where the program's own played
    """

    replicates: int
    content_sha256: str
    versions: tuple[str, ...]
    departure: Departure | None
    played_by: str = ""


def reproduce(folder: Folder, threads: int | None = None, tell: Progress | None = None) -> Reproduction:
    """Return whether a folder comes out the same again.

    Where it was made by another version of the model, or by a class that is not at hand, the module that it keeps plays;
    raise if it keeps none.
    """
    versions = _other_versions(folder)
    is_ours = folder.manifest["model_version"] == model_version()
    module = None if is_ours and (folder.experiment.model is None or folder.model) else read_module(folder)
    if not is_ours and module is None:
        raise SimError(
            f"{folder.path}: cannot be reproduced: {'; '.join(versions)}; reproduce it with {folder.made_with}"
        )
    if module is None:
        folder.check_playable()
    folder.check_parts()
    ranges = [where for there in folder.present.values() for where in there]
    if not ranges:
        raise SimError(f"{folder.path}: holds no replicates yet; go on with {folder.resume_command()}")
    asked, done = sum(where.count for where in ranges), 0
    departure = None
    played = (
        played_again(folder, ranges, threads or available_processors())
        if module is None
        else ((where, module.part(where, folder.part(where))) for where in ranges)
    )
    for where, again in played:
        departure = first_difference(folder.points[where.point].name, where.first, folder.part(where), again)
        if departure is not None:
            break
        done += where.count
        if tell is not None:
            tell(done, asked)
    return Reproduction(
        asked, folder.content_hash(), tuple(versions), departure, "" if module is None else module.whose
    )


def played_again(folder: Folder, ranges: list[Range], threads: int) -> Iterator[tuple[Range, Part]]:
    """Yield the ranges in their order, each with what it gave when it was played again."""
    jobs = iter(jobs_of(folder, ranges))
    with ThreadPoolExecutor(threads) as executor:
        while bundle := list(islice(jobs, 2 * threads)):
            yield from zip([job.range for job in bundle], executor.map(play_job, bundle), strict=True)


def first_difference(point: str, first: int, kept: Part, again: Part) -> Departure | None:
    """Return the first column and replicate in which two parts differ, None where they are the same.

    first   the number of their first replicate
    """
    before, after = kept.columns, again.columns
    if [*before] != [*after]:
        name = next(iter(before.keys() ^ after.keys()), "order of columns")
        return Departure(point, name, first, _there(name in before), _there(name in after))
    for name in before:
        if column_bytes(name, before[name]) != column_bytes(name, after[name]):
            week, _ = _first_week(kept, again)
            return replace(_in_column(point, name, before, after), week=week)
    week, quantity = _first_week(kept, again)
    if week is None:
        return None
    return Departure(point, f"{quantity} by week", first, "one tally", "another", week)


def _first_week(kept: Part, again: Part) -> tuple[int | None, str]:
    """Return the first week in which weekly values differ, and the quantity that does; None where there is none."""
    before, after = kept.weekly, again.weekly
    if before is None or after is None:
        return None, ""
    different = (
        (before.sums != after.sums) | (before.squares != after.squares) | (before.bins != after.bins).any(axis=2)
    )
    places = np.argwhere(different)
    return (int(places[0][0]), before.quantities[places[0][1]].name) if len(places) else (None, "")


def _in_column(point: str, name: str, before: Columns, after: Columns) -> Departure:
    """Return where a column that differs does so first."""
    size = min(len(before[name]), len(after[name]))
    same = [values[name][:size].view(np.uint8).reshape(size, values[name].itemsize) for values in (before, after)]
    rows = np.flatnonzero((same[0] != same[1]).any(axis=1))
    row = int(rows[0]) if len(rows) else size
    longer = before if len(before[name]) > row else after
    number = int(longer["replicate"][row])
    return Departure(point, name, number, _value(before[name], row), _value(after[name], row))


def _value(values: Any, row: int) -> str:
    """Return a value of a column in full, or that there is none."""
    return repr(values[row].item()) if row < len(values) else "nothing"


def _there(there: bool) -> str:
    """Return whether a column is there, in words."""
    return "a column" if there else "no column"


def _other_versions(folder: Folder) -> list[str]:
    """Return in words which versions differ from those a folder was made with, the model's first."""
    made = folder.manifest
    found = []
    if made["model_version"] != model_version():
        found.append(f"it was made by model {made['model_version']}, this is model {model_version()}")
    for name in PACKAGES:
        before, here = made["packages"].get(name), installed_version(name)
        if before != here:
            found.append(f"{name} was {before or 'not there'}, here it is {here or 'not there'}")
    return found
