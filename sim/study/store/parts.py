"""Parts: what fixed ranges of replicates gave, as files that are there whole or not at all.

A part holds replicates of one point, all from one block of 2,000. It is a Parquet file, with weekly values in a second
one if they are kept, and a file of checksums beside it, written last: a part without one does not exist. Every file is
written aside, flushed to the disk and renamed.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sim.errors import SimError

BLOCK = 2_000
MOST = 2**40
FOLDER_OF = 1_000
ASIDE = ".aside-"
COLUMNS, WEEKLY, CHECKSUM = ".parquet", ".weekly.parquet", ".sha256"
NAME = re.compile(r"(?P<point>\d+)-(?P<first>\d+)-(?P<count>\d+)\.sha256")


class DamagedPartError(SimError):
    """A part whose files are not what its checksums say."""


@dataclass(frozen=True, order=True, slots=True)
class Range:
    """Consecutive replicates of one point, all within one block."""

    point: int
    first: int
    count: int

    @property
    def stem(self) -> str:
        """The path of the part below the folder of parts, without the endings of its files."""
        return f"{self.point // FOLDER_OF:03d}/{self.point:06d}-{self.first:09d}-{self.count:04d}"


class Played(NamedTuple):
    """What a range of replicates gave, as the bytes of its files; `weekly` is empty where it is not kept."""

    range: Range
    columns: bytes
    weekly: bytes


def gaps(point: int, asked: int, present: Iterable[Range]) -> Iterator[Range]:
    """Yield the ranges of a point that are asked for and not present, cut at the ends of blocks."""
    at = 0
    for one in [*sorted(present), Range(point, asked, 0)]:
        while at < min(one.first, asked):
            end = min(one.first, asked, (at // BLOCK + 1) * BLOCK)
            yield Range(point, at, end - at)
            at = end
        at = max(at, one.first + one.count)


def present(folder: Path) -> list[Range]:
    """Return the parts that exist below a folder of parts, in (point, first replicate) order."""
    found = [NAME.fullmatch(path.name) for path in folder.glob(f"*/*{CHECKSUM}")]
    return sorted(Range(int(one["point"]), int(one["first"]), int(one["count"])) for one in found if one)


def write(folder: Path, parts: Iterable[Played]) -> None:
    """Write parts below a folder: their files, then, once these are on the disk, their checksums."""
    parts = list(parts)
    for part in parts:
        place = folder / part.range.stem
        place.parent.mkdir(parents=True, exist_ok=True)
        for ending, data in files_of(part):
            write_whole(place.with_name(place.name + ending), data)
    sync_folders(folder / part.range.stem for part in parts)
    for part in parts:
        place = folder / part.range.stem
        lines = [f"{hashlib.sha256(data).hexdigest()}  {place.name}{ending}\n" for ending, data in files_of(part)]
        write_whole(place.with_name(place.name + CHECKSUM), "".join(lines).encode())
    sync_folders(folder / part.range.stem for part in parts)


def files_of(part: Played) -> list[tuple[str, bytes]]:
    """Return the ending and the content of each file of a part."""
    return [(COLUMNS, part.columns), *([(WEEKLY, part.weekly)] if part.weekly else [])]


def write_whole(path: Path, data: bytes) -> None:
    """Write a file aside, flush it to the disk, and rename it; what is not finished is taken away again."""
    aside = path.with_name(f"{ASIDE}{path.name}")
    try:
        with aside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def sync_folders(paths: Iterable[Path]) -> None:
    """Flush the folders that hold some paths, so that a rename outlives a power cut."""
    for folder in dict.fromkeys(path.parent for path in paths):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def read(folder: Path, one: Range) -> Played:
    """Return a part as it was written; raise DamagedPartError if its files are not what its checksums say."""
    place = folder / one.stem
    try:
        lines = place.with_name(place.name + CHECKSUM).read_text(encoding="ascii").splitlines()
        sums = {name: told for told, _, name in (line.partition("  ") for line in lines)}
        data = {name: (place.parent / Path(name).name).read_bytes() for name in sums}
    except (OSError, ValueError) as error:
        raise DamagedPartError(f"{place}: the part is damaged ({type(error).__name__})") from None
    for name, content in data.items():
        if hashlib.sha256(content).hexdigest() != sums[name]:
            raise DamagedPartError(f"{place.with_name(name)}: is not what its checksum says")
    if place.name + COLUMNS not in data:
        raise DamagedPartError(f"{place}: the part is damaged (its checksums name no columns)")
    return Played(one, data[place.name + COLUMNS], data.get(place.name + WEEKLY, b""))


def set_aside(folder: Path, one: Range, into: Path) -> None:
    """Move the files of a part into another folder, its checksums first, so that it ceases to exist."""
    place = folder / one.stem
    into.mkdir(parents=True, exist_ok=True)
    for ending in (CHECKSUM, COLUMNS, WEEKLY):
        file = place.with_name(place.name + ending)
        if file.exists():
            file.replace(into / file.name)


def drop(folder: Path, one: Range) -> None:
    """Take a part away, its checksums first."""
    place = folder / one.stem
    for ending in (CHECKSUM, COLUMNS, WEEKLY):
        place.with_name(place.name + ending).unlink(missing_ok=True)


def clear_aside(folder: Path) -> None:
    """Take away what a writer that was killed left unfinished."""
    for path in folder.rglob(f"{ASIDE}*"):
        path.unlink(missing_ok=True)
