"""What the files of a part hold, as bytes and back: columns, failures, weekly values; and what their hash sees.

Arrow's Parquet throughout. The framing of a file may differ from one version of Arrow to the next; the hash sees names,
types and values only.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable
from dataclasses import astuple
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.rules.outcomes import OUTCOMES
from sim.steps.columns import Quantity
from sim.study.play.results import Columns, Failure
from sim.study.play.weekly import BINS, Weekly

if TYPE_CHECKING:
    import pyarrow

FAILED, REPLICATES, QUANTITIES = b"failed", b"replicates", b"quantities"


def as_bytes(columns: Columns, failed: Iterable[Failure]) -> bytes:
    """Return columns as the bytes of a Parquet file, with the replicates that failed in its metadata."""
    import pyarrow

    told = [{"replicate": one.replicate, "error": one.error, "traceback": one.traceback} for one in failed]
    table = pyarrow.table({name: pyarrow.array(values) for name, values in columns.items()})
    table = table.replace_schema_metadata({FAILED: json.dumps(told).encode()})
    return packed(table)


def from_bytes(data: bytes) -> tuple[Columns, tuple[Failure, ...]]:
    """Return the columns of a Parquet file, and the replicates that failed."""
    table = unpacked(data)
    columns: Columns = {name: table[name].to_numpy() for name in table.column_names}
    return columns, failures(data)


def failures(data: bytes) -> tuple[Failure, ...]:
    """Return the replicates that failed, from the bytes of a Parquet file."""
    import pyarrow
    from pyarrow import parquet

    told = json.loads((parquet.read_schema(pyarrow.BufferReader(data)).metadata or {}).get(FAILED, b"[]"))
    return tuple(Failure(int(one["replicate"]), one["error"], one["traceback"]) for one in told)


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
    told = json.dumps([astuple(quantity) for quantity in weekly.quantities]).encode()
    return packed(table.replace_schema_metadata({REPLICATES: str(weekly.replicates).encode(), QUANTITIES: told}))


def weekly_from_bytes(data: bytes) -> Weekly:
    """Return the weekly values of a Parquet file."""
    table = unpacked(data)
    quantities = tuple(Quantity(*one) for one in json.loads(table.schema.metadata[QUANTITIES]))
    bins = np.concatenate([chunk.flatten().to_numpy() for chunk in table["bins"].chunks])
    return Weekly(
        quantities,
        int(table.schema.metadata[REPLICATES]),
        table["sum"].to_numpy().reshape(-1, len(quantities)),
        table["square"].to_numpy().reshape(-1, len(quantities)),
        bins.reshape(-1, len(quantities), BINS),
    )


def packed(table: pyarrow.Table) -> bytes:
    """Return a table as the bytes of a Parquet file."""
    from pyarrow import parquet

    sink = io.BytesIO()
    # Values of a simulation hardly ever repeat: dictionaries and statistics only cost time and space.
    parquet.write_table(table, sink, compression="zstd", use_dictionary=False, write_statistics=False)
    return sink.getvalue()


def unpacked(data: bytes) -> pyarrow.Table:
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


def column_bytes(name: str, values: Any) -> bytes:
    """Return what the hash sees of a column: its name and type, the words an outcome stands for, and its values."""
    kind = values.dtype.newbyteorder("<")
    about = ",".join(OUTCOMES) if name == "outcome" else ""
    return f"{name}:{kind.str}:{about};".encode() + np.ascontiguousarray(values, dtype=kind).tobytes()


def weekly_bytes(weekly: Weekly) -> bytes:
    """Return what the hash sees of weekly values: the names of the quantities, and sums and histograms by week."""
    names = ",".join(quantity.name for quantity in weekly.quantities).encode()
    arrays = (weekly.sums.astype("<i8"), weekly.squares.astype("<i8"), weekly.bins.astype("<i4"))
    return b"weekly:" + names + b";" + b"".join(np.ascontiguousarray(one).tobytes() for one in arrays)
