"""Result folders: nothing is lost, nothing is played twice, and the same question gives the same bytes."""

import errno
import os
import shutil

import numpy as np
import pytest

from sim.errors import SimError
from sim.report.sweep_text import sweep_lines, sweep_summary
from sim.scenario.load import load
from sim.study.design.experiments import load_experiment
from sim.study.play.replicates import follow, run
from sim.study.play.results import Failure, Part
from sim.study.store import contents, locking, parts
from sim.study.store import folder as store
from sim.study.store.folder import create_folder, open_folder, resume_folder
from sim.study.store.locking import DiskFullError, FolderError, write_lock
from sim.study.store.parts import Range, gaps
from sim.study.sweep import sweeps
from sim.study.sweep.asked_replicates import missing_ranges
from sim.study.sweep.sweeps import sweep
from tests.campaigns import killed_sweeps
from tests.study.sweeping import command, gone_on, small, swept


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return small(tmp_path)


@pytest.fixture
def folder(file, tmp_path):
    return swept(file, tmp_path / "out")


def ranges(folder):
    return [one for there in folder.present.values() for one in there]


def part_file(folder, ending=".parquet"):
    """Return a file of the only part that a small folder has."""
    [path] = folder.path.glob(f"parts/*/*{ending}")
    return path


# Ranges


def test_gaps_are_cut_at_blocks_and_leave_out_what_is_there():
    assert [*gaps(3, 4500, [])] == [Range(3, 0, 2000), Range(3, 2000, 2000), Range(3, 4000, 500)]
    assert [*gaps(0, 1000, [Range(0, 0, 200)])] == [Range(0, 200, 800)]
    assert [*gaps(0, 5000, [Range(0, 2000, 2000), Range(0, 0, 200)])] == [Range(0, 200, 1800), Range(0, 4000, 1000)]
    assert [*gaps(0, 200, [Range(0, 0, 2000)])] == []


@pytest.mark.parametrize("values", [[0.0, -0.0, np.nan, np.inf, 1e-310], []])
def test_columns_come_back_to_the_bit(values):
    columns = {"replicate": np.arange(len(values)), "x": np.array(values, dtype=np.float64)}
    where, origin = Range(0, 0, len(values) + 1), contents.Origin(2, "inputs", "model", 1)
    failed = (Failure(len(values), "E: x", "a\nb"),)
    [written] = contents.parts_as_bytes([(where, Part(columns, failed))], origin)
    back = contents.held_in(written.columns, b"", origin, where.stem)[where]
    assert contents.digest(back.columns) == contents.digest(columns)
    assert back.failed == failed


# Filling a folder


def test_a_folder_holds_what_running_each_point_gives(folder, file):
    assert missing_ranges(folder) == []
    for point in load_experiment(file).points:
        once = run(point.scenario, 50, 1000, engine="compiled")
        assert contents.digest(folder.result(point.name).columns) == contents.digest(once.columns)
        assert folder.result(point.name).scenario.restored() == point.scenario
    assert folder.summary()["content_sha256"] == folder.content_hash()


def test_any_number_of_threads_gives_the_same_bytes(folder, file, tmp_path):
    assert swept(file, tmp_path / "other", threads=3).content_hash() == folder.content_hash()


def test_both_engines_give_the_same_bytes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = small(tmp_path, replicates=5)
    with write_lock(tmp_path / "open"):
        sweep(create_folder(tmp_path / "open", load_experiment(file), "", "open"), 1)
    assert open_folder(tmp_path / "open").content_hash() == swept(file, tmp_path / "compiled").content_hash()


@pytest.mark.slow
def test_a_killed_sweep_goes_on_to_the_same_bytes():
    result = killed_sweeps.run(size=2, seed=killed_sweeps.SEED)
    assert killed_sweeps.wrong(result) == [], killed_sweeps.found(result)


def test_extending_gives_what_playing_more_at_once_gives(folder, tmp_path):
    at_once = swept(small(tmp_path, replicates=80), tmp_path / "more")
    with write_lock(folder.path):
        longer = resume_folder(folder.path, None).extend(80)
        assert [one.first for one in missing_ranges(longer)] == [50, 50, 50]
        sweep(longer, 1)
    assert open_folder(folder.path).content_hash() == at_once.content_hash()
    assert open_folder(folder.path).manifest["command"] == "sim sweep small.toml -n 80"


def test_a_folder_is_not_made_smaller(folder):
    with pytest.raises(FolderError, match="has 50 replicates a point; 10 would be fewer"):
        folder.extend(10)


def test_bundles_hold_about_a_seconds_work_and_at_least_one_part():
    missing = [Range(0, 0, 2000), Range(1, 0, 200), Range(2, 0, 200), Range(3, 0, 200)]
    assert sweeps.bundle_end(missing, 0, 500.0) == 1
    assert sweeps.bundle_end(missing, 1, 500.0) == 3
    assert sweeps.bundle_end(missing, 1, 1e9) == 4


def test_a_precision_is_played_for_and_no_further(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = small(tmp_path, replicates=9000, points=2)
    file.write_text("precision = 0.03\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    folder = swept(file, tmp_path / "out")
    assert {len(folder.result(point.name)) for point in folder.points} == {2000}
    assert missing_ranges(folder) == []


def test_a_precision_too_fine_spends_the_budget(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = small(tmp_path, replicates=4100, points=2)
    file.write_text("precision = 0.0001\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    folder = swept(file, tmp_path / "out")
    assert {len(folder.result(point.name)) for point in folder.points} == {4100}


def test_weekly_values_are_kept_beside_the_columns_and_add_up(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = swept(small_with_weeks(tmp_path, 30), tmp_path / "out")
    before = folder.content_hash()
    once = follow(folder.points[1].scenario, 30, seed=1000).weekly
    kept = folder.weekly("two sd=0.005")
    assert (kept.quantities, kept.replicates) == (once.quantities, 30)
    assert (kept.sums == once.sums).all()
    assert (kept.squares == once.squares).all()
    assert (kept.bins == once.bins).all()
    with write_lock(folder.path):
        sweep(resume_folder(folder.path, None).extend(50), 1)
    assert open_folder(folder.path).weekly("two sd=0.005").replicates == 50
    assert open_folder(folder.path).content_hash() != before
    assert swept(small_with_weeks(tmp_path, 50), tmp_path / "at once").content_hash() == (
        open_folder(folder.path).content_hash()
    )


def small_with_weeks(folder, replicates):
    """Return the file of the same experiment with more replicates."""
    file = small(folder, replicates, points=2)
    file.write_text("weekly = true\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    return file


def test_only_the_columns_of_the_question_are_kept_if_it_says_so(folder, tmp_path):
    file = small(tmp_path)
    text = 'keep = "outcomes"\noutcomes = ["front"]\n' + file.read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    few = swept(file, tmp_path / "few").result("two sd=0")
    assert [*few.columns] == ["replicate", "success", "outcome", "weeks_to_agreement", "front"]
    whole = folder.result("two sd=0")
    assert all((few.columns[name] == whole.columns[name]).all() for name in ("replicate", "success", "front"))
    assert few.summary()["success"] == whole.summary()["success"]
    assert str(few) == str(whole)
    with pytest.raises(FolderError, match="other inputs"):
        resume_folder(folder.path, load_experiment(file))


def test_without_weekly_there_are_none(folder):
    assert folder.weekly("two sd=0") is None


# What goes wrong


def test_a_replicate_that_fails_is_recorded_and_leaves_the_rest_intact(folder, file, tmp_path, monkeypatch):
    with monkeypatch.context() as planted:
        plant(planted, 7)
        other = swept(file, tmp_path / "planted")
    [(point, failure)] = [one for one in other.failures() if one[0].name == "two sd=0.01"]
    assert (point.name, failure.replicate) == ("two sd=0.01", 7)
    assert failure.error.startswith("the compiled engine gave a number that is not finite")
    rest = other.result("two sd=0.01").columns
    whole = folder.result("two sd=0.01").columns
    assert contents.digest(rest) == contents.digest({name: np.delete(values, 7) for name, values in whole.items()})
    with write_lock(other.path):
        again = resume_folder(other.path, None)
        assert again.drop_failed() == 3
        sweep(again, 1)
    assert open_folder(other.path).content_hash() == folder.content_hash()


def plant(planted, replicate):
    """Let one replicate of each point come out as no number."""
    from sim.engines import ensemble

    rows_of = ensemble.rows_of

    def broken(scenario, seed, first, count, *more):
        rows = rows_of(scenario, seed, first, count, *more)
        if first <= replicate < first + count:
            rows[replicate - first, 0] = np.nan
        return rows

    planted.setattr(ensemble, "rows_of", broken)


def test_a_replicate_that_fails_openly_keeps_its_traceback(tmp_path, monkeypatch):
    from sim.engines.open import War

    monkeypatch.chdir(tmp_path)

    def fails(self):
        if self.replicate == 1:
            raise ZeroDivisionError("nothing there")
        return row(self)

    row = War.row
    monkeypatch.setattr(War, "row", fails)
    with write_lock(tmp_path / "out"):
        sweep(create_folder(tmp_path / "out", load_experiment(small(tmp_path, 3, 2)), "", "open"), 1)
    failures = [failure for _, failure in open_folder(tmp_path / "out").failures()]
    assert [one.error for one in failures] == ["ZeroDivisionError: nothing there"] * 2
    failure = failures[0]
    assert "raise ZeroDivisionError" in failure.traceback


def test_a_damaged_part_is_set_aside_with_a_warning_and_played_again(folder):
    before = folder.content_hash()
    victim = part_file(folder)
    data = victim.read_bytes()
    victim.write_bytes(data[:9] + bytes([data[9] ^ 1]) + data[10:])
    with pytest.raises(SimError, match=r"is not what its checksum says; play it again with sim sweep"):
        open_folder(folder.path).content_hash()
    said = []
    assert gone_on(folder.path, warn=said.append).content_hash() == before
    assert len(said) == 1
    assert "set aside" in said[0]
    assert (folder.path / "damaged" / victim.name).exists()


def test_a_part_without_its_checksum_does_not_exist(folder):
    before = folder.content_hash()
    part_file(folder, ".sha256").unlink()
    assert missing_ranges(open_folder(folder.path)) == ranges(folder)
    assert gone_on(folder.path).content_hash() == before


def test_a_part_whose_file_is_gone_is_damaged(folder):
    part_file(folder).unlink()
    assert len([*open_folder(folder.path).damages()]) == 1
    assert missing_ranges(gone_on(folder.path)) == []


def test_what_a_killed_writer_left_unfinished_is_taken_away(folder):
    left = folder.path / "parts" / "000" / f"{parts.ASIDE}half.parquet"
    left.write_bytes(b"half")
    gone_on(folder.path)
    assert not left.exists()


def test_a_second_writer_is_refused_and_the_lock_of_a_killed_one_is_not_in_the_way(folder):
    with write_lock(folder.path):
        assert open_folder(folder.path).is_being_written()
        process = command("sweep", folder.path, "--resume")
        _, complaint = process.communicate(timeout=600)
        assert process.returncode == 2
        assert f"another process (number {os.getpid()}) is writing to it" in complaint.decode()
    assert not open_folder(folder.path).is_being_written()
    assert (folder.path / "lock").exists()  # as a killed writer leaves it
    gone_on(folder.path)


def full_after(monkeypatch, files):
    """Let the disk be full after some files have been written."""
    written = []
    sync = os.fsync

    def fsync(handle):
        written.append(handle)
        if len(written) > files:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(handle)

    monkeypatch.setattr(parts.os, "fsync", fsync)


@pytest.mark.parametrize("files", [0, 1, 3, 4, 5, 6, 7])
def test_a_full_disk_is_told_and_loses_nothing(file, tmp_path, monkeypatch, files):
    whole = swept(file, tmp_path / "whole").content_hash()
    with monkeypatch.context() as limited:
        full_after(limited, files)
        with pytest.raises(DiskFullError, match=r"the disk at .* is full; what was there before is kept"):
            swept(file, tmp_path / "out")
    assert not list((tmp_path / "out").rglob(f"{parts.ASIDE}*"))
    kept = len(list((tmp_path / "out").glob("parts/*/*.sha256")))
    if (tmp_path / "out" / "manifest.json").exists():
        assert len(missing_ranges(open_folder(tmp_path / "out"))) == 3 * (1 - kept)
        assert gone_on(tmp_path / "out").content_hash() == whole
    else:
        assert swept(file, tmp_path / "out").content_hash() == whole


def test_a_folder_that_cannot_be_written_is_told(folder, monkeypatch):
    def refused(*arguments, **more):
        raise PermissionError(errno.EACCES, "Permission denied", str(folder.path))

    with monkeypatch.context() as closed:
        closed.setattr(locking.os, "open", refused)
        with pytest.raises(FolderError, match=r"cannot be written \(Permission denied\)"), write_lock(folder.path):
            pass
    assert missing_ranges(open_folder(folder.path)) == []


def test_a_folder_of_another_version_of_the_model_is_refused(folder, monkeypatch):
    monkeypatch.setattr(store, "model_version", lambda: "2-000000000000")
    with pytest.raises(
        FolderError, match=r"was made by model .*, this is model 2-000000000000; two versions never mix"
    ):
        resume_folder(folder.path, None)


def test_a_folder_of_other_inputs_is_refused_with_what_differs(folder, file):
    text = file.read_text(encoding="utf-8")
    for change, told in [
        (("weeks = 60", "weeks = 61"), "scenarios.two: weeks is 60 there, 61 here"),
        (("seed = 1000", "seed = 1001"), "seed 1000 there, 1001 here"),
        (("[0.0, 0.005", "[0.0, 0.04, 0.005"), "other factors or another design"),
        (("scenarios.two", "scenarios.too"), "other scenarios"),
    ]:
        changed = text.replace(*change).replace('"two ', '"too ') if "too" in change[1] else text.replace(*change)
        file.write_text(changed, encoding="utf-8")
        with pytest.raises(FolderError, match="holds results of other inputs") as caught:
            resume_folder(folder.path, load_experiment(file))
        assert told in str(caught.value)


def test_the_words_of_a_question_may_change(folder, file):
    file.write_text(
        file.read_text(encoding="utf-8").replace("[contrasts.front]", "[contrasts.other]"), encoding="utf-8"
    )
    assert [*resume_folder(folder.path, load_experiment(file)).experiment.contrasts] == ["other"]
    assert [*open_folder(folder.path).experiment.contrasts] == ["other"]


def test_results_are_never_written_over_others(folder, file, tmp_path):
    experiment = load_experiment(file)
    with write_lock(folder.path), pytest.raises(FolderError, match="holds results already; --resume goes on"):
        create_folder(folder.path, experiment, "")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter").touch()
    with write_lock(tmp_path / "mine"), pytest.raises(FolderError, match="is not empty"):
        create_folder(tmp_path / "mine", experiment, "")
    with pytest.raises(FolderError, match="is not a folder"), write_lock(file):
        pass


def test_a_folder_can_be_moved(folder, tmp_path):
    before = folder.content_hash()
    shutil.move(folder.path, tmp_path / "elsewhere")
    (tmp_path / "small.toml").unlink()
    assert open_folder(tmp_path / "elsewhere").content_hash() == before


@pytest.mark.parametrize("text", ["", "[]", "{", '{"replicates": 1}', '{"replicates": []}'])
def test_a_manifest_that_cannot_be_read_is_told(folder, text):
    (folder.path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(FolderError, match=r"manifest\.json: cannot be read .* restore it from a copy"):
        open_folder(folder.path)


def test_what_is_no_result_folder_is_told(tmp_path):
    with pytest.raises(FolderError, match="holds no results"):
        open_folder(tmp_path)
    with pytest.raises(FolderError, match="is not a folder"):
        open_folder(tmp_path / "nowhere")


def test_nothing_in_a_folder_is_more_than_data_but_the_module_that_played_it(folder):
    endings = {path.suffix for path in folder.path.rglob("*") if path.is_file()}
    assert endings == {".json", ".parquet", ".sha256", ".wasm", ""}
    assert load("two-states-known-costs").title in (folder.path / "manifest.json").read_text(encoding="utf-8")


def test_a_point_that_makes_no_scenario_fails_and_leaves_the_others(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    experiment = load_experiment(small(tmp_path))
    broken = experiment.points[1]
    monkeypatch.setitem(broken.line.values, "sd", 99.0)
    with write_lock(tmp_path / "out"):
        folder = create_folder(tmp_path / "out", experiment, "")
        folder.__dict__["experiment"] = experiment
        sweep(folder, 1)
    assert [len(folder.columns(number)[1]) for number in range(3)] == [0, 50, 0]
    assert folder.columns(1)[1][0].error.startswith("ScenarioError: ")
    with pytest.raises(SimError, match=r"every replicate of two sd=0\.005 failed, the first with ScenarioError"):
        folder.result("two sd=0.005")
    lines = sweep_lines(folder)
    assert [line.split()[1] for line in lines if line.startswith("two ")] == ["sd=0", "sd=0.01"]
    assert sweep_summary(folder)["contrasts"] == {}


def test_what_the_system_lacks_is_no_damage_of_a_part(folder, monkeypatch):
    def no_more_files(path, flags):
        raise OSError(errno.EMFILE, "Too many open files", path)

    monkeypatch.setattr(parts.os, "open", no_more_files)
    with pytest.raises(OSError, match="Too many open files"):
        [*open_folder_again(folder).damages()]


def open_folder_again(folder):
    """The same folder, of which nothing has been looked at yet."""
    return store.Folder(folder.path, folder.manifest, folder.design)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
@pytest.mark.parametrize("name", ["design.json", "summary.json"])
def test_a_pipe_in_place_of_a_file_is_refused_and_not_waited_for(folder, name):
    (folder.path / name).unlink()
    os.mkfifo(folder.path / name)
    with pytest.raises(SimError, match=r"design\.json: cannot be read|is not complete"):
        open_folder(folder.path).summary()
