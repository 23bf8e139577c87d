"""What the files of a part hold, as bytes and back: columns, failures, weekly values; and what their hash sees.

Arrow's Parquet throughout. The framing of a file may differ from one version of Arrow to the next; the hash sees names,
types and values only. Each file says in its metadata, under `part`, which results it belongs to and which replicates it
holds, and is refused where that is not what its place says.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.rules.outcomes import OUTCOMES
from sim.steps.columns import Quantity
from sim.study.play.results import Columns, Failure, Part, merged_columns
from sim.study.play.weekly import BINS, Weekly
from sim.study.store.parts import DamagedPartError, PartBytes, Range, stem_of

if TYPE_CHECKING:
    import pyarrow

_PART, _FAILED, _QUANTITIES = b"part", b"failed", b"quantities"
FULL = 1_000  # replicates from which on a part is not filled with further points
Held = Mapping[Range, Part]


class Origin(NamedTuple):
    """What replicates come from: two folders of the same origin hold the same replicates under the same numbers."""

    format: int
    inputs_sha256: str
    model_version: str
    seed: int


class _About(NamedTuple):
    """What a file says of itself: where it comes from, which replicates it holds, and how many of each were finished."""

    origin: Origin
    ranges: tuple[Range, ...]
    finished: tuple[int, ...]


def parts_as_bytes(played: Iterable[tuple[Range, Part]], origin: Origin) -> list[PartBytes]:
    """Return what was played as the bytes of files: of points that have few replicates, and the same columns, in one."""
    filling: dict[tuple[Any, ...], Filling] = {}
    full = []
    for where, part in sorted(played, key=lambda one: one[0]):
        kind = kind_of(part)
        held = filling.setdefault(kind, Filling([]))
        held.add(where, part)
        if held.is_full:
            full.append(filling.pop(kind))
    return [_as_bytes(held.parts, origin) for held in [*full, *filling.values()]]


def kind_of(part: Part) -> tuple[Any, ...]:
    """Return what parts share that can be kept in one file: names and types of columns, and what is followed by week."""
    columns = (*part.columns, *(values.dtype for values in part.columns.values()))
    return columns if part.weekly is None else (*columns, part.weekly.quantities, len(part.weekly.sums))


@dataclass
class Filling:
    """Parts that go into one file, and how many replicates they are about."""

    parts: list[tuple[Range, Part]]
    replicates: int = 0

    def add(self, where: Range, part: Part) -> None:
        """Add a part."""
        self.parts.append((where, part))
        self.replicates += where.count

    @property
    def is_full(self) -> bool:
        """Whether no further points are added."""
        return self.replicates >= FULL


def kept_columns(part: Part, kept: Collection[str]) -> Part:
    """Return a part with the numbers of its replicates and the columns that are kept, all where none are named."""
    columns = {name: values for name, values in part.columns.items() if not kept or name in ("replicate", *kept)}
    return part._replace(columns=columns)


def _as_bytes(held: Sequence[tuple[Range, Part]], origin: Origin) -> PartBytes:
    """Return parts of one kind as the bytes of one file, or of two where weekly values are kept."""
    ranges, parts = tuple(where for where, _ in held), [part for _, part in held]
    finished = tuple(len(part.columns["replicate"]) for part in parts)
    about = _about_bytes(_About(origin, ranges, finished))
    failed = [
        [where.point, failure.replicate, failure.error, failure.traceback]
        for where, part in held
        for failure in part.failed
    ]
    columns = merged_columns([part.columns for part in parts])
    columns_file = _columns_as_bytes(columns, {_PART: about, _FAILED: json.dumps(failed).encode()})
    weeks = [part.weekly for part in parts if part.weekly is not None]
    return PartBytes(ranges, columns_file, _weekly_as_bytes(weeks, about) if weeks else b"")


def _about_bytes(about: _About) -> bytes:
    """Return what a file says of itself as the bytes of its metadata."""
    each = zip(about.ranges, about.finished, strict=True)
    ranges = [[where.point, where.first, where.count, finished] for where, finished in each]
    return json.dumps({**about.origin._asdict(), "ranges": ranges}).encode()


def _about_from(metadata: Mapping[bytes, bytes]) -> _About:
    """Return what a file says of itself, from its metadata."""
    about = json.loads(metadata[_PART])
    rows = [[int(number) for number in row] for row in about["ranges"]]
    origin = Origin(*(about[name] for name in Origin._fields))
    return _About(origin, tuple(Range(*row[:3]) for row in rows), tuple(row[3] for row in rows))


def ranges_in(data: bytes) -> tuple[Range, ...]:
    """Return which replicates a file of columns says it holds; raise ValueError where it says nothing."""
    import pyarrow
    from pyarrow import parquet

    try:
        return _about_from(parquet.read_schema(pyarrow.BufferReader(data)).metadata or {}).ranges
    except (pyarrow.ArrowException, OSError, KeyError, TypeError, IndexError) as error:
        raise ValueError(f"{type(error).__name__}") from None


def held_in(columns: bytes, weekly: bytes, origin: Origin, stem: str) -> Held:
    """Return what the files of a part hold, by range; raise DamagedPartError where it is not what their place says.

    stem   the path of the part, which says its ranges
    """
    import pyarrow

    try:
        table = _read_table(columns)
        about = _checked_about(table, origin, stem)
        weeks = _weeks_from(_read_table(weekly), about, origin, stem) if weekly else itertools.repeat(None)
        values = {name: table[name].to_numpy() for name in table.column_names}
        failed: dict[int, list[Failure]] = {}
        for point, number, error, trace in json.loads(table.schema.metadata[_FAILED]):
            failed.setdefault(point, []).append(Failure(int(number), str(error), str(trace)))
        return dict(_cut(values, failed, weeks, about))
    except (pyarrow.ArrowException, OSError, KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise DamagedPartError(f"is no part of results ({type(error).__name__})") from None


def _checked_about(table: pyarrow.Table, origin: Origin, stem: str) -> _About:
    """Return what a file says of itself, if that is what its place says."""
    about = _about_from(table.schema.metadata or {})
    for name, made, here in zip(Origin._fields, about.origin, origin, strict=True):
        if made != here:
            short = [
                f"{value:.12}" if isinstance(value, str) and name != "model_version" else value
                for value in (made, here)
            ]
            raise DamagedPartError(f"comes from other results ({name} {short[0]}, in this folder {short[1]})")
    if stem_of(about.ranges) != stem:
        raise DamagedPartError(f"holds other replicates than its name says ({stem_of(about.ranges)})")
    return about


def _cut(
    values: Columns, failed: Mapping[int, Sequence[Failure]], weeks: Iterable[Weekly | None], about: _About
) -> Iterator[tuple[Range, Part]]:
    """Yield what a file holds range by range; raise where replicates are missing, twice there, or not its own."""
    at, whole = 0, not failed and _are_all_whole(values["replicate"], about)
    for where, finished, weekly in zip(about.ranges, about.finished, weeks, strict=False):
        columns = {name: column[at : at + finished] for name, column in values.items()}
        lost = tuple(one for one in failed.get(where.point, ()) if where.first <= one.replicate < where.end)
        if not whole and not _is_whole(where, columns["replicate"], lost):
            told = f"does not hold the replicates {where.first} to {where.end - 1} of point {where.point}"
            raise DamagedPartError(told)
        yield where, Part(columns, lost, weekly)
        at += finished
    if at != len(values["replicate"]):
        raise DamagedPartError("holds more replicates than it says")


def _are_all_whole(finished: NDArray[np.int64], about: _About) -> bool:
    """Return whether all replicates of all ranges finished, and are there in their order: found at once for many ranges."""
    wanted = [np.arange(where.first, where.end) for where in about.ranges]
    return tuple(map(len, wanted)) == about.finished and np.array_equal(finished, np.concatenate(wanted))


def _is_whole(where: Range, finished: NDArray[np.int64], failed: Sequence[Failure]) -> bool:
    """Return whether replicates that finished, in their order, and those that failed are each of a range once."""
    wanted = np.arange(where.first, where.end)
    if not failed:
        return np.array_equal(finished, wanted)
    numbers = np.sort(np.concatenate([finished, [one.replicate for one in failed]]))
    return np.array_equal(numbers, wanted) and bool((np.diff(finished) > 0).all())


def _columns_as_bytes(columns: Columns, metadata: Mapping[bytes, bytes]) -> bytes:
    """Return columns as the bytes of a Parquet file."""
    import pyarrow

    table = pyarrow.table({name: pyarrow.array(values) for name, values in columns.items()})
    return _parquet_bytes(table.replace_schema_metadata(dict(metadata)))


def _weekly_as_bytes(weeks: Sequence[Weekly], about: bytes) -> bytes:
    """Return weekly values as the bytes of a Parquet file with a row for each range, week and quantity."""
    import pyarrow

    length, count = weeks[0].sums.shape
    names = [quantity.name for quantity in weeks[0].quantities]
    numbers = np.repeat(np.arange(length, dtype=np.int32), count)
    sums, squares, bins = (
        np.concatenate([one.reshape(-1) for one in each])
        for each in zip(*((weekly.sums, weekly.squares, weekly.bins) for weekly in weeks), strict=True)
    )
    table = pyarrow.table(
        {
            "week": pyarrow.array(np.tile(numbers, len(weeks))),
            "quantity": pyarrow.array(names * (length * len(weeks))),
            "sum": pyarrow.array(sums),
            "square": pyarrow.array(squares),
            "bins": pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(bins), BINS),
        }
    )
    quantities = json.dumps([astuple(quantity) for quantity in weeks[0].quantities]).encode()
    return _parquet_bytes(table.replace_schema_metadata({_PART: about, _QUANTITIES: quantities}))


def _weeks_from(table: pyarrow.Table, columns: _About, origin: Origin, stem: str) -> list[Weekly]:
    """Return the weekly values of a Parquet file, range by range; they must be those of its columns."""
    if _checked_about(table, origin, stem) != columns:
        raise DamagedPartError("has weekly values of other replicates than its columns")
    quantities = tuple(Quantity(*fields) for fields in json.loads(table.schema.metadata[_QUANTITIES]))
    bins = np.concatenate([chunk.flatten().to_numpy() for chunk in table["bins"].chunks])
    shape = (len(columns.ranges), -1, len(quantities))
    sums, squares = (table[name].to_numpy().reshape(shape) for name in ("sum", "square"))
    each = zip(columns.finished, sums, squares, bins.reshape(*shape, BINS), strict=True)
    return [Weekly(quantities, *one) for one in each]


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


def column_bytes(name: str, values: Any, outcomes: tuple[str, ...] = OUTCOMES) -> bytes:
    """Return what the hash sees of a column: its name and type, the words that codes of outcomes stand for, its values."""
    kind, head = _column_head(name, values.dtype, outcomes)
    return head + np.ascontiguousarray(values, dtype=kind).tobytes()


@cache
def _column_head(name: str, kind: np.dtype[Any], outcomes: tuple[str, ...]) -> tuple[np.dtype[Any], bytes]:
    """Return how the values of a column are written for the hash, and what stands before them."""
    little = kind.newbyteorder("<")
    about = ",".join(outcomes) if name == "outcome" else ""
    return little, f"{name}:{little.str}:{about};".encode()


def weekly_bytes(weekly: Weekly) -> bytes:
    """Return what the hash sees of weekly values: the names of the quantities, and sums and histograms by week."""
    names = ",".join(quantity.name for quantity in weekly.quantities).encode()
    arrays = (weekly.sums.astype("<i8"), weekly.squares.astype("<i8"), weekly.bins.astype("<i4"))
    return b"weekly:" + names + b";" + b"".join(np.ascontiguousarray(array).tobytes() for array in arrays)
