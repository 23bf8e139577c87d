"""Parts: what fixed ranges of replicates gave, as files that are there whole or not at all.

A part holds replicates of one point, all from one block of 2,000. It is a Parquet file, with weekly values in a second
one if they are kept, and a file of checksums beside it, written last: a part without one does not exist. Every file is
written aside, flushed to the disk and renamed.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from sim.errors import SimError

_BLOCK = 2_000
MOST = 2**40
_FOLDER_OF = 1_000
_PAUSES = (0.01, 0.1, 0.5) if sys.platform == "win32" else ()  # seconds
ASIDE = ".aside-"
_COLUMNS, _WEEKLY, _CHECKSUM = ".parquet", ".weekly.parquet", ".sha256"
_NAME = re.compile(r"(?P<point>\d+)-(?P<first>\d+)-(?P<count>\d+)\.sha256")


class _NotWrittenError(SimError):
    """A file that is not written, for what stands in its place."""

    exit_status = 2


class DamagedPartError(SimError):
    """A part whose files are not what its checksums say."""


@dataclass(frozen=True, order=True, slots=True)
class Range:
    """Consecutive replicates of one point, all within one block."""

    point: int
    first: int
    count: int

    @property
    def end(self) -> int:
        """The first replicate after them."""
        return self.first + self.count

    @property
    def stem(self) -> str:
        """The path of the part below the folder of parts, without the endings of its files."""
        return f"{self.point // _FOLDER_OF:03d}/{self.point:06d}-{self.first:09d}-{self.count:04d}"


class PartBytes(NamedTuple):
    """A part as the bytes of its files; `weekly` is empty where it is not kept."""

    range: Range
    columns: bytes
    weekly: bytes


def gaps(point: int, asked: int, present: Iterable[Range]) -> Iterator[Range]:
    """Yield the ranges of a point that are asked for and not present, cut at the ends of blocks."""
    at = 0
    for there in [*sorted(present), Range(point, asked, 0)]:
        while at < min(there.first, asked):
            end = min(there.first, asked, (at // _BLOCK + 1) * _BLOCK)
            yield Range(point, at, end - at)
            at = end
        at = max(at, there.end)


def parts_in(folder: Path) -> list[Range]:
    """Return the parts that exist below a folder of parts, in (point, first replicate) order."""
    names = [_NAME.fullmatch(path.name) for path in folder.glob(f"*/*{_CHECKSUM}")]
    return sorted(Range(int(name["point"]), int(name["first"]), int(name["count"])) for name in names if name)


def write(folder: Path, parts: Iterable[PartBytes]) -> None:
    """Write parts below a folder: their files, then, once these are on the disk, their checksums."""
    parts = list(parts)
    for part in parts:
        place = folder / part.range.stem
        place.parent.mkdir(parents=True, exist_ok=True)
        for ending, data in _files_of(part):
            write_whole(place.with_name(place.name + ending), data)
    sync_folders(folder / part.range.stem for part in parts)
    for part in parts:
        place = folder / part.range.stem
        lines = [f"{hashlib.sha256(data).hexdigest()}  {place.name}{ending}\n" for ending, data in _files_of(part)]
        write_whole(place.with_name(place.name + _CHECKSUM), "".join(lines).encode())
    sync_folders(folder / part.range.stem for part in parts)


def _files_of(part: PartBytes) -> list[tuple[str, bytes]]:
    """Return the ending and the content of each file of a part."""
    return [(_COLUMNS, part.columns), *([(_WEEKLY, part.weekly)] if part.weekly else [])]


def write_whole(path: Path, data: bytes) -> None:
    """Write a file aside, flush it to the disk, and rename it; what is not finished is taken away again."""
    with whole_file(path) as file:
        file.write(data)


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write to, which takes its place when it is finished and on the disk; until then the old one stands.

    Nothing is written through a link, nor in the place of one: what a folder from elsewhere holds leads nowhere.
    """
    _check_replaceable(path)
    aside = path.with_name(f"{ASIDE}{path.name}")
    aside.unlink(missing_ok=True)
    try:
        with aside.open("xb") as file:  # a new file, never one that a link leads to
            yield file
            file.flush()
            os.fsync(file.fileno())
        _rename(aside, path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def _check_replaceable(path: Path) -> None:
    """Raise unless a file can be put at a path: where nothing is, or a plain file."""
    if path.is_symlink():
        raise _NotWrittenError(
            f"{path}: is a link, and nothing is written through a link; remove it, or write elsewhere"
        )
    if path.exists() and not path.is_file():
        raise _NotWrittenError(f"{path}: is no plain file, and is not replaced by one; write elsewhere")


def _rename(aside: Path, path: Path) -> None:
    """Put a file in the place of another; Windows does not while somebody reads the other, so wait a little."""
    for pause in _PAUSES:
        try:
            aside.replace(path)
            return
        except PermissionError:
            time.sleep(pause)
    aside.replace(path)


def sync_folders(paths: Iterable[Path]) -> None:
    """Flush the folders that hold some paths, so that a rename outlives a power cut; Windows opens no folder."""
    for folder in dict.fromkeys(path.parent for path in paths if sys.platform != "win32"):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def read(folder: Path, where: Range) -> PartBytes:
    """Return a part as it was written; raise DamagedPartError if its files are not what its checksums say."""
    place = folder / where.stem
    try:
        lines = place.with_name(place.name + _CHECKSUM).read_text(encoding="ascii").splitlines()
        sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
        data = {name: (place.parent / Path(name).name).read_bytes() for name in sums}
    except (OSError, ValueError) as error:
        raise DamagedPartError(f"{place}: the part is damaged ({type(error).__name__})") from None
    for name, content in data.items():
        if hashlib.sha256(content).hexdigest() != sums[name]:
            raise DamagedPartError(f"{place.with_name(name)}: is not what its checksum says")
    if place.name + _COLUMNS not in data:
        raise DamagedPartError(f"{place}: the part is damaged (its checksums name no columns)")
    return PartBytes(where, data[place.name + _COLUMNS], data.get(place.name + _WEEKLY, b""))


def set_aside(folder: Path, where: Range, into: Path) -> None:
    """Move the files of a part into another folder, its checksums first, so that it ceases to exist."""
    place = folder / where.stem
    into.mkdir(parents=True, exist_ok=True)
    for ending in (_CHECKSUM, _COLUMNS, _WEEKLY):
        file = place.with_name(place.name + ending)
        if file.exists():
            file.replace(into / file.name)


def drop(folder: Path, where: Range) -> None:
    """Take a part away, its checksums first."""
    place = folder / where.stem
    for ending in (_CHECKSUM, _COLUMNS, _WEEKLY):
        place.with_name(place.name + ending).unlink(missing_ok=True)


def clear_aside(folder: Path) -> None:
    """Take away what a writer that was killed left unfinished."""
    for path in folder.rglob(f"{ASIDE}*"):
        path.unlink(missing_ok=True)
