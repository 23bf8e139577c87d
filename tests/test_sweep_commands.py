"""The commands around result folders: sweep, status, export, reproduce, vary, and starting an experiment."""

import errno
import json
import os
import re
import shlex
import signal
import tomllib
from pathlib import Path

import jsonschema
import pytest

from sim.cli import main
from sim.schema import schema
from sim.shipped import shipped, shipped_names
from sim.study.store import locking, parts
from sim.study.store.contents import parts_as_bytes
from sim.study.store.folder import open_folder
from sim.study.sweep.asked_replicates import missing_ranges
from sim.study.sweep.tasks import jobs_of, play_job
from tests.study.sweeping import command, small

DASK = ("--executor", "dask", "--address", "tls://127.0.0.1:9")


@pytest.fixture
def call(capsys, tmp_path, monkeypatch):
    """What a command line gives: status, standard output, standard error."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments):
        status = main([str(argument) for argument in arguments])
        caught = capsys.readouterr()
        return status, caught.out, caught.err

    return call


@pytest.fixture
def file(tmp_path):
    return small(tmp_path, replicates=10).name


def test_a_sweep_says_what_it_found_and_how_to_get_it_again(call, file):
    status, out, err = call("sweep", file)
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[:2] == ["Small", "Does it end the same?"]
    assert max(map(len, lines)) <= 80
    assert [line.split()[:2] for line in lines[4:7]] == [["two", "sd=0"], ["two", "sd=0.005"], ["two", "sd=0.01"]]
    assert "Content hash: " + open_folder("results/small").content_hash() in lines
    assert lines[-1] == "Repeat with: sim sweep small.toml"


def test_a_sweep_as_json_is_one_object(call, file):
    status, out, _ = call("sweep", file, "-n", "5", "--out", "here", "--json")
    told = json.loads(out)
    assert status == 0
    assert told["command"] == "sim sweep small.toml --out here -n 5"
    assert told["points"]["two sd=0"]["replicates"] == 5
    assert told["contrasts"]["front"]["a"] == "two sd=0"
    assert told["content_sha256"] == open_folder("here").content_hash()


def test_a_sweep_writes_its_page_too(call, file):
    status, out, _ = call("sweep", file, "--report")
    assert status == 0
    assert "Written: results/small/report.html" in out.splitlines()
    assert "Does it end the same?" in Path("results/small/report.html").read_text(encoding="utf-8")


def test_a_sweep_into_a_folder_with_results_wants_resume(call, file):
    call("sweep", file)
    status, out, err = call("sweep", file)
    assert (status, out) == (2, "")
    assert err == ("results/small: holds results already; --resume goes on with them, --out chooses another folder\n")
    assert call("sweep", file, "--resume")[0] == 0
    assert call("sweep", "results/small")[0] == 0


def test_more_replicates_are_added_to_a_folder(call, file):
    call("sweep", file)
    assert call("sweep", "results/small", "--extend", "replicates=15")[0] == 0
    assert len(open_folder("results/small").result("two sd=0")) == 15
    assert call("sweep", file, "--extend", "replicates=5")[2].startswith("results/small: has 15 replicates a point")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("small.toml", "--extend", "points=3"), "'points=3' is not replicates=N"),
        (("small.toml", "--extend", "replicates=0"), "0 lies outside 1..10000000"),
        (("small.toml", "--resume", "-n", "3"), "-n is for a new folder; --extend replicates=N adds"),
        (("smal.toml",), '"smal.toml" is neither a shipped experiment nor a file'),
        (("small.toml", "--threads", "0"), "0 lies outside 1..4096"),
        (("small.toml", "--executor", "dask"), "--executor dask and --address go together"),
        (("small.toml", "--address", "tcp://127.0.0.1:9"), "--executor dask and --address go together"),
        (("small.toml", "--audit", "1.5"), "1.5 lies outside 0..1, 0 excluded"),
        (("small.toml", "--tls-cert", "small.toml"), "--tls-ca-file, --tls-cert, --tls-key and --address go together"),
        (
            ("small.toml", *DASK, "--tls-ca-file", "no.pem", "--tls-cert", "small.toml", "--tls-key", "small.toml"),
            "no.pem: there is no such file",
        ),
    ],
)
def test_a_wrong_usage_is_told_in_a_line(call, file, words, complaint):
    status, out, err = call("sweep", *words)
    assert (status, out) == (2, "")
    assert complaint in err
    assert not Path("results").exists() or not any(Path("results").iterdir())


def test_an_audit_finds_a_part_that_was_made_elsewhere_with_other_numbers(call, file):
    assert call("sweep", file, "--out", "out")[0] == 0
    folder, whole = open_folder(Path("out")), open_folder(Path("out")).content_hash()
    where = folder.present[1][0]
    (job,) = jobs_of(folder, [where])
    other = play_job(job._replace(origin=job.origin._replace(seed=job.origin.seed + 1)))
    there = [one for ranges in folder.present.values() for one in ranges]
    changed = [(one, other if one == where else folder.part(one)) for one in there]
    parts.write(Path("out/parts"), parts_as_bytes(changed, job.origin))
    assert open_folder(Path("out")).content_hash() != whole
    status, _, err = call("sweep", "out", "--audit", "1")
    assert status == 0
    assert "Audit: 3 of 3 parts were played again here; 1 differ" in err
    assert (
        "a worker of an earlier sweep, or this machine, gave other values than come out here (two sd=0.005: the" in err
    )
    assert open_folder(Path("out")).content_hash() == open_folder(Path("out")).summary()["content_sha256"] == whole
    assert len([*Path("out/damaged").iterdir()]) == 2


def test_a_dry_run_says_what_it_would_take_and_writes_nothing(call, file):
    status, out, _ = call("sweep", file, "--dry-run")
    assert (status, out.splitlines()[0]) == (0, "3 points, 30 replicates to play, in 1 parts")
    assert not Path("results").exists()
    told = json.loads(call("sweep", file, "-n", "5000", "--dry-run", "--json")[1])
    assert (told["points"], told["replicates"], told["parts"]) == (3, 15000, 9)
    assert told["seconds"] == pytest.approx(told["replicates"] / told["rate"])
    call("sweep", file)
    assert call("sweep", "results/small", "--dry-run")[1].startswith("3 points, 0 replicates to play, in 0 parts")


def test_status_says_what_is_there_what_is_missing_and_how_to_go_on(call, file):
    call("sweep", file)
    assert call("status", "results/small")[1].splitlines()[-1] == "nothing is missing"
    checksum = next(Path("results/small/parts").rglob("*.sha256"))
    checksum.unlink()
    status, out, _ = call("status", "results/small")
    assert status == 0
    assert "played: 0 of 30 replicates (0.0%)" in out
    assert out.splitlines()[-1] == "go on with: sim sweep results/small --resume"
    told = json.loads(call("status", "results/small", "--json")[1])
    assert (told["missing"], told["complete"], told["being_written"]) == (30, False, False)
    call("sweep", "results/small", "--resume")
    next(Path("results/small/parts").rglob("*.parquet")).write_bytes(b"x")
    (Path("results/small/parts") / "letter").touch()
    out = call("status", "results/small")[1].splitlines()
    assert [line for line in out if line.startswith("damaged: ") and "is not what its checksum says" in line]
    assert "results/small/parts/letter: is no part of results, and passed over" in out


def test_status_of_what_is_no_folder_is_told(call):
    assert call("status", "nowhere") == (2, "", "nowhere: is not a folder\n")


def test_export_writes_beside_the_results_or_where_it_is_told(call, file):
    call("sweep", file)
    assert call("export", "results/small", "--csv")[1].splitlines() == [
        "Written: results/small/export/replicates.csv",
        "Written: results/small/export/scenarios.csv",
        "Written: results/small/export/columns.csv",
    ]
    told = json.loads(call("export", "results/small", "--xlsx", "--out", "there", "--json")[1])
    assert told == {"files": ["there/results.xlsx"]}
    assert call("export", "results/small")[0] == 2


def test_reproduce_says_the_same_or_what_differs(call, file, monkeypatch):
    call("sweep", file)
    status, out, _ = call("reproduce", "results/small")
    assert (status, out.splitlines()[0]) == (0, "All 30 replicates came out the same, bit by bit")
    assert json.loads(call("reproduce", "results/small", "--json")[1])["same"] is True
    from sim.engines import ensemble

    rows_of = ensemble.rows_of
    monkeypatch.setattr(ensemble, "rows_of", lambda *given: rows_of(*given) + 1.0)
    status, out, _ = call("reproduce", "results/small")
    assert status == 1
    assert out.startswith("two sd=0: the first difference is in column success, replicate 0: ")


def test_failed_replicates_are_told_and_retried(call, file, monkeypatch):
    from tests.study.test_store import plant

    with monkeypatch.context() as planted:
        plant(planted, 4)
        status, _, err = call("sweep", file)
    assert status == 0
    assert err.splitlines()[0].startswith("two sd=0: replicate 4 failed and is left out: the compiled engine gave")
    assert err.splitlines()[-1] == ("3 replicates failed; play them again with: sim sweep results/small --retry-failed")
    assert "failed: 3; play them again with" in call("status", "results/small")[1]
    status, _, err = call("sweep", file, "--retry-failed")
    assert (status, err) == (0, "")
    assert len(open_folder("results/small").result("two sd=0")) == 10


def test_a_full_disk_is_told_with_how_to_go_on(call, file, monkeypatch):
    written = []
    sync = os.fsync

    def fsync(handle):
        written.append(handle)
        if len(written) > 9:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(handle)

    with monkeypatch.context() as limited:
        limited.setattr(parts.os, "fsync", fsync)
        status, _, err = call("sweep", file)
    assert status == 1
    assert err == (
        f"results/small: the disk at {locking._disk_of(Path.cwd())} is full; what was there before is kept\n"
        "Go on with: sim sweep results/small --resume\n"
    )
    assert call("sweep", file, "--resume")[0] == 0


@pytest.mark.slow
def test_an_interrupted_sweep_says_how_to_go_on_and_does(tmp_path, call):
    file = small(tmp_path, replicates=4000, points=24)
    process = command("sweep", file, "--out", tmp_path / "out", "--threads", "1")
    while process.poll() is None and len(list(tmp_path.glob("out/parts/*/*.sha256"))) < 2:
        pass
    process.send_signal(signal.SIGINT)
    _, complaint = process.communicate(timeout=600)
    assert process.returncode == 130
    assert f"Go on with: sim sweep {tmp_path / 'out'} --resume" in complaint.decode()
    assert missing_ranges(open_folder(tmp_path / "out"))
    assert call("sweep", tmp_path / "out")[0] == 0


# What if


def test_vary_plays_every_value_and_keeps_the_experiment_it_ran(call):
    status, out, _ = call(
        "vary", "two-states-known-costs", "front.sd=0:0.05:3", "--against", "two-states-known-costs",
        "--set", "weeks=60", "-n", "5",
    )  # fmt: skip
    assert status == 0
    assert "two_states_known_costs sd=0.025" in out
    assert "difference sd=0.05" in out
    [kept] = Path("results").glob("*.toml")
    assert out.splitlines()[-1] == f"As an experiment: {kept}"
    folder = open_folder(kept.with_suffix(""))
    assert call("sweep", kept, "--out", "again")[0] == 0
    assert open_folder("again").content_hash() == folder.content_hash()
    assert folder.points[0].scenario.values["weeks"] == 60
    assert folder.manifest["command"].startswith("sim vary two-states-known-costs front.sd=0:0.05:3 --against")


def test_vary_takes_lists_words_keys_together_and_two_at_once(call):
    status, out, _ = call(
        "vary", "secret-track-1.5", "officials.envoy.persona+officials.second_envoy.persona=captured,plain",
        "table.parties=3", "-n", "1",
    )  # fmt: skip
    assert status == 2
    assert "table.parties" in _
    status, out, _ = call(
        "vary", "secret-track-1.5", "officials.envoy.persona+officials.second_envoy.persona=captured,plain",
        "table.max_rounds=2,4", "-n", "1", "--out", "two",
    )  # fmt: skip
    assert status == 0
    assert "secret_track_1_5 persona=captured max_rounds=2" in out
    assert open_folder("two").points[0].sets["officials.second_envoy.persona"] == "captured"


def test_vary_finds_a_file_of_one_s_own(call, tmp_path):
    (tmp_path / "own world.toml").write_text('extends = "two-states-known-costs"\nweeks = 60\n', encoding="utf-8")
    assert call("vary", "own world.toml", "front.sd=0,0.01", "-n", "2", "--out", "deep/er/out")[0] == 0
    assert call("sweep", "deep/er/out.toml", "--out", "again")[0] == 0


@pytest.mark.parametrize(
    ("varied", "complaint"),
    [
        (["front.sd"], "write KEY=LOW:HIGH:STEPS, as in front.sd=0:0.05:11, or KEY=VALUE,VALUE"),
        (["front.sd=0:1"], "write LOW:HIGH:STEPS, as in 0:1:11"),
        (["front.sd=0:0.1:1"], "1 steps lie outside 2..10001"),
        (["front.sd=0.1:0:3"], "0.1 must lie below 0"),
        (["front.sd=0:0.1:3", "front.start=0,1", "weeks=50,60"], "one or two parameters can be varied"),
        (["front.ds=0,1"], "unknown key 'front.ds'"),
        (["front.sd=0,9"], "front.sd = 9 lies outside 0..0.2"),
    ],
)
def test_what_cannot_be_varied_is_told(call, varied, complaint):
    status, out, err = call("vary", "reference", *varied, "-n", "1")
    assert (status, out) == (2, "")
    assert complaint in err
    assert not Path("results").exists()


# Files


def test_a_starting_experiment_is_valid_as_it_stands_and_without_its_marks(call, tmp_path):
    assert call("new", "experiment", "mine")[0] == 0
    assert call("validate", "mine.toml")[:2] == (0, "mine.toml: valid (mine: say the question in one line)\n")
    text = (tmp_path / "mine.toml").read_text(encoding="utf-8")
    lines = [line[1:] if line.startswith("#") and not line.startswith("# ") and line != "#" else line
             for line in text.splitlines()]  # fmt: skip
    (tmp_path / "all.toml").write_text("\n".join(lines), encoding="utf-8")
    assert call("validate", "all.toml")[0] == 0
    assert call("new", "experiment", "mine")[0] == 1
    assert call("new", "experiment", "a/b")[0] == 2
    assert call("new", "experiment", "claims")[2].startswith('"claims" is the name of a shipped experiment')


def test_validate_tells_the_mistakes_of_an_experiment(call, file):
    Path(file).write_text(Path(file).read_text(encoding="utf-8").replace("seed =", "seeds ="), encoding="utf-8")
    status, _, err = call("validate", file)
    assert (status, err) == (2, "small.toml:4: unknown key 'seeds'; did you mean 'seed'?\n")


def objections(text):
    validator = jsonschema.Draft202012Validator(schema("experiment"))
    return [error.message for error in validator.iter_errors(tomllib.loads(text))]


@pytest.mark.parametrize("name", shipped_names("experiments"))
def test_every_shipped_experiment_fits_the_schema(name):
    assert objections((shipped("experiments") / f"{name}.toml").read_text(encoding="utf-8")) == []


def test_the_schema_refuses_what_the_loader_refuses(file, tmp_path):
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert objections(text) == []
    for change in (("seed", "seeds"), ("1000", "-1"), ("extends", "extnds"), ('title = "Small"', "")):
        assert objections(text.replace(*change)) != []


# The demonstration


@pytest.fixture
def demonstrate(call, file):
    """What the commands of `make demo` give for a small experiment: the status, output and errors of each."""
    makefile = Path(__file__).parent.parent / "Makefile"
    recipe = re.search(r"^demo: setup\n((?:\t.*\n)+)", makefile.read_text(encoding="utf-8"), re.MULTILINE)[1]
    commands = [
        shlex.split(line.partition(" -m sim ")[2].partition(">")[0].replace("sweep claims", f"sweep {file}"))
        for line in recipe.replace("4000", "41").splitlines()
    ]

    def demonstrate():
        return [call(*command) for command in commands]

    Path(file).write_text(CLAIM, encoding="utf-8")
    return demonstrate


CLAIM = """\
title = "One claim"
question = "Does it end the same?"
seed = 1000
replicates = 5

[scenarios.steady]
extends = "two-states-known-costs"
set = { weeks = 60, "front.sd" = 0.0 }

[scenarios.rough]
extends = "two-states-known-costs"
set = { weeks = 60 }

[claims.it-ends-the-same]
claim = "It ends the same"

[claims.it-ends-the-same.rows.success]
points = ["steady", "rough"]
outcome = "success"
direction = "lower"
"""


def test_the_demonstration_plays_what_it_says_and_ends_with_verdicts_and_a_page(demonstrate):
    (swept, _, complaint), (judged, verdicts, _), (reported, page, _) = demonstrate()
    assert (swept, judged, reported, complaint) == (0, 0, 0, "")
    assert re.search(r"^claim +at the reference\nit-ends-the-same ", verdicts, re.MULTILINE)
    assert "41 replicates of each scenario" in verdicts
    assert "Every row: sim claims demo/results" in verdicts.splitlines()
    assert page == "Written: demo/index.html\n"
    text = Path("demo/index.html").read_text(encoding="utf-8")
    assert "This explores assumptions and forecasts nothing." in text


def test_a_second_demonstration_says_the_same_and_plays_nothing_again(demonstrate):
    first = demonstrate()
    before = {
        path: path.stat().st_mtime_ns for path in Path("demo").rglob("*") if path.suffix in (".parquet", ".sha256")
    }
    manifest = Path("demo/results/manifest.json").read_bytes()
    assert demonstrate() == first
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert Path("demo/results/manifest.json").read_bytes() == manifest


def test_a_demonstration_mends_what_is_damaged(demonstrate):
    first = demonstrate()
    next(Path("demo").glob("results/parts/*/*.parquet")).write_bytes(b"not what it was")
    again = demonstrate()
    assert "is not what its checksum says" in again[0][2]
    assert [(status, out) for status, out, _ in again] == [(status, out) for status, out, _ in first]


def test_a_demonstration_that_was_stopped_before_it_asked_for_all_goes_on(demonstrate, call, file):
    call("sweep", file, "--out", "demo/results", "-n", "5")
    demonstrate()
    assert [len(open_folder("demo/results").result(name)) for name in ("steady", "rough")] == [41, 41]
