"""What a worker answers, as bytes, and what of it is believed: numbers that a sound worker may give, and nothing else.

An answer is a line of JSON, which names what follows, and the compressed values of columns and weekly values one after
another. How much of it is read hangs on what was asked for alone. The files of a part are made here, of checked values, so
that no byte of an answer is written as it came.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import ScenarioError
from sim.rules.outcomes import OUTCOMES
from sim.scenario.load import Scenario
from sim.steps.columns import Column, Quantity, columns_of, own_columns_of, quantities_of
from sim.study.play.compiled_runs import may_be_missing
from sim.study.play.results import Columns, Failure, Part, as_declared
from sim.study.play.weekly import BINS, Weekly
from sim.study.store.contents import parts_as_bytes
from sim.study.store.parts import PartBytes
from sim.study.sweep.tasks import Job

_MOST_TEXT = 4_000  # characters of an error or a traceback; what is longer is cut by the worker
_ROOM, _ROOM_OF_A_PART = 4_096, 8_192  # bytes of JSON, besides the texts of failures
_ESCAPED = 6  # bytes that a character may take in JSON
_SHARES = ("probability", "0..1", "0 or 1")
_WEEKS = ("week", "weeks")
_ONE = 2**32  # of a share, in weekly sums


class AnswerError(Exception):
    """An answer that is not believed; the message says why."""


class _Block(NamedTuple):
    """Values of one kind as they stand in an answer: a column, or an array of weekly values."""

    name: str
    dtype: np.dtype[Any]
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        """Bytes."""
        return int(self.dtype.itemsize * np.prod(self.shape, dtype=np.int64))


class _Asked(NamedTuple):
    """What one job asks for: its columns and quantities; no scenario where the point makes none."""

    job: Job
    scenario: Scenario | None
    columns: list[Column]
    quantities: tuple[Quantity, ...]

    def blocks(self, rows: int) -> list[_Block]:
        """Return the values that stand in an answer with so many finished replicates, in their order."""
        found = [_Block("replicate", np.dtype("<i8"), (rows,))]
        for column in self.columns:
            dtype = as_declared(column, np.zeros(0)).dtype.newbyteorder("<")
            found.append(_Block(column.name, dtype, (rows,)))
        if self.quantities:
            weeks = (_horizon(self.scenario) + 1, len(self.quantities))
            found += [_Block(name, np.dtype("<i8"), weeks) for name in ("weekly sums", "weekly squares")]
            found.append(_Block("weekly bins", np.dtype("<i4"), (*weeks, BINS)))
        return found


def answer_of(task: Sequence[Job], parts: Sequence[Part], module: str) -> bytes:
    """Return the answer to a task: what its jobs gave, and the hash of the module that played, empty where none did."""
    heads, values = [], []
    for asked, part in zip(_all_asked(task), parts, strict=True):
        where, arrays = asked.job.range, _arrays_of(part)
        blocks = asked.blocks(len(part.columns["replicate"]))
        heads.append(
            {
                "range": [where.point, where.first, where.count],
                "columns": [[block.name, block.dtype.str] for block in blocks],
                "failed": [[one.replicate, one.error[:_MOST_TEXT], one.traceback[:_MOST_TEXT]] for one in part.failed],
            }
        )
        values += [np.ascontiguousarray(arrays[block.name], dtype=block.dtype).tobytes() for block in blocks]
    data = b"".join(values)
    head = json.dumps({"module": module, "sum": zlib.crc32(data), "parts": heads})
    return head.encode() + b"\n" + _packed(data)


def _packed(data: bytes) -> bytes:
    """Return values compressed."""
    import pyarrow

    packed: bytes = pyarrow.compress(data, codec="zstd", asbytes=True)
    return packed


def refusing_answer(error: Exception) -> bytes:
    """Return the answer of a worker that cannot play a task."""
    line = " ".join(f"{type(error).__name__}: {error}".split())
    return json.dumps({"error": line[:_MOST_TEXT]}).encode() + b"\n"


def parts_of(answer: object, task: Sequence[Job], module: str) -> list[PartBytes]:
    """Return the parts that an answer to a task gives; raise AnswerError where it is not what a sound worker may give."""
    if not isinstance(answer, bytes):
        raise AnswerError(f"it answers with {type(answer).__name__}, not with bytes")
    asked = list(_all_asked(task))
    most = _ROOM + sum(_most_bytes(one) for one in asked)
    if len(answer) > most:
        raise AnswerError(f"its answer has {len(answer):,} bytes, {most:,} at most were asked for")
    head, _, packed = answer.partition(b"\n")
    told = _head_of(head)
    if told.get("module") != module:
        raise AnswerError("it played another module than the one it was sent")
    listed = told.get("parts")
    if not isinstance(listed, list) or len(listed) != len(asked):
        raise AnswerError(f"it does not answer {len(asked)} ranges, which were asked for")
    failed = [_failed_of(one, of_it) for one, of_it in zip(asked, listed, strict=True)]
    blocks = [one.blocks(one.job.range.count - len(lost)) for one, lost in zip(asked, failed, strict=True)]
    for wanted, of_it in zip(blocks, listed, strict=True):
        _check_names(wanted, of_it)
    values = iter(_values_of(packed, told.get("sum"), [block for wanted in blocks for block in wanted]))
    arrays = [{block.name: next(values) for block in wanted} for wanted in blocks]
    parts = [_part_of(*given) for given in zip(asked, arrays, failed, strict=True)]
    return parts_as_bytes([(one.job.range, part) for one, part in zip(asked, parts, strict=True)], task[0].origin)


def _all_asked(task: Sequence[Job]) -> Iterator[_Asked]:
    """Yield what each job of a task asks for."""
    bases: dict[int, Scenario] = {}  # jobs of a task share what is stored of their scenarios
    for job in task:
        if id(job.scenario) not in bases:
            bases[id(job.scenario)] = Scenario.from_dict(job.scenario)
        try:
            scenario = bases[id(job.scenario)].with_values(job.sets)
        except ScenarioError:
            yield _Asked(job, None, [], ())
            continue
        columns = [column for column in columns_of(scenario) if not job.kept or column.name in job.kept]
        yield _Asked(job, scenario, columns, tuple(quantities_of(scenario)) if job.weekly else ())


def _most_bytes(asked: _Asked) -> int:
    """Return the most bytes that an answer to one job has: as if all replicates were finished, and all had failed too."""
    values = sum(block.size for block in asked.blocks(asked.job.range.count))
    texts = asked.job.range.count * 2 * (_MOST_TEXT * _ESCAPED + 16)
    return _ROOM_OF_A_PART + 64 * len(asked.columns) + values + values // 1000 + texts


def _head_of(head: bytes) -> dict[str, Any]:
    """Return the first line of an answer; raise what it says if it is an error."""
    try:
        told = json.loads(head)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise AnswerError("its answer cannot be read")
    error = told.get("error")
    if error is not None:
        text = " ".join(str(error)[:_MOST_TEXT].split())
        raise AnswerError(f"it cannot play: {text if text.isprintable() else ascii(text)}")
    return told


def _failed_of(asked: _Asked, told: Any) -> tuple[Failure, ...]:
    """Return the replicates that an answer says have failed, if it is one to the range that was asked for."""
    where = asked.job.range
    if not isinstance(told, dict) or told.get("range") != [where.point, where.first, where.count]:
        raise AnswerError(f"it answers another range than {_words(asked)}")
    failed, rows = [], told.get("failed")
    for row in rows if isinstance(rows, list) else [None]:
        if not isinstance(row, list) or [type(field) for field in row] != [int, str, str]:
            raise AnswerError(f"{_words(asked)}: what failed is not told in numbers and texts")
        if max(len(row[1]), len(row[2])) > _MOST_TEXT:
            raise AnswerError(f"{_words(asked)}: the text of a failure is longer than {_MOST_TEXT:,} letters")
        failed.append(Failure(*row))
    numbers = [failure.replicate for failure in failed]
    if numbers != sorted(set(numbers)) or (numbers and not where.first <= numbers[0] <= numbers[-1] < where.end):
        raise AnswerError(f"{_words(asked)}: replicates failed that were not asked for, or twice")
    if asked.scenario is None and len(failed) != where.count:
        raise AnswerError(f"{_words(asked)}: the point makes no scenario, and yet it was played")
    return tuple(failed)


def _check_names(wanted: Sequence[_Block], told: Mapping[str, Any]) -> None:
    """Raise unless an answer names the columns that were asked for, with their types."""
    if told.get("columns") != [[block.name, block.dtype.str] for block in wanted]:
        raise AnswerError("its columns have other names or types than those that were asked for")


def _values_of(packed: bytes, checksum: Any, blocks: Sequence[_Block]) -> Iterator[NDArray[Any]]:
    """Yield the values of blocks; raise unless there are exactly as many bytes as they have."""
    import pyarrow

    size = sum(block.size for block in blocks)
    try:
        data = pyarrow.decompress(packed, decompressed_size=size, codec="zstd", asbytes=True)
    except (OSError, ValueError):
        raise AnswerError("its values cannot be read, or are not as many as were asked for") from None
    if zlib.crc32(data) != checksum:
        raise AnswerError("its values changed on the way")
    at = 0
    for block in blocks:
        yield np.frombuffer(data, block.dtype, int(np.prod(block.shape)), at).reshape(block.shape)
        at += block.size


def _part_of(asked: _Asked, arrays: Mapping[str, NDArray[Any]], failed: tuple[Failure, ...]) -> Part:
    """Return the part that values give; raise AnswerError where one lies where no sound worker's would."""
    where = asked.job.range
    lost = {failure.replicate for failure in failed}
    if arrays["replicate"].tolist() != [number for number in range(where.first, where.end) if number not in lost]:
        raise AnswerError(f"{_words(asked)}: its replicates are not those that were asked for")
    columns: Columns = {"replicate": arrays["replicate"].astype(np.int64)}
    own = {column.name for column in own_columns_of(asked.scenario)} if asked.scenario else set()
    for column in asked.columns:
        values = arrays[column.name]
        if column.name not in own:
            _check_values(asked, column, values)
        columns[column.name] = as_declared(column, values)
    return Part(columns, failed, _weekly_of(asked, arrays) if asked.quantities else None)


def _check_values(asked: _Asked, column: Column, values: NDArray[Any]) -> None:
    """Raise unless the values of one of our columns lie in the range of its kind."""
    if column.kind == "number":
        missing = np.isnan(values)
        if missing.any() and not may_be_missing(column):
            raise AnswerError(f"{_words(asked)}: values of {column.name} are missing")
        values = values[~missing]
    low, high = limits_of(column, asked.scenario)
    if not (np.isfinite(values) & (values >= low) & (values <= high)).all():
        raise AnswerError(f"{_words(asked)}: values of {column.name} lie outside {low:g}..{high:g}")
    if column.unit in _WEEKS and (values != np.floor(values)).any():
        raise AnswerError(f"{_words(asked)}: values of {column.name} are no whole weeks")


def limits_of(column: Column, scenario: Scenario | None) -> tuple[float, float]:
    """Return the least and the largest value of a column that can be."""
    if column.kind == "category":
        return 0, len(OUTCOMES) - 1
    if column.kind == "count":
        return 0, np.inf
    if column.unit in _WEEKS:
        return 1, _horizon(scenario) + _followed_for(scenario, column)
    return (0, 1) if column.unit in _SHARES else (-np.inf, np.inf)


def _followed_for(scenario: Scenario | None, column: Column) -> int:
    """Return how many weeks past the horizon a column may lie: of a success, where agreements are followed."""
    if scenario is None or column.name != "weeks_to_success":
        return 0
    return max(era.world.agreement.hold_weeks * era.world.agreement.followed for era in scenario.eras)


def _horizon(scenario: Scenario | None) -> int:
    """Return the last week of a scenario."""
    return int(scenario.eras[0].world.weeks) if scenario else 0


def _weekly_of(asked: _Asked, arrays: Mapping[str, NDArray[Any]]) -> Weekly:
    """Return weekly values whose histograms hold each finished replicate once in every week."""
    rows, bins = len(arrays["replicate"]), arrays["weekly bins"]
    if (bins < 0).any() or (bins.sum(axis=2, dtype=np.int64) != rows).any():
        raise AnswerError(f"{_words(asked)}: its weeks do not hold each replicate once")
    shares = [quantity.unit in _SHARES and (quantity.low, quantity.high) == (0, 1) for quantity in asked.quantities]
    for name in ("weekly sums", "weekly squares"):
        sums = arrays[name][:, shares]
        if (sums < 0).any() or (sums > rows * _ONE).any():
            raise AnswerError(f"{_words(asked)}: {name} lie outside what {rows:,} replicates can give")
    sums, squares = (arrays[name].astype(np.int64) for name in ("weekly sums", "weekly squares"))
    return Weekly(asked.quantities, rows, sums, squares, bins.astype(np.int32))


def _arrays_of(part: Part) -> dict[str, NDArray[Any]]:
    """Return the arrays of a part by the names of their blocks."""
    weekly = part.weekly
    if weekly is None:
        return dict(part.columns)
    return part.columns | {
        "weekly sums": weekly.sums, "weekly squares": weekly.squares, "weekly bins": weekly.bins
    }  # fmt: skip


def _words(asked: _Asked) -> str:
    """Return which replicates of which point a job asks for."""
    where = asked.job.range
    return f"{asked.job.name}, replicates {where.first}..{where.end - 1}"
