"""A lock of the system on an open file, on Windows and elsewhere; it is gone with the process that held it.

Elsewhere the lock is on the file, and whoever reads the file does not notice it (`flock`). Windows locks bytes, and nobody
else can read a byte that is locked: there it is one that says nothing, behind those that say who holds it.
"""

from __future__ import annotations

import errno
import os
import sys

SAYS = 32  # bytes of a lock file that say who holds it; one more follows
# Windows alone would write two bytes for the end of a line; elsewhere no link is followed, and nobody waits for a pipe.
OPENED = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_TAKEN = (errno.EAGAIN, errno.EACCES)

if sys.platform == "win32":
    import msvcrt

    def take(handle: int) -> bool:
        """Take the lock, and return whether it was free."""
        return _does_lock(handle, msvcrt.LK_NBLCK)

    def release(handle: int) -> None:
        """Give the lock back: closing the file does too, but Windows takes its time over that."""
        _does_lock(handle, msvcrt.LK_UNLCK)

    def is_taken(handle: int) -> bool:
        """Return whether somebody else holds the lock; taking it to find out could turn a writer away."""
        os.lseek(handle, SAYS, os.SEEK_SET)
        try:
            os.read(handle, 1)
        except PermissionError:
            return True
        return False

    def _does_lock(handle: int, mode: int) -> bool:
        """Lock the last byte or give it back, and return whether that could be done."""
        os.lseek(handle, SAYS, os.SEEK_SET)
        try:
            msvcrt.locking(handle, mode, 1)
        except OSError as error:
            if error.errno not in _TAKEN:
                raise
            return False
        finally:
            os.lseek(handle, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def take(handle: int) -> bool:
        """Take the lock, and return whether it was free."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in _TAKEN:
                raise
            return False
        return True

    def release(handle: int) -> None:
        """Give the lock back."""
        fcntl.flock(handle, fcntl.LOCK_UN)

    def is_taken(handle: int) -> bool:
        """Return whether somebody else holds the lock; those who only ask do not get in each other's way."""
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        return False
