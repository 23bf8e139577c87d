"""A run written to a folder: its columns as Parquet and CSV, and a manifest that says how to get them again."""

from __future__ import annotations

import hashlib
import json
import platform
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from sim.engines.outcomes import OUTCOMES
from sim.errors import SimError
from sim.study.results import Columns, Result
from sim.version import MODEL_VERSION, package_version

PARQUET, CSV, MANIFEST = "replicates.parquet", "replicates.csv", "manifest.json"
PACKAGES = ("mesa", "numpy", "pyarrow", "scipy")


class FolderError(SimError):
    """A folder that results cannot be written to."""

    exit_status = 2


def checked_folder(folder: Path) -> None:
    """Raise unless results can be written there without overwriting anything."""
    if folder.exists() and not folder.is_dir():
        raise FolderError(f"{folder}: is not a folder")
    if folder.is_dir() and any(folder.iterdir()):
        raise FolderError(f"{folder}: is not empty; results are never written over others")


def save(result: Result, folder: Path, command: str) -> None:
    """Write a result to an empty or new folder; the manifest comes last."""
    from pyarrow import csv, parquet

    checked_folder(folder)
    folder.mkdir(parents=True, exist_ok=True)
    table = result.table
    parquet.write_table(table, folder / PARQUET)
    place = table.schema.get_field_index("outcome")
    csv.write_csv(table.set_column(place, "outcome", table["outcome"].cast("string")), folder / CSV)
    text = json.dumps(manifest(result, command), allow_nan=False, ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def manifest(result: Result, command: str) -> dict[str, Any]:
    """Return what it takes to get a result again, and what it was made with."""
    return {
        "command": command,
        "scenario": result.scenario.to_dict(),
        "seed": result.seed,
        "first": result.first,
        "replicates": result.asked,
        "finished": len(result),
        "failed": [{"replicate": one.replicate, "error": one.error} for one in result.failed],
        "engine": result.engine,
        "columns": [
            {"name": column.name, "kind": column.kind, "unit": column.unit, "meaning": column.meaning}
            for column in result.declared
        ],
        "columns_sha256": digest(result.columns),
        "model_version": MODEL_VERSION,
        "version": package_version(),
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in PACKAGES},
        "machine": f"{platform.system()} {platform.machine()}",
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def digest(columns: Columns) -> str:
    """Return the SHA-256 of the columns: name, type and little-endian values of each, in their order."""
    sha = hashlib.sha256()
    for name, values in columns.items():
        kind = values.dtype.newbyteorder("<")
        about = ",".join(OUTCOMES) if name == "outcome" else ""
        sha.update(f"{name}:{kind.str}:{about};".encode())
        sha.update(np.ascontiguousarray(values, dtype=kind).tobytes())
    return sha.hexdigest()
