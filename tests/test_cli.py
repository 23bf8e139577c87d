"""The command line: what it prints, where, and with which exit status."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim.cli import COMMANDS, main
from sim.commands import output
from sim.commands.options import repeating_command
from sim.study.store.folder import open_folder

QUICK = "two-states-known-costs"
SIM = [sys.executable, "-m", "sim"]
PATIENCE = 600  # seconds after which a command hangs


@pytest.fixture
def call(capsys):
    """What a command line gives: status, standard output, standard error."""

    def call(*arguments):
        status = main([str(argument) for argument in arguments])
        caught = capsys.readouterr()
        return status, caught.out, caught.err

    return call


@pytest.fixture
def broken(tmp_path):
    """A scenario file with two mistakes."""
    path = tmp_path / "mine.toml"
    path.write_text('extends = "reference"\n\n[front]\nstart = 1.4\nsdd = 0.1\n')
    return path


def the_json(text):
    """The one JSON object a text is."""

    def refuse(constant):
        raise AssertionError(constant)

    return json.loads(text, parse_constant=refuse)


def test_list_names_every_shipped_scenario_in_a_line(call):
    status, out, err = call("list")
    assert (status, err) == (0, "")
    scenarios, _, experiments = out.partition("\nExperiments\n")
    for kind, text in (("scenarios", scenarios), ("experiments", experiments)):
        for name in sim.shipped.shipped_names(kind):
            assert sum(line.split()[:1] == [name] for line in text.splitlines()) == 1
    assert max(map(len, out.splitlines())) <= 80


def test_list_shows_every_title_whole_below_the_name_of_its_group(call):
    words = " ".join(call("list")[1].split())
    listed = the_json(call("list", "--json")[1])
    assert [group for group in sim.shipped.GROUPS if f" {group} {sim.shipped.GROUPS[group][0]} " in words] == [
        *sim.shipped.GROUPS
    ]
    for one in listed["scenarios"]:
        assert f" {one['name']} {one['title']} " in words
        assert one["name"] in sim.shipped.GROUPS[one["group"]]
    assert {one["name"] for one in listed["scenarios"]} == {*sim.shipped.shipped_names("scenarios")}


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "stop-it"],
        ["compare", "stop-it", "reference"],
        ["compare", "reference", "stop-it"],
        ["trace", "stop-it", "--replicate", "0"],
        ["trace", "reference", "--replicate", "0", "--against", "stop-it"],
        ["vary", "stop-it", "front.sd=0,0.1"],
        ["vary", "reference", "front.sd=0,0.1", "--against", "stop-it"],
        ["show", "stop-it"],
        ["validate", "stop-it"],
    ],
    ids=" ".join,
)
def test_every_command_says_what_a_scenario_is_called_now(call, arguments):
    status, out, err = call(*arguments)
    assert (status, out) == (2, "")
    assert "'stop-it' is called 'track-1.5-stopped' now" in err


@pytest.mark.parametrize(
    "command",
    COMMANDS,
)
def test_every_command_has_help_within_80_columns(call, command):
    status, out, _ = call(command, "--help")
    assert status == 0
    assert out.startswith("usage: sim")
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "reference", "-n", "2", "--explain"],
        ["compare", "reference", "ukraine-kept-out", "-n", "2", "--explain"],
        ["compare", "reference", "track-1.5-kyiv-visited-later", "-n", "1"],
        ["show", "secret-track-1.5", "--explain"],
        ["params"],
        ["list"],
        ["validate", "reference", "track-1.5-exposed"],
        ["trace", "ukraine-kept-out", "--replicate", "1", "--against", "reference"],
    ],
)
def test_output_stays_within_80_columns_and_is_plain(call, arguments):
    status, out, err = call(*arguments)
    assert (status, err) == (0, "")
    long = [line for line in out.splitlines() if len(line) > 80]
    assert [line for line in long if not line.startswith(("Repeat with", "The whole of b", "  week"))] == []
    assert "\x1b" not in out
    assert "nan" not in out


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", QUICK, "-n", "3", "--seed", "7", "--set", "front.start=0.4"],
        ["compare", "reference", QUICK, "-n", "1", "--seed", "2"],
        ["trace", QUICK, "--replicate", "1", "--seed", "2"],
        ["trace", QUICK, "--replicate", "1", "--against", QUICK],
        ["show", QUICK, "--set", "title=two words"],
    ],
)
def test_the_command_printed_last_gives_the_same_again(call, arguments):
    _, out, _ = call(*arguments)
    last = out.splitlines()[-1]
    assert last.startswith("Repeat with: sim ")
    again = shlex.split(last.removeprefix("Repeat with: "))[1:]
    assert call(*again)[1] == out


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", QUICK, "-n", "3"],
        ["compare", QUICK, QUICK, "-n", "2"],
        ["trace", "reference", "--replicate", "1"],
        ["trace", "reference", "--replicate", "1", "--against", "ukraine-kept-out"],
        ["trace", QUICK, "--replicate", "1", "--against", QUICK],
        ["show", "reference"],
        ["validate", "reference"],
        ["params", "trust"],
        ["list"],
    ],
)
def test_json_is_one_strict_object_and_the_same_every_time(call, arguments):
    status, out, err = call(*arguments, "--json")
    assert (status, err) == (0, "")
    assert isinstance(the_json(out), dict)
    assert call(*arguments, "--json")[1] == out


def test_json_does_not_depend_on_the_number_of_processes(call):
    one, two = (call("run", QUICK, "-n", "11", "--seed", "3", "--threads", count, "--json")[1] for count in (1, 2))
    assert one == two


def test_run_tells_what_the_library_tells(call):
    told = the_json(call("run", QUICK, "-n", "4", "--seed", "5", "--json")[1])
    command = told.pop("command")
    assert told == json.loads(sim.run(sim.load(QUICK), 4, seed=5).to_json())
    assert command == f"sim run {QUICK} -n 4 --seed 5"


def test_set_changes_a_value_and_is_repeated_quoted(call):
    told = the_json(call("show", "reference", "--set", "title=It is mine", "--set", "front.start=0.5", "--json")[1])
    assert told["title"] == "It is mine"
    assert told["values"]["front.start"] == {"value": 0.5, "unit": "0..1", "origin": "--set"}
    assert told["command"] == "sim show reference --set 'title=It is mine' --set front.start=0.5"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "required: COMMAND"),
        (["rnu"], "did you mean run?"),
        (["run"], "required: scenario"),
        (["run", QUICK, "-n", "0"], "0 lies outside 1.."),
        (["run", QUICK, "-n", "many"], "'many' is not a whole number"),
        (["run", QUICK, "--seed", "-1"], "outside 0.."),
        (["run", QUICK, "--repl", "3"], "unrecognized arguments"),
        (["run", "referense"], "did you mean 'reference'?"),
        (["run", QUICK, "--set", "front.strat=1"], "did you mean 'front.start'?"),
        (["run", QUICK, "--set", "front.start=2"], "lies outside 0.001..0.999"),
        (["run", QUICK, "--set", "nothing"], "write key=value"),
        (["trace", QUICK], "required: --replicate"),
        (["compare", QUICK], "required: B"),
        (["schema", "novel"], "'novel'"),
    ],
)
def test_a_wrong_usage_is_one_line_and_status_2(call, arguments, said):
    status, out, err = call(*arguments)
    assert (status, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) == 1


def test_a_question_without_an_answer_is_one_line_and_status_1(call):
    status, out, err = call("params", "zzzz")
    assert (status, out) == (1, "")
    assert err == "no parameter has 'zzzz' in its key or meaning\n"


def test_validate_tells_every_mistake_with_its_line(call, broken):
    status, out, err = call("validate", "reference", broken)
    assert status == 2
    assert out.startswith("reference: valid")
    assert re.search(r"mine\.toml:4: front\.start = 1\.4 lies outside 0\.001\.\.0\.999", err)
    assert re.search(r"mine\.toml:5: unknown key 'sdd'; did you mean 'sd'\?", err)
    told = the_json(call("validate", broken, "--json")[1])
    assert told["valid"] is False
    assert len(told["files"][0]["mistakes"]) == 2


def test_a_mistake_in_the_program_is_no_traceback(call, monkeypatch):
    def fail(*arguments, **named):
        raise RuntimeError("two\nlines")

    monkeypatch.setattr("sim.study.play.replicates.run", fail)
    status, out, err = call("run", QUICK)
    assert (status, out) == (1, "")
    assert err == "sim: a mistake in the program: RuntimeError: two lines (SIM_TRACEBACK=1 shows where)\n"


def test_an_interrupt_is_one_line_and_status_130(call, monkeypatch):
    def interrupt(*arguments, **named):
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.study.play.replicates.run", interrupt)
    assert call("run", QUICK) == (130, "", "sim: interrupted\n")


def test_replicates_that_fail_are_reported_beside_the_others(call, monkeypatch):
    from sim.engines.open import War

    fight = War.fight

    def fail(talks):
        if talks.replicate == 1:
            raise ZeroDivisionError("nothing there")
        fight(talks)

    monkeypatch.setattr(War, "fight", fail)
    status, out, err = call("run", QUICK, "-n", "3", "--json")
    told = the_json(out)
    assert status == 0
    assert told["failed_replicates"] == [{"replicate": 1, "error": "ZeroDivisionError: nothing there"}]
    assert (told["replicates"], told["finished"]) == (3, 2)
    assert (
        err == f"{QUICK}: 1 replicate failed and are left out, the first number 1: ZeroDivisionError: nothing there\n"
    )


def test_a_run_is_kept_as_a_result_folder(call, tmp_path):
    folder = tmp_path / "a run"
    status, out, _ = call("run", QUICK, "-n", "3", "--seed", "4", "--set", "weeks=60", "--out", folder)
    assert status == 0
    assert f"Kept in {folder}" in out
    kept = open_folder(folder)
    once = sim.run(sim.load(QUICK, {"weeks": 60}), 3, seed=4)
    assert kept.result("two_states_known_costs").table.equals(once.table)
    assert kept.manifest["command"] == f"sim run {QUICK} -n 3 --seed 4 --out '{folder}' --set weeks=60"
    assert kept.manifest["model_version"] == sim.MODEL_VERSION
    status, out, _ = call("reproduce", folder)
    assert (status, out.splitlines()[0]) == (0, "All 3 replicates came out the same, bit by bit")


def test_a_folder_that_is_not_empty_is_never_written_to(call, tmp_path):
    (tmp_path / "mine").touch()
    status, out, err = call("run", QUICK, "-n", "1", "--out", tmp_path)
    assert (status, out) == (2, "")
    assert "is not empty" in err
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_trace_tells_the_truth_and_the_weeks(call):
    _, out, _ = call("trace", "reference", "--replicate", "1")
    assert "In truth Russia is " in out
    assert "Terms run from 0, Ukraine's aims, to 1, Russia's aims." in out
    assert re.search(r"^week 32: The table opens", out, re.MULTILINE)
    told = the_json(call("trace", "reference", "--replicate", "1", "--json")[1])
    assert told["outcome"] == told["row"]["outcome"]
    assert {"week", "kind", "actor", "to", "cause", "text"} <= set(told["events"][0])
    assert {(turn["week"], turn["kind"]) for turn in told["turning_points"]} <= {
        (event["week"], event["kind"]) for event in told["events"]
    }


def test_a_trace_tells_ten_turning_points_and_with_full_every_event(call):
    asked = ("trace", "reference", "--replicate", "1")
    short, full = (re.findall(r"^weeks? .*$", call(*asked, *more)[1], re.MULTILINE) for more in ((), ("--full",)))
    assert 1 <= len(short) <= 10 < len(full)
    assert short[-1].startswith(full[-1])


def test_a_trace_against_another_names_the_week_in_which_they_part(call):
    _, out, _ = call("trace", "ukraine-kept-out", "--replicate", "1", "--against", "reference")
    assert "They part in week 32:" in out
    assert "a: ukraine-kept-out" in out
    arguments = ["trace", "ukraine-kept-out", "--replicate", "1", "--against", "reference", "--json"]
    parts = the_json(call(*arguments)[1])["parts"]
    assert parts["week"] == 32
    assert parts["a"]["text"] != parts["b"]["text"]


def test_two_traces_that_never_part_say_so(call):
    _, out, _ = call("trace", QUICK, "--replicate", "0", "--against", QUICK)
    assert "The two do not part" in out
    told = the_json(call("trace", QUICK, "--replicate", "0", "--against", QUICK, "--json")[1])
    assert told["parts"] is None


def test_params_give_meaning_range_and_standing(call):
    _, out, _ = call("params", "front.sd")
    assert out.startswith("front.sd\n    weekly chance movement of the front\n")
    assert "measured (isw_front_sd)" in " ".join(out.split())


def test_the_schema_is_the_librarys(call):
    from sim.schema import schema

    assert the_json(call("schema")[1]) == json.loads(json.dumps(schema("scenario")))


def test_no_title_forges_a_line(call, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text('extends = "reference"\ntitle = "x\\nother.toml: valid (fine)"\n', encoding="utf-8")
    status, out, _ = call("validate", file)
    assert (status, out) == (0, f"{file}: valid (x\\nother.toml: valid (fine))\n")


@pytest.mark.parametrize("odd", ["\u202e", "\x9b", "\udcff", "\u2028"])
def test_json_holds_no_sign_that_does_not_print_and_reads_back_as_it_was(capsys, monkeypatch, odd):
    monkeypatch.setattr(type(sys.stdout), "encoding", "utf-8", raising=False)
    output.say_json({"name": f"é{odd}"})
    text = capsys.readouterr().out
    assert "é" in text
    assert text.replace("\n", "").isprintable()
    assert json.loads(text) == {"name": f"é{odd}"}


def test_no_bar_is_drawn_where_there_is_no_terminal(capsys):
    with output.Bar("replicates") as bar:
        bar(0, 10)
        bar(10, 10)
    assert capsys.readouterr().err == ""


def test_a_bar_shows_rate_and_time_left_and_goes_away(capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    with output.Bar("replicates") as bar:
        bar(0, 10)
        bar(10, 10)
    drawn = capsys.readouterr().err
    assert "10/10 replicates" in drawn
    assert drawn.endswith(f"\r{' ' * 79}\r")
    line = output.progress_line(340, 1000, 17.0, "replicates")
    assert line == "[######..............] 340/1,000 replicates, 20.0 a second, 33 s left"
    assert output.duration(3700) == "1 h 1 min"
    assert output.duration(61) == "1 min 1 s"


def test_a_command_is_repeated_with_quotes_where_they_are_needed():
    from argparse import Namespace

    arguments = Namespace(command="run", scenario="my file.toml", replicates=5, seed=0, sets=["a.b=[x, y]"])
    command = repeating_command(arguments, ["scenario"], ["replicates", "seed"])
    assert command == "sim run 'my file.toml' -n 5 --seed 0 --set 'a.b=[x, y]'"


@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
def test_a_closed_standard_output_is_no_mistake():
    for arguments in (["list"], ["params"], ["--help"]):
        line = f"{shlex.join([*SIM, *arguments])} | head -c 10"
        done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert done.stderr == ""
        assert len(done.stdout) == 10


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_one_line():
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*SIM, "list"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=PATIENCE, check=False
        )
    assert done.returncode == 1
    assert done.stderr == "sim: output: No space left on device\n"


def test_a_console_without_accents_is_no_mistake():
    surroundings = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [*SIM, "list"], capture_output=True, text=True, env=surroundings, timeout=PATIENCE, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
