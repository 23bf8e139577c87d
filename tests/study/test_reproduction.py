"""Reproduction: the same again, or the first thing that differs."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from sim.errors import SimError
from sim.study.play.results import Failure
from sim.study.store import folder as store
from sim.study.store import parts
from sim.study.store.contents import parts_as_bytes
from sim.study.store.folder import create_folder, open_folder
from sim.study.store.locking import write_lock
from sim.study.store.manifests import origin_of
from sim.study.store.parts import Range
from sim.study.sweep import reproduction
from sim.study.sweep.reproduction import reproduce
from tests.study.sweeping import load_experiment, small, swept

SECOND = Range(1, 0, 20)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return swept(small(tmp_path, replicates=20, points=2), tmp_path / "out")


def rewritten(folder, change):
    """Return a folder whose second point was kept with other columns, with names and checksums that fit."""
    return with_part(folder, lambda part: part._replace(columns=change(dict(part.columns))))


def with_part(folder, change):
    """Return a folder in which another part is kept of the second point."""
    held = {where: folder.part(where) for there in folder.present.values() for where in there}
    held[SECOND] = change(held[SECOND])
    shutil.rmtree(folder.path / "parts")
    parts.write(folder.path / "parts", parts_as_bytes(held.items(), origin_of(folder.manifest)))
    return open_folder(folder.path)


def test_a_folder_comes_out_the_same(folder):
    told = []
    found = reproduce(folder, threads=2, tell=lambda done, asked: told.append((done, asked)))
    assert (found.departure, found.replicates, found.content_sha256) == (None, 40, folder.content_hash())
    assert told[-1] == (40, 40)


def test_a_damaged_part_is_told_before_anything_is_played_again(folder):
    [file] = folder.path.glob("parts/*/*.parquet")
    file.write_bytes(b"x")
    told = []
    with pytest.raises(SimError, match="is not what its checksum says; play it again with"):
        reproduce(open_folder(folder.path), tell=lambda done, asked: told.append(done))
    assert told == []


def test_the_first_column_and_replicate_that_differ_are_named(folder):
    def change(columns):
        for name in ("front", "openings"):
            columns[name] = columns[name].copy()
            columns[name][13] += 1.0
        return columns

    found = reproduce(rewritten(folder, change), threads=1).departure
    assert (found.point, found.column, found.replicate) == ("two sd=0.005", "openings", 13)
    assert float(found.kept) == float(found.again) + 1.0
    assert str(found).startswith("two sd=0.005: the first difference is in column openings, replicate 13: ")


def test_a_difference_in_the_last_bit_is_found(folder):
    def change(columns):
        return columns | {"front": np.nextafter(columns["front"], 2.0)}

    assert reproduce(rewritten(folder, change)).departure.column == "front"


def test_a_replicate_that_is_not_there_is_found(folder):
    fewer = rewritten(folder, lambda columns: {name: one[:-1] for name, one in columns.items()})
    with pytest.raises(SimError, match="does not hold the replicates 0 to 19 of point 1; play it again with"):
        reproduce(fewer)


def test_a_part_in_which_nothing_was_finished_is_found(folder):
    def lose_all(part):
        failed = tuple(Failure(number, "lost", "") for number in range(SECOND.first, SECOND.end))
        return part._replace(columns={name: values[:0] for name, values in part.columns.items()}, failed=failed)

    found = reproduce(with_part(folder, lose_all))
    assert (found.departure.replicate, found.departure.kept) == (0, "nothing")


def test_a_column_that_is_not_there_is_found(folder):
    def change(columns):
        del columns["futile"]
        return columns

    found = reproduce(rewritten(folder, change)).departure
    assert (found.column, found.kept, found.again) == ("futile", "no column", "a column")


def test_the_first_week_that_differs_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = small(tmp_path, replicates=20, points=2)
    file.write_text("weekly = true\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    folder = swept(file, tmp_path / "weeks")
    weekly = folder.part(SECOND).weekly
    bins = weekly.bins.copy()
    bins[[7, 9], 0, 0] += 1
    changed = with_part(folder, lambda part: part._replace(weekly=replace(weekly, bins=bins)))
    found = reproduce(changed).departure
    assert (found.point, found.column, found.week) == ("two sd=0.005", f"{weekly.quantities[0].name} by week", 7)
    found = reproduce(rewritten(changed, lambda columns: columns | {"front": columns["front"] + 1.0})).departure
    assert (found.column, found.replicate, found.week) == ("front", 0, 7)


def test_another_version_of_the_model_is_named_where_no_module_is_kept(folder, monkeypatch):
    monkeypatch.setattr(reproduction, "model_version", lambda: "9-0")
    del folder.manifest["module"]
    with pytest.raises(SimError, match=r"cannot be reproduced: it was made by model .*, this is model 9-0"):
        reproduce(folder)


def test_other_versions_of_packages_are_told(folder, monkeypatch):
    folder.manifest["packages"]["numpy"] = "1.0"
    assert reproduce(folder).versions[0].startswith("numpy was 1.0, here it is ")


def test_an_empty_folder_cannot_be_reproduced(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with write_lock(tmp_path / "out"):
        create_folder(tmp_path / "out", load_experiment(small(tmp_path)), "")
    with pytest.raises(SimError, match=r"holds no replicates yet; go on with sim sweep .*out --resume"):
        reproduce(open_folder(tmp_path / "out"))
    assert store.is_folder(tmp_path / "out")
