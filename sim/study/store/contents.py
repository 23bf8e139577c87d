"""What the files of a part hold, as bytes and back: columns, failures, weekly values; and what their hash sees.

Arrow's Parquet throughout. The framing of a file may differ from one version of Arrow to the next; the hash sees names,
types and values only.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, astuple
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.rules.outcomes import OUTCOMES
from sim.steps.columns import Quantity
from sim.study.play.results import Columns, Failure, Part
from sim.study.play.weekly import BINS, Weekly
from sim.study.store.parts import PartBytes, Range

if TYPE_CHECKING:
    import pyarrow

_FAILED, _REPLICATES, _QUANTITIES = b"failed", b"replicates", b"quantities"


def part_as_bytes(where: Range, part: Part, kept: Collection[str] = ()) -> PartBytes:
    """Return a part as the bytes of its files; of its columns the replicate and those kept, all where none are named."""
    columns = {name: values for name, values in part.columns.items() if not kept or name in ("replicate", *kept)}
    weekly = b"" if part.weekly is None else weekly_as_bytes(part.weekly)
    return PartBytes(where, as_bytes(columns, part.failed), weekly)


def as_bytes(columns: Columns, failed: Iterable[Failure]) -> bytes:
    """Return columns as the bytes of a Parquet file, with the replicates that failed in its metadata."""
    import pyarrow

    rows = [asdict(failure) for failure in failed]
    table = pyarrow.table({name: pyarrow.array(values) for name, values in columns.items()})
    table = table.replace_schema_metadata({_FAILED: json.dumps(rows).encode()})
    return _parquet_bytes(table)


def from_bytes(data: bytes) -> tuple[Columns, tuple[Failure, ...]]:
    """Return the columns of a Parquet file, and the replicates that failed."""
    table = _read_table(data)
    columns: Columns = {name: table[name].to_numpy() for name in table.column_names}
    return columns, failures(data)


def failures(data: bytes) -> tuple[Failure, ...]:
    """Return the replicates that failed, from the bytes of a Parquet file."""
    import pyarrow
    from pyarrow import parquet

    rows = json.loads((parquet.read_schema(pyarrow.BufferReader(data)).metadata or {}).get(_FAILED, b"[]"))
    return tuple(Failure(int(row["replicate"]), row["error"], row["traceback"]) for row in rows)


def weekly_as_bytes(weekly: Weekly) -> bytes:
    """Return weekly values as the bytes of a Parquet file with a row for each week and quantity."""
    import pyarrow

    weeks, count = weekly.sums.shape
    names = [quantity.name for quantity in weekly.quantities]
    table = pyarrow.table(
        {
            "week": pyarrow.array(np.repeat(np.arange(weeks, dtype=np.int32), count)),
            "quantity": pyarrow.array(names * weeks),
            "sum": pyarrow.array(weekly.sums.reshape(-1)),
            "square": pyarrow.array(weekly.squares.reshape(-1)),
            "bins": pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(weekly.bins.reshape(-1)), BINS),
        }
    )
    quantities = json.dumps([astuple(quantity) for quantity in weekly.quantities]).encode()
    metadata = {_REPLICATES: str(weekly.replicates).encode(), _QUANTITIES: quantities}
    return _parquet_bytes(table.replace_schema_metadata(metadata))


def weekly_from_bytes(data: bytes) -> Weekly:
    """Return the weekly values of a Parquet file."""
    table = _read_table(data)
    quantities = tuple(Quantity(*fields) for fields in json.loads(table.schema.metadata[_QUANTITIES]))
    bins = np.concatenate([chunk.flatten().to_numpy() for chunk in table["bins"].chunks])
    return Weekly(
        quantities,
        int(table.schema.metadata[_REPLICATES]),
        table["sum"].to_numpy().reshape(-1, len(quantities)),
        table["square"].to_numpy().reshape(-1, len(quantities)),
        bins.reshape(-1, len(quantities), BINS),
    )


def _parquet_bytes(table: pyarrow.Table) -> bytes:
    """Return a table as the bytes of a Parquet file."""
    from pyarrow import parquet

    sink = io.BytesIO()
    # Values of a simulation hardly ever repeat: dictionaries and statistics only cost time and space.
    parquet.write_table(table, sink, compression="zstd", use_dictionary=False, write_statistics=False)
    return sink.getvalue()


def _read_table(data: bytes) -> pyarrow.Table:
    """Return the table of a Parquet file."""
    import pyarrow
    from pyarrow import parquet

    # Without Arrow's own threads: the callers have theirs.
    return parquet.ParquetFile(pyarrow.BufferReader(data), pre_buffer=False).read(use_threads=False)


def digest(columns: Columns) -> str:
    """Return the SHA-256 of columns: name, type and little-endian values of each, in their order."""
    sha = hashlib.sha256()
    for name, values in columns.items():
        sha.update(column_bytes(name, values))
    return sha.hexdigest()


def column_bytes(name: str, values: Any, outcomes: Sequence[str] = OUTCOMES) -> bytes:
    """Return what the hash sees of a column: its name and type, the words that codes of outcomes stand for, its values."""
    kind = values.dtype.newbyteorder("<")
    about = ",".join(outcomes) if name == "outcome" else ""
    return f"{name}:{kind.str}:{about};".encode() + np.ascontiguousarray(values, dtype=kind).tobytes()


def weekly_bytes(weekly: Weekly) -> bytes:
    """Return what the hash sees of weekly values: the names of the quantities, and sums and histograms by week."""
    names = ",".join(quantity.name for quantity in weekly.quantities).encode()
    arrays = (weekly.sums.astype("<i8"), weekly.squares.astype("<i8"), weekly.bins.astype("<i4"))
    return b"weekly:" + names + b";" + b"".join(np.ascontiguousarray(array).tobytes() for array in arrays)
