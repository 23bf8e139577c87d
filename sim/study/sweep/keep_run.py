"""A run kept as a result folder: the same folder a sweep of this one scenario would fill."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sim.study.design.experiment_text import run_text
from sim.study.design.experiments import written_experiment
from sim.study.play.results import Part, Result
from sim.study.store.contents import parts_as_bytes
from sim.study.store.folder import MANIFEST, Folder, create_folder
from sim.study.store.locking import write_lock
from sim.study.store.manifests import origin_of
from sim.study.store.parts import Range, gaps
from sim.study.sweep.sweeps import write_summary


def keep_run(result: Result, path: Path, command: str) -> Folder:
    """Return the new result folder that a result was written to."""
    name, text = run_text(result.scenario, result.asked, result.seed, path.parent)
    experiment = written_experiment(text, name, path / MANIFEST, {name: result.scenario})
    with write_lock(path):
        folder = create_folder(path, experiment, command, result.engine.partition(" ")[0])
        folder.write(parts_as_bytes(_parts_of(result), origin_of(folder.manifest)))
        write_summary(folder)
    return folder


def _parts_of(result: Result) -> Iterator[tuple[Range, Part]]:
    """Yield a result cut into parts."""
    for where in gaps(0, result.asked, []):
        rows = (result.columns["replicate"] >= where.first) & (result.columns["replicate"] < where.end)
        columns = {name: values[rows] for name, values in result.columns.items()}
        failed = tuple(failure for failure in result.failed if where.first <= failure.replicate < where.end)
        yield where, Part(columns, failed)
