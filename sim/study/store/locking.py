"""Who may write to a result folder: one process, which says in the reader's terms why it cannot."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from sim.errors import SimError

LOCK = "lock"
_FULL = (errno.ENOSPC, errno.EDQUOT)
_CLOSED = (errno.EACCES, errno.EPERM, errno.EROFS)


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
        handle = os.open(path / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                raise
            writer = os.read(handle, 20).decode("ascii", "replace").strip() or "unknown"
            raise FolderError(
                f"{path}: another process (number {writer}) is writing to it; wait until it is done"
            ) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def explained_errors(path: Path) -> Iterator[None]:
    """Say in the reader's terms why a folder cannot be written."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFullError(f"{path}: the disk is full; what was played is kept") from None
        if error.errno in _CLOSED:
            raise FolderError(f"{path}: cannot be written ({error.strerror})") from None
        if isinstance(error, FileExistsError | NotADirectoryError):
            raise FolderError(f"{path}: is not a folder") from None
        raise


def is_locked(path: Path) -> bool:
    """Return whether a process holds the lock of a folder."""
    try:
        handle = os.open(path / LOCK, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False
