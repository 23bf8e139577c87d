"""Who may write: one process, on every platform. Windows is played by what its documentation says of locked bytes."""

import errno
import importlib.util
import os
import sys
from types import SimpleNamespace

import pytest

from sim.study.store import file_locks, locking, parts
from sim.study.store.locking import FolderError, is_locked, write_lock

ONLY_POSIX = {"fchmod", "fork", "geteuid", "getuid", "pread", "pwrite", "sched_getaffinity", "sysconf"}


class Bytes:
    """Bytes of files that are locked as Windows locks them: others can neither lock nor read them."""

    LK_NBLCK, LK_UNLCK = 2, 0

    def __init__(self):
        self.holders = {}  # handle of each byte that is locked, by file and place
        self.modes = []

    def locking(self, handle, mode, count):
        """As msvcrt.locking: from where the handle stands."""
        assert count == 1
        byte = (os.fstat(handle).st_ino, os.lseek(handle, 0, os.SEEK_CUR))
        self.modes.append(mode)
        holder = self.holders.get(byte)
        if (holder is None) != (mode == self.LK_NBLCK) or holder not in (None, handle):
            raise PermissionError(errno.EACCES, "Permission denied")
        if mode == self.LK_NBLCK:
            self.holders[byte] = handle
        else:
            del self.holders[byte]

    def read(self, handle, count):
        """As os.read: fails where it would give a byte that another handle has locked."""
        at, file = os.lseek(handle, 0, os.SEEK_CUR), os.fstat(handle).st_ino
        data = os.read(handle, count)
        for (locked_file, place), holder in self.holders.items():
            if locked_file == file and holder != handle and at <= place < at + len(data):
                raise PermissionError(errno.EACCES, "Permission denied")
        return data

    def close(self, handle):
        """As os.close, or the end of a process: what the handle holds is given back."""
        self.holders = {byte: holder for byte, holder in self.holders.items() if holder != handle}
        os.close(handle)


@pytest.fixture
def windows(monkeypatch):
    """The bytes that are locked, on a machine that has of the system's functions those alone that Windows has."""
    played = Bytes()
    monkeypatch.setitem(sys.modules, "msvcrt", played)
    monkeypatch.setattr(sys, "platform", "win32")
    spec = importlib.util.spec_from_file_location("file_locks_of_windows", file_locks.__file__)
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    known = {name: getattr(os, name) for name in dir(os) if name not in ONLY_POSIX}
    system = SimpleNamespace(**known | {"read": played.read, "close": played.close})
    monkeypatch.setattr(found, "os", system)
    monkeypatch.setattr(locking, "os", system)
    monkeypatch.setattr(locking, "file_locks", found)
    return played


@pytest.fixture(params=["this platform", "Windows"])
def platform(request):
    if request.param == "Windows":
        request.getfixturevalue("windows")


def test_a_folder_is_locked_while_it_is_written_and_free_afterwards(platform, tmp_path):
    assert not is_locked(tmp_path)
    for _ in range(2):
        with write_lock(tmp_path):
            assert is_locked(tmp_path)
        assert not is_locked(tmp_path)


def test_a_second_writer_is_told_who_writes(platform, tmp_path):
    with write_lock(tmp_path):
        for _ in range(2):
            told = rf"another process \(number {os.getpid()}\) is writing to it; wait until it is done"
            with pytest.raises(FolderError, match=told), write_lock(tmp_path):
                pass
        assert is_locked(tmp_path)


def test_a_lock_is_given_back_when_what_was_done_under_it_fails(platform, tmp_path):
    with pytest.raises(KeyError), write_lock(tmp_path):
        raise KeyError
    assert not is_locked(tmp_path)


def test_the_number_of_the_one_before_does_not_stay(platform, tmp_path):
    (tmp_path / locking.LOCK).write_bytes(b"99999999999999999999\n")
    with write_lock(tmp_path), pytest.raises(FolderError, match=rf"\(number {os.getpid()}\)"), write_lock(tmp_path):
        pass


def test_a_folder_nobody_ever_wrote_to_is_free_and_stays_as_it_is(platform, tmp_path):
    assert not is_locked(tmp_path / "nowhere")
    assert not is_locked(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_on_windows_one_byte_is_locked_and_given_back_and_those_who_ask_lock_nothing(windows, tmp_path):
    with write_lock(tmp_path):
        assert [place for _, place in windows.holders] == [file_locks.SAYS]
        assert is_locked(tmp_path)
    assert windows.modes == [windows.LK_NBLCK, windows.LK_UNLCK]


def test_on_windows_the_lock_of_a_killed_process_is_gone(windows, tmp_path):
    killed = os.open(tmp_path / locking.LOCK, os.O_RDWR | os.O_CREAT)
    assert locking.file_locks.take(killed)
    assert is_locked(tmp_path) is False  # nothing is written yet, so that there is no byte to be read
    os.write(killed, b"7".ljust(file_locks.SAYS) + b"\n")
    assert is_locked(tmp_path)
    windows.close(killed)
    with write_lock(tmp_path):
        pass


def test_what_else_is_wrong_with_a_lock_is_not_taken_for_a_writer(platform, tmp_path, monkeypatch):
    def no_locks(*arguments):
        raise OSError(errno.ENOLCK, "No locks available")

    found = locking.file_locks
    module, name = (found.msvcrt, "locking") if hasattr(found, "msvcrt") else (found.fcntl, "flock")
    monkeypatch.setattr(module, name, no_locks)
    with pytest.raises(OSError, match="No locks available"), write_lock(tmp_path):
        pass


def test_a_file_that_is_being_read_is_replaced_once_it_is_not(tmp_path, monkeypatch):
    """As on Windows, where nothing is put in the place of a file that somebody reads."""
    path, refusals = tmp_path / "summary.json", 2
    replace = type(path).replace

    def reluctant(aside, target):
        nonlocal refusals
        if refusals:
            refusals -= 1
            raise PermissionError(errno.EACCES, "Permission denied")
        return replace(aside, target)

    monkeypatch.setattr(type(path), "replace", reluctant)
    monkeypatch.setattr(parts, "_PAUSES", (0.0, 0.0))
    parts.write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    refusals = 3
    with pytest.raises(PermissionError):
        parts.write_whole(path, b"newer")
    assert [file.name for file in tmp_path.iterdir()] == ["summary.json"]


def test_on_windows_no_folder_is_opened_to_be_flushed(tmp_path, monkeypatch):
    def refused(*arguments):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(parts.os, "open", refused)
    monkeypatch.setattr(sys, "platform", "win32")
    parts.sync_folders([tmp_path / "a", tmp_path / "b"])
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(PermissionError):
        parts.sync_folders([tmp_path / "a"])
