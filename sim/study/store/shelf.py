"""The parts of a result folder: which are there, what each holds, and which are not what their place says."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from sim.study.play.results import Part
from sim.study.store import contents, parts
from sim.study.store.contents import Held, Origin
from sim.study.store.parts import DamagedPartError, PartBytes, Range

_OPEN = 64  # parts of several points that are held in memory, so that reading point after point reads none twice


class _Found(NamedTuple):
    """What lies in the folder of parts: sound names with what they stand for, damaged ones, and what is no part."""

    sound: dict[str, tuple[Range, ...]]
    damaged: dict[str, DamagedPartError]
    strange: list[Path]
    unfinished: list[Path]


@dataclass(eq=False)
class Shelf:
    """The parts of a result folder.

    path     the folder of the parts
    origin   what they must come from
    points   how many points the design has
    """

    path: Path
    origin: Origin
    points: int

    @cached_property
    def _found(self) -> _Found:
        """What lies there, by names and metadata; read once."""
        listing = parts.listing(self.path)
        found = _Found({}, {}, listing.strange, listing.unfinished)
        for stem in listing.stems:
            try:
                found.sound[stem] = self._ranges_of(stem)
            except DamagedPartError as error:
                found.damaged[stem] = error
        for stem, other in [*_overlaps(found.sound)]:
            del found.sound[stem]
            found.damaged[stem] = DamagedPartError(f"{self.path / stem}: holds replicates that {other} holds too")
        return found

    def _ranges_of(self, stem: str) -> tuple[Range, ...]:
        """Return what a part stands for: one range by its name, several by its metadata."""
        where = parts.range_named(stem)
        try:
            ranges = (where,) if where else contents.ranges_in(parts.read(self.path, stem)[0])
        except ValueError as error:
            raise DamagedPartError(f"{self.path / stem}: the part is damaged ({error})") from None
        if not where and (not ranges or parts.stem_of(ranges) != stem):
            raise DamagedPartError(f"{self.path / stem}: holds other replicates than its name says")
        if any(one.point >= self.points for one in ranges):
            raise DamagedPartError(f"{self.path / stem}: holds a point that the design has not")
        if not all(one.is_possible for one in ranges):
            raise DamagedPartError(f"{self.path / stem}: holds no replicates, or those of more than one block")
        return ranges

    @cached_property
    def present(self) -> dict[int, list[Range]]:
        """What is there, by the number of the point, in the order of both; read once, then kept up to date."""
        present: dict[int, list[Range]] = {}
        for where in sorted(self._stems, key=_place):
            present.setdefault(where.point, []).append(where)
        return present

    @cached_property
    def _stems(self) -> dict[Range, str]:
        """The part that each range lies in, by its path."""
        return {where: stem for stem, ranges in self._found.sound.items() for where in ranges}

    @property
    def strange(self) -> list[Path]:
        """What lies among the parts and is none: passed over."""
        return self._found.strange

    def check_names(self) -> None:
        """Raise DamagedPartError if a part, by its name or metadata, is not what its place says."""
        if self._found.damaged:
            raise next(iter(self._found.damaged.values()))

    def part(self, where: Range) -> Part:
        """Return the replicates of a range; raise DamagedPartError where they are not what their place says."""
        stem = self._stems[where]
        return (self._shared_contents if len(self._found.sound[stem]) > 1 else self._contents)(stem)[where]

    def _contents(self, stem: str) -> Held:
        """Return what a part holds."""
        columns, weekly = parts.read(self.path, stem)
        try:
            return contents.held_in(columns, weekly, self.origin, stem)
        except DamagedPartError as error:
            raise DamagedPartError(f"{self.path / stem}: {error}") from None

    @cached_property
    def _shared_contents(self) -> functools._lru_cache_wrapper[Held]:
        """What a part of several points holds, by its path: the last few are kept."""
        return functools.lru_cache(_OPEN)(self._contents)

    def damages(self) -> Iterator[tuple[str, DamagedPartError]]:
        """Yield each part that is damaged, by its path, and what is wrong with it."""
        yield from self._found.damaged.items()
        for stem in self._found.sound:
            try:
                self._contents(stem)
            except DamagedPartError as error:
                yield stem, error

    def write(self, ready: Iterable[PartBytes]) -> None:
        """Write parts, whole or not at all."""
        ready = list(ready)
        parts.write(self.path, ready)
        last = max(self.present, default=-1)
        for part in ready:
            stem = part.stem
            self._found.sound[stem] = part.ranges
            for where in part.ranges:
                self._stems[where] = stem
                there = self.present.setdefault(where.point, [])
                there.append(where)
                there.sort()
        if any(part.ranges[0].point < last for part in ready):
            self.present = dict(sorted(self.present.items()))

    def clear_unfinished(self) -> None:
        """Take away files of parts that have no checksums: a writer was stopped before they existed."""
        for path in self._found.unfinished:
            path.unlink(missing_ok=True)

    def drop_failed(self) -> int:
        """Take away what failed in part, so that it is played again; return of how many ranges."""
        dropped = 0
        for stem, ranges in self._found.sound.items():
            held = {where: self.part(where) for where in ranges}
            sound = [(where, part) for where, part in held.items() if not part.failed]
            if len(sound) < len(held):
                dropped += len(held) - len(sound)
                parts.write(self.path, contents.parts_as_bytes(sound, self.origin))
                parts.drop(self.path, stem)
        return dropped


def _overlaps(sound: dict[str, tuple[Range, ...]]) -> Iterator[tuple[str, str]]:
    """Yield the parts, by their paths, that hold what another one holds, with the other."""
    held = ((where, stem) for stem, ranges in sound.items() for where in ranges)
    listed = sorted(held, key=lambda one: _place(one[0]))
    bad: set[str] = set()
    before, holder = Range(-1, 0, 0), ""
    for where, stem in listed:
        if stem in bad:
            continue
        if where.point == before.point and where.first < before.end:
            bad.add(stem)
            yield stem, holder
        else:
            before, holder = where, stem


def _place(where: Range) -> tuple[int, int]:
    """Return where a range stands in the order of all: many are sorted faster so."""
    return where.point, where.first
