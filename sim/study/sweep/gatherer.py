"""What comes back from tasks, gathered until it fills a part: points with few replicates share one."""

from __future__ import annotations

import time
from collections.abc import Hashable, Sequence
from types import TracebackType

from sim.study.play.results import Part
from sim.study.store.contents import FULL, held_in, kind_of, parts_as_bytes
from sim.study.store.folder import Folder
from sim.study.store.locking import DiskFullError
from sim.study.store.manifests import origin_of
from sim.study.store.parts import PartBytes, Range

PATIENCE = 30.0  # seconds that a part waits for others: so much is lost where a sweep is killed


class Gatherer:
    """What has been played and is not written yet; leaving it writes the rest."""

    def __init__(self, folder: Folder) -> None:
        """Gather for a folder."""
        self._folder, self._origin = folder, origin_of(folder.manifest)
        self._held: dict[Hashable, list[tuple[Range, Part]]] = {}
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
        self._folder.write([part for part in played if part.replicates >= FULL])
        if not any(self._held.values()):
            self._since = time.monotonic()
        for part in played:
            if part.replicates < FULL:
                for where, one in held_in(part.columns, part.weekly, self._origin, part.stem).items():
                    self._held.setdefault(kind_of(one), []).append((where, one))
        full = [kind for kind, held in self._held.items() if sum(where.count for where, _ in held) >= FULL]
        for kind in full:
            self._folder.write(parts_as_bytes(self._held.pop(kind), self._origin))
        if time.monotonic() - self._since > PATIENCE:
            self._write_held()

    def _write_held(self) -> None:
        """Write all that is held."""
        held, self._held = self._held, {}
        self._folder.write(parts_as_bytes([one for each in held.values() for one in each], self._origin))
