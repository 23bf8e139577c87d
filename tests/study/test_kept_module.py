"""The module that a folder keeps plays it again, and nothing else: it has a memory, so long a time, and no more."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from sim.cli import main
from sim.engines.host import MOST_BYTES, Contract, LaidOut, assembled, kept_machine
from sim.errors import SimError
from sim.study.store.folder import open_folder
from sim.study.store.kept_module import KEPT_FILES, read_module
from tests.folders.__main__ import SMALL

CONTRACT = Contract(65536, "play", ["rows"], 0, 1)
LOOP = '(func (export "play") (param i32) (loop $on (br $on)))'
IMPORT = '(import "host" "memory" (memory 1))'


def played(body, contract=CONTRACT, numbers_size=0, imports=IMPORT):
    """Play a module of so many functions as one out of a folder is played."""
    machine = kept_machine(assembled(f"(module {imports} {body})"), contract)
    arrays = LaidOut(np.zeros(2, dtype=np.int64), np.zeros(1), numbers_size)
    machine.play(arrays, 0, 0, np.zeros((1, 1)), seconds=0.01)


@pytest.fixture
def another_model(monkeypatch):
    monkeypatch.setattr("sim.study.sweep.reproduction.model_version", lambda: "2-another")


def test_a_module_gives_what_was_kept_of_each_range_and_under_another_seed_does_not():
    folder = open_folder(SMALL)
    module = read_module(folder)
    for where in [where for there in folder.present.values() for where in there]:
        kept = folder.part(where)
        again, other = module.part(where, kept), replace(module, seed=1).part(where, kept)
        assert all(np.array_equal(kept.columns[name], again.columns[name], equal_nan=True) for name in kept.columns)
        assert np.array_equal(kept.weekly.sums, again.weekly.sums)
        assert not np.array_equal(kept.columns["front"], other.columns["front"]) or where.point < 2


def test_a_difference_from_what_the_module_gives_is_told(another_model, monkeypatch, capsys):
    monkeypatch.setattr("sim.study.sweep.reproduction.read_module", lambda folder: replace(read_module(folder), seed=1))
    assert main(["reproduce", str(SMALL)]) == 1
    assert "the first difference is in column" in capsys.readouterr().out


@pytest.mark.parametrize("name", KEPT_FILES)
@pytest.mark.parametrize("is_there", [True, False])
def test_a_module_that_is_not_what_the_manifest_says_is_not_played(name, is_there, another_model, tmp_path, capsys):
    file = shutil.copytree(SMALL, tmp_path / "kept") / name
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    if not is_there:
        file.unlink()
    assert main(["reproduce", str(tmp_path / "kept")]) == 1
    [complaint] = capsys.readouterr().err.splitlines()
    assert f"{name}: {'is not what' if is_there else 'cannot be read'}" in complaint
    assert "copy the folder again, or play it anew" in complaint


def test_the_model_that_made_a_folder_does_not_need_its_module(tmp_path):
    kept = shutil.copytree(SMALL, tmp_path / "kept")
    for name in KEPT_FILES:
        (kept / name).unlink()
    assert main(["reproduce", str(kept)]) == 0


def test_a_module_that_asks_for_more_than_a_memory_is_not_played():
    with pytest.raises(SimError, match="imports more than a memory"):
        played(LOOP, imports=f'{IMPORT} (import "host" "read" (func))')
    with pytest.raises(SimError, match="imports more than a memory"):
        played(LOOP, imports="")


def test_a_module_that_does_not_end_is_ended():
    with pytest.raises(SimError, match=r"did not end within 0.01 s"):
        played(LOOP)
    with pytest.raises(SimError, match=r"did not end within 0.01 s"):
        played(f"(func $begin (loop $on (br $on))) (start $begin) {LOOP}")


def test_a_module_that_is_said_to_want_what_cannot_be_is_not_played():
    for contract in (CONTRACT._replace(free_at=-8), CONTRACT._replace(week=2), CONTRACT._replace(replicate=-1)):
        with pytest.raises(SimError, match="want what cannot be"):
            played(LOOP, contract)
    with pytest.raises(SimError, match="it may have"):
        played(LOOP, CONTRACT._replace(free_at=MOST_BYTES))
    with pytest.raises(SimError, match="it may have"):
        played(LOOP, numbers_size=MOST_BYTES // 8)
    for contract in (CONTRACT._replace(entry="other"), CONTRACT._replace(arguments=["other"])):
        with pytest.raises(SimError, match="cannot be played"):
            played(LOOP, contract)


def test_a_module_that_stops_of_itself_is_told():
    with pytest.raises(SimError, match="the module stopped"):
        played('(func (export "play") (param i32) (i64.store (i32.const 65536) (i64.const 9)) unreachable)')


def test_bytes_that_are_no_module_are_told():
    with pytest.raises(SimError, match="the module is none"):
        kept_machine(b"nothing", CONTRACT)
