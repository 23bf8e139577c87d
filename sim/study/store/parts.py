"""Parts: what fixed ranges of replicates gave, as files that are there whole or not at all.

A part holds replicates of one point, all from one block of 2,000; where points have few, it holds those of many points that
have the same columns. It is a Parquet file, with weekly values in a second one if they are kept, and a file of checksums
beside it, written last: a part without one does not exist. Every file is written aside, flushed to the disk and renamed. No
link is followed.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import stat
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from sim.errors import SimError
from sim.study.store import file_locks

_BLOCK = 2_000
MOST = 2**40
_FOLDER_OF = 1_000
_PAUSES = (0.01, 0.1, 0.5) if sys.platform == "win32" else ()  # seconds
_LACKING = (errno.EMFILE, errno.ENFILE, errno.ENOMEM)  # the system's fault, and no part's
_PLAINLY = os.O_RDONLY | file_locks.OPENED
ASIDE = ".aside-"
_COLUMNS, _WEEKLY, _CHECKSUM = ".parquet", ".weekly.parquet", ".sha256"
_ENDINGS = (_CHECKSUM, _COLUMNS, _WEEKLY)
_OF_ONE = re.compile(r"[0-9]{3,}/(?P<point>[0-9]{6,})-(?P<first>[0-9]{9,})-(?P<count>[0-9]{4,})")
_OF_SEVERAL = re.compile(r"[0-9]{3,}/[0-9]{6,}-to-[0-9]{6,}-[0-9a-f]{12}")


class _NotWrittenError(SimError):
    """A file that is not written, for what stands in its place."""

    exit_status = 2


class DamagedPartError(SimError):
    """A part whose files are not what its checksums, its place or its folder say."""


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
    def is_possible(self) -> bool:
        """Whether it has replicates, all within one block."""
        return 0 <= self.first < self.end <= (self.first // _BLOCK + 1) * _BLOCK

    @property
    def stem(self) -> str:
        """The path, below the folder of parts and without the endings of its files, of a part that holds them alone."""
        return f"{self.point // _FOLDER_OF:03d}/{self.point:06d}-{self.first:09d}-{self.count:04d}"


class PartBytes(NamedTuple):
    """A part as the bytes of its files; `weekly` is empty where it is not kept."""

    ranges: tuple[Range, ...]
    columns: bytes
    weekly: bytes

    @property
    def stem(self) -> str:
        """The path of the part below the folder of parts, without the endings of its files."""
        return stem_of(self.ranges)

    @property
    def replicates(self) -> int:
        """How many replicates it is about, those that failed among them."""
        return sum(where.count for where in self.ranges)


class Listing(NamedTuple):
    """What a folder of parts holds by name: parts, files of parts without checksums, and whatever else lies there."""

    stems: list[str]
    unfinished: list[Path]
    strange: list[Path]


def stem_of(ranges: tuple[Range, ...]) -> str:
    """Return the path of the part that holds some ranges; of several it names the points it begins and ends with."""
    if len(ranges) == 1:
        return ranges[0].stem
    first, last = ranges[0].point, ranges[-1].point
    held = ",".join(f"{where.point}-{where.first}-{where.count}" for where in ranges)
    digest = hashlib.sha256(held.encode()).hexdigest()[:12]
    return f"{first // _FOLDER_OF:03d}/{first:06d}-to-{last:06d}-{digest}"


def range_named(stem: str) -> Range | None:
    """Return the range that a part holds alone, by its path; None for a part of several."""
    name = _OF_ONE.fullmatch(stem)
    return name and Range(int(name["point"]), int(name["first"]), int(name["count"]))


def gaps(point: int, asked: int, present: Iterable[Range]) -> Iterator[Range]:
    """Yield the ranges of a point that are asked for and not present, cut at the ends of blocks."""
    at = 0
    for there in [*sorted(present), Range(point, asked, 0)]:
        while at < min(there.first, asked):
            end = min(there.first, asked, (at // _BLOCK + 1) * _BLOCK)
            yield Range(point, at, end - at)
            at = end
        at = max(at, there.end)


def listing(folder: Path) -> Listing:
    """Return what lies below a folder of parts, in the order of names."""
    if folder.is_symlink() or not folder.is_dir():
        return Listing([], [], [folder] if os.path.lexists(folder) else [])
    strange, files = [], []
    for place in _entries(folder):
        if place.is_dir(follow_symlinks=False):
            files += [(f"{place.name}/{file.name.partition('.')[0]}", file) for file in _entries(place.path)]
        else:
            strange.append(Path(place.path))
    named = [
        (stem, file) for stem, file in files if file.is_file(follow_symlinks=False) and _is_of_part(stem, file.name)
    ]
    stems = [stem for stem, file in named if file.name.endswith(_CHECKSUM)]
    there, known = set(stems), {file.path for _, file in named}
    strange += [Path(file.path) for _, file in files if file.path not in known and not file.name.startswith(ASIDE)]
    return Listing(stems, [Path(file.path) for stem, file in named if stem not in there], strange)


def _entries(folder: Path | str) -> list[os.DirEntry[str]]:
    """Return what lies in a folder, by name."""
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def _is_of_part(stem: str, name: str) -> bool:
    """Return whether a file has the name of a file of a part with this path."""
    where = range_named(stem)
    known = where.stem == stem if where else _OF_SEVERAL.fullmatch(stem)
    return bool(known) and name.removeprefix(Path(stem).name) in _ENDINGS


def write(folder: Path, parts: Iterable[PartBytes]) -> None:
    """Write parts below a folder: their files, then, once these are on the disk, their checksums."""
    parts = list(parts)
    for part in parts:
        place = folder / part.stem
        _check_no_link(place.parent, folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        for ending, data in _files_of(part):
            write_whole(place.with_name(place.name + ending), data)
    sync_folders(folder / part.stem for part in parts)
    for part in parts:
        place = folder / part.stem
        lines = [f"{hashlib.sha256(data).hexdigest()}  {place.name}{ending}\n" for ending, data in _files_of(part)]
        write_whole(place.with_name(place.name + _CHECKSUM), "".join(lines).encode())
    sync_folders(folder / part.stem for part in parts)


def _check_no_link(*places: Path) -> None:
    """Raise where a folder is a link: nothing is written beyond a result folder."""
    for place in places:
        if place.is_symlink():
            raise SimError(f"{place}: is a link, through which nothing is written; put a folder in its place")


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


def read(folder: Path, stem: str) -> tuple[bytes, bytes]:
    """Return columns and weekly values of a part; raise DamagedPartError if its files are not what its checksums say."""
    place = folder / stem
    try:
        lines = read_file(place.with_name(place.name + _CHECKSUM)).decode("ascii").splitlines()
        sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
        if [*sums] not in ([place.name + _COLUMNS], [place.name + _COLUMNS, place.name + _WEEKLY]):
            raise DamagedPartError(f"{place}{_CHECKSUM}: the part is damaged (it names other files)")
        data = {name: read_file(place.with_name(name)) for name in sums}
    except (OSError, ValueError) as error:
        if getattr(error, "errno", None) in _LACKING:
            raise
        raise DamagedPartError(f"{place}: the part is damaged ({type(error).__name__})") from None
    for name, content in data.items():
        if hashlib.sha256(content).hexdigest() != sums[name]:
            raise DamagedPartError(f"{place.with_name(name)}: is not what its checksum says")
    return data[place.name + _COLUMNS], data.get(place.name + _WEEKLY, b"")


def read_file(path: Path) -> bytes:
    """Return the bytes of a plain file; raise OSError where that is a link, a pipe or a folder."""
    with os.fdopen(os.open(path, _PLAINLY), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "is no plain file", str(path))
        return file.read()


def set_aside(folder: Path, stem: str, into: Path) -> None:
    """Move the files of a part into another folder, its checksums first, so that it ceases to exist."""
    place = folder / stem
    _check_no_link(into)
    into.mkdir(parents=True, exist_ok=True)
    for ending in _ENDINGS:
        file = place.with_name(place.name + ending)
        if os.path.lexists(file):
            file.replace(into / file.name)


def drop(folder: Path, stem: str) -> None:
    """Take a part away, its checksums first."""
    place = folder / stem
    for ending in _ENDINGS:
        place.with_name(place.name + ending).unlink(missing_ok=True)


def clear_aside(folder: Path) -> None:
    """Take away what a writer that was killed left unfinished."""
    for path in folder.rglob(f"{ASIDE}*"):
        path.unlink(missing_ok=True)
