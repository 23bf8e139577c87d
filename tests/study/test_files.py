"""Files are written whole, in nobody's place but that of a plain file, and never through a link."""

import errno
import os
import signal
from pathlib import Path

import pytest

from sim.cli import main
from sim.engines import ensemble
from sim.report.write import write_report
from sim.study.store import parts
from sim.study.store.export import to_csv, to_xlsx
from sim.study.store.locking import DiskFullError, FolderError, explained_errors, write_lock
from sim.study.store.parts import whole_file, write_whole
from tests.study.sweeping import small, swept

resource = pytest.importorskip("resource")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="links and limits of POSIX")


@pytest.fixture
def elsewhere(tmp_path):
    """A file that is none of ours."""
    path = tmp_path / "elsewhere"
    path.write_text("not ours")
    return path


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A result folder of two points."""
    monkeypatch.chdir(tmp_path)
    return swept(small(tmp_path, replicates=6, points=2), Path("out"))


@pytest.fixture
def small_files():
    """No file may grow beyond 1 kB, which the system refuses as it refuses to write to a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


# Links

WRITERS = {
    "lock": lambda folder: write_lock(folder.path).__enter__(),
    "report.html": lambda folder: write_report(folder.path),
    "replicates.csv": lambda folder: to_csv(folder, folder.path),
    "columns.csv": lambda folder: to_csv(folder, folder.path),
    "results.xlsx": lambda folder: to_xlsx(folder, folder.path),
    "manifest.json": lambda folder: folder.extend(8),
    "summary.json": lambda folder: folder.write_summary({"points": {}}),
}


@pytest.mark.parametrize("name", WRITERS)
def test_no_file_of_a_folder_is_written_through_a_link(folder, elsewhere, name):
    (folder.path / name).unlink(missing_ok=True)
    (folder.path / name).symlink_to(elsewhere)
    with pytest.raises(Exception, match=f"out/{name}: is a link, and nothing is written through a link") as refused:
        WRITERS[name](folder)
    assert refused.value.exit_status == 2
    assert elsewhere.read_text() == "not ours"
    assert (folder.path / name).is_symlink()


@pytest.mark.parametrize("name", ["report.html", "replicates.csv", "results.xlsx", "summary.json"])
def test_a_link_laid_where_a_file_is_written_aside_leads_nowhere(folder, elsewhere, name):
    (folder.path / f"{parts.ASIDE}{name}").symlink_to(elsewhere)
    WRITERS[name](folder)
    assert elsewhere.read_text() == "not ours"
    assert (folder.path / name).is_file()


def test_a_link_that_leads_nowhere_is_no_place_for_a_new_file(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").symlink_to("nowhere")
    assert main(["new", "scenario", "mine"]) == 1
    assert capsys.readouterr().err == "mine.toml exists already; nothing was written\n"
    assert not Path("nowhere").exists()


def test_what_is_no_plain_file_is_not_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "folder"):
        with pytest.raises(Exception, match=f"{name}: is no plain file, and is not replaced by one"):
            write_whole(tmp_path / name, b"x")


def test_a_pipe_in_the_place_of_a_lock_keeps_nobody_waiting(tmp_path):
    os.mkfifo(tmp_path / "lock")
    with write_lock(tmp_path):
        pass


# Whole or not at all


@pytest.mark.parametrize("name", ["report.html", "replicates.csv"])
def test_a_file_that_cannot_grow_leaves_the_old_one_as_it_was(folder, small_files, name):
    (folder.path / name).write_text("the old one")
    with pytest.raises(FolderError, match=r"cannot be written \(File too large\)"):
        WRITERS[name](folder)
    assert (folder.path / name).read_text() == "the old one"
    assert not list(folder.path.glob(f"{parts.ASIDE}*"))


@pytest.mark.parametrize("name", ["report.html", "replicates.csv", "results.xlsx", "manifest.json"])
def test_a_full_disk_leaves_the_old_file_as_it_was(folder, name, monkeypatch):
    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    (folder.path / name).write_text("the old one")
    monkeypatch.setattr(parts.os, "fsync", full)
    with pytest.raises(DiskFullError, match=r"^out[^:]*: the disk at /.* is full; what was there before is kept"):
        WRITERS[name](folder)
    assert (folder.path / name).read_text() == "the old one"
    assert not list(folder.path.glob(f"{parts.ASIDE}*"))


def test_a_file_is_not_seen_before_it_is_whole(tmp_path):
    path = tmp_path / "file"
    path.write_text("the old one")
    with whole_file(path) as file:
        file.write(b"new")
        assert path.read_text() == "the old one"
    assert path.read_text() == "new"


def test_a_writer_that_is_stopped_leaves_the_old_file_and_nothing_beside_it(tmp_path):
    path = tmp_path / "file"
    path.write_text("the old one")
    with pytest.raises(ZeroDivisionError), whole_file(path) as file:
        file.write(bytes(1 // len(b"")))
    assert path.read_text() == "the old one"
    assert [*tmp_path.iterdir()] == [path]


def test_a_full_disk_is_named_by_where_it_is_mounted(monkeypatch):
    monkeypatch.setattr(Path, "is_mount", lambda path: path == Path("/big/disk"))
    told = r"^/big/disk/results/mine: the disk at /big/disk is full"
    with pytest.raises(DiskFullError, match=told), explained_errors(Path("/big/disk/results/mine")):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_module_that_cannot_be_kept_whole_is_not_kept_and_nothing_is_left_of_it(tmp_path, small_files):
    assert not ensemble._is_kept(tmp_path / "cache", "module", bytes(10_000))
    assert [*(tmp_path / "cache").iterdir()] == []
