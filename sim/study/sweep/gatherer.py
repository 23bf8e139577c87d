"""What comes back from tasks, gathered until it fills a part: points with few replicates share one."""

from __future__ import annotations

import time
from collections.abc import Hashable, Iterator, Sequence
from types import TracebackType

from sim.study.store.contents import FULL, Filling, held_in, kind_of, parts_as_bytes
from sim.study.store.folder import Folder
from sim.study.store.locking import DiskFullError
from sim.study.store.manifests import origin_of
from sim.study.store.parts import PartBytes

PATIENCE = 30.0  # seconds that a part waits for others: so much is lost where a sweep is killed


class Gatherer:
    """What has been played and is not written yet; leaving it writes the rest."""

    def __init__(self, folder: Folder) -> None:
        """Gather for a folder."""
        self._folder, self._origin = folder, origin_of(folder.manifest)
        self._held: dict[Hashable, Filling] = {}
        self._since = time.monotonic()

    def __enter__(self) -> Gatherer:
        """Begin with nothing."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what is left, however the sweep ended; not on a disk that is full already."""
        if not isinstance(error, DiskFullError):
            self._write_held()

    def add(self, played: Sequence[PartBytes]) -> None:
        """Take what a task gave: full parts are written at once, others when they fill one together, or have waited."""
        ready = [part for part in played if part.replicates >= FULL]
        if not self._held:
            self._since = time.monotonic()
        for part in played:
            if part.replicates < FULL:
                ready += self._gathered(part)
        if ready:
            self._folder.write(ready)
        if time.monotonic() - self._since > PATIENCE:
            self._write_held()

    def _gathered(self, part: PartBytes) -> Iterator[PartBytes]:
        """Hold what a part of few replicates has, and yield each part that it fills."""
        held = held_in(part.columns, part.weekly, self._origin, part.stem)
        kind = kind_of(next(iter(held.values())))
        for where, one in held.items():
            filling = self._held.setdefault(kind, Filling([]))
            filling.add(where, one)
            if filling.is_full:
                yield from parts_as_bytes(self._held.pop(kind).parts, self._origin)

    def _write_held(self) -> None:
        """Write all that is held."""
        held, self._held = self._held, {}
        self._folder.write(parts_as_bytes([one for each in held.values() for one in each.parts], self._origin))
