"""The module that plays a folder, kept with it: a program of another model plays it again and compares every bit.

    module.wasm            the module
    laid-out.parquet       each point as the module reads it: two arrays, and what its columns are called

The manifest says under `module` what they hash to and how the module is called. A module imports nothing but a memory and
is played with a ceiling on that and on time (sim.engines.host). Folders of more than 300 points, or made by the
open engine, keep none.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from sim.errors import ScenarioError, SimError
from sim.study.design.experiments import Experiment
from sim.study.design.points import Point
from sim.study.play.results import Part
from sim.study.play.weekly import Tally
from sim.study.store.parts import Range

if TYPE_CHECKING:
    from sim.engines.host import KeptMachine

KEPT = "module"
_MODULE, _POINTS = "module.wasm", "laid-out.parquet"
KEPT_FILES = (_MODULE, _POINTS)
_MOST_POINTS = 300
_MOST_BYTES = 2**26


class _Folder(Protocol):
    """What is asked of a folder here."""

    path: Path
    manifest: dict[str, Any]


class _Kept(NamedTuple):
    """What a folder keeps: the entry of its manifest, and its files by name."""

    described: dict[str, Any]
    files: dict[str, bytes]


def kept_module(experiment: Experiment, engine: str) -> _Kept | None:
    """Return the module that plays an experiment and its points laid out; None where no module plays, or too many points."""
    if engine != "compiled" or len(experiment.points) > _MOST_POINTS:
        return None
    from sim.engines.ensemble import module_bytes
    from sim.engines.host import NoMachineError, contract_of
    from sim.engines.layout import layout_of
    from sim.engines.models import model_of

    try:
        model = model_of(next(iter(experiment.scenarios.values())))
        files = {_MODULE: module_bytes(model), _POINTS: _laid_out(experiment)}
    except NoMachineError:
        return None
    contract = contract_of(layout_of(model))
    return _Kept(
        {"sha256": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}}
        | {"contract": contract._asdict() | {"arguments": list(contract.arguments)}},
        files,
    )


def _laid_out(experiment: Experiment) -> bytes:
    """Return the points that make a scenario as the module reads them, as the bytes of a Parquet file."""
    import pyarrow
    from pyarrow import parquet

    rows = [row for point in experiment.points if (row := _row(point, experiment)) is not None]
    sink = io.BytesIO()
    parquet.write_table(pyarrow.Table.from_pylist(rows), sink, compression="zstd")
    return sink.getvalue()


def _row(point: Point, experiment: Experiment) -> dict[str, Any] | None:
    """Return a point laid out, as a row; None where its values make no scenario."""
    from sim.engines.arrays import arrays_of
    from sim.steps.columns import columns_of, quantities_of

    try:
        scenario = point.scenario
    except ScenarioError:
        return None
    arrays = arrays_of(scenario, len(quantities_of(scenario)) if experiment.weekly else 0, experiment.kept)
    return {
        "point": point.number,
        "whole": arrays.whole.astype("<i8").tobytes(),
        "scenario": arrays.scenario.astype("<f8").tobytes(),
        "numbers_size": arrays.numbers_size,
        "weeks": scenario.eras[0].world.weeks,
        "columns": [column.name for column in columns_of(scenario)],
    }


@dataclass(frozen=True)
class KeptModule:
    """A module out of a folder, and the points laid out for it, by number."""

    machine: KeptMachine
    points: Mapping[int, Mapping[str, Any]]
    seed: int
    whose: str

    def part(self, where: Range, kept: Part) -> Part:
        """Return what a range gives, in the columns and for the replicates that were kept of it."""
        point = self.points.get(where.point)
        if point is None:
            return Part({name: values[:0] for name, values in kept.columns.items()}, kept.failed)
        try:
            return _played(self.machine, point, self.seed, where, kept)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise SimError(f"{_POINTS}: does not fit what was kept ({type(error).__name__}: {error})") from None


def _played(machine: KeptMachine, point: Mapping[str, Any], seed: int, where: Range, kept: Part) -> Part:
    """Return what a module gives for a range of a point that is laid out for it, chunk after chunk."""
    from sim.engines.ensemble import MOST_AT_ONCE, kept_rows
    from sim.engines.host import LaidOut

    places = {name: place for place, name in enumerate(point["columns"])}
    whole, numbers = np.frombuffer(point["whole"], "<i8"), np.frombuffer(point["scenario"], "<f8")
    arrays = LaidOut(whole, numbers, int(point["numbers_size"]))
    weeks, quantities = int(point["weeks"]) + 1, () if kept.weekly is None else kept.weekly.quantities
    tally = Tally(quantities, weeks - 1, "bands")
    width, chunks = len(places) + weeks * len(quantities), []
    for first in range(where.first, where.end, MOST_AT_ONCE):
        count = min(MOST_AT_ONCE, where.end - first)
        wanted = kept.columns["replicate"] - first
        rows = kept_rows(machine, arrays, seed, (first, count), width)[wanted[(wanted >= 0) & (wanted < count)]]
        tally.add(rows[:, len(places) :].reshape(len(rows), weeks, len(quantities)))
        chunks.append(rows[:, : len(places)])
    table = np.concatenate(chunks)
    columns = {name: table[:, places[name]].astype(kept.columns[name].dtype) for name in kept.columns if name in places}
    columns = {"replicate": kept.columns["replicate"]} | columns
    return Part(columns, kept.failed, None if kept.weekly is None else tally.weekly())


def read_module(folder: _Folder) -> KeptModule | None:
    """Return the module that a folder keeps, ready to be played; None where it keeps none; raise where it is damaged."""
    described = folder.manifest.get(KEPT)
    if described is None:
        return None
    import pyarrow
    from pyarrow import parquet

    from sim.engines.host import Contract, kept_machine

    data = {name: _read_file(folder.path / name, described["sha256"][name]) for name in KEPT_FILES}
    rows = parquet.read_table(pyarrow.BufferReader(data[_POINTS])).to_pylist()
    model = folder.manifest.get("model")
    called = f", {model['name']}" if model else ""
    whose = f"the module that the folder keeps (model {folder.manifest['model_version']}{called})"
    return KeptModule(
        kept_machine(data[_MODULE], Contract(**described["contract"])),
        {int(row["point"]): row for row in rows},
        int(folder.manifest["seed"]),
        whose,
    )


def _read_file(path: Path, sha256: str) -> bytes:
    """Return a file that the manifest vouches for."""
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES)
    except OSError as error:
        raise SimError(f"{path}: cannot be read ({error.strerror}); copy the folder again, or play it anew") from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise SimError(f"{path}: is not what the manifest was written with; copy the folder again, or play it anew")
    return data
