"""Who may write to a result folder: one process, which says in the reader's terms why it cannot."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from sim.errors import SimError
from sim.study.store import file_locks

LOCK = "lock"
_FULL = (errno.ENOSPC, errno.EDQUOT)


class FolderError(SimError):
    """A folder that results cannot be written to or read from."""

    exit_status = 2


class DiskFullError(SimError):
    """A disk on which nothing more can be written; what was written before stands."""


@contextlib.contextmanager
def write_lock(path: Path) -> Iterator[None]:
    """Hold the lock of a folder; the lock of a process that was killed is gone with it."""
    with explained_errors(path):
        path.mkdir(parents=True, exist_ok=True)
        handle = os.open(path / LOCK, os.O_RDWR | os.O_CREAT | file_locks.OPENED, 0o644)
    try:
        if not file_locks.take(handle):
            writer = os.read(handle, file_locks.SAYS).decode("ascii", "replace").strip() or "unknown"
            raise FolderError(f"{path}: another process (number {writer}) is writing to it; wait until it is done")
        with explained_errors(path):
            os.write(handle, f"{os.getpid():<{file_locks.SAYS}}\n".encode())
        try:
            yield
        finally:
            file_locks.release(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def explained_errors(path: Path) -> Iterator[None]:
    """Say in the reader's terms why a folder, or a file, cannot be written."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFullError(
                f"{path}: the disk at {_disk_of(path)} is full; what was there before is kept"
            ) from None
        if error.errno == errno.ELOOP:
            raise FolderError(
                f"{error.filename}: is a link, and nothing is written through a link; remove it"
            ) from None
        if isinstance(error, FileExistsError | NotADirectoryError):
            raise FolderError(f"{path}: is not a folder") from None
        raise FolderError(f"{path}: cannot be written ({error.strerror or error})") from None


def _disk_of(path: Path) -> Path:
    """Return where the disk that holds a path is mounted."""
    full = path.absolute()
    return next(folder for folder in (full, *full.parents) if folder.is_mount() or folder == folder.parent)


def is_locked(path: Path) -> bool:
    """Return whether a process holds the lock of a folder."""
    try:
        handle = os.open(path / LOCK, os.O_RDONLY | file_locks.OPENED)
    except OSError:
        return False
    try:
        return file_locks.is_taken(handle)
    finally:
        os.close(handle)
