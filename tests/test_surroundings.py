"""Closed streams, Ctrl-C at any moment, limits of the system and odd variables: lines and a status, no traceback."""

import os
import subprocess

import pytest

from tests.campaigns import environment_faults, hostile_files
from tests.campaigns.environment_faults import FAULTS, PATIENCE, Fault

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs a shell of POSIX")

QUICK_ONES = [name for name in FAULTS if name.startswith(("list ", "params ", "schema ")) or name.endswith("full")]
TELLING = [
    "interrupted at import 1", "interrupted at import 40", "interrupted at import 400", "interrupted at chunk 3, 1 threads",
    "interrupted at chunk 3, 2 threads", "no file may grow", "a cache that takes nothing", "no folder to work in",
    "a folder whose name has two lines", "COLUMNS=abc", "TMPDIR=/nonexistent", "SIM_CACHE=/dev/null", "6 files",
]  # fmt: skip


@pytest.mark.parametrize("name", [*QUICK_ONES, *TELLING])
def test_a_fault_around_a_command_ends_in_lines_and_the_right_status(name):
    assert environment_faults.problems(name) == []


@pytest.mark.slow
def test_a_result_folder_whose_name_is_not_utf8_is_played_told_and_reported():
    assert environment_faults.problems("a folder whose name is no UTF-8") == []


def test_the_campaign_tries_as_many_faults_as_it_says():
    assert len(FAULTS) == environment_faults.SIZE


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("\"$PYTHON\" -c 'raise KeyboardInterrupt'", "more than a few lines are told"),
        ("exit 3", "status 3"),
        ("exit 1", "nothing is told"),
        ("kill -9 $$", "status -9"),
    ],
)
def test_a_traceback_another_status_or_silence_would_be_seen(line, what, monkeypatch):
    monkeypatch.setitem(FAULTS, "planted", Fault(line, (0, 1)))
    assert any(what in problem for problem in environment_faults.problems("planted"))


@pytest.mark.parametrize("campaign", [environment_faults, hostile_files])
def test_a_hundredth_of_a_campaign_finds_nothing(campaign):
    result = campaign.run(max(campaign.SIZE // 100, 2), campaign.SEED)
    assert campaign.wrong(result) == []


def test_a_file_that_ends_in_a_traceback_would_be_found(monkeypatch):
    def broken(*given):
        raise RecursionError

    monkeypatch.setattr(hostile_files, "load", broken)
    result = hostile_files.run(6, hostile_files.SEED)
    assert any("RecursionError" in problem for problem in hostile_files.wrong(result))


def test_a_complaint_that_forges_a_line_would_be_found():
    assert [*hostile_files._faults("hostile.toml:1: unknown\x1b[2K")] != []
    assert [*hostile_files._faults("all is well")] != []


def test_a_file_opened_later_never_takes_the_place_of_a_closed_stream():
    fill = "import os, sys; from sim.__main__ import _open_closed_streams as fill; fill()"
    line = f"\"$PYTHON\" -c '{fill}; print(os.open(os.devnull, 0) > 2, file=sys.stderr)' <&- >&-"
    surroundings = environment_faults._surroundings()
    command = ["sh", "-c", line]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False, env=surroundings)
    assert done.stderr == "True\n"
