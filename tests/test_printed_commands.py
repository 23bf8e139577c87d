"""Every command that is printed runs when it is pasted: in a shell, in folders with odd names, on terminals and pages."""

import html
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from sim.cli import main
from sim.study.store.folder import open_folder
from sim.study.store.typed import with_options
from sim.words import command

ODD = "it's a folder"
WAR = 'extends = "two-states-known-costs"\ntitle = "A war of one\'s own"\nweeks = 60\n'
ASKED = """
title = "Asked"
question = "Does it matter?"
replicates = 2
[scenarios.mine]
extends = "my war.toml"
[scenarios.worse]
extends = "my war.toml"
set = { front.start = 0.6 }
[contrasts.harm]
a = "mine"
b = "worse"
[claims.harm]
claim = "It harms"
[claims.harm.rows.success]
points = ["mine", "worse"]
outcome = "success"
direction = "lower"
smallest = 0.01
"""
MODEL = """
import sim

class Mine(sim.War):
    pass
"""
PRINTED = re.compile(r"(?:: |with |^  )((?:cd|sim) .*)$", re.MULTILINE)
ON_A_PAGE = re.compile(r'<p class="command">.*?<code tabindex="0">(.*?)</code>')


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with an odd name and inputs with odd names in it, which is the one that commands are typed in."""
    folder = tmp_path / ODD
    folder.mkdir()
    (folder / "my war.toml").write_text(WAR, encoding="utf-8")
    (folder / "my questions.toml").write_text(ASKED, encoding="utf-8")
    (folder / "mine.py").write_text(MODEL, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def typed(capsys):
    """Types a command and gives what it printed."""

    def type_command(*words):
        capsys.readouterr()
        main([*map(str, words)])
        return "\n".join(capsys.readouterr())

    return type_command


@pytest.fixture
def paste(tmp_path, monkeypatch):
    """Pastes a line into a shell in some folder and gives the status of the first of its commands that fails.

    The shell splits and quotes; what it would start as `sim` is only noted, and then run in this process.
    """
    note = tmp_path / "bin" / "sim"
    note.parent.mkdir()
    note.write_text(
        '#!/bin/sh\nprintf "%s\\0" "$PWD" "$@" >> "$NOTED"\nprintf "\\0\\0" >> "$NOTED"\n', encoding="utf-8"
    )
    note.chmod(0o755)
    noted = tmp_path / "noted"

    def run(line, folder):
        noted.unlink(missing_ok=True)
        path = f"{note.parent}{os.pathsep}{os.environ['PATH']}"
        said = subprocess.run(
            ["sh", "-c", line], cwd=folder, env={**os.environ, "PATH": path, "NOTED": str(noted)}, check=False
        )
        assert said.returncode == 0
        for call in noted.read_text(encoding="utf-8").split("\0\0\0")[:-1]:
            where, *words = call.split("\0")
            with monkeypatch.context() as there:
                there.chdir(where)
                status = main(words)
            if status:
                return status
        return 0

    return run


WAR_FILE, QUESTIONS = "my war.toml", "my questions.toml"
ABOUT_INPUTS = {
    "run": ("run", WAR_FILE, "-n", "2"),
    "run with a value set": ("run", WAR_FILE, "-n", "2", "--set", "title=It's said: \"so\""),
    "run kept": ("run", WAR_FILE, "-n", "2", "--out", "kept it"),
    "run by a model of one's own": ("run", WAR_FILE, "-n", "2", "--model", "mine:Mine"),
    "run over plausible ranges": ("run", WAR_FILE, "-n", "12", "--over", "plausible"),
    "run to a precision": ("run", WAR_FILE, "--precision", "0.5", "--budget", "4000"),
    "compare": ("compare", WAR_FILE, "two-states-known-costs", "-n", "2"),
    "compare with a model for b": ("compare", WAR_FILE, WAR_FILE, "-n", "2", "--model", "mine:Mine", "--only-b"),
    "trace": ("trace", WAR_FILE, "--replicate", "0"),
    "trace against another": ("trace", WAR_FILE, "--replicate", "1", "--against", "two-states-known-costs"),
    "show": ("show", WAR_FILE, "--set", "front.start=0.4"),
    "claims played now": ("claims", QUESTIONS, "-n", "2"),
    "claims in brief": ("claims", QUESTIONS, "-n", "2", "--brief"),
    "sweep": ("sweep", QUESTIONS),
    "sweep elsewhere": ("sweep", QUESTIONS, "--out", "there/it's kept", "-n", "3"),
    "vary": ("vary", WAR_FILE, "front.start=0.4,0.5", "-n", "2"),
    "vary elsewhere": ("vary", WAR_FILE, "front.start=0.4,0.5", "-n", "2", "--out", "there/it's kept"),
    "vary against": ("vary", WAR_FILE, "front.start=0.4,0.5", "-n", "2", "--against", "two-states-known-costs"),
}  # fmt: skip


@pytest.mark.parametrize("name", ABOUT_INPUTS)
def test_what_repeats_a_command_runs_wherever_its_files_are(project, typed, paste, tmp_path, name):
    other = tmp_path / "another place"
    shutil.copytree(project, other)
    printed = PRINTED.findall(typed(*ABOUT_INPUTS[name]))
    assert printed
    for line in printed:
        place = project if line.startswith(("sim claims", "sim report")) else other
        assert paste(line, place) == 0, line


def hash_of(folder):
    """The hash of a folder's results."""
    return open_folder(folder).content_hash()


def test_after_more_replicates_were_asked_for_one_command_gives_them_all_anywhere(project, typed, paste, tmp_path):
    other = tmp_path / "another place"
    shutil.copytree(project, other)
    typed("sweep", QUESTIONS, "--out", "its/results")
    os.chdir("its")
    [line] = [one for one in PRINTED.findall(typed("sweep", "results", "--extend", "replicates=4")) if "-n" in one]
    assert line == "sim sweep 'my questions.toml' --out its/results -n 4"
    assert paste(line, other) == 0
    assert hash_of(other / "its" / "results") == hash_of(project / "its" / "results")


def test_what_is_said_of_a_folder_runs_where_it_was_said(project, typed, paste):
    whole = typed("sweep", QUESTIONS, "--out", "it's kept") + typed("claims", "it's kept")
    assert_all_run(whole, {"claims"}, paste, project)
    damaged = [path for path in Path("it's kept/parts").rglob("*") if path.is_file()]
    for path in damaged:
        path.write_bytes(b"x")
    for said in (typed("claims", "it's kept"), typed("report", "it's kept"), typed("status", "it's kept")):
        assert_all_run(said, {"sweep"}, paste, project)
        for path in damaged:
            path.write_bytes(b"x")


def assert_all_run(said, names, paste, folder):
    """Every command about a folder in what was said is one of these, and runs."""
    lines = [line for line in PRINTED.findall(said) if QUESTIONS not in line]
    assert {line.split()[1] for line in lines} == names
    for line in lines:
        assert paste(line, folder) == 0, line


@pytest.mark.parametrize(
    "made",
    [
        ("run", WAR_FILE, "-n", "2", "--out", "it's kept"),
        ("run", WAR_FILE, "-n", "2", "--out", "it's kept", "--model", "mine:Mine"),
        ("sweep", QUESTIONS, "--out", "it's kept"),
        ("vary", WAR_FILE, "front.start=0.4,0.5", "-n", "2", "--out", "it's kept"),
    ],
    ids=["run", "model", "sweep", "vary"],
)
@pytest.mark.parametrize("page", ["it's kept/report.html", "pages of mine/one.html", "page.html"])
def test_what_a_page_prints_runs_in_the_folder_of_the_page(project, typed, paste, tmp_path, made, page):
    typed(*made)
    (project / page).parent.mkdir(exist_ok=True)
    typed("report", "it's kept", "--out", page)
    text = (project / page).read_text(encoding="utf-8")
    printed = [html.unescape(line) for line in ON_A_PAGE.findall(text)]
    assert len(printed) == 3
    assert "typed in the folder of this page" in text
    for line in printed:
        assert str(tmp_path) not in line
        assert paste(line, (project / page).parent) == 0, line
    assert hash_of("it's kept-again") == hash_of("it's kept")


def test_a_new_file_says_how_to_go_on_with_it(project, typed, paste):
    for kind in ("scenario", "experiment"):
        printed = PRINTED.findall(typed("new", kind, f"my-{kind}"))
        assert len(printed) == 2
        assert paste(printed[0], project) == 0


def test_a_place_that_begins_with_a_dash_is_told_from_an_option():
    assert command("run", ["-n.toml"], ["-n", 2]) == "sim run ./-n.toml -n 2"
    assert command("run", ["a b", "it's"]) == "sim run 'a b' 'it'\"'\"'s'"


def test_options_of_a_command_are_replaced_added_and_taken_away():
    line = "sim run 'my war.toml' --precision 0.1 --budget 100 --seed 1"
    assert with_options(line, {"-n": 4, "--precision": None, "--budget": None}) == "sim run 'my war.toml' --seed 1 -n 4"
    assert with_options("sim sweep x -n 2", {"-n": 3}) == "sim sweep x -n 3"
